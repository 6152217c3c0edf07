"""The buttons of leave: the days travel in them, the reason waits in the dialogue's row (A3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.absence import AbsenceDraft
from bot.domain.leave import ReadyRefusal
from bot.domain.taps import Tap


class LeaveStep(StrEnum):
    """What the request's screen asks next, or does."""

    CHILDREN = "c"
    FIRST = "f"
    LAST = "l"
    WHY = "w"
    SEND = "y"


@dataclass(frozen=True, slots=True)
class AskLeave(Tap):
    """A step of a request; the draft is the one that the screen will show."""

    PREFIX: ClassVar[str] = "vd"
    step: LeaveStep
    draft: AbsenceDraft


@dataclass(frozen=True, slots=True)
class LeaveCalendar(Tap):
    """Turns the small calendar to a week (0 is this week) to choose the first day, or with `end` the last."""

    PREFIX: ClassVar[str] = "vc"
    end: bool
    week: int
    draft: AbsenceDraft


class RequestStep(StrEnum):
    """What the home does with a request of its own."""

    SHOW = "s"
    WITHDRAW = "w"
    """Asks whether it is meant."""
    WITHDRAW_YES = "y"


@dataclass(frozen=True, slots=True)
class LeaveRequestTap(Tap):
    """A guardian looks at a request of the own home, or takes it back."""

    PREFIX: ClassVar[str] = "vr"
    request: int
    step: RequestStep


class DecideStep(StrEnum):
    """What the school does with a request."""

    SHOW = "s"
    GRANT = "g"
    GRANT_WORD = "w"
    """Asks for a sentence, then grants."""
    REFUSE = "r"
    """Asks for a sentence, then refuses."""


@dataclass(frozen=True, slots=True)
class DecideLeave(Tap):
    """The school's answer; `version` is the request's on the screen."""

    PREFIX: ClassVar[str] = "vg"
    request: int
    version: int
    step: DecideStep


@dataclass(frozen=True, slots=True)
class RefuseReady(Tap):
    """Refuses with a ready-made sentence."""

    PREFIX: ClassVar[str] = "vx"
    request: int
    version: int
    sentence: ReadyRefusal
