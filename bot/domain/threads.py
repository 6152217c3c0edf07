"""Conversations between a home and the school: their kinds, what a message is, when an answer is due (B1–B5, B10)."""

from enum import StrEnum


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


THREAD_TEXT_LIMIT = 1500
"""Characters of one message: what a tired reader gets through, and far below a screen's limit."""
