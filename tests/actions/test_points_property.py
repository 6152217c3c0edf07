"""Whatever happens between talks: never in quiet hours, never once it is done, never more than twice (M5, M9)."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.reminders.fire import fire_due
from bot.actions.talks.points import tick_point
from bot.actions.talks.summary import send_summary
from bot.clock import Clock
from bot.domain.conferences import PointOwner
from bot.domain.people import Actor
from bot.domain.school import QuietHours, School
from bot.domain.talk_summary import DraftPoint, SummaryDraft
from storage.queries.talks import change_talk
from storage.session import Database
from tests.actions.test_talks import come_in
from tests.conftest import import_example, run_apart
from tests.scenarios.talks_steps import book
from tests.scenarios.world import OSLO

AFTER_TALK = datetime(2026, 12, 2, 9, tzinfo=OSLO)
QUIET = st.builds(QuietHours, st.sampled_from([time(20), time(15), time(22, 30)]), st.sampled_from([time(7), time(17)]))
STEP = st.tuples(st.integers(1, 90), st.sampled_from(["", "", "done", "open"]), st.integers(0, 2))


@pytest.fixture(scope="module")
def agreed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school in which the summary of Noah's talk was sent, with a point by 16 December."""
    path = tmp_path_factory.mktemp("points") / "school.db"
    shutil.copyfile(sqlite_template, path)
    run_apart(_agree(path))
    return path


async def _agree(path: Path) -> None:
    clock = Clock(datetime(2026, 11, 23, 10, tzinfo=OSLO))
    database = Database(f"sqlite:///{path}", now=clock.now, school=School())
    try:
        await import_example(database)
        people = await come_in(database, "Ingrid Berg", "Lars Berg", "Kari Nordmann")
        talk = await book(database, "Noah Berg", "Ingrid Berg")
        clock.move_to(AFTER_TALK)
        point = DraftPoint("Les hver kveld", "nb", PointOwner.HOME, date(2026, 12, 16))
        async with database.unit_of_work() as uow:
            await change_talk(uow, talk, draft=SummaryDraft(1, "Fint.", "nb", (point,)).encode())
            await send_summary(uow, people[2], talk, 1)
    finally:
        await database.close()


_numbers = count()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quiet=QUIET, steps=st.lists(STEP, min_size=6, max_size=14))
def test_reminders_of_a_point_under_all_that_may_happen(
    agreed: Path, tmp_path: Path, quiet: QuietHours, steps: list[tuple[int, str, int]]
) -> None:
    path = tmp_path / f"{next(_numbers)}.db"
    shutil.copyfile(agreed, path)
    asyncio.run(_live(path, School(quiet=quiet), steps))
    path.unlink()


async def _live(path: Path, school: School, steps: list[tuple[int, str, int]]) -> None:
    clock = Clock(AFTER_TALK)
    database = Database(f"sqlite:///{path}", now=clock.now, school=school)
    try:
        people = await come_in(database, "Ingrid Berg", "Lars Berg", "Kari Nordmann")
        for hours, act, who in [*steps, (30 * 24, "", 0)]:
            clock.forward(timedelta(hours=hours))
            if act:
                await _tick(database, people[who], done=act == "done")
            await _fire(database, school)
        async with database.unit_of_work() as uow:
            told = await uow.execute(
                sa.text(
                    "SELECT count(*) FROM outgoing WHERE about = 'talk_points' AND edits_id IS NULL"
                    " GROUP BY recipient_id"
                )
            )
            assert all(times <= 2 for (times,) in told)
    finally:
        await database.close()


async def _tick(database: Database, actor: Actor, *, done: bool) -> None:
    async with database.unit_of_work() as uow:
        point = (await uow.execute(sa.text("SELECT id FROM agreed_point"))).scalar_one()
        await tick_point(uow, actor, point, done=done)


async def _fire(database: Database, school: School) -> None:
    """Let fire what is due, and hold each new reminder against the rules."""
    reminders = "FROM outgoing WHERE about = 'talk_points' AND edits_id IS NULL"
    async with database.unit_of_work() as uow:
        newest = (await uow.execute(sa.text(f"SELECT coalesce(max(id), 0) {reminders}"))).scalar_one()
        is_open = (await uow.execute(sa.text("SELECT done_at IS NULL FROM agreed_point"))).scalar_one()
        await fire_due(uow)
    async with database.unit_of_work() as uow:
        found = await uow.execute(sa.text(f"SELECT due_at {reminders} AND id > {newest}"))
        for (due_at,) in found.all():
            assert is_open, "nobody is reminded of what is done"
            moment = datetime.fromisoformat(f"{due_at}+00:00")
            assert not school.quiet.covers(school.local(moment).time().replace(tzinfo=None))
