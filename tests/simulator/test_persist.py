"""The state file: a restart goes on where the last run ended."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.simulator import Person, Simulator
from tests.simulator.conftest import PNG, Api, StartSimulator, inline


async def test_everything_survives_a_restart(
    start_simulator: StartSimulator, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    first = await start_simulator(state_file=path)
    api = Api(first.base_url, session)
    asked = await api.ok("sendMessage", chat_id=1001, text="<b>Hva?</b>", parse_mode="HTML", reply_markup=inline("Ja"))
    await api.ok("sendMessage", chat_id=1002, text="x", reply_markup={"keyboard": [["A"]]})
    await api.ok("pinChatMessage", chat_id=1001, message_id=asked["message_id"])
    await api.ok("setMyCommands", commands=[{"command": "hei", "description": "Hei"}], language_code="pl")
    await api.ok("setMyName", name="Nytt navn")
    await api.ok("setChatMenuButton", menu_button={"type": "commands"}, chat_id=1001)
    photo = await first.phone(1001).send_photo(PNG, "a.png", caption="Se")
    assert photo.photo is not None
    await first.phone(1001).tap_data("Ja", asked["message_id"], timeout=0.01)
    await first.phone(1002).block()
    updates = await api.ok("getUpdates")
    screens = [first.phone(person).screen() for person in (1001, 1002)]
    await first.stop()

    second = await start_simulator(people=False, state_file=path)
    api = Api(second.base_url, session)
    assert [second.phone(person).screen() for person in (1001, 1002)] == screens
    assert second.phone(1001).commands == [("hei", "Hei")]
    assert second.phone(1002).blocked
    assert second.phone(1001).unread == 1
    assert second.phone(1001).person == Person(1001, "Piotr", "Kowalski", language_code="pl")
    assert (await api.ok("getMe"))["first_name"] == "Nytt navn"
    assert (await api.ok("getChat", chat_id=1001))["pinned_message"]["message_id"] == asked["message_id"]
    assert await api.ok("getUpdates") == updates
    file = await api.ok("getFile", file_id=photo.photo.file_id)
    async with session.get(f"{api.base}/file/bot{second.token}/{file['file_path']}") as answer:
        assert await answer.read() == PNG
    query = next(u["callback_query"] for u in updates if "callback_query" in u)
    assert await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="Takk") is True
    edited = {"chat_id": 1001, "message_id": asked["message_id"], "text": "Ja!"}
    assert (await api.ok("editMessageText", **edited))["text"] == "Ja!"
    # New ids follow the old ones.
    sent = await api.ok("sendMessage", chat_id=1001, text="videre")
    assert sent["message_id"] == photo.id + 1
    await second.phone(1001).send("x")
    assert (await api.ok("getUpdates"))[-1]["update_id"] == updates[-1]["update_id"] + 1


async def test_the_webhook_goes_on_after_a_restart(
    start_simulator: StartSimulator, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    first = await start_simulator(state_file=path)
    hook = {"url": "http://127.0.0.1:9/hook", "max_connections": 7}
    await Api(first.base_url, session).ok("setWebhook", **hook)
    await first.stop()
    second = await start_simulator(people=False, state_file=path)
    info = await Api(second.base_url, session).ok("getWebhookInfo")
    assert {name: info[name] for name in hook} == hook


async def test_the_same_simulator_may_stop_and_start(sim: Simulator, session: aiohttp.ClientSession) -> None:
    await sim.phone(1001).send("hei")
    await sim.stop()
    assert sim.base_url == ""
    await sim.start()
    updates = await Api(sim.base_url, session).ok("getUpdates")
    assert updates[0]["message"]["text"] == "hei"


async def test_a_taken_port_leaves_nothing_open(sim: Simulator) -> None:
    other = Simulator()
    with pytest.raises(OSError, match="address already in use"):
        await other.start(port=int(sim.base_url.rpartition(":")[2]))
    assert other.base_url == ""
    await other.stop()


async def test_changes_are_written_soon_and_whole(
    start_simulator: StartSimulator, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    path = tmp_path / "deep" / "state.json"
    sim = await start_simulator(state_file=path)
    await sim.phone(1001).send("først")

    async def kept() -> dict[str, Any]:
        for _ in range(300):
            if path.exists():
                state: dict[str, Any] = json.loads(path.read_text("utf-8"))
                return state
            await asyncio.sleep(0.01)
        raise AssertionError("nothing was written")

    texts = [m["text"] for chat in (await kept())["chats"] for m in chat["messages"]]
    assert "først" in texts
    assert [p.name for p in path.parent.iterdir()] == ["state.json"], "no temporary file is left"


async def test_another_bots_state_is_refused(start_simulator: StartSimulator, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    sim = await start_simulator(state_file=path)
    await sim.stop()
    with pytest.raises(ValueError, match="another bot"):
        Simulator(token="777:other", state_file=path)
