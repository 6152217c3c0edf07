"""Puts messages for other people into the queue, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.messages import FileRef, Rows
from bot.domain.outgoing import Lane, OutgoingKind, OutgoingState
from storage.queries.enqueue import add_or_hasten, add_rows
from storage.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person, rendered in that person's language already.

    Attributes:
        text: HTML of at most 4,096 visible characters; with a `file` at most 1,024.
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
    return await add_rows(uow, [_row(uow, message) for message in messages])


def _row(uow: UnitOfWork, message: Message) -> dict[str, Any]:
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
        "due_at": message.due_at or uow.now,
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
