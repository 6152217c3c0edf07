"""The stories' fixtures: a template school made once, and a world for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.actions.letters import LetterFilter, make_letters
from bot.actions.roster import apply_import, plan_import
from bot.clock import Clock
from bot.domain.roster import decode_csv, parse_people, parse_staff
from bot.domain.school import School
from bot.i18n import find_language
from storage import migrate
from storage.session import Database
from tests.conftest import EXAMPLE, run_apart
from tests.scenarios.world import OSLO, Known, World, make_enrolled, open_world

Template = tuple[Path, dict[str, Known]]


async def _make_template(path: Path) -> dict[str, Known]:
    known = await _print_letters(path)
    await make_enrolled(path, known)
    return known


async def _print_letters(path: Path) -> dict[str, Known]:
    url = f"sqlite:///{path}"
    await migrate.run(url)
    clock = Clock(datetime(2026, 11, 20, 8, 0, tzinfo=OSLO))
    database = Database(url, now=clock.now, school=School(name="Solbakken skole"))
    roster = parse_people(decode_csv((EXAMPLE / "people.csv").read_bytes()), today=date(2026, 11, 20))
    staff = parse_staff(decode_csv((EXAMPLE / "staff.csv").read_bytes()))
    try:
        async with database.unit_of_work() as uow:
            await apply_import(uow, None, await plan_import(uow, roster, staff))
        async with database.unit_of_work() as uow:
            letters = await make_letters(uow, LetterFilter(), bot_username="skolebud_bot", days=60)
    finally:
        await database.close()
    births = {pupil.name: pupil.birth_date for pupil in roster.pupils}
    languages = {guardian.name: guardian.language for guardian in roster.guardians}
    return {
        letter.name: Known(
            letter.person_id,
            letter.name,
            find_language(languages.get(letter.name)) or "nb",
            tuple(births[name] for name, _ in letter.children),
            letter.code,
            letter.second_code,
        )
        for letter in letters
    }


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A database with the example school and everybody's letter; beside it one in which they have all come in."""
    path = tmp_path_factory.mktemp("school") / "template.db"
    known = run_apart(_make_template(path))
    return path, known


@pytest.fixture
async def world(tmp_path: Path, template: Template) -> AsyncIterator[World]:
    """The example school on a Monday morning, everybody enrolled, phones in people's own languages."""
    async with open_world(tmp_path, *template) as opened:
        yield opened


@pytest.fixture
async def new_world(tmp_path: Path, template: Template) -> AsyncIterator[World]:
    """The same school before anybody has opened the letter."""
    async with open_world(tmp_path, *template, enrolled=False) as opened:
        yield opened
