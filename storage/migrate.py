"""Brings a database to the current schema, and says how far it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.session import async_url

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_226_455
"""Advisory lock: of several replicas that start together, one migrates and the others wait."""


def config(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration for our migrations, bound to `connection` when there is one."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    if connection is not None:
        made.attributes["connection"] = connection
    return made


def head() -> str:
    """Return the newest revision that the code knows."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None  # noqa: S101  (the repository ships at least one migration)
    return found


def _sync_engine(url: str) -> sa.Engine:
    """A plain engine over the async driver's database: migrations are synchronous by nature."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sa.create_engine(parsed.set(drivername="sqlite"), connect_args={"timeout": 30})
    raise ValueError("only SQLite has a synchronous driver here")


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Migrate up to `revision` on an open connection."""
    command.upgrade(config(connection), revision)


def downgrade(connection: sa.Connection, revision: str) -> None:
    """Migrate down to `revision` on an open connection."""
    command.downgrade(config(connection), revision)


def current(connection: sa.Connection) -> str | None:
    """Return the revision that the database is at, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


async def run(url: str, action: str = "upgrade", revision: str = "head") -> str | None:
    """Migrate the database at `url` and return the revision that it is at afterwards.

    Safe to call from several replicas at once.
    """
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_run_sqlite, url, action, revision)
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(parsed)
    try:
        async with engine.connect() as connection:
            await connection.execute(sa.text(f"SELECT pg_advisory_lock({_LOCK})"))
            await connection.commit()
            try:
                await connection.run_sync(_apply, action, revision)
                await connection.commit()
                return await connection.run_sync(current)
            finally:
                await connection.rollback()
                await connection.execute(sa.text(f"SELECT pg_advisory_unlock({_LOCK})"))
                await connection.commit()
    finally:
        await engine.dispose()


def _run_sqlite(url: str, action: str, revision: str) -> str | None:
    engine = _sync_engine(url)
    if engine.url.database:
        # Only its owner may read the school; SQLite gives the files beside it the same mode.
        Path(engine.url.database).touch(mode=0o600)
    try:
        with engine.connect() as connection:
            _apply(connection, action, revision)
            connection.commit()
            return current(connection)
    finally:
        engine.dispose()


def _apply(connection: sa.Connection, action: str, revision: str) -> None:
    {"upgrade": upgrade, "downgrade": downgrade}[action](connection, revision)
