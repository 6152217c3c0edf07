"""Requests for leave (A3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.absence import AbsenceState
from bot.domain.errors import NotPermitted
from bot.domain.leave import STANDING, LeaveState, ReadyRefusal
from bot.domain.people import Actor
from storage.models import Absence, ClassStaff, Guardianship, LeaveRequest, Outgoing, Pupil, SchoolClass
from storage.session import UnitOfWork
from storage.sql import table

_LEAVE = table(LeaveRequest)
ASKED = "leave_ask"
"""What a message is about that asks somebody at the school to decide."""


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A request as stored, with its pupil and the pupil's class of now."""

    id: int
    pupil_id: int
    pupil_name: str
    class_id: int
    class_name: str
    asked_by: int
    asked_at: datetime
    first: date
    last: date
    days: int
    why: str
    why_language: str
    state: LeaveState
    version: int
    by_leadership: bool
    decided_by: int | None
    decided_at: datetime | None
    decision_text: str
    decision_language: str
    decision_ready: ReadyRefusal | None


_ROWS = (
    sa.select(
        _LEAVE.c.id,
        _LEAVE.c.pupil_id,
        col(Pupil.name),
        col(Pupil.class_id),
        col(SchoolClass.name),
        *(
            _LEAVE.c[name]
            for name in (
                "asked_by", "asked_at", "first", "last", "days", "why", "why_language", "state", "version",
                "by_leadership", "decided_by", "decided_at", "decision_text", "decision_language", "decision_ready",
            )
        ),
    )
    .join(Pupil, col(Pupil.id) == _LEAVE.c.pupil_id)
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
)  # fmt: skip


def _row(found: Any) -> LeaveRow:
    return LeaveRow(*found)


async def _one(uow: UnitOfWork, request_id: int, *, hold: bool) -> LeaveRow:
    statement = _ROWS.where(_LEAVE.c.id == request_id, col(Pupil.left_at).is_(None))
    if hold and not uow.sqlite:
        statement = statement.with_for_update(of=_LEAVE)
    found = (await uow.execute(statement)).one_or_none()
    if found is None:
        raise NotPermitted
    return _row(found)


async def access_home_leave(uow: UnitOfWork, actor: Actor, request_id: int) -> LeaveRow:
    """Return a request about one of a guardian's own children, held until this transaction ends.

    Raises:
        NotPermitted: there is none, or the guardian's access to the child has ended.
    """
    row = await _one(uow, request_id, hold=True)
    if row.pupil_id not in actor.children:
        raise NotPermitted
    return row


async def access_school_leave(uow: UnitOfWork, actor: Actor, request_id: int) -> LeaveRow:
    """Return a request that a member of staff may decide on now, held until this transaction ends.

    The leadership may decide on all, a contact teacher on short ones of the own class; nobody on the own child's.

    Raises:
        NotPermitted: there is none, or it is not the actor's to decide, for instance after another took the class.
    """
    row = await _one(uow, request_id, hold=True)
    if actor.person_id in await list_family(uow, row.pupil_id):
        raise NotPermitted  # forvaltningsloven § 6: a parent is not impartial
    if actor.leads:
        return row
    if row.by_leadership or not await _is_contact(uow, actor, row.class_id):
        raise NotPermitted
    return row


def _family() -> sa.ColumnElement[bool]:
    """A guardian, blocked or of a pupil of age as well: what ends the access does not end the kinship."""
    return sa.or_(col(Guardianship.blocked).is_(True), col(Guardianship.ended_at).is_(None))


async def list_family(uow: UnitOfWork, pupil_id: int) -> set[int]:
    """Return the guardians of a pupil, whether their access is open or not: nobody of them decides for the school."""
    found = await uow.execute(
        sa.select(col(Guardianship.person_id)).where(col(Guardianship.pupil_id) == pupil_id, _family())
    )
    return set(found.scalars())


async def _is_contact(uow: UnitOfWork, actor: Actor, class_id: int) -> bool:
    found = await uow.execute(
        sa.select(sa.literal(1)).where(
            col(ClassStaff.class_id) == class_id,
            col(ClassStaff.person_id) == actor.person_id,
            col(ClassStaff.is_contact).is_(True),
        )
    )
    return found.first() is not None


async def hold_pupils(uow: UnitOfWork, pupils: Collection[int]) -> None:
    """Let requests for the same pupils wait for each other until this transaction ends (SQLite has one writer)."""
    if not uow.sqlite:
        statement = sa.select(col(Pupil.id)).where(col(Pupil.id).in_(pupils)).order_by(col(Pupil.id))
        await uow.execute(statement.with_for_update(key_share=True))


async def list_standing(uow: UnitOfWork, pupils: Collection[int], first: date, last: date) -> list[LeaveRow]:
    """Return the open and granted requests of pupils that touch the days from `first` to `last`."""
    found = await uow.execute(
        _ROWS.where(
            _LEAVE.c.pupil_id.in_(pupils),
            _LEAVE.c.state.in_(STANDING),
            _LEAVE.c.first <= last,
            _LEAVE.c.last >= first,
        ).order_by(_LEAVE.c.first, _LEAVE.c.id)
    )
    return [_row(one) for one in found]


async def list_home_leave(uow: UnitOfWork, actor: Actor, since: date, limit: int) -> list[LeaveRow]:
    """Return the requests about a guardian's children whose days end on `since` or later, the latest days first."""
    found = await uow.execute(
        _ROWS.where(_LEAVE.c.pupil_id.in_(actor.children), _LEAVE.c.last >= since)
        .order_by(_LEAVE.c.first.desc(), _LEAVE.c.id.desc())
        .limit(limit)
    )
    return [_row(one) for one in found]


async def list_undecided(uow: UnitOfWork, actor: Actor, limit: int) -> list[LeaveRow]:
    """Return the open requests that a member of staff may decide on, the oldest first."""
    kin = sa.select(col(Guardianship.pupil_id)).where(col(Guardianship.person_id) == actor.person_id, _family())
    statement = _ROWS.where(
        _LEAVE.c.state == LeaveState.ASKED, col(Pupil.left_at).is_(None), _LEAVE.c.pupil_id.not_in(kin)
    )
    if not actor.leads:
        own = sa.select(col(ClassStaff.class_id)).where(
            col(ClassStaff.person_id) == actor.person_id, col(ClassStaff.is_contact).is_(True)
        )
        statement = statement.where(_LEAVE.c.by_leadership.is_(False), col(Pupil.class_id).in_(own))
    found = await uow.execute(statement.order_by(_LEAVE.c.asked_at, _LEAVE.c.id).limit(limit))
    return [_row(one) for one in found]


async def add_leave(uow: UnitOfWork, **values: Any) -> LeaveRow:
    """Store a request and return it."""
    row = {
        "state": LeaveState.ASKED,
        "version": 1,
        "decided_by": None,
        "decided_at": None,
        "decision_text": "",
        "decision_language": "",
        "decision_ready": None,
        "asked_at": uow.now,
        **values,
    }
    added: int = (await uow.execute(sa.insert(_LEAVE).values(**row).returning(_LEAVE.c.id))).scalar_one()
    return await _one(uow, added, hold=False)


async def change_leave(uow: UnitOfWork, row: LeaveRow, **values: Any) -> LeaveRow:
    """Change a held request, and return it as it is now; a reminder that waits is no longer needed."""
    await uow.change(
        sa.update(_LEAVE).where(_LEAVE.c.id == row.id).values(version=_LEAVE.c.version + 1, remind_at=None, **values)
    )
    return await _one(uow, row.id, hold=False)


async def claim_reminders(uow: UnitOfWork, limit: int) -> list[LeaveRow]:
    """Take the open requests whose reminder is due; each comes once."""
    due = sa.select(_LEAVE.c.id).where(_LEAVE.c.remind_at <= uow.now).order_by(_LEAVE.c.remind_at).limit(limit)
    if not uow.sqlite:
        due = due.with_for_update(skip_locked=True)
    ids = list((await uow.execute(due)).scalars())
    if not ids:
        return []
    await uow.change(sa.update(_LEAVE).where(_LEAVE.c.id.in_(ids)).values(remind_at=None))
    found = await uow.execute(
        _ROWS.where(_LEAVE.c.id.in_(ids), _LEAVE.c.state == LeaveState.ASKED, col(Pupil.left_at).is_(None)).order_by(
            _LEAVE.c.id
        )
    )
    return [_row(one) for one in found]


async def list_asked(uow: UnitOfWork, request_id: int) -> list[tuple[int, int]]:
    """Return (outgoing row, person) of the messages that asked somebody to decide on a request."""
    found = await uow.execute(
        sa.select(col(Outgoing.id), col(Outgoing.recipient_id))
        .where(
            col(Outgoing.about) == ASKED,
            col(Outgoing.about_id) == request_id,
            col(Outgoing.edits_id).is_(None),
        )
        .order_by(col(Outgoing.id))
    )
    return [(row[0], row[1]) for row in found]


async def list_leave_days(uow: UnitOfWork, request_id: int, since: date) -> list[date]:
    """Return the days from `since` on that are stored as this leave's absence."""
    found = await uow.execute(
        sa.select(col(Absence.day))
        .where(
            col(Absence.leave_id) == request_id,
            col(Absence.day) >= since,
            col(Absence.state) == AbsenceState.ACTIVE,
        )
        .order_by(col(Absence.day))
    )
    return list(found.scalars())
