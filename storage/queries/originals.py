"""Free texts as they were written, wherever they stand: what is translated, and whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.events import EventState
from bot.domain.notices import AudienceKind, NoticeState
from bot.domain.polls import PollState
from bot.domain.translation import Subject
from storage.models import (
    AgreedPoint,
    Event,
    LeaveRequest,
    Notice,
    Poll,
    Talk,
    TalkPreparation,
    Thread,
    ThreadMessage,
)
from storage.session import UnitOfWork

Ref = tuple[Subject, int]
ON_ITS_WAY = (NoticeState.SCHEDULED, NoticeState.SENT)
CALLED = (EventState.OPEN, EventState.CANCELLED)
ASKED = (PollState.OPEN, PollState.CLOSED)
"""In every other state only its author reads it: it is being written, or was thrown away."""


@dataclass(frozen=True, slots=True)
class Original:
    """A free text as it was written.

    `thread_id` and `pupil_id` say whose it is; neither is set for what many homes read, whose audience then stands in
    `audience` and `audience_ids` where it is known. `is_draft`: its author is still writing, and nobody else reads it.
    """

    subject: Subject
    subject_id: int
    text: str
    language: str
    thread_id: int | None = None
    pupil_id: int | None = None
    audience: AudienceKind | None = None
    audience_ids: tuple[int, ...] = ()
    is_draft: bool = False

    @property
    def hash(self) -> str:
        """Return what tells these words in this language from others."""
        return hashlib.sha256(f"{self.language}\n{self.text}".encode()).hexdigest()


def _columns(text: Any, language: Any, **more: Any) -> list[Any]:
    """Return the columns of one source in the order of `_read`, NULL where it has none."""
    order = ("thread_id", "pupil_id", "audience", "audience_ids", "is_draft")
    return [text, language, *(more.get(name, sa.null()) for name in order)]


def _source(subject: Subject) -> tuple[sa.Select[Any], Any]:
    """Return the statement that reads texts of a subject, and the column of their ids."""
    if subject is Subject.MESSAGE:
        columns = _columns(
            col(ThreadMessage.text), col(ThreadMessage.language), thread_id=col(ThreadMessage.thread_id),
            pupil_id=col(Thread.pupil_id),
        )  # fmt: skip
        statement = sa.select(col(ThreadMessage.id), *columns).join(
            Thread, col(Thread.id) == col(ThreadMessage.thread_id)
        )
        return statement, col(ThreadMessage.id)
    if subject is Subject.NOTICE:
        columns = _columns(
            col(Notice.text), col(Notice.text_language), audience=col(Notice.audience),
            audience_ids=col(Notice.audience_ids), is_draft=col(Notice.state).not_in(ON_ITS_WAY),
        )  # fmt: skip
        return sa.select(col(Notice.id), *columns), col(Notice.id)
    if subject in {Subject.EVENT, Subject.EVENT_SUMMARY}:
        words = (
            (col(Event.text), col(Event.text_language))
            if subject is Subject.EVENT
            else (col(Event.summary), col(Event.summary_language))
        )
        columns = _columns(
            *words, audience=col(Event.audience), audience_ids=col(Event.audience_ids),
            is_draft=col(Event.state).not_in(CALLED),
        )  # fmt: skip
        return sa.select(col(Event.id), *columns), col(Event.id)
    if subject is Subject.POLL:
        columns = _columns(
            col(Poll.question), col(Poll.text_language), audience=col(Poll.audience),
            audience_ids=col(Poll.audience_ids), is_draft=col(Poll.state).not_in(ASKED),
        )  # fmt: skip
        return sa.select(col(Poll.id), *columns), col(Poll.id)
    return _of_pupil(subject)


def _of_pupil(subject: Subject) -> tuple[sa.Select[Any], Any]:
    """The same for texts about one pupil."""
    if subject is Subject.TALK:
        columns = _columns(col(Talk.summary), col(Talk.summary_language), pupil_id=col(Talk.pupil_id))
        return sa.select(col(Talk.id), *columns), col(Talk.id)
    if subject is Subject.PREPARATION:
        columns = _columns(col(TalkPreparation.text), col(TalkPreparation.language), pupil_id=col(Talk.pupil_id))
        statement = sa.select(col(TalkPreparation.id), *columns).join(Talk, col(Talk.id) == TalkPreparation.talk_id)
        return statement, col(TalkPreparation.id)
    if subject is Subject.POINT:
        columns = _columns(col(AgreedPoint.text), col(AgreedPoint.language), pupil_id=col(Talk.pupil_id))
        return sa.select(col(AgreedPoint.id), *columns).join(Talk, col(Talk.id) == AgreedPoint.talk_id), col(
            AgreedPoint.id
        )
    words = (
        (col(LeaveRequest.why), col(LeaveRequest.why_language))
        if subject is Subject.LEAVE
        else (col(LeaveRequest.decision_text), col(LeaveRequest.decision_language))
    )
    columns = _columns(*words, pupil_id=col(LeaveRequest.pupil_id))
    return sa.select(col(LeaveRequest.id), *columns), col(LeaveRequest.id)


async def load_originals(uow: UnitOfWork, refs: Collection[Ref]) -> dict[Ref, Original]:
    """Return the texts, each by its subject and id; what is gone or empty is left out. One query a subject."""
    found: dict[Ref, Original] = {}
    for subject in {subject for subject, _ in refs}:
        statement, key = _source(subject)
        ids = {ref for kind, ref in refs if kind is subject}
        for row in await uow.execute(statement.where(key.in_(ids))):
            original = _read(subject, row)
            if original.text and original.language:
                found[subject, original.subject_id] = original
    return found


def _read(subject: Subject, row: Any) -> Original:
    ref, text, language, thread_id, pupil_id, audience, audience_ids, is_draft = row
    ids = tuple(audience_ids or ())
    kind = AudienceKind(audience) if audience else None
    if kind is AudienceKind.PUPIL and ids:
        pupil_id = ids[0]
    return Original(subject, ref, text, language or "", thread_id, pupil_id, kind, ids, bool(is_draft))
