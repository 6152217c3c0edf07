"""The list of the day: whose it is, which message is live, and who is where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.absence import AbsenceKind, AbsenceState
from bot.domain.leave import LeaveState
from bot.domain.morning import InquiryState, ListView, PhoneOutcome
from bot.domain.outgoing import Lane, OutgoingKind, OutgoingState
from storage.models import (
    Absence,
    Account,
    CheckinPlan,
    ClassStaff,
    DayList,
    Inquiry,
    LeaveRequest,
    Outgoing,
    Pupil,
    SchoolClass,
)
from storage.queries.absence import AbsenceRow, list_absences
from storage.queries.enqueue import add_or_hasten
from storage.session import UnitOfWork
from storage.sql import prepared, table

ABOUT = "daylist"
_LIST = table(DayList)


@dataclass(frozen=True, slots=True)
class DayListRow:
    """A teacher's list; `message_id` is the live message's, None while it has not left."""

    id: int
    class_id: int
    class_name: str
    day: date
    person_id: int
    outgoing_id: int | None
    message_id: int | None
    view: ListView
    page: int


_ROWS = (
    sa.select(
        col(DayList.id),
        col(DayList.class_id),
        col(SchoolClass.name),
        col(DayList.day),
        col(DayList.person_id),
        col(DayList.outgoing_id),
        col(Outgoing.message_id),
        col(DayList.view),
        col(DayList.page),
    )
    .join(SchoolClass, col(SchoolClass.id) == col(DayList.class_id))
    .outerjoin(Outgoing, col(Outgoing.id) == col(DayList.outgoing_id))
    .order_by(col(DayList.id))
)


_OF_CLASSES = _ROWS.where(
    col(DayList.class_id).in_(sa.bindparam("classes", expanding=True)),
    col(DayList.day) == sa.bindparam("day", type_=sa.Date),
)


async def list_day_lists(uow: UnitOfWork, class_ids: Collection[int], day: date) -> list[DayListRow]:
    """Return everybody's lists of these classes on a day, always in the same order."""
    found = await uow.execute(_OF_CLASSES, {"classes": list(class_ids), "day": day})
    return [DayListRow(*row) for row in found]


async def find_day_list(uow: UnitOfWork, list_id: int) -> DayListRow | None:
    """Return a list by its id."""
    row = (await uow.execute(_ROWS.where(col(DayList.id) == list_id))).one_or_none()
    return DayListRow(*row) if row else None


async def find_own_list(uow: UnitOfWork, class_id: int, day: date, person_id: int) -> DayListRow | None:
    """Return a person's list of a class on a day."""
    wanted = (col(DayList.class_id) == class_id, col(DayList.day) == day, col(DayList.person_id) == person_id)
    row = (await uow.execute(_ROWS.where(*wanted))).one_or_none()
    return DayListRow(*row) if row else None


_ADD = prepared(
    DayList,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["class_id", "day", "person_id"]).returning(_LIST.c.id),
)


async def add_day_list(uow: UnitOfWork, class_id: int, day: date, person_id: int) -> int | None:
    """Make a person's list of a class on a day; None when there is one already."""
    row = {"class_id": class_id, "day": day, "person_id": person_id, "outgoing_id": None, "view": ListView.LIST}
    added: int | None = (await uow.execute(_ADD(uow), {**row, "page": 0})).scalar_one_or_none()
    return added


async def change_day_list(uow: UnitOfWork, list_id: int, **values: Any) -> None:
    """Set what a person looks at in a list, or which message is live."""
    await uow.change(sa.update(_LIST).where(_LIST.c.id == list_id).values(**values))


_HAS_LIST = (
    sa.select(sa.literal(1))
    .where(
        col(DayList.class_id) == col(ClassStaff.class_id),
        col(DayList.person_id) == col(ClassStaff.person_id),
        col(DayList.day) == sa.bindparam("day", type_=sa.Date),
    )
    .exists()
)
_HAS_PUPILS = (
    sa.select(sa.literal(1))
    .where(col(Pupil.class_id) == col(ClassStaff.class_id), col(Pupil.left_at).is_(None))
    .exists()
)
_WITHOUT_LIST = (
    sa.select(col(ClassStaff.class_id), col(ClassStaff.person_id))
    .join(Account, col(Account.person_id) == col(ClassStaff.person_id))
    .where(col(ClassStaff.is_contact).is_(True), col(Account.reachable).is_(True), ~_HAS_LIST, _HAS_PUPILS)
    .order_by(col(ClassStaff.class_id), col(ClassStaff.person_id))
)
_WITHOUT_LIST_OF = _WITHOUT_LIST.where(col(ClassStaff.class_id).in_(sa.bindparam("classes", expanding=True)))


async def list_without_list(
    uow: UnitOfWork, day: date, class_ids: Collection[int] | None = None
) -> list[tuple[int, int]]:
    """Return (class, contact teacher) that have no list of a day yet: reachable teachers of classes with pupils."""
    if class_ids is None:
        found = await uow.execute(_WITHOUT_LIST, {"day": day})
    else:
        found = await uow.execute(_WITHOUT_LIST_OF, {"day": day, "classes": list(class_ids)})
    return [(row[0], row[1]) for row in found]


_CLASSES_OF = sa.select(col(Pupil.class_id)).where(col(Pupil.id).in_(sa.bindparam("pupils", expanding=True))).distinct()


async def list_classes_of(uow: UnitOfWork, pupils: Collection[int]) -> list[int]:
    """Return the classes of pupils."""
    found = await uow.execute(_CLASSES_OF, {"pupils": list(pupils)})
    return sorted(found.scalars())


async def ask_drawing(
    uow: UnitOfWork,
    one: DayListRow,
    *,
    edits_id: int | None,
    due_at: datetime,
    expires_at: datetime | None = None,
    lane: Lane = Lane.ORDINARY,
) -> int:
    """Put a list into the queue, drawn when it leaves: a new message, or the live one changed; return the row.

    Many asks before it leaves are one, the earliest. The row is locked until this transaction commits, so that a
    sender cannot draw the list without this transaction's change and then take the ask for settled.
    """
    key = f"{ABOUT}:{one.id}" if edits_id is None else f"{ABOUT}-edit:{edits_id}"
    row = {
        "recipient_id": one.person_id,
        "lane": int(lane),
        "kind": OutgoingKind.DAY_LIST,
        "payload": {"text": ""},
        "dedupe_key": key,
        "about": ABOUT,
        "about_id": one.id,
        "pupil_id": None,
        "edits_id": edits_id,
        "replies_to_id": None,
        "state": OutgoingState.QUEUED,
        "attempts": 0,
        "created_at": uow.now,
        "due_at": due_at,
        "expires_at": expires_at,
    }
    if due_at <= uow.now:
        uow.enqueued = True  # what is due later the sender finds by itself
    return await add_or_hasten(uow, row)


@dataclass(frozen=True, slots=True)
class InquiryBrief:
    """As much of an inquiry as a list shows."""

    state: InquiryState
    asked_at: datetime | None
    outcome: PhoneOutcome | None
    outcome_at: datetime | None


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One pupil of a class on a day; `absence` is an active one."""

    pupil_id: int
    name: str
    absence: AbsenceRow | None
    inquiry: InquiryBrief | None


async def list_roll(uow: UnitOfWork, class_id: int, day: date) -> list[RollEntry]:
    """Return a class's pupils by name, with what is known of each on a day."""
    pupils = await uow.execute(
        sa.select(col(Pupil.id), col(Pupil.name))
        .where(col(Pupil.class_id) == class_id, col(Pupil.left_at).is_(None))
        .order_by(col(Pupil.name), col(Pupil.id))
    )
    names = [(row[0], row[1]) for row in pupils]
    ids = [pupil_id for pupil_id, _ in names]
    active = {row.pupil_id: row for row in await list_absences(uow, ids, day, day)}
    asked = await uow.execute(
        sa.select(
            col(Inquiry.pupil_id),
            col(Inquiry.state),
            col(Inquiry.asked_at),
            col(Inquiry.outcome),
            col(Inquiry.outcome_at),
        ).where(col(Inquiry.pupil_id).in_(ids), col(Inquiry.day) == day)
    )
    inquiries = {row[0]: InquiryBrief(*row[1:]) for row in asked}
    return [RollEntry(i, name, active.get(i), inquiries.get(i)) for i, name in names]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Why the home of a pupil is not asked; `staff_ids` may know of a check-in, of leave the whole list may."""

    pupil_id: int
    leave: bool
    staff_ids: frozenset[int] = frozenset()


async def list_arrangements(uow: UnitOfWork, pupils: Collection[int], day: date) -> list[Arrangement]:
    """Return the pupils whose homes the school is in touch with already: a check-in on that day, leave asked for."""
    plans = await uow.execute(
        sa.select(col(CheckinPlan.pupil_id), col(CheckinPlan.weekdays), col(CheckinPlan.staff_ids)).where(
            col(CheckinPlan.pupil_id).in_(pupils),
            col(CheckinPlan.ended_at).is_(None),
            col(CheckinPlan.first) <= day,
            col(CheckinPlan.last) >= day,
        )
    )
    found = [Arrangement(row[0], False, frozenset(row[2])) for row in plans if day.weekday() in row[1]]
    leave = await uow.execute(
        sa.select(col(LeaveRequest.pupil_id)).where(
            col(LeaveRequest.pupil_id).in_(pupils),
            col(LeaveRequest.state) == LeaveState.ASKED,
            col(LeaveRequest.first) <= day,
            col(LeaveRequest.last) >= day,
        )
    )
    return found + [Arrangement(pupil_id, True) for pupil_id in leave.scalars()]


async def count_absent(uow: UnitOfWork, class_ids: Collection[int], day: date) -> dict[int, int]:
    """Return how many pupils of each class are reported or noticed as not here for the whole day."""
    found = await uow.execute(
        sa.select(col(Pupil.class_id), sa.func.count())
        .join(Absence, col(Absence.pupil_id) == col(Pupil.id))
        .where(
            col(Pupil.class_id).in_(class_ids),
            col(Pupil.left_at).is_(None),
            col(Absence.day) == day,
            col(Absence.state) == AbsenceState.ACTIVE,
            col(Absence.kind) == AbsenceKind.ABSENT,
        )
        .group_by(col(Pupil.class_id))
    )
    return {row[0]: row[1] for row in found}
