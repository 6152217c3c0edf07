"""Booking a conference: day, time, place; moving it, cancelling it, waiting for one (M4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.conferences import book, desk, details, waiting
from bot.actions.conferences.book import SiblingThen
from bot.actions.conferences.desk import TakenNow, TimesPage
from bot.domain.conference_slots import SlotTaken
from bot.domain.conference_taps import (
    BookDay,
    BookSlot,
    BookStep,
    OpenBooking,
    TalkInterpreter,
    TalkStep,
    TalkTap,
    WaitStep,
    WaitTap,
)
from bot.domain.conferences import TalkState
from bot.domain.errors import DomainError, NotPermitted, Stale
from bot.domain.events import GenderWish
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers import booking_screens as screens
from handlers.callbacks import Tapped
from handlers.filters import Expects, HasText

router = Router(name="bookings")


@router.callback_query(Tapped(OpenBooking))
async def booking_opened(_: CallbackQuery, tap: OpenBooking, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the talk of a pupil, or the days on which one can be booked."""
    pupil = tap.pupil
    if not pupil:
        mine = await desk.children_of(uow, actor, tap.event)
        if len(mine) > 1:
            return screens.children_screen(tap.event, mine, tr)
        pupil = mine[0].id
    page = await desk.days_page(uow, actor, tap.event, pupil)
    if page.desk.talk is not None:
        return screens.talk_screen(await book.show_talk(uow, actor, page.desk.talk.id or 0), uow.school, tr)
    return screens.days_screen(page, uow.school, tr)


@router.callback_query(Tapped(BookDay))
async def day_tapped(_: CallbackQuery, tap: BookDay, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the free times of a day; a day without any leads to the others."""
    try:
        day = date.fromisoformat(tap.day)
    except ValueError as error:
        raise NotPermitted from error
    page = await desk.times_page(uow, actor, tap.event, tap.pupil, day, tap.wish)
    if not page.offers and not tap.wish.asked:
        return screens.days_screen(await desk.days_page(uow, actor, tap.event, tap.pupil), uow.school, tr)
    return screens.times_screen(page, tap.page, tr)


@router.callback_query(Tapped(BookSlot))
async def slot_tapped(_: CallbackQuery, tap: BookSlot, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a time with its choices, or book it; who comes too late sees what is free."""
    try:
        if tap.step is BookStep.BOOK:
            view = await book.book(uow, actor, tap)
            return screens.talk_screen(view, uow.school, tr)
        page = await desk.choice_page(uow, actor, tap)
    except (SlotTaken, SiblingThen) as refused:
        return await _still_free(tap, uow, actor, tr, refused)
    if tap.step is BookStep.LANGUAGE and not page.desk.keeps_wish:
        return screens.languages_screen(page, tr)
    return screens.choice_screen(page, uow.school, tr)


async def _still_free(tap: BookSlot, uow: UnitOfWork, actor: Actor, tr: Texts, refused: DomainError) -> Screen:
    toast = str(tr.plain.gettext(refused.sentence))
    page = await desk.still_free(uow, actor, tap, refused if isinstance(refused, TakenNow) else None)
    if isinstance(page, TimesPage):
        return screens.times_screen(page, 0, tr, toast=toast)
    return screens.days_screen(page, uow.school, tr, toast=toast)


@router.callback_query(Tapped(TalkTap))
async def talk_tapped(_: CallbackQuery, tap: TalkTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a booked talk, or change it."""
    try:
        return await _talk_step(tap, uow, actor, tr)
    except Stale as stale:
        view = await book.show_talk(uow, actor, tap.talk)
        return screens.talk_screen(view, uow.school, tr, toast=str(tr.plain.gettext(stale.sentence)))


async def _talk_step(tap: TalkTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    match tap.step:
        case TalkStep.PLACE:
            view = await details.next_place(uow, actor, tap.talk, tap.version)
        case TalkStep.PUPIL:
            view = await details.turn_pupil(uow, actor, tap.talk, tap.version)
        case TalkStep.CANCEL_YES:
            view = await book.cancel_talk(uow, actor, tap.talk, tap.version)
        case _:
            view = await book.show_talk(uow, actor, tap.talk)
    booked = view.talk.state is TalkState.BOOKED
    if tap.step is TalkStep.MOVE:
        page = await desk.days_page(uow, actor, view.talk.event_id, view.talk.pupil_id)
        return screens.days_screen(page, uow.school, tr)
    if tap.step is TalkStep.CANCEL and booked:
        return screens.cancel_screen(view, uow.school, tr)
    if tap.step is TalkStep.INTERPRETER and booked and view.sees_wish:
        return screens.interpreter_screen(view, tr)
    return screens.talk_screen(view, uow.school, tr)


@router.callback_query(Tapped(TalkInterpreter))
async def interpreter_tapped(
    _: CallbackQuery, tap: TalkInterpreter, uow: UnitOfWork, actor: Actor, tr: Texts
) -> Screen:
    """Take who should interpret, or ask for the dialect."""
    try:
        if tap.detail == "dialect":
            return screens.dialect_screen(await details.ask_dialect(uow, actor, tap.talk, tap.version), tr)
        if tap.detail not in {one.value for one in GenderWish}:
            raise NotPermitted
        view = await details.set_detail(uow, actor, tap.talk, tap.version, gender=GenderWish(tap.detail))
        return screens.interpreter_screen(view, tr)
    except Stale as stale:
        view = await book.show_talk(uow, actor, tap.talk)
        return screens.talk_screen(view, uow.school, tr, toast=str(tr.plain.gettext(stale.sentence)))


@router.message(HasText(), Expects(details.EXPECT_DIALECT))
async def dialect_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the dialect."""
    return screens.interpreter_screen(await details.take_dialect(uow, actor, question, message.text or ""), tr)


@router.callback_query(Tapped(WaitTap))
async def wait_tapped(_: CallbackQuery, tap: WaitTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Wait for a time, let the one that is kept go to the next, or stop waiting."""
    act = {WaitStep.JOIN: waiting.join, WaitStep.LEAVE: waiting.leave, WaitStep.NEXT: waiting.let_pass}[tap.step]
    return screens.wait_screen(await act(uow, actor, tap.event, tap.pupil), uow.school, tr)
