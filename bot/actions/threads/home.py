"""A guardian writes to the school: asked for, unasked, about something of the school's (B1, N1, N9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.actions import UnitOfWork
from bot.actions.threads.deliver import Receipt, Said, checked, deliver
from bot.actions.threads.kept import EXPECT_KEPT, Kept, keep
from bot.actions.threads.readers import readers_of
from bot.domain.messages import FileRef
from bot.domain.people import Actor, Child
from bot.domain.threads import GOES_ON, MessageKind, ThreadKind
from bot.i18n import Html, Texts
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.people import access_child, list_children
from storage.queries.thread_lists import list_going_on
from storage.queries.thread_messages import find_just_sent
from storage.queries.threads import access_thread, open_thread

EXPECT_HOME = "thread.home"

SAME_WITHIN = timedelta(minutes=2)
"""Within it, the same words under the same button are a second tap."""


async def ask_about(uow: UnitOfWork, actor: Actor, pupil_ids: Sequence[int], notice_id: int) -> None:
    """Expect the guardian's question about a notice as the next text."""
    pupil = next(p for p in pupil_ids if p in actor.children)
    await ask(uow, actor.person_id, EXPECT_HOME, pupil, notice=notice_id)


async def start_message(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Child:
    """Expect a guardian's message about a child as the next text.

    Raises:
        NotPermitted: it is not the actor's child.
    """
    child = await access_child(uow, actor, pupil_id)
    await ask(uow, actor.person_id, EXPECT_HOME, pupil_id)
    await uow.commit()
    return child


async def send_message(
    uow: UnitOfWork,
    actor: Actor,
    question: OpenQuestion,
    text: str,
    *,
    file: FileRef | None = None,
    chat_message_id: int | None = None,
) -> Receipt:
    """Send the text or the file that the open question asked for.

    Raises:
        MessageTooLong, NobodyReads, NotPermitted.
    """
    notice = question.data.get("notice")
    kind = MessageKind.QUESTION if notice else MessageKind.TEXT
    said = Said(text, kind, notice_id=notice, file=file, chat_message_id=chat_message_id)
    receipt = await say_about(uow, actor, question.ref_id, said)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def say_about(uow: UnitOfWork, actor: Actor, pupil_id: int, said: Said, *, hold: bool = False) -> Receipt:
    """Say something in the guardian's conversation about a child; the caller commits.

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: it is not the actor's child.
    """
    await access_child(uow, actor, pupil_id)
    return await deliver(uow, actor, await open_thread(uow, actor.person_id, pupil_id), said, hold=hold)


async def send_about(
    uow: UnitOfWork, actor: Actor, pupil_id: int, text: str, subject: Callable[[Texts], Html]
) -> Receipt:
    """Send a guardian's text about something of the school's, such as a month's report; the caller commits.

    Args:
        subject: says in a reader's language what the text is about, as a line above it.

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: it is not the actor's child.
    """
    return await say_about(uow, actor, pupil_id, Said(text, subject=subject))


async def send_written(
    uow: UnitOfWork, actor: Actor, pupil_id: int, text: str, *, chat_message_id: int | None = None
) -> Receipt:
    """Send words that the person wrote before and that were not kept; the same ones twice are one message.

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: it is not the actor's child.
    """
    await access_child(uow, actor, pupil_id)
    cleaned = checked(text)
    thread_id = await open_thread(uow, actor.person_id, pupil_id)
    if await find_just_sent(uow, thread_id, actor.person_id, cleaned, uow.now - SAME_WITHIN):
        thread = await access_thread(uow, actor, thread_id)
        names = tuple(reader.name for reader in await readers_of(uow, thread))
        return Receipt(names, thread.pupil_name, None, to_school=True)
    receipt = await deliver(uow, actor, thread_id, Said(cleaned, chat_message_id=chat_message_id))
    await uow.commit()
    return receipt


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of something a guardian wrote unasked: it went to the school, or it waits for a tap."""

    receipt: Receipt | None = None
    kept: Kept | None = None


async def speak(
    uow: UnitOfWork, actor: Actor, text: str, *, file: FileRef | None = None, chat_message_id: int | None = None
) -> Spoken:
    """Take what a guardian wrote unasked: it starts or continues the conversation about the child (B1).

    With one child at the school, or exactly one conversation that is going on, it is sent at once and can be taken
    back for a while. Else it is kept for one tap that says whom it is about: a report of bullying that is going on
    must never be continued with the class's teachers by mistake.

    Raises:
        MessageTooLong, TooManyFiles, NobodyReads. NotPermitted: the guardian has no child here any more.
    """
    said = Said(checked(text), file=file, chat_message_id=chat_message_id)
    pupil_id = await _meant(uow, actor)
    if pupil_id is None:
        kept = await keep(uow, actor, said)
        await uow.commit()
        return Spoken(kept=kept)
    receipt = await say_about(uow, actor, pupil_id, said, hold=True)
    await uow.commit()
    return Spoken(receipt)


async def _meant(uow: UnitOfWork, actor: Actor) -> int | None:
    """Return the child that something unasked is about, None when that has to be asked."""
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects == EXPECT_KEPT:
        return None
    going_on = await list_going_on(uow, actor, uow.now - GOES_ON)
    if any(thread.kind is ThreadKind.SAFETY for thread in going_on):
        return None
    children = await list_children(uow, actor)
    if len(children) == 1:
        return children[0].id
    return going_on[0].pupil_id if len(going_on) == 1 else None
