"""Leave: a home asks, the school answers (A3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.absence.words import day_off_text
from bot.actions.home import leave_question
from bot.actions.leave import ask, decide
from bot.domain.errors import Stale
from bot.domain.leave import STANDING, AlreadyDecided, LeaveState, NoSchoolInLeave
from bot.domain.leave_taps import (
    AskLeave,
    DecideLeave,
    DecideStep,
    LeaveCalendar,
    LeaveRequestTap,
    LeaveStep,
    RefuseReady,
    RequestStep,
)
from bot.domain.messages import Screen, rows
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Texts
from handlers import leave_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText, Said
from handlers.keyboards import cancel_button

router = Router(name="leave")
Handler = Callable[..., Awaitable[Screen]]


def says_why(handler: Handler) -> Handler:
    """Answer days without school with the reason that the calendar knows."""

    @wraps(handler)
    async def wrapped(event: CallbackQuery | Message, *args: Any, tr: Texts, **kwargs: Any) -> Screen:
        try:
            return await handler(event, *args, tr=tr, **kwargs)
        except NoSchoolInLeave as refused:
            if isinstance(event, CallbackQuery):
                plain = tr.plain
                toast = f"{day_off_text(plain, refused.day_off)}\n{plain.gettext(refused.sentence)}"
                return Screen(toast=toast, alert=True)
            text = f"{day_off_text(tr, refused.day_off)}\n{tr.gettext(refused.sentence)}"
            return Screen(text, rows([cancel_button(tr, Page.LEAVE)]))

    return wrapped


@router.message(Said("leave"))
async def leave_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show what was asked for, and the way to ask; whatever question was open is closed."""
    await leave_question(uow, actor)
    return screens.page_screen(await ask.leave_page(uow, actor), actor, tr)


@router.callback_query(TappedPage(Page.LEAVE))
async def leave_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    await leave_question(uow, actor)
    return screens.page_screen(await ask.leave_page(uow, actor), actor, tr)


@router.callback_query(Tapped(AskLeave))
@says_why
async def asked(_: CallbackQuery, tap: AskLeave, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a step of a request."""
    match tap.step:
        case LeaveStep.CHILDREN:
            return screens.children_screen(await ask.choose_children(uow, actor, tap.draft), tap.draft, tr)
        case LeaveStep.FIRST:
            return screens.day_screen(await ask.ask_day(uow, actor, tap.draft, end=False), tr)
        case LeaveStep.LAST:
            return screens.day_screen(await ask.ask_day(uow, actor, tap.draft, end=True), tr)
        case LeaveStep.WHY:
            return screens.why_screen(*await ask.ask_why(uow, actor, tap.draft), tr)
        case LeaveStep.SEND:
            return await _send(tap, uow, actor, tr)


async def _send(tap: AskLeave, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    try:
        review, _ = await ask.send_leave(uow, actor, tap.draft)
    except Stale as stale:
        toast = str(tr.plain.gettext(stale.sentence))
        return screens.page_screen(await ask.leave_page(uow, actor), actor, tr, toast=toast)
    return screens.sent_screen(review, uow.school.answer_days, tr)


@router.callback_query(Tapped(LeaveCalendar))
async def calendar_turned(_: CallbackQuery, tap: LeaveCalendar, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn the small calendar to another week."""
    return screens.day_screen(await ask.ask_day(uow, actor, tap.draft, end=tap.end, week=tap.week), tr)


@router.message(HasText(), Expects(ask.EXPECT_FIRST, ask.EXPECT_LAST))
@says_why
async def day_typed(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take a day that was typed."""
    draft, is_last = await ask.read_typed(uow, actor, question, message.text or "")
    if is_last:
        return screens.why_screen(*await ask.ask_why(uow, actor, draft), tr)
    return screens.day_screen(await ask.ask_day(uow, actor, draft, end=True), tr)


@router.message(HasText(), Expects(ask.EXPECT_WHY, ask.EXPECT_REVIEW))
@says_why
async def why_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the reason, and show everything before it is sent."""
    return await with_care(uow, actor, tr, "leave.why", Words(message.text or "", question=question))


@sends("leave.why")
async def _keep_why(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    review = await ask.keep_why(uow, actor, words.question, words.text)
    return screens.review_screen(review, actor, uow.school, tr)


@router.callback_query(Tapped(LeaveRequestTap))
async def own_tapped(_: CallbackQuery, tap: LeaveRequestTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a request of the own home, or take it back."""
    match tap.step:
        case RequestStep.SHOW:
            return screens.own_screen(await ask.show_own(uow, actor, tap.request), actor, tr, uow.today)
        case RequestStep.WITHDRAW:
            view = await ask.show_own(uow, actor, tap.request)
            if view.row.state not in STANDING or view.row.last < uow.today:
                return screens.own_screen(view, actor, tr, uow.today)
            return screens.withdraw_screen(view, actor, tr)
        case RequestStep.WITHDRAW_YES:
            return screens.own_screen(await ask.withdraw_leave(uow, actor, tap.request), actor, tr, uow.today)


@router.callback_query(Tapped(DecideLeave))
async def school_tapped(_: CallbackQuery, tap: DecideLeave, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a request to those who decide, grant it, or ask for the sentence first."""
    match tap.step:
        case DecideStep.SHOW:
            return screens.request_screen(await decide.show_request(uow, actor, tap.request), tr)
        case DecideStep.GRANT:
            return _decided(await decide.decide(uow, actor, tap.request, LeaveState.GRANTED), tr)
        case DecideStep.GRANT_WORD | DecideStep.REFUSE:
            refuse = tap.step is DecideStep.REFUSE
            asked = await decide.ask_sentence(uow, actor, tap.request, refuse=refuse)
            return screens.sentence_screen(asked.view, tr, refuse=refuse) if asked.counted else _decided(asked, tr)


@router.callback_query(Tapped(RefuseReady))
async def refused_ready(_: CallbackQuery, tap: RefuseReady, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Refuse with a ready-made sentence."""
    decision = await decide.decide(uow, actor, tap.request, LeaveState.REFUSED, ready=tap.sentence)
    return _decided(decision, tr)


@router.message(HasText(), Expects(decide.EXPECT_GRANT, decide.EXPECT_REFUSE))
async def sentence_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the school's sentence, and with it the decision."""
    words = Words(message.text or "", question=question)
    return await with_care(uow, actor, tr, "leave.sentence", words, to_school=False)


@sends("leave.sentence")
async def _decide_written(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return _decided(await decide.decide_written(uow, actor, words.question, words.text), tr)


def _decided(decision: decide.Decision, tr: Texts) -> Screen:
    toast = "" if decision.counted else str(tr.plain.gettext(AlreadyDecided.sentence))
    return screens.request_screen(decision.view, tr, toast=toast)
