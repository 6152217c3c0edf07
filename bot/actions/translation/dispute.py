"""A reader looks at what a translation was made of, and may say that it is wrong (L1, L4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.actions import UnitOfWork
from bot.actions.interpreters.asking import ask_a_human
from bot.actions.readers import reader_texts
from bot.actions.translation.tell import retell
from bot.domain.errors import NotPermitted
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.translation import RenderingState, Subject
from bot.i18n.words import KIND_NAMES, language_name
from bot.outbox.enqueue import Message, enqueue
from storage.models import Notice
from storage.queries.audit import audit
from storage.queries.helpers import list_helped
from storage.queries.originals import Original, load_originals
from storage.queries.people import find_contact
from storage.queries.renderings import RenderingRow, dispute_rendering, load_rendering, load_renderings
from storage.queries.translations import access_rendering, list_points_beside


@dataclass(frozen=True, slots=True)
class Source:
    """What a translation was made of, with the translation as it stands.

    `beside` are the words of the other things that stand in the same message: what was agreed beside a summary.
    """

    original: Original
    row: RenderingRow
    beside: tuple[Original, ...] = ()

    def may_dispute(self, reader: Actor) -> bool:
        """Tell whether it makes sense to offer "the translation is wrong".

        Not where there is none, where somebody has said so, or where the reader reads the original.
        """
        row = self.row
        is_shown = row.state is RenderingState.READY and row.source_hash == self.original.hash
        return is_shown and row.disputed_at is None and reader.language != self.original.language


@dataclass(frozen=True, slots=True)
class Disputed:
    """What follows when a reader says that a translation is wrong.

    `again`: somebody had said so already. `changed`: it is another one by now, and nothing was stored. `helped`: an
    interpreter is there who looks at it.
    """

    source: Source
    again: bool = False
    changed: bool = False
    helped: bool = False


async def show_source(uow: UnitOfWork, actor: Actor, rendering_id: int) -> Source:
    """Return what a translation was made of, in the words of its writer; no commit.

    At the school a look at what is one home's is recorded (P6).

    Raises:
        NotPermitted: it is not the actor's to read, or is gone.
    """
    row = await access_rendering(uow, actor, rendering_id)
    key = (row.subject, row.subject_id)
    original = (await load_originals(uow, {key})).get(key)
    if original is None:
        raise NotPermitted
    if actor.roles and row.is_home_bound:
        await audit(uow, actor.person_id, "translation.source", "rendering", rendering_id)
    keys = {(Subject.POINT, ref) for ref in await list_points_beside(uow, row)} - {key}
    beside = [one for one in (await load_originals(uow, keys)).values() if one.language != actor.language]
    return Source(original, row, tuple(sorted(beside, key=lambda one: one.subject_id)))


async def find_source(uow: UnitOfWork, subject: Subject, subject_id: int, language: str) -> Source | None:
    """Return what the readers of a language read in translation; who may read it was asked before."""
    key = (subject, subject_id)
    original = (await load_originals(uow, {key})).get(key)
    row = (await load_renderings(uow, {(*key, language)})).get((*key, language))
    return Source(original, row) if original is not None and row is not None else None


async def dispute(uow: UnitOfWork, actor: Actor, rendering_id: int, version: int) -> Disputed:
    """Note that a translation is wrong: its readers see that somebody doubts it, and an interpreter is asked.

    Raises:
        NotPermitted: it is not the actor's to read, or is gone.
    """
    source = await show_source(uow, actor, rendering_id)
    if source.row.disputed_at is not None:
        return Disputed(source, again=True, helped=await _is_helped(uow, source.row))
    if source.row.version != version or not source.may_dispute(actor):
        return Disputed(source, changed=True)
    if not await dispute_rendering(uow, rendering_id, actor.person_id):
        return Disputed(source, again=True, helped=await _is_helped(uow, source.row))
    row = await load_rendering(uow, rendering_id)
    assert row is not None  # noqa: S101  (it was changed in this transaction)
    await ask_a_human(uow, row)
    await retell(uow, rendering_id)
    await audit(uow, actor.person_id, "translation.dispute", "rendering", rendering_id, version=version)
    helped = await _is_helped(uow, row)
    if not helped and row.subject is Subject.NOTICE:
        await _tell_author(uow, row)
    await uow.commit()
    return Disputed(replace(source, row=row), helped=helped)


async def _tell_author(uow: UnitOfWork, row: RenderingRow) -> None:
    """Tell who sent a notice that a translation is doubted and nobody is there to look at it; not by whom (P9)."""
    notice = await uow.session.get(Notice, row.subject_id)
    if notice is None or notice.kind is None:
        return
    author = await find_contact(uow, notice.author_id)
    tr = reader_texts(uow, author.language if author else None)
    text = tr.gettext(
        "⚠️ A home says that the translation of “{kind}” is wrong ({language}). No interpreter of the school can look "
        "at it. You can correct the message in simpler words, or call the homes that it matters to.",
        kind=tr.gettext(KIND_NAMES[notice.kind]),
        language=language_name(row.language, tr),
    )
    await enqueue(
        uow,
        Message(
            notice.author_id, OutgoingKind.REPORT, text, f"disputed:{row.id}:{row.version}", lane=Lane.ORDINARY,
            due_at=uow.school.considerate(uow.now), about="notice", about_id=row.subject_id,
        ),
    )  # fmt: skip


async def _is_helped(uow: UnitOfWork, row: RenderingRow) -> bool:
    return row.id in await list_helped(uow, [row])
