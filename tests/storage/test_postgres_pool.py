"""Connections to PostgreSQL that rest or die: what is asked after a rest, and what a dead one costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.domain.school import School
from storage import session
from storage.session import Database

pytestmark = pytest.mark.postgres


@pytest.fixture
async def postgres(fresh_postgres_url: str, clock: Clock, school: School) -> AsyncIterator[Database]:
    """An empty school's database on PostgreSQL, one connection kept."""
    opened = Database(fresh_postgres_url, now=clock.now, school=school, pool_size=1)
    yield opened
    await opened.close()


async def backend(database: Database) -> int:
    """Use a connection of the pool, and return which one it was."""
    async with database.unit_of_work() as uow:
        found: int = (await uow.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
    return found


async def end(database: Database, pid: int, school: School, clock: Clock) -> None:
    """Let the server end a connection, as when it is restarted."""
    other = Database(database.url.render_as_string(hide_password=False), now=clock.now, school=school, pool_size=1)
    try:
        async with other.unit_of_work() as uow:
            await uow.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    finally:
        await other.close()


async def test_a_connection_that_died_while_it_rested_is_replaced_unseen(
    postgres: Database, school: School, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "RESTED", 0.0)
    first = await backend(postgres)
    await end(postgres, first, school, clock)
    assert await backend(postgres) != first


async def test_one_that_dies_in_the_middle_of_work_fails_once_and_is_replaced(
    postgres: Database, school: School, clock: Clock
) -> None:
    first = await backend(postgres)
    await end(postgres, first, school, clock)
    with pytest.raises((SQLAlchemyError, OSError)):
        await backend(postgres)
    assert await backend(postgres) != first


async def test_a_connection_in_use_is_not_asked_each_time(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    dialect = postgres.engine.sync_engine.dialect
    ping = dialect.do_ping

    def count(connection: Any) -> bool:
        asked.append(1)
        return bool(ping(connection))

    monkeypatch.setattr(dialect, "do_ping", count)
    for _ in range(3):
        await backend(postgres)
    assert not asked
    monkeypatch.setattr(session, "RESTED", 0.0)
    await backend(postgres)
    assert asked == [1]
