"""Who is who and who may see whom. `access_*` is the only door to one object."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.people import (
    LEADERSHIP,
    Actor,
    Child,
    ClassInfo,
    Contact,
    GuardianTie,
    Relation,
    Role,
    majority_line,
)
from storage.models import Account, ClassStaff, Guardianship, Person, Pupil, SchoolClass, StaffRole
from storage.session import UnitOfWork


def open_access(today: date) -> sa.ColumnElement[bool]:
    """The rule of P3 and P4 in SQL: not blocked, not ended, the pupil at the school; under age, or acting alone."""
    return open_access_on(sa.literal(majority_line(today), sa.Date))


def open_access_on(line: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """The same for a statement that is built once; `line` is `majority_line` of the day."""
    return sa.and_(
        col(Guardianship.blocked).is_(False),
        col(Guardianship.ended_at).is_(None),
        col(Pupil.left_at).is_(None),
        _by_age(line),
    )


def _by_age(line: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Guardians until the pupil comes of age, the pupil from then on."""
    return sa.case(
        (col(Guardianship.relation) == Relation.SELF, col(Pupil.birth_date) <= line),
        else_=col(Pupil.birth_date) > line,
    )


_ACTORS = (
    sa.select(
        col(Person.id),
        col(Account.id),
        col(Person.name),
        sa.func.coalesce(col(Person.language), col(Person.home_language), ""),
        col(StaffRole.role),
        col(Pupil.id),
        col(Account.reachable),
    )
    .select_from(Account)
    .join(Person, col(Person.id) == col(Account.person_id))
    .outerjoin(StaffRole, col(StaffRole.person_id) == col(Person.id))
    .outerjoin(
        Guardianship,
        sa.and_(
            col(Guardianship.person_id) == col(Person.id),
            col(Guardianship.blocked).is_(False),
            col(Guardianship.ended_at).is_(None),
        ),
    )
    .outerjoin(
        Pupil,
        sa.and_(
            col(Pupil.id) == col(Guardianship.pupil_id),
            col(Pupil.left_at).is_(None),
            _by_age(sa.bindparam("majority", type_=sa.Date)),
        ),
    )
)
_ACTOR = _ACTORS.where(col(Account.address) == sa.bindparam("address", type_=sa.BigInteger))
_ACTOR_BY_PERSON = _ACTORS.where(col(Person.id) == sa.bindparam("person"))


async def find_actor(uow: UnitOfWork, address: int) -> Actor | None:
    """Return the enrolled person behind a Telegram user.

    None for a stranger, and for somebody with neither a role nor a child any more: both learn nothing.
    """
    found = (await uow.execute(_ACTOR, {"address": address, "majority": majority_line(uow.today)})).all()
    actor = _read_actor(uow, found)
    if actor is not None and not found[0][6]:  # whoever writes to us can be reached again
        await uow.change(
            sa.update(Account)
            .where(col(Account.id) == actor.account_id)
            .values(reachable=True, unreachable_reason=None)
        )
    return actor


async def chosen_language(uow: UnitOfWork, address: int | None) -> str | None:
    """Return the language that the person behind a Telegram user chose, for words that must come whatever fails."""
    found: str | None = (
        await uow.execute(
            sa.select(col(Person.language))
            .join(Account, col(Account.person_id) == col(Person.id))
            .where(col(Account.address) == address)
        )
    ).scalar_one_or_none()
    return found


async def find_actor_by_person(uow: UnitOfWork, person_id: int) -> Actor | None:
    """Return an enrolled person with the rights of now, for what happens without a tap."""
    found = await uow.execute(_ACTOR_BY_PERSON, {"person": person_id, "majority": majority_line(uow.today)})
    return _read_actor(uow, found.all())


def _read_actor(uow: UnitOfWork, found: Sequence[Any]) -> Actor | None:
    roles = frozenset(Role(row[4]) for row in found if row[4] is not None)
    children = frozenset(row[5] for row in found if row[5] is not None)
    if not roles and not children:
        return None
    first = found[0]
    return Actor(first[0], first[1], first[2], first[3] or uow.school.language, roles, children)


_CHILD = sa.select(col(Pupil.id), col(Pupil.name), col(Pupil.class_id), col(SchoolClass.name)).join(
    SchoolClass, col(SchoolClass.id) == col(Pupil.class_id)
)


_ONE_CHILD = _CHILD.where(col(Pupil.id) == sa.bindparam("pupil"))
_CHILDREN = _CHILD.where(col(Pupil.id).in_(sa.bindparam("pupils", expanding=True))).order_by(
    col(SchoolClass.grade), col(Pupil.name)
)


async def list_children(uow: UnitOfWork, actor: Actor) -> list[Child]:
    """Return the pupils to whom a guardian's access is open, by class and name."""
    rows = await uow.execute(_CHILDREN, {"pupils": sorted(actor.children)})
    return [Child(*row) for row in rows]


async def list_of_age(uow: UnitOfWork, person_id: int) -> list[str]:
    """Return the names of pupils whose guardian this person was until they came of age (P4)."""
    found = await uow.execute(
        sa.select(col(Pupil.name))
        .join(Guardianship, col(Guardianship.pupil_id) == col(Pupil.id))
        .where(
            col(Guardianship.person_id) == person_id,
            col(Guardianship.relation) != Relation.SELF,
            col(Guardianship.blocked).is_(False),
            col(Guardianship.ended_at).is_(None),
            col(Pupil.left_at).is_(None),
            col(Pupil.birth_date) <= majority_line(uow.today),
        )
        .order_by(col(Pupil.name))
    )
    return list(found.scalars())


async def access_child(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Child:
    """Return one of a guardian's own children.

    Raises:
        NotPermitted: it is not the actor's child, or the access has ended or is blocked.
    """
    if pupil_id not in actor.children:
        raise NotPermitted
    row = (await uow.execute(_ONE_CHILD, {"pupil": pupil_id})).one()
    return Child(*row)


async def access_pupil(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Child:
    """Return a pupil whom a member of staff may write about: of an own class, or any for the leadership.

    Raises:
        NotPermitted: it is neither, or the pupil has left.
    """
    row = (await uow.execute(_CHILD.where(col(Pupil.id) == pupil_id, col(Pupil.left_at).is_(None)))).one_or_none()
    if row is None:
        raise NotPermitted
    child = Child(*row)
    if not actor.leads and child.class_id not in {c.id for c in await list_own_classes(uow, actor)}:
        raise NotPermitted
    return child


async def list_own_classes(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    """Return the classes that a teacher teaches; all classes for the leadership."""
    statement = sa.select(col(SchoolClass.id), col(SchoolClass.name), col(SchoolClass.grade)).order_by(
        col(SchoolClass.grade), col(SchoolClass.name)
    )
    if not actor.leads:
        statement = statement.join(ClassStaff, col(ClassStaff.class_id) == col(SchoolClass.id)).where(
            col(ClassStaff.person_id) == actor.person_id
        )
    return [ClassInfo(*row) for row in await uow.execute(statement)]


async def list_classes(uow: UnitOfWork, ids: list[int]) -> list[ClassInfo]:
    """Return classes by id, in the school's order."""
    rows = await uow.execute(
        sa.select(col(SchoolClass.id), col(SchoolClass.name), col(SchoolClass.grade))
        .where(col(SchoolClass.id).in_(ids))
        .order_by(col(SchoolClass.grade), col(SchoolClass.name))
    )
    return [ClassInfo(*row) for row in rows]


async def list_pupils(uow: UnitOfWork, class_id: int) -> list[Child]:
    """Return a class's pupils by name."""
    rows = await uow.execute(
        _CHILD.where(col(Pupil.class_id) == class_id, col(Pupil.left_at).is_(None)).order_by(col(Pupil.name))
    )
    return [Child(*row) for row in rows]


_CONTACT = sa.select(
    col(Person.id),
    col(Person.name),
    col(Person.phone),
    col(Person.email),
    col(Person.language),
    col(Person.home_language),
)


_CONTACT_TEACHERS = (
    _CONTACT.join(ClassStaff, col(ClassStaff.person_id) == col(Person.id))
    .where(col(ClassStaff.class_id) == sa.bindparam("class_id"), col(ClassStaff.is_contact).is_(True))
    .order_by(col(Person.name))
)


async def list_contact_teachers(uow: UnitOfWork, class_id: int) -> list[Contact]:
    """Return the contact teachers of a class, who get the homes' messages."""
    rows = await uow.execute(_CONTACT_TEACHERS, {"class_id": class_id})
    return [Contact(*row) for row in rows]


async def list_class_teachers(uow: UnitOfWork, class_id: int) -> list[tuple[str, bool]]:
    """Return (name, is contact teacher) of those who teach a class, contact teachers first."""
    rows = await uow.execute(
        sa.select(col(Person.name), col(ClassStaff.is_contact))
        .join(ClassStaff, col(ClassStaff.person_id) == col(Person.id))
        .where(col(ClassStaff.class_id) == class_id)
        .order_by(col(ClassStaff.is_contact).desc(), col(Person.name))
    )
    return [(row[0], bool(row[1])) for row in rows]


async def list_leadership(uow: UnitOfWork) -> list[tuple[Contact, Role]]:
    """Return principal and office."""
    rows = await uow.execute(
        _CONTACT.add_columns(col(StaffRole.role))
        .join(StaffRole, col(StaffRole.person_id) == col(Person.id))
        .where(col(StaffRole.role).in_(LEADERSHIP))
        .order_by(col(StaffRole.role).desc(), col(Person.name))
    )
    return [(Contact(*row[:6]), Role(row[6])) for row in rows]


async def list_guardian_ties(uow: UnitOfWork, pupil_id: int) -> list[GuardianTie]:
    """Return every guardian whose access to the pupil is open."""
    rows = await uow.execute(
        sa.select(col(Person.id), col(Person.name), col(Guardianship.relation), col(Account.id).is_not(None))
        .select_from(Guardianship)
        .join(Person, col(Person.id) == col(Guardianship.person_id))
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(col(Guardianship.pupil_id) == pupil_id, open_access(uow.today))
        .order_by(col(Person.name))
    )
    return [GuardianTie(row[0], row[1], Relation(row[2]), bool(row[3])) for row in rows]


async def find_contact(uow: UnitOfWork, person_id: int) -> Contact | None:
    """Return how to reach a person."""
    row = (await uow.execute(_CONTACT.where(col(Person.id) == person_id))).one_or_none()
    return Contact(*row) if row else None


async def guardian_may(uow: UnitOfWork, person_id: int, pupil_id: int) -> bool:
    """Tell whether a guardian's access to a pupil is open now."""
    found: Any = await uow.execute(
        sa.select(sa.literal(1))
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .where(
            col(Guardianship.person_id) == person_id,
            col(Guardianship.pupil_id) == pupil_id,
            open_access(uow.today),
        )
    )
    return found.first() is not None


@dataclass(frozen=True, slots=True)
class GuardianOf:
    """A guardian with open access to a pupil, and how to reach them; `reachable` by the bot right now."""

    pupil_id: int
    person_id: int
    name: str
    phone: str | None
    language: str | None
    relation: Relation
    enrolled: bool
    reachable: bool


_GUARDIANS_OF = (
    sa.select(
        col(Guardianship.pupil_id),
        col(Person.id),
        col(Person.name),
        col(Person.phone),
        sa.func.coalesce(col(Person.language), col(Person.home_language)),
        col(Guardianship.relation),
        col(Account.id).is_not(None),
        sa.func.coalesce(col(Account.reachable), sa.false()),
    )
    .select_from(Guardianship)
    .join(Person, col(Person.id) == col(Guardianship.person_id))
    .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
    .outerjoin(Account, col(Account.person_id) == col(Person.id))
    .where(
        col(Guardianship.pupil_id).in_(sa.bindparam("pupils", expanding=True)),
        open_access_on(sa.bindparam("majority", type_=sa.Date)),
    )
    .order_by(col(Guardianship.pupil_id), col(Person.name), col(Person.id))
)


async def list_guardians_of(uow: UnitOfWork, pupil_ids: Collection[int]) -> list[GuardianOf]:
    """Return the guardians with open access to these pupils, one entry per pupil and guardian (P3, P4)."""
    values = {"pupils": list(pupil_ids), "majority": majority_line(uow.today)}
    found = await uow.execute(_GUARDIANS_OF, values)
    return [
        GuardianOf(row[0], row[1], row[2], row[3], row[4], Relation(row[5]), bool(row[6]), bool(row[7]))
        for row in found
    ]
