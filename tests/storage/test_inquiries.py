"""Inquiries and lists as rows: claimed by one replica only, held while they change, drawn once for many asks."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import Clock
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.morning import InquiryState
from bot.domain.outgoing import OutgoingKind
from bot.domain.school import School
from bot.outbox.enqueue import Message, enqueue
from storage.queries.absence import add_absence
from storage.queries.daylists import (
    add_day_list,
    ask_drawing,
    change_day_list,
    count_absent,
    find_day_list,
    list_roll,
    list_without_list,
)
from storage.queries.inquiries import (
    ASKED,
    CALL,
    add_inquiry,
    claim_due_inquiries,
    count_answerable,
    drop_unsent,
    hold_inquiries,
    last_reporter,
    list_inquiry_messages,
)
from storage.queries.outgoing import claim_due
from storage.session import Database, UnitOfWork
from tests.load.school import TEACHER, generate

LEASE = timedelta(seconds=30)


@pytest.fixture
async def school_database(database: Database) -> Database:
    """A class of twelve with a teacher, on each kind of server."""
    await generate(database, 12)
    return database


async def missing(uow: UnitOfWork, pupil: int) -> int:
    """Store that a pupil is missing, the asking due now."""
    inquiry = await add_inquiry(uow, pupil, uow.today, TEACHER)
    assert inquiry is not None
    assert inquiry.id is not None
    inquiry.due_at = uow.now
    await uow.flush()
    return inquiry.id


async def test_one_inquiry_for_a_pupil_and_day(school_database: Database) -> None:
    async with school_database.unit_of_work() as uow:
        await missing(uow, 2)
        assert await add_inquiry(uow, 2, uow.today, TEACHER) is None
        assert await add_inquiry(uow, 2, uow.today + timedelta(days=1), TEACHER) is not None
        held = await hold_inquiries(uow, [2, 3], uow.today)
        assert [(one.pupil_id, one.state, one.round) for one in held] == [(2, InquiryState.ASKING, 1)]
        held[0].state = InquiryState.ARRIVED
        await uow.flush()
        assert not await hold_inquiries(uow, [2], uow.today)
        assert await hold_inquiries(uow, [2], uow.today, [InquiryState.ARRIVED])


async def test_due_inquiries_come_in_order_and_ended_ones_never(school_database: Database) -> None:
    async with school_database.unit_of_work() as uow:
        for pupil, minutes in ((2, 0), (3, -5), (4, 5), (5, None)):
            await missing(uow, pupil)
            (held,) = await hold_inquiries(uow, [pupil], uow.today)
            held.due_at = None if minutes is None else uow.now + timedelta(minutes=minutes)
        await uow.flush()
        assert [one.pupil_id for one in await claim_due_inquiries(uow)] == [3, 2]


@pytest.mark.postgres
async def test_two_replicas_never_take_the_same_inquiry(fresh_postgres_url: str, clock: Clock, school: School) -> None:
    first = Database(fresh_postgres_url, now=clock.now, school=school, pool_size=2)
    second = Database(fresh_postgres_url, now=clock.now, school=school, pool_size=2)
    try:
        await generate(first, 12)
        async with first.unit_of_work() as uow:
            for pupil in range(2, 8):
                await missing(uow, pupil)
            await uow.commit()
        async with first.unit_of_work() as one, second.unit_of_work() as other:
            mine = {i.id for i in await claim_due_inquiries(one, limit=4)}
            theirs = {i.id for i in await asyncio.wait_for(claim_due_inquiries(other), timeout=10)}
            assert (len(mine), len(theirs)) == (4, 2)
            assert not mine & theirs
    finally:
        await first.close()
        await second.close()


async def test_messages_of_an_inquiry_by_round(school_database: Database, clock: Clock) -> None:
    def message(key: str, about: str, to: int = 2) -> Message:
        return Message(to, OutgoingKind.MESSAGE, "Hei", key, about=about, about_id=number)

    async with school_database.unit_of_work() as uow:
        number = await missing(uow, 2)
        await enqueue(uow, message(f"inquiry:{number}:1:ask:2", ASKED), message(f"inquiry:{number}:1:ask:3", ASKED, 3))
        await uow.commit()
    async with school_database.unit_of_work() as uow:
        assert len(await claim_due(uow, limit=1, lease=LEASE)) == 1
        await uow.commit()
    async with school_database.unit_of_work() as uow:
        assert await count_answerable(uow, number, 1) == 2
        await drop_unsent(uow, number)
        assert await count_answerable(uow, number, 1) == 1
        assert [m.about for m in await list_inquiry_messages(uow, number, 1)] == [ASKED]
        await enqueue(uow, message(f"inquiry:{number}:2:call:1:2", CALL))
        assert not await list_inquiry_messages(uow, number, 2), "it has not left yet"
        assert await count_answerable(uow, number, 2) == 0
        assert await count_answerable(uow, number + 1, 1) == 0


async def test_who_reported_last(school_database: Database) -> None:
    async with school_database.unit_of_work() as uow:
        assert await last_reporter(uow, 2) is None
        for days, by, source in ((3, 5, AbsenceSource.HOME), (1, 6, AbsenceSource.HOME), (0, 1, AbsenceSource.SCHOOL)):
            moment = uow.now - timedelta(days=days)
            values = {"pupil_id": 2, "day": moment.date(), "kind": AbsenceKind.ABSENT, "reason": AbsenceReason.ILL}
            more = {"starts": None, "ends": None, "source": source, "reported_by": by}
            await add_absence(uow, {**values, **more, "reported_at": moment, "changed_at": moment})
        assert await last_reporter(uow, 2) == 6


async def test_roll_of_a_class_with_what_is_known(school_database: Database) -> None:
    async with school_database.unit_of_work() as uow:
        await missing(uow, 3)
        values = {"pupil_id": 2, "day": uow.today, "kind": AbsenceKind.ABSENT, "reason": AbsenceReason.ILL}
        more = {"starts": None, "ends": None, "source": AbsenceSource.HOME, "reported_by": 2}
        await add_absence(uow, {**values, **more, "reported_at": uow.now, "changed_at": uow.now})
        roll = {entry.pupil_id: entry for entry in await list_roll(uow, 1, uow.today)}
        assert len(roll) == 12
        assert roll[2].absence is not None
        assert roll[3].inquiry is not None
        assert roll[4].absence is None
        assert await count_absent(uow, [1], uow.today) == {1: 1}
        assert await count_absent(uow, [1], uow.today + timedelta(days=1)) == {}


async def test_contact_teacher_has_one_list_a_day_while_reachable(school_database: Database) -> None:
    async with school_database.unit_of_work() as uow:
        assert await list_without_list(uow, uow.today) == [(1, TEACHER)]
        assert await list_without_list(uow, uow.today, [2]) == []
        await uow.change(sa.text("UPDATE account SET reachable = false WHERE person_id = 1"))
        assert await list_without_list(uow, uow.today) == []
        await uow.change(sa.text("UPDATE account SET reachable = true WHERE person_id = 1"))
        assert await add_day_list(uow, 1, uow.today, TEACHER) is not None
        assert await add_day_list(uow, 1, uow.today, TEACHER) is None
        assert await list_without_list(uow, uow.today) == []


async def test_many_asks_to_draw_are_one_until_it_is_being_drawn(school_database: Database) -> None:
    async with school_database.unit_of_work() as uow:
        list_id = await add_day_list(uow, 1, uow.today, TEACHER)
        assert list_id is not None
        one = await find_day_list(uow, list_id)
        assert one is not None
        later = uow.now + timedelta(minutes=5)
        first = await ask_drawing(uow, one, edits_id=None, due_at=later)
        assert await ask_drawing(uow, one, edits_id=None, due_at=uow.now) == first, "the earliest"
        await change_day_list(uow, list_id, outgoing_id=first)
        await uow.commit()
    async with school_database.unit_of_work() as uow:
        assert [row.id for row in await claim_due(uow, limit=5, lease=LEASE)] == [first]
        await uow.commit()
    async with school_database.unit_of_work() as uow:
        again = await ask_drawing(uow, one, edits_id=first, due_at=uow.now)
        assert again != first
        assert await ask_drawing(uow, one, edits_id=first, due_at=uow.now) == again
