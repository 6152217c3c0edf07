"""Leave: which days can be asked for, who decides, when those who decide are reminded (A3)."""

# ruff: noqa: DTZ001  (the clock on the wall has no zone)

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.absence import AbsenceDraft, BackwardsRange, SchoolDayOver
from bot.domain.calendar import OffKind, SchoolCalendar
from bot.domain.inputs import TooFarDate
from bot.domain.leave import (
    MAX_WEEKS,
    WHY_LIMIT,
    LeaveInThePast,
    LeaveTooLong,
    LineMissing,
    LineTooLong,
    NoSchoolInLeave,
    calendar_week,
    check_leave,
    check_line,
    needs_leadership,
    reminder_moment,
    week_of,
)
from bot.domain.school import School

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=OSLO)
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2027, 1, 1): "New Year's Day"}
CLOSED = {date(2026, 12, 24): "juleferie", **{date(2026, 12, 28) + timedelta(days=n): "juleferie" for n in range(4)}}
CALENDAR = SchoolCalendar(CHRISTMAS, CLOSED)
SCHOOL = School()


def draft(first: date, last: date) -> AbsenceDraft:
    return AbsenceDraft((1,)).with_days(first, last)


def check(first: date, last: date, now: datetime = MONDAY) -> list[date]:
    return check_leave(draft(first, last), now, SCHOOL, CALENDAR)


def test_only_school_days_count() -> None:
    days = check(date(2026, 12, 18), date(2026, 12, 29))
    assert [day.day for day in days] == [18, 21, 22, 23]


def test_days_that_do_not_fit_are_refused_with_what_to_do() -> None:
    with pytest.raises(BackwardsRange):
        check(date(2026, 12, 2), date(2026, 12, 1))
    with pytest.raises(LeaveInThePast) as past:
        check(date(2026, 11, 22), date(2026, 11, 24))
    assert past.value.fields == {"day": date(2026, 11, 22)}
    with pytest.raises(TooFarDate):
        check(date(2026, 12, 1), date(2028, 12, 1))
    with pytest.raises(LeaveTooLong) as long:
        check(date(2026, 11, 30), date(2026, 12, 14))
    assert long.value.fields == {"days": 11, "n": 10}


def test_days_without_school_say_why() -> None:
    for first, last, kind in (
        (date(2026, 12, 24), date(2026, 12, 26), OffKind.SCHOOL),
        (date(2026, 12, 25), date(2026, 12, 25), OffKind.HOLIDAY),
        (date(2026, 11, 28), date(2026, 11, 29), OffKind.WEEKEND),
    ):
        with pytest.raises(NoSchoolInLeave) as refused:
            check(first, last)
        assert (refused.value.day_off.kind, refused.value.day_off.day) == (kind, first)


def test_today_can_be_asked_for_until_school_ends() -> None:
    today = MONDAY.date()
    assert check(today, today, MONDAY.replace(hour=13, minute=59)) == [today]
    with pytest.raises(SchoolDayOver):
        check(today, today, MONDAY.replace(hour=14))


@given(st.dates(date(2026, 8, 1), date(2027, 7, 1)), st.integers(0, 60), st.integers(-5, 300))
def test_what_is_accepted_is_school_days_only_and_no_more_than_may_be_granted(
    today: date, length: int, ahead: int
) -> None:
    now = datetime.combine(today, time(7, 0), OSLO)
    first = today + timedelta(days=ahead)
    try:
        days = check(first, first + timedelta(days=length), now)
    except (LeaveInThePast, LeaveTooLong, NoSchoolInLeave):
        return
    assert 1 <= len(days) <= SCHOOL.leave_days
    assert days == sorted(set(days))
    assert all(CALENDAR.is_school_day(day) and first <= day <= first + timedelta(days=length) for day in days)
    assert today <= days[0]


def test_who_decides_depends_on_the_school_days() -> None:
    assert not needs_leadership(3, SCHOOL)
    assert needs_leadership(4, SCHOOL)
    assert needs_leadership(1, School(leave_teacher_days=0))


@pytest.mark.parametrize(
    ("asked", "reminded"),
    [
        (datetime(2026, 11, 23, 10, 0), datetime(2026, 11, 25, 10, 0)),
        (datetime(2026, 11, 26, 10, 0), datetime(2026, 11, 30, 10, 0)),
        (datetime(2026, 11, 28, 22, 0), datetime(2026, 12, 1, 14, 0)),
        (datetime(2026, 11, 23, 5, 0), datetime(2026, 11, 25, 8, 30)),
        (datetime(2026, 12, 23, 12, 0), datetime(2027, 1, 5, 12, 0)),
    ],
    ids=["weekdays", "over the weekend", "late on Saturday", "before school", "over Christmas"],
)  # fmt: skip
def test_those_who_decide_are_reminded_after_two_school_days_in_school_hours(
    asked: datetime, reminded: datetime
) -> None:
    assert reminder_moment(SCHOOL.at(asked), SCHOOL, CALENDAR) == SCHOOL.at(reminded)


def test_a_school_that_is_closed_for_months_reminds_nobody() -> None:
    closed = {date(2026, 11, 23) + timedelta(days=n): "closed" for n in range(400)}
    assert reminder_moment(MONDAY.astimezone(UTC), SCHOOL, SchoolCalendar({}, closed)) is None


@given(st.text(max_size=400))
def test_a_line_is_one_line_within_its_limit_or_refused(text: str) -> None:
    plain = " ".join(text.split())
    if not plain:
        with pytest.raises(LineMissing):
            check_line(text)
    elif len(plain) > WHY_LIMIT:
        with pytest.raises(LineTooLong):
            check_line(text)
    else:
        assert check_line(text) == plain


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-10, 200), st.integers(0, 80))
def test_the_small_calendar_offers_school_days_of_one_week_from_the_earliest_on(
    today: date, number: int, wait: int
) -> None:
    since = today + timedelta(days=wait)
    week = calendar_week(number, today, since, CALENDAR)
    assert 0 <= week.number <= MAX_WEEKS
    assert all(CALENDAR.is_school_day(day) and day >= since for day in week.days)
    assert {week_of(day, today) for day in week.days} <= {week.number}
    assert len(week.days) + len(week.off) <= 5


def test_a_week_without_school_says_why() -> None:
    week = calendar_week(5, MONDAY.date(), MONDAY.date(), CALENDAR)
    assert week.days == ()
    assert [off.name for off in week.off] == [*["juleferie"] * 4, "New Year's Day"]
