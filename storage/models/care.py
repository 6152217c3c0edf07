"""Where a home is to be left in peace (B8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class CalmHome(SQLModel, table=True):
    """Grief or crisis at a pupil's homes: nothing reminds them by itself until `until`, the last day (B8).

    Why is not stored. Each row is one period; `ended_at` when somebody ended it before its time.
    """

    __tablename__: ClassVar[str] = "calm_home"
    __table_args__ = (sa.Index("ix_calm_home_pupil", "pupil_id", "until"),)

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id")
    since: date
    until: date
    set_by: int = Field(foreign_key="person.id")
    set_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id")
