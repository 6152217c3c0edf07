"""The draft that travels in a button, and the days that can be reported."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.absence import (
    MAX_CHILDREN,
    AbsenceDraft,
    AbsenceKind,
    AbsenceReason,
    BackwardsRange,
    DayIsOver,
    NoSchoolThen,
    ReportTooLong,
    SchoolDayOver,
    TooEarlyToReport,
    check_reportable,
)
from bot.domain.absence_taps import AbsenceCalendar, AbsenceReceipt, ReceiptStep, ReportAbsence, ReportStep
from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import InvalidInput
from bot.domain.school import School
from bot.domain.taps import LIMIT, BadTap

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 7, 15, tzinfo=UTC)
CALENDAR = SchoolCalendar({date(2026, 12, 25): "Christmas Day"}, {date(2026, 12, 1): "Planleggingsdag"})

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
clocks = st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@st.composite
def drafts(draw: st.DrawFn, largest: int = 2**31 - 1) -> AbsenceDraft:
    """Any draft that a screen may hold."""
    first = draw(st.none() | days)
    last = first + timedelta(days=draw(st.integers(0, 300))) if first else None
    return AbsenceDraft(
        tuple(draw(st.lists(st.integers(1, largest), max_size=MAX_CHILDREN, unique=True))),
        first,
        last,
        draw(st.none() | st.sampled_from(AbsenceKind)),
        draw(st.none() | st.sampled_from(AbsenceReason)),
        draw(clocks),
        draw(clocks),
    )


@given(drafts())
def test_a_draft_is_read_as_it_was_written(draft: AbsenceDraft) -> None:
    assert AbsenceDraft.decode(draft.encode()) == draft


@given(drafts(largest=36**4 - 1))
def test_six_children_of_a_large_municipality_fit_into_every_button(draft: AbsenceDraft) -> None:
    for tap in (
        ReportAbsence(ReportStep.CONFIRM, draft),
        AbsenceCalendar(True, 52, draft),
        AbsenceReceipt(ReceiptStep.WITHDRAW, draft),
    ):
        packed = tap.pack()
        assert len(packed.encode()) <= LIMIT
        assert type(tap).unpack(packed) == tap


@given(st.text(max_size=60))
def test_made_up_text_is_a_bad_tap_or_a_draft_that_could_be_meant(text: str) -> None:
    try:
        draft = AbsenceDraft.decode(text)
    except BadTap:
        return
    assert len(draft.children) <= MAX_CHILDREN
    assert AbsenceDraft.decode(draft.encode()) == draft


@pytest.mark.parametrize(
    "text", ["", "1,2", "1.1,,,,,,", "1,zzzzzzz,0,,,,", "1,fuy0,,,,,", "1,,3,,,,", "1,,,x,,,", "1,,,,,2460,"]
)
def test_what_no_button_holds_is_refused(text: str) -> None:
    with pytest.raises(BadTap):
        AbsenceDraft.decode(text)


def draft_for(first: date, last: date | None = None) -> AbsenceDraft:
    return AbsenceDraft((1,), None, None, AbsenceKind.ABSENT, AbsenceReason.ILL).with_days(first, last)


def reportable(first: date, last: date | None = None, now: datetime = MORNING) -> list[date]:
    return check_reportable(draft_for(first, last), now, School(), CALENDAR)


def test_weekend_holiday_and_the_schools_own_day_are_left_out_of_a_range() -> None:
    assert reportable(date(2026, 11, 27), date(2026, 12, 2)) == [
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 2),
    ]


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (date(2026, 11, 22), date(2026, 11, 24), DayIsOver),
        (date(2026, 11, 24), date(2026, 11, 23), BackwardsRange),
        (date(2026, 11, 28), date(2026, 11, 29), NoSchoolThen),
        (date(2026, 12, 1), date(2026, 12, 1), NoSchoolThen),
        (date(2026, 12, 24), date(2026, 12, 24), TooEarlyToReport),
        (date(2026, 11, 23), date(2026, 12, 11), ReportTooLong),
    ],
)
def test_days_that_cannot_be_reported_say_which_rule(first: date, last: date, refused: type[InvalidInput]) -> None:
    with pytest.raises(refused):
        reportable(first, last)


def test_no_school_says_why_and_names_the_next_day() -> None:
    with pytest.raises(NoSchoolThen) as caught:
        reportable(date(2026, 12, 1))
    assert caught.value.day_off.name == "Planleggingsdag"
    assert caught.value.next_day == date(2026, 12, 2)


def test_today_can_be_reported_until_school_ends() -> None:
    assert reportable(MONDAY, now=MORNING.replace(hour=13, minute=59)) == [MONDAY]
    with pytest.raises(SchoolDayOver):
        reportable(MONDAY, now=MORNING.replace(hour=14))


@given(first=days, length=st.integers(-3, 40), hour=st.integers(0, 23), ahead=st.integers(-5, 60))
def test_whatever_passes_is_a_school_day_that_is_not_over(first: date, length: int, hour: int, ahead: int) -> None:
    school = School()
    now = datetime.combine(first - timedelta(days=ahead), time(hour), tzinfo=UTC)
    try:
        found = check_reportable(draft_for(first, first + timedelta(days=length)), now, school, CALENDAR)
    except InvalidInput:
        return
    assert 1 <= len(found) <= school.report_days
    assert found == sorted(found)
    assert all(CALENDAR.is_school_day(day) and day >= now.date() for day in found)


@given(days)
def test_the_next_school_day_is_the_first_one_and_leads_back(day: date) -> None:
    following = CALENDAR.next_school_day(day)
    assert following is not None
    assert following > day
    assert CALENDAR.school_days(day + timedelta(days=1), following) == [following]
    before = CALENDAR.previous_school_day(following)
    assert before is not None
    assert before <= day or CALENDAR.is_school_day(day)
