"""Two guardians and many taps at the very same time make one absence (A1), on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.actions.absence.change import withdraw_absence
from bot.actions.absence.report import Receipt, report_absence
from bot.domain.absence import AbsenceDraft, AbsenceKind, AbsenceReason
from bot.domain.people import Actor
from storage.queries.people import find_actor_by_person
from storage.session import Database
from tests.actions.steps import rows


async def guardian(database: Database, name: str) -> Actor:
    """Return a guardian who has opened the bot."""
    from storage.queries.entry import link_account

    [(person_id,)] = await rows(database, "SELECT id FROM person WHERE name = :name", name=name)
    async with database.unit_of_work() as uow:
        await link_account(uow, person_id, 10_000 + person_id)
        await uow.commit()
        actor = await find_actor_by_person(uow, person_id)
    assert actor is not None
    return actor


async def report(database: Database, actor: Actor, draft: AbsenceDraft) -> Receipt:
    async with database.unit_of_work() as uow:
        return await report_absence(uow, actor, draft)


def draft_of(actor: Actor, database: Database, days: int = 1) -> AbsenceDraft:
    today = database.school.local(database.now()).date()
    last = today + timedelta(days=days - 1)
    return AbsenceDraft(tuple(sorted(actor.children)), today, last, AbsenceKind.ABSENT, AbsenceReason.ILL)


@pytest.mark.parametrize("days", [1, 4])
async def test_two_guardians_and_double_taps_at_once_make_one_absence_a_day(
    example_school: Database, days: int
) -> None:
    piotr, anna = [await guardian(example_school, name) for name in ("Piotr Kowalski", "Anna Kowalska")]
    draft = draft_of(piotr, example_school, days)
    receipts = await asyncio.gather(
        *(report(example_school, actor, draft) for actor in (piotr, anna, piotr, anna, anna, piotr))
    )
    stored = await rows(example_school, "SELECT pupil_id, day, state, version FROM absence")
    assert len(stored) == len(draft.children) * len(receipts[0].days)
    assert {row[2] for row in stored} == {"active"}
    assert {row[3] for row in stored} == {1}, "nobody changed what another had just said"
    assert sum(not receipt.again for receipt in receipts) == 1
    lines = await rows(example_school, "SELECT recipient_id, pupil_id FROM outgoing WHERE about = 'absence'")
    assert len(lines) == len(draft.children)
    assert len({row[0] for row in lines}) == 1, "the one who was not first gets the line"


async def test_reports_in_opposite_order_do_not_lock_each_other_out(example_school: Database) -> None:
    piotr, anna = [await guardian(example_school, name) for name in ("Piotr Kowalski", "Anna Kowalska")]
    one = draft_of(piotr, example_school, 4)
    other = AbsenceDraft(tuple(reversed(one.children)), one.first, one.last, AbsenceKind.ABSENT, AbsenceReason.OTHER)
    async with asyncio.timeout(60):
        for _ in range(5):
            await asyncio.gather(report(example_school, piotr, one), report(example_school, anna, other))
    reasons = await rows(example_school, "SELECT DISTINCT reason FROM absence")
    assert len(reasons) == 1, "one report is the newest, for all its days"


async def test_a_report_and_its_taking_back_at_once_leave_one_clear_state(example_school: Database) -> None:
    piotr, anna = [await guardian(example_school, name) for name in ("Piotr Kowalski", "Anna Kowalska")]
    draft = draft_of(piotr, example_school)

    async def take_back() -> None:
        async with example_school.unit_of_work() as uow:
            await withdraw_absence(uow, anna, draft)

    await report(example_school, piotr, draft)
    await asyncio.gather(report(example_school, piotr, draft), take_back(), take_back())
    states = {row[0] for row in await rows(example_school, "SELECT state FROM absence")}
    assert len(states) == 1
    audited = await rows(example_school, "SELECT act FROM audit_entry WHERE act = 'absence.withdraw'")
    # taken back once, or once more after the report that came between
    assert len(audited) in {len(draft.children), 2 * len(draft.children)}
