"""Polls and surveys: who was asked, who has answered, and how often each answer was given (N13)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.notices import AudienceKind
from bot.domain.polls import PollKind, PollState
from storage.models.base import enum_type


class Poll(SQLModel, table=True):
    """A question to homes. `closes_day` and `closes_time` are the wall clock of `zone`, `closes_at` the same in UTC."""

    __tablename__: ClassVar[str] = "poll"
    __table_args__ = (sa.Index("ix_poll_closes", "state", "closes_at"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: PollKind = Field(sa_type=enum_type(PollKind))
    state: PollState = Field(sa_type=enum_type(PollState))
    author_id: int = Field(foreign_key="person.id", index=True)
    question: str = Field(default="", sa_type=sa.Text)
    text_language: str = Field(max_length=8)
    options: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    url: str = Field(default="", max_length=500)
    anonymous: bool = True
    shows_names: bool = False
    """Whether the author, as staff, sees who chose what; fixed when it is asked, as the question itself says."""
    audience: AudienceKind | None = Field(default=None, sa_type=enum_type(AudienceKind))
    audience_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    version: int = 1
    created_at: datetime
    opened_at: datetime | None = None
    closes_day: date | None = None
    closes_time: time | None = None
    zone: str = Field(max_length=64)
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    board_id: int | None = Field(default=None, foreign_key="outgoing.id")


class Ballot(SQLModel, table=True):
    """One person who was asked. Of an anonymous poll it says that, never what, the person answered."""

    __tablename__: ClassVar[str] = "ballot"
    __table_args__ = (sa.UniqueConstraint("poll_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="poll.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    pupil_ids: list[int] = Field(sa_type=sa.JSON)
    language: str = Field(max_length=8)
    outgoing_id: int | None = Field(default=None, foreign_key="outgoing.id")
    answered: bool = False
    """Without a time: the order of answers would tell who said what."""
    choice: int | None = None


class PollTally(SQLModel, table=True):
    """How many chose an option, by its place in the poll's list."""

    __tablename__: ClassVar[str] = "poll_tally"

    poll_id: int = Field(foreign_key="poll.id", primary_key=True)
    choice: int = Field(primary_key=True)
    votes: int = 0
