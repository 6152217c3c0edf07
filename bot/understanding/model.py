"""What goes into understanding and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Protocol

from bot.domain.absence import AbsenceReason


class Intent(StrEnum):
    """What a guardian wants, as far as a sentence says it."""

    REPORT_ABSENCE = "report_absence"
    REPORT_LATE = "report_late"
    REPORT_PART = "report_part"
    BACK_TODAY = "back_today"
    EXTEND = "extend"
    ASK_LEAVE = "ask_leave"
    CALL_ME = "call_me"
    THANKS = "thanks"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class ChildName:
    """One of the guardian's own children; `name` is the roster's full name in Latin letters."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A draft for the guardian to confirm (A2); nothing of the sentence itself is in it.

    Attributes:
        intent: what is wanted.
        children: ids of those who are meant for certain; empty when nobody is named.
        candidates: ids that fit when a name fits several of the guardian's children.
        first: the first day, None when no day is said (the caller takes today). Never a past day.
        last: the last day; equal to `first` for one day, None when `first` is None.
        reason: the coded reason, None when none is said.
        starts: for REPORT_PART the wall-clock time of leaving.
        ends: for REPORT_LATE the time of arrival, for REPORT_PART that of coming back.
        sensitive: a health detail stood in the sentence, so that the caller can say that only the code is kept.
    """

    intent: Intent
    children: tuple[int, ...] = ()
    candidates: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    reason: AbsenceReason | None = None
    starts: time | None = None
    ends: time | None = None
    sensitive: bool = False


class LanguageRules(Protocol):
    """What a language needs beyond the data in its `phrases.yaml`."""

    def prepare(self, text: str) -> str:
        """Return text as typed, with what the common folding (no case, no accents) would lose written otherwise."""
        ...

    def name_forms(self, name: str) -> Iterable[str]:
        """Return the spellings of one folded given name or surname that a sentence may hold besides itself."""
        ...

    def owns(self, form: str) -> bool:
        """Return whether a name in this form, right after a noun, may say whose that is ("brat Kuby")."""
        ...

    def ownable(self, word: str) -> bool:
        """Return whether this word, right before such a form of a name, may be what the bearer has."""
        ...

    def split(self, word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        """Return the words that an unknown one is written together from, or nothing.

        `known` answers whether the language's data or one of the children's names knows a word.
        """
        ...


class DefaultRules:
    """For a language whose data says everything."""

    def prepare(self, text: str) -> str:
        """Return text unchanged."""
        return text

    def name_forms(self, name: str) -> Iterable[str]:  # noqa: ARG002 - the protocol's signature
        """Return none: the data's name endings are enough."""
        return ()

    def owns(self, form: str) -> bool:  # noqa: ARG002
        """Return no: an ending, or a preposition, says whose a thing is."""
        return False

    def ownable(self, word: str) -> bool:  # noqa: ARG002
        """Return yes."""
        return True

    def split(self, word: str, known: Callable[[str], bool]) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing: words are written apart."""
        return ()
