"""What can go wrong when home and school write to each other, and what to do next."""

from __future__ import annotations

from bot.domain.errors import DomainError, InvalidInput
from bot.domain.marking import N_


class MessageTooLong(InvalidInput):
    code = "message_too_long"
    sentence = N_("That is {length} characters; {limit} fit into one message. Make it shorter, or send it in two.")


class NobodyReads(DomainError):
    code = "nobody_reads"
    sentence = N_("Nobody at the school can read messages here yet. Please call the school.")


class GoneOut(DomainError):
    """Somebody wanted to take back what has left already."""

    code = "gone_out"
    sentence = N_(
        "That has gone out already and may have been read. Write a new message if something has to be put right."
    )


class NoTextLeft(InvalidInput):
    """An edit that leaves nothing to read."""

    code = "no_text_left"
    sentence = N_("There is nothing left to read in it, so it stays as it was.")


class TooManyFiles(InvalidInput):
    """More files wait for a tap than a question can keep."""

    code = "too_many_files"
    sentence = N_("That is more than {limit} files at once. Send these first, then the others.")
