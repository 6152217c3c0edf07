"""Messages between one guardian and the contact teachers of one pupil's class (N1)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.threads import MessageKind
from storage.models.base import enum_type


class Thread(SQLModel, table=True):
    """What one guardian and the school say to each other about one pupil. No other guardian sees it (P9).

    `waits_since` is set while the home waits for the school's answer (B2).
    """

    __tablename__: ClassVar[str] = "thread"
    __table_args__ = (sa.UniqueConstraint("guardian_id", "pupil_id"),)

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="person.id")
    pupil_id: int = Field(foreign_key="pupil.id")
    opened_at: datetime
    waits_since: datetime | None = None


class ThreadMessage(SQLModel, table=True):
    """One message as it was written, marked with its language."""

    __tablename__: ClassVar[str] = "thread_message"

    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="thread.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    kind: MessageKind = Field(sa_type=enum_type(MessageKind))
    notice_id: int | None = Field(default=None, foreign_key="notice.id")
    text: str = Field(default="", sa_type=sa.Text)
    language: str = Field(max_length=8)
    sent_at: datetime
