"""Conversations between a home and the school: who has a part in one, and how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Role
from bot.domain.threads import ANSWERED, SPOKEN, HandedOver, MessageKind, Part, ThreadKind, ThreadRef
from storage.models import Account, Notice, Person, Pupil, SchoolClass, Thread, ThreadMessage
from storage.queries.leave import list_family
from storage.queries.people import guardian_may, list_own_classes
from storage.session import UnitOfWork
from storage.sql import table, upsert

_T, _M = table(Thread), table(ThreadMessage)


THREAD_COLUMNS = (
    _T.c.id,
    _T.c.kind,
    _T.c.guardian_id,
    col(Person.name),
    _T.c.pupil_id,
    col(Pupil.name),
    col(Pupil.class_id),
    col(SchoolClass.name),
    _T.c.waits_since,
    _T.c.last_at,
    _T.c.closed_at,
    _T.c.closed_by,
    _T.c.handed_at,
)


def select_threads() -> sa.Select[Any]:
    """Return the statement that reads conversations, for further conditions; rows are `ThreadRef`'s columns."""
    return (
        sa.select(*THREAD_COLUMNS)
        .select_from(_T)
        .join(Person, col(Person.id) == _T.c.guardian_id)
        .join(Pupil, col(Pupil.id) == _T.c.pupil_id)
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
    )


async def open_thread(uow: UnitOfWork, guardian_id: int, pupil_id: int, kind: ThreadKind = ThreadKind.ORDINARY) -> int:
    """Return the one conversation of a guardian about a pupil of this kind, made now if there was none.

    Its row is held until this transaction ends.
    """
    statement = (
        upsert(uow, Thread)
        .values(guardian_id=guardian_id, pupil_id=pupil_id, kind=kind, opened_at=uow.now, waits_since=None)
        .on_conflict_do_update(index_elements=["guardian_id", "pupil_id", "kind"], set_={"pupil_id": pupil_id})
        .returning(Thread.id)
    )
    thread_id: int = (await uow.execute(statement)).scalar_one()
    return thread_id


async def hold_thread(uow: UnitOfWork, thread_id: int) -> None:
    """Let others wait who are about to change the conversation, until this transaction ends (SQLite has one writer).

    Who only refers to it, such as by an offer of an interpreter, need not wait.
    """
    if not uow.sqlite:
        await uow.execute(sa.select(_T.c.id).where(_T.c.id == thread_id).with_for_update(key_share=True))


async def access_thread(uow: UnitOfWork, actor: Actor, thread_id: int, *, hold: bool = False) -> ThreadRef:
    """Return a conversation for somebody who may read it, with the part that person has in it.

    That is its own guardian; for an ordinary one the pupil's teachers and the leadership, for a report of bullying
    (B10) the safety contact and the leadership only. Somebody at the school who belongs to the child's family has no
    part in what another guardian writes (P9). `hold` keeps the row until this transaction ends.

    Raises:
        NotPermitted: the actor is none of them, or the guardian's access to the pupil has ended.
    """
    if hold:
        await hold_thread(uow, thread_id)
    row = (await uow.execute(select_threads().where(_T.c.id == thread_id))).one_or_none()
    if row is None:
        raise NotPermitted
    thread = ThreadRef(*row)
    if not await guardian_may(uow, thread.guardian_id, thread.pupil_id):
        raise NotPermitted  # a blocked guardian is told nothing more, from either side
    return replace(thread, part=await _part(uow, actor, thread))


async def _part(uow: UnitOfWork, actor: Actor, thread: ThreadRef) -> Part:
    if actor.person_id == thread.guardian_id:
        return Part.HOME
    if actor.person_id in await list_family(uow, thread.pupil_id):
        raise NotPermitted
    if thread.kind is ThreadKind.SAFETY:
        if actor.leads or (Role.SAFETY_CONTACT in actor.roles and not await _works_with(uow, actor, thread.class_id)):
            return Part.SCHOOL
        raise NotPermitted  # nobody who works with the class, also when named for such reports (B10)
    if actor.leads:
        return Part.SCHOOL
    if not await may_read_class(uow, actor, thread.class_id):
        raise NotPermitted
    return Part.SCHOOL if thread.handed_at is None else Part.UNTIL_HANDED


async def access_thread_to_write(uow: UnitOfWork, actor: Actor, thread_id: int) -> ThreadRef:
    """Return a conversation for somebody who may go on with it, and hold its row.

    Raises:
        NotPermitted: see `access_thread`. HandedOver: the leadership has it, and the actor is of the class's teachers.
    """
    thread = await access_thread(uow, actor, thread_id, hold=True)
    if thread.part is Part.UNTIL_HANDED:
        raise HandedOver
    return thread


async def _works_with(uow: UnitOfWork, actor: Actor, class_id: int) -> bool:
    return class_id in {c.id for c in await list_own_classes(uow, actor)}


async def may_read_class(uow: UnitOfWork, actor: Actor, class_id: int) -> bool:
    """Tell whether somebody at the school may read what the homes of a class write."""
    if actor.leads:
        return True
    return actor.teaches and await _works_with(uow, actor, class_id)


async def notice_author(uow: UnitOfWork, notice_id: int) -> int | None:
    """Return who sent a notice."""
    found: int | None = (
        await uow.execute(sa.select(col(Notice.author_id)).where(col(Notice.id) == notice_id))
    ).scalar_one_or_none()
    return found


async def change_thread(uow: UnitOfWork, thread_id: int, **values: Any) -> None:
    """Change how a conversation stands."""
    await uow.change(sa.update(_T).where(_T.c.id == thread_id).values(**values))


async def read_waiting(uow: UnitOfWork, thread: ThreadRef) -> tuple[datetime, int | None] | None:
    """Return since when the home waits, and the notice that its newest message asks about; None when it does not.

    It waits from its first message after the school's last answer; what was taken back does not count.
    """
    said = (_M.c.thread_id == thread.id, _M.c.taken_back_at.is_(None), _M.c.to_person_id.is_(None))
    answered = (
        sa.select(sa.func.coalesce(sa.func.max(_M.c.id), 0))
        .where(*said, _M.c.author_id != thread.guardian_id, _M.c.kind.in_(ANSWERED))
        .scalar_subquery()
    )
    rows = (
        await uow.execute(
            sa.select(_M.c.sent_at, _M.c.notice_id)
            .where(*said, _M.c.author_id == thread.guardian_id, _M.c.kind.in_(SPOKEN), _M.c.id > answered)
            .order_by(_M.c.id)
        )
    ).all()
    return (rows[0][0], rows[-1][1]) if rows else None


async def find_call(uow: UnitOfWork, thread_id: int) -> int | None:
    """Return the request to call that nobody has met yet, None when there is none."""
    called = (
        sa.select(sa.func.coalesce(sa.func.max(_M.c.id), 0))
        .where(_M.c.thread_id == thread_id, _M.c.kind == MessageKind.CALLED, _M.c.taken_back_at.is_(None))
        .scalar_subquery()
    )
    found: int | None = (
        await uow.execute(
            sa.select(sa.func.max(_M.c.id)).where(
                _M.c.thread_id == thread_id,
                _M.c.kind == MessageKind.CALL_ME,
                _M.c.taken_back_at.is_(None),
                _M.c.id > called,
            )
        )
    ).scalar_one()
    return found


async def reachable_among(uow: UnitOfWork, person_ids: list[int]) -> set[int]:
    """Return those who have opened the bot and not blocked it."""
    rows = await uow.execute(
        sa.select(col(Account.person_id)).where(
            col(Account.person_id).in_(person_ids), col(Account.reachable).is_(True)
        )
    )
    return set(rows.scalars())
