"""Migrations on both databases: up and down again, and nothing that models and migrations see differently."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator, Iterator
from enum import IntEnum, StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import bot.domain
from storage import migrate
from storage.drift import differences
from storage.models import metadata
from storage.models.base import ENUM_LENGTH, enum_type
from storage.session import Database, async_url
from tests.conftest import fresh_database

REVISIONS = [script.revision for script in ScriptDirectory.from_config(migrate.config()).walk_revisions()][::-1]
ENUM_COLUMNS = [
    column
    for one in metadata.sorted_tables
    for column in one.columns
    if isinstance(column.type, sa.Enum) and column.type.enum_class is not None
]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with fresh_database() as url:
        yield url


@pytest.fixture
async def engine(empty_url: str) -> AsyncIterator[AsyncEngine]:
    opened = create_async_engine(async_url(empty_url))
    yield opened
    await opened.dispose()


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())) - {"alembic_version"}


@pytest.mark.parametrize("revision", REVISIONS)
async def test_each_revision_goes_up_down_and_up_again(revision: str, empty_url: str, engine: AsyncEngine) -> None:
    assert await migrate.run(empty_url, revision=revision) == revision
    there = await tables(engine)
    below = await migrate.run(empty_url, "downgrade", "-1")
    assert below != revision
    if revision == REVISIONS[0]:
        assert await tables(engine) == set()
    assert await migrate.run(empty_url, revision=revision) == revision
    assert await tables(engine) == there


async def test_an_empty_database_comes_to_the_head_and_all_the_way_back(empty_url: str, engine: AsyncEngine) -> None:
    assert await migrate.run(empty_url) == migrate.head() == REVISIONS[-1]
    assert await tables(engine) == set(metadata.tables)
    assert await migrate.run(empty_url) == migrate.head()  # again is no harm
    assert await migrate.run(empty_url, "downgrade", "base") is None
    assert await tables(engine) == set()


async def test_migrations_and_models_say_the_same(empty_url: str, engine: AsyncEngine) -> None:
    await migrate.run(empty_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def enum_columns() -> list[Any]:
    return [pytest.param(column, id=str(column)) for column in ENUM_COLUMNS]


@pytest.mark.parametrize("column", enum_columns())
def test_every_value_fits_its_column(column: sa.Column[Any]) -> None:
    assert isinstance(column.type, sa.Enum)
    kind = column.type.enum_class
    assert kind is not None
    assert column.type.length == ENUM_LENGTH
    assert all(len(member.value) <= ENUM_LENGTH for member in kind)
    assert column.type.enums == [member.value for member in kind]


def domain_enums() -> list[type[StrEnum]]:
    modules = [import_module(f"bot.domain.{module.name}") for module in pkgutil.iter_modules(bot.domain.__path__)]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    return sorted(found, key=lambda kind: kind.__name__)


async def test_every_value_of_the_domain_comes_back_as_itself(database: Database) -> None:
    made = sa.MetaData()
    kinds = domain_enums()
    assert {column.type.enum_class for column in ENUM_COLUMNS} <= set(kinds)  # type: ignore[attr-defined]
    holder = sa.Table("holder", made, *(sa.Column(kind.__name__, enum_type(kind)) for kind in kinds))
    async with database.engine.begin() as connection:
        await connection.run_sync(made.create_all)
    async with database.unit_of_work() as uow:
        for kind in kinds:
            await uow.execute(sa.insert(holder), [{kind.__name__: member} for member in kind])
        for kind in kinds:
            column = holder.c[kind.__name__]
            stored = list((await uow.execute(sa.select(column).where(column.is_not(None)))).scalars())
            assert sorted(stored) == sorted(kind)
            assert all(type(value) is kind for value in stored)
            plain = (await uow.execute(sa.text(f'SELECT "{kind.__name__}" FROM holder'))).scalars()
            assert {value for value in plain if value is not None} == {member.value for member in kind}


async def test_small_numbers_come_back_as_themselves(database: Database) -> None:
    from bot.domain.outgoing import Lane

    made = sa.MetaData()
    holder = sa.Table("holder", made, sa.Column("lane", metadata.tables["outgoing"].c.lane.type))
    assert issubclass(Lane, IntEnum)
    async with database.engine.begin() as connection:
        await connection.run_sync(made.create_all)
        await connection.execute(sa.insert(holder), [{"lane": lane} for lane in Lane])
        assert [Lane(row[0]) for row in await connection.execute(sa.select(holder))] == list(Lane)
