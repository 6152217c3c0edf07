"""Reads what must not change out of a text in any language: links, codes, classes, dates, times, numbers, names, days.

What a pair of numbers means depends on who writes it: "8.11" may be a date or a time, "kl. 8" is a number and a time.
So a fact has several readings, and two facts are the same when they share one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.translation.days import months, weekdays
from bot.translation.lookup import Words, fold
from bot.translation.names import finder
from bot.translation.patterns import ABSOLUTE, month_date, value_pattern
from bot.translation.words import guard_words

Reading = tuple[str, str]
"""What something may be, and its value: ("time", "8:30")."""


class FactKind(StrEnum):
    """What a fact is in the first place."""

    LINK = "link"
    CLASS = "class"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that must not change, as it stands in the text, with all that it can mean."""

    kind: FactKind
    shown: str
    readings: frozenset[Reading]
    year: int | None = None
    small: frozenset[int] = frozenset()
    """The numbers up to twelve that a word may say in its place."""

    def same(self, other: Fact) -> bool:
        """Return whether both can mean the same."""
        same_year = self.year is None or other.year is None or self.year == other.year
        return same_year and not self.readings.isdisjoint(other.readings)


_ARABIC_CLASS = str.maketrans("أبجدا", "ABCDA")
_CLASS_APART = re.compile(r"(?<!\w)(\d{1,2}) ([A-E])(?!\w)")
_BEFORE = re.compile(r"([^\W\d_]+)\W{0,2}\Z")


def facts(plain_text: str, language: str) -> list[Fact]:
    """Return the facts of a text that `lookup.plain` has made."""
    rest = ABSOLUTE.sub(lambda match: " " * len(match.group()), plain_text)
    apart = {match.start(): match[1] + match[2] for match in _CLASS_APART.finditer(rest)}
    counted = (_fact(match, language, apart.get(match.start())) for match in value_pattern().finditer(rest))
    return [*_absolute(plain_text), *counted]


def _absolute(text: str) -> Iterator[Fact]:
    for match in ABSOLUTE.finditer(text):
        shown = match.group()
        if match.lastgroup == "link":
            yield Fact(FactKind.LINK, shown, frozenset({("link", shown.lower().rstrip("/"))}))
        else:
            yield Fact(FactKind.NUMBER, shown, frozenset({("code", re.sub(r"[^\d+A-Z]", "", shown))}))


def _fact(match: re.Match[str], language: str, apart: str | None) -> Fact:
    kind, shown = match.lastgroup, match.group()
    day = month_date(match)
    if day is not None:
        return Fact(FactKind.DATE, shown, frozenset({("date", f"{day[0]}.{day[1]}")}), day[2])
    if kind == "date":
        return _numeric_date(shown)
    if kind == "class":
        return Fact(FactKind.CLASS, shown, frozenset({("class", shown.upper().translate(_ARABIC_CLASS))}))
    if kind == "code":
        return Fact(FactKind.NUMBER, shown, frozenset({("code", shown.upper().replace("-", ""))}))
    if kind == "time":
        return _pair(match, language)
    return _number(match, language, apart)


def _numeric_date(shown: str) -> Fact:
    first, month, last = (int(number) for number in re.findall(r"\d+", shown))
    day, year = (last, first) if first > 31 else (first, last)
    return Fact(FactKind.DATE, shown, frozenset({("date", f"{day}.{month}")}), year + 2000 if year < 100 else year)


def _pair(match: re.Match[str], language: str) -> Fact:
    """Return the fact of "8.30", "8:30", "24.11", "24/11"."""
    shown = match.group()
    one, two = (int(number) for number in re.findall(r"\d+", shown))
    readings: set[Reading] = {("pair", f"{one}/{two}")} if "/" in shown else set()
    clock = "/" not in shown and one <= 24 and two <= 59 and len(shown.split(":")[-1].split(".")[-1]) == 2
    if clock:
        readings |= {("time", f"{hour}:{two}") for hour in _hours(one, match, language)}
    if ":" not in shown and 1 <= one <= 31 and 1 <= two <= 12:
        readings.add(("date", f"{one}.{two}"))
    if "/" not in shown:
        readings.add(("number", str(float(shown.replace(":", ".")))))
    told = clock and (two > 12 or ":" in shown or _told_as_time(match, language))
    kind = (
        FactKind.TIME
        if told
        else FactKind.DATE
        if any(reading[0] == "date" for reading in readings)
        else FactKind.NUMBER
    )
    small = frozenset({one % 12 or 12}) if clock and two == 0 else frozenset[int]()
    return Fact(kind, shown, frozenset(readings), small=small)


def _number(match: re.Match[str], language: str, apart: str | None) -> Fact:
    shown = match.group()
    value = _value(shown)
    readings: set[Reading] = {("number", str(value))}
    told = False
    small: frozenset[int] = frozenset()
    if value.is_integer() and value <= 24:
        readings |= {("time", f"{hour}:0") for hour in _hours(int(value), match, language)}
        told = _told_as_time(match, language)
        small = frozenset({int(value), int(value) % 12 or 12} if told else {int(value)})
    if apart is not None:
        readings.add(("class", apart))
    return Fact(FactKind.TIME if told else FactKind.NUMBER, shown, frozenset(readings), small=small)


def _value(shown: str) -> float:
    """Return the value of "1 500", "1.500", "1,500" (all 1500), "2,5", "2.5"."""
    together = re.sub(r"(?<=\d)[ .,](?=\d{3}(?:\D|$))", "", shown.replace("\u00a0", " ")).replace(" ", "")
    head, _, tail = together.replace(",", ".").rpartition(".")
    return float(f"{head.replace('.', '')}.{tail}" if head else tail)


@cache
def _clock_words(language: str) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    words = guard_words(language)
    return frozenset(map(fold, words.at)), tuple(map(fold, words.am)), tuple(map(fold, words.pm))


def _told_as_time(match: re.Match[str], language: str) -> bool:
    before = _BEFORE.search(match.string[: match.start()][-20:])
    at, am, pm = _clock_words(language)
    if before is not None and fold(before[1]) in at:
        return True
    return fold(match.string[match.end() : match.end() + 14]).lstrip().startswith((*am, *pm)) if am or pm else False


def _hours(hour: int, match: re.Match[str], language: str) -> set[int]:
    """Return the hours of the day that are meant: "2" before "pm" is 14 as well."""
    _, am, pm = _clock_words(language)
    after = fold(match.string[match.end() : match.end() + 16]).lstrip()
    if hour < 12 and pm and after.startswith(pm):
        return {hour, hour + 12}
    return {hour, 0} if hour == 12 and am and after.startswith(am) else {hour}


def named(plain_text: str, names: Collection[str]) -> Counter[str]:
    """Return how often each part of the names stands in a text, by the part as the school writes it."""
    return Counter(part for name in finder(names).find(plain_text) for part in name.parts)


@cache
def _numbers(language: str) -> Words[int]:
    return Words(language, guard_words(language).numbers.items())


def number_words(folded: str, language: str) -> set[int]:
    """Return the numbers up to twelve that stand in a text as words."""
    return set(_numbers(language).meanings(folded))


@cache
def _weekdays(language: str) -> Words[int]:
    return Words(language, weekdays(language).items())


def weekdays_in(folded: str, language: str) -> Mapping[int, str]:
    """Return the weekdays that a text names, Monday as 0, with the words that name them."""
    return _told(folded, _weekdays(language))


def _told(folded: str, words: Words[int]) -> Mapping[int, str]:
    return {meaning: match[1] for match, meaning in words.find(folded)}


@cache
def _relative(language: str) -> Words[int]:
    words = guard_words(language)
    groups = ((words.yesterday, -1), (words.today, 0), (words.tomorrow, 1), (words.day_after, 2))
    return Words(language, ((word, days) for group, days in groups for word in group))


def relative_days(folded: str, language: str) -> Mapping[int, str]:
    """Return the days that a text tells from today, in days, with the words that tell them."""
    return _told(folded, _relative(language))


@cache
def _months(language: str) -> Words[int]:
    unclear = {"may", "march", "mars", "august"}
    return Words(language, ((name, n) for name, n in months(language).items() if len(name) > 3 and name not in unclear))


def months_in(folded: str, language: str) -> Mapping[int, str]:
    """Return the months that a text names, those of its dates included, with the words that name them."""
    return _told(folded, _months(language))


@cache
def _fractions(language: str) -> Words[bool]:
    return Words(language, ((word, True) for word in guard_words(language).fraction))


def has_fraction(folded: str, language: str) -> bool:
    """Return whether a time may stand there in words: "halv ni"."""
    return bool(_fractions(language).meanings(folded))
