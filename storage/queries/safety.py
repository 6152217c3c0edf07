"""Who reads reports of bullying (B10), and what holds for one of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.people import LEADERSHIP, Contact, Role
from storage.models import Account, ClassStaff, Person, Pupil, StaffRole, Thread, ThreadMessage
from storage.queries.leave import list_family
from storage.session import UnitOfWork


async def list_safety_readers(uow: UnitOfWork, pupil_id: int) -> list[Contact]:
    """Return who can read a report about a pupil now: the named adults first, then the leadership; each once.

    Nobody who teaches the pupil's class, unless of the leadership, and nobody of the child's own family.
    """
    teaches = (
        sa.select(sa.literal(1))
        .select_from(ClassStaff)
        .join(Pupil, col(Pupil.class_id) == col(ClassStaff.class_id))
        .where(col(ClassStaff.person_id) == col(Person.id), col(Pupil.id) == pupil_id)
        .exists()
    )
    leads = col(StaffRole.role).in_(LEADERSHIP)
    found = await uow.execute(
        sa.select(
            col(Person.id),
            col(Person.name),
            col(Person.phone),
            col(Person.email),
            col(Person.language),
            col(Person.home_language),
            leads,
        )
        .join(StaffRole, col(StaffRole.person_id) == col(Person.id))
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(
            col(Account.reachable).is_(True),
            sa.or_(leads, sa.and_(col(StaffRole.role) == Role.SAFETY_CONTACT, ~teaches)),
        )
        .order_by(leads, col(Person.name))
    )
    family = await list_family(uow, pupil_id)
    readers: dict[int, Contact] = {}
    for row in found:
        if row[0] not in family:
            readers.setdefault(row[0], Contact(*row[:6]))
    return list(readers.values())


async def newest_report(uow: UnitOfWork, thread_id: int) -> int | None:
    """Return what the home wrote last in a conversation; None when it has written nothing."""
    found: int | None = (
        await uow.execute(
            sa.select(sa.func.max(col(ThreadMessage.id)))
            .join(Thread, col(Thread.id) == col(ThreadMessage.thread_id))
            .where(
                col(ThreadMessage.thread_id) == thread_id,
                col(ThreadMessage.author_id) == col(Thread.guardian_id),
                col(ThreadMessage.taken_back_at).is_(None),
            )
        )
    ).scalar_one()
    return found
