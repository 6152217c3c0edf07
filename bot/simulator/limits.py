"""How fast a bot may send, and how large things may be: Telegram's limits, in a strict model.

Telegram publishes the limits as advice ("about 30 messages a second") and lets short bursts pass. The strict
model here never does, so a bot that keeps its pace here keeps it there.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.simulator.errors import too_many

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's limits; the defaults are Telegram's own.

    per_second: messages accepted in any one second over all chats; None switches the rule off.
    per_chat_rate, per_chat_burst: messages a second and burst for one private chat; rate None switches it off.
    upload_bytes, download_bytes, photo_bytes: the largest file sent, fetched, and sent as a photo.
    callback_seconds: how long a button press can be answered after it was made.
    press_delivery_seconds, update_delivery_seconds: how long an undelivered button press and any other update
    wait before Telegram drops them.
    delete_seconds: how old a message may be when the bot deletes it.
    """

    per_second: int | None = 30
    per_chat_rate: float | None = 1.0
    per_chat_burst: int = 5
    upload_bytes: int = 50 * MEBIBYTE
    download_bytes: int = 20 * MEBIBYTE
    photo_bytes: int = 10 * MEBIBYTE
    callback_seconds: float = 300.0
    press_delivery_seconds: float = 150.0
    update_delivery_seconds: float = 24 * 3600.0
    delete_seconds: float = 48 * 3600.0

    @classmethod
    def off(cls) -> Limits:
        """No pace at all; the sizes and ages stay, they are part of what the methods mean."""
        return replace(cls(), per_second=None, per_chat_rate=None)


class Pace:
    """Decides whether one more message may be sent now.

    `check` raises the 429, `take` counts what was accepted. Time is monotonic seconds: a moved wall clock
    neither opens nor closes the limits.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._accepted: deque[float] = deque()
        self._refuse_until = 0.0
        self._buckets: dict[int, tuple[float, float]] = {}

    def check(self, chat_id: int | None) -> None:
        """Raise ApiError 429 with `retry_after` when a message to `chat_id` would be one too many.

        A breach of the limit over all chats refuses everything for the second that follows; one chat's breach
        refuses only that chat.
        """
        now = self._clock()
        if now < self._refuse_until:
            raise too_many(1)
        self._check_chat(chat_id, now)
        if self._limits.per_second is None:
            return
        while self._accepted and self._accepted[0] <= now - 1.0:
            self._accepted.popleft()
        if len(self._accepted) >= self._limits.per_second:
            self._refuse_until = now + 1.0
            raise too_many(1)

    def take(self, chat_id: int | None, count: int = 1) -> None:
        """Count `count` accepted messages to `chat_id`."""
        now = self._clock()
        if self._limits.per_second is not None:
            self._accepted.extend([now] * count)
        if self._limits.per_chat_rate is not None and chat_id is not None:
            self._buckets[chat_id] = (self._tokens(chat_id, now) - count, now)

    def _check_chat(self, chat_id: int | None, now: float) -> None:
        rate = self._limits.per_chat_rate
        if rate is None or chat_id is None:
            return
        tokens = self._tokens(chat_id, now)
        # The rounding of a wait of exactly `retry_after` seconds must not refuse again.
        if tokens < 1.0 - 1e-6:
            raise too_many(max(1, math.ceil((1.0 - tokens) / rate)))

    def _tokens(self, chat_id: int, now: float) -> float:
        burst = float(self._limits.per_chat_burst)
        tokens, since = self._buckets.get(chat_id, (burst, now))
        return min(burst, tokens + (now - since) * (self._limits.per_chat_rate or 0.0))
