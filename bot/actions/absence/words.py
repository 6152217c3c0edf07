"""Absences in words, the same on every screen."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.domain.absence import AbsenceKind, AbsenceReason
from bot.domain.calendar import DayOff, OffKind
from bot.i18n import Html, Texts
from bot.i18n.absence_words import KIND_SIGNS, REASON_NAMES


def days_text(tr: Texts, first: date, last: date, today: date) -> Html:
    """Return days in words: "today", "tomorrow (Wednesday 25 November)", "Tuesday 24 to Thursday 26 November"."""
    if first != last:
        # Translators: a stretch of days, both included; {first} and {last} are dates with weekday
        return tr.gettext("{first} to {last}", first=first, last=last)
    if first == today:
        # Translators: {day} is a date with weekday
        return tr.gettext("today ({day})", day=first)
    if first == today + timedelta(days=1):
        # Translators: {day} is a date with weekday
        return tr.gettext("tomorrow ({day})", day=first)
    return tr.value(first)


def reason_text(tr: Texts, reason: AbsenceReason) -> Html:
    """Return a reason in words, as it stands after a colon or in a list."""
    return tr.gettext(REASON_NAMES[reason])


def absence_text(
    tr: Texts, kind: AbsenceKind, reason: AbsenceReason, starts: time | None = None, ends: time | None = None
) -> Html:
    """Return one absence in words: "ill", "late, comes at 09:30 (appointment)"."""
    why = reason_text(tr, reason)
    match kind:
        case AbsenceKind.ABSENT:
            return why
        case AbsenceKind.LATE:
            return (
                # Translators: a pupil comes late; {reason} is "ill", "appointment" …
                tr.gettext("late, comes at {time} ({reason})", time=ends, reason=why)
                if ends
                else tr.gettext("late ({reason})", reason=why)
            )
        case AbsenceKind.PART:
            return _part(tr, why, starts, ends)


def _part(tr: Texts, why: Html, starts: time | None, ends: time | None) -> Html:
    if starts and ends:
        # Translators: a pupil is away for a part of the day; {reason} is "ill", "appointment" …
        return tr.gettext("away from {start} to {end} ({reason})", start=starts, end=ends, reason=why)
    if starts:
        # Translators: a pupil leaves school early; {reason} is "ill", "appointment" …
        return tr.gettext("leaves at {time} ({reason})", time=starts, reason=why)
    if ends:
        # Translators: a pupil is away in the morning and comes back; {reason} is "ill", "appointment" …
        return tr.gettext("back at {time} ({reason})", time=ends, reason=why)
    return tr.gettext("away for a part of the day ({reason})", reason=why)


def sign(kind: AbsenceKind) -> str:
    """Return the signpost of a kind of absence."""
    return KIND_SIGNS[kind]


def day_off_text(tr: Texts, off: DayOff) -> Html:
    """Say why there is no school on a day."""
    match off.kind:
        case OffKind.WEEKEND:
            return tr.gettext("{day} is in the weekend: no school.", day=off.day)
        case OffKind.HOLIDAY:
            return tr.gettext("{day} is a public holiday ({name}): no school.", day=off.day, name=tr.gettext(off.name))
        case OffKind.SCHOOL:
            return tr.gettext("The school is closed on {day} ({name}).", day=off.day, name=off.name)
