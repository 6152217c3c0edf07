"""Each update's effects once; each person's updates one after the other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from storage.models import SeenUpdate, SetAsideUpdate
from storage.session import UnitOfWork
from storage.sql import prepared, table, upsert

_SEEN = prepared(SeenUpdate, lambda insert: insert.on_conflict_do_nothing(index_elements=["bot_id", "update_id"]))
_LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("address", type_=sa.BigInteger)))


async def lock_person(uow: UnitOfWork, address: int) -> None:
    """Hold this person's place until the transaction ends, over all replicas.

    SQLite's BEGIN IMMEDIATE does that for everybody already.
    """
    if not uow.sqlite:
        await uow.execute(_LOCK, {"address": address})


async def mark_seen(uow: UnitOfWork, bot_id: int, update_id: int) -> bool:
    """Record the update in this transaction; False when its effects are committed already."""
    return await uow.change(_SEEN(uow), {"bot_id": bot_id, "update_id": update_id, "seen_at": uow.now}) == 1


async def record_failure(
    uow: UnitOfWork, bot_id: int, update_id: int, *, kind: str, error: str, error_id: str, allowed: int
) -> bool:
    """Count a failed try; True when the update is now set aside because `allowed` tries are used up."""
    target = table(SetAsideUpdate)
    insert = upsert(uow, SetAsideUpdate)
    statement = (
        insert.values(
            bot_id=bot_id,
            update_id=update_id,
            kind=kind,
            error=error,
            error_id=error_id,
            attempts=1,
            first_at=uow.now,
        )
        .on_conflict_do_update(
            index_elements=["bot_id", "update_id"],
            set_={"attempts": target.c.attempts + 1, "error": error, "error_id": error_id},
        )
        .returning(target.c.attempts)
    )
    attempts = (await uow.execute(statement)).scalar_one()
    if attempts < allowed:
        return False
    await uow.execute(
        sa.update(target).where(target.c.bot_id == bot_id, target.c.update_id == update_id).values(set_aside_at=uow.now)
    )
    return True


async def forget_seen(uow: UnitOfWork, before: datetime) -> int:
    """Remove what Telegram can no longer repeat (it keeps updates for 24 hours)."""
    return await uow.change(sa.delete(SeenUpdate).where(col(SeenUpdate.seen_at) < before))
