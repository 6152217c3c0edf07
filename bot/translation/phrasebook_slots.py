"""What can stand in a slot of a ready sentence: how each language writes it, and how it is read again.

A value is a short text that is the same in every language: a code ("gym_kit"), "2026-11-24", "08:30", a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate

from bot.i18n.texts import FSI, PDI, Texts, texts

NAMED = "="
"""Begins the value of a place that is no code of the list: the rest is its own name."""
PLACE_LIMIT = 40
"""Characters of a place's own name."""
TODAY, TOMORROW, WEEKDAY = "today", "tomorrow", "weekday-"
"""Days that are called from the day of writing; "weekday-0" is Monday."""
DAYS_BACK, DAYS_AHEAD = 60, 300
"""How far from today a printed day is looked for: less than a year, so that a day and a month are one date."""

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?![\d:])")
_NUMBER = re.compile(r"\d{1,2}(?![\d:])")
_NUMBERS = re.compile(r"\d+")
_DATE_LENGTH = 40
"""Characters that the longest printed day has."""
_CLASS = re.compile(r"\d{1,2}[^\W\d_]?(?![\w:])")
_QUOTES = {"«": "»", "“": "”", "„": "”", '"': '"'}
_PLAIN_NAME = re.compile(r"(?!.*\d{5})[^«»“”„\"\n]+")
"""Of a place: no quotation marks, and no number that could be a person's."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a language's file says about slots; `locales/en/phrasebook.yaml` explains the keys.

    Attributes:
        listed: words by slot ("thing"), code and form; the form "" is the plain one.
        weekdays: how a sentence says that something is on Monday, Tuesday …
        also_weekdays: other ways in which people write that.
    """

    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    weekdays: tuple[str, ...]
    place_named: str
    listed: Mapping[str, Mapping[str, Mapping[str, str]]]
    also_weekdays: tuple[str, ...] = field(default=())


LISTED = ("thing", "place", "person")
"""Slots whose values are a closed list with translations."""
SLOT_TYPES = frozenset({"child", "day", "time", "class", "number", *LISTED})


def slot_type(name: str) -> str:
    """Return the type of a slot: "time2" is another time in the same sentence."""
    return name.rstrip("0123456789")


def fold(text: str) -> str:
    """Return text in lower case, every character at its place."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


class Slots:
    """Writes and reads the values of one language's slots.

    Args:
        code: a live language.
        words: its words.
    """

    def __init__(self, code: str, words: Words) -> None:
        self.words = words
        self._tr: Texts = texts(code).plain
        self._dates = lru_cache(maxsize=64)(self._date_forms)

    def write(self, name: str, form: str, value: str) -> str:
        """Return a value as it stands in a sentence.

        Raises:
            ValueError: the slot cannot hold it.
        """
        kind = slot_type(name)
        if kind in LISTED:
            return self._write_listed(kind, form, value)
        if kind == "day":
            return self._write_day(value)
        if kind == "time":
            hour, minute = _clock(value)
            return self._isolated(self._tr.clock(time(hour, minute)))
        if kind == "number":
            if not (_NUMBER.fullmatch(value) and int(value) > 1):
                raise ValueError(value)
            return str(int(value))
        if kind == "class" and not _CLASS.fullmatch(value):
            raise ValueError(value)
        if not value.strip():
            raise ValueError(value)
        return self._isolated(value)

    def readings(
        self, name: str, form: str, text: str, at: int, *, today: date, names: Collection[str]
    ) -> Iterator[tuple[int, str]]:
        """Yield each value that may begin at a place of `text`, with where it ends there."""
        kind = slot_type(name)
        low = fold(text)
        if kind in LISTED:
            yield from self._listed_readings(kind, form, text, low, at)
        elif kind == "day":
            yield from self._day_readings(low, at, today)
        elif kind == "child":
            yield from ((at + len(one), one) for one in _called(names) if low.startswith(fold(one), at))
        else:
            yield from _pattern_readings(kind, text, at)

    def listed(self, kind: str) -> Mapping[str, Mapping[str, str]]:
        """Return the words of a closed list by code and form."""
        return self.words.listed.get(kind, {})

    def _isolated(self, value: str) -> str:
        return str(self._tr.value(value))

    def _write_listed(self, kind: str, form: str, value: str) -> str:
        if kind == "place" and value.startswith(NAMED):
            called = value.removeprefix(NAMED)
            if not (_PLAIN_NAME.fullmatch(called) and called.strip() == called and len(called) <= PLACE_LIMIT):
                raise ValueError(value)
            return self.words.place_named.replace("{name}", self._isolated(called))
        try:
            return self.listed(kind)[value][form]
        except KeyError as unknown:
            raise ValueError(value) from unknown

    def _listed_readings(self, kind: str, form: str, text: str, low: str, at: int) -> Iterator[tuple[int, str]]:
        for code, forms in self.listed(kind).items():
            said = fold(forms[form])
            if low.startswith(said, at):
                yield at + len(said), code
        if kind == "place":
            yield from self._named_place(text, low, at)

    def _named_place(self, text: str, low: str, at: int) -> Iterator[tuple[int, str]]:
        before = fold(self.words.place_named.partition("{name}")[0])[:-1]
        start = at + len(before)
        if not low.startswith(before, at) or text[start : start + 1] not in _QUOTES:
            return
        end = text.find(_QUOTES[text[start]], start + 1)
        called = text[start + 1 : end]
        if end > start + 1 and called == called.strip() and len(called) <= PLACE_LIMIT:
            yield end + 1, f"{NAMED}{called}"

    def _write_day(self, value: str) -> str:
        if value in {TODAY, TOMORROW}:
            return (self.words.today if value == TODAY else self.words.tomorrow)[0]
        if value.startswith(WEEKDAY):
            return self.words.weekdays[int(value.removeprefix(WEEKDAY))]
        return self._isolated(self._on(date.fromisoformat(value), self.words.weekdays))

    def _on(self, day: date, weekdays: tuple[str, ...]) -> str:
        """Return a day as `Texts.day` prints it, its weekday as a sentence needs it: "w środę, 25 listopada"."""
        return self._tr.day(day).replace(self._weekday_names[day.weekday()], weekdays[day.weekday()], 1)

    @cached_property
    def _weekday_names(self) -> Mapping[int, str]:
        found: Mapping[int, str] = self._tr.locale.days["format"]["wide"]
        return found

    def _day_readings(self, low: str, at: int, today: date) -> Iterator[tuple[int, str]]:
        """Only dates whose day of the month stands there are written out to be compared: Babel is not quick."""
        numbers = {int(found) for found in _NUMBERS.findall(low[at : at + _DATE_LENGTH])}
        for forms in (self._spoken_days, *(self._dates(today, number) for number in numbers if 0 < number < 32)):
            yield from ((at + len(said), value) for said, value in forms if low.startswith(said, at))

    @cached_property
    def _spoken_days(self) -> tuple[tuple[str, str], ...]:
        words = self.words
        found = [(word, TODAY) for word in words.today] + [(word, TOMORROW) for word in words.tomorrow]
        for weekdays in (words.weekdays, words.also_weekdays):
            found += [(word, f"{WEEKDAY}{number}") for number, word in enumerate(weekdays)]
        return tuple((fold(word), value) for word, value in found)

    def _date_forms(self, today: date, number: int) -> tuple[tuple[str, str], ...]:
        """Return every way of writing the days near today that have this day of the month, in lower case."""
        near = (today + timedelta(days=distance) for distance in range(-DAYS_BACK, DAYS_AHEAD))
        spoken = [weekdays for weekdays in (self.words.weekdays, self.words.also_weekdays) if weekdays]
        found = []
        for day in (one for one in near if one.day == number):
            said = {self._tr.day(day), self._tr.short_day(day), *(self._on(day, weekdays) for weekdays in spoken)}
            # People leave the comma out, and short forms lose their last point at the end of a sentence.
            said |= {word.replace(",", "").rstrip(".") for word in said}
            found += [(fold(word), day.isoformat()) for word in said]
        return tuple(found)


def _clock(value: str) -> tuple[int, int]:
    found = _TIME.fullmatch(value)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(value)
    return int(found[1]), int(found[2])


def _pattern_readings(kind: str, text: str, at: int) -> Iterator[tuple[int, str]]:
    found = {"time": _TIME, "number": _NUMBER, "class": _CLASS}[kind].match(text, at)
    if found is None:
        return
    if kind == "time":
        hour, minute = int(found[1]), int(found[2])
        if hour < 24 and minute < 60:
            yield found.end(), f"{hour:02d}:{minute:02d}"
    elif kind == "class":
        yield found.end(), found.group()
    elif int(found.group()) > 1:
        yield found.end(), str(int(found.group()))


def _called(names: Collection[str]) -> tuple[str, ...]:
    """Return how a text may call people: the whole name, or its first words."""
    return tuple(
        dict.fromkeys(
            called
            for name in names
            for called in accumulate(name.translate({ord(FSI): None, ord(PDI): None}).split(), "{} {}".format)
        )
    )
