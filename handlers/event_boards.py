"""Looking after a called event: its board, names, topics, changes, the end, the summary; and "still the same" (M1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.events import board as boards
from bot.actions.events import cancel, change, invite, summary
from bot.actions.events.board import EventBoard
from bot.actions.events.board_words import board_buttons, board_text
from bot.actions.events.change import ChangeView
from bot.actions.events.compose import week_to_choose
from bot.actions.events.listing import list_topics
from bot.actions.events.slip_words import slip_buttons, slip_text
from bot.actions.home import leave_question
from bot.domain.errors import InvalidInput, Stale
from bot.domain.event_draft import EventField
from bot.domain.event_taps import (
    ApplyChange,
    ChangeEvent,
    ChangeWeek,
    EventView,
    OpenEvent,
    SendSummary,
    SetChange,
    StillSame,
)
from bot.domain.events import EventOver
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers import event_board_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText

router = Router(name="event_boards")
Handler = Callable[..., Awaitable[Screen]]


def _apart(screen: Screen) -> Screen:
    """Show what takes a while below the board: in its place, the next answer of a home would draw over it."""
    return replace(screen, new=True)


def _board(board: EventBoard, tr: Texts, *, toast: str = "") -> Screen:
    return Screen(board_text(board, tr), board_buttons(board, tr), toast=toast, alert=bool(toast))


@router.callback_query(Tapped(OpenEvent))
async def opened(_: CallbackQuery, tap: OpenEvent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show or do what the button under an event says."""
    match tap.view:
        case EventView.NAMES:
            board, guests = await boards.list_guests(uow, actor, tap.event)
            return screens.names_screen(board, guests, tap.page, tr)
        case EventView.NEEDS:
            return screens.needs_screen(*await boards.list_needs(uow, actor, tap.event), tap.page, tr)
        case EventView.TOPICS:
            return screens.topics_screen(await list_topics(uow, actor, tap.event), tap.page, tr)
        case EventView.TEXT:
            return screens.text_screen(tap.event, await boards.read_event(uow, actor, tap.event), tr)
        case EventView.REMIND:
            board, count = await invite.remind_silent(uow, actor, tap.event)
            toast = tr.plain.ngettext("{n} person is being reminded.", "{n} people are being reminded.", count)
            return _board(board, tr, toast=str(toast))
        case EventView.SUMMARY:
            return _apart(screens.summary_screen(await summary.ask_summary(uow, actor, tap.event), tr))
        case _:
            return await _change_or_cancel(tap, uow, actor, tr)


async def _change_or_cancel(tap: OpenEvent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    board = await boards.open_board(uow, actor, tap.event)
    ended = board.over or board.content.cancelled
    match tap.view:
        case EventView.MORE if not ended:
            return screens.more_screen(board, tr)
        case EventView.CHANGE if not ended:
            return _apart(screens.change_screen(await change.start_change(uow, actor, tap.event), tr))
        case EventView.CHOOSE if not ended:
            return screens.change_screen(await change.start_change(uow, actor, tap.event), tr)
        case EventView.CANCEL if not ended:
            return _apart(screens.cancel_screen(board, tr))
        case EventView.CANCEL_YES:
            board, count = await cancel.cancel_event(uow, actor, tap.event)
            if not count:
                return _board(board, tr)
            toast = tr.plain.ngettext(
                "It is cancelled. {n} person is told.", "It is cancelled. {n} people are told.", count
            )
            return _board(board, tr, toast=str(toast))
        case _:
            return _board(board, tr)


def shows_event(handler: Handler) -> Handler:
    """Answer a stale change, or one whose value does not fit, with how the event stands now."""

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except EventOver as over:
            board = await boards.open_board(uow, actor, tap.event)
            return _board(board, tr, toast=str(tr.plain.gettext(over.sentence)))
        except (Stale, InvalidInput) as refused:
            toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
            screen = screens.change_screen(await change.start_change(uow, actor, tap.event), tr)
            return Screen(screen.text, screen.buttons, toast=toast, alert=True)

    return wrapped


@router.callback_query(Tapped(ChangeEvent))
@shows_event
async def change_asked(_: CallbackQuery, tap: ChangeEvent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for a field's new value."""
    view = await change.start_change(uow, actor, tap.event, tap.revision, tap.field)
    return await _change_screen(uow, tr, view)


@router.callback_query(Tapped(ChangeWeek))
@shows_event
async def change_week(_: CallbackQuery, tap: ChangeWeek, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn the small calendar to another week."""
    view = await change.start_change(uow, actor, tap.event, tap.revision, EventField.DAY)
    return await _change_screen(uow, tr, view, week=tap.week)


@router.callback_query(Tapped(SetChange))
@shows_event
async def change_tapped(_: CallbackQuery, tap: SetChange, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a new value from a button."""
    view = await change.set_change(uow, actor, tap.event, tap.revision, tap.field, tap.value)
    return await _change_screen(uow, tr, view)


@router.message(HasText(), Expects(change.EXPECT_CHANGE))
async def change_written(
    message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any
) -> Screen | list[Screen]:
    """Take a new value as it was typed; what comes too late is answered with how the event stands now."""
    try:
        view = await change.set_change(uow, actor, question.ref_id, None, None, message.text or "")
    except EventOver as over:
        await leave_question(uow, actor)
        return [Screen(tr.gettext(over.sentence)), _board(await boards.open_board(uow, actor, question.ref_id), tr)]
    except Stale as refused:
        now = await change.start_change(uow, actor, question.ref_id)
        return [Screen(tr.gettext(refused.sentence)), screens.change_screen(now, tr)]
    return await _change_screen(uow, tr, view)


async def _change_screen(uow: UnitOfWork, tr: Texts, view: ChangeView, *, week: int | None = None) -> Screen:
    if view.asks is None:
        return screens.change_screen(view, tr)
    return screens.new_value_screen(view, view.asks, await week_to_choose(uow, week, view.new.day), tr)


@router.callback_query(Tapped(ApplyChange))
@shows_event
async def change_applied(_: CallbackQuery, tap: ApplyChange, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Change it, and tell everybody."""
    board, count = await change.apply_change(uow, actor, tap.event, tap.revision)
    toast = tr.plain.ngettext("{n} person is told of the change.", "{n} people are told of the change.", count)
    return _board(board, tr, toast=str(toast))


@router.message(HasText(), Expects(summary.EXPECT_SUMMARY))
async def summary_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Show the summary before it is sent."""
    words = Words(message.text or "", question=question)
    return await with_care(uow, actor, tr, "event.summary", words, to_school=False)


@sends("event.summary")
async def _keep_summary(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.summary_screen(await summary.keep_summary(uow, actor, words.question, words.text), tr)


@router.callback_query(Tapped(SendSummary))
async def summary_sent(_: CallbackQuery, tap: SendSummary, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send the summary."""
    board, count = await summary.send_summary(uow, actor, tap.event, everybody=tap.everybody)
    toast = tr.plain.ngettext("{n} person gets the summary.", "{n} people get the summary.", count)
    return _board(board, tr, toast=str(toast))


@router.callback_query(Tapped(StillSame))
async def still_same(_: CallbackQuery, tap: StillSame, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take it that an answer still holds after a change."""
    try:
        found = await change.confirm_same(uow, actor, tap.event, tap.revision)
        toast = tr.plain.gettext("Thank you. It is noted.")
    except (Stale, EventOver) as refused:
        found = await change.show_own(uow, actor, tap.event)
        toast = tr.plain.gettext(refused.sentence)
    text = slip_text(tr, found.event, found.invitation, found.organiser, found.children, uow.now)
    return Screen(text, slip_buttons(tr, found.event, found.invitation, uow.now), toast=str(toast))
