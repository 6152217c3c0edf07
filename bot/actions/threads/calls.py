""" "Please call me" instead of writing: when it suits, and whether somebody has called (B5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.threads.deliver import Receipt, Said, deliver
from bot.actions.threads.readers import readers_of
from bot.actions.threads.waiting import settle_waiting
from bot.actions.threads.words import call_text, school_buttons
from bot.domain.errors import NotPermitted
from bot.domain.messages import Rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.domain.threads import CallWish, MessageKind, Part, SaidRow, ThreadRef
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue, payload_of
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.people import access_child, find_contact
from storage.queries.thread_messages import (
    MAY_BE_READ,
    WAITS,
    Copy,
    access_own_message,
    add_message,
    change_copy,
    change_message,
    drop_copies,
    find_message,
    find_recent_call,
    hold_copies,
    take_back_called,
)
from storage.queries.threads import (
    access_thread,
    access_thread_to_write,
    change_thread,
    find_call,
    open_thread,
)

CALL_AGAIN = timedelta(minutes=15)
"""Within it, a repeated "please call me" about the same thing is the same one."""


async def call_about(uow: UnitOfWork, actor: Actor, pupil_ids: Sequence[int], notice_id: int) -> Receipt:
    """Ask the sender of a notice to phone the guardian; the caller commits."""
    pupil = next(p for p in pupil_ids if p in actor.children)
    return await _ask_call(uow, actor, await open_thread(uow, actor.person_id, pupil), notice_id)


async def call_me(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Receipt:
    """Ask the contact teachers of a child to phone the guardian (B5).

    Raises:
        NotPermitted: it is not the actor's child. NobodyReads.
    """
    await access_child(uow, actor, pupil_id)
    return await call_me_in(uow, actor, await open_thread(uow, actor.person_id, pupil_id))


async def call_me_in(uow: UnitOfWork, actor: Actor, thread_id: int) -> Receipt:
    """Ask those who read one of the guardian's conversations to phone.

    Raises:
        NotPermitted: it is not the actor's conversation. NobodyReads.
    """
    thread = await access_thread(uow, actor, thread_id)
    if thread.part is not Part.HOME:
        raise NotPermitted
    receipt = await _ask_call(uow, actor, thread_id, None)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def _ask_call(uow: UnitOfWork, actor: Actor, thread_id: int, notice_id: int | None) -> Receipt:
    """Ask for a call; a double tap rings once."""
    thread = await access_thread(uow, actor, thread_id, hold=True)
    going_on = thread.closed_at is None
    asked = await find_recent_call(uow, thread_id, notice_id, uow.now - CALL_AGAIN) if going_on else None
    if asked is None:
        return await deliver(uow, actor, thread_id, Said(kind=MessageKind.CALL_ME, notice_id=notice_id))
    stands = await find_message(uow, asked)
    names = tuple(reader.name for reader in await readers_of(uow, thread, notice_id))
    due = uow.school.considerate(uow.now)
    return Receipt(
        names,
        thread.pupil_name,
        uow.school.local(due) if due > uow.now else None,
        to_school=True,
        thread_id=thread_id,
        message_id=asked,
        wish=stands.call_wish if stands else None,
        hours=uow.school.hours,
    )


@dataclass(frozen=True, slots=True)
class CallView:
    """A request to call as its guardian sees it after saying when it suits; `met` when somebody has called by now."""

    message_id: int
    readers: tuple[str, ...]
    child: str
    wish: CallWish | None
    met: bool = False


async def wish_time(uow: UnitOfWork, actor: Actor, message_id: int, wish: CallWish) -> CallView:
    """Store when a call suits, and show it to those who are to call; another tap changes it.

    Raises:
        NotPermitted: it is not the actor's request, or the access has ended. NobodyReads.
    """
    message = await access_own_message(uow, actor, message_id)
    thread = await access_thread_to_write(uow, actor, message.thread_id)
    if message.kind is not MessageKind.CALL_ME:
        raise NotPermitted
    names = tuple(reader.name for reader in await readers_of(uow, thread, message.notice_id))
    if await find_call(uow, thread.id) != message_id:
        await uow.commit()
        return CallView(message_id, names, thread.pupil_name, message.call_wish, met=True)
    if message.call_wish is not wish:
        await change_message(uow, message_id, call_wish=wish)
        await _redraw(uow, thread, message, wish, None)
        await audit(uow, actor.person_id, "thread.wish", "thread", thread.id, wish=wish)
    await uow.commit()
    return CallView(message_id, names, thread.pupil_name, wish)


@dataclass(frozen=True, slots=True)
class Called:
    """What a tap on "I have called" came to; `again` when there was nothing to call about any more."""

    thread: ThreadRef
    again: bool


async def have_called(uow: UnitOfWork, actor: Actor, thread_id: int, *, undo: bool = False) -> Called:
    """Note that the school has called: nobody else has to, and the home waits no more.

    The home is sent nothing: it has just been on the phone, and a line saying so would be noise; to somebody who
    missed the call it would be wrong. It stands on the conversation's page. Those who were to call too see in their
    message who has done it.

    Args:
        undo: it was tapped by mistake, the call is still to come.

    Raises:
        NotPermitted: the actor does not answer for the school here. HandedOver: the leadership has it.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    if thread.part is not Part.SCHOOL:
        raise NotPermitted
    asked = await find_call(uow, thread_id)
    if undo:
        await take_back_called(uow, thread_id, actor.person_id)
        await settle_waiting(uow, thread, closed=thread.closed_at is not None)
        asked = await find_call(uow, thread_id)
    elif asked is not None:
        await add_message(
            uow, thread_id=thread_id, author_id=actor.person_id, kind=MessageKind.CALLED, language=actor.language
        )
        await change_thread(uow, thread_id, last_at=uow.now)
        await settle_waiting(uow, thread, closed=thread.closed_at is not None)
        await audit(uow, actor.person_id, "thread.called", "thread", thread_id)
    message = await find_message(uow, asked) if asked is not None else None
    if message is not None:
        await _redraw(uow, thread, message, message.call_wish, None if undo else actor)
    await uow.commit()
    return Called(thread, again=message is None)


async def _redraw(
    uow: UnitOfWork, thread: ThreadRef, message: SaidRow, wish: CallWish | None, caller: Actor | None
) -> None:
    """Bring the request at each reader up to date: changed before it leaves, or in its place; called: not sent."""
    guardian = await find_contact(uow, thread.guardian_id)
    phone = guardian.phone if guardian else None
    edits: list[Message] = []
    for copy in await hold_copies(uow, thread.id, message.id):
        reader = await find_contact(uow, copy.recipient_id)
        tr = reader_texts(uow, reader.language if reader else None)
        text = call_text(tr, thread, phone, wish, uow.school.hours)
        buttons = school_buttons(tr, thread.id, MessageKind.CALL_ME if caller is None else MessageKind.TEXT)
        if caller is not None:
            text = Html(f"{text}\n{_called_line(tr, caller)}")
        if copy.state in WAITS and caller is not None:
            await drop_copies(uow, [copy.id])
        elif copy.state in WAITS:
            await change_copy(uow, copy.id, _look(copy, text, buttons))
        elif copy.state in MAY_BE_READ:
            edits.append(_edit(uow, copy, thread, text, buttons))
    await enqueue(uow, *edits)


def _called_line(tr: Texts, caller: Actor) -> Html:
    return tr.gettext("☎️ <i>{name} has called.</i>", name=caller.name)


def _look(copy: Copy, text: str, buttons: Rows) -> dict[str, object]:
    return payload_of(Message(copy.recipient_id, OutgoingKind.MESSAGE, text, "", buttons=buttons))


def _edit(uow: UnitOfWork, copy: Copy, thread: ThreadRef, text: str, buttons: Rows) -> Message:
    return Message(
        copy.recipient_id,
        OutgoingKind.MESSAGE,
        text,
        f"thread-call:{copy.id}:{uow.now:%Y%m%d%H%M%S%f}",
        buttons=buttons,
        edits_id=copy.id,
        about="thread",
        about_id=thread.id,
    )
