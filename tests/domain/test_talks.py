"""When people are reminded around a talk, and what a draft of its summary holds (M5, M9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.calendar import SchoolCalendar
from bot.domain.conferences import MOST_POINTS, POINT_LIMIT, PointOwner
from bot.domain.errors import Stale
from bot.domain.events import Moment
from bot.domain.leave import LineMissing, LineTooLong
from bot.domain.reminders import Due, ReminderKind
from bot.domain.school import QuietHours, School
from bot.domain.talk_summary import EnoughPoints, SummaryDraft, day_in, decode_draft
from bot.domain.talks import plan_home, plan_point, plan_summary

ZONES = ("Europe/Oslo", "Arctic/Longyearbyen", "America/New_York", "Asia/Tokyo")
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
QUIET = st.builds(QuietHours, st.times(), st.times())
SCHOOLS = st.builds(lambda zone, quiet: School(zone=ZoneInfo(zone), quiet=quiet), st.sampled_from(ZONES), QUIET)
NOWS = st.builds(lambda day, at: datetime.combine(day, at, UTC), DAYS, TIMES)


def is_quiet(one: Due, school: School) -> bool:
    return school.quiet.covers(school.local(one.due_at).time().replace(tzinfo=None))


@given(DAYS, SCHOOLS, NOWS)
def test_points_are_brought_up_at_most_twice_and_never_in_quiet_hours(day: date, school: School, now: datetime) -> None:
    planned = plan_point(day, school, now)
    assert len(planned) <= 2
    assert len({one.occurrence for one in planned}) == len(planned)
    over = school.at(datetime.combine(day + timedelta(days=1), time()))
    for one in planned:
        assert now < one.due_at < one.expires_at
        assert not is_quiet(one, school) or school.quiet.start == school.quiet.end
        before = one.occurrence.startswith("before")
        assert (one.due_at < over) is before, "before the day is over, or after it"
        assert (one.expires_at == over) is before
        assert one.occurrence.endswith(str(day))


def test_a_point_of_tomorrow_is_still_brought_up_today() -> None:
    school = School()
    now = school.at(datetime.combine(date(2026, 12, 1), time(9)))
    days = [school.local(one.due_at).date() for one in plan_point(date(2026, 12, 2), school, now)]
    assert days == [date(2026, 12, 1), date(2026, 12, 3)]
    assert [one.day for one in plan_point(date(2026, 12, 9), school, now)] == [date(2026, 12, 6), date(2026, 12, 10)]


@given(DAYS, TIMES, SCHOOLS, NOWS, st.integers(0, 7), st.integers(0, 12))
def test_homes_are_reminded_before_the_talk_and_never_twice_a_day(
    day: date, starts: time, school: School, now: datetime, days: int, hours: int
) -> None:
    start = school.at(datetime.combine(day, starts))
    planned = plan_home(Moment(day, starts), school, now, days=days, hours=hours)
    for one in planned:
        assert now < one.due_at < start
        assert one.expires_at <= start
        if one.kind is ReminderKind.PREPARE:
            assert not is_quiet(one, school)
    asks = [one for one in planned if one.kind is ReminderKind.PREPARE]
    said = [one for one in planned if one.kind is ReminderKind.DAYS]
    assert not asks or not said or asks[0].day != said[0].day


@given(DAYS, TIMES, SCHOOLS, st.sets(DAYS, max_size=20))
def test_a_teacher_is_asked_on_a_school_morning_after_the_talk(
    day: date, starts: time, school: School, closed: set[date]
) -> None:
    calendar = SchoolCalendar(closed=dict.fromkeys(closed, "Fri"))
    ends = school.at(datetime.combine(day, starts)) + timedelta(minutes=20)
    found = plan_summary(Moment(day, starts), ends, school, calendar)
    assert found is not None
    assert ends <= found.due_at < found.expires_at
    next_day = calendar.next_school_day(day)
    assert next_day is not None
    assert school.local(found.due_at) >= datetime.combine(next_day, time(8), school.zone)
    assert not is_quiet(found, school)


class Writing(RuleBasedStateMachine):
    """A draft under all its steps: nothing is lost, nothing is too much, every step makes old buttons stale."""

    @initialize()
    def begin(self) -> None:
        self.draft, self.count, self.waits = SummaryDraft(), 0, False

    def step(self, changed: SummaryDraft) -> None:
        with pytest.raises(Stale):
            changed.check(self.draft.version)
        self.draft = changed

    @rule(text=st.text(min_size=1).filter(lambda one: bool(one.strip())))
    def words(self, text: str) -> None:
        self.step(self.draft.with_text(text[:1500], "nb"))
        assert self.draft.text == text[:1500].strip()

    @rule(owner=st.sampled_from(PointOwner))
    def point(self, owner: PointOwner) -> None:
        if self.count >= MOST_POINTS:
            with pytest.raises(EnoughPoints):
                self.draft.with_pending("Mer", "nb", owner)
            return
        self.step(self.draft.with_pending("  Les\n hver kveld ", "nb", owner))
        self.waits = True

    @rule(weeks=st.sampled_from((0, 1, 2, 4, 8)))
    def day(self, weeks: int) -> None:
        if not self.waits:
            with pytest.raises(Stale):
                self.draft.with_day(None)
            return
        self.step(self.draft.with_day(day_in(weeks, date(2026, 12, 1))))
        self.count, self.waits = self.count + 1, False
        assert self.draft.points[-1].text == "Les hver kveld"

    @rule()
    def away(self) -> None:
        self.step(self.draft.without_last())
        self.count = self.count if self.waits else max(0, self.count - 1)
        self.waits = False

    @rule()
    def end(self) -> None:
        self.step(self.draft.ended())
        assert self.draft.closed
        self.draft = SummaryDraft(self.draft.version)
        self.count, self.waits = 0, False

    @invariant()
    def survives_storing(self) -> None:
        assert decode_draft(self.draft.encode()) == self.draft
        assert len(self.draft.points) == self.count <= MOST_POINTS
        assert (self.draft.pending is not None) is self.waits


TestWriting = Writing.TestCase


def test_words_that_do_not_fit_are_refused_and_no_button_offers_other_days() -> None:
    with pytest.raises(LineTooLong):
        SummaryDraft().with_pending("x" * (POINT_LIMIT + 1), "nb", PointOwner.HOME)
    with pytest.raises(LineMissing):
        SummaryDraft().with_text(" \n ", "nb")
    for weeks in (-1, 3, 5200):
        with pytest.raises(Stale):
            day_in(weeks, date(2026, 12, 1))
