"""Closing a conversation when all is said, and opening it again."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.threads.waiting import settle_waiting
from bot.actions.threads.words import home_buttons
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.domain.threads import Part, ThreadRef
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.people import find_contact
from storage.queries.threads import access_thread_to_write, change_thread


async def close_thread(uow: UnitOfWork, actor: Actor, thread_id: int) -> None:
    """Close a conversation, from either side: nobody waits any more, and the next message opens it again.

    The home is told in one quiet line when the school closes it; a home that closes it has no answer to wait for, and
    the school sees it on the page. A second tap changes nothing.

    Raises:
        NotPermitted: the actor has no part in it. HandedOver: the leadership has it.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    if thread.closed_at is None:
        await change_thread(uow, thread.id, closed_at=uow.now, closed_by=actor.person_id)
        await settle_waiting(uow, thread, closed=True)
        if thread.part is Part.SCHOOL:
            await _tell_home(uow, actor, thread)
        await audit(uow, actor.person_id, "thread.close", "thread", thread.id)
    await uow.commit()


async def reopen_thread(uow: UnitOfWork, actor: Actor, thread_id: int) -> None:
    """Open a closed conversation again; a home whose last message has no answer waits for it again.

    Raises:
        NotPermitted: the actor has no part in it. HandedOver: the leadership has it.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    if thread.closed_at is not None:
        await change_thread(uow, thread.id, closed_at=None, closed_by=None)
        await settle_waiting(uow, thread)
        await audit(uow, actor.person_id, "thread.reopen", "thread", thread.id)
    await uow.commit()


async def _tell_home(uow: UnitOfWork, actor: Actor, thread: ThreadRef) -> None:
    guardian = await find_contact(uow, thread.guardian_id)
    tr = reader_texts(uow, (guardian.language or guardian.home_language) if guardian else None)
    text = tr.gettext(
        "💬 {teacher} has closed the conversation about {child}. You can write again at any time.",
        teacher=actor.name,
        child=thread.pupil_name,
    )
    await enqueue(
        uow,
        Message(
            thread.guardian_id,
            OutgoingKind.MESSAGE,
            text,
            f"thread-closed:{thread.id}:{uow.now:%Y%m%d%H%M%S%f}",
            buttons=home_buttons(tr, thread.id),
            silent=True,
            due_at=uow.school.considerate(uow.now),
            about="thread",
            about_id=thread.id,
        ),
    )
