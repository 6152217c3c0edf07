"""Polish: given names and surnames change with their case ("nie ma Zuzi", "dla Kuby", "Alego nie będzie")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.understanding import DefaultRules

_SOFTER = {
    "k": "c", "g": "dz", "r": "rz", "t": "ci", "d": "dzi", "l": "l", "n": "ni", "s": "si", "z": "zi", "b": "bi",
    "p": "pi", "w": "wi", "m": "mi", "f": "fi",
}  # fmt: skip
"""How a stem's last letter goes on before the -e of dative and locative, after accents have gone."""
_MASCULINE = ("a", "owi", "em", "iem", "ie", "u", "owie")
_COUNTED = re.compile(r"(?:tyg\w*|tydzie\w*|nr|sal\w*|kl\w*|numer\w*|za|ok)\.?\s*$", re.IGNORECASE)
"""What stands before a number of that size that is no temperature."""
_VOWELS = frozenset("aeiouy")
_MAJA = re.compile(r"(?<![\d.])(?<![\d.] )\bMaja\b")
_FEVER = re.compile(
    r"(?<![\d:.,])(?P<degrees>3[6-9]|4[0-2])"
    r"(?:\s?[,.]\s?\d{1,2}\b(?!\s?(?:zł|kr|km|kg))|(?=\s*(?:°|$|[,;!]|i\b|st\b|C\b)))"
    r"(?:\s?(?:st\b\.?|°\s?C?|C\b))?"
)
"""A body's temperature: "38,5", or "39" where no unit of something else follows."""


class PolishRules(DefaultRules):
    """Adds the case endings of names."""

    def prepare(self, text: str) -> str:
        """Return text where the name Maja is not "mają" (they have), and a fever says that it is one."""
        return _FEVER.sub(_degrees, _MAJA.sub("Mayja", text))

    def name_forms(self, name: str) -> Iterable[str]:
        """Return the singular case forms of a folded name; more than there are, none of another name's."""
        if len(name) < 3:
            return ()
        if name[-1] == "a":
            return _of_stem(name[:-1])
        if name[-1] in "iy":
            return [base + ending for base in (name, name[:-1]) for ending in ("ego", "emu", "m", "im")]
        if name[-1] == "o":
            return [name[:-1] + ending for ending in ("a", "owi", "em", "iem", "u")]
        return _masculine(name) if name[-1] not in _VOWELS else ()

    def owns(self, form: str) -> bool:
        """Return whether a form may be a genitive: "brat Kuby", but not "Kubę", "Kubie"."""
        return form[-1] in "aiy" or form.endswith("ego")

    def split(self, word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        """Return "nie" and what it is written together with ("niebedzie")."""
        rest = word[3:]
        return ("nie", rest) if word.startswith("nie") and len(rest) > 2 and known(rest) else ()


def _degrees(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 12) : found.start()]
    return found.group() if _COUNTED.search(before) else f"{found['degrees']} stopni "


def _of_stem(stem: str) -> list[str]:
    """Return the forms of a name in -a: Zuzia, Zuzi; Kuba, Kuby, Kubie; Zuzka, Zuzce; Kowalska, Kowalskiej."""
    found = [stem + ending for ending in ("e", "o", "u", "i", "y")]
    if stem[-1] in "ij":
        found += [stem, stem[:-1] + "i"]
    if stem[-1] in _SOFTER:
        found.append(stem[:-1] + _SOFTER[stem[-1]] + "e")
    if stem.endswith("sk"):
        found.append(stem + "iej")
    return found


def _masculine(name: str) -> list[str]:
    """Return the forms of a name that ends in a consonant: Jakuba, Jakubowi; Tomek, Tomka; Pawel, Pawla."""
    stems = [name]
    if name[-2:] in {"ek", "ec", "el"}:
        stems.append(name[:-2] + name[-1])
    found = [stem + ending for stem in stems for ending in _MASCULINE]
    if name[-1] in _SOFTER:
        found.append(name[:-1] + _SOFTER[name[-1]] + "e")
    return found
