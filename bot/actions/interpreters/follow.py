"""Interpreters follow a conversation while its home allows it: original and translation, side by side (L4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions import UnitOfWork
from bot.actions.interpreters.words import begins_text, follow_buttons, follow_text
from bot.actions.readers import reader_texts
from bot.domain.errors import DomainError
from bot.domain.interpreters import CONTEXT
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.interpreter_messages import Spoken, find_spoken, list_spoken
from storage.queries.interpreter_tasks import list_waiting_of_threads
from storage.queries.interpreters import (
    Followed,
    HomeOf,
    access_followed_thread,
    access_interpreter,
    find_home,
    list_followed,
    list_followers,
)
from storage.queries.people import find_actor_by_person, find_contact
from storage.queries.renderings import ensure_renderings, list_renderings_of

FOLLOW = "follow"
"""What outgoing messages of a followed conversation are about; `about_id` is the conversation's."""
ON_PAGE = 4
LAST_PAGE = 99


async def follow(uow: UnitOfWork, thread_id: int, message_id: int, *, due: datetime | None = None) -> None:
    """Let those who may follow a conversation have its new message, not before `due`; the caller commits."""
    followers = await list_followers(uow, thread_id)
    message = await find_spoken(uow, message_id) if followers else None
    home = await find_home(uow, thread_id) if followers else None
    if message is None or home is None or not message.has_words:
        return
    for person_id in {one.interpreter_id for one in followers} - {message.author_id}:
        await send_followed(uow, person_id, home, [message], due=due)


async def send_followed(
    uow: UnitOfWork, person_id: int, home: HomeOf, messages: Sequence[Spoken], *, due: datetime | None = None
) -> None:
    """Enqueue messages of a conversation for one who may follow it: the same message comes once; no commit."""
    contact = await find_contact(uow, person_id)
    tr = reader_texts(uow, contact.language or contact.home_language if contact else None)
    out = []
    for message in messages:
        language = await read_in(uow, message, home)
        asked = await ensure_renderings(uow, {(Subject.MESSAGE, message.id, language)})
        rendering_id = next((row.id for row in asked.values()), None)
        # not before its author can no longer take it back
        earliest = max(due or message.sent_at + uow.school.undo, uow.now)
        out.append(
            Message(
                person_id,
                OutgoingKind.MESSAGE,
                follow_text(tr, message, home.pupil, home.class_name, language),
                f"follow:{message.id}:{person_id}",
                buttons=follow_buttons(tr, message.id, rendering_id),
                lane=Lane.ORDINARY,
                due_at=uow.school.considerate(earliest),
                about=FOLLOW,
                about_id=home.thread_id,
            )
        )
    await enqueue(uow, *out)


async def read_in(uow: UnitOfWork, message: Spoken, home: HomeOf) -> str:
    """Return the language in which the other side reads a message: what an interpreter is to look at."""
    if not message.by_home:
        return reader_texts(uow, home.language).code
    asked = [row.language for row in await list_renderings_of(uow, Subject.MESSAGE, message.id)]
    if uow.school.language in asked or not asked:
        return uow.school.language
    return asked[0]


async def begin_following(uow: UnitOfWork, person_id: int, thread_ids: Collection[int]) -> None:
    """Tell an interpreter what a home allows, with what waits there and a little of what was said; no commit."""
    for thread_id in thread_ids:
        followed = await _as_follower(uow, person_id, thread_id)
        home = await find_home(uow, thread_id)
        if followed is None or home is None:
            continue
        waiting = {row.subject_id for row in await list_waiting_of_threads(uow, [thread_id])}
        recent = await list_spoken(uow, thread_id, limit=CONTEXT)
        found = [await find_spoken(uow, ref) for ref in sorted(waiting - {message.id for message in recent})]
        earlier = [message for message in found if message is not None and message.has_words]
        if not recent and not earlier:
            continue  # of a conversation in which nothing was said there is nothing to tell
        await _announce(uow, person_id, followed)
        await send_followed(uow, person_id, home, [*earlier, *recent])


async def _as_follower(uow: UnitOfWork, person_id: int, thread_id: int) -> Followed | None:
    actor = await find_actor_by_person(uow, person_id)
    if actor is None:
        return None
    try:
        return await access_followed_thread(uow, actor, thread_id)
    except DomainError:
        return None


async def _announce(uow: UnitOfWork, person_id: int, followed: Followed) -> None:
    contact = await find_contact(uow, person_id)
    tr = reader_texts(uow, contact.language or contact.home_language if contact else None)
    await enqueue(
        uow,
        Message(
            person_id,
            OutgoingKind.MESSAGE,
            begins_text(tr, followed, uow.school),
            f"follow-begins:{followed.id}:{person_id}:{followed.until:%Y%m%d}",
            lane=Lane.ORDINARY,
            due_at=uow.school.considerate(uow.now),
            about=FOLLOW,
            about_id=followed.id,
        ),
    )


@dataclass(frozen=True, slots=True)
class FollowedView:
    """A conversation with its last messages, each with the language in which the other side reads it."""

    thread: Followed
    messages: tuple[tuple[Spoken, str], ...]


async def show_followed(uow: UnitOfWork, actor: Actor, thread_id: int) -> FollowedView:
    """Return the last messages of a conversation that an interpreter may follow; looking is recorded.

    Raises:
        NotPermitted: the actor was never allowed to. NotPromised. AccessEnded.
    """
    followed = await access_followed_thread(uow, actor, thread_id)
    home = await find_home(uow, thread_id)
    assert home is not None  # noqa: S101  (it was found a moment ago)
    found = await list_spoken(uow, thread_id, limit=CONTEXT, gone_out=True)
    messages = tuple([(message, await read_in(uow, message, home)) for message in found])
    await audit(uow, actor.person_id, "interpreter.read", "thread", thread_id)
    await uow.commit()
    return FollowedView(followed, messages)


@dataclass(frozen=True, slots=True)
class FollowedPage:
    """Some of the conversations that an interpreter may follow."""

    found: tuple[Followed, ...]
    page: int
    more: bool


async def list_own_followed(uow: UnitOfWork, actor: Actor, page: int) -> FollowedPage:
    """Return a page of the conversations that an interpreter may follow.

    Raises:
        NotPermitted: the actor is no interpreter. NotPromised.
    """
    await access_interpreter(uow, actor)
    page = min(max(0, page), LAST_PAGE)
    found = await list_followed(uow, actor.person_id, offset=page * ON_PAGE, limit=ON_PAGE + 1)
    return FollowedPage(tuple(found[:ON_PAGE]), page, len(found) > ON_PAGE)
