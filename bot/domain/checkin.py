"""School refusal: a daily check-in between one home and the adults around the pupil (A9)."""

from __future__ import annotations

from enum import StrEnum


class CheckinAnswer(StrEnum):
    """How the morning looks at home, in one tap."""

    AS_PLANNED = "as_planned"
    LATER = "later"
    NOT_TODAY = "not_today"
    CALL_ME = "call_me"
