"""What has come in: each update's effects are kept once (facts: duplicates are normal)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class SeenUpdate(SQLModel, table=True):
    """An update whose effects are committed. `update_id` can restart, so old rows are removed after days."""

    __tablename__: ClassVar[str] = "seen_update"

    bot_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    update_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    seen_at: datetime = Field(index=True)


class SetAsideUpdate(SQLModel, table=True):
    """An update that failed: how often, under which error ids. Never its text.

    `set_aside_at` is set when it was given up, its person told, and its queue freed.
    """

    __tablename__: ClassVar[str] = "set_aside_update"

    bot_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    update_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(max_length=32)
    error: str = Field(max_length=100)
    error_id: str = Field(max_length=16)
    attempts: int
    first_at: datetime
    set_aside_at: datetime | None = None
