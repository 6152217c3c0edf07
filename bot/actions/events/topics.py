"""What the invited would like to talk about: written before a meeting, with the name or without (M2, M3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.actions import UnitOfWork
from bot.actions.events.slip import EXPECTED, check_open, touch_board
from bot.actions.events.slip_words import asks_of
from bot.domain.errors import NotPermitted, Stale
from bot.domain.events import TOPIC_LIMIT, Ask
from bot.domain.leave import LineMissing, LineTooLong
from bot.domain.people import Actor
from bot.domain.slip import MOST_TOPICS, EnoughTopics
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.invitations import (
    Invited,
    OwnTopic,
    access_invitation,
    access_topic,
    add_topic,
    list_own_topics,
    withdraw_topic,
)

EXPECT_TOPIC = EXPECTED + "topic"
EXPECT_NAME = EXPECTED + "name"
"""A topic is written and waits for the tap that sends it; another line replaces it."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Somebody's own topics for a meeting, and one that waits to be sent; `room` for another."""

    invited: Invited
    own: tuple[OwnTopic, ...]
    written: str = ""
    draft: int = 0
    asking: bool = False
    """What is written next is a topic."""

    @property
    def room(self) -> bool:
        return len(self.own) < MOST_TOPICS


async def ask_topic(uow: UnitOfWork, actor: Actor, event_id: int) -> Topics:
    """Ask what somebody would like to talk about, while there is room for another topic.

    Raises:
        NotPermitted, DeadlinePassed, EventOver, EventCancelled.
    """
    topics = await _topics(uow, actor, event_id)
    if not topics.room:
        return topics
    await ask(uow, actor.person_id, EXPECT_TOPIC, event_id)
    await uow.commit()
    return replace(topics, asking=True)


async def keep_topic(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Topics:
    """Keep a topic until the person has said whether the name may stand beside it; nothing is sent.

    Raises:
        LineMissing, LineTooLong: it is empty, or longer than `TOPIC_LIMIT`.
        NotPermitted, DeadlinePassed, EventOver, EventCancelled.
    """
    topics = await _topics(uow, actor, question.ref_id)
    line = " ".join(text.split())
    if not line:
        raise LineMissing
    if len(line) > TOPIC_LIMIT:
        raise LineTooLong(length=len(line), limit=TOPIC_LIMIT)
    draft = max(int(uow.now.timestamp()), int(question.data.get("draft", 0)) + 1)
    await ask(uow, actor.person_id, EXPECT_NAME, question.ref_id, text=line, draft=draft)
    await uow.commit()
    return replace(topics, written=line, draft=draft)


async def send_topic(uow: UnitOfWork, actor: Actor, event_id: int, draft: int, *, named: bool) -> Topics:
    """Send the topic that was written; the organiser's screen follows. A second tap sends nothing.

    When it was written anew meanwhile, nothing is sent, and what is `written` now comes back.

    Raises:
        Stale: none is waiting for this meeting. EnoughTopics: there is no room.
        NotPermitted, DeadlinePassed, EventOver, EventCancelled.
    """
    topics = await _topics(uow, actor, event_id, hold=True)
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_NAME or question.ref_id != event_id:
        raise Stale
    if question.data["draft"] != draft:
        return replace(topics, written=str(question.data["text"]), draft=int(question.data["draft"]))
    if not topics.room:
        raise EnoughTopics
    if not await close_question(uow, actor.person_id):
        raise Stale  # the same tap a moment ago
    added = await add_topic(uow, actor, event_id, str(question.data["text"]), named=named)
    await touch_board(uow, topics.invited.event)
    await audit(uow, actor.person_id, "event.topic", "event", event_id, topic=added, named=named)
    await uow.commit()
    return Topics(topics.invited, tuple(await list_own_topics(uow, actor, event_id)))


async def drop_topic(uow: UnitOfWork, actor: Actor, topic_id: int) -> Topics:
    """Take an own topic back.

    Raises:
        NotPermitted: it is not there any more, or somebody else's. DeadlinePassed, EventOver, EventCancelled.
    """
    topic = await access_topic(uow, actor, topic_id)
    invited = (await _topics(uow, actor, topic.event_id, hold=True)).invited
    await withdraw_topic(uow, topic_id)
    await touch_board(uow, invited.event)
    await audit(uow, actor.person_id, "event.topic_back", "event", topic.event_id, topic=topic_id)
    await uow.commit()
    return Topics(invited, tuple(await list_own_topics(uow, actor, topic.event_id)))


async def _topics(uow: UnitOfWork, actor: Actor, event_id: int, *, hold: bool = False) -> Topics:
    invited = await access_invitation(uow, actor, event_id, hold=hold)
    if Ask.TOPICS not in asks_of(invited.event):
        raise NotPermitted
    check_open(invited.event, uow.now)
    return Topics(invited, tuple(await list_own_topics(uow, actor, event_id)))
