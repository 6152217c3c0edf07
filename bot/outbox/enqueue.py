"""Puts messages for other people into the queue, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.free_text import Look, free_texts
from bot.domain.messages import FileRef, Rows
from bot.domain.outgoing import Lane, OutgoingKind, OutgoingState
from bot.domain.translation import RenderingState
from storage.queries.enqueue import add_or_hasten, add_rows
from storage.queries.rendering_uses import note_uses
from storage.queries.renderings import Wanted, ensure_renderings
from storage.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person, rendered in that person's language already.

    Attributes:
        text: HTML of at most 4,096 visible characters; with a `file` at most 1,024. People's own words stand in it as
            elements (`bot.domain.free_text`) and are filled in when it leaves, in its reader's language; it waits a
            little for a translation that is being made.
        dedupe_key: enqueuing the same key twice is the same as once.
        due_at: not before this aware moment; None is now.
        expires_at: dropped instead of sent after this moment.
        edits_id, replies_to_id: an earlier outgoing row to change or to answer.
        about, about_id: what it belongs to ("notice", 12), for status, cancelling and replies.
        pupil_id: whom it is about; a guardian gets it only while access to that pupil is open (P3, P4).
    """

    recipient_id: int
    kind: OutgoingKind
    text: str
    dedupe_key: str
    buttons: Rows = ()
    lane: Lane = Lane.ORDINARY
    file: FileRef | None = None
    silent: bool = False
    due_at: datetime | None = None
    expires_at: datetime | None = None
    edits_id: int | None = None
    replies_to_id: int | None = None
    about: str = ""
    about_id: int = 0
    pupil_id: int | None = None


def payload_of(message: Message) -> dict[str, Any]:
    """Return what is stored of a message's look, as JSON values."""
    payload: dict[str, Any] = {"text": message.text}
    if message.buttons:
        payload["buttons"] = [
            [{"label": b.label, **({"url": b.url} if b.url else {"tap": b.tap})} for b in row]
            for row in message.buttons
        ]
    if message.file:
        payload["file"] = {
            "kind": message.file.kind.value,
            "id": message.file.file_id,
            "name": message.file.name,
        }
    if message.silent:
        payload["silent"] = True
    return payload


async def enqueue(uow: UnitOfWork, *messages: Message) -> int:
    """Add messages to the queue; return how many were new.

    They exist exactly when the caller's transaction commits, and are sent at least once after that.
    """
    uow.enqueued = True
    shown = {message.dedupe_key: found for message in messages if (found := _renderings_in(message))}
    if not shown:
        return await add_rows(uow, [_row(uow, message) for message in messages])
    rows = await ensure_renderings(uow, {one for found in shown.values() for one in found})
    waiting = {one for one, row in rows.items() if row.state is RenderingState.WAITING}
    added = await add_rows(
        uow, [_row(uow, message, held=bool(shown.get(message.dedupe_key, set()) & waiting)) for message in messages]
    )
    await note_uses(
        uow,
        {
            message.dedupe_key: ({rows[one].id for one in used}, _due(uow, message))
            for message in messages
            if (used := shown.get(message.dedupe_key, set()) & rows.keys()) and _keeps_up(message, used & waiting)
        },
    )
    return added


def _keeps_up(message: Message, waited_for: set[Wanted]) -> bool:
    """Tell whether a message is to change when a translation does.

    A reminder says what is true when it leaves; what is corrected later changes what it reminds of.
    """
    return message.kind is not OutgoingKind.REMINDER or bool(waited_for)


def _renderings_in(message: Message) -> set[Wanted]:
    """Return the free texts that a message shows, with their reader's language."""
    return {
        (one.subject, one.subject_id, one.language) for one in free_texts(message.text) if one.look is not Look.ORIGINAL
    }


def _due(uow: UnitOfWork, message: Message) -> datetime:
    return max(message.due_at, uow.now) if message.due_at else uow.now


def _row(uow: UnitOfWork, message: Message, *, held: bool = False) -> dict[str, Any]:
    """Return a row; one that is `held` waits for its translation, but no longer than the school says (L6)."""
    due_at = message.due_at or uow.now
    if held:
        due_at = max(due_at, uow.now + uow.school.translation_hold)
    return {
        "recipient_id": message.recipient_id,
        "lane": int(message.lane),
        "kind": message.kind,
        "payload": payload_of(message),
        "dedupe_key": message.dedupe_key,
        "about": message.about,
        "about_id": message.about_id,
        "pupil_id": message.pupil_id,
        "edits_id": message.edits_id,
        "replies_to_id": message.replies_to_id,
        "state": OutgoingState.QUEUED,
        "attempts": 0,
        "created_at": uow.now,
        "due_at": due_at,
        "expires_at": message.expires_at,
    }


async def refresh_board(uow: UnitOfWork, *, recipient_id: int, edits_id: int, notice_id: int, due_at: datetime) -> None:
    """Ask for the live status of a notice to be drawn again; see `refresh_live`."""
    await refresh_live(
        uow, OutgoingKind.BOARD, recipient_id=recipient_id, edits_id=edits_id, about_id=notice_id, due_at=due_at
    )


async def refresh_live(
    uow: UnitOfWork, kind: OutgoingKind, *, recipient_id: int, edits_id: int, about_id: int, due_at: datetime
) -> None:
    """Ask for a live screen to be drawn again at `due_at`; many asks before that are one, the earliest.

    `edits_id` is the outgoing row of the screen, `about_id` what it shows. The sender is not woken: it looks by itself
    before then, and every answer of a home asks.
    """
    ask = Message(
        recipient_id, kind, "", f"board:{edits_id}", lane=Lane.BULK, due_at=due_at, edits_id=edits_id,
        about=kind.value, about_id=about_id,
    )  # fmt: skip
    await add_or_hasten(uow, _row(uow, ask))
