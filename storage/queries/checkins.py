"""Check-in arrangements, only for their own people (A9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.checkin import CheckinAnswer, Schedule
from bot.domain.errors import NotPermitted
from bot.domain.people import LEADERSHIP, Actor, Role
from storage.models import (
    Account,
    CheckinDay,
    CheckinPlan,
    ClassStaff,
    Outgoing,
    Person,
    Pupil,
    SchoolClass,
    StaffRole,
)
from storage.queries.people import access_pupil, list_own_classes
from storage.session import UnitOfWork
from storage.sql import table, upsert

_PLAN, _DAY = table(CheckinPlan), table(CheckinDay)
TOLD = "checkin_told"
"""What a message to the staff is about that tells the answer of a day."""
ASKED = "checkin_ask"
"""What a message to a guardian is about that asks how a morning looks."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An arrangement as stored, with its pupil and the pupil's class of now."""

    id: int
    pupil_id: int
    pupil_name: str
    class_id: int
    class_name: str
    made_by: int
    weekdays: list[int]
    ask_at: time
    first: date
    last: date
    staff_ids: list[int]
    guardian_ids: list[int]
    paused_ids: list[int]
    version: int
    next_at: datetime | None
    ended_at: datetime | None

    @property
    def schedule(self) -> Schedule:
        """When the home is asked."""
        return Schedule(frozenset(self.weekdays), self.ask_at, self.first, self.last)

    @property
    def asked_ids(self) -> list[int]:
        """The guardians who are asked: those who would rather talk first are not."""
        return [one for one in self.guardian_ids if one not in self.paused_ids]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of an arrangement."""

    id: int
    plan_id: int
    day: date
    version: int
    answer: CheckinAnswer | None
    answered_by: int | None
    arrived_at: datetime | None
    arrived_by: int | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody at the school who works with a class now; `reachable` by the bot."""

    person_id: int
    name: str
    phone: str | None
    language: str | None
    role: Role
    reachable: bool


_PLANS = (
    sa.select(
        _PLAN.c.id,
        _PLAN.c.pupil_id,
        col(Pupil.name),
        col(Pupil.class_id),
        col(SchoolClass.name),
        *(
            _PLAN.c[name]
            for name in (
                "made_by", "weekdays", "ask_at", "first", "last", "staff_ids", "guardian_ids", "paused_ids", "version",
                "next_at", "ended_at",
            )
        ),
    )
    .join(Pupil, col(Pupil.id) == _PLAN.c.pupil_id)
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
)  # fmt: skip
_DAYS = sa.select(
    *(_DAY.c[name] for name in ("id", "plan_id", "day", "version", "answer", "answered_by", "arrived_at", "arrived_by"))
)


async def _plan(uow: UnitOfWork, plan_id: int) -> PlanRow:
    statement = _PLANS.where(_PLAN.c.id == plan_id)
    if not uow.sqlite:
        statement = statement.with_for_update(of=_PLAN)
    found = (await uow.execute(statement)).one_or_none()
    if found is None:
        raise NotPermitted
    return PlanRow(*found)


async def access_plan(uow: UnitOfWork, actor: Actor, plan_id: int) -> PlanRow:
    """Return an arrangement for one of its people at the school, held until this transaction ends.

    Raises:
        NotPermitted: there is none, it has ended, the actor is not one of its people, or does not work with the
            pupil any more.
    """
    row = await _plan(uow, plan_id)
    if actor.person_id not in row.staff_ids or row.ended_at is not None:
        raise NotPermitted
    await access_pupil(uow, actor, row.pupil_id)
    return row


async def access_own_plan(uow: UnitOfWork, actor: Actor, plan_id: int) -> PlanRow:
    """Return a running arrangement for one of its guardians, held until this transaction ends.

    Raises:
        NotPermitted: the actor is none of them, it has ended, or the access to the child has.
    """
    row = await _plan(uow, plan_id)
    if actor.person_id not in row.guardian_ids or row.pupil_id not in actor.children or row.ended_at is not None:
        raise NotPermitted
    return row


async def access_home_day(uow: UnitOfWork, actor: Actor, day_id: int) -> tuple[PlanRow, DayRow]:
    """Return a day of an arrangement for one of its guardians, held until this transaction ends.

    Raises:
        NotPermitted: as `access_own_plan`.
    """
    day = await _held_day(uow, day_id)
    return await access_own_plan(uow, actor, day.plan_id), day


async def access_staff_day(uow: UnitOfWork, actor: Actor, day_id: int) -> tuple[PlanRow, DayRow]:
    """Return a day of an arrangement for one of its people at the school, held until this transaction ends.

    Raises:
        NotPermitted: as `access_plan`.
    """
    day = await _held_day(uow, day_id)
    return await access_plan(uow, actor, day.plan_id), day


async def _held_day(uow: UnitOfWork, day_id: int) -> DayRow:
    statement = _DAYS.where(_DAY.c.id == day_id)
    if not uow.sqlite:
        statement = statement.with_for_update()
    found = (await uow.execute(statement)).one_or_none()
    if found is None:
        raise NotPermitted
    return DayRow(*found)


async def find_day(uow: UnitOfWork, plan_id: int, day: date) -> DayRow | None:
    """Return a day of an arrangement, None when nobody was asked on it."""
    found = (await uow.execute(_DAYS.where(_DAY.c.plan_id == plan_id, _DAY.c.day == day))).one_or_none()
    return DayRow(*found) if found else None


async def list_plans(uow: UnitOfWork, actor: Actor) -> list[PlanRow]:
    """Return the running arrangements whose people a member of staff is one of, by class and pupil."""
    classes = [one.id for one in await list_own_classes(uow, actor)]
    found = await uow.execute(
        _PLANS.where(
            _PLAN.c.ended_at.is_(None), col(Pupil.class_id).in_(classes), col(Pupil.left_at).is_(None)
        ).order_by(col(SchoolClass.grade), col(Pupil.name))
    )
    return [row for row in (PlanRow(*one) for one in found) if actor.person_id in row.staff_ids]


async def find_running(uow: UnitOfWork, pupil_id: int) -> PlanRow | None:
    """Return a pupil's running arrangement, whoever its people are; the pupil is held until this transaction ends."""
    if not uow.sqlite:
        await uow.execute(sa.select(col(Pupil.id)).where(col(Pupil.id) == pupil_id).with_for_update(key_share=True))
    found = await uow.execute(
        _PLANS.where(_PLAN.c.pupil_id == pupil_id, _PLAN.c.ended_at.is_(None)).order_by(_PLAN.c.id).limit(1)
    )
    row = found.one_or_none()
    return PlanRow(*row) if row else None


async def add_plan(uow: UnitOfWork, **values: Any) -> PlanRow:
    """Store an arrangement and return it."""
    row = {"version": 1, "paused_ids": [], "ended_at": None, "ended_by": None, "made_at": uow.now, **values}
    added: int = (await uow.execute(sa.insert(_PLAN).values(**row).returning(_PLAN.c.id))).scalar_one()
    return await _plan(uow, added)


async def change_plan(uow: UnitOfWork, plan_id: int, **values: Any) -> PlanRow:
    """Change a held arrangement, and return it as it is now."""
    await uow.change(sa.update(_PLAN).where(_PLAN.c.id == plan_id).values(version=_PLAN.c.version + 1, **values))
    return await _plan(uow, plan_id)


async def set_next(uow: UnitOfWork, plan_id: int, next_at: datetime | None) -> None:
    """Write when something happens next; that is no change of the arrangement."""
    await uow.change(sa.update(_PLAN).where(_PLAN.c.id == plan_id).values(next_at=next_at))


async def claim_plans(uow: UnitOfWork, limit: int) -> list[PlanRow]:
    """Take arrangements in which something is due, so that no other replica has them at the same time."""
    statement = _PLANS.where(_PLAN.c.next_at <= uow.now).order_by(_PLAN.c.next_at, _PLAN.c.id).limit(limit)
    if not uow.sqlite:
        statement = statement.with_for_update(skip_locked=True, of=_PLAN)
    return [PlanRow(*one) for one in await uow.execute(statement)]


async def add_day(uow: UnitOfWork, plan_id: int, day: date, due_at: datetime | None) -> int | None:
    """Store that a home is asked on a day; None when it was asked already."""
    statement = (
        upsert(uow, CheckinDay)
        .values(plan_id=plan_id, day=day, asked_at=uow.now, due_at=due_at, version=1)
        .on_conflict_do_nothing(index_elements=["plan_id", "day"])
        .returning(_DAY.c.id)
    )
    added: int | None = (await uow.execute(statement)).scalar_one_or_none()
    return added


async def change_day(uow: UnitOfWork, day_id: int, **values: Any) -> DayRow:
    """Change a held day, and return it as it is now; nobody waits for an answer any more."""
    await uow.change(
        sa.update(_DAY).where(_DAY.c.id == day_id).values(version=_DAY.c.version + 1, due_at=None, **values)
    )
    return await _held_day(uow, day_id)


async def claim_unanswered(uow: UnitOfWork, limit: int) -> list[DayRow]:
    """Take the days on which nobody has answered in time; each comes once."""
    due = _DAYS.where(_DAY.c.due_at <= uow.now).order_by(_DAY.c.due_at, _DAY.c.id).limit(limit)
    if not uow.sqlite:
        due = due.with_for_update(skip_locked=True)
    found = [DayRow(*one) for one in await uow.execute(due)]
    if found:
        await uow.change(sa.update(_DAY).where(_DAY.c.id.in_([day.id for day in found])).values(due_at=None))
    return found


async def read_plan(uow: UnitOfWork, plan_id: int) -> PlanRow:
    """Return an arrangement for what happens without a tap.

    Raises:
        NotPermitted: there is none.
    """
    return await _plan(uow, plan_id)


async def list_staff_of(uow: UnitOfWork, class_id: int) -> list[StaffMember]:
    """Return who works with a class now and may hear about its pupils: contact teachers, teachers, leadership."""
    person = (
        col(Person.id),
        col(Person.name),
        col(Person.phone),
        sa.func.coalesce(col(Person.language), col(Person.home_language)),
    )
    reachable = sa.func.coalesce(col(Account.reachable), sa.false())
    teachers = (
        sa.select(*person, col(ClassStaff.is_contact), reachable)
        .join(ClassStaff, col(ClassStaff.person_id) == col(Person.id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(col(ClassStaff.class_id) == class_id)
        .order_by(col(ClassStaff.is_contact).desc(), col(Person.name))
    )
    leaders = (
        sa.select(*person, col(StaffRole.role), reachable)
        .join(StaffRole, col(StaffRole.person_id) == col(Person.id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(col(StaffRole.role).in_(LEADERSHIP))
        .order_by(col(StaffRole.role).desc(), col(Person.name))
    )
    found: dict[int, StaffMember] = {}
    for row in await uow.execute(teachers):
        role = Role.CONTACT_TEACHER if row[4] else Role.SUBJECT_TEACHER
        found[row[0]] = StaffMember(row[0], row[1], row[2], row[3], role, bool(row[5]))
    for row in await uow.execute(leaders):
        found.setdefault(row[0], StaffMember(row[0], row[1], row[2], row[3], Role(row[4]), bool(row[5])))
    return list(found.values())


async def list_sent_of_day(
    uow: UnitOfWork, about: str, day_id: int, people: Collection[int] | None = None
) -> list[tuple[int, int]]:
    """Return (outgoing row, person) of the newest message of a day to each person, asked or told."""
    newest = (
        sa.select(sa.func.max(col(Outgoing.id)), col(Outgoing.recipient_id))
        .where(col(Outgoing.about) == about, col(Outgoing.about_id) == day_id, col(Outgoing.edits_id).is_(None))
        .group_by(col(Outgoing.recipient_id))
        .order_by(col(Outgoing.recipient_id))
    )
    if people is not None:
        newest = newest.where(col(Outgoing.recipient_id).in_(people))
    return [(row[0], row[1]) for row in await uow.execute(newest)]
