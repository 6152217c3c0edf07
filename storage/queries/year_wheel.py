"""The dates of the year wheel as its office imports them, and those whose people are to be looked up (M6)."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.events import EventState
from bot.domain.year_file import Classes
from storage.models import Event, Invitation, Person, SchoolClass
from storage.session import UnitOfWork
from storage.sql import table


async def find_classes(uow: UnitOfWork) -> Classes:
    """Return all classes of the school."""
    found = (await uow.execute(sa.select(col(SchoolClass.name), col(SchoolClass.id), col(SchoolClass.grade)))).all()
    return Classes({row[0]: row[1] for row in found}, {row[0]: row[2] for row in found})


async def list_imported(uow: UnitOfWork, source: str, *, hold: bool = False) -> list[Event]:
    """Return the dates that were imported from a source, with `hold` locked until this transaction ends."""
    statement = sa.select(Event).where(col(Event.source_key).startswith(f"{source}:", autoescape=True))
    statement = statement.order_by(col(Event.id))
    return await uow.load(statement if uow.sqlite or not hold else statement.with_for_update())


async def list_coming(uow: UnitOfWork) -> list[Event]:
    """Return the imported dates that are not over, by time."""
    return await uow.load(
        sa.select(Event)
        .where(
            col(Event.source_key).is_not(None),
            col(Event.state) == EventState.OPEN,
            sa.func.coalesce(col(Event.ends_at), col(Event.starts_at)) > uow.now,
        )
        .order_by(col(Event.starts_at), col(Event.id))
    )


_FAN_DUE = (
    sa.select(col(Event.id))
    .where(col(Event.fan_at) <= sa.bindparam("now", type_=table(Event).c.fan_at.type))
    .order_by(col(Event.fan_at), col(Event.id))
    .limit(sa.bindparam("most"))
)
_CLAIM_FAN = {True: _FAN_DUE, False: _FAN_DUE.with_for_update(skip_locked=True)}
"""By whether it is SQLite; built once, it runs every second."""


async def claim_fan_due(uow: UnitOfWork, limit: int) -> list[Event]:
    """Take dates whose people are to be looked up now; on PostgreSQL other replicas pass by them."""
    ids = list((await uow.execute(_CLAIM_FAN[uow.sqlite], {"now": uow.now, "most": limit})).scalars())
    if not ids:
        return []
    return await uow.load(sa.select(Event).where(col(Event.id).in_(ids)).order_by(col(Event.fan_at), col(Event.id)))


async def change_invited(uow: UnitOfWork, event_id: int, person_id: int, pupil_ids: Collection[int]) -> None:
    """Write down which of a person's children a date concerns now."""
    await uow.change(
        sa.update(table(Invitation))
        .where(table(Invitation).c.event_id == event_id, table(Invitation).c.person_id == person_id)
        .values(pupil_ids=list(pupil_ids))
    )


async def reading_languages(uow: UnitOfWork, people: Collection[int]) -> dict[int, str | None]:
    """Return the languages in which people read now: chosen, else the home's, else None."""
    found = await uow.execute(
        sa.select(col(Person.id), sa.func.coalesce(col(Person.language), col(Person.home_language))).where(
            col(Person.id).in_(people)
        )
    )
    return {row[0]: row[1] for row in found}


async def forget_invited(uow: UnitOfWork, event_id: int, people: Collection[int]) -> None:
    """Take a date away from people whom it no longer concerns."""
    if people:
        await uow.change(
            sa.delete(table(Invitation)).where(
                table(Invitation).c.event_id == event_id, table(Invitation).c.person_id.in_(people)
            )
        )
