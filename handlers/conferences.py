"""Conferences on the teacher's side: laying out a round, inviting, looking after it (M4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.conferences import board as boards
from bot.actions.conferences import invite, layout, look_after
from bot.actions.home import leave_question
from bot.domain.conference_slots import SlotTaken, Span
from bot.domain.conference_taps import (
    LayRound,
    OpenRound,
    RoundDay,
    RoundStep,
    RoundView,
    RoundWeek,
    SetRound,
    SlotStep,
    SlotTap,
    StartRound,
)
from bot.domain.errors import InvalidInput, NotPermitted, Stale
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers import conference_screens as screens
from handlers.callbacks import Tapped
from handlers.filters import Expects, HasText

router = Router(name="conferences")
Handler = Callable[..., Awaitable[Screen]]


def shows_draft(handler: Handler) -> Handler:
    """Answer a stale tap, or one that does not fit, with the draft as it stands; once it is open, with its board."""

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except (Stale, InvalidInput) as refused:
            toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
            return screens.layout_screen(await layout.show_draft(uow, actor, tap.event), tr, toast=toast)
        except NotPermitted:
            return screens.board_screen(await boards.open_board(uow, actor, tap.event), tr)

    return wrapped


@router.callback_query(Tapped(StartRound))
async def started(_: CallbackQuery, tap: StartRound, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the open rounds, begin one, or go on with the one that was begun."""
    if not tap.school_class and (open_rounds := await boards.own_rounds(uow, actor)):
        return screens.rounds_screen(open_rounds, tr)
    begun = await layout.start_round(uow, actor, tap.school_class or layout.ANY_CLASS)
    return screens.classes_screen(begun, tr) if isinstance(begun, list) else screens.layout_screen(begun, tr)


@router.callback_query(Tapped(LayRound))
@shows_draft
async def laid(_: CallbackQuery, tap: LayRound, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a step of laying out."""
    event, version = tap.event, tap.version
    match tap.step:
        case RoundStep.OVERVIEW:
            return screens.layout_screen(await layout.show_draft(uow, actor, event), tr)
        case RoundStep.DAY:
            return screens.day_screen(await layout.choose_day(uow, actor, event, version), tr)
        case RoundStep.CLEAR_DAYS:
            return screens.layout_screen(await layout.clear_days(uow, actor, event, version), tr)
        case RoundStep.MINUTES | RoundStep.LONG | RoundStep.PAUSE:
            return screens.length_screen(await layout.show_draft(uow, actor, event), tap.step, tr)
        case RoundStep.PLACES:
            return screens.places_screen(await layout.show_draft(uow, actor, event), tr)
        case RoundStep.VIDEO:
            return screens.video_screen(await layout.ask_video(uow, actor, event, version), tr)
        case RoundStep.PREVIEW:
            return screens.preview_screen(await invite.preview(uow, actor, event, version, tr), tr)
        case RoundStep.INVITE:
            return screens.invited_screen(await invite.invite(uow, actor, event, version), tr)
        case RoundStep.DISCARD:
            await layout.discard(uow, actor, event, version)
            return screens.discarded_screen(tr)


@router.callback_query(Tapped(SetRound))
@shows_draft
async def value_set(_: CallbackQuery, tap: SetRound, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a length or a place."""
    view = await layout.set_value(uow, actor, tap.event, tap.version, tap.step, tap.value)
    if tap.step is RoundStep.PLACES:
        return screens.places_screen(view, tr)
    return screens.length_screen(view, tap.step, tr)


@router.callback_query(Tapped(RoundWeek))
@shows_draft
async def week_turned(_: CallbackQuery, tap: RoundWeek, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn the small calendar."""
    return screens.day_screen(await layout.choose_day(uow, actor, tap.event, tap.version, tap.week), tr)


@router.callback_query(Tapped(RoundDay))
@shows_draft
async def day_picked(_: CallbackQuery, tap: RoundDay, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the day, then from when, then until when."""
    day, first, last = _day(tap.day), _time(tap.first), _time(tap.last)
    if first is not None and last is not None:
        return screens.layout_screen(
            await layout.add_span(uow, actor, tap.event, tap.version, Span(day, first, last)), tr
        )
    return screens.hours_screen(await layout.begin_hours(uow, actor, tap.event, tap.version, day), day, first, tr)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotPermitted from error


def _time(text: str) -> time | None:
    if not text:
        return None
    try:
        return time(int(text[:2]), int(text[2:]))
    except ValueError as error:
        raise NotPermitted from error


@router.message(HasText(), Expects(layout.EXPECT_HOURS))
async def hours_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take from when until when in one line."""
    first, last = layout.read_hours(message.text or "")
    span = Span(date.fromisoformat(str(question.data["day"])), first, last)
    view = await layout.add_span(uow, actor, question.ref_id, int(question.data["version"]), span)
    return screens.layout_screen(view, tr)


@router.message(HasText(), Expects(layout.EXPECT_VIDEO))
async def video_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the address of the video talk."""
    return screens.places_screen(await layout.take_video(uow, actor, question.ref_id, message.text or ""), tr)


@router.callback_query(Tapped(OpenRound))
async def board_tapped(_: CallbackQuery, tap: OpenRound, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the board, a day of it, or do what stands on it."""
    match tap.view:
        case RoundView.REMIND:
            board, count = await invite.remind_unbooked(uow, actor, tap.event)
            toast = str(tr.plain.ngettext("{n} person is reminded.", "{n} people are reminded.", count))
            return screens.board_screen(board, tr, toast=toast)
        case RoundView.ADD:
            row = await look_after.ask_time(uow, actor, tap.event)
            example = (uow.school.local(uow.now) + timedelta(days=7)).replace(hour=14, minute=0)
            return screens.add_screen(row.id, example, tr)
        case RoundView.CANCEL_YES:
            return screens.board_screen(await look_after.cancel_round(uow, actor, tap.event), tr)
        case _:
            board = await boards.open_board(uow, actor, tap.event)
    match tap.view:
        case RoundView.DAY if board.days:
            return screens.board_day_screen(board, tap.page, tr)
        case RoundView.WAITING:
            return screens.missing_screen(board, tap.page, tr)
        case RoundView.MORE:
            return screens.more_screen(board, tr)
        case RoundView.CANCEL:
            return screens.cancel_screen(board, tr)
        case _:
            await leave_question(uow, actor)
            return screens.board_screen(board, tr)


@router.callback_query(Tapped(SlotTap))
async def slot_tapped(_: CallbackQuery, tap: SlotTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show one time, close or open it, or call off its talk."""
    toast = ""
    match tap.step:
        case SlotStep.CLOSE | SlotStep.OPEN:
            try:
                page = await look_after.close_slot(uow, actor, tap.slot, closed=tap.step is SlotStep.CLOSE)
            except SlotTaken:
                page = await look_after.show_slot(uow, actor, tap.slot)
                toast = str(tr.plain.gettext(Stale.sentence))
        case SlotStep.CALL_OFF_YES:
            page = await look_after.call_off(uow, actor, tap.slot)
        case _:
            page = await look_after.show_slot(uow, actor, tap.slot)
    return screens.slot_screen(page, uow.school, tr, toast=toast, ask=tap.step is SlotStep.CALL_OFF)


@router.message(HasText(), Expects(look_after.EXPECT_TIME))
async def time_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take one more time."""
    return screens.board_screen(await look_after.add_time(uow, actor, question, message.text or ""), tr)
