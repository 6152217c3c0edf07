"""Reminders as rows: each occurrence once, claimed by one replica, taken back and planned anew (M9).

On both databases.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import Clock
from bot.domain.reminders import DropReason, Due, Occasion, ReminderKind, ReminderState, due
from bot.domain.school import School
from storage.queries.reminders import (
    ReminderRow,
    claim_due_reminders,
    drop_reminders,
    forget_dropped,
    plan_reminders,
    settle_reminders,
)
from storage.session import Database, UnitOfWork
from tests.load.school import generate

PEOPLE = [2, 3, 4]
EVENT, TALK = Occasion.EVENT, Occasion.TALK


@pytest.fixture
async def people(database: Database) -> Database:
    """A database with a few people who can be reminded."""
    await generate(database, len(PEOPLE))
    return database


def one(uow: UnitOfWork, occurrence: str = "d2", minutes: float = 10) -> Due:
    at = uow.now + timedelta(minutes=minutes)
    return due(ReminderKind.DAYS, occurrence, at, uow.school, expires_at=at + timedelta(hours=1))


async def plan(
    database: Database,
    *occurrences: str,
    to: Iterable[int] = PEOPLE,
    about: Occasion = EVENT,
    thing: int = 1,
    minutes: float = 10,
) -> int:
    async with database.unit_of_work() as uow:
        pairs = [(person, one(uow, name, minutes)) for person in to for name in occurrences or ("d2",)]
        new = await plan_reminders(uow, about, thing, pairs)
        await uow.commit()
    return new


async def stored(database: Database, what: str = "occasion, occasion_id, recipient_id, occurrence, state") -> list[Any]:
    async with database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.execute(sa.text(f"SELECT {what} FROM reminder ORDER BY id"))]


async def drop(database: Database, things: list[int], **kwargs: Any) -> int:
    async with database.unit_of_work() as uow:
        dropped = await drop_reminders(uow, EVENT, things, **kwargs)
        await uow.commit()
    return dropped


async def forget(database: Database, things: list[int], **kwargs: Any) -> None:
    async with database.unit_of_work() as uow:
        await forget_dropped(uow, EVENT, things, **kwargs)
        await uow.commit()


async def fire(database: Database, limit: int = 100) -> list[int]:
    """Claim and settle like a tick; return the ids that were done."""
    async with database.unit_of_work() as uow:
        ids = [row.id for row in await claim_due_reminders(uow, limit)]
        await settle_reminders(uow, ids, ReminderState.DONE)
        await uow.commit()
    return ids


async def test_the_same_occurrence_is_planned_once(people: Database) -> None:
    assert await plan(people) == 3
    assert await plan(people) == 0
    assert await plan(people, minutes=90) == 0, "another time does not make it another occurrence"
    assert await plan(people, "d2", "h2") == 3
    assert await plan(people, to=[2], thing=2) == 1
    assert await plan(people, to=[2], about=TALK) == 1
    assert max(Counter(await stored(people)).values()) == 1
    assert len(await stored(people)) == 8


async def test_planning_the_same_at_once_plans_it_once(people: Database) -> None:
    new = await asyncio.gather(*(plan(people, "d2", "h2") for _ in range(4)))
    assert sum(new) == 6
    assert len(await stored(people)) == 6


async def test_a_row_says_what_the_clock_on_the_wall_showed(people: Database, school: School) -> None:
    await plan(people, to=[2])
    async with people.unit_of_work() as uow:
        [(zone, day, at)] = list(await uow.execute(sa.text("SELECT zone, day, at FROM reminder")))
        local = school.local(uow.now + timedelta(minutes=10))
    assert (zone, str(day), str(at)[:5]) == ("Europe/Oslo", str(local.date()), f"{local:%H:%M}")


async def test_what_was_sent_is_never_planned_again(people: Database, clock: Clock) -> None:
    await plan(people)
    clock.forward(timedelta(minutes=11))
    assert len(await fire(people)) == 3
    assert await drop(people, [1]) == 0, "what is done cannot be taken back"
    await forget(people, [1])
    assert await plan(people) == 0
    assert await fire(people) == []


async def test_only_what_is_due_is_claimed_the_earliest_first(people: Database, clock: Clock) -> None:
    await plan(people, "late", minutes=30)
    await plan(people, "soon", minutes=10)
    await plan(people, "never", minutes=5)
    async with people.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE reminder SET state = 'dropped' WHERE occurrence = 'never'"))
        await uow.commit()
    assert await fire(people) == []
    clock.forward(timedelta(minutes=31))
    async with people.unit_of_work() as uow:
        found = await claim_due_reminders(uow, 4)
    assert [row.occurrence for row in found] == ["soon"] * 3 + ["late"]
    assert [row.recipient_id for row in found[:3]] == PEOPLE
    assert isinstance(found[0], ReminderRow)
    assert found[0].due_at <= clock.now() < found[0].expires_at


async def test_replicas_claim_each_once(people: Database, clock: Clock, school: School) -> None:
    occurrences = [f"d{n}" for n in range(40)]
    await plan(people, *occurrences)
    clock.forward(timedelta(minutes=11))
    address = people.url.render_as_string(hide_password=False)
    replicas = [Database(address, now=clock.now, school=school, pool_size=2) for _ in range(4)]
    done: list[int] = []

    async def tick(replica: Database) -> None:
        while ids := await fire(replica, 7):
            done.extend(ids)

    try:
        await asyncio.gather(*(tick(replica) for replica in replicas))
        await tick(replicas[0])  # what one replica had passed by while another held it
    finally:
        await asyncio.gather(*(replica.close() for replica in replicas))
    assert sorted(done) == sorted(set(done))
    assert len(done) == len(PEOPLE) * len(occurrences)
    assert await stored(people, "DISTINCT state, 1 AS id") == [("done", 1)]


@pytest.mark.postgres
async def test_a_claim_is_passed_by_and_comes_back_when_its_replica_dies(
    fresh_postgres_url: str, clock: Clock, school: School
) -> None:
    database = Database(fresh_postgres_url, now=clock.now, school=school, pool_size=3)
    try:
        await generate(database, len(PEOPLE))
        await plan(database)
        clock.forward(timedelta(minutes=11))
        async with database.unit_of_work() as first, database.unit_of_work() as second:
            held = await claim_due_reminders(first, 2)
            rest = await claim_due_reminders(second, 10)  # waits for nobody
            assert len(held) == 2
            assert {row.id for row in held}.isdisjoint({row.id for row in rest})
            assert len(rest) == 1
        assert len(await fire(database)) == 3, "neither was settled, so all are due again"
    finally:
        await database.close()


async def test_taking_back_is_for_one_person_or_for_everybody(people: Database, clock: Clock) -> None:
    await plan(people, "d2", "h2")
    await plan(people, thing=2)
    await plan(people, about=TALK)
    assert await drop(people, [1], recipient_id=3, reason=DropReason.NOT_NEEDED) == 2
    assert await drop(people, [1, 2]) == 4 + 3
    assert await drop(people, [1, 2]) == 0
    assert await drop(people, []) == 0
    clock.forward(timedelta(minutes=11))
    assert len(await fire(people)) == 3, "the talks stay"
    reasons = Counter(await stored(people, "state, reason"))
    assert reasons == {("dropped", "not_needed"): 2, ("dropped", "cancelled"): 7, ("done", None): 3}


async def test_an_event_that_moves_back_is_reminded_of_again(people: Database, clock: Clock) -> None:
    await plan(people, "d2:tuesday")
    await drop(people, [1])
    assert await plan(people, "d2:wednesday") == 3
    assert await plan(people, "d2:tuesday") == 0, "dropped ones stand in the way until they are forgotten"
    await drop(people, [1])
    await forget(people, [1], recipient_id=2)
    assert await plan(people, "d2:tuesday") == 1
    await forget(people, [1])
    assert await plan(people, "d2:tuesday") == 2
    clock.forward(timedelta(minutes=11))
    assert len(await fire(people)) == 3
    assert await stored(people, "DISTINCT occurrence, state, 1 AS id") == [("d2:tuesday", "done", 1)]


async def test_one_that_came_too_late_is_not_planned_again(people: Database, clock: Clock) -> None:
    await plan(people)
    clock.forward(timedelta(minutes=11))
    async with people.unit_of_work() as uow:
        ids = [row.id for row in await claim_due_reminders(uow, 10)]
        await settle_reminders(uow, ids, ReminderState.DROPPED, DropReason.TOO_LATE)
        await settle_reminders(uow, [], ReminderState.DONE)
        await uow.commit()
    await forget(people, [1])
    assert await plan(people) == 0
    assert set(await stored(people, "state, reason")) == {("dropped", "too_late")}


async def test_taking_back_and_firing_at_once_agree(people: Database, clock: Clock) -> None:
    occurrences = [f"d{n}" for n in range(20)]
    await plan(people, *occurrences)
    clock.forward(timedelta(minutes=11))
    fired, dropped = await asyncio.gather(fire(people), drop(people, [1]))
    states = Counter(row[0] for row in await stored(people, "state"))
    assert states == Counter({"done": len(fired), "dropped": dropped}) + Counter()
    assert len(fired) + dropped == len(PEOPLE) * len(occurrences)
