"""A message of a conversation is stored, and goes to the other side (N1, B3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.interpreters.follow import follow
from bot.actions.readers import reader_texts, writer_language
from bot.actions.threads.errors import MessageTooLong, NobodyReads
from bot.actions.threads.readers import readers_of
from bot.actions.threads.waiting import settle_waiting
from bot.actions.threads.words import (
    call_text,
    home_buttons,
    home_head,
    open_button,
    reopened_line,
    school_buttons,
    school_head,
    words_of,
)
from bot.domain.errors import NotPermitted
from bot.domain.messages import FileRef, Rows, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Contact
from bot.domain.school import SchoolHours
from bot.domain.threads import THREAD_TEXT_LIMIT, CallWish, MessageKind, Part, ThreadRef
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.people import find_contact
from storage.queries.thread_messages import add_message
from storage.queries.threads import (
    access_thread_to_write,
    change_thread,
    reachable_among,
    read_waiting,
)

CAPTION_HOLDS = 700
"""Characters of a text that still fit under a file in any language, with who writes about whom above them."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says in a conversation.

    Attributes:
        notice_id: the notice that it is about; its sender reads it.
        chat_message_id: the author's own message in the channel, so that an edit of it is found.
        subject: says in a reader's language what the text is about, as a line above it.
    """

    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    notice_id: int | None = None
    file: FileRef | None = None
    chat_message_id: int | None = None
    subject: Callable[[Texts], Html] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who reads a message, and from when if quiet hours hold it back; `to_school` or from it.

    Attributes:
        message_id, thread_id: what was stored; 0 when the same stood there already.
        takes_back: it waits a little and can be taken back until then.
        wish: when a call suits, if that was said before; `hours` are the school's.
        unreachable: the reader has blocked the bot or not opened it: somebody should phone.
    """

    readers: tuple[str, ...]
    child: str
    reads_from: datetime | None
    to_school: bool
    thread_id: int = 0
    message_id: int = 0
    takes_back: bool = False
    wish: CallWish | None = None
    unreachable: bool = False
    hours: SchoolHours = field(default_factory=SchoolHours)


def checked(text: str) -> str:
    """Return a text without the blanks around it.

    Raises:
        MessageTooLong: it does not fit into one message.
    """
    cleaned = text.strip()
    if len(cleaned) > THREAD_TEXT_LIMIT:
        raise MessageTooLong(length=len(cleaned), limit=THREAD_TEXT_LIMIT)
    return cleaned


async def deliver(uow: UnitOfWork, actor: Actor, thread_id: int, said: Said, *, hold: bool = False) -> Receipt:
    """Store what somebody says in a conversation and put it into the queue for the other side; the caller commits.

    A closed conversation is opened again by it. Interpreters who may follow get it too.

    Args:
        hold: let it wait for as long as it can be taken back (`School.undo`).

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: the actor has no part in it. HandedOver: the leadership has it.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    checked(said.text)
    send = _to_school if thread.part is Part.HOME else _to_home
    wait = uow.school.undo if hold else timedelta()
    receipt = await send(uow, actor, thread, said, wait)
    await follow(uow, thread.id, receipt.message_id, due=uow.now + wait)
    return receipt


async def _store(uow: UnitOfWork, actor: Actor, thread: ThreadRef, said: Said) -> int:
    file = said.file
    message_id = await add_message(
        uow,
        thread_id=thread.id,
        author_id=actor.person_id,
        kind=said.kind,
        notice_id=said.notice_id,
        text=said.text.strip(),
        language=writer_language(uow, actor, said.text),
        chat_message_id=said.chat_message_id,
        **({"file_kind": file.kind, "file_id": file.file_id, "file_name": file.name[:200]} if file else {}),
    )
    await change_thread(uow, thread.id, last_at=uow.now, closed_at=None, closed_by=None)
    return message_id


async def _to_school(uow: UnitOfWork, actor: Actor, thread: ThreadRef, said: Said, wait: timedelta) -> Receipt:
    readers = await readers_of(uow, thread, said.notice_id)
    message_id = await _store(uow, actor, thread, said)
    await settle_waiting(uow, thread)
    due = uow.school.considerate(uow.now + wait)
    messages: list[Message] = []
    for reader in readers:
        tr = reader_texts(uow, reader.language)
        head = await school_words(uow, tr, thread, said, None)
        buttons = school_buttons(tr, thread.id, said.kind)
        messages += copies_of(reader, tr, thread, message_id, said, head, buttons, due)
    await enqueue(uow, *messages)
    await audit(uow, actor.person_id, "thread.write", "thread", thread.id, kind=said.kind)
    return Receipt(
        tuple(reader.name for reader in readers),
        thread.pupil_name,
        uow.school.local(due) if due > uow.now + wait else None,
        to_school=True,
        thread_id=thread.id,
        message_id=message_id,
        takes_back=wait > timedelta(),
        hours=uow.school.hours,
    )


async def school_words(uow: UnitOfWork, tr: Texts, thread: ThreadRef, said: Said, wish: CallWish | None) -> Html:
    """Return what stands above the words of a home."""
    if said.kind is MessageKind.CALL_ME:
        sender = await find_contact(uow, thread.guardian_id)
        head = call_text(tr, thread, sender.phone if sender else None, wish, uow.school.hours)
    else:
        head = school_head(tr, thread, said.kind)
    return _lines(_reopens(tr, thread), head, said.subject(tr) if said.subject else None)


async def _to_home(uow: UnitOfWork, actor: Actor, thread: ThreadRef, said: Said, wait: timedelta) -> Receipt:
    guardian = await find_contact(uow, thread.guardian_id)
    if guardian is None:
        raise NotPermitted
    waited = await read_waiting(uow, thread)
    message_id = await _store(uow, actor, thread, said)
    turn = await settle_waiting(uow, thread)
    tr = reader_texts(uow, guardian.language or guardian.home_language)
    head = _lines(_reopens(tr, thread), home_head(tr, thread, actor.name), said.subject(tr) if said.subject else None)
    due = uow.school.considerate(uow.now + wait)
    await enqueue(uow, *copies_of(guardian, tr, thread, message_id, said, head, home_buttons(tr, thread.id), due))
    if turn.ended:
        await _tell_others(uow, actor, thread, message_id, waited[1] if waited else None)
    await audit(uow, actor.person_id, "thread.answer", "thread", thread.id)
    return Receipt(
        (guardian.name,),
        thread.pupil_name,
        uow.school.local(due) if due > uow.now + wait else None,
        to_school=False,
        thread_id=thread.id,
        message_id=message_id,
        takes_back=wait > timedelta(),
        unreachable=not await reachable_among(uow, [guardian.person_id]),
    )


def _reopens(tr: Texts, thread: ThreadRef) -> Html | None:
    return reopened_line(tr) if thread.closed_at is not None else None


def _lines(*parts: Html | None) -> Html:
    return Html("\n".join(part for part in parts if part))


def copies_of(
    reader: Contact,
    tr: Texts,
    thread: ThreadRef,
    message_id: int,
    said: Said,
    head: Html,
    buttons: Rows,
    due: datetime,
) -> list[Message]:
    """Return what brings a message to one person: one, or for a file with a long text the file and the text."""
    words = words_of(tr, message_id) if said.text.strip() else None
    apart = said.file is not None and len(said.text) > CAPTION_HOLDS
    key = f"thread:{message_id}:{reader.person_id}"
    first = _copy(reader, thread, key, head if apart else _lines(head, words), due, said.file)
    if not apart or words is None:
        return [_with(first, buttons)]
    return [first, _with(_copy(reader, thread, f"{key}:text", words, due, None), buttons)]


def _copy(reader: Contact, thread: ThreadRef, key: str, text: str, due: datetime, file: FileRef | None) -> Message:
    return Message(
        reader.person_id, OutgoingKind.MESSAGE, text, key, file=file, due_at=due, about="thread", about_id=thread.id
    )


def _with(message: Message, buttons: Rows) -> Message:
    return replace(message, buttons=buttons)


async def _tell_others(
    uow: UnitOfWork, actor: Actor, thread: ThreadRef, message_id: int, notice_id: int | None
) -> None:
    """Tell those who were to answer too that it is done, so that nobody does it twice; quietly."""
    try:
        readers: Sequence[Contact] = await readers_of(uow, thread, notice_id)
    except NobodyReads:
        return
    messages = []
    for reader in readers:
        if reader.person_id == actor.person_id:
            continue
        tr = reader_texts(uow, reader.language)
        text = tr.gettext(
            "✔️ {teacher} has answered {guardian} about {child}. Nothing is left for you to do.",
            teacher=actor.name,
            guardian=thread.guardian_name,
            child=thread.pupil_name,
        )
        messages.append(
            Message(
                reader.person_id,
                OutgoingKind.MESSAGE,
                text,
                f"thread-answered:{message_id}:{reader.person_id}",
                buttons=rows([open_button(tr, thread.id)]),
                silent=True,
                due_at=uow.school.considerate(uow.now),
                about="thread",
                about_id=thread.id,
            )
        )
    await enqueue(uow, *messages)
