"""Times of conferences: laid out without overlap, offered to the right home, passed down the line (M4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conference_slots import (
    HOLD,
    LEAST_NOTICE,
    LONG_MINUTES,
    MINUTES,
    PAUSES,
    Booked,
    NoRoom,
    SlotView,
    Span,
    SpanOver,
    SpansOverlap,
    TooManySlots,
    Waiter,
    check_span,
    kept_until,
    lay_out,
    likely_first,
    list_offers,
    neighbours,
    pass_on,
    slots_needed,
)
from bot.domain.conferences import MOST_SLOTS
from bot.domain.events import WrongEnd
from bot.domain.school import School

SCHOOL = School()
DAY = date(2026, 12, 1)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
"""Days on which the clock is changed between two and three in the morning."""

days = st.sampled_from([DAY, DAY + timedelta(days=1), SPRING, AUTUMN])
clocks = st.times(min_value=time(0, 0), max_value=time(23, 55)).map(lambda t: t.replace(second=0, microsecond=0))


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    found: list[Span] = []
    for _ in range(draw(st.integers(1, 4))):
        first, last = sorted((draw(clocks), draw(clocks)))
        span = Span(draw(days), first, last)
        if first < last and not any(span.overlaps(other) for other in found):
            found.append(span)
    return found


@given(spans(), st.sampled_from(MINUTES), st.sampled_from(PAUSES))
def test_times_lie_apart_inside_their_hours_with_the_pause_between(
    chosen: list[Span], minutes: int, pause: int
) -> None:
    try:
        times = lay_out(chosen, minutes, pause, SCHOOL)
    except TooManySlots:
        return
    assert len(times) <= MOST_SLOTS
    for one in times:
        assert one.ends_at - one.starts_at == timedelta(minutes=minutes)
        begin, end = (SCHOOL.local(moment).replace(tzinfo=None) for moment in (one.starts_at, one.ends_at))
        assert (begin.date(), begin.time()) == (one.day, one.starts)
        assert any(
            span.day == one.day
            and datetime.combine(span.day, span.first) <= begin
            and end <= datetime.combine(span.day, span.last)
            for span in chosen
        ), "a time lies outside the hours that were chosen"
    for earlier, later in pairwise(times):
        assert earlier.ends_at <= later.starts_at
        within = any(s.day == later.day and s.first <= earlier.starts < later.starts < s.last for s in chosen)
        if within and earlier.day == later.day:
            assert later.starts_at - earlier.ends_at >= timedelta(minutes=pause)


def test_a_night_on_which_the_clock_is_changed_has_no_time_twice_and_none_that_does_not_exist() -> None:
    skipped = lay_out([Span(SPRING, time(1, 0), time(4, 0))], 30, 0, SCHOOL)
    assert [one.starts for one in skipped] == [time(1, 0), time(1, 30), time(3, 0), time(3, 30)]
    twice = lay_out([Span(AUTUMN, time(1, 0), time(4, 0))], 30, 0, SCHOOL)
    assert len({one.starts_at for one in twice}) == len(twice)
    assert all(SCHOOL.local(one.starts_at).time() == one.starts for one in twice)


def test_a_round_has_an_end() -> None:
    week = [Span(DAY + timedelta(days=n), time(8), time(20)) for n in range(5)]
    with pytest.raises(TooManySlots):
        lay_out(week, 15, 0, SCHOOL)


def test_hours_that_do_not_fit_are_refused() -> None:
    there = [Span(DAY, time(13), time(15))]
    for span, refused in (
        (Span(DAY, time(15), time(15)), WrongEnd),
        (Span(DAY, time(16), time(16, 15)), NoRoom),
        (Span(DAY, time(14, 30), time(16)), SpansOverlap),
        (Span(date(2026, 11, 23), time(9, 30), time(16)), SpanOver),  # it is ten in Oslo
    ):
        with pytest.raises(refused):
            check_span(span, there, 20, NOW, SCHOOL)
    check_span(Span(DAY, time(15), time(16)), there, 20, NOW, SCHOOL)


def wall(month: int, day: int, hour: int) -> datetime:
    return SCHOOL.at(datetime.combine(date(2026, month, day), time(hour)))


def slots(count: int = 6, pause: int = 5) -> list[SlotView]:
    """The times of a day from one o'clock on, ids from 1."""
    planned = lay_out([Span(DAY, time(13), time(20))], 20, pause, SCHOOL)[:count]
    return [SlotView(n, one.day, one.starts, one.starts_at, one.ends_at) for n, one in enumerate(planned, start=1)]


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("long", [*MINUTES, *LONG_MINUTES])
def test_an_interpreted_talk_takes_as_few_times_as_its_length_needs(minutes: int, long: int) -> None:
    count = slots_needed(minutes, long, interpreted=True)
    assert count * minutes >= long > (count - 1) * minutes
    assert slots_needed(minutes, long, interpreted=False) == 1


def test_neighbours_are_right_after_each_other() -> None:
    there = [slot for slot in slots() if slot.id != 3]
    assert neighbours(there, 1, 2, 5) is not None
    assert neighbours(there, 2, 2, 5) is None, "a time lies between them"
    assert neighbours(there, 6, 2, 5) is None
    assert neighbours(there, 99, 1, 5) is None


states = st.fixed_dictionaries(
    {
        "talk_id": st.sampled_from([None, None, 7, 8]),
        "closed": st.sampled_from([False, False, True]),
        "held_pupil_id": st.sampled_from([None, 1, 2]),
        "held_until": st.sampled_from([None, None, NOW + timedelta(hours=1), NOW]),
    }
)


@given(st.lists(states, min_size=1, max_size=10), st.integers(1, 3), st.integers(0, 9), st.booleans())
def test_an_offer_is_free_for_this_pupil_lies_ahead_and_beside_no_talk_of_the_home(
    found: list[dict[str, object]], count: int, begun: int, sibling: bool
) -> None:
    there = [replace(slot, **state) for slot, state in zip(slots(len(found)), found, strict=True)]  # type: ignore[arg-type]
    now = there[min(begun, len(there) - 1)].starts_at
    other = Booked(there[-1].starts_at, there[-1].ends_at)
    for offer in list_offers(
        there, pupil_id=1, count=count, pause=5, now=now, talk_id=7, siblings=[other] if sibling else []
    ):
        assert len(offer.slots) == count
        assert all(slot.starts_at > now for slot in offer.slots)
        for slot in offer.slots:
            assert slot.talk_id in {None, 7}
            assert slot.talk_id == 7 or not slot.closed
            assert slot.talk_id == 7 or slot.held_until is None or slot.held_pupil_id == 1
        if sibling:
            assert offer.ends_at <= other.starts_at or offer.first.starts_at >= other.ends_at


def test_talks_in_the_same_language_lie_in_a_row_and_siblings_near_each_other() -> None:
    there = slots(6)
    offers = list_offers(there, pupil_id=1, count=1, pause=5, now=NOW)
    arabic = Booked(there[3].starts_at, there[3].ends_at, "ar")
    row = likely_first([o for o in offers if o.first.id != 4], pause=5, interpreted=[arabic], language="ar")
    assert [o.first.id for o in row] == [3, 5, 1, 2, 6]
    somali = likely_first([o for o in offers if o.first.id != 4], pause=5, interpreted=[arabic], language="so")
    assert [o.first.id for o in somali] == [1, 2, 3, 5, 6]
    sister = Booked(there[5].ends_at, there[5].ends_at + timedelta(minutes=20))
    assert [o.first.id for o in likely_first(offers, pause=5, siblings=[sister])] == [6, 5, 4, 3, 2, 1]


# --- the waiting list ------------------------------------------------------------------------------


def line(*pupils: int, count: int = 1) -> list[Waiter]:
    return [Waiter(pupil, NOW + timedelta(minutes=n), count) for n, pupil in enumerate(pupils)]


def freed(slot: SlotView, *, by: int | None = None) -> SlotView:
    return replace(slot, held_until=NOW, held_pupil_id=by)


def test_a_freed_time_goes_down_the_line_once_and_is_then_free_for_all() -> None:
    there = [freed(slots(1)[0])]
    asked: list[int] = []
    for _ in range(5):
        holds, free = pass_on(there, line(11, 12, 13), pause=5, now=NOW, school=SCHOOL)
        if not holds:
            assert free == [1]
            break
        asked.append(holds[0].pupil_id)
        there = [freed(there[0], by=holds[0].pupil_id)]
    assert asked == [11, 12, 13]


def test_a_home_with_a_time_kept_is_not_offered_another() -> None:
    one, two, *_ = slots(2)
    kept = replace(two, held_until=NOW + HOLD, held_pupil_id=11)
    holds, _ = pass_on([freed(one), kept], line(11, 12), pause=5, now=NOW, school=SCHOOL)
    assert [held.pupil_id for held in holds] == [12]


def test_an_interpreters_longer_time_is_kept_whole_and_a_short_one_is_better_than_none() -> None:
    one, two, three = slots(3)
    holds, free = pass_on(
        [one, freed(two), replace(three, talk_id=9)], line(11, count=2), pause=5, now=NOW, school=SCHOOL
    )
    assert (holds[0].offer.ids, free) == ((1, 2), [])
    taken = [replace(one, talk_id=8), freed(two), replace(three, talk_id=9)]
    assert pass_on(taken, line(11, count=2), pause=5, now=NOW, school=SCHOOL)[0][0].offer.ids == (2,)


@given(
    st.lists(states, min_size=1, max_size=8), st.lists(st.integers(1, 5), max_size=5, unique=True), st.integers(1, 2)
)
def test_passing_on_settles_every_due_time_and_takes_nothing_from_anybody(
    found: list[dict[str, object]], waiting: list[int], count: int
) -> None:
    there = [replace(slot, **state) for slot, state in zip(slots(len(found)), found, strict=True)]  # type: ignore[arg-type]
    holds, free = pass_on(there, line(*waiting, count=count), pause=5, now=NOW, school=SCHOOL)
    due = {slot.id for slot in there if slot.held_until is not None and slot.held_until <= NOW}
    given_out = [number for held in holds for number in held.offer.ids]
    assert len(given_out) == len(set(given_out)), "a time is kept for one home"
    assert due <= {*given_out, *free}
    assert len({held.pupil_id for held in holds}) == len(holds)
    for number in given_out:
        slot = next(one for one in there if one.id == number)
        assert slot.talk_id is None
        assert not slot.closed
        assert slot.held_until is None or number in due


def test_nobody_is_woken_the_offer_waits_till_morning_and_the_hold_counts_from_then() -> None:
    evening = wall(11, 24, 22)
    starts = wall(12, 1, 13)
    morning = wall(11, 25, 7)
    assert kept_until(evening, starts, SCHOOL) == (morning, morning + HOLD)
    soon = wall(11, 25, 10)
    assert kept_until(evening, soon, SCHOOL) == (morning, soon - LEAST_NOTICE)
    assert kept_until(evening, wall(11, 25, 9), SCHOOL) is None
