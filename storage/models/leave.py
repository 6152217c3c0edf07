"""Planned absence that a home asks for and the school grants or refuses (A3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.leave import LeaveState, ReadyRefusal
from storage.models.base import enum_type


class LeaveRequest(SQLModel, table=True):
    """A request for one pupil. `days` counts school days; who decides depends on it.

    `why` is the home's short reason, `decision_text` the school's sentence; both are kept in the language in
    which they were written, `why_language` and `decision_language`. A refusal by a ready-made sentence has its
    code in `decision_ready` instead. `remind_at` is when those who decide are reminded; None when they need not be.
    """

    __tablename__: ClassVar[str] = "leave_request"
    __table_args__ = (
        sa.Index("ix_leave_request_state", "state"),
        sa.Index("ix_leave_request_remind", "remind_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id", index=True)
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime
    first: date
    last: date
    days: int
    why: str = Field(default="", sa_type=sa.Text)
    why_language: str = Field(default="", max_length=8)
    state: LeaveState = Field(sa_type=enum_type(LeaveState))
    version: int = 1
    by_leadership: bool = False
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    decision_text: str = Field(default="", sa_type=sa.Text)
    decision_language: str = Field(default="", max_length=8)
    decision_ready: ReadyRefusal | None = Field(default=None, sa_type=enum_type(ReadyRefusal))
    remind_at: datetime | None = None
