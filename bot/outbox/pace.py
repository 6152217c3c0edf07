"""The one pace of everything that the bot sends (Telegram: 30 messages a second, 1 a second per chat).

A message takes one of `per_second` slots when it starts and gives it back one second after its answer came.
Telegram accepts a message somewhere between those two moments, so no second can see more than `per_second`
acceptances, whatever the jitter; measured, that loses 3 % of the ceiling at most and meets no 429. Queued
messages are also spaced a little, so that the slots come free evenly and an answer to a tap waits for tens of
milliseconds, not for a whole second. Time here is real (monotonic): a moved clock does not move Telegram's.
"""

from __future__ import annotations

import asyncio
import bisect
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.outgoing import Lane

WINDOW = 1.0
"""Seconds over which Telegram counts."""
CHAT_BURST = 4
"""Messages that a chat takes at once before its one a second begins."""
FORGET_AFTER = 60.0
"""Seconds between two looks for chats that can be forgotten."""


@dataclass(order=True, slots=True)
class _Waiter:
    lane: int
    order: int
    chat: int = field(compare=False)
    future: asyncio.Future[None] = field(compare=False)


class Pace:
    """Hands out the right to send, the most urgent lane first.

    Args:
        per_second: messages over all chats; 0 turns the common limit off.
        per_chat: messages a second to one chat, sustained; 0 turns it off.
    """

    def __init__(self, per_second: float = 30, per_chat: float = 1.0) -> None:
        self.per_second = per_second
        self._slots = max(1, int(per_second)) if per_second else 0
        self._hold = max(WINDOW, self._slots / per_second) if per_second else 0.0
        self._spacing = 1 / (per_second * 1.1) if per_second else 0.0
        self._chat_seconds = 1 / per_chat if per_chat else 0.0
        self._taken = 0
        self._closed_until = 0.0
        self._next_queued = 0.0
        self._waiting: list[_Waiter] = []
        self._order = itertools.count()
        self._paid_at: dict[int, float] = {}
        """When a chat's messages are paid off at its rate; one message costs `_chat_seconds`."""
        self._timer: asyncio.TimerHandle | None = None
        self._swept = 0.0

    @asynccontextmanager
    async def slot(self, chat: int, lane: Lane) -> AsyncIterator[None]:
        """Wait for the right to send one message to `chat`, and hold it while the request runs."""
        await self._acquire(chat, lane)
        try:
            yield
        finally:
            if self._slots:
                asyncio.get_running_loop().call_later(self._hold, self._give_back)

    async def reopened(self) -> None:
        """Wait until a 429 is served: for what Telegram does not count but refuses all the same."""
        while seconds := self.closed_for:  # noqa: ASYNC110  (it is the time that we wait for)
            await asyncio.sleep(seconds)

    def back_off(self, seconds: float) -> None:
        """Obey a 429: nothing at all is sent for `seconds`."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    @property
    def closed_for(self) -> float:
        """Seconds until a 429 is served."""
        return max(0.0, self._closed_until - time.monotonic())

    async def _acquire(self, chat: int, lane: Lane) -> None:
        waiter = _Waiter(int(lane), next(self._order), chat, asyncio.get_running_loop().create_future())
        bisect.insort(self._waiting, waiter)
        self._hand_out()
        try:
            await waiter.future
        except asyncio.CancelledError:
            if not waiter.future.cancelled():  # it had been granted, and nothing will be sent
                self._paid_at[chat] = self._paid_at.get(chat, 0.0) - self._chat_seconds
                self._give_back()
            raise

    def _hand_out(self) -> None:
        """Let as many go as may; set a timer for the first that waits for the time alone."""
        now = time.monotonic()
        self._sweep(now)
        still: list[_Waiter] = []
        wake_at = float("inf")
        for waiter in self._waiting:
            if waiter.future.done():  # cancelled while it waited
                continue
            ready = self._ready_at(waiter)
            if ready <= now:
                self._grant(waiter, now)
                continue
            wake_at = min(wake_at, ready)
            still.append(waiter)
        self._waiting = still
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if wake_at < float("inf"):
            self._timer = asyncio.get_running_loop().call_later(max(0.0, wake_at - now), self._hand_out)

    def _ready_at(self, waiter: _Waiter) -> float:
        """Return the earliest moment for this waiter; infinity while every slot is taken."""
        if self._slots and self._taken >= self._slots:
            return float("inf")
        ready = self._closed_until
        if waiter.lane != Lane.ANSWER:
            ready = max(ready, self._next_queued)
        if self._chat_seconds:
            ready = max(ready, self._paid_at.get(waiter.chat, 0.0) - (CHAT_BURST - 1) * self._chat_seconds)
        return ready

    def _grant(self, waiter: _Waiter, now: float) -> None:
        if self._slots:
            self._taken += 1
        if waiter.lane != Lane.ANSWER:
            self._next_queued = max(now - self._spacing, self._next_queued) + self._spacing
        if self._chat_seconds:
            self._paid_at[waiter.chat] = max(now, self._paid_at.get(waiter.chat, 0.0)) + self._chat_seconds
        waiter.future.set_result(None)

    def _give_back(self) -> None:
        if self._slots:
            self._taken -= 1
        self._hand_out()

    def _sweep(self, now: float) -> None:
        """Forget chats that owe nothing, so that memory follows the traffic."""
        if now - self._swept < FORGET_AFTER:
            return
        self._swept = now
        self._paid_at = {chat: paid_at for chat, paid_at in self._paid_at.items() if paid_at > now}
