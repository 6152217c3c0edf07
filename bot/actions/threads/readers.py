"""Who at the school reads a conversation (N1, B4, B10)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import UnitOfWork
from bot.actions.threads.errors import NobodyReads
from bot.domain.people import Contact
from bot.domain.threads import ThreadKind, ThreadRef
from storage.queries.leave import list_family
from storage.queries.people import (
    find_actor_by_person,
    find_contact,
    list_contact_teachers,
    list_leadership,
)
from storage.queries.safety import list_safety_readers
from storage.queries.threads import (
    may_read_class,
    notice_author,
    reachable_among,
)


async def readers_of(uow: UnitOfWork, thread: ThreadRef, notice_id: int | None = None) -> list[Contact]:
    """Return who reads what the home writes in a conversation now.

    The sender of the notice that is asked about, else the contact teachers, else the leadership. While the leadership
    has it: they. A report of bullying: the safety contact and the leadership, never the class's teachers (B10).
    Nobody of the child's own family reads it for the school (P9).

    Raises:
        NobodyReads: nobody of them can be reached here.
    """
    family = await list_family(uow, thread.pupil_id)
    for candidates in await _candidates(uow, thread, notice_id):
        found = await _reachable(uow, candidates, family)
        if found:
            return found
    raise NobodyReads


async def _candidates(uow: UnitOfWork, thread: ThreadRef, notice_id: int | None) -> list[list[Contact]]:
    """Return who comes into question, the first group of whom somebody can be reached."""
    leaders = await leadership(uow)
    if thread.kind is ThreadKind.SAFETY:
        return [await list_safety_readers(uow, thread.pupil_id)]
    if thread.handed_at is not None:
        return [leaders]
    return [
        await _sender_of(uow, thread.class_id, notice_id),
        await list_contact_teachers(uow, thread.class_id),
        leaders,
    ]


async def leadership(uow: UnitOfWork) -> list[Contact]:
    """Return principal and office, each once."""
    return _each_once([contact for contact, _ in await list_leadership(uow)])


def _each_once(contacts: Sequence[Contact]) -> list[Contact]:
    return list({contact.person_id: contact for contact in contacts}.values())


async def reachable_leadership(uow: UnitOfWork, thread: ThreadRef) -> list[Contact]:
    """Return those of the leadership to whom a conversation can be handed.

    Raises:
        NobodyReads: nobody of them can be reached here.
    """
    found = await _reachable(uow, await leadership(uow), await list_family(uow, thread.pupil_id))
    if not found:
        raise NobodyReads
    return found


async def reachable_teachers(uow: UnitOfWork, thread: ThreadRef) -> list[Contact]:
    """Return the contact teachers of a conversation's class who can be reached; none of the child's own family."""
    family = await list_family(uow, thread.pupil_id)
    return await _reachable(uow, await list_contact_teachers(uow, thread.class_id), family)


async def _reachable(uow: UnitOfWork, contacts: Sequence[Contact], without: set[int]) -> list[Contact]:
    there = await reachable_among(uow, [contact.person_id for contact in contacts])
    return [one for one in contacts if one.person_id in there and one.person_id not in without]


async def _sender_of(uow: UnitOfWork, class_id: int, notice_id: int | None) -> list[Contact]:
    """A notice's sender who still works with the class; somebody who has left it reads nothing more."""
    author_id = await notice_author(uow, notice_id) if notice_id is not None else None
    author = await find_actor_by_person(uow, author_id) if author_id is not None else None
    if author is None or not await may_read_class(uow, author, class_id):
        return []
    contact = await find_contact(uow, author.person_id)
    return [contact] if contact else []
