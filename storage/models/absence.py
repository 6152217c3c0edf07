"""Who is absent when, the teacher's list of the day, and the asking about pupils of whom nobody knows."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource, AbsenceState
from bot.domain.morning import InquiryState, ListView, PhoneOutcome
from storage.models.base import enum_type


class Absence(SQLModel, table=True):
    """One pupil's absence on one school day; two reports of the same day are one row (A1).

    `reason` is a code, never a diagnosis. `starts` and `ends` are the school's wall clock, see `AbsenceKind`.
    `arrived_at` is when the pupil turned up, `version` grows with each change, so that lines about it are told
    apart. A granted leave's days carry `leave_id`.
    """

    __tablename__: ClassVar[str] = "absence"
    __table_args__ = (sa.UniqueConstraint("pupil_id", "day"), sa.Index("ix_absence_day", "day"))

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id")
    day: date
    kind: AbsenceKind = Field(sa_type=enum_type(AbsenceKind))
    reason: AbsenceReason = Field(sa_type=enum_type(AbsenceReason))
    starts: time | None = None
    ends: time | None = None
    source: AbsenceSource = Field(sa_type=enum_type(AbsenceSource))
    state: AbsenceState = Field(sa_type=enum_type(AbsenceState))
    version: int = 1
    reported_by: int | None = Field(default=None, foreign_key="person.id")
    reported_at: datetime
    changed_at: datetime
    arrived_at: datetime | None = None
    leave_id: int | None = Field(default=None, foreign_key="leave_request.id", index=True)


class DayList(SQLModel, table=True):
    """A teacher's live list of a class on a day: one message, drawn anew in place (A4).

    `outgoing_id` is the message that is live; `view` and `page` are what the teacher looks at in it.
    """

    __tablename__: ClassVar[str] = "day_list"
    __table_args__ = (sa.UniqueConstraint("class_id", "day", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    class_id: int = Field(foreign_key="school_class.id")
    day: date
    person_id: int = Field(foreign_key="person.id", index=True)
    outgoing_id: int | None = Field(default=None, foreign_key="outgoing.id")
    view: ListView = Field(sa_type=enum_type(ListView))
    page: int = 0


class Inquiry(SQLModel, table=True):
    """The asking about a pupil who is missing and of whom nobody has said why (A5).

    `due_at` is when it is looked at next, None when it has ended; `waits_until` is how long those asked, or the
    teacher who is to phone, have. `asked` are the guardians asked so far, in order, `asked_at` the first time;
    `answered_by` the one who answered; `unknown_at_home` once one believed the pupil to be at school. `calls`
    counts the requests to phone, `outcome` is what a call brought. A pupil who is missed again on the same day
    starts the next `round`.
    """

    __tablename__: ClassVar[str] = "inquiry"
    __table_args__ = (sa.UniqueConstraint("pupil_id", "day"), sa.Index("ix_inquiry_due", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupil.id")
    day: date
    state: InquiryState = Field(sa_type=enum_type(InquiryState))
    round: int = 1
    marked_by: int = Field(foreign_key="person.id")
    marked_at: datetime
    due_at: datetime | None = None
    waits_until: datetime | None = None
    asked: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    asked_at: datetime | None = None
    calls: int = 0
    unknown_at_home: bool = False
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    outcome: PhoneOutcome | None = Field(default=None, sa_type=enum_type(PhoneOutcome))
    outcome_by: int | None = Field(default=None, foreign_key="person.id")
    outcome_at: datetime | None = None
    ended_at: datetime | None = None


class DayOff(SQLModel, table=True):
    """Days without school by the school's own calendar, both ends included."""

    __tablename__: ClassVar[str] = "day_off"
    __table_args__ = (sa.UniqueConstraint("first", "last"),)

    id: int | None = Field(default=None, primary_key=True)
    first: date
    last: date
    name: str = Field(max_length=80)
