"""Absence: what is reported, when it can be, and the draft that travels in a button until somebody confirms it.

Reasons are coded, a diagnosis is never stored (A1; Datatilsynet counts "ill" with details as health data).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.domain.calendar import DayOff, SchoolCalendar
from bot.domain.errors import DomainError, InvalidInput
from bot.domain.marking import N_
from bot.domain.school import School
from bot.domain.taps import BadTap, PackedValue

T = TypeVar("T")

MAX_CHILDREN = 6
"""Children of one report; more would not fit into a button (64 bytes, Telegram)."""


class AbsenceKind(StrEnum):
    ABSENT = "absent"
    LATE = "late"
    """Comes later; `ends` is when, if it is known."""
    PART = "part"
    """Away for a part of the day: from `starts` to `ends`, either may be open."""


class AbsenceReason(StrEnum):
    ILL = "ill"
    APPOINTMENT = "appointment"
    """Doctor, dentist, another appointment about health or with an authority."""
    LEAVE = "leave"
    """Granted by the school beforehand (permisjon, A3)."""
    OTHER = "other"
    UNKNOWN = "unknown"
    """The school noticed, and nobody has said why."""


TOLD_BY_HOMES = (AbsenceReason.ILL, AbsenceReason.APPOINTMENT, AbsenceReason.OTHER)


class AbsenceState(StrEnum):
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    """The pupil came after all, or it was a mistake. The row stays, so that a later report finds it."""


class AbsenceSource(StrEnum):
    HOME = "home"
    SCHOOL = "school"
    """A teacher noticed it at the morning gathering or later (A5)."""
    LEAVE = "leave"


class ReportTooLong(InvalidInput):
    code = "report_too_long"
    sentence = N_("A report covers at most {n} school days. For a longer time ask for leave, or write to the teacher.")


class TooEarlyToReport(InvalidInput):
    code = "too_early_to_report"
    sentence = N_("{day} is still far away. From {first} on you can report it; before that, ask for leave.")


class SchoolDayOver(InvalidInput):
    code = "school_day_over"
    sentence = N_("School is over for today. Choose another day, or write to the teacher about today.")


class DayIsOver(InvalidInput):
    code = "day_is_over"
    sentence = N_("{day} is over and cannot be changed here. Write to the teacher about it.")


class NoSchoolThen(InvalidInput):
    """There is no school on any of the days; `day_off` says why for the first of them."""

    code = "no_school_then"
    sentence = N_("There is no school then, so there is nothing to report.")

    def __init__(self, day_off: DayOff, next_day: date | None) -> None:
        super().__init__()
        self.day_off = day_off
        self.next_day = next_day


class NothingReported(DomainError):
    code = "nothing_reported"
    sentence = N_("Nothing is reported there any more. The school has seen nothing of it that is still to come.")


class BackwardsRange(InvalidInput):
    code = "backwards_range"
    sentence = N_("The last day is before the first one. Choose the days again.")


@dataclass(frozen=True, slots=True)
class AbsenceDraft(PackedValue):
    """A report that nobody has confirmed. It lives in the buttons of its screen and nowhere else (A2).

    Attributes:
        children: pupil ids; empty until they are chosen.
        first, last: the days, both included; None until they are chosen.
        kind, reason: None until they are chosen.
        starts, ends: wall-clock times, see `AbsenceKind`.
    """

    children: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    kind: AbsenceKind | None = None
    reason: AbsenceReason | None = None
    starts: time | None = None
    ends: time | None = None

    def with_days(self, first: date, last: date | None = None) -> AbsenceDraft:
        """Return the draft for these days."""
        return replace(self, first=first, last=last or first)

    @property
    def is_whole(self) -> bool:
        """Tell whether it can be reported as it stands."""
        return bool(self.children) and None not in (self.first, self.last, self.kind, self.reason)

    def encode(self) -> str:
        """Return the draft as text without "|", for a button: `1z.2b,jxw4,2,a,i,,0900`.

        Raises:
            ValueError: it names more than `MAX_CHILDREN`.
        """
        if len(self.children) > MAX_CHILDREN:
            raise ValueError(f"{len(self.children)} children")
        length = (self.last - self.first).days if self.first and self.last else 0
        parts = (
            ".".join(map(_base36, self.children)),
            _base36(self.first.toordinal()) if self.first else "",
            str(length) if self.first else "",
            _KIND_CODES[self.kind] if self.kind else "",
            _REASON_CODES[self.reason] if self.reason else "",
            _time_code(self.starts),
            _time_code(self.ends),
        )
        return ",".join(parts)

    @classmethod
    def decode(cls, text: str) -> AbsenceDraft:
        """Read what `encode` wrote.

        Raises:
            BadTap: it is something else; whoever taps may have made it up.
        """
        parts = text.split(",")
        if len(parts) != 7:
            raise BadTap("draft")
        children, first, length, kind, reason, starts, ends = parts
        ids = tuple(_number(part) for part in children.split(".")) if children else ()
        if len(ids) > MAX_CHILDREN or len(set(ids)) != len(ids):
            raise BadTap("children")
        begins = _day(first)
        if (begins is None) != (length == ""):
            raise BadTap("days")
        return cls(
            ids,
            begins,
            begins + timedelta(days=_length(length)) if begins is not None else None,
            _coded(kind, _KINDS),
            _coded(reason, _REASONS),
            _clock(starts),
            _clock(ends),
        )


_KIND_CODES = {AbsenceKind.ABSENT: "a", AbsenceKind.LATE: "l", AbsenceKind.PART: "p"}
_KINDS = {code: kind for kind, code in _KIND_CODES.items()}
_REASON_CODES = {
    AbsenceReason.ILL: "i",
    AbsenceReason.APPOINTMENT: "a",
    AbsenceReason.LEAVE: "l",
    AbsenceReason.OTHER: "o",
    AbsenceReason.UNKNOWN: "u",
}
_REASONS = {code: reason for reason, code in _REASON_CODES.items()}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAX_ORDINAL = date(2999, 12, 31).toordinal()


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


def _number(text: str, limit: int = 2**31) -> int:
    if not re.fullmatch(r"[0-9a-z]{1,7}", text) or (value := int(text, 36)) >= limit:
        raise BadTap("number")
    return value


def _day(text: str) -> date | None:
    if not text:
        return None
    ordinal = _number(text)
    if not 1 <= ordinal <= _MAX_ORDINAL:
        raise BadTap("day")
    return date.fromordinal(ordinal)


def _length(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise BadTap("days")
    return int(text)


def _time_code(moment: time | None) -> str:
    return f"{moment:%H%M}" if moment else ""


def _clock(text: str) -> time | None:
    if not text:
        return None
    if not re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]", text):
        raise BadTap("time")
    return time(int(text[:2]), int(text[2:]))


def _coded(text: str, known: dict[str, T]) -> T | None:
    if not text:
        return None
    if text not in known:
        raise BadTap("code")
    return known[text]


def check_reportable(draft: AbsenceDraft, now: datetime, school: School, calendar: SchoolCalendar) -> list[date]:
    """Return the school days of a report.

    Args:
        now: the school's aware local time.

    Raises:
        BackwardsRange, DayIsOver, SchoolDayOver, TooEarlyToReport, ReportTooLong, NoSchoolThen: the days do not fit.
    """
    if draft.first is None or draft.last is None:
        raise BackwardsRange
    if draft.last < draft.first:
        raise BackwardsRange
    if draft.first < now.date():
        raise DayIsOver(day=draft.first)
    horizon = now.date() + timedelta(days=school.report_ahead_days)
    if draft.first > horizon:
        raise TooEarlyToReport(day=draft.first, first=draft.first - timedelta(days=school.report_ahead_days))
    days = calendar.school_days(draft.first, draft.last)
    if not days:
        off = calendar.day_off(draft.first)
        assert off is not None  # noqa: S101  (no day of the stretch is a school day)
        raise NoSchoolThen(off, calendar.next_school_day(draft.last))
    if len(days) > school.report_days:
        raise ReportTooLong(n=school.report_days)
    if days[0] == now.date() and now.time().replace(tzinfo=None) >= school.hours.end:
        raise SchoolDayOver
    return days
