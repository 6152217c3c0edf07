"""Homes that are left in peace: listing, choosing, setting, ending (B8)."""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.care import calm
from bot.domain.care_taps import CalmAct, CalmClass, CalmHomes, CalmStep, CalmUntil
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers import calm_screens as screens
from handlers.callbacks import Tapped
from handlers.filters import Expects, HasText

router = Router(name="calm")


@router.callback_query(Tapped(CalmHomes))
async def homes_tapped(_: CallbackQuery, tap: CalmHomes, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the homes in peace of the own classes."""
    homes = await calm.list_homes(uow, actor)
    return screens.homes_screen(homes, tr, tap.page, may_set=bool(await calm.list_choosable(uow, actor)))


@router.callback_query(Tapped(CalmClass))
async def class_tapped(_: CallbackQuery, tap: CalmClass, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask in which class, then which pupil's homes."""
    classes = await calm.list_choosable(uow, actor)
    if not tap.class_id and len(classes) != 1:
        return screens.class_screen(classes, tr)
    class_id = tap.class_id or classes[0].id
    return screens.pupil_screen(await calm.list_choosable_pupils(uow, actor, class_id), class_id, tap.page, tr)


@router.callback_query(Tapped(CalmAct))
async def acted(_: CallbackQuery, tap: CalmAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show one pupil's homes, ask for another day, or end it."""
    match tap.step:
        case CalmStep.SHOW:
            return screens.one_screen(await calm.open_pupil(uow, actor, tap.pupil), tr)
        case CalmStep.ASK_DAY:
            await calm.ask_day(uow, actor, tap.pupil)
            return screens.day_screen(tr, uow.today)
        case CalmStep.END:
            view = await calm.end_peace(uow, actor, tap.pupil)
            return screens.one_screen(view, tr, toast=str(tr.plain.gettext("Ended. Reminders come as usual again.")))


@router.callback_query(Tapped(CalmUntil))
async def weeks_tapped(_: CallbackQuery, tap: CalmUntil, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Leave the homes in peace for some weeks."""
    return screens.one_screen(await calm.leave_for_weeks(uow, actor, tap.pupil, tap.weeks), tr)


@router.message(HasText(), Expects(calm.EXPECT_DAY))
async def day_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Leave them in peace until the day that was typed."""
    return screens.one_screen(await calm.take_day(uow, actor, question, message.text or ""), tr)
