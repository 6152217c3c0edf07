"""How units of work meet each other and other processes on SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.domain.school import School
from storage import sqlite as prompt
from storage.queries.intake import mark_seen
from storage.session import Database

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def _open(sqlite_template: Path, tmp_path: Path) -> tuple[Database, Path]:
    path = tmp_path / "school.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Database(f"sqlite:///{path}", now=lambda: NOON, school=School(name="Solbakken skole")), path


async def test_only_moving_the_log_into_the_database_leaves_the_loops_thread(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt, "CHECKPOINT_EVERY", 3)
    database, path = await _open(sqlite_template, tmp_path)
    seen: list[tuple[str, bool]] = []
    home = threading.get_ident()
    async with database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert isinstance(raw.driver_connection, aiosqlite.Connection)
        raw.driver_connection._conn.set_trace_callback(lambda sql: seen.append((sql, threading.get_ident() == home)))
    before = path.stat().st_mtime_ns
    for update in range(3):
        async with database.unit_of_work() as uow:
            assert await mark_seen(uow, 1, update)
            await uow.commit()
    at_home = {sql.split()[0] for sql, here in seen if here}
    assert {"BEGIN", "INSERT", "COMMIT"} <= at_home
    assert [sql for sql, here in seen if not here] == ["PRAGMA wal_checkpoint(PASSIVE)"]
    assert path.stat().st_mtime_ns > before
    await database.close()


async def test_a_unit_of_work_waits_for_another_process_without_holding_up_the_loop(
    sqlite_template: Path, tmp_path: Path
) -> None:
    database, path = await _open(sqlite_template, tmp_path)
    await database.ping()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> bool:
        async with database.unit_of_work() as uow:
            new = await mark_seen(uow, 1, 1)
            await uow.commit()
            return new

    writing = asyncio.create_task(write())
    for _ in range(3):
        await asyncio.sleep(prompt.LOOK_AGAIN)  # the loop goes on while the writer waits its turn
    assert not writing.done()
    other.execute("INSERT INTO seen_update VALUES (1, 1, '2026-11-23 11:00:00')")
    other.execute("COMMIT")
    other.close()
    assert await writing is False  # it saw what the other process had committed meanwhile
    await database.close()


async def test_who_waits_too_long_for_another_process_gets_an_error_that_means_not_now(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.session.PATIENCE", 0.02)
    database, path = await _open(sqlite_template, tmp_path)
    await database.ping()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await database.ping()
    other.close()
    await database.ping()  # and the connection is as good as before
    await database.close()


async def test_what_was_not_committed_is_undone_even_after_an_error(sqlite_template: Path, tmp_path: Path) -> None:
    database, _ = await _open(sqlite_template, tmp_path)

    async def fail() -> None:
        async with database.unit_of_work() as uow:
            await mark_seen(uow, 1, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.unit_of_work() as uow:
        assert (await uow.execute(sa.text("SELECT count(*) FROM seen_update"))).scalar_one() == 0
    await database.close()


def test_a_file_that_cannot_be_opened_leaves_nobody_who_reports_to_a_loop_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: list[object] = []
    monkeypatch.setattr(threading, "excepthook", broken.append)

    async def fail() -> None:
        with pytest.raises(sqlite3.OperationalError):
            await prompt.connect(str(tmp_path / "nowhere" / "school.db"), patience=0.0)

    before = threading.active_count()
    for _ in range(200):
        asyncio.run(fail())
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before, "every thread has ended"
    assert not broken
