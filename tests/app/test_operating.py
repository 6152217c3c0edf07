"""What an operator sees: health, figures, and one clear sentence when something is set wrong."""

from __future__ import annotations

import asyncio
import gc
import re
import socket
import sys
import weakref
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetMe,
    GetUpdates,
    Response,
    SendMessage,
    TelegramMethod,
)

from bot.app import App, StartFailed
from bot.metrics import REGISTRY
from bot.settings import Settings, SettingsError, load_settings
from bot.simulator import Simulator
from tests.load.process import environment
from tests.load.school import ADDRESS_BASE, schedule_notice
from tests.running import PATIENCE, TOKEN, WEBHOOK, Running, make_settings, message, new_clock, running


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A Telegram that answers."""
    opened = Simulator(token=TOKEN)
    await opened.start()
    yield opened
    await opened.stop()


async def _get(school: Running, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{school.app.port}{path}") as answer:
        return answer.status, await answer.text()


async def test_healthz_tells_which_part_has_ended(sqlite_url: str) -> None:
    async with running(sqlite_url) as school:
        status, body = await _get(school, "/healthz")
        assert (status, '"ok": true' in body) == (200, True)
        school.app.poller.stop()

        async def unwell() -> bool:
            return (await _get(school, "/healthz"))[0] == 503

        await school.until(unwell, "503")
        assert '"poller": false' in (await _get(school, "/healthz"))[1]
        assert '"sender": true' in (await _get(school, "/healthz"))[1]


@pytest.mark.parametrize("method", [SendMessage, EditMessageText, AnswerCallbackQuery, GetUpdates, GetMe])
def test_the_model_of_an_answer_is_made_once(method: type[TelegramMethod[Any]]) -> None:
    """aiogram asks for it at every answer, and pydantic forgets one that nobody holds."""
    model = weakref.ref(Response[method.__returning__])  # type: ignore[name-defined]
    gc.collect()
    assert model() is not None


def _figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_metrics_count_updates_and_messages_and_name_nobody(sqlite_url: str) -> None:
    async with running(sqlite_url, **WEBHOOK) as school:
        updates = _figure("skolebud_updates_total", kind="message", outcome="done")
        sent = _figure("skolebud_outgoing_total", kind="notice", state="sent")
        await school.phone(2).send("/help")
        await school.put(message(2, "a", "Ola har feber"))
        await school.settled("a")
        await school.sim.wait_idle(timeout=PATIENCE)
        await school.app.ticks.run("gauges")
        status, body = await _get(school, "/metrics")
        assert status == 200
        assert _figure("skolebud_updates_total", kind="message", outcome="done") == updates + 1
        assert _figure("skolebud_outgoing_total", kind="notice", state="sent") == sent + 1
        assert 'skolebud_outgoing_total{kind="notice",state="sent"}' in body
        assert "Ola" not in body
        assert str(ADDRESS_BASE + 2) not in body


async def test_a_waiting_count_goes_back_to_nothing(sqlite_url: str) -> None:
    async with running(sqlite_url) as school:
        await school.put(message(2, "a", due_at=school.clock.now() + timedelta(hours=1)))
        await school.app.ticks.run("gauges")
        assert _figure("skolebud_outgoing_waiting", state="queued") == 1
        school.clock.forward(timedelta(hours=1))
        await school.settled("a")
        await school.app.ticks.run("gauges")
        assert _figure("skolebud_outgoing_waiting", state="queued") == 0


async def _fails(settings: Settings) -> str:
    app = App(settings, new_clock())
    with pytest.raises(StartFailed) as caught:
        async with app.running():
            pass
    return str(caught.value)


async def test_a_token_that_telegram_does_not_know(sim: Simulator, sqlite_url: str) -> None:
    wrong = "123456:" + "Z" * 35
    said = await _fails(make_settings(sqlite_url, sim.base_url, token=wrong))
    assert said.startswith("SKOLEBUD_TOKEN:")
    assert wrong not in said


async def test_a_telegram_that_does_not_answer(sqlite_url: str, unused_tcp_port: int) -> None:
    said = await _fails(make_settings(sqlite_url, f"http://127.0.0.1:{unused_tcp_port}"))
    assert "Telegram does not answer" in said


async def test_a_database_that_is_not_migrated(sim: Simulator, tmp_path: Path) -> None:
    said = await _fails(make_settings(f"sqlite:///{tmp_path / 'empty.db'}", sim.base_url))
    assert "skolebud migrate" in said


@pytest.mark.parametrize(
    "address", ["postgresql://nobody:wrong@127.0.0.1:{port}/none", "sqlite:////nowhere/at/all/skolebud.db"]
)
async def test_a_database_that_is_not_there(sim: Simulator, address: str, unused_tcp_port: int) -> None:
    said = await _fails(make_settings(address.format(port=unused_tcp_port), sim.base_url))
    assert said.startswith("SKOLEBUD_DATABASE:")
    assert "wrong" not in said.replace("right", "")


async def test_a_port_that_is_taken(sim: Simulator, sqlite_url: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = await _fails(make_settings(sqlite_url, sim.base_url, listen_port=port))
    assert said.startswith(f"SKOLEBUD_LISTEN_PORT: {port} is taken")


async def test_an_address_that_is_not_this_machines(sim: Simulator, sqlite_url: str) -> None:
    said = await _fails(make_settings(sqlite_url, sim.base_url, listen_host="192.0.2.1"))
    assert said.startswith("SKOLEBUD_LISTEN_HOST: 192.0.2.1")


async def test_a_webhook_that_telegram_refuses(sim: Simulator, sqlite_url: str) -> None:
    said = await _fails(
        make_settings(sqlite_url, sim.base_url, webhook="http://example.org/hook", webhook_secret="secret")
    )
    assert said.startswith("SKOLEBUD_WEBHOOK:")


async def test_a_menu_that_telegram_does_not_take_now_keeps_nobody_from_starting(sqlite_url: str) -> None:
    sim = Simulator(token=TOKEN)
    base = await sim.start()
    sim.faults.fail_next("setMyCommands", status=429, retry_after=600)
    try:
        async with App(make_settings(sqlite_url, base), new_clock()).running() as app:
            assert app.port is not None
            assert "setMyCommands" in {call.method for call in sim.log if call.status == 429}
    finally:
        await sim.stop()


async def test_a_webhook_of_an_earlier_run_is_taken_down_by_polling(sqlite_url: str) -> None:
    async with running(sqlite_url) as school:
        await school.phone(2).send("/help")
        await school.until(lambda: bool(school.texts_at(2)), "the answer")
        methods = [call.method for call in school.sim.log]
        assert methods.index("deleteWebhook") < methods.index("getUpdates")
        assert all(call.status == 200 for call in school.sim.log)


GOOD = {"token": TOKEN}
WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"token": ""}, "SKOLEBUD_TOKEN", "@BotFather"),
    ({"token": "hello"}, "SKOLEBUD_TOKEN", "@BotFather"),
    ({"database": "mysql://x/y"}, "SKOLEBUD_DATABASE", "sqlite:///file.db"),
    ({"database": "skolebud.db"}, "SKOLEBUD_DATABASE", "sqlite:///file.db"),
    ({"school": ""}, "SKOLEBUD_SCHOOL", "at least 1"),
    ({"school": "x" * 81}, "SKOLEBUD_SCHOOL", "at most 80"),
    ({"language": "xx"}, "SKOLEBUD_LANGUAGE", "nb"),
    ({"timezone": "Oslo"}, "SKOLEBUD_TIMEZONE", "Europe/Oslo"),
    ({"office_phone": "1" * 33}, "SKOLEBUD_OFFICE_PHONE", "at most 32"),
    ({"quiet_hours": "20-7"}, "SKOLEBUD_QUIET_HOURS", "20:00-07:00"),
    ({"quiet_hours": "25:00-07:00"}, "SKOLEBUD_QUIET_HOURS", "20:00-07:00"),
    ({"quiet_hours": "20:00"}, "SKOLEBUD_QUIET_HOURS", "20:00-07:00"),
    ({"undo_seconds": "-1"}, "SKOLEBUD_UNDO_SECONDS", "greater than or equal to 0"),
    ({"undo_seconds": "soon"}, "SKOLEBUD_UNDO_SECONDS", "integer"),
    ({"reminder_hours": "200"}, "SKOLEBUD_REMINDER_HOURS", "168"),
    ({"answer_days": "0"}, "SKOLEBUD_ANSWER_DAYS", "greater than or equal to 1"),
    ({"school_hours": "8-14"}, "SKOLEBUD_SCHOOL_HOURS", "08:30-14:00"),
    ({"school_hours": "14:00-08:30"}, "SKOLEBUD_SCHOOL_HOURS", "08:30-14:00"),
    ({"country": "Norway"}, "SKOLEBUD_COUNTRY", "such as NO"),
    ({"list_minutes": "300"}, "SKOLEBUD_LIST_MINUTES", "240"),
    ({"report_ahead_days": "0"}, "SKOLEBUD_REPORT_AHEAD_DAYS", "greater than or equal to 1"),
    ({"report_days": "0"}, "SKOLEBUD_REPORT_DAYS", "greater than or equal to 1"),
    ({"inquiry_minutes": "0"}, "SKOLEBUD_INQUIRY_MINUTES", "greater than or equal to 1"),
    ({"leave_teacher_days": "-1"}, "SKOLEBUD_LEAVE_TEACHER_DAYS", "greater than or equal to 0"),
    ({"leave_days": "0"}, "SKOLEBUD_LEAVE_DAYS", "greater than or equal to 1"),
    ({"absence_percent": "0"}, "SKOLEBUD_ABSENCE_PERCENT", "greater than 0"),
    ({"remind_days": "15"}, "SKOLEBUD_REMIND_DAYS", "less than or equal to 14"),
    ({"remind_hours": "-1"}, "SKOLEBUD_REMIND_HOURS", "greater than or equal to 0"),
    ({"calendar": "http://bot.example"}, "SKOLEBUD_CALENDAR", "https://bot.example"),
    ({"monthly_reports": "perhaps"}, "SKOLEBUD_MONTHLY_REPORTS", "boolean"),
    ({"translation_engines": "google"}, "SKOLEBUD_TRANSLATION_ENGINES", "apertium"),
    ({"translation_engines": "apertium apertium"}, "SKOLEBUD_TRANSLATION_ENGINES", "each once"),
    ({"translation_pairs": "nb>pl deepl"}, "SKOLEBUD_TRANSLATION_PAIRS", "nb-nn: apertium"),
    ({"translation_pairs": "nb-pl: google"}, "SKOLEBUD_TRANSLATION_PAIRS", "choose from"),
    ({"translation_seconds": "0"}, "SKOLEBUD_TRANSLATION_SECONDS", "greater than 0"),
    ({"translation_outside": "perhaps"}, "SKOLEBUD_TRANSLATION_OUTSIDE", "boolean"),
    ({"translation_own_hosts": "https://lt.school.example"}, "SKOLEBUD_TRANSLATION_OWN_HOSTS", "names only"),
    ({"translation_daily_characters": "-1"}, "SKOLEBUD_TRANSLATION_DAILY_CHARACTERS", "greater than or equal to 0"),
    ({"translation_engines": "apertium"}, "SKOLEBUD_APERTIUM_URL", "http://127.0.0.1:2737"),
    ({"apertium_url": "127.0.0.1:2737"}, "SKOLEBUD_APERTIUM_URL", "write an address"),
    ({"translation_pairs": "nb-pl: libretranslate"}, "SKOLEBUD_LIBRETRANSLATE_URL", "http://127.0.0.1:5000"),
    ({"libretranslate_url": "lt.school.example"}, "SKOLEBUD_LIBRETRANSLATE_URL", "write an address"),
    ({"libretranslate_key": "a b"}, "SKOLEBUD_LIBRETRANSLATE_KEY", "copy it once more"),
    ({"translation_engines": "deepl"}, "SKOLEBUD_DEEPL_KEY", "DeepL account"),
    ({"deepl_key": "a b"}, "SKOLEBUD_DEEPL_KEY", "copy it once more"),
    ({"api": "127.0.0.1:8081"}, "SKOLEBUD_API", "http://127.0.0.1:8081"),
    ({"webhook": "http://bot.example/hook", "webhook_secret": "x"}, "SKOLEBUD_WEBHOOK", "https"),
    ({"webhook": "https://bot.example:8080", "webhook_secret": "x"}, "SKOLEBUD_WEBHOOK", "8443"),
    ({"webhook": "https://bot.example:port", "webhook_secret": "x"}, "SKOLEBUD_WEBHOOK", "https://bot.example"),
    ({"webhook": "https://", "webhook_secret": "x"}, "SKOLEBUD_WEBHOOK", "https://bot.example"),
    ({"webhook": "https://bot.example"}, "SKOLEBUD_WEBHOOK_SECRET", "openssl rand -hex 32"),
    ({"webhook": "https://bot.example", "webhook_secret": "a b"}, "SKOLEBUD_WEBHOOK_SECRET", "A-Z"),
    ({"listen_port": "70000"}, "SKOLEBUD_LISTEN_PORT", "65535"),
    ({"messages_per_second": "-1"}, "SKOLEBUD_MESSAGES_PER_SECOND", "greater than or equal to 0"),
    ({"messages_per_chat_second": "99"}, "SKOLEBUD_MESSAGES_PER_CHAT_SECOND", "30"),
    ({"lease_seconds": "0"}, "SKOLEBUD_LEASE_SECONDS", "greater than 0"),
    ({"log_level": "LOUD"}, "SKOLEBUD_LOG_LEVEL", "WARNING"),
    ({"letters_days": "0"}, "SKOLEBUD_LETTERS_DAYS", "greater than or equal to 1"),
]


@pytest.mark.parametrize(("given", "name", "hint"), WRONG, ids=lambda value: str(value)[:50])
def test_every_wrong_setting_is_named_with_what_to_write_instead(
    given: dict[str, str], name: str, hint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    for key, value in {**GOOD, **given}.items():
        monkeypatch.setenv(f"SKOLEBUD_{key.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (line,) = caught.value.lines
    assert re.match(rf"{name}\b", line), line
    assert hint in line


def test_every_setting_can_be_set_wrong_and_is_looked_at_above() -> None:
    """A new setting belongs into the list above, unless nothing about it can be wrong."""
    never_wrong = {"listen_host"}
    assert {name for given, _, _ in WRONG for name in given} == set(Settings.model_fields) - never_wrong


def test_all_wrong_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SKOLEBUD_TOKEN", "secret-but-wrong")
    monkeypatch.setenv("SKOLEBUD_TIMEZONE", "Oslo")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(caught.value.lines) == 2
    assert "secret-but-wrong" not in str(caught.value)


async def test_the_command_says_the_sentence_and_nothing_else(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        cwd=tmp_path, env=environment(tmp_path, token="nonsense"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 2
    assert out == b""
    assert err.decode().strip().startswith("SKOLEBUD_TOKEN:")
    assert len(err.decode().strip().splitlines()) == 1


async def test_a_notice_that_becomes_due_is_sent_by_the_tick_alone(sqlite_url: str) -> None:
    async with running(sqlite_url, homes=2) as school:
        await schedule_notice(school.outside)  # from outside: nothing in this process knows of it
        await school.until(lambda: all(school.texts_at(number) for number in school.school.guardians), "the notice")


async def test_a_failing_job_is_tried_again_at_its_next_tick(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async with running(sqlite_url, homes=2) as school:
        async with school.outside.unit_of_work() as uow:
            await uow.execute(
                sa.text("CREATE TRIGGER closed BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'no'); END")
            )
            await uow.commit()
        await schedule_notice(school.outside)
        await school.until(lambda: "job.failed" in {record.message for record in caplog.records}, "the failure")
        async with school.outside.unit_of_work() as uow:
            await uow.execute(sa.text("DROP TRIGGER closed"))
            await uow.commit()
        await school.until(lambda: all(school.texts_at(number) for number in school.school.guardians), "the notice")


async def test_a_notice_that_cannot_be_sent_holds_up_no_other(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(sqlite_url, homes=2) as school:
        async with school.outside.unit_of_work() as uow:
            await uow.execute(
                sa.text(
                    "CREATE TRIGGER cursed BEFORE INSERT ON delivery WHEN NEW.notice_id = 1"
                    " BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            )
            await uow.commit()
        await schedule_notice(school.outside)
        await school.until(lambda: "job.failed" in {record.message for record in caplog.records}, "the failure")
        await schedule_notice(school.outside)
        await school.until(lambda: all(school.texts_at(number) for number in school.school.guardians), "the notice")
        assert await school.rows("SELECT id, state FROM notice ORDER BY id") == [(1, "scheduled"), (2, "sent")]
        assert all(len(school.texts_at(number)) == 1 for number in school.school.guardians)
