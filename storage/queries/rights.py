"""Who may still read what waits for them: looked at when a message goes out, not when it was written (P3, P4, P7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.events import EventKind, around_pupil, invites_roles
from bot.domain.outgoing import LIVE, OutgoingKind
from bot.domain.people import LEADERSHIP, Role
from bot.domain.threads import ThreadKind
from storage.models import Ballot, ClassStaff, Delivery, Event, Guardianship, Invitation, Pupil, StaffRole, Thread
from storage.queries.calm import list_calm_pupils
from storage.queries.interpreters import list_following
from storage.queries.people import open_access
from storage.session import UnitOfWork

_TO_STAFF = LIVE | {OutgoingKind.REPORT}
_ABOUT_NOTICE = frozenset({"notice", "notice_file"})
_ASKED = frozenset({"event", "poll"})
"""What people are invited to or asked: `about_id` is its id; whom it concerns stands in the invitation or ballot."""
_FOLLOW = "follow"
"""What an interpreter reads of a conversation, `about_id`, while its home allows it (L4)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on its way, as far as rights go."""

    id: int
    recipient_id: int
    kind: OutgoingKind
    about: str
    about_id: int
    pupil_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Concern:
    """Whom an event or a poll concerns at a person.

    Without pupils the person is invited by role: `kind` says to what, `around` with which pupil the person works.
    """

    pupils: frozenset[int]
    kind: EventKind | None = None
    around: frozenset[int] = frozenset()

    def fits(self, roles: Collection[Role]) -> bool:
        """Tell whether one of these roles is what somebody is invited for."""
        return bool(roles) if self.kind is None else invites_roles(self.kind, roles)


@dataclass(frozen=True, slots=True)
class _Conversation:
    """Whose conversation it is; `handed` while the leadership has it (B4)."""

    guardian_id: int
    pupil_id: int
    kind: ThreadKind
    handed: bool

    def fits(self, roles: Collection[Role], *, works: bool) -> bool:
        """Tell whether somebody with these roles reads it at the school; `works` with the pupil's class or leads."""
        if LEADERSHIP.intersection(roles):
            return True
        if self.kind is ThreadKind.SAFETY:
            return Role.SAFETY_CONTACT in roles and not works
        return works and not self.handed


async def list_permitted(uow: UnitOfWork, rows: Sequence[Waiting]) -> set[int]:
    """Return those whose recipient may read them now.

    What is for the school needs a role. What is about children needs open access to one of them, or work with them;
    somebody with another child or another class at the school does not get it. What somebody is invited to by role
    needs that role, and around one pupil the work with that pupil. What an interpreter follows needs promise, consent,
    role and the guardian's own access. Where nothing tells whom it is about, any right will do.
    """
    people = {row.recipient_id for row in rows}
    roles, children = await _rights(uow, people)
    deliveries = await _deliveries(uow, rows, people)
    threads = await _threads(uow, rows)
    followed = await list_following(uow, {row.about_id for row in rows if row.about == _FOLLOW})
    asked = {
        **{("event", *key): pupils for key, pupils in (await _invited(uow, rows, people)).items()},
        **{("poll", *key): pupils for key, pupils in (await _polled(uow, rows, people)).items()},
    }
    around = frozenset(talk.pupil_id for talk in threads.values()).union(*(one.around for one in asked.values()))
    taught = await _taught(uow, [row for row in rows if row.recipient_id in roles], around)

    def may(row: Waiting) -> bool:
        is_staff, own = row.recipient_id in roles, children.get(row.recipient_id, frozenset())
        if row.about == _FOLLOW:
            return (row.recipient_id, row.about_id) in followed
        if row.kind in _TO_STAFF:
            return is_staff
        if row.pupil_id is not None:
            return row.pupil_id in own or (row.recipient_id, row.pupil_id) in taught
        if row.about == "thread" and row.about_id in threads:
            talk = threads[row.about_id]
            if talk.guardian_id == row.recipient_id:
                return talk.pupil_id in own
            works = (row.recipient_id, talk.pupil_id) in taught
            return talk.pupil_id not in own and talk.fits(roles.get(row.recipient_id, frozenset()), works=works)
        if row.about in _ASKED:
            concern = asked.get((row.about, row.about_id, row.recipient_id))
            if concern is None or concern.pupils:
                return concern is not None and bool(own & concern.pupils)
            works = not concern.around or any((row.recipient_id, pupil) in taught for pupil in concern.around)
            return works and concern.fits(roles.get(row.recipient_id, frozenset()))
        about = deliveries.get((row.about if row.about == "reminder" else "notice", row.about_id, row.recipient_id))
        return bool(own & about) if about is not None else is_staff or bool(own)

    return {row.id for row in rows if may(row)}


async def list_disturbing(uow: UnitOfWork, rows: Sequence[Waiting]) -> set[int]:
    """Return the reminders about nobody but pupils whose homes are left in peace, at those pupils' guardians (B8)."""
    reminders = [row for row in rows if row.kind is OutgoingKind.REMINDER]
    calm = set(await list_calm_pupils(uow)) if reminders else set()
    if not calm:
        return set()
    people = {row.recipient_id for row in reminders}
    roles, children = await _rights(uow, people)
    deliveries = await _deliveries(uow, reminders, people)
    asked = {
        **{("event", *key): one.pupils for key, one in (await _invited(uow, reminders, people)).items()},
        **{("poll", *key): one.pupils for key, one in (await _polled(uow, reminders, people)).items()},
    }

    def about(row: Waiting) -> frozenset[int]:
        known = asked.get((row.about, row.about_id, row.recipient_id)) or deliveries.get(
            (row.about, row.about_id, row.recipient_id)
        )
        own = children.get(row.recipient_id, frozenset())
        if known:
            return own & known
        if row.pupil_id is not None:
            return own & {row.pupil_id}
        return frozenset() if row.recipient_id in roles else own

    return {row.id for row in reminders if (pupils := about(row)) and pupils <= calm}


async def _rights(
    uow: UnitOfWork, people: Collection[int]
) -> tuple[dict[int, frozenset[Role]], dict[int, frozenset[int]]]:
    """Return the roles of those who have one, and the pupils to whom each person's access is open."""
    found = await uow.execute(
        sa.select(col(StaffRole.person_id), sa.null(), sa.cast(col(StaffRole.role), sa.String))
        .where(col(StaffRole.person_id).in_(people))
        .union_all(
            sa.select(col(Guardianship.person_id), col(Guardianship.pupil_id), sa.null())
            .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
            .where(col(Guardianship.person_id).in_(people), open_access(uow.today))
        )
    )
    roles: dict[int, frozenset[Role]] = {}
    children: dict[int, frozenset[int]] = {}
    for person_id, pupil_id, role in found:
        if role is not None:
            roles[person_id] = roles.get(person_id, frozenset()) | {Role(role)}
        else:
            children[person_id] = children.get(person_id, frozenset()) | {pupil_id}
    return roles, children


async def _taught(uow: UnitOfWork, rows: Sequence[Waiting], around: Collection[int]) -> set[tuple[int, int]]:
    """Return (person, pupil) where the person teaches the pupil's class now, or is of the leadership.

    Asked for the pupils of these rows and for those `around` whom people are invited by role.
    """
    pupils = {row.pupil_id for row in rows if row.pupil_id is not None and row.kind not in _TO_STAFF} | set(around)
    if not pupils:
        return set()
    people = {row.recipient_id for row in rows}
    teachers = (
        sa.select(col(ClassStaff.person_id), col(Pupil.id))
        .join(Pupil, col(Pupil.class_id) == col(ClassStaff.class_id))
        .where(col(ClassStaff.person_id).in_(people), col(Pupil.id).in_(pupils))
    )
    leaders = (
        sa.select(col(StaffRole.person_id), col(Pupil.id))
        .join(Pupil, sa.true())
        .where(col(StaffRole.person_id).in_(people), col(StaffRole.role).in_(LEADERSHIP), col(Pupil.id).in_(pupils))
    )
    return {(row[0], row[1]) for row in await uow.execute(sa.union(teachers, leaders))}


async def _deliveries(
    uow: UnitOfWork, rows: Sequence[Waiting], people: Collection[int]
) -> dict[tuple[str, int, int], frozenset[int]]:
    """Return the pupils of a notice at a person, by ("notice", its id, person) and ("reminder", delivery, person)."""
    notices = {row.about_id for row in rows if row.about in _ABOUT_NOTICE and row.kind not in _TO_STAFF}
    reminded = {row.about_id for row in rows if row.about == "reminder"}
    if not notices and not reminded:
        return {}
    found = await uow.execute(
        sa.select(col(Delivery.id), col(Delivery.notice_id), col(Delivery.person_id), col(Delivery.pupil_ids)).where(
            col(Delivery.person_id).in_(people),
            sa.or_(col(Delivery.notice_id).in_(notices), col(Delivery.id).in_(reminded)),
        )
    )
    by_key: dict[tuple[str, int, int], frozenset[int]] = {}
    for delivery_id, notice_id, person_id, pupil_ids in found:
        by_key["notice", notice_id, person_id] = by_key["reminder", delivery_id, person_id] = frozenset(pupil_ids)
    return by_key


async def _threads(uow: UnitOfWork, rows: Sequence[Waiting]) -> dict[int, _Conversation]:
    """Return the conversations that messages are about."""
    ids = {row.about_id for row in rows if row.about == "thread"}
    if not ids:
        return {}
    found = await uow.execute(
        sa.select(
            col(Thread.id), col(Thread.guardian_id), col(Thread.pupil_id), col(Thread.kind), col(Thread.handed_at)
        ).where(col(Thread.id).in_(ids))
    )
    return {row[0]: _Conversation(row[1], row[2], row[3], handed=row[4] is not None) for row in found}


async def _invited(
    uow: UnitOfWork, rows: Sequence[Waiting], people: Collection[int]
) -> dict[tuple[int, int], _Concern]:
    """Return whom an event concerns at a person, by (event, person)."""
    ids = {row.about_id for row in rows if row.about == "event"}
    if not ids:
        return {}
    found = await uow.execute(
        sa.select(
            col(Invitation.event_id),
            col(Invitation.person_id),
            col(Invitation.pupil_ids),
            col(Event.kind),
            col(Event.audience_ids),
        )
        .join(Event, col(Event.id) == col(Invitation.event_id))
        .where(col(Invitation.person_id).in_(people), col(Invitation.event_id).in_(ids))
    )
    return {
        (event_id, person_id): _Concern(
            frozenset(pupils), kind, frozenset(audience) if not pupils and around_pupil(kind) else frozenset()
        )
        for event_id, person_id, pupils, kind, audience in found
    }


async def _polled(uow: UnitOfWork, rows: Sequence[Waiting], people: Collection[int]) -> dict[tuple[int, int], _Concern]:
    """Return the pupils whom a poll concerns at a person, by (poll, person)."""
    ids = {row.about_id for row in rows if row.about == "poll"}
    if not ids:
        return {}
    found = await uow.execute(
        sa.select(col(Ballot.poll_id), col(Ballot.person_id), col(Ballot.pupil_ids)).where(
            col(Ballot.person_id).in_(people), col(Ballot.poll_id).in_(ids)
        )
    )
    return {(row[0], row[1]): _Concern(frozenset(row[2])) for row in found}
