"""Writing to each other: home and contact teacher (N1, B1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork, threads
from bot.actions.care.gate import check_edit, noticed
from bot.actions.home import list_children
from bot.actions.threads.edit import edit_message
from bot.actions.threads.take_back import take_back
from bot.domain.errors import NotPermitted
from bot.domain.messages import Button, FileKind, FileRef, Screen, rows
from bot.domain.people import Actor
from bot.domain.phrase_taps import PhraseUse
from bot.domain.taps import Page, ReplyTo, SendKept, WriteAbout
from bot.domain.thread_taps import HaveCalled, SendKeptTo, TakeBack, WishTime
from bot.domain.threads import Part, ThreadKind
from bot.i18n import Texts
from handlers import thread_screens as screens
from handlers.absence_spoken import report_in
from handlers.callbacks import Tapped, TappedPage
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasFile, HasText, IsReply, Said
from handlers.keyboards import cancel_button, menu_button
from handlers.phrase_screens import phrases_buttons
from handlers.screens import nothing_open_screen, receipt_screen, sent_to_home_screen

router = Router(name="threads")
unasked = Router(name="unasked")
"""Texts and files that no question asked for; comes after every other router."""


@router.message(Said("write"))
async def write_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Begin a message to the contact teacher."""
    return await _write(uow, actor, tr)


@router.callback_query(TappedPage(Page.WRITE))
async def write_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return await _write(uow, actor, tr)


async def _write(uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    children = await list_children(uow, actor)
    if not children:
        return Screen(tr.gettext("No child is connected to you here."), rows([menu_button(tr)]))
    if len(children) == 1:
        return await _start(uow, actor, tr, children[0].id)
    buttons = [[Button(f"{child.name}, {child.class_name}", WriteAbout(child.id).pack())] for child in children]
    return Screen(tr.gettext("About which child?"), rows(*buttons, [cancel_button(tr)]))


@router.callback_query(Tapped(WriteAbout))
async def write_about(_: CallbackQuery, tap: WriteAbout, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the child, then the text; or ask to be called."""
    if tap.call:
        receipt = await threads.call_me(uow, actor, tap.pupil)
        return receipt_screen(receipt, tr, uow.school.answer_days, call=True)
    return await _start(uow, actor, tr, tap.pupil)


async def _start(uow: UnitOfWork, actor: Actor, tr: Texts, pupil_id: int) -> Screen:
    child = await threads.start_message(uow, actor, pupil_id)
    text = tr.gettext(
        "✍️ Write your message about {child} now, in your own language. The contact teacher of {school_class} reads it.",
        child=child.name,
        school_class=child.class_name,
    )
    call = Button("📞 " + tr.plain.gettext("Please call me"), WriteAbout(pupil_id, call=True).pack())
    return Screen(text, rows([call], phrases_buttons(tr, PhraseUse.HOME, pupil_id), [cancel_button(tr)]))


@router.callback_query(Tapped(WishTime))
async def wish_tapped(_: CallbackQuery, tap: WishTime, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take when a call suits (B5)."""
    return screens.wish_screen(await threads.wish_time(uow, actor, tap.message, tap.wish), tr, uow.school)


@router.callback_query(Tapped(HaveCalled))
async def called_tapped(_: CallbackQuery, tap: HaveCalled, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Note at the school that somebody has called, or has not yet."""
    called = await threads.have_called(uow, actor, tap.thread, undo=tap.undo)
    return screens.called_screen(called, tr, undo=tap.undo)


@router.message(HasFile())
async def album_goes_on(message: Message, uow: UnitOfWork, actor: Actor) -> list[Screen]:
    """Take a further file of an album whose first one was sent: it goes the same way, and one receipt is enough."""
    file = _file(message)
    if message.media_group_id is None or file is None or noticed(message.caption or "", actor, uow.school.language):
        raise SkipHandler  # sensitive words beside it are looked at like any others
    if await threads.continue_album(uow, actor, file, message.caption or "", message.message_id) is None:
        raise SkipHandler
    return []


@router.message(HasText(), IsReply())
@router.message(HasFile(), IsReply())
async def replied(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take Telegram's own reply to a message of a thread, whatever else was being asked."""
    assert message.reply_to_message is not None  # noqa: S101  (the filter has looked)
    thread_id = await threads.find_thread_of(uow, actor, message.reply_to_message.message_id)
    if thread_id is None or (message.text or "").startswith("/"):
        raise SkipHandler  # a reply to something else is a text like any other, and a command is no answer
    return await _reply(uow, actor, tr, thread_id, _words(message), _beside(message))


@router.message(HasText(), Expects(threads.EXPECT_HOME))
@router.message(HasFile(), Expects(threads.EXPECT_HOME))
async def home_writes(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the guardian's text or file to the school."""
    return await send_written(uow, actor, tr, question, _words(message), _beside(message))


async def send_written(
    uow: UnitOfWork, actor: Actor, tr: Texts, question: Any, text: str, beside: Mapping[str, Any] | None = None
) -> Screen:
    """Send what answers the question for a message to the school, or for an answer."""
    if question.expects == threads.EXPECT_REPLY:
        return await _reply(uow, actor, tr, question.ref_id, text, beside or {})
    words = Words(text, pupil=question.ref_id, extra=beside or {}, question=question)
    return await with_care(uow, actor, tr, "thread.home", words)


@sends("thread.home")
async def _send_home(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    if words.question is None or words.question.expects != threads.EXPECT_HOME:
        raise NotPermitted
    offer = await report_in(uow, actor, tr, words.text, words.pupil)
    receipt = await threads.send_message(uow, actor, words.question, words.text, **_kept_beside(words))
    screen = receipt_screen(receipt, tr, uow.school.answer_days)
    return offer.below(screen) if offer else screen


@router.callback_query(Tapped(ReplyTo))
async def reply_tapped(_: CallbackQuery, tap: ReplyTo, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for the answer in a thread; the message it answers stays as it is."""
    thread, names = await threads.start_reply(uow, actor, tap.thread)
    text = tr.gettext("✍️ Write your answer to {name} about {child} now.", name=tr.list(names), child=thread.pupil_name)
    return Screen(text, rows(phrases_buttons(tr, PhraseUse.ANSWER, thread.id), [cancel_button(tr)]), new=True)


@router.message(HasText(), Expects(threads.EXPECT_REPLY))
@router.message(HasFile(), Expects(threads.EXPECT_REPLY))
async def reply_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send an answer to the other side."""
    return await send_written(uow, actor, tr, question, _words(message), _beside(message))


async def _reply(
    uow: UnitOfWork, actor: Actor, tr: Texts, thread_id: int, text: str, beside: Mapping[str, Any]
) -> Screen:
    thread = await threads.part_in(uow, actor, thread_id)
    home = thread.part is Part.HOME
    words = Words(text, ref=thread_id, pupil=thread.pupil_id, extra=beside)
    return await with_care(
        uow, actor, tr, "thread.reply", words, to_school=home, thread=0 if home else thread_id,
        only_numbers=thread.kind is ThreadKind.SAFETY,
    )  # fmt: skip


@sends("thread.reply")
async def _send_reply(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    offer = await report_in(uow, actor, tr, words.text, words.pupil)
    receipt = await threads.reply(uow, actor, words.ref, words.text, **_kept_beside(words))
    if not receipt.to_school:
        return sent_to_home_screen(receipt, tr)
    screen = receipt_screen(receipt, tr, uow.school.answer_days)
    return offer.below(screen) if offer else screen


def _words(message: Message) -> str:
    return message.text or message.caption or ""


def _file(message: Message) -> FileRef | None:
    """Return the photo in its largest size, or the document."""
    if message.photo:
        return FileRef(FileKind.PHOTO, message.photo[-1].file_id)
    if message.document is not None:
        return FileRef(FileKind.DOCUMENT, message.document.file_id, message.document.file_name or "")
    return None


def _beside(message: Message) -> dict[str, Any]:
    """Return what belongs to the words, in a form that can wait in the database."""
    file = _file(message)
    kept = {"kind": file.kind.value, "id": file.file_id, "name": file.name} if file else None
    return {"mid": message.message_id, "file": kept}


def _kept_beside(words: Words) -> dict[str, Any]:
    file = words.extra.get("file")
    kept = FileRef(FileKind(file["kind"]), file["id"], file["name"]) if file else None
    return {"file": kept, "chat_message_id": words.extra.get("mid")}


@router.edited_message()
async def edited(message: Message, uow: UnitOfWork, actor: Actor | None, tr: Texts) -> Screen | list[Screen]:
    """Follow an author's edit to where the words went; any other does not travel, and its author is told."""
    if actor is None:
        raise SkipHandler
    check_edit(_words(message))
    found = await edit_message(uow, actor, message.message_id, _words(message))
    if found is None:
        raise SkipHandler
    return [] if found.same else screens.edited_screen(found, tr)


@unasked.message(HasText())
async def unasked_text(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """A text that no question asked for: a message about the child, which can be taken back (B1)."""
    text = message.text or ""
    if not actor.is_guardian or text.startswith("/"):
        return nothing_open_screen(tr)
    return await with_care(uow, actor, tr, "thread.speak", Words(text, extra=_beside(message)))


@unasked.message(HasFile())
async def unasked_file(
    message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any
) -> Screen | list[Screen]:
    """The same with a photo or a document, unless a question about something else waits for words."""
    if not actor.is_guardian or (question is not None and question.expects != threads.EXPECT_KEPT):
        raise SkipHandler
    album = message.media_group_id is not None
    extra = {**_beside(message), "album": album}
    screen = await with_care(uow, actor, tr, "thread.speak", Words(_words(message), extra=extra))
    return screen if screen.text else []


@sends("thread.speak")
async def _speak(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    spoken = await threads.speak(uow, actor, words.text, **_kept_beside(words))
    if spoken.kept is not None:
        asked_already = spoken.kept.same_album and words.extra.get("album")
        return Screen() if asked_already else screens.kept_screen(spoken.kept, tr)
    assert spoken.receipt is not None  # noqa: S101  (one of the two)
    return receipt_screen(spoken.receipt, tr, uow.school.answer_days)


@router.callback_query(Tapped(SendKept))
async def send_kept(_: CallbackQuery, tap: SendKept, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send what waits for this tap."""
    receipt = await threads.send_kept(uow, actor, tap.pupil)
    return receipt_screen(receipt, tr, uow.school.answer_days)


@router.callback_query(Tapped(SendKeptTo))
async def send_kept_to(_: CallbackQuery, tap: SendKeptTo, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send it into one conversation."""
    receipt = await threads.send_kept_to(uow, actor, tap.thread)
    return receipt_screen(receipt, tr, uow.school.answer_days)


@router.callback_query(Tapped(TakeBack))
async def take_back_tapped(_: CallbackQuery, tap: TakeBack, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a message back before it goes out."""
    await take_back(uow, actor, tap.message)
    return screens.taken_back_screen(tr)
