"""LIX, the Scandinavian measure of how hard a text reads (N8)."""

from __future__ import annotations

import re
from enum import StrEnum

SHORTEST_RATED = 15
"""Words; below that the figure says nothing."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:…]+(?=\s|$)|\n+")


class Readability(StrEnum):
    EASY = "easy"
    """LIX below 35: a children's book, a good letter home."""
    MIDDLING = "middling"
    """35 to 44: a newspaper."""
    HARD = "hard"
    """45 and above: an official report."""


def lix(text: str) -> int | None:
    """Return words per sentence plus the share of words over six letters in percent (Björnsson 1968).

    None for fewer than `SHORTEST_RATED` words.
    """
    words = _WORD.findall(text)
    if len(words) < SHORTEST_RATED:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part or "")) or 1
    long_words = sum(len(word) > 6 for word in words)
    return round(len(words) / sentences + 100 * long_words / len(words))


def rate(text: str) -> Readability | None:
    """Return how hard `text` reads, None when it is too short to tell."""
    value = lix(text)
    if value is None:
        return None
    if value < 35:
        return Readability.EASY
    return Readability.MIDDLING if value < 45 else Readability.HARD
