"""The school year of 5A, August to June, on a moved clock, beside a written expectation of what each one received."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from storage.models import Account
from storage.sql import table
from tests.scenarios.conftest import Template
from tests.scenarios.school_year import Diary, read_lines
from tests.scenarios.school_year_story import ACTS, Story
from tests.scenarios.world import OSLO, World, open_world

EXPECTED = Path(__file__).with_name("school_year_of_5a.txt")
BEGIN = datetime(2026, 8, 12, 10, 0, tzinfo=OSLO)
LAST = date(2027, 6, 30)
PHONES = frozenset(
    {
        *("Amina Haddad", "Omar Haddad", "Piotr Kowalski", "Anna Kowalska", "Ingrid Berg", "Lars Berg"),
        *("James Miller", "Silje Moe Miller", "Iwona Zielińska", "Helge Aune", "Olena Bondarenko"),
        *("Hodan Abdi Warsame", "Abdirahman Warsame", "Siri Østby"),
    }
)
"""Guardians who have joined: both homes of a child, four languages, children in two and three classes."""


async def leave_only(world: World, names: list[str]) -> None:
    """Take the phones of everybody else away: a year of messages to every guardian would take minutes."""
    keep = sorted(world.known[name].person_id for name in names)
    async with world.unit_of_work() as uow:
        await uow.change(sa.delete(table(Account)).where(table(Account).c.person_id.not_in(keep)))
        await uow.commit()


async def guardians_of(world: World, school_class: str) -> list[str]:
    """Return those of a class's guardians who have joined, by name."""
    rows = await world.rows(
        "SELECT DISTINCT p.id, p.name FROM person p JOIN guardianship g ON g.person_id = p.id"
        " JOIN pupil u ON u.id = g.pupil_id JOIN school_class c ON c.id = u.class_id"
        " WHERE c.name = :name AND NOT g.blocked ORDER BY p.name",
        name=school_class,
    )
    return [row[1] for row in rows if row[1] in PHONES]


async def test_a_year_of_5a_brings_everybody_what_was_expected(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template, start=BEGIN, monthly_reports=False) as world:
        homes = await guardians_of(world, "5A")
        # homes that have a child in another class too get that class's dates as well
        also = {name: sorted(set(homes) & set(await guardians_of(world, name))) for name in ("2B", "8C")}
        expected = read_lines(EXPECTED, {"5A": homes, **also})
        await leave_only(world, [*homes, "Kari Nordmann"])
        diary = Diary(world, [*homes, "Kari Nordmann"])
        story, acts = Story(world), dict(ACTS)
        for stop in sorted({*acts, *(line.when for line in expected)}):
            if stop > BEGIN:
                await world.at(stop.year, stop.month, stop.day, stop.hour, stop.minute)
            diary.write()
            if stop in acts:
                diary.skip(*await acts[stop](story))
                diary.write()
        await world.at(LAST.year, LAST.month, LAST.day)
        diary.write()
        assert diary.differences(expected) == []
