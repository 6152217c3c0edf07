"""An update is confirmed to Telegram when its effects are committed, and never before; each counts once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.domain.messages import Button, rows
from bot.domain.notices import Answer
from bot.domain.taps import AnswerNotice
from bot.middleware.present import LINE_LIMIT
from tests.intake.wire import Wire, wired
from tests.load.school import ADDRESS_BASE, schedule_notice
from tests.running import PATIENCE, WEBHOOK, Running, message, running, say

POLLING: dict[str, Any] = {}


@pytest.fixture(params=["webhook", "polling"])
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of each way in."""
    return WEBHOOK if request.param == "webhook" else POLLING


@pytest.fixture
async def school(sqlite_url: str, way: dict[str, Any]) -> AsyncIterator[Running]:
    """A running school on SQLite, reached each way."""
    async with running(sqlite_url, **way) as opened:
        yield opened


async def _seen(school: Running) -> int:
    return int((await school.rows("SELECT count(*) FROM seen_update"))[0][0])


async def _deliver_notice(school: Running) -> None:
    await schedule_notice(school.outside)
    school.app.ticks.wake()
    await school.until(lambda: all(school.texts_at(n) for n in school.school.guardians), "the notice at every home")


async def _answers(school: Running) -> dict[int, str | None]:
    return {row[0]: row[1] for row in await school.rows("SELECT person_id, answer FROM delivery")}


@pytest.fixture
async def cut_school(fresh_postgres_url: str, way: dict[str, Any]) -> AsyncIterator[tuple[Running, Wire]]:
    """A school whose wire to its database can be cut."""
    async with wired(fresh_postgres_url) as (wire, url), running(url, **way) as school:
        yield school, wire


@pytest.mark.postgres
async def test_while_the_database_is_away_nothing_is_confirmed_or_counted_and_then_everything_is_done(
    cut_school: tuple[Running, Wire],
) -> None:
    school, wire = cut_school
    await wire.cut()
    for number in (2, 3):
        await school.phone(number).send("/help")
    async with aiohttp.ClientSession() as http:

        async def unwell() -> bool:
            async with http.get(f"http://127.0.0.1:{school.app.port}/healthz") as answer:
                return answer.status == 503

        await school.until(unwell, "/healthz to say so")
    assert school.sim.pending_updates == 2
    assert school.texts_at(2) == []
    await wire.mend()
    await school.sim.wait_idle(timeout=PATIENCE)
    for number in (2, 3):
        await school.until(lambda number=number: bool(school.texts_at(number)), "the answer")
    assert await _seen(school) == 2
    assert await school.rows("SELECT * FROM set_aside_update") == []


async def test_an_update_delivered_twice_has_its_effects_once(school: Running) -> None:
    await _deliver_notice(school)
    school.sim.faults.duplicate_updates(2)
    await school.phone(2).tap(say("Understood"))
    await school.phone(3).send("/help")
    await school.sim.wait_idle(timeout=PATIENCE)
    await school.until(lambda: school.app.intake.under_way == 0, "rest")
    assert (await _answers(school))[2] == "understood"
    assert await school.rows("SELECT count(*) FROM audit_entry WHERE act = 'notice.answer'") == [(1,)]
    help_texts = [text for text in school.texts_at(3) if say("This is where home and school reach each other.") in text]
    assert len(help_texts) == 1


async def test_updates_in_the_wrong_order_are_all_done(school: Running) -> None:
    await _deliver_notice(school)
    school.sim.faults.reorder_updates(6)
    taps = [asyncio.ensure_future(school.phone(n).tap(say("Understood"))) for n in school.school.guardians]
    results = await asyncio.gather(*taps)
    assert all(result.answered for result in results)
    assert set((await _answers(school)).values()) == {"understood"}


async def test_a_slow_answer_to_one_person_holds_up_nobody_else(school: Running) -> None:
    school.sim.faults.slow_next("sendMessage", seconds=6, chat_id=ADDRESS_BASE + 2)
    await school.phone(2).send("/help")
    await school.until(lambda: school.sim.faults.waiting == 0, "the slow answer")
    for _ in range(3):  # one batch of polling after the other
        before = len(school.texts_at(3))
        await school.phone(3).send("/help")
        await school.until(lambda before=before: len(school.texts_at(3)) > before, "the other's answer")
    assert school.app.presenter.under_way >= 1, "the slow one is still under way"


async def test_screens_come_in_the_order_of_the_updates_they_answer(school: Running) -> None:
    school.sim.faults.slow_next("sendMessage", seconds=0.3, chat_id=ADDRESS_BASE + 2)
    await school.phone(2).send("/help")
    await school.phone(2).send("/cancel")
    await school.sim.wait_idle(timeout=PATIENCE)
    await school.until(lambda: school.app.intake.under_way == 0, "rest")
    first, *_ = (i for i, text in enumerate(school.texts_at(2)) if say("All right, nothing was sent.") in text)
    helped = next(
        i
        for i, t in enumerate(school.texts_at(2))
        if say("In an emergency call 113. For something urgent, call the school.") in t
    )
    assert helped < first


async def test_who_writes_faster_than_can_be_answered_gets_a_line_with_an_end(sqlite_url: str) -> None:
    async with running(sqlite_url) as school:
        school.sim.faults.slow_next("sendMessage", seconds=6, chat_id=ADDRESS_BASE + 2)
        for _ in range(LINE_LIMIT * 2):
            await school.phone(2).send("/menu")
        await school.sim.wait_idle(timeout=PATIENCE)
        assert school.app.presenter.under_way <= LINE_LIMIT
        await school.until(lambda: school.app.presenter.under_way == 0, "the line to end")
        assert 0 < len(school.texts_at(2)) <= LINE_LIMIT
        assert await _seen(school) == LINE_LIMIT * 2


async def test_an_update_that_nobody_can_read_is_confirmed_and_the_rest_goes_on(school: Running) -> None:
    school.sim.world.updates.add("message", ADDRESS_BASE + 2, {"no": "message"})
    await school.phone(3).send("/help")
    await school.sim.wait_idle(timeout=PATIENCE)
    await school.until(lambda: bool(school.texts_at(3)), "the answer")
    assert await school.rows("SELECT * FROM set_aside_update") == []


async def test_a_kind_of_update_from_the_future_is_confirmed(school: Running) -> None:
    await school.until(lambda: "message" in school.sim.world.updates.allowed, "the bot to say what it wants")
    school.sim.world.updates.allowed.append("telepathy")
    school.sim.world.updates.add("telepathy", ADDRESS_BASE + 2, {"thought": "hm"})
    await school.phone(2).send("/help")
    await school.sim.wait_idle(timeout=PATIENCE)
    await school.until(lambda: bool(school.texts_at(2)), "the answer")


async def _post(school: Running, body: bytes, secret: bytes | None = b"secret") -> tuple[int, bytes]:
    headers: dict[str, Any] = {}
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret.decode("utf-8", "surrogateescape")
    url = f"http://127.0.0.1:{school.app.port}/telegram"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.read()


def _tap_update(update_id: int, person: int, data: str, message_id: int) -> bytes:
    user = {"id": ADDRESS_BASE + person, "is_bot": False, "first_name": "P", "language_code": "nb"}
    chat = {"id": user["id"], "type": "private", "first_name": "P"}
    tapped = {"message_id": message_id, "date": 1, "chat": chat, "text": "x"}
    tap = {"id": "1", "from": user, "chat_instance": "1", "data": data, "message": tapped}
    return json.dumps({"update_id": update_id, "callback_query": tap}).encode()


@pytest.fixture
async def hooked(sqlite_url: str) -> AsyncIterator[Running]:
    """A running school with a webhook."""
    async with running(sqlite_url, **WEBHOOK) as opened:
        yield opened


@pytest.mark.parametrize("secret", [None, b"", b"wrong", b"secre", "sø".encode(), b"\xff\xfe"])
async def test_nobody_but_telegram_gets_in_by_the_webhook(hooked: Running, secret: bytes | None) -> None:
    status, _ = await _post(hooked, _tap_update(1, 2, "x", 1), secret)
    assert status == 401
    assert await _seen(hooked) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"update_id": "x"}', b'{"message": {}}', b"\xff"])
async def test_a_body_that_is_no_update_is_taken_and_forgotten(hooked: Running, body: bytes) -> None:
    assert await _post(hooked, body) == (200, b"")
    assert await _seen(hooked) == 0


async def test_a_tap_is_answered_in_the_webhooks_own_response(hooked: Running) -> None:
    await _deliver_notice(hooked)
    delivery = (await hooked.rows("SELECT id FROM delivery WHERE person_id = 2"))[0][0]
    tap = AnswerNotice(delivery, Answer.UNDERSTOOD, 1).pack()
    notice = hooked.phone(2).last
    assert notice is not None
    status, body = await _post(hooked, _tap_update(1, 2, tap, notice.id))
    assert status == 200
    assert json.loads(body) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "1",
        "text": say("Thank you. The sender sees that you have understood."),
    }
    assert await _post(hooked, _tap_update(1, 2, tap, notice.id)) == (200, b"")  # again: nothing happens
    assert await hooked.rows("SELECT count(*) FROM audit_entry WHERE act = 'notice.answer'") == [(1,)]


@pytest.fixture
async def broken_answers(school: Running) -> Running:
    """A school in which answering a notice fails in the database: its column has other ideas."""
    await _deliver_notice(school)
    async with school.outside.unit_of_work() as uow:
        await uow.execute(
            sa.text(
                "CREATE TRIGGER no_answers BEFORE UPDATE OF answer ON delivery WHEN NEW.person_id = 2"
                " BEGIN SELECT RAISE(ABORT, 'no answers today'); END"
            )
        )
        await uow.commit()
    return school


async def test_an_update_that_keeps_failing_is_set_aside_its_person_told_and_the_queue_goes_on(
    broken_answers: Running, caplog: pytest.LogCaptureFixture
) -> None:
    school = broken_answers
    with caplog.at_level(logging.INFO):
        tapping = asyncio.ensure_future(school.phone(2).tap(say("Understood")))
        other = await school.phone(3).tap(say("Understood"))
        assert other.text == say("Thank you. The sender sees that you have understood.")
        assert (await tapping).answered
        await school.phone(2).send("/help")
        await school.sim.wait_idle(timeout=PATIENCE)
    ((kind, error, error_id, attempts, set_aside),) = await school.rows(
        "SELECT kind, error, error_id, attempts, set_aside_at IS NOT NULL FROM set_aside_update"
    )
    assert (kind, error, attempts, set_aside) == ("callback_query", "IntegrityError", 3, 1)
    apology = say(
        "Something went wrong on our side, and this was not done. Try again, or call the school. Error {id}.",
        id=error_id,
    )
    await school.until(lambda: apology in school.texts_at(2), f"{apology!r} in {school.texts_at(2)}")
    await school.until(lambda: school.texts_at(2)[-1] != apology, "the answer to what came after")
    assert (await _answers(school))[2] is None
    failures = [record for record in caplog.records if record.message == "intake.failed"]
    assert [vars(record)["error_id"] for record in failures][-1] == error_id


async def test_what_looks_like_the_databases_fault_but_is_the_updates_own_is_set_aside_too(school: Running) -> None:
    """A deterministic OperationalError must not make an update come again for ever."""
    await _deliver_notice(school)
    async with school.outside.unit_of_work() as uow:
        await uow.execute(
            sa.text("CREATE TRIGGER odd BEFORE UPDATE OF answer ON delivery BEGIN SELECT * FROM nowhere; END")
        )
        await uow.commit()
    assert (await school.phone(2).tap(say("Understood"))).answered
    await school.sim.wait_idle(timeout=PATIENCE)
    assert await school.rows("SELECT error, attempts FROM set_aside_update") == [("OperationalError", 3)]


async def test_a_refused_update_is_seen_so_that_its_repetition_is_not_refused_again(school: Running) -> None:
    await school.put(message(2, "a", buttons=rows([Button("X", AnswerNotice(999, Answer.UNDERSTOOD, 1).pack())])))
    await school.settled("a")
    school.sim.faults.duplicate_updates(1)
    result = await school.phone(2).tap("X")
    assert result.show_alert
    await school.sim.wait_idle(timeout=PATIENCE)
    assert await _seen(school) == 1
    assert len(school.phone(2).alerts) == 1
