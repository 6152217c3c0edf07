"""Reads the dates of the year wheel from a CSV file, and whom a date is for, however a school writes it (M6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.calendar_file import BACKWARDS
from bot.domain.events import EVENT_RULES, PLACE_LIMIT, TITLE_LIMIT, EventKind
from bot.domain.inputs import NotADate, NotATime, read_calendar_date, read_time
from bot.domain.marking import N_
from bot.domain.notices import AudienceKind
from bot.domain.roster_cells import CellError, read_class
from bot.domain.roster_problems import BAD_DATE, EMPTY_CELL, TOO_LONG, RosterInvalid, RosterProblem, problem
from bot.domain.roster_table import Row, decode_csv, read_table

COLUMNS = ("key", "date", "last", "start", "end", "title", "for", "place", "kind")
OPTIONAL = frozenset({"key", "last", "start", "end", "place", "kind"})
KEY_LIMIT = 80
LONGEST_DAYS = 60
YEARS_AROUND = 2
"""A date further away than this is a slip of the finger."""

KINDS = (EventKind.DATE, EventKind.FAU, EventKind.SU, EventKind.SMU)
"""What a file may call; other meetings ask for answers, so somebody calls them in the chat."""

BAD_TIME = N_("Line {line}: {value} is not a time. Write it like 08:30.")
END_ONLY = N_("Line {line}: there is an end and no start. Fill in the start, or leave both empty for the whole day.")
ENDS_FIRST = N_("Line {line}: it ends at {end}, before it starts at {start}. Change one of them.")
TOO_LONG_DATE = N_("Line {line}: {first} to {last} is longer than {days} days. Check the dates.")
FAR_AWAY = N_("Line {line}: {value} is years away. Check the year.")
BAD_KIND = N_("Line {line}: {value} is not a kind. Write one of: {allowed}; or nothing.")
BAD_FOR = N_(
    "Line {line}: {value} does not say whom it is for. Write: whole school, or year 5, or classes such as 5A 5B."
)
UNKNOWN_CLASS = N_("Line {line}: there is no class {value} at the school. The classes are: {allowed}.")
UNKNOWN_YEAR = N_("Line {line}: there is no class of year {value} at the school. The classes are: {allowed}.")
COMMITTEE_FOR = N_("Line {line}: a meeting of the kind {value} is for its members. Write nothing in the column for.")
SAME_KEY = N_("Line {line}: the key {value} stands on line {other} too. Give each line a key of its own.")
SAME_LINE = N_("Line {line}: this says the same as line {other}. Delete one of them.")
NO_DATES = N_("Line {line}: there is no date in the file. Write a line for each date.")

_SCHOOL = frozenset({"whole school", "the whole school", "school", "all", "hele skolen", "skolen", "alle"})
_YEAR_WORDS = r"year|years|grade|grades|trinn|årstrinn|klassetrinn"
_NUMBERS = r"[\d\s,;.+&–-]+"
_YEARS = re.compile(rf"(?:{_YEAR_WORDS})\.?\s*(?P<after>{_NUMBERS})|(?P<before>{_NUMBERS}?)\s*(?:{_YEAR_WORDS})")
_PARTS = re.compile(r"[\s,;+&]+")


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a date is for; `ids` as `AudienceKind` says."""

    kind: AudienceKind
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of the school: their ids and years by the name that `read_class` returns."""

    ids: Mapping[str, int]
    grades: Mapping[str, int]

    @property
    def names(self) -> str:
        """All classes, for a sentence."""
        return ", ".join(sorted(self.ids, key=lambda name: (self.grades[name], name)))


@dataclass(frozen=True, slots=True)
class YearDate:
    """One date as a file says it; `starts` None takes whole days, `ends` is the time on the last day."""

    key: str
    day: date
    last: date
    starts: time | None
    ends: time | None
    title: str
    audience: Audience
    place: str = ""
    kind: EventKind = EventKind.DATE


def read_for(text: str, classes: Classes) -> Audience:
    """Return whom a text names: "whole school", "year 5", "5. trinn", "5A 5B", "5A, 6B".

    Raises:
        CellError: it names nobody, or a class or year that the school does not have.
    """
    cleaned = re.sub(r" (?:og|and) ", ", ", " ".join(text.casefold().split()))
    if cleaned in _SCHOOL:
        return Audience(AudienceKind.SCHOOL)
    if years := _YEARS.fullmatch(cleaned):
        return _years(years["after"] or years["before"] or "", text, classes)
    found: list[int] = []
    for part in filter(None, _PARTS.split(text.strip())):
        try:
            name = read_class(part)
        except CellError:
            raise CellError(BAD_FOR, value=text) from None
        if name not in classes.ids:
            if name.isdigit() and text.strip() == part:
                return _years(name, text, classes)
            raise CellError(UNKNOWN_CLASS, value=name, allowed=classes.names)
        found.append(classes.ids[name])
    if not found:
        raise CellError(BAD_FOR, value=text)
    return Audience(AudienceKind.CLASSES, tuple(sorted(set(found))))


def _years(numbers: str, text: str, classes: Classes) -> Audience:
    wanted: set[int] = set()
    for part in re.split(r"[\s,;.+&]+", numbers):
        ends = part.replace("–", "-").split("-")
        if not part:
            continue
        if not all(end.isdigit() for end in ends) or len(ends) > 2:
            raise CellError(BAD_FOR, value=text)
        first, last = int(ends[0]), int(ends[-1])
        if not 1 <= first <= last <= 13:
            raise CellError(BAD_FOR, value=text)
        wanted.update(range(first, last + 1))
    there = set(classes.grades.values())
    if missing := sorted(wanted - there):
        raise CellError(UNKNOWN_YEAR, value=missing[0], allowed=classes.names)
    if not wanted:
        raise CellError(BAD_FOR, value=text)
    return Audience(AudienceKind.GRADE, tuple(sorted(wanted)))


def read_year(data: bytes, classes: Classes, today: date) -> list[YearDate]:
    """Return the dates of a CSV file in its order.

    Raises:
        RosterInvalid: something is wrong; its problems name the lines and say what to do.
    """
    problems: list[RosterProblem] = []
    rows = read_table(decode_csv(data), COLUMNS, problems, optional=OPTIONAL)
    found = [(row.line, one) for row in rows if (one := _Line(row, problems).read(classes, today)) is not None]
    problems += _repeated(found)
    if not rows and not problems:
        problems.append(problem(2, NO_DATES))
    if problems:
        raise RosterInvalid(problems)
    return [one for _, one in found]


def _repeated(found: Sequence[tuple[int, YearDate]]) -> Iterator[RosterProblem]:
    keys: dict[str, int] = {}
    same: dict[YearDate, int] = {}
    for line, one in found:
        if one.key:
            if one.key in keys:
                yield problem(line, SAME_KEY, value=one.key, other=keys[one.key])
            keys.setdefault(one.key, line)
        elif one in same:
            yield problem(line, SAME_LINE, other=same[one])
        same.setdefault(one, line)


class _Line:
    """Reads one line; what is wrong is added to `problems`."""

    def __init__(self, row: Row, problems: list[RosterProblem]) -> None:
        self._row, self._problems = row, problems
        self._before = len(problems)
        self._refused = not set(COLUMNS) <= set(row.cells)

    def read(self, classes: Classes, today: date) -> YearDate | None:
        """Return the date; None when something is wrong with it."""
        day = self._day("date", today, needed=True)
        last = self._day("last", today) or day
        starts, ends = self._time("start"), self._time("end")
        title, place = self._text("title", TITLE_LIMIT, needed=True), self._text("place", PLACE_LIMIT)
        key, kind = self._text("key", KEY_LIMIT), self._kind()
        audience = self._audience(kind, classes)
        if day is not None and last is not None:
            self._check_ends(day, last, starts, ends)
        if self._refused or len(self._problems) > self._before or day is None or last is None or audience is None:
            return None
        return YearDate(key, day, last, starts, ends, title, audience, place, kind)

    def _cell(self, column: str) -> str:
        return self._row.cells.get(column, "")

    def _wrong(self, sentence: str, **fields: object) -> None:
        self._problems.append(problem(self._row.line, sentence, **fields))

    def _day(self, column: str, today: date, *, needed: bool = False) -> date | None:
        cell = self._cell(column)
        if not cell:
            if needed and column in self._row.cells:
                self._wrong(EMPTY_CELL, column=column)
            return None
        try:
            found = read_calendar_date(cell)
        except NotADate:
            self._wrong(BAD_DATE, value=cell)
            return None
        if abs(found.year - today.year) > YEARS_AROUND:
            self._wrong(FAR_AWAY, value=cell)
            return None
        return found

    def _time(self, column: str) -> time | None:
        cell = self._cell(column)
        try:
            return read_time(cell) if cell else None
        except NotATime:
            self._wrong(BAD_TIME, value=cell)
            return None

    def _text(self, column: str, limit: int, *, needed: bool = False) -> str:
        cell = self._cell(column)
        if not cell and needed and column in self._row.cells:
            self._wrong(EMPTY_CELL, column=column)
        if len(cell) > limit:
            self._wrong(TOO_LONG, column=column, limit=limit)
        return cell

    def _kind(self) -> EventKind:
        cell = self._cell("kind")
        try:
            kind = EventKind(cell.casefold()) if cell else EventKind.DATE
        except ValueError:
            kind = EventKind.SOCIAL
        if kind not in KINDS:
            self._wrong(BAD_KIND, value=cell, allowed=", ".join(KINDS))
        return kind

    def _audience(self, kind: EventKind, classes: Classes) -> Audience | None:
        cell = self._cell("for")
        try:
            if not cell and kind is EventKind.DATE:
                if "for" in self._row.cells:
                    self._wrong(EMPTY_CELL, column="for")
                return None
            audience = read_for(cell, classes) if cell else Audience(AudienceKind.SCHOOL)
        except CellError as error:
            self._wrong(error.sentence, **error.fields)
            return None
        if kind in KINDS and audience.kind not in EVENT_RULES[kind].audiences:
            self._wrong(COMMITTEE_FOR, value=kind.value)
            return None
        return audience

    def _check_ends(self, day: date, last: date, starts: time | None, ends: time | None) -> None:
        if last < day:
            self._wrong(BACKWARDS, first=day.isoformat(), last=last.isoformat())
        elif last - day >= timedelta(days=LONGEST_DAYS):
            self._wrong(TOO_LONG_DATE, first=day.isoformat(), last=last.isoformat(), days=LONGEST_DAYS)
        if starts is None and ends is not None and self._cell("start") == "":
            self._wrong(END_ONLY)
        elif starts is not None and ends is not None and last == day and ends <= starts:
            self._wrong(ENDS_FIRST, start=f"{starts:%H:%M}", end=f"{ends:%H:%M}")
