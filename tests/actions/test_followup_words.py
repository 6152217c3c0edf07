"""Overview and monthly report in words: they fit into a message in every language, and name no more days than help."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.actions.monthly import report_text
from bot.actions.overview import AHEAD_DAYS, NEWEST, Overview, summarise
from bot.actions.overview_words import DATES_SHOWN, overview_text
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource, AbsenceState
from bot.domain.followup import RemarkKind, next_month, year_start
from bot.domain.messages import TEXT_LIMIT
from bot.domain.people import Child
from bot.i18n import languages, texts
from storage.queries.absence import AbsenceRow
from storage.queries.followup import RemarkRow
from storage.queries.followup_monthly import WaitingReport

NOVEMBER, TODAY = date(2026, 11, 1), date(2027, 6, 18)
CHILD = Child(1, "Maximiliane Alexandra Konstantinopoulou-Bjørnstjerne " * 3 + "<b>", 1, "5A")


def absence(day: date, kind: AbsenceKind, reason: AbsenceReason) -> AbsenceRow:
    return AbsenceRow(
        1, 1, day, kind, reason, time(9), time(10), AbsenceSource.SCHOOL, AbsenceState.ACTIVE, 1, None, None, None
    )


def worst(first: date, last: date) -> tuple[list[AbsenceRow], list[RemarkRow]]:
    """Return something for every day and of every kind."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    kinds, reasons = list(AbsenceKind), list(AbsenceReason)
    absences = [absence(day, kinds[n % 3], reasons[n % 5]) for n, day in enumerate(days)]
    return absences, [RemarkRow(1, day, kind) for day in days for kind in RemarkKind]


@pytest.mark.parametrize("code", sorted(languages()))
def test_the_fullest_month_fits_into_a_message(code: str) -> None:
    summary = summarise(*worst(NOVEMBER, next_month(NOVEMBER) - timedelta(days=1)))
    text = report_text(WaitingReport(1, NOVEMBER, 1, code, CHILD), summary, texts(code))
    assert len(text) <= TEXT_LIMIT


@pytest.mark.parametrize("code", sorted(languages()))
def test_the_fullest_school_year_fits_into_a_message(code: str) -> None:
    absences, remarks = worst(year_start(TODAY), TODAY)
    ahead, _ = worst(TODAY + timedelta(days=1), TODAY + timedelta(days=AHEAD_DAYS))
    stretches = tuple((row.day, row.day + timedelta(days=3)) for row in ahead)
    view = Overview(
        CHILD,
        year_start(TODAY),
        TODAY,
        summarise(absences, remarks),
        tuple(absences[-NEWEST:]),
        stretches,
        tuple(ahead),
    )
    text = overview_text(view, texts(code))
    assert len(text) <= TEXT_LIMIT
    assert "<b><b>" not in text, "a name is data"


def test_a_few_days_are_named_and_many_are_counted() -> None:
    tr = texts("en")
    few = [absence(NOVEMBER + timedelta(days=n), AbsenceKind.ABSENT, AbsenceReason.ILL) for n in range(DATES_SHOWN)]
    report = WaitingReport(1, NOVEMBER, 1, "en", CHILD)
    assert tr.short_day(few[0].day) in report_text(report, summarise(few, []), tr)
    more = [*few, absence(date(2026, 11, 27), AbsenceKind.ABSENT, AbsenceReason.ILL)]
    text = report_text(report, summarise(more, []), tr)
    assert tr.short_day(few[0].day) not in text
    assert tr.ngettext("Absent: {n} day", "Absent: {n} days", DATES_SHOWN + 1) in text
