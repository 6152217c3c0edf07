"""Long polling: an update stays until a later offset confirms it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from bot.simulator import Simulator, gestures
from tests.simulator.conftest import Api, Clock, inline


async def test_updates_stay_until_a_later_offset(sim: Simulator, api: Api) -> None:
    for text in ("en", "to", "tre"):
        await sim.phone(1001).send(text)
    first = await api.ok("getUpdates")
    assert [u["message"]["text"] for u in first] == ["en", "to", "tre"]
    ids = [u["update_id"] for u in first]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert await api.ok("getUpdates") == first
    assert sim.pending_updates == 3
    assert await api.ok("getUpdates", offset=ids[1]) == first[1:]
    assert await api.ok("getUpdates", offset=ids[1], limit=1) == first[1:2]
    assert await api.ok("getUpdates", offset=-1) == first[2:]
    assert await api.ok("getUpdates", offset=ids[2] + 1) == []
    await sim.wait_idle(1)


async def test_wait_idle_says_what_is_left(sim: Simulator) -> None:
    await sim.phone(1001).send("x")
    with pytest.raises(TimeoutError, match="1 updates are not confirmed"):
        await sim.wait_idle(0.05)


async def polled(sim: Simulator) -> None:
    """Wait until a getUpdates waits."""
    while sim.world.updates._poller is None:
        await asyncio.sleep(0.01)


async def test_a_poll_waits_for_the_next_update_but_not_longer_than_asked(sim: Simulator, api: Api) -> None:
    waiting = asyncio.create_task(api.ok("getUpdates", timeout=50))
    await polled(sim)
    assert not waiting.done()
    await sim.phone(1001).send("hei")
    async with asyncio.timeout(30):
        updates = await waiting
        began = time.monotonic()
        assert await api.ok("getUpdates", offset=updates[0]["update_id"] + 1, timeout=1) == []
        assert time.monotonic() - began > 0.9


async def test_a_second_poller_ends_the_first(sim: Simulator, api: Api) -> None:
    first = asyncio.create_task(api.call("getUpdates", timeout=10))
    await polled(sim)
    second = asyncio.create_task(api.ok("getUpdates", timeout=10))
    status, answer = await first
    assert status == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await sim.phone(1001).send("hei")
    assert len(await second) == 1


async def test_a_webhook_and_polling_exclude_each_other(sim: Simulator, api: Api) -> None:
    waiting = asyncio.create_task(api.refused("getUpdates", timeout=10))
    await polled(sim)
    await api.ok("setWebhook", url="http://127.0.0.1:9/hook")
    assert await waiting == "Conflict: terminated by setWebhook request"
    assert await api.refused("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await api.ok("deleteWebhook")
    assert await api.ok("getUpdates") == []


async def test_allowed_updates_are_remembered(sim: Simulator, api: Api) -> None:
    await api.ok("getUpdates", allowed_updates=["callback_query"])
    await api.ok("getUpdates")
    await sim.phone(1001).send("not wanted")
    assert await api.ok("getUpdates", allowed_updates=[]) == []
    await sim.phone(1001).send("wanted")
    assert [u["message"]["text"] for u in await api.ok("getUpdates")] == ["wanted"]


async def one(api: Api, kind: str) -> dict[str, Any]:
    updates = await api.ok("getUpdates")
    await api.ok("getUpdates", offset=updates[-1]["update_id"] + 1)
    assert list(updates[-1]) == ["update_id", kind]
    found: dict[str, Any] = updates[-1][kind]
    return found


async def test_what_people_do_arrives_as_telegram_tells_it(sim: Simulator, api: Api, clock: Clock) -> None:
    phone = sim.phone(1001)
    await phone.start("ABC-1")
    message = await one(api, "message")
    assert message == {
        "message_id": message["message_id"],
        "from": {
            "id": 1001,
            "is_bot": False,
            "first_name": "Piotr",
            "last_name": "Kowalski",
            "language_code": "pl",
        },
        "chat": {"id": 1001, "first_name": "Piotr", "last_name": "Kowalski", "type": "private"},
        "date": int(clock.now.timestamp()),
        "text": "/start ABC-1",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    asked = await api.ok("sendMessage", chat_id=1001, text="Hva?", reply_markup=inline("Ja"))
    mine = await phone.send("Dette", reply_to=asked["message_id"])
    assert (await one(api, "message"))["reply_to_message"] == asked
    await phone.edit(mine, "Dette!")
    edited = await one(api, "edited_message")
    assert (edited["text"], edited["edit_date"]) == ("Dette!", int(clock.now.timestamp()))
    await phone.send_sticker()
    assert (await one(api, "message"))["sticker"]["emoji"] == "👍"
    await phone.send_voice()
    assert (await one(api, "message"))["voice"]["duration"] == 3
    await phone.send_location()
    assert "latitude" in (await one(api, "message"))["location"]
    await phone.block()
    blocked = await one(api, "my_chat_member")
    assert (blocked["old_chat_member"]["status"], blocked["new_chat_member"]["status"]) == ("member", "kicked")
    await phone.start()
    updates = await api.ok("getUpdates")
    assert [next(iter(set(u) - {"update_id"})) for u in updates] == ["my_chat_member", "message"]


async def test_a_tap_arrives_with_its_message_and_waits_for_the_answer(sim: Simulator, api: Api) -> None:
    asked = await api.ok("sendMessage", chat_id=1001, text="Hva?", reply_markup=inline("Ja", "Nei"))
    tap = asyncio.create_task(sim.phone(1001).tap("Nei"))
    await asyncio.sleep(0)
    query = await one(api, "callback_query")
    assert (query["data"], query["message"], query["from"]["id"]) == ("Nei", asked, 1001)
    assert not tap.done()
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="Takk", show_alert=True)
    result = await tap
    assert (result.answered, result.text, result.show_alert) == (True, "Takk", True)
    assert sim.phone(1001).alerts == [result]
    again = await api.refused("answerCallbackQuery", callback_query_id=query["id"])
    assert again == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_press_can_be_answered_late_but_not_too_late(sim: Simulator, api: Api, clock: Clock) -> None:
    sent = await api.ok("sendMessage", chat_id=1001, text="Hva?", reply_markup=inline("Ja"))
    for minutes, fine in ((4, True), (6, False)):
        result = await sim.phone(1001).tap_data("x", sent["message_id"], timeout=0.01)
        assert not result.answered
        query = await one(api, "callback_query")
        clock.forward(minutes=minutes)
        status, _ = await api.call("answerCallbackQuery", callback_query_id=query["id"])
        assert status == (200 if fine else 400)


async def test_presses_nobody_answers_are_forgotten(sim: Simulator, clock: Clock) -> None:
    for _ in range(1000):
        gestures.tap(sim.world, sim.world.chats[1001], 1, "x")
    clock.forward(minutes=6)
    gestures.tap(sim.world, sim.world.chats[1001], 1, "x")
    assert len(sim.world.presses) == 1


async def test_undelivered_presses_and_messages_grow_too_old(sim: Simulator, api: Api, clock: Clock) -> None:
    await sim.phone(1001).send("hei")
    await sim.phone(1001).tap_data("x", 1, timeout=0.01)
    clock.forward(seconds=149)
    assert len(await api.ok("getUpdates")) == 2
    clock.forward(seconds=2)
    assert ["message" in u for u in await api.ok("getUpdates")] == [True]
    clock.forward(hours=24)
    assert await api.ok("getUpdates") == []
    assert sim.pending_updates == 0


async def test_a_dead_poller_loses_nothing(sim: Simulator, api: Api) -> None:
    with pytest.raises(TimeoutError):
        async with api.session.post(
            f"{api.base}/bot{sim.token}/getUpdates",
            json={"timeout": 30},
            timeout=aiohttp.ClientTimeout(total=0.1),
        ):
            raise AssertionError("nothing was to come")
    await sim.phone(1001).send("hei")
    assert len(await api.ok("getUpdates")) == 1


async def test_ids_start_anywhere(clock: Clock) -> None:
    starts = {Simulator(now=clock).world.updates.next_id for _ in range(5)}
    assert len(starts) == 5
