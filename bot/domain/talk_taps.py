"""The buttons of talks: before them, after them, and of what was agreed (M5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.conferences import PointOwner
from bot.domain.taps import Tap


@dataclass(frozen=True, slots=True)
class OpenTalk(Tap):
    """Shows a talk to the home or to the school, each side its own page; `new` sends it below."""

    PREFIX: ClassVar[str] = "kt"
    talk: int
    new: bool = False


@dataclass(frozen=True, slots=True)
class OpenTalks(Tap):
    """Lists a person's talks and what is still to be done of what was agreed; `page` counts from 0."""

    PREFIX: ClassVar[str] = "kl"
    page: int = 0


@dataclass(frozen=True, slots=True)
class PrepareTalk(Tap):
    """A guardian writes what the teacher should know before the talk."""

    PREFIX: ClassVar[str] = "ka"
    talk: int


class SummaryStep(StrEnum):
    """What the teacher does with the summary that is being written."""

    BEGIN = "b"
    """Goes on with the draft, or makes one of what was sent."""
    SHOW = "v"
    TEXT = "t"
    POINT = "p"
    """Asks who does it."""
    UNDO_POINT = "u"
    """Takes the last point away."""
    SEND = "s"
    DISCARD = "d"


@dataclass(frozen=True, slots=True)
class SummaryAct(Tap):
    """A step of the summary; `version` is the draft's on the screen."""

    PREFIX: ClassVar[str] = "kw"
    talk: int
    version: int
    step: SummaryStep


@dataclass(frozen=True, slots=True)
class PickOwner(Tap):
    """Who does what is agreed; the words are typed next."""

    PREFIX: ClassVar[str] = "ko"
    talk: int
    version: int
    owner: PointOwner


@dataclass(frozen=True, slots=True)
class PickDay(Tap):
    """By when; `weeks` from today, 0 for no day."""

    PREFIX: ClassVar[str] = "kb"
    talk: int
    version: int
    weeks: int


class HomeStep(StrEnum):
    CONFIRM = "y"
    DIFFER = "n"
    """Asks for words, which go to the teacher."""


@dataclass(frozen=True, slots=True)
class AnswerSummary(Tap):
    """A guardian's answer to a summary; `version` is the one that was read."""

    PREFIX: ClassVar[str] = "kk"
    talk: int
    version: int
    step: HomeStep


@dataclass(frozen=True, slots=True)
class TickPoint(Tap):
    """Says that something agreed is done, or is not after all."""

    PREFIX: ClassVar[str] = "kn"
    point: int
    done: bool
