"""A person's conversations, and one of them with its last messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.threads.errors import NobodyReads
from bot.actions.threads.hand import may_hand
from bot.actions.threads.readers import readers_of
from bot.domain.interpreters import Consent
from bot.domain.messages import FileRef
from bot.domain.people import Actor
from bot.domain.threads import Part, SaidRow, ThreadRef
from storage.queries.audit import audit
from storage.queries.interpreters import list_followers
from storage.queries.thread_lists import list_threads
from storage.queries.thread_messages import list_messages
from storage.queries.threads import access_thread, find_call

PAGE = 4
"""Conversations of one screen, so that it has six buttons at most."""
SHOWN = 5
"""Messages of one screen."""
ROOM = 2400
"""Characters of them at most, so that they fit into one screen in every language."""


@dataclass(frozen=True, slots=True)
class ThreadsView:
    """A page of a person's conversations."""

    threads: tuple[ThreadRef, ...]
    page: int
    more: bool


async def list_conversations(uow: UnitOfWork, actor: Actor, page: int = 0) -> ThreadsView:
    """Return the conversations that somebody has a part in: what waits first, then the newest.

    A teacher's are those of the own classes; the leadership's are what was handed over, what has waited too long,
    reports of bullying, and those in which they have written.
    """
    page = max(0, page)
    found = await list_threads(uow, actor, limit=PAGE + 1, offset=page * PAGE)
    return ThreadsView(tuple(found[:PAGE]), page, more=len(found) > PAGE)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A conversation as one of its people sees it.

    Attributes:
        messages: in the order in which they were said.
        older: the message before which there is more to see, 0 when there is none.
        readers: who at the school reads it now; nobody when nobody can be reached.
        call: a request to call is open.
        may_hand, may_give_back: whether this person can hand it over, or give it back.
        followers: the interpreters whom the home lets follow it, the same for both sides to see (P2).
    """

    thread: ThreadRef
    messages: tuple[SaidRow, ...]
    before: int
    older: int
    readers: tuple[str, ...]
    call: bool
    may_hand: bool
    may_give_back: bool
    followers: tuple[Consent, ...] = ()


async def open_conversation(uow: UnitOfWork, actor: Actor, thread_id: int, before: int = 0) -> ThreadView:
    """Return a conversation's newest messages, or those before one; at the school looking is recorded (P6).

    Raises:
        NotPermitted: the actor has no part in it any more.
    """
    thread = await access_thread(uow, actor, thread_id)
    messages, older = await _fitting_messages(uow, actor, thread, before)
    if thread.part is not Part.HOME:
        await audit(uow, actor.person_id, "thread.read", "thread", thread.id)
    call = thread.closed_at is None and await find_call(uow, thread_id) is not None
    view = ThreadView(
        thread,
        messages,
        before,
        older,
        await _reader_names(uow, thread),
        call,
        may_hand=await may_hand(uow, actor, thread),
        may_give_back=thread.handed_at is not None and actor.leads and thread.part is Part.SCHOOL,
        followers=tuple(await list_followers(uow, thread_id)),
    )
    await uow.commit()
    return view


async def _reader_names(uow: UnitOfWork, thread: ThreadRef) -> tuple[str, ...]:
    try:
        return tuple(reader.name for reader in await readers_of(uow, thread))
    except NobodyReads:
        return ()


async def _fitting_messages(
    uow: UnitOfWork, actor: Actor, thread: ThreadRef, before: int
) -> tuple[tuple[SaidRow, ...], int]:
    """Return as many messages as fit on one screen, and before which of them there are more."""
    found = await list_messages(uow, actor, thread, before=before, limit=SHOWN + 1)
    chosen: list[SaidRow] = []
    for message in found[:SHOWN]:
        if chosen and sum(one.length for one in chosen) + message.length > ROOM:
            break
        chosen.append(message)
    older = chosen[-1].id if len(found) > len(chosen) and chosen else 0
    return tuple(reversed(chosen)), older


async def list_files(
    uow: UnitOfWork, actor: Actor, thread_id: int, before: int = 0
) -> Sequence[tuple[FileRef, SaidRow]]:
    """Return the photos and documents of a page of a conversation, to be shown once more; no commit.

    At the school looking is recorded (P6).

    Raises:
        NotPermitted: the actor has no part in it any more.
    """
    thread = await access_thread(uow, actor, thread_id)
    messages, _ = await _fitting_messages(uow, actor, thread, before)
    if thread.part is not Part.HOME:
        await audit(uow, actor.person_id, "thread.files", "thread", thread.id)
    return [(one.file, one) for one in messages if one.file is not None]
