"""An interpreter accepts confidentiality; before that there is nothing to see (L4)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Role
from storage.queries.audit import audit
from storage.queries.interpreters import has_promised, store_promise


async def needs_promise(uow: UnitOfWork, actor: Actor) -> bool:
    """Tell whether somebody interprets for the school and has not accepted confidentiality yet."""
    return Role.INTERPRETER in actor.roles and not await has_promised(uow, actor.person_id)


async def accept_promise(uow: UnitOfWork, actor: Actor) -> None:
    """Store that an interpreter accepts confidentiality; a second tap changes nothing.

    Raises:
        NotPermitted: the actor does not interpret for the school.
    """
    if Role.INTERPRETER not in actor.roles:
        raise NotPermitted
    if await store_promise(uow, actor.person_id):
        await audit(uow, actor.person_id, "interpreter.promise", "person", actor.person_id)
    await uow.commit()
