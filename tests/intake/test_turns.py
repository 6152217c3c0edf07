"""Two updates of one person never run at once, over two replicas on one database; different persons do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from aiogram.types import Update

from bot.app import App
from bot.simulator import Limits, Simulator
from storage.session import Database
from tests.load.school import ADDRESS_BASE, generate
from tests.running import TOKEN, make_settings, new_clock, until

pytestmark = pytest.mark.postgres


@pytest.fixture
async def replicas(fresh_postgres_url: str) -> AsyncIterator[tuple[App, App]]:
    """Two apps on one database; updates are handed to their intakes directly."""
    clock = new_clock()
    sim = Simulator(token=TOKEN, now=clock.now, limits=Limits.off())
    base = await sim.start()
    apps = [App(make_settings(fresh_postgres_url, base), clock) for _ in range(2)]
    (await generate(apps[0].database, 12)).give_phones(sim)
    yield apps[0], apps[1]
    for app in apps:
        await app.stop()
    await sim.stop()


class Lanes:
    """Notes which persons' transactions are open, as the databases' connections see them."""

    def __init__(self, *databases: Database) -> None:
        self.open: dict[Any, int] = {}
        self.overlaps = 0
        self.most = 0
        self.handled: list[int] = []
        for database in databases:
            engine = database.engine.sync_engine
            sa.event.listen(engine, "after_cursor_execute", self._locked)
            sa.event.listen(engine, "commit", self._ended)
            sa.event.listen(engine, "rollback", self._ended)

    def _locked(self, connection: Any, _cursor: Any, statement: str, values: Any, _c: Any, _many: bool) -> None:
        if "pg_advisory_xact_lock" in statement:
            person = values[-1]  # the address; before it stands the update that is recorded with it
            self.overlaps += person in self.open.values()
            self.open[connection] = person
            self.most = max(self.most, len(self.open))

    def _ended(self, connection: Any) -> None:
        person = self.open.pop(connection, None)
        if person is not None:
            self.handled.append(person)


def _says(update_id: int, person: int, text: str) -> Update:
    user = {"id": ADDRESS_BASE + person, "is_bot": False, "first_name": "P", "language_code": "nb"}
    chat = {"id": user["id"], "type": "private", "first_name": "P"}
    said = {"message_id": update_id, "date": 1, "chat": chat, "from": user, "text": text}
    return Update.model_validate({"update_id": update_id, "message": said})


async def test_one_persons_transactions_never_overlap_and_different_persons_do(replicas: tuple[App, App]) -> None:
    lanes = Lanes(*(app.database for app in replicas))
    updates = [_says(1000 + 10 * turn + person, person, "/menu") for turn in range(6) for person in range(2, 10)]
    await asyncio.gather(*(replicas[i % 2].intake.process(update) for i, update in enumerate(updates)))
    await asyncio.gather(*(replicas[(i // 3) % 2].intake.process(update) for i, update in enumerate(updates)))
    assert lanes.overlaps == 0
    assert lanes.most > 1
    assert len(lanes.handled) >= 2 * len(updates)


async def test_the_same_update_at_both_replicas_at_once_is_handled_once(replicas: tuple[App, App]) -> None:
    updates = [_says(2000 + person, person, "Hei, dette er et spørsmål") for person in range(2, 12)]
    await asyncio.gather(*(app.intake.process(update) for update in updates for app in replicas))
    async with replicas[0].database.unit_of_work() as uow:
        seen = (await uow.execute(sa.text("SELECT count(*) FROM seen_update"))).scalar_one()
        asked = (await uow.execute(sa.text("SELECT count(*) FROM outgoing"))).scalar_one()
    await asyncio.gather(*(app.intake.process(update) for update in updates for app in replicas))
    async with replicas[0].database.unit_of_work() as uow:
        assert (await uow.execute(sa.text("SELECT count(*) FROM outgoing"))).scalar_one() == asked
    assert seen == len(updates)


async def test_while_one_replica_holds_a_person_the_other_waits_for_that_person_only(
    replicas: tuple[App, App], fresh_postgres_url: str
) -> None:
    here, there = replicas
    async with here.database.unit_of_work() as uow:
        await uow.execute(sa.select(sa.func.pg_advisory_xact_lock(ADDRESS_BASE + 2)))
        waiting = asyncio.ensure_future(there.intake.process(_says(1, 2, "/menu")))
        await asyncio.gather(*(there.intake.process(_says(person, person, "/menu")) for person in range(3, 9)))
        assert not waiting.done()
    await until(waiting.done, "the person's turn")


async def test_one_persons_updates_are_handled_in_the_order_in_which_they_came(replicas: tuple[App, App]) -> None:
    app = replicas[0]
    order: list[int] = []
    started = [asyncio.ensure_future(app.intake.process(_says(number, 2, "/menu"))) for number in range(100, 130)]
    for number, task in enumerate(started):
        task.add_done_callback(lambda _, number=number: order.append(number))  # type: ignore[misc]
    await asyncio.gather(*started)
    async with app.database.unit_of_work() as uow:
        found = await uow.execute(sa.text("SELECT update_id FROM seen_update ORDER BY seen_at, update_id"))
        assert list(found.scalars()) == list(range(100, 130))
    assert order == sorted(order)
