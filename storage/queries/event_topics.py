"""What the invited would like to talk about, for those who prepare the meeting (M3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.events import EVENT_RULES, Ask, EventState
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, Role
from storage.models import Event, Invitation, Person, Topic
from storage.queries.events import access_called_event
from storage.session import UnitOfWork


async def access_topics(uow: UnitOfWork, actor: Actor, event_id: int) -> Event:
    """Return an event whose topics the actor sees: an own one, or as a parent representative who is invited (M3).

    At a meeting about one pupil nobody represents parents: it would be the other guardian who reads (P9).

    Raises:
        NotPermitted: neither.
    """
    try:
        return await access_called_event(uow, actor, event_id)
    except NotPermitted:
        if Role.REPRESENTATIVE not in actor.roles:
            raise
    found: list[Event] = await uow.load(_invited_of(actor).where(col(Event.id) == event_id))
    if not found or not await _concerned(uow, actor, event_id):
        raise NotPermitted
    return found[0]


def _invited_of(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(Event)
        .join(Invitation, col(Invitation.event_id) == col(Event.id))
        .where(
            col(Invitation.person_id) == actor.person_id,
            col(Event.state) == EventState.OPEN,
            col(Event.audience) != AudienceKind.PUPIL,
            col(Event.kind).in_([kind for kind, rule in EVENT_RULES.items() if Ask.TOPICS in rule.asks]),
        )
    )


async def _concerned(uow: UnitOfWork, actor: Actor, event_id: int) -> bool:
    pupils = (
        await uow.execute(
            sa.select(col(Invitation.pupil_ids)).where(
                col(Invitation.event_id) == event_id, col(Invitation.person_id) == actor.person_id
            )
        )
    ).scalar_one_or_none()
    return pupils is not None and (not pupils or bool(actor.children.intersection(pupils)))


async def list_topic_events(uow: UnitOfWork, actor: Actor, limit: int = 3) -> list[Event]:
    """Return events to come whose topics a parent representative sees beside those of the own."""
    if Role.REPRESENTATIVE not in actor.roles:
        return []
    found = await uow.load(
        _invited_of(actor)
        .where(col(Event.starts_at) >= uow.now, col(Event.organiser_id) != actor.person_id)
        .order_by(col(Event.starts_at))
        .limit(limit * 2)
    )
    return [event for event in found if event.id is not None and await _concerned(uow, actor, event.id)][:limit]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """Something that somebody would like to talk about; `name` is empty unless the person said it may stand there."""

    text: str
    language: str
    name: str


async def list_event_topics(uow: UnitOfWork, event_id: int) -> list[TopicRow]:
    """Return the topics of an event in the order in which they came, without a name that was not given (P9)."""
    found = await uow.execute(
        sa.select(col(Topic.text), col(Topic.language), col(Topic.named), col(Person.name))
        .join(Person, col(Person.id) == col(Topic.person_id))
        .where(col(Topic.event_id) == event_id, col(Topic.withdrawn_at).is_(None))
        .order_by(col(Topic.id))
    )
    return [TopicRow(row[0], row[1], row[3] if row[2] else "") for row in found]
