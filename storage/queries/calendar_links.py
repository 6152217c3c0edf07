"""Private addresses of calendars: only a hash of each is stored (M6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from storage.models import CalendarLink
from storage.session import UnitOfWork
from storage.sql import table, upsert

_LINK = table(CalendarLink)


async def find_link(uow: UnitOfWork, person_id: int) -> tuple[datetime, datetime | None] | None:
    """Return when a person's address was made and last read; None without one."""
    found = await uow.execute(sa.select(_LINK.c.made_at, _LINK.c.read_at).where(_LINK.c.person_id == person_id))
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def store_link(uow: UnitOfWork, person_id: int, token_hash: str) -> None:
    """Give a person a new address; the old one ends."""
    values = {"token_hash": token_hash, "made_at": uow.now, "read_at": None}
    await uow.change(
        upsert(uow, CalendarLink)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )


async def end_link(uow: UnitOfWork, person_id: int) -> bool:
    """Take a person's address away; return whether there was one."""
    return await uow.change(sa.delete(_LINK).where(_LINK.c.person_id == person_id)) > 0


async def find_owner(uow: UnitOfWork, token_hash: str) -> int | None:
    """Return whose address it is; None for one that nobody has (any more)."""
    statement = sa.select(col(CalendarLink.person_id)).where(col(CalendarLink.token_hash) == token_hash)
    return (await uow.execute(statement)).scalar_one_or_none()


async def mark_read(uow: UnitOfWork, person_id: int, *, every: timedelta) -> bool:
    """Write down that an address was read, not more often than `every`; return whether it was written."""
    due = sa.or_(_LINK.c.read_at.is_(None), _LINK.c.read_at <= uow.now - every)
    return await uow.change(sa.update(_LINK).where(_LINK.c.person_id == person_id, due).values(read_at=uow.now)) > 0
