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
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
"""Vowel signs and the stretching line, which may stand after any Arabic letter."""
_COMBINING = "".join(chr(c) for c in range(0x300, 0x1900) if unicodedata.category(chr(c)) in {"Mn", "Mc"})
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_COMBINING}\u0640]|['’](?=[^\W\d_]))*")
"""Letters with their marks, also with an apostrophe between them."""
_PREFIXES = "وفبلك"
"""What an Arabic name may be written together with: and, so, in, to, as."""
_BETWEEN = frozenset({" ", "-", "\u00a0"})
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
    """Looks for the given names, however many. `finder` keeps those last made.

    Args:
        names: whole names; each part of them is looked for.
    """

    def __init__(self, names: Iterable[str]) -> None:
        parts = _parts(names)
        self._known: dict[str, tuple[str, Form]] = {}
        for part in parts:
            self._known.update((form, (part, how)) for form, how in _forms(part) if form not in self._known)
        self._known.update((_plain(part), (part, Form.AS_KNOWN)) for part in parts)
        self._everyday = {word for code in languages() for word in guard_words(code).like_names}

    def find(self, text: str) -> Iterator[Found]:
        """Yield every name in order; parts that stand side by side are one."""
        open_: Found | None = None
        for one in self._each(text):
            between = text[open_.end : one.start] if open_ else None
            if open_ and between in _BETWEEN:
                known = f"{open_.known}{between}{one.known}"
                open_ = Found(open_.start, one.end, known, open_.parts + one.parts, max(open_.form, one.form))
                continue
            if open_:
                yield open_
            open_ = one
        if open_:
            yield open_

    def _each(self, text: str) -> Iterator[Found]:
        for word in _WORD.finditer(text) if self._known else ():
            for start, end in _cuts(word.group()):
                known = self._known.get(_plain(word.group()[start:end]))
                if known is not None and self._is_name(word.group()[start:end], known[1]):
                    yield Found(word.start() + start, word.start() + end, known[0], (known[0],), known[1])
                    break

    def _is_name(self, word: str, form: Form) -> bool:
        """Whether a word that may be a name is one: "dag", and "idzie" (a case of Ida), are so with a capital only."""
        return word not in self._everyday and not (form is Form.POLISH_CASE and word[0].islower())


def _cuts(word: str) -> Iterator[tuple[int, int]]:
    """Yield where a name may begin and end in a word: all of it, without a genitive, without an Arabic prefix."""
    size = len(word)
    ends = [size]
    if "'" in word or "’" in word:
        ends.append(min(place for place in map(word.find, "'’") if place > 0))
    if word[-1] in "sS":
        ends.append(size - 1)
    starts = [0]
    if word[0] in _PREFIXES and size > 1:
        starts += [1, 2] if word[1] in _PREFIXES else [1]
    yield from ((start, end) for start in starts for end in ends if end - start >= _MIN)


@lru_cache(maxsize=16384)
def _forms(part: str) -> tuple[tuple[str, Form], ...]:
    """Return how a part of a name may stand in a text, as it is compared."""
    if _ARABIC.search(part):
        return ((_plain(part), Form.AS_KNOWN),)
    found = {_plain(form): Form.POLISH_CASE for form in polish_forms(part)}
    found |= {_plain(form): Form.OTHER_SCRIPT for form in _in_arabic(part)}
    found |= {_plain(form): Form.AS_KNOWN for form in _spellings(part)}
    return tuple(found.items())


@lru_cache(maxsize=64)
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
        yield from (base + ending for base in (name, name[:-1]) for ending in ("ego", "emu"))
        yield name + "m"
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
    return _MARKS.sub("", unicodedata.normalize("NFC", word).casefold())
