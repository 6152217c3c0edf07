"""Trouble on request: refusals, dropped connections, slow answers, updates twice or in the wrong order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.simulator.errors import ApiError

_WORDS = {
    400: "Bad Request: failed on purpose",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    409: "Conflict: failed on purpose",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


@dataclass(slots=True, eq=False)
class Fault:
    """One fault that waits for its call."""

    method: str | None
    chat_id: int | None
    left: int
    error: ApiError | None = None
    drop: Literal["before", "after"] | None = None
    seconds: float = 0.0

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is meant."""
        named = method != "getUpdates" if self.method is None else self.method.lower() == method.lower()
        return named and (self.chat_id is None or self.chat_id == chat_id)


class Faults:
    """Faults that the next calls and updates meet, each used up by the calls it hits.

    `method` None means any method but getUpdates, which waits all the time; names are compared without case.
    Faults are tried in the order in which they were asked for; one call meets at most one.
    """

    def __init__(self, duplicate: Callable[[int], None], reverse: Callable[[int], None]) -> None:
        self._duplicate = duplicate
        self._reverse = reverse
        self._waiting: list[Fault] = []

    def fail_next(
        self,
        method: str | None = None,
        times: int = 1,
        status: int = 500,
        retry_after: int | None = None,
        description: str | None = None,
        chat_id: int | None = None,
    ) -> None:
        """Refuse the next `times` calls without doing anything.

        A 429 carries `retry_after` whole seconds (1 when not given); `description` replaces Telegram's sentence.
        """
        parameters: dict[str, int] | None = None
        words = _WORDS.get(status, "Bad Request: failed on purpose")
        if status == 429 or retry_after is not None:
            parameters = {"retry_after": retry_after if retry_after is not None else 1}
            words = f"Too Many Requests: retry after {parameters['retry_after']}"
        error = ApiError(status, description or words, parameters)
        self._waiting.append(Fault(method, chat_id, times, error=error))

    def drop_next(
        self,
        method: str | None = None,
        times: int = 1,
        when: Literal["before", "after"] = "before",
        chat_id: int | None = None,
    ) -> None:
        """Drop the connection of the next calls: `before` they are handled, or `after`, so that they took effect."""
        self._waiting.append(Fault(method, chat_id, times, drop=when))

    def slow_next(
        self, method: str | None = None, times: int = 1, seconds: float = 1.0, chat_id: int | None = None
    ) -> None:
        """Handle the next calls at once but answer them `seconds` later."""
        self._waiting.append(Fault(method, chat_id, times, seconds=seconds))

    def duplicate_updates(self, n: int) -> None:
        """Deliver the next `n` updates twice, the second time after the first was confirmed."""
        self._duplicate(n)

    def reorder_updates(self, n: int) -> None:
        """Deliver the next `n` updates in reversed order."""
        self._reverse(n)

    def clear(self) -> None:
        """Forget the faults that no call has met yet."""
        self._waiting.clear()

    @property
    def waiting(self) -> int:
        """How many calls are still to meet a fault."""
        return sum(fault.left for fault in self._waiting)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Use up the first fault that fits this call."""
        for fault in self._waiting:
            if fault.fits(method, chat_id):
                fault.left -= 1
                if fault.left <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
