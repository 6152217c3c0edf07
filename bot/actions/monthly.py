"""The month's report to each home: made once, put into the queue in portions (A6).

`send_monthly` is the clock's: on the first school day of a month it makes the reports of the month before, a row for
each pupil and guardian; then it renders what waits, each in its guardian's language, and puts it into the queue.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.actions.overview import Summary, summarise
from bot.actions.overview_words import summary_lines
from bot.domain.followup import LAST_REPORT_DAY, REPORT_TIME, month_before, next_month, report_day
from bot.domain.followup_taps import CommentReport, SignReport
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.i18n import Html, Texts, find_language, texts
from bot.i18n.followup_words import month_name
from bot.outbox.enqueue import Message, enqueue
from storage.queries.absence import AbsenceRow, list_absences
from storage.queries.audit import audit
from storage.queries.followup import RemarkRow, list_remarks
from storage.queries.followup_monthly import (
    WaitingReport,
    add_run,
    claim_waiting,
    has_run,
    kept_before,
    make_reports,
    mark_queued,
)

PORTION = 100
"""Reports rendered in one transaction: a few hundredths of a second in which nothing else runs."""


async def send_monthly(uow: UnitOfWork) -> int:
    """Make the reports that are due and put a portion into the queue; return how many went into it.

    When the bot was down at the time, it catches up until `LAST_REPORT_DAY`. Two replicas make them once.
    """
    month = month_before(uow.today)
    made = await _is_due(uow, month) and await add_run(uow, month)
    if made:
        over = uow.school.at(datetime.combine(next_month(month), datetime.min.time()))
        # a month in which the school kept nothing yet was not a month without absence, and nobody is told that it was
        reports = await make_reports(uow, month, over) if await kept_before(uow, over) else 0
        await audit(uow, None, "monthly.make", "month", month.toordinal(), reports=reports)
    waiting = await claim_waiting(uow, PORTION)
    if waiting:
        await enqueue(uow, *await _messages(uow, waiting))
        await mark_queued(uow, [report.id for report in waiting])
    if made or waiting:
        await uow.commit()
    return len(waiting)


async def _is_due(uow: UnitOfWork, month: date) -> bool:
    """Tell whether a month's reports are to be made now; on most days that costs no query."""
    local = uow.school.local(uow.now)
    if not uow.school.monthly_reports or local.day > LAST_REPORT_DAY:
        return False
    if (local.day == 1 and local.time() < REPORT_TIME) or await has_run(uow, month):
        return False
    day = report_day(month, await school_calendar(uow, month, uow.today))
    return day is not None and local.replace(tzinfo=None) >= datetime.combine(day, REPORT_TIME)


async def _messages(uow: UnitOfWork, waiting: Collection[WaitingReport]) -> list[Message]:
    summaries = await _summaries(uow, waiting)
    due = uow.school.considerate(uow.now)
    messages = []
    for report in waiting:
        tr = texts(find_language(report.language) or uow.school.language)
        messages.append(
            Message(
                report.person_id,
                OutgoingKind.MESSAGE,
                report_text(report, summaries[report.child.id, report.month], tr),
                f"monthly:{report.id}",
                buttons=report_buttons(report.id, tr),
                lane=Lane.BULK,
                silent=due > uow.now,
                due_at=due,
                about="monthly",
                about_id=report.id,
                pupil_id=report.child.id,
            )
        )
    return messages


async def _summaries(uow: UnitOfWork, waiting: Collection[WaitingReport]) -> dict[tuple[int, date], Summary]:
    """Return what each month holds about each pupil of these reports."""
    found: dict[tuple[int, date], Summary] = {}
    for month in {report.month for report in waiting}:
        pupils = {report.child.id for report in waiting if report.month == month}
        last = next_month(month) - timedelta(days=1)
        absences: dict[int, list[AbsenceRow]] = {pupil: [] for pupil in pupils}
        for row in await list_absences(uow, pupils, month, last):
            absences[row.pupil_id].append(row)
        remarks: dict[int, list[RemarkRow]] = {pupil: [] for pupil in pupils}
        for remark in await list_remarks(uow, pupils, month, last):
            remarks[remark.pupil_id].append(remark)
        found |= {(pupil, month): summarise(absences[pupil], remarks[pupil]) for pupil in pupils}
    return found


def report_text(report: WaitingReport, summary: Summary, tr: Texts) -> Html:
    """Return a month's report as a home reads it; a month with nothing in it is one warm line."""
    head = tr.gettext(
        "📅 <b>{month}: {child}, {school_class}</b>",
        month=month_name(tr, report.month),
        child=report.child.name,
        school_class=report.child.class_name,
    )
    if summary.is_empty:
        warm = tr.gettext("{child} was there every school day, and everything was as it should be.",
                          child=report.child.name)  # fmt: skip
        return Html(f"{head}\n\n🌞 {warm}")
    foot = tr.gettext("Is something not right, or would you like to talk about it? Write a comment.")
    return Html("\n".join([head, "", *summary_lines(summary, tr, days=True), "", foot]))


def report_buttons(report_id: int, tr: Texts, *, signed: bool = False) -> Rows:
    """Return what a guardian can do with the report; after signing only the comment is left to do."""
    plain = tr.plain
    read = "✅ " + plain.gettext("You have read it") if signed else "👍 " + plain.gettext("I have read it")
    return rows(
        [Button(read, SignReport(report_id).pack())],
        [Button("✍️ " + plain.gettext("Write a comment"), CommentReport(report_id).pack())],
    )
