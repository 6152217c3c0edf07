"""How long a home lets an interpreter read, and what their buttons carry (L4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import interpreter_taps
from bot.domain.interpreter_taps import GiveConsent, TaskAct, TaskStep
from bot.domain.interpreters import Side, Span, last_day, spoken, summer, until
from bot.domain.school import School
from bot.domain.taps import LIMIT, BadTap, Tap

SCHOOL = School()
WIDE = 2**31 - 1
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
KINDS = [kind for kind in vars(interpreter_taps).values() if isinstance(kind, type) and issubclass(kind, Tap)]
KINDS = sorted({kind for kind in KINDS if kind is not Tap}, key=lambda kind: kind.PREFIX)


@given(MOMENTS, st.sampled_from(Span))
def test_a_permission_ends_with_a_day_of_the_school(now: datetime, span: Span) -> None:
    ends = until(span, SCHOOL, now)
    wall = SCHOOL.local(ends)
    assert (wall.hour, wall.minute) == (0, 0)
    today, last = SCHOOL.local(now).date(), last_day(ends, SCHOOL)
    assert now < ends, "it holds from now on"
    days = (last - today).days
    assert days == {Span.WEEK: 7, Span.MONTH: 30}.get(span, days)
    assert days <= 366
    if span is Span.SUMMER:
        assert (last.month, last.day) == (6, 30)


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 11, 23), date(2027, 6, 30)),
        (date(2027, 6, 30), date(2027, 6, 30)),
        (date(2027, 7, 1), date(2028, 6, 30)),
    ],
)
def test_the_summer_is_the_next_one(today: date, end: date) -> None:
    assert summer(today) == end


def test_the_day_that_is_shown_is_the_last_one_on_which_it_holds() -> None:
    ends = until(Span.WEEK, SCHOOL, datetime(2026, 10, 20, 10, tzinfo=UTC))  # over the end of summer time
    assert last_day(ends, SCHOOL) == date(2026, 10, 27)
    assert SCHOOL.local(ends - timedelta(minutes=1)).date() == date(2026, 10, 27)


@pytest.mark.parametrize(
    ("written", "read"), [("ar en", {"ar", "en"}), ("ar,en", {"ar", "en"}), ("", set()), (" pl ", {"pl"})]
)
def test_the_languages_of_a_roster_are_read(written: str, read: set[str]) -> None:
    assert spoken(written) == read


def test_every_tap_fits_and_comes_back_as_it_was() -> None:
    widest = [
        *(TaskAct(WIDE, WIDE, step) for step in TaskStep),
        *(GiveConsent(WIDE, WIDE, everything=True, span=span) for span in Span),
        *(interpreter_taps.AskSide(WIDE, side) for side in Side),
    ]
    for tap in widest:
        assert len(tap.pack().encode()) <= LIMIT
        assert type(tap).unpack(tap.pack()) == tap


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_was_made_up_is_no_tap(kind: type[Tap]) -> None:
    assert kind.PREFIX.startswith("j")
    for data in ("", kind.PREFIX, f"{kind.PREFIX}|x|y|z|q|r", f"{kind.PREFIX}|{2**31}", "jz|1"):
        with pytest.raises(BadTap):
            kind.unpack(data)


def test_prefixes_are_each_ones_own() -> None:
    assert len({kind.PREFIX for kind in KINDS}) == len(KINDS)
