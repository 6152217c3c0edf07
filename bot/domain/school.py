"""What the school decided, as values the rules work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The part of the day in which nothing but urgent messages arrives; may span midnight (N12, B3).

    Equal ends mean that there are none.
    """

    start: time = time(20, 0)
    end: time = time(7, 0)

    def covers(self, moment: time) -> bool:
        """Tell whether the wall-clock time is quiet. The start is, the end is not."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True)
class SchoolHours:
    """When school begins and ends on a school day, wall-clock."""

    start: time = time(8, 30)
    end: time = time(14, 0)


@dataclass(frozen=True, slots=True)
class School:
    """One school. Durations are timedeltas, times are its own wall clock in `zone`."""

    name: str = "Skolen"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Oslo"))
    language: str = "nb"
    office_phone: str = ""
    quiet: QuietHours = field(default_factory=QuietHours)
    undo: timedelta = timedelta(seconds=20)
    reminder_pause: timedelta = timedelta(hours=4)
    """How long a sender waits between two reminders of one notice."""
    answer_days: int = 2
    """School days within which a home can expect an answer (B3)."""
    hours: SchoolHours = field(default_factory=SchoolHours)
    country: str = "NO"
    """Whose public holidays are no school days."""
    list_before: timedelta = timedelta(minutes=30)
    """How long before school begins the contact teachers get the list of the day; nothing: not by itself."""
    report_ahead_days: int = 30
    """How many days ahead a home can report an absence; further ahead it asks for leave."""
    report_days: int = 10
    """School days that one report may cover."""
    inquiry_wait: timedelta = timedelta(minutes=15)
    """How long a home has to say where a missing pupil is, before the next one is asked (A5)."""
    leave_teacher_days: int = 3
    """School days of leave that a contact teacher decides on; the leadership decides on more (A3)."""
    leave_days: int = 10
    """School days of leave that can be asked for at once (opplæringslova: up to two weeks)."""
    absence_share: float = 0.10
    """Share of school days above which a pupil's absence is shown to the teacher as a pattern (A7)."""
    remind_days: int = 2
    """Days before an event on which people are reminded; 0: not (M9)."""
    remind_hours: int = 2
    """Hours before an event at which people are reminded; 0: not (M9)."""
    calendar_address: str = ""
    """Public https address under which people can subscribe to their calendar; empty: they cannot (M6)."""
    monthly_reports: bool = True
    """Whether each home gets the month's absences and remarks (A6)."""
    translation_hold: timedelta = timedelta(seconds=5)
    """How long a message waits for its translation before it goes out as it was written (L6); nothing: not at all."""

    def local(self, moment: datetime) -> datetime:
        """Return the school's wall-clock time of an aware moment."""
        return moment.astimezone(self.zone)

    def at(self, wall: datetime) -> datetime:
        """Return the UTC moment of a naive wall-clock time.

        A time that the spring change skips is moved forward by the skipped hour; of a time that comes twice
        in autumn the first is meant.
        """
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def considerate(self, moment: datetime) -> datetime:
        """Return `moment`, or the end of the quiet hours that it falls into (UTC)."""
        local = self.local(moment)
        if not self.quiet.covers(local.timetz().replace(tzinfo=None)):
            return moment.astimezone(UTC)
        day = local.date() if local.time() < self.quiet.end else local.date() + timedelta(days=1)
        return max(self.at(datetime.combine(day, self.quiet.end)), moment.astimezone(UTC))
