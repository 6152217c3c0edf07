"""Taps of an author who looks a message's translations over before it goes out (L7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.taps import Tap


class PreviewStep(StrEnum):
    OPEN = "open"
    """Shows the translations below, on a screen that follows while they are made."""
    EDIT = "edit"
    WAIT = "wait"
    """Waits for an interpreter, or does not any more."""
    SEND = "send"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class PreviewAct(Tap):
    PREFIX: ClassVar[str] = "wa"
    notice: int
    version: int
    step: PreviewStep


@dataclass(frozen=True, slots=True)
class SendUnread(Tap):
    """Sends a notice that waits for an interpreter without waiting any longer."""

    PREFIX: ClassVar[str] = "wb"
    notice: int
