"""What other people are to be sent: a queue in the database, a row per message."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.outgoing import ACTIVE, Lane, OutgoingKind, OutgoingState
from storage.models.base import enum_type

_ACTIVE_WHERE = sa.text("state IN ({})".format(", ".join(f"'{s.value}'" for s in sorted(ACTIVE))))


class Outgoing(SQLModel, table=True):
    """One message to one person, rendered in its reader's language when it was enqueued.

    `dedupe_key` makes enqueuing twice the same as once. `edits_id` names the earlier row whose message is
    changed in place; `replies_to_id` the one it answers. `about` and `about_id` say what it belongs to;
    `pupil_id` whom it is about, so that only those with open access to that pupil get it (P3).
    """

    __tablename__: ClassVar[str] = "outgoing"
    __table_args__ = (
        sa.Index(
            "ix_outgoing_due",
            "lane",
            "due_at",
            "id",
            sqlite_where=_ACTIVE_WHERE,
            postgresql_where=_ACTIVE_WHERE,
        ),
        sa.Index(
            "ix_outgoing_chat",
            "recipient_id",
            "id",
            sqlite_where=_ACTIVE_WHERE,
            postgresql_where=_ACTIVE_WHERE,
        ),
        sa.Index("ix_outgoing_about", "about", "about_id"),
        sa.Index("ix_outgoing_message", "recipient_id", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient_id: int = Field(foreign_key="person.id")
    lane: Lane = Field(sa_type=sa.SmallInteger)
    kind: OutgoingKind = Field(sa_type=enum_type(OutgoingKind))
    payload: dict[str, Any] = Field(sa_type=sa.JSON)
    dedupe_key: str | None = Field(default=None, max_length=120, unique=True)
    about: str = Field(default="", max_length=32)
    about_id: int = 0
    pupil_id: int | None = Field(default=None, foreign_key="pupil.id")
    edits_id: int | None = Field(default=None, foreign_key="outgoing.id")
    replies_to_id: int | None = Field(default=None, foreign_key="outgoing.id")
    state: OutgoingState = Field(sa_type=enum_type(OutgoingState))
    reason: str | None = Field(default=None, max_length=64)
    attempts: int = 0
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None = None
    lease_until: datetime | None = None
    settled_at: datetime | None = Field(default=None, index=True)
    message_id: int | None = Field(default=None, sa_type=sa.BigInteger)
