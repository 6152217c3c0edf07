"""Homes that are left in peace (B8): which hold today, and who may say so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Child
from storage.models import CalmHome, ClassStaff, Pupil, SchoolClass
from storage.queries.leave import list_family
from storage.queries.people import access_pupil
from storage.session import UnitOfWork
from storage.sql import table

_C = table(CalmHome)


@dataclass(frozen=True, slots=True)
class CalmRow:
    """A pupil whose homes are left in peace until a day, that day included."""

    id: int
    pupil_id: int
    pupil_name: str
    class_id: int
    class_name: str
    until: date


def _holds(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(_C.c.ended_at.is_(None), _C.c.since <= today, _C.c.until >= today)


async def list_calm_pupils(uow: UnitOfWork, pupil_ids: Collection[int] | None = None) -> dict[int, date]:
    """Return the last day for each pupil whose homes are left in peace today; of these pupils, or of all."""
    statement = sa.select(_C.c.pupil_id, sa.func.max(_C.c.until)).where(_holds(uow.today)).group_by(_C.c.pupil_id)
    if pupil_ids is not None:
        if not pupil_ids:
            return {}
        statement = statement.where(_C.c.pupil_id.in_(list(pupil_ids)))
    return {row[0]: row[1] for row in await uow.execute(statement)}


async def list_calm_of(uow: UnitOfWork, class_ids: Collection[int]) -> list[CalmRow]:
    """Return what holds today in these classes, by class and name."""
    found = await uow.execute(
        sa.select(_C.c.id, _C.c.pupil_id, col(Pupil.name), col(Pupil.class_id), col(SchoolClass.name), _C.c.until)
        .select_from(_C)
        .join(Pupil, col(Pupil.id) == _C.c.pupil_id)
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(_holds(uow.today), col(Pupil.class_id).in_(list(class_ids)), col(Pupil.left_at).is_(None))
        .order_by(col(SchoolClass.grade), col(SchoolClass.name), col(Pupil.name))
    )
    return [CalmRow(*row) for row in found]


async def list_contact_classes(uow: UnitOfWork, actor: Actor) -> set[int]:
    """Return the classes whose contact teacher somebody is."""
    found = await uow.execute(
        sa.select(col(ClassStaff.class_id)).where(
            col(ClassStaff.person_id) == actor.person_id, col(ClassStaff.is_contact).is_(True)
        )
    )
    return set(found.scalars())


async def access_calm_pupil(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Child:
    """Return a pupil whose homes the actor may leave in peace: a contact teacher of the class, or the leadership.

    Raises:
        NotPermitted: the actor is neither, or belongs to the pupil's family.
    """
    child = await access_pupil(uow, actor, pupil_id)
    if not actor.leads and child.class_id not in await list_contact_classes(uow, actor):
        raise NotPermitted
    if actor.person_id in await list_family(uow, pupil_id):
        raise NotPermitted
    return child


async def hold_calm(uow: UnitOfWork, pupil_id: int) -> int | None:
    """Return the period that holds for a pupil's homes today, and keep the pupil's row until this transaction ends."""
    if not uow.sqlite:
        await uow.execute(sa.select(col(Pupil.id)).where(col(Pupil.id) == pupil_id).with_for_update())
    found: int | None = (
        await uow.execute(sa.select(sa.func.max(_C.c.id)).where(_C.c.pupil_id == pupil_id, _holds(uow.today)))
    ).scalar_one()
    return found


async def add_calm(uow: UnitOfWork, pupil_id: int, until: date, set_by: int) -> None:
    """Begin a period today."""
    values = {"pupil_id": pupil_id, "since": uow.today, "until": until, "set_by": set_by, "set_at": uow.now}
    await uow.execute(sa.insert(_C).values(**values))


async def change_calm(uow: UnitOfWork, calm_id: int, **values: Any) -> None:
    """Change a period."""
    await uow.change(sa.update(_C).where(_C.c.id == calm_id).values(**values))
