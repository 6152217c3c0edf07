"""Notices, their files, their history, and what became of them at each home."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.messages import FileKind
from bot.domain.notices import Answer, AudienceKind, NoticeKind, NoticeState
from storage.models.base import enum_type


class Notice(SQLModel, table=True):
    """What a teacher says to homes. `values` are the structured fields, exact in every language (N3).

    `version` grows with each change of a draft, so that a stale button is noticed. `revision` grows with each
    correction after sending. A correction is composed as a notice of its own with `corrects_id` and then
    applied to the sent one. `board_id` is the sender's live status screen. `send_local` keeps the wall time that
    was chosen, beside `send_at` in UTC. `waits_for_interpreter`: it goes out only when an interpreter has read its
    translations (L7).
    """

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = (sa.Index("ix_notice_due", "state", "send_at"),)

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="person.id", index=True)
    kind: NoticeKind | None = Field(default=None, sa_type=enum_type(NoticeKind))
    values: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    text: str = Field(default="", sa_type=sa.Text)
    text_language: str = Field(max_length=8)
    audience: AudienceKind | None = Field(default=None, sa_type=enum_type(AudienceKind))
    audience_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    state: NoticeState = Field(sa_type=enum_type(NoticeState))
    version: int = 1
    revision: int = 1
    corrects_id: int | None = Field(default=None, foreign_key="notice.id")
    created_at: datetime
    send_at: datetime | None = None
    send_local: str | None = Field(default=None, max_length=32)
    sent_at: datetime | None = None
    corrected_at: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
    waits_for_interpreter: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    board_id: int | None = Field(default=None, foreign_key="outgoing.id")


class NoticeFile(SQLModel, table=True):
    """A photo or document that goes with a notice (N10); the channel keeps the bytes."""

    __tablename__: ClassVar[str] = "notice_file"

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    kind: FileKind = Field(sa_type=enum_type(FileKind))
    file_id: str = Field(max_length=300)
    name: str = Field(default="", max_length=200)


class NoticeRevision(SQLModel, table=True):
    """How a notice read before a correction."""

    __tablename__: ClassVar[str] = "notice_revision"

    notice_id: int = Field(foreign_key="notice.id", primary_key=True)
    revision: int = Field(primary_key=True)
    values: dict[str, Any] = Field(sa_type=sa.JSON)
    text: str = Field(sa_type=sa.Text)
    replaced_at: datetime


class Delivery(SQLModel, table=True):
    """A notice at one guardian: one row also when it concerns several of the guardian's children.

    `language` is the language in which it was rendered. `answered_revision` tells which revision the person
    had read, so that an answer given before a correction is shown as such.
    """

    __tablename__: ClassVar[str] = "delivery"
    __table_args__ = (sa.UniqueConstraint("notice_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    pupil_ids: list[int] = Field(sa_type=sa.JSON)
    language: str = Field(max_length=8)
    outgoing_id: int | None = Field(default=None, foreign_key="outgoing.id")
    answer: Answer | None = Field(default=None, sa_type=enum_type(Answer))
    answered_at: datetime | None = None
    answered_revision: int = 0
