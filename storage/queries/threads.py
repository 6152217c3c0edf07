"""Messages between a home and the school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor
from bot.domain.threads import MessageKind
from storage.models import Account, Notice, Pupil, SchoolClass, Thread, ThreadMessage
from storage.queries.people import guardian_may, list_own_classes
from storage.session import UnitOfWork
from storage.sql import upsert


@dataclass(frozen=True, slots=True)
class ThreadRef:
    """A thread and whom it is about."""

    id: int
    guardian_id: int
    pupil_id: int
    pupil_name: str
    class_id: int
    class_name: str


async def open_thread(uow: UnitOfWork, guardian_id: int, pupil_id: int) -> int:
    """Return the one thread of a guardian about a pupil, made now if there was none."""
    statement = (
        upsert(uow, Thread)
        .values(guardian_id=guardian_id, pupil_id=pupil_id, opened_at=uow.now, waits_since=None)
        .on_conflict_do_update(index_elements=["guardian_id", "pupil_id"], set_={"pupil_id": pupil_id})
        .returning(Thread.id)
    )
    thread_id: int = (await uow.execute(statement)).scalar_one()
    return thread_id


async def access_thread(uow: UnitOfWork, actor: Actor, thread_id: int) -> ThreadRef:
    """Return a thread for its own guardian, the pupil's teachers, or the leadership.

    Raises:
        NotPermitted: the actor is none of them, or the guardian's access to the pupil has ended.
    """
    row = (
        await uow.execute(
            sa.select(
                col(Thread.id),
                col(Thread.guardian_id),
                col(Thread.pupil_id),
                col(Pupil.name),
                col(Pupil.class_id),
                col(SchoolClass.name),
            )
            .join(Pupil, col(Pupil.id) == col(Thread.pupil_id))
            .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
            .where(col(Thread.id) == thread_id)
        )
    ).one_or_none()
    if row is None:
        raise NotPermitted
    thread = ThreadRef(*row)
    if not await guardian_may(uow, thread.guardian_id, thread.pupil_id):
        raise NotPermitted  # a blocked guardian is told nothing more, from either side
    if actor.person_id != thread.guardian_id and not await may_read_class(uow, actor, thread.class_id):
        raise NotPermitted
    return thread


async def may_read_class(uow: UnitOfWork, actor: Actor, class_id: int) -> bool:
    """Tell whether somebody at the school may read what the homes of a class write."""
    if actor.leads:
        return True
    return actor.teaches and class_id in {c.id for c in await list_own_classes(uow, actor)}


async def notice_author(uow: UnitOfWork, notice_id: int) -> int | None:
    """Return who sent a notice."""
    found: int | None = (
        await uow.execute(sa.select(col(Notice.author_id)).where(col(Notice.id) == notice_id))
    ).scalar_one_or_none()
    return found


async def add_message(uow: UnitOfWork, message: ThreadMessage, *, home_waits: bool) -> int:
    """Store a message and whether the home now waits for an answer (B2)."""
    uow.session.add(message)
    await uow.flush()
    await uow.change(
        sa.update(Thread).where(col(Thread.id) == message.thread_id).values(waits_since=uow.now if home_waits else None)
    )
    assert message.id is not None  # noqa: S101  (flushed just above)
    return message.id


async def waits_for_call(uow: UnitOfWork, thread_id: int, notice_id: int | None, since: datetime) -> bool:
    """Tell whether the newest message of a thread asks for a call about the same thing, `since` then."""
    newest = (
        await uow.execute(
            sa.select(col(ThreadMessage.kind), col(ThreadMessage.notice_id), col(ThreadMessage.sent_at))
            .where(col(ThreadMessage.thread_id) == thread_id)
            .order_by(col(ThreadMessage.id).desc())
            .limit(1)
        )
    ).one_or_none()
    return newest is not None and newest[:2] == (MessageKind.CALL_ME, notice_id) and newest[2] >= since


async def was_just_sent(uow: UnitOfWork, thread_id: int, author_id: int, text: str, since: datetime) -> bool:
    """Tell whether the newest message of a thread is this author's with these words, `since` then."""
    newest = (
        await uow.execute(
            sa.select(col(ThreadMessage.author_id), col(ThreadMessage.text), col(ThreadMessage.sent_at))
            .where(col(ThreadMessage.thread_id) == thread_id)
            .order_by(col(ThreadMessage.id).desc())
            .limit(1)
        )
    ).one_or_none()
    return newest is not None and newest[:2] == (author_id, text) and newest[2] >= since


async def reachable_among(uow: UnitOfWork, person_ids: list[int]) -> set[int]:
    """Return those who have opened the bot and not blocked it."""
    rows = await uow.execute(
        sa.select(col(Account.person_id)).where(
            col(Account.person_id).in_(person_ids), col(Account.reachable).is_(True)
        )
    )
    return set(rows.scalars())
