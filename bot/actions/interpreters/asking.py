"""A translation is missing or not sure: a person is asked, and the home first where the text is its own (L6)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.actions import UnitOfWork
from bot.actions.interpreters.words import offer_buttons, offer_text
from bot.actions.readers import reader_texts
from bot.domain.interpreter_taps import OpenQueue
from bot.domain.interpreters import OFFER_AGAIN, OFFERED
from bot.domain.messages import Button, rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.translation import Subject
from bot.outbox.enqueue import Message, enqueue
from storage.queries.interpreter_messages import find_spoken
from storage.queries.interpreter_tasks import list_able
from storage.queries.interpreters import find_home, list_available, may_offer, store_offer
from storage.queries.people import find_contact, guardian_may
from storage.queries.renderings import RenderingRow
from storage.queries.thread_messages import leaves_at


async def ask_a_human(uow: UnitOfWork, row: RenderingRow) -> None:
    """Ask whoever may help with a rendering that no machine could make, or that a reader doubts; no commit.

    Interpreters who may read it are told that there is something to do. Where nobody may, and it is a conversation,
    its guardian is asked for one, once; what is else about one pupil waits until a guardian allows everything.
    """
    if row.subject is Subject.MESSAGE:
        message = await find_spoken(uow, row.subject_id)
        if message is None or not message.has_words:
            return  # what an interpreter and one side ask each other is nobody else's
    able = await list_able(uow, row)
    if able:
        waits_until = await leaves_at(uow, row.subject_id) if row.subject is Subject.MESSAGE else None
        await tell_interpreters(uow, able, due=waits_until)
    elif row.thread_id is not None:
        await _offer(uow, row.thread_id, {row.language, row.source_language})


async def tell_interpreters(uow: UnitOfWork, person_ids: Collection[int], *, due: datetime | None = None) -> None:
    """Say that there is something to translate: one line each until it has been looked at, not before `due`.

    No commit.
    """
    for person_id in person_ids:
        contact = await find_contact(uow, person_id)
        tr = reader_texts(uow, contact.language or contact.home_language if contact else None)
        await enqueue(
            uow,
            Message(
                person_id,
                OutgoingKind.MESSAGE,
                tr.gettext("🌐 There is something to translate. You are one of those who can help."),
                queue_key(person_id),
                buttons=rows([Button("🌐 " + tr.plain.gettext("Translations"), OpenQueue(new=True).pack())]),
                lane=Lane.ORDINARY,
                due_at=uow.school.considerate(due or uow.now),
                about="translate",
            ),
        )


def queue_key(person_id: int) -> str:
    """Return the key under which an interpreter is told of the queue; freed when the queue is opened."""
    return f"translate:{person_id}"


async def _offer(uow: UnitOfWork, thread_id: int, languages: Collection[str]) -> None:
    """Ask a conversation's guardian whether an interpreter may help; not when nobody is there who could."""
    home = await find_home(uow, thread_id)
    if home is None or not await guardian_may(uow, home.guardian_id, home.pupil_id):
        return
    if not await may_offer(uow, thread_id, uow.now - OFFER_AGAIN):
        return
    there = (await list_available(uow, home.guardian_id, home.pupil_id, languages, home.kind))[:OFFERED]
    if not there:
        return
    tr = reader_texts(uow, home.language)
    await store_offer(uow, thread_id)
    await enqueue(
        uow,
        Message(
            home.guardian_id,
            OutgoingKind.MESSAGE,
            offer_text(tr, home, there),
            f"interpreter-offer:{thread_id}:{uow.now:%Y%m%d%H%M%S}",
            buttons=offer_buttons(tr, thread_id, there),
            lane=Lane.ORDINARY,
            due_at=uow.school.considerate(uow.now),
            about="thread",
            about_id=thread_id,
        ),
    )
