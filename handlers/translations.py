"""Translations: the original one tap away, "this is wrong", and a look at them before sending (L1, L4, L7)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.actions import UnitOfWork
from bot.actions.notices import send
from bot.actions.notices import translations as previews
from bot.actions.notices.board import board_buttons, board_text, open_board
from bot.actions.translation.dispute import dispute, show_source
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.rendering_taps import DisputeRendering, ShowOriginal
from bot.domain.translation_taps import PreviewAct, PreviewStep, SendUnread
from bot.i18n import Texts
from handlers import compose_screens
from handlers.callbacks import Tapped
from handlers.stale import shows_current
from handlers.translation_screens import disputed_screen, source_screen

router = Router(name="translations")


@router.callback_query(Tapped(ShowOriginal))
async def original_shown(_: CallbackQuery, tap: ShowOriginal, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show below what a translation was made of (L1)."""
    return source_screen(await show_source(uow, actor, tap.rendering), actor, tr)


@router.callback_query(Tapped(DisputeRendering))
async def translation_disputed(
    _: CallbackQuery, tap: DisputeRendering, uow: UnitOfWork, actor: Actor, tr: Texts
) -> Screen:
    """Take a reader's word that a translation is wrong (L4)."""
    return disputed_screen(await dispute(uow, actor, tap.rendering, tap.version), actor, tr)


@router.callback_query(Tapped(PreviewAct))
@shows_current
async def preview_act(_: CallbackQuery, tap: PreviewAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Do what the screen of a draft's translations offers; it stays, and answers come below it."""
    notice, version = tap.notice, tap.version
    match tap.step:
        case PreviewStep.OPEN:
            await previews.open_previews(uow, actor, notice, version)
            return Screen(toast=str(tr.plain.gettext("The translations come below.")))
        case PreviewStep.WAIT:
            waits = await previews.toggle_wait(uow, actor, notice, version)
            yes = tr.plain.gettext("It will wait for an interpreter when you send it.")
            return Screen(toast=str(yes if waits else tr.plain.gettext("It will not wait.")))
        case PreviewStep.SEND:
            screen = compose_screens.scheduled_screen(await send.send_now(uow, actor, notice, version), tr)
        case PreviewStep.EDIT:
            view = await previews.change_text(uow, actor, notice, version)
            screen = compose_screens.draft_screen(view, actor, tr, uow.today)
        case _:
            view = await previews.back_to_draft(uow, actor, notice)
            screen = compose_screens.draft_screen(view, actor, tr, uow.today)
    return Screen(screen.text, screen.buttons, new=True)


@router.callback_query(Tapped(SendUnread))
async def sent_unread(_: CallbackQuery, tap: SendUnread, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Let a notice go without waiting longer; its status when it has gone already."""
    done = await previews.send_unread(uow, actor, tap.notice)
    if done is not None:
        return compose_screens.scheduled_screen(done, tr)
    board = await open_board(uow, actor, tap.notice)
    toast = str(tr.plain.gettext("It has gone out already."))
    return Screen(board_text(board, tr), board_buttons(board, tr), toast=toast)
