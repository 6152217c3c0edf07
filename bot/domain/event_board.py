"""An event in figures that tell of no single home (M1, M7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.events import SMALL_GROUP


@dataclass(frozen=True, slots=True)
class LanguageGroups:
    """Homes by language, the largest group first; `others` are counted together, 0 when there are none to tell of."""

    shown: tuple[tuple[str, int], ...] = ()
    others: int = 0


def group_languages(homes: Mapping[str, int], least: int = SMALL_GROUP) -> LanguageGroups:
    """Count languages with fewer than `least` homes together (M7).

    If that leaves so few others that a home could be told by subtraction, the next smallest language joins them. When
    no language is left to be named, nothing is told.
    """
    named = sorted(((n, code) for code, n in homes.items() if n >= least), key=lambda one: (-one[0], one[1]))
    others = sum(n for n in homes.values() if 0 < n < least)
    while 0 < others < least and named:
        others += named.pop()[0]
    if not named:
        return LanguageGroups()
    return LanguageGroups(tuple((code, n) for n, code in named), others)


def count_homes(invited: Iterable[tuple[str, int, Collection[int]]]) -> dict[str, int]:
    """Return the homes of each language, from (language, person, pupils).

    People who share a pupil and a language are one home; somebody invited by role is one alone.
    """
    parents: dict[tuple[str, str, int], tuple[str, str, int]] = {}

    def root(node: tuple[str, str, int]) -> tuple[str, str, int]:
        while parents.setdefault(node, node) != node:
            node = parents[node]
        return node

    for language, person, pupils in invited:
        first, *others = [(language, "pupil", one) for one in pupils] or [(language, "person", person)]
        for other in [first, *others]:
            parents[root(other)] = root(first)
    return dict(Counter(node[0] for node, up in parents.items() if up == node))
