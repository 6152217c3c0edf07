"""What every test may ask for: a moved clock, a school, and a database of its own on both kinds of server."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import threading
import uuid
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import settings
from sqlalchemy.engine import make_url

from bot.actions.roster import apply_import, plan_import
from bot.clock import Clock
from bot.domain.roster import decode_csv, parse_people, parse_staff
from bot.domain.school import School
from storage import migrate
from storage.models import metadata
from storage.session import Database

T = TypeVar("T")

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
POSTGRES = os.environ.get("SKOLEBUD_TEST_POSTGRES") or "postgresql://root@127.0.0.1:5432/postgres"
REQUIRE_ALL = os.environ.get("SKOLEBUD_TEST_REQUIRE") == "all"


# CI draws the same examples each time; a developer's runs go on looking for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every test has to run (SKOLEBUD_TEST_REQUIRE=all), one that was skipped has failed."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        why = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"skipped, although every test has to run here: {why}"
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Twice as many workers as processors: half of a story's time is waiting, for an answer or for a pace."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what the imports have made: it is a million objects, and they stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread with a loop of its own: session fixtures have none."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001  (raised again below)
            failure.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


@pytest.fixture
def clock() -> Clock:
    """A clock that starts on a Monday morning in term."""
    return Clock(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Oslo")))


@pytest.fixture
def school() -> School:
    """A school with everything as it is when nobody decides otherwise."""
    return School(name="Solbakken skole", office_phone="+47 40 00 00 00")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "school.db"
    run_apart(migrate.run(f"sqlite:///{path}"))
    return path


async def _on_server(*statements: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=2)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def postgres_url(name: str) -> str:
    """Return the address of a database on the test server."""
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@cache
def _answers() -> str | None:
    """Return why no server answers; None when one does."""
    try:
        run_apart(_on_server("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return f"no PostgreSQL server answers at SKOLEBUD_TEST_POSTGRES ({type(error).__name__})"
    return None


def need_postgres() -> None:
    """Skip when there is no PostgreSQL server."""
    if reason := _answers():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """The address of a migrated PostgreSQL database; one for each worker."""
    with fresh_database() as url:
        run_apart(migrate.run(url))
        yield url


async def _empty(url: str) -> None:
    """Make a database as new: whoever is left in it is thrown out, its rows are deleted, its numbers begin at 1."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for strange in {name for (name,) in found} - set(metadata.tables) - {"alembic_version"}:
            await connection.execute(f"DROP TABLE {strange} CASCADE")  # a test's own
        for table in reversed(metadata.sorted_tables):
            await connection.execute(f"DELETE FROM {table.name}")
        await connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
    finally:
        await connection.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated SQLite file of this test's own."""
    path = tmp_path / "skolebud.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@contextmanager
def fresh_database() -> Iterator[str]:
    """Give out a PostgreSQL database without tables, and drop it afterwards."""
    need_postgres()
    name = f"skolebud_test_{uuid.uuid4().hex[:12]}"
    run_apart(_on_server(f"CREATE DATABASE {name}"))
    try:
        yield postgres_url(name)
    finally:
        run_apart(_on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def fresh_postgres_url(postgres_database: str) -> str:
    """The address of a migrated PostgreSQL database that is as new; making one would take longer than most tests."""
    run_apart(_empty(postgres_database))
    return postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database of this test's own, once on each kind of server."""
    name = "sqlite_url" if request.param == "sqlite" else "fresh_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
async def database(database_url: str, clock: Clock, school: School) -> AsyncIterator[Database]:
    """An empty school's database, once on each kind of server."""
    opened = Database(database_url, now=clock.now, school=school, pool_size=5)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str, clock: Clock, school: School) -> AsyncIterator[Database]:
    """An empty school's database on SQLite, for tests in which the server makes no difference."""
    opened = Database(sqlite_url, now=clock.now, school=school)
    yield opened
    await opened.close()


async def import_example(database: Database) -> None:
    """Import the example school as its office would."""
    people = decode_csv((EXAMPLE / "people.csv").read_bytes())
    staff = decode_csv((EXAMPLE / "staff.csv").read_bytes())
    async with database.unit_of_work() as uow:
        plan = await plan_import(uow, parse_people(people, today=uow.today), parse_staff(staff))
        await apply_import(uow, None, plan)


@pytest.fixture
async def example_school(database: Database) -> Database:
    """The example school of docs/example, imported; once on each kind of server."""
    await import_example(database)
    return database
