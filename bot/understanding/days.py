"""Finds days in a sentence: words for them, weekdays, dates, weeks, lengths, and ranges of all these.

General date parsers are wrong without saying so ("20.11" as a time of day), hence a small grammar of our own.
Weekends and holidays are not its matter, except that a week said in words ends on Friday.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.errors import InvalidInput
from bot.domain.inputs import HORIZON_DAYS, read_day
from bot.understanding.patterns import Item, Kind, Match, PatternSet

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEPARATORS = {".", "/"}
_DASHES = {"-", "–", "—"}
_FEVER = range(34, 44)
"""Degrees that a thermometer shows."""


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days; `length` when only how long was said.

    `past` when it lies wholly behind, or in no calendar: nothing is reported for it.
    """

    first: date
    last: date
    past: bool = False
    length: bool = False


@dataclass(frozen=True, slots=True)
class DayWords:
    """A language's words for days, as patterns and sets."""

    patterns: PatternSet
    months: dict[str, int]
    numbers: dict[str, int]
    until: frozenset[str]
    since: frozenset[str]
    beside: frozenset[str]
    joined: frozenset[str]
    at: frozenset[str]
    of_month: frozenset[str]
    ordinals: frozenset[str]
    day_units: frozenset[str]
    week_units: frozenset[str]
    week: frozenset[str]
    ago: frozenset[str]


class DayFinder:
    """Turns the items of a sentence into items where days are days.

    Args:
        words: the language's words.
        today: the school's date.
    """

    def __init__(self, words: DayWords, today: date) -> None:
        self._w = words
        self._today = today

    def find(self, items: Sequence[Item]) -> list[Item]:
        """Return the items with each day, and each range of days, as one item."""
        return self._joined(self._replaced(list(items)))

    def _replaced(self, items: list[Item]) -> list[Item]:
        words = {match.start: match for match in self._w.patterns.find(items)}
        found: list[Item] = []
        place = 0
        readers: tuple[Callable[[list[Item], int], tuple[Days, int] | None], ...] = (
            self._length, self._week, self._named_date, self._number_date, self._day_of_month,
        )  # fmt: skip
        while place < len(items):
            hit = next((hit for hit in (reader(items, place) for reader in readers) if hit), None)
            if hit is None and place in words:
                hit = self._word(words[place], items)
            if hit is None:
                found.append(items[place])
                place += 1
            else:
                found.append(Item(Kind.DAY, "day", hit[0]))
                place = hit[1]
        return found

    def _stretch(self, first: date, last: date | None = None) -> Days:
        last = last or first
        if last < self._today:
            return Days(first, last, past=True)
        return Days(max(first, self._today), last)

    def _word(self, match: Match, items: Sequence[Item]) -> tuple[Days, int] | None:
        if match.end - match.start != len(match.places):
            return None
        kind = match.group
        simple = {"today": 0, "tomorrow": 1, "day_after": 2}
        if kind in simple:
            return self._stretch(self._today + timedelta(days=simple[kind])), match.end
        if kind == "past":
            return Days(self._today, self._today, past=True), match.end
        if kind in {"this_week", "next_week"}:
            return self._week_of(self._today, later=kind == "next_week"), match.end
        if kind in {"next", "last"}:
            return None
        return self._weekday(WEEKDAYS.index(kind), match, items), match.end

    def _weekday(self, weekday: int, match: Match, items: Sequence[Item]) -> Days:
        around = {m.group for m in self._w.patterns.find(items[max(0, match.start - 1) : match.start])}
        around |= {m.group for m in self._w.patterns.find(items[match.end : match.end + 1])}
        if "last" in around:
            return Days(self._today, self._today, past=True)
        monday = self._today - timedelta(days=self._today.weekday())
        if "next" in around:
            return self._stretch(monday + timedelta(days=7 + weekday))
        return self._stretch(self._today + timedelta(days=(weekday - self._today.weekday()) % 7))

    def _week_of(self, day: date, *, later: bool = False) -> Days:
        monday = day - timedelta(days=day.weekday())
        if later or day.weekday() > 4:
            monday += timedelta(days=7)
        return self._stretch(monday, monday + timedelta(days=4))

    def _number(self, item: Item) -> int | None:
        if item.kind is Kind.NUMBER and len(item.text) <= 4:
            return int(item.text)
        return self._w.numbers.get(item.text) if item.kind is Kind.WORD else None

    def _length(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        count = self._number(items[place])
        if count is None or not 1 <= count <= 60 or place + 1 >= len(items):
            return None
        unit, end = items[place + 1].text, place + 2
        days = count if unit in self._w.day_units else 7 * count if unit in self._w.week_units else None
        if days is None:
            return None
        around = {item.text for item in (*items[max(0, place - 1) : place], *items[end : end + 1])}
        if around & self._w.ago:
            return Days(self._today, self._today, past=True), end
        return Days(self._today, self._today + timedelta(days=days - 1), length=True), end

    def _week(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        if place + 1 >= len(items):
            return None
        word, following = items[place], items[place + 1]
        if word.kind is Kind.NUMBER and following.text not in self._w.week_units:
            word, following = following, word  # "in the 49th week", as Polish says it
        if word.text not in self._w.week or following.kind is not Kind.NUMBER or not 1 <= int(following.text[:3]) <= 53:
            return None
        number, year = int(following.text), self._today.year
        if number < self._today.isocalendar().week - 26:
            year += 1
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            return None
        return self._stretch(monday, monday + timedelta(days=4)), place + 2

    def _date(self, day: int, month: int, year: str = "") -> Days:
        """Return a date; for one that is over, far away or in no calendar ("31.11") nothing is reported."""
        try:
            found = read_day(f"{day}.{month}.{year}", self._today)
        except InvalidInput:
            return self._never()
        return Days(found, found)

    def _never(self) -> Days:
        return Days(self._today, self._today, past=True)

    def _year(self, items: list[Item], place: int) -> tuple[str, int]:
        """Return a year that stands at `place` (or after a mark there) and the place after it."""
        if place < len(items) and items[place].text in _SEPARATORS and items[place].close:
            text, after = self._year(items, place + 1)
            return (text, after) if text else ("", place + 1)
        if (
            place < len(items)
            and items[place].kind is Kind.NUMBER
            and abs(self._today.year - self._full(items[place])) < 3
        ):
            return str(self._full(items[place])), place + 1
        return "", place

    @staticmethod
    def _full(item: Item) -> int:
        return 2000 + int(item.text) if len(item.text) == 2 else int(item.text[:4])

    def _day_number(self, items: list[Item], place: int) -> tuple[int, int] | None:
        """Return the day of a month at `place` with its ordinal's end, and the place after it."""
        if place >= len(items) or items[place].kind is not Kind.NUMBER or len(items[place].text) > 2:
            return None
        end = place + 1
        if end < len(items) and items[end].close and items[end].text in (_SEPARATORS | self._w.ordinals):
            end += 1
        day = int(items[place].text)
        return (day, end) if 1 <= day <= 31 else None

    def _named_date(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        """Read "25. november", "25th of November", "25.-27. november", "November 25"."""
        if items[place].text in self._w.months and (number := self._day_number(items, place + 1)):
            return self._date(number[0], self._w.months[items[place].text]), number[1]
        first = self._day_number(items, place)
        if first is None:
            return None
        place, last = first[1], first
        joined = place < len(items) and items[place].text in self._w.joined
        if joined or (place < len(items) and items[place].text in _DASHES | self._w.until):
            last = self._day_number(items, place + 1) or first
            place = last[1]
        if joined and last[0] != first[0] + 1:
            return None
        if place < len(items) and items[place].text in self._w.of_month:
            place += 1
        if place >= len(items) or items[place].text not in self._w.months:
            return None
        month = self._w.months[items[place].text]
        year, end = self._year(items, place + 1)
        return self._from_to(self._date(first[0], month, year), self._date(last[0], month, year), end)

    @staticmethod
    def _from_to(first: Days, last: Days, end: int) -> tuple[Days, int]:
        if first.past or last.past or last.last < first.first:
            return first, end
        return Days(first.first, last.last), end

    def _number_date(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        """Read "25.11", "25/11/2026", "2026-11-25", "25.-27.11"."""
        if iso := self._iso(items, place):
            return iso
        if place > 0 and items[place - 1].text in self._w.at:
            return None
        first = self._day_number(items, place)
        if first is None:
            return self._no_date(items, place)
        place, last = first[1], first
        if place < len(items) and items[place].text in _DASHES:
            last = self._day_number(items, place + 1) or first
            place = last[1]
        if items[place - 1].text not in _SEPARATORS or place >= len(items):
            return None
        month = items[place]
        if month.kind is not Kind.NUMBER or not month.close or len(month.text) > 2 or not 1 <= int(month.text) <= 12:
            return None
        year, end = self._year(items, place + 1)
        return self._from_to(
            self._date(first[0], int(month.text), year), self._date(last[0], int(month.text), year), end
        )

    def _no_date(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        """Read "32.11", meant as a date: taking it for none would report today. A fever is no date."""
        texts = [item.text for item in items[place : place + 3]]
        numbers = len(texts) == 3 and texts[0].isdecimal() and texts[1] in _SEPARATORS and texts[2].isdecimal()
        if not numbers or not all(item.close for item in items[place + 1 : place + 3]) or len(texts[2]) > 2:
            return None
        day, month = int(texts[0][:4]), int(texts[2])
        return (self._never(), place + 3) if 31 < day < 100 and day not in _FEVER and 1 <= month <= 12 else None

    def _iso(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        texts = [item.text for item in items[place : place + 5]]
        if len(texts) < 5 or len(texts[0]) != 4 or texts[1] != "-" or texts[3] != "-":
            return None
        if not all(text.isdigit() and len(text) <= 4 for text in texts[::2]):
            return None
        return self._date(int(texts[4]), int(texts[2]), texts[0]), place + 5

    def _day_of_month(self, items: list[Item], place: int) -> tuple[Days, int] | None:
        """Read "den 25.", "the 25th": the next such day."""
        if items[place].text not in self._w.of_month:
            return None
        number = self._day_number(items, place + 1)
        if number is None or number[1] == place + 2:
            return None
        day = self._today
        while day.day != number[0]:
            day += timedelta(days=1)
            if (day - self._today).days > HORIZON_DAYS:
                return None
        return (Days(day, day), number[1]) if (day - self._today).days <= 31 else None

    def _joined(self, items: list[Item]) -> list[Item]:
        """Make one of what belongs together: A to B, until B, A and B, A B."""
        found: list[Item] = []
        for item in items:
            if isinstance(item.value, Days):
                until_only = self._drop_until(found)
                merged = self._merge(found, item.value)
                if merged is not None:
                    found.append(merged)
                    continue
                if until_only and not item.value.past and not item.value.length:
                    item = replace(item, value=Days(min(self._today, item.value.first), item.value.last))
            found.append(item)
        return found

    def _drop_until(self, found: list[Item]) -> bool:
        """Take an "until" that has no first day out of what was found; say whether there was one."""
        while len(found) > 1 and found[-1].text in self._w.beside and found[-2].text in self._w.until:
            found.pop()
        before = found[-2] if len(found) > 1 else None
        if not found or found[-1].text not in self._w.until:
            return False
        if before is not None and before.kind is Kind.DAY:
            return False
        found.pop()
        return True

    def _merge(self, found: list[Item], later: Days) -> Item | None:
        """Return the item of a day that ends `found` together with `later`, and take that end away."""
        links = 0
        while links < len(found) and links < 3 and self._links(found[-1 - links]):
            links += 1
        if links >= len(found) or not isinstance(found[-1 - links].value, Days):
            return None
        earlier = found[-1 - links].value
        assert isinstance(earlier, Days)  # noqa: S101 - narrows for the type checker
        texts = {item.text for item in found[len(found) - links :]}
        joined = self._together(earlier, later, texts)
        if joined is None:
            return None
        del found[len(found) - 1 - links :]
        return Item(Kind.DAY, "day", joined)

    def _links(self, item: Item) -> bool:
        return item.text in _DASHES | {","} | self._w.until | self._w.joined | self._w.since | self._w.beside

    def _together(self, earlier: Days, later: Days, links: set[str]) -> Days | None:
        if later.past or earlier.past:
            return None
        if later.length and not links & self._w.joined:
            return Days(earlier.first, earlier.first + (later.last - later.first))
        if earlier.length and not links & self._w.joined:
            return Days(later.first, later.first + (earlier.last - earlier.first))
        if later.last < earlier.first and (earlier.first - later.first).days < 7 and links:
            # "Monday to Wednesday" on a Tuesday: the Wednesday after that Monday.
            later = Days(later.first + timedelta(days=7), later.last + timedelta(days=7))
        if links & (_DASHES | self._w.until):
            return Days(earlier.first, later.last) if later.last >= earlier.first else None
        if links <= self._w.since | self._w.beside | {","} and (one := self._same(earlier, later)):
            return one
        if links & self._w.joined or links == {","}:
            return self._in_a_row(earlier, later)
        return None

    @staticmethod
    def _same(earlier: Days, later: Days) -> Days | None:
        """Return the narrower of two names for the same days: "Tuesday 24.11", "Monday to Wednesday next week"."""
        if earlier.first <= later.first and later.last <= earlier.last:
            return later
        single = earlier.first == earlier.last and later.first == later.last
        if single and earlier.first.weekday() == later.first.weekday():
            return later
        a_week = (later.last - later.first).days == 4
        for weeks in (0, 1) if a_week else (0,):
            shifted = Days(earlier.first + timedelta(days=7 * weeks), earlier.last + timedelta(days=7 * weeks))
            if later.first <= shifted.first and shifted.last <= later.last:
                return shifted
        return None

    @staticmethod
    def _in_a_row(earlier: Days, later: Days) -> Days:
        """Join days in a row, over a weekend too; of days apart only the first is sure."""
        following = earlier.last + timedelta(days=1)
        while following.weekday() > 4 and following < later.first:
            following += timedelta(days=1)
        return Days(earlier.first, later.last) if later.first in {following, earlier.last} else earlier
