"""When people are reminded of what is to come (M9): on the wall clock, never in quiet hours, never when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.events import Moment
from bot.domain.school import School

DAY_REMINDER_AT = time(16, 0)
"""The wall-clock time of a reminder some days before something that takes the whole day."""
LAST_CALL = time(19, 0)
"""When somebody is reminded the evening before, because the hours before the event are quiet ones."""


class Occasion(StrEnum):
    """What a reminder is about; `occasion_id` is its id."""

    EVENT = "event"
    ANSWER = "answer"
    """An event whose invitation has not been answered shortly before its deadline."""
    TALK = "talk"
    POINT = "point"
    """Something agreed in a talk."""
    POLL = "poll"


class ReminderKind(StrEnum):
    DAYS = "days"
    HOURS = "hours"
    PREPARE = "prepare"
    """The question before a talk: what would you like to talk about (M5)?"""
    SUMMARY = "summary"
    """The prompt to a teacher after a talk: what was agreed (M5)?"""
    POINT = "point"
    ANSWER = "answer"


class ReminderState(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    """Its message was put into the queue, in the same transaction."""
    DROPPED = "dropped"
    """`reason` says why: cancelled, too late, answered, no right."""


class DropReason(StrEnum):
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    NOT_NEEDED = "not_needed"
    """What it was to remind of is done, or the person has said that they do not come."""
    NO_RIGHT = "no_right"


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder's time: the wall clock of the school, the same in UTC, and until when it helps."""

    kind: ReminderKind
    occurrence: str
    day: date
    at: time
    due_at: datetime
    expires_at: datetime


def plan_before(moment: Moment, school: School, now: datetime, *, days: int, hours: int) -> list[Due]:
    """Return the reminders of something: `days` before at the same wall-clock time, and `hours` before.

    Each lies after `now` (aware), before the beginning, and outside the quiet hours: one that would fall into them
    waits until they end, or comes the evening before when that would be too late. What takes the whole day has no
    reminder hours before. 0 leaves one out. A wall-clock time that a daylight-saving change skips or repeats is read
    as `School.at` reads it.
    """
    found = []
    start = school.at(moment.wall_start())
    ends_to_help = start if moment.starts is not None else school.at(moment.wall_start().replace(hour=12))
    if days > 0:
        wall = datetime.combine(moment.day - timedelta(days=days), moment.starts or DAY_REMINDER_AT)
        found.append((ReminderKind.DAYS, days, school.at(wall)))
    if hours > 0 and moment.starts is not None:
        found.append((ReminderKind.HOURS, hours, start - timedelta(hours=hours)))
    planned = []
    for kind, amount, wanted in found:
        due_at = _outside_quiet(wanted, start, school)
        if not now < due_at < ends_to_help:
            continue
        occurrence = f"{kind.value[0]}{amount}:{moment.wall_start():%Y-%m-%dT%H:%M}"
        planned.append(due(kind, occurrence, due_at, school, expires_at=ends_to_help))
    return _apart(planned)


def _apart(planned: list[Due]) -> list[Due]:
    """Leave out the earlier of two that quiet hours have moved to the same moment."""
    last: dict[datetime, Due] = {one.due_at: one for one in planned}
    return list(last.values())


def _outside_quiet(wanted: datetime, start: datetime, school: School) -> datetime:
    after = school.considerate(wanted)
    if after < start:
        return after
    local = school.local(wanted)
    day = local.date() if local.time() >= school.quiet.start else local.date() - timedelta(days=1)
    evening = min(LAST_CALL, school.quiet.start) if school.quiet.start > time(1) else LAST_CALL
    if school.quiet.covers(evening):
        before = datetime.combine(day, school.quiet.start) - timedelta(hours=1)
        return school.at(before)
    return school.at(datetime.combine(day, evening))


def due(kind: ReminderKind, occurrence: str, due_at: datetime, school: School, *, expires_at: datetime) -> Due:
    """Return a reminder at an aware moment, with its wall clock."""
    local = school.local(due_at)
    return Due(kind, occurrence, local.date(), local.time().replace(microsecond=0), due_at, expires_at)
