"""Check-ins: the same wall-clock time all year, on school days only, never after the last day (A9)."""

# ruff: noqa: DTZ001  (the clock on the wall has no zone)

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import SchoolCalendar
from bot.domain.checkin import (
    EARLIEST,
    LATEST,
    UNANSWERED_AFTER,
    CheckinDraft,
    NotAMorning,
    Schedule,
    check_time,
    year_end,
)
from bot.domain.school import School

SCHOOL = School(zone=ZoneInfo("Europe/Oslo"))
HOLIDAYS = {date(2027, 3, 25): "Maundy Thursday", date(2027, 3, 26): "Good Friday", date(2027, 3, 29): "Easter Monday"}
CALENDAR = SchoolCalendar(HOLIDAYS, {date(2026, 10, 5) + timedelta(days=n): "høstferie" for n in range(5)})

TIMES = st.times(EARLIEST, LATEST).map(lambda moment: moment.replace(second=0, microsecond=0))
DAYS = st.dates(date(2026, 8, 1), date(2028, 7, 1))
WEEKDAYS = st.frozensets(st.integers(0, 4), min_size=1)


@given(WEEKDAYS, TIMES, DAYS, st.integers(0, 300))
def test_every_asking_is_at_the_chosen_wall_clock_time_also_where_summer_time_changes(
    weekdays: frozenset[int], ask_at: time, first: date, length: int
) -> None:
    schedule = Schedule(weekdays, ask_at, first, first + timedelta(days=length))
    moments = list(schedule.moments(first, SCHOOL, CALENDAR))
    local = [SCHOOL.local(moment) for moment in moments]
    assert [one.time() for one in local] == [ask_at] * len(local)
    assert all(moment.tzinfo is UTC for moment in moments)
    wanted = [
        day
        for n in range(length + 1)
        if (day := first + timedelta(days=n)).weekday() in weekdays and CALENDAR.is_school_day(day)
    ]
    assert [one.date() for one in local] == wanted
    assert moments == sorted(moments)


@given(WEEKDAYS, TIMES, DAYS, st.integers(0, 200), st.datetimes(datetime(2026, 7, 1), datetime(2028, 8, 1)))
def test_the_next_asking_comes_after_now_and_leaves_none_out(
    weekdays: frozenset[int], ask_at: time, first: date, length: int, naive: datetime
) -> None:
    now = naive.replace(tzinfo=UTC)
    schedule = Schedule(weekdays, ask_at, first, first + timedelta(days=length))
    later = [one for one in schedule.moments(first, SCHOOL, CALENDAR) if one > now]
    assert schedule.next_after(now, SCHOOL, CALENDAR) == (later[0] if later else None)
    step = schedule.next_step(now, SCHOOL, CALENDAR)
    assert step == (later[0] if later else schedule.closes_at(SCHOOL))


@pytest.mark.parametrize(
    ("friday", "monday"),
    [(date(2027, 3, 19), date(2027, 4, 5)), (date(2026, 10, 23), date(2026, 10, 26))],
    ids=["spring", "autumn"],
)
def test_over_a_change_of_summer_time_the_moment_moves_and_the_clock_on_the_wall_does_not(
    friday: date, monday: date
) -> None:
    schedule = Schedule(frozenset(range(5)), time(7, 0), friday, monday)
    moments = list(schedule.moments(friday, SCHOOL, CALENDAR))
    assert {SCHOOL.local(one).hour for one in moments} == {7}
    assert {one.hour for one in moments} == {5, 6}


def test_it_is_over_when_school_ends_on_the_last_day() -> None:
    schedule = Schedule(frozenset({1}), time(7, 0), date(2026, 11, 23), date(2026, 11, 27))
    asked = SCHOOL.at(datetime(2026, 11, 24, 7, 0))
    assert schedule.next_step(asked, SCHOOL, CALENDAR) == SCHOOL.at(datetime(2026, 11, 27, 14, 0))


@given(TIMES)
def test_the_staff_hear_of_no_answer_when_school_begins_but_not_at_once(ask_at: time) -> None:
    day = date(2026, 11, 24)
    told = Schedule(frozenset({1}), ask_at, day, day).unanswered_at(day, SCHOOL)
    assert told >= SCHOOL.at(datetime.combine(day, SCHOOL.hours.start))
    assert told - SCHOOL.at(datetime.combine(day, ask_at)) >= UNANSWERED_AFTER


def test_a_home_is_asked_in_the_morning() -> None:
    assert check_time(time(7, 15)) == time(7, 15)
    for moment in (time(4, 59), time(12, 1), time(0, 0)):
        with pytest.raises(NotAMorning):
            check_time(moment)


@given(DAYS)
def test_the_school_year_ends_in_summer_and_not_before_today(today: date) -> None:
    end = year_end(today)
    assert (end.month, end.day) == (6, 30)
    assert timedelta() <= end - today <= timedelta(days=366)


@given(
    st.builds(
        CheckinDraft,
        st.integers(1, 2**31 - 1),
        st.frozensets(st.integers(0, 4)),
        st.none() | TIMES,
        st.none() | DAYS,
        st.lists(st.integers(1, 99), unique=True).map(tuple),
        st.lists(st.integers(1, 99), unique=True).map(tuple),
        st.integers(0, 9),
        st.integers(0, 9),
        st.booleans(),
    )
)
def test_a_draft_comes_back_from_the_dialogues_row_as_it_was(draft: CheckinDraft) -> None:
    assert CheckinDraft.from_json(draft.to_json()) == draft


@given(st.integers(-3, 9), st.integers(1, 9))
def test_toggling_twice_changes_nothing_and_only_workdays_can_be_chosen(weekday: int, person: int) -> None:
    draft = CheckinDraft(1, staff_ids=(3, 4), guardian_ids=(5,))
    once = draft.toggled_weekday(weekday)
    assert once.weekdays <= frozenset(range(5))
    assert once.toggled_weekday(weekday).weekdays == draft.weekdays
    assert sorted(draft.toggled_staff(person).toggled_staff(person).staff_ids) == [3, 4]
    assert (person in draft.toggled_guardian(person).guardian_ids) is (person != 5)
