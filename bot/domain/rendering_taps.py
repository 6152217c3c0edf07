"""Taps on a translation: the words as they were written, and the word that it is wrong (L1, L4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.domain.taps import Tap


@dataclass(frozen=True, slots=True)
class ShowOriginal(Tap):
    """Shows below what a translation was made of."""

    PREFIX: ClassVar[str] = "oa"
    rendering: int


@dataclass(frozen=True, slots=True)
class DisputeRendering(Tap):
    """Says that a translation is wrong; `version` is the one on the screen."""

    PREFIX: ClassVar[str] = "ob"
    rendering: int
    version: int
