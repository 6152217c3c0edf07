"""Until when a notice waits for an interpreter, and two interpreters who finish at the same moment (L7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.notices import compose, send
from bot.actions.notices.translations import send_unread, toggle_wait
from bot.actions.notices.waiting import LONGEST, may_wait, waits_until
from bot.actions.translation.tell import retell
from bot.clock import Clock
from bot.domain.notices import AudienceKind, NoticeKind, NoticeState
from bot.domain.people import Actor
from bot.domain.school import School
from bot.domain.translation import Checked, MadeBy, RenderingState
from storage.models import InterpreterPromise, Notice
from storage.queries.entry import link_account
from storage.queries.people import find_actor_by_person, list_own_classes
from storage.queries.renderings import Made, change_rendering, claim_due_renderings, load_rendering, settle_rendering
from storage.session import Database, UnitOfWork
from tests.scenarios.talks_steps import person_id

SCHOOL = School()
TERM = datetime(2026, 8, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 330 * 24 * 60).map(lambda minutes: TERM + timedelta(minutes=minutes))
DAYS = st.none() | st.dates(date(2026, 7, 25), date(2027, 7, 10))


def notice(day: date | None, kind: NoticeKind = NoticeKind.MEETING) -> Notice:
    values = {} if day is None else {"date": day.isoformat()}
    return Notice(
        author_id=1, kind=kind, values=values, text="Hei.", text_language="nb", audience=AudienceKind.CLASSES,
        state=NoticeState.DRAFT, created_at=TERM,
    )  # fmt: skip


@given(MOMENTS, DAYS)
def test_it_waits_a_day_and_a_night_at_most_and_never_into_the_day_it_is_about(
    moment: datetime, day: date | None
) -> None:
    wanted = SCHOOL.considerate(moment)
    latest = waits_until(notice(day), wanted, SCHOOL)
    assert wanted <= latest <= SCHOOL.considerate(wanted + LONGEST)
    assert not SCHOOL.quiet.covers(SCHOOL.local(latest).time().replace(tzinfo=None)) or latest == wanted
    if day is not None and latest > wanted:
        assert SCHOOL.local(latest).date() < day
    assert may_wait(notice(day), SCHOOL, wanted) == (latest > wanted + SCHOOL.undo)


@given(MOMENTS)
def test_what_is_urgent_or_for_one_home_does_not_wait(moment: datetime) -> None:
    assert not may_wait(notice(None, NoticeKind.URGENT), SCHOOL, moment)
    one = notice(None, NoticeKind.GENERAL)
    one.audience = AudienceKind.PUPIL
    assert not may_wait(one, SCHOOL, moment)


async def come_in(database: Database, name: str) -> Actor:
    async with database.unit_of_work() as uow:
        ref = await person_id(uow, name)
        await link_account(uow, ref, 5000 + ref)
        await uow.commit()
        actor = await find_actor_by_person(uow, ref)
    assert actor is not None
    return actor


async def waiting_notice(database: Database, clock: Clock) -> tuple[Actor, int, list[int]]:
    """Schedule a notice that waits for two languages; return its author, its id and the two renderings."""
    kari = await come_in(database, "Kari Nordmann")
    for name in ("Halina Nowak", "Yusuf Rahman"):
        actor = await come_in(database, name)
        async with database.unit_of_work() as uow:
            uow.session.add(InterpreterPromise(person_id=actor.person_id, accepted_at=uow.now))
            await uow.commit()
    async with database.unit_of_work() as uow:
        view = await compose.start_notice(uow, kari)
        [own] = await list_own_classes(uow, kari)
        view = await compose.pick_audience(uow, kari, view.id, view.version, AudienceKind.CLASSES, [own.id])
        view = await compose.pick_kind(uow, kari, view.id, view.version, NoticeKind.GENERAL)
        view = await compose.set_text(uow, kari, view.id, "Vi skal lage bål i skogen.")
    async with database.unit_of_work() as uow:
        await toggle_wait(uow, kari, view.id, view.version)
    async with database.unit_of_work() as uow:
        done = await send.send_now(uow, kari, view.id, view.version)
        assert done.waits
    async with database.unit_of_work() as uow:
        rows = await claim_due_renderings(uow, limit=10, lease=timedelta(seconds=60))
        for row in rows:
            await settle_rendering(uow, row, Made(RenderingState.READY, "…", made_by=MadeBy.ENGINE, engine="x"))
        await uow.commit()
    clock.forward(timedelta(minutes=1))
    return kari, view.id, [row.id for row in rows]


async def approve(database: Database, rendering_id: int, checker: str) -> None:
    async with database.unit_of_work() as uow:
        row = await load_rendering(uow, rendering_id)
        assert row is not None
        checker_id = await person_id(uow, checker)
        assert await change_rendering(uow, row, text=row.text, checked=Checked.APPROVED, checker_id=checker_id)
        await retell(uow, rendering_id)
        await asyncio.sleep(0)  # the other one gets its turn here
        await uow.commit()


async def send_at(uow: UnitOfWork, notice_id: int) -> datetime:
    found = await uow.session.get(Notice, notice_id)
    assert found is not None
    assert found.send_at is not None
    return found.send_at


async def test_two_who_finish_at_the_same_moment_let_it_go(example_school: Database, clock: Clock) -> None:
    _, notice_id, renderings = await waiting_notice(example_school, clock)
    async with example_school.unit_of_work() as uow:
        assert await send_at(uow, notice_id) > uow.now + timedelta(hours=23)
        assert await send.deliver_due(uow) == 0
    await asyncio.gather(*(approve(example_school, one, "Halina Nowak") for one in renderings))
    async with example_school.unit_of_work() as uow:
        assert await send_at(uow, notice_id) <= uow.now
        assert await send.deliver_due(uow) == 1
        found = await uow.execute(sa.text("SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'waited:%'"))
        assert found.scalar_one() == 1


async def test_when_the_interpreters_are_gone_nobody_is_waited_for(example_school: Database, clock: Clock) -> None:
    _, notice_id, renderings = await waiting_notice(example_school, clock)
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.delete(InterpreterPromise))
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        await retell(uow, renderings[0])
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        assert await send_at(uow, notice_id) <= uow.now


async def test_only_its_author_stops_waiting_and_a_second_tap_changes_nothing(
    example_school: Database, clock: Clock
) -> None:
    kari, notice_id, _ = await waiting_notice(example_school, clock)
    async with example_school.unit_of_work() as uow:
        done = await send_unread(uow, kari, notice_id)
        assert done is not None
        assert not done.waits
    async with example_school.unit_of_work() as uow:
        again = await send_unread(uow, kari, notice_id)
        assert again == done
    async with example_school.unit_of_work() as uow:
        assert await send.deliver_due(uow) == 1
    async with example_school.unit_of_work() as uow:
        assert await send_unread(uow, kari, notice_id) is None
