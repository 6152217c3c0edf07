"""Planning around talks, and what happens at the very same moment, on both databases (M5, M9)."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actions.reminders.fire import fire_due
from bot.actions.talks.answer import confirm_summary
from bot.actions.talks.page import list_own_talks, show_talk
from bot.actions.talks.plan import drop_talk_reminders, plan_talk_reminders
from bot.actions.talks.points import tick_point
from bot.actions.talks.summary import begin_summary, send_summary
from bot.clock import Clock
from bot.domain.conferences import PointOwner
from bot.domain.errors import NotPermitted, Stale
from bot.domain.people import Actor
from bot.domain.talk_summary import DraftPoint, SummaryDraft
from storage.models import Event, Talk
from storage.queries.entry import link_account
from storage.queries.people import find_actor_by_person
from storage.queries.talks import change_talk, store_preparation
from storage.session import Database
from tests.scenarios.talks_steps import book
from tests.scenarios.world import OSLO


async def rows(database: Database, statement: str, **values: object) -> list[tuple[Any, ...]]:
    """Read what is stored."""
    async with database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.execute(sa.text(statement), values)]


async def come_in(database: Database, *names: str) -> list[Actor]:
    """Return people who have opened the bot."""
    found = []
    for name in names:
        [(person_id,)] = await rows(database, "SELECT id FROM person WHERE name = :name", name=name)
        async with database.unit_of_work() as uow:
            await link_account(uow, person_id, 10_000 + person_id)
            await uow.commit()
            actor = await find_actor_by_person(uow, person_id)
        assert actor is not None
        found.append(actor)
    return found


async def planned(database: Database) -> list[tuple[Any, ...]]:
    """Return (kind, state, count) of the reminders of talks, by kind."""
    return await rows(
        database,
        "SELECT kind, state, count(*) FROM reminder WHERE occasion = 'talk' GROUP BY kind, state ORDER BY kind, state",
    )


async def move(database: Database, talk_id: int, day: date, starts: time) -> None:
    """Give a talk another time, as booking does."""
    async with database.unit_of_work() as uow:
        [talk] = await uow.load(sa.select(Talk).where(Talk.id == talk_id))  # type: ignore[arg-type]
        begins = datetime.combine(day, starts, OSLO)
        talk.day, talk.starts, talk.starts_at, talk.ends_at = day, starts, begins, begins + timedelta(minutes=20)
        await uow.flush()
        await plan_talk_reminders(uow, talk)
        await uow.commit()


async def fire(database: Database, clock: Clock, month: int, day: int, hour: int) -> None:
    """Move the clock to an hour of the winter and let fire what is due."""
    clock.move_to(datetime(2026, month, day, hour, tzinfo=OSLO))
    async with database.unit_of_work() as uow:
        await fire_due(uow)


HOME = [("days", "planned", 2), ("hours", "planned", 2), ("prepare", "planned", 2), ("summary", "planned", 1)]


async def test_planning_again_changes_nothing_and_another_time_plans_anew(example_school: Database) -> None:
    await come_in(example_school, "Ingrid Berg", "Lars Berg", "Kari Nordmann")
    talk = await book(example_school, "Noah Berg", "Ingrid Berg")
    assert await planned(example_school) == HOME
    await move(example_school, talk, date(2026, 12, 1), time(17))
    assert await planned(example_school) == HOME
    first = await rows(example_school, "SELECT due_at FROM reminder WHERE state = 'planned' ORDER BY due_at, id")
    await move(example_school, talk, date(2026, 12, 3), time(18))
    assert [one for one in await planned(example_school) if one[1] == "planned"] == HOME
    await move(example_school, talk, date(2026, 12, 1), time(17))
    again = await rows(example_school, "SELECT due_at FROM reminder WHERE state = 'planned' ORDER BY due_at, id")
    assert again == first, "moved there and back"


async def test_what_was_sent_for_the_old_time_keeps_nothing_of_the_new_one_back(
    example_school: Database, clock: Clock
) -> None:
    await come_in(example_school, "Ingrid Berg", "Lars Berg", "Kari Nordmann")
    talk = await book(example_school, "Noah Berg", "Ingrid Berg")
    await fire(example_school, clock, 11, 29, 17)
    assert ("days", "done", 2) in await planned(example_school)
    await move(example_school, talk, date(2026, 12, 8), time(17))
    await fire(example_school, clock, 12, 1, 15)
    told = "SELECT count(*) FROM outgoing WHERE about = 'talk'"
    assert await rows(example_school, told) == [(4,)], "nothing is said of the old time"
    await fire(example_school, clock, 12, 8, 15)
    assert await rows(example_school, told) == [(10,)]
    async with example_school.unit_of_work() as uow:
        [stored] = await uow.load(sa.select(Talk))
        await drop_talk_reminders(uow, stored)
        await uow.commit()
    assert not [one for one in await planned(example_school) if one[1] == "planned"]
    waiting = "SELECT count(*) FROM outgoing WHERE about = 'talk' AND state = 'queued'"
    assert await rows(example_school, waiting) == [(0,)], "what waits to leave is taken back as well"


async def test_a_talk_that_was_cancelled_without_planning_is_not_reminded_of(
    example_school: Database, clock: Clock
) -> None:
    await come_in(example_school, "Ingrid Berg", "Kari Nordmann")
    await book(example_school, "Noah Berg", "Ingrid Berg")
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE event SET state = 'cancelled'"))
        await uow.commit()
    await fire(example_school, clock, 12, 2, 12)
    assert await rows(example_school, "SELECT count(*) FROM outgoing") == [(0,)]


async def sent(database: Database, clock: Clock, *points: DraftPoint) -> tuple[int, list[Actor]]:
    """Bring Noah's talk to where its summary was sent; return it with mother, father and teacher."""
    people = await come_in(database, "Ingrid Berg", "Lars Berg", "Kari Nordmann")
    talk = await book(database, "Noah Berg", "Ingrid Berg")
    clock.move_to(datetime(2026, 12, 2, 9, tzinfo=OSLO))
    draft = SummaryDraft(1, "Noah leser godt.", "nb", points)
    async with database.unit_of_work() as uow:
        await change_talk(uow, talk, draft=draft.encode())
        await uow.commit()
    async with database.unit_of_work() as uow:
        await send_summary(uow, people[2], talk, 1)
    return talk, people


async def test_two_guardians_at_once_confirm_once(example_school: Database, clock: Clock) -> None:
    talk, (ingrid, lars, kari) = await sent(example_school, clock)

    async def confirm(actor: Actor) -> bool:
        async with example_school.unit_of_work() as uow:
            return (await confirm_summary(uow, actor, talk, 1)).talk.confirmed_at is not None

    assert await asyncio.gather(*(confirm(actor) for actor in (ingrid, lars, ingrid, lars))) == [True] * 4
    assert await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'talk.confirm'") == [(1,)]
    told = "SELECT count(*) FROM outgoing WHERE about = 'talk_confirmed' AND recipient_id = :p"
    assert await rows(example_school, told, p=kari.person_id) == [(1,)]


async def test_the_school_hears_of_it_when_a_home_confirms_again_after_seeing_it_differently(
    example_school: Database, clock: Clock
) -> None:
    talk, (ingrid, _, kari) = await sent(example_school, clock)
    for _ in range(2):
        async with example_school.unit_of_work() as uow:
            await confirm_summary(uow, ingrid, talk, 1)
        async with example_school.unit_of_work() as uow:  # as a different view does
            await change_talk(uow, talk, confirmed_by=None, confirmed_at=None)
            await uow.commit()
        clock.forward(timedelta(minutes=5))
    told = "SELECT count(*) FROM outgoing WHERE about = 'talk_confirmed' AND recipient_id = :p"
    assert await rows(example_school, told, p=kari.person_id) == [(2,)]


async def test_a_talk_that_was_held_before_its_round_was_called_off_can_still_be_confirmed(
    example_school: Database, clock: Clock
) -> None:
    talk, (ingrid, *_) = await sent(example_school, clock)
    async with example_school.unit_of_work() as uow:
        await uow.execute(
            sa.text("UPDATE event SET state = 'cancelled', cancelled_at = :now").bindparams(
                sa.bindparam("now", type_=sa.inspect(Event).c.cancelled_at.type)
            ),
            {"now": uow.now},
        )
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        assert not (await show_talk(uow, ingrid, talk)).talk.cancelled


async def test_confirming_while_it_is_corrected_confirms_no_words_that_were_not_read(
    example_school: Database, clock: Clock
) -> None:
    talk, (ingrid, _, kari) = await sent(example_school, clock)
    async with example_school.unit_of_work() as uow:
        version = (await begin_summary(uow, kari, talk)).draft.version

    async def confirm() -> None:
        async with example_school.unit_of_work() as uow:
            await confirm_summary(uow, ingrid, talk, 1)

    async def correct() -> None:
        async with example_school.unit_of_work() as uow:
            await send_summary(uow, kari, talk, version)

    results = await asyncio.gather(confirm(), correct(), return_exceptions=True)
    assert all(one is None or isinstance(one, Stale) for one in results)
    assert await rows(example_school, "SELECT summary_version, confirmed_by FROM talk") == [(2, None)]


async def test_two_taps_send_one_summary(example_school: Database, clock: Clock) -> None:
    people = await come_in(example_school, "Ingrid Berg", "Kari Nordmann", "Marit Lund")
    talk = await book(example_school, "Noah Berg", "Ingrid Berg")
    clock.move_to(datetime(2026, 12, 2, 9, tzinfo=OSLO))
    point = DraftPoint("Les hver kveld", "nb", PointOwner.HOME, date(2026, 12, 16))
    async with example_school.unit_of_work() as uow:
        await change_talk(uow, talk, draft=SummaryDraft(4, "Fint.", "nb", (point,)).encode())
        await uow.commit()

    async def send(actor: Actor) -> None:
        async with example_school.unit_of_work() as uow:
            await send_summary(uow, actor, talk, 4)

    results = await asyncio.gather(*(send(one) for one in (*people[1:], people[1])), return_exceptions=True)
    assert results.count(None) == 1
    assert sum(isinstance(one, Stale) for one in results) == 2
    assert await rows(example_school, "SELECT summary_version FROM talk") == [(1,)]
    assert await rows(example_school, "SELECT count(*) FROM agreed_point") == [(1,)]
    assert await rows(example_school, "SELECT count(*) FROM outgoing WHERE about = 'talk_summary'") == [(1,)]


async def test_done_on_both_sides_at_once_is_done_once(example_school: Database, clock: Clock) -> None:
    point = DraftPoint("Les hver kveld", "nb", PointOwner.HOME, date(2026, 12, 16))
    _, people = await sent(example_school, clock, point)
    [(point_id,)] = await rows(example_school, "SELECT id FROM agreed_point")

    async def done(actor: Actor) -> bool:
        async with example_school.unit_of_work() as uow:
            _, changed = await tick_point(uow, actor, point_id, done=True)
            return changed

    assert sum(await asyncio.gather(*(done(actor) for actor in people))) == 1
    assert await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'point.done'") == [(1,)]
    assert await rows(example_school, "SELECT count(*) FROM outgoing WHERE about = 'talk_point'") == [(2,)]
    await fire(example_school, clock, 12, 13, 16)
    await fire(example_school, clock, 12, 17, 16)
    assert await rows(example_school, "SELECT count(*) FROM outgoing WHERE about = 'talk_points'") == [(0,)]


async def test_done_while_the_reminder_fires_leaves_no_open_point_behind(
    example_school: Database, clock: Clock
) -> None:
    point = DraftPoint("Les hver kveld", "nb", PointOwner.HOME, date(2026, 12, 16))
    _, (ingrid, _, _) = await sent(example_school, clock, point)
    [(point_id,)] = await rows(example_school, "SELECT id FROM agreed_point")
    clock.move_to(datetime(2026, 12, 13, 16, tzinfo=OSLO))

    async def tick() -> None:
        async with example_school.unit_of_work() as uow:
            await tick_point(uow, ingrid, point_id, done=True)

    async def tock() -> None:
        async with example_school.unit_of_work() as uow:
            await fire_due(uow)

    await asyncio.gather(tick(), tock(), tock())
    await fire(example_school, clock, 12, 17, 16)
    left = "SELECT count(*) FROM reminder WHERE occasion = 'point' AND state = 'planned'"
    assert await rows(example_school, left) == [(0,)]
    unchanged = (
        "SELECT count(*) FROM outgoing o WHERE o.about = 'talk_points' AND o.recipient_id <> :p AND o.edits_id IS NULL"
        " AND o.state = 'queued' AND NOT EXISTS (SELECT 1 FROM outgoing e WHERE e.edits_id = o.id)"
    )
    assert await rows(example_school, unchanged, p=ingrid.person_id) == [(0,)], "what waits to leave is taken back"


async def test_each_finds_the_talks_that_are_theirs(example_school: Database, clock: Clock) -> None:
    ingrid, lars, james, kari, tom, marit = await come_in(
        example_school, "Ingrid Berg", "Lars Berg", "James Miller", "Kari Nordmann", "Tom Eide", "Marit Lund"
    )
    talk = await book(example_school, "Noah Berg", "Ingrid Berg")
    await book(example_school, "Sara Miller", "James Miller", day=date(2026, 12, 2))
    clock.move_to(datetime(2026, 12, 1, 18, tzinfo=OSLO))
    async with example_school.unit_of_work() as uow:
        listed = {who.name: await list_own_talks(uow, who, 0) for who in (ingrid, james, kari, tom, marit)}
        unwritten = [(name, one.pupil_name) for name, page in listed.items() for one in page.unwritten]
        assert unwritten == [("Kari Nordmann", "Noah Berg")]
        coming = [(name, one.pupil_name) for name, page in listed.items() for one in page.coming]
        assert coming == [("James Miller", "Sara Miller")]
        for who, home in ((ingrid, True), (lars, True), (kari, False), (marit, False)):
            assert (await show_talk(uow, who, talk)).home is home
        for who in (james, tom):
            with pytest.raises(NotPermitted):
                await show_talk(uow, who, talk)


async def test_a_teacher_who_is_a_parent_of_the_pupil_reads_nothing_of_the_other_guardian(
    example_school: Database, clock: Clock
) -> None:
    ingrid, kari, geir = await come_in(example_school, "Ingrid Berg", "Kari Nordmann", "Geir Moen")
    talk = await book(example_school, "Noah Berg", "Ingrid Berg")
    async with example_school.unit_of_work() as uow:
        await store_preparation(uow, talk, ingrid.person_id, "Bare til skolen", "nb")
        await uow.change(
            sa.text(
                "INSERT INTO guardianship (pupil_id, person_id, relation, blocked)"
                f" SELECT id, {kari.person_id}, 'grandparent', false FROM pupil WHERE name = 'Noah Berg'"
            )
        )
        await uow.commit()
        found = await find_actor_by_person(uow, kari.person_id)
    assert found is not None
    await fire(example_school, clock, 12, 2, 9)
    prompts = "SELECT count(*) FROM outgoing WHERE about = 'talks'"
    assert await rows(example_school, prompts) == [(0,)], "somebody else writes it up"
    async with example_school.unit_of_work() as uow:
        page = await show_talk(uow, found, talk)
        assert page.home
        assert page.preparations == ()
        with pytest.raises(NotPermitted):
            await begin_summary(uow, found, talk)
    async with example_school.unit_of_work() as uow:
        assert [one.text for one in (await show_talk(uow, geir, talk)).preparations] == ["Bare til skolen"]
        assert (await begin_summary(uow, geir, talk)).readers == ("Ingrid Berg", "Kari Nordmann")
