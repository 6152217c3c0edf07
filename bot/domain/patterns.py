"""What repeats itself in a pupil's absence, for a teacher who may want to talk with the home (A7).

A pattern says what happened and how often. It is no judgement: no colours, no order, no list to homes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.absence import AbsenceKind, AbsenceReason

SCHOOL_DAYS = 60
"""School days that are looked at: about a term."""
LATE_DAYS = 20
"""School days in which repeated lateness counts: about a month."""
LATE_TIMES = 3
WEEKDAY_ABSENCES = 3
WEEKDAY_SHARE = 0.6
"""Share of the absences that falls on one weekday."""
UNEXPLAINED = 2

_PLANNED = frozenset({AbsenceReason.LEAVE, AbsenceReason.APPOINTMENT})
"""Lateness that was agreed or has a time of its own is no habit."""


class PatternKind(StrEnum):
    LATE = "late"
    """Late `times` times in the last `of` school days."""
    WEEKDAY = "weekday"
    """Away on `times` of the last `of` days of the week `weekday`."""
    SHARE = "share"
    """Away on `times` of the last `of` school days, which is more than the school's share."""
    UNEXPLAINED = "unexplained"
    """Away on `times` of the last `of` school days without anybody having said why; coming late is not away."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Something that repeats itself; `weekday` counts from Monday, 0, and is None where it has no meaning."""

    kind: PatternKind
    times: int
    of: int
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class AbsentDay:
    """One pupil's absence on one day, as far as patterns go."""

    day: date
    kind: AbsenceKind
    reason: AbsenceReason


def find_patterns(school_days: Sequence[date], absences: Iterable[AbsentDay], *, share: float) -> list[Pattern]:
    """Return what repeats itself in one pupil's absences.

    Args:
        school_days: the school days up to today, oldest first; the last `SCHOOL_DAYS` of them count.
        absences: the pupil's, in any order, at most one a day; those on other days are left out.
        share: of school days, 0 to 1, above which absence is a pattern by itself; granted leave is not counted.
    """
    days = list(school_days[-SCHOOL_DAYS:])
    counted = set(days)
    known = sorted((one for one in absences if one.day in counted), key=lambda one: one.day)
    away = [one.day for one in known if one.kind is AbsenceKind.ABSENT and one.reason is not AbsenceReason.LEAVE]
    found = (_late(days, known), _weekday(days, away), _share(days, away, share), _unexplained(days, known))
    return [pattern for pattern in found if pattern is not None]


def _late(days: Sequence[date], known: Sequence[AbsentDay]) -> Pattern | None:
    recent = set(days[-LATE_DAYS:])
    times = sum(one.kind is AbsenceKind.LATE and one.reason not in _PLANNED and one.day in recent for one in known)
    return Pattern(PatternKind.LATE, times, len(recent)) if times >= LATE_TIMES else None


def _weekday(days: Sequence[date], away: Sequence[date]) -> Pattern | None:
    if len(away) < WEEKDAY_ABSENCES:
        return None
    ((weekday, times),) = Counter(day.weekday() for day in away).most_common(1)
    if times < WEEKDAY_SHARE * len(away):
        return None
    first = next(day for day in away if day.weekday() == weekday)
    of = sum(day >= first and day.weekday() == weekday for day in days)
    return Pattern(PatternKind.WEEKDAY, times, of, weekday)


def _share(days: Sequence[date], away: Sequence[date], share: float) -> Pattern | None:
    return Pattern(PatternKind.SHARE, len(away), len(days)) if away and len(away) > share * len(days) else None


def _unexplained(days: Sequence[date], known: Sequence[AbsentDay]) -> Pattern | None:
    times = sum(one.reason is AbsenceReason.UNKNOWN and one.kind is not AbsenceKind.LATE for one in known)
    return Pattern(PatternKind.UNEXPLAINED, times, len(days)) if times >= UNEXPLAINED else None
