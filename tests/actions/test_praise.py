"""Praise as it is stored and counted, on each kind of server (B6)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.actions import praise
from bot.actions.notices.send import NobodyThere, deliver_due, undo_send
from bot.actions.praise import PraisedAlready
from bot.clock import Clock
from bot.domain.errors import NotPermitted, Stale
from bot.domain.people import Actor
from storage.queries.praise import list_praised
from storage.session import Database
from tests.actions.steps import come_in, rows


async def pupil(database: Database, name: str) -> int:
    [(found,)] = await rows(database, "SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


async def send(database: Database, teacher: Actor, pupil_id: int, phrase: str = "praise_helped") -> int:
    """Praise a pupil; return the notice."""
    async with database.unit_of_work() as uow:
        return (await praise.send_praise(uow, teacher, pupil_id, phrase)).scheduled.notice_id


async def waiting(database: Database, teacher: Actor, class_name: str = "5A") -> set[str]:
    """Return the names that the teacher is told about."""
    [(class_id,)] = await rows(database, "SELECT id FROM school_class WHERE name = :name", name=class_name)
    async with database.unit_of_work() as uow:
        sheet = await praise.open_praise(uow, teacher, int(class_id))
    return {one.name for one in sheet.pupils if one.id in sheet.waiting}


async def test_praise_counts_from_the_tap_until_it_is_taken_back(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    ali = await pupil(example_school, "Ali Haddad")
    assert "Ali Haddad" in await waiting(example_school, kari)
    notice = await send(example_school, kari, ali)
    assert "Ali Haddad" not in await waiting(example_school, kari)
    async with example_school.unit_of_work() as uow:
        await undo_send(uow, kari, notice)
    assert "Ali Haddad" in await waiting(example_school, kari)
    assert await send(example_school, kari, ali) == notice, "the same words are the same notice again"
    clock.forward(timedelta(seconds=21))
    async with example_school.unit_of_work() as uow:
        assert await deliver_due(uow) == 1
    assert "Ali Haddad" not in await waiting(example_school, kari)
    with pytest.raises(PraisedAlready):
        await send(example_school, kari, ali)
    texts = await rows(example_school, "SELECT text, text_language, state FROM notice")
    assert texts == [("Det var fint å se at Ali hjalp andre i dag.", "nb", "sent")]


async def test_two_teachers_may_say_the_same_and_two_pupils_may_hear_it(example_school: Database) -> None:
    kari, nina = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Nina Sørli")
    ali, sara = await pupil(example_school, "Ali Haddad"), await pupil(example_school, "Sara Miller")
    for teacher, one in ((kari, ali), (nina, ali), (kari, sara)):
        await send(example_school, teacher, one)
    assert await rows(example_school, "SELECT count(*) FROM notice WHERE state = 'scheduled'") == [(3,)]
    assert await waiting(example_school, nina) == set(), "a subject teacher is told nothing"


async def test_what_is_older_than_the_school_year_does_not_count(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    ali = await pupil(example_school, "Ali Haddad")
    await send(example_school, kari, ali)
    clock.forward(timedelta(seconds=21))
    async with example_school.unit_of_work() as uow:
        await deliver_due(uow)
        today = datetime.combine(uow.today, time())
        assert await list_praised(uow, uow.school.at(today)) == {ali}
        assert await list_praised(uow, uow.school.at(today + timedelta(days=1))) == frozenset()


@pytest.mark.parametrize("phrase", ["fever", "", "no_such"])
async def test_only_praise_is_sent_so(example_school: Database, phrase: str) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    with pytest.raises(Stale):
        await send(example_school, kari, await pupil(example_school, "Ali Haddad"), phrase)
    assert await rows(example_school, "SELECT count(*) FROM notice") == [(0,)]


async def test_a_pupil_of_another_class_or_without_a_home_gets_none(example_school: Database) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    with pytest.raises(NotPermitted):
        await send(example_school, kari, await pupil(example_school, "Jan Kowalski"))
    ali = await pupil(example_school, "Ali Haddad")
    async with example_school.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE guardianship SET blocked = true WHERE pupil_id = :pupil"), {"pupil": ali})
        await uow.commit()
    with pytest.raises(NobodyThere):
        await send(example_school, kari, ali)
    assert await rows(example_school, "SELECT count(*) FROM notice") == [(0,)], "a refused tap leaves no draft"
