"""What a guardian wrote unasked, kept until one tap says whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.threads.deliver import Receipt, Said, checked, deliver
from bot.actions.threads.errors import TooManyFiles
from bot.domain.errors import NotPermitted
from bot.domain.messages import FileKind, FileRef
from bot.domain.people import Actor, Child
from bot.domain.threads import GOES_ON, ThreadKind, ThreadRef
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.people import access_child, list_children
from storage.queries.thread_lists import list_going_on
from storage.queries.threads import access_thread, open_thread

EXPECT_KEPT = "thread.kept"
"""A text was written without being asked for; it waits here for one tap."""
MOST_FILES = 10
"""Files that wait together; Telegram's own albums hold no more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What waits for its tap, and whom it may be about.

    Attributes:
        joined: it was written in several messages.
        files: how many photos and documents are with it.
        same_album: the file belongs to an album about which was asked already.
        confidential: conversations about a report of bullying that are going on (B10).
    """

    text: str
    children: tuple[Child, ...]
    joined: bool
    files: int = 0
    same_album: bool = False
    confidential: tuple[ThreadRef, ...] = ()


async def keep_text(uow: UnitOfWork, actor: Actor, text: str) -> Kept:
    """Keep a text that was written unasked. One that waits already stays before it: nothing is lost unsaid.

    Raises:
        MessageTooLong: it would not fit; the person is told before any tap.
    """
    kept = await keep(uow, actor, Said(checked(text)))
    await uow.commit()
    return kept


async def keep(uow: UnitOfWork, actor: Actor, said: Said) -> Kept:
    """Keep a text or a file with those that wait already; the caller commits.

    Raises:
        MessageTooLong: the texts together would not fit. TooManyFiles.
    """
    waiting = await find_question(uow, actor.person_id)
    data = dict(waiting.data) if waiting is not None and waiting.expects == EXPECT_KEPT else {}
    files: list[dict[str, Any]] = list(data.get("files", ()))
    text, again = str(data.get("text", "")), bool(data)
    same_album = False
    if said.file is None:
        whole = checked(f"{text}\n{said.text}" if text else said.text)
        data = {"text": whole, "mid": None if text else said.chat_message_id}
    else:
        same_album = bool(files) and _adjoin(files[-1].get("mid"), said.chat_message_id)
        files.append(_written(said))
        if len(files) > MOST_FILES:
            raise TooManyFiles(limit=MOST_FILES)
        whole = text
        data = {"text": text, "mid": data.get("mid")}
    await ask(uow, actor.person_id, EXPECT_KEPT, 0, **data, files=files)
    going_on = await list_going_on(uow, actor, uow.now - GOES_ON)
    return Kept(
        whole,
        tuple(await list_children(uow, actor)),
        joined=again and bool(text),
        files=len(files),
        same_album=same_album,
        confidential=tuple(thread for thread in going_on if thread.kind is ThreadKind.SAFETY),
    )


def _adjoin(before: object, after: int | None) -> bool:
    """Tell whether two messages of a chat follow each other, as those of an album do."""
    return isinstance(before, int) and after == before + 1


def _written(said: Said) -> dict[str, Any]:
    assert said.file is not None  # noqa: S101  (the caller has looked)
    file = {"kind": said.file.kind.value, "id": said.file.file_id, "name": said.file.name}
    return {**file, "caption": said.text, "mid": said.chat_message_id}


async def change_kept(uow: UnitOfWork, actor: Actor, chat_message_id: int, text: str) -> bool:
    """Put an edited text into the place of the one that waits; False when it is not that one. The caller commits.

    Raises:
        MessageTooLong.
    """
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_KEPT or question.data.get("mid") != chat_message_id:
        return False
    await ask(uow, actor.person_id, EXPECT_KEPT, 0, **{**question.data, "text": checked(text)})
    return True


async def send_kept(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Receipt:
    """Send what was kept about a child; a second tap finds nothing kept.

    Raises:
        NotPermitted: nothing is kept any more, or it is not the actor's child. NobodyReads.
    """
    question = await _kept(uow, actor)
    await access_child(uow, actor, pupil_id)
    return await _send(uow, actor, question, await open_thread(uow, actor.person_id, pupil_id))


async def send_kept_to(uow: UnitOfWork, actor: Actor, thread_id: int) -> Receipt:
    """Send what was kept into one of the guardian's own conversations.

    Raises:
        NotPermitted: nothing is kept any more, or it is not the actor's conversation. NobodyReads.
    """
    question = await _kept(uow, actor)
    if (await access_thread(uow, actor, thread_id)).guardian_id != actor.person_id:
        raise NotPermitted
    return await _send(uow, actor, question, thread_id)


async def _kept(uow: UnitOfWork, actor: Actor) -> OpenQuestion:
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_KEPT:
        raise NotPermitted
    return question


async def _send(uow: UnitOfWork, actor: Actor, question: OpenQuestion, thread_id: int) -> Receipt:
    """Send the text, then the files, each with its own words."""
    receipt: Receipt | None = None
    text = str(question.data["text"])
    if text:
        said = Said(text, chat_message_id=question.data.get("mid"))
        receipt = await deliver(uow, actor, thread_id, said)
    for one in question.data.get("files", ()):
        file = FileRef(FileKind(one["kind"]), one["id"], one["name"])
        said = Said(one["caption"], file=file, chat_message_id=one["mid"])
        receipt = await deliver(uow, actor, thread_id, said)
    if receipt is None:
        raise NotPermitted
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt
