"""SQLite without a thread hop for every statement.

aiosqlite sends each call of a statement (open a cursor, execute, fetch, close) to a thread and back. A statement
takes SQLite some ten microseconds, the four hops several hundred, and they were half of what an update cost. Here
statements run at once, in the event loop's thread; COMMIT too, which only appends to the write-ahead log. What waits
for the disk, moving that log into the database, goes to aiosqlite's thread once in a while. BEGIN IMMEDIATE, which can
wait for another process, looks again from time to time and lets the loop run meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL

BEGIN = "BEGIN IMMEDIATE"
LOOK_AGAIN = 0.005
"""Seconds between two looks at a lock that another process holds."""
CHECKPOINT_EVERY = 200
"""Commits after which the write-ahead log is moved into the database."""


class PromptConnection(aiosqlite.Connection):
    """aiosqlite's connection, whose statements do not leave the event loop's thread."""

    patience: float = 0.0
    """Seconds for which a transaction waits for its turn."""
    _commits = 0
    _waits_for_end = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._connection is None:
            raise ValueError("Connection closed")
        if args and args[0] == BEGIN:
            return await self._begin(fn, *args, **kwargs)
        return fn(*args, **kwargs)

    async def _begin(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return fn(*args, **kwargs)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(LOOK_AGAIN)

    async def commit(self) -> None:
        """Commit the current transaction."""
        self._conn.commit()
        self._commits += 1
        if self._commits % CHECKPOINT_EVERY == 0:
            await super()._execute(self._checkpoint)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Close the connection, and wait for its thread's end."""
        self._waits_for_end = True
        await super().close()

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread.

        Called without waiting by SQLAlchemy when a task is cancelled in mid-transaction, and by aiosqlite when the
        database could not be opened. The thread would then report to an event loop that may be gone by the time it
        does; so it reports to nobody.
        """
        if self._waits_for_end and self._connection is None:
            return super().stop()
        connection, self._connection = self._connection, None
        self._running = False
        if connection is not None:
            self._tx.put_nowait((None, connection.close))
        self._tx.put_nowait((None, lambda: _STOP_RUNNING_SENTINEL))
        return None

    def _checkpoint(self) -> None:
        self._conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


async def connect(path: str, *, patience: float) -> PromptConnection:
    """Open a database file for the writers of this process: WAL, waiting for other processes, foreign keys held."""

    def opened() -> sqlite3.Connection:
        # used by the loop's thread and aiosqlite's, never at once; transactions are begun by hand, as is a checkpoint
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "wal_autocheckpoint=0",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout=0")  # from now on `_begin` waits, without holding the loop
        return connection

    connection = PromptConnection(opened, iter_chunk_size=64)
    connection.patience = patience
    connection._thread.daemon = True  # or a connection that was never closed would keep the process alive
    await connection
    return connection
