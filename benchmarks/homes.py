"""The homes' phones of a generated school, and waiting for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from benchmarks.children import Child
from benchmarks.school import ADDRESS, TEACHER
from benchmarks.wire import TOKEN
from bot.simulator import Limits, Person, Simulator


@asynccontextmanager
async def simulated_homes(homes: int, limits: Limits, *, latency: float = 0.0) -> AsyncIterator[Simulator]:
    """Open a simulator in which everybody of the school has started the bot; `latency` is seconds one way."""
    sim = Simulator(token=TOKEN, limits=limits, latency=latency)
    await sim.start()
    for person in range(TEACHER, TEACHER + homes + 1):
        sim.add_person(Person(id=ADDRESS + person, first_name=f"Guardian {person}")).mark_started()
    try:
        yield sim
    finally:
        await sim.stop()


async def until(condition: Callable[[], bool], process: Child, *, patience: float) -> None:
    """Wait for a condition while a process runs.

    Raises:
        ChildFailed: it has ended.
        TimeoutError: `patience` seconds are over.
    """
    deadline = time.monotonic() + patience
    while not condition():
        process.check()
        if time.monotonic() > deadline:
            raise TimeoutError(process.last_lines())
        await asyncio.sleep(0.1)
