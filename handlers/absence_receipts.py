"""What a home sees after reporting absence: the receipt, and what it can change (A1, A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.actions.absence.change import Withdrawn
from bot.actions.absence.report import Receipt
from bot.actions.absence.words import days_text
from bot.domain.absence import AbsenceDraft, AbsenceReason
from bot.domain.absence_taps import AbsenceReceipt, ReceiptStep, ReportStep
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.i18n import Html, Texts
from handlers.absence_screens import report_text, step
from handlers.keyboards import menu_button


def receipt_screen(receipt: Receipt, today: date, tr: Texts) -> Screen:
    """Say what is reported and who sees it, and how to change it (A4)."""
    lines: list[str] = [tr.gettext("✅ This is reported already:") if receipt.again else tr.gettext("✅ Reported:")]
    lines.append(report_text(receipt.draft, receipt.children, today, tr))
    lines.append("")
    readers = tr.list(receipt.readers) if receipt.readers else tr.gettext("the school office")
    if receipt.days[0] == today:
        lines.append(tr.gettext("{names} can see it now.", names=readers))
    else:
        lines.append(tr.gettext("{names} will see it on the day’s list.", names=readers))
    if receipt.others:
        lines.append(tr.gettext("A quiet line goes to: {names}.", names=tr.list(receipt.others)))
    if AbsenceReason.ILL is receipt.draft.reason:
        lines.append(tr.gettext("Get well soon!"))
    return Screen(Html("\n".join(lines)), receipt_buttons(receipt.draft, receipt.days, receipt.next_day, today, tr))


def receipt_buttons(draft: AbsenceDraft, days: Sequence[date], next_day: date | None, today: date, tr: Texts) -> Rows:
    """Return what can be done with something reported."""
    plain = tr.plain
    also = []
    if next_day is not None:
        tomorrow = next_day == today + timedelta(days=1)
        label = plain.gettext("Also tomorrow") if tomorrow else plain.gettext("Also {day}", day=tr.short_day(next_day))
        also = [_receipt_button("➕ " + label, ReceiptStep.EXTEND, draft)]
    coming = [day for day in days if day >= today]
    shorten = [_receipt_button("✂️ " + plain.gettext("Shorter"), ReceiptStep.SHORTEN, draft)] if len(coming) > 1 else []
    undo = _receipt_button("↩️ " + plain.gettext("Take it back"), ReceiptStep.WITHDRAW, draft)
    return rows(also, [*shorten, undo], [menu_button(tr)])


def _receipt_button(label: str, at: ReceiptStep, draft: AbsenceDraft) -> Button:
    return Button(label, AbsenceReceipt(at, draft).pack())


def shorten_screen(draft: AbsenceDraft, days: Sequence[date], today: date, tr: Texts) -> Screen:
    """Ask which of the days is to be the last one."""
    assert draft.first is not None  # noqa: S101  (a receipt's draft has days)
    choices = [day for day in days if day >= today][:-1]
    buttons = [
        _receipt_button(tr.short_day(day), ReceiptStep.UNTIL, draft.with_days(draft.first, day)) for day in choices
    ]
    text = tr.gettext("Which is the last day of the absence?")
    return Screen(
        text, rows(*grid(buttons, 3), [_receipt_button("◀️ " + tr.plain.gettext("Back"), ReceiptStep.SHOW, draft)])
    )


def withdrawn_screen(taken: Withdrawn, today: date, tr: Texts) -> Screen:
    """Say what was taken back, and how to report it again."""
    names = tr.list(child.name for child in taken.children)
    if not taken.days:
        return Screen(
            tr.gettext("Nothing was reported there. The school expects {names}.", names=names), rows([menu_button(tr)])
        )
    days = days_text(tr, taken.days[0], taken.days[-1], today)
    lines = [tr.gettext("↩️ Taken back: the school expects {names} {days}.", names=names, days=days)]
    if taken.left:
        still = days_text(tr, taken.left[0], taken.left[-1], today)
        lines.append(tr.gettext("Still reported: {days}.", days=still))
    again = replace(taken.draft, first=taken.days[0], last=taken.days[-1])
    buttons = [step("🔁 " + tr.plain.gettext("Report it again"), ReportStep.CONFIRM, again)] if again.is_whole else []
    return Screen(Html("\n".join(lines)), rows(buttons, [menu_button(tr)]))
