"""When a home that waits surfaces, and when a call suits (B2, B5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import thread_taps
from bot.domain.calendar import SchoolCalendar
from bot.domain.school import QuietHours, School, SchoolHours
from bot.domain.taps import LIMIT, BadTap, Tap
from bot.domain.thread_taps import (
    HaveCalled,
    OpenThread,
    SendKeptTo,
    TakeBack,
    ThreadAct,
    ThreadFiles,
    ThreadList,
    ThreadStep,
    WishTime,
)
from bot.domain.threads import CallWish, plan_answer, wish_edge

OSLO = ZoneInfo("Europe/Oslo")
MOMENTS = st.builds(
    lambda day, clock: datetime.combine(day, clock, OSLO), st.dates(date(2026, 8, 1), date(2027, 7, 31)), st.times()
)
CALENDARS = st.sets(st.dates(date(2026, 8, 1), date(2027, 9, 30)), max_size=30).map(
    lambda closed: SchoolCalendar({}, dict.fromkeys(closed, "off"))
)
SCHOOLS = st.builds(
    School,
    answer_days=st.integers(1, 5),
    list_before=st.sampled_from([timedelta(), timedelta(minutes=30), timedelta(hours=2)]),
    quiet=st.sampled_from([QuietHours(), QuietHours(time(0), time(0)), QuietHours(time(18), time(8, 15))]),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("since", "teachers", "leadership"),
    [
        ("2026-11-23T10:00", "2026-11-24T08:00", "2026-11-26T08:00"),  # Monday: answer by Wednesday
        ("2026-11-23T07:00", "2026-11-24T08:00", "2026-11-26T08:00"),
        ("2026-11-23T23:30", "2026-11-24T08:00", "2026-11-26T08:00"),
        ("2026-11-27T13:00", "2026-11-30T08:00", "2026-12-02T08:00"),  # Friday
        ("2026-11-28T11:00", "2026-11-30T08:00", "2026-12-02T08:00"),  # Saturday
    ],
)
def test_readers_are_told_before_the_next_school_day_and_the_leadership_when_the_promise_is_over(
    since: str, teachers: str, leadership: str
) -> None:
    due = plan_answer(at(since), School(), SchoolCalendar())
    assert (due.teachers, due.leadership) == (at(teachers), at(leadership))


@given(MOMENTS, SCHOOLS, CALENDARS)
def test_both_come_later_on_school_days_in_order_and_never_in_quiet_hours(
    since: datetime, school: School, calendar: SchoolCalendar
) -> None:
    due = plan_answer(since, school, calendar)
    assert since < due.teachers < due.leadership
    for moment in (due.teachers, due.leadership):
        local = school.local(moment)
        assert calendar.is_school_day(local.date())
        assert moment.tzinfo is UTC
        assert not school.quiet.covers(local.time())
    between = calendar.school_days(school.local(due.teachers).date(), school.local(due.leadership).date())
    assert len(between) == school.answer_days + 1


def test_a_school_that_is_closed_for_good_is_told_all_the_same() -> None:
    closed = {date(2026, 11, 23) + timedelta(days=n): "closed" for n in range(400)}
    due = plan_answer(at("2026-11-23T10:00"), School(), SchoolCalendar({}, closed))
    assert due.teachers < due.leadership


def test_when_a_call_suits_follows_the_schools_own_hours() -> None:
    hours = SchoolHours(time(8, 15), time(13, 45))
    edges = [wish_edge(wish, hours) for wish in CallWish]
    assert edges == [None, time(10, 15), None, time(13, 45)]
    assert wish_edge(CallWish.MORNING, SchoolHours(time(22, 30), time(23, 0))) == time(23, 30)


IDS = st.integers(0, 2**31 - 1)
TAPS: st.SearchStrategy[Tap] = st.one_of(
    st.builds(ThreadList, st.integers(0, 999)),
    st.builds(OpenThread, IDS, IDS, st.booleans()),
    st.builds(ThreadFiles, IDS, IDS),
    st.builds(ThreadAct, IDS, st.sampled_from(ThreadStep)),
    st.builds(TakeBack, IDS),
    st.builds(WishTime, IDS, st.sampled_from(CallWish)),
    st.builds(HaveCalled, IDS, st.booleans()),
    st.builds(SendKeptTo, IDS),
)
KINDS = [
    kind for kind in vars(thread_taps).values() if isinstance(kind, type) and issubclass(kind, Tap) and kind is not Tap
]


@given(TAPS)
def test_every_tap_fits_and_comes_back(tap: Tap) -> None:
    data = tap.pack()
    assert len(data.encode()) <= LIMIT
    assert type(tap).unpack(data) == tap


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(rest=st.text(max_size=60))
def test_made_up_data_is_only_ever_a_bad_tap(kind: type[Tap], rest: str) -> None:
    try:
        found = kind.unpack(f"{kind.PREFIX}|{rest}")
    except BadTap:
        return
    assert kind.unpack(found.pack()) == found
