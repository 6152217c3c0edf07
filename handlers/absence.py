"""A home reports absence by tapping (A1); sentences are in `handlers/absence_spoken.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.absence import change, report
from bot.actions.absence.report import ReportStart
from bot.actions.home import leave_question
from bot.domain.absence import AbsenceDraft, AbsenceKind
from bot.domain.absence_taps import AbsenceCalendar, AbsenceReceipt, ReceiptStep, ReportAbsence, ReportStep
from bot.domain.errors import InvalidInput
from bot.domain.messages import Screen
from bot.domain.people import Actor, Child
from bot.domain.taps import Page
from bot.i18n import Texts
from handlers import absence_receipts as receipts
from handlers import absence_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said

router = Router(name="absence")


@router.message(Said("absence"))
async def absence_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Begin a report; whatever question was open is closed."""
    await leave_question(uow, actor)
    return _begin(await report.start_report(uow, actor), tr)


@router.callback_query(TappedPage(Page.ABSENCE))
async def absence_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    await leave_question(uow, actor)
    return _begin(await report.start_report(uow, actor), tr)


def _begin(start: ReportStart, tr: Texts) -> Screen:
    if len(start.children) == 1 and not start.of_age:
        only = start.children[0]
        return screens.what_screen(start, AbsenceDraft((only.id,)), [only], tr)
    return screens.children_screen(start, AbsenceDraft(), tr)


@router.callback_query(Tapped(ReportAbsence))
async def step_tapped(_: CallbackQuery, tap: ReportAbsence, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the next question of the report, or store it."""
    try:
        return await _step(tap, uow, actor, tr)
    except InvalidInput as refused:
        return screens.days_refused_screen(refused, tap.draft, tr)


async def _step(tap: ReportAbsence, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    draft = tap.draft
    if tap.step is ReportStep.CHILDREN:
        return screens.toggle_children_screen(await report.start_report(uow, actor), draft, tr)
    if tap.step is ReportStep.CONFIRM and draft.is_whole:
        return receipts.receipt_screen(await report.report_absence(uow, actor, draft), uow.today, tr)
    draft, children = await report.check_draft(uow, actor, draft)
    return await next_screen(uow, actor, tr, draft, children, tap.step)


async def next_screen(
    uow: UnitOfWork, actor: Actor, tr: Texts, draft: AbsenceDraft, children: list[Child], at: ReportStep
) -> Screen:
    """Return the screen that asks what is still missing in a checked draft."""
    if not children or draft.first is None:
        start = await report.start_report(uow, actor)
        return (
            screens.what_screen(start, draft, children, tr) if children else screens.children_screen(start, draft, tr)
        )
    if draft.kind is None:
        return screens.kind_screen(draft, children, uow.today, tr)
    if at is ReportStep.TIME and draft.kind is not AbsenceKind.ABSENT:
        return screens.time_screen(draft, children, uow.school, uow.today, tr)
    if draft.reason is None:
        return screens.reason_screen(draft, children, uow.today, tr)
    return screens.review_screen(draft, children, uow.today, tr)


@router.callback_query(Tapped(AbsenceCalendar))
async def calendar_tapped(_: CallbackQuery, tap: AbsenceCalendar, uow: UnitOfWork, tr: Texts) -> Screen:
    """Turn the small calendar."""
    until = uow.today + timedelta(days=uow.school.report_ahead_days + 60)
    calendar = await report.calendar_for(uow, uow.today, until)
    return screens.calendar_screen(
        tap.draft, end=tap.end, week=tap.week, today=uow.today, calendar=calendar, school=uow.school, tr=tr
    )


@router.callback_query(Tapped(AbsenceReceipt))
async def receipt_tapped(_: CallbackQuery, tap: AbsenceReceipt, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Extend, shorten or take back what was reported."""
    draft = tap.draft
    match tap.step:
        case ReceiptStep.EXTEND:
            return await _extend(uow, actor, tr, draft)
        case ReceiptStep.SHORTEN:
            view = await change.view_report(uow, actor, draft)
            return receipts.shorten_screen(view.draft, view.days, uow.today, tr)
        case ReceiptStep.UNTIL:
            view = await change.shorten_absence(uow, actor, draft)
            return receipts.receipt_screen(view, uow.today, tr)
        case ReceiptStep.WITHDRAW:
            return receipts.withdrawn_screen(await change.withdraw_absence(uow, actor, draft), uow.today, tr)
        case _:
            return receipts.receipt_screen(await change.view_report(uow, actor, draft), uow.today, tr)


async def _extend(uow: UnitOfWork, actor: Actor, tr: Texts, draft: AbsenceDraft) -> Screen:
    try:
        return receipts.receipt_screen(await change.extend_absence(uow, actor, draft), uow.today, tr)
    except InvalidInput as refused:
        shown = screens.days_refused_screen(refused, replace(draft, first=None, last=None), tr)
        return Screen(shown.text, shown.buttons, new=True)
