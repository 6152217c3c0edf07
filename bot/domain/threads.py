"""Conversations between a home and the school: their kinds, what a message is, when an answer is due (B1–B5, B10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import DomainError
from bot.domain.marking import N_
from bot.domain.messages import FileRef
from bot.domain.school import School, SchoolHours


class ThreadKind(StrEnum):
    ORDINARY = "ordinary"
    """With the contact teachers of the child's class."""
    SAFETY = "safety"
    """A report of bullying: with the named adult and the leadership, and nobody else (B10)."""


class MessageKind(StrEnum):
    TEXT = "text"
    QUESTION = "question"
    """Asked about a notice (N9)."""
    CALL_ME = "call_me"
    """"Please call me" instead of writing (B5); has no text, `call_wish` says when."""
    HANDED_OVER = "handed_over"
    """The teacher has handed the conversation to the leadership (B4); has no text."""
    HANDED_BACK = "handed_back"
    CALLED = "called"
    """Somebody at the school has called, as the home had asked (B5); has no text."""
    ASKS = "asks"
    """An interpreter asks one side, `to_person_id`, what was meant; the other side does not see it."""
    ANSWERS = "answers"
    """That side's answer to the interpreter, `to_person_id`."""


class CallWish(StrEnum):
    """When somebody would like to be called, in the school's own day (B5)."""

    ANY = "any"
    MORNING = "morning"
    """Before school begins and in the first hours."""
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    """After school, until the office closes."""


FIRST_HOURS = 2
"""Hours of the school day that are its morning."""


def wish_edge(wish: CallWish, hours: SchoolHours) -> time | None:
    """Return the wall-clock time by which, or from which on, a call suits; None where it is not bound to one."""
    if wish is CallWish.MORNING:
        return hours.start.replace(hour=min(hours.start.hour + FIRST_HOURS, 23))
    return hours.end if wish is CallWish.AFTERNOON else None


THREAD_TEXT_LIMIT = 1500
"""Characters of one message: what a tired reader gets through, and far below a screen's limit."""

SPOKEN = frozenset({MessageKind.TEXT, MessageKind.QUESTION, MessageKind.CALL_ME})
"""What a home waits for an answer to."""
ANSWERED = frozenset({MessageKind.TEXT, MessageKind.CALLED})
"""What is an answer when somebody at the school does it."""

GOES_ON = timedelta(days=3)
"""How long a text that nothing asked for goes on with the one open conversation without a question."""
EDITABLE = timedelta(hours=48)
"""How long an edit of one's own message travels; as long as Telegram lets people edit."""
BEFORE_SCHOOL = timedelta(minutes=30)
"""When people at school are told what waits, where no list of the day comes by itself."""


class Part(StrEnum):
    """What somebody is in a conversation."""

    HOME = "home"
    SCHOOL = "school"
    """Reads and answers for the school."""
    UNTIL_HANDED = "until_handed"
    """Teaches the class, while the leadership has the conversation: reads what was said until then (B4)."""


class HandedOver(DomainError):
    """The leadership has the conversation, and a teacher wanted to go on with it."""

    code = "handed_over"
    ends_question = True
    sentence = N_(
        "The leadership has this conversation for now, so nothing was sent. They can hand it back to you at any time."
    )


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """When those at school are told that a home still waits, both aware moments (B2)."""

    teachers: datetime
    leadership: datetime


def plan_answer(since: datetime, school: School, calendar: SchoolCalendar) -> AnswerDue:
    """Return when a conversation that waits since an aware moment surfaces: to its readers, later to the leadership.

    The readers are told before school on the next school day, the leadership before school on the day after the one
    by which homes are told to expect an answer (`School.answer_days`).
    """
    day = first = _school_day_after(school.local(since).date(), calendar)
    for _ in range(school.answer_days):
        day = _school_day_after(day, calendar)
    return AnswerDue(_before_school(first, school), _before_school(day, school))


def _school_day_after(day: date, calendar: SchoolCalendar) -> date:
    return calendar.next_school_day(day) or day + timedelta(days=1)  # no school for months: better told than never


def _before_school(day: date, school: School) -> datetime:
    before = school.list_before or BEFORE_SCHOOL
    return school.considerate(school.at(datetime.combine(day, school.hours.start)) - before)


@dataclass(frozen=True, slots=True)
class ThreadRef:
    """A conversation, whom it is about, how it stands, and what part the person has in it who asked for it."""

    id: int
    kind: ThreadKind
    guardian_id: int
    guardian_name: str
    pupil_id: int
    pupil_name: str
    class_id: int
    class_name: str
    waits_since: datetime | None
    last_at: datetime | None
    closed_at: datetime | None
    closed_by: int | None
    handed_at: datetime | None
    part: Part = Part.SCHOOL


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One message as it is stored; `length` instead of its words, which only an element brings to a reader."""

    id: int
    thread_id: int
    author_id: int
    author: str
    kind: MessageKind
    notice_id: int | None
    length: int
    language: str
    version: int
    call_wish: CallWish | None
    file: FileRef | None
    sent_at: datetime
    edited_at: datetime | None
    taken_back_at: datetime | None
    chat_message_id: int | None
