"""The buttons of polls and surveys (N13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.notices import AudienceKind
from bot.domain.polls import PollKind
from bot.domain.taps import Tap


@dataclass(frozen=True, slots=True)
class NewPoll(Tap):
    """Begins a question or a survey, or goes on with the one that was begun."""

    PREFIX: ClassVar[str] = "pn"
    kind: PollKind


@dataclass(frozen=True, slots=True)
class PickPollAudience(Tap):
    """Chooses whom it is for; `ref` is a grade or a class, 0 for all of the author's reach."""

    PREFIX: ClassVar[str] = "pt"
    poll: int
    version: int
    kind: AudienceKind
    ref: int


@dataclass(frozen=True, slots=True)
class PickPollDay(Tap):
    """Chooses the last day, as 2026-11-27."""

    PREFIX: ClassVar[str] = "pw"
    poll: int
    version: int
    day: str


class PollStep(StrEnum):
    """What a draft's screens offer."""

    SHOW = "v"
    READY = "r"
    """Takes yes, no and don't know as answers."""
    DONE = "d"
    """The typed answers are complete."""
    NAMES = "n"
    """With names, or anonymous again."""
    CHANGE = "c"
    GRADES = "g"
    EDIT_AUDIENCE = "a"
    EDIT_QUESTION = "q"
    EDIT_OPTIONS = "o"
    CLEAR_OPTIONS = "z"
    """Begins the answers anew."""
    EDIT_LINK = "l"
    EDIT_DAY = "w"
    ASK = "y"
    DISCARD = "x"


@dataclass(frozen=True, slots=True)
class PollAct(Tap):
    """A step of a draft; `version` is the one on the screen."""

    PREFIX: ClassVar[str] = "pd"
    poll: int
    version: int
    step: PollStep


@dataclass(frozen=True, slots=True)
class PreviewPoll(Tap):
    """Shows a draft as a home of another language will read it."""

    PREFIX: ClassVar[str] = "pp"
    poll: int
    version: int
    language: str


class PollView(StrEnum):
    """What its author sees or does when it was asked."""

    FIGURES = "f"
    NAMES = "n"
    TEXT = "t"
    CLOSE = "c"
    """Asks whether it is meant."""
    CLOSE_YES = "y"


@dataclass(frozen=True, slots=True)
class OpenPoll(Tap):
    PREFIX: ClassVar[str] = "po"
    poll: int
    view: PollView
    page: int = 0


@dataclass(frozen=True, slots=True)
class ShowBallot(Tap):
    """Shows a question as it stands for the person who was asked."""

    PREFIX: ClassVar[str] = "ps"
    ballot: int
    new: bool = False


@dataclass(frozen=True, slots=True)
class Vote(Tap):
    """Answers; an anonymous answer is final, and counts only when it is `sure`."""

    PREFIX: ClassVar[str] = "pv"
    ballot: int
    choice: int
    sure: bool


@dataclass(frozen=True, slots=True)
class SurveyDone(Tap):
    """Says that the survey elsewhere was answered, so that no reminder comes."""

    PREFIX: ClassVar[str] = "px"
    ballot: int
