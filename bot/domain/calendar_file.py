"""Reads the school's own calendar from a file: the stretches without school, with the school's words for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import LOOKAHEAD_DAYS
from bot.domain.inputs import NotADate, read_calendar_date
from bot.domain.marking import N_
from bot.domain.roster_problems import BAD_DATE, EMPTY_CELL, TOO_LONG, RosterInvalid, RosterProblem, problem
from bot.domain.roster_table import Row, decode_csv, read_table

COLUMNS = ("first", "last", "name")
NAME_LIMIT = 80
"""Characters of what the school calls a stretch, as the column holds them."""

BACKWARDS = N_("Line {line}: the last day, {last}, is before the first, {first}. Change one of them.")
TOO_LONG_STRETCH = N_("Line {line}: {first} to {last} is longer than {days} days. Check the years.")
OVERLAP = N_("Line {line}: these days overlap those on line {other}. Each day belongs to one line.")
NOTHING_IN_FILE = N_("Line {line}: there is no day in the file. Write a line for each time without school.")


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Days without school, both ends included, and what the school calls them."""

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """What an import would change; `renamed` holds the stretch as it will be."""

    new: tuple[Stretch, ...]
    renamed: tuple[Stretch, ...]
    gone: tuple[Stretch, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether the file says what is stored already."""
        return not (self.new or self.renamed or self.gone)


def read_calendar(data: bytes) -> list[Stretch]:
    """Return the stretches of a calendar file by day: columns first, last, name; an empty `last` is one day.

    Raises:
        RosterInvalid: something is wrong; its problems name the lines and say what to do.
    """
    problems: list[RosterProblem] = []
    rows = read_table(decode_csv(data), COLUMNS, problems)
    found = [(row.line, stretch) for row in rows if (stretch := _stretch(row, problems)) is not None]
    _check_overlaps(found, problems)
    if not rows and not problems:
        problems.append(problem(2, NOTHING_IN_FILE))
    if problems:
        raise RosterInvalid(problems)
    return sorted(stretch for _, stretch in found)


def _stretch(row: Row, problems: list[RosterProblem]) -> Stretch | None:
    before = len(problems)
    first = _day(row, "first", problems)
    last = _day(row, "last", problems) if row.cells.get("last") else first
    name = row.cells.get("name", "")
    if not name and "name" in row.cells:
        problems.append(problem(row.line, EMPTY_CELL, column="name"))
    if len(name) > NAME_LIMIT:
        problems.append(problem(row.line, TOO_LONG, column="name", limit=NAME_LIMIT))
    if first is not None and last is not None:
        _check_ends(row.line, first, last, problems)
    if first is None or last is None or len(problems) > before:
        return None
    return Stretch(first, last, name)


def _day(row: Row, column: str, problems: list[RosterProblem]) -> date | None:
    cell = row.cells.get(column, "")
    if not cell:
        if column in row.cells:
            problems.append(problem(row.line, EMPTY_CELL, column=column))
        return None
    try:
        return read_calendar_date(cell)
    except NotADate:
        problems.append(problem(row.line, BAD_DATE, value=cell))
        return None


def _check_ends(line: int, first: date, last: date, problems: list[RosterProblem]) -> None:
    if last < first:
        problems.append(problem(line, BACKWARDS, first=first.isoformat(), last=last.isoformat()))
    elif last - first >= timedelta(days=LOOKAHEAD_DAYS):
        fields = {"first": first.isoformat(), "last": last.isoformat(), "days": LOOKAHEAD_DAYS}
        problems.append(problem(line, TOO_LONG_STRETCH, **fields))


def _check_overlaps(found: list[tuple[int, Stretch]], problems: list[RosterProblem]) -> None:
    """Name each line whose days another one holds already; the one that starts first is right."""
    in_order = sorted(found, key=lambda one: (one[1].first, one[0]))
    reach: tuple[int, date] | None = None
    for line, stretch in in_order:
        if reach is not None and stretch.first <= reach[1]:
            problems.append(problem(line, OVERLAP, other=reach[0]))
        if reach is None or stretch.last > reach[1]:
            reach = (line, stretch.last)


def plan_changes(wanted: list[Stretch], stored: list[Stretch]) -> CalendarPlan:
    """Return what makes the stored calendar say what the file says.

    A file speaks for the time from its first to its last day: a stored stretch that touches it and is not in the file
    goes; what lies before or after, such as last year's, stays.
    """
    if not wanted:
        return CalendarPlan((), (), ())
    begin, end = wanted[0].first, max(one.last for one in wanted)
    there = {(one.first, one.last): one.name for one in stored if one.first <= end and one.last >= begin}
    keys = {(one.first, one.last) for one in wanted}
    return CalendarPlan(
        tuple(one for one in wanted if (one.first, one.last) not in there),
        tuple(one for one in wanted if there.get((one.first, one.last), one.name) != one.name),
        tuple(sorted(Stretch(*key, name) for key, name in there.items() if key not in keys)),
    )
