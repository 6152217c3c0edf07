"""The answer slip of an invitation: what is asked after which answer, and until when it can be changed (M1, M2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import InvalidInput
from bot.domain.events import Ask, EventAnswer
from bot.domain.marking import N_

MOST_TOPICS = 3
"""Topics of one person for one meeting: more is a talk of its own."""
UNKNOWN_LANGUAGE = "und"
"""A language that nobody has a code for; how the guardian wrote it stands beside it."""


class SlipState(StrEnum):
    """How an invitation stands for whoever holds it."""

    OPEN = "open"
    CLOSED = "closed"
    """The time for answers is over, or it has begun."""
    OVER = "over"
    CANCELLED = "cancelled"


class Question(StrEnum):
    """What the slip asks, in the order of asking."""

    PEOPLE = "p"
    INTERPRETER = "i"
    LANGUAGE = "l"
    DIALECT = "d"
    GENDER = "g"
    CHILDCARE = "c"
    AFTER = "a"


class EnoughTopics(InvalidInput):
    code = "enough_topics"
    sentence = N_("That is as many topics as one meeting has room for. You can take one back to write another.")


def slip_state(
    now: datetime, starts_at: datetime, ends_at: datetime | None, answers_until: datetime | None, *, cancelled: bool
) -> SlipState:
    """Return whether somebody can still answer at `now` (aware)."""
    if cancelled:
        return SlipState.CANCELLED
    if now >= (ends_at or starts_at):
        return SlipState.OVER
    if now >= min(answers_until or starts_at, starts_at):
        return SlipState.CLOSED
    return SlipState.OPEN


def questions(answer: EventAnswer, asks: Collection[Ask], *, childcare: bool, foreign: bool) -> tuple[Question, ...]:
    """Return what is asked by itself after an answer, in order.

    `childcare` when the school offers it; `foreign` when the person has another language than the school. Somebody
    else finds the interpreter among the buttons and is not asked.
    """
    if answer is EventAnswer.NOT_COMING:
        return (Question.AFTER,) if Ask.SUMMARY in asks else ()
    if answer is EventAnswer.OTHER_COMES:
        return ()
    wanted = (
        (Question.PEOPLE, Ask.COUNT in asks),
        (Question.INTERPRETER, Ask.INTERPRETER in asks and foreign),
        (Question.CHILDCARE, Ask.CHILDCARE in asks and childcare),
    )
    return tuple(question for question, asked in wanted if asked)


_PLACE_IN_ORDER = {question: number for number, question in enumerate(Question)}


def next_question(asked: Question, planned: Collection[Question]) -> Question | None:
    """Return the planned question that comes after one that has been answered; None when that was the last."""
    later = [question for question in planned if _PLACE_IN_ORDER[question] > _PLACE_IN_ORDER[asked]]
    return min(later, key=_PLACE_IN_ORDER.__getitem__, default=None)
