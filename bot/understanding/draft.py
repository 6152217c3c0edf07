"""Puts what the clauses of a message say together into one draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.absence import AbsenceReason
from bot.understanding.days import Days
from bot.understanding.model import Intent, Understood
from bot.understanding.patterns import Kind
from bot.understanding.subjects import Subject, Who
from bot.understanding.times import Bound, Clock

if TYPE_CHECKING:
    from bot.understanding.reader import Reading

_ILL = {"ill", "ill_detail"}
_APPOINTMENT = {"appointment", "appointment_detail", "go_appointment"}
_LEAVES = {"leave", "fetch"}
_ABSENT = {"absent", "keep"}
_PART = {*_LEAVES, "early", "away", "back_at"}
_REPORTED = _ILL | _ABSENT | _LEAVES | {"late", "arrive", "early", "away", "still", "go_appointment"}
_SENSITIVE = {"ill_detail", "health_detail", "appointment_detail"}
_ANCHORS = _PART | _APPOINTMENT | _ABSENT | {"late", "arrive"}
_SAID = _REPORTED | {"well", "ask_leave", "call_me", "appointment", "appointment_detail"}
SHORT = 10
"""Longest message, in words, that is taken for nothing but thanks or a call for help."""
ASIDE = 4
"""Words that may stand beside thanks, as in "thanks, then we know"; who says more than that says it to the teacher."""


@dataclass(frozen=True, slots=True)
class _Timed:
    clock: Clock
    anchor: str | None


class Drafter:
    """Decides between the things a message says.

    Args:
        readings: its clauses, read.
        children: the ids of all of the guardian's own children.
        today: the school's date.
    """

    def __init__(self, readings: Sequence[Reading], children: tuple[int, ...], today: date) -> None:
        self._readings = readings
        self._children = children
        self._today = today
        self._groups = {group for reading in readings for group in reading.groups}
        self._times = list(self._timed())

    @property
    def signalled(self) -> bool:
        """Whether anything that could become a draft stood in the message, blocked or not."""
        return any(signal.group in _SAID for reading in self._readings for signal in reading.clause.signals)

    def draft(self) -> Understood | None:
        """Return the draft, None when the message asks for nothing."""
        if "ask_leave" in self._groups:
            return self._about(Intent.ASK_LEAVE, lambda reading: bool(reading.groups))
        intent = self._report()
        if intent is not None:
            found = self._about(intent, lambda reading: bool(reading.groups & _REPORTED))
            return None if self._weekend(found) else found
        if "well" in self._groups:
            return self._about(Intent.BACK_TODAY, lambda reading: "well" in reading.groups)
        return self._request()

    def _weekend(self, found: Understood) -> bool:
        """Whether it is about coming days without school alone: a plan, or something that is over."""
        first, last = found.first, found.last
        if first is None or last is None or first == self._today:
            return False
        return first.weekday() > 4 and (last - first).days < 7 - first.weekday()

    def _report(self) -> Intent | None:
        groups = self._groups
        absent = bool(groups & (_ILL | _ABSENT))
        if self._away_and_back():
            return Intent.REPORT_PART
        if self._comes_late() and not self._whole_day():
            return Intent.REPORT_LATE
        if self._is_part():
            return Intent.REPORT_PART
        if absent and self._lasts():
            return Intent.EXTEND
        if absent:
            return Intent.REPORT_ABSENCE
        return Intent.REPORT_ABSENCE if "go_appointment" in groups else None

    def _away_and_back(self) -> bool:
        """Whether a time of leaving and one of coming back are said: "I fetch him at 10, he is back at 11"."""
        anchors = {timed.anchor for timed in self._times}
        leaves = bool(anchors & _LEAVES)
        return (leaves and bool(anchors & {"arrive", "back_at"})) or (
            "back_at" in anchors and "late" not in self._groups
        )

    def _comes_late(self) -> bool:
        stretch = {Bound.RANGE, Bound.FROM}
        arrival = any(t.anchor in {"arrive", None} and t.clock.bound not in stretch for t in self._times)
        if "late" in self._groups or ("arrive" in self._groups and arrival):
            return True
        return bool(self._groups & _ABSENT) and any(t.clock.bound is Bound.UNTIL for t in self._times)

    def _whole_day(self) -> bool:
        """Whether it says plainly that the child does not come, and gives no hour until which."""
        return bool(self._groups & _ABSENT) and not any(t.clock.bound is Bound.UNTIL for t in self._times)

    def _is_part(self) -> bool:
        groups = self._groups
        if groups & {"early", "away"}:
            return True
        if groups & _LEAVES and self._time_at(_LEAVES):
            return True
        bounded = any(t.clock.bound in {Bound.RANGE, Bound.FROM} for t in self._times)
        if bounded and groups & {*_ABSENT, "go_appointment"}:
            return True
        return "go_appointment" in groups and bool(self._times) and not groups & (_ILL | _ABSENT)

    def _time_at(self, anchors: set[str]) -> bool:
        return any(t.anchor in anchors or t.anchor is None for t in self._times)

    def _lasts(self) -> bool:
        """Whether it goes on: "still", or "also" beside a day."""
        if "still" in self._groups:
            return True
        return any(self._also_a_day(reading) for reading in self._readings if "also" in reading.groups)

    @staticmethod
    def _also_a_day(reading: Reading) -> bool:
        items = reading.clause.items
        for signal in reading.clause.signals:
            if signal.group == "also":
                around = items[max(0, signal.start - 2) : signal.end + 2]
                if any(item.kind is Kind.DAY for item in around) or not any(i.kind is Kind.CHILD for i in around):
                    return True
        return False

    def _timed(self) -> Iterable[_Timed]:
        """Yield the times of day with what each belongs to: the signal before it, else after it, in its clause."""
        for reading in self._readings:
            anchors = [signal for signal in reading.clause.signals if signal.group in _ANCHORS]
            for place, item in enumerate(reading.clause.items):
                if not isinstance(item.value, Clock) or reading.blocked:
                    continue
                around = [s for s in anchors if place in range(s.start, s.end)]
                before = [s for s in anchors if s.start < place]
                nearest = next(iter([*around, *before[-1:], *anchors]), None)
                if nearest is not None or not reading.clause.has("self", "others"):
                    yield _Timed(item.value, nearest.group if nearest else None)

    def _about(self, intent: Intent, says: Callable[[Reading], bool]) -> Understood:
        telling = [reading for reading in self._readings if says(reading)]
        sure, unsure = self._named(telling)
        days = self._days(telling)
        starts, ends = self._hours(intent)
        return Understood(
            intent=intent,
            children=sure,
            candidates=unsure,
            first=days.first if days else None,
            last=days.last if days else None,
            reason=self._reason(intent),
            starts=starts,
            ends=ends,
            sensitive=self._sensitive(),
        )

    def _named(self, telling: Sequence[Reading]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        sure: dict[int, None] = {}
        unsure: dict[int, None] = {}
        subjects = [reading.subject for reading in telling] + self._also_named()
        if not any(subject.who in {Who.OWN, Who.ALL} for subject in subjects):
            elsewhere = [r.own_subject for r in self._readings if not r.blocked and r not in telling]
            subjects = [subject for subject in elsewhere if subject.who in {Who.OWN, Who.ALL}][-1:]
        for subject in subjects:
            if subject.who is Who.ALL:
                sure.update(dict.fromkeys(self._children))
            sure.update(dict.fromkeys(subject.named.sure))
            unsure.update(dict.fromkeys(subject.named.unsure))
        own = set(self._children)
        return (
            tuple(c for c in self._children if c in sure),
            tuple(c for c in self._children if c in unsure and c not in sure and c in own),
        )

    def _also_named(self) -> list[Subject]:
        """Children added by a clause such as "Sofie too"."""
        return [
            reading.own_subject
            for reading in self._readings
            if reading.groups == {"also"} and reading.own_subject.who is Who.OWN
        ]

    def _days(self, telling: Sequence[Reading]) -> Days | None:
        found = self._joined(day for reading in telling for day in reading.clause.days)
        if found is None:
            told = {reading.clause.sentence for reading in telling}
            quiet = [
                r
                for r in self._readings
                if not r.blocked
                and not r.past
                and not r.clause.has("elsewhere", "well")
                and (not r.clause.has("self") or (bool(r.reasons) and r.clause.sentence in told))
            ]
            found = self._joined(day for reading in quiet for day in reading.clause.days)
        return found

    def _joined(self, days: Iterable[Days]) -> Days | None:
        """Join days that follow each other; of others the first stands."""
        found: Days | None = None
        for day in sorted(days, key=lambda d: (d.first, d.last)):
            if found is None:
                found = day
            elif day.first <= found.last + timedelta(days=1 if found.last.weekday() < 4 else 3):
                found = Days(found.first, max(found.last, day.last))
        return found

    def _hours(self, intent: Intent) -> tuple[time | None, time | None]:
        if intent is Intent.REPORT_LATE:
            arrivals = [t.clock for t in self._times if t.anchor not in _APPOINTMENT | _LEAVES]
            return None, arrivals[0].to or arrivals[0].at if arrivals else None
        if intent is not Intent.REPORT_PART:
            return None, None
        return self._part()

    def _part(self) -> tuple[time | None, time | None]:
        starts: time | None = None
        ends: time | None = None
        leaving = any(t.anchor in {*_LEAVES, "early"} for t in self._times)
        for timed in self._times:
            clock = timed.clock
            if clock.bound is Bound.RANGE:
                starts, ends = starts or clock.at, ends or clock.to
            elif timed.anchor in {"back_at", "arrive"} or (clock.bound is Bound.UNTIL and timed.anchor not in _LEAVES):
                ends = ends or clock.at
            elif timed.anchor not in _APPOINTMENT or not leaving:
                starts = starts or clock.at
        return starts, ends

    def _reason(self, intent: Intent) -> AbsenceReason | None:
        said = self._groups | {reason for reading in self._readings for reason in reading.reasons}
        if intent is Intent.BACK_TODAY:
            return None
        if said & _APPOINTMENT and not said & _ILL:
            return AbsenceReason.APPOINTMENT
        if said & _ILL:
            return AbsenceReason.ILL
        return AbsenceReason.OTHER if said & {"other_reason", "cause"} else None

    def _sensitive(self) -> bool:
        return any(signal.group in _SENSITIVE for reading in self._readings for signal in reading.clause.signals)

    def _request(self) -> Understood | None:
        asked = any(reading.clause.asked for reading in self._readings)
        words = sum(len(reading.clause.items) for reading in self._readings)
        if "call_me" in self._groups:
            return Understood(Intent.CALL_ME)
        if "help" in self._groups and "thanks" not in self._groups and words <= SHORT:
            return Understood(Intent.HELP)
        if "thanks" in self._groups and words <= SHORT and not asked and self._words_beside("thanks") <= ASIDE:
            return Understood(Intent.THANKS)
        return None

    def _words_beside(self, group: str) -> int:
        """Count the words of the clauses that do not say it."""
        return sum(
            len(reading.clause.items)
            for reading in self._readings
            if all(signal.group != group for signal in reading.clause.signals)
        )
