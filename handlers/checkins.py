"""Check-in arrangements: the school arranges, the home answers in the morning (A9)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.checkins import answer, drafting, pause, plan
from bot.actions.home import leave_question
from bot.domain.checkin_taps import (
    AnswerCheckin,
    CheckinHere,
    EditCheckin,
    EditStep,
    OpenCheckin,
    PauseCheckin,
    PlanStep,
)
from bot.domain.errors import Stale
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Texts
from handlers import checkin_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Expects, HasText, Said

router = Router(name="checkins")
Handler = Callable[..., Awaitable[Screen]]


@router.message(Said("checkins"))
async def checkins_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the own arrangements; whatever question was open is closed."""
    await leave_question(uow, actor)
    return await _list(uow, actor, tr)


@router.callback_query(TappedPage(Page.CHECKINS))
async def checkins_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    await leave_question(uow, actor)
    return await _list(uow, actor, tr)


async def _list(uow: UnitOfWork, actor: Actor, tr: Texts, *, toast: str = "") -> Screen:
    found = await plan.list_arrangements(uow, actor)
    return screens.list_screen([(one.id, f"{one.pupil_name}, {one.class_name}") for one in found], tr, toast=toast)


def goes_back_when_stale(handler: Handler) -> Handler:
    """Answer a step of something that is not being arranged any more with the list."""

    @wraps(handler)
    async def wrapped(event: Any, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(event, tap, uow, actor, tr)
        except Stale as stale:
            return await _list(uow, actor, tr, toast=str(tr.plain.gettext(stale.sentence)))

    return wrapped


@router.callback_query(Tapped(EditCheckin))
@goes_back_when_stale
async def edited(_: CallbackQuery, tap: EditCheckin, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a step of arranging."""
    match tap.step:
        case EditStep.CLASS:
            classes = await plan.list_my_classes(uow, actor)
            if len(classes) != 1:
                return screens.classes_screen(classes, tr)
            pupils = await plan.list_class(uow, actor, classes[0].id)
            return screens.pupils_screen(pupils, classes[0].id, 0, tr)
        case EditStep.PAGE:
            return screens.pupils_screen(await plan.list_class(uow, actor, tap.value), tap.value, tap.page, tr)
        case EditStep.PUPIL:
            begun = await plan.begin(uow, actor, tap.value)
            if isinstance(begun, plan.PlanView):
                return screens.plan_screen(begun, tr)
            return screens.draft_screen(begun, tr)
        case EditStep.START:
            view = await plan.start(uow, actor)
            return screens.plan_screen(view, tr, toast=str(tr.plain.gettext("The home is told now.")))
        case _:
            return screens.draft_screen(await drafting.edit(uow, actor, tap.step, tap.value), tr)


@router.message(HasText(), Expects(drafting.EXPECT_TIME))
async def time_typed(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take a time that was typed."""
    return screens.draft_screen(await drafting.typed_time(uow, actor, question, message.text or ""), tr)


@router.callback_query(Tapped(OpenCheckin))
async def opened(_: CallbackQuery, tap: OpenCheckin, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show an arrangement, change or end it."""
    match tap.step:
        case PlanStep.SHOW:
            return screens.plan_screen(await plan.show(uow, actor, tap.plan), tr)
        case PlanStep.CHANGE:
            return screens.draft_screen(await plan.change(uow, actor, tap.plan), tr)
        case PlanStep.END:
            return screens.end_screen(await plan.show(uow, actor, tap.plan), tr)
        case PlanStep.END_YES:
            return screens.ended_screen(await plan.end(uow, actor, tap.plan), tr)


@router.callback_query(Tapped(AnswerCheckin))
async def answered(_: CallbackQuery, tap: AnswerCheckin, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a guardian's answer of the morning."""
    return screens.morning_screen(await answer.answer_checkin(uow, actor, tap.day, tap.answer), tr)


@router.callback_query(Tapped(CheckinHere))
async def here(_: CallbackQuery, tap: CheckinHere, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Note that the pupil is here."""
    return screens.here_screen(await answer.note_here(uow, actor, tap.day), tr)


@router.callback_query(Tapped(PauseCheckin))
async def paused(_: CallbackQuery, tap: PauseCheckin, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask a guardian no more until the school has called, or once more."""
    if tap.again:
        return screens.resumed_screen(await pause.resume(uow, actor, tap.plan), tr)
    return screens.paused_screen(await pause.pause(uow, actor, tap.plan), tr)
