"""Reads one message in one language: clauses, their subjects, what blocks them, and what remains as a draft.

A false absence is worse than a missed one, so a clause says something only if nothing speaks against it: a question,
a condition, the past, a fear, a negation, another subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.understanding.clauses import Clause, cut
from bot.understanding.days import DayFinder
from bot.understanding.draft import Drafter
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import ChildName, Understood
from bot.understanding.patterns import Item, Kind, Match
from bot.understanding.subjects import NOBODY, STRANGER, Subject, SubjectFinder, Who

STATES = frozenset({
    "ill", "ill_detail", "absent", "keep", "late", "arrive", "leave", "fetch", "early", "away", "well", "still",
    "not_better", "go_appointment",
})  # fmt: skip
"""Groups that say something of somebody, and so need a subject."""
REASONS = frozenset({"appointment", "appointment_detail", "other_reason", "cause"})
REQUESTS = frozenset({"ask_leave", "call_me", "thanks", "help"})
_MISSED = frozenset({"absent", "late", "arrive", "leave", "early", "away", "back_at", "fetch"})
"""What one can do at something other than school as well."""
_ASKED_FOR = frozenset({"leave", "early", "away", "back_at", "fetch"})
"""What a question may ask for: "can Noah leave at 12?"."""
_ILL = frozenset({"ill", "ill_detail"})
_FEARED = frozenset({"ill", "ill_detail", "absent", "keep", "late"})
_BLOCKERS = ("condition", "quoted", "trap")
_NEAR = 4
"""How far before a word its negation stands, in items."""


@dataclass(slots=True)
class Reading:
    """A clause with what it says.

    Attributes:
        groups: the signals' groups after negation and blocks; empty when something speaks against it.
        reasons: groups that give a reason; those of a past illness count too ("was ill all night, stays home").
        subject: whom it is about, taken over from before when it names nobody.
        blocked: something speaks against it.
        past: it tells what was, so that its days are over.
    """

    clause: Clause
    groups: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    subject: Subject = NOBODY
    own_subject: Subject = NOBODY
    blocked: bool = False
    past: bool = False

    @property
    def fears(self) -> bool:
        """It only introduces something feared or hoped: "I am afraid, that …"."""
        return self.clause.has("maybe") and not self.clause.has(*STATES)


class Reader:
    """Reads messages in one language. Stateless, made once for a language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def recognised(self, text: str, children: Sequence[ChildName], now: datetime) -> tuple[Understood | None, bool]:
        """Return the draft, and whether the message is in this language as far as one can tell.

        It is when a signal was found, though something may speak against it.

        Args:
            now: the school's wall-clock time.
        """
        drafter = self._drafter(text, children, now)
        return drafter.draft(), drafter.signalled

    def share_known(self, text: str, children: Sequence[ChildName]) -> float:
        """Return the share of a message's words that the language knows, names left out."""
        words = [item.text for item in self.lexicon.items(text, children) if item.kind is Kind.WORD]
        return sum(map(self.lexicon.knows, words)) / len(words) if words else 0.0

    def _drafter(self, text: str, children: Sequence[ChildName], now: datetime) -> Drafter:
        items: list[Item] = self.lexicon.items(text, children)
        items = self.lexicon.times.find(DayFinder(self.lexicon.days, now.date()).find(items))
        readings: list[Reading] = []
        for clause in cut(items, self.lexicon):
            readings.append(self._reading(clause, readings, now.date()))
        self._without_conditional(readings)
        self._without_mild(readings)
        self._without_far(readings)
        self._without_errands(readings)
        return Drafter(readings, tuple(child.id for child in children), now.date())

    def _reading(self, clause: Clause, before: Sequence[Reading], today: date) -> Reading:
        subjects = SubjectFinder(clause, self.lexicon)
        reading = Reading(clause)
        said = [signal for signal in clause.signals if signal.group in STATES]
        found = [subjects.of(signal) for signal in said]
        inside = [subject for subject in found if subject.who is not Who.OTHER]
        reading.own_subject = next(iter([*inside, *found]), None) or subjects.anyone()
        reading.subject = self._inherited(reading.own_subject, clause, before)
        reading.blocked = self._blocked(clause, before)
        past = clause.past_day or clause.has("past") or self._happened(clause, today)
        if clause.opens_with("cause") and not clause.days and before and before[-1].past:
            past = before[-1].clause.sentence == clause.sentence  # "he was at home on Monday because of a cold"
        if clause.has("since"):
            past = False
        reading.past = past
        other = reading.subject.who is Who.OTHER
        for signal in clause.signals:
            self._take(signal, reading, subjects, past=past, other=other)
        return reading

    def _take(self, signal: Match, reading: Reading, subjects: SubjectFinder, *, past: bool, other: bool) -> None:
        clause, group = reading.clause, signal.group
        if group in REQUESTS or group == "also":
            if not past and not self._negated(signal, clause) and self._wanted(group, reading):
                reading.groups.add(group)
            return
        if group in REASONS:
            denied = any(other.group == "not" and 0 <= signal.start - other.start <= _NEAR for other in clause.signals)
            if not denied and not clause.has("condition", "quoted"):
                reading.reasons.add(group)
            return
        if group in STATES | {"back_at"} and not self._complains(signal, clause):
            self._take_state(signal, reading, subjects, past=past, other=other)

    def _take_state(self, signal: Match, reading: Reading, subjects: SubjectFinder, *, past: bool, other: bool) -> None:
        clause, group = reading.clause, signal.group
        if reading.blocked:
            reading.reasons |= {group} & _ILL if clause.has("maybe") and not other else set()
            return
        if (clause.asked or clause.opens_with("ask_softly")) and group not in _ASKED_FOR:
            return
        if other or subjects.of(signal).who is Who.OTHER or (group in _MISSED and clause.has("elsewhere")):
            return
        if past:
            reading.reasons |= {group} & _ILL if not self._negated(signal, clause) else set()
            return
        if group == "not_better":
            group = "ill"
            reading.groups.add("still")
        reading.groups |= self._negation(signal) if self._negated(signal, clause) else {group}

    def _complains(self, signal: Match, clause: Clause) -> bool:
        """Whether what follows makes it no illness: "sick of", "mad about" and a word that no illness has."""
        following = clause.items[signal.end : signal.end + 2]
        if signal.group != "ill" or len(following) < 2 or "about" not in self.lexicon.groups(following[0].text):
            return False
        return following[1].kind is Kind.WORD and not self.lexicon.knows(following[1].text)

    @staticmethod
    def _happened(clause: Clause, today: date) -> bool:
        """Whether a past verb stands with a weekday alone, which then is the one before."""
        later = any(day.first > today for day in clause.days)
        return later and clause.has("happened") and not clause.has("absent", "keep", *_MISSED)

    @staticmethod
    def _wanted(group: str, reading: Reading) -> bool:
        """Whether a request is the guardian's own: not an if, not somebody else's leave."""
        clause = reading.clause
        open_question = clause.opens_with("question") and not clause.opens_with("ask_softly")
        if group == "ask_leave" and open_question and reading.own_subject.who not in {Who.OWN, Who.ALL}:
            return False  # "when does the holiday begin?"
        if group == "ask_leave" and clause.has("others") and not clause.has("self"):
            return reading.own_subject.who is not Who.OTHER
        return group in {"thanks", "help"} or not clause.has(*_BLOCKERS)

    @staticmethod
    def _without_conditional(readings: Sequence[Reading]) -> None:
        """Take back what a sentence says when an "if he is ill" follows in it."""
        ifs = {r.clause.sentence for r in readings if r.clause.has("condition") and r.clause.has(*_FEARED)}
        for reading in readings:
            if reading.clause.sentence in ifs:
                reading.groups -= STATES
                reading.blocked = True

    @staticmethod
    def _without_mild(readings: Sequence[Reading]) -> None:
        """Take back an illness that keeps nobody from school.

        After it the same child is said to be well, or to come ("a cold only, he comes"), or it says in one sentence
        why the child misses something else ("is not at training, has a cold").
        """
        if any(reading.groups & {"absent", "keep", "still"} for reading in readings):
            return
        elsewhere = {
            r.clause.sentence for r in readings if r.clause.has("elsewhere") and r.clause.has("trap", *_MISSED)
        }
        for place, reading in enumerate(readings):
            if reading.clause.sentence in elsewhere and not reading.clause.days:
                reading.groups -= {"ill", "ill_detail"}
            if any("well" in later.groups and later.subject == reading.subject for later in readings[place + 1 :]):
                reading.groups -= {"ill", "ill_detail"}

    def _without_far(self, readings: Sequence[Reading]) -> None:
        """Take back what a sentence says of a month alone: a plan, whose days are not known."""
        months, words = self.lexicon.days.months, self.lexicon.signals.words
        dated = {r.clause.sentence for r in readings if r.clause.days}
        far = {r.clause.sentence for r in readings for i in r.clause.items if i.text in months and i.text not in words}
        for reading in readings:
            if reading.clause.sentence in far - dated:
                reading.groups -= STATES | {"back_at"}
                reading.blocked = True

    @staticmethod
    def _without_errands(readings: Sequence[Reading]) -> None:
        """Take back who is away or late when no child is mentioned and something else than school is."""
        child = any(r.clause.has("pronoun", "child", "both") or r.clause.names_child for r in readings)
        if not child and any(r.clause.has("elsewhere") for r in readings):
            for reading in readings:
                reading.groups -= _MISSED

    @staticmethod
    def _negation(signal: Match) -> set[str]:
        """Return what a signal says with a "not"; who is not well is ill, but who does not come may be away."""
        if signal.group in {"ill", "ill_detail", "absent", "still"}:
            return {"well"}
        return {"ill"} if signal.group == "well" and signal.weight == 1 else set()

    @staticmethod
    def _negated(signal: Match, clause: Clause) -> bool:
        reasons = {place for other in clause.signals if other.group == "other_reason" for place in other.places}
        return any(
            negation.group == "not"
            and signal.start - _NEAR <= negation.start < signal.end
            and negation.start not in reasons  # "the car won't start, he is late"
            for negation in clause.signals
        )

    @staticmethod
    def _blocked(clause: Clause, before: Sequence[Reading]) -> bool:
        if clause.in_quotes:
            return True
        asked = clause.asked or clause.opens_with("question")
        request = clause.opens_with("ask_softly")
        if (asked and not request) or clause.has(*_BLOCKERS) or (clause.has("maybe") and not request):
            return True
        if before and before[-1].clause.sentence == clause.sentence and before[-1].fears:
            return True
        same = [reading.clause for reading in before if reading.clause.sentence == clause.sentence]
        return any(earlier.has("condition", "quoted") or earlier.opens_with("question") for earlier in same)

    @staticmethod
    def _inherited(own: Subject, clause: Clause, before: Sequence[Reading]) -> Subject:
        """Return the clause's own subject, else the one before; "he" is the own child named last."""
        if own.who in {Who.OWN, Who.ALL, Who.OTHER}:
            return own
        for reading in reversed(before):
            if reading.subject.who in {Who.OWN, Who.ALL}:
                return reading.subject
            same = reading.clause.sentence == clause.sentence
            if same and reading.subject == STRANGER:
                return STRANGER  # "Olav is stuffed up, so he stays in bed"
            if own.who is Who.NOBODY and reading.subject.who is Who.OTHER and same and reading.clause.signals:
                return reading.subject
        return own
