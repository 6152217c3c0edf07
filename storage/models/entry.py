"""How a person comes in: one-time codes, and the memory of wrong guesses (P1)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class EntryCode(SQLModel, table=True):
    """A one-time code of a printed letter, kept only as a keyed hash.

    `second_hash` is the second code that staff are given apart; guardians prove a child's date of birth.
    `wrong_seconds` counts wrong second factors; too many end the code.
    """

    __tablename__: ClassVar[str] = "entry_code"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    second_hash: str | None = Field(default=None, max_length=64)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None
    wrong_seconds: int = 0


class Newcomer(SQLModel, table=True):
    """A Telegram user on the way in, not yet known: the open code, wrong guesses, when to listen again."""

    __tablename__: ClassVar[str] = "newcomer"

    address: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    code_id: int | None = Field(default=None, foreign_key="entry_code.id")
    language: str | None = Field(default=None, max_length=8)
    wrong_guesses: int = 0
    last_wrong_at: datetime | None = None
    wait_until: datetime | None = None
    reported_at: datetime | None = None
    met_at: datetime | None = None
