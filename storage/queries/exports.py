"""What the office takes out: absences and leave by day, and the classes of a day (P6: codes, no free text)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource, AbsenceState
from bot.domain.leave import LeaveState
from bot.domain.people import Child, ClassInfo
from storage.models import Absence, LeaveRequest, Pupil, SchoolClass
from storage.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One pupil's absence on one day."""

    school_class: str
    pupil: str
    day: date
    kind: AbsenceKind
    reason: AbsenceReason
    starts: time | None
    ends: time | None
    source: AbsenceSource
    reported_at: datetime


async def list_all_classes(uow: UnitOfWork) -> list[ClassInfo]:
    """Return every class in the school's order."""
    found = await uow.execute(
        sa.select(col(SchoolClass.id), col(SchoolClass.name), col(SchoolClass.grade)).order_by(
            col(SchoolClass.grade), col(SchoolClass.name)
        )
    )
    return [ClassInfo(*row) for row in found]


async def export_absences(uow: UnitOfWork, classes: Collection[int], first: date, last: date) -> list[AbsenceLine]:
    """Return the active absences of these classes from `first` to `last`: by class, pupil and day.

    A pupil who has left the school meanwhile is among them.
    """
    found = await uow.execute(
        sa.select(
            col(SchoolClass.name),
            col(Pupil.name),
            col(Absence.day),
            col(Absence.kind),
            col(Absence.reason),
            col(Absence.starts),
            col(Absence.ends),
            col(Absence.source),
            col(Absence.reported_at),
        )
        .select_from(Absence)
        .join(Pupil, col(Pupil.id) == col(Absence.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(
            col(Absence.day).between(first, last),
            col(Absence.state) == AbsenceState.ACTIVE,
            col(SchoolClass.id).in_(classes),
        )
        .order_by(col(SchoolClass.grade), col(SchoolClass.name), col(Pupil.name), col(Pupil.id), col(Absence.day))
    )
    return [AbsenceLine(*row) for row in found]


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """One request for leave, without what was written."""

    school_class: str
    pupil: str
    first: date
    last: date
    days: int
    state: LeaveState
    asked_at: datetime
    decided_at: datetime | None


async def export_leave(uow: UnitOfWork, classes: Collection[int], first: date, last: date) -> list[LeaveLine]:
    """Return the requests for leave that touch the time from `first` to `last`: by class, pupil and day."""
    found = await uow.execute(
        sa.select(
            col(SchoolClass.name),
            col(Pupil.name),
            col(LeaveRequest.first),
            col(LeaveRequest.last),
            col(LeaveRequest.days),
            col(LeaveRequest.state),
            col(LeaveRequest.asked_at),
            col(LeaveRequest.decided_at),
        )
        .select_from(LeaveRequest)
        .join(Pupil, col(Pupil.id) == col(LeaveRequest.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(col(LeaveRequest.first) <= last, col(LeaveRequest.last) >= first, col(SchoolClass.id).in_(classes))
        .order_by(
            col(SchoolClass.grade),
            col(SchoolClass.name),
            col(Pupil.name),
            col(Pupil.id),
            col(LeaveRequest.first),
            col(LeaveRequest.id),
        )
    )
    return [LeaveLine(*row) for row in found]


async def list_pupils_of(uow: UnitOfWork, classes: Collection[int]) -> list[Child]:
    """Return the pupils of several classes by class and name."""
    found = await uow.execute(
        sa.select(col(Pupil.id), col(Pupil.name), col(Pupil.class_id), col(SchoolClass.name))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(col(Pupil.class_id).in_(classes), col(Pupil.left_at).is_(None))
        .order_by(col(SchoolClass.grade), col(SchoolClass.name), col(Pupil.name))
    )
    return [Child(*row) for row in found]
