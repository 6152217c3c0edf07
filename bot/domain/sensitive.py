"""What is too sensitive for a chat: finding it in a text, without a database and without a language's own words (P5).

Nothing here judges a text: it finds a national identity number, or words of a list, and says of which kind they are.
Whoever wrote it decides what happens next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MASK = "●●●"
"""What stands where a number stood."""


class SensitiveKind(StrEnum):
    """Of which kind something sensitive is; the person is told the kind, never the words."""

    IDENTITY_NUMBER = "identity_number"
    """A Norwegian national identity number or D-number."""
    HEALTH = "health"
    """A diagnosis, a medicine, who treats it."""
    CHILD_PROTECTION = "child_protection"
    VIOLENCE = "violence"
    """Violence and abuse."""
    SUICIDE = "suicide"
    """Suicide and self-harm."""
    FAMILY = "family"
    """Divorce, custody, prison, a secret address."""


IN_DANGER = frozenset({SensitiveKind.VIOLENCE, SensitiveKind.SUICIDE})
"""Kinds after which the telephone numbers for help now are shown."""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Something sensitive in a text; `start` and `end` are known of identity numbers only, else 0."""

    kind: SensitiveKind
    start: int = 0
    end: int = 0


# --- national identity numbers ------------------------------------------------------------------

_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(
    r"[ \t\u00a0\u2009\u202f.\-\u2010-\u2013/:\u200e\u200f\u202a-\u202e\u2066-\u2069]{1,3}", re.UNICODE
)
"""What people write between the parts of a number; a new line begins another number."""
_SHAPES = frozenset({(11,), (6, 5), (2, 2, 2, 5), (6, 3, 2), (2, 2, 2, 3, 2), (9, 2)})
"""How people divide such a number. Telephones and bank accounts are divided otherwise (8, 3-2-3, 4-2-5)."""
_LENGTH = 11


def find_identity_numbers(text: str, is_one: Callable[[str], bool]) -> tuple[Sensitive, ...]:
    """Return where national identity numbers stand in a text, in whatever digits and divided as people do.

    Args:
        is_one: tells of eleven ASCII digits whether date and control digits fit.
    """
    groups = [(match.start(), match.end(), match.group()) for match in _DIGITS.finditer(text)]
    found: list[Sensitive] = []
    for first in range(len(groups)):
        window = _window(text, groups, first)
        if window is None or (found and window[0] < found[-1].end):
            continue
        start, end, number = window
        if is_one(number):
            found.append(Sensitive(SensitiveKind.IDENTITY_NUMBER, start, end))
    return tuple(found)


def _window(text: str, groups: Sequence[tuple[int, int, str]], first: int) -> tuple[int, int, str] | None:
    """Return eleven digits that begin with a group, as (start, end, digits); None when they are none or a telephone."""
    start = groups[first][0]
    if start > 0 and text[start - 1] == "+":
        return None  # a telephone number with its country
    shape: list[int] = []
    digits, end = "", start
    for begins, ends, group in groups[first:]:
        if shape and not _BETWEEN.fullmatch(text[end:begins]):
            return None
        shape.append(len(group))
        digits, end = digits + group, ends
        if len(digits) >= _LENGTH:
            break
    if tuple(shape) not in _SHAPES:
        return None
    return start, end, "".join(str(unicodedata.decimal(digit)) for digit in digits)


def without_numbers(text: str, found: Iterable[Sensitive]) -> str:
    """Return a text with its identity numbers masked; nothing else is changed."""
    numbers = [one for one in found if one.kind is SensitiveKind.IDENTITY_NUMBER]
    for one in sorted(numbers, key=lambda one: one.start, reverse=True):
        text = text[: one.start] + MASK + text[one.end :]
    return text


# --- words --------------------------------------------------------------------------------------

_LETTERS = {"ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "ə": "e", "œ": "oe"}
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ´`′'"))


def fold(text: str, letters: Mapping[str, str]) -> str:
    """Return a text as it is compared: no case, accents, marks and vowel signs, letters as the language folds them."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    for written, read in letters.items():
        plain = plain.replace(written, read)
    plain = "".join(_LETTERS.get(c, c) for c in plain)
    decomposed = unicodedata.normalize("NFKD", plain)
    folded = "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Lm"})
    for written, read in letters.items():
        folded = folded.replace(written, read)
    return folded


class Lexicon:
    """The sensitive words of one language, ready to be looked for.

    Args:
        words: by kind: words and phrases; `*` at the end or beginning of a word stands for any letters there.
        leave: phrases that only look like one of them and are looked at first ("a sign", not "divorced").
        letters: what is read as what, as in `phrases.yaml`.
        prefixes: what may stand before a word without a space, such as the Arabic article.
    """

    def __init__(
        self,
        words: Mapping[SensitiveKind, Sequence[str]],
        *,
        leave: Sequence[str] = (),
        letters: Mapping[str, str] | None = None,
        prefixes: Sequence[str] = (),
    ) -> None:
        self._letters = dict(letters or {})
        before = "|".join(re.escape(fold(one, self._letters)) for one in prefixes)
        self._before = f"(?:{before})?" if before else ""
        self._leave = self._compiled(leave)
        self._words = {kind: pattern for kind, some in words.items() if (pattern := self._compiled(some)) is not None}

    def find(self, text: str) -> tuple[SensitiveKind, ...]:
        """Return the kinds of sensitive words in a text, in the order of `SensitiveKind`."""
        folded = fold(text, self._letters)
        if self._leave is not None:
            folded = self._leave.sub(" ", folded)
        return tuple(kind for kind in SensitiveKind if kind in self._words and self._words[kind].search(folded))

    def _compiled(self, phrases: Sequence[str]) -> re.Pattern[str] | None:
        if not phrases:
            return None
        bodies = "|".join(self._body(phrase) for phrase in phrases)
        return re.compile(rf"(?<!\w){self._before}(?:{bodies})(?!\w)")

    def _body(self, phrase: str) -> str:
        words = fold(phrase, self._letters).split()
        return r"[\s\-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
