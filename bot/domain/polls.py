"""Polls and surveys: one question with buttons, or a link to a survey elsewhere (N13)."""

from __future__ import annotations

from enum import StrEnum

QUESTION_LIMIT = 300
OPTION_LIMIT = 60
FEWEST_OPTIONS = 2
MOST_OPTIONS = 6
SMALL_RESULT = 5
"""An anonymous result of fewer answers is not shown: it could be told who said what."""


class PollKind(StrEnum):
    POLL = "poll"
    SURVEY = "survey"
    """A link to a survey somewhere else, with one reminder."""


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DISCARDED = "discarded"
