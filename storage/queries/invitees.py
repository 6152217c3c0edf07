"""Whom an event concerns, as it is now: the circle of its kind within its audience (M8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.events import Circle
from bot.domain.notices import AudienceKind
from bot.domain.people import LEADERSHIP, Relation, Role
from storage.models import Account, ClassStaff, Guardianship, Person, Pupil, SchoolClass, StaffRole
from storage.queries.people import open_access
from storage.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person whom an event concerns; `pupil_ids` is empty for somebody invited by role.

    `language` is what the person chose, else the home's from the roster, else None. `enrolled` once the bot was opened.
    """

    person_id: int
    name: str
    language: str | None
    pupil_ids: tuple[int, ...]
    enrolled: bool


async def list_invitees(uow: UnitOfWork, circle: Circle, audience: AudienceKind, ids: Sequence[int]) -> list[Invitee]:
    """Return everybody of a circle, each once, by name; guardians with open access only (P3, P4)."""
    if circle is Circle.REPRESENTATIVES:
        return await _by_role(uow, {Role.REPRESENTATIVE})
    if circle is Circle.COMMITTEE:
        return await _by_role(uow, {Role.REPRESENTATIVE, *LEADERSHIP})
    found = await _guardians(uow, audience, ids, mothers=circle is Circle.MOTHERS)
    if circle is Circle.AROUND_PUPIL:
        there = {one.person_id for one in found}
        found += [one for one in await _teachers_of(uow, ids) if one.person_id not in there]
    return found


_PERSON = (
    col(Person.id),
    col(Person.name),
    sa.func.coalesce(col(Person.language), col(Person.home_language)),
    col(Account.id).is_not(None),
)


async def _guardians(uow: UnitOfWork, audience: AudienceKind, ids: Sequence[int], *, mothers: bool) -> list[Invitee]:
    statement = (
        sa.select(*_PERSON, col(Pupil.id))
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .join(Person, col(Person.id) == col(Guardianship.person_id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(open_access(uow.today))
        .order_by(col(Person.name), col(Person.id), col(Pupil.id))
    )
    if mothers:
        statement = statement.where(col(Guardianship.relation) == Relation.MOTHER)
    if audience is AudienceKind.GRADE:
        statement = statement.where(col(SchoolClass.grade).in_(ids))
    elif audience is AudienceKind.CLASSES:
        statement = statement.where(col(SchoolClass.id).in_(ids))
    elif audience is AudienceKind.PUPIL:
        statement = statement.where(col(Pupil.id).in_(ids))
    people: dict[int, tuple[str, str | None, bool, list[int]]] = {}
    for person_id, name, language, enrolled, pupil_id in await uow.execute(statement):
        people.setdefault(person_id, (name, language, bool(enrolled), []))[3].append(pupil_id)
    return [Invitee(key, one[0], one[1], tuple(one[3]), one[2]) for key, one in people.items()]


async def _by_role(uow: UnitOfWork, roles: set[Role]) -> list[Invitee]:
    found = await uow.execute(
        sa.select(*_PERSON)
        .distinct()
        .select_from(StaffRole)
        .join(Person, col(Person.id) == col(StaffRole.person_id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(col(StaffRole.role).in_(roles))
        .order_by(col(Person.name), col(Person.id))
    )
    return [Invitee(row[0], row[1], row[2], (), bool(row[3])) for row in found]


async def _teachers_of(uow: UnitOfWork, pupil_ids: Sequence[int]) -> list[Invitee]:
    found = await uow.execute(
        sa.select(*_PERSON)
        .distinct()
        .select_from(ClassStaff)
        .join(Pupil, col(Pupil.class_id) == col(ClassStaff.class_id))
        .join(Person, col(Person.id) == col(ClassStaff.person_id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(col(Pupil.id).in_(pupil_ids), col(ClassStaff.is_contact).is_(True))
        .order_by(col(Person.name), col(Person.id))
    )
    return [Invitee(row[0], row[1], row[2], (), bool(row[3])) for row in found]
