"""Rows into the queue of outgoing messages; `storage.queries.outgoing` takes them out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from storage.models import Outgoing
from storage.session import UnitOfWork
from storage.sql import insert_new, prepared, table

Row = dict[str, Any]


def _hasten(insert: Any) -> Any:
    asked, waits = insert.excluded.due_at, col(Outgoing.due_at)
    earlier = sa.case((asked < waits, asked), else_=waits)
    return insert.on_conflict_do_update(index_elements=["dedupe_key"], set_={"due_at": earlier}).returning(
        table(Outgoing).c.id
    )


_ADD_OR_HASTEN = prepared(Outgoing, _hasten)


async def add_rows(uow: UnitOfWork, rows: list[Row]) -> int:
    """Add the rows whose dedupe key is not there yet; return how many were new."""
    return await insert_new(uow, Outgoing, rows, "dedupe_key")


async def add_or_hasten(uow: UnitOfWork, row: Row) -> int:
    """Add a row, or let the one that waits under its dedupe key go out as early as this one would; return its id.

    The row is locked until this transaction commits, so a sender cannot draw a screen without this transaction's
    change and then take the ask for settled.
    """
    found: int = (await uow.execute(_ADD_OR_HASTEN(uow), row)).scalar_one()
    return found
