"""The morning: the list of a class, and what is asked about a pupil who has not arrived (A5)."""

from __future__ import annotations

from enum import StrEnum


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
