"""What is asked while an event is being composed, and in which order."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from bot.domain.events import EVENT_RULES, Ask, EventKind
from bot.domain.people import Actor


class EventField(StrEnum):
    """One question to the organiser. The values are short: they travel in taps."""

    TITLE = "t"
    DAY = "d"
    STARTS = "s"
    ENDS = "e"
    PLACE = "p"
    AGENDA = "a"
    ANSWER_BY = "b"
    CHILDCARE = "c"
    REMIND_DAYS = "rd"
    REMIND_HOURS = "rh"


ORDER = (
    EventField.TITLE,
    EventField.DAY,
    EventField.STARTS,
    EventField.ENDS,
    EventField.PLACE,
    EventField.AGENDA,
    EventField.ANSWER_BY,
    EventField.CHILDCARE,
)
"""As they are asked; when people are reminded is the school's habit and only changed on wish."""
REQUIRED = frozenset({EventField.TITLE, EventField.DAY, EventField.STARTS})
NO_CLOCK = frozenset({EventKind.TRIP})
"""Kinds that may take the whole day."""
CHANGEABLE = (EventField.DAY, EventField.STARTS, EventField.ENDS, EventField.PLACE, EventField.AGENDA)
"""What can be changed when the invitations are out; everybody is told."""
NOT_COMPOSED = frozenset({EventKind.CONFERENCE, EventKind.DATE})
"""A round of talks is laid out, dates of the year are imported: neither is composed here."""


KINDS = (
    EventKind.CLASS_MEETING,
    EventKind.SOCIAL,
    EventKind.TRIP,
    EventKind.RESPONSIBILITY_GROUP,
    EventKind.COURSE,
    EventKind.TRANSITION,
    EventKind.MOTHERS_GROUP,
    EventKind.FAU,
    EventKind.SU,
    EventKind.SMU,
)
"""In the order in which they are offered: what a teacher calls most often first."""


def kinds_for(actor: Actor) -> list[EventKind]:
    """Return the kinds of events that a person may call, in the order of offering."""
    return [kind for kind in KINDS if EVENT_RULES[kind].organisers.intersection(actor.roles)]


def asked_fields(kind: EventKind, *, whole_day: bool = False) -> tuple[EventField, ...]:
    """Return the questions of a kind in their order; what takes the whole day has no end to ask for."""
    rule = EVENT_RULES[kind]
    left_out = set()
    if not rule.titled:
        left_out.add(EventField.TITLE)
    if Ask.CHILDCARE not in rule.asks:
        left_out.add(EventField.CHILDCARE)
    if whole_day:
        left_out.add(EventField.ENDS)
    return tuple(field for field in ORDER if field not in left_out)


def next_question(kind: EventKind, asked: Collection[str], *, whole_day: bool = False) -> EventField | None:
    """Return the first field that has been neither answered nor skipped."""
    return next((field for field in asked_fields(kind, whole_day=whole_day) if field.value not in asked), None)


def may_skip(kind: EventKind, field: EventField) -> bool:
    """Tell whether a field can be left open."""
    return field not in REQUIRED or (field is EventField.STARTS and kind in NO_CLOCK)
