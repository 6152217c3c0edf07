"""The list of the day fits into a message, whatever happens; of a check-in only its own people read."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.actions.absence.daylist import draw_day_list, send_lists
from bot.actions.absence.daylist_view import NAMES_PER_PAGE, Drawn, draw
from bot.actions.absence.record import Facts, record
from bot.clock import Clock
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.messages import TEXT_LIMIT, visible_length
from bot.domain.morning import ListView
from bot.i18n import languages, texts
from storage.models import CheckinPlan
from storage.queries.daylists import add_day_list, change_day_list, find_day_list
from storage.queries.outgoing import claim_due
from storage.queries.people import find_actor_by_person
from storage.session import Database
from tests.load.school import TEACHER, generate

MOST_PUPILS = 70
MOST_BUTTONS = 100
"""Buttons of one message (Telegram)."""
MISSING = Facts(AbsenceKind.ABSENT, AbsenceReason.UNKNOWN)


@pytest.fixture
def clock() -> Clock:
    """The morning gathering."""
    return Clock(datetime(2026, 11, 23, 8, 40, tzinfo=ZoneInfo("Europe/Oslo")))


async def drawn(database: Database, code: str, view: ListView = ListView.LIST, page: int = 0) -> Drawn:
    """Draw the teacher's list in a language."""
    async with database.unit_of_work() as uow:
        list_id = await add_day_list(uow, 1, uow.today, TEACHER)
        assert list_id is not None
        await change_day_list(uow, list_id, view=view, page=page)
        one = await find_day_list(uow, list_id)
        reader = await find_actor_by_person(uow, TEACHER)
        assert one is not None
        assert reader is not None
        return await draw(uow, texts(code), one, reader)


async def store_missing(database: Database, pupils: list[int]) -> None:
    """Note pupils as missing, without asking anybody."""
    async with database.unit_of_work() as uow:
        await record(uow, pupils, [uow.today], MISSING, source=AbsenceSource.SCHOOL, reported_by=TEACHER)
        await uow.commit()


@pytest.mark.parametrize("code", sorted(languages()))
async def test_list_of_a_large_class_in_which_everybody_is_missing_fits(sqlite_database: Database, code: str) -> None:
    await generate(sqlite_database, MOST_PUPILS)
    async with sqlite_database.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE pupil SET name = name || ' ' || substr('Nordmann-Kristoffersen', 1)"))
        await uow.commit()
    await store_missing(sqlite_database, list(range(2, MOST_PUPILS + 2)))
    for view in ListView:
        for page in (0, 1, 99):
            shown = await drawn(sqlite_database, code, view, page)
            assert visible_length(shown.text) <= TEXT_LIMIT, view
            assert sum(map(len, shown.buttons)) <= MOST_BUTTONS
            assert all(len(button.tap.encode()) <= 64 for row in shown.buttons for button in row)


async def test_every_pupil_stands_on_exactly_one_page(sqlite_database: Database) -> None:
    await generate(sqlite_database, 40)
    seen: list[str] = []
    for page in range(3):
        shown = await drawn(sqlite_database, "en", ListView.MISSING, page)
        names = [button.label for row in shown.buttons for button in row if "Pupil" in button.label]
        assert len(names) <= NAMES_PER_PAGE
        seen += names
    assert len(seen) == len(set(seen)) == 40


async def test_list_of_a_day_that_is_over_has_no_buttons(sqlite_database: Database, clock: Clock) -> None:
    await generate(sqlite_database, 5)
    assert (await drawn(sqlite_database, "en", ListView.MISSING)).buttons
    clock.forward(timedelta(hours=6))
    over = await drawn(sqlite_database, "en", ListView.MISSING)
    assert not over.buttons
    assert "5 of 5 are here." in over.text


@pytest.mark.parametrize(("staff", "told"), [([TEACHER], True), ([99], False)])
async def test_only_the_people_of_a_check_in_read_of_it(
    sqlite_database: Database, staff: list[int], told: bool
) -> None:
    await generate(sqlite_database, 5)
    async with sqlite_database.unit_of_work() as uow:
        uow.session.add(
            CheckinPlan(
                pupil_id=3, made_by=TEACHER, made_at=uow.now, weekdays=[0], ask_at=time(7), first=uow.today,
                last=uow.today, staff_ids=staff, guardian_ids=[3],
            )
        )  # fmt: skip
        await uow.commit()
    await store_missing(sqlite_database, [3])
    for view in (ListView.LIST, ListView.MISSING):
        assert ("check-in" in (await drawn(sqlite_database, "en", view)).text) is told
    assert "4 of 5 are here." in (await drawn(sqlite_database, "en")).text


async def test_teacher_who_lost_the_class_gets_its_list_no_more(sqlite_database: Database) -> None:
    await generate(sqlite_database, 5)
    async with sqlite_database.unit_of_work() as uow:
        assert await send_lists(uow) == 1
    async with sqlite_database.unit_of_work() as uow:
        assert await send_lists(uow) == 0, "once"
        (row,) = await claim_due(uow, limit=5, lease=timedelta(seconds=30))
        payload = await draw_day_list(uow, row)
        assert payload is not None
        assert payload["silent"]
        await uow.change(sa.text("DELETE FROM class_staff"))
        assert await draw_day_list(uow, row) is None
