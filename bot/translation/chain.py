"""The engines that a school chose, in its order: the next one is asked when one cannot, within one time (L3)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.translation.engine import Engine, EngineFailed, NoEngine, Pair
from bot.translation.place import Limits, Place

__all__ = ["EngineFailed", "Engines", "NoEngine", "Translated"]


@dataclass(frozen=True, slots=True)
class Translated:
    """What an engine made of some texts."""

    texts: list[str]
    engine: str
    """Its name."""


class Engines:
    """Translates with the first engine that can.

    Args:
        engines: every engine there is.
        order: for a pair of languages, or None for every other pair: the names in the order of asking.
        timeout: seconds that a call may take over all engines. Each that is still left gets an equal share of what
            is left, so that one that hangs leaves time for the next.
        outside_allowed: whether engines outside the school's own machines are asked at all.
        limits: what each engine is given.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        *,
        order: Mapping[Pair | None, Sequence[str]],
        timeout: float,
        outside_allowed: bool,
        limits: Limits | None = None,
    ) -> None:
        self._places = {engine.name: Place(engine, limits or Limits()) for engine in engines}
        self._order = dict(order)
        self._timeout = timeout
        self._outside_allowed = outside_allowed

    async def can(self, source: str, target: str) -> bool:
        """Tell whether one of the school's engines knows the pair."""
        for place, seconds in self._shares((source, target)):
            if await place.can((source, target), seconds):
                return True
        return False

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Translated:
        """Return the texts in the other language, all from one engine.

        Raises:
            NoEngine: none of the school's engines knows the pair.
            EngineFailed: one does, or may, but there is no translation now.
        """
        failures: list[EngineFailed] = []
        for place, seconds in self._shares((source, target)):
            try:
                found = await place.translate(texts, (source, target), seconds)
            except EngineFailed as error:
                failures.append(error)
                continue
            if found is not None:
                return Translated(found, place.engine.name)
        if not failures:
            raise NoEngine
        known = [error.retry_after for error in failures if error.retry_after is not None]
        raise EngineFailed(failures[-1].reason, retry_after=min(known) if len(known) == len(failures) else None)

    async def close(self) -> None:
        """Let go of every engine's connections."""
        for place in self._places.values():
            await place.engine.close()

    def _shares(self, pair: Pair) -> Iterator[tuple[Place, float]]:
        """Yield the engines to ask for a pair, each with the seconds that it may take, counted when it is its turn."""
        now = asyncio.get_running_loop().time
        deadline = now() + self._timeout
        left = self._candidates(pair)
        while left:
            place, *left = left
            if not place.rules_out(pair):
                after = sum(not other.rules_out(pair) for other in left)
                yield place, (deadline - now()) / (1 + after)

    def _candidates(self, pair: Pair) -> list[Place]:
        names = self._order.get(pair, self._order.get(None, ()))
        places = [self._places[name] for name in names if name in self._places]
        return [place for place in places if self._outside_allowed or not place.engine.outside]
