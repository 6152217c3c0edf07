"""Talks of a home and the school: what is said before, what was agreed, and who may see it (M5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.conferences import PointOwner, TalkPlace, TalkState
from bot.domain.errors import NotPermitted
from bot.domain.events import EventState, GenderWish, InterpreterWish
from bot.domain.outgoing import ACTIVE, OutgoingState
from bot.domain.people import LEADERSHIP, Actor
from storage.models import (
    AgreedPoint,
    ClassStaff,
    Event,
    Guardianship,
    Outgoing,
    Person,
    Pupil,
    SchoolClass,
    StaffRole,
    Talk,
    TalkPreparation,
    TalkRound,
)
from storage.queries.leave import list_family
from storage.session import UnitOfWork
from storage.sql import table, upsert

_TALK, _POINT = table(Talk), table(AgreedPoint)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """What a talk takes over from its round; None where the school's own number of days or hours counts."""

    teacher_id: int
    class_id: int
    remind_days: int | None
    remind_hours: int | None


async def find_round(uow: UnitOfWork, event_id: int) -> RoundRow | None:
    """Return the round of conferences that is this event."""
    row = (
        await uow.execute(
            sa.select(
                col(TalkRound.teacher_id), col(TalkRound.class_id), col(Event.remind_days), col(Event.remind_hours)
            )
            .join(Event, col(Event.id) == col(TalkRound.event_id))
            .where(col(TalkRound.event_id) == event_id)
        )
    ).one_or_none()
    return RoundRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk as stored, with its pupil, the pupil's class of now, and the teacher whose round it is."""

    id: int
    event_id: int
    pupil_id: int
    pupil_name: str
    birth_date: date
    class_id: int
    class_name: str
    teacher_id: int
    teacher_name: str
    video_url: str
    cancelled: bool
    booked_by: int
    place: TalkPlace
    with_pupil: bool
    interpreter: InterpreterWish | None
    interpreter_language: str
    dialect: str
    gender: GenderWish | None
    day: date
    starts: time
    starts_at: datetime
    ends_at: datetime
    summary: str
    summary_language: str
    summary_version: int
    summarised_by: int | None
    summarised_at: datetime | None
    confirmed_by: int | None
    confirmed_at: datetime | None
    draft: dict[str, Any] | None


_CALLED_OFF = sa.and_(
    col(Event.state) == EventState.CANCELLED,
    sa.func.coalesce(_TALK.c.starts_at > col(Event.cancelled_at), sa.true()),
)
"""With its round; a talk that was held before stays as it is."""

_ROWS = (
    sa.select(
        _TALK.c.id,
        _TALK.c.event_id,
        _TALK.c.pupil_id,
        col(Pupil.name),
        col(Pupil.birth_date),
        col(Pupil.class_id),
        col(SchoolClass.name),
        col(TalkRound.teacher_id),
        col(Person.name),
        col(TalkRound.video_url),
        sa.or_(_TALK.c.state == TalkState.CANCELLED, _CALLED_OFF),
        *(
            _TALK.c[name]
            for name in (
                "booked_by", "place", "with_pupil", "interpreter", "interpreter_language", "dialect", "gender", "day",
                "starts", "starts_at", "ends_at", "summary", "summary_language", "summary_version", "summarised_by",
                "summarised_at", "confirmed_by", "confirmed_at", "draft",
            )
        ),
    )
    .join(Event, col(Event.id) == _TALK.c.event_id)
    .join(TalkRound, col(TalkRound.event_id) == _TALK.c.event_id)
    .join(Person, col(Person.id) == col(TalkRound.teacher_id))
    .join(Pupil, col(Pupil.id) == _TALK.c.pupil_id)
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
    .where(col(Pupil.left_at).is_(None))
)  # fmt: skip


async def list_talks(uow: UnitOfWork, ids: Collection[int]) -> list[TalkRow]:
    """Return talks of pupils who are at the school; nobody's right is looked at."""
    found = await uow.execute(_ROWS.where(_TALK.c.id.in_(list(ids))).order_by(_TALK.c.starts_at, _TALK.c.id))
    return [TalkRow(*row) for row in found]


async def _one(uow: UnitOfWork, talk_id: int, *, hold: bool) -> TalkRow:
    statement = _ROWS.where(_TALK.c.id == talk_id)
    if hold and not uow.sqlite:
        statement = statement.with_for_update(of=_TALK)
    row = (await uow.execute(statement)).one_or_none()
    if row is None:
        raise NotPermitted
    return TalkRow(*row)


async def access_home_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> TalkRow:
    """Return a talk about one of a guardian's own children, held until this transaction ends.

    Raises:
        NotPermitted: there is none, or the guardian's access to the child has ended.
    """
    row = await _one(uow, talk_id, hold=True)
    if row.pupil_id not in actor.children:
        raise NotPermitted
    return row


async def access_school_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> TalkRow:
    """Return a talk for its round's teacher or the leadership, held until this transaction ends.

    Raises:
        NotPermitted: there is none, the teacher no longer works with the pupil's class, or it is about the own child.
    """
    row = await _one(uow, talk_id, hold=True)
    if actor.person_id in await list_family(uow, row.pupil_id):
        raise NotPermitted  # what the other guardian has written to the school is not for a parent who works there
    if not actor.leads and (
        row.teacher_id != actor.person_id or not await _taught(uow, actor.person_id, {row.class_id})
    ):
        raise NotPermitted
    return row


async def _taught(uow: UnitOfWork, person_id: int, classes: Collection[int]) -> set[int]:
    found = await uow.execute(
        sa.select(col(ClassStaff.class_id)).where(
            col(ClassStaff.person_id) == person_id, col(ClassStaff.class_id).in_(list(classes))
        )
    )
    return set(found.scalars())


async def list_school_side(uow: UnitOfWork, people: Collection[int]) -> tuple[set[tuple[int, int]], set[int]]:
    """Return (person, class) pairs of those who teach now, and those who are of the leadership."""
    taught = await uow.execute(
        sa.select(col(ClassStaff.person_id), col(ClassStaff.class_id)).where(
            col(ClassStaff.person_id).in_(list(people))
        )
    )
    leaders = await uow.execute(
        sa.select(col(StaffRole.person_id)).where(
            col(StaffRole.person_id).in_(list(people)), col(StaffRole.role).in_(LEADERSHIP)
        )
    )
    return {(row[0], row[1]) for row in taught}, set(leaders.scalars())


async def list_languages(uow: UnitOfWork, people: Collection[int]) -> dict[int, str | None]:
    """Return what each person reads: the chosen language, else the home's."""
    found = await uow.execute(
        sa.select(col(Person.id), sa.func.coalesce(col(Person.language), col(Person.home_language))).where(
            col(Person.id).in_(list(people))
        )
    )
    return {row[0]: row[1] for row in found}


async def change_talk(uow: UnitOfWork, talk_id: int, **values: Any) -> TalkRow:
    """Change a held talk and return it as it is now."""
    await uow.change(sa.update(_TALK).where(_TALK.c.id == talk_id).values(**values))
    return await _one(uow, talk_id, hold=False)


def _school_of(person_id: int) -> sa.ColumnElement[bool]:
    own = sa.select(col(ClassStaff.class_id)).where(col(ClassStaff.person_id) == person_id)
    kin = sa.select(col(Guardianship.pupil_id)).where(col(Guardianship.person_id) == person_id)
    return sa.and_(col(TalkRound.teacher_id) == person_id, col(Pupil.class_id).in_(own), _TALK.c.pupil_id.not_in(kin))


async def list_unwritten_of(
    uow: UnitOfWork, person_id: int, since: datetime, *, limit: int, offset: int = 0
) -> list[TalkRow]:
    """Return a teacher's own talks that are over since then and have no summary yet, the oldest first."""
    statement = _ROWS.where(
        _school_of(person_id),
        _TALK.c.state == TalkState.BOOKED,
        sa.not_(_CALLED_OFF),
        _TALK.c.ends_at <= uow.now,
        _TALK.c.ends_at >= since,
        _TALK.c.summary_version == 0,
    )
    found = await uow.execute(statement.order_by(_TALK.c.starts_at, _TALK.c.id).offset(offset).limit(limit))
    return [TalkRow(*row) for row in found]


async def list_home_talks(
    uow: UnitOfWork, actor: Actor, since: datetime, *, limit: int, offset: int = 0
) -> list[TalkRow]:
    """Return the booked talks about a guardian's children that end at `since` or later, the next first."""
    statement = _ROWS.where(
        _TALK.c.pupil_id.in_(actor.children),
        _TALK.c.state == TalkState.BOOKED,
        col(Event.state) != EventState.CANCELLED,
        _TALK.c.ends_at >= since,
    )
    found = await uow.execute(statement.order_by(_TALK.c.starts_at, _TALK.c.id).offset(offset).limit(limit))
    return [TalkRow(*row) for row in found]


# --- what a guardian writes before a talk ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preparation:
    """A guardian's words before a talk."""

    id: int
    person_id: int
    name: str
    text: str
    language: str


async def store_preparation(uow: UnitOfWork, talk_id: int, person_id: int, text: str, language: str) -> None:
    """Store a guardian's words, in place of earlier ones."""
    values = {"text": text, "language": language, "written_at": uow.now}
    await uow.execute(
        upsert(uow, TalkPreparation)
        .values(talk_id=talk_id, person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["talk_id", "person_id"], set_=values)
    )


async def list_preparations(uow: UnitOfWork, talk_id: int, person_id: int | None = None) -> list[Preparation]:
    """Return what was written before a talk: by one guardian, or by everybody (for the school's side)."""
    statement = (
        sa.select(
            col(TalkPreparation.id),
            col(TalkPreparation.person_id),
            col(Person.name),
            col(TalkPreparation.text),
            col(TalkPreparation.language),
        )
        .join(Person, col(Person.id) == col(TalkPreparation.person_id))
        .where(col(TalkPreparation.talk_id) == talk_id)
        .order_by(col(TalkPreparation.written_at), col(TalkPreparation.id))
    )
    if person_id is not None:
        statement = statement.where(col(TalkPreparation.person_id) == person_id)
    return [Preparation(*row) for row in await uow.execute(statement)]


# --- what was agreed ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointRow:
    """Something agreed in a talk that was sent to the home."""

    id: int
    talk_id: int
    pupil_id: int
    text: str
    language: str
    owner: PointOwner
    by_day: date | None
    done_at: datetime | None
    done_by: int | None
    dropped: bool

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.dropped


_POINTS = (
    sa.select(
        _POINT.c.id,
        _POINT.c.talk_id,
        _TALK.c.pupil_id,
        *(_POINT.c[name] for name in ("text", "language", "owner", "by_day", "done_at", "done_by")),
        _POINT.c.dropped_at.is_not(None),
    )
    .join(_TALK, _TALK.c.id == _POINT.c.talk_id)
    .order_by(_POINT.c.id)
)


async def access_point(uow: UnitOfWork, actor: Actor, point_id: int) -> tuple[PointRow, TalkRow, bool]:
    """Return a point with its talk for the home or the school, and whether it is the home; held, the talk first.

    Raises:
        NotPermitted: there is none, it was taken back, or the actor is of neither side now.
    """
    talk_id = (await uow.execute(sa.select(_POINT.c.talk_id).where(_POINT.c.id == point_id))).scalar_one_or_none()
    if talk_id is None:
        raise NotPermitted
    talk, home = await access_talk(uow, actor, talk_id)
    [point] = [PointRow(*row) for row in await uow.execute(_POINTS.where(_POINT.c.id == point_id))]
    if point.dropped:
        raise NotPermitted
    return point, talk, home


async def access_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> tuple[TalkRow, bool]:
    """Return a talk for the home or the school, and whether it is the home; held until this transaction ends.

    Raises:
        NotPermitted: there is none, or the actor is of neither side now.
    """
    try:
        return await access_home_talk(uow, actor, talk_id), True
    except NotPermitted:
        return await access_school_talk(uow, actor, talk_id), False


async def list_points(uow: UnitOfWork, talk_ids: Collection[int]) -> list[PointRow]:
    """Return what stands as agreed in talks, done or not, in the order of agreeing."""
    found = await uow.execute(_POINTS.where(_POINT.c.talk_id.in_(list(talk_ids)), _POINT.c.dropped_at.is_(None)))
    return [PointRow(*row) for row in found]


async def list_points_by_id(uow: UnitOfWork, ids: Collection[int]) -> list[PointRow]:
    """Return points whatever became of them; nobody's right is looked at."""
    return [PointRow(*row) for row in await uow.execute(_POINTS.where(_POINT.c.id.in_(list(ids))))]


async def list_open_points_of(uow: UnitOfWork, pupil_ids: Collection[int]) -> list[PointRow]:
    """Return the open points of pupils' talks, whichever round they are from."""
    found = await uow.execute(
        _POINTS.where(_TALK.c.pupil_id.in_(list(pupil_ids)), _POINT.c.dropped_at.is_(None), _POINT.c.done_at.is_(None))
    )
    return [PointRow(*row) for row in found]


async def list_open_talks(uow: UnitOfWork, actor: Actor, *, home: bool, offset: int, limit: int) -> list[TalkRow]:
    """Return the talks of which something agreed is still open, the next day first, those without a day last."""
    still = (
        sa.select(_POINT.c.talk_id, sa.func.min(_POINT.c.by_day).label("next_day"))
        .where(_POINT.c.dropped_at.is_(None), _POINT.c.done_at.is_(None))
        .group_by(_POINT.c.talk_id)
        .subquery()
    )
    statement = _ROWS.join(still, still.c.talk_id == _TALK.c.id)
    statement = statement.where(_TALK.c.pupil_id.in_(actor.children) if home else _school_of(actor.person_id))
    order = (still.c.next_day.is_(None), still.c.next_day, _TALK.c.starts_at, _TALK.c.id)
    found = await uow.execute(statement.order_by(*order).offset(offset).limit(limit))
    return [TalkRow(*row) for row in found]


async def add_point(uow: UnitOfWork, **values: Any) -> int:
    """Store something agreed and return its id."""
    row = {"done_at": None, "done_by": None, "dropped_at": None, "made_at": uow.now, **values}
    found: int = (await uow.execute(sa.insert(_POINT).values(**row).returning(_POINT.c.id))).scalar_one()
    return found


async def drop_points(uow: UnitOfWork, ids: Collection[int]) -> None:
    """Take back what no longer stands as agreed."""
    if ids:
        await uow.change(sa.update(_POINT).where(_POINT.c.id.in_(list(ids))).values(dropped_at=uow.now))


async def set_done(uow: UnitOfWork, point_id: int, by: int | None) -> None:
    """Write down that a point is done and by whose word, or with None that it is open."""
    done_at = uow.now if by is not None else None
    await uow.change(sa.update(_POINT).where(_POINT.c.id == point_id).values(done_at=done_at, done_by=by))


async def list_told(uow: UnitOfWork, about: str, about_id: int) -> list[tuple[int, int]]:
    """Return (outgoing row, person) of the messages about a thing that stand on a screen, or will."""
    found = await uow.execute(
        sa.select(col(Outgoing.id), col(Outgoing.recipient_id))
        .where(
            col(Outgoing.about) == about,
            col(Outgoing.about_id) == about_id,
            col(Outgoing.edits_id).is_(None),
            col(Outgoing.state).in_([*ACTIVE, OutgoingState.SENT]),
        )
        .order_by(col(Outgoing.id))
    )
    return [(row[0], row[1]) for row in found]
