"""A home waits for an answer: those who are to give it are told once, later the leadership (B2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.actions import Progress, UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.threads.errors import NobodyReads
from bot.actions.threads.readers import leadership, readers_of
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Contact
from bot.domain.thread_taps import OpenThread, ThreadList
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.leave import list_family
from storage.queries.people import guardian_may
from storage.queries.thread_lists import DueThread, claim_due_threads
from storage.queries.threads import reachable_among, read_waiting

AT_ONCE = 200
"""Conversations of one transaction: a whole school's morning."""
OPENED = 5
"""Buttons of one digest that open a conversation; the rest is behind one more."""
NAMED = 20
"""Lines of one digest."""


@dataclass
class _Digest:
    """What one person is told."""

    contact: Contact
    lines: list[tuple[DueThread, tuple[str, ...]]] = field(default_factory=list)


async def surface_due(uow: UnitOfWork) -> Progress:
    """Tell who is to answer, and later the leadership, what still waits: one message a person.

    What was answered, closed or ended meanwhile is left out: each is looked at again now.
    """
    due = await claim_due_threads(uow, AT_ONCE)
    if not due:
        return Progress(0, more=False)
    readers: dict[int, _Digest] = {}
    leaders: dict[int, _Digest] = {}
    for one in due:
        await _sort(uow, one, readers, leaders)
    messages = [_for_readers(uow, digest) for digest in readers.values()]
    messages += [_for_leadership(uow, digest) for digest in leaders.values()]
    await enqueue(uow, *messages)
    await uow.commit()
    return Progress(len(due), more=len(due) == AT_ONCE)


async def _sort(uow: UnitOfWork, one: DueThread, readers: dict[int, _Digest], leaders: dict[int, _Digest]) -> None:
    """Put a conversation into the digests of those whom it concerns."""
    thread = one.thread
    waiting = await read_waiting(uow, thread)
    if waiting is None or thread.closed_at is not None:
        return
    if not await guardian_may(uow, thread.guardian_id, thread.pupil_id):
        return
    try:
        answering = await readers_of(uow, thread, waiting[1])
    except NobodyReads:
        answering = []
    names = tuple(contact.name for contact in answering)
    if one.for_readers:
        for contact in answering:
            readers.setdefault(contact.person_id, _Digest(contact)).lines.append((one, names))
    if one.for_leadership:
        for contact in await _above(uow, one, answering):
            leaders.setdefault(contact.person_id, _Digest(contact)).lines.append((one, names))


async def _above(uow: UnitOfWork, one: DueThread, answering: Sequence[Contact]) -> list[Contact]:
    """Return those of the leadership who do not have it in hand themselves; nobody of the child's own family."""
    found = await leadership(uow)
    there = await reachable_among(uow, [contact.person_id for contact in found])
    without = {contact.person_id for contact in answering} | await list_family(uow, one.thread.pupil_id)
    return [contact for contact in found if contact.person_id in there and contact.person_id not in without]


def _for_readers(uow: UnitOfWork, digest: _Digest) -> Message:
    tr = reader_texts(uow, digest.contact.language)
    head = tr.ngettext(
        "⏳ <b>{n} conversation waits for your answer</b>",
        "⏳ <b>{n} conversations wait for your answer</b>",
        len(digest.lines),
    )
    tail = tr.gettext("A short answer is enough, even if it only says when you will write more.")
    return _message(uow, tr, digest, "readers", head, [_line(uow, tr, one, ()) for one, _ in digest.lines], tail)


def _for_leadership(uow: UnitOfWork, digest: _Digest) -> Message:
    tr = reader_texts(uow, digest.contact.language)
    head = tr.ngettext(
        "⏳ <b>{n} home has waited longer for an answer than homes are told</b>",
        "⏳ <b>{n} homes have waited longer for an answer than homes are told</b>",
        len(digest.lines),
    )
    tail = tr.gettext("You can open a conversation and answer yourself, or ask those who were to answer.")
    lines = [_line(uow, tr, one, names) for one, names in digest.lines]
    return _message(uow, tr, digest, "leadership", head, lines, tail)


def _line(uow: UnitOfWork, tr: Texts, one: DueThread, names: tuple[str, ...]) -> Html:
    """Return child, class and since when; for the leadership also who was to answer. Never what was written."""
    since = uow.school.local(one.since).date()
    fields = {"child": one.thread.pupil_name, "school_class": one.thread.class_name, "day": since}
    if names:
        return tr.gettext("• {child}, {school_class}: since {day}, with {names}", names=tr.list(names), **fields)
    return tr.gettext("• {child}, {school_class}: since {day}", **fields)


def _message(
    uow: UnitOfWork, tr: Texts, digest: _Digest, stage: str, head: Html, lines: Sequence[Html], tail: Html
) -> Message:
    more = [Html("…")] if len(lines) > NAMED else []
    return Message(
        digest.contact.person_id,
        OutgoingKind.REPORT,
        "\n".join([head, *lines[:NAMED], *more, "", tail]),
        f"threads-{stage}:{digest.contact.person_id}:{uow.now:%Y%m%d%H%M%S%f}",
        buttons=_buttons(tr, [one for one, _ in digest.lines]),
        due_at=uow.school.considerate(uow.now),
        about="threads",
    )


def _buttons(tr: Texts, due: Sequence[DueThread]) -> Rows:
    opening = [
        [Button(f"💬 {one.thread.pupil_name}, {one.thread.class_name}", OpenThread(one.thread.id, new=True).pack())]
        for one in due[:OPENED]
    ]
    everything = Button("💬 " + tr.plain.gettext("All conversations"), ThreadList().pack())
    return rows(*opening, [everything] if len(due) > OPENED else [])
