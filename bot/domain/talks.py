"""What happens around a talk, and when: preparing it, writing it up, keeping what was agreed (M5, M9)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.domain.calendar import SchoolCalendar
from bot.domain.conferences import PREPARE_DAYS
from bot.domain.events import Moment
from bot.domain.reminders import DAY_REMINDER_AT, Due, ReminderKind, due, plan_before
from bot.domain.school import School

SUMMARY_AT = time(8, 0)
"""The wall-clock time of the school morning at which a teacher is asked for what was agreed."""
SUMMARY_HELPS_DAYS = 14
POINT_DAYS = (3, 1)
"""Days before the day of an agreed point on which it is brought up; the second when it is too late for the first."""
POINT_HELPS_DAYS = 7
"""Days for which "the day has passed" may still be said, after the bot was away, say."""


def plan_home(moment: Moment, school: School, now: datetime, *, days: int, hours: int) -> list[Due]:
    """Return a home's reminders of a talk: prepare for it, days before, hours before.

    Where the reminder some days before would come on the day of the question how to prepare, which says the same and
    more, it is left out.
    """
    start = school.at(moment.wall_start())
    wall = datetime.combine(moment.day - timedelta(days=PREPARE_DAYS), DAY_REMINDER_AT)
    asks = school.considerate(school.at(wall))
    planned = plan_before(moment, school, now, days=days, hours=hours)
    if not now < asks < start:
        return planned
    prepare = due(ReminderKind.PREPARE, f"p:{moment.wall_start():%Y-%m-%dT%H:%M}", asks, school, expires_at=start)
    return [prepare, *(one for one in planned if one.kind is not ReminderKind.DAYS or one.day != prepare.day)]


def plan_summary(moment: Moment, ends_at: datetime, school: School, calendar: SchoolCalendar) -> Due | None:
    """Return when the teacher is asked to write up a talk: on the next school morning; None when there is none."""
    day = calendar.next_school_day(moment.day)
    if day is None:
        return None
    at = school.considerate(school.at(datetime.combine(day, SUMMARY_AT)))
    occurrence = f"s:{moment.wall_start():%Y-%m-%dT%H:%M}"
    return due(
        ReminderKind.SUMMARY, occurrence, max(at, ends_at), school, expires_at=at + timedelta(days=SUMMARY_HELPS_DAYS)
    )


def plan_point(by_day: date, school: School, now: datetime) -> list[Due]:
    """Return the reminders of an agreed point with a day: once a few days before, once when the day has passed.

    None lies before `now` or in quiet hours. The one before helps until its day is over.
    """
    over = school.at(datetime.combine(by_day + timedelta(days=1), time()))
    planned = []
    for days in POINT_DAYS:
        before = _considerate(by_day - timedelta(days=days), school)
        if now < before < over:
            planned.append(due(ReminderKind.POINT, f"before:{by_day}", before, school, expires_at=over))
            break
    after = _considerate(by_day + timedelta(days=1), school)
    if now < after:
        helps = after + timedelta(days=POINT_HELPS_DAYS)
        planned.append(due(ReminderKind.POINT, f"after:{by_day}", after, school, expires_at=helps))
    return planned


def _considerate(day: date, school: School) -> datetime:
    return school.considerate(school.at(datetime.combine(day, DAY_REMINDER_AT)))
