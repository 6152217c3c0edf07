"""The buttons of an answer slip and of the page of meetings (M1, M2).

Each that changes something carries the event's revision on the screen, so that nobody agrees to a time that they
have not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.domain.events import EventAnswer
from bot.domain.slip import Question
from bot.domain.taps import Tap


@dataclass(frozen=True, slots=True)
class ShowSlip(Tap):
    """Shows an invitation with the own answer as it stands; `change` with the answers to choose from again."""

    PREFIX: ClassVar[str] = "so"
    event: int
    change: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSlip(Tap):
    """Coming, not coming, or another guardian comes."""

    PREFIX: ClassVar[str] = "sa"
    event: int
    revision: int
    answer: EventAnswer


@dataclass(frozen=True, slots=True)
class AskSlip(Tap):
    """Opens one question of the slip; `on` goes on with the questions after it."""

    PREFIX: ClassVar[str] = "sq"
    event: int
    revision: int
    question: Question
    on: bool


@dataclass(frozen=True, slots=True)
class SetSlip(Tap):
    """Answers one question; `value` is a number, a code, or empty to skip."""

    PREFIX: ClassVar[str] = "ss"
    event: int
    revision: int
    question: Question
    on: bool
    value: str


@dataclass(frozen=True, slots=True)
class WriteTopic(Tap):
    """Asks for a topic for the agenda; the own ones stand above."""

    PREFIX: ClassVar[str] = "st"
    event: int


@dataclass(frozen=True, slots=True)
class SendTopic(Tap):
    """Sends the topic that was just written, with the name beside it or without.

    `draft` counts what was written: the button under an earlier wording does not send a later one.
    """

    PREFIX: ClassVar[str] = "sn"
    event: int
    draft: int
    named: bool


@dataclass(frozen=True, slots=True)
class DropTopic(Tap):
    """Takes an own topic back."""

    PREFIX: ClassVar[str] = "sx"
    topic: int


@dataclass(frozen=True, slots=True)
class MeetingsPage(Tap):
    """Turns the list of meetings; pages count from 0."""

    PREFIX: ClassVar[str] = "sl"
    page: int
