"""Translations from their readers' side: who may look at what one was made of, and say that it is wrong (L1, P7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.interpreters import spoken
from bot.domain.notices import NoticeState
from bot.domain.outgoing import ACTIVE, OutgoingKind, OutgoingState
from bot.domain.people import Actor, Role
from bot.domain.polls import PollState
from bot.domain.translation import Subject
from storage.models import (
    Account,
    AgreedPoint,
    Ballot,
    Delivery,
    LeaveRequest,
    Notice,
    Outgoing,
    Person,
    Poll,
    Talk,
    TalkPreparation,
    TalkRound,
    ThreadMessage,
)
from storage.queries.events import access_called_event
from storage.queries.interpreters import interprets, may_follow
from storage.queries.invitations import access_invitation
from storage.queries.leave import list_family
from storage.queries.people import access_pupil
from storage.queries.renderings import RenderingRow, load_rendering
from storage.queries.thread_messages import list_messages
from storage.queries.threads import access_thread
from storage.session import UnitOfWork


async def access_rendering(uow: UnitOfWork, actor: Actor, rendering_id: int) -> RenderingRow:
    """Return a rendering of something that the actor may read now.

    Raises:
        NotPermitted: there is none, or what it renders is not the actor's to read.
    """
    row = await load_rendering(uow, rendering_id)
    if row is None:
        raise NotPermitted
    await ACCESS[row.subject](uow, actor, row)
    return row


async def _message(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    """Who reads the message on the conversation's page; an interpreter who follows, only an answer to a question."""
    if row.thread_id is None:
        raise NotPermitted
    if Role.INTERPRETER in actor.roles and await may_follow(uow, actor.person_id, row.thread_id):
        message = await uow.session.get(ThreadMessage, row.subject_id)
        if message is not None and message.to_person_id == actor.person_id:
            return
    thread = await access_thread(uow, actor, row.thread_id)
    shown = await list_messages(uow, actor, thread, before=row.subject_id + 1, limit=1)
    if [one.id for one in shown] != [row.subject_id]:
        raise NotPermitted


async def _notice(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    notice = await uow.session.get(Notice, row.subject_id)
    if notice is None:
        raise NotPermitted
    if actor.may_write_notices and (notice.author_id == actor.person_id or actor.leads):
        if notice.author_id == actor.person_id or notice.state is NoticeState.SENT:
            return
        raise NotPermitted
    found = await uow.execute(
        sa.select(col(Delivery.pupil_ids)).where(
            col(Delivery.notice_id) == row.subject_id, col(Delivery.person_id) == actor.person_id
        )
    )
    pupils = found.scalar_one_or_none()
    if not pupils or not actor.children.intersection(pupils):
        raise NotPermitted


async def _event(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    try:
        await access_invitation(uow, actor, row.subject_id)
    except NotPermitted:
        await access_called_event(uow, actor, row.subject_id)


async def _event_summary(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    """Who was invited reads it once it was sent to them: not everybody wants it."""
    try:
        invited = await access_invitation(uow, actor, row.subject_id)
    except NotPermitted:
        await access_called_event(uow, actor, row.subject_id)
        return
    key = f"event-summary:{invited.invitation.id}"
    found = await uow.execute(sa.select(sa.literal(1)).where(col(Outgoing.dedupe_key) == key))
    if found.first() is None:
        await access_called_event(uow, actor, row.subject_id)


async def _about_pupil(uow: UnitOfWork, actor: Actor, pupil_id: int | None) -> None:
    """Guardians with open access, the teachers of the class, the leadership."""
    if pupil_id is None:
        raise NotPermitted
    if pupil_id not in actor.children:
        await access_pupil(uow, actor, pupil_id)


async def _talk(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    await _about_pupil(uow, actor, row.pupil_id)


async def _point(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    found = await uow.execute(sa.select(col(AgreedPoint.dropped_at)).where(col(AgreedPoint.id) == row.subject_id))
    if any(dropped is not None for dropped in found.scalars()):
        raise NotPermitted
    await _about_pupil(uow, actor, row.pupil_id)


async def _preparation(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    """What one guardian writes before a talk is for the teacher who leads it, not for the other guardian (P9)."""
    found = await uow.execute(
        sa.select(col(TalkPreparation.person_id), col(TalkRound.teacher_id), col(Talk.pupil_id))
        .join(Talk, col(Talk.id) == col(TalkPreparation.talk_id))
        .join(TalkRound, col(TalkRound.event_id) == col(Talk.event_id))
        .where(col(TalkPreparation.id) == row.subject_id)
    )
    known = found.one_or_none()
    if known is None:
        raise NotPermitted
    writer, teacher, pupil_id = known
    if actor.person_id == writer and pupil_id in actor.children:
        return
    if actor.person_id != teacher or not actor.roles:
        raise NotPermitted
    await access_pupil(uow, actor, pupil_id)


async def _leave(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    """Why a home asks is for who wrote it and for the school; nobody of the family reads it as the school (P9)."""
    found = await uow.execute(sa.select(col(LeaveRequest.asked_by)).where(col(LeaveRequest.id) == row.subject_id))
    asked_by = found.scalar_one_or_none()
    if asked_by is None or row.pupil_id is None:
        raise NotPermitted
    if asked_by == actor.person_id and row.pupil_id in actor.children:
        return
    if actor.person_id in await list_family(uow, row.pupil_id):
        raise NotPermitted
    await access_pupil(uow, actor, row.pupil_id)


async def _leave_answer(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    await _about_pupil(uow, actor, row.pupil_id)


async def _poll(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    found = await uow.execute(sa.select(col(Poll.author_id), col(Poll.state)).where(col(Poll.id) == row.subject_id))
    known = found.one_or_none()
    if known is None:
        raise NotPermitted
    author_id, state = known
    if author_id == actor.person_id and actor.roles:
        return
    if state not in {PollState.OPEN, PollState.CLOSED}:
        raise NotPermitted
    ballots = await uow.execute(
        sa.select(col(Ballot.pupil_ids)).where(
            col(Ballot.poll_id) == row.subject_id, col(Ballot.person_id) == actor.person_id
        )
    )
    if not any(actor.children.intersection(pupils) for pupils in ballots.scalars()):
        raise NotPermitted


ACCESS: dict[Subject, Callable[[UnitOfWork, Actor, RenderingRow], Awaitable[None]]] = {
    Subject.MESSAGE: _message,
    Subject.NOTICE: _notice,
    Subject.EVENT: _event,
    Subject.EVENT_SUMMARY: _event_summary,
    Subject.TALK: _talk,
    Subject.POINT: _point,
    Subject.PREPARATION: _preparation,
    Subject.LEAVE: _leave,
    Subject.LEAVE_ANSWER: _leave_answer,
    Subject.POLL: _poll,
}
"""Who may read what a rendering is made of, asked at the tap; each raises NotPermitted."""


async def list_points_beside(uow: UnitOfWork, row: RenderingRow) -> list[int]:
    """Return what was agreed in the talk that a rendering belongs to; nothing for other renderings."""
    if row.subject is Subject.TALK:
        talk = sa.select(sa.literal(row.subject_id))
    elif row.subject is Subject.POINT:
        talk = sa.select(col(AgreedPoint.talk_id)).where(col(AgreedPoint.id) == row.subject_id)
    else:
        return []
    found = await uow.execute(
        sa.select(col(AgreedPoint.id)).where(col(AgreedPoint.talk_id).in_(talk), col(AgreedPoint.dropped_at).is_(None))
    )
    return list(found.scalars())


async def list_interpreter_languages(uow: UnitOfWork) -> list[frozenset[str]]:
    """Return the languages of each interpreter who is there: promised, and reached by the bot."""
    found = await uow.execute(
        sa.select(col(Person.spoken_languages))
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(interprets(col(Person.id)), col(Account.reachable).is_(True))
    )
    return [spoken(languages) for languages in found.scalars()]


async def find_preview(uow: UnitOfWork, notice_id: int) -> tuple[int, int] | None:
    """Return the newest screen on which a draft's author looks its translations over: (outgoing row, person)."""
    found = await uow.execute(
        sa.select(col(Outgoing.id), col(Outgoing.recipient_id))
        .where(
            col(Outgoing.about) == OutgoingKind.TRANSLATIONS.value,
            col(Outgoing.about_id) == notice_id,
            col(Outgoing.edits_id).is_(None),
            col(Outgoing.state).in_([*ACTIVE, OutgoingState.SENT]),
        )
        .order_by(col(Outgoing.id).desc())
        .limit(1)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row is not None else None
