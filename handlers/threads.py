"""Writing to each other: home and contact teacher (N1)."""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork, threads
from bot.actions.home import list_children
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.taps import Page, ReplyTo, SendKept, WriteAbout
from bot.i18n import Html, Texts
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Expects, HasText, IsReply, Said
from handlers.keyboards import cancel_button, menu_button
from handlers.screens import nothing_open_screen, receipt_screen, sent_to_home_screen

router = Router(name="threads")
unasked = Router(name="unasked")
"""Texts that no question asked for; comes after every other router."""


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
    return Screen(text, rows([call], [cancel_button(tr)]))


@router.message(HasText(), IsReply())
async def replied(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take Telegram's own reply to a message of a thread, whatever else was being asked."""
    assert message.reply_to_message is not None  # noqa: S101  (the filter has looked)
    thread_id = await threads.find_thread_of(uow, actor, message.reply_to_message.message_id)
    if thread_id is None or (message.text or "").startswith("/"):
        raise SkipHandler  # a reply to something else is a text like any other, and a command is no answer
    return await _reply(uow, actor, tr, thread_id, message.text or "")


@router.message(HasText(), Expects(threads.EXPECT_HOME))
async def home_writes(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the guardian's text to the school."""
    receipt = await threads.send_message(uow, actor, question, message.text or "")
    return receipt_screen(receipt, tr, uow.school.answer_days)


@router.callback_query(Tapped(ReplyTo))
async def reply_tapped(_: CallbackQuery, tap: ReplyTo, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for the answer in a thread; the message it answers stays as it is."""
    thread, names = await threads.start_reply(uow, actor, tap.thread)
    text = tr.gettext("✍️ Write your answer to {name} about {child} now.", name=tr.list(names), child=thread.pupil_name)
    return Screen(text, rows([cancel_button(tr)]), new=True)


@router.message(HasText(), Expects(threads.EXPECT_REPLY))
async def reply_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send an answer to the other side."""
    return await _reply(uow, actor, tr, question.ref_id, message.text or "")


async def _reply(uow: UnitOfWork, actor: Actor, tr: Texts, thread_id: int, text: str) -> Screen:
    receipt = await threads.reply(uow, actor, thread_id, text)
    if receipt.to_school:
        return receipt_screen(receipt, tr, uow.school.answer_days)
    return sent_to_home_screen(receipt, tr)


@unasked.message(HasText())
async def unasked_text(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """A text that no question asked for: a message to the teacher, after one tap."""
    text = message.text or ""
    if not actor.is_guardian or text.startswith("/"):
        return nothing_open_screen(tr)
    kept = await threads.keep_text(uow, actor, text)
    buttons = [
        [Button("✉️ " + tr.plain.gettext("Send it, about {child}", child=child.name), SendKept(child.id).pack())]
        for child in kept.children
    ]
    asked = tr.gettext("Shall I send this to the contact teacher? Nothing has been sent yet.")
    if kept.joined:
        asked = Html(f"{asked}\n<blockquote>{tr.value(kept.text)}</blockquote>")
    return Screen(asked, rows(*buttons, [cancel_button(tr)]))


@router.callback_query(Tapped(SendKept))
async def send_kept(_: CallbackQuery, tap: SendKept, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send the text that waits for this tap."""
    receipt = await threads.send_kept(uow, actor, tap.pupil)
    return receipt_screen(receipt, tr, uow.school.answer_days)
