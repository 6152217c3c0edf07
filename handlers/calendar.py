"""The own calendar: dates, files for the phone, the private address (M6)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.home import leave_question
from bot.actions.year import ics, link, own
from bot.domain.calendar_taps import EVERYTHING, CalendarPage, EventFile, LinkStep, LinkTap, TalkFile
from bot.domain.errors import Stale
from bot.domain.messages import FileData, Screen
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Texts
from handlers import calendar_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said

router = Router(name="calendar")


@router.message(Said("calendar"))
async def calendar_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the dates to come; whatever question was open is closed."""
    await leave_question(uow, actor)
    return await _page(uow, actor, tr)


@router.callback_query(TappedPage(Page.CALENDAR))
async def calendar_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    await leave_question(uow, actor)
    return await _page(uow, actor, tr)


@router.callback_query(Tapped(CalendarPage))
async def page_turned(_: CallbackQuery, tap: CalendarPage, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show other dates."""
    return await _page(uow, actor, tr, tap.page)


async def _page(uow: UnitOfWork, actor: Actor, tr: Texts, page: int = 0) -> Screen:
    return screens.page_screen(await own.own_dates(uow, actor, page), await link.view_link(uow, actor), tr)


@router.callback_query(Tapped(EventFile))
async def event_asked(_: CallbackQuery, tap: EventFile, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send one event as a file, or all that concerns the person."""
    if tap.event == EVERYTHING:
        return _file(await own.all_dates(uow, actor), tr)
    return _file(await ics.ics_of_event(uow, actor, tap.event), tr)


@router.callback_query(Tapped(TalkFile))
async def talk_asked(_: CallbackQuery, tap: TalkFile, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send one talk as a file."""
    return _file(await ics.ics_of_talk(uow, actor, tap.talk), tr)


def _file(made: FileData, tr: Texts) -> Screen:
    text = tr.gettext("📅 Open this file, and your phone offers to put it into your calendar.")
    return Screen(text, attachment=made)


@router.callback_query(Tapped(LinkTap))
async def link_tapped(_: CallbackQuery, tap: LinkTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show how the own address stands, make one, or end it."""
    view = await link.view_link(uow, actor)
    if tap.step is not LinkStep.SHOW and tap.made != view.version:
        return screens.link_screen(view, tr, toast=str(tr.plain.gettext(Stale.sentence)))
    match tap.step:
        case LinkStep.SHOW:
            return screens.link_screen(view, tr)
        case LinkStep.MAKE:
            address = await link.make_link(uow, actor, tap.made)
            return screens.made_screen(address, await link.view_link(uow, actor), tr)
        case LinkStep.REPLACE:
            return screens.replace_screen(view, tr)
        case LinkStep.END:
            return screens.end_screen(view, tr)
        case LinkStep.END_YES:
            await link.stop_link(uow, actor)
            said = tr.plain.gettext("The address has stopped working.")
            return screens.link_screen(await link.view_link(uow, actor), tr, toast=str(said))
