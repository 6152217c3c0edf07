"""Remarks, the month's reports and the office's lists, on both kinds of server."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from bot.clock import Clock
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.calendar_file import Stretch, plan_changes
from bot.domain.errors import NotPermitted
from bot.domain.followup import RemarkKind
from bot.domain.leave import LeaveState
from bot.domain.people import Actor
from storage.models import Account, LeaveRequest
from storage.queries.absence import add_absence
from storage.queries.calendar import list_stretches, store_stretches
from storage.queries.entry import link_account
from storage.queries.exports import export_absences, export_leave, list_all_classes
from storage.queries.followup import add_remark, list_class_remarks, list_leave_ahead, list_remarks, remove_remark
from storage.queries.followup_monthly import (
    access_report,
    add_run,
    claim_waiting,
    has_run,
    list_signatures,
    make_reports,
    mark_queued,
    mark_reminded,
    newest_month,
    sign_report,
)
from storage.session import Database, UnitOfWork

OCTOBER, MONDAY = date(2026, 10, 1), date(2026, 11, 23)
NOVEMBER_BEGAN = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)


async def one(uow: UnitOfWork, statement: str, **values: object) -> int:
    """Return the one number of a query."""
    return int((await uow.execute(sa.text(statement), values)).scalar_one())


async def pupil_of(uow: UnitOfWork, name: str) -> int:
    return await one(uow, "SELECT id FROM pupil WHERE name = :name", name=name)


async def person_of(uow: UnitOfWork, name: str) -> int:
    return await one(uow, "SELECT id FROM person WHERE name = :name", name=name)


async def join(database: Database, *names: str, when: datetime) -> None:
    """Let people come in at a moment."""
    async with database.unit_of_work() as uow:
        for number, name in enumerate(names):
            person = await person_of(uow, name)
            await link_account(uow, person, 7000 + number)
            await uow.execute(sa.update(Account).where(col(Account.person_id) == person).values(linked_at=when))
        await uow.commit()


async def made(database: Database) -> int:
    """Make October's reports; return how many."""
    async with database.unit_of_work() as uow:
        assert await add_run(uow, OCTOBER)
        reports = await make_reports(uow, OCTOBER, NOVEMBER_BEGAN)
        await uow.commit()
    return reports


EARLY = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


async def test_a_remark_stands_once_and_is_taken_away_once(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        noah, kari = await pupil_of(uow, "Noah Berg"), await person_of(uow, "Kari Nordmann")
        assert await add_remark(uow, noah, MONDAY, RemarkKind.LUNCH, kari)
        assert not await add_remark(uow, noah, MONDAY, RemarkKind.LUNCH, kari)
        assert await add_remark(uow, noah, MONDAY, RemarkKind.GOOD_WORK, kari)
        class_5a = await one(uow, "SELECT class_id FROM pupil WHERE id = :id", id=noah)
        assert {row.kind for row in await list_class_remarks(uow, class_5a, MONDAY)} == {
            RemarkKind.LUNCH,
            RemarkKind.GOOD_WORK,
        }
        assert await list_class_remarks(uow, class_5a, MONDAY - timedelta(days=1)) == []
        assert await remove_remark(uow, noah, MONDAY, RemarkKind.LUNCH)
        assert not await remove_remark(uow, noah, MONDAY, RemarkKind.LUNCH)
        assert [row.kind for row in await list_remarks(uow, [noah], MONDAY, MONDAY)] == [RemarkKind.GOOD_WORK]


async def test_reports_are_for_open_access_and_those_who_had_joined(example_school: Database) -> None:
    await join(example_school, "Piotr Kowalski", "Ingrid Berg", when=EARLY)
    async with example_school.unit_of_work() as uow:
        await link_account(uow, await person_of(uow, "James Miller"), 7999)  # after the month was over
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        ingrid, noah = await person_of(uow, "Ingrid Berg"), await pupil_of(uow, "Noah Berg")
        await uow.execute(
            sa.text("UPDATE guardianship SET blocked = :yes WHERE person_id = :p AND pupil_id = :c"),
            {"yes": True, "p": ingrid, "c": noah},
        )
        await uow.commit()
    assert await made(example_school) == 2, "Piotr's two children"
    async with example_school.unit_of_work() as uow:
        assert await has_run(uow, OCTOBER)
        assert not await add_run(uow, OCTOBER)
        assert await make_reports(uow, OCTOBER, NOVEMBER_BEGAN) == 0
        assert {report.child.name for report in await claim_waiting(uow, 10)} == {"Jan Kowalski", "Zofia Kowalska"}


async def test_a_month_without_anybody_is_no_newest_month(example_school: Database) -> None:
    assert await made(example_school) == 0
    async with example_school.unit_of_work() as uow:
        assert await newest_month(uow) is None
        assert await has_run(uow, OCTOBER)


async def test_what_is_queued_is_not_taken_again_and_portions_add_up(example_school: Database) -> None:
    await join(example_school, "Piotr Kowalski", "Anna Kowalska", "Ingrid Berg", when=EARLY)
    assert await made(example_school) == 5
    seen: list[int] = []
    while True:
        async with example_school.unit_of_work() as uow:
            portion = await claim_waiting(uow, 2)
            await mark_queued(uow, [report.id for report in portion])
            await uow.commit()
        if not portion:
            break
        seen += [report.id for report in portion]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.postgres
async def test_two_replicas_take_different_reports(fresh_postgres_url: str, clock: Clock) -> None:
    from bot.domain.school import School
    from tests.conftest import import_example

    database = Database(fresh_postgres_url, now=clock.now, school=School(name="Solbakken skole"), pool_size=5)
    try:
        await import_example(database)
        await join(database, "Piotr Kowalski", "Anna Kowalska", when=EARLY)
        assert await made(database) == 4
        async with database.unit_of_work() as first, database.unit_of_work() as second:
            mine = {report.id for report in await claim_waiting(first, 3)}
            others = {report.id for report in await claim_waiting(second, 3)}
            assert (len(mine), len(others)) == (3, 1)
            assert not mine & others
    finally:
        await database.close()


async def test_a_signature_stands_once_and_only_with_open_access(example_school: Database) -> None:
    await join(example_school, "Ingrid Berg", when=EARLY)
    await made(example_school)
    async with example_school.unit_of_work() as uow:
        [report] = await claim_waiting(uow, 10)
        ingrid = Actor(report.person_id, 1, "Ingrid Berg", "nb", frozenset(), frozenset({report.child.id}))
        assert (await access_report(uow, ingrid, report.id)).id == report.id
        for other in (
            Actor(report.person_id, 1, "Ingrid Berg", "nb", frozenset(), frozenset()),
            Actor(report.person_id + 1, 2, "Another", "nb", frozenset(), frozenset({report.child.id})),
        ):
            with pytest.raises(NotPermitted):
                await access_report(uow, other, report.id)
        assert await sign_report(uow, report.id)
        assert not await sign_report(uow, report.id)
        [row] = await list_signatures(uow, report.child.class_id, OCTOBER)
        assert (row.guardian, row.pupil_name, row.signed_at) == ("Ingrid Berg", "Noah Berg", uow.now)
        assert await list_signatures(uow, report.child.class_id, date(2026, 9, 1)) == []
        assert await mark_reminded(uow, [report.id]) == [report.id]
        assert await mark_reminded(uow, [report.id]) == []


async def test_leave_ahead_is_granted_and_not_over(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        noah, ingrid = await pupil_of(uow, "Noah Berg"), await person_of(uow, "Ingrid Berg")
        for first, last, state in (
            (MONDAY - timedelta(days=3), MONDAY, LeaveState.GRANTED),
            (MONDAY - timedelta(days=9), MONDAY - timedelta(days=1), LeaveState.GRANTED),
            (MONDAY + timedelta(days=9), MONDAY + timedelta(days=9), LeaveState.ASKED),
        ):
            uow.session.add(
                LeaveRequest(
                    pupil_id=noah, asked_by=ingrid, asked_at=uow.now, first=first, last=last, days=1, state=state
                )
            )
        await uow.flush()
        assert await list_leave_ahead(uow, noah, MONDAY) == [(MONDAY - timedelta(days=3), MONDAY)]
        classes = [found.id for found in await list_all_classes(uow)]
        assert [line.state for line in await export_leave(uow, classes, MONDAY, MONDAY)] == [LeaveState.GRANTED]
        assert len(await export_leave(uow, classes, date(2026, 8, 1), date(2027, 7, 31))) == 3
        assert await export_leave(uow, [], date(2026, 8, 1), date(2027, 7, 31)) == []


async def test_the_export_is_by_class_pupil_and_day(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        for name, day in (("Sara Miller", MONDAY), ("Jan Kowalski", MONDAY), ("Ali Haddad", MONDAY + timedelta(days=1)),
                          ("Ali Haddad", MONDAY)):  # fmt: skip
            values = {
                "pupil_id": await pupil_of(uow, name), "day": day, "kind": AbsenceKind.ABSENT, "starts": None,
                "reason": AbsenceReason.ILL, "ends": None, "source": AbsenceSource.HOME, "reported_by": None,
                "reported_at": uow.now, "changed_at": uow.now,
            }  # fmt: skip
            assert await add_absence(uow, values) is not None
        classes = {found.name: found.id for found in await list_all_classes(uow)}
        found = await export_absences(uow, list(classes.values()), MONDAY, MONDAY + timedelta(days=1))
        assert [(line.school_class, line.pupil, line.day.day) for line in found] == [
            ("2B", "Jan Kowalski", 23),
            ("5A", "Ali Haddad", 23),
            ("5A", "Ali Haddad", 24),
            ("5A", "Sara Miller", 23),
        ]
        assert len(await export_absences(uow, [classes["2B"]], MONDAY, MONDAY)) == 1
        assert await export_absences(uow, [classes["8C"]], MONDAY, MONDAY) == []


async def test_the_calendar_holds_exactly_what_was_planned(database: Database) -> None:
    autumn, planning = (
        Stretch(date(2026, 10, 5), date(2026, 10, 9), "Høstferie"),
        Stretch(date(2026, 11, 13), date(2026, 11, 13), "Planleggingsdag"),
    )
    renamed = Stretch(autumn.first, autumn.last, "Haustferie")
    async with database.unit_of_work() as uow:
        await store_stretches(uow, [autumn, planning], [], [])
        assert await list_stretches(uow) == [autumn, planning]
        assert await list_stretches(uow, date(2026, 10, 10)) == [planning]
        wanted = [renamed, Stretch(date(2026, 11, 20), date(2026, 11, 20), "Planleggingsdag")]
        plan = plan_changes(wanted, await list_stretches(uow))
        await store_stretches(uow, plan.new, plan.renamed, plan.gone)
        assert await list_stretches(uow) == wanted
