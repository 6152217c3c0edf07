"""Who reads a report that something is not right, on both kinds of server (B10)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.care import safety
from bot.actions.threads import NobodyReads
from bot.domain.errors import NotPermitted
from bot.domain.people import Role
from storage.queries.people import find_actor_by_person
from storage.queries.safety import list_safety_readers
from storage.queries.threads import access_thread
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.conftest import import_example

STAFF = ("Marit Lund", "Geir Moen", "Tom Eide", "Kari Nordmann", "Nina Sørli")
TEACHES_5A = {"Kari Nordmann", "Nina Sørli"}


async def pupil(database: Database, name: str = "Ali Haddad") -> int:
    [(found,)] = await rows(database, "SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


async def name_adults(database: Database, *names: str) -> None:
    """Let the school name exactly these adults."""
    async with database.unit_of_work() as uow:
        await uow.execute(sa.text("DELETE FROM staff_role WHERE role = 'safety_contact'"))
        for name in names:
            await uow.execute(
                sa.text("INSERT INTO staff_role (person_id, role) SELECT id, :role FROM person WHERE name = :name"),
                {"role": Role.SAFETY_CONTACT.value, "name": name},
            )
        await uow.commit()


async def read_by(database: Database) -> list[str]:
    ali = await pupil(database)
    async with database.unit_of_work() as uow:
        return [one.name for one in await list_safety_readers(uow, ali)]


@pytest.fixture
async def sqlite_example(sqlite_database: Database) -> Database:
    """The example school with a report from a home of 5A; the server makes no difference to who is named."""
    await import_example(sqlite_database)
    for name in STAFF:
        await come_in(sqlite_database, name)
    amina, ali = await come_in(sqlite_database, "Amina Haddad"), await pupil(sqlite_database)
    async with sqlite_database.unit_of_work() as uow:
        await safety.report(uow, amina, ali, "علي خائف")
    return sqlite_database


async def test_nobody_reads_before_anybody_has_come_in(example_school: Database) -> None:
    amina, ali = await come_in(example_school, "Amina Haddad"), await pupil(example_school)
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NobodyReads):
            await safety.start_report(uow, amina, ali)
    assert await rows(example_school, "SELECT count(*) FROM dialogue") == [(0,)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(named=st.sets(st.sampled_from(STAFF)))
async def test_whoever_is_named_no_teacher_of_the_class_reads_it(sqlite_example: Database, named: set[str]) -> None:
    await name_adults(sqlite_example, *named)
    found = await read_by(sqlite_example)
    leaders = {"Marit Lund", "Geir Moen"}
    assert set(found) == (named - TEACHES_5A) | leaders
    assert len(found) == len(set(found))
    async with sqlite_example.unit_of_work() as uow:
        people = await uow.execute(sa.text("SELECT name, id FROM person"))
        ids = {row[0]: row[1] for row in people if row[0] in STAFF}
        actors = {name: await find_actor_by_person(uow, ids[name]) for name in STAFF}
    [(thread,)] = await rows(sqlite_example, "SELECT id FROM thread WHERE kind = 'safety'")
    for name, actor in actors.items():
        assert actor is not None
        async with sqlite_example.unit_of_work() as uow:
            try:
                await access_thread(uow, actor, thread)
                may = True
            except NotPermitted:
                may = False
        assert may == (name in found), name


async def test_named_adults_first_each_once_and_none_of_the_family(example_school: Database) -> None:
    for name in STAFF:
        await come_in(example_school, name)
    await name_adults(example_school, "Tom Eide", "Marit Lund", "Nina Sørli")
    assert await read_by(example_school) == ["Marit Lund", "Tom Eide", "Geir Moen"]
    ali = await pupil(example_school)
    async with example_school.unit_of_work() as uow:
        await uow.execute(
            sa.text(
                "INSERT INTO guardianship (person_id, pupil_id, relation, blocked)"
                " SELECT id, :pupil, 'guardian', :no FROM person WHERE name = 'Tom Eide'"
            ),
            {"pupil": ali, "no": False},
        )
        await uow.commit()
    assert await read_by(example_school) == ["Marit Lund", "Geir Moen"]
