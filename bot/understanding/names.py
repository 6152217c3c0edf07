"""Finds the guardian's own children in a sentence: given names, parts of them, short forms, endings, slips."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.understanding.model import ChildName
from bot.understanding.spelling import Speller

_PARTS = re.compile(r"[^\W\d_]+", re.UNICODE)
_LAST_VOWEL = frozenset("aeioy")


@dataclass(frozen=True, slots=True)
class Named:
    """Children whom a name in a sentence fits; several ids of one name mean that it fits several.

    Attributes:
        sure: meant for certain.
        unsure: groups of ids of which one is meant.
        owner: the name's form says that something or someone of theirs is spoken of.
        owned_by: the name's form may follow what is theirs ("brat Kuby"); the name as such never does.
    """

    sure: tuple[int, ...] = ()
    unsure: tuple[int, ...] = ()
    owner: bool = False
    owned_by: bool = False


@dataclass(frozen=True, slots=True)
class NameRules:
    """How names change in one language.

    Attributes:
        fold: as sentences are folded.
        forms: the language's own spellings of a folded name.
        endings: what a name may take; `owners` those that make it an owner.
        short_names: folded given name → short forms.
        owns: whether a form of a name may stand after what is the bearer's.
        is_word: whether a form is a word of the language, and therefore not a name unless the roster says so.
    """

    fold: Callable[[str], str]
    forms: Callable[[str], Iterable[str]]
    endings: tuple[str, ...]
    owners: frozenset[str]
    short_names: dict[str, tuple[str, ...]]
    owns: Callable[[str], bool]
    is_word: Callable[[str], bool]


class NameTable:
    """The spellings of the given children's names. Made once for each set of children and language."""

    def __init__(self, children: Sequence[ChildName], rules: NameRules) -> None:
        self._given: dict[str, set[int]] = defaultdict(set)
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._family: dict[str, set[int]] = defaultdict(set)
        self._owners: set[str] = set()
        self._plain: set[str] = set()
        self._rules = rules
        exact: dict[str, set[int]] = defaultdict(set)
        for child in children:
            parts = _PARTS.findall(rules.fold(child.name))
            given, family = (parts[:-1], parts[-1:]) if len(parts) > 1 else (parts, [])
            if len(given) == 1:
                self._whole[given[0]].add(child.id)
            for part in given:
                exact[part].add(child.id)
                self._add(self._given, part, child.id)
            for part in family:
                self._add(self._family, part, child.id)
        # A name as it stands in the roster is that child's, though it is also a form of another's.
        for part, ids in exact.items():
            self._given[part] = set(ids)
        self._speller = Speller(exact, min_letters=4)

    def _add(self, table: dict[str, set[int]], part: str, child: int) -> None:
        bases = {part, *self._rules.short_names.get(part, ())}
        self._plain |= bases
        for base in bases:
            table[base].add(child)
            endings = {base + ending: ending for ending in self._rules.endings}
            for form in {*endings, *self._rules.forms(base)} - bases:
                if not self._rules.is_word(form):
                    table[form].add(child)
                    if endings.get(form) in self._rules.owners:
                        self._owners.add(form)

    def knows(self, word: str) -> bool:
        """Whether a word is a spelling of a child's given name."""
        return word in self._given

    def repaired(self, word: str) -> str | None:
        """Return the spelling of a name that a word is one slip away from, if only one child's is."""
        near = {form for form in self._speller.near(word) if not self._another_name(form, word)}
        ids = {frozenset(self._given[form]) for form in near}
        return min(near) if len(ids) == 1 else None

    @staticmethod
    def _another_name(form: str, word: str) -> bool:
        """Whether two spellings differ in their last vowel only: Sofie and Sofia are two people."""
        return len(form) == len(word) and form[:-1] == word[:-1] and {form[-1], word[-1]} <= _LAST_VOWEL

    def read(self, words: Sequence[str]) -> tuple[Named, int] | None:
        """Return the child or children that the name at the beginning of `words` fits, and how many words it has."""
        if not words or words[0] not in self._given:
            return None
        ids, used = set(self._given[words[0]]), 1
        for word in words[1:4]:
            fitting = ids & (self._given.get(word, set()) | self._family.get(word, set()))
            if not fitting:
                break
            ids, used = fitting, used + 1
        if len(ids) > 1 and used == 1 and len(self._whole.get(words[0], set()) & ids) == 1:
            ids &= self._whole[words[0]]
        owner = words[used - 1] in self._owners
        last = words[used - 1]
        owned_by = last not in self._plain and self._rules.owns(last)
        found = tuple(sorted(ids))
        sure, unsure = (found, ()) if len(ids) == 1 else ((), found)
        return Named(sure, unsure, owner=owner, owned_by=owned_by), used
