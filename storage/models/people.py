"""People, pupils, classes, and how they belong together."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.people import Relation, Role
from storage.models.base import enum_type


class Person(SQLModel, table=True):
    """Somebody who may use the bot: a guardian, a member of staff, or both.

    `roster_key` is who the school's files say it is (a telephone number, else an e-mail address …), so that a
    later import finds the same person. `language` is what the person chose; until then `home_language`, the
    roster's, is only a first guess (L1: asked, not assumed).
    """

    __tablename__: ClassVar[str] = "person"

    id: int | None = Field(default=None, primary_key=True)
    roster_key: str = Field(max_length=200, unique=True)
    name: str = Field(max_length=200)
    phone: str | None = Field(default=None, max_length=32)
    email: str | None = Field(default=None, max_length=200)
    home_language: str | None = Field(default=None, max_length=8)
    language: str | None = Field(default=None, max_length=8)
    spoken_languages: str = Field(default="", max_length=100)
    welcomed_at: datetime | None = None
    created_at: datetime


class Account(SQLModel, table=True):
    """Where a person is reached: one Telegram user, once proven by code and second factor.

    `reachable` turns false when Telegram says that the person blocked the bot or is gone.
    """

    __tablename__: ClassVar[str] = "account"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    address: int = Field(sa_type=sa.BigInteger, unique=True)
    reachable: bool = True
    unreachable_reason: str | None = Field(default=None, max_length=32)
    linked_at: datetime


class StaffRole(SQLModel, table=True):
    """A role that a person has at the school."""

    __tablename__: ClassVar[str] = "staff_role"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    role: Role = Field(sa_type=enum_type(Role), primary_key=True)


class SchoolClass(SQLModel, table=True):
    """A class such as 5A; `grade` is its year (trinn), 1 to 13."""

    __tablename__: ClassVar[str] = "school_class"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=20, unique=True)
    grade: int


class ClassStaff(SQLModel, table=True):
    """A teacher of a class; exactly the contact teachers among them get the homes' messages."""

    __tablename__: ClassVar[str] = "class_staff"

    class_id: int = Field(foreign_key="school_class.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    is_contact: bool


class Pupil(SQLModel, table=True):
    """A pupil; `left_at` is set when the school's complete roster no longer has the pupil."""

    __tablename__: ClassVar[str] = "pupil"
    __table_args__ = (sa.UniqueConstraint("name", "birth_date"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    birth_date: date
    class_id: int = Field(foreign_key="school_class.id", index=True)
    left_at: datetime | None = None


class Guardianship(SQLModel, table=True):
    """A guardian's tie to a pupil.

    `blocked` is set by the school and never cleared by an import (P3): only `skolebud person unblock` does.
    """

    __tablename__: ClassVar[str] = "guardianship"

    pupil_id: int = Field(foreign_key="pupil.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    relation: Relation = Field(sa_type=enum_type(Relation))
    blocked: bool = False
    ended_at: datetime | None = None
