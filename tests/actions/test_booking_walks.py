"""Long walks of homes and a teacher through one round: after each step everything still fits together (M4)."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.actions.conferences import book as booking
from bot.actions.conferences import details, look_after, waiting
from bot.clock import Clock
from bot.domain.conference_taps import NO_INTERPRETER, Wish
from bot.domain.errors import DomainError
from bot.domain.people import Actor
from storage.session import Database
from tests.actions.steps import rows
from tests.actions.test_booking_races import book, everybody_in, hold_everything, open_round, pupil_of, tick

STEPS = 100
HOMES = 9


class Walk:
    """A round of six times and nine homes, one step after the other."""

    def __init__(self, database: Database, clock: Clock, chance: random.Random) -> None:
        self.database, self.clock, self.chance = database, clock, chance

    async def begin(self) -> None:
        homes = (await everybody_in(self.database))[:HOMES]
        self.teacher, self.event, self.times = await open_round(self.database, 180)
        self.homes = [(home, await pupil_of(self.database, home)) for home in homes]

    def steps(self) -> list[Callable[[], Awaitable[object]]]:
        """What can happen, the likely things more than once."""
        return [self.book, self.book, self.book, self.cancel, self.join, self.join, self.leave, self.let_pass,
                self.close, self.call_off, self.turn, self.wait_an_hour, self.tick]  # fmt: skip

    def _home(self) -> tuple[Actor, int]:
        return self.chance.choice(self.homes)

    async def book(self) -> None:
        home, pupil = self._home()
        wish = self.chance.choice([Wish("ar"), NO_INTERPRETER, NO_INTERPRETER])
        await book(self.database, home, pupil, self.chance.choice(self.times), wish=wish)

    async def _talk(self, pupil: int) -> int:
        found = await rows(self.database, "SELECT id FROM talk WHERE pupil_id = :p", p=pupil)
        return int(found[0][0]) if found else 2**30

    async def cancel(self) -> None:
        home, pupil = self._home()
        talk = await self._talk(pupil)
        async with self.database.unit_of_work() as uow:
            await booking.cancel_talk(uow, home, talk, 0)

    async def turn(self) -> None:
        home, pupil = self._home()
        talk = await self._talk(pupil)
        async with self.database.unit_of_work() as uow:
            await details.turn_pupil(uow, home, talk, 0)

    async def _line(self, act: Callable[..., Awaitable[object]]) -> None:
        home, pupil = self._home()
        async with self.database.unit_of_work() as uow:
            await act(uow, home, self.event, pupil)

    async def join(self) -> None:
        await self._line(waiting.join)

    async def leave(self) -> None:
        await self._line(waiting.leave)

    async def let_pass(self) -> None:
        await self._line(waiting.let_pass)

    async def close(self) -> None:
        async with self.database.unit_of_work() as uow:
            slot, closed = self.chance.choice(self.times), self.chance.random() < 0.3
            await look_after.close_slot(uow, self.teacher, slot, closed=closed)

    async def call_off(self) -> None:
        async with self.database.unit_of_work() as uow:
            await look_after.call_off(uow, self.teacher, self.chance.choice(self.times))

    async def wait_an_hour(self) -> None:
        self.clock.forward(timedelta(hours=1))

    async def tick(self) -> None:
        while await tick(self.database):
            continue

    async def hold(self) -> None:
        """Hold what must be true after every step."""
        await hold_everything(self.database)
        held = await rows(
            self.database, "SELECT held_pupil_id, held_until FROM slot WHERE held_until IS NOT NULL AND closed = :yes",
            yes=True,
        )  # fmt: skip
        assert held == [], "a closed time is kept for nobody"

    async def settle(self) -> None:
        """Let everything pass that is kept: in the end each time has a talk, is closed, or is free for all."""
        for _ in range(HOMES + 1):
            self.clock.forward(timedelta(hours=13))
            await self.tick()
        assert await rows(self.database, "SELECT count(*) FROM slot WHERE held_until IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_any_steps_every_time_has_one_talk_and_every_talk_its_times(
    example_school: Database, clock: Clock, seed: int
) -> None:
    walk = Walk(example_school, clock, random.Random(seed))
    await walk.begin()
    done: list[str] = []
    for _ in range(STEPS):
        step = walk.chance.choice(walk.steps())
        try:
            await step()
            done.append(getattr(step, "__name__", ""))
        except DomainError as refused:
            done.append(refused.code)
        try:
            await walk.hold()
        except AssertionError as error:
            raise AssertionError(f"{error} after {done}") from error
    assert {"book", "cancel", "join", "tick"} <= set(done), "the walk went nowhere"
    await walk.settle()
    await walk.hold()
