"""Answering in a conversation, from either side (N1)."""

from __future__ import annotations

from datetime import timedelta

from bot.actions import UnitOfWork
from bot.actions.threads.deliver import Receipt, Said, checked, deliver
from bot.actions.threads.readers import readers_of
from bot.domain.messages import FileRef
from bot.domain.people import Actor
from bot.domain.threads import Part, ThreadRef
from storage.queries.dialogue import ask, close_question, find_question
from storage.queries.outgoing import find_by_message
from storage.queries.thread_messages import WAITS, find_by_chat_message, find_message, hold_copies
from storage.queries.threads import access_thread_to_write

EXPECT_REPLY = "thread.reply"
ALBUM_WITHIN = timedelta(minutes=1)
"""How long after a file the next one can still belong to the same album."""


async def start_reply(uow: UnitOfWork, actor: Actor, thread_id: int) -> tuple[ThreadRef, tuple[str, ...]]:
    """Expect an answer in a conversation as the next text; return it and the names of those who will read it.

    Raises:
        NotPermitted: the actor has no part in it any more. HandedOver: the leadership has it. NobodyReads.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    await ask(uow, actor.person_id, EXPECT_REPLY, thread_id)
    other = await other_side(uow, thread)
    await uow.commit()
    return thread, other


async def part_in(uow: UnitOfWork, actor: Actor, thread_id: int) -> ThreadRef:
    """Return a conversation that somebody is about to write in, with the part that person has in it.

    Raises:
        NotPermitted: the actor has no part in it any more. HandedOver: the leadership has it.
    """
    return await access_thread_to_write(uow, actor, thread_id)


async def other_side(uow: UnitOfWork, thread: ThreadRef) -> tuple[str, ...]:
    """Return the names of those who read what somebody with this part writes.

    Raises:
        NobodyReads: nobody at the school can be reached.
    """
    if thread.part is Part.HOME:
        return tuple(reader.name for reader in await readers_of(uow, thread))
    return (thread.guardian_name,)


async def reply(
    uow: UnitOfWork,
    actor: Actor,
    thread_id: int,
    text: str,
    *,
    file: FileRef | None = None,
    chat_message_id: int | None = None,
) -> Receipt:
    """Send an answer in a conversation to the other side. An open question about something else stays open.

    Raises:
        MessageTooLong, NobodyReads, NotPermitted. HandedOver: the leadership has it.
    """
    said = Said(checked(text), file=file, chat_message_id=chat_message_id)
    receipt = await deliver(uow, actor, thread_id, said)
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects == EXPECT_REPLY and question.ref_id == thread_id:
        await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def find_thread_of(uow: UnitOfWork, actor: Actor, message_id: int) -> int | None:
    """Return the thread of the message that a person answers by Telegram's own reply, None when it has none."""
    found = await find_by_message(uow, actor.person_id, message_id)
    return found[1] if found and found[0] == "thread" else None


async def continue_album(
    uow: UnitOfWork, actor: Actor, file: FileRef, text: str, chat_message_id: int
) -> Receipt | None:
    """Send a further file of an album where its first one went; None when nothing of it was sent.

    Telegram brings an album as single messages whose ids follow each other; no question is open for the second.

    Raises:
        MessageTooLong, NobodyReads, NotPermitted. HandedOver: the leadership has it.
    """
    found = await find_by_chat_message(uow, actor.person_id, chat_message_id - 1)
    before = await find_message(uow, found) if found is not None else None
    if before is None or before.file is None or before.sent_at < uow.now - ALBUM_WITHIN:
        return None
    if before.taken_back_at is not None:
        return None
    copies = await hold_copies(uow, before.thread_id, before.id)
    said = Said(checked(text), file=file, chat_message_id=chat_message_id)
    held = bool(copies) and all(copy.state in WAITS and copy.due_at > uow.now for copy in copies)
    receipt = await deliver(uow, actor, before.thread_id, said, hold=held)
    await uow.commit()
    return receipt
