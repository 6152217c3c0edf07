"""Who stands in line, who is told, and who comes in as the school, after things have changed (M4, P3), on both."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.actions.conferences import book as booking
from bot.actions.conferences import desk, look_after, waiting
from bot.clock import Clock
from bot.domain.errors import NotPermitted
from bot.domain.people import Actor
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.actions.test_booking_races import book, everybody_in, open_round, pupil_of, tick


async def change(database: Database, statement: str, **values: object) -> None:
    async with database.unit_of_work() as uow:
        await uow.execute(sa.text(statement), values)
        await uow.commit()


async def join(database: Database, home: Actor, event: int, pupil: int, clock: Clock) -> None:
    async with database.unit_of_work() as uow:
        await waiting.join(uow, home, event, pupil)
    clock.forward(timedelta(minutes=1))


async def offered(database: Database) -> list[int]:
    found = await rows(database, "SELECT held_pupil_id FROM slot WHERE held_until IS NOT NULL ORDER BY starts_at")
    return [row[0] for row in found]


async def test_who_let_a_time_pass_is_not_asked_again_when_the_next_stops_waiting(
    example_school: Database, clock: Clock
) -> None:
    homes = await everybody_in(example_school)
    _, event, times = await open_round(example_school, 30)
    pupils = [await pupil_of(example_school, home) for home in homes[:4]]
    talk = (await book(example_school, homes[0], pupils[0], times[0])).talk.id
    for home, pupil in zip(homes[1:4], pupils[1:], strict=True):
        await join(example_school, home, event, pupil, clock)
    async with example_school.unit_of_work() as uow:
        await booking.cancel_talk(uow, homes[0], talk or 0, 0)
    await tick(example_school)
    assert await offered(example_school) == [pupils[1]]
    async with example_school.unit_of_work() as uow:
        await waiting.let_pass(uow, homes[1], event, pupils[1])
    await tick(example_school)
    assert await offered(example_school) == [pupils[2]]
    async with example_school.unit_of_work() as uow:
        await waiting.leave(uow, homes[2], event, pupils[2])
    await tick(example_school)
    assert await offered(example_school) == [pupils[3]], "not the first again"
    await change(example_school, "UPDATE guardianship SET blocked = :y WHERE pupil_id = :p", y=True, p=pupils[1])
    async with example_school.unit_of_work() as uow:
        await waiting.let_pass(uow, homes[3], event, pupils[3])
    await tick(example_school)
    assert await offered(example_school) == []


async def test_nothing_is_kept_for_a_home_that_is_shut_out_and_its_offer_is_taken_back_with_the_round(
    example_school: Database, clock: Clock
) -> None:
    homes = await everybody_in(example_school)
    kari, event, times = await open_round(example_school, 60)
    pupils = [await pupil_of(example_school, home) for home in homes[:4]]
    talks = [
        (await book(example_school, home, pupil, slot)).talk.id
        for home, pupil, slot in zip(homes[:2], pupils, times, strict=False)
    ]
    for home, pupil in zip(homes[2:4], pupils[2:], strict=True):
        await join(example_school, home, event, pupil, clock)
    await change(example_school, "UPDATE guardianship SET blocked = :y WHERE pupil_id = :p", y=True, p=pupils[2])
    async with example_school.unit_of_work() as uow:
        await booking.cancel_talk(uow, homes[0], talks[0] or 0, 0)
    await tick(example_school)
    assert await offered(example_school) == [pupils[3]], "the home before is shut out: nobody may be told"
    [(other,)] = await rows(example_school, "SELECT min(id) FROM school_class WHERE name != '5A'")
    await change(example_school, "UPDATE pupil SET class_id = :c WHERE id = :p", c=other, p=pupils[1])
    async with example_school.unit_of_work() as uow:
        await look_after.cancel_round(uow, kari, event)
    told = "SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'round-off:%' AND recipient_id = :p AND pupil_id = :u"
    assert await rows(example_school, told, p=homes[1].person_id, u=pupils[1]) == [(1,)], "its talk was called off too"
    waits = "SELECT count(*) FROM outgoing WHERE about = 'talk_offer' AND state = 'queued'"
    assert await rows(example_school, waits) == [(0,)]


async def test_a_teacher_who_is_shut_out_as_a_guardian_does_not_come_in_as_the_school(
    example_school: Database,
) -> None:
    homes = await everybody_in(example_school)
    kari, event, times = await open_round(example_school, 60)
    pupil = await pupil_of(example_school, homes[0])
    await book(example_school, homes[0], pupil, times[0])
    await change(
        example_school,
        "INSERT INTO guardianship (person_id, pupil_id, relation, blocked) VALUES (:a, :p, 'mother', :y)",
        a=kari.person_id, p=pupil, y=True,
    )  # fmt: skip
    kari = await come_in(example_school, "Kari Nordmann")
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotPermitted):
            await desk.access_booking(uow, kari, pupil, event_id=event)
