"""The engine and the unit of work.

SQLite runs with `BEGIN IMMEDIATE` on one connection: in its default mode read-modify-write loses updates, and
one connection makes the writers of this process wait in line instead of polling a lock. Another process (the
command line) waits; `storage.sqlite` says how. PostgreSQL runs through asyncpg with a pool.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from bot.domain.school import School
from storage.sqlite import BEGIN, connect

T = TypeVar("T")

RESTED = 5.0
"""Seconds after which a connection to PostgreSQL is asked whether it lives before it is used again."""
PATIENCE = 15.0
"""Seconds for which a transaction on SQLite waits for another process."""


def async_url(url: str) -> URL:
    """Return `url` with the async driver that we use for its database.

    Raises:
        ValueError: the database is neither SQLite nor PostgreSQL.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise ValueError(f"{backend} is not supported: use sqlite:///file.db or postgresql://user:password@host/name")


class Database:
    """Owns the engine; gives out units of work."""

    def __init__(self, url: str, *, now: Callable[[], datetime], school: School, pool_size: int = 10) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.now = now
        self.school = school
        self.on_enqueued: Callable[[], None] = lambda: None
        self.on_asked: Callable[[], None] = lambda: None
        self.memo: dict[str, tuple[datetime, Any]] = {}
        self.engine = self._engine(pool_size)

    def _engine(self, pool_size: int) -> AsyncEngine:
        """Make the engine; its errors never quote a statement's values, which are people's (P6)."""
        if not self.is_sqlite:
            engine = create_async_engine(
                self.url, pool_size=pool_size, max_overflow=5, pool_timeout=30, hide_parameters=True
            )
            _ping_the_idle(engine.sync_engine)
            return engine
        path = self.url.database or ":memory:"
        engine = create_async_engine(
            self.url,
            async_creator=lambda: connect(path, patience=PATIENCE),
            pool_size=1,
            max_overflow=0,
            pool_timeout=60,
            poolclass=sa.AsyncAdaptedQueuePool,
            hide_parameters=True,
        )
        sa.event.listen(engine.sync_engine, "begin", _begin_immediate)
        return engine

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Open a transaction; what is not committed when the block ends is rolled back."""
        async with self.engine.connect() as connection:
            uow = UnitOfWork(connection, now=self.now(), school=self.school, sqlite=self.is_sqlite, memo=self.memo)
            try:
                yield uow
            finally:
                await uow.end()
        if uow.committed and uow.enqueued:
            self.on_enqueued()
        if uow.committed and uow.asked:
            self.on_asked()

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it does not answer.
        """
        async with self.engine.connect() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


class UnitOfWork:
    """One transaction: a moment, a connection, and whether it was committed.

    Attributes:
        now: the aware UTC moment that everything in this transaction shares.
        school: the school's own rules.
        enqueued: set when outgoing rows were added, so that the sender wakes after the commit.
        asked: set when a translation was asked for, so that it is begun after the commit.
        update: (bot id, update id) of the update that this transaction serves, if any.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        now: datetime,
        school: School,
        sqlite: bool,
        memo: dict[str, tuple[datetime, Any]] | None = None,
    ) -> None:
        self._connection = connection
        self._session: AsyncSession | None = None
        self.now = now
        self.school = school
        self.sqlite = sqlite
        self._memo = memo if memo is not None else {}
        self.committed = False
        self.enqueued = False
        self.asked = False
        self.update: tuple[int, int] | None = None
        self.actor_id: int | None = None

    @property
    def today(self) -> date:
        """The school's local date."""
        return self.school.local(self.now).date()

    @property
    def session(self) -> AsyncSession:
        """Objects of this transaction; made when first asked for, most updates need statements only."""
        if self._session is None:
            self._session = AsyncSession(
                self._connection,
                expire_on_commit=False,
                autoflush=False,
                join_transaction_mode="rollback_only",  # this unit commits, not the session
            )
        return self._session

    async def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run a statement in this transaction. Its rows hold columns; for objects there is `load`."""
        return await self._connection.execute(statement, parameters)

    async def change(self, statement: sa.Executable, parameters: Any = None) -> int:
        """Run an INSERT, UPDATE or DELETE and return how many rows it touched."""
        return (await self._connection.execute(statement, parameters)).rowcount

    async def load(self, statement: sa.Select[T]) -> list[T]:
        """Run `select(Model)` and return its objects, which `commit` stores again when they were changed."""
        return list((await self.session.execute(statement)).scalars())

    async def remembered(self, name: str, seconds: float, read: Callable[[], Awaitable[T]]) -> T:
        """Return what `read` brought, at most `seconds` ago by the school's clock.

        For what nearly never changes and every tap asks for; a change shows when the time is over.
        """
        kept = self._memo.get(name)
        if kept is None or not timedelta() <= self.now - kept[0] < timedelta(seconds=seconds):
            kept = self._memo[name] = (self.now, await read())
        found: T = kept[1]
        return found

    async def flush(self) -> None:
        """Write what was added or changed, so that its ids are known."""
        if self._session is not None:
            await self._session.flush()

    async def commit(self) -> None:
        """Make everything of this unit of work last. Actions call it; queries never do."""
        if self._session is not None:
            await self._session.commit()
        await self._connection.commit()
        self.committed = True

    async def end(self) -> None:
        """Undo what was not committed."""
        if self._session is not None:
            await self._session.close()


def _ping_the_idle(engine: sa.Engine) -> None:
    """Ask a connection that has rested whether it lives before it is used; a dead one is replaced.

    SQLAlchemy's own `pool_pre_ping` asks each time, which is a trip to the server for every update. One that dies while
    it is in use fails its transaction, and the update or the tick is tried again.
    """

    def came_back(_: Any, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["since"] = time.monotonic()

    def goes_out(connection: Any, record: sa.pool.ConnectionPoolEntry, _: Any) -> None:
        if time.monotonic() - record.info.get("since", time.monotonic()) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DisconnectionError from error

    sa.event.listen(engine, "checkin", came_back)
    sa.event.listen(engine, "checkout", goes_out)


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql(BEGIN)
