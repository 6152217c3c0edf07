"""Rounds of conferences: who may look after one, who may book in one, and its times held while they change (M4).

Whoever changes several things holds them in this order, so that nobody locks another out: the home's pupils, the round,
its times by their id. SQLite has one writer and needs no locks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.conference_slots import Booked
from bot.domain.conferences import TalkState
from bot.domain.errors import NotPermitted
from bot.domain.events import EventKind, EventState, InterpreterWish
from bot.domain.people import Actor
from storage.models import Event, Guardianship, Person, Pupil, SchoolClass, Slot, Talk, TalkRound, TalkWait
from storage.queries.people import list_own_classes, open_access
from storage.session import UnitOfWork
from storage.sql import table


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round with the names on its screens."""

    id: int
    state: EventState
    teacher_id: int
    teacher: str
    class_id: int
    class_name: str
    minutes: int
    long_minutes: int
    pause: int
    places: tuple[str, ...]
    video_url: str
    version: int
    board_id: int | None
    reminded_at: datetime | None
    reminders: int
    starts_at: datetime | None


_ROUND = (
    sa.select(
        col(Event.id), col(Event.state), col(TalkRound.teacher_id), col(Person.name), col(TalkRound.class_id),
        col(SchoolClass.name), col(TalkRound.minutes), col(TalkRound.long_minutes), col(TalkRound.pause),
        col(TalkRound.places), col(TalkRound.video_url), col(Event.version), col(Event.board_id),
        col(Event.reminded_at), col(Event.reminders), col(Event.starts_at),
    )
    .join(TalkRound, col(TalkRound.event_id) == col(Event.id))
    .join(Person, col(Person.id) == col(TalkRound.teacher_id))
    .join(SchoolClass, col(SchoolClass.id) == col(TalkRound.class_id))
)  # fmt: skip
_ONE_ROUND = _ROUND.where(col(Event.id) == sa.bindparam("event"))


def _round(found: Any) -> RoundRow:
    values = list(found)
    values[9] = tuple(values[9])
    return RoundRow(*values)


async def find_round(uow: UnitOfWork, event_id: int) -> RoundRow:
    """Return a round, whoever asks: for what happens by itself.

    Raises:
        NotPermitted: there is none.
    """
    found = (await uow.execute(_ONE_ROUND, {"event": event_id})).one_or_none()
    if found is None:
        raise NotPermitted
    return _round(found)


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil of the round's class, as far as booking goes."""

    id: int
    name: str
    birth_date: date


_BOOKING = (
    _ROUND.add_columns(col(Pupil.id), col(Pupil.name), col(Pupil.birth_date), col(Talk.id), col(TalkWait.id))
    .join(Pupil, sa.and_(col(Pupil.class_id) == col(TalkRound.class_id), col(Pupil.left_at).is_(None)))
    .outerjoin(Talk, sa.and_(col(Talk.event_id) == col(Event.id), col(Talk.pupil_id) == col(Pupil.id)))
    .outerjoin(TalkWait, sa.and_(col(TalkWait.event_id) == col(Event.id), col(TalkWait.pupil_id) == col(Pupil.id)))
    .where(col(Pupil.id) == sa.bindparam("pupil"))
)
_BOOKING_BY_EVENT = _BOOKING.where(col(Event.id) == sa.bindparam("event"))
_BOOKING_BY_SLOT = _BOOKING.join(Slot, col(Slot.event_id) == col(Event.id)).where(col(Slot.id) == sa.bindparam("slot"))


async def find_booking(
    uow: UnitOfWork, pupil_id: int, *, event_id: int | None = None, slot_id: int | None = None
) -> tuple[RoundRow, PupilRow, int | None, bool]:
    """Return a round, by its id or by one of its times, a pupil of its class, the talk's id, and whether it waits.

    One statement, whoever asks: when booking opens, a whole school taps at once.

    Raises:
        NotPermitted: there is no such round or time, or the pupil is not of its class.
    """
    if slot_id is None:
        found = (await uow.execute(_BOOKING_BY_EVENT, {"pupil": pupil_id, "event": event_id})).one_or_none()
    else:
        found = (await uow.execute(_BOOKING_BY_SLOT, {"pupil": pupil_id, "slot": slot_id})).one_or_none()
    if found is None:
        raise NotPermitted
    return _round(found[:-5]), PupilRow(*found[-5:-2]), found[-2], found[-1] is not None


async def may_lead(uow: UnitOfWork, actor: Actor, row: RoundRow) -> bool:
    """Tell whether somebody looks after a round: its teacher while teaching the class, and the leadership."""
    if actor.leads:
        return True
    if actor.person_id != row.teacher_id or not actor.teaches:
        return False
    return row.class_id in {one.id for one in await list_own_classes(uow, actor)}


async def access_round(uow: UnitOfWork, actor: Actor, event_id: int) -> RoundRow:
    """Return a round that was opened, for its teacher or the leadership.

    Raises:
        NotPermitted: there is none, or the actor does not look after it.
    """
    row = await find_round(uow, event_id)
    if row.state not in {EventState.OPEN, EventState.CANCELLED} or not await may_lead(uow, actor, row):
        raise NotPermitted
    return row


async def access_round_draft(uow: UnitOfWork, actor: Actor, event_id: int) -> tuple[Event, TalkRound]:
    """Return the actor's own draft of a round, held until this transaction ends.

    Raises:
        NotPermitted: there is none, or the actor does not teach the class any more.
    """
    statement = sa.select(Event).where(
        col(Event.id) == event_id,
        col(Event.kind) == EventKind.CONFERENCE,
        col(Event.state) == EventState.DRAFT,
        col(Event.organiser_id) == actor.person_id,
    )
    events = await uow.load(statement if uow.sqlite else statement.with_for_update())
    rounds = await uow.load(sa.select(TalkRound).where(col(TalkRound.event_id) == event_id))
    if not events or not rounds or not actor.may_write_notices:
        raise NotPermitted
    if rounds[0].class_id not in {one.id for one in await list_own_classes(uow, actor)}:
        raise NotPermitted
    return events[0], rounds[0]


async def find_round_draft(uow: UnitOfWork, actor: Actor, class_id: int | None = None) -> int | None:
    """Return the newest draft of a round that the actor has begun, of one class or of any."""
    statement = (
        sa.select(col(Event.id))
        .join(TalkRound, col(TalkRound.event_id) == col(Event.id))
        .where(
            col(Event.organiser_id) == actor.person_id,
            col(Event.kind) == EventKind.CONFERENCE,
            col(Event.state) == EventState.DRAFT,
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    if class_id is not None:
        statement = statement.where(col(TalkRound.class_id) == class_id)
    found: int | None = (await uow.execute(statement)).scalar_one_or_none()
    return found


async def list_rounds(uow: UnitOfWork, actor: Actor, since: datetime) -> list[RoundRow]:
    """Return the open rounds that an actor looks after and that are not over, the nearest first."""
    statement = _ROUND.where(col(Event.state) == EventState.OPEN, col(Event.ends_at) > since)
    if not actor.leads:
        own = [one.id for one in await list_own_classes(uow, actor)]
        statement = statement.where(col(TalkRound.teacher_id) == actor.person_id, col(TalkRound.class_id).in_(own))
    return [_round(row) for row in await uow.execute(statement.order_by(col(Event.starts_at), col(Event.id)))]


async def list_teacher_times(uow: UnitOfWork, teacher_id: int, but: int) -> list[Booked]:
    """Return the times of a teacher's other open rounds: nobody can be in two talks."""
    found = await uow.execute(
        sa.select(col(Slot.starts_at), col(Slot.ends_at))
        .join(TalkRound, col(TalkRound.event_id) == col(Slot.event_id))
        .join(Event, col(Event.id) == col(Slot.event_id))
        .where(
            col(TalkRound.teacher_id) == teacher_id,
            col(Event.state) == EventState.OPEN,
            col(Event.id) != but,
            col(Slot.ends_at) > uow.now,
            sa.or_(col(Slot.closed).is_(False), col(Slot.talk_id).is_not(None)),
        )
    )
    return [Booked(*row) for row in found]


async def change_round(uow: UnitOfWork, event_id: int, **values: Any) -> None:
    """Change the event of a round."""
    await uow.change(sa.update(table(Event)).where(col(Event.id) == event_id).values(**values))


# --- talks ---------------------------------------------------------------------------------------


_TALK_ID = sa.select(col(Talk.id)).where(
    col(Talk.event_id) == sa.bindparam("event"), col(Talk.pupil_id) == sa.bindparam("pupil")
)


async def find_talk(uow: UnitOfWork, event_id: int, pupil_id: int) -> Talk | None:
    """Return a pupil's talk of a round, booked or cancelled. Who changes it has called `hold_home`."""
    if (await uow.execute(_TALK_ID, {"event": event_id, "pupil": pupil_id})).first() is None:
        return None
    found = await uow.load(
        sa.select(Talk)
        .where(col(Talk.event_id) == event_id, col(Talk.pupil_id) == pupil_id)
        .execution_options(populate_existing=True)
    )
    return found[0] if found else None


async def find_booked_talk(uow: UnitOfWork, talk_id: int) -> Talk:
    """Return a talk by its id, as it stands now.

    Raises:
        NotPermitted: there is none.
    """
    found = await uow.load(sa.select(Talk).where(col(Talk.id) == talk_id).execution_options(populate_existing=True))
    if not found:
        raise NotPermitted
    return found[0]


async def list_home(uow: UnitOfWork, pupil_id: int) -> list[int]:
    """Return the pupils who share a guardian with open access with this one, and this one."""
    mine = sa.select(col(Guardianship.person_id)).join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
    mine = mine.where(col(Guardianship.pupil_id) == pupil_id, open_access(uow.today))
    found = await uow.execute(
        sa.select(col(Pupil.id))
        .distinct()
        .join(Guardianship, col(Guardianship.pupil_id) == col(Pupil.id))
        .where(col(Guardianship.person_id).in_(mine), open_access(uow.today))
    )
    return sorted({pupil_id, *found.scalars()})


async def list_booked_of(uow: UnitOfWork, pupils: Collection[int], but: int | None) -> list[tuple[int, Booked]]:
    """Return (pupil, talk) of the booked talks to come of pupils, in whatever round; `but` one talk."""
    if not pupils:
        return []
    statement = sa.select(col(Talk.id), col(Talk.pupil_id), col(Talk.starts_at), col(Talk.ends_at)).where(
        col(Talk.pupil_id).in_(list(pupils)), col(Talk.state) == TalkState.BOOKED, col(Talk.ends_at) > uow.now
    )
    return [(row[1], Booked(row[2], row[3])) for row in await uow.execute(statement) if row[0] != but]


async def list_interpreted(uow: UnitOfWork, event_id: int, but: int | None) -> list[Booked]:
    """Return the booked talks of a round that are interpreted; `but` one talk."""
    found = await uow.execute(
        sa.select(col(Talk.id), col(Talk.starts_at), col(Talk.ends_at), col(Talk.interpreter_language)).where(
            col(Talk.event_id) == event_id,
            col(Talk.state) == TalkState.BOOKED,
            col(Talk.interpreter) == InterpreterWish.WANTED,
        )
    )
    return [Booked(row[1], row[2], row[3]) for row in found if row[0] != but]


async def list_round_pupils(uow: UnitOfWork, class_id: int, ids: Collection[int] | None = None) -> list[PupilRow]:
    """Return the class's pupils by name, all of them or of these ids."""
    statement = (
        sa.select(col(Pupil.id), col(Pupil.name), col(Pupil.birth_date))
        .where(col(Pupil.class_id) == class_id, col(Pupil.left_at).is_(None))
        .order_by(col(Pupil.name), col(Pupil.id))
    )
    if ids is not None:
        statement = statement.where(col(Pupil.id).in_(list(ids)))
    return [PupilRow(*row) for row in await uow.execute(statement)]


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A booked talk on the teacher's board."""

    talk_id: int
    pupil_id: int
    pupil: str
    place: str
    with_pupil: bool
    interpreter: InterpreterWish | None
    language: str


async def list_talk_lines(uow: UnitOfWork, event_id: int) -> dict[int, TalkLine]:
    """Return the booked talks of a round by their id; for its teacher and the leadership."""
    found = await uow.execute(
        sa.select(
            col(Talk.id), col(Talk.pupil_id), col(Pupil.name), col(Talk.place), col(Talk.with_pupil),
            col(Talk.interpreter), col(Talk.interpreter_language),
        )
        .join(Pupil, col(Pupil.id) == col(Talk.pupil_id))
        .where(col(Talk.event_id) == event_id, col(Talk.state) == TalkState.BOOKED)
    )  # fmt: skip
    return {row[0]: TalkLine(*row) for row in found}


async def pupil_name(uow: UnitOfWork, pupil_id: int) -> str:
    """Return a pupil's name."""
    found: str = (await uow.execute(sa.select(col(Pupil.name)).where(col(Pupil.id) == pupil_id))).scalar_one()
    return found
