"""Free texts in other languages, the interpreters who follow, and what they approved (L3–L7)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.translation import Checked, MadeBy, RenderingState, Subject, Trouble
from storage.models.base import enum_type


class Rendering(SQLModel, table=True):
    """One free text in one language. The original stays in its own row; `source_hash` tells which words this renders.

    `thread_id` or `pupil_id` say whose it is, when it is somebody's: only interpreters whom that home allowed work on
    it. Neither: a text for many homes. `due_at` is when the machine tries (again), None when it does not;
    `lease_until` while it does. `claimed_by` has it in hand until `claimed_until`, so that two interpreters of a
    language never do the same. `version` grows whenever readers are to see something else. While `state` is HUMAN,
    `text` is what the guard refused, for the interpreter's eyes only. `back` is `text` translated back, for the
    author's eyes (L7).
    """

    __tablename__: ClassVar[str] = "rendering"
    __table_args__ = (
        sa.UniqueConstraint("subject", "subject_id", "language"),
        sa.Index("ix_rendering_due", "due_at", sqlite_where=sa.text("due_at IS NOT NULL"),
                 postgresql_where=sa.text("due_at IS NOT NULL")),
        sa.Index("ix_rendering_state", "state", "language"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    subject: Subject = Field(sa_type=enum_type(Subject))
    subject_id: int
    language: str = Field(max_length=8)
    source_language: str = Field(max_length=8)
    source_hash: str = Field(max_length=64)
    thread_id: int | None = Field(default=None, foreign_key="thread.id", index=True)
    pupil_id: int | None = Field(default=None, foreign_key="pupil.id", index=True)
    state: RenderingState = Field(sa_type=enum_type(RenderingState))
    text: str = Field(default="", sa_type=sa.Text)
    back: str = Field(default="", sa_type=sa.Text)
    made_by: MadeBy | None = Field(default=None, sa_type=enum_type(MadeBy))
    engine: str = Field(default="", max_length=32)
    trouble: Trouble | None = Field(default=None, sa_type=enum_type(Trouble))
    checked: Checked = Field(default=Checked.NOT, sa_type=enum_type(Checked))
    checker_id: int | None = Field(default=None, foreign_key="person.id")
    checked_at: datetime | None = None
    version: int = 1
    disputed_at: datetime | None = None
    disputed_by: int | None = Field(default=None, foreign_key="person.id")
    attempts: int = 0
    due_at: datetime | None = None
    lease_until: datetime | None = None
    claimed_by: int | None = Field(default=None, foreign_key="person.id")
    claimed_until: datetime | None = None
    created_at: datetime
    changed_at: datetime


class RenderingVersion(SQLModel, table=True):
    """How a rendering read before it was changed, and who had made it (L4: with history)."""

    __tablename__: ClassVar[str] = "rendering_version"

    rendering_id: int = Field(foreign_key="rendering.id", primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=sa.Text)
    made_by: MadeBy | None = Field(default=None, sa_type=enum_type(MadeBy))
    checked: Checked = Field(sa_type=enum_type(Checked))
    checker_id: int | None = Field(default=None, foreign_key="person.id")
    replaced_at: datetime


class RenderingUse(SQLModel, table=True):
    """An outgoing message that shows a rendering: held back until it is made, changed when it changes.

    `wanted_at` is when the message was to go out had there been nothing to wait for.
    """

    __tablename__: ClassVar[str] = "rendering_use"

    outgoing_id: int = Field(foreign_key="outgoing.id", primary_key=True)
    rendering_id: int = Field(foreign_key="rendering.id", primary_key=True, index=True)
    wanted_at: datetime


class InterpreterPromise(SQLModel, table=True):
    """An interpreter has accepted confidentiality; before that there is nothing to see (L4)."""

    __tablename__: ClassVar[str] = "interpreter_promise"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    accepted_at: datetime


class InterpreterConsent(SQLModel, table=True):
    """A guardian lets one interpreter follow one thread, or everything about the guardian's children (L4).

    `thread_id` None is everything. It holds from `given_at` until `until`, or until `ended_at`.
    """

    __tablename__: ClassVar[str] = "interpreter_consent"

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="person.id", index=True)
    interpreter_id: int = Field(foreign_key="person.id", index=True)
    thread_id: int | None = Field(default=None, foreign_key="thread.id")
    given_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id")


class InterpreterOffer(SQLModel, table=True):
    """A home was asked by itself whether an interpreter may help in a thread: once, and not again after a no (L4)."""

    __tablename__: ClassVar[str] = "interpreter_offer"

    thread_id: int = Field(foreign_key="thread.id", primary_key=True)
    asked_at: datetime
    declined_at: datetime | None = None


class TranslationMemory(SQLModel, table=True):
    """A sentence that an interpreter approved, masked: no name, number or date is stored (L5).

    `source_key` is the hash of the masked source sentence. `withdrawn_at`: taken out again, never reused.
    """

    __tablename__: ClassVar[str] = "translation_memory"
    __table_args__ = (sa.UniqueConstraint("source_language", "language", "source_key"),)

    id: int | None = Field(default=None, primary_key=True)
    source_language: str = Field(max_length=8)
    language: str = Field(max_length=8)
    source_key: str = Field(max_length=64)
    source: str = Field(sa_type=sa.Text)
    text: str = Field(sa_type=sa.Text)
    approved_by: int = Field(foreign_key="person.id")
    approved_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="person.id")
