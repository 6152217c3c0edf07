"""Small helpers over SQLAlchemy that both databases understand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from storage.session import UnitOfWork

CHUNK = 500
"""Rows of one INSERT: far below SQLite's 32,766 bound values for our widest table."""


def table(model: type[SQLModel]) -> sa.Table:
    """Return a model's table, for statements that need no object (the ORM's bookkeeping costs more than the disk)."""
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined]


def upsert(uow: UnitOfWork, model: type[SQLModel]) -> Any:
    """Return the database's own INSERT, which knows ON CONFLICT."""
    target = table(model)
    return sqlite.insert(target) if uow.sqlite else postgresql.insert(target)


def prepared(model: type[SQLModel], finish: Callable[[Any], Any]) -> Callable[[UnitOfWork], sa.Executable]:
    """Build an INSERT … ON CONFLICT once, for both databases; the row is given when it runs.

    For what every update does: `excluded` copies the whole table's columns, which costs more than the insert.
    """
    target = table(model)
    built = {True: finish(sqlite.insert(target)), False: finish(postgresql.insert(target))}
    return lambda uow: cast(sa.Executable, built[uow.sqlite])


async def insert_many(uow: UnitOfWork, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows with as few statements as possible."""
    if rows:
        await uow.execute(sa.insert(table(model)), rows)


async def insert_new(uow: UnitOfWork, model: type[SQLModel], rows: list[dict[str, Any]], *unique: str) -> int:
    """Insert the rows that do not meet an existing one in the `unique` columns; return how many were new."""
    if not rows:
        return 0
    # the rows go beside the statement: one that holds them takes longer to build than to run
    returned = table(model).c[unique[0]]
    statement = upsert(uow, model).on_conflict_do_nothing(index_elements=list(unique)).returning(returned)
    return len((await uow.execute(statement, rows)).all())
