"""One language, made ready: its phrases compiled, its day and time words, and words put right before they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache

from babel.dates import get_day_names, get_month_names

from bot.understanding.days import WEEKDAYS, DayWords
from bot.understanding.folding import MAX_CHARACTERS, Token, fold, tokens
from bot.understanding.model import ChildName, LanguageRules
from bot.understanding.names import NameRules, NameTable
from bot.understanding.patterns import Item, Kind, PatternSet
from bot.understanding.phrases import DAY_GROUPS, Phrases, compiled
from bot.understanding.spelling import Speller, without_repeats
from bot.understanding.times import TimeFinder, TimeWords

_CALENDAR = "gregorian"
_TITLED = re.compile(r"\b[^\W\d_a-z][a-zæøåäöéèüąćęłńóśźż]+\b")
"""A word with a capital and small letters, as names are written."""
_GLUE = ("verb", "pronoun", "not", "new_clause")
"""Groups of which one half of two words written together must be: anything else makes new words (syk+melding)."""


class Lexicon:
    """What the engine knows of one language. Immutable; making one takes some 20 ms, so keep it.

    Args:
        phrases: the language's data.
        rules: what data cannot say.
        locale: Babel's identifier, for the names of days and months.
        short_names: short forms of given names in other languages of the school, for children named in those.
    """

    def __init__(
        self,
        phrases: Phrases,
        rules: LanguageRules,
        locale: str,
        short_names: Iterable[tuple[str, tuple[str, ...]]] = (),
    ) -> None:
        self.phrases = phrases
        self._rules = rules
        self.ownable = rules.ownable
        self._letters = phrases.letters
        self.signals = PatternSet(compiled(phrases.say, self.fold), self._fills)
        self.days = self._day_words(locale)
        self._time_words = self._times()
        self.times = TimeFinder(self._time_words)
        self._words = self._all_words()
        self._speller = Speller(self._words)
        self._glue = {w for w, groups in self.signals.words.items() if groups & set(_GLUE)}
        self._glue |= self.days.joined | self.days.patterns.words.keys()
        self._name_rules = self._names(short_names)
        self.table = lru_cache(maxsize=512)(self._table)

    def fold(self, text: str) -> str:
        """Return text as this language compares it."""
        return fold(self._rules.prepare(text), self._letters)

    def _set(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(self.fold(word) for word in words)

    @staticmethod
    def _fills(slot: str, item: Item) -> bool:
        return slot == item.kind.value or (slot == "any" and item.kind is not Kind.MARK)

    def _day_words(self, locale: str) -> DayWords:
        phrases = self.phrases
        groups = {group: list(phrases.days.get(group, ())) for group in DAY_GROUPS}
        months = {self.fold(name): int(m) for m in map(str, range(1, 13)) for name in phrases.days.get(m, ())}
        for context in ("format", "stand-alone"):
            for number, name in get_day_names("wide", context, locale).items():
                groups[WEEKDAYS[number]].append(str(name).replace("?", ""))
            for month, name in get_month_names("wide", context, locale).items():
                months[self.fold(str(name))] = month
        one = {key: self._set(phrases.days.get(key, ())) for key in phrases.days}
        link = {key: self._set(words) for key, words in phrases.links.items()}
        none = frozenset[str]()
        return DayWords(
            patterns=PatternSet(compiled(groups, self.fold), self._fills),
            months=months,
            numbers={self.fold(word): number for word, number in phrases.numbers.items()},
            until=link.get("until", none),
            since=link.get("since", none),
            beside=link.get("beside", none),
            joined=link.get("joined", none),
            at=self._set(phrases.times.get("at", ())),
            of_month=one.get("of_month", none),
            ordinals=one.get("ordinals", none),
            day_units=one.get("day_units", none),
            week_units=one.get("week_units", none),
            week=one.get("week", none),
            ago=one.get("ago", none),
        )

    def _times(self) -> TimeWords:
        days, times = self.days, self.phrases.times
        sets = {name: self._set(times.get(name, ())) for name in TimeWords.__slots__ if name in times}
        for name in ("not_before", "between", "units", "am", "pm", "half_to", "half_past", "quarter", "before", "after",
                     "after_half", "after_quarter"):  # fmt: skip
            sets.setdefault(name, frozenset())
        until = days.until | sets["not_before"]
        sets |= {"at": days.at, "since": days.since, "until": until, "joined": days.joined}
        sets["units"] |= days.day_units | days.week_units | frozenset(days.months)
        return TimeWords(numbers=days.numbers, **sets)

    def _all_words(self) -> set[str]:
        days = self.days
        found = {*self.signals.words, *days.patterns.words, *days.months, *days.numbers}
        for words in (*_sets(days), *_sets(self._time_words)):
            found |= words
        return found

    def _names(self, others: Iterable[tuple[str, tuple[str, ...]]]) -> NameRules:
        short: dict[str, tuple[str, ...]] = {}
        for name, forms in (*others, *self.phrases.short_names.items()):
            key = self.fold(name)
            short[key] = (*short.get(key, ()), *(self.fold(form) for form in forms))
        return NameRules(
            fold=self.fold,
            forms=self._rules.name_forms,
            endings=self.phrases.name_endings,
            owners=frozenset(self.phrases.owner_endings),
            short_names=short,
            owns=self._rules.owns,
            is_word=self.knows,
        )

    def _table(self, children: tuple[ChildName, ...]) -> NameTable:
        return NameTable(children, self._name_rules)

    def knows(self, word: str) -> bool:
        """Whether the language's data has the word."""
        return word in self._words or self.signals.knows(word)

    def groups(self, word: str) -> set[str]:
        """Return the groups of phrases that a word stands in."""
        return self.signals.words.get(word, set())

    def items(self, text: str, children: Sequence[ChildName]) -> list[Item]:
        """Return a message as items: words put right, own children found, marks kept. No days and times yet."""
        table = self.table(tuple(children))
        names = {self.fold(word) for word in _TITLED.findall(text[:MAX_CHARACTERS])}
        words = [item for token in tokens(self.fold(text)) for item in self._read(token, table, names)]
        return self._named(self._without_points(words), table)

    def _read(self, token: Token, table: NameTable, names: set[str]) -> list[Item]:
        if token.is_number:
            return [Item(Kind.NUMBER, token.text, close=token.close)]
        if not token.is_word:
            return [Item(Kind.MARK, token.text, close=token.close)]

        def known(word: str) -> bool:
            return self.knows(word) or table.knows(word)

        word = token.text
        if known(word):
            return [Item(Kind.WORD, word, close=token.close)]
        parts = self._rules.split(word, known) or self._repaired(word, table, name=word in names) or (word,)
        return [Item(Kind.WORD, part, close=token.close and i == 0) for i, part in enumerate(parts)]

    def _repaired(self, word: str, table: NameTable, *, name: bool) -> tuple[str, ...]:
        """Return what a word was meant to be; one with a capital is a name, and only taken for an own child's."""
        once = without_repeats(word)
        if once != word and (self.knows(once) or table.knows(once)):
            return (once,)
        near = set() if name else self._speller.near(word)
        if near and len({frozenset(self.groups(w)) for w in near}) == 1:
            return (min(near),)
        own = table.repaired(word)
        if own is not None:
            return (own,)
        parts = self._apart(word, table)
        return parts if not name or any(map(table.knows, parts)) else ()

    def _apart(self, word: str, table: NameTable) -> tuple[str, ...]:
        """Return the two words that one without its space was, if one of them is a name, a day or a small word."""
        for cut in range(2, len(word) - 1):
            a, b = word[:cut], word[cut:]
            if len(word) < 5 or (len(a) < 3 and len(b) < 3):
                continue
            glued = {a, b} & self._glue or table.knows(a) or table.knows(b)
            if glued and all(w in self._words or table.knows(w) for w in (a, b)):
                return a, b
        return ()

    def _without_points(self, items: list[Item]) -> list[Item]:
        """Drop the full stops of abbreviations that stand before a time ("kl. 9") and colons."""
        short = self._time_words.at | self._time_words.units
        return [
            item
            for i, item in enumerate(items)
            if not (item.text == "." and item.close and i and items[i - 1].text in short)
        ]

    @staticmethod
    def _named(items: list[Item], table: NameTable) -> list[Item]:
        found: list[Item] = []
        place = 0
        while place < len(items):
            words = [
                item.text if item.kind is Kind.WORD else "" for item in items[place : place + 6] if item.text != "-"
            ]
            named = table.read(words)
            if named is None:
                found.append(items[place])
                place += 1
                continue
            found.append(Item(Kind.CHILD, items[place].text, named[0]))
            place += _span(items, place, named[1])
        return found


def _sets(words: DayWords | TimeWords) -> list[frozenset[str]]:
    return [value for field in fields(words) if isinstance(value := getattr(words, field.name), frozenset)]


def _span(items: Sequence[Item], place: int, words: int) -> int:
    """Return how many items hold the first `words` words from `place` on, hyphens between them included."""
    count = 0
    for used, item in enumerate(items[place:], start=1):
        count += item.text != "-"
        if count == words:
            return used
    return len(items) - place
