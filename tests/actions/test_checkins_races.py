"""Two replicas, two guardians, two adults at the very same time: one asking, one line, one arrangement (A9)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.actions.checkins import answer as mornings
from bot.actions.checkins import drafting
from bot.actions.checkins import plan as plans
from bot.actions.checkins.ask import ask_due
from bot.clock import Clock
from bot.domain.checkin import CheckinAnswer, CheckinDraft, NoMorningThen
from bot.domain.checkin_taps import EditStep
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.people import Actor
from storage.queries.dialogue import ask
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.scenarios.world import OSLO

TUESDAY = datetime(2026, 11, 24, 7, 0, tzinfo=OSLO)


def draft_for(database: Database, kari: Actor, *home: Actor) -> CheckinDraft:
    (pupil,) = home[0].children
    today = database.school.local(database.now()).date()
    return CheckinDraft(
        pupil,
        ask_at=time(7, 0),
        last=today + timedelta(weeks=4),
        staff_ids=(kari.person_id,),
        guardian_ids=tuple(one.person_id for one in home),
        reviewed=True,
    )


async def start(database: Database, actor: Actor, draft: CheckinDraft) -> plans.PlanView:
    async with database.unit_of_work() as uow:
        await ask(uow, actor.person_id, drafting.EXPECT_DRAFT, 0, draft=draft.to_json())
        return await plans.start(uow, actor)


async def people(database: Database) -> tuple[Actor, Actor, Actor]:
    """Return Kari with Ingrid and Lars, whose Noah has an arrangement from Tuesday on."""
    kari, ingrid, lars = [await come_in(database, name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg")]
    await start(database, kari, draft_for(database, kari, ingrid, lars))
    return kari, ingrid, lars


async def tick(database: Database) -> int:
    async with database.unit_of_work() as uow:
        return await ask_due(uow)


async def day_of(database: Database) -> int:
    [(day,)] = await rows(database, "SELECT id FROM checkin_day")
    return int(day)


async def count(database: Database, key: str) -> int:
    [(n,)] = await rows(database, "SELECT count(*) FROM outgoing WHERE dedupe_key LIKE :key", key=key)
    return int(n)


async def test_several_replicas_ask_a_home_once(example_school: Database, clock: Clock) -> None:
    await people(example_school)
    clock.move_to(TUESDAY)
    await asyncio.gather(*(tick(example_school) for _ in range(4)))
    assert await count(example_school, "checkin-ask:%") == 2, "one for each guardian"
    assert await rows(example_school, "SELECT count(*) FROM checkin_day") == [(1,)]
    [(next_at,)] = await rows(example_school, "SELECT next_at FROM checkin_plan")
    assert str(next_at)[:16].replace("T", " ") == "2026-11-25 06:00"
    clock.move_to(TUESDAY + timedelta(hours=1, minutes=30))
    await asyncio.gather(*(tick(example_school) for _ in range(4)))
    assert await count(example_school, "checkin:%:unanswered:%") == 1


async def test_both_guardians_answering_at_once_leave_one_answer_and_its_absence(
    example_school: Database, clock: Clock
) -> None:
    _, ingrid, lars = await people(example_school)
    clock.move_to(TUESDAY)
    await tick(example_school)
    day = await day_of(example_school)

    async def says(actor: Actor, answer: CheckinAnswer) -> None:
        async with example_school.unit_of_work() as uow:
            await mornings.answer_checkin(uow, actor, day, answer)

    await asyncio.gather(
        says(ingrid, CheckinAnswer.NOT_TODAY), says(lars, CheckinAnswer.LATER), says(ingrid, CheckinAnswer.NOT_TODAY)
    )
    [(answer, version)] = await rows(example_school, "SELECT answer, version FROM checkin_day")
    [(kind,)] = await rows(example_school, "SELECT kind FROM absence WHERE state = 'active'")
    assert (answer, kind) in {("not_today", "absent"), ("later", "late")}
    assert await count(example_school, "checkin:%:told:%") == version - 1


async def test_two_adults_who_see_the_pupil_at_once_send_one_good_line(example_school: Database, clock: Clock) -> None:
    kari, ingrid, _ = await people(example_school)
    clock.move_to(TUESDAY)
    await tick(example_school)
    day = await day_of(example_school)

    async def sees() -> mornings.Here:
        async with example_school.unit_of_work() as uow:
            return await mornings.note_here(uow, kari, day)

    seen = await asyncio.gather(*(sees() for _ in range(3)))
    assert sorted(one.again for one in seen) == [False, True, True]
    assert await count(example_school, f"checkin:%:here:%:{ingrid.person_id}") == 1
    async with example_school.unit_of_work() as uow:
        morning = await mornings.answer_checkin(uow, ingrid, day, CheckinAnswer.NOT_TODAY)
    assert morning.arrived, "who is here cannot be said to stay at home"
    assert await rows(example_school, "SELECT count(*) FROM absence") == [(0,)]


async def test_two_colleagues_who_arrange_at_once_make_one_arrangement(example_school: Database) -> None:
    kari, nina, ingrid = [
        await come_in(example_school, name) for name in ("Kari Nordmann", "Nina Sørli", "Ingrid Berg")
    ]
    draft = draft_for(example_school, kari, ingrid)
    results = await asyncio.gather(
        start(example_school, kari, draft),
        start(example_school, nina, replace(draft, staff_ids=(nina.person_id,))),
        start(example_school, kari, draft),
        return_exceptions=True,
    )
    assert sum(isinstance(one, plans.PlanView) for one in results) == 1
    assert all(isinstance(one, plans.PlanView | DomainError) for one in results)
    assert await rows(example_school, "SELECT count(*) FROM checkin_plan") == [(1,)]


async def test_only_people_who_may_be_part_of_it_are_stored(example_school: Database) -> None:
    kari, ingrid, james = [
        await come_in(example_school, name) for name in ("Kari Nordmann", "Ingrid Berg", "James Miller")
    ]
    tom = await come_in(example_school, "Tom Eide")
    draft = draft_for(example_school, kari, ingrid)
    made_up = replace(
        draft,
        staff_ids=(tom.person_id, ingrid.person_id),
        guardian_ids=(ingrid.person_id, james.person_id, tom.person_id),
    )
    view = await start(example_school, kari, made_up)
    assert view.plan.staff_ids == [kari.person_id], "whoever arranges it hears, a teacher of another class does not"
    assert view.plan.guardian_ids == [ingrid.person_id]
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotPermitted):
            await plans.begin(uow, tom, draft.pupil_id)
        with pytest.raises(NotPermitted):
            await plans.begin(uow, ingrid, draft.pupil_id)
        with pytest.raises(NotPermitted):
            await plans.list_arrangements(uow, ingrid)
        await plans.change(uow, kari, view.plan.id)
        for step, value in (
            (EditStep.STAFF, tom.person_id),
            (EditStep.STAFF, kari.person_id),
            (EditStep.GUARDIAN, james.person_id),
            (EditStep.UNTIL, 1),
            (EditStep.TIME, 7060),
        ):
            with pytest.raises(NotPermitted):
                await drafting.edit(uow, kari, step, value)


async def test_a_time_without_a_school_morning_cannot_be_arranged(example_school: Database) -> None:
    kari, ingrid = [await come_in(example_school, name) for name in ("Kari Nordmann", "Ingrid Berg")]
    async with example_school.unit_of_work() as uow:
        await uow.change(
            sa.text("INSERT INTO day_off (first, last, name) VALUES ('2026-11-24', '2027-06-30', 'stengt')")
        )
        await uow.commit()
    with pytest.raises(NoMorningThen):
        await start(example_school, kari, draft_for(example_school, kari, ingrid))


async def test_days_off_that_came_into_the_calendar_later_are_not_asked_on(
    example_school: Database, clock: Clock
) -> None:
    await people(example_school)
    async with example_school.unit_of_work() as uow:
        await uow.change(
            sa.text("INSERT INTO day_off (first, last, name) VALUES ('2026-11-24', '2026-11-25', 'plandag')")
        )
        await uow.commit()
    clock.move_to(TUESDAY)
    await tick(example_school)
    assert await count(example_school, "checkin-ask:%") == 0
    [(next_at,)] = await rows(example_school, "SELECT next_at FROM checkin_plan")
    assert str(next_at)[:10] == "2026-11-26"


async def test_a_pupil_who_has_left_is_asked_about_no_more(example_school: Database, clock: Clock) -> None:
    await people(example_school)
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE pupil SET left_at = '2026-11-23 12:00:00' WHERE name = 'Noah Berg'"))
        await uow.commit()
    clock.move_to(TUESDAY)
    await tick(example_school)
    assert await count(example_school, "checkin-ask:%") == 0
    assert await rows(example_school, "SELECT count(*) FROM checkin_plan WHERE ended_at IS NULL") == [(0,)]


async def test_a_home_that_cannot_be_reached_is_told_to_the_adults(example_school: Database, clock: Clock) -> None:
    await people(example_school)
    async with example_school.unit_of_work() as uow:
        await uow.change(
            sa.text(
                "UPDATE account SET reachable = false WHERE person_id IN"
                " (SELECT id FROM person WHERE name IN ('Ingrid Berg', 'Lars Berg'))"
            )
        )
        await uow.commit()
    clock.move_to(TUESDAY)
    await tick(example_school)
    assert await count(example_school, "checkin-ask:%") == 0
    assert await count(example_school, "checkin:%:nobody:%") == 1
