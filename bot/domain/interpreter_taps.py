"""The buttons of interpreters, and of homes that let one follow (L4–L6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.interpreters import Side, Span
from bot.domain.taps import Tap

# --- the interpreter's side ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AcceptPromise(Tap):
    """Accepts confidentiality; `wording` is the statement's on the screen."""

    PREFIX: ClassVar[str] = "ja"
    wording: int = 1


@dataclass(frozen=True, slots=True)
class OpenQueue(Tap):
    """Shows how much there is to translate; `new` sends it below."""

    PREFIX: ClassVar[str] = "jb"
    new: bool = False


@dataclass(frozen=True, slots=True)
class TakeNext(Tap):
    """Takes the next translation into hand; `last` was just given back and comes after all others."""

    PREFIX: ClassVar[str] = "jc"
    last: int = 0


class TaskStep(StrEnum):
    """What an interpreter does with a translation."""

    SHOW = "v"
    APPROVE = "a"
    APPROVE_ANYWAY = "y"
    """Although numbers, names or times differ."""
    WRITE = "w"
    """Asks for the right words."""
    SEND_ANYWAY = "s"
    """What was written, although numbers, names or times differ."""
    LEAVE = "l"
    """Gives it back."""
    HISTORY = "h"


@dataclass(frozen=True, slots=True)
class TaskAct(Tap):
    """A step with one translation; `version` is the one on the screen."""

    PREFIX: ClassVar[str] = "jd"
    rendering: int
    version: int
    step: TaskStep


@dataclass(frozen=True, slots=True)
class OpenFollowed(Tap):
    """Lists the conversations that an interpreter may follow; `page` counts from 0."""

    PREFIX: ClassVar[str] = "je"
    page: int = 0


@dataclass(frozen=True, slots=True)
class ShowFollowed(Tap):
    """Shows the last messages of a conversation that an interpreter may follow."""

    PREFIX: ClassVar[str] = "jf"
    thread: int


@dataclass(frozen=True, slots=True)
class AskAbout(Tap):
    """Chooses which side to ask what was meant by a message."""

    PREFIX: ClassVar[str] = "jg"
    message: int


@dataclass(frozen=True, slots=True)
class AskSide(Tap):
    """Asks one side what was meant by a message; the question is written next."""

    PREFIX: ClassVar[str] = "jh"
    message: int
    side: Side


@dataclass(frozen=True, slots=True)
class AnswerInterpreter(Tap):
    """Answers an interpreter's question; `message` is the question."""

    PREFIX: ClassVar[str] = "ji"
    message: int


@dataclass(frozen=True, slots=True)
class OpenMemory(Tap):
    """Lists the sentences that are remembered; `page` counts from 0."""

    PREFIX: ClassVar[str] = "jj"
    page: int = 0


@dataclass(frozen=True, slots=True)
class Withdraw(Tap):
    """Takes a remembered sentence out, or puts it back."""

    PREFIX: ClassVar[str] = "jk"
    memory: int
    out: bool


# --- the home's side ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenConsents(Tap):
    """Shows which interpreters follow a conversation, to the home and to the school; `new` sends it below."""

    PREFIX: ClassVar[str] = "jl"
    thread: int
    new: bool = False


@dataclass(frozen=True, slots=True)
class OpenConsentsAbout(Tap):
    """The same for a guardian's conversation about a child, which begins with that if need be."""

    PREFIX: ClassVar[str] = "jr"
    pupil: int


@dataclass(frozen=True, slots=True)
class ChooseInterpreter(Tap):
    """A guardian chooses an interpreter for a conversation."""

    PREFIX: ClassVar[str] = "jm"
    thread: int
    interpreter: int


@dataclass(frozen=True, slots=True)
class ChooseScope(Tap):
    """What the interpreter may read: this conversation, or everything about the guardian's children."""

    PREFIX: ClassVar[str] = "jn"
    thread: int
    interpreter: int
    everything: bool


@dataclass(frozen=True, slots=True)
class GiveConsent(Tap):
    """Lets the interpreter read, for so long."""

    PREFIX: ClassVar[str] = "jo"
    thread: int
    interpreter: int
    everything: bool
    span: Span


@dataclass(frozen=True, slots=True)
class DeclineOffer(Tap):
    """No interpreter for this conversation."""

    PREFIX: ClassVar[str] = "jp"
    thread: int


@dataclass(frozen=True, slots=True)
class EndConsent(Tap):
    """Ends what was allowed, at once."""

    PREFIX: ClassVar[str] = "jq"
    consent: int
