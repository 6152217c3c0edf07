"""The buttons of care: a sensitive text that waits, homes in peace, reports of bullying (P5, B8, B10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.taps import Tap


class CareStep(StrEnum):
    """What becomes of a text in which something sensitive was noticed."""

    REWRITE = "w"
    """Shows it, to be written differently."""
    ANYWAY = "a"
    MASKED = "m"
    """Sends it without the identity number."""
    CALL_HOME = "c"
    """The school phones the home instead; nothing is sent."""


@dataclass(frozen=True, slots=True)
class CareAct(Tap):
    """Decides about the text that the person has just written; it is kept in the dialogue, never in the button."""

    PREFIX: ClassVar[str] = "ke"
    step: CareStep


@dataclass(frozen=True, slots=True)
class MoreToFollow(Tap):
    """Shows the second page of what can be followed up; `page` is always 1."""

    PREFIX: ClassVar[str] = "ku"
    page: int = 1


# --- homes in peace -----------------------------------------------------------------------------


class CalmStep(StrEnum):
    """What is done about one pupil's homes."""

    SHOW = "s"
    ASK_DAY = "d"
    """Asks for another last day."""
    END = "e"


@dataclass(frozen=True, slots=True)
class CalmHomes(Tap):
    """Lists the homes in peace in the own classes."""

    PREFIX: ClassVar[str] = "kg"
    page: int = 0


@dataclass(frozen=True, slots=True)
class CalmClass(Tap):
    """Chooses the class, then the pupil, whose homes are to be left in peace; class 0 chooses."""

    PREFIX: ClassVar[str] = "kj"
    class_id: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class CalmAct(Tap):
    PREFIX: ClassVar[str] = "km"
    step: CalmStep
    pupil: int


@dataclass(frozen=True, slots=True)
class CalmUntil(Tap):
    """Leaves the homes of a pupil in peace for so many weeks from today."""

    PREFIX: ClassVar[str] = "kq"
    pupil: int
    weeks: int


# --- reports of bullying ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportUnsafe(Tap):
    """Somebody at home says that something is not right; pupil 0 chooses the child."""

    PREFIX: ClassVar[str] = "kf"
    pupil: int = 0


@dataclass(frozen=True, slots=True)
class CallAboutUnsafe(Tap):
    """The same, by telephone."""

    PREFIX: ClassVar[str] = "ki"
    pupil: int


@dataclass(frozen=True, slots=True)
class HaveReceived(Tap):
    """Who reads such reports says that this one is received."""

    PREFIX: ClassVar[str] = "kr"
    thread: int
