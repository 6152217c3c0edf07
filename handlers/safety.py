"""Something is not right: a home reports bullying, those who read such reports receive it (B10)."""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.care import safety
from bot.actions.home import list_children
from bot.domain.care_taps import CallAboutUnsafe, HaveReceived, ReportUnsafe
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers import safety_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText, Said
from handlers.screens import receipt_screen

router = Router(name="safety")


@router.message(Said("safety"))
async def safety_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask about which child, or for the words."""
    return await _start(uow, actor, tr, 0)


@router.callback_query(Tapped(ReportUnsafe))
async def safety_tapped(_: CallbackQuery, tap: ReportUnsafe, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same from a button."""
    return await _start(uow, actor, tr, tap.pupil)


async def _start(uow: UnitOfWork, actor: Actor, tr: Texts, pupil_id: int) -> Screen:
    children = await list_children(uow, actor)
    if not pupil_id and len(children) != 1:
        return screens.child_screen(children, tr)
    return screens.start_screen(await safety.start_report(uow, actor, pupil_id or children[0].id), tr)


@router.message(HasText(), Expects(safety.EXPECT_SAFETY))
async def report_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the report; hard words are what it is for, so only numbers are looked for."""
    words = Words(message.text or "", question.ref_id, pupil=question.ref_id)
    return await with_care(uow, actor, tr, "safety.text", words, only_numbers=True)


@sends("safety.text")
async def _send(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.sent_screen(await safety.report(uow, actor, words.ref, words.text), tr)


@router.callback_query(Tapped(CallAboutUnsafe))
async def call_tapped(_: CallbackQuery, tap: CallAboutUnsafe, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask to be called instead."""
    receipt = await safety.ask_call(uow, actor, tap.pupil)
    return receipt_screen(receipt, tr, uow.school.answer_days, call=True)


@router.callback_query(Tapped(HaveReceived))
async def received_tapped(_: CallbackQuery, tap: HaveReceived, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Let the home know who has its report."""
    return screens.received_screen(await safety.have_received(uow, actor, tap.thread), tr)
