"""The only source of "now". A demo and a test may move it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset that can grow.

    Moving the clock tells everybody who waits for it, so that what became due happens at once.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta() if start is None else start - self._real()
        self._listeners: list[Callable[[], None]] = []

    @staticmethod
    def _real() -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    def now(self) -> datetime:
        """Return the aware UTC moment."""
        return self._real() + self._offset

    def move_to(self, moment: datetime) -> None:
        """Move forward to an aware moment.

        Raises:
            ValueError: the moment lies in the past; leases and dedupe assume that time never goes back.
        """
        if moment < self.now():
            raise ValueError("the clock only moves forward")
        self._offset = moment - self._real()
        for listener in self._listeners:
            listener()

    def forward(self, step: timedelta) -> None:
        """Move forward by `step`."""
        self.move_to(self.now() + step)

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move."""
        self._listeners.append(listener)


async def sleep(seconds: float) -> None:
    """Sleep in real time; a seam for what must not follow a moved clock (network pauses)."""
    await asyncio.sleep(seconds)
