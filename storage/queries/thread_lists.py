"""Which conversations somebody has, which go on, and which have waited too long (B1, B2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.people import Actor, Role
from bot.domain.threads import ThreadKind, ThreadRef
from storage.models import ClassStaff, Guardianship, Pupil, Thread, ThreadMessage
from storage.queries.people import open_access
from storage.queries.threads import select_threads
from storage.session import UnitOfWork
from storage.sql import table

_T = table(Thread)


def _guardian_may(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The conversation's own guardian still has access to its pupil."""
    return (
        sa.select(sa.literal(1))
        .where(
            col(Guardianship.person_id) == _T.c.guardian_id,
            col(Guardianship.pupil_id) == _T.c.pupil_id,
            open_access(uow.today),
        )
        .correlate(_T, table(Pupil))
        .exists()
    )


def _at_school(actor: Actor) -> sa.ColumnElement[bool]:
    """What somebody has in hand at the school, or follows there; nothing of the own family (P9)."""
    ordinary = _T.c.kind == ThreadKind.ORDINARY
    own = sa.select(col(ClassStaff.class_id)).where(col(ClassStaff.person_id) == actor.person_id)
    wrote = (
        sa.select(sa.literal(1))
        .where(col(ThreadMessage.thread_id) == _T.c.id, col(ThreadMessage.author_id) == actor.person_id)
        .exists()
    )
    late = sa.and_(_T.c.waits_since.is_not(None), _T.c.leader_due.is_(None))
    ways: list[sa.ColumnElement[bool]] = []
    if actor.teaches or actor.leads:
        ways.append(sa.and_(ordinary, col(Pupil.class_id).in_(own)))
    if actor.leads:
        ways += [_T.c.handed_at.is_not(None), late, wrote]
    if actor.leads:
        ways.append(_T.c.kind == ThreadKind.SAFETY)
    elif Role.SAFETY_CONTACT in actor.roles:  # never of a class that the named adult works with (B10)
        ways.append(sa.and_(_T.c.kind == ThreadKind.SAFETY, col(Pupil.class_id).not_in(own)))
    kin = sa.select(col(Guardianship.pupil_id)).where(
        col(Guardianship.person_id) == actor.person_id,
        sa.or_(col(Guardianship.blocked).is_(True), col(Guardianship.ended_at).is_(None)),
    )
    return sa.and_(sa.or_(sa.false(), *ways), _T.c.pupil_id.not_in(kin))


async def list_threads(uow: UnitOfWork, actor: Actor, *, limit: int, offset: int = 0) -> list[ThreadRef]:
    """Return the conversations that somebody has a part in: what waits longest, then the newest, the closed last."""
    at_home = sa.and_(_T.c.guardian_id == actor.person_id, _T.c.pupil_id.in_(actor.children))
    statement = (
        select_threads()
        .where(sa.or_(at_home, _at_school(actor)), _guardian_may(uow), _T.c.last_at.is_not(None))
        .order_by(
            _T.c.waits_since.is_(None),
            _T.c.waits_since,
            _T.c.closed_at.is_not(None),
            _T.c.last_at.desc(),
            _T.c.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    return [ThreadRef(*row) for row in await uow.execute(statement)]


async def list_going_on(uow: UnitOfWork, actor: Actor, since: datetime) -> list[ThreadRef]:
    """Return a guardian's own open conversations in which something was said `since` then."""
    statement = select_threads().where(
        _T.c.guardian_id == actor.person_id,
        _T.c.pupil_id.in_(actor.children),
        _T.c.closed_at.is_(None),
        _T.c.last_at >= since,
    )
    return [ThreadRef(*row) for row in await uow.execute(statement.order_by(_T.c.last_at.desc()))]


@dataclass(frozen=True, slots=True)
class DueThread:
    """A conversation that surfaces now, and at whom."""

    thread: ThreadRef
    since: datetime
    for_readers: bool
    for_leadership: bool


async def claim_due_threads(uow: UnitOfWork, limit: int) -> list[DueThread]:
    """Take the conversations that surface now; each comes once for its readers and once for the leadership."""
    due = (
        sa.select(_T.c.id, _T.c.teacher_due, _T.c.leader_due)
        .where(sa.or_(_T.c.teacher_due <= uow.now, _T.c.leader_due <= uow.now))
        .order_by(_T.c.id)
        .limit(limit)
    )
    if not uow.sqlite:
        due = due.with_for_update(skip_locked=True)
    found = {row[0]: (_is_due(row[1], uow.now), _is_due(row[2], uow.now)) for row in await uow.execute(due)}
    if not found:
        return []
    for column, ids in (
        ("teacher_due", [one for one, (readers, _) in found.items() if readers]),
        ("leader_due", [one for one, (_, leadership) in found.items() if leadership]),
    ):
        if ids:
            await uow.change(sa.update(_T).where(_T.c.id.in_(ids)).values({column: None}))
    rows = await uow.execute(select_threads().where(_T.c.id.in_(found)).order_by(_T.c.waits_since, _T.c.id))
    threads = [ThreadRef(*row) for row in rows]
    return [DueThread(one, one.waits_since, *found[one.id]) for one in threads if one.waits_since is not None]


def _is_due(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
