"""What an answer from Telegram, or none, means for a message: try again, give up, or nobody knows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiohttp import ClientConnectorError

from bot.domain.outgoing import Reason

MAX_ATTEMPTS = 30
"""Counted tries; with the pauses below, about four hours: an evening without network loses nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a message that was not plainly accepted.

    Attributes:
        reason: stable code.
        retry_in: seconds until the next try; None gives up.
        counted: the try counts towards `MAX_ATTEMPTS`.
        back_off: seconds for which everything stops (429).
        unreachable: the person cannot be reached until they write again.
        uncertain: the request left, so Telegram may have accepted it.
        settled: there is nothing left to do (the text stands there already).
    """

    reason: Reason
    retry_in: float | None = None
    counted: bool = True
    back_off: float = 0.0
    unreachable: bool = False
    uncertain: bool = False
    settled: bool = False


def wording(error: BaseException) -> str:
    """Return Telegram's own words about a refusal, up to where they begin to quote the message (P6)."""
    return str(error).partition('"')[0][:200]


def pause(attempts: int) -> float:
    """Seconds before the next try: 1, 4, 16, 64 … at most ten minutes."""
    return float(min(4 ** max(0, attempts - 1), 600))


def judge(error: BaseException, attempts: int) -> Verdict:
    """Classify what sending raised, after `attempts` tries including this one.

    What nobody has thought of is tried again too, so that no message is given up for a mistake of ours at once.
    """
    if isinstance(error, TelegramRetryAfter):
        return Verdict(Reason.FLOOD, retry_in=error.retry_after, counted=False, back_off=error.retry_after)
    if isinstance(error, TelegramForbiddenError):
        gone = "deactivated" in error.message
        return Verdict(Reason.DEACTIVATED if gone else Reason.BLOCKED, unreachable=True)
    if isinstance(error, TelegramEntityTooLarge):
        return Verdict(Reason.REFUSED)
    if isinstance(error, TelegramBadRequest | TelegramNotFound):
        text = error.message.lower()
        if "not modified" in text:
            return Verdict(Reason.REFUSED, settled=True)
        if "chat not found" in text:
            return Verdict(Reason.BLOCKED, unreachable=True)
        return Verdict(Reason.REFUSED)
    if isinstance(error.__cause__, ClientConnectorError):
        return _again(Reason.NETWORK, attempts, uncertain=False)  # no connection, so nothing has left
    if isinstance(error, TelegramNetworkError | ClientDecodeError | asyncio.TimeoutError | OSError):
        return _again(Reason.NETWORK, attempts, uncertain=True)
    if isinstance(error, TelegramServerError | TelegramAPIError):
        return _again(Reason.SERVER, attempts, uncertain=False)
    return _again(Reason.BROKEN, attempts, uncertain=False)


def _again(reason: Reason, attempts: int, *, uncertain: bool) -> Verdict:
    if attempts >= MAX_ATTEMPTS:
        return Verdict(Reason.GAVE_UP, uncertain=uncertain)
    return Verdict(reason, retry_in=pause(attempts), uncertain=uncertain)
