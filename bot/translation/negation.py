"""Counts what a sentence denies, so that a lost or an added "not" is noticed. The words are each language's data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from bot.translation.lookup import Words, fold
from bot.translation.words import guard_words


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

    Words that deny once more what is denied already ("nikt nie wie", "no nuts and no eggs") may count or not.
    """
    signs = _signs(language)
    if signs is None:
        return None
    sure: list[str] = []
    alone: list[str] = []
    maybe = 0
    for match, sign in signs.find(fold(text)):
        if sign is _Sign.DENIES:
            sure.append(match[1])
        elif sign is _Sign.DENIES_ALONE:
            alone.append(match[1])
        elif sign is _Sign.MAYBE:
            maybe += 1
    if alone and not sure:
        return Denials(1, 1 + maybe, tuple(alone[:1]))
    return Denials(len(sure), len(sure) + maybe + bool(alone), tuple(sure))
