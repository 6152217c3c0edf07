"""The real app over a small generated school, for tests of what stands below the stories."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import App
from bot.clock import Clock
from bot.domain.outgoing import ACTIVE, OutgoingKind
from bot.i18n import texts
from bot.outbox.enqueue import Message, enqueue
from bot.settings import Settings
from bot.simulator import Limits, Phone, Simulator
from storage.models import Outgoing
from storage.queries.outgoing import find_by_key
from storage.session import Database
from tests.load.school import ADDRESS_BASE, Generated, generate

TOKEN = "123456:" + "D" * 35
PATIENCE = 30.0


class Running:
    """An app, its simulator, and a view of its database from outside."""

    def __init__(self, app: App, sim: Simulator, clock: Clock, school: Generated) -> None:
        self.app, self.sim, self.clock, self.school = app, sim, clock, school
        self.outside = Database(app.settings.database, now=clock.now, school=app.settings.to_school())

    def phone(self, number: int) -> Phone:
        """Return the phone of person `number`; 1 is the teacher, guardians begin at 2."""
        return self.sim.phone(ADDRESS_BASE + number)

    def texts_at(self, number: int) -> list[str]:
        """Return what the bot wrote to a person."""
        return [message.text or message.caption or "" for message in self.phone(number).messages if message.from_bot]

    async def put(self, *messages: Message) -> None:
        """Enqueue as an action does, so that the sender is woken after the commit."""
        async with self.app.database.unit_of_work() as uow:
            await enqueue(uow, *messages)
            await uow.commit()

    async def row(self, key: str) -> Outgoing:
        """Return an outgoing row as it is stored."""
        async with self.outside.unit_of_work() as uow:
            row = await uow.session.get(Outgoing, await find_by_key(uow, key))
            assert row is not None
            return row

    async def settled(self, key: str) -> Outgoing:
        """Wait until an outgoing row has come to its end."""

        async def done() -> bool:
            return (await self.row(key)).state not in ACTIVE

        await self.until(done, f"{key} to be settled")
        return await self.row(key)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """Read plain SQL from outside the app."""
        async with self.outside.unit_of_work() as uow:
            return list((await uow.execute(sa.text(statement), values)).all())

    async def until(self, condition: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait for a condition."""
        await until(condition, what)


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition; fail when it never comes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        met = condition()
        if met is True or (not isinstance(met, bool) and await met):
            return
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.01)


def say(sentence: str, **fields: object) -> str:
    """Return a sentence as the people of this school read it."""
    return str(texts("nb").plain.gettext(sentence, **fields))


def message(to: int, key: str, text: str = "Hei", **fields: Any) -> Message:
    """Return a message with what a test does not care about filled in."""
    return Message(to, fields.pop("kind", OutgoingKind.NOTICE), text, key, **fields)


def new_clock() -> Clock:
    """A clock that starts on a Monday morning in term."""
    return Clock(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Oslo")))


def make_settings(database: str, api: str, **overrides: Any) -> Settings:
    """Return settings without a pace, on any free port."""
    values: dict[str, Any] = {
        "token": TOKEN,
        "api": api,
        "database": database,
        "listen_port": 0,
        "messages_per_second": 0,
        "messages_per_chat_second": 0,
        "list_minutes": 0,  # no list of the day by itself
        **overrides,
    }
    return Settings(_env_file=None, **values)


WEBHOOK: dict[str, Any] = {"webhook": "http://127.0.0.1:0", "webhook_secret": "secret"}
"""Settings for a webhook on the port that the app finds."""


@asynccontextmanager
async def running(
    url: str, *, homes: int = 6, limits: Limits | None = None, latency: float = 0.0, **overrides: Any
) -> AsyncIterator[Running]:
    """Run an app over a fresh database with `homes` guardians."""
    clock = new_clock()
    sim = Simulator(token=TOKEN, now=clock.now, limits=limits or Limits.off(), latency=latency)
    base = await sim.start()
    app = App(make_settings(url, base, **overrides), clock)
    school = await generate(app.database, homes)
    school.give_phones(sim)
    opened = Running(app, sim, clock, school)
    try:
        async with app.running():
            yield opened
    finally:
        await opened.outside.close()
        await sim.stop()
