"""Everybody around some pupils, in one query: a report of absence is told to all of them, and asks on every tap."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Child, Relation, majority_line
from storage.models import Account, ClassStaff, Guardianship, Person, Pupil, SchoolClass
from storage.queries.people import GuardianOf, open_access_on
from storage.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Circle:
    """The pupils with their guardians whose access is open, and the contact teachers by class, (id, name)."""

    children: tuple[Child, ...]
    guardians: tuple[GuardianOf, ...]
    teachers: dict[int, tuple[tuple[int, str], ...]]

    def only(self, pupils: Collection[int]) -> Circle:
        """Return the circle of some of the pupils."""
        children = tuple(child for child in self.children if child.id in pupils)
        classes = {child.class_id for child in children}
        return Circle(
            children,
            tuple(guardian for guardian in self.guardians if guardian.pupil_id in pupils),
            {class_id: found for class_id, found in self.teachers.items() if class_id in classes},
        )


_PUPIL = (col(Pupil.id), col(Pupil.name), col(Pupil.class_id), col(SchoolClass.name))
_WANTED = col(Pupil.id).in_(sa.bindparam("pupils", expanding=True))
_GUARDIANS = (
    sa.select(
        *_PUPIL,
        col(Person.id),
        col(Person.name),
        col(Person.phone),
        sa.func.coalesce(col(Person.language), col(Person.home_language)),
        sa.cast(col(Guardianship.relation), sa.String),
        col(Account.id).is_not(None),
        sa.func.coalesce(col(Account.reachable), sa.false()),
    )
    .select_from(Pupil)
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
    .join(Guardianship, col(Guardianship.pupil_id) == col(Pupil.id))
    .join(Person, col(Person.id) == col(Guardianship.person_id))
    .outerjoin(Account, col(Account.person_id) == col(Person.id))
    .where(_WANTED, open_access_on(sa.bindparam("majority", type_=sa.Date)))
)
_TEACHERS = (
    sa.select(
        *_PUPIL,
        col(Person.id),
        col(Person.name),
        sa.cast(sa.null(), sa.String),
        sa.cast(sa.null(), sa.String),
        sa.cast(sa.null(), sa.String),
        sa.false(),
        sa.false(),
    )
    .select_from(Pupil)
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
    .join(ClassStaff, sa.and_(col(ClassStaff.class_id) == col(Pupil.class_id), col(ClassStaff.is_contact).is_(True)))
    .join(Person, col(Person.id) == col(ClassStaff.person_id))
    .where(_WANTED)
)
_CIRCLE: sa.CompoundSelect[Any] = sa.union_all(_GUARDIANS, _TEACHERS)


async def access_circle(uow: UnitOfWork, actor: Actor, pupils: Collection[int]) -> Circle:
    """Return everybody around a guardian's own children, each list by name.

    Raises:
        NotPermitted: one of the pupils is not the actor's child, or the access has ended or is blocked.
    """
    if not pupils or not actor.children.issuperset(pupils):
        raise NotPermitted
    values = {"pupils": sorted(pupils), "majority": majority_line(uow.today)}
    found = list(await uow.execute(_CIRCLE, values))
    children = {row[0]: Child(row[0], row[1], row[2], row[3]) for row in found}
    guardians = [
        GuardianOf(row[0], row[4], row[5], row[6], row[7], Relation(row[8]), bool(row[9]), bool(row[10]))
        for row in found
        if row[8] is not None
    ]
    teachers: dict[int, dict[int, str]] = {}
    for row in found:
        if row[8] is None:
            teachers.setdefault(row[2], {})[row[4]] = row[5]
    return Circle(
        tuple(children[pupil] for pupil in dict.fromkeys(pupils) if pupil in children),
        tuple(sorted(guardians, key=lambda one: (one.pupil_id, one.name, one.person_id))),
        {class_id: tuple(sorted(them.items(), key=lambda one: one[1])) for class_id, them in teachers.items()},
    )
