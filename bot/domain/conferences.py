"""Conferences (utviklingssamtaler): slots that a teacher lays out and homes book, and what is agreed there (M4, M5)."""

from __future__ import annotations

from enum import StrEnum

TAKES_PART_FROM = 12
"""Years from which a pupil has the right to take part in the talk."""
PREPARE_DAYS = 3
"""Days before a talk on which the home is asked to prepare (M5)."""
POINT_LIMIT = 200
"""Characters of an agreed point."""
SUMMARY_LIMIT = 1500
PREPARATION_LIMIT = 500
MOST_POINTS = 6
MOST_SLOTS = 120
"""Slots of one round: more is a slip of the finger."""


class TalkPlace(StrEnum):
    SCHOOL = "school"
    HOME = "home"
    """A visit (hjemmebesøk)."""
    PHONE = "phone"
    VIDEO = "video"


class TalkState(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"


class PointOwner(StrEnum):
    """Who does what was agreed."""

    SCHOOL = "school"
    HOME = "home"
    PUPIL = "pupil"
    TOGETHER = "together"
