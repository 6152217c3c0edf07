"""Requests for leave and check-in arrangements as rows: who finds which, and which replica takes what is due."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from bot.clock import Clock
from bot.domain.checkin import CheckinAnswer
from bot.domain.errors import NotPermitted
from bot.domain.leave import LeaveState
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Role
from bot.outbox.enqueue import Message, enqueue
from storage.queries import checkins, leave
from storage.queries.entry import link_account
from storage.queries.people import find_actor_by_person
from storage.session import Database, UnitOfWork

FIRST, LAST = date(2026, 12, 14), date(2026, 12, 16)


async def actor(uow: UnitOfWork, name: str) -> Actor:
    person = (await uow.execute(sa.text("SELECT id FROM person WHERE name = :name"), {"name": name})).scalar_one()
    await link_account(uow, person, 10_000 + person)
    found = await find_actor_by_person(uow, person)
    assert found is not None
    return found


async def request(uow: UnitOfWork, home: Actor, *, by_leadership: bool = False, first: date = FIRST) -> leave.LeaveRow:
    (pupil,) = home.children
    return await leave.add_leave(
        uow,
        pupil_id=pupil,
        asked_by=home.person_id,
        first=first,
        last=first + (LAST - FIRST),
        days=3,
        why="Reise",
        why_language="nb",
        by_leadership=by_leadership,
        remind_at=uow.now + timedelta(hours=1),
    )


async def test_each_finds_the_requests_that_are_theirs_to_decide(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        ingrid, kari, tom, nina, marit = [
            await actor(uow, name) for name in ("Ingrid Berg", "Kari Nordmann", "Tom Eide", "Nina Sørli", "Marit Lund")
        ]
        short = await request(uow, ingrid)
        long = await request(uow, ingrid, by_leadership=True, first=FIRST + timedelta(days=14))
        found = {who.name: [row.id for row in await leave.list_undecided(uow, who, 9)] for who in (kari, tom, marit)}
        assert found == {"Kari Nordmann": [short.id], "Tom Eide": [], "Marit Lund": [short.id, long.id]}
        assert await leave.list_undecided(uow, nina, 9) == [], "a subject teacher does not decide"
        assert (await leave.access_school_leave(uow, kari, short.id)).pupil_name == "Noah Berg"
        for who, row in ((kari, long), (tom, short), (nina, short), (ingrid, short)):
            with pytest.raises(NotPermitted):
                await leave.access_school_leave(uow, who, row.id)
        decided = await leave.change_leave(uow, short, state=LeaveState.GRANTED, decided_by=kari.person_id)
        assert (decided.version, decided.state) == (2, LeaveState.GRANTED)
        assert await leave.list_undecided(uow, kari, 9) == []


async def test_a_home_finds_its_own_and_what_stands_in_the_way(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        ingrid, lars, james = [await actor(uow, name) for name in ("Ingrid Berg", "Lars Berg", "James Miller")]
        first = await request(uow, ingrid)
        second = await request(uow, ingrid, first=FIRST + timedelta(days=7))
        assert [row.id for row in await leave.list_home_leave(uow, lars, FIRST, 9)] == [second.id, first.id]
        assert [row.id for row in await leave.list_home_leave(uow, lars, LAST + timedelta(days=1), 9)] == [second.id]
        assert await leave.list_home_leave(uow, james, FIRST, 9) == []
        with pytest.raises(NotPermitted):
            await leave.access_home_leave(uow, james, first.id)
        pupils = sorted(ingrid.children)
        for touching in ((LAST, LAST), (FIRST - timedelta(days=3), FIRST), (FIRST, LAST)):
            assert [row.id for row in await leave.list_standing(uow, pupils, *touching)] == [first.id]
        assert await leave.list_standing(uow, pupils, LAST + timedelta(days=1), LAST + timedelta(days=2)) == []
        await leave.change_leave(uow, first, state=LeaveState.REFUSED)
        assert await leave.list_standing(uow, pupils, FIRST, LAST) == []


async def test_a_reminder_that_one_replica_takes_no_other_takes(example_school: Database, clock: Clock) -> None:
    async with example_school.unit_of_work() as uow:
        ingrid = await actor(uow, "Ingrid Berg")
        waits = await request(uow, ingrid)
        answered = await request(uow, ingrid, first=FIRST + timedelta(days=7))
        await leave.change_leave(uow, answered, state=LeaveState.REFUSED)
        assert await leave.claim_reminders(uow, 9) == [], "not yet"
        await uow.commit()
    clock.forward(timedelta(hours=1))
    async with example_school.unit_of_work() as uow:
        assert [row.id for row in await leave.claim_reminders(uow, 9)] == [waits.id]
        if not example_school.is_sqlite:
            async with example_school.unit_of_work() as other:
                assert await leave.claim_reminders(other, 9) == []
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        assert await leave.claim_reminders(uow, 9) == []


async def test_the_messages_that_asked_are_found_and_their_edits_are_not(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        ingrid, kari = await actor(uow, "Ingrid Berg"), await actor(uow, "Kari Nordmann")
        row = await request(uow, ingrid)
        about = {"about": leave.ASKED, "about_id": row.id}
        await enqueue(uow, Message(kari.person_id, OutgoingKind.MESSAGE, "asks", "a", **about))  # type: ignore[arg-type]
        [(outgoing, person)] = await leave.list_asked(uow, row.id)
        assert person == kari.person_id
        edit = Message(kari.person_id, OutgoingKind.MESSAGE, "stands", "b", edits_id=outgoing, **about)  # type: ignore[arg-type]
        await enqueue(uow, edit)
        assert await leave.list_asked(uow, row.id) == [(outgoing, person)]


async def arrangement(uow: UnitOfWork, home: Actor, *staff: Actor) -> checkins.PlanRow:
    (pupil,) = home.children
    return await checkins.add_plan(
        uow,
        pupil_id=pupil,
        made_by=staff[0].person_id,
        weekdays=[0, 1],
        ask_at=time(7, 0),
        first=uow.today,
        last=uow.today + timedelta(days=30),
        staff_ids=[one.person_id for one in staff],
        guardian_ids=[home.person_id],
        next_at=uow.now + timedelta(hours=1),
    )


async def test_only_its_people_find_an_arrangement(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        ingrid, lars, kari, nina, marit = [
            await actor(uow, name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann", "Nina Sørli", "Marit Lund")
        ]
        plan = await arrangement(uow, ingrid, kari)
        assert [row.id for row in await checkins.list_plans(uow, kari)] == [plan.id]
        for who in (nina, marit):
            assert await checkins.list_plans(uow, who) == []
            with pytest.raises(NotPermitted):
                await checkins.access_plan(uow, who, plan.id)
        assert (await checkins.access_own_plan(uow, ingrid, plan.id)).schedule.ask_at == time(7, 0)
        with pytest.raises(NotPermitted):
            await checkins.access_own_plan(uow, lars, plan.id)
        running = await checkins.find_running(uow, plan.pupil_id)
        assert running is not None
        assert running.id == plan.id
        await checkins.change_plan(uow, plan.id, ended_at=uow.now, next_at=None)
        assert await checkins.find_running(uow, plan.pupil_id) is None
        with pytest.raises(NotPermitted):
            await checkins.access_plan(uow, kari, plan.id)


async def test_who_works_with_a_class_is_listed_once_with_the_nearest_role(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        ingrid = await actor(uow, "Ingrid Berg")
        plan = await arrangement(uow, ingrid, await actor(uow, "Kari Nordmann"))
        found = [(one.name, one.role, one.reachable) for one in await checkins.list_staff_of(uow, plan.class_id)]
        assert found == [
            ("Kari Nordmann", Role.CONTACT_TEACHER, True),
            ("Nina Sørli", Role.SUBJECT_TEACHER, False),
            ("Marit Lund", Role.PRINCIPAL, False),
            ("Geir Moen", Role.OFFICE, False),
        ]


async def test_an_arrangement_that_one_replica_takes_no_other_takes(example_school: Database, clock: Clock) -> None:
    async with example_school.unit_of_work() as uow:
        plan = await arrangement(uow, await actor(uow, "Ingrid Berg"), await actor(uow, "Kari Nordmann"))
        assert await checkins.claim_plans(uow, 9) == []
        await uow.commit()
    clock.forward(timedelta(hours=1))
    async with example_school.unit_of_work() as uow:
        assert [row.id for row in await checkins.claim_plans(uow, 9)] == [plan.id]
        if not example_school.is_sqlite:
            async with example_school.unit_of_work() as other:
                assert await checkins.claim_plans(other, 9) == []
        await checkins.set_next(uow, plan.id, uow.now + timedelta(days=1))
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        assert await checkins.claim_plans(uow, 9) == []
        assert (await checkins.read_plan(uow, plan.id)).version == 1, "its next time is no change of it"


async def test_a_day_is_asked_once_and_an_answer_ends_the_waiting(example_school: Database, clock: Clock) -> None:
    async with example_school.unit_of_work() as uow:
        plan = await arrangement(uow, await actor(uow, "Ingrid Berg"), await actor(uow, "Kari Nordmann"))
        day = await checkins.add_day(uow, plan.id, uow.today, uow.now + timedelta(minutes=30))
        assert day is not None
        assert await checkins.add_day(uow, plan.id, uow.today, None) is None
        other = await checkins.add_day(uow, plan.id, uow.today + timedelta(days=1), uow.now + timedelta(minutes=30))
        assert other is not None
        changed = await checkins.change_day(uow, day, answer=CheckinAnswer.LATER)
        assert (changed.version, changed.answer) == (2, CheckinAnswer.LATER)
        await uow.commit()
    clock.forward(timedelta(minutes=30))
    async with example_school.unit_of_work() as uow:
        assert [row.id for row in await checkins.claim_unanswered(uow, 9)] == [other]
        assert await checkins.claim_unanswered(uow, 9) == []


async def test_the_newest_message_of_a_day_to_each_is_the_one_that_changes(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        kari, nina = await actor(uow, "Kari Nordmann"), await actor(uow, "Nina Sørli")
        for key, person in (("1", kari), ("2", nina), ("3", kari)):
            await enqueue(
                uow,
                Message(person.person_id, OutgoingKind.MESSAGE, key, key, about=checkins.TOLD, about_id=7),
            )
        found = await checkins.list_sent_of_day(uow, checkins.TOLD, 7)
        assert {person for _, person in found} == {kari.person_id, nina.person_id}
        assert await checkins.list_sent_of_day(uow, checkins.TOLD, 7, [nina.person_id]) == [
            one for one in found if one[1] == nina.person_id
        ]
        texts = [
            (await uow.execute(sa.text("SELECT dedupe_key FROM outgoing WHERE id = :i"), {"i": one})).scalar_one()
            for one, _ in found
        ]
        assert sorted(texts) == ["2", "3"]
        assert await checkins.list_sent_of_day(uow, checkins.TOLD, 8) == []
