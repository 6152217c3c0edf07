"""Reads the dates of the year wheel from an .ics file: single, whole days, repeated; nothing of it is trusted (M6).

Whom an entry is for is said by its property X-SKOLEBUD-FOR, by a category that names a year or classes ("5A", "year
5", "whole school"), or by whoever imports it, in this order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from bot.domain.events import PLACE_LIMIT, TITLE_LIMIT
from bot.domain.marking import N_
from bot.domain.roster_cells import CellError
from bot.domain.roster_problems import RosterInvalid, RosterProblem, problem
from bot.domain.roster_table import clean, has_national_id
from bot.domain.year_file import LONGEST_DAYS, Audience, Classes, YearDate, read_for

Component = Any
"""An icalendar Event; each of its values may be any of thirty types."""
MOST = 2000
"""Entries of one file with all repetitions: more is a rule that never ends."""
UID_KEPT = 150

# Translators: sentences about a calendar file; {entry} is an entry's own title
NOT_ICS = N_("The file is no calendar. Export it again as iCalendar (.ics).")
NO_ENTRIES = N_("There is no entry in the file.")
TOO_MANY = N_("The file holds more than {most} dates. Take out what repeats itself without an end.")
NO_UID = N_("{entry}: the UID is missing, so it could not be found again. Export the file from a calendar.")
SAME_UID = N_("{entry}: its UID stands at {other} too. Export the file from a calendar again.")
NO_TITLE = N_("{entry}: the title is missing. Give it one.")
LONG_TITLE = N_("{entry}: the title is too long. Use at most {limit} characters.")
LONG_PLACE = N_("{entry}: the place is too long. Use at most {limit} characters.")
BAD_START = N_("{entry}: its date cannot be read. Set it again in your calendar.")
BAD_ZONE = N_("{entry}: the time zone {value} is not known. Set it again in your calendar, for example to {zone}.")
BAD_RULE = N_("{entry}: how it repeats itself cannot be read. Set it again in your calendar.")
BACKWARDS_ENTRY = N_("{entry}: it ends before it begins. Change one of them.")
LONG_ENTRY = N_("{entry}: it is longer than {days} days. Check the dates.")
HAS_ID = N_("{entry}: it holds what looks like a national identity number. Delete that from the calendar.")
NO_FOR = N_(
    "{entry}: nothing says whom it is for. Give it a category such as 5A, year 5 or whole school, or import the file "
    "with {option}."
)
WRONG_FOR = N_("{entry}: {value} is no year and no class of the school. The classes are: {allowed}.")


@dataclass(frozen=True, slots=True)
class IcsDates:
    """The dates of a file, and how many of its entries lie outside the time that was looked at."""

    dates: tuple[YearDate, ...]
    outside: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What reading needs: the window, the school's zone and classes, and whom entries are for that do not say it."""

    first: date
    last: date
    zone: ZoneInfo
    classes: Classes
    audience: Audience | None


def read_ics(
    data: bytes, classes: Classes, zone: ZoneInfo, *, first: date, last: date, audience: Audience | None = None
) -> IcsDates:
    """Return the dates of an .ics file from `first` to `last`, repetitions each by itself.

    Raises:
        RosterInvalid: something is wrong; its problems name the entries and say what to do.
    """
    reading = _Read(first, last, zone, classes, audience)
    entries = _entries(data)
    problems: list[RosterProblem] = []
    checked = [entry for number, entry in enumerate(entries, 1) if _check_form(entry, number, reading, problems)]
    _check_uids(checked, problems)
    dates: list[YearDate] = []
    outside = 0
    for uid in dict.fromkeys(str(entry["uid"]) for entry in checked):
        found = _expand([entry for entry in checked if str(entry["uid"]) == uid], reading, problems)
        outside += not found
        dates += [one for occurrence in found if (one := _date(occurrence, reading, problems)) is not None]
        if len(dates) > MOST:
            raise RosterInvalid([_about("", TOO_MANY, most=MOST)])
    if problems:
        raise RosterInvalid(dict.fromkeys(problems))
    return IcsDates(tuple(dates), outside)


def _entries(data: bytes) -> list[Component]:
    try:
        parsed: Any = Calendar.from_ical(data)
        entries = [one for one in parsed.walk("VEVENT") if str(one.get("status", "")).upper() != "CANCELLED"]
    except (ValueError, KeyError, IndexError, AttributeError, UnicodeError):
        raise RosterInvalid([_about("", NOT_ICS)]) from None
    if not entries:
        raise RosterInvalid([_about("", NO_ENTRIES)])
    return entries


def _about(entry: str, sentence: str, **fields: object) -> RosterProblem:
    return problem(0, sentence, entry=entry, **fields)


def _name(entry: Component, number: int = 0) -> str:
    """Return what a person knows an entry by, which may be its place in the file only."""
    title = clean(str(entry.get("summary", "")))
    if has_national_id(title):
        title = ""
    return title or str(entry.get("uid", "")) or f"VEVENT {number}"


def _check_form(entry: Component, number: int, reading: _Read, problems: list[RosterProblem]) -> bool:
    """Tell whether an entry can be worked with; say what is wrong otherwise."""
    name, broken = _name(entry, number), {str(field).upper() for field, _ in entry.errors}
    before = len(problems)
    if not str(entry.get("uid", "")):
        problems.append(_about(name, NO_UID))
    if "DTSTART" in broken or "DTEND" in broken or "DURATION" in broken or "dtstart" not in entry:
        problems.append(_about(name, BAD_START))
        return False
    if broken & {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}:
        problems.append(_about(name, BAD_RULE))
    if _is_backwards(entry):
        problems.append(_about(name, BACKWARDS_ENTRY))
    for field in ("dtstart", "dtend"):
        stamp = entry.get(field)
        zone = stamp.params.get("TZID") if stamp is not None else None
        if isinstance(getattr(stamp, "dt", None), datetime) and zone and stamp.dt.tzinfo is None:
            problems.append(_about(name, BAD_ZONE, value=str(zone), zone=str(reading.zone)))
    return len(problems) == before


def _is_backwards(entry: Component) -> bool:
    begins, ends = entry["dtstart"].dt, entry["dtend"].dt if "dtend" in entry else None
    if isinstance(ends, datetime) and isinstance(begins, datetime):
        return ends.replace(tzinfo=ends.tzinfo or UTC) < begins.replace(tzinfo=begins.tzinfo or UTC)
    return type(ends) is date and type(begins) is date and ends < begins


def _check_uids(entries: Iterable[Component], problems: list[RosterProblem]) -> None:
    """Name entries that share a UID without being changes of one another."""
    seen: dict[str, Component] = {}
    for entry in entries:
        if "recurrence-id" in entry:
            continue
        uid = str(entry["uid"])
        if uid in seen:
            problems.append(_about(_name(entry), SAME_UID, other=_name(seen[uid])))
        seen.setdefault(uid, entry)


def _expand(series: list[Component], reading: _Read, problems: list[RosterProblem]) -> list[Component]:
    calendar = Calendar()
    for entry in series:
        calendar.add_component(entry)
    try:
        found = recurring_ical_events.of(calendar).between(reading.first, reading.last + timedelta(days=1))
    except (recurring_ical_events.InvalidCalendar, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        problems.append(_about(_name(series[0]), BAD_RULE))
        return []
    repeats = any("rrule" in entry or "rdate" in entry for entry in series)
    for occurrence in found:
        if not repeats:
            occurrence.pop("recurrence-id", None)
    return [one for one in found if isinstance(one, Event)]


def _date(entry: Component, reading: _Read, problems: list[RosterProblem]) -> YearDate | None:
    name, before = _name(entry), len(problems)
    day, last, starts, ends = _when(entry, reading.zone)
    if last - day >= timedelta(days=LONGEST_DAYS):
        problems.append(_about(name, LONG_ENTRY, days=LONGEST_DAYS))
    title, place = clean(str(entry.get("summary", ""))), clean(str(entry.get("location", "")))
    if not title:
        problems.append(_about(name, NO_TITLE))
    for text, limit, sentence in ((title, TITLE_LIMIT, LONG_TITLE), (place, PLACE_LIMIT, LONG_PLACE)):
        if has_national_id(text):
            problems.append(_about(name, HAS_ID))
        elif len(text) > limit:
            problems.append(_about(name, sentence, limit=limit))
    audience = _audience(entry, name, reading, problems)
    if audience is None or len(problems) > before:
        return None
    return YearDate(_key(entry), day, last, starts, ends, title, audience, place)


def _key(entry: Component) -> str:
    uid = str(entry["uid"])
    if len(uid) > UID_KEPT:
        uid = hashlib.sha256(uid.encode()).hexdigest()
    if "recurrence-id" not in entry:
        return uid
    first = entry["recurrence-id"].dt
    return f"{uid}/{first:%Y%m%dT%H%M}" if isinstance(first, datetime) else f"{uid}/{first:%Y%m%d}"


def _when(entry: Component, zone: ZoneInfo) -> tuple[date, date, time | None, time | None]:
    """Return first day, last day, start and end on the school's wall clock."""
    begins = entry["dtstart"].dt
    ends = entry["dtend"].dt if "dtend" in entry else None
    if ends is None and "duration" in entry:
        ends = begins + entry["duration"].dt
    if not isinstance(begins, datetime):
        last = begins if ends is None or isinstance(ends, datetime) else ends - timedelta(days=1)
        return begins, max(last, begins) if ends == begins else last, None, None
    start = _wall(begins, zone)
    if not isinstance(ends, datetime):
        return start.date(), start.date(), start.time(), None
    end = _wall(ends, zone)
    if end == start:
        return start.date(), start.date(), start.time(), None
    if end.time() == time() and end.date() > start.date():  # until midnight is until the end of the day before
        end -= timedelta(minutes=1)
    return start.date(), end.date(), start.time(), end.time()


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone) if moment.tzinfo is not None else moment
    return local.replace(tzinfo=None, second=0, microsecond=0, fold=0)


def _audience(entry: Component, name: str, reading: _Read, problems: list[RosterProblem]) -> Audience | None:
    own = clean(str(entry.get("x-skolebud-for", "")))
    if own:
        return _named(own, name, reading, problems)
    categories = [clean(str(one)) for one in _categories(entry)]
    meant = [one for one in categories if _is_meant(one, reading.classes)]
    if len(meant) == 1:
        return _named(meant[0], name, reading, problems)
    if meant:  # several: classes, each a category of its own
        return _named(", ".join(meant), name, reading, problems)
    if reading.audience is None:
        problems.append(_about(name, NO_FOR, option='--for "whole school"'))
    return reading.audience


def _categories(entry: Component) -> list[Any]:
    found: Any = entry.get("categories", [])
    groups = found if isinstance(found, list) else [found]
    return [one for group in groups for one in getattr(group, "cats", [group])]


def _is_meant(category: str, classes: Classes) -> bool:
    """Tell whether a category names an audience: one that the school has, or a class that it has not."""
    try:
        read_for(category, classes)
    except CellError as error:
        return "allowed" in error.fields
    return True


def _named(text: str, name: str, reading: _Read, problems: list[RosterProblem]) -> Audience | None:
    try:
        return read_for(text, reading.classes)
    except CellError:
        problems.append(_about(name, WRONG_FOR, value=text, allowed=reading.classes.names))
        return None
