"""What a translation engine is to the rest of the house (L3)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

Pair = tuple[str, str]
"""Source and target, our language codes."""


class Failure(StrEnum):
    """Why an engine gave no translation: a code for logs and figures."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    """It has too much to do, or we have; it may say for how long."""
    QUOTA = "quota"
    """What it may be given is used up."""
    KEY = "key"
    """It does not accept our key."""
    REFUSED = "refused"
    """It does not take this request; the next one may be taken."""
    BROKEN = "broken"
    """It failed at its own end."""
    ODD = "odd"
    """It answered something that is no translation of what was asked."""
    RESTING = "resting"
    """It failed often and is not asked for a while."""


class EngineFailed(Exception):
    """No translation came.

    Args:
        reason: a code of `Failure`.
        retry_after: seconds after which it makes sense to ask again, if known.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class NoEngine(Exception):
    """The school has no engine for these two languages."""


class Engine(Protocol):
    """Translates plain text. What it is given is not logged."""

    @property
    def name(self) -> str:
        """What settings and figures call it."""
        ...

    @property
    def outside(self) -> bool:
        """Whether texts leave the school's own machines on the way to it."""
        ...

    async def pairs(self) -> frozenset[Pair]:
        """Return what it can translate, as it says itself; what it said is believed for some minutes.

        Raises:
            EngineFailed: it does not say.
        """
        ...

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return each text in the other language, in their order, with its lines and outer spaces as they were.

        Raises:
            EngineFailed: for any of them none came.
        """
        ...

    async def close(self) -> None:
        """Let go of its connections."""
        ...
