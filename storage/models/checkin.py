"""School refusal: a daily check-in arrangement for one pupil, with its own times and people (A9)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.checkin import CheckinAnswer
from storage.models.base import enum_type


class CheckinPlan(SQLModel, table=True):
    """An arrangement: on which weekdays and when the home is asked, and who at the school hears.

    `weekdays` are 0 (Monday) to 4; `staff_ids` and `guardian_ids` are its people, `paused_ids` the guardians who
    would rather talk first and are not asked until then. `next_at` is the next asking, or the end (UTC), beside
    `ask_at`, the wall clock that was chosen; None when it has ended.
    """

    __tablename__: ClassVar[str] = "checkin_plan"
    __table_args__ = (sa.Index("ix_checkin_plan_next", "next_at"),)

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id", index=True)
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime
    weekdays: list[int] = Field(sa_type=sa.JSON)
    ask_at: time
    first: date
    last: date
    staff_ids: list[int] = Field(sa_type=sa.JSON)
    guardian_ids: list[int] = Field(sa_type=sa.JSON)
    paused_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    version: int = 1
    next_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id")


class CheckinDay(SQLModel, table=True):
    """One day of an arrangement: what the home said, and when the pupil arrived.

    `due_at` is when the staff are told that nobody has answered, None once that is settled; `version` grows with
    each answer.
    """

    __tablename__: ClassVar[str] = "checkin_day"
    __table_args__ = (sa.UniqueConstraint("plan_id", "day"), sa.Index("ix_checkin_day_due", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="checkin_plan.id")
    day: date
    asked_at: datetime
    due_at: datetime | None = None
    version: int = 1
    answer: CheckinAnswer | None = Field(default=None, sa_type=enum_type(CheckinAnswer))
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    arrived_at: datetime | None = None
    arrived_by: int | None = Field(default=None, foreign_key="person.id")
