"""What is seen over time: remarks, and the monthly report with its signature (A6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.followup import RemarkKind
from storage.models.base import enum_type

_WAITS = sa.text("queued_at IS NULL")


class Remark(SQLModel, table=True):
    """Something small that a teacher notes about a pupil on a day; a second tap takes it away."""

    __tablename__: ClassVar[str] = "remark"
    __table_args__ = (sa.UniqueConstraint("pupil_id", "day", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id")
    day: date
    kind: RemarkKind = Field(sa_type=enum_type(RemarkKind))
    noted_by: int = Field(foreign_key="person.id")
    noted_at: datetime


class MonthlyReport(SQLModel, table=True):
    """A month's report about a pupil at one guardian; `month` is its first day.

    What it says is drawn from what is stored when it is put into the queue, at `queued_at`; until then it waits.
    `signed_at` is the guardian's tap, `reminded_at` the one time that the school asked for it.
    """

    __tablename__: ClassVar[str] = "monthly_report"
    __table_args__ = (
        sa.UniqueConstraint("pupil_id", "month", "person_id"),
        sa.Index("ix_monthly_report_waiting", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id")
    month: date
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime
    queued_at: datetime | None = None
    reminded_at: datetime | None = None
    signed_at: datetime | None = None
    commented_at: datetime | None = None


class MonthlyRun(SQLModel, table=True):
    """A month whose reports were made, so that they are made once."""

    __tablename__: ClassVar[str] = "monthly_run"

    month: date = Field(primary_key=True)
    made_at: datetime
    reports: int
