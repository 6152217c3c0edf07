"""A teacher looks at what repeats itself in a class (A7)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.patterns import ClassPatterns, list_patterns, write_home
from bot.actions.remarks import remark_classes
from bot.domain.followup_taps import PatternsOf, WriteHome
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.followup_words import pattern_text
from handlers.callbacks import Tapped, TappedPage
from handlers.compose_screens import draft_screen
from handlers.filters import Said
from handlers.followup import followup_button
from handlers.keyboards import menu_button, to_page

router = Router(name="patterns")

PER_PAGE = 4
"""Pupils of one screen: each is a thought of its own."""


@router.message(Said("patterns"))
async def patterns_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the one class, or ask which."""
    return await _patterns(uow, actor, tr)


@router.callback_query(TappedPage(Page.PATTERNS))
async def patterns_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return await _patterns(uow, actor, tr)


async def _patterns(uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    classes = await remark_classes(uow, actor)
    if not classes:
        return Screen(tr.gettext("No class is connected to you here."), rows([menu_button(tr)]))
    if len(classes) == 1:
        return _screen(await list_patterns(uow, actor, classes[0].id), 0, tr, several=False)
    buttons = grid([Button(one.name, PatternsOf(one.id).pack()) for one in classes], 3)
    return Screen(tr.gettext("In which class?"), rows(*buttons, [followup_button(tr)]))


@router.callback_query(Tapped(PatternsOf))
async def class_chosen(_: CallbackQuery, tap: PatternsOf, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show what repeats itself in the chosen class."""
    view = await list_patterns(uow, actor, tap.class_id)
    return _screen(view, tap.page, tr, several=len(await remark_classes(uow, actor)) > 1)


@router.callback_query(Tapped(WriteHome))
async def write_home_tapped(_: CallbackQuery, tap: WriteHome, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Begin a message to that home, below the list."""
    view = await write_home(uow, actor, tap.pupil)
    screen = draft_screen(view, actor, tr, uow.today)
    return Screen(screen.text, screen.buttons, new=True)


def _screen(view: ClassPatterns, page: int, tr: Texts, *, several: bool) -> Screen:
    back = to_page("◀️ " + tr.plain.gettext("Back"), Page.PATTERNS) if several else followup_button(tr)
    head = tr.gettext("📈 <b>{school_class}</b>, the last {days} school days", school_class=view.school_class.name,
                      days=view.days)  # fmt: skip
    if not view.found:
        nothing = tr.gettext("Nothing repeats itself here at the moment.")
        return Screen(Html(f"{head}\n\n{nothing}"), rows([back]))
    last = (len(view.found) - 1) // PER_PAGE
    page = min(max(page, 0), last)
    shown = view.found[page * PER_PAGE : (page + 1) * PER_PAGE]
    lines = ["\n".join(f"• {pattern_text(tr, pattern, pupil.name)}" for pattern in found) for pupil, found in shown]
    hint = tr.gettext("Maybe a talk helps. Only the teachers of the class and the leadership see this.")
    write = [
        [Button("✍️ " + tr.plain.gettext("Write to the home of {child}", child=pupil.name), WriteHome(pupil.id).pack())]
        for pupil, _ in shown
    ]
    turn = [
        Button(sign, PatternsOf(view.school_class.id, page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    return Screen(Html("\n\n".join([head, *lines, hint])), rows(*write, turn, [back]))
