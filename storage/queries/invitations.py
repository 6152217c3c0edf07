"""Invitations from the side of those who are invited: the own one, its answer, the own topics (M1, M2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.conferences import TalkState
from bot.domain.errors import NotPermitted
from bot.domain.events import EventAnswer, EventKind, EventState, around_pupil, invites_roles
from bot.domain.outgoing import OutgoingKind, OutgoingState, Reason
from bot.domain.people import Actor
from storage.models import ClassStaff, Event, Invitation, Outgoing, Person, Pupil, Talk, Topic
from storage.session import UnitOfWork
from storage.sql import table

_INVITATION = table(Invitation)
_TOPIC = table(Topic)
_OUTGOING = table(Outgoing)
_SHOWN = (EventState.OPEN, EventState.CANCELLED)
_NORWEGIAN = frozenset({"nb", "nn", "no"})
"""Who reads one of them needs no interpreter for the other."""
MOST_LISTED = 60
"""Meetings to come that one person's list looks at."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody's own invitation with its event.

    `children` are the names of the pupils it concerns to whom the access is open, or with whom somebody works who is
    invited for that; `organiser` is "" for the school.
    """

    event: Event
    invitation: Invitation
    organiser: str
    children: tuple[str, ...]

    @property
    def event_id(self) -> int:
        return self.invitation.event_id


def _may(actor: Actor, kind: EventKind, pupil_ids: list[int]) -> bool:
    """A home while access to one of its pupils is open; somebody invited by role while there is that role."""
    if pupil_ids:
        return bool(actor.children.intersection(pupil_ids))
    return invites_roles(kind, actor.roles)


def _by_work(kind: EventKind, pupil_ids: list[int]) -> bool:
    """Whether somebody is invited for working with one pupil, which can end while the role goes on."""
    return not pupil_ids and around_pupil(kind)


async def _works_with(uow: UnitOfWork, actor: Actor, pupil_ids: list[int]) -> bool:
    """Tell whether somebody of the school teaches one of these pupils now, or leads the school."""
    if actor.leads:
        return True
    found = await uow.execute(
        sa.select(sa.literal(1))
        .select_from(ClassStaff)
        .join(Pupil, col(Pupil.class_id) == col(ClassStaff.class_id))
        .where(col(ClassStaff.person_id) == actor.person_id, col(Pupil.id).in_(pupil_ids))
        .limit(1)
    )
    return found.first() is not None


async def access_invitation(uow: UnitOfWork, actor: Actor, event_id: int, *, hold: bool = False) -> Invited:
    """Return the actor's own invitation to an event that is open or was cancelled.

    With `hold` nobody else changes it until this transaction ends, nor the event; other people's answers do not wait.

    Raises:
        NotPermitted: there is none, access to all of its pupils has ended, or the role or the work with the pupil has.
    """
    event = await uow.session.get(Event, event_id, with_for_update={"read": True} if hold else None)
    if event is None or event.state not in _SHOWN:
        raise NotPermitted
    statement = (
        sa.select(Invitation)
        .where(col(Invitation.event_id) == event_id, col(Invitation.person_id) == actor.person_id)
        .execution_options(populate_existing=True)
    )
    found = await uow.load(statement.with_for_update() if hold else statement)
    if not found or not _may(actor, event.kind, found[0].pupil_ids):
        raise NotPermitted
    own = sorted(actor.children.intersection(found[0].pupil_ids))
    if _by_work(event.kind, found[0].pupil_ids):
        if not await _works_with(uow, actor, event.audience_ids):
            raise NotPermitted
        own = list(event.audience_ids)
    names = await uow.execute(
        sa.select(col(Pupil.name)).where(col(Pupil.id).in_(own)).order_by(col(Pupil.name))
    ) if own else None  # fmt: skip
    organiser = await uow.execute(sa.select(col(Person.name)).where(col(Person.id) == event.organiser_id))
    return Invited(event, found[0], organiser.scalar_one_or_none() or "", tuple(names.scalars()) if names else ())


async def own_languages(uow: UnitOfWork, person_id: int) -> tuple[str, ...]:
    """Return the languages of a person other than the school's: the home's from the roster, the chosen one."""
    row = (
        await uow.execute(sa.select(col(Person.home_language), col(Person.language)).where(col(Person.id) == person_id))
    ).one()
    school = _NORWEGIAN if uow.school.language in _NORWEGIAN else {uow.school.language}
    return tuple(dict.fromkeys(code for code in row if code and code not in school))


@dataclass(frozen=True, slots=True)
class Listed:
    """A line in somebody's list of meetings.

    `answer` is the one to the event as it is now. A round of conferences has `booked`: the next of the own children's
    talks, and `done` when each of them has one; of another event `done` is that it is answered. `children` are named
    where it concerns some of the own ones and not all.
    """

    event_id: int
    kind: EventKind
    title: str
    starts_at: datetime
    cancelled: bool
    answer: EventAnswer | None
    booked: datetime | None
    done: bool
    children: tuple[str, ...]


async def list_invitations(uow: UnitOfWork, actor: Actor) -> list[Listed]:
    """Return what the actor is invited to and what is not over, the next one first; dates of the year are not here."""
    found = await uow.execute(
        sa.select(
            col(Event.id), col(Event.kind), col(Event.title), col(Event.starts_at), col(Event.state),
            col(Invitation.answer), col(Invitation.answered_revision), col(Event.revision), col(Invitation.pupil_ids),
            col(Event.audience_ids),
        )
        .join(Event, col(Event.id) == col(Invitation.event_id))
        .where(
            col(Invitation.person_id) == actor.person_id,
            col(Event.state).in_(_SHOWN),
            col(Event.kind) != EventKind.DATE,
            sa.func.coalesce(col(Event.ends_at), col(Event.starts_at)) > uow.now,
        )
        .order_by(col(Event.starts_at), col(Event.id))
        .limit(MOST_LISTED)
    )  # fmt: skip
    mine = [row for row in found if _may(actor, EventKind(row[1]), row[8])]
    mine = [row for row in mine if not _by_work(row[1], row[8]) or await _works_with(uow, actor, row[9])]
    talks = await _booked(uow, actor, [row[0] for row in mine if row[1] == EventKind.CONFERENCE])
    names = await _names(uow, actor) if len(actor.children) > 1 else {}
    lines = [_line(actor, row, talks.get(row[0], {}), names) for row in mine]
    return sorted(lines, key=lambda line: line.booked or line.starts_at)


async def _names(uow: UnitOfWork, actor: Actor) -> dict[int, str]:
    found = await uow.execute(
        sa.select(col(Pupil.id), col(Pupil.name)).where(col(Pupil.id).in_(actor.children)).order_by(col(Pupil.name))
    )
    return {row[0]: row[1] for row in found}


def _line(actor: Actor, row: Any, talks: dict[int, datetime], names: dict[int, str]) -> Listed:
    answer = EventAnswer(row[5]) if row[5] and row[6] == row[7] else None
    children = actor.children.intersection(row[8])
    done = children <= talks.keys() if row[1] == EventKind.CONFERENCE else answer is not None
    named = tuple(name for pupil, name in names.items() if pupil in children) if children != actor.children else ()
    return Listed(
        row[0], EventKind(row[1]), row[2], row[3], row[4] == EventState.CANCELLED, answer,
        min(talks.values(), default=None), done, named,
    )  # fmt: skip


async def _booked(uow: UnitOfWork, actor: Actor, rounds: list[int]) -> dict[int, dict[int, datetime]]:
    """Return when the own children's talks of these rounds are: by round, then by pupil."""
    if not rounds:
        return {}
    found = await uow.execute(
        sa.select(col(Talk.event_id), col(Talk.pupil_id), col(Talk.starts_at)).where(
            col(Talk.event_id).in_(rounds), col(Talk.pupil_id).in_(actor.children), col(Talk.state) == TalkState.BOOKED
        )
    )
    talks: dict[int, dict[int, datetime]] = {}
    for event_id, pupil_id, starts_at in found:
        talks.setdefault(event_id, {})[pupil_id] = starts_at
    return talks


async def change_invitation(uow: UnitOfWork, invitation: Invitation, **values: Any) -> None:
    """Change a held invitation, stored and in hand."""
    await uow.change(
        sa.update(_INVITATION)
        .where(_INVITATION.c.id == invitation.id)
        .values(version=_INVITATION.c.version + 1, **values)
    )
    await uow.session.refresh(invitation)


async def drop_waiting_reminders(uow: UnitOfWork, event_id: int, person_id: int) -> None:
    """Drop the reminders of an event that are in the queue for somebody who has just answered (M9)."""
    await uow.change(
        sa.update(_OUTGOING)
        .where(
            _OUTGOING.c.state.in_([OutgoingState.QUEUED, OutgoingState.RETRY]),
            _OUTGOING.c.kind == OutgoingKind.REMINDER,
            _OUTGOING.c.about == "event",
            _OUTGOING.c.about_id == event_id,
            _OUTGOING.c.recipient_id == person_id,
        )
        .values(state=OutgoingState.DROPPED, reason=Reason.CANCELLED, settled_at=uow.now)
    )


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic that its writer proposed for an event."""

    id: int
    event_id: int
    text: str
    named: bool


_OWN_TOPIC = sa.select(_TOPIC.c.id, _TOPIC.c.event_id, _TOPIC.c.text, _TOPIC.c.named).where(
    _TOPIC.c.withdrawn_at.is_(None)
)


async def list_own_topics(uow: UnitOfWork, actor: Actor, event_id: int) -> list[OwnTopic]:
    """Return what the actor proposed for an event and has not taken back."""
    found = await uow.execute(
        _OWN_TOPIC.where(_TOPIC.c.event_id == event_id, _TOPIC.c.person_id == actor.person_id).order_by(_TOPIC.c.id)
    )
    return [OwnTopic(row[0], row[1], row[2], bool(row[3])) for row in found]


async def access_topic(uow: UnitOfWork, actor: Actor, topic_id: int) -> OwnTopic:
    """Return a topic of the actor's own that was not taken back.

    Raises:
        NotPermitted: there is none, or it is somebody else's.
    """
    found = await uow.execute(_OWN_TOPIC.where(_TOPIC.c.id == topic_id, _TOPIC.c.person_id == actor.person_id))
    row = found.one_or_none()
    if row is None:
        raise NotPermitted
    return OwnTopic(row[0], row[1], row[2], bool(row[3]))


async def add_topic(uow: UnitOfWork, actor: Actor, event_id: int, text: str, *, named: bool) -> int:
    """Store a topic and return its id."""
    added = await uow.execute(
        sa.insert(_TOPIC)
        .values(
            event_id=event_id, person_id=actor.person_id, text=text, language=actor.language, named=named,
            made_at=uow.now,
        )
        .returning(_TOPIC.c.id)
    )  # fmt: skip
    topic_id: int = added.scalar_one()
    return topic_id


async def withdraw_topic(uow: UnitOfWork, topic_id: int) -> None:
    """Take a topic back; what it said is forgotten with it."""
    await uow.change(sa.update(_TOPIC).where(_TOPIC.c.id == topic_id).values(withdrawn_at=uow.now, text=""))
