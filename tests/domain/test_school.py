"""The school's own time: quiet hours, and the two nights of the year that are not 24 hours long."""

# ruff: noqa: DTZ001  (the clock on the wall has no zone)

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.school import QuietHours, School

SCHOOL = School()
ZONE = SCHOOL.zone
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
NIGHTS = st.sampled_from([datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2027, 3, 28), datetime(2027, 10, 31)])
NIGHT_MOMENTS = st.builds(
    lambda night, minutes: (night + timedelta(minutes=minutes)).replace(tzinfo=UTC), NIGHTS, st.integers(-300, 420)
)
HOURS = st.times().map(lambda t: t.replace(second=0, microsecond=0))
QUIET = st.builds(QuietHours, HOURS, HOURS).filter(lambda q: not time(2) <= q.end < time(3))
"""The end lies outside the hour that October has twice: there "the first" is meant, and it may be past."""


def wall(moment: datetime) -> str:
    return f"{SCHOOL.local(moment):%d.%m %H:%M}"


@pytest.mark.parametrize(
    ("at", "quiet"), [("19:59", False), ("20:00", True), ("00:00", True), ("06:59", True), ("07:00", False)]
)
def test_the_start_of_quiet_hours_is_quiet_and_their_end_is_not(at: str, quiet: bool) -> None:
    assert QuietHours().covers(time.fromisoformat(at)) is quiet


@pytest.mark.parametrize(("at", "quiet"), [("11:59", False), ("12:00", True), ("12:59", True), ("13:00", False)])
def test_quiet_hours_may_lie_within_a_day(at: str, quiet: bool) -> None:
    assert QuietHours(time(12), time(13)).covers(time.fromisoformat(at)) is quiet


@given(HOURS, HOURS)
def test_equal_ends_mean_no_quiet_hours(end: time, moment: time) -> None:
    assert not QuietHours(end, end).covers(moment)


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        (datetime(2026, 11, 23, 19, 59), "23.11 19:59"),
        (datetime(2026, 11, 23, 20, 0), "24.11 07:00"),
        (datetime(2026, 11, 24, 3, 0), "24.11 07:00"),
        (datetime(2026, 3, 28, 22, 0), "29.03 07:00"),  # the night that lacks an hour
        (datetime(2026, 10, 24, 22, 0), "25.10 07:00"),  # the night that has one more
        (datetime(2026, 12, 31, 22, 0), "01.01 07:00"),
    ],
)
def test_what_is_sent_in_quiet_hours_arrives_at_seven_by_the_clock_on_the_wall(sent: datetime, arrives: str) -> None:
    assert wall(SCHOOL.considerate(sent.replace(tzinfo=ZONE))) == arrives


def test_a_time_that_spring_skips_moves_on_and_of_a_double_one_the_first_is_meant() -> None:
    assert wall(SCHOOL.at(datetime(2026, 3, 29, 2, 30))) == "29.03 03:30"
    assert SCHOOL.at(datetime(2026, 10, 25, 2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.one_of(MOMENTS, NIGHT_MOMENTS), QUIET)
def test_nothing_considerate_arrives_early_in_quiet_hours_or_a_day_late(moment: datetime, quiet: QuietHours) -> None:
    school = School(quiet=quiet)
    due = school.considerate(moment)
    assert due.tzinfo is UTC
    assert moment <= due <= moment + timedelta(hours=25)
    assert not quiet.covers(school.local(due).time())
    assert school.considerate(due) == due


@given(st.one_of(MOMENTS, NIGHT_MOMENTS), QUIET)
def test_outside_quiet_hours_nothing_waits(moment: datetime, quiet: QuietHours) -> None:
    school = School(quiet=quiet)
    if not quiet.covers(school.local(moment).time()):
        assert school.considerate(moment) == moment


@given(st.one_of(MOMENTS, NIGHT_MOMENTS))
def test_the_wall_clock_and_back_is_the_same_moment_but_for_the_double_hour(moment: datetime) -> None:
    local = SCHOOL.local(moment)
    back = SCHOOL.at(local.replace(tzinfo=None))
    assert back == moment - (timedelta(hours=1) if local.fold else timedelta())
