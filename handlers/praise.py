"""A teacher praises a pupil in one tap: class, pupil, sentence (B6)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.actions import UnitOfWork, praise
from bot.actions.remarks import remark_classes
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.phrase_taps import PraiseClass, PraisePupil, SendPraise
from bot.i18n import Texts
from handlers import praise_screens as screens
from handlers.callbacks import Tapped
from handlers.compose_screens import draft_screen

router = Router(name="praise")


@router.callback_query(Tapped(PraiseClass))
async def class_tapped(_: CallbackQuery, tap: PraiseClass, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the pupils of a class, or ask which class."""
    classes = await remark_classes(uow, actor)
    class_id = tap.class_id or (classes[0].id if len(classes) == 1 else 0)
    if not class_id:
        return screens.classes_screen(classes, tr)
    sheet = await praise.open_praise(uow, actor, class_id)
    return screens.pupils_screen(sheet, tap.page, tr, several=len(classes) > 1)


@router.callback_query(Tapped(PraisePupil))
async def pupil_tapped(_: CallbackQuery, tap: PraisePupil, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the sentences."""
    return screens.sentences_screen(await praise.list_praise(uow, actor, tap.pupil, tap.page), tr)


@router.callback_query(Tapped(SendPraise))
async def praise_tapped(_: CallbackQuery, tap: SendPraise, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send a sentence, or begin one in the teacher's own words."""
    if not tap.phrase:
        return draft_screen(await praise.write_praise(uow, actor, tap.pupil), actor, tr, uow.today)
    return screens.sent_screen(await praise.send_praise(uow, actor, tap.pupil, tap.phrase), tr)
