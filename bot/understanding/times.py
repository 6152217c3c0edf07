"""Finds times of day in a sentence: "kl 9", "9:30", "halv ti", "10am", "from 10 to 12"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.understanding.patterns import Item, Kind

_DASHES = {"-", "–", "—"}
AFTERNOON = 6
"""School goes on in daylight: "at 1" means 13:00."""


class Bound(StrEnum):
    """What stands before a time."""

    AT = "at"
    FROM = "from"
    UNTIL = "until"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time, or from one to another."""

    at: time
    bound: Bound
    to: time | None = None


@dataclass(frozen=True, slots=True)
class TimeWords:
    """A language's words for times of day."""

    at: frozenset[str]
    since: frozenset[str]
    until: frozenset[str]
    not_before: frozenset[str]
    between: frozenset[str]
    joined: frozenset[str]
    numbers: dict[str, int]
    units: frozenset[str]
    am: frozenset[str]
    pm: frozenset[str]
    half_to: frozenset[str]
    half_past: frozenset[str]
    quarter: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    after_half: frozenset[str]
    after_quarter: frozenset[str]


class TimeFinder:
    """Turns items into items where times of day are times. Stateless, made once for a language."""

    def __init__(self, words: TimeWords) -> None:
        self._w = words

    def find(self, items: Sequence[Item]) -> list[Item]:
        """Return the items with each time, and each stretch of time, as one item."""
        found: list[Item] = []
        place = 0
        while place < len(items):
            hit = self._time(items, place)
            if hit is None:
                found.append(items[place])
                place += 1
                continue
            clock, place = hit
            self._append(found, clock)
        return found

    def _append(self, found: list[Item], clock: Clock) -> None:
        """Add a time with what stands before it."""
        links: set[str] = set()
        while found and found[-1].text in self._w.at | self._w.since | self._w.until | self._w.joined | _DASHES:
            if found[-1].text in self._w.joined and not self._is_time(found, 1):
                break
            links.add(found.pop().text)
        before = found[-1].value if found else None
        if isinstance(before, Clock) and before.to is None and links:
            found[-1] = Item(Kind.TIME, "time", Clock(before.at, Bound.RANGE, clock.at))
            return
        bound = Bound.FROM if links & self._w.since else Bound.UNTIL if links & self._w.until else Bound.AT
        found.append(Item(Kind.TIME, "time", Clock(clock.at, bound)))

    @staticmethod
    def _is_time(found: list[Item], back: int) -> bool:
        return len(found) > back and found[-1 - back].kind is Kind.TIME

    def _time(self, items: Sequence[Item], place: int) -> tuple[Clock, int] | None:
        sure = place > 0 and items[place - 1].text in self._w.at | self._w.since | self._w.until | self._w.between
        sure = sure or (
            place > 2 and items[place - 1].text in self._w.joined and items[place - 3].text in self._w.between
        )
        halves = {item.text for item in items[place + 2 : place + 3]} & (self._w.after_half | self._w.after_quarter)
        sure = sure or (bool(halves) and items[place + 1].text in self._w.joined)
        special = self._spoken(items, place)
        if special is not None:
            return special
        hour = self._hour(items[place], sure=sure)
        if hour is None:
            return None
        minute, end = self._minutes(items, place)
        if end == place + 1 and len(items[place].text) == 4 and items[place].kind is Kind.NUMBER:
            hour, minute = divmod(int(items[place].text), 100)
        half, after = self._of_day(items, end)
        if end < len(items) and items[end].kind is Kind.WORD and items[end].text in self._w.units:
            return None
        plain = end == place + 1 and after == end
        if plain and not sure and not self._opens_range(items, place):
            return None
        return self._clock(hour, minute, half, after, written=end > place + 1 and items[place].text[0] == "0")

    def _opens_range(self, items: Sequence[Item], place: int) -> bool:
        """Whether "10-12" stands at `place`, or `place` is its second half."""
        numbers = [items[p] for p in (place - 2, place, place + 2) if 0 <= p < len(items)]
        dashes = [p for p in (place - 1, place + 1) if 0 <= p < len(items) and items[p].text in _DASHES]
        if not dashes or (dashes[0] < place and items[place - 2].kind is Kind.TIME):
            return bool(dashes)
        if place + 1 not in dashes or place + 2 >= len(items) or items[place + 2].kind is not Kind.NUMBER:
            return False
        if place + 3 < len(items) and items[place + 3].text in self._w.units:
            return False
        return all(len(item.text) <= 2 and 6 <= int(item.text) <= 18 for item in numbers if item.kind is Kind.NUMBER)

    def _spoken(self, items: Sequence[Item], place: int) -> tuple[Clock, int] | None:
        """Read "halv ti", "half past nine", "kvart på ti"."""
        text = items[place].text
        minutes = -30 if text in self._w.half_to else 30 if text in self._w.half_past else None
        if text in self._w.quarter:
            minutes = 15
        if minutes is None or place + 1 >= len(items):
            return None
        link = items[place + 1].text
        if place and items[place - 1].text in self._w.before and link not in self._w.before | self._w.after:
            minutes = -minutes  # "za kwadrans dziesiąta"
        if link in self._w.before and text not in self._w.half_to:
            minutes = -minutes
        skip = place + 1 + (link in self._w.before | self._w.after)
        hour = self._hour(items[skip], sure=True) if skip < len(items) else None
        if hour is None or (skip + 1 < len(items) and items[skip + 1].text in self._w.units):
            return None
        spoken = (hour * 60 + minutes) // 60
        return self._clock(spoken or 12, minutes % 60, None, skip + 1)

    def _hour(self, item: Item, *, sure: bool) -> int | None:
        if item.kind is Kind.NUMBER and len(item.text) in {1, 2, 4}:
            return int(item.text) // (100 if len(item.text) == 4 else 1)
        return self._w.numbers.get(item.text) if sure and item.kind is Kind.WORD else None

    def _minutes(self, items: Sequence[Item], place: int) -> tuple[int, int]:
        """Return the minutes after the hour at `place`, and the place after them."""
        mark, minutes = (items[p] if p < len(items) else None for p in (place + 1, place + 2))
        if mark is None or minutes is None:
            return 0, place + 1
        if (
            mark.text in {":", "."}
            and mark.close
            and minutes.close
            and len(minutes.text) == 2
            and minutes.kind is Kind.NUMBER
        ):
            return int(minutes.text), place + 3
        if mark.text in self._w.joined and minutes.text in self._w.after_half:
            return 30, place + 3
        if mark.text in self._w.joined and minutes.text in self._w.after_quarter:
            return 15, place + 3
        return 0, place + 1

    def _of_day(self, items: Sequence[Item], place: int) -> tuple[str | None, int]:
        if place < len(items) and items[place].text in self._w.am:
            return "am", place + 1
        if place < len(items) and items[place].text in self._w.pm:
            return "pm", place + 1
        return None, place

    @staticmethod
    def _clock(
        hour: int, minute: int, half: str | None, end: int, *, written: bool = False
    ) -> tuple[Clock, int] | None:
        afternoon = half is None and 1 <= hour <= AFTERNOON and not written
        if afternoon or (half == "pm" and hour < 12):
            hour += 12
        if not 0 <= hour <= 23 or not 0 <= minute <= 59:
            return None
        return Clock(time(hour, minute), Bound.AT), end
