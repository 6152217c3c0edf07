"""Cuts a message into clauses: what one says about one subject, with the signals found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.understanding.days import Days
from bot.understanding.lexicon import Lexicon
from bot.understanding.names import Named
from bot.understanding.patterns import Item, Kind, Match

_ENDS = frozenset(".!?;؟…۔።")
_QUOTES = frozenset('"«»„“”')
_BEFORE = frozenset({"light", "new_clause", "thanks"})
"""What may stand before the words that open a question."""
_BREAKS = frozenset(',()"«»„”“[]،–—-/:|') | {"؛"}


@dataclass(slots=True)
class Clause:
    """A part of a sentence.

    Attributes:
        sentence: which sentence of the message, from 0.
        asked: the sentence has a question mark after this clause's question.
        in_quotes: it stands in quotation marks: somebody else's words.
    """

    items: list[Item]
    sentence: int
    signals: list[Match] = field(default_factory=list)
    asked: bool = False
    in_quotes: bool = False

    def has(self, *groups: str) -> bool:
        """Whether a signal of one of the groups stands in it."""
        return any(signal.group in groups for signal in self.signals)

    @property
    def days(self) -> list[Days]:
        """The days that are not over."""
        return [item.value for item in self.items if isinstance(item.value, Days) and not item.value.past]

    @property
    def names_child(self) -> bool:
        """One of the guardian's own children is named."""
        return any(isinstance(item.value, Named) for item in self.items)

    @property
    def past_day(self) -> bool:
        """Only days that are over are named."""
        found = [item.value for item in self.items if isinstance(item.value, Days)]
        return bool(found) and all(days.past for days in found)

    def opens_with(self, group: str) -> bool:
        """Whether a signal of the group stands first, but for words that change nothing."""
        opening = {signal.start for signal in self.signals if signal.group == group}
        besides = {group, "fronted", "about", "of", "cause", "since"}
        at = {place: signal for signal in self.signals if signal.group not in besides for place in signal.places}
        fronted = {signal.start for signal in self.signals if signal.group == "fronted" and group == "question"}
        for place, item in enumerate(self.items):
            signal = at.get(place)
            if place in opening:
                return True
            if place in fronted or (signal is None and item.kind is not Kind.WORD):
                return False
            if signal is not None and signal.group not in _BEFORE:
                return False
        return False


def cut(items: Sequence[Item], lexicon: Lexicon) -> list[Clause]:
    """Return the clauses of a message in order, each with its signals."""
    found: list[Clause] = []
    current: list[Item] = []
    sentence, quotes = 0, 0
    joined = [item for item in _children_joined(items, lexicon) if not (item.text == "-" and item.close)]
    for place, item in enumerate(joined):
        mark = item.kind is Kind.MARK
        ends = mark and item.text in _ENDS
        if ends or (mark and item.text in _BREAKS) or _begins_clause(item, place, joined, lexicon):
            _close(found, current, sentence, lexicon, quoted=quotes % 2 == 1)
        if not mark:
            current.append(item)
        elif item.text in _QUOTES:
            quotes += 1
        elif ends:
            if item.text in "?؟":
                _ask([clause for clause in found if clause.sentence == sentence])
            sentence += 1
    _close(found, current, sentence, lexicon)
    return found


def _close(found: list[Clause], current: list[Item], sentence: int, lexicon: Lexicon, *, quoted: bool = False) -> None:
    if current:
        found.append(Clause(list(current), sentence, lexicon.signals.find(current), in_quotes=quoted))
        current.clear()


def _begins_clause(item: Item, place: int, items: Sequence[Item], lexicon: Lexicon) -> bool:
    if item.kind is not Kind.WORD or place + 1 == len(items):
        return False
    return item.text in lexicon.days.joined or "new_clause" in lexicon.groups(item.text)


def _ask(sentence: Sequence[Clause]) -> None:
    """Mark the clauses that a question mark is about: from the first that opens a question, else all."""
    opening = [i for i, c in enumerate(sentence) if c.opens_with("question") or c.opens_with("ask_softly")]
    for clause in sentence[opening[0] if opening else 0 :]:
        clause.asked = True


def _children_joined(items: Sequence[Item], lexicon: Lexicon) -> list[Item]:
    """Make one item of children named in a row: "Noah and Sofie", "Noah, Sofie"."""
    found: list[Item] = []
    for item in items:
        found.append(item)
        while len(found) > 2 and _one_group(found[-3:], lexicon):
            *_, first, _, second = found
            assert isinstance(first.value, Named)  # noqa: S101 - narrows for the type checker
            assert isinstance(second.value, Named)  # noqa: S101
            named = Named(
                sure=tuple(dict.fromkeys((*first.value.sure, *second.value.sure))),
                unsure=(*first.value.unsure, *second.value.unsure),
                owner=second.value.owner,
                owned_by=first.value.owned_by,
            )
            del found[-3:]
            found.append(Item(Kind.CHILD, first.text, named))
    return found


def _one_group(three: Sequence[Item], lexicon: Lexicon) -> bool:
    first, link, second = three
    both = isinstance(first.value, Named) and isinstance(second.value, Named)
    return both and (link.text in lexicon.days.joined or link.text in {",", "&", "+", "/", "،"})
