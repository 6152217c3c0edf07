"""Whether a word in Arabic letters may be a name that is known in Latin ones, however it was spelled (L5).

Vowels are written or left out as one likes, and several letters stand for one sound: only consonants are compared. This
is for refusing, where a name too many does no harm; what is masked stands in `names.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from itertools import groupby

_ARABIC = {
    "ب": "b", "پ": "b", "ت": "t", "ث": "t", "ج": "g", "چ": "g", "ح": "", "خ": "k", "د": "d", "ذ": "d", "ر": "r",
    "ز": "s", "ژ": "s", "س": "s", "ش": "s", "ص": "s", "ض": "d", "ط": "t", "ظ": "s", "غ": "g", "ف": "f", "ڤ": "f",
    "ق": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
"""Consonants by their sound; what is not here is a vowel, or heard as one."""
_LATIN = {
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "g", "j": "g", "k": "k", "l": "l", "m": "m", "n": "n", "p": "b",
    "q": "k", "r": "r", "s": "s", "t": "t", "v": "f", "x": "ks", "z": "s", "ł": "l", "ß": "s",
}  # fmt: skip
_PREFIXES = ("وال", "بال", "ال", "و", "ب", "ل", "ف", "ك")
"""What Arabic writes together with the word after it."""
_LEAST = 3
"""Consonants from which on two words that share them are taken for the same name."""


def skeletons(word: str) -> set[str]:
    """Return the consonants of a word in Arabic or Latin letters, each run of one as one.

    A Latin "w" is a vowel in some languages and an f-sound in others: both are returned.
    """
    decomposed = unicodedata.normalize("NFD", word.casefold())
    letters = [letter for letter in decomposed if not unicodedata.combining(letter)]
    return {"".join(sound for sound, _ in groupby("".join(_sound(letter, w) for letter in letters))) for w in ("", "f")}


def _sound(letter: str, w: str) -> str:
    return w if letter == "w" else _ARABIC.get(letter, _LATIN.get(letter, ""))


def may_name(word: str, names: Collection[str]) -> bool:
    """Tell whether a word in Arabic letters may be a part of one of these names (whole names, in Latin letters)."""
    parts = {part for name in names for part in name.replace("-", " ").split()}
    known = {found for part in parts for found in skeletons(part) if len(found) >= _LEAST}
    return any(known & skeletons(one) for one in _without_prefixes(word))


def _without_prefixes(word: str) -> list[str]:
    return [word, *(word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))]
