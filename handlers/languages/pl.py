"""Polish: given names and surnames change with their case ("nie ma Zuzi", "dla Kuby", "Alego nie będzie")."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.understanding import DefaultRules

_SOFTER = {
    "k": "c", "g": "dz", "r": "rz", "t": "ci", "d": "dzi", "l": "l", "n": "ni", "s": "si", "z": "zi", "b": "bi",
    "p": "pi", "w": "wi", "m": "mi", "f": "fi",
}  # fmt: skip
"""How a stem's last letter goes on before the -e of dative and locative, after accents have gone."""
_MASCULINE = ("a", "owi", "em", "iem", "ie", "u", "owie")
_VOWELS = frozenset("aeiouy")


class PolishRules(DefaultRules):
    """Adds the case endings of names."""

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
