"""Changing a sent notice where homes read it: after a correction, or when its translation has changed (L4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.notices.content import content_of, reader_of
from bot.actions.notices.render import NoticeContent, Reader, answer_buttons, render_notice
from bot.domain.notices import KINDS, Answer
from bot.domain.outgoing import Lane, OutgoingKind
from bot.i18n import texts
from bot.i18n.words import KIND_NAMES
from bot.outbox.enqueue import Message, enqueue
from storage.models import Delivery, Notice
from storage.queries.notices import list_deliveries, open_children, pupil_labels
from storage.queries.renderings import RenderingRow


@dataclass(frozen=True, slots=True)
class Home:
    """A home that has a sent notice and may still read it; `root` is the outgoing row of its message."""

    delivery: Delivery
    delivery_id: int
    root: int
    reader: Reader


async def _homes(uow: UnitOfWork, notice_id: int) -> AsyncIterator[Home]:
    open_to = await open_children(uow, notice_id)  # who was blocked meanwhile reads nothing new
    deliveries = [
        delivery
        for delivery in await list_deliveries(uow, notice_id)
        if open_to.get(delivery.person_id, frozenset()).intersection(delivery.pupil_ids)
    ]
    names = await pupil_labels(uow, sorted({p for d in deliveries for p in d.pupil_ids}))
    for delivery in deliveries:
        if delivery.outgoing_id is not None and delivery.id is not None:
            mine = {pupil: label for pupil, label in names.items() if pupil in open_to[delivery.person_id]}
            yield Home(delivery, delivery.id, delivery.outgoing_id, reader_of(delivery, mine))


async def change_homes(uow: UnitOfWork, notice: Notice, *, tell: bool) -> None:
    """Put the edits after a correction into the queue, and with `tell` a line for each home; the caller commits.

    What a home answered was about what stood there before, so no answer is marked.
    """
    assert notice.id is not None and notice.kind is not None  # noqa: S101, PT018
    content = await content_of(uow, notice)
    lane = Lane.URGENT if KINDS[notice.kind].urgent else Lane.ORDINARY
    messages: list[Message] = []
    async for home in _homes(uow, notice.id):
        key = f"correct:{home.delivery_id}:{notice.revision}"
        messages.append(_edit(content, notice, home, key, lane, answer=None))
        if tell:
            messages.append(_told(uow, notice, home, content.author, key, lane))
    await enqueue(uow, *messages)


async def change_readers(
    uow: UnitOfWork, notice: Notice, row: RenderingRow, roots: Collection[int], *, tell: bool
) -> None:
    """Put the edits for those who read a rendering into the queue; the caller commits.

    It is no correction: the notice says the same, and what a home has answered stays marked.

    Args:
        roots: the outgoing rows of the messages that show the rendering.
        tell: whether a short line says that an interpreter has changed it.
    """
    assert notice.id is not None and notice.kind is not None  # noqa: S101, PT018
    content = await content_of(uow, notice)
    messages: list[Message] = []
    async for home in _homes(uow, notice.id):
        delivery = home.delivery
        if home.root not in roots or delivery.language != row.language:
            continue
        answer = delivery.answer if delivery.answered_revision == notice.revision else None
        key = f"render:{home.delivery_id}:{row.id}:{row.version}"
        messages.append(_edit(content, notice, home, key, Lane.ORDINARY, answer=answer))
        if tell:
            messages.append(_corrected(uow, notice, home, key))
    await enqueue(uow, *messages)


def _edit(
    content: NoticeContent, notice: Notice, home: Home, key: str, lane: Lane, *, answer: Answer | None
) -> Message:
    delivery = home.delivery
    tr = texts(delivery.language)
    return Message(
        delivery.person_id,
        OutgoingKind.CORRECTION,
        render_notice(content, tr, home.reader),
        key,
        buttons=answer_buttons(
            tr,
            home.delivery_id,
            notice.revision,
            answer=answer,
            has_original=delivery.language != content.text_language,
        ),
        lane=lane,
        edits_id=home.root,
        about="notice",
        about_id=content.id,
    )


def _told(uow: UnitOfWork, notice: Notice, home: Home, author: str, key: str, lane: Lane) -> Message:
    tr = texts(home.delivery.language)
    assert notice.kind is not None  # noqa: S101
    text = tr.gettext(
        "✏️ {author} has corrected “{kind}”. The message above shows how it is now.",
        author=author,
        kind=tr.gettext(KIND_NAMES[notice.kind]),
    )
    urgent = KINDS[notice.kind].urgent
    return Message(
        home.delivery.person_id,
        OutgoingKind.CORRECTION,
        text,
        f"{key}:told",
        lane=lane,
        due_at=uow.now if urgent else uow.school.considerate(uow.now),
        replies_to_id=home.root,
        about="notice",
        about_id=notice.id or 0,
    )


def _corrected(uow: UnitOfWork, notice: Notice, home: Home, key: str) -> Message:
    tr = texts(home.delivery.language)
    # Translators: an edit makes no sound, so this line below the message tells its reader that it says something else
    text = tr.gettext("✏️ An interpreter has corrected the translation above. Please read it again.")
    return Message(
        home.delivery.person_id,
        OutgoingKind.CORRECTION,
        text,
        f"{key}:told",
        lane=Lane.ORDINARY,
        due_at=uow.school.considerate(uow.now),
        replies_to_id=home.root,
        about="notice",
        about_id=notice.id or 0,
    )
