"""Makes spellings comparable: no case, no accents, the language's letters, and tokens instead of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARACTERS = 500
"""How much of a message is considered: an absence is said at its beginning, and work stays bounded."""

LETTERS = {"ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "ə": "e", "œ": "oe"}
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ´`′"), "'")
_SPACES = re.compile(r"[^\S\n]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark; `close` says that no space stood before it."""

    text: str
    close: bool

    @property
    def is_word(self) -> bool:
        """Letters only."""
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        """Digits only."""
        return self.text.isascii() and self.text.isdigit()


@lru_cache(maxsize=4096)
def _mark(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf", "Lm"}:
        return ""
    return " " if category[0] in "SC" and character not in "+&<>=|~$" else character


def fold(text: str, letters: Mapping[str, str]) -> str:
    """Return text without case, accents, emoji and direction marks, digits as 0-9, letters as the language folds them.

    Args:
        letters: what is read as what, one or several letters each (`{"aa": "a"}`), as typed in lower case or folded.
    """
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS].translate(_APOSTROPHES)).casefold()
    plain = _SPACES.sub(" ", plain)
    for written, read in letters.items():
        plain = plain.replace(written, read)
    plain = plain.replace("'", "")
    plain = "".join(LETTERS.get(c, c) for c in plain)
    decomposed = unicodedata.normalize("NFKD", plain)
    folded = unicodedata.normalize("NFC", "".join(map(_mark, decomposed)))
    for written, read in letters.items():
        folded = folded.replace(written, read)
    return folded


def tokens(folded: str) -> list[Token]:
    """Return words, numbers and marks in order; a line's end is a full stop."""
    text = folded.replace("\r", "\n").replace("\n", " . ")
    found, end = [], -1
    for match in _TOKEN.finditer(text):
        found.append(Token(match.group(), match.start() == end))
        end = match.end()
    return found
