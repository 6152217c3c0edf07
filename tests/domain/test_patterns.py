"""What counts as a pattern, and what does not (A7); when the month is told (A6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.calendar import public_holidays
from bot.domain.absence import AbsenceKind, AbsenceReason
from bot.domain.calendar import SchoolCalendar
from bot.domain.calendar_file import read_calendar
from bot.domain.followup import (
    LAST_REPORT_DAY,
    REMARK_ORDER,
    RemarkKind,
    month_before,
    next_month,
    remark_days,
    report_day,
    year_start,
)
from bot.domain.patterns import (
    LATE_DAYS,
    SCHOOL_DAYS,
    AbsentDay,
    Pattern,
    PatternKind,
    find_patterns,
)
from tests.conftest import EXAMPLE

TODAY = date(2026, 11, 27)
DAYS = [day for n in range(140, -1, -1) if (day := TODAY - timedelta(days=n)).weekday() < 5]
MONDAYS = [day for day in DAYS[-SCHOOL_DAYS:] if day.weekday() == 0]


def ill(*days: date) -> list[AbsentDay]:
    return [AbsentDay(day, AbsenceKind.ABSENT, AbsenceReason.ILL) for day in days]


def late(*days: date, reason: AbsenceReason = AbsenceReason.OTHER) -> list[AbsentDay]:
    return [AbsentDay(day, AbsenceKind.LATE, reason) for day in days]


def patterns(absences: list[AbsentDay], share: float = 0.5) -> list[Pattern]:
    return find_patterns(DAYS, absences, share=share)


def test_four_of_the_last_six_mondays() -> None:
    away = [MONDAYS[n] for n in (-6, -5, -3, -1)]
    assert patterns(ill(*away)) == [Pattern(PatternKind.WEEKDAY, 4, 6, 0)]


def test_sixty_percent_of_three_is_two_and_of_five_is_three() -> None:
    tuesday = MONDAYS[-2] + timedelta(days=1)
    assert patterns(ill(MONDAYS[-3], MONDAYS[-1], tuesday)) == [Pattern(PatternKind.WEEKDAY, 2, 3, 0)]
    week = [MONDAYS[-1] + timedelta(days=n) for n in range(5)]
    assert patterns(ill(*week)) == [], "a week of influenza is no habit"
    assert patterns(ill(MONDAYS[-1], MONDAYS[-2])) == [], "two absences are none either"


def test_three_times_late_in_twenty_school_days() -> None:
    assert patterns(late(*DAYS[-20:-17])) == [Pattern(PatternKind.LATE, 3, 20)]
    assert patterns(late(DAYS[-21], DAYS[-20], DAYS[-1])) == [], "the first is too long ago"
    assert patterns(late(*DAYS[-3:], reason=AbsenceReason.APPOINTMENT)) == [], "the dentist is no habit"


def test_the_share_is_the_schools_and_has_to_be_more() -> None:
    spread = [DAYS[-SCHOOL_DAYS + n * 9] for n in range(6)]
    assert patterns(ill(*spread), share=0.10) == []
    assert Pattern(PatternKind.SHARE, 7, 60) in patterns(ill(*spread, DAYS[-2]), share=0.10)


def test_granted_leave_is_not_counted() -> None:
    leave = [AbsentDay(day, AbsenceKind.ABSENT, AbsenceReason.LEAVE) for day in [*MONDAYS[-5:], *DAYS[-30:-20]]]
    assert patterns(list({one.day: one for one in leave}.values()), share=0.05) == []


def test_two_days_that_nobody_explained() -> None:
    silent = [AbsentDay(day, AbsenceKind.ABSENT, AbsenceReason.UNKNOWN) for day in (DAYS[-2], DAYS[-9])]
    assert patterns(silent) == [Pattern(PatternKind.UNEXPLAINED, 2, 60)]
    assert patterns(silent[:1]) == []
    assert patterns(late(DAYS[-2], DAYS[-9], reason=AbsenceReason.UNKNOWN)) == [], "whoever came late was there"


@st.composite
def absences(draw: st.DrawFn) -> list[AbsentDay]:
    days = draw(st.lists(st.sampled_from([*DAYS, TODAY + timedelta(days=3), date(2026, 1, 5)]), unique=True))
    kind, reason = st.sampled_from(AbsenceKind), st.sampled_from(AbsenceReason)
    return [AbsentDay(day, draw(kind), draw(reason)) for day in days]


@given(absences(), st.floats(0.01, 1))
def test_patterns_say_what_happened_whatever_the_order(known: list[AbsentDay], share: float) -> None:
    found = find_patterns(DAYS, known, share=share)
    assert find_patterns(DAYS, known[::-1], share=share) == found
    assert len({pattern.kind for pattern in found}) == len(found)
    window = set(DAYS[-SCHOOL_DAYS:])
    seen = [one for one in known if one.day in window]
    assert find_patterns(DAYS, seen, share=share) == found, "what lies outside counts for nothing"
    away = [one for one in seen if one.kind is AbsenceKind.ABSENT and one.reason is not AbsenceReason.LEAVE]
    for pattern in found:
        assert 0 < pattern.times <= pattern.of <= SCHOOL_DAYS
        assert (pattern.weekday is not None) == (pattern.kind is PatternKind.WEEKDAY)
        match pattern.kind:
            case PatternKind.WEEKDAY:
                assert len(away) >= 3
                assert pattern.times == sum(one.day.weekday() == pattern.weekday for one in away)
                assert pattern.times >= 0.6 * len(away)
            case PatternKind.SHARE:
                assert pattern.times == len(away) > share * SCHOOL_DAYS
            case PatternKind.LATE:
                assert 3 <= pattern.times <= LATE_DAYS
            case PatternKind.UNEXPLAINED:
                assert pattern.times >= 2


@given(absences(), absences())
def test_granting_leave_never_makes_a_pattern(known: list[AbsentDay], more: list[AbsentDay]) -> None:
    taken = {one.day for one in known}
    leave = [AbsentDay(one.day, AbsenceKind.ABSENT, AbsenceReason.LEAVE) for one in more if one.day not in taken]
    assert find_patterns(DAYS, [*known, *leave], share=0.1) == find_patterns(DAYS, known, share=0.1)


def example_calendar() -> SchoolCalendar:
    read = read_calendar((EXAMPLE / "calendar.csv").read_bytes())
    closed = {one.first + timedelta(days=n): one.name for one in read for n in range((one.last - one.first).days + 1)}
    return SchoolCalendar(public_holidays("NO", 2026) | public_holidays("NO", 2027), closed)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 10, 1), date(2026, 11, 2)),  # the first is a Sunday
        (date(2026, 12, 1), date(2027, 1, 4)),  # after Christmas
        (date(2027, 4, 1), date(2027, 5, 3)),  # after the first of May and its weekend
        (date(2027, 6, 1), date(2027, 7, 1)),  # the summer has begun: the first weekday
        (date(2027, 7, 1), None),  # nothing to tell
    ],
)
def test_reports_go_out_on_the_first_school_day(month: date, expected: date | None) -> None:
    assert report_day(month, example_calendar()) == expected


@given(st.dates(date(2026, 8, 1), date(2027, 7, 31)))
def test_a_report_goes_out_within_the_days_in_which_it_may(day: date) -> None:
    month = day.replace(day=1)
    found = report_day(month, example_calendar())
    assert found is None or (found.replace(day=1) == next_month(month) and found.day <= LAST_REPORT_DAY)
    assert month_before(next_month(day)) == month


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_the_school_year_begins_on_the_first_of_august(day: date) -> None:
    first = year_start(day)
    assert (first.month, first.day) == (8, 1)
    assert first <= day < first.replace(year=first.year + 1)


def test_remarks_are_for_today_or_the_school_day_before() -> None:
    calendar = example_calendar()
    assert remark_days(date(2026, 11, 23), calendar) == [date(2026, 11, 23), date(2026, 11, 20)]
    assert remark_days(date(2026, 11, 22), calendar) == [date(2026, 11, 20)]
    assert remark_days(date(2026, 10, 12), calendar) == [date(2026, 10, 12), date(2026, 10, 2)]


def test_every_remark_is_offered_once() -> None:
    assert sorted(REMARK_ORDER) == sorted(RemarkKind)
