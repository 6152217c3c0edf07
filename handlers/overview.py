"""A guardian looks at a child's school year (A8)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.home import list_children
from bot.actions.overview import Overview, show_overview
from bot.actions.overview_words import overview_text
from bot.domain.followup_taps import OverviewOf
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Texts
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said
from handlers.keyboards import menu_button, to_page

router = Router(name="overview")


@router.message(Said("overview"))
async def overview_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the school year of the one child, or ask which."""
    return await _overview(uow, actor, tr)


@router.callback_query(TappedPage(Page.OVERVIEW))
async def overview_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return await _overview(uow, actor, tr)


async def _overview(uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    children = await list_children(uow, actor)
    if not children:
        return Screen(tr.gettext("No child is connected to you here."), rows([menu_button(tr)]))
    if len(children) == 1:
        return _screen(await show_overview(uow, actor, children[0].id), tr, several=False)
    buttons = [[Button(f"{child.name}, {child.class_name}", OverviewOf(child.id).pack())] for child in children]
    return Screen(tr.gettext("About which child?"), rows(*buttons, [menu_button(tr)]))


@router.callback_query(Tapped(OverviewOf))
async def overview_of(_: CallbackQuery, tap: OverviewOf, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the chosen child's school year."""
    view = await show_overview(uow, actor, tap.pupil)
    return _screen(view, tr, several=len(actor.children) > 1)


def _screen(view: Overview, tr: Texts, *, several: bool) -> Screen:
    back = [to_page("◀️ " + tr.plain.gettext("Back"), Page.OVERVIEW)] if several else []
    return Screen(overview_text(view, tr), rows(back, [menu_button(tr)]))
