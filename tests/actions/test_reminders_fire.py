"""Due reminders: one query when there are none, each once when replicas tick together, dropped when late (M9)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actions import UnitOfWork
from bot.actions.reminders import renderers
from bot.actions.reminders.fire import AT_ONCE, fire_due
from bot.actions.upkeep import forget_old
from bot.clock import Clock
from bot.domain.outgoing import OutgoingKind
from bot.domain.reminders import DropReason, Occasion, ReminderKind, due
from bot.domain.school import School
from bot.outbox.enqueue import Message
from storage.queries.reminders import ReminderRow, plan_reminders
from storage.session import Database
from tests.load.school import generate

HOMES = 12
UNWANTED = 3
"""Reminders of this occasion id are answered by the renderer with a reason; of 4 it knows nothing."""
UNKNOWN = 4


@pytest.fixture
async def homes(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A class, and a renderer that says the same about everything but what it does not want or know."""

    async def render(_: UnitOfWork, rows: Sequence[ReminderRow]) -> dict[int, Message | DropReason]:
        return {
            row.id: DropReason.NOT_NEEDED
            if row.occasion_id == UNWANTED
            else Message(row.recipient_id, OutgoingKind.REMINDER, "Soon", f"reminder:{row.id}")
            for row in rows
            if row.occasion_id != UNKNOWN
        }

    monkeypatch.setitem(renderers.RENDERERS, Occasion.EVENT, render)
    await generate(database, HOMES)
    return [row[0] for row in await read(database, "SELECT id FROM person ORDER BY id")][1:]


async def read(database: Database, statement: str) -> list[tuple[Any, ...]]:
    async with database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.execute(sa.text(statement))]


async def plan(
    database: Database, people: Sequence[int], *, thing: int = 1, minutes: float = 10, helps: float = 60, each: int = 1
) -> None:
    """Plan reminders some minutes ahead that help for some minutes more."""
    async with database.unit_of_work() as uow:
        at = uow.now + timedelta(minutes=minutes)
        planned = [
            due(ReminderKind.DAYS, f"d{n}", at, uow.school, expires_at=at + timedelta(minutes=helps))
            for n in range(each)
        ]
        await plan_reminders(uow, Occasion.EVENT, thing, [(person, one) for person in people for one in planned])
        await uow.commit()


async def fire(database: Database) -> int:
    async with database.unit_of_work() as uow:
        return (await fire_due(uow)).done


async def test_a_tick_with_nothing_due_is_one_indexed_query(database: Database, homes: list[int]) -> None:
    await plan(database, homes)
    asked: list[str] = []
    listener = lambda *given: asked.append(str(given[2]))  # noqa: E731
    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", listener)
    try:
        assert await fire(database) == 0
    finally:
        sa.event.remove(database.engine.sync_engine, "before_cursor_execute", listener)
    asked = [statement for statement in asked if not statement.startswith(("BEGIN", "SELECT pg_catalog"))]
    assert len(asked) == 1, asked
    assert await _uses_index(database)


async def _uses_index(database: Database) -> bool:
    due_now = "reminder.state = 'planned' AND due_at <= '2026-01-01'"
    where = f"SELECT id FROM reminder WHERE {due_now} ORDER BY due_at, id LIMIT 5"
    if database.is_sqlite:
        plan = await read(database, f"EXPLAIN QUERY PLAN {where}")
    else:
        async with database.unit_of_work() as uow:
            await uow.execute(sa.text("SET LOCAL enable_seqscan = off"))  # a table of twelve rows is read whole else
            plan = [tuple(row) for row in await uow.execute(sa.text(f"EXPLAIN {where}"))]
    return any("ix_reminder_due" in str(row) for row in plan)


async def test_what_is_due_goes_into_the_queue_once(database: Database, homes: list[int], clock: Clock) -> None:
    await plan(database, homes)
    clock.forward(timedelta(minutes=11))
    assert await fire(database) == HOMES
    assert await fire(database) == 0
    queued = await read(database, "SELECT recipient_id, dedupe_key FROM outgoing ORDER BY recipient_id")
    assert [row[0] for row in queued] == homes
    assert await read(database, "SELECT DISTINCT state, reason FROM reminder") == [("done", None)]


async def test_replicas_that_tick_together_fire_each_reminder_once(
    database: Database, homes: list[int], clock: Clock, school: School
) -> None:
    each = 2 * AT_ONCE // HOMES
    await plan(database, homes, each=each)
    clock.forward(timedelta(minutes=11))
    address = database.url.render_as_string(hide_password=False)
    replicas = [Database(address, now=clock.now, school=school, pool_size=2) for _ in range(3)]
    try:
        done = 0
        while fired := sum(await asyncio.gather(*(fire(replica) for replica in replicas))):
            done += fired
    finally:
        await asyncio.gather(*(replica.close() for replica in replicas))
    assert done == HOMES * each
    assert await read(database, "SELECT count(*), count(DISTINCT dedupe_key) FROM outgoing") == [(done, done)]


async def test_one_that_no_longer_helps_is_dropped(database: Database, homes: list[int], clock: Clock) -> None:
    await plan(database, homes, helps=5)
    clock.forward(timedelta(minutes=16))
    await fire(database)
    assert await read(database, "SELECT count(*) FROM outgoing") == [(0,)]
    assert await read(database, "SELECT DISTINCT state, reason FROM reminder") == [("dropped", "too_late")]


async def test_what_a_renderer_refuses_or_does_not_know_is_dropped_with_the_reason(
    database: Database, homes: list[int], clock: Clock
) -> None:
    await plan(database, homes[:2], thing=UNWANTED)
    await plan(database, homes[:2], thing=UNKNOWN)
    clock.forward(timedelta(minutes=11))
    assert await fire(database) == 4
    found = await read(database, "SELECT occasion_id, state, reason FROM reminder ORDER BY occasion_id, id")
    assert found == 2 * [(UNWANTED, "dropped", "not_needed")] + 2 * [(UNKNOWN, "dropped", "cancelled")]


async def test_settled_reminders_are_forgotten_after_two_months_and_planned_ones_never(
    database: Database, homes: list[int], clock: Clock
) -> None:
    await plan(database, homes[:2])
    await plan(database, homes[:3], thing=UNWANTED, minutes=60 * 24 * 200)
    clock.forward(timedelta(minutes=11))
    await fire(database)
    for days, left in ((59, 5), (2, 3)):
        clock.forward(timedelta(days=days))
        async with database.unit_of_work() as uow:
            await forget_old(uow)
        assert await read(database, "SELECT count(*) FROM reminder") == [(left,)]


async def test_a_renderer_that_breaks_loses_nothing(
    database: Database, homes: list[int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: UnitOfWork, __: Sequence[ReminderRow]) -> dict[int, Message | DropReason]:
        raise RuntimeError

    await plan(database, homes)
    clock.forward(timedelta(minutes=11))
    with monkeypatch.context() as patched:
        patched.setitem(renderers.RENDERERS, Occasion.EVENT, broken)
        with pytest.raises(RuntimeError):
            await fire(database)
    assert await fire(database) == HOMES
