"""The school's calendar file: what is read, what is refused, what an import changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.calendar import public_holidays
from bot.domain.calendar import SchoolCalendar
from bot.domain.calendar_file import (
    BACKWARDS,
    NOTHING_IN_FILE,
    OVERLAP,
    TOO_LONG_STRETCH,
    Stretch,
    plan_changes,
    read_calendar,
)
from bot.domain.roster import RosterInvalid
from bot.domain.roster_problems import BAD_DATE, EMPTY_CELL, MISSING_COLUMNS, TOO_LONG
from tests.conftest import EXAMPLE


def problems_in(text: str) -> list[tuple[int, str]]:
    """Return (line, sentence) of everything that is wrong."""
    with pytest.raises(RosterInvalid) as refused:
        read_calendar(text.encode())
    return [(one.line, one.sentence) for one in refused.value.problems]


def test_an_empty_last_day_is_one_day_and_dates_may_be_norwegian() -> None:
    read = read_calendar("first;last;name\n13.11.2026;;Planleggingsdag\n2026-10-05;2026-10-09;Høstferie\n".encode())
    assert read == [
        Stretch(date(2026, 10, 5), date(2026, 10, 9), "Høstferie"),
        Stretch(date(2026, 11, 13), date(2026, 11, 13), "Planleggingsdag"),
    ]


def test_a_file_saved_by_an_old_excel_is_read() -> None:
    assert read_calendar("first;last;name\n2026-10-05;;Høstferie\n".encode("cp1252"))[0].name == "Høstferie"


def test_every_wrong_line_is_named() -> None:
    text = (
        "first,last,name\n"
        "2026-10-05,2026-10-09,Høstferie\n"
        "2026-10-09,,Planleggingsdag\n"
        "2027-02-26,2027-02-22,Vinterferie\n"
        "31.2.2027,,Ingen dag\n"
        ",2027-03-01,Ingen første\n"
        "2027-05-07,,\n"
        "2026-12-21,2027-12-31,For lang\n"
        f"2028-01-01,,{'x' * 81}\n"
    )
    assert problems_in(text) == [
        (3, OVERLAP),
        (4, BACKWARDS),
        (5, BAD_DATE),
        (6, EMPTY_CELL),
        (7, EMPTY_CELL),
        (8, TOO_LONG_STRETCH),
        (9, TOO_LONG),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("first,name\n2026-10-05,Høstferie\n", (1, MISSING_COLUMNS)),
        ("first,last,name\n", (2, NOTHING_IN_FILE)),
    ],
)
def test_a_file_without_what_is_needed(text: str, expected: tuple[int, str]) -> None:
    assert expected in problems_in(text)


def test_the_example_is_a_norwegian_school_year() -> None:
    read = read_calendar((EXAMPLE / "calendar.csv").read_bytes())
    closed = {one.first + timedelta(days=n): one.name for one in read for n in range((one.last - one.first).days + 1)}
    calendar = SchoolCalendar(public_holidays("NO", 2026) | public_holidays("NO", 2027), closed)
    days = calendar.school_days(date(2026, 8, 1), date(2027, 7, 31))
    assert len(days) == 190, "38 weeks (opplæringslova)"
    assert (days[0], days[-1]) == (date(2026, 8, 17), date(2027, 6, 18))
    stories = [date(2026, 11, 16) + timedelta(days=n) for n in range(33)]
    assert all(calendar.is_school_day(day) for day in stories if day.weekday() < 5)


@st.composite
def calendars(draw: st.DrawFn) -> list[Stretch]:
    """Stretches that do not overlap, by day."""
    day = date(2026, 8, 1)
    found = []
    for gap, length, name in draw(
        st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5), st.sampled_from("abc")), max_size=8)
    ):
        first = day + timedelta(days=gap)
        found.append(Stretch(first, first + timedelta(days=length), name))
        day = found[-1].last
    return found


@given(wanted=calendars(), stored=calendars())
def test_importing_twice_changes_once_and_only_inside_the_file(wanted: list[Stretch], stored: list[Stretch]) -> None:
    plan = plan_changes(wanted, stored)
    renamed = {(one.first, one.last) for one in plan.renamed}
    kept = [one for one in stored if one not in plan.gone and (one.first, one.last) not in renamed]
    after = sorted([*kept, *plan.new, *plan.renamed])
    assert plan_changes(wanted, after).is_empty
    assert set(wanted) <= set(after)
    if wanted:
        outside = [one for one in stored if one.last < wanted[0].first or one.first > wanted[-1].last]
        assert set(outside) <= set(after)
        assert set(after) == {*wanted, *outside}
    else:
        assert after == stored
