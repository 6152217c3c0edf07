"""The asking about missing pupils: held, claimed when due, and the messages that belong to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.absence import AbsenceSource
from bot.domain.morning import OPEN_INQUIRIES, InquiryState
from bot.domain.outgoing import OutgoingState, Reason
from bot.domain.people import Child
from storage.models import Absence, Inquiry, Outgoing, Pupil, SchoolClass
from storage.session import UnitOfWork
from storage.sql import prepared, table

ASKED = "inquiry"
"""What a guardian was asked."""
CALL = "inquiry_call"
"""What a teacher was asked: to phone."""
_INQUIRY = table(Inquiry)
_OUT = table(Outgoing)


def _held(uow: UnitOfWork, statement: sa.Select[Any], **how: Any) -> sa.Select[Any]:
    return statement if uow.sqlite else statement.with_for_update(**how)


_OF_PUPILS = sa.select(col(Inquiry.id)).where(
    col(Inquiry.pupil_id).in_(sa.bindparam("pupils", expanding=True)),
    col(Inquiry.day) == sa.bindparam("day", type_=sa.Date),
    col(Inquiry.state).in_(sa.bindparam("states", expanding=True)),
)
_OF_PUPILS_HELD = _OF_PUPILS.order_by(col(Inquiry.id)).with_for_update()


async def hold_inquiries(
    uow: UnitOfWork, pupils: Collection[int], day: date, states: Collection[InquiryState] = OPEN_INQUIRIES
) -> list[Inquiry]:
    """Return the inquiries of pupils on a day in these states, held until this transaction ends.

    Nearly always there are none, and every report asks: then it is one statement, built once.
    """
    values = {"pupils": list(pupils), "day": day, "states": sorted(states)}
    ids = list((await uow.execute(_OF_PUPILS if uow.sqlite else _OF_PUPILS_HELD, values)).scalars())
    if not ids:
        return []
    return await uow.load(sa.select(Inquiry).where(col(Inquiry.id).in_(ids)).order_by(col(Inquiry.id)))


async def find_inquiry(uow: UnitOfWork, inquiry_id: int) -> tuple[int, date] | None:
    """Return (pupil, day) of an inquiry."""
    row = (
        await uow.execute(sa.select(col(Inquiry.pupil_id), col(Inquiry.day)).where(col(Inquiry.id) == inquiry_id))
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def hold_inquiry(uow: UnitOfWork, inquiry_id: int) -> Inquiry:
    """Return an inquiry, held until this transaction ends."""
    held: list[Inquiry] = await uow.load(_held(uow, sa.select(Inquiry).where(col(Inquiry.id) == inquiry_id)))
    return held[0]


_ADD = prepared(
    Inquiry,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["pupil_id", "day"]).returning(_INQUIRY.c.id),
)


async def add_inquiry(uow: UnitOfWork, pupil_id: int, day: date, marked_by: int) -> Inquiry | None:
    """Make an inquiry that has not been planned yet; None when there is one of that pupil and day already."""
    added = await uow.execute(
        _ADD(uow),
        {
            "pupil_id": pupil_id,
            "day": day,
            "state": InquiryState.ASKING,
            "round": 1,
            "marked_by": marked_by,
            "marked_at": uow.now,
            "asked": [],
            "calls": 0,
            "unknown_at_home": False,
        },
    )
    inquiry_id = added.scalar_one_or_none()
    return await hold_inquiry(uow, inquiry_id) if inquiry_id is not None else None


async def claim_due_inquiries(uow: UnitOfWork, limit: int = 20) -> list[Inquiry]:
    """Take inquiries that are to be looked at; on PostgreSQL other replicas pass by them."""
    statement = (
        sa.select(Inquiry)
        .where(col(Inquiry.due_at) <= uow.now)
        .order_by(col(Inquiry.due_at), col(Inquiry.id))
        .limit(limit)
    )
    return await uow.load(_held(uow, statement, skip_locked=True))


@dataclass(frozen=True, slots=True)
class InquiryMessage:
    """A message of an inquiry that left, or is just leaving."""

    outgoing_id: int
    recipient_id: int
    about: str


async def drop_unsent(uow: UnitOfWork, inquiry_id: int) -> None:
    """Drop what an inquiry has in the queue."""
    await uow.change(
        sa.update(_OUT)
        .where(
            _OUT.c.about.in_([ASKED, CALL]),
            _OUT.c.about_id == inquiry_id,
            _OUT.c.state.in_([OutgoingState.QUEUED, OutgoingState.RETRY]),
        )
        .values(state=OutgoingState.DROPPED, reason=Reason.CANCELLED, settled_at=uow.now)
    )


async def list_inquiry_messages(uow: UnitOfWork, inquiry_id: int, round_: int) -> list[InquiryMessage]:
    """Return the questions and requests of one round that people have before them, or will in a moment."""
    found = await uow.execute(
        sa.select(_OUT.c.id, _OUT.c.recipient_id, _OUT.c.about)
        .where(
            _OUT.c.about.in_([ASKED, CALL]),
            _OUT.c.about_id == inquiry_id,
            _OUT.c.dedupe_key.startswith(f"{ASKED}:{inquiry_id}:{round_}:", autoescape=True),
            _OUT.c.edits_id.is_(None),
            _OUT.c.state.in_([OutgoingState.SENDING, OutgoingState.SENT]),
        )
        .order_by(_OUT.c.id)
    )
    return [InquiryMessage(*row) for row in found]


async def count_answerable(uow: UnitOfWork, inquiry_id: int, round_: int) -> int:
    """Return how many questions of a round can still be answered: on their way or with a guardian."""
    found: int = (
        await uow.execute(
            sa.select(sa.func.count())
            .select_from(_OUT)
            .where(
                _OUT.c.about == ASKED,
                _OUT.c.about_id == inquiry_id,
                _OUT.c.dedupe_key.startswith(f"{ASKED}:{inquiry_id}:{round_}:", autoescape=True),
                _OUT.c.edits_id.is_(None),
                _OUT.c.state.not_in([OutgoingState.FAILED, OutgoingState.DROPPED]),
            )
        )
    ).scalar_one()
    return found


async def last_reporter(uow: UnitOfWork, pupil_id: int) -> int | None:
    """Return the guardian who was the last to report something about a pupil."""
    found: int | None = (
        await uow.execute(
            sa.select(col(Absence.reported_by))
            .where(col(Absence.pupil_id) == pupil_id, col(Absence.source) == AbsenceSource.HOME)
            .order_by(col(Absence.reported_at).desc(), col(Absence.day).desc())
            .limit(1)
        )
    ).scalar_one_or_none()
    return found


async def find_pupil(uow: UnitOfWork, pupil_id: int) -> Child:
    """Return a pupil, whoever may see the pupil now."""
    row = await uow.execute(
        sa.select(col(Pupil.id), col(Pupil.name), col(Pupil.class_id), col(SchoolClass.name))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(col(Pupil.id) == pupil_id)
    )
    return Child(*row.one())


async def has_left(uow: UnitOfWork, pupil_id: int) -> bool:
    """Tell whether a pupil is not at the school any more."""
    gone = sa.select(sa.literal(1)).where(col(Pupil.id) == pupil_id, col(Pupil.left_at).is_not(None))
    return (await uow.execute(gone)).first() is not None
