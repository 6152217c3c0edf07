"""What was agreed in talks: ticked off by either side (M5)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.actions import UnitOfWork
from bot.actions.talks.points import tick_point
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.talk_taps import TickPoint
from bot.i18n import Texts
from handlers import talk_screens as screens
from handlers.callbacks import Tapped

router = Router(name="points")


@router.callback_query(Tapped(TickPoint))
async def ticked(_: CallbackQuery, tap: TickPoint, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Say that it is done, or that it is open after all; a second tap changes nothing."""
    view, _changed = await tick_point(uow, actor, tap.point, done=tap.done)
    return screens.ticked_screen(view, tap.point, tr)
