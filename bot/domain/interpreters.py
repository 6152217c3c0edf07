"""Interpreters: how long a home lets one follow, how long a translation is in one's hands (L4, L6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.errors import DomainError, InvalidInput, Stale
from bot.domain.marking import N_
from bot.domain.people import Actor, Role
from bot.domain.school import School

IN_HAND = timedelta(minutes=15)
"""How long a translation that an interpreter has taken is shown to no other one."""
OFFER_AGAIN = timedelta(days=30)
"""A home that has not answered is asked again, about the same conversation, at the earliest after this."""
OFFERED = 3
"""How many interpreters a home is offered at once."""
CONTEXT = 3
"""How many of the last messages somebody who begins to follow a conversation is shown."""
TEXT_LIMIT = 3000
"""Characters of a translation: what fits into a message together with its mark."""
SUMMER = (6, 30)
"""Month and day on which a school year has ended everywhere in Norway."""


class Span(StrEnum):
    """For how long a home lets an interpreter follow."""

    WEEK = "w"
    MONTH = "m"
    SUMMER = "s"


class Side(StrEnum):
    """Whom an interpreter asks what was meant."""

    HOME = "h"
    SCHOOL = "s"


class NotPromised(DomainError):
    """An interpreter who has not accepted confidentiality; shown as the statement."""

    code = "not_promised"
    ends_question = True
    sentence = N_("First read what you promise as an interpreter, and accept it. Open the menu to go on.")


class AccessEnded(DomainError):
    """What the home allowed is over; nothing of it is shown any more."""

    code = "access_ended"
    ends_question = True
    sentence = N_("You no longer have access to this. The home's permission has ended. Open the menu to go on.")


class HelperGone(DomainError):
    code = "helper_gone"
    ends_question = True
    sentence = N_("This person no longer follows the conversation. Nothing was sent. Open the menu to go on.")


class TaskTaken(DomainError):
    code = "task_taken"
    sentence = N_("Another interpreter has this one in hand just now. Take the next one.")


class TextMeanwhile(Stale):
    code = "text_meanwhile"
    ends_question = True
    sentence = N_("The text has changed meanwhile. Here is how it stands now.")


class TranslationTooLong(InvalidInput):
    code = "translation_too_long"
    sentence = N_("That is {length} characters; {limit} fit. Make it shorter.")


class NothingMeant(InvalidInput):
    code = "nothing_meant"
    sentence = N_("There is nothing in it to read. Write it in words.")


def until(span: Span, school: School, now: datetime) -> datetime:
    """Return when a permission given now ends: at the end of the day, by the school's clock."""
    today = school.local(now).date()
    last = {Span.WEEK: today + timedelta(days=7), Span.MONTH: today + timedelta(days=30)}.get(span, summer(today))
    return school.at(datetime.combine(last + timedelta(days=1), time()))


def summer(today: date) -> date:
    """Return the last day of the school year that `today` belongs to."""
    end = date(today.year, *SUMMER)
    return end if today <= end else date(today.year + 1, *SUMMER)


def last_day(until: datetime, school: School) -> date:
    """Return the last day on which a permission holds, to be shown."""
    return (school.local(until) - timedelta(seconds=1)).date()


def spoken(languages: str) -> frozenset[str]:
    """Read a roster's "ar en"."""
    return frozenset(languages.replace(",", " ").split())


def only_interprets(actor: Actor) -> bool:
    """Tell whether interpreting is all that somebody does here."""
    return actor.roles == {Role.INTERPRETER} and not actor.is_guardian


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter of the school who may be chosen."""

    person_id: int
    name: str
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a guardian allows an interpreter; `thread_id` None is everything about the guardian's children."""

    id: int
    guardian_id: int
    interpreter_id: int
    interpreter: str
    thread_id: int | None
    until: datetime
