"""The year wheel is imported whole or not at all, once, and its people are looked up once, on both databases (M6)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.actions import Progress
from bot.actions.year.fan import fan_due
from bot.actions.year.imports import YearChanged, apply_dates, plan_dates, read_dates, show_dates
from bot.actions.year.own import own_dates, own_entries
from bot.clock import Clock
from bot.domain.errors import NotPermitted
from bot.domain.roster_problems import RosterInvalid
from bot.domain.year_plan import YearPlan
from storage.queries.calendar_links import find_owner, mark_read, store_link
from storage.queries.year import access_calendar_event
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.conftest import EXAMPLE

YEAR = (EXAMPLE / "year.csv").read_bytes()
OSLO = ZoneInfo("Europe/Oslo")
HEADER = "key,date,last,start,end,title,for,place,kind\n"


async def load(database: Database, data: bytes, source: str = "year") -> YearPlan:
    """Import a file in one go, as the office's yes does."""
    async with database.unit_of_work() as uow:
        found = await read_dates(uow, data, ics=False)
        plan = await plan_dates(uow, source, found.dates)
        await apply_dates(uow, None, source, found.dates, plan)
    return plan


async def stored(database: Database) -> list[tuple[Any, ...]]:
    return await rows(database, "SELECT id, state, revision, title, fan_at FROM event ORDER BY id")


async def fan(database: Database) -> Progress:
    async with database.unit_of_work() as uow:
        return await fan_due(uow)


async def test_the_example_year_is_stored_and_again_nothing_changes(example_school: Database) -> None:
    first = await load(example_school, YEAR)
    assert len(first.new) == 47
    before = await stored(example_school)
    assert (await load(example_school, YEAR)).is_empty
    assert await stored(example_school) == before
    past = [row for row in before if row[4] is None]
    assert 15 < len(past) < 25, "what is over when it is imported reminds nobody"
    async with example_school.unit_of_work() as uow:
        assert len((await show_dates(uow)).dates) == 47 - len(past)


async def test_a_calendar_with_repetitions_is_the_same_the_second_time(example_school: Database) -> None:
    weekly = "DTSTART;TZID=Europe/Oslo:20261001T080000\nDTEND;TZID=Europe/Oslo:20261001T100000\nRRULE:FREQ=WEEKLY"
    night = "DTSTART;TZID=Europe/Oslo:20270327T180000\nDTEND;TZID=Europe/Oslo:20270328T100000"
    parts = (f"UID:a\nSUMMARY:Svømming\n{weekly}", f"UID:b\nSUMMARY:Natt på skolen\n{night}")
    body = "".join(f"BEGIN:VEVENT\n{part}\nCATEGORIES:5A\nEND:VEVENT\n" for part in parts)
    raw = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()
    plans = []
    for data in (raw, raw, raw.replace("Svømming".encode(), b"Basseng")):
        async with example_school.unit_of_work() as uow:
            found = await read_dates(uow, data, ics=True)
            plan = await plan_dates(uow, "sfo", found.dates)
            await apply_dates(uow, None, "sfo", found.dates, plan)
        plans.append(plan)
    first, again, renamed = plans
    assert len(first.new) > 40
    assert again.is_empty
    assert (len(renamed.new), len(renamed.gone)) == (0, 0)
    assert len(renamed.changed) == sum(not one.over for one in first.new) - 1, "what has been stays as it was"


@pytest.mark.parametrize("wrong", [b"2027-06-48", b"", b"2099-06-18"])
async def test_one_wrong_line_changes_nothing(example_school: Database, wrong: bytes) -> None:
    await load(example_school, YEAR)
    before = await stored(example_school)
    with pytest.raises(RosterInvalid):
        await load(example_school, YEAR.replace(b"Idrettsdag", b"Aktivitetsdag").replace(b"2027-06-18", wrong))
    assert await stored(example_school) == before


async def test_what_is_gone_and_ahead_is_cancelled_and_what_is_past_stays(example_school: Database) -> None:
    await load(example_school, YEAR)
    kept = b"\n".join(line for line in YEAR.splitlines() if b"Idrettsdag" not in line and b"Sommerfest" not in line)
    plan = await load(example_school, kept)
    assert [one.facts.title for one in plan.gone] == ["Sommerfest"]
    states = {row[3]: row[1:3] for row in await stored(example_school)}
    assert states["Sommerfest"] == ("cancelled", 2)
    assert states["Idrettsdag"] == ("open", 1)


async def test_two_imports_at_once_are_one(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        found = await read_dates(uow, YEAR, ics=False)
        plan = await plan_dates(uow, "year", found.dates)

    async def apply() -> None:
        async with example_school.unit_of_work() as uow:
            await apply_dates(uow, None, "year", found.dates, plan)

    outcomes = await asyncio.gather(apply(), apply(), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    (lost,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(lost, YearChanged)
    assert len(await stored(example_school)) == 47


async def test_people_are_looked_up_once_however_many_look(example_school: Database, clock: Clock) -> None:
    await load(example_school, (HEADER + ",2026-12-03,,09:00,13:00,Turdag,5A,,\n").encode())
    assert await fan(example_school) == Progress(0, more=False)
    clock.move_to(datetime(2026, 12, 1, 8, 50, tzinfo=OSLO))
    await asyncio.gather(*(fan(example_school) for _ in range(3)))
    ((homes,),) = await rows(example_school, "SELECT count(*) FROM invitation")
    assert homes > 20
    planned = await rows(
        example_school,
        "SELECT p.name, count(*), count(DISTINCT r.occurrence) FROM reminder r"
        " JOIN person p ON p.id = r.recipient_id GROUP BY p.name",
    )
    assert len(planned) == homes
    assert {row[1:] for row in planned} == {(2, 2)}, "two days and two hours before"
    assert (await stored(example_school))[0][4] is None


async def test_a_right_that_has_ended_ends_the_calendar(example_school: Database) -> None:
    await load(example_school, (HEADER + ",2026-12-03,,09:00,13:00,Turdag,5A,,\n").encode())
    ingrid, tom = await come_in(example_school, "Ingrid Berg"), await come_in(example_school, "Tom Eide")
    ((event_id,),) = await rows(example_school, "SELECT id FROM event")
    async with example_school.unit_of_work() as uow:
        assert (await access_calendar_event(uow, ingrid, event_id)).event.title == "Turdag"
        assert next(line.what for line in (await own_dates(uow, ingrid, 0)).lines).endswith("Turdag")
        assert (await own_dates(uow, tom, 99)).lines == (), "he teaches 2B"
        with pytest.raises(NotPermitted):
            await access_calendar_event(uow, tom, event_id)
        assert "Turdag" not in {one.title for one in await own_entries(uow, tom)}
    async with example_school.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE event SET state = 'draft'"))
        with pytest.raises(NotPermitted):
            await access_calendar_event(uow, ingrid, event_id)


async def test_a_new_address_takes_the_place_of_the_old_one(example_school: Database, clock: Clock) -> None:
    ingrid = await come_in(example_school, "Ingrid Berg")
    async with example_school.unit_of_work() as uow:
        await store_link(uow, ingrid.person_id, "a" * 64)
        await store_link(uow, ingrid.person_id, "b" * 64)
        assert await find_owner(uow, "a" * 64) is None
        assert await find_owner(uow, "b" * 64) == ingrid.person_id
        assert await mark_read(uow, ingrid.person_id, every=timedelta(hours=1))
        assert not await mark_read(uow, ingrid.person_id, every=timedelta(hours=1))
