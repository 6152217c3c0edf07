"""Messages of a conversation as an interpreter gets to see them, and the questions between interpreter and one side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.threads import MessageKind
from storage.models import Outgoing, Person, Thread, ThreadMessage
from storage.queries.thread_messages import waits
from storage.session import UnitOfWork

BETWEEN_TWO = (MessageKind.ASKS, MessageKind.ANSWERS)
"""Between an interpreter and one side; nobody else sees them."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message and who wrote it."""

    id: int
    thread_id: int
    author_id: int
    author: str
    kind: MessageKind
    text: str
    language: str
    to_person_id: int | None
    by_home: bool
    sent_at: datetime
    taken_back_at: datetime | None

    @property
    def has_words(self) -> bool:
        """Tell whether there is anything for an interpreter of the conversation."""
        return bool(self.text) and self.kind not in BETWEEN_TWO and self.taken_back_at is None


def _spoken() -> sa.Select[Any]:
    columns: list[Any] = [
        col(ThreadMessage.id),
        col(ThreadMessage.thread_id),
        col(ThreadMessage.author_id),
        col(Person.name),
        col(ThreadMessage.kind),
        col(ThreadMessage.text),
        col(ThreadMessage.language),
        col(ThreadMessage.to_person_id),
        col(ThreadMessage.author_id) == col(Thread.guardian_id),
        col(ThreadMessage.sent_at),
        col(ThreadMessage.taken_back_at),
    ]
    return (
        sa.select(*columns)
        .join_from(ThreadMessage, Thread, col(Thread.id) == col(ThreadMessage.thread_id))
        .join(Person, col(Person.id) == col(ThreadMessage.author_id))
    )


def _read(row: Any) -> Spoken:
    ref, thread_id, author_id, author, kind, text, language, to, by_home, sent_at, taken_back_at = row
    return Spoken(ref, thread_id, author_id, author, kind, text, language, to, bool(by_home), sent_at, taken_back_at)


async def find_spoken(uow: UnitOfWork, message_id: int) -> Spoken | None:
    """Return one message."""
    row = (await uow.execute(_spoken().where(col(ThreadMessage.id) == message_id))).one_or_none()
    return _read(row) if row else None


async def list_spoken(uow: UnitOfWork, thread_id: int, *, limit: int, gone_out: bool = False) -> list[Spoken]:
    """Return the last messages with words in them, the oldest of them first.

    Args:
        gone_out: none of those that their author can still take back.
    """
    statement = (
        _spoken()
        .where(
            col(ThreadMessage.thread_id) == thread_id,
            col(ThreadMessage.text) != "",
            col(ThreadMessage.kind).not_in(BETWEEN_TWO),
            col(ThreadMessage.taken_back_at).is_(None),
            ~waits(uow) if gone_out else sa.true(),
        )
        .order_by(col(ThreadMessage.id).desc())
        .limit(limit)
    )
    return [_read(row) for row in await uow.execute(statement)][::-1]


async def list_school_authors(uow: UnitOfWork, thread_id: int, *, limit: int) -> list[int]:
    """Return who wrote for the school in a conversation, the newest first."""
    newest = sa.func.max(col(ThreadMessage.id))
    found = await uow.execute(
        sa.select(col(ThreadMessage.author_id))
        .join(Thread, col(Thread.id) == col(ThreadMessage.thread_id))
        .where(
            col(ThreadMessage.thread_id) == thread_id,
            col(ThreadMessage.author_id) != col(Thread.guardian_id),
            col(ThreadMessage.kind).not_in(BETWEEN_TWO),
        )
        .group_by(col(ThreadMessage.author_id))
        .order_by(newest.desc())
        .limit(limit)
    )
    return list(found.scalars())


async def store_between(uow: UnitOfWork, message: ThreadMessage) -> int:
    """Store a question or an answer between an interpreter and one side; the conversation waits as it did."""
    uow.session.add(message)
    await uow.flush()
    assert message.id is not None  # noqa: S101  (flushed just above)
    return message.id


async def find_key_of(uow: UnitOfWork, person_id: int, message_id: int) -> str | None:
    """Return the key of what was sent to a person as this message of the channel."""
    found = await uow.execute(
        sa.select(col(Outgoing.dedupe_key))
        .where(col(Outgoing.recipient_id) == person_id, col(Outgoing.message_id) == message_id)
        .order_by(col(Outgoing.id))
        .limit(1)
    )
    key: str | None = found.scalar_one_or_none()
    return key
