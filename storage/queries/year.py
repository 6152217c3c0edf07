"""What stands in a person's calendar, and the dates of the year wheel (M6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.events import EVENT_RULES, Circle, EventAnswer, EventKind, EventState
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, Role
from storage.models import ClassStaff, Event, Invitation, Pupil, SchoolClass, Talk, TalkRound
from storage.session import UnitOfWork

SHOWN = (EventState.OPEN, EventState.CANCELLED)


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event that concerns a person, with the person's own answer.

    `classes` tells which of the person's classes it is about; empty for who has one only, and for the whole school.
    """

    event: Event
    answer: EventAnswer | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnTalk:
    """A talk of an own child, or one that the person holds; `event_uid` is the round's name in calendars."""

    talk: Talk
    event_uid: str
    class_name: str
    video_url: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The classes and years that concern a person now: the own children's, and for staff those that they teach."""

    classes: Mapping[int, str]
    """Names by id."""
    grades: Mapping[int, int]
    """Years by the class's id."""
    roles: frozenset[Role]
    leads: bool
    belongs: bool
    """Has a child or a role here."""

    def concerns(self, event: Event) -> bool:
        """Tell whether a date of the year wheel concerns the person."""
        rule = EVENT_RULES[event.kind]
        if rule.circle in {Circle.REPRESENTATIVES, Circle.COMMITTEE}:
            return self.leads or Role.REPRESENTATIVE in self.roles
        if self.leads or event.audience is AudienceKind.SCHOOL:
            return self.belongs
        wanted = set(event.audience_ids)
        if event.audience is AudienceKind.GRADE:
            return bool(wanted & set(self.grades.values()))
        return event.audience is AudienceKind.CLASSES and bool(wanted & set(self.classes))

    def own_classes(self, event: Event) -> tuple[str, ...]:
        """Return which of several own classes an event is for; nothing where that needs no saying."""
        wanted = set(event.audience_ids)
        if len(self.classes) < 2 or event.audience not in {AudienceKind.GRADE, AudienceKind.CLASSES}:
            return ()
        by_grade = event.audience is AudienceKind.GRADE
        return tuple(
            sorted(name for one, name in self.classes.items() if (self.grades[one] if by_grade else one) in wanted)
        )


async def find_reach(uow: UnitOfWork, actor: Actor) -> Reach:
    """Return what concerns a person, as it is now."""
    own = sa.select(col(Pupil.class_id)).where(col(Pupil.id).in_(sorted(actor.children)))
    taught = sa.select(col(ClassStaff.class_id)).where(col(ClassStaff.person_id) == actor.person_id)
    among = sa.or_(col(SchoolClass.id).in_(own), col(SchoolClass.id).in_(taught) if actor.roles else sa.false())
    columns = (col(SchoolClass.id), col(SchoolClass.name), col(SchoolClass.grade))
    found = (await uow.execute(sa.select(*columns).where(among))).all()
    return Reach(
        {row[0]: row[1] for row in found},
        {row[0]: row[2] for row in found},
        actor.roles,
        actor.leads,
        bool(actor.roles or actor.children),
    )


async def access_calendar_event(uow: UnitOfWork, actor: Actor, event_id: int) -> OwnEvent:
    """Return an event that concerns a person: invited, called by the person, or a date of the year wheel.

    Raises:
        NotPermitted: there is none, it is a draft, or the person's right has ended.
    """
    found = await uow.load(sa.select(Event).where(col(Event.id) == event_id, col(Event.state).in_(SHOWN)))
    if not found or found[0].day is None:
        raise NotPermitted
    event = found[0]
    reach = await find_reach(uow, actor)
    classes = reach.own_classes(event)
    if event.source_key is not None:
        if not reach.concerns(event):
            raise NotPermitted
        return OwnEvent(event, classes=classes)
    invited = (
        await uow.load(
            sa.select(Invitation).where(
                col(Invitation.event_id) == event_id, col(Invitation.person_id) == actor.person_id
            )
        )
    )[:1]
    if invited and _still(actor, invited[0].pupil_ids):
        return OwnEvent(event, invited[0].answer, classes)
    if event.organiser_id == actor.person_id and actor.roles:
        return OwnEvent(event, classes=classes)
    raise NotPermitted


def _still(actor: Actor, pupil_ids: Sequence[int]) -> bool:
    return bool(actor.children & set(pupil_ids)) if pupil_ids else bool(actor.roles)


async def list_own_events(uow: UnitOfWork, actor: Actor, since: date) -> list[OwnEvent]:
    """Return what concerns a person from a day on, by time; rounds of talks are left out, their talks count."""
    timely = (
        col(Event.state).in_(SHOWN),
        col(Event.kind) != EventKind.CONFERENCE,
        sa.or_(col(Event.day) >= since, col(Event.ends_at) > uow.school.at(datetime.combine(since, time()))),
    )
    reach = await find_reach(uow, actor)
    found = {
        event.id: OwnEvent(event, classes=reach.own_classes(event))
        for event in await uow.load(sa.select(Event).where(*timely, col(Event.source_key).is_not(None)))
        if reach.concerns(event)
    }
    own = sa.or_(
        col(Event.organiser_id) == actor.person_id if actor.roles else sa.false(),
        col(Event.id).in_(sa.select(col(Invitation.event_id)).where(col(Invitation.person_id) == actor.person_id)),
    )
    events = await uow.load(sa.select(Event).where(*timely, col(Event.source_key).is_(None), own))
    ids = [event.id for event in events]
    invited = {
        one.event_id: one
        for one in await uow.load(
            sa.select(Invitation).where(col(Invitation.person_id) == actor.person_id, col(Invitation.event_id).in_(ids))
        )
    }
    for event in events:
        mine = invited.get(event.id or 0)
        if mine is not None and _still(actor, mine.pupil_ids):
            found[event.id] = OwnEvent(event, mine.answer, reach.own_classes(event))
        elif event.organiser_id == actor.person_id and actor.roles:
            found[event.id] = OwnEvent(event, classes=reach.own_classes(event))
    return sorted(found.values(), key=lambda one: _order(one.event))


def _order(event: Event) -> tuple[datetime, int]:
    """By time, what takes the whole day first."""
    return datetime.combine(event.day or date.min, event.starts or time()), event.id or 0


_TALKS = (
    sa.select(Talk, col(Event.uid), col(SchoolClass.name), col(TalkRound.video_url), col(TalkRound.teacher_id))
    .join(Event, col(Event.id) == col(Talk.event_id))
    .join(TalkRound, col(TalkRound.event_id) == col(Talk.event_id))
    .join(SchoolClass, col(SchoolClass.id) == col(TalkRound.class_id))
)


def _own_talks(actor: Actor) -> sa.ColumnElement[bool]:
    taught = sa.select(col(ClassStaff.class_id)).where(col(ClassStaff.person_id) == actor.person_id)
    teaches = sa.and_(
        col(TalkRound.teacher_id) == actor.person_id,
        sa.true() if actor.leads else col(TalkRound.class_id).in_(taught),
    )
    return sa.or_(col(Talk.pupil_id).in_(sorted(actor.children)), teaches if actor.roles else sa.false())


async def access_calendar_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> OwnTalk:
    """Return a talk about one of the person's own children, or one that the person holds, with the class.

    Raises:
        NotPermitted: there is none, or it is somebody else's.
    """
    statement = _TALKS.where(col(Talk.id) == talk_id, _own_talks(actor))
    row = (await uow.session.execute(statement)).one_or_none()
    if row is None:
        raise NotPermitted
    return OwnTalk(*row[:4])


async def list_own_talks(uow: UnitOfWork, actor: Actor, since: date) -> list[OwnTalk]:
    """Return the talks of a person from a day on, by time."""
    statement = _TALKS.where(_own_talks(actor), col(Talk.day) >= since).order_by(col(Talk.starts_at), col(Talk.id))
    return [OwnTalk(*row[:4]) for row in await uow.session.execute(statement)]
