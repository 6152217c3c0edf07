"""What tests of actions have in common: people of the example school who have come in, and what is stored."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain.people import Actor
from storage.queries.entry import link_account
from storage.queries.people import find_actor_by_person
from storage.session import Database


async def rows(database: Database, statement: str, **values: object) -> list[tuple[Any, ...]]:
    """Read what is stored."""
    async with database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.execute(sa.text(statement), values)]


async def come_in(database: Database, name: str) -> Actor:
    """Return somebody who has opened the bot."""
    [(person_id,)] = await rows(database, "SELECT id FROM person WHERE name = :name", name=name)
    async with database.unit_of_work() as uow:
        await link_account(uow, person_id, 10_000 + person_id)
        await uow.commit()
        actor = await find_actor_by_person(uow, person_id)
    assert actor is not None
    return actor
