"""A teacher notes small things about pupils by taps: class, kind, pupils (A6)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.remarks import RemarkSheet, note_remark, open_sheet, remark_classes
from bot.domain.followup import REMARK_ORDER, RemarkKind
from bot.domain.followup_taps import RemarkClass, RemarkStep, RemarkTap
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.followup_words import REMARK_NAMES, REMARK_SIGNS
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said
from handlers.followup import followup_button
from handlers.keyboards import menu_button, to_page

router = Router(name="remarks")

PER_PAGE = 16
"""Pupils of one screen, in two columns."""


@router.message(Said("remarks"))
async def remarks_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Begin: the class, or for a teacher of one class the kind."""
    return await _begin(uow, actor, tr)


@router.callback_query(TappedPage(Page.REMARKS))
async def remarks_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return await _begin(uow, actor, tr)


async def _begin(uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    classes = await remark_classes(uow, actor)
    if not classes:
        return Screen(tr.gettext("No class is connected to you here."), rows([menu_button(tr)]))
    if len(classes) == 1:
        return _kinds(await open_sheet(uow, actor, classes[0].id), tr, several=False)
    buttons = grid([Button(one.name, RemarkClass(one.id).pack()) for one in classes], 3)
    return Screen(tr.gettext("In which class?"), rows(*buttons, [followup_button(tr)]))


@router.callback_query(Tapped(RemarkClass))
async def class_chosen(_: CallbackQuery, tap: RemarkClass, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for the kind of remark."""
    sheet = await open_sheet(uow, actor, tap.class_id, tap.day)
    return _kinds(sheet, tr, several=len(await remark_classes(uow, actor)) > 1)


@router.callback_query(Tapped(RemarkTap))
async def remark_tapped(_: CallbackQuery, tap: RemarkTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the pupils, or note what was tapped and show them again."""
    if tap.step is RemarkStep.SHOW:
        return _pupils(await open_sheet(uow, actor, tap.class_id, tap.day), tap.kind, tap.page, tr)
    sheet = await note_remark(
        uow, actor, tap.class_id, tap.day, tap.kind, tap.pupil, stands=tap.step is RemarkStep.NOTE
    )
    return _pupils(sheet, tap.kind, tap.page, tr)


def _kinds(sheet: RemarkSheet, tr: Texts, *, several: bool) -> Screen:
    """Ask what is to be noted; what stands there already shows its number."""
    class_id, ordinal = sheet.school_class.id, sheet.day.toordinal()
    buttons = [
        Button(_kind_label(sheet, kind, tr), RemarkTap(RemarkStep.SHOW, class_id, ordinal, kind).pack())
        for kind in REMARK_ORDER
    ]
    text = tr.gettext(
        "📝 <b>{school_class}, {day}</b>\nWhat would you like to note? The home reads it in its own language, in its "
        "overview and in the monthly report.",
        school_class=sheet.school_class.name,
        day=sheet.day,
    )
    other = [
        Button("📆 " + tr.plain.short_day(day), RemarkClass(class_id, day.toordinal()).pack())
        for day in sheet.days
        if day != sheet.day
    ]
    back = to_page("◀️ " + tr.plain.gettext("Back"), Page.REMARKS) if several else followup_button(tr)
    return Screen(text, rows(*([button] for button in buttons), other, [back]))


def _kind_label(sheet: RemarkSheet, kind: RemarkKind, tr: Texts) -> str:
    count = len(sheet.noted.get(kind, ()))
    return f"{REMARK_SIGNS[kind]} {tr.plain.gettext(REMARK_NAMES[kind])}" + (f" ({count})" if count else "")


def _pupils(sheet: RemarkSheet, kind: RemarkKind, page: int, tr: Texts) -> Screen:
    """Show a class's pupils as switches for one kind of remark."""
    noted = sheet.noted.get(kind, frozenset())
    names = [pupil.name for pupil in sheet.pupils if pupil.id in noted]
    head = tr.gettext(
        "{sign} <b>{remark}</b>\n{school_class}, {day}",
        sign=REMARK_SIGNS[kind],
        remark=tr.gettext(REMARK_NAMES[kind]),
        school_class=sheet.school_class.name,
        day=sheet.day,
    )
    line = (
        tr.gettext("Noted: {names}. A second tap takes it away.", names=tr.list(names))
        if names
        else tr.gettext("Tap the pupils. A second tap takes it away.")
    )
    return Screen(Html(f"{head}\n\n{line}"), _switches(sheet, kind, page, tr))


def _switches(sheet: RemarkSheet, kind: RemarkKind, page: int, tr: Texts) -> Rows:
    noted = sheet.noted.get(kind, frozenset())
    class_id, ordinal = sheet.school_class.id, sheet.day.toordinal()
    last = max(0, (len(sheet.pupils) - 1) // PER_PAGE)
    page = min(max(page, 0), last)
    switches = [
        Button(
            f"{'✅ ' if pupil.id in noted else ''}{pupil.name}",
            RemarkTap(
                RemarkStep.TAKE_AWAY if pupil.id in noted else RemarkStep.NOTE, class_id, ordinal, kind, pupil.id, page
            ).pack(),
        )
        for pupil in sheet.pupils[page * PER_PAGE : (page + 1) * PER_PAGE]
    ]
    turn = [
        Button(sign, RemarkTap(RemarkStep.SHOW, class_id, ordinal, kind, 0, page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    back = Button("◀️ " + tr.plain.gettext("Back"), RemarkClass(class_id, ordinal).pack())
    return rows(*grid(switches, 2), turn, [back, menu_button(tr)])
