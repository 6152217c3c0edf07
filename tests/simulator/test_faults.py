"""Faults on request hit the calls and updates they were asked for, once each."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from bot.simulator import Simulator
from tests.simulator.conftest import Api

TEXT = {"chat_id": 1001, "text": "x"}


def received(sim: Simulator) -> list[str]:
    return [m.text for m in sim.phone(1001).messages if m.from_bot]


async def test_refusals_hit_the_method_the_chat_and_the_number_asked_for(sim: Simulator, api: Api) -> None:
    sim.faults.fail_next("sendMessage", times=2, status=429, retry_after=7, chat_id=1001)
    await api.ok("getMe")
    await api.ok("sendMessage", chat_id=1002, text="x")
    for _ in range(2):
        status, answer = await api.call("sendMessage", **TEXT)
        assert status == 429
        assert answer["parameters"] == {"retry_after": 7}
        assert answer["description"] == "Too Many Requests: retry after 7"
    assert received(sim) == []
    await api.ok("sendMessage", **TEXT)
    assert sim.faults.waiting == 0


async def test_each_kind_of_refusal(sim: Simulator, api: Api) -> None:
    sim.faults.fail_next(status=403)
    sim.faults.fail_next(status=500)
    sim.faults.fail_next("sendMessage", status=400, description="Bad Request: so it is")
    assert (await api.call("sendMessage", **TEXT))[1]["description"] == "Forbidden: bot was blocked by the user"
    assert (await api.call("sendMessage", **TEXT))[0] == 500
    assert await api.refused("sendMessage", **TEXT) == "Bad Request: so it is"
    await api.ok("sendMessage", **TEXT)


async def test_any_method_means_none_that_only_waits(sim: Simulator, api: Api) -> None:
    sim.faults.fail_next(status=500)
    await api.ok("getUpdates")
    assert sim.faults.waiting == 1
    sim.faults.clear()
    sim.faults.fail_next("getUpdates", status=502)
    assert await api.refused("getUpdates") == "Bad Gateway"


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection_before_or_after_the_effect(sim: Simulator, api: Api, when: str, count: int) -> None:
    sim.faults.drop_next("sendMessage", when="before" if when == "before" else "after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.call("sendMessage", **TEXT)
    assert len(received(sim)) == count
    assert sim.counters["sendMessage", 0] == 1
    await api.ok("sendMessage", **TEXT)
    assert len(received(sim)) == count + 1


async def test_a_slow_answer_comes_after_its_effect(sim: Simulator, api: Api) -> None:
    sim.faults.slow_next("sendMessage", seconds=1)
    began = time.monotonic()
    call = asyncio.create_task(api.ok("sendMessage", **TEXT))
    await sim.phone(1001).wait_for("x")
    assert not call.done()
    await call
    assert time.monotonic() - began >= 1


async def test_latency_is_spent_twice(sim: Simulator, api: Api) -> None:
    sim._api.latency = 0.1
    began = time.monotonic()
    await api.ok("getMe")
    assert time.monotonic() - began >= 0.2


async def test_duplicates_come_again_after_they_were_confirmed(sim: Simulator, api: Api) -> None:
    sim.faults.duplicate_updates(1)
    await sim.phone(1001).send("en")
    await sim.phone(1001).send("to")
    first = await api.ok("getUpdates")
    assert [u["message"]["text"] for u in first] == ["en", "to"]
    again = await api.ok("getUpdates", offset=first[-1]["update_id"] + 1)
    assert again == first[:1]
    assert await api.ok("getUpdates", offset=first[-1]["update_id"] + 1) == []
    assert sim.pending_updates == 0


async def test_reversed_updates(sim: Simulator, api: Api) -> None:
    sim.faults.reorder_updates(3)
    for text in ("en", "to"):
        await sim.phone(1001).send(text)
    assert await api.ok("getUpdates") == []
    assert sim.pending_updates == 2
    await sim.phone(1001).send("tre")
    await sim.phone(1001).send("fire")
    updates = await api.ok("getUpdates")
    assert [u["message"]["text"] for u in updates] == ["tre", "to", "en", "fire"]
    ids = [u["update_id"] for u in updates]
    assert ids[:3] == sorted(ids[:3], reverse=True)


async def test_updates_held_back_for_nothing_are_delivered_after_all(sim: Simulator, api: Api) -> None:
    sim.faults.reorder_updates(3)
    await sim.phone(1001).send("en")
    await sim.phone(1001).send("to")
    updates = await api.ok("getUpdates", timeout=5)
    assert [u["message"]["text"] for u in updates] == ["to", "en"]
