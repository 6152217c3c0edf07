"""School refusal: a daily check-in between one home and the adults around the pupil (A9)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import DomainError, InvalidInput
from bot.domain.marking import N_
from bot.domain.school import School

TOO_LATE = timedelta(minutes=60)
"""An asking that was missed by more is dropped for the day: it would help nobody."""
UNANSWERED_AFTER = timedelta(minutes=30)
"""Least time a home has to answer before the staff are told that nobody did."""
EARLIEST, LATEST = time(5, 0), time(12, 0)
"""Between these a home can be asked in the morning."""
YEAR_END = (6, 30)
"""Month and day on which an arrangement "until the summer" ends; the last school days come before it."""


class CheckinAnswer(StrEnum):
    """How the morning looks at home, in one tap."""

    AS_PLANNED = "as_planned"
    LATER = "later"
    NOT_TODAY = "not_today"
    CALL_ME = "call_me"


class NotAMorning(InvalidInput):
    code = "not_a_morning"
    sentence = N_("Choose a time between {earliest} and {latest}.")


class NotForThisPupil(DomainError):
    """Somebody else has an arrangement for the pupil: who is not part of it does not learn so (A9)."""

    code = "not_for_this_pupil"
    sentence = N_("This cannot be arranged from here for {child}. Talk with the contact teacher or the leadership.")


class SomebodyNeeded(InvalidInput):
    code = "somebody_needed"
    sentence = N_("Choose at least one.")


class NoMorningThen(InvalidInput):
    code = "no_morning_then"
    sentence = N_("There is no school morning in that time. Choose other weekdays or a later last day.")


class CheckinOver(DomainError):
    code = "checkin_over"
    sentence = N_("That question was for another time. For today, report absence or write to the teacher.")


def check_time(moment: time) -> time:
    """Return a time at which a home may be asked.

    Raises:
        NotAMorning: it is too early or too late.
    """
    if not EARLIEST <= moment <= LATEST:
        raise NotAMorning(earliest=EARLIEST, latest=LATEST)
    return moment


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a home is asked: `weekdays` are 0 (Monday) to 4, both days included, `ask_at` is the wall clock."""

    weekdays: frozenset[int]
    ask_at: time
    first: date
    last: date

    def moments(self, since: date, school: School, calendar: SchoolCalendar) -> Iterator[datetime]:
        """Yield the askings from a day on (UTC): each on a school day, at the same wall-clock time all year."""
        day = max(self.first, since)
        while day <= self.last:
            if day.weekday() in self.weekdays and calendar.is_school_day(day):
                yield school.at(datetime.combine(day, self.ask_at))
            day += timedelta(days=1)

    def next_after(self, moment: datetime, school: School, calendar: SchoolCalendar) -> datetime | None:
        """Return the first asking after an aware moment (UTC); None when there is none any more."""
        since = school.local(moment).date()
        return next((one for one in self.moments(since, school, calendar) if one > moment), None)

    def closes_at(self, school: School) -> datetime:
        """Return when the arrangement is over (UTC): at the end of school on its last day."""
        return school.at(datetime.combine(self.last, school.hours.end))

    def next_step(self, moment: datetime, school: School, calendar: SchoolCalendar) -> datetime:
        """Return when something happens next: the next asking, else the end (UTC)."""
        return self.next_after(moment, school, calendar) or self.closes_at(school)

    def unanswered_at(self, day: date, school: School) -> datetime:
        """Return when the staff are told that nobody has answered: as school begins, unless it was asked later."""
        asked = school.at(datetime.combine(day, self.ask_at))
        return max(school.at(datetime.combine(day, school.hours.start)), asked + UNANSWERED_AFTER)


def year_end(today: date) -> date:
    """Return the last day of the school year that `today` is in."""
    month, day = YEAR_END
    this = date(today.year, month, day)
    return this if today <= this else this.replace(year=today.year + 1)


@dataclass(frozen=True, slots=True)
class CheckinDraft:
    """An arrangement that nobody has confirmed; it lives in the dialogue's row, so that a restart goes on.

    Attributes:
        plan_id, version: the arrangement that is being changed; 0 for a new one.
        reviewed: everything was answered once; a change leads back to the overview.
    """

    pupil_id: int = 0
    weekdays: frozenset[int] = field(default_factory=lambda: frozenset(range(5)))
    ask_at: time | None = None
    last: date | None = None
    staff_ids: tuple[int, ...] = ()
    guardian_ids: tuple[int, ...] = ()
    plan_id: int = 0
    version: int = 0
    reviewed: bool = False

    def toggled_weekday(self, weekday: int) -> CheckinDraft:
        """Return the draft with a weekday more, or less."""
        return replace(self, weekdays=self.weekdays ^ ({weekday} & frozenset(range(5))))

    def toggled_staff(self, person_id: int) -> CheckinDraft:
        """Return the draft with a member of staff more, or less."""
        return replace(self, staff_ids=_toggled(self.staff_ids, person_id))

    def toggled_guardian(self, person_id: int) -> CheckinDraft:
        """Return the draft with a guardian more, or less."""
        return replace(self, guardian_ids=_toggled(self.guardian_ids, person_id))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "pupil": self.pupil_id,
            "weekdays": sorted(self.weekdays),
            "ask_at": f"{self.ask_at:%H%M}" if self.ask_at else "",
            "last": self.last.isoformat() if self.last else "",
            "staff": list(self.staff_ids),
            "guardians": list(self.guardian_ids),
            "plan": self.plan_id,
            "version": self.version,
            "reviewed": self.reviewed,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CheckinDraft:
        """Read what `to_json` wrote."""
        clock = str(data["ask_at"])
        return cls(
            int(data["pupil"]),
            frozenset(data["weekdays"]),
            time(int(clock[:2]), int(clock[2:])) if clock else None,
            date.fromisoformat(data["last"]) if data["last"] else None,
            tuple(data["staff"]),
            tuple(data["guardians"]),
            int(data["plan"]),
            int(data["version"]),
            bool(data["reviewed"]),
        )


def _toggled(ids: Collection[int], one: int) -> tuple[int, ...]:
    return tuple(i for i in ids if i != one) if one in ids else (*ids, one)
