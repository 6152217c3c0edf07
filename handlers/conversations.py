"""A person's conversations, and what can be done with a whole one (B1–B5)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork, threads
from bot.actions.home import leave_question
from bot.actions.threads.close import close_thread, reopen_thread
from bot.actions.threads.hand import ask_hand, hand_back, hand_over
from bot.actions.threads.page import list_conversations, list_files, open_conversation
from bot.domain.errors import NotPermitted
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.domain.thread_taps import OpenThread, ThreadAct, ThreadFiles, ThreadList, ThreadStep
from bot.i18n import Texts
from handlers import thread_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said
from handlers.screens import receipt_screen

router = Router(name="conversations")


@router.message(Said("conversations"))
async def conversations_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the own conversations; whatever question was open is closed."""
    await leave_question(uow, actor)
    return await _list(uow, actor, tr, 0)


@router.callback_query(TappedPage(Page.CONVERSATIONS))
async def conversations_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return await _list(uow, actor, tr, 0)


@router.callback_query(Tapped(ThreadList))
async def page_tapped(_: CallbackQuery, tap: ThreadList, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show further conversations."""
    return await _list(uow, actor, tr, tap.page)


async def _list(uow: UnitOfWork, actor: Actor, tr: Texts, page: int) -> Screen:
    return screens.list_screen(await list_conversations(uow, actor, page), actor, tr)


@router.callback_query(Tapped(OpenThread))
async def thread_opened(_: CallbackQuery, tap: OpenThread, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a conversation."""
    view = await open_conversation(uow, actor, tap.thread, tap.before)
    return screens.thread_screen(view, tr, uow.school, new=tap.new)


@router.callback_query(Tapped(ThreadFiles))
async def files_tapped(_: CallbackQuery, tap: ThreadFiles, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """Send the files of a page once more."""
    files = await list_files(uow, actor, tap.thread, tap.before)
    if not files:
        raise NotPermitted
    return [Screen(tr.gettext("From {name}", name=said.author), file=file, new=True) for file, said in files]


@router.callback_query(Tapped(ThreadAct))
async def act_tapped(_: CallbackQuery, tap: ThreadAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Close, reopen, hand over, hand back, ask to be called."""
    match tap.step:
        case ThreadStep.ASK_HAND:
            thread, leaders = await ask_hand(uow, actor, tap.thread)
            return screens.hand_question(thread, leaders, tr)
        case ThreadStep.CALL:
            receipt = await threads.call_me_in(uow, actor, tap.thread)
            return receipt_screen(receipt, tr, uow.school.answer_days, call=True)
        case ThreadStep.HAND:
            await hand_over(uow, actor, tap.thread)
        case ThreadStep.HAND_BACK:
            await hand_back(uow, actor, tap.thread)
        case ThreadStep.CLOSE:
            await close_thread(uow, actor, tap.thread)
        case ThreadStep.REOPEN:
            await reopen_thread(uow, actor, tap.thread)
    view = await open_conversation(uow, actor, tap.thread)
    return screens.thread_screen(view, tr, uow.school)
