"""Conversations between one guardian and the school about one pupil (N1, B1–B5, B10)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.messages import FileKind
from bot.domain.threads import CallWish, MessageKind, ThreadKind
from storage.models.base import enum_type


class Thread(SQLModel, table=True):
    """What one guardian and the school say to each other about one pupil. No other guardian sees it (P9).

    `waits_since` is set while the home waits for the school's answer (B2); then `teacher_due` and `leader_due` (UTC)
    are when the teachers, and later the leadership, are told that it still does; each is cleared when it has happened.
    A closed thread is opened again by the next message. `handed_at` is set while the leadership has it (B4).
    """

    __tablename__: ClassVar[str] = "thread"
    __table_args__ = (sa.UniqueConstraint("guardian_id", "pupil_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="person.id")
    pupil_id: int = Field(foreign_key="pupil.id")
    kind: ThreadKind = Field(
        default=ThreadKind.ORDINARY, sa_type=enum_type(ThreadKind), sa_column_kwargs={"server_default": "ordinary"}
    )
    opened_at: datetime
    waits_since: datetime | None = None
    teacher_due: datetime | None = Field(default=None, index=True)
    leader_due: datetime | None = Field(default=None, index=True)
    last_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    handed_at: datetime | None = None
    handed_by: int | None = Field(default=None, foreign_key="person.id")


class ThreadMessage(SQLModel, table=True):
    """One message as it was written, marked with its language.

    `chat_message_id` is the author's own message in the channel, so that an edit of it finds this row. `version` grows
    with each edit; earlier words stand in `ThreadMessageVersion`. `to_person_id` names the only reader of what an
    interpreter asks one side and of its answer. `taken_back_at`: the author took it back before it went out.
    """

    __tablename__: ClassVar[str] = "thread_message"
    __table_args__ = (sa.Index("ix_thread_message_chat", "author_id", "chat_message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="thread.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    kind: MessageKind = Field(sa_type=enum_type(MessageKind))
    notice_id: int | None = Field(default=None, foreign_key="notice.id")
    to_person_id: int | None = Field(default=None, foreign_key="person.id")
    text: str = Field(default="", sa_type=sa.Text)
    language: str = Field(max_length=8)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    call_wish: CallWish | None = Field(default=None, sa_type=enum_type(CallWish))
    file_kind: FileKind | None = Field(default=None, sa_type=enum_type(FileKind))
    file_id: str = Field(default="", max_length=300, sa_column_kwargs={"server_default": ""})
    file_name: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    chat_message_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    sent_at: datetime
    edited_at: datetime | None = None
    taken_back_at: datetime | None = None


class ThreadMessageVersion(SQLModel, table=True):
    """How a message read before an edit."""

    __tablename__: ClassVar[str] = "thread_message_version"

    message_id: int = Field(foreign_key="thread_message.id", primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=sa.Text)
    replaced_at: datetime
