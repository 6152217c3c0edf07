"""Takes out of a text what must not change, before it goes to an engine, and puts it back after (L3).

Names, numbers, dates, times, links, addresses, telephone numbers, classes and codes become tokens (`§1§`), which
engines leave alone. So no name ever leaves, and a translation that lost a token, or has one twice, is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.translation.days import day_and_month, rtl
from bot.translation.names import Form, finder
from bot.translation.patterns import ABSOLUTE, month_date, value_pattern

FSI, PDI = "\u2068", "\u2069"
_MARKS = r"[\s\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
TOKEN = re.compile(rf"§{_MARKS}(\d+){_MARKS}([.,:;!?؟،]?){_MARKS}§|(?<![\d§])(\d+){_MARKS}§{_MARKS}§")
"""A token, also as engines return it: with spaces, direction marks, another script's digits or a stop in it."""
_WESTERN = {base + d: str(d) for base in (0x0660, 0x06F0) for d in range(10)}
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_WORD = re.compile(r"[^\W\d_]{2}")


class Kind(StrEnum):
    """What a masked value is."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    LINK = "link"
    CLASS = "class"
    CODE = "code"
    """A telephone number, a national id, a room, a paragraph of a law: its characters matter, not its value."""


_PAIRS = frozenset({Kind.DATE, Kind.TIME})
_APART = frozenset({Kind.NAME, Kind.DATE, Kind.CLASS, Kind.CODE})
"""What would turn a sentence from right to left around, if it were not isolated."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a token stands for: as it was written, and how another language writes it when that is known."""

    kind: Kind
    text: str
    same: str
    """Equal for two values that mean the same in two languages."""
    known: str = ""
    """A name as the school writes it, where the text had it in another script or case."""
    day: tuple[int, int, int | None] | None = None
    """Day, month and year of a date whose month is a word."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with tokens, and what they stand for: token `§1§` is the first value."""

    text: str
    found: tuple[Value, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """What was taken out, as it was written."""
        return tuple(value.text for value in self.found)

    def restore(self, translated: str, target: str | None = None) -> str | None:
        """Return a translation with the values in place of their tokens, or None when a token is lost or doubled.

        Args:
            translated: what the engine made of `text`.
            target: its language, which decides how month names, names in another script and digits are written;
                without it they return as they were.
        """
        if sorted(_numbers(translated)) != list(range(1, len(self.found) + 1)) or "§" in TOKEN.sub("", translated):
            return None
        return self.patch(translated, target)

    def missing(self, translated: str) -> tuple[Value, ...]:
        """Return the values whose tokens are lost or doubled."""
        there = _numbers(translated)
        return tuple(value for number, value in enumerate(self.found, start=1) if there.count(number) != 1)

    def patch(self, translated: str, target: str | None = None) -> str:
        """Return as `restore`, but whatever tokens there are: what an interpreter is shown of a failed one."""

        def value(match: re.Match[str]) -> str:
            number = _number(match)
            if not 1 <= number <= len(self.found):
                return ""
            around = match.string[: match.start()].endswith(FSI)
            return _written(self.found[number - 1], target, isolated=around) + (match[2] or "")

        return TOKEN.sub(value, translated)

    def align(self, other: Masked) -> str | None:
        """Return a translation's masked text with tokens numbered as here: what the memory keeps.

        None when it has not the same values, or one of them twice, so that nobody can tell which is which.
        """
        places = {value.same: number for number, value in enumerate(self.found, start=1)}
        theirs = [value.same for value in other.found]
        if len(places) != len(self.found) or sorted(theirs) != sorted(places):
            return None
        return TOKEN.sub(lambda token: f"§{places[theirs[_number(token) - 1]]}§", other.text)

    @property
    def has_words(self) -> bool:
        """There is something to translate beside the tokens."""
        return _WORD.search(TOKEN.sub(" ", self.text)) is not None


def mask(text: str, names: Collection[str], language: str | None = None) -> Masked:
    """Return `text` with tokens for what must not change.

    Args:
        text: any text, also one that has `§` in it.
        names: whole names of everybody whom the text may be about; each part of them is looked for as well.
        language: the text's, if known: whether "Alego" is a case of Ali or another name. The tokens are the same.
    """
    parts: list[str] = []
    found: list[Value] = []
    last = 0
    for start, end, value in _spans(text, names, language):
        found.append(value)
        parts += [text[last:start], f"§{len(found)}§"]
        last = end
    return Masked("".join([*parts, text[last:]]), tuple(found))


def _spans(text: str, names: Collection[str], language: str | None) -> list[tuple[int, int, Value]]:
    """Return what is to be masked, in order, nothing twice: a link wins over a name in it, that over a number."""
    spans = list(_absolute(text))
    spans += _named(_without(text, spans), names, language)
    spans += _counted(_without(text, spans))
    return sorted(spans, key=lambda span: span[0])


def _without(text: str, spans: Iterable[tuple[int, int, Value]]) -> str:
    """Return a text of the same length in which what is masked already cannot be found again."""
    left = list(text)
    for start, end, _ in spans:
        left[start:end] = "\0" * (end - start)
    return "".join(left)


def _absolute(text: str) -> Iterator[tuple[int, int, Value]]:
    for match in ABSOLUTE.finditer(text):
        kind = Kind.LINK if match.lastgroup == "link" else Kind.CODE
        yield match.start(), match.end(), Value(kind, match.group(), match.group())


def _named(text: str, names: Collection[str], language: str | None) -> Iterator[tuple[int, int, Value]]:
    for name in finder(names).find(text):
        written = text[name.start : name.end]
        known = name.known if name.form is Form.OTHER_SCRIPT or (name.form and language == "pl") else ""
        yield name.start, name.end, Value(Kind.NAME, written, " ".join(name.parts).casefold(), known)


def _counted(text: str) -> Iterator[tuple[int, int, Value]]:
    for match in value_pattern().finditer(text):
        kind = Kind(str(match.lastgroup).rstrip("_12"))
        day = month_date(match)
        same = ".".join(str(int(n)) for n in (day or re.findall(r"\d+", match.group())) if n is not None)
        yield match.start(), match.end(), Value(kind, match.group(), same if kind in _PAIRS else match.group(), day=day)


def _numbers(text: str) -> list[int]:
    return [_number(match) for match in TOKEN.finditer(text)]


def _number(token: re.Match[str]) -> int:
    return int(token[1] or token[3])


def _written(value: Value, target: str | None, *, isolated: bool) -> str:
    """Return a value as `target` writes it."""
    if target is None:
        return value.text
    arabic = rtl(target)
    text = value.known if value.known and not (arabic and _ARABIC.search(value.text)) else value.text
    if value.day is not None:
        text = day_and_month(*value.day, target) or text
    if not arabic:
        return text.translate(_WESTERN)
    apart = value.kind in _APART and not isolated and not _ARABIC.search(text)
    return f"{FSI}{text}{PDI}" if apart else text
