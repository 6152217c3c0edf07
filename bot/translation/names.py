"""Finds people's names in free text, in the forms in which the languages write them.

Names are what the school knows: "Kari Nordmann" is found whole, and "Kari" or "Nordmann" alone. A Norwegian or English
genitive ("Alis", "Ali's") stays beside the name, so do Arabic words written together with it ("لعلي"). A Polish case
("Alego", "Zuzi") and an Arabic spelling of a name in Latin letters ("علي") are the name itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from bot.i18n.registry import languages
from bot.translation.words import guard_words

_MIN = 2
"""Letters that a name's part needs to be looked for: an initial is none."""
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_MARKS = "[\u064b-\u0652\u0670\u0640]*"
"""Vowel signs and the stretching line, which may stand after any Arabic letter."""
_BEFORE_LATIN = r"(?:(?<!\w)|(?<=(?<!\w)[وفبلك]))"
_BEFORE = r"(?:(?<!\w)|(?<=(?<!\w)[وفبلك])|(?<=(?<!\w)[وف][بلك]))"
"""What an Arabic name may be written together with: and, so, in, to, as."""
_SOFTER = {
    "k": "c", "g": "dz", "r": "rz", "t": "ci", "d": "dzi", "l": "l", "ł": "l", "n": "ni", "s": "si", "z": "zi",
    "b": "bi", "p": "pi", "w": "wi", "m": "mi", "f": "fi",
}  # fmt: skip
"""How a stem's last letter goes on before the Polish -e."""
_ALIKE = {"ø": "oe", "å": "aa", "æ": "ae", "ä": "ae", "ö": "oe", "ü": "ue", "ł": "l", "đ": "d", "ß": "ss"}
_VOWELS = frozenset("aeiouyąęóåæøäöüé")


class Form(IntEnum):
    """How a name stands in a text, compared with how the school writes it."""

    AS_KNOWN = 0
    POLISH_CASE = 1
    OTHER_SCRIPT = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text: where, and as the school writes it (each part of it in `parts`)."""

    start: int
    end: int
    known: str
    parts: tuple[str, ...]
    form: Form


class NameFinder:
    """Looks for the given names. Making one costs; `finder` keeps them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known: dict[str, tuple[str, Form]] = {}
        latin, arabic = self._forms(_parts(names))
        one = [rf"{_BEFORE_LATIN}(?:{_either(latin)})(?=s?(?!\w))"] if latin else []
        one += [rf"{_BEFORE}(?:{_either(arabic)})(?!\w)"] if arabic else []
        self._part = re.compile("|".join(one), re.IGNORECASE) if one else None
        self._everyday = {word for code in languages() for word in guard_words(code).like_names}

    def _forms(self, parts: Collection[str]) -> tuple[list[str], list[str]]:
        """Return the patterns of all forms in Latin and in Arabic letters; remember what each means."""
        latin: list[str] = []
        arabic: list[str] = []
        for part in parts:
            if _ARABIC.search(part):
                arabic.append(self._learn(part, part, Form.AS_KNOWN))
                continue
            latin.extend(self._learn(form, part, Form.AS_KNOWN) for form in _spellings(part))
            arabic.extend(self._learn(form, part, Form.OTHER_SCRIPT) for form in _in_arabic(part))
        for part in parts:
            latin.extend(self._learn(form, part, Form.POLISH_CASE) for form in polish_forms(part))
        return [*map(re.escape, latin)], [_MARKS.join(map(re.escape, form)) + _MARKS for form in arabic]

    def _learn(self, form: str, known: str, how: Form) -> str:
        self._known.setdefault(_plain(form), (known, how))
        return form

    def find(self, text: str) -> Iterator[Found]:
        """Yield every name in order; parts that stand side by side are one."""
        if self._part is None:
            return
        open_: Found | None = None
        for match in self._part.finditer(text):
            one = self._found(match)
            if one is None:
                continue
            if open_ and text[open_.end : one.start] in (" ", "-", "\u00a0"):
                between = text[open_.end : one.start]
                known = open_.known + between + one.known
                open_ = Found(open_.start, one.end, known, open_.parts + one.parts, max(open_.form, one.form))
                continue
            if open_:
                yield open_
            open_ = one
        if open_:
            yield open_

    def _found(self, match: re.Match[str]) -> Found | None:
        word = match.group()
        if word in self._everyday:
            return None
        known, form = self._known.get(_plain(word), (word, Form.AS_KNOWN))
        return Found(match.start(), match.end(), known, (known,), form)


@lru_cache(maxsize=256)
def _finder(names: frozenset[str]) -> NameFinder:
    return NameFinder(sorted(names))


def finder(names: Collection[str]) -> NameFinder:
    """Return what finds these names."""
    return _finder(frozenset(names))


def polish_forms(name: str) -> Iterator[str]:
    """Yield the Polish case forms of a name: Alego, Zuzi, Tomka, Kowalskiej; more than there are."""
    if len(name) < 3 or _ARABIC.search(name):
        return
    last = name[-1].lower()
    if last == "a":
        yield from _of_stem(name[:-1])
    elif last in "iy":
        for base in (name, name[:-1]):
            yield from (base + ending for ending in ("ego", "emu", "m"))
    elif last == "o":
        yield from (name[:-1] + ending for ending in ("a", "owi", "em", "iem"))
    elif last not in _VOWELS:
        yield from _of_consonant(name)


def _of_stem(stem: str) -> Iterator[str]:
    yield from (stem + ending for ending in ("ę", "ą", "o", "y", "i"))
    if stem[-1:].lower() in {"i", "j"}:
        yield from (stem, stem[:-1] + "i")
    if stem[-1:].lower() in _SOFTER:
        yield stem[:-1] + _SOFTER[stem[-1].lower()] + "e"
    if stem.endswith("sk"):
        yield stem + "iej"


def _of_consonant(name: str) -> Iterator[str]:
    stems = [name]
    if name[-2:].lower() in {"ek", "ec", "eł", "el"}:
        stems.append(name[:-2] + name[-1])
    for stem in stems:
        yield from (stem + ending for ending in ("a", "owi", "em", "iem"))
    if name[-1].lower() in _SOFTER:
        yield name[:-1] + _SOFTER[name[-1].lower()] + "e"


def _parts(names: Iterable[str]) -> list[str]:
    """Return the words of all names, the given spelling of each once."""
    found = (part.strip(".,'’\"()") for name in names for part in re.split(r"[\s\u00a0]+|(?<=\w)-(?=\w)", name))
    words = [part for part in found if len(part) >= _MIN and any(map(str.isalpha, part))]
    return list(dict.fromkeys(unicodedata.normalize("NFC", word) for word in words))


def _spellings(part: str) -> Iterator[str]:
    """Yield a name as it stands, without its accents, and with letters that other keyboards lack."""
    yield part
    without = "".join(c for c in unicodedata.normalize("NFD", part) if not unicodedata.combining(c))
    yield unicodedata.normalize("NFD", part)
    yield without
    for one in (part, without):
        yield "".join(_ALIKE.get(c, _ALIKE.get(c.lower(), c).title() if c.lower() in _ALIKE else c) for c in one)
        yield one.translate(str.maketrans("øØåÅłŁđĐ", "oOaAlLdD"))


def _in_arabic(part: str) -> Iterator[str]:
    for code in languages():
        yield from guard_words(code).names.get(_plain(part), ())


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Return a name as it is compared: small letters, no vowel signs."""
    return re.sub(_MARKS, "", unicodedata.normalize("NFC", word).casefold())


def _either(forms: Iterable[str]) -> str:
    return "|".join(sorted(dict.fromkeys(forms), key=len, reverse=True))
