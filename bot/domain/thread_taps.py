"""The buttons of conversations between home and school (B1–B5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.taps import Tap
from bot.domain.threads import CallWish


@dataclass(frozen=True, slots=True)
class ThreadList(Tap):
    """Shows a person's conversations; `page` counts from 0."""

    PREFIX: ClassVar[str] = "tp"
    page: int = 0


@dataclass(frozen=True, slots=True)
class OpenThread(Tap):
    """Shows a conversation, its newest messages or those before one; `new` sends it below."""

    PREFIX: ClassVar[str] = "to"
    thread: int
    before: int = 0
    new: bool = False


@dataclass(frozen=True, slots=True)
class ThreadFiles(Tap):
    """Sends the photos and documents of a page of a conversation once more."""

    PREFIX: ClassVar[str] = "tf"
    thread: int
    before: int = 0


class ThreadStep(StrEnum):
    """What can be done with a whole conversation."""

    CLOSE = "close"
    REOPEN = "reopen"
    ASK_HAND = "ask"
    """Asks once whether to hand it to the leadership."""
    HAND = "hand"
    HAND_BACK = "back"
    CALL = "call"
    """The home asks to be called."""


@dataclass(frozen=True, slots=True)
class ThreadAct(Tap):
    PREFIX: ClassVar[str] = "ts"
    thread: int
    step: ThreadStep


@dataclass(frozen=True, slots=True)
class TakeBack(Tap):
    """Takes one's own message back before it goes out."""

    PREFIX: ClassVar[str] = "tb"
    message: int


@dataclass(frozen=True, slots=True)
class WishTime(Tap):
    """Says when a call suits; `message` is the request to call."""

    PREFIX: ClassVar[str] = "tc"
    message: int
    wish: CallWish


@dataclass(frozen=True, slots=True)
class HaveCalled(Tap):
    """Somebody at the school has called the home, or, with `undo`, has not yet."""

    PREFIX: ClassVar[str] = "td"
    thread: int
    undo: bool = False


@dataclass(frozen=True, slots=True)
class SendKeptTo(Tap):
    """Sends the text that the person just wrote, kept in the dialogue row, into one conversation."""

    PREFIX: ClassVar[str] = "tt"
    thread: int
