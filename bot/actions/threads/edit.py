"""An author changes the words of a message that was sent: the readers' copies follow, and what it said is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.interpreters.follow import FOLLOW, follow
from bot.actions.readers import reader_texts, writer_language
from bot.actions.threads.deliver import checked
from bot.actions.threads.errors import NobodyReads, NoTextLeft
from bot.actions.threads.kept import change_kept
from bot.actions.threads.reply import other_side
from bot.actions.threads.words import edited_mark, words_of
from bot.domain.messages import Button, FileKind, FileRef
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.domain.threads import EDITABLE, MessageKind, SaidRow, ThreadRef
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.people import find_contact
from storage.queries.renderings import forget_renderings, source_changed
from storage.queries.thread_messages import (
    MAY_BE_READ,
    WAITS,
    Copy,
    access_own_message,
    change_copy,
    change_message,
    find_by_chat_message,
    hold_copies,
    keep_words,
    read_words,
)
from storage.queries.threads import access_thread_to_write


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edit.

    Attributes:
        same: the words are what they were; there is nothing to say.
        gone_out: readers had the old words and see the new ones in their place.
        waits: it waits for its author's own tap and was not sent at all.
    """

    readers: tuple[str, ...] = ()
    same: bool = False
    gone_out: bool = False
    waits: bool = False


async def edit_message(uow: UnitOfWork, actor: Actor, chat_message_id: int, text: str) -> Edited | None:
    """Follow an author's edit of the own message in the chat; None when it is none that can be followed.

    That is a message that went into no conversation, was taken back, or is older than edits travel.

    Raises:
        MessageTooLong, NoTextLeft. NotPermitted: the author has no part in the conversation any more. HandedOver.
    """
    if await change_kept(uow, actor, chat_message_id, text):
        await uow.commit()
        return Edited(waits=True)
    found = await find_by_chat_message(uow, actor.person_id, chat_message_id)
    message = await access_own_message(uow, actor, found) if found is not None else None
    if message is None or not _can_follow(uow, message):
        return None
    words = checked(text)
    if words == await read_words(uow, message.id):
        return Edited(same=True)
    if not words and message.file is None:
        raise NoTextLeft
    thread = await access_thread_to_write(uow, actor, message.thread_id)
    await keep_words(uow, message)
    language = writer_language(uow, actor, words)
    await change_message(uow, message.id, text=words, language=language, version=message.version + 1, edited_at=uow.now)
    if words:
        await source_changed(uow, Subject.MESSAGE, message.id)
    else:
        await forget_renderings(uow, Subject.MESSAGE, [message.id])
    gone_out = await _change_copies(uow, thread, message, has_words=bool(words))
    await _change_followed(uow, thread, message)
    await audit(uow, actor.person_id, "thread.edit", "thread", thread.id, message=message.id)
    await uow.commit()
    return Edited(await _names(uow, thread), gone_out=gone_out)


def _can_follow(uow: UnitOfWork, message: SaidRow) -> bool:
    return (
        message.taken_back_at is None
        and message.kind in {MessageKind.TEXT, MessageKind.QUESTION}
        and uow.now - message.sent_at <= EDITABLE
    )


async def _names(uow: UnitOfWork, thread: ThreadRef) -> tuple[str, ...]:
    try:
        return await other_side(uow, thread)
    except NobodyReads:
        return ()


async def _change_copies(uow: UnitOfWork, thread: ThreadRef, message: SaidRow, *, has_words: bool) -> bool:
    """Change what readers have, in its place; return whether anybody had the old words.

    What has not gone out yet shows the words as they are when it leaves, and needs no mark.
    """
    edits: list[Message] = []
    gone_out = False
    for copy in await hold_copies(uow, thread.id, message.id):
        reader = await find_contact(uow, copy.recipient_id)
        tr = reader_texts(uow, (reader.language or reader.home_language) if reader else None)
        text = _with_words(tr, copy, message, has_words=has_words)
        if copy.state in WAITS:
            await change_copy(uow, copy.id, {**copy.payload, "text": text})
        elif copy.state in MAY_BE_READ:
            gone_out = True
            edits.append(_edit(copy, thread, message, Html(f"{text}\n{edited_mark(tr)}")))
    await enqueue(uow, *edits)
    return gone_out


async def _change_followed(uow: UnitOfWork, thread: ThreadRef, message: SaidRow) -> None:
    """Change what interpreters have who follow; a file that had no words comes to them with its first ones."""
    copies = [copy for copy in await hold_copies(uow, thread.id, message.id, about=FOLLOW) if copy.state in MAY_BE_READ]
    await enqueue(uow, *(_edit(copy, thread, message, str(copy.payload["text"]), about=FOLLOW) for copy in copies))
    if message.length == 0:
        await follow(uow, thread.id, message.id)


def _with_words(tr: Texts, copy: Copy, message: SaidRow, *, has_words: bool) -> str:
    """Return a copy's text with the place for the words, which a file without a caption did not have."""
    text = str(copy.payload["text"])
    words = words_of(tr, message.id)
    if words in text or not has_words or (message.length > 0):
        return text
    return f"{text}\n{words}"


def _edit(copy: Copy, thread: ThreadRef, message: SaidRow, text: str, *, about: str = "thread") -> Message:
    return Message(
        copy.recipient_id,
        OutgoingKind.MESSAGE,
        text,
        f"thread-edit:{copy.id}:{message.version + 1}",
        buttons=tuple(tuple(_button(one) for one in row) for row in copy.payload.get("buttons", ())),
        file=_file(copy.payload),
        edits_id=copy.id,
        about=about,
        about_id=thread.id,
    )


def _button(stored: dict[str, str]) -> Button:
    return Button(stored["label"], stored.get("tap", ""), stored.get("url", ""))


def _file(payload: dict[str, Any]) -> FileRef | None:
    file = payload.get("file")
    return FileRef(FileKind(file["kind"]), file["id"], file["name"]) if file else None
