"""Finds whom a clause is about: own children, "he", all of them, or somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.understanding.clauses import Clause
from bot.understanding.lexicon import Lexicon
from bot.understanding.names import Named
from bot.understanding.patterns import Item, Kind, Match


class Who(StrEnum):
    """Whom something is said about."""

    OWN = "own"
    ALL = "all"
    HE = "he"
    """A pronoun, or "my son": one of the guardian's own, not named here."""
    NOBODY = "nobody"
    """Nobody is mentioned."""
    OTHER = "other"


UNNAMED = Named()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom something is said about, with the name if it is one."""

    who: Who
    named: Named = UNNAMED
    stranger: bool = False


NOBODY = Subject(Who.NOBODY)
OTHER = Subject(Who.OTHER)
STRANGER = Subject(Who.OTHER, stranger=True)
"""A word that nobody knows, before a verb: a strange name, most likely."""
_THINGS = frozenset({"elsewhere", "other_reason"})
"""Groups whose words, with an owner, name what is not the child."""
_NO_STATE = _THINGS | {"others", "trap", "appointment", "question", "condition", "self", "quoted"}
"""Groups that such a word may stand in besides (not "Sara's running late")."""
OBJECTS = frozenset({"keep", "fetch"})
"""Groups whose child is the object: the writer, or anybody, does it."""
_GROUPS = {"pronoun": Who.HE, "child": Who.HE, "both": Who.ALL, "self": Who.OTHER, "others": Who.OTHER}


class SubjectFinder:
    """Looks for the subject of one clause's signals."""

    def __init__(self, clause: Clause, lexicon: Lexicon) -> None:
        self._clause = clause
        self._lexicon = lexicon
        self._groups: dict[int, str] = {}
        self._covered: set[int] = set()
        for signal in clause.signals:
            self._covered.update(signal.places)
            if signal.group in _GROUPS:
                self._groups.update(dict.fromkeys(signal.places, signal.group))

    def of(self, signal: Match) -> Subject:
        """Return whom `signal` is said about: who stands in its slot, before it, else after it."""
        for place in signal.slots:
            item = self._clause.items[place]
            if isinstance(item.value, Named):
                return Subject(Who.OWN, item.value)
        if signal.group in OBJECTS or (signal.group == "well" and self._by_writer(signal)):
            return self._object()
        return self._before(signal) or self._within(signal) or self._after(signal) or NOBODY

    def _by_writer(self, signal: Match) -> bool:
        """Whether the writer does it: "we are sending her in"."""
        return any(self._groups.get(place) == "self" for place in range(signal.start))

    def _object(self) -> Subject:
        """Return the own child that something is done with; with a strange word instead it may be any thing."""
        places = range(len(self._clause.items))
        found = [subject for place in places if (subject := self._at(place)) is not None]
        own = [subject for subject in found if subject.who is not Who.OTHER]
        strange = any(self.unknown(place) or self._groups.get(place) == "others" for place in places)
        return own[-1] if own else OTHER if strange else NOBODY

    def _within(self, signal: Match) -> Subject | None:
        """Return who stands in a gap of the signal: "kommer Noah ikke"."""
        gaps = [place for place in range(signal.start, signal.end) if place not in signal.places]
        found = next((subject for place in gaps if (subject := self._at(place)) is not None), None)
        return found or (OTHER if any(self.unknown(place) for place in gaps) else None)

    def anyone(self) -> Subject:
        """Return the own child named last in the clause, else whoever is mentioned."""
        found = [subject for place in range(len(self._clause.items)) if (subject := self._at(place)) is not None]
        own = [subject for subject in found if subject.who is Who.OWN]
        return own[-1] if own else found[-1] if found else STRANGER if self._stranger() else NOBODY

    def _stranger(self) -> bool:
        """Whether the clause begins with an unknown word before a verb."""
        items = self._clause.items
        return len(items) > 1 and self.unknown(0) and "verb" in self._lexicon.groups(items[1].text)

    def _at(self, place: int) -> Subject | None:
        item = self._clause.items[place]
        group = self._groups.get(place)
        if group == "others" and self._behind_preposition(place):
            return None
        if isinstance(item.value, Named) and group != "others":
            return OTHER if self._owned_by(place, item.value) else Subject(Who.OWN, item.value)
        return Subject(_GROUPS[group]) if group else None

    def _owned_by(self, place: int, named: Named) -> bool:
        """Whether the name says whose the one before it is ("brat Kuby", "laget til Noah")."""
        if place > 1 and "of" in self._lexicon.groups(self._clause.items[place - 1].text):
            return self._someone(place - 2)
        if not named.owned_by or place == 0 or not self._lexicon.ownable(self._clause.items[place - 1].text):
            return False
        return self._someone(place - 1)

    def _someone(self, place: int) -> bool:
        groups = self._lexicon.groups(self._clause.items[place].text)
        thing = bool(groups & _THINGS) and groups <= _NO_STATE
        return self.unknown(place) or self._groups.get(place) == "others" or thing

    def _behind_preposition(self, place: int) -> bool:
        return place > 0 and "preposition" in self._lexicon.groups(self._clause.items[place - 1].text)

    def unknown(self, place: int) -> bool:
        """Whether an item is a word that the language does not know."""
        item = self._clause.items[place]
        if self._behind_preposition(place):
            return False
        return item.kind is Kind.WORD and place not in self._covered and not self._lexicon.knows(item.text)

    def _before(self, signal: Match) -> Subject | None:
        strange = False
        for place in range(signal.start - 1, -1, -1):
            subject = self._at(place)
            if subject is None:
                strange = strange or self.unknown(place)
                continue
            if subject.who is Who.OWN:
                return OTHER if self._is_owner(place, signal.start) else subject
            return self._meant(subject, place)
        return OTHER if strange and not self._own_after(signal) else None

    def _is_owner(self, place: int, until: int) -> bool:
        """Whether the name at `place` owns what is spoken of ("Noahs bror"), or is another's ("Noah Berg er syk")."""
        item = self._clause.items[place]
        assert isinstance(item.value, Named)  # noqa: S101 - narrows for the type checker
        following = place + 1
        if following >= until:
            return False
        if item.value.owner:
            return self._someone(following) or self._at(following) is not None
        strange_then_verb = self.unknown(following) and following + 1 < until
        return strange_then_verb and "verb" in self._lexicon.groups(self._clause.items[following + 1].text)

    def _meant(self, subject: Subject, place: int) -> Subject:
        """Return the own child named before a pronoun in the same clause, else the subject itself."""
        if subject.who is not Who.HE:
            return subject
        before = [one for p in range(place) if (one := self._at(p)) is not None]
        before_groups = {self._groups.get(p) for p in range(place)}
        own = [one for one in before if one.who in {Who.OWN, Who.ALL}]
        if not own and self._lexicon.phrases.free_order and "others" in before_groups:
            return OTHER  # "the neighbours' son, he has a fever"
        return own[-1] if own else subject

    def _own_after(self, signal: Match) -> bool:
        return any(isinstance(item.value, Named) for item in self._clause.items[signal.end :])

    def _after(self, signal: Match) -> Subject | None:
        items: list[Item] = self._clause.items
        free = self._lexicon.phrases.free_order
        for place in range(signal.end, len(items)):
            if place == signal.end and self.unknown(place) and not self._own_after(signal):
                return OTHER
            subject = self._at(place)
            if subject is not None and (free or place == signal.end or subject.who is not Who.OTHER):
                return subject
        return None
