"""Free text in another language: what is translated, how a rendering stands, and who made it (L3–L7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What a free text belongs to; `subject_id` is that row's id."""

    MESSAGE = "message"
    """A message of a thread."""
    NOTICE = "notice"
    EVENT = "event"
    """An event's agenda."""
    EVENT_SUMMARY = "event_summary"
    TALK = "talk"
    """The summary of a talk."""
    PREPARATION = "preparation"
    """What a home wrote before a talk; `subject_id` is the talk's."""
    POINT = "point"
    """An agreed point."""
    LEAVE = "leave"
    """Why a home asks for leave."""
    LEAVE_ANSWER = "leave_answer"
    """The school's sentence about it."""
    POLL = "poll"
    """A poll's question."""


class RenderingState(StrEnum):
    """How a free text stands in one language."""

    WAITING = "waiting"
    """To be made by phrasebook, memory or engine at `due_at`; messages that show it are held back a little."""
    READY = "ready"
    """Has a text that readers are shown."""
    HUMAN = "human"
    """No machine could, or the guard refused it: readers have the original, a person is asked (L6)."""


class MadeBy(StrEnum):
    PHRASEBOOK = "phrasebook"
    """Whole sentences translated with care beforehand: exact, needs no mark."""
    MEMORY = "memory"
    """Sentences that an interpreter approved before (L5)."""
    ENGINE = "engine"
    """A machine, at least in part; always marked as such (L3)."""
    INTERPRETER = "interpreter"


class Checked(StrEnum):
    """What an interpreter has done with a rendering (L4)."""

    NOT = "not"
    APPROVED = "approved"
    CORRECTED = "corrected"
    TRANSLATED = "translated"
    """Made by the interpreter: there was no rendering before."""


class Trouble(StrEnum):
    """Why there is no machine translation."""

    NO_ENGINE = "no_engine"
    FAILED = "failed"
    """Every engine of the pair failed or was too slow; tried again later."""
    GUARD = "guard"
    """The engine's text lost something that must not change."""
    DISPUTED = "disputed"
    """A reader said that it is wrong, and it was taken out."""


class FindingKind(StrEnum):
    """What a translation lost, added or changed."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    """A date, a weekday, or a day told from today."""
    TIME = "time"
    LINK = "link"
    CLASS = "class"
    NEGATION = "negation"
    LENGTH = "length"
    EMPTY = "empty"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the guard does not let pass; `what` is the words or the value, for an interpreter's eyes."""

    kind: FindingKind
    what: str
