"""Reminders on the wall clock of Oslo, over both changes of the year, with quiet hours of every shape (M9)."""

# ruff: noqa: DTZ001  (the clock on the wall has no zone)

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.events import Moment
from bot.domain.reminders import DAY_REMINDER_AT, Due, ReminderKind, plan_before
from bot.domain.school import QuietHours, School

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
NONE = QuietHours(time(0), time(0))
NIGHT = QuietHours()
DAYTIME = QuietHours(time(9), time(15))

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 29, 30, 31, 45, 59]))
QUIET = st.one_of(
    st.sampled_from([NONE, NIGHT, DAYTIME, QuietHours(time(0, 30), time(7)), QuietHours(time(2, 30), time(3))]),
    st.builds(QuietHours, TIMES, TIMES),
)
AROUND = st.one_of(
    *(st.dates(change - timedelta(days=4), change + timedelta(days=4)) for change in (SPRING, AUTUMN)),
    st.dates(date(2026, 8, 1), date(2028, 8, 1)),
)
MOMENTS = st.builds(Moment, AROUND, st.one_of(st.none(), TIMES, st.just(time(2, 30))))
AHEAD = st.one_of(st.integers(0, 96 * 60), st.integers(0, 60 * 24 * 60))


def school_with(quiet: QuietHours) -> School:
    return School(name="Solbakken skole", quiet=quiet)


def plan(
    moment: Moment, quiet: QuietHours = NIGHT, *, before: timedelta = timedelta(days=30), days: int = 2, hours: int = 2
) -> dict[ReminderKind, Due]:
    """Plan at a time before the beginning; return the reminders by kind."""
    school = school_with(quiet)
    now = school.at(moment.wall_start()) - before
    return {one.kind: one for one in plan_before(moment, school, now, days=days, hours=hours)}


def wall(one: Due) -> datetime:
    return datetime.combine(one.day, one.at)


@settings(max_examples=600, deadline=None)
@given(MOMENTS, QUIET, AHEAD, st.integers(0, 7), st.integers(0, 48))
@example(Moment(SPRING, time(2, 30)), NIGHT, 5000, 2, 2)
@example(Moment(AUTUMN, time(2, 30)), QuietHours(time(22), time(2, 30)), 5000, 1, 1)
@example(Moment(SPRING, time(7)), QuietHours(time(3), time(6, 59)), 5000, 0, 2)
@example(Moment(date(2026, 11, 24), time(4)), QuietHours(time(0, 30), time(0, 15)), 5000, 1, 2)
def test_every_reminder_comes_in_time_and_never_in_quiet_hours(
    moment: Moment, quiet: QuietHours, minutes: int, days: int, hours: int
) -> None:
    school = school_with(quiet)
    start = school.at(moment.wall_start())
    now = start - timedelta(minutes=minutes)
    planned = plan_before(moment, school, now, days=days, hours=hours)
    for one in planned:
        assert now < one.due_at < start
        assert one.due_at < one.expires_at
        assert one.due_at.tzinfo is UTC
        local = school.local(one.due_at)
        assert not quiet.covers(local.time()), f"{local} is quiet"
        assert (one.day, one.at) == (local.date(), local.time()), "the wall clock beside it is the same moment"
    assert len({one.due_at for one in planned}) == len(planned), "nobody hears twice at one moment"
    assert len({one.occurrence for one in planned}) == len(planned)
    wanted = {ReminderKind.DAYS: days, ReminderKind.HOURS: hours}
    assert all(wanted[one.kind] > 0 for one in planned)


@settings(max_examples=300, deadline=None)
@given(MOMENTS, st.integers(1, 10))
def test_days_before_is_the_same_time_on_the_wall(moment: Moment, days: int) -> None:
    found = plan(moment, NONE, days=days, hours=0)[ReminderKind.DAYS]
    wanted = datetime.combine(moment.day - timedelta(days=days), moment.starts or DAY_REMINDER_AT)
    last_sunday = (wanted.month, wanted.weekday()) == (3, 6) and wanted.day > 31 - 7
    skipped = last_sunday and wanted.hour == 2  # an hour that no clock shows, each year in March
    assert wall(found) == wanted + timedelta(hours=1 if skipped else 0)


@settings(max_examples=300, deadline=None)
@given(AROUND, TIMES, st.integers(1, 48))
def test_hours_before_are_hours_that_really_pass(day: date, starts: time, hours: int) -> None:
    moment = Moment(day, starts)
    found = plan(moment, NONE, days=0, hours=hours)[ReminderKind.HOURS]
    assert school_with(NONE).at(moment.wall_start()) - found.due_at == timedelta(hours=hours)


@settings(max_examples=400, deadline=None)
@given(AROUND, TIMES, QUIET, st.integers(1, 6), st.integers(1, 24))
def test_quiet_hours_move_a_reminder_and_do_not_lose_it(
    day: date, starts: time, quiet: QuietHours, days: int, hours: int
) -> None:
    awake = timedelta(hours=24) - timedelta(
        minutes=(60 * (quiet.end.hour - quiet.start.hour) + quiet.end.minute - quiet.start.minute) % (24 * 60)
    )
    if awake < timedelta(hours=2):
        return  # a change of the clocks can swallow so short a window
    planned = plan(Moment(day, starts), quiet, days=days, hours=hours)
    assert planned, "somebody is reminded, whatever the school calls quiet"
    assert ReminderKind.HOURS in planned, "the last word before it is never lost"


@pytest.mark.parametrize(
    ("quiet", "starts", "expected"),
    [
        (NIGHT, time(18), datetime(2026, 11, 24, 16)),
        (NIGHT, time(8, 30), datetime(2026, 11, 24, 7)),  # the quiet hours end in time
        (NIGHT, time(7), datetime(2026, 11, 23, 19)),  # they do not: the evening before
        (NIGHT, time(6), datetime(2026, 11, 23, 19)),
        (NIGHT, time(22, 30), datetime(2026, 11, 24, 19)),
        (QuietHours(time(22), time(7)), time(6), datetime(2026, 11, 23, 19)),
        (QuietHours(time(17), time(8)), time(7, 45), datetime(2026, 11, 23, 16)),
        (QuietHours(time(0, 30), time(7)), time(6), datetime(2026, 11, 23, 19)),
        (DAYTIME, time(14), datetime(2026, 11, 24, 8)),
        (DAYTIME, time(18), datetime(2026, 11, 24, 16)),
        (NONE, time(3), datetime(2026, 11, 24, 1)),
    ],
)
def test_two_hours_before_by_the_shape_of_the_quiet_hours(quiet: QuietHours, starts: time, expected: datetime) -> None:
    assert wall(plan(Moment(date(2026, 11, 24), starts), quiet)[ReminderKind.HOURS]) == expected


def test_what_takes_the_whole_day_is_said_in_the_afternoon_and_helps_until_noon() -> None:
    found = plan(Moment(date(2026, 11, 24)), days=1)
    assert list(found) == [ReminderKind.DAYS]
    assert wall(found[ReminderKind.DAYS]) == datetime(2026, 11, 23, 16)
    assert found[ReminderKind.DAYS].expires_at == school_with(NIGHT).at(datetime(2026, 11, 24, 12))


def test_an_hour_that_the_spring_change_skips_is_read_an_hour_later() -> None:
    found = plan(Moment(SPRING, time(2, 30)), NONE, days=1, hours=1)
    assert wall(found[ReminderKind.DAYS]) == datetime(2027, 3, 27, 2, 30)
    assert wall(found[ReminderKind.HOURS]) == datetime(2027, 3, 28, 1, 30), "one hour before 03:30, as clocks show it"
    assert found[ReminderKind.HOURS].expires_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("change", "apart"), [(SPRING, 47), (AUTUMN, 49)])
def test_two_days_over_a_change_are_47_or_49_hours(change: date, apart: int) -> None:
    moment = Moment(change + timedelta(days=1), time(18))
    found = plan(moment)[ReminderKind.DAYS]
    assert wall(found) == datetime.combine(change - timedelta(days=1), time(18))
    assert school_with(NIGHT).at(moment.wall_start()) - found.due_at == timedelta(hours=apart)


@pytest.mark.parametrize(("minutes", "kinds"), [(60 * 49, 2), (60 * 47, 1), (121, 1), (119, 0), (0, 0), (-5, 0)])
def test_what_is_over_is_not_planned(minutes: int, kinds: int) -> None:
    assert len(plan(Moment(date(2026, 11, 24), time(18)), before=timedelta(minutes=minutes))) == kinds


def test_nought_means_not() -> None:
    assert plan(Moment(date(2026, 11, 24), time(18)), days=0, hours=0) == {}
    assert list(plan(Moment(date(2026, 11, 24), time(18)), days=0)) == [ReminderKind.HOURS]
