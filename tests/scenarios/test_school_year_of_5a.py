"""The school year of 5A, August to June, on a moved clock, beside a written expectation of what each person received."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.actions.calendar_import import apply_calendar, plan_calendar
from bot.actions.year.imports import apply_dates, plan_dates, read_dates
from bot.domain.calendar_file import read_calendar
from bot.domain.year_plan import DEFAULT_SOURCE
from storage.models import Account
from storage.sql import table
from tests.conftest import EXAMPLE
from tests.scenarios.conftest import Template
from tests.scenarios.school_year import Diary, read_lines
from tests.scenarios.world import OSLO, World, open_world

EXPECTED = Path(__file__).with_name("school_year_of_5a.txt")
BEGIN = datetime(2026, 8, 12, 10, 0, tzinfo=OSLO)
LAST = date(2027, 6, 30)


async def office_imports(world: World) -> None:
    """The office brings in the days off and the year wheel, as `skolebud calendar` and `skolebud year` do."""
    async with world.unit_of_work() as uow:
        wanted = read_calendar((EXAMPLE / "calendar.csv").read_bytes())
        await apply_calendar(uow, None, wanted, await plan_calendar(uow, wanted))
    async with world.unit_of_work() as uow:
        found = await read_dates(uow, (EXAMPLE / "year.csv").read_bytes(), ics=False)
        plan = await plan_dates(uow, DEFAULT_SOURCE, found.dates)
    async with world.unit_of_work() as uow:
        await apply_dates(uow, None, DEFAULT_SOURCE, found.dates, plan)
    await world.idle()


async def leave_only(world: World, names: list[str]) -> None:
    """Take the phones of everybody else away: the year of one class is told, and the school's would take minutes."""
    keep = sorted(world.known[name].person_id for name in names)
    async with world.unit_of_work() as uow:
        await uow.change(sa.delete(table(Account)).where(table(Account).c.person_id.not_in(keep)))
        await uow.commit()


async def guardians_of(world: World, school_class: str) -> list[str]:
    """Return a class's guardians by name; of two with one name none, since a story tells people apart by it."""
    rows = await world.rows(
        "SELECT DISTINCT p.id, p.name FROM person p JOIN guardianship g ON g.person_id = p.id"
        " JOIN pupil u ON u.id = g.pupil_id JOIN school_class c ON c.id = u.class_id"
        " WHERE c.name = :name AND NOT g.blocked"
        " AND (SELECT count(*) FROM person other WHERE other.name = p.name) = 1 ORDER BY p.name",
        name=school_class,
    )
    return [row[1] for row in rows]


async def test_a_year_of_5a_brings_everybody_what_was_expected(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template, start=BEGIN, monthly_reports=False) as world:
        homes = await guardians_of(world, "5A")
        # homes that have a child in another class too get that class's dates as well
        also = {name: sorted(set(homes) & set(await guardians_of(world, name))) for name in ("2B", "8C")}
        expected = read_lines(EXPECTED, {"5A": homes, **also})
        await leave_only(world, [*homes, "Kari Nordmann"])
        diary = Diary(world, [*homes, "Kari Nordmann"])
        await office_imports(world)
        diary.write()
        for stop in sorted({line.when for line in expected}):
            await world.at(stop.year, stop.month, stop.day, stop.hour, stop.minute)
            diary.write()
        await world.at(LAST.year, LAST.month, LAST.day)
        diary.write()
        assert diary.differences(expected) == []
