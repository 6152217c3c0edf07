"""Which days are school days: weekends, public holidays, and the days that the school itself is closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

LOOKAHEAD_DAYS = 120
"""How far the next school day is looked for; no school is closed for longer."""


class OffKind(StrEnum):
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SCHOOL = "school"
    """The school's own calendar: planning days, autumn holidays, the summer."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why there is no school on a day. `name` is an English msgid for a holiday, the school's own words else."""

    day: date
    kind: OffKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The school days of a stretch of time.

    Attributes:
        holidays: public holidays by day, with their English names.
        closed: days of the school's own calendar, with the school's words for them.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)

    def day_off(self, day: date) -> DayOff | None:
        """Return why there is no school on `day`; None when there is."""
        if day in self.closed:
            return DayOff(day, OffKind.SCHOOL, self.closed[day])
        if day in self.holidays:
            return DayOff(day, OffKind.HOLIDAY, self.holidays[day])
        if day.weekday() >= 5:
            return DayOff(day, OffKind.WEEKEND)
        return None

    def is_school_day(self, day: date) -> bool:
        """Tell whether there is school on `day`."""
        return self.day_off(day) is None

    def school_days(self, first: date, last: date) -> list[date]:
        """Return the school days from `first` to `last`, both included."""
        return [day for day in _each(first, last) if self.is_school_day(day)]

    def next_school_day(self, after: date) -> date | None:
        """Return the first school day after a day; None when there is none for months."""
        days = _each(after + timedelta(days=1), after + timedelta(days=LOOKAHEAD_DAYS))
        return next((day for day in days if self.is_school_day(day)), None)

    def previous_school_day(self, before: date) -> date | None:
        """Return the last school day before a day; None when there was none for months."""
        back = (before - timedelta(days=n) for n in range(1, LOOKAHEAD_DAYS))
        return next((day for day in back if self.is_school_day(day)), None)


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
