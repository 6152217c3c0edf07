"""The morning: the list of a class, and what is asked about a pupil who has not arrived (A5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from bot.domain.absence import AbsenceKind, AbsenceReason
from bot.domain.errors import DomainError
from bot.domain.marking import N_


class OldList(DomainError):
    code = "old_list"
    sentence = N_("This is the list of {day}. Open today's list to mark somebody.")


class NotYetOrOver(DomainError):
    code = "not_yet_or_over"
    sentence = N_("Pupils can be marked on school days from {start} to {end}. What is known stands in the list.")


class HomeHasTold(DomainError):
    code = "home_has_told"
    sentence = N_("The home has told the school about {child} already, so nobody is asked. It stands in the list.")


class ListView(StrEnum):
    """What a teacher looks at in the list of the day."""

    LIST = "list"
    MISSING = "missing"
    """Pupils as buttons: a tap marks one as missing."""
    LATE = "late"
    """Pupils as buttons: a tap marks one as having come late."""


class InquiryState(StrEnum):
    """How far the asking about a missing pupil has come."""

    ASKING = "asking"
    """Guardians are being asked, one after the other."""
    CALL = "call"
    """Nobody knows or nobody answers: the teacher is asked to phone."""
    EXPLAINED = "explained"
    """Somebody said where the pupil is."""
    ARRIVED = "arrived"
    """The pupil turned up."""
    CANCELLED = "cancelled"
    """The teacher took the mark back before anybody was asked."""
    UNRESOLVED = "unresolved"
    """School is over and nobody has said why; the leadership knows."""


OPEN_INQUIRIES = frozenset({InquiryState.ASKING, InquiryState.CALL})


class InquiryAnswer(StrEnum):
    """A guardian's one-tap answer to "has not arrived, do you know why?"."""

    ILL = "ill"
    ON_THE_WAY = "on_the_way"
    APPOINTMENT = "appointment"
    OTHER = "other"
    UNKNOWN = "unknown"
    """The guardian believed the pupil to be at school: the school is told at once."""


class PhoneOutcome(StrEnum):
    """What a telephone call brought, logged by the teacher."""

    ILL = "ill"
    ON_THE_WAY = "on_the_way"
    OTHER = "other"
    NO_ANSWER = "no_answer"
    """Nobody picked up; the teacher stays asked."""
    SEARCHING = "searching"
    """The home does not know either; the school's own routine has begun."""


class Section(StrEnum):
    """Where a pupil stands in the list of the day."""

    ABSENT = "absent"
    LATE = "late"
    PART = "part"
    MISSING = "missing"
    """Noticed as not here, and nobody has said why."""
    HERE = "here"


def section_of(kind: AbsenceKind | None, reason: AbsenceReason | None) -> Section:
    """Return where a pupil with this absence stands; None and None is a pupil without one."""
    if kind is None:
        return Section.HERE
    if kind is AbsenceKind.LATE:
        return Section.LATE
    if kind is AbsenceKind.PART:
        return Section.PART
    return Section.MISSING if reason is AbsenceReason.UNKNOWN else Section.ABSENT


def is_here(
    section: Section, now: time, *, arrived: bool, starts: time | None = None, ends: time | None = None
) -> bool:
    """Tell whether a pupil is at school at a wall-clock time."""
    if section is Section.LATE:
        return arrived
    if section is Section.PART:
        return (starts is not None and now < starts) or (ends is not None and now >= ends)
    return section is Section.HERE


MOST_CALLS = 4
"""Requests to phone about one pupil: the first, and three reminders; then the leadership is told."""
FIRST_LOOK = timedelta(seconds=30)
"""How often it is looked at whether a question has reached anybody, while an answer is waited for."""
MARK_BEFORE = timedelta(minutes=30)
"""How long before school begins pupils can be marked as missing."""
AFTER_SCHOOL = timedelta(minutes=30)
"""How long after school the asking goes on before the leadership is told that nobody knows."""


class NextStep(StrEnum):
    """What the asking about a missing pupil does next."""

    ASK_FIRST = "ask_first"
    ASK_OTHERS = "ask_others"
    CALL = "call"
    TELL_LEADERS = "tell_leaders"
    CLOSE = "close"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """What the next step depends on.

    Attributes:
        over: school has been out for `AFTER_SCHOOL`, or it was another day's.
        asked: how many were asked; `answerable` how many of those questions can still be answered.
        to_ask: how many who can be reached have not been asked.
        waited: those asked, or the teacher, have had their time.
        calls: requests to phone so far; `searching` once the home does not know either.
    """

    state: InquiryState
    over: bool = False
    asked: int = 0
    answerable: int = 0
    to_ask: int = 0
    waited: bool = False
    calls: int = 0
    searching: bool = False


def next_step(facts: InquiryFacts) -> NextStep:
    """Return what is to be done now about a pupil of whom nobody knows (A5)."""
    if facts.state not in OPEN_INQUIRIES or facts.over:
        return NextStep.CLOSE
    if facts.state is InquiryState.CALL:
        if not facts.waited or facts.searching or facts.calls > MOST_CALLS:
            return NextStep.WAIT
        return NextStep.CALL if facts.calls < MOST_CALLS else NextStep.TELL_LEADERS
    if not facts.asked:
        return NextStep.ASK_FIRST if facts.to_ask else NextStep.CALL
    if facts.answerable and not facts.waited:
        return NextStep.WAIT
    return NextStep.ASK_OTHERS if facts.to_ask else NextStep.CALL
