"""The buttons of conferences: the teacher lays out and looks after a round, homes book in it (M4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.conferences import TalkPlace
from bot.domain.taps import BadTap, PackedValue, Tap

# --- the teacher's side -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartRound(Tap):
    """Begins a round for a class, or goes on with the one that was begun.

    0 shows the open rounds first if there are any, and otherwise asks for the class, as -1 always does.
    """

    PREFIX: ClassVar[str] = "cs"
    school_class: int = 0


@dataclass(frozen=True, slots=True)
class RoundWeek(Tap):
    """Turns the small calendar to a week (0 is this week) to choose a day of talks."""

    PREFIX: ClassVar[str] = "cw"
    event: int
    version: int
    week: int


@dataclass(frozen=True, slots=True)
class RoundDay(Tap):
    """Chooses a day (ISO), then from when ("1300"), then until when, step by step; empty is not chosen yet."""

    PREFIX: ClassVar[str] = "cd"
    event: int
    version: int
    day: str
    first: str = ""
    last: str = ""


class RoundStep(StrEnum):
    """What the overview of a round that is being laid out leads to."""

    OVERVIEW = "o"
    DAY = "d"
    CLEAR_DAYS = "c"
    MINUTES = "m"
    LONG = "l"
    PAUSE = "p"
    PLACES = "w"
    VIDEO = "v"
    """Asks for the address of the video talk."""
    PREVIEW = "r"
    INVITE = "i"
    DISCARD = "x"


@dataclass(frozen=True, slots=True)
class LayRound(Tap):
    """A step of laying out; `version` is the draft's on the screen."""

    PREFIX: ClassVar[str] = "cr"
    event: int
    version: int
    step: RoundStep


@dataclass(frozen=True, slots=True)
class SetRound(Tap):
    """Sets what the step asks for: minutes, or a place to add or take out."""

    PREFIX: ClassVar[str] = "cv"
    event: int
    version: int
    step: RoundStep
    value: str


class RoundView(StrEnum):
    """What the teacher looks at in a round that homes book in."""

    SUMMARY = "s"
    DAY = "d"
    """The times of the day whose place in the round is `page`."""
    WAITING = "w"
    """Who waits, and who has not booked, with a way to book for a home that phones."""
    REMIND = "r"
    ADD = "a"
    """Asks for the moment of one more time."""
    MORE = "m"
    CANCEL = "c"
    """Asks whether it is meant."""
    CANCEL_YES = "y"


@dataclass(frozen=True, slots=True)
class OpenRound(Tap):
    """The teacher's board of a round."""

    PREFIX: ClassVar[str] = "co"
    event: int
    view: RoundView = RoundView.SUMMARY
    page: int = 0


class SlotStep(StrEnum):
    SHOW = "s"
    CLOSE = "c"
    OPEN = "o"
    CALL_OFF = "x"
    """Takes a booked time back from a home; asks whether it is meant."""
    CALL_OFF_YES = "y"


@dataclass(frozen=True, slots=True)
class SlotTap(Tap):
    """The teacher looks at one time, closes it, opens it again, or calls off the talk in it."""

    PREFIX: ClassVar[str] = "cl"
    slot: int
    step: SlotStep


# --- the homes' side; also the teacher's, for a home that phones -----------------------------------


@dataclass(frozen=True, slots=True)
class Wish(PackedValue):
    """An interpreter's language, "-" for no thank you, "" as long as nobody has said."""

    code: str = ""

    def encode(self) -> str:
        """Return it as it travels."""
        return self.code

    @classmethod
    def decode(cls, text: str) -> Wish:
        """Read it again.

        Raises:
            BadTap: it is no such wish.
        """
        if text not in {"", "-"} and not (text.isascii() and text.replace("-", "").isalpha() and len(text) <= 8):
            raise BadTap(text[:16])
        return cls(text)

    @property
    def wanted(self) -> bool:
        return self.code not in {"", "-"}

    @property
    def asked(self) -> bool:
        """Whether somebody has said whether an interpreter is wanted."""
        return self.code != ""


NO_INTERPRETER = Wish("-")


@dataclass(frozen=True, slots=True)
class OpenBooking(Tap):
    """Shows a pupil's talk of a round, or the days on which one can be booked; pupil 0 asks for which child."""

    PREFIX: ClassVar[str] = "cb"
    event: int
    pupil: int = 0


@dataclass(frozen=True, slots=True)
class BookDay(Tap):
    """Shows the free times of a day (ISO); pages count from 0."""

    PREFIX: ClassVar[str] = "cy"
    event: int
    pupil: int
    day: str
    wish: Wish
    page: int = 0


class BookStep(StrEnum):
    SHOW = "s"
    """Shows the time with what else is chosen, before anything is booked."""
    LANGUAGE = "l"
    """Asks for the interpreter's language."""
    BOOK = "b"


@dataclass(frozen=True, slots=True)
class BookSlot(Tap):
    """A time with its choices; the whole draft travels in the button."""

    PREFIX: ClassVar[str] = "ck"
    pupil: int
    slot: int
    step: BookStep
    place: TalkPlace
    with_pupil: bool
    wish: Wish


class TalkStep(StrEnum):
    """What a home does with its booked talk."""

    SHOW = "s"
    MOVE = "m"
    """Shows the days again; the booked time stays until another is booked."""
    CANCEL = "c"
    """Asks whether it is meant."""
    CANCEL_YES = "y"
    PLACE = "p"
    """The next place of those that the teacher offers."""
    PUPIL = "k"
    """With or without the pupil."""
    INTERPRETER = "i"
    """Shows what is wished of an interpreter."""


@dataclass(frozen=True, slots=True)
class TalkTap(Tap):
    """A guardian of the pupil, or the teacher, looks at a booked talk and changes it; `version` is the screen's."""

    PREFIX: ClassVar[str] = "cx"
    talk: int
    version: int
    step: TalkStep


@dataclass(frozen=True, slots=True)
class TalkInterpreter(Tap):
    """Sets the interpreter of a booked talk; `detail` is a gender wish, "dialect", or empty for the language alone."""

    PREFIX: ClassVar[str] = "ci"
    talk: int
    version: int
    wish: Wish
    detail: str = ""


class WaitStep(StrEnum):
    JOIN = "j"
    """None of the times suits, or none is left: the home waits for one to become free."""
    LEAVE = "l"
    NEXT = "p"
    """No thank you to the time that is held; it goes to the next in line, the home goes on waiting."""


@dataclass(frozen=True, slots=True)
class WaitTap(Tap):
    """The waiting list of a round."""

    PREFIX: ClassVar[str] = "cq"
    event: int
    pupil: int
    step: WaitStep
