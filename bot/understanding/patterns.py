"""Phrases as patterns over items: words, alternatives, stems, gaps and slots, matched many at a time.

A phrase is written as people say it, folded when it is loaded:

    "kommer ... ikke"     a gap of up to three words
    "er|blir syk|sjuk"    alternatives
    "i? dag"              a word that may be missing
    "goraczk*"            a stem
    "hold {child} hjemme" a slot: {child} (also a pronoun), {day}, {time}, {number}, {any}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MAX_GAP = 3


class Kind(StrEnum):
    """What an item is."""

    WORD = "word"
    MARK = "mark"
    NUMBER = "number"
    CHILD = "child"
    DAY = "day"
    TIME = "time"


LAYERS = {
    "appointment": "reason", "appointment_detail": "reason", "other_reason": "reason",
    "question": "asking", "ask_softly": "asking", "happened": "tense",
    "cause": "cause", "about": "about", "of": "of", "fronted": "fronted", "since": "since",
}  # fmt: skip
"""Groups that share places with the others: a word can be a reason, or open a question, and be more."""
SLOTS = {"child", "day", "time", "number", "any"}


@dataclass(frozen=True, slots=True)
class Item:
    """A word or what several tokens became; `value` is a kind's own finding."""

    kind: Kind
    text: str
    value: object = None
    close: bool = False
    """No space stood before it."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern."""

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    slot: str | None = None
    optional: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase of a group was found: the places of its words, in order, without those in gaps."""

    group: str
    places: tuple[int, ...]
    weight: int
    slots: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        """The first place."""
        return self.places[0]

    @property
    def end(self) -> int:
        """The place after the last."""
        return self.places[-1] + 1


class BadPhrase(ValueError):
    """A phrase that cannot be read; the message says why."""


def parse(phrase: str, fold: Callable[[str], str]) -> tuple[Element, ...]:
    """Return a phrase's elements.

    Raises:
        BadPhrase: it is empty, begins with a gap or something optional, or names an unknown slot.
    """
    elements: list[Element] = []
    for part in phrase.split():
        elements += _elements(part, fold)
    if not elements:
        raise BadPhrase("is empty")
    if elements[0].gap or elements[0].optional or elements[-1].gap:
        raise BadPhrase("begins or ends with something that may be missing")
    return tuple(elements)


def _elements(part: str, fold: Callable[[str], str]) -> Iterator[Element]:
    if part == "...":
        yield Element(gap=True)
        return
    optional = part.endswith("?") and len(part) > 1
    body = part[:-1] if optional else part
    if body.startswith("{"):
        slot = body.strip("{}")
        if slot not in SLOTS:
            raise BadPhrase(f"names the unknown slot {body}")
        yield Element(slot=slot, optional=optional)
        return
    words, stems, joined = set[str](), list[str](), list[str]()
    for choice in body.split("|"):
        folded = fold(choice.rstrip("*")).split()
        if not folded or (len(folded) > 1 and "|" in body):
            raise BadPhrase(f"has a choice that is not one word: {choice!r}")
        if choice.endswith("*"):
            stems.append(folded[0])
        elif len(folded) > 1:
            joined = folded
        else:
            words.add(folded[0])
    if joined:
        yield from (Element(words=frozenset({word}), optional=optional) for word in joined)
        return
    yield Element(words=frozenset(words), stems=tuple(stems), optional=optional)


@dataclass(frozen=True, slots=True)
class _Pattern:
    group: str
    elements: tuple[Element, ...]


class PatternSet:
    """All phrases of a language, found in one pass.

    Args:
        phrases: group and elements of each.
        in_slot: whether an item fills a slot.
    """

    def __init__(
        self, phrases: Iterable[tuple[str, tuple[Element, ...]]], in_slot: Callable[[str, Item], bool]
    ) -> None:
        self._in_slot = in_slot
        self._by_word: dict[str, list[_Pattern]] = defaultdict(list)
        self._by_stem: dict[str, list[tuple[str, _Pattern]]] = defaultdict(list)
        self._by_slot: dict[str, list[_Pattern]] = defaultdict(list)
        self._stems: dict[str, set[str]] = defaultdict(set)
        self.words: dict[str, set[str]] = defaultdict(set)
        """Every word and the groups that it stands in."""
        for group, elements in phrases:
            self._add(_Pattern(group, elements))

    def _add(self, pattern: _Pattern) -> None:
        first = pattern.elements[0]
        for word in first.words:
            self._by_word[word].append(pattern)
        for stem in first.stems:
            self._by_stem[stem[:2]].append((stem, pattern))
        if first.slot:
            self._by_slot[first.slot].append(pattern)
        for element in pattern.elements:
            for word in element.words:
                self.words[word].add(pattern.group)
            for stem in element.stems:
                self._stems[stem[:2]].add(stem)

    def knows(self, word: str) -> bool:
        """Whether any phrase has the word."""
        return word in self.words or any(word.startswith(stem) for stem in self._stems.get(word[:2], ()))

    def find(self, items: Sequence[Item]) -> list[Match]:
        """Return the matches in the order of their places; of those that share a place the longest.

        Each layer of `LAYERS` is for itself.
        """
        found = [match for start in range(len(items)) for match in self._at(items, start)]
        found.sort(
            key=lambda match: (-match.weight, match.group == "light", match.end - match.start, match.start, match.group)
        )
        taken: dict[str, set[int]] = defaultdict(set)
        kept = []
        for match in found:
            layer = taken[LAYERS.get(match.group, "")]
            if layer.isdisjoint(match.places):
                layer.update(match.places)
                kept.append(match)
        return sorted(kept, key=lambda match: match.places)

    def _at(self, items: Sequence[Item], start: int) -> Iterator[Match]:
        for pattern in self._starting(items[start]):
            places = self._rest(pattern.elements, 0, items, start)
            if places is not None:
                slots = tuple(p for p in places if items[p].kind not in {Kind.WORD, Kind.MARK})
                yield Match(pattern.group, places, len(places), slots)

    def _starting(self, item: Item) -> Iterator[_Pattern]:
        if item.kind is Kind.WORD:
            yield from self._by_word.get(item.text, ())
            for stem, pattern in self._by_stem.get(item.text[:2], ()):
                if item.text.startswith(stem):
                    yield pattern
        for slot, patterns in self._by_slot.items():
            if self._in_slot(slot, item):
                yield from patterns

    def _fits(self, element: Element, item: Item) -> bool:
        if element.slot:
            return self._in_slot(element.slot, item)
        if item.kind is not Kind.WORD:
            return False
        return item.text in element.words or (bool(element.stems) and item.text.startswith(element.stems))

    def _rest(
        self, elements: tuple[Element, ...], index: int, items: Sequence[Item], place: int
    ) -> tuple[int, ...] | None:
        if index == len(elements):
            return ()
        element = elements[index]
        if element.gap:
            for skipped in range(min(MAX_GAP, len(items) - place) + 1):
                rest = self._rest(elements, index + 1, items, place + skipped)
                if rest is not None:
                    return rest
            return None
        if place < len(items) and self._fits(element, items[place]):
            rest = self._rest(elements, index + 1, items, place + 1)
            if rest is not None:
                return (place, *rest)
        return self._rest(elements, index + 1, items, place) if element.optional else None
