"""When an engine is left alone: after failures in a row, and when a day's characters are used up (L3)."""

from __future__ import annotations

import time
from collections.abc import Callable

FAILURES = 3
"""So many failures in a row, and it rests."""
PAUSE = 30.0
"""Seconds of the first rest; each trial that fails doubles it."""
LONGEST_PAUSE = 600.0
DAY = 86_400


class Attempt:
    """One request under way; `trial`: the one that is let through to see whether the engine is back."""

    __slots__ = ("trial",)

    def __init__(self, trial: bool) -> None:
        self.trial = trial


class Breaker:
    """Lets requests through (closed), none (open), or a single one after a rest (half open).

    Args:
        monotonic: seconds that only grow; a test may pass its own.
    """

    def __init__(
        self, *, failures: int = FAILURES, pause: float = PAUSE, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._first_pause = self._pause = pause
        self._monotonic = monotonic
        self._failed = 0
        self._open_until: float | None = None
        self._trial: Attempt | None = None

    @property
    def closed(self) -> bool:
        """Whether everything is let through."""
        return self._open_until is None

    def wait(self) -> float:
        """Return the seconds until a request may go; 0 or less: now, if none is on trial."""
        return 0.0 if self._open_until is None else self._open_until - self._monotonic()

    def begin(self) -> Attempt | None:
        """Let a request through, or return None. Whoever gets an attempt ends it by one of the next three."""
        if self._open_until is None:
            return Attempt(trial=False)
        if self._trial is not None or self.wait() > 0:
            return None
        self._trial = Attempt(trial=True)
        return self._trial

    def succeed(self, attempt: Attempt) -> None:
        """The engine answered. One that was asked before the rest began proves nothing about now."""
        if attempt.trial:
            self._open_until, self._trial, self._pause = None, None, self._first_pause
        if self._open_until is None:
            self._failed = 0

    def fail(self, attempt: Attempt, *, pause: float | None = None) -> None:
        """It did not. With `pause` it said itself for how long, or we know, and it rests at once."""
        if attempt.trial:
            self._trial = None
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._rest(pause or self._pause)
            return
        self._failed += 1
        if pause or (self.closed and self._failed >= self._limit):
            self._rest(pause or self._pause)

    def leave(self, attempt: Attempt) -> None:
        """The attempt was given up and says nothing about the engine; one that was settled is left as it is."""
        if self._trial is attempt:
            self._trial = None

    def _rest(self, seconds: float) -> None:
        """Open, or stay open for longer; never for shorter than before."""
        self._failed = 0
        self._open_until = max(self._open_until or 0.0, self._monotonic() + seconds)


class DailyLimit:
    """Characters of a day (UTC) that an engine may be given. Counted in this process, from its start.

    Args:
        limit: characters; 0: as many as asked.
        wall: seconds since 1970; a test may pass its own.
    """

    def __init__(self, limit: int, *, wall: Callable[[], float] = time.time) -> None:
        self._limit = limit
        self._wall = wall
        self._day = 0
        self._given = 0

    def take(self, characters: int) -> bool:
        """Count what is given and return True; or return False when it would be too much."""
        if not self._limit:
            return True
        today = int(self._wall() // DAY)
        if today != self._day:
            self._day, self._given = today, 0
        if self._given + characters > self._limit:
            return False
        self._given += characters
        return True

    def until_tomorrow(self) -> float:
        """Return the seconds until a new day begins."""
        return DAY - self._wall() % DAY
