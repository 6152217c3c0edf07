"""The buttons of calendars: a file for one date or all, and the private address of the own calendar (M6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.taps import Tap

EVERYTHING = 0
"""In place of an event."""


@dataclass(frozen=True, slots=True)
class EventFile(Tap):
    """Sends a file that puts an event into the calendar of the phone; 0 is everything that concerns the person."""

    PREFIX: ClassVar[str] = "yf"
    event: int


@dataclass(frozen=True, slots=True)
class TalkFile(Tap):
    """Sends a file that puts a booked talk into the calendar of the phone."""

    PREFIX: ClassVar[str] = "yt"
    talk: int


@dataclass(frozen=True, slots=True)
class CalendarPage(Tap):
    """Shows the dates that concern the person, some at a time; pages count from 0."""

    PREFIX: ClassVar[str] = "yp"
    page: int


class LinkStep(StrEnum):
    """What a person does with the private address of the own calendar."""

    SHOW = "s"
    MAKE = "m"
    """Makes an address; one that was there before stops working."""
    REPLACE = "r"
    """Asks whether it is meant: the calendars that use the old address stop."""
    END = "e"
    """Asks whether it is meant."""
    END_YES = "y"


@dataclass(frozen=True, slots=True)
class LinkTap(Tap):
    """A step with the own address; it names nobody, it is always the own.

    `made` is the second in which the address on the screen was made, 0 for none: a stale button is noticed by it.
    """

    PREFIX: ClassVar[str] = "yl"
    step: LinkStep
    made: int
