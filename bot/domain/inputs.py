"""Reads dates, times and weeks as people type them into a question that asks for just that.

A small grammar of our own: general date parsers are wrong without saying so ("20.11" as a time of day).
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, datetime, time, timedelta

from bot.domain.errors import InvalidInput
from bot.domain.marking import N_

HORIZON_DAYS = 400
"""How far ahead a date may lie: a school year and a bit."""
SLIP_DAYS = 60
"""A day without a year that is over by no more than this is a slip; one further back means next year's."""


class NotADate(InvalidInput):
    code = "not_a_date"
    sentence = N_("I could not read that as a date. Write it in numbers, for example {example}.")


class PastDate(InvalidInput):
    code = "past_date"
    sentence = N_("{day} is over. Choose a day from today on.")


class PastMoment(InvalidInput):
    code = "past_moment"
    sentence = N_("{moment} has passed. Choose a time to come.")


class FutureDate(InvalidInput):
    code = "future_date"
    sentence = N_("{day} has not come yet. Choose the day on which it happened.")


class TooFarDate(InvalidInput):
    code = "too_far_date"
    sentence = N_("{day} is more than a year away. Check the date and write it again.")


class NotATime(InvalidInput):
    code = "not_a_time"
    sentence = N_("I could not read that as a time. Write it like 08:30.")


class NotAWeek(InvalidInput):
    code = "not_a_week"
    sentence = N_("I could not read that as a week. Write its number, for example {example}.")


_DAY = re.compile(r"(?P<d>\d{1,2})\s*[./-]\s*(?P<m>\d{1,2})\s*[./-]?\s*(?P<y>\d{4})?")
_ISO = re.compile(r"(?P<y>\d{4})\s*[./-]\s*(?P<m>\d{1,2})\s*[./-]\s*(?P<d>\d{1,2})")
_TIME = re.compile(r"(?:kl\.?\s*)?(?P<h>\d{1,2})(?:\s*[:.]\s*(?P<min>\d{2})|(?P<tight>\d{2}))?", re.IGNORECASE)
_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", _MARKS)


def western(text: str) -> str:
    """Return `text` with Arabic and Persian digits as 0-9, without the direction marks that their keyboards add."""
    return text.translate(_DIGITS)


def read_calendar_date(text: str, *, example: str = "31.05.2016") -> date:
    """Read a full date (day, month, year) such as a date of birth.

    Raises:
        NotADate: it is none, or its year is missing.
    """
    cleaned = western(text).strip().rstrip(".")
    match = (
        _ISO.fullmatch(cleaned)
        or _DAY.fullmatch(cleaned)
        or re.fullmatch(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})", cleaned)
        or re.fullmatch(r"(?P<d>\d{1,2})\s+(?P<m>\d{1,2})\s+(?P<y>\d{4})", cleaned)
    )
    if match is None or match["y"] is None:
        raise NotADate(example=example)
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError as error:
        raise NotADate(example=example) from error


def read_day(text: str, today: date) -> date:
    """Read a day from today on: "24.11", "24.11.2026", "2026-11-24"; without a year the next such day.

    Raises:
        NotADate: it is none. PastDate, TooFarDate: it lies outside the coming school year.
    """
    found = _read_day(text, f"{(today + timedelta(days=7)):%d.%m}", since=today - timedelta(days=SLIP_DAYS))
    check_day(found, today)
    return found


def read_past_day(text: str, today: date) -> date:
    """Read the day on which something happened, up to today; without a year the latest such day.

    Raises:
        NotADate: it is none, or more than about a year ago. FutureDate: it has not come.
    """
    example = f"{today:%d.%m}"
    found = _read_day(text, example, since=today - timedelta(days=365 - SLIP_DAYS))
    if found > today:
        raise FutureDate(day=found)
    if found < today - timedelta(days=HORIZON_DAYS):
        raise NotADate(example=example)
    return found


def _read_day(text: str, example: str, *, since: date) -> date:
    cleaned = western(text).strip().rstrip(".")
    match = _ISO.fullmatch(cleaned) or _DAY.fullmatch(cleaned)
    if match is None:
        raise NotADate(example=example)
    day, month = int(match["d"]), int(match["m"])
    try:
        return date(int(match["y"]), month, day) if match["y"] else _first_since(since, day, month)
    except ValueError as error:
        raise NotADate(example=example) from error


def _first_since(since: date, day: int, month: int) -> date:
    """Return the first such day from `since` on; 29 February waits for its year.

    Raises:
        ValueError: there is no such day in any year.
    """
    date(2000, month, day)  # a leap year knows every day that there is
    for year in range(since.year, since.year + 9):
        if day == 29 and month == 2 and not isleap(year):
            continue
        found = date(year, month, day)
        if found >= since:
            return found
    raise ValueError(day)


def check_day(day: date, today: date) -> None:
    """Hold a chosen day against the calendar.

    Raises:
        PastDate: it is over. TooFarDate: it is more than about a year away.
    """
    if day < today:
        raise PastDate(day=day)
    if day > today + timedelta(days=HORIZON_DAYS):
        raise TooFarDate(day=day)


def read_time(text: str) -> time:
    """Read a wall-clock time: "8", "08:30", "8.30", "0830", "kl. 8".

    Raises:
        NotATime: it is none.
    """
    match = _TIME.fullmatch(western(text).strip())
    if match is None:
        raise NotATime
    try:
        return time(int(match["h"]), int(match["min"] or match["tight"] or 0))
    except ValueError as error:
        raise NotATime from error


def read_week(text: str, today: date) -> str:
    """Read an ISO week number ("48", "uke 48", "2026-W48") and return it as 2026-W48, the coming one.

    Raises:
        NotAWeek: there is no such week.
    """
    cleaned = western(text).strip()
    match = re.fullmatch(r"(?:(?P<y>\d{4})-?W)?(?:\D{0,12}\s)?\s*(?P<w>\d{1,2})", cleaned, re.IGNORECASE)
    this_year, this_week, _ = today.isocalendar()
    if match is None:
        raise NotAWeek(example=str(this_week + 1 if this_week < 52 else 2))
    number = int(match["w"])
    year = int(match["y"]) if match["y"] else this_year + (1 if number < this_week - 8 else 0)
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError as error:
        raise NotAWeek(example=str(this_week)) from error
    if not -SLIP_DAYS - 7 <= (monday - today).days <= HORIZON_DAYS:
        raise NotAWeek(example=str(this_week))
    return f"{year}-W{number:02d}"


def read_moment(text: str, now: datetime) -> datetime:
    """Read a wall-clock moment: "25.11 07:30", "07:30" (the next one), with `now` as naive local time.

    "20.11" alone could be a day or a time of day, and is taken for neither.

    Raises:
        NotADate, NotATime, PastDate, PastMoment, TooFarDate: as the parts say.
    """
    day_text, _, time_text = western(text).replace(",", " ").strip().partition(" ")
    if not time_text or not day_text[:1].isdigit():
        if _DAY.fullmatch(day_text) and _is_day(day_text, now.date()):
            raise NotATime
        moment = datetime.combine(now.date(), read_time(f"{day_text} {time_text}"))
        return moment if moment > now else moment + timedelta(days=1)
    day = read_day(day_text, now.date())
    moment = datetime.combine(day, read_time(time_text))
    if moment <= now:
        raise PastMoment(moment=moment)
    return moment


def _is_day(text: str, today: date) -> bool:
    try:
        _read_day(text, "", since=today)
    except NotADate:
        return False
    return True
