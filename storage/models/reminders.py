"""What people are to be reminded of, and when: a row per occasion, person and occurrence (M9)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.reminders import Occasion, ReminderKind, ReminderState
from storage.models.base import enum_type

_PLANNED = sa.text(f"state = '{ReminderState.PLANNED.value}'")


class Reminder(SQLModel, table=True):
    """One reminder of one person.

    `day`, `at` and `zone` are the wall-clock moment that was meant, `due_at` the same in UTC. After `expires_at` it no
    longer helps and is dropped. `occurrence` tells the reminders of one occasion apart; the same one is never planned,
    and so never sent, twice.
    """

    __tablename__: ClassVar[str] = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("occasion", "occasion_id", "recipient_id", "occurrence"),
        sa.Index("ix_reminder_due", "due_at", "id", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
    )

    id: int | None = Field(default=None, primary_key=True)
    occasion: Occasion = Field(sa_type=enum_type(Occasion))
    occasion_id: int
    recipient_id: int = Field(foreign_key="person.id", index=True)
    occurrence: str = Field(max_length=64)
    kind: ReminderKind = Field(sa_type=enum_type(ReminderKind))
    day: date
    at: time
    zone: str = Field(max_length=64)
    due_at: datetime
    expires_at: datetime
    state: ReminderState = Field(sa_type=enum_type(ReminderState))
    reason: str | None = Field(default=None, max_length=64)
    settled_at: datetime | None = Field(default=None, index=True)
