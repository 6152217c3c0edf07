"""Whatever is tapped in whatever order, a draft holds whole ready sentences only, in one language (N8)."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import phrases
from bot.actions.notices import compose
from bot.actions.phrase_targets import EXPECT_SLOT
from bot.actions.phrases import SlotQuestion
from bot.clock import Clock
from bot.domain.errors import DomainError
from bot.domain.notices import AudienceKind, NoticeKind
from bot.domain.people import Actor
from bot.domain.phrase_taps import PhraseUse
from bot.domain.school import School
from bot.translation.phrasebook import phrasebook
from storage.queries.dialogue import find_question
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.conftest import import_example, run_apart
from tests.scenarios.world import OSLO

START = datetime(2026, 11, 23, 10, tzinfo=OSLO)
IDS = [phrase.id for phrase in phrasebook().phrases("nb")]
TYPED = ["25.11", "08:30", "15", "5A", "jakke", "mor", "Oslo S", "lus", "«", "  ", "99999", "?"]
STEP = st.one_of(
    st.tuples(st.just("pick"), st.sampled_from(IDS)),
    st.tuples(st.just("option"), st.integers(0, 5)),
    st.tuples(st.just("option"), st.integers(0, 5)),
    st.tuples(st.just("option"), st.integers(0, 5)),
    st.tuples(st.just("old"), st.integers(0, 5)),
    st.tuples(st.just("turn"), st.integers(-2, 9)),
    st.tuples(st.just("type"), st.sampled_from(TYPED)),
    st.tuples(st.just("list"), st.sampled_from(["bring", "days", "praise", "nothing"])),
    st.tuples(st.just("open"), st.just(0)),
)
STEPS = st.lists(STEP, min_size=5, max_size=25)
_numbers = count()


@pytest.fixture(scope="module")
def begun(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example school, with a teacher who has come in."""
    path = tmp_path_factory.mktemp("phrases") / "school.db"
    shutil.copyfile(sqlite_template, path)
    run_apart(_import(path))
    return path


async def _import(path: Path) -> None:
    database = Database(f"sqlite:///{path}", now=Clock(START).now, school=School())
    try:
        await import_example(database)
        await come_in(database, "Kari Nordmann")
    finally:
        await database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(to_one=st.booleans(), steps=STEPS)
def test_a_draft_under_all_taps(begun: Path, tmp_path: Path, to_one: bool, steps: list[tuple[str, Any]]) -> None:
    path = tmp_path / f"{next(_numbers)}.db"
    shutil.copyfile(begun, path)
    asyncio.run(_live(path, to_one, steps))
    path.unlink()


async def _live(path: Path, to_one: bool, steps: list[tuple[str, Any]]) -> None:
    database = Database(f"sqlite:///{path}", now=Clock(START).now, school=School())
    try:
        kari = await come_in(database, "Kari Nordmann")
        notice = await _begin(database, kari, to_one)
        shown: Any = None
        for kind, value in steps:
            try:
                async with database.unit_of_work() as uow:
                    question = await find_question(uow, kari.person_id)
                    assert question is not None
                    shown = await _step(uow, kari, notice, shown, question, kind, value)
            except DomainError:
                continue  # refused with a sentence: nothing may have changed
            finally:
                await _hold(database, notice, to_one)
    finally:
        await database.close()


async def _begin(database: Database, kari: Actor, to_one: bool) -> int:
    table = "pupil WHERE name = 'Ali Haddad'" if to_one else "school_class WHERE name = '5A'"
    [(ref,)] = await rows(database, f"SELECT id FROM {table}")
    audience = AudienceKind.PUPIL if to_one else AudienceKind.CLASSES
    async with database.unit_of_work() as uow:
        view = await compose.start_notice(uow, kari)
    async with database.unit_of_work() as uow:
        view = await compose.pick_audience(uow, kari, view.id, view.version, audience, [ref])
    async with database.unit_of_work() as uow:
        view = await compose.pick_kind(uow, kari, view.id, view.version, NoticeKind.GENERAL)
    async with database.unit_of_work() as uow:
        await phrases.open_phrases(uow, kari, PhraseUse.NOTICE, view.id)
    return view.id


async def _step(uow: Any, kari: Actor, ref: int, shown: Any, question: Any, kind: str, value: Any) -> Any:
    use = PhraseUse.NOTICE
    if kind == "pick":
        return await phrases.pick_phrase(uow, kari, use, ref, value)
    if kind == "option" and isinstance(shown, SlotQuestion):
        code = shown.options[value % len(shown.options)][0]
        return await phrases.fill_slot(uow, kari, use, ref, shown.phrase, shown.slot, code)
    if kind == "old":
        return await phrases.fill_slot(uow, kari, use, ref, "bring_thing", "thing", "jacket")
    if kind == "turn" and isinstance(shown, SlotQuestion):
        return await phrases.turn_slot(uow, kari, use, ref, shown.slot, value)
    if kind == "type" and question.expects == EXPECT_SLOT:
        return await phrases.write_slot(uow, kari, question, value)
    if kind == "type":
        await phrases.search_phrases(uow, kari, question, value)
        return None
    if kind == "list":
        await phrases.list_phrases(uow, kari, use, ref, value)
        return None
    return await phrases.open_phrases(uow, kari, use, ref)


async def _hold(database: Database, notice: int, to_one: bool) -> None:
    """Every line of the draft is one sentence of the book, each once, and about a child only for its home."""
    [(text, language)] = await rows(database, "SELECT text, text_language FROM notice WHERE id = :id", id=notice)
    assert language == "nb"
    lines = text.splitlines()
    assert len(set(lines)) == len(lines)
    for line in lines:
        for target in ("pl", "ar", "en"):
            assert phrasebook().match(line, "nb", target, today=START.date(), names=["Ali Haddad"] if to_one else [])
