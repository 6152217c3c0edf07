"""What a button means: small typed values that travel as text of at most 64 bytes (Telegram).

A tap is untrusted input: whoever receives one parses it here and then asks for the person's right.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Self, get_type_hints

from bot.domain.notices import Answer, AudienceKind, NoticeKind

LIMIT = 64
"""Bytes of `callback_data` (Telegram)."""
_MAX_INT = 2**31
"""Every number in a tap is an id, a version or a page, and no column that holds one is wider."""


class BadTap(ValueError):
    """The data is not a tap that we ever made."""


class PackedValue:
    """A value that writes itself into a part of a tap, without the separator, and reads itself from one."""

    __slots__ = ()

    def encode(self) -> str:
        """Return the value as text."""
        raise NotImplementedError

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read it again.

        Raises:
            BadTap: `encode` never wrote that.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Tap:
    """Base of all taps: `PREFIX` names feature and verb, the fields follow, separated by "|"."""

    PREFIX: ClassVar[str] = ""

    def pack(self) -> str:
        """Return the button's data.

        Raises:
            ValueError: it would be longer than 64 bytes or hold the separator.
        """
        parts = [self.PREFIX, *(_write(getattr(self, field.name)) for field in fields(self))]
        if any("|" in part for part in parts):
            raise ValueError(f"{self.PREFIX}: a value holds the separator")
        data = "|".join(parts)
        if len(data.encode()) > LIMIT:
            raise ValueError(f"{self.PREFIX}: {len(data.encode())} bytes, {LIMIT} are allowed")
        return data

    @classmethod
    def unpack(cls, data: str) -> Self:
        """Read a button's data.

        Raises:
            BadTap: it is another tap's, or somebody made it up.
        """
        prefix, *parts = data.split("|")
        hints = _hints(cls)
        if prefix != cls.PREFIX or len(parts) != len(hints):
            raise BadTap(prefix)
        values = {name: _read(part, kind) for (name, kind), part in zip(hints.items(), parts, strict=True)}
        return cls(**values)


_HINTS: dict[type[Tap], dict[str, type[Any]]] = {}


def _hints(cls: type[Tap]) -> dict[str, type[Any]]:
    if cls not in _HINTS:
        found = get_type_hints(cls)
        _HINTS[cls] = {field.name: found[field.name] for field in fields(cls)}
    return _HINTS[cls]


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, PackedValue):
        return value.encode()
    return str(value.value if isinstance(value, StrEnum) else value)


def _read(part: str, kind: type[Any]) -> Any:
    try:
        if kind is bool:
            return {"1": True, "0": False}[part]
        value = kind.decode(part) if issubclass(kind, PackedValue) else kind(part)
    except (ValueError, KeyError) as error:
        raise BadTap(part[:16]) from error
    if isinstance(value, int) and not -_MAX_INT < value < _MAX_INT:
        raise BadTap("number")
    return value


class Page(StrEnum):
    """The screens that the menu leads to."""

    MENU = "menu"
    LANGUAGE = "language"
    CHILDREN = "children"
    NOTICES = "notices"
    WEEKPLAN = "weekplan"
    WRITE = "write"
    EXPECTATIONS = "expect"
    CONTACTS = "contacts"
    COMPOSE = "compose"
    SENT = "sent"
    HELP = "help"
    ABSENCE = "absence"
    OVERVIEW = "overview"
    LEAVE = "leave"
    TODAY = "today"
    REMARKS = "remarks"
    PATTERNS = "patterns"
    CHECKINS = "checkins"
    FOLLOWUP = "followup"
    MEETINGS = "meetings"
    CALENDAR = "calendar"
    POLLS = "polls"
    CONVERSATIONS = "threads"


@dataclass(frozen=True, slots=True)
class OpenPage(Tap):
    """Shows a page; `new` sends it below instead of changing the tapped message."""

    PREFIX: ClassVar[str] = "go"
    page: Page
    new: bool = False


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Tap):
    PREFIX: ClassVar[str] = "la"
    code: str


# --- notices: the homes' side -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerNotice(Tap):
    """A guardian answers; `revision` is the one on the screen, so a stale "Understood" is noticed."""

    PREFIX: ClassVar[str] = "na"
    delivery: int
    answer: Answer
    revision: int


@dataclass(frozen=True, slots=True)
class ShowNotice(Tap):
    """Shows a delivered notice in the reader's language or as it was written (L1)."""

    PREFIX: ClassVar[str] = "no"
    delivery: int
    original: bool


@dataclass(frozen=True, slots=True)
class OpenNotice(Tap):
    """Sends a delivered notice once more, with its files, below the list it was chosen from."""

    PREFIX: ClassVar[str] = "nl"
    delivery: int


# --- notices: the sender's side -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PickAudience(Tap):
    """Chooses whom a notice is for; `ref` is a grade, a class or a pupil, 0 for several or none."""

    PREFIX: ClassVar[str] = "nt"
    notice: int
    version: int
    kind: AudienceKind
    ref: int


@dataclass(frozen=True, slots=True)
class BrowsePupils(Tap):
    """Lists the pupils of a class, to choose one home; page counts from 0."""

    PREFIX: ClassVar[str] = "np"
    notice: int
    version: int
    class_id: int
    page: int


@dataclass(frozen=True, slots=True)
class BrowseAudience(Tap):
    """Shows more to choose from: `what` is "grades", "classes", "pupils"."""

    PREFIX: ClassVar[str] = "nb"
    notice: int
    version: int
    what: str


@dataclass(frozen=True, slots=True)
class PickKind(Tap):
    PREFIX: ClassVar[str] = "nk"
    notice: int
    version: int
    kind: NoticeKind


@dataclass(frozen=True, slots=True)
class MoreKinds(Tap):
    PREFIX: ClassVar[str] = "nm"
    notice: int
    version: int
    page: int


@dataclass(frozen=True, slots=True)
class SetField(Tap):
    """Gives a field the value on the button; an empty value skips an optional field."""

    PREFIX: ClassVar[str] = "nf"
    notice: int
    version: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class ToggleItem(Tap):
    PREFIX: ClassVar[str] = "ni"
    notice: int
    version: int
    item: str
    page: int


@dataclass(frozen=True, slots=True)
class ItemsPage(Tap):
    PREFIX: ClassVar[str] = "nj"
    notice: int
    version: int
    page: int


class DraftStep(StrEnum):
    """What the draft's overview offers."""

    OVERVIEW = "view"
    CHANGE = "change"
    SEND = "send"
    LATER = "later"
    DISCARD = "drop"
    SKIP_TEXT = "notext"
    EDIT_TEXT = "text"
    CLEAR_FILES = "nofiles"
    APPLY_LOUD = "loud"
    APPLY_QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class DraftAct(Tap):
    PREFIX: ClassVar[str] = "nd"
    notice: int
    version: int
    step: DraftStep


@dataclass(frozen=True, slots=True)
class ChangeField(Tap):
    PREFIX: ClassVar[str] = "nc"
    notice: int
    version: int
    field: str


@dataclass(frozen=True, slots=True)
class PreviewNotice(Tap):
    PREFIX: ClassVar[str] = "nv"
    notice: int
    version: int
    language: str


@dataclass(frozen=True, slots=True)
class ScheduleNotice(Tap):
    """Sends later; `local` is a wall time such as 2026-11-25T07:30."""

    PREFIX: ClassVar[str] = "ns"
    notice: int
    version: int
    local: str


@dataclass(frozen=True, slots=True)
class UndoSend(Tap):
    """Takes a notice back while it waits for its time."""

    PREFIX: ClassVar[str] = "nu"
    notice: int


class BoardView(StrEnum):
    SUMMARY = "sum"
    WAITING = "wait"
    """When it goes out, and how to take it back; the summary once it has gone."""
    NAMES = "names"
    REMIND = "remind"
    CORRECT = "correct"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class OpenBoard(Tap):
    """The sender's status of a sent notice."""

    PREFIX: ClassVar[str] = "bo"
    notice: int
    view: BoardView
    page: int = 0


# --- messages between home and school -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WriteAbout(Tap):
    """A guardian writes to the contact teachers about a child; `call` asks to be phoned instead."""

    PREFIX: ClassVar[str] = "tw"
    pupil: int
    call: bool = False


@dataclass(frozen=True, slots=True)
class SendKept(Tap):
    """Sends the text that the person just wrote, kept in the dialogue row, about a child."""

    PREFIX: ClassVar[str] = "tk"
    pupil: int


@dataclass(frozen=True, slots=True)
class ReplyTo(Tap):
    """Answers in a thread, from either side."""

    PREFIX: ClassVar[str] = "tr"
    thread: int


@dataclass(frozen=True, slots=True)
class WhoSees(Tap):
    """Who can read and write about a child (P2)."""

    PREFIX: ClassVar[str] = "ws"
    pupil: int


@dataclass(frozen=True, slots=True)
class Cancel(Tap):
    """Leaves the open question; nothing is sent."""

    PREFIX: ClassVar[str] = "xx"
    page: Page = Page.MENU
