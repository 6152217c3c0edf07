"""The buttons of what is followed over time: overview, remarks, patterns, the monthly report (A6 to A8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.followup import RemarkKind
from bot.domain.taps import Tap


@dataclass(frozen=True, slots=True)
class OverviewOf(Tap):
    """Shows a guardian one child's school year."""

    PREFIX: ClassVar[str] = "fo"
    pupil: int


class RemarkStep(StrEnum):
    """What the remarks' screen does."""

    SHOW = "s"
    NOTE = "n"
    TAKE_AWAY = "t"


@dataclass(frozen=True, slots=True)
class RemarkClass(Tap):
    """Chooses the class; the kind of remark comes next. `day` is an ordinal, 0 for the likely day."""

    PREFIX: ClassVar[str] = "fc"
    class_id: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class RemarkTap(Tap):
    """Shows the pupils of a class for one kind and day, or notes it about one, or takes it away again.

    The tap says what is to stand there afterwards, so that two quick taps on one button are one.
    """

    PREFIX: ClassVar[str] = "fr"
    step: RemarkStep
    class_id: int
    day: int
    kind: RemarkKind
    pupil: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class PatternsOf(Tap):
    """Shows what repeats itself in a class."""

    PREFIX: ClassVar[str] = "fp"
    class_id: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class WriteHome(Tap):
    """Begins a message to one pupil's home."""

    PREFIX: ClassVar[str] = "fw"
    pupil: int


@dataclass(frozen=True, slots=True)
class SignReport(Tap):
    """A guardian has read the month's report."""

    PREFIX: ClassVar[str] = "fs"
    report: int


@dataclass(frozen=True, slots=True)
class CommentReport(Tap):
    """A guardian wants to write something about the month's report."""

    PREFIX: ClassVar[str] = "fm"
    report: int


class SignedView(StrEnum):
    """What the contact teacher looks at."""

    COUNTS = "c"
    NAMES = "n"
    REMIND = "r"


@dataclass(frozen=True, slots=True)
class SignedReports(Tap):
    """How many homes of a class have read the month's report; class 0 chooses."""

    PREFIX: ClassVar[str] = "fg"
    class_id: int = 0
    view: SignedView = SignedView.COUNTS
    page: int = 0
