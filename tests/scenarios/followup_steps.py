"""What the stories about following up share: days that are stored, and when the clock's reports have gone out."""

from __future__ import annotations

import asyncio
import time
from datetime import date, timedelta

from bot.actions.absence.record import Facts, record
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.followup import RemarkKind
from storage.queries.followup import add_remark
from tests.scenarios.world import Actor, World

MENU_OF_CHILDREN = "About which child?"
READ, COMMENT = "I have read it", "Write a comment"
THANKS = "Thank you. The school sees that you have read it."


async def pupil_id(world: World, name: str) -> int:
    """Return a pupil's id."""
    [(found,)] = await world.rows("SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


async def class_id(world: World, name: str) -> int:
    """Return a class's id."""
    [(found,)] = await world.rows("SELECT id FROM school_class WHERE name = :name", name=name)
    return int(found)


async def away(
    world: World,
    pupil: str,
    *days: date,
    kind: AbsenceKind = AbsenceKind.ABSENT,
    reason: AbsenceReason = AbsenceReason.ILL,
    source: AbsenceSource = AbsenceSource.HOME,
    by: str | None = None,
) -> None:
    """Store a pupil's absence, as a report would."""
    pupil_number = await pupil_id(world, pupil)
    reporter = world.known[by].person_id if by else None
    async with world.unit_of_work() as uow:
        await record(uow, [pupil_number], days, Facts(kind, reason), source=source, reported_by=reporter)
        await uow.commit()


async def noted(world: World, pupil: str, day: date, kind: RemarkKind, by: str = "Kari Nordmann") -> None:
    """Store a remark, as a teacher's tap would."""
    pupil_number = await pupil_id(world, pupil)
    async with world.unit_of_work() as uow:
        await add_remark(uow, pupil_number, day, kind, world.known[by].person_id)
        await uow.commit()


async def close_school(world: World, first: date, last: date, name: str) -> None:
    """Store days of the school's own calendar."""
    await world_change(
        world, "INSERT INTO day_off (first, last, name) VALUES (:first, :last, :name)",
        first=first.isoformat(), last=last.isoformat(), name=name,
    )  # fmt: skip


async def world_change(world: World, statement: str, **values: object) -> None:
    """Change the database from outside the app."""
    import sqlalchemy as sa

    async with world.unit_of_work() as uow:
        await uow.execute(sa.text(statement), values)
        await uow.commit()


async def reports_out(world: World, month: str) -> None:
    """Wait until a month's reports were made and all of them have arrived."""
    deadline = time.monotonic() + 30
    while not await world.rows("SELECT 1 FROM monthly_run WHERE month = :month", month=month):
        assert time.monotonic() < deadline, f"the reports of {month} were not made"
        await world.app.ticks.run("monthly")
        await asyncio.sleep(0.02)
    await world.idle()


async def nothing_out(world: World) -> None:
    """Hold that the clock has looked and made no reports."""
    for _ in range(2):
        await world.app.ticks.run("monthly")
    await world.idle()
    assert await world.rows("SELECT * FROM monthly_run") == []


def counted(reader: Actor, one: str, many: str, n: int, **fields: object) -> str:
    """Return a sentence with a number as a person reads it."""
    return str(reader.tr.ngettext(one, many, n, **fields))


def weekdays_back(before: date, weekday: int, n: int) -> list[date]:
    """Return the last `n` dates before a day that fall on a weekday (Monday is 0), newest first."""
    newest = before - timedelta(days=(before.weekday() - weekday - 1) % 7 + 1)
    return [newest - timedelta(weeks=k) for k in range(n)]
