"""Events, who is invited to them, what they answer and what they want to talk about."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bot.domain.events import AfterWish, EventAnswer, EventKind, EventState, GenderWish, InterpreterWish
from bot.domain.notices import AudienceKind
from storage.models.base import enum_type


class Event(SQLModel, table=True):
    """A meeting, a trip, a round of conferences, or a date of the year wheel.

    `day`, `starts` and `ends` are the wall clock of `zone`; `starts_at` and `ends_at` the same in UTC. `version` grows
    with each change of a draft; `revision` with each change that the invited are told of, and is the calendar's
    SEQUENCE. `remind_days` and `remind_hours` are None for the school's own and 0 for none. `fan_at` is when those
    concerned are looked up and their reminders planned, for what nobody is invited to. `uid` is its name in
    calendars, `source_key` its name in the file that it was imported from.
    """

    __tablename__: ClassVar[str] = "event"
    __table_args__ = (sa.Index("ix_event_fan", "fan_at"), sa.Index("ix_event_starts", "state", "starts_at"))

    id: int | None = Field(default=None, primary_key=True)
    kind: EventKind = Field(sa_type=enum_type(EventKind))
    state: EventState = Field(sa_type=enum_type(EventState))
    organiser_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    title: str = Field(default="", max_length=120)
    text: str = Field(default="", sa_type=sa.Text)
    text_language: str = Field(max_length=8)
    audience: AudienceKind | None = Field(default=None, sa_type=enum_type(AudienceKind))
    audience_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    place: str = Field(default="", max_length=120)
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    zone: str = Field(max_length=64)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    answer_by: date | None = None
    answers_until: datetime | None = None
    childcare: bool = False
    remind_days: int | None = None
    remind_hours: int | None = None
    asked: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Fields of the draft that have been answered or skipped."""
    version: int = 1
    revision: int = 1
    created_at: datetime
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    cancelled_at: datetime | None = None
    fan_at: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
    board_id: int | None = Field(default=None, foreign_key="outgoing.id")
    uid: str = Field(max_length=64, unique=True)
    source_key: str | None = Field(default=None, max_length=255, unique=True)
    summary: str = Field(default="", sa_type=sa.Text)
    summary_language: str = Field(default="", max_length=8)
    summarised_at: datetime | None = None


class Invitation(SQLModel, table=True):
    """An event at one person: one row also when it concerns several of the person's children.

    `pupil_ids` is empty for somebody invited by role. `answered_revision` tells which revision the person had read.
    `people` and `childcare` count heads. `version` grows with each answer.
    """

    __tablename__: ClassVar[str] = "invitation"
    __table_args__ = (sa.UniqueConstraint("event_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    pupil_ids: list[int] = Field(sa_type=sa.JSON)
    language: str = Field(max_length=8)
    outgoing_id: int | None = Field(default=None, foreign_key="outgoing.id")
    answer: EventAnswer | None = Field(default=None, sa_type=enum_type(EventAnswer))
    answered_at: datetime | None = None
    answered_revision: int = 0
    people: int = 0
    interpreter: InterpreterWish | None = Field(default=None, sa_type=enum_type(InterpreterWish))
    interpreter_language: str = Field(default="", max_length=8)
    dialect: str = Field(default="", max_length=60)
    gender: GenderWish | None = Field(default=None, sa_type=enum_type(GenderWish))
    childcare: int = 0
    after: AfterWish | None = Field(default=None, sa_type=enum_type(AfterWish))
    version: int = 1


class Topic(SQLModel, table=True):
    """What somebody would like to talk about; `named` when the person said that the name may stand beside it."""

    __tablename__: ClassVar[str] = "topic"

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=sa.Text)
    language: str = Field(max_length=8)
    named: bool = False
    made_at: datetime
    withdrawn_at: datetime | None = None
