"""Rounds of conferences: slots, talks, who waits for one, and what was agreed (M4, M5)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.conferences import PointOwner, TalkPlace, TalkState
from bot.domain.events import GenderWish, InterpreterWish
from storage.models.base import enum_type


class TalkRound(SQLModel, table=True):
    """What belongs to an event of the kind conference: whose class, how long, where.

    `minutes` is the length of a slot, `long_minutes` that of an interpreted talk, which takes neighbouring slots,
    `pause` what lies between two slots. `spans` are the days of the draft: [day, from, until].
    """

    __tablename__: ClassVar[str] = "talk_round"

    event_id: int = Field(foreign_key="event.id", primary_key=True)
    teacher_id: int = Field(foreign_key="person.id", index=True)
    class_id: int = Field(foreign_key="school_class.id", index=True)
    minutes: int
    long_minutes: int
    pause: int = 0
    spans: list[list[str]] = Field(default_factory=list, sa_type=sa.JSON)
    places: list[str] = Field(sa_type=sa.JSON)
    video_url: str = Field(default="", max_length=300)


class Slot(SQLModel, table=True):
    """A time of a round that one talk can take. `held_until` while it is offered to a home on the waiting list."""

    __tablename__: ClassVar[str] = "slot"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "starts_at"),
        sa.Index("ix_slot_talk", "talk_id"),
        sa.Index("ix_slot_held", "held_until"),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    day: date
    starts: time
    zone: str = Field(max_length=64)
    starts_at: datetime
    ends_at: datetime
    talk_id: int | None = Field(default=None, foreign_key="talk.id")
    closed: bool = False
    held_pupil_id: int | None = Field(default=None, foreign_key="pupil.id")
    held_until: datetime | None = None


class Talk(SQLModel, table=True):
    """A pupil's talk of a round: when, where, with whom; then its summary. One row per round and pupil.

    `draft` is what the teacher is writing, as `bot.domain.talk_summary` reads it; None when nothing is. `summary`,
    `summary_version` and the agreed points are what the home has been sent.
    """

    __tablename__: ClassVar[str] = "talk"
    __table_args__ = (sa.UniqueConstraint("event_id", "pupil_id"), sa.Index("ix_talk_starts", "state", "starts_at"))

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    pupil_id: int = Field(foreign_key="pupil.id", index=True)
    state: TalkState = Field(sa_type=enum_type(TalkState))
    booked_by: int = Field(foreign_key="person.id", index=True)
    booked_at: datetime
    version: int = 1
    place: TalkPlace = Field(sa_type=enum_type(TalkPlace))
    with_pupil: bool
    interpreter: InterpreterWish | None = Field(default=None, sa_type=enum_type(InterpreterWish))
    interpreter_language: str = Field(default="", max_length=8)
    dialect: str = Field(default="", max_length=60)
    gender: GenderWish | None = Field(default=None, sa_type=enum_type(GenderWish))
    day: date
    starts: time
    zone: str = Field(max_length=64)
    starts_at: datetime
    ends_at: datetime
    summary: str = Field(default="", sa_type=sa.Text)
    summary_language: str = Field(default="", max_length=8)
    summary_version: int = 0
    summarised_by: int | None = Field(default=None, foreign_key="person.id")
    summarised_at: datetime | None = None
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    draft: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))


class TalkPreparation(SQLModel, table=True):
    """What a guardian wrote for the teacher before a talk; each guardian's own, unseen by the other (P9)."""

    __tablename__: ClassVar[str] = "talk_preparation"
    __table_args__ = (sa.UniqueConstraint("talk_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    talk_id: int = Field(foreign_key="talk.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=sa.Text)
    language: str = Field(max_length=8)
    written_at: datetime


class TalkWait(SQLModel, table=True):
    """A home for which no time of a round is left or suits; the first in line is offered what becomes free."""

    __tablename__: ClassVar[str] = "talk_wait"
    __table_args__ = (sa.UniqueConstraint("event_id", "pupil_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    pupil_id: int = Field(foreign_key="pupil.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    since: datetime
    offers: int = 0


class AgreedPoint(SQLModel, table=True):
    """Something agreed in a talk: who does what by when."""

    __tablename__: ClassVar[str] = "agreed_point"

    id: int | None = Field(default=None, primary_key=True)
    talk_id: int = Field(foreign_key="talk.id", index=True)
    text: str = Field(sa_type=sa.Text)
    language: str = Field(max_length=8)
    owner: PointOwner = Field(sa_type=enum_type(PointOwner))
    by_day: date | None = None
    made_at: datetime
    done_at: datetime | None = None
    done_by: int | None = Field(default=None, foreign_key="person.id")
    dropped_at: datetime | None = None
