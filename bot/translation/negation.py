"""Counts what a sentence denies, so that a lost or an added "not" is noticed. The words are each language's data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from bot.translation.lookup import Words, fold
from bot.translation.words import guard_words

_CLAUSE = re.compile(r"[.,;:!?–—()\n،؛؟]+")


class _Sign(Enum):
    DENIES = auto()
    DENIES_ALONE = auto()
    MAYBE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Denials:
    """How many things are denied: at least and at most, as some words may deny or not."""

    least: int
    most: int
    words: tuple[str, ...] = ()
    """The words that surely deny."""

    def agrees(self, other: Denials) -> bool:
        """Return whether both may deny equally much."""
        return self.least <= other.most and other.least <= self.most


@cache
def _signs(language: str) -> Words[_Sign] | None:
    """Return the words of a language, or None when nobody has written them."""
    words = guard_words(language)
    if not words.deny:
        return None
    groups = (
        (words.nothing, _Sign.NOTHING),
        (words.maybe, _Sign.MAYBE),
        (words.deny, _Sign.DENIES),
        (words.deny_alone, _Sign.DENIES_ALONE),
    )
    return Words(language, ((word, sign) for group, sign in groups for word in group))


def denials(text: str, language: str) -> Denials | None:
    """Return what a text denies; None when the language's words are not known.

    In languages that deny twice ("nikt nie wie") the words of a clause that has its "not" count no more.
    """
    signs = _signs(language)
    if signs is None:
        return None
    sure: list[str] = []
    alone: list[str] = []
    maybe = 0
    for clause in _CLAUSE.split(fold(text)):
        found = [(match[1], sign) for match, sign in signs.find(clause)]
        here = [word for word, sign in found if sign is _Sign.DENIES]
        sure += here
        alone += [] if here else [word for word, sign in found if sign is _Sign.DENIES_ALONE]
        maybe += sum(sign is _Sign.MAYBE for _, sign in found)
    if alone and not sure:
        return Denials(1, 1 + maybe, tuple(alone[:1]))
    return Denials(len(sure), len(sure) + maybe + bool(alone), tuple(sure))
