"""What interpreters may see and do. `access_*` is the only door; everything is asked at the moment of the tap (L4, P7).

An interpreter needs the role, the promise of confidentiality and, for what is one home's, that home's consent, which
holds only while the guardian's own access does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.interpreters import AccessEnded, Consent, Interpreter, NotPromised, spoken
from bot.domain.people import Actor, Relation, Role
from bot.domain.threads import ThreadKind
from storage.models import (
    Account,
    ClassStaff,
    Guardianship,
    InterpreterConsent,
    InterpreterOffer,
    InterpreterPromise,
    Person,
    Pupil,
    SchoolClass,
    StaffRole,
    Thread,
)
from storage.queries.people import open_access
from storage.session import UnitOfWork
from storage.sql import upsert

# --- the promise --------------------------------------------------------------------------------


async def has_promised(uow: UnitOfWork, person_id: int) -> bool:
    """Tell whether somebody has accepted confidentiality."""
    found = sa.select(sa.literal(1)).where(col(InterpreterPromise.person_id) == person_id)
    return (await uow.execute(found)).first() is not None


async def store_promise(uow: UnitOfWork, person_id: int) -> bool:
    """Store that somebody accepts confidentiality; False when that stood there already."""
    insert = upsert(uow, InterpreterPromise).values(person_id=person_id, accepted_at=uow.now)
    return await uow.change(insert.on_conflict_do_nothing(index_elements=["person_id"])) > 0


async def access_interpreter(uow: UnitOfWork, actor: Actor) -> frozenset[str]:
    """Return the languages between which an interpreter works, the school's among them.

    Raises:
        NotPermitted: the actor is no interpreter of the school. NotPromised.
    """
    if Role.INTERPRETER not in actor.roles:
        raise NotPermitted
    if not await has_promised(uow, actor.person_id):
        raise NotPromised
    return await understood(uow, actor.person_id)


async def understood(uow: UnitOfWork, person_id: int) -> frozenset[str]:
    """Return the languages that an interpreter reads: those of the roster, and the school's."""
    found = await uow.execute(sa.select(col(Person.spoken_languages)).where(col(Person.id) == person_id))
    return spoken(found.scalar_one()) | {uow.school.language}


def interprets(person: Any) -> sa.ColumnElement[bool]:
    """The role and the promise, now; a pupil never interprets (L8)."""
    tie = aliased(Guardianship)  # the statement around this one may look at guardians too
    return sa.and_(
        sa.exists().where(col(StaffRole.person_id) == person, col(StaffRole.role) == Role.INTERPRETER),
        sa.exists().where(col(InterpreterPromise.person_id) == person),
        ~sa.exists().where(col(tie.person_id) == person, col(tie.relation) == Relation.SELF),
    )


def stranger_to(person: Any, pupil: Any) -> sa.ColumnElement[bool]:
    """Who is, or once was, a guardian of the pupil never reads what another guardian writes (P9)."""
    own = aliased(Guardianship)
    return ~sa.exists().where(col(own.person_id) == person, col(own.pupil_id) == pupil)


def not_of_class(person: Any, class_id: Any) -> sa.ColumnElement[bool]:
    """Nobody who works with the child's class reads what was told about bullying, whoever chose them (B10)."""
    return ~sa.exists().where(col(ClassStaff.person_id) == person, col(ClassStaff.class_id) == class_id)


def holds(now: datetime) -> sa.ColumnElement[bool]:
    """A consent that has neither ended nor run out."""
    return sa.and_(col(InterpreterConsent.ended_at).is_(None), col(InterpreterConsent.until) > now)


# --- conversations ------------------------------------------------------------------------------


def following(uow: UnitOfWork, *columns: Any) -> sa.Select[Any]:
    """Select of every conversation and consent under which an interpreter may follow it now.

    Everything about a guardian's children is not what the guardian told the school about bullying: that is allowed
    conversation by conversation (B10).
    """
    covers = sa.or_(
        col(InterpreterConsent.thread_id) == col(Thread.id),
        sa.and_(col(InterpreterConsent.thread_id).is_(None), col(Thread.kind) == ThreadKind.ORDINARY),
    )
    return (
        sa.select(*columns)
        .select_from(Thread)
        .join(InterpreterConsent, sa.and_(col(InterpreterConsent.guardian_id) == col(Thread.guardian_id), covers))
        .join(
            Guardianship,
            sa.and_(
                col(Guardianship.person_id) == col(Thread.guardian_id),
                col(Guardianship.pupil_id) == col(Thread.pupil_id),
            ),
        )
        .join(Pupil, col(Pupil.id) == col(Thread.pupil_id))
        .where(
            holds(uow.now),
            open_access(uow.today),
            interprets(col(InterpreterConsent.interpreter_id)),
            stranger_to(col(InterpreterConsent.interpreter_id), col(Thread.pupil_id)),
            sa.or_(
                col(Thread.kind) == ThreadKind.ORDINARY,
                not_of_class(col(InterpreterConsent.interpreter_id), col(Pupil.class_id)),
            ),
        )
    )


async def list_following(uow: UnitOfWork, thread_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (interpreter, thread) for everybody who may follow one of these conversations now."""
    if not thread_ids:
        return set()
    statement = following(uow, col(InterpreterConsent.interpreter_id), col(Thread.id))
    found = await uow.execute(statement.where(col(Thread.id).in_(thread_ids)))
    return {(row[0], row[1]) for row in found}


async def may_follow(uow: UnitOfWork, interpreter_id: int, thread_id: int) -> bool:
    """Tell whether an interpreter may follow a conversation now."""
    return (interpreter_id, thread_id) in await list_following(uow, [thread_id])


async def list_followers(uow: UnitOfWork, thread_id: int) -> list[Consent]:
    """Return who may follow a conversation now, each once, with the consent that holds longest."""
    statement = (
        following(uow, *_CONSENT)
        .join(Person, col(Person.id) == col(InterpreterConsent.interpreter_id))
        .where(col(Thread.id) == thread_id)
        .order_by(col(Person.name), col(Person.id), col(InterpreterConsent.until))
    )
    return list({row[2]: Consent(*row) for row in await uow.execute(statement)}.values())


@dataclass(frozen=True, slots=True)
class Followed:
    """A conversation that an interpreter may follow."""

    id: int
    guardian_id: int
    guardian: str
    guardian_language: str | None
    pupil_id: int
    pupil: str
    class_name: str
    until: datetime


def _followed(uow: UnitOfWork, interpreter_id: int) -> sa.Select[Any]:
    columns = (
        col(Thread.id), col(Thread.guardian_id), col(Person.name),
        sa.func.coalesce(col(Person.language), col(Person.home_language)), col(Pupil.id), col(Pupil.name),
        col(SchoolClass.name),
    )  # fmt: skip
    return (
        following(uow, *columns, sa.func.max(col(InterpreterConsent.until)))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .join(Person, col(Person.id) == col(Thread.guardian_id))
        .where(col(InterpreterConsent.interpreter_id) == interpreter_id)
        .group_by(*columns, col(Thread.last_at), col(Person.language), col(Person.home_language))
        .order_by(col(Thread.last_at).desc(), col(Thread.id).desc())
    )


async def access_followed_thread(uow: UnitOfWork, actor: Actor, thread_id: int) -> Followed:
    """Return a conversation that the interpreter may follow now.

    Raises:
        NotPermitted: the actor is no interpreter, or was never allowed to. NotPromised. AccessEnded: was once.
    """
    await access_interpreter(uow, actor)
    row = (await uow.execute(_followed(uow, actor.person_id).where(col(Thread.id) == thread_id))).one_or_none()
    if row is not None:
        return Followed(*row)
    once = sa.select(sa.literal(1)).where(
        col(InterpreterConsent.interpreter_id) == actor.person_id,
        col(InterpreterConsent.guardian_id) == col(Thread.guardian_id),
        sa.or_(col(InterpreterConsent.thread_id).is_(None), col(InterpreterConsent.thread_id) == thread_id),
        col(Thread.id) == thread_id,
    )
    raise AccessEnded if (await uow.execute(once)).first() is not None else NotPermitted


async def list_followed(uow: UnitOfWork, person_id: int, *, offset: int, limit: int) -> list[Followed]:
    """Return the conversations that an interpreter may follow now, those with the newest messages first."""
    found = await uow.execute(_followed(uow, person_id).offset(offset).limit(limit))
    return [Followed(*row) for row in found]


# --- consent ------------------------------------------------------------------------------------

_CONSENT = (
    col(InterpreterConsent.id),
    col(InterpreterConsent.guardian_id),
    col(InterpreterConsent.interpreter_id),
    col(Person.name),
    col(InterpreterConsent.thread_id),
    col(InterpreterConsent.until),
)


async def list_available(
    uow: UnitOfWork, guardian_id: int, pupil_id: int, languages: Collection[str], kind: ThreadKind = ThreadKind.ORDINARY
) -> list[Interpreter]:
    """Return the interpreters whom a guardian may choose for a conversation of this kind.

    Of these languages, promised, here, no relations; for a report of bullying nobody who works with the class.
    """
    of_pupil = sa.select(col(Pupil.class_id)).where(col(Pupil.id) == pupil_id).scalar_subquery()
    found = await uow.execute(
        sa.select(col(Person.id), col(Person.name), col(Person.spoken_languages))
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(
            interprets(col(Person.id)),
            stranger_to(col(Person.id), pupil_id),
            col(Person.id) != guardian_id,
            col(Account.reachable).is_(True),
            sa.true() if kind is ThreadKind.ORDINARY else not_of_class(col(Person.id), of_pupil),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    wanted = frozenset(languages) - {uow.school.language}
    every = [Interpreter(row[0], row[1], spoken(row[2])) for row in found]
    return [one for one in every if wanted <= one.languages]


async def list_consents(uow: UnitOfWork, guardian_id: int, pupil_id: int) -> list[Consent]:
    """Return what a guardian allows now that concerns a child: conversations about it, and everything."""
    statement = (
        sa.select(*_CONSENT)
        .join(Person, col(Person.id) == col(InterpreterConsent.interpreter_id))
        .outerjoin(Thread, col(Thread.id) == col(InterpreterConsent.thread_id))
        .where(
            col(InterpreterConsent.guardian_id) == guardian_id,
            sa.or_(col(Thread.id).is_(None), col(Thread.pupil_id) == pupil_id),
            holds(uow.now),
            interprets(col(InterpreterConsent.interpreter_id)),
        )
        .order_by(col(Person.name), col(InterpreterConsent.id))
    )
    return [Consent(*row) for row in await uow.execute(statement)]


async def access_consent(uow: UnitOfWork, actor: Actor, consent_id: int) -> Consent:
    """Return a consent that the actor gave, whether it still holds or not.

    Raises:
        NotPermitted: it is somebody else's, or there is none.
    """
    statement = (
        sa.select(*_CONSENT)
        .join(Person, col(Person.id) == col(InterpreterConsent.interpreter_id))
        .where(col(InterpreterConsent.id) == consent_id, col(InterpreterConsent.guardian_id) == actor.person_id)
    )
    row = (await uow.execute(statement)).one_or_none()
    if row is None:
        raise NotPermitted
    return Consent(*row)


async def store_consent(
    uow: UnitOfWork, guardian_id: int, interpreter_id: int, thread_id: int | None, until: datetime
) -> bool:
    """Allow an interpreter to follow; what holds already is made longer, never shorter. False when nothing changed."""
    scope = col(InterpreterConsent.thread_id)
    same = sa.and_(
        col(InterpreterConsent.guardian_id) == guardian_id,
        col(InterpreterConsent.interpreter_id) == interpreter_id,
        scope.is_(None) if thread_id is None else scope == thread_id,
        holds(uow.now),
    )
    found = (await uow.execute(sa.select(col(InterpreterConsent.until)).where(same))).scalars().all()
    if found:
        if max(found) >= until:
            return False
        await uow.change(sa.update(InterpreterConsent).where(same).values(until=until))
        return True
    uow.session.add(
        InterpreterConsent(
            guardian_id=guardian_id, interpreter_id=interpreter_id, thread_id=thread_id, given_at=uow.now, until=until
        )
    )
    await uow.flush()
    return True


async def end_consent(uow: UnitOfWork, consent: Consent, person_id: int) -> bool:
    """End a consent at once, with the same guardian's others that let the interpreter read the same.

    On a page the two are one line, and whoever ends it has ended it. False when all of them had ended already.
    """
    scope, covered = col(InterpreterConsent.thread_id), await list_threads_of(uow, consent.guardian_id, None)
    same = scope == consent.thread_id if consent.thread_id is not None else scope.in_(covered)
    if consent.thread_id is None or consent.thread_id in covered:
        same = sa.or_(same, scope.is_(None))
    changed = await uow.change(
        sa.update(InterpreterConsent)
        .where(
            col(InterpreterConsent.guardian_id) == consent.guardian_id,
            col(InterpreterConsent.interpreter_id) == consent.interpreter_id,
            same,
            holds(uow.now),
        )
        .values(ended_at=uow.now, ended_by=person_id)
    )
    return changed > 0


# --- being asked by itself ----------------------------------------------------------------------


async def may_offer(uow: UnitOfWork, thread_id: int, before: datetime) -> bool:
    """Tell whether a home may be asked about a conversation: not since `before`, and never after a no."""
    row = (
        await uow.execute(
            sa.select(col(InterpreterOffer.asked_at), col(InterpreterOffer.declined_at)).where(
                col(InterpreterOffer.thread_id) == thread_id
            )
        )
    ).one_or_none()
    return row is None or (row[1] is None and row[0] <= before)


async def store_offer(uow: UnitOfWork, thread_id: int, *, declined: bool = False) -> None:
    """Store that a home was asked about a conversation, or that it said no."""
    values = {"declined_at": uow.now} if declined else {"asked_at": uow.now}
    insert = upsert(uow, InterpreterOffer).values(
        thread_id=thread_id, asked_at=uow.now, declined_at=uow.now if declined else None
    )
    await uow.execute(insert.on_conflict_do_update(index_elements=["thread_id"], set_=values))


@dataclass(frozen=True, slots=True)
class HomeOf:
    """A conversation and its guardian, for what happens without a tap."""

    thread_id: int
    guardian_id: int
    guardian: str
    language: str | None
    pupil_id: int
    pupil: str
    class_id: int
    class_name: str
    kind: ThreadKind


_HOME = (
    sa.select(
        col(Thread.id), col(Thread.guardian_id), col(Person.name),
        sa.func.coalesce(col(Person.language), col(Person.home_language)), col(Pupil.id), col(Pupil.name),
        col(SchoolClass.id), col(SchoolClass.name), col(Thread.kind),
    )
    .join(Person, col(Person.id) == col(Thread.guardian_id))
    .join(Pupil, col(Pupil.id) == col(Thread.pupil_id))
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
)  # fmt: skip


async def find_home(uow: UnitOfWork, thread_id: int) -> HomeOf | None:
    """Return whose conversation it is."""
    row = (await uow.execute(_HOME.where(col(Thread.id) == thread_id))).one_or_none()
    return HomeOf(*row) if row else None


async def list_threads_of(uow: UnitOfWork, guardian_id: int, thread_id: int | None) -> Sequence[int]:
    """Return the one conversation, or all that a guardian's consent to everything covers."""
    if thread_id is not None:
        return [thread_id]
    found = await uow.execute(
        sa.select(col(Thread.id)).where(col(Thread.guardian_id) == guardian_id, col(Thread.kind) == ThreadKind.ORDINARY)
    )
    return list(found.scalars())
