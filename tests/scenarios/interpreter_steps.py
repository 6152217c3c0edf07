"""What the stories and tests about interpreters begin with: promises, consents, words and their renderings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.actions.interpreters.follow import follow
from bot.domain.threads import MessageKind, ThreadKind
from bot.domain.translation import MadeBy, RenderingState, Subject, Trouble
from storage.models import InterpreterConsent, Person, Pupil, Rendering, ThreadMessage
from storage.queries.interpreters import store_promise
from storage.queries.originals import load_originals
from storage.queries.renderings import ensure_renderings
from storage.queries.threads import open_thread
from storage.session import Database, UnitOfWork
from tests.scenarios.world import World

YUSUF, HALINA, AMINA, KARI = "Yusuf Rahman", "Halina Nowak", "Amina Haddad", "Kari Nordmann"
ALI = "Ali Haddad"


async def person_of(uow: UnitOfWork, name: str) -> int:
    """Return a person's id."""
    found: int = (await uow.execute(sa.select(col(Person.id)).where(col(Person.name) == name))).scalar_one()
    return found


async def pupil_of(uow: UnitOfWork, name: str) -> int:
    """Return a pupil's id."""
    found: int = (await uow.execute(sa.select(col(Pupil.id)).where(col(Pupil.name) == name))).scalar_one()
    return found


async def promised(place: World | Database, *names: str) -> None:
    """Let interpreters have accepted confidentiality."""
    async with place.unit_of_work() as uow:
        for name in names or (YUSUF, HALINA):
            await store_promise(uow, await person_of(uow, name))
        await uow.commit()


async def thread_of(
    place: World | Database, guardian: str = AMINA, pupil: str = ALI, kind: ThreadKind = ThreadKind.ORDINARY
) -> int:
    """Return a guardian's conversation about a pupil."""
    async with place.unit_of_work() as uow:
        found = await open_thread(uow, await person_of(uow, guardian), await pupil_of(uow, pupil), kind)
        await uow.commit()
    return found


async def allowed(
    place: World | Database,
    thread_id: int | None,
    *,
    guardian: str = AMINA,
    interpreter: str = YUSUF,
    until: datetime | None = None,
) -> int:
    """Let a guardian have allowed an interpreter one conversation, or everything; return the consent's id."""
    async with place.unit_of_work() as uow:
        consent = InterpreterConsent(
            guardian_id=await person_of(uow, guardian),
            interpreter_id=await person_of(uow, interpreter),
            thread_id=thread_id,
            given_at=uow.now,
            until=until or uow.now + timedelta(days=7),
        )
        uow.session.add(consent)
        await uow.flush()
        await uow.commit()
    assert consent.id is not None
    return consent.id


async def said(
    place: World | Database,
    thread_id: int,
    author: str,
    text: str,
    language: str,
    *,
    kind: MessageKind = MessageKind.TEXT,
    follows: bool = False,
) -> int:
    """Store a message of a conversation; with `follows` those who may follow get it. Return its id."""
    async with place.unit_of_work() as uow:
        message = ThreadMessage(
            thread_id=thread_id,
            author_id=await person_of(uow, author),
            kind=kind,
            text=text,
            language=language,
            sent_at=uow.now,
        )
        uow.session.add(message)
        await uow.flush()
        assert message.id is not None
        if follows:
            await follow(uow, thread_id, message.id)
        await uow.commit()
    return message.id


async def rendered(
    place: World | Database,
    subject: Subject,
    subject_id: int,
    language: str,
    text: str = "",
    *,
    state: RenderingState | None = None,
    **values: Any,
) -> int:
    """Let a text have been rendered: by a machine with `text`, else waiting for a person. Return the rendering's id."""
    ready = state is RenderingState.READY or (state is None and bool(text))
    set_to: dict[str, Any] = {
        "state": RenderingState.READY if ready else RenderingState.HUMAN,
        "text": text,
        "made_by": MadeBy.ENGINE if ready else None,
        "trouble": None if ready else Trouble.NO_ENGINE,
        "due_at": None,
        **values,
    }
    async with place.unit_of_work() as uow:
        rows = await ensure_renderings(uow, {(subject, subject_id, language)})
        [row] = rows.values()
        await uow.change(sa.update(Rendering).where(col(Rendering.id) == row.id).values(**set_to))
        assert await load_originals(uow, {(subject, subject_id)}), "a text to be rendered"
        await uow.commit()
    return row.id


async def waiting_message(place: World | Database, thread_id: int, text: str = "علي مريض اليوم") -> tuple[int, int]:
    """Store a guardian's message that no machine could translate; return its id and its rendering's."""
    message_id = await said(place, thread_id, AMINA, text, "ar")
    return message_id, await rendered(place, Subject.MESSAGE, message_id, "nb")
