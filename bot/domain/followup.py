"""What is seen over time: remarks for the monthly report, patterns for the teacher (A6, A7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from enum import StrEnum

from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import InvalidInput
from bot.domain.marking import N_


class RemarkKind(StrEnum):
    """The remarks that schools write to homes, coded so that they read exactly in every language."""

    HOMEWORK = "homework"
    GYM_KIT = "gym_kit"
    BOOKS = "books"
    CLOTHES = "clothes"
    """Not dressed for the weather."""
    LUNCH = "lunch"
    GOOD_WORK = "good_work"
    GOOD_FRIEND = "good_friend"


GOOD_REMARKS = (RemarkKind.GOOD_WORK, RemarkKind.GOOD_FRIEND)
"""What a home likes to read; it stands first."""

REMARK_ORDER = (*GOOD_REMARKS, *(kind for kind in RemarkKind if kind not in GOOD_REMARKS))

YEAR_STARTS = 8
"""The month in which a Norwegian school year begins (opplæringslova: 1 August to 31 July)."""

REPORT_TIME = time(15, 0)
"""When the month's reports go out, the school's wall clock."""

LAST_REPORT_DAY = 10
"""Day of the next month until which reports that did not go out in time still do; later they help nobody."""


class RemarkDayOver(InvalidInput):
    code = "remark_day_over"
    sentence = N_("Remarks are for today or the school day before. Open the list again to go on.")


def year_start(today: date) -> date:
    """Return the first day of the school year that `today` is in."""
    year = today.year if today.month >= YEAR_STARTS else today.year - 1
    return date(year, YEAR_STARTS, 1)


def month_before(day: date) -> date:
    """Return the first day of the month before the one that `day` is in."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after the one that `month` is in."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def report_day(month: date, calendar: SchoolCalendar) -> date | None:
    """Return the day on which the reports of a month go out: the first school day of the next one.

    When there is none until its tenth (July), the first weekday that is no public holiday
    takes its place, so that June is told before the summer. None for a month without school.
    """
    after = next_month(month)
    if not calendar.school_days(month.replace(day=1), after - timedelta(days=1)):
        return None
    until = after.replace(day=LAST_REPORT_DAY)
    days = calendar.school_days(after, until)
    return days[0] if days else _first_weekday(after, until, calendar)


def _first_weekday(first: date, last: date, calendar: SchoolCalendar) -> date:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return next(day for day in days if day.weekday() < 5 and day not in calendar.holidays)


def remark_days(today: date, calendar: SchoolCalendar) -> Sequence[date]:
    """Return the days for which remarks can be noted, the likely one first: today, and the school day before."""
    before = calendar.previous_school_day(today)
    days = [today] if calendar.is_school_day(today) else []
    return [*days, *([before] if before is not None else [])]
