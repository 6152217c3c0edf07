"""The buttons of those who call an event: composing it, looking after it, changing it, ending it (M1, M3, M8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.event_draft import EventField
from bot.domain.events import EventKind
from bot.domain.notices import AudienceKind
from bot.domain.taps import Tap


class EventsStep(StrEnum):
    """What stands on the page of those who call events."""

    LIST = "l"
    """The own events, and those whose topics a parent representative sees."""
    CALL = "c"
    """Begins an event, or goes on with the one that was begun."""
    CALL_NEW = "n"
    """The same in a new message below, for a button on another page."""


@dataclass(frozen=True, slots=True)
class EventsTap(Tap):
    """A way in: the own events, or a new one."""

    PREFIX: ClassVar[str] = "ea"
    step: EventsStep


@dataclass(frozen=True, slots=True)
class PickEventKind(Tap):
    PREFIX: ClassVar[str] = "ek"
    event: int
    version: int
    kind: EventKind


@dataclass(frozen=True, slots=True)
class PickEventAudience(Tap):
    """Chooses whom an event is for; `ref` is a grade, a class or a pupil, 0 for the whole school."""

    PREFIX: ClassVar[str] = "et"
    event: int
    version: int
    kind: AudienceKind
    ref: int


@dataclass(frozen=True, slots=True)
class BrowseEvent(Tap):
    """Turns a list of the draft: kinds, years (`what` "g"), classes ("c"), a class's pupils ("p", `ref`)."""

    PREFIX: ClassVar[str] = "eb"
    event: int
    version: int
    what: str
    ref: int
    page: int


@dataclass(frozen=True, slots=True)
class SetEventField(Tap):
    """Gives a field the value on the button; an empty value skips it."""

    PREFIX: ClassVar[str] = "ef"
    event: int
    version: int
    field: EventField
    value: str


@dataclass(frozen=True, slots=True)
class EventWeek(Tap):
    """Turns the small calendar of a date's question to a week (0 is this week)."""

    PREFIX: ClassVar[str] = "ew"
    event: int
    version: int
    week: int


class EventDraftStep(StrEnum):
    """What the draft's overview offers."""

    OVERVIEW = "o"
    CHANGE = "c"
    INVITE = "i"
    REMINDERS = "r"
    DISCARD = "d"


@dataclass(frozen=True, slots=True)
class EventDraftAct(Tap):
    PREFIX: ClassVar[str] = "ed"
    event: int
    version: int
    step: EventDraftStep


@dataclass(frozen=True, slots=True)
class AskEventField(Tap):
    """Opens a field of the draft for a new answer."""

    PREFIX: ClassVar[str] = "eq"
    event: int
    version: int
    field: EventField


@dataclass(frozen=True, slots=True)
class PreviewEvent(Tap):
    """Shows the invitation as a reader of another language will see it."""

    PREFIX: ClassVar[str] = "ev"
    event: int
    version: int
    language: str


class EventView(StrEnum):
    """What an organiser looks at or does with an event that is called."""

    BOARD = "b"
    NAMES = "n"
    NEEDS = "i"
    """Interpreters that are wanted, with language, dialect and wish; for the organiser alone."""
    TEXT = "t"
    TOPICS = "p"
    REMIND = "r"
    MORE = "m"
    """Changing, cancelling, reading it."""
    CHANGE = "c"
    CHOOSE = "k"
    """The same in place, back from one of its questions."""
    CANCEL = "x"
    """Asks whether it is meant."""
    CANCEL_YES = "y"
    SUMMARY = "s"
    """Asks for the summary's words."""


@dataclass(frozen=True, slots=True)
class OpenEvent(Tap):
    """An organiser opens an event; TOPICS is for parent representatives too."""

    PREFIX: ClassVar[str] = "eo"
    event: int
    view: EventView
    page: int = 0


@dataclass(frozen=True, slots=True)
class ChangeEvent(Tap):
    """Asks for a new value of a field of a called event; `revision` is the one on the screen."""

    PREFIX: ClassVar[str] = "ec"
    event: int
    revision: int
    field: EventField


@dataclass(frozen=True, slots=True)
class SetChange(Tap):
    """Gives the field that is being changed the value on the button."""

    PREFIX: ClassVar[str] = "eg"
    event: int
    revision: int
    field: EventField
    value: str


@dataclass(frozen=True, slots=True)
class ChangeWeek(Tap):
    """Turns the small calendar while the day of a called event is being changed."""

    PREFIX: ClassVar[str] = "ez"
    event: int
    revision: int
    week: int


@dataclass(frozen=True, slots=True)
class ApplyChange(Tap):
    """Tells everybody what has changed; until then nothing is."""

    PREFIX: ClassVar[str] = "ey"
    event: int
    revision: int


@dataclass(frozen=True, slots=True)
class SendSummary(Tap):
    """Sends the summary that waits in the dialogue's row: to those who asked, or to everybody invited."""

    PREFIX: ClassVar[str] = "eu"
    event: int
    everybody: bool


@dataclass(frozen=True, slots=True)
class StillSame(Tap):
    """Somebody invited says after a change that the own answer still holds."""

    PREFIX: ClassVar[str] = "es"
    event: int
    revision: int
