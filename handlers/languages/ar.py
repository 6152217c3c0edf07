"""Arabic: names of the roster (Latin letters) in Arabic letters, and small words written together with the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

from bot.understanding import DefaultRules

MAX_SPELLINGS = 3000
"""Of one name; longer names have more, of which the likely ones come first."""

_LETTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kh", ("خ",)), ("sh", ("ش",)), ("ch", ("ش", "تش", "خ")), ("gh", ("غ",)), ("th", ("ث", "ت")),
    ("dh", ("ذ", "ض", "ظ")), ("ph", ("ف",)), ("ck", ("ك",)),
    ("b", ("ب",)), ("p", ("ب",)), ("t", ("ت", "ط")), ("j", ("ج", "ي")), ("h", ("ه", "ح")), ("d", ("د", "ض")),
    ("r", ("ر",)), ("z", ("ز", "ظ")), ("s", ("س", "ص")), ("f", ("ف",)), ("v", ("ف",)), ("q", ("ق",)),
    ("k", ("ك", "ق")), ("c", ("ك", "س")), ("g", ("غ", "ج", "ق")), ("l", ("ل",)), ("m", ("م",)), ("n", ("ن",)),
    ("w", ("و",)), ("x", ("كس",)), ("y", ("ي",)),
)  # fmt: skip
_FIRST = {"a": ("ا", "ع"), "e": ("ا", "اي", "ع"), "i": ("ا", "اي", "ع"), "o": ("ا", "او", "ع"), "u": ("ا", "او", "ع")}
_WITHIN = {"a": ("", "ا"), "e": ("", "ي"), "i": ("ي", ""), "o": ("و", ""), "u": ("", "و")}
_LAST = {"a": ("ا", "ه", "ي"), "e": ("ي", "ا", "ه"), "i": ("ي",), "o": ("و",), "u": ("و",)}
_LONG = (
    ("aa", ("ا",)), ("ee", ("ي",)), ("ii", ("ي",)), ("ie", ("ي",)), ("ei", ("ي",)), ("ai", ("ي", "اي")),
    ("ay", ("ي", "اي")), ("ey", ("ي",)), ("oo", ("و",)), ("ou", ("و",)), ("uu", ("و",)), ("au", ("و", "او")),
    ("aw", ("و", "او")),
)  # fmt: skip
_ONTO = re.compile(r"(?<=\S)(\s+)على(?=\s)")
_NOT_OWNED = ("ال", "ي", "ت", "ن", "بي", "بت", "سي", "ست", "هي", "هت", "حي", "حت")
_PREFIXED = ("ي", "ت", "بي", "بت", "سي", "ست", "هي", "هت", "حي", "حت")
_PLURAL = ("وا", "ون", "و")
_DROPPED = ("وال", "بال", "فال", "كال", "عال", "هال", "ال", "ب", "ك", "ه", "ع", "س", "ح")
"""Article, "in", "as", "this", "to the", and the small words for what will be, before a word."""


class ArabicRules(DefaultRules):
    """Adds spellings of Latin names, and takes prefixes and the endings of several people off."""

    def prepare(self, text: str) -> str:
        """Return text in which "على" (on) cannot be taken for the name Ali."""
        return _ONTO.sub(r"\1عل", text)

    def name_forms(self, name: str) -> Iterable[str]:
        """Return the spellings in Arabic letters of a folded Latin name."""
        return _spellings(name) if name.isascii() else ()

    def owns(self, form: str) -> bool:  # noqa: ARG002 - every name stands after a noun as it is
        """Return yes: "فريق علي" is Ali's team."""
        return True

    def ownable(self, word: str) -> bool:
        """Return no for a word with its article ("الباص"), and for what looks like a verb."""
        return not word.startswith(_NOT_OWNED)

    def split(self, word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        """Return "and" or "until" apart from the word that they are written with, and a word without its article."""
        return _split(word, known, 3) or _not_so(word, known) or _of_several(word, known)


def _split(word: str, known: Callable[[str], bool], depth: int) -> tuple[str, ...]:
    if depth == 0 or len(word) < 2:
        return ()
    if known(word):
        return (word,)
    for prefix, written in (("و", "و"), ("ف", "ف"), ("لل", "ل"), ("ل", "ل")):
        rest = word.removeprefix(prefix)
        if rest != word and (found := _with_article(rest, known) or _split(rest, known, depth - 1)):
            return (written, *found)
    for prefix in _DROPPED:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > 1 and (found := _with_article(rest, known) or _split(rest, known, depth - 1)):
            return found
    return ()


def _not_so(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return "not" and the word that "م…ش" around it denies ("مبيجيش")."""
    if len(word) < 5 or word[0] != "م" or word[-1] != "ش":
        return ()
    found = next((f for start in (2, 1) if (f := _split(word[start:-1], known, 2))), ())
    return ("ما", *found) if found else ()


def _of_several(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return a verb without the ending for several people ("يداومون")."""
    stems = [word.removesuffix(ending) for ending in _PLURAL if word.startswith(_PREFIXED) and word.endswith(ending)]
    return next((found for stem in stems if len(stem) > 2 and (found := _split(stem, known, 2))), ())


def _with_article(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    return next(((form,) for form in (word, "ال" + word) if len(word) > 1 and known(form)), ())


@lru_cache(maxsize=2048)
def _spellings(name: str) -> tuple[str, ...]:
    parts = list(_sounds(re.sub(r"([^aeiou])\1", r"\1", name)))
    return tuple(form for form in islice(map("".join, product(*parts)), MAX_SPELLINGS) if len(form) > 1)


def _sounds(name: str) -> Iterator[tuple[str, ...]]:
    place = 0
    while place < len(name):
        long = next((pair for pair in _LONG if name.startswith(pair[0], place)), None)
        if long and place and not (place + 2 == len(name) and long[0] == "aa"):
            yield long[1]
            place += 2
            continue
        found = next((pair for pair in _LETTERS if name.startswith(pair[0], place)), None)
        if found:
            yield found[1]
            place += len(found[0])
            continue
        vowel = name[place]
        table = _FIRST if place == 0 else _LAST if place == len(name) - 1 else _WITHIN
        yield table.get(vowel, ("",))
        place += 1
