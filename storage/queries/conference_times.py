"""The times of a round of conferences, held while they change, and who waits for one (M4).

`storage.queries.conferences` says in which order things are held.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.conference_slots import Planned, SlotView, Waiter
from bot.domain.errors import NotPermitted
from storage.models import Person, Slot, TalkRound, TalkWait
from storage.queries.conferences import RoundRow
from storage.session import UnitOfWork
from storage.sql import insert_new, table

_SLOT = table(Slot)
_WAIT = table(TalkWait)

_SLOT_COLUMNS = (
    col(Slot.id), col(Slot.day), col(Slot.starts), col(Slot.starts_at), col(Slot.ends_at), col(Slot.talk_id),
    col(Slot.closed), col(Slot.held_pupil_id), col(Slot.held_until),
)  # fmt: skip
_SLOTS = sa.select(*_SLOT_COLUMNS).where(col(Slot.event_id) == sa.bindparam("event")).order_by(col(Slot.starts_at))


async def add_slots(uow: UnitOfWork, event_id: int, planned: Sequence[Planned], **values: Any) -> int:
    """Store times of a round; one that begins at the same moment as another is left out. Return how many are new."""
    rows = [
        {
            "event_id": event_id, "day": one.day, "starts": one.starts, "zone": str(uow.school.zone),
            "starts_at": one.starts_at, "ends_at": one.ends_at, "closed": False, **values,
        }
        for one in planned
    ]  # fmt: skip
    return await insert_new(uow, Slot, rows, "event_id", "starts_at")


async def list_slots(uow: UnitOfWork, event_id: int) -> list[SlotView]:
    """Return a round's times in order, as they stand at this moment."""
    return [SlotView(*row) for row in await uow.execute(_SLOTS, {"event": event_id})]


async def event_of_slot(uow: UnitOfWork, slot_id: int) -> int:
    """Return the round that a time belongs to.

    Raises:
        NotPermitted: there is no such time.
    """
    found: int | None = (
        await uow.execute(sa.select(col(Slot.event_id)).where(col(Slot.id) == slot_id))
    ).scalar_one_or_none()
    if found is None:
        raise NotPermitted
    return found


async def hold_slots(uow: UnitOfWork, event_id: int, ids: Collection[int] | None = None) -> dict[int, SlotView]:
    """Return times of a round as they are now, held until this transaction ends; all of them without `ids`."""
    statement = sa.select(*_SLOT_COLUMNS).where(col(Slot.event_id) == event_id).order_by(col(Slot.id))
    if ids is not None:
        statement = statement.where(col(Slot.id).in_(list(ids)))
    if not uow.sqlite:
        statement = statement.with_for_update()
    return {row[0]: SlotView(*row) for row in await uow.execute(statement)}


async def change_slots(uow: UnitOfWork, ids: Collection[int], **values: Any) -> None:
    """Change held times."""
    if ids:
        await uow.change(sa.update(_SLOT).where(_SLOT.c.id.in_(list(ids))).values(**values))


async def hold_round(uow: UnitOfWork, event_id: int) -> None:
    """Let those who free times and those who begin to wait for one go one after the other."""
    if not uow.sqlite:
        await uow.execute(
            sa.select(col(TalkRound.event_id)).where(col(TalkRound.event_id) == event_id).with_for_update()
        )


async def list_passing_on(uow: UnitOfWork, limit: int) -> list[int]:
    """Return rounds with times to be passed on now."""
    found = await uow.execute(
        sa.select(col(Slot.event_id)).distinct().where(col(Slot.held_until) <= uow.now).limit(limit)
    )
    return list(found.scalars())


# --- the waiting list ------------------------------------------------------------------------------


async def join_line(uow: UnitOfWork, event_id: int, pupil_id: int, person_id: int) -> bool:
    """Put a home at the end of the line; one that stands there keeps its place. Return whether it is new."""
    row = {"event_id": event_id, "pupil_id": pupil_id, "person_id": person_id, "since": uow.now, "offers": 0}
    return await insert_new(uow, TalkWait, [row], "event_id", "pupil_id") > 0


async def leave_line(uow: UnitOfWork, event_id: int, pupil_id: int | None = None) -> int:
    """Take a home out of the line, or everybody."""
    statement = sa.delete(_WAIT).where(_WAIT.c.event_id == event_id)
    if pupil_id is not None:
        statement = statement.where(_WAIT.c.pupil_id == pupil_id)
    return await uow.change(statement)


async def count_offers(uow: UnitOfWork, event_id: int, pupils: Collection[int]) -> None:
    """Note that homes in line were offered a time."""
    await uow.change(
        sa.update(_WAIT)
        .where(_WAIT.c.event_id == event_id, _WAIT.c.pupil_id.in_(list(pupils)))
        .values(offers=_WAIT.c.offers + 1)
    )


async def list_line(uow: UnitOfWork, row: RoundRow, long_count: int) -> list[Waiter]:
    """Return who waits, the first in line first; a home of another language may want an interpreter's longer time."""
    found = await uow.execute(
        sa.select(_WAIT.c.pupil_id, _WAIT.c.since, sa.func.coalesce(col(Person.language), col(Person.home_language)))
        .join(Person, col(Person.id) == _WAIT.c.person_id)
        .where(_WAIT.c.event_id == row.id)
        .order_by(_WAIT.c.since, _WAIT.c.id)
    )
    home = {None, uow.school.language}
    return [Waiter(one[0], one[1], 1 if one[2] in home else long_count) for one in found]
