"""The messages of a conversation, and the copies of them that are on their way to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.messages import FileKind, FileRef
from bot.domain.outgoing import OutgoingState, Reason
from bot.domain.people import Actor
from bot.domain.threads import MessageKind, Part, SaidRow, ThreadRef
from storage.models import Outgoing, Person, ThreadMessage, ThreadMessageVersion
from storage.queries.threads import hold_thread
from storage.session import UnitOfWork
from storage.sql import insert_many, table

_M, _OUT = table(ThreadMessage), table(Outgoing)


_SAID = (
    sa.select(
        _M.c.id,
        _M.c.thread_id,
        _M.c.author_id,
        col(Person.name).label("author"),
        _M.c.kind,
        _M.c.notice_id,
        sa.func.length(_M.c.text).label("length"),
        _M.c.language,
        _M.c.version,
        _M.c.call_wish,
        _M.c.file_kind,
        _M.c.file_id,
        _M.c.file_name,
        _M.c.sent_at,
        _M.c.edited_at,
        _M.c.taken_back_at,
        _M.c.chat_message_id,
    )
    .select_from(_M)
    .join(Person, col(Person.id) == _M.c.author_id)
)


def _said(row: Any) -> SaidRow:
    values = dict(row._mapping)
    kind, file_id, name = (values.pop(one) for one in ("file_kind", "file_id", "file_name"))
    return SaidRow(**values, file=FileRef(FileKind(kind), file_id, name) if kind is not None else None)


async def add_message(uow: UnitOfWork, **values: Any) -> int:
    """Store a message and that something was said; return its id."""
    row = {"text": "", "version": 1, "file_id": "", "file_name": "", "sent_at": uow.now, **values}
    added: int = (await uow.execute(sa.insert(_M).values(**row).returning(_M.c.id))).scalar_one()
    return added


async def find_message(uow: UnitOfWork, message_id: int) -> SaidRow | None:
    """Return a message whoever asks, None when there is none."""
    row = (await uow.execute(_SAID.where(_M.c.id == message_id))).one_or_none()
    return _said(row) if row else None


async def access_own_message(uow: UnitOfWork, actor: Actor, message_id: int) -> SaidRow:
    """Return a message for its author, and hold its conversation: all that changes a message holds that first.

    Raises:
        NotPermitted: there is none, or somebody else has written it.
    """
    whose = sa.select(_M.c.thread_id).where(_M.c.id == message_id, _M.c.author_id == actor.person_id)
    thread_id = (await uow.execute(whose)).scalar_one_or_none()
    if thread_id is None:
        raise NotPermitted
    await hold_thread(uow, thread_id)
    found = await find_message(uow, message_id)
    assert found is not None  # noqa: S101  (messages are never deleted one by one)
    return found


async def find_by_chat_message(uow: UnitOfWork, author_id: int, chat_message_id: int) -> int | None:
    """Return the message that an author wrote with this message of the own chat."""
    found: int | None = (
        await uow.execute(
            sa.select(sa.func.max(_M.c.id)).where(_M.c.author_id == author_id, _M.c.chat_message_id == chat_message_id)
        )
    ).scalar_one()
    return found


async def list_following_files(uow: UnitOfWork, message: SaidRow, chat_message_ids: Sequence[int]) -> list[int]:
    """Return the files that an author sent right behind another one, as far as their ids follow each other."""
    found = await uow.execute(
        sa.select(_M.c.chat_message_id, _M.c.id)
        .where(
            _M.c.thread_id == message.thread_id,
            _M.c.author_id == message.author_id,
            _M.c.file_kind.is_not(None),
            _M.c.taken_back_at.is_(None),
            _M.c.chat_message_id.in_(chat_message_ids),
        )
        .order_by(_M.c.chat_message_id)
    )
    ids = {row[0]: row[1] for row in found}
    following: list[int] = []
    for expected in sorted(chat_message_ids):
        if expected not in ids:
            break
        following.append(ids[expected])
    return following


async def read_words(uow: UnitOfWork, message_id: int) -> str:
    """Return a message's own words, to hold others against them."""
    words: str = (await uow.execute(sa.select(_M.c.text).where(_M.c.id == message_id))).scalar_one()
    return words


def waits(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """A message that has not gone out: its time is still to come, and its author can take it back."""
    key = sa.literal("thread:").concat(sa.cast(_M.c.id, sa.String)).concat(":%")
    return (
        sa.select(sa.literal(1))
        .where(
            _OUT.c.about == "thread",
            _OUT.c.about_id == _M.c.thread_id,
            _OUT.c.dedupe_key.like(key),
            _OUT.c.state == OutgoingState.QUEUED,
            _OUT.c.due_at > uow.now,
        )
        .correlate(_M)
        .exists()
    )


async def leaves_at(uow: UnitOfWork, message_id: int) -> datetime | None:
    """Return when a message that waits goes out, None when it has gone."""
    found: datetime | None = (
        await uow.execute(
            sa.select(sa.func.max(_OUT.c.due_at)).where(
                _OUT.c.about == "thread",
                _OUT.c.dedupe_key.startswith(f"thread:{message_id}:", autoescape=True),
                _OUT.c.state == OutgoingState.QUEUED,
                _OUT.c.due_at > uow.now,
            )
        )
    ).scalar_one()
    return found


async def list_waiting(uow: UnitOfWork, thread: ThreadRef) -> list[SaidRow]:
    """Return what a home has written and what has not gone out yet, in the order in which it was written."""
    found = await uow.execute(
        _SAID.where(
            _M.c.thread_id == thread.id,
            _M.c.author_id == thread.guardian_id,
            _M.c.taken_back_at.is_(None),
            waits(uow),
        ).order_by(_M.c.id)
    )
    return [_said(row) for row in found]


async def list_messages(
    uow: UnitOfWork, actor: Actor, thread: ThreadRef, *, before: int = 0, limit: int
) -> list[SaidRow]:
    """Return what somebody may read of a conversation, the newest first.

    What was taken back is shown to nobody, what has not gone out yet only to its author, what an interpreter asks one
    side only to that side, and what was said, or changed, after the conversation was handed to the leadership not to
    the class's teachers (B4).
    """
    statement = _SAID.where(
        _M.c.thread_id == thread.id,
        _M.c.taken_back_at.is_(None),
        sa.or_(_M.c.author_id == actor.person_id, ~waits(uow)),
        sa.or_(_M.c.to_person_id.is_(None), _M.c.to_person_id == actor.person_id, _M.c.author_id == actor.person_id),
    )
    if thread.part is Part.UNTIL_HANDED:
        handed = sa.select(sa.func.max(_M.c.id)).where(
            _M.c.thread_id == thread.id, _M.c.kind == MessageKind.HANDED_OVER
        )
        statement = statement.where(
            _M.c.id <= handed.scalar_subquery(),
            sa.or_(_M.c.edited_at.is_(None), _M.c.edited_at <= thread.handed_at),
        )
    if before:
        statement = statement.where(_M.c.id < before)
    found = await uow.execute(statement.order_by(_M.c.id.desc()).limit(limit))
    return [_said(row) for row in found]


async def find_recent_call(uow: UnitOfWork, thread_id: int, notice_id: int | None, since: datetime) -> int | None:
    """Return the newest message of a conversation if it asks for a call about the same thing, `since` then."""
    newest = await _newest(uow, thread_id)
    asks = newest is not None and (newest.kind, newest.notice_id) == (MessageKind.CALL_ME, notice_id)
    return newest.id if newest is not None and asks and newest.sent_at >= since else None


async def find_just_sent(uow: UnitOfWork, thread_id: int, author_id: int, text: str, since: datetime) -> int | None:
    """Return the newest message of a conversation if it is this author's with these words, `since` then."""
    newest = await _newest(uow, thread_id)
    if newest is None or newest.author_id != author_id or newest.sent_at < since or newest.file is not None:
        return None
    return newest.id if await read_words(uow, newest.id) == text else None


async def _newest(uow: UnitOfWork, thread_id: int) -> SaidRow | None:
    found = await uow.execute(
        _SAID.where(_M.c.thread_id == thread_id, _M.c.taken_back_at.is_(None), _M.c.to_person_id.is_(None))
        .order_by(_M.c.id.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return _said(row) if row else None


async def change_message(uow: UnitOfWork, message_id: int, **values: Any) -> None:
    """Change what is stored of a message."""
    await uow.change(sa.update(_M).where(_M.c.id == message_id).values(**values))


async def keep_words(uow: UnitOfWork, message: SaidRow) -> None:
    """Keep how a message reads before an edit."""
    kept = {"message_id": message.id, "version": message.version, "replaced_at": uow.now}
    words = await read_words(uow, message.id)
    await insert_many(uow, ThreadMessageVersion, [{**kept, "text": words}])


async def take_back_called(uow: UnitOfWork, thread_id: int, author_id: int) -> None:
    """Let somebody's newest "I have called" count no more."""
    newest = sa.select(sa.func.max(_M.c.id)).where(
        _M.c.thread_id == thread_id, _M.c.author_id == author_id, _M.c.kind == MessageKind.CALLED
    )
    await uow.change(
        sa.update(_M)
        .where(_M.c.id == newest.scalar_subquery(), _M.c.taken_back_at.is_(None))
        .values(taken_back_at=uow.now)
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """An outgoing row that brings a message to one person."""

    id: int
    recipient_id: int
    state: OutgoingState
    payload: dict[str, Any]
    due_at: datetime


WAITS = frozenset({OutgoingState.QUEUED})
MAY_BE_READ = frozenset({OutgoingState.SENDING, OutgoingState.RETRY, OutgoingState.SENT, OutgoingState.UNKNOWN})
"""Gone, on its way, or tried without knowing."""


async def hold_copies(uow: UnitOfWork, thread_id: int, message_id: int, *, about: str = "thread") -> list[Copy]:
    """Return the outgoing rows of a message and hold them: until this transaction ends no sender takes one.

    `about` "follow" gives those at interpreters instead of those at the other side.
    """
    statement = (
        sa.select(_OUT.c.id, _OUT.c.recipient_id, _OUT.c.state, _OUT.c.payload, _OUT.c.due_at)
        .where(
            _OUT.c.about == about,
            _OUT.c.about_id == thread_id,
            _OUT.c.edits_id.is_(None),
            _OUT.c.dedupe_key.startswith(f"{about}:{message_id}:", autoescape=True),
        )
        .order_by(_OUT.c.id)
    )
    if not uow.sqlite:
        statement = statement.with_for_update()
    return [Copy(row[0], row[1], OutgoingState(row[2]), row[3], row[4]) for row in await uow.execute(statement)]


async def drop_copies(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Let outgoing rows that are held not leave any more; their keys are free for the same message again."""
    await uow.change(
        sa.update(_OUT)
        .where(_OUT.c.id.in_(ids))
        .values(state=OutgoingState.DROPPED, reason=Reason.CANCELLED, settled_at=uow.now, dedupe_key=None)
    )


async def change_copy(uow: UnitOfWork, outgoing_id: int, payload: dict[str, Any]) -> None:
    """Change the look of an outgoing row that is held."""
    await uow.change(sa.update(_OUT).where(_OUT.c.id == outgoing_id).values(payload=payload))


async def find_last_at(uow: UnitOfWork, thread_id: int) -> datetime | None:
    """Return when something was last said in a conversation that was not taken back."""
    found: datetime | None = (
        await uow.execute(
            sa.select(sa.func.max(_M.c.sent_at)).where(
                _M.c.thread_id == thread_id, _M.c.taken_back_at.is_(None), _M.c.to_person_id.is_(None)
            )
        )
    ).scalar_one()
    return found
