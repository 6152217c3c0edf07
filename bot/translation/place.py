"""One engine in the chain: how much it is given, whether it is asked at all, and what became of it (L3)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.translation.breaker import DAY, FAILURES, PAUSE, Attempt, Breaker, DailyLimit
from bot.translation.engine import Engine, EngineFailed, Failure, Pair

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Requests to one engine at the same time."""
KNOWN_SECONDS = 600.0
"""How long an engine that did not know a pair is not asked for it again."""
RESTS = {Failure.BUSY: 60.0, Failure.KEY: 600.0, Failure.QUOTA: 3600.0}
"""Seconds without a request after what more requests would only make worse."""
DONE = "done"

Watch = Callable[[str, str, float, int], None]
"""Told of every request: engine, outcome, seconds, characters given. Never a text."""


def watch_nothing(engine: str, outcome: str, seconds: float, characters: int) -> None:
    """Do without figures."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What each engine of a chain is given, and how it is watched; a test may pass its own clocks."""

    daily_characters: int = 0
    """For engines outside; 0: as many as asked."""
    at_once: int = AT_ONCE
    failures: int = FAILURES
    pause: float = PAUSE
    watch: Watch = watch_nothing
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


@dataclass(slots=True)
class _Given:
    """What a request under way has given to the engine."""

    characters: int = 0
    held_back: bool = False
    """We did not ask after all."""


class Place:
    """An engine, and what is remembered about it."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self.engine = engine
        self._watch, self._monotonic = limits.watch, limits.monotonic
        self._breaker = Breaker(failures=limits.failures, pause=limits.pause, monotonic=limits.monotonic)
        self._daily = DailyLimit(limits.daily_characters if engine.outside else 0, wall=limits.wall)
        self._slots = asyncio.Semaphore(limits.at_once)
        self._known: frozenset[Pair] | None = None
        self._known_at = 0.0

    def rules_out(self, pair: Pair) -> bool:
        """Tell whether the engine said lately that it does not know the pair."""
        if self._known is None or self._monotonic() - self._known_at >= KNOWN_SECONDS:
            return False
        return pair not in self._known

    async def can(self, pair: Pair, seconds: float) -> bool:
        """Tell whether it knows the pair; of one that does not answer now, what it said last counts."""
        try:
            async with self._request(seconds):
                await self._learn()
        except EngineFailed as error:
            log.info("translation.languages_unknown", extra={"engine": self.engine.name, "reason": error.reason})
        return self._known is not None and pair in self._known

    async def translate(self, texts: Sequence[str], pair: Pair, seconds: float) -> list[str] | None:
        """Return the translations, or None if it does not know the pair; never later than in `seconds`.

        Raises:
            EngineFailed: it knows the pair, or may, and gave nothing.
        """
        async with self._request(seconds) as given:
            await self._learn()
            if self.rules_out(pair):
                return None
            characters = sum(map(len, texts))
            if not self._daily.take(characters):
                given.held_back = True
                raise EngineFailed(Failure.QUOTA, retry_after=self._daily.until_tomorrow())
            given.characters = characters
            translated = await self.engine.translate(texts, *pair)
            if len(translated) != len(texts):
                raise EngineFailed(Failure.ODD)
            return translated

    async def _learn(self) -> None:
        self._known = await self.engine.pairs()
        self._known_at = self._monotonic()

    @asynccontextmanager
    async def _request(self, seconds: float) -> AsyncIterator[_Given]:
        """Let a request through, end it in time, and note what became of it.

        Raises:
            EngineFailed: the engine rests; we are too many at once; the time is over.
        """
        self._check_rest()
        given, attempt, begun = _Given(), None, self._monotonic()
        real = asyncio.get_running_loop().time
        until = real() + seconds
        left = 0.0
        try:
            async with asyncio.timeout_at(until), self._slots:
                self._check_rest()
                left = until - real()
                attempt, begun = self._breaker.begin(), self._monotonic()
                if attempt is None:  # another one finds out whether it is back
                    raise EngineFailed(Failure.RESTING, retry_after=1.0)
                yield given
        except TimeoutError:
            if attempt is None or left < seconds / 2:  # our crowd took its time, which is not the engine's failure
                raise EngineFailed(Failure.BUSY, retry_after=1.0) from None
            failure = EngineFailed(Failure.TIMEOUT)
            self._settle(attempt, failure, begun, given)
            raise failure from None
        except EngineFailed as error:
            if attempt is not None and not given.held_back:
                self._settle(attempt, error, begun, given)
            raise
        else:
            self._settle(attempt, None, begun, given)
        finally:
            if attempt is not None:
                self._breaker.leave(attempt)  # of one that was settled this changes nothing

    def _check_rest(self) -> None:
        if (wait := self._breaker.wait()) > 0:
            raise EngineFailed(Failure.RESTING, retry_after=wait)

    def _settle(self, attempt: Attempt, failure: EngineFailed | None, begun: float, given: _Given) -> None:
        """Note what became of a request; say when the engine begins to rest, and when it is back."""
        was_closed = self._breaker.closed
        if failure is None or failure.reason == Failure.REFUSED:
            self._breaker.succeed(attempt)  # a refusal is an answer
        else:
            self._breaker.fail(attempt, pause=_rest(failure))
        outcome = DONE if failure is None else failure.reason
        if given.characters or failure is not None:
            self._watch(self.engine.name, outcome, self._monotonic() - begun, given.characters)
        if was_closed is not self._breaker.closed:
            event = "translation.engine_rests" if was_closed else "translation.engine_back"
            log.warning(event, extra={"engine": self.engine.name, "reason": outcome})


def _rest(failure: EngineFailed) -> float | None:
    """Return how long the engine is not to be asked at all; None: a single failure like this is nothing yet."""
    known = next((seconds for reason, seconds in RESTS.items() if reason == failure.reason), None)
    return None if known is None else min(failure.retry_after or known, DAY)
