"""Finds the word that was meant: one slip of the finger away, and only if there is just one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

MIN_LETTERS = 5
"""Shorter words have too many neighbours ("syk" and "sky", "sick" and "pick")."""


def one_slip(a: str, b: str) -> bool:
    """Whether two different words are one letter added, missing or changed, or two neighbours swapped, apart.

    One letter for another makes a different word of a short one too often ("محمود", "محموم").
    """
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    i = 0
    shorter = min(len(a), len(b))
    while i < shorter and a[i] == b[i]:
        i += 1
    if len(a) > len(b):
        return a[i + 1 :] == b[i:]
    if len(b) > len(a):
        return a[i:] == b[i + 1 :]
    other_letter = a[i + 1 :] == b[i + 1 :] and len(a) > MIN_LETTERS
    return other_letter or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])


def _shorter(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


class Speller:
    """Knows words of at least `MIN_LETTERS` letters and finds the one that a misspelt word means."""

    def __init__(self, words: Iterable[str], min_letters: int = MIN_LETTERS) -> None:
        self._min = min_letters
        self._by_shorter: dict[str, set[str]] = defaultdict(set)
        for word in words:
            if len(word) >= min_letters:
                for key in (word, *_shorter(word)):
                    self._by_shorter[key].add(word)

    def near(self, word: str) -> set[str]:
        """Return the known words one slip away that begin with the same letter, or with the first two swapped."""
        if len(word) < self._min - 1:
            return set()
        keys = (word, *_shorter(word))
        found = set[str]().union(*(self._by_shorter.get(key, ()) for key in keys))
        return {w for w in found if w[0] in word[:2] and word[0] in w[:2] and one_slip(w, word)}


def without_repeats(word: str) -> str:
    """Return a word with each run of one letter written once ("syyyk" → "syk")."""
    return "".join(c for i, c in enumerate(word) if i == 0 or word[i - 1] != c)
