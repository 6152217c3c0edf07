"""What is seen over time: remarks for the monthly report, patterns for the teacher (A6, A7)."""

from __future__ import annotations

from enum import StrEnum


class RemarkKind(StrEnum):
    """The remarks that schools write to homes, coded so that they read exactly in every language."""

    HOMEWORK = "homework"
    GYM_KIT = "gym_kit"
    BOOKS = "books"
    CLOTHES = "clothes"
    """Not dressed for the weather."""
    LUNCH = "lunch"
    GOOD_WORK = "good_work"
    GOOD_FRIEND = "good_friend"
