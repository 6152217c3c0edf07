"""The school's own calendar, as its office keeps it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.calendar_file import Stretch
from storage.models import DayOff
from storage.session import UnitOfWork
from storage.sql import insert_many


async def list_stretches(uow: UnitOfWork, since: date | None = None) -> list[Stretch]:
    """Return the stretches without school by day, those that are over by `since` left out."""
    statement = sa.select(col(DayOff.first), col(DayOff.last), col(DayOff.name)).order_by(col(DayOff.first))
    if since is not None:
        statement = statement.where(col(DayOff.last) >= since)
    return [Stretch(*row) for row in await uow.execute(statement)]


async def store_stretches(
    uow: UnitOfWork, new: Collection[Stretch], renamed: Collection[Stretch], gone: Collection[Stretch]
) -> None:
    """Make these changes and no others."""
    for one in gone:
        await uow.change(sa.delete(DayOff).where(col(DayOff.first) == one.first, col(DayOff.last) == one.last))
    for one in renamed:
        await uow.change(
            sa.update(DayOff).where(col(DayOff.first) == one.first, col(DayOff.last) == one.last).values(name=one.name)
        )
    await insert_many(uow, DayOff, [{"first": one.first, "last": one.last, "name": one.name} for one in new])
