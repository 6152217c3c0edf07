"""Whatever is tapped in whatever order, an answer slip never contradicts itself (M1, M2, M9)."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.events.plan import event_dues
from bot.actions.events.slip import Slip, answer_slip, set_slip
from bot.actions.events.slip_words import state_of
from bot.clock import Clock
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.events import AfterWish, EventAnswer, GenderWish, InterpreterWish
from bot.domain.people import Actor
from bot.domain.school import School
from bot.domain.slip import Question, SlipState
from storage.models import Event, Invitation
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.conftest import import_example, run_apart
from tests.scenarios.slip_steps import call_event
from tests.scenarios.world import OSLO

START = datetime(2026, 11, 23, 10, tzinfo=OSLO)
VALUES = {
    Question.PEOPLE: ("1", "6"),
    Question.INTERPRETER: ("no", "pl", "so"),
    Question.DIALECT: ("",),
    Question.GENDER: ("any", "woman"),
    Question.CHILDCARE: ("0", "3"),
    Question.AFTER: ("summary", "nothing"),
}
MADE_UP = [(Question.PEOPLE, "7"), (Question.INTERPRETER, "made-up"), (Question.GENDER, "nobody")]
SET = [(question, value) for question, values in VALUES.items() for value in values]
ANSWER = st.tuples(st.just("answer"), st.sampled_from([EventAnswer.COMING, *EventAnswer]), st.just(True))
WISH = st.tuples(st.just("set"), st.sampled_from(SET), st.just(True))
STRANGE = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(EventAnswer), st.just(False)),
    st.tuples(st.just("set"), st.sampled_from([*MADE_UP, *SET]), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([1, 30]), st.just(True)),
    st.tuples(st.just("change"), st.sampled_from(["revision", "revision", "cancel"]), st.just(True)),
)
STEPS = st.lists(st.one_of(ANSWER, WISH, WISH, STRANGE), min_size=4, max_size=20)
_numbers = count()


@pytest.fixture(scope="module")
def invited(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school whose class 5A is invited to a meeting."""
    path = tmp_path_factory.mktemp("slips") / "school.db"
    shutil.copyfile(sqlite_template, path)
    run_apart(_invite(path))
    return path


async def _invite(path: Path) -> None:
    database = Database(f"sqlite:///{path}", now=Clock(START).now, school=School())
    try:
        await import_example(database)
        kari = await come_in(database, "Kari Nordmann")
        await come_in(database, "Piotr Kowalski")
        [(class_id,)] = await rows(database, "SELECT id FROM school_class WHERE name = '5A'")
        async with database.unit_of_work() as uow:
            await call_event(uow, kari.person_id, [class_id])
            await uow.commit()
    finally:
        await database.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_slip_under_all_that_may_happen(invited: Path, tmp_path: Path, steps: list[tuple[str, Any, bool]]) -> None:
    path = tmp_path / f"{next(_numbers)}.db"
    shutil.copyfile(invited, path)
    asyncio.run(_live(path, steps))
    path.unlink()


async def _live(path: Path, steps: list[tuple[str, Any, bool]]) -> None:
    clock = Clock(START)
    database = Database(f"sqlite:///{path}", now=clock.now, school=School())
    try:
        piotr = await come_in(database, "Piotr Kowalski")
        for act, what, fresh in steps:
            if act == "wait":
                clock.forward(timedelta(hours=what))
            elif act == "change":
                await _change(database, what)
            else:
                await _tap(database, piotr, act, what, fresh=fresh)
            await _hold(database, piotr)
    finally:
        await database.close()


async def _change(database: Database, what: str) -> None:
    async with database.unit_of_work() as uow:
        [event] = await uow.load(sa.select(Event))
        if what == "cancel":
            event.cancelled_at = uow.now
        else:
            event.revision += 1
        await uow.commit()


async def _tap(database: Database, actor: Actor, act: str, what: Any, *, fresh: bool) -> None:
    """Tap, on the screen of now or on one from before a change; what is refused changes nothing."""
    before = await _stored(database, actor)
    async with database.unit_of_work() as uow:
        [event] = await uow.load(sa.select(Event))
        assert event.id is not None
        revision = event.revision if fresh else event.revision - 1
        is_open = state_of(event, uow.now) is SlipState.OPEN
        try:
            if act == "answer":
                done: Slip | None = await answer_slip(uow, actor, event.id, revision, what)
            else:
                done = await set_slip(uow, actor, event.id, revision, what[0], what[1], on=True)
        except DomainError:
            done = None
    after = await _stored(database, actor)
    assert (done is not None) <= (is_open and fresh)
    if done is None or done.again:
        assert after == before
    elif act == "answer":
        assert after.answer is what
        assert after.answered_revision == revision


async def _stored(database: Database, actor: Actor) -> Invitation:
    async with database.unit_of_work() as uow:
        [found] = await uow.load(sa.select(Invitation).where(sa.column("person_id") == actor.person_id))
    return found


async def _hold(database: Database, actor: Actor) -> None:
    """Hold that nothing stands in the slip that does not belong to its answer, and nobody is reminded for nothing."""
    one = await _stored(database, actor)
    if one.answer is not EventAnswer.COMING:
        assert (one.people, one.childcare, one.interpreter) == (0, 0, None)
    if one.answer is not EventAnswer.NOT_COMING:
        assert one.after is None
    if one.interpreter is not InterpreterWish.WANTED:
        assert (one.interpreter_language, one.dialect, one.gender) == ("", "", None)
    else:
        assert one.interpreter_language in {"pl", "so"}
    assert 0 <= one.people <= 6
    assert one.gender in {None, *GenderWish}
    assert one.after in {None, *AfterWish}
    async with database.unit_of_work() as uow:
        [event] = await uow.load(sa.select(Event))
        to_come = len(event_dues(uow, event))
        planned = sa.text(
            "SELECT occasion, count(*) FROM reminder WHERE recipient_id = :p AND state = 'planned' AND due_at > :now"
            " GROUP BY occasion"
        ).bindparams(sa.bindparam("now", type_=sa.inspect(Event).columns["created_at"].type))
        found = dict(tuple(row) for row in await uow.execute(planned, {"p": actor.person_id, "now": uow.now}))
    coming = one.answer in {None, EventAnswer.COMING}
    assert found.get("event", 0) == (to_come if coming else 0)
    assert one.answer is None or "answer" not in found


def test_nothing_of_a_walk_is_permitted_to_a_stranger(invited: Path, tmp_path: Path) -> None:
    path = tmp_path / "stranger.db"
    shutil.copyfile(invited, path)

    async def attempt() -> None:
        database = Database(f"sqlite:///{path}", now=Clock(START).now, school=School())
        try:
            tonje = await come_in(database, "Tonje Brekke")
            for question, values in VALUES.items():
                async with database.unit_of_work() as uow:
                    with pytest.raises(NotPermitted):
                        await set_slip(uow, tonje, 1, 1, question, values[0], on=True)
        finally:
            await database.close()

    asyncio.run(attempt())
