"""Reading the school as a whole and writing what an import changes, with few statements however many people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.outgoing import LIVE
from bot.domain.people import Relation, Role
from bot.domain.roster import grade_of
from bot.domain.roster_changes import (
    PersonRow,
    PupilRow,
    StoredPerson,
    StoredPupil,
    StoredSchool,
    StoredTie,
    TieRow,
)
from storage.models import (
    Account,
    AuditEntry,
    Ballot,
    ClassStaff,
    Delivery,
    EntryCode,
    Guardianship,
    Invitation,
    Outgoing,
    Person,
    Pupil,
    SchoolClass,
    StaffRole,
    Thread,
)
from storage.queries.people import open_access
from storage.session import UnitOfWork
from storage.sql import CHUNK, insert_many, table, upsert

_LOCK = 7_226_456
_OWN_SCREENS = frozenset(kind.value for kind in LIVE)
"""Live screens are about the person's own work, whatever they show."""
_PERSON, _PUPIL, _CLASS = table(Person), table(Pupil), table(SchoolClass)
_TIE, _ROLE, _CLASS_STAFF, _CODE = table(Guardianship), table(StaffRole), table(ClassStaff), table(EntryCode)

PupilIds = Mapping[tuple[str, date], int]


async def lock_roster(uow: UnitOfWork) -> None:
    """Let nobody else change who belongs to the school until this transaction ends, over all replicas.

    SQLite's BEGIN IMMEDIATE does that already.
    """
    if not uow.sqlite:
        await uow.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


async def load_school(uow: UnitOfWork) -> StoredSchool:
    """Return everything that an import compares with."""
    classes = await uow.execute(sa.select(_CLASS.c.id, _CLASS.c.name).order_by(_CLASS.c.id))
    people = await uow.execute(
        sa.select(
            _PERSON.c.id,
            _PERSON.c.roster_key,
            _PERSON.c.name,
            _PERSON.c.phone,
            _PERSON.c.email,
            _PERSON.c.home_language,
            _PERSON.c.spoken_languages,
        ).order_by(_PERSON.c.id)
    )
    pupils = await uow.execute(
        sa.select(
            _PUPIL.c.id, _PUPIL.c.name, _PUPIL.c.birth_date, _PUPIL.c.class_id, _PUPIL.c.left_at.is_not(None)
        ).order_by(_PUPIL.c.id)
    )
    ties = await uow.execute(
        sa.select(
            _TIE.c.pupil_id, _TIE.c.person_id, _TIE.c.relation, _TIE.c.blocked, _TIE.c.ended_at.is_not(None)
        ).order_by(_TIE.c.pupil_id, _TIE.c.person_id)
    )
    roles = await uow.execute(sa.select(_ROLE.c.person_id, _ROLE.c.role))
    class_staff = await uow.execute(
        sa.select(_CLASS_STAFF.c.class_id, _CLASS_STAFF.c.person_id, _CLASS_STAFF.c.is_contact)
    )
    return StoredSchool(
        classes={row[0]: row[1] for row in classes},
        people=tuple(StoredPerson(*row) for row in people),
        pupils=tuple(StoredPupil(row[0], row[1], row[2], row[3], bool(row[4])) for row in pupils),
        ties=tuple(StoredTie(row[0], row[1], Relation(row[2]), bool(row[3]), bool(row[4])) for row in ties),
        roles=frozenset((row[0], Role(row[1])) for row in roles),
        class_staff={(row[0], row[1]): bool(row[2]) for row in class_staff},
    )


async def save_classes(uow: UnitOfWork, new: Iterable[str], renamed: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Add and rename classes; return the id of every class by its name."""
    changed = [{"b_id": class_id, "name": name, "grade": grade_of(name)} for class_id, name in renamed]
    # names may change hands (5A → 6A while 6A → 7A), so all of them are given up first
    await _change_each(uow, _CLASS, [{"b_id": row["b_id"], "name": f"~{row['b_id']}"} for row in changed])
    await _change_each(uow, _CLASS, changed)
    await insert_many(uow, SchoolClass, [{"name": name, "grade": grade_of(name)} for name in new])
    return {row[0]: row[1] for row in await uow.execute(sa.select(_CLASS.c.name, _CLASS.c.id))}


async def save_people(uow: UnitOfWork, rows: Sequence[PersonRow]) -> dict[str, int]:
    """Add and change people; return the id of every person by key."""
    changed = [{"b_id": row.id, **_person_values(row)} for row in rows if row.id is not None]
    await _change_each(uow, _PERSON, [{"b_id": row["b_id"], "roster_key": f"~{row['b_id']}"} for row in changed])
    await _change_each(uow, _PERSON, changed)
    new = [
        {**_person_values(row), "language": None, "welcomed_at": None, "created_at": uow.now}
        for row in rows
        if row.id is None
    ]
    await insert_many(uow, Person, new)
    return {row[0]: row[1] for row in await uow.execute(sa.select(_PERSON.c.roster_key, _PERSON.c.id))}


def _person_values(row: PersonRow) -> dict[str, Any]:
    return {
        "roster_key": row.key,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "home_language": row.home_language,
        "spoken_languages": row.spoken_languages,
    }


async def save_pupils(
    uow: UnitOfWork, rows: Sequence[PupilRow], left: Sequence[int], class_ids: Mapping[str, int]
) -> dict[tuple[str, date], int]:
    """Add, change and let go of pupils; return the id of every pupil by name and birth date."""
    changed = [{"b_id": row.id, **_pupil_values(row, class_ids)} for row in rows if row.id is not None]
    await _change_each(uow, _PUPIL, [{"b_id": row["b_id"], "name": f"~{row['b_id']}"} for row in changed])
    await _change_each(uow, _PUPIL, changed)
    await insert_many(uow, Pupil, [_pupil_values(row, class_ids) for row in rows if row.id is None])
    await _change_each(uow, _PUPIL, [{"b_id": pupil_id, "left_at": uow.now} for pupil_id in left])
    found = await uow.execute(sa.select(_PUPIL.c.name, _PUPIL.c.birth_date, _PUPIL.c.id))
    return {(row[0], row[1]): row[2] for row in found}


def _pupil_values(row: PupilRow, class_ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": row.name,
        "birth_date": row.birth_date,
        "class_id": class_ids[row.class_name],
        "left_at": None,
    }


async def save_ties(
    uow: UnitOfWork, rows: Sequence[TieRow], pupil_ids: PupilIds, person_ids: Mapping[str, int]
) -> None:
    """Add and change guardianships. What is blocked stays blocked here too, whatever a row says (P3)."""
    values = [
        {
            "pupil_id": pupil_ids[row.pupil],
            "person_id": person_ids[row.key],
            "relation": row.relation,
            "blocked": row.blocked,
            "ended_at": None,
        }
        for row in rows
    ]
    for start in range(0, len(values), CHUNK):
        insert = upsert(uow, Guardianship).values(values[start : start + CHUNK])
        await uow.execute(
            insert.on_conflict_do_update(
                index_elements=["pupil_id", "person_id"],
                set_={
                    "relation": insert.excluded.relation,
                    "blocked": sa.or_(_TIE.c.blocked, insert.excluded.blocked),
                    "ended_at": None,
                },
            )
        )


async def end_ties(uow: UnitOfWork, ties: Sequence[tuple[int, int]]) -> None:
    """End guardianships of (pupil, person)."""
    statement = (
        sa.update(_TIE)
        .where(_TIE.c.pupil_id == sa.bindparam("b_pupil"), _TIE.c.person_id == sa.bindparam("b_person"))
        .values(ended_at=uow.now)
    )
    await _run_each(uow, statement, [{"b_pupil": pupil, "b_person": person} for pupil, person in ties])


async def save_staff(
    uow: UnitOfWork,
    *,
    roles: Iterable[tuple[int, Role]],
    ended_roles: Iterable[tuple[int, Role]],
    class_staff: Iterable[tuple[int, int, bool]],
    ended_class_staff: Iterable[tuple[int, int]],
) -> None:
    """Write who has which role, and who teaches which class: (class, person, is contact teacher)."""
    await _run_each(
        uow,
        sa.delete(_ROLE).where(
            _ROLE.c.person_id == sa.bindparam("b_person"),
            _ROLE.c.role == sa.bindparam("b_role", type_=_ROLE.c.role.type),
        ),
        [{"b_person": person, "b_role": role} for person, role in ended_roles],
    )
    await insert_many(uow, StaffRole, [{"person_id": person, "role": role} for person, role in roles])
    await _run_each(
        uow,
        sa.delete(_CLASS_STAFF).where(
            _CLASS_STAFF.c.class_id == sa.bindparam("b_class"), _CLASS_STAFF.c.person_id == sa.bindparam("b_person")
        ),
        [{"b_class": class_id, "b_person": person} for class_id, person in ended_class_staff],
    )
    rows = [
        {"class_id": class_id, "person_id": person, "is_contact": contact} for class_id, person, contact in class_staff
    ]
    for start in range(0, len(rows), CHUNK):
        insert = upsert(uow, ClassStaff).values(rows[start : start + CHUNK])
        await uow.execute(
            insert.on_conflict_do_update(
                index_elements=["class_id", "person_id"], set_={"is_contact": insert.excluded.is_contact}
            )
        )


async def audit_many(
    uow: UnitOfWork, actor_id: int | None, rows: Iterable[tuple[str, str, int, dict[str, Any]]]
) -> None:
    """Record many acts at once: (act, about, its id, ids and codes)."""
    await insert_many(
        uow,
        AuditEntry,
        [
            {"at": uow.now, "actor_id": actor_id, "act": act, "about": about, "about_id": about_id, "detail": detail}
            for act, about, about_id, detail in rows
        ],
    )


async def end_codes_without_access(uow: UnitOfWork) -> int:
    """End the open codes of everybody who has neither a role nor a child any more; return how many.

    A guardian's code ends too when its person has become staff: a child's date of birth is too little for that.
    """
    staff = sa.exists().where(_ROLE.c.person_id == _CODE.c.person_id)
    too_weak = sa.and_(_CODE.c.second_hash.is_(None), staff)
    return await uow.change(
        sa.update(_CODE)
        .where(
            _CODE.c.used_at.is_(None),
            _CODE.c.ended_at.is_(None),
            sa.or_(~_may_enter(uow, _CODE.c.person_id), too_weak),
        )
        .values(ended_at=uow.now)
    )


def _may_enter(uow: UnitOfWork, person_id: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    """Somebody with a role, or with a child to whom the access is open."""
    role = sa.exists(sa.select(sa.literal(1)).select_from(StaffRole).where(col(StaffRole.person_id) == person_id))
    child = sa.exists(
        sa.select(sa.literal(1))
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .where(col(Guardianship.person_id) == person_id, open_access(uow.today))
    )
    return sa.or_(role, child)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A message that has not left. `pupils` are those it is about, None when that cannot be told."""

    recipient_id: int
    about: str
    about_id: int
    pupils: frozenset[int] | None


async def list_waiting(uow: UnitOfWork, person_ids: Collection[int]) -> list[WaitingRow]:
    """Return what waits for these people, with the pupils it is about as far as that is stored."""
    waiting = (
        await uow.execute(
            sa.select(col(Outgoing.id), col(Outgoing.recipient_id), col(Outgoing.about), col(Outgoing.about_id)).where(
                col(Outgoing.recipient_id).in_(person_ids), col(Outgoing.state).in_(["queued", "retry"])
            )
        )
    ).all()
    if not waiting:
        return []
    deliveries = await uow.execute(
        sa.select(
            col(Delivery.id),
            col(Delivery.outgoing_id),
            col(Delivery.notice_id),
            col(Delivery.person_id),
            col(Delivery.pupil_ids),
        ).where(col(Delivery.person_id).in_(person_ids))
    )
    by_row: dict[int, frozenset[int]] = {}
    by_thing: dict[tuple[int, str, int], frozenset[int]] = {}
    for delivery_id, outgoing_id, notice_id, person_id, pupil_ids in deliveries:
        by_thing[person_id, "notice", notice_id] = frozenset(pupil_ids)
        by_thing[person_id, "reminder", delivery_id] = frozenset(pupil_ids)
        if outgoing_id is not None:
            by_row[outgoing_id] = frozenset(pupil_ids)
    for about, about_id, person_id, pupil_ids in await _asked(uow, person_ids):
        by_thing[person_id, about, about_id] = frozenset(pupil_ids)
    threads = {
        row[0]: frozenset({row[1]})
        for row in await uow.execute(
            sa.select(col(Thread.id), col(Thread.pupil_id)).where(
                col(Thread.id).in_([row[3] for row in waiting if row[2] == "thread"])
            )
        )
    }
    found = []
    for row_id, person_id, about, about_id in waiting:
        pupils = by_row.get(row_id) or by_thing.get((person_id, about, about_id))
        if pupils is None and about == "thread":
            pupils = threads.get(about_id)
        elif pupils is None and about in _OWN_SCREENS:
            pupils = frozenset()  # a screen of the person's own notice
        found.append(WaitingRow(person_id, about, about_id, pupils))
    return found


async def _asked(uow: UnitOfWork, person_ids: Collection[int]) -> list[tuple[str, int, int, list[int]]]:
    """Return ("event" or "poll", its id, person, pupils) of what people are invited to or asked."""
    invited = await uow.execute(
        sa.select(col(Invitation.event_id), col(Invitation.person_id), col(Invitation.pupil_ids)).where(
            col(Invitation.person_id).in_(person_ids)
        )
    )
    polled = await uow.execute(
        sa.select(col(Ballot.poll_id), col(Ballot.person_id), col(Ballot.pupil_ids)).where(
            col(Ballot.person_id).in_(person_ids)
        )
    )
    return [("event", *row) for row in invited] + [("poll", *row) for row in polled]


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the command line finds one."""

    id: int
    key: str
    name: str


async def list_known(uow: UnitOfWork) -> list[Known]:
    """Return everybody, for a look-up by name that knows more letters than SQLite's own."""
    rows = await uow.execute(sa.select(_PERSON.c.id, _PERSON.c.roster_key, _PERSON.c.name).order_by(_PERSON.c.id))
    return [Known(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class TieView:
    """A guardianship with its pupil."""

    pupil_id: int
    pupil: str
    class_name: str
    relation: Relation
    blocked: bool
    ended: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with everything that decides what they may see."""

    id: int
    key: str
    name: str
    phone: str | None
    email: str | None
    home_language: str | None
    language: str | None
    reachable: bool | None
    """None without an account."""
    roles: tuple[Role, ...]
    ties: tuple[TieView, ...]


async def view_person(uow: UnitOfWork, person_id: int) -> PersonView:
    """Return one person who exists."""
    row = (
        await uow.execute(
            sa.select(
                _PERSON.c.id,
                _PERSON.c.roster_key,
                _PERSON.c.name,
                _PERSON.c.phone,
                _PERSON.c.email,
                _PERSON.c.home_language,
                _PERSON.c.language,
                col(Account.reachable),
            )
            .outerjoin_from(_PERSON, table(Account), col(Account.person_id) == _PERSON.c.id)
            .where(_PERSON.c.id == person_id)
        )
    ).one()
    roles = await uow.execute(sa.select(_ROLE.c.role).where(_ROLE.c.person_id == person_id).order_by(_ROLE.c.role))
    ties = await uow.execute(
        sa.select(
            col(Pupil.id),
            col(Pupil.name),
            col(SchoolClass.name),
            col(Guardianship.relation),
            col(Guardianship.blocked),
            col(Guardianship.ended_at).is_not(None),
            open_access(uow.today),
        )
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(col(Guardianship.person_id) == person_id)
        .order_by(col(SchoolClass.grade), col(Pupil.name))
    )
    return PersonView(
        id=row[0],
        key=row[1],
        name=row[2],
        phone=row[3],
        email=row[4],
        home_language=row[5],
        language=row[6],
        reachable=row[7],
        roles=tuple(Role(role) for role in roles.scalars()),
        ties=tuple(
            TieView(tie[0], tie[1], tie[2], Relation(tie[3]), bool(tie[4]), bool(tie[5]), bool(tie[6])) for tie in ties
        ),
    )


async def set_blocked(uow: UnitOfWork, pupil_id: int, person_id: int, *, blocked: bool) -> None:
    """Block or unblock one guardianship; only a person's own decision comes here, never an import."""
    await uow.change(
        sa.update(_TIE).where(_TIE.c.pupil_id == pupil_id, _TIE.c.person_id == person_id).values(blocked=blocked)
    )


async def remove_account(uow: UnitOfWork, person_id: int) -> bool:
    """Forget where a person is reached; False when nobody knew."""
    return await uow.change(sa.delete(table(Account)).where(col(Account.person_id) == person_id)) > 0


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who may come in: `children` are (name, class) of those to whom the access is open."""

    person_id: int
    key: str
    name: str
    language: str | None
    home_language: str | None
    enrolled: bool
    has_code: bool
    roles: tuple[Role, ...]
    children: tuple[tuple[str, str], ...]


async def list_invitees(uow: UnitOfWork) -> list[Invitee]:
    """Return everybody with a role or with open access to a child, by class and name, staff first."""
    has_code = sa.exists(
        sa.select(sa.literal(1))
        .select_from(EntryCode)
        .where(
            col(EntryCode.person_id) == col(Person.id),
            col(EntryCode.used_at).is_(None),
            col(EntryCode.ended_at).is_(None),
            col(EntryCode.expires_at) > uow.now,
        )
    )
    people = await uow.execute(
        sa.select(
            col(Person.id),
            col(Person.roster_key),
            col(Person.name),
            col(Person.language),
            col(Person.home_language),
            col(Account.id).is_not(None),
            has_code,
        )
        .select_from(Person)
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(_may_enter(uow, col(Person.id)))
        .order_by(col(Person.name), col(Person.id))
    )
    roles: dict[int, list[Role]] = {}
    for person_id, role in await uow.execute(sa.select(_ROLE.c.person_id, _ROLE.c.role).order_by(_ROLE.c.role)):
        roles.setdefault(person_id, []).append(Role(role))
    children: dict[int, list[tuple[int, str, str]]] = {}
    ties = await uow.execute(
        sa.select(col(Guardianship.person_id), col(SchoolClass.grade), col(Pupil.name), col(SchoolClass.name))
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(open_access(uow.today))
        .order_by(col(SchoolClass.grade), col(SchoolClass.name), col(Pupil.name))
    )
    for person_id, grade, name, class_name in ties:
        children.setdefault(person_id, []).append((grade, name, class_name))
    found = [
        Invitee(
            person_id=row[0],
            key=row[1],
            name=row[2],
            language=row[3],
            home_language=row[4],
            enrolled=bool(row[5]),
            has_code=bool(row[6]),
            roles=tuple(roles.get(row[0], ())),
            children=tuple((name, class_name) for _, name, class_name in children.get(row[0], ())),
        )
        for row in people
    ]

    def place(one: Invitee) -> tuple[int, str, str]:
        first = children.get(one.person_id)
        return (0, "", one.name) if one.roles or not first else (first[0][0], first[0][2], first[0][1])

    return sorted(found, key=place)


async def end_codes_of(uow: UnitOfWork, person_ids: Collection[int]) -> int:
    """End the open codes of these people; return how many."""
    ended = 0
    ids = list(person_ids)
    for start in range(0, len(ids), CHUNK):
        ended += await uow.change(
            sa.update(_CODE)
            .where(
                _CODE.c.person_id.in_(ids[start : start + CHUNK]), _CODE.c.used_at.is_(None), _CODE.c.ended_at.is_(None)
            )
            .values(ended_at=uow.now)
        )
    return ended


async def add_codes(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Store new codes: person_id, code_hash, second_hash, expires_at."""
    fixed = {"created_at": uow.now, "used_at": None, "ended_at": None, "wrong_seconds": 0}
    await insert_many(uow, EntryCode, [{**row, **fixed} for row in rows])


async def _change_each(uow: UnitOfWork, target: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Set the same columns in each of many rows, found by `b_id`."""
    if rows:
        columns: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "b_id"}
        await _run_each(uow, sa.update(target).where(target.c.id == sa.bindparam("b_id")).values(columns), rows)


async def _run_each(uow: UnitOfWork, statement: sa.Executable, rows: list[dict[str, Any]]) -> None:
    if rows:
        await uow.execute(statement, rows)
