"""When people are reminded of what is to come (M9): on the wall clock, never in quiet hours, never when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.events import Moment
from bot.domain.school import QuietHours, School

DAY_REMINDER_AT = time(16, 0)
"""The wall-clock time of a reminder some days before something that takes the whole day."""
LAST_CALL = time(19, 0)
"""When somebody is reminded the evening before, because the hours before the event are quiet ones."""
LAST_HOUR = timedelta(hours=1)
"""How long before quiet hours begin that is, where they begin earlier or by day."""
EARLIEST = time(6, 0)
MOST_EARLIER = 4


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
        if due_at is None or not now < due_at < ends_to_help:
            continue
        occurrence = f"{kind.value[0]}{amount}:{moment.wall_start():%Y-%m-%dT%H:%M}"
        planned.append(due(kind, occurrence, due_at, school, expires_at=ends_to_help))
    return _apart(planned)


def _apart(planned: list[Due]) -> list[Due]:
    """Leave out the earlier of two that quiet hours have moved to the same moment."""
    last: dict[datetime, Due] = {one.due_at: one for one in planned}
    return list(last.values())


def _outside_quiet(wanted: datetime, start: datetime, school: School) -> datetime | None:
    """Return the end of the quiet hours that `wanted` falls into, or a time before them; None when there is none."""
    after = school.considerate(wanted)
    if after < start and not _is_quiet(after, school):
        return after
    before = _before_quiet(school.local(wanted).replace(tzinfo=None), school.quiet)
    for earlier in range(MOST_EARLIER):  # a change of the clocks can move a time into the quiet hours
        found = school.at(before - timedelta(hours=earlier))
        if found <= wanted and not _is_quiet(found, school):
            return found
    return None


def _is_quiet(moment: datetime, school: School) -> bool:
    return school.quiet.covers(school.local(moment).time())


def _before_quiet(wall: datetime, quiet: QuietHours) -> datetime:
    """Return the last good wall-clock time before the quiet hours that `wall` lies in: no later than `LAST_CALL`."""
    begins = datetime.combine(wall.date() - timedelta(days=wall.time() < quiet.start), quiet.start)
    awake_since = begins - timedelta(seconds=(begins - datetime.combine(begins.date(), quiet.end)).seconds)
    found = begins - LAST_HOUR
    if not EARLIEST <= found.time() <= LAST_CALL:
        evening = datetime.combine(found.date() - timedelta(days=found.time() < EARLIEST), LAST_CALL)
        found = evening if evening >= awake_since else found
    return max(found, awake_since)


def due(kind: ReminderKind, occurrence: str, due_at: datetime, school: School, *, expires_at: datetime) -> Due:
    """Return a reminder at an aware moment, with its wall clock."""
    local = school.local(due_at)
    return Due(kind, occurrence, local.date(), local.time().replace(microsecond=0), due_at, expires_at)
