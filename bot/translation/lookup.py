"""Looks for a language's words in a text: folded, whole words only, the longest phrase first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from bot.translation.days import rtl

T = TypeVar("T")

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ´`′"), "'")
_WESTERN = {base + d: str(d) for base in (0x0660, 0x06F0) for d in range(10)}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009"), " ")
_UNSEEN = dict.fromkeys((0x061C, 0x00AD, 0x200B, 0x200C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),
                         0xFEFF, 0x0640))  # fmt: skip
_PLAIN = {**_APOSTROPHES, **_WESTERN, **_SPACES, **_UNSEEN, 0x066B: ".", 0x066C: ","}
_ARABIC = {**dict.fromkeys(map(ord, "أإآٱ"), "ا"), ord("ى"): "ي", ord("ة"): "ه", **dict.fromkeys(range(0x064B, 0x0653))}


def plain(text: str) -> str:
    """Return text with digits as 0-9, plain spaces and apostrophes, and without marks that nobody sees."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return text as words are compared: plain, small letters, one form of each Arabic letter."""
    return plain(text).lower().translate(_ARABIC)


class Words(Generic[T]):
    """Words and phrases of one language, each with what it means.

    A star at a word's end or beginning stands for any letters. "…" between words for some more
    words. Arabic words are found behind "and", "so", "in", "to".

    Args:
        language: their language.
        meanings: the words with their meanings; of two alike the first one counts.
    """

    def __init__(self, language: str, meanings: Iterable[tuple[str, T]]) -> None:
        self._whole: dict[str, T] = {}
        for word, meaning in meanings:
            self._whole.setdefault(fold(word), meaning)
        forms = sorted(self._whole, key=lambda word: (-len(word.split()), -len(word)))
        self._starred = [(re.compile(_pattern(form)), self._whole[form]) for form in forms if set(form) & {"*", "…"}]
        before = "(?:[وفبلك](?=\\w{2}))??" if rtl(language) else ""
        self._find = re.compile(rf"(?<!\w){before}({'|'.join(map(_pattern, forms))})(?!\w)") if forms else None

    def find(self, folded: str) -> Iterator[tuple[re.Match[str], T]]:
        """Yield every word found in a folded text with its meaning, from left to right."""
        for match in self._find.finditer(folded) if self._find else ():
            word = " ".join(match[1].split())
            if word in self._whole:
                yield match, self._whole[word]
                continue
            yield match, next(meaning for pattern, meaning in self._starred if pattern.fullmatch(word))

    def meanings(self, folded: str) -> list[T]:
        """Return what the words found in a folded text mean, in order."""
        return [meaning for _, meaning in self.find(folded)]


def _pattern(form: str) -> str:
    """Return what matches a form: a star is any letters, "…" up to four words."""
    words = r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in form.split())
    return words.replace("\\s+…\\s+", r"\s+(?:\w+\s+){0,4}?")
