"""The buttons of absence: the draft travels in them, so that nothing is stored before the confirming tap (A2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.absence import AbsenceDraft
from bot.domain.morning import InquiryAnswer, PhoneOutcome
from bot.domain.taps import Tap


class ReportStep(StrEnum):
    """What the report's screen asks next."""

    CHILDREN = "c"
    DAYS = "d"
    KIND = "k"
    REASON = "r"
    TIME = "t"
    REVIEW = "v"
    CONFIRM = "y"


@dataclass(frozen=True, slots=True)
class ReportAbsence(Tap):
    """A step of a report; the draft is the one that the screen will show."""

    PREFIX: ClassVar[str] = "ad"
    step: ReportStep
    draft: AbsenceDraft


@dataclass(frozen=True, slots=True)
class AbsenceCalendar(Tap):
    """Turns the small calendar to a week (0 is this week) to choose the first day, or with `end` the last."""

    PREFIX: ClassVar[str] = "ac"
    end: bool
    week: int
    draft: AbsenceDraft


class ReceiptStep(StrEnum):
    """What the receipt of a report offers."""

    SHOW = "s"
    EXTEND = "x"
    SHORTEN = "h"
    """Asks which day is to be the last one."""
    UNTIL = "u"
    """Makes the draft's last day the last one."""
    WITHDRAW = "w"


@dataclass(frozen=True, slots=True)
class AbsenceReceipt(Tap):
    """Changes what was reported: the draft names the children and days of the receipt."""

    PREFIX: ClassVar[str] = "ar"
    step: ReceiptStep
    draft: AbsenceDraft


class ListStep(StrEnum):
    """What the teacher does in the list of the day."""

    OPEN = "o"
    """Sends the list of a class, below."""
    LIST = "l"
    MISSING = "m"
    LATE = "t"
    MARK = "k"
    """A pupil is missing."""
    UNMARK = "n"
    """It was a mistake: the pupil is here."""
    CAME_LATE = "c"
    UNLATE = "u"
    """It was a mistake: the pupil did not come late."""
    ARRIVED = "a"


@dataclass(frozen=True, slots=True)
class DayListTap(Tap):
    """An act in the list of a class on a day (`day` is an ordinal, as `date.toordinal`)."""

    PREFIX: ClassVar[str] = "al"
    step: ListStep
    class_id: int
    day: int
    pupil: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class AnswerInquiry(Tap):
    """A guardian says why a pupil has not arrived."""

    PREFIX: ClassVar[str] = "iq"
    inquiry: int
    answer: InquiryAnswer


@dataclass(frozen=True, slots=True)
class LogCall(Tap):
    """A teacher says what a telephone call brought."""

    PREFIX: ClassVar[str] = "io"
    inquiry: int
    outcome: PhoneOutcome


@dataclass(frozen=True, slots=True)
class SendWritten(Tap):
    """Sends the words that the proposal answers to the teacher instead; Telegram brings them with the tap."""

    PREFIX: ClassVar[str] = "aw"
    pupil: int
