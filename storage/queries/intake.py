"""Each update's effects once; each person's updates one after the other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from storage.models import SeenUpdate, SetAsideUpdate
from storage.session import UnitOfWork
from storage.sql import prepared, table, upsert

_SEEN = prepared(SeenUpdate, lambda insert: insert.on_conflict_do_nothing(index_elements=["bot_id", "update_id"]))


def _take_place() -> sa.Executable:
    """Wait for the person's place and record the update, in one trip to the server.

    What the transaction reads after it sees what the update before it has committed: each statement looks anew.
    """
    target = table(SeenUpdate)
    place = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("address", type_=sa.BigInteger))).cte("place")
    row = sa.select(
        *(sa.bindparam(name, type_=target.c[name].type) for name in ("bot_id", "update_id", "seen_at"))
    ).select_from(place.prefix_with("MATERIALIZED"))
    insert = postgresql.insert(target).from_select(["bot_id", "update_id", "seen_at"], row)
    return insert.on_conflict_do_nothing(index_elements=["bot_id", "update_id"])


_TAKE_PLACE = _take_place()


async def begin_update(uow: UnitOfWork, bot_id: int, update_id: int, address: int) -> bool:
    """Hold this person's place until the transaction ends, over all replicas, and record the update.

    SQLite's BEGIN IMMEDIATE holds everybody's place already.

    Returns:
        False when the update's effects are committed already.
    """
    if uow.sqlite:
        return await mark_seen(uow, bot_id, update_id)
    values = {"address": address, "bot_id": bot_id, "update_id": update_id, "seen_at": uow.now}
    return await uow.change(_TAKE_PLACE, values) == 1


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
