"""The page of those who call events, and the topics that homes have sent (M3, M8)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.events.audience import check_event_audience
from bot.actions.events.board import EventBoard, board_of, event_over, sees_names
from bot.actions.events.render import EventContent, content_of
from bot.actions.home import leave_question
from bot.domain.errors import NotPermitted
from bot.domain.event_draft import kinds_for
from bot.domain.people import Actor
from storage.models import Event
from storage.queries.event_topics import TopicRow, access_topics, list_event_topics, list_topic_events
from storage.queries.events import (
    access_called_event,
    find_event_draft,
    list_own_events,
)

AT_ONCE = 4
"""Events on the page: what fits beside the other buttons."""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event on the page of its organiser, or of a parent representative who sees its topics."""

    event_id: int
    content: EventContent
    over: bool
    topics_only: bool


@dataclass(frozen=True, slots=True)
class EventsPage:
    """Own events and, for a parent representative, those of others; `draft` when one was begun."""

    events: tuple[ListedEvent, ...]
    draft: bool


async def list_events(uow: UnitOfWork, actor: Actor) -> EventsPage:
    """Return what somebody has called; a question that was open is left.

    Raises:
        NotPermitted: the actor calls no events.
    """
    if not kinds_for(actor):
        raise NotPermitted
    await leave_question(uow, actor)
    limit = AT_ONCE + 2 if actor.leads else AT_ONCE
    own = [_listed(event, uow, topics_only=False) for event in await list_own_events(uow, actor, limit)]
    others = [_listed(event, uow, topics_only=True) for event in await list_topic_events(uow, actor)]
    draft = await find_event_draft(uow, actor)
    begun = draft is not None and bool(draft.asked)
    return EventsPage((*own, *others), begun)


def _listed(event: Event, uow: UnitOfWork, *, topics_only: bool) -> ListedEvent:
    assert event.id is not None  # noqa: S101  (it is stored)
    return ListedEvent(event.id, content_of(event, ""), event_over(event, uow.now), topics_only)


@dataclass(frozen=True, slots=True)
class TopicsView:
    """The topics of an event, and its board for whoever looks after it; a representative sees the topics alone."""

    event_id: int
    content: EventContent
    topics: tuple[TopicRow, ...]
    board: EventBoard | None


async def list_topics(uow: UnitOfWork, actor: Actor, event_id: int) -> TopicsView:
    """Return what the invited would like to talk about, without a name that was not given (M3, P9).

    Raises:
        NotPermitted: neither the organiser within today's reach, nor the leadership, nor an invited representative.
    """
    event = await access_topics(uow, actor, event_id)
    board = None
    try:
        event = await access_called_event(uow, actor, event_id)
        if event.organiser_id == actor.person_id:
            await check_event_audience(uow, actor, event.kind, event.audience, event.audience_ids)
        board = await board_of(uow, event, named=sees_names(event, actor))
    except NotPermitted:
        if event.organiser_id == actor.person_id:
            raise
    return TopicsView(event_id, content_of(event, ""), tuple(await list_event_topics(uow, event_id)), board)
