"""The table of methods: a name, what it does, and whether it counts against the pace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.simulator.params import Params
from bot.simulator.world import World

Handler = Callable[[World, Params], Any]
Waiter = Callable[[World, Params], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """One Bot API method. Either `handle` answers at once, or `wait` is awaited (long polling, webhooks)."""

    name: str
    handle: Handler | None = None
    wait: Waiter | None = None
    paced: bool = False


# By lower-case name: Telegram does not mind the case.
METHODS: dict[str, Method] = {}


def method(name: str, *, paced: bool = False) -> Callable[[Handler], Handler]:
    """Register a function as a method; `paced` ones count as a message sent."""

    def register(handle: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, handle=handle, paced=paced)
        return handle

    return register


def waiting_method(name: str) -> Callable[[Waiter], Waiter]:
    """Register a coroutine function as a method."""

    def register(wait: Waiter) -> Waiter:
        METHODS[name.lower()] = Method(name, wait=wait)
        return wait

    return register
