"""Leave: planned absence that the school grants or refuses (A3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.absence import AbsenceDraft, BackwardsRange, SchoolDayOver
from bot.domain.calendar import DayOff, SchoolCalendar
from bot.domain.errors import DomainError, InvalidInput
from bot.domain.inputs import HORIZON_DAYS, TooFarDate
from bot.domain.marking import N_
from bot.domain.school import School


class LeaveState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """The home took it back, before or after the decision."""


STANDING = frozenset({LeaveState.ASKED, LeaveState.GRANTED})
"""What a new request must not overlap."""

WHY_LIMIT = 300
"""Characters of the home's reason and of the school's sentence: a line, not a letter."""

REMIND_AFTER = 2
"""School days without an answer after which those who decide are reminded, once."""


class ReadyRefusal(StrEnum):
    """Sentences that schools refuse with, coded so that they read exactly in every language."""

    TESTS = "tests"
    TOO_LONG = "too_long"
    MUCH_ABSENCE = "much_absence"
    TALK_FIRST = "talk_first"


class LeaveInThePast(InvalidInput):
    code = "leave_in_the_past"
    sentence = N_("{day} is over. Leave is asked for beforehand; write to the teacher about days that are over.")


class LeaveTooLong(InvalidInput):
    code = "leave_too_long"
    sentence = N_(
        "That is {days} school days; the school can grant at most {n} at once. Choose an earlier last day, "
        "or ask the school to call you."
    )


class NoSchoolInLeave(InvalidInput):
    """There is no school on any of the days; `day_off` says why for the first of them."""

    code = "no_school_in_leave"
    sentence = N_("There is no school then, so no leave is needed. Choose other days.")

    def __init__(self, day_off: DayOff) -> None:
        super().__init__()
        self.day_off = day_off


class LeaveOverlaps(InvalidInput):
    code = "leave_overlaps"
    sentence = N_(
        "Leave for {child} is asked for or granted already: {first} to {last}. "
        "Take that back first, or choose other days."
    )


class LeaveIsOver(DomainError):
    code = "leave_is_over"
    sentence = N_("These days are over, so nothing can be taken back. Write to the teacher about them.")


class AlreadyDecided(DomainError):
    code = "leave_already_decided"
    sentence = N_("This request has been answered already. Here is how it stands now.")


class LineTooLong(InvalidInput):
    code = "line_too_long"
    sentence = N_("That is {length} characters; {limit} fit. Write it a little shorter.")


class LineMissing(InvalidInput):
    code = "line_missing"
    sentence = N_("A few words are needed here. Write one line.")


def check_line(text: str) -> str:
    """Return one line of free text, without what surrounds it.

    Raises:
        LineMissing, LineTooLong: it is empty, or longer than `WHY_LIMIT`.
    """
    cleaned = " ".join(text.split())
    if not cleaned:
        raise LineMissing
    if len(cleaned) > WHY_LIMIT:
        raise LineTooLong(length=len(cleaned), limit=WHY_LIMIT)
    return cleaned


def check_leave(draft: AbsenceDraft, now: datetime, school: School, calendar: SchoolCalendar) -> list[date]:
    """Return the school days of a request for leave.

    Args:
        now: the school's aware local time.

    Raises:
        BackwardsRange, LeaveInThePast, TooFarDate, NoSchoolInLeave, LeaveTooLong, SchoolDayOver: they do not fit.
    """
    first, last = draft.first, draft.last
    if first is None or last is None or last < first:
        raise BackwardsRange
    if first < now.date():
        raise LeaveInThePast(day=first)
    if last > now.date() + timedelta(days=HORIZON_DAYS):
        raise TooFarDate(day=last)
    days = calendar.school_days(first, last)
    if not days:
        off = calendar.day_off(first)
        assert off is not None  # noqa: S101  (no day of the stretch is a school day)
        raise NoSchoolInLeave(off)
    if len(days) > school.leave_days:
        raise LeaveTooLong(days=len(days), n=school.leave_days)
    if days[0] == now.date() and now.time().replace(tzinfo=None) >= school.hours.end:
        raise SchoolDayOver
    return days


def needs_leadership(days: int, school: School) -> bool:
    """Tell whether the leadership decides on a leave of that many school days, and not a contact teacher."""
    return days > school.leave_teacher_days


def reminder_moment(asked: datetime, school: School, calendar: SchoolCalendar) -> datetime | None:
    """Return when those who decide are reminded (UTC): some school days later, within school hours.

    Args:
        asked: the aware moment of the request.
    """
    local = school.local(asked)
    day: date | None = local.date()
    for _ in range(REMIND_AFTER):
        day = calendar.next_school_day(day) if day is not None else None
    if day is None:
        return None
    wall: time = min(max(local.time().replace(tzinfo=None, microsecond=0), school.hours.start), school.hours.end)
    return school.at(datetime.combine(day, wall))


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the small calendar: its school days that can be chosen, and why the others cannot."""

    number: int
    days: tuple[date, ...]
    off: tuple[DayOff, ...]


MAX_WEEKS = HORIZON_DAYS // 7
"""How many weeks the small calendar can be turned."""


def calendar_week(number: int, today: date, since: date, calendar: SchoolCalendar) -> Week:
    """Return a week of the small calendar, counted from the week of `today` (0).

    Args:
        since: earlier days cannot be chosen.
    """
    number = min(max(number, 0), MAX_WEEKS)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=number)
    workdays = [monday + timedelta(days=n) for n in range(5)]
    reasons = (calendar.day_off(day) for day in workdays if day >= since)
    return Week(
        number,
        tuple(day for day in workdays if day >= since and calendar.is_school_day(day)),
        tuple(off for off in reasons if off is not None),
    )


def week_of(day: date, today: date) -> int:
    """Return the number of a day's week, counted from the week of `today` (0)."""
    return max(0, (day - (today - timedelta(days=today.weekday()))).days // 7)
