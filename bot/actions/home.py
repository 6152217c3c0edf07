"""What a guardian can look up: the children, who sees what, contacts (P2, N6)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.domain.interpreters import Consent
from bot.domain.people import Actor, Child, Contact, GuardianTie, Role
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.interpreters import list_consents
from storage.queries.people import access_child, list_class_teachers, list_guardian_ties, list_leadership
from storage.queries.people import list_children as _list_children


@dataclass(frozen=True, slots=True)
class WhoSeesView:
    """Everybody who can read and write about a child."""

    child: Child
    guardians: tuple[GuardianTie, ...]
    teachers: tuple[tuple[str, bool], ...]
    leadership: tuple[tuple[str, Role], ...]
    interpreters: tuple[Consent, ...] = ()
    """Whom the guardian who looks lets read along; what another guardian allows is that guardian's."""


async def list_children(uow: UnitOfWork, actor: Actor) -> list[Child]:
    """Return the guardian's own children."""
    return await _list_children(uow, actor)


async def who_sees(uow: UnitOfWork, actor: Actor, pupil_id: int) -> WhoSeesView:
    """Return the list of P2 for one of the guardian's children; looking is recorded.

    Raises:
        NotPermitted: it is not the actor's child.
    """
    child = await access_child(uow, actor, pupil_id)
    view = WhoSeesView(
        child,
        tuple(await list_guardian_ties(uow, pupil_id)),
        tuple(await list_class_teachers(uow, child.class_id)),
        tuple((contact.name, role) for contact, role in await list_leadership(uow)),
        tuple(await list_consents(uow, actor.person_id, pupil_id)),
    )
    await audit(uow, actor.person_id, "pupil.who_sees", "pupil", pupil_id)
    await uow.commit()
    return view


@dataclass(frozen=True, slots=True)
class ContactsView:
    """Whom a home can turn to."""

    by_child: tuple[tuple[Child, tuple[str, ...]], ...]
    leadership: tuple[tuple[Contact, Role], ...]
    office_phone: str


async def list_contacts(uow: UnitOfWork, actor: Actor) -> ContactsView:
    """Return the contact teachers of each child and the leadership."""
    found = []
    for child in await _list_children(uow, actor):
        teachers = await list_class_teachers(uow, child.class_id)
        found.append((child, tuple(name for name, contact in teachers if contact)))
    return ContactsView(tuple(found), tuple(await list_leadership(uow)), uow.school.office_phone)


async def leave_question(uow: UnitOfWork, actor: Actor) -> bool:
    """Close the open question; nothing is sent. Return whether there was one."""
    was_open = await close_question(uow, actor.person_id)
    await uow.commit()
    return was_open
