"""In which language somebody probably wrote: the chosen one, unless its letters say that it cannot be that one (B1)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

LATIN = "LATIN"
_SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "ru": "CYRILLIC", "uk": "CYRILLIC", "ti": "ETHIOPIC"}
"""Every other language of ours is written in Latin letters."""
_SURE = 0.8
"""The share of letters that must be of another script: a name or an abbreviation says nothing."""
_ENOUGH = 4
"""Letters; "OK" is written in every language."""


def script_of(language: str) -> str:
    """Return the script of a language, by the name that begins its letters' names in Unicode."""
    return _SCRIPTS.get(language, LATIN)


def written_language(text: str, chosen: str, others: Iterable[str]) -> str:
    """Return the language that a text is to be translated from.

    That is the one the person has chosen, as long as it can be written in these letters. Otherwise it is the first of
    `others` (the school's own first) that can; what nobody knows stays with the choice.
    """
    letters = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha())
    total = letters.total()
    if total < _ENOUGH:
        return chosen
    script, count = letters.most_common(1)[0]
    if script == script_of(chosen) or count < total * _SURE:
        return chosen
    return next((one for one in others if script_of(one) == script), chosen)
