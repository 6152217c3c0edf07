"""Kinds of messages between a home and the school."""

from enum import StrEnum


class MessageKind(StrEnum):
    TEXT = "text"
    QUESTION = "question"
    """Asked about a notice (N9)."""
    CALL_ME = "call_me"
    """"Please call me" instead of writing (B5); has no text."""


THREAD_TEXT_LIMIT = 1500
"""Characters of one message: what a tired reader gets through, and far below a screen's limit."""
