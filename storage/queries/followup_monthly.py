"""The month's reports: made once, sent in portions, signed by guardians (A6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Child
from storage.models import (
    Absence,
    Account,
    Guardianship,
    MonthlyReport,
    MonthlyRun,
    Outgoing,
    Person,
    Pupil,
    Remark,
    SchoolClass,
)
from storage.queries.people import open_access
from storage.session import UnitOfWork
from storage.sql import table, upsert


async def has_run(uow: UnitOfWork, month: date) -> bool:
    """Tell whether a month's reports were made."""
    return (await uow.execute(sa.select(sa.literal(1)).where(col(MonthlyRun.month) == month))).first() is not None


async def kept_before(uow: UnitOfWork, moment: datetime) -> bool:
    """Tell whether any absence or remark was kept before a moment: whether the school was at it by then."""
    absence = sa.select(sa.literal(1)).where(col(Absence.reported_at) < moment)
    remark = sa.select(sa.literal(1)).where(col(Remark.noted_at) < moment)
    return (await uow.execute(sa.union_all(absence, remark).limit(1))).first() is not None


async def add_run(uow: UnitOfWork, month: date) -> bool:
    """Record that a month's reports are being made; False when somebody else does or did.

    On PostgreSQL it waits for another transaction that is about to make them.
    """
    statement = (
        upsert(uow, MonthlyRun)
        .values(month=month, made_at=uow.now, reports=0)
        .on_conflict_do_nothing(index_elements=["month"])
    )
    return await uow.change(statement) == 1


async def make_reports(uow: UnitOfWork, month: date, joined_before: datetime) -> int:
    """Make a report for each pupil and each guardian with open access who had joined by then; return how many.

    One statement, whatever the size of the school. Somebody who joined after the month was over gets none: the
    school may have begun with the bot only then, and an empty month would say what is not so.
    """
    target = table(MonthlyReport)
    homes = (
        sa.select(
            col(Guardianship.pupil_id),
            sa.literal(month, sa.Date()),
            col(Guardianship.person_id),
            sa.literal(uow.now, target.c.made_at.type),
        )
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .join(Account, col(Account.person_id) == col(Guardianship.person_id))
        .where(open_access(uow.today), col(Account.linked_at) < joined_before)
    )
    made = await uow.change(
        upsert(uow, MonthlyReport)
        .from_select(["pupil_id", "month", "person_id", "made_at"], homes)
        .on_conflict_do_nothing(index_elements=["pupil_id", "month", "person_id"])
    )
    await uow.change(sa.update(MonthlyRun).where(col(MonthlyRun.month) == month).values(reports=made))
    return made


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A report that is to be rendered for its guardian; `language` as the guardian reads, if known."""

    id: int
    month: date
    person_id: int
    language: str | None
    child: Child


_WAITING = (
    sa.select(
        col(MonthlyReport.id),
        col(MonthlyReport.month),
        col(MonthlyReport.person_id),
        sa.func.coalesce(col(Person.language), col(Person.home_language)),
        col(Pupil.id),
        col(Pupil.name),
        col(Pupil.class_id),
        col(SchoolClass.name),
    )
    .join(Person, col(Person.id) == col(MonthlyReport.person_id))
    .join(Pupil, col(Pupil.id) == col(MonthlyReport.pupil_id))
    .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
)


def _report(row: Any) -> WaitingReport:
    return WaitingReport(row[0], row[1], row[2], row[3], Child(*row[4:]))


async def claim_waiting(uow: UnitOfWork, limit: int) -> list[WaitingReport]:
    """Take up to `limit` reports that are not in the queue yet; no other replica takes them meanwhile."""
    statement = _WAITING.where(col(MonthlyReport.queued_at).is_(None)).order_by(col(MonthlyReport.id)).limit(limit)
    if not uow.sqlite:
        statement = statement.with_for_update(of=table(MonthlyReport), skip_locked=True)
    return [_report(row) for row in await uow.execute(statement)]


async def mark_queued(uow: UnitOfWork, ids: Collection[int]) -> None:
    """Record that these reports are in the queue."""
    await uow.change(sa.update(MonthlyReport).where(col(MonthlyReport.id).in_(ids)).values(queued_at=uow.now))


async def access_report(uow: UnitOfWork, actor: Actor, report_id: int) -> WaitingReport:
    """Return a guardian's own report, held until this transaction ends.

    Raises:
        NotPermitted: it is another's, or the access to the pupil is not open now.
    """
    statement = _WAITING.where(col(MonthlyReport.id) == report_id, col(MonthlyReport.person_id) == actor.person_id)
    if not uow.sqlite:
        statement = statement.with_for_update(of=table(MonthlyReport))
    row = (await uow.execute(statement)).one_or_none()
    if row is None or row[4] not in actor.children:
        raise NotPermitted
    return _report(row)


async def sign_report(uow: UnitOfWork, report_id: int) -> bool:
    """Store a guardian's signature; False when it stands there already."""
    return (
        await uow.change(
            sa.update(MonthlyReport)
            .where(col(MonthlyReport.id) == report_id, col(MonthlyReport.signed_at).is_(None))
            .values(signed_at=uow.now)
        )
        == 1
    )


async def mark_commented(uow: UnitOfWork, report_id: int) -> None:
    """Record that a guardian wrote something about a report."""
    await uow.change(sa.update(MonthlyReport).where(col(MonthlyReport.id) == report_id).values(commented_at=uow.now))


async def newest_month(uow: UnitOfWork) -> date | None:
    """Return the newest month whose reports were made for anybody."""
    found: date | None = (
        await uow.execute(sa.select(sa.func.max(col(MonthlyRun.month))).where(col(MonthlyRun.reports) > 0))
    ).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """How a month's report stands at one guardian of one pupil."""

    report_id: int
    pupil_id: int
    pupil_name: str
    class_name: str
    person_id: int
    guardian: str
    language: str | None
    signed_at: datetime | None
    reminded_at: datetime | None


async def list_signatures(uow: UnitOfWork, class_id: int, month: date) -> list[SignatureRow]:
    """Return a month's reports of a class at the guardians whose access is open now, by pupil and guardian."""
    found = await uow.execute(
        sa.select(
            col(MonthlyReport.id),
            col(Pupil.id),
            col(Pupil.name),
            col(SchoolClass.name),
            col(Person.id),
            col(Person.name),
            sa.func.coalesce(col(Person.language), col(Person.home_language)),
            col(MonthlyReport.signed_at),
            col(MonthlyReport.reminded_at),
        )
        .select_from(MonthlyReport)
        .join(Pupil, col(Pupil.id) == col(MonthlyReport.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .join(Person, col(Person.id) == col(MonthlyReport.person_id))
        .join(
            Guardianship,
            sa.and_(
                col(Guardianship.pupil_id) == col(MonthlyReport.pupil_id),
                col(Guardianship.person_id) == col(MonthlyReport.person_id),
            ),
        )
        .where(col(Pupil.class_id) == class_id, col(MonthlyReport.month) == month, open_access(uow.today))
        .order_by(col(Pupil.name), col(Pupil.id), col(Person.name))
    )
    return [SignatureRow(*row) for row in found]


async def mark_reminded(uow: UnitOfWork, ids: Collection[int]) -> list[int]:
    """Record the one reminder of these reports; return those that nobody had reminded before, held."""
    found = await uow.execute(
        sa.update(MonthlyReport)
        .where(col(MonthlyReport.id).in_(ids), col(MonthlyReport.reminded_at).is_(None))
        .values(reminded_at=uow.now)
        .returning(col(MonthlyReport.id))
    )
    return sorted(found.scalars())


async def messages_of(uow: UnitOfWork, report_ids: Collection[int]) -> dict[int, int]:
    """Return the outgoing rows that carried these reports, by report."""
    found = await uow.execute(
        sa.select(col(Outgoing.about_id), sa.func.min(col(Outgoing.id)))
        .where(
            col(Outgoing.about) == "monthly",
            col(Outgoing.about_id).in_(report_ids),
            col(Outgoing.kind) == OutgoingKind.MESSAGE,
        )
        .group_by(col(Outgoing.about_id))
    )
    return {row[0]: row[1] for row in found}
