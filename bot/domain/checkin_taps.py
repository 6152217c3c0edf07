"""The buttons of check-in arrangements (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.checkin import CheckinAnswer
from bot.domain.taps import Tap


class EditStep(StrEnum):
    """What a tap says about the draft in the dialogue's row; `value` is what was chosen."""

    CLASS = "c"
    PAGE = "n"
    """Turns the list of the pupils of the class in `value`."""
    PUPIL = "p"
    WEEKDAY = "w"
    ASK_WEEKDAYS = "W"
    TIME = "t"
    """Hours and minutes as one number, such as 715."""
    ASK_TIME = "T"
    UNTIL = "u"
    """The ordinal of the last day."""
    ASK_UNTIL = "U"
    STAFF = "s"
    ASK_STAFF = "S"
    GUARDIAN = "g"
    ASK_GUARDIANS = "G"
    REVIEW = "v"
    START = "y"


@dataclass(frozen=True, slots=True)
class EditCheckin(Tap):
    """A step of arranging."""

    PREFIX: ClassVar[str] = "kd"
    step: EditStep
    value: int = 0
    page: int = 0


class PlanStep(StrEnum):
    """What is done with an arrangement."""

    SHOW = "s"
    CHANGE = "c"
    END = "e"
    """Asks whether it is meant."""
    END_YES = "y"


@dataclass(frozen=True, slots=True)
class OpenCheckin(Tap):
    """One of its people at the school looks at an arrangement, changes or ends it."""

    PREFIX: ClassVar[str] = "kp"
    plan: int
    step: PlanStep


@dataclass(frozen=True, slots=True)
class AnswerCheckin(Tap):
    """A guardian says how the morning looks; `day` is the row of the asking."""

    PREFIX: ClassVar[str] = "kc"
    day: int
    answer: CheckinAnswer


@dataclass(frozen=True, slots=True)
class CheckinHere(Tap):
    """A member of staff says that the pupil is here; `day` is the row of the asking."""

    PREFIX: ClassVar[str] = "kh"
    day: int


@dataclass(frozen=True, slots=True)
class PauseCheckin(Tap):
    """A guardian would rather talk about it first and is not asked until then; `again` asks once more."""

    PREFIX: ClassVar[str] = "ks"
    plan: int
    again: bool = False
