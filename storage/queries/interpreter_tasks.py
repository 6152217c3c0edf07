"""Translations that wait for a person: who may take which, and who has one in hand (L4, L6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.interpreters import AccessEnded, spoken
from bot.domain.outgoing import OutgoingState, Reason
from bot.domain.people import Actor
from bot.domain.translation import Checked, MadeBy, RenderingState, Subject
from storage.models import (
    Account,
    Event,
    Guardianship,
    InterpreterConsent,
    LeaveRequest,
    Notice,
    Outgoing,
    Person,
    Poll,
    Pupil,
    Rendering,
    RenderingVersion,
    Talk,
    TalkPreparation,
    Thread,
    ThreadMessage,
)
from storage.queries.interpreter_messages import BETWEEN_TWO
from storage.queries.interpreters import access_interpreter, following, holds, interprets, stranger_to
from storage.queries.originals import ASKED, CALLED, ON_ITS_WAY
from storage.queries.people import open_access
from storage.queries.renderings import RenderingRow, read_rows, select_renderings
from storage.queries.thread_messages import waits
from storage.session import UnitOfWork
from storage.sql import table

_R = table(Rendering)
_OUT = table(Outgoing)
_OWN_WORDS = (Subject.PREPARATION, Subject.LEAVE)
"""What one guardian writes to the school alone: the other guardian's consent does not cover it (P9)."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What homes allow an interpreter now, by id: conversations, pupils, and what a guardian wrote about one."""

    threads: frozenset[int]
    pupils: frozenset[int]
    preparations: frozenset[int]
    leaves: frozenset[int]


async def find_allowed(uow: UnitOfWork, person_id: int) -> Allowed:
    """Return what homes allow an interpreter now."""
    threads = await uow.execute(
        following(uow, col(Thread.id)).where(col(InterpreterConsent.interpreter_id) == person_id)
    )
    everything = (
        sa.select(col(Guardianship.person_id), col(Guardianship.pupil_id))
        .join(InterpreterConsent, col(InterpreterConsent.guardian_id) == col(Guardianship.person_id))
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .where(
            col(InterpreterConsent.interpreter_id) == person_id,
            col(InterpreterConsent.thread_id).is_(None),
            holds(uow.now),
            open_access(uow.today),
            interprets(col(InterpreterConsent.interpreter_id)),
            stranger_to(col(InterpreterConsent.interpreter_id), col(Guardianship.pupil_id)),
        )
    )
    pairs = {(row[0], row[1]) for row in await uow.execute(everything)}
    pupils = frozenset(pupil for _, pupil in pairs)
    written = await uow.execute(
        sa.select(col(TalkPreparation.person_id), col(Talk.pupil_id), col(TalkPreparation.id))
        .join(Talk, col(Talk.id) == col(TalkPreparation.talk_id))
        .where(col(Talk.pupil_id).in_(pupils))
    )
    asked = await uow.execute(
        sa.select(col(LeaveRequest.asked_by), col(LeaveRequest.pupil_id), col(LeaveRequest.id)).where(
            col(LeaveRequest.pupil_id).in_(pupils)
        )
    )
    return Allowed(
        frozenset(threads.scalars()),
        pupils,
        frozenset(row[2] for row in written if (row[0], row[1]) in pairs),
        frozenset(row[2] for row in asked if (row[0], row[1]) in pairs),
    )


def _may_read(allowed: Allowed) -> sa.ColumnElement[bool]:
    draft = sa.or_(
        sa.and_(
            _R.c.subject == Subject.NOTICE,
            sa.exists().where(col(Notice.id) == _R.c.subject_id, col(Notice.state).not_in(ON_ITS_WAY)),
        ),
        sa.and_(
            _R.c.subject == Subject.EVENT,
            sa.exists().where(col(Event.id) == _R.c.subject_id, col(Event.state).not_in(CALLED)),
        ),
        sa.and_(
            _R.c.subject == Subject.POLL,
            sa.exists().where(col(Poll.id) == _R.c.subject_id, col(Poll.state).not_in(ASKED)),
        ),
    )
    between_two = sa.exists().where(col(ThreadMessage.id) == _R.c.subject_id, col(ThreadMessage.kind).in_(BETWEEN_TWO))
    return sa.or_(
        sa.and_(_R.c.thread_id.is_(None), _R.c.pupil_id.is_(None), ~draft),
        sa.and_(_R.c.thread_id.in_(allowed.threads), ~between_two),
        sa.and_(
            _R.c.thread_id.is_(None),
            _R.c.pupil_id.in_(allowed.pupils),
            ~draft,
            sa.or_(
                _R.c.subject.not_in(_OWN_WORDS),
                sa.and_(_R.c.subject == Subject.PREPARATION, _R.c.subject_id.in_(allowed.preparations)),
                sa.and_(_R.c.subject == Subject.LEAVE, _R.c.subject_id.in_(allowed.leaves)),
            ),
        ),
    )


def _gone_out(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """Nobody reads a message that its author can still take back."""
    still = sa.exists().where(col(ThreadMessage.id) == _R.c.subject_id, waits(uow))
    return sa.or_(_R.c.subject != Subject.MESSAGE, ~still)


def _speaks(languages: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.and_(_R.c.language.in_(languages), _R.c.source_language.in_(languages))


_WAITS = sa.or_(
    _R.c.state == RenderingState.HUMAN,
    _R.c.disputed_at.is_not(None),
    sa.and_(
        # its author wants an interpreter to look at what the machine made (L7)
        _R.c.subject == Subject.NOTICE,
        _R.c.state == RenderingState.READY,
        _R.c.checked == Checked.NOT,
        _R.c.made_by == MadeBy.ENGINE,
        sa.exists().where(
            col(Notice.id) == _R.c.subject_id,
            col(Notice.waits_for_interpreter).is_(True),
            col(Notice.state).in_(ON_ITS_WAY),
        ),
    ),
)


async def access_task(uow: UnitOfWork, actor: Actor, rendering_id: int, *, hold: bool = False) -> RenderingRow:
    """Return a rendering that the interpreter may read and change now; with `hold` nobody else changes it meanwhile.

    Raises:
        NotPermitted: the actor is no interpreter of its languages, or was never allowed to. NotPromised. AccessEnded.
    """
    languages = await access_interpreter(uow, actor)
    one = select_renderings().where(_R.c.id == rendering_id, _speaks(languages))
    if hold and not uow.sqlite:
        one = one.with_for_update(key_share=True)  # who notes where it is shown need not wait
    rows = read_rows(await uow.execute(one))
    if not rows:
        raise NotPermitted
    allowed = await find_allowed(uow, actor.person_id)
    permitted = sa.select(_R.c.id).where(_R.c.id == rendering_id, _may_read(allowed), _gone_out(uow))
    if (await uow.execute(permitted)).first() is None:
        row = rows[0]
        covered = row.thread_id in allowed.threads or (row.thread_id is None and row.pupil_id in allowed.pupils)
        raise AccessEnded if not covered and await _was_allowed(uow, actor, row) else NotPermitted
    return rows[0]


async def _was_allowed(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> bool:
    """Tell whether a home once let the interpreter read this, which is some home's."""
    if not row.is_home_bound:
        return False
    if row.thread_id is not None:
        once = sa.and_(
            col(Thread.id) == row.thread_id,
            sa.or_(col(InterpreterConsent.thread_id).is_(None), col(InterpreterConsent.thread_id) == row.thread_id),
        )
        statement = sa.select(sa.literal(1)).join_from(
            InterpreterConsent, Thread, col(Thread.guardian_id) == col(InterpreterConsent.guardian_id)
        )
    else:
        once = sa.and_(col(Guardianship.pupil_id) == row.pupil_id, col(InterpreterConsent.thread_id).is_(None))
        statement = sa.select(sa.literal(1)).join_from(
            InterpreterConsent, Guardianship, col(Guardianship.person_id) == col(InterpreterConsent.guardian_id)
        )
    found = await uow.execute(statement.where(once, col(InterpreterConsent.interpreter_id) == actor.person_id))
    return found.first() is not None


async def count_tasks(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many translations wait that the interpreter may take: those in others' hands do not count.

    Raises:
        NotPermitted: the actor is no interpreter. NotPromised.
    """
    languages = await access_interpreter(uow, actor)
    statement = (
        sa.select(sa.func.count())
        .select_from(_R)
        .where(
            _WAITS,
            _speaks(languages),
            _may_read(await find_allowed(uow, actor.person_id)),
            _gone_out(uow),
            _free_for(actor.person_id, uow.now),
        )
    )
    counted: int = (await uow.execute(statement)).scalar_one()
    return counted


def _free_for(person_id: int, now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(_R.c.claimed_until.is_(None), _R.c.claimed_until <= now, _R.c.claimed_by == person_id)


async def claim_next_task(uow: UnitOfWork, actor: Actor, lease: timedelta, *, last: int = 0) -> RenderingRow | None:
    """Take the next translation into hand: what readers doubt first, then the oldest; None when nothing waits.

    Two interpreters never get the same one. `last` is one that was just given back: it comes after all others.

    Raises:
        NotPermitted: the actor is no interpreter. NotPromised.
    """
    languages = await access_interpreter(uow, actor)
    statement = (
        sa.select(_R.c.id)
        .where(
            _WAITS,
            _speaks(languages),
            _may_read(await find_allowed(uow, actor.person_id)),
            _gone_out(uow),
            _free_for(actor.person_id, uow.now),
        )
        .order_by(
            _R.c.id == last,
            sa.case((_R.c.disputed_at.is_not(None), 0), else_=1),
            _R.c.created_at,
            _R.c.id,
        )
        .limit(1)
    )
    if not uow.sqlite:
        statement = statement.with_for_update(skip_locked=True, of=_R)
    found = (await uow.execute(statement)).scalar_one_or_none()
    if found is None:
        return None
    await _take(uow, actor.person_id, found, lease)
    return read_rows(await uow.execute(select_renderings().where(_R.c.id == found)))[0]


async def claim_task(uow: UnitOfWork, actor: Actor, rendering_id: int, lease: timedelta) -> bool:
    """Take one translation into hand; False when another interpreter has it. Whether it may be is asked before."""
    return await _take(uow, actor.person_id, rendering_id, lease)


async def _take(uow: UnitOfWork, person_id: int, rendering_id: int, lease: timedelta) -> bool:
    changed = await uow.change(
        sa.update(_R)
        .where(_R.c.id == rendering_id, _free_for(person_id, uow.now))
        .values(claimed_by=person_id, claimed_until=uow.now + lease)
    )
    return changed > 0


async def release_tasks(
    uow: UnitOfWork, person_id: int, *, rendering_id: int | None = None, thread_ids: Collection[int] = ()
) -> None:
    """Give back what an interpreter has in hand: one translation, or all of some conversations."""
    which = _R.c.id == rendering_id if rendering_id is not None else _R.c.thread_id.in_(thread_ids)
    await uow.change(
        sa.update(_R).where(which, _R.c.claimed_by == person_id).values(claimed_by=None, claimed_until=None)
    )


async def list_able(uow: UnitOfWork, row: RenderingRow) -> list[int]:
    """Return the interpreters who may do this translation now: its languages, the promise, and consent if it needs it.

    Only those whom the bot reaches.
    """
    found = await uow.execute(
        sa.select(col(Person.id), col(Person.spoken_languages))
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(interprets(col(Person.id)), col(Account.reachable).is_(True))
        .order_by(col(Person.id))
    )
    wanted = {row.language, row.source_language} - {uow.school.language}
    able = []
    for person_id, languages in found.all():
        if wanted <= spoken(languages):
            permitted = sa.select(_R.c.id).where(_R.c.id == row.id, _may_read(await find_allowed(uow, person_id)))
            if (await uow.execute(permitted)).first() is not None:
                able.append(person_id)
    return able


async def list_waiting_of_threads(uow: UnitOfWork, thread_ids: Collection[int]) -> list[RenderingRow]:
    """Return the translations that wait for a person in these conversations, the oldest first."""
    statement = select_renderings().where(_WAITS, _R.c.thread_id.in_(thread_ids)).order_by(_R.c.created_at, _R.c.id)
    return read_rows(await uow.execute(statement))


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a translation read before."""

    version: int
    text: str
    made_by: MadeBy | None
    checked: Checked
    checker: str | None
    replaced_at: datetime


async def list_versions(uow: UnitOfWork, rendering_id: int, *, limit: int) -> list[Earlier]:
    """Return the last earlier versions of a translation, the newest first."""
    found = await uow.execute(
        sa.select(
            col(RenderingVersion.version),
            col(RenderingVersion.text),
            col(RenderingVersion.made_by),
            col(RenderingVersion.checked),
            col(Person.name),
            col(RenderingVersion.replaced_at),
        )
        .outerjoin(Person, col(Person.id) == col(RenderingVersion.checker_id))
        .where(col(RenderingVersion.rendering_id) == rendering_id)
        .order_by(col(RenderingVersion.version).desc())
        .limit(limit)
    )
    return [Earlier(*row) for row in found]


async def read_notice_of(uow: UnitOfWork, dedupe_key: str) -> None:
    """Note that what was said under a key has been seen: one that still waits is dropped, the next may be said."""
    waits = _OUT.c.state.in_([OutgoingState.QUEUED, OutgoingState.RETRY])
    mine = _OUT.c.dedupe_key == dedupe_key
    await uow.change(
        sa.update(_OUT)
        .where(mine, waits)
        .values(state=OutgoingState.DROPPED, reason=Reason.CANCELLED, settled_at=uow.now)
    )
    await uow.change(sa.update(_OUT).where(mine, ~_OUT.c.state.in_([OutgoingState.SENDING])).values(dedupe_key=None))
