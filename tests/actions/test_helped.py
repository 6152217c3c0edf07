"""A translation is promised exactly where somebody is asked for it (L6); on both databases."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import col

from bot.domain.leave import LeaveState
from bot.domain.translation import Subject
from storage.models import Account, LeaveRequest
from storage.queries.helpers import list_helped
from storage.queries.renderings import load_rendering
from storage.session import Database
from tests.actions.steps import come_in
from tests.scenarios.interpreter_steps import (
    ALI,
    AMINA,
    YUSUF,
    allowed,
    person_of,
    promised,
    pupil_of,
    rendered,
    thread_of,
    waiting_message,
)


@pytest.fixture
async def school(example_school: Database) -> Database:
    """Amina and Yusuf have come in, and Yusuf has promised confidentiality."""
    for name in (AMINA, YUSUF):
        await come_in(example_school, name)
    await promised(example_school, YUSUF)
    return example_school


async def helped(database: Database, rendering_id: int) -> bool:
    """Tell whether readers are promised a translation."""
    async with database.unit_of_work() as uow:
        row = await load_rendering(uow, rendering_id)
        assert row is not None
        return rendering_id in await list_helped(uow, [row])


async def leave_answer(database: Database) -> int:
    """Store the school's answer about Ali's leave, in Norwegian; return its rendering's id in Arabic."""
    async with database.unit_of_work() as uow:
        request = LeaveRequest(
            pupil_id=await pupil_of(uow, ALI), asked_by=await person_of(uow, AMINA), asked_at=uow.now,
            first=date(2026, 12, 1), last=date(2026, 12, 1), days=1, state=LeaveState.GRANTED,
            decision_text="God tur!", decision_language="nb",
        )  # fmt: skip
        uow.session.add(request)
        await uow.flush()
        await uow.commit()
    assert request.id is not None
    return await rendered(database, Subject.LEAVE_ANSWER, request.id, "ar")


async def test_an_interpreter_whom_nothing_reaches_is_no_promise(school: Database) -> None:
    thread = await thread_of(school)
    _, rendering = await waiting_message(school, thread)
    assert not await helped(school, rendering)
    await allowed(school, thread)
    assert await helped(school, rendering)
    async with school.unit_of_work() as uow:
        yusuf = await person_of(uow, YUSUF)
        await uow.change(sa.update(Account).where(col(Account.person_id) == yusuf).values(reachable=False))
        await uow.commit()
    assert not await helped(school, rendering)


async def test_a_text_about_one_pupil_is_promised_when_the_home_allows_everything(school: Database) -> None:
    rendering = await leave_answer(school)
    await allowed(school, await thread_of(school))
    assert not await helped(school, rendering)
    await allowed(school, None)
    assert await helped(school, rendering)
