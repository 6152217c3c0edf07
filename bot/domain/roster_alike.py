"""When two spellings may mean one person. Used where a mistake would open something, so it errs on "may be"."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.domain.roster_cells import fold

CLOSE = 0.8


def words_of(name: str) -> list[str]:
    """Return the words of a name, folded."""
    return [word for word in re.split(r"[\W_]+", fold(name)) if word] or [fold(name)]


def first_word(name: str) -> str:
    """Return the word that stays when a family name changes."""
    return words_of(name)[0]


def alike(one: str, other: str) -> bool:
    """Tell whether both may be one person: nearly the same first word, or one name within the other."""
    here, there = words_of(one), words_of(other)
    if SequenceMatcher(None, here[0], there[0]).ratio() >= CLOSE:
        return True
    return set(here) <= set(there) or set(there) <= set(here)


def close(one: str, other: str) -> bool:
    """Tell whether two whole names differ by a slip of the pen."""
    return SequenceMatcher(None, fold(one), fold(other)).ratio() >= CLOSE
