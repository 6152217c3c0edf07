"""Switches of the page: what they show, how they are turned, and who hears of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from bot.simulator import Option, Simulator, Switch


class Lamp:
    """Something to be switched, which takes a moment."""

    def __init__(self) -> None:
        self.chosen: list[str] = []
        self.broken = False

    async def choose(self, value: str) -> None:
        await asyncio.sleep(0)
        if self.broken:
            raise ValueError("The lamp is broken.")
        self.chosen.append(value)


@pytest.fixture
def lamp(sim: Simulator) -> Lamp:
    lamp = Lamp()
    sim.switches = [Switch("lamp", "Lamp", (Option("on", "shines"), Option("off", "is dark")), lamp.choose)]
    return lamp


async def shown(sim: Simulator, session: aiohttp.ClientSession) -> Any:
    async with session.get(f"{sim.base_url}/sim/state") as answer:
        return (await answer.json())["switches"]


async def turn(sim: Simulator, session: aiohttp.ClientSession, body: Any) -> tuple[int, Any]:
    async with session.post(f"{sim.base_url}/sim/switch", json=body) as answer:
        return answer.status, await answer.json()


async def test_a_page_without_switches_has_none(sim: Simulator, session: aiohttp.ClientSession) -> None:
    assert await shown(sim, session) == []
    assert await turn(sim, session, {"name": "lamp", "value": "on"}) == (404, {"error": "There is no such switch."})


async def test_a_switch_stands_where_it_was_turned_to(
    sim: Simulator, session: aiohttp.ClientSession, lamp: Lamp
) -> None:
    options = [{"value": "on", "label": "shines"}, {"value": "off", "label": "is dark"}]
    view = {"name": "lamp", "label": "Lamp", "options": options, "chosen": "on"}
    assert await shown(sim, session) == [view]
    assert await turn(sim, session, {"name": "lamp", "value": "off"}) == (200, {"switch": {**view, "chosen": "off"}})
    assert await shown(sim, session) == [{**view, "chosen": "off"}]
    await sim.turn("lamp", "on")
    assert await shown(sim, session) == [view]
    assert lamp.chosen == ["off", "on"]


@pytest.mark.parametrize(
    "body", [{}, {"name": "lamp"}, {"name": "lamp", "value": "blue"}, {"name": "lamp", "value": 1}, {"name": ["lamp"]}]
)
async def test_nonsense_is_refused_and_changes_nothing(
    sim: Simulator, session: aiohttp.ClientSession, lamp: Lamp, body: Any
) -> None:
    assert (await turn(sim, session, body))[0] == 400
    assert lamp.chosen == []
    assert (await shown(sim, session))[0]["chosen"] == "on"


async def test_a_switch_that_cannot_be_turned_stays_and_says_why(
    sim: Simulator, session: aiohttp.ClientSession, lamp: Lamp
) -> None:
    lamp.broken = True
    assert await turn(sim, session, {"name": "lamp", "value": "off"}) == (400, {"error": "The lamp is broken."})
    assert (await shown(sim, session))[0]["chosen"] == "on"


async def test_other_sites_cannot_turn_it(sim: Simulator, session: aiohttp.ClientSession, lamp: Lamp) -> None:
    async with session.post(
        f"{sim.base_url}/sim/switch", json={"name": "lamp", "value": "off"}, headers={"Origin": "http://evil.example"}
    ) as answer:
        assert answer.status == 403
    assert lamp.chosen == []


async def test_every_page_hears_of_it(sim: Simulator, session: aiohttp.ClientSession, lamp: Lamp) -> None:
    async with asyncio.timeout(20), session.get(f"{sim.base_url}/sim/events") as line:
        assert json.loads((await line.content.readuntil(b"\n\n"))[6:]) == {"type": "hello"}
        await sim.turn("lamp", "off")
        event = json.loads((await line.content.readuntil(b"\n\n"))[6:])
    assert (event["type"], event["switch"]["name"], event["switch"]["chosen"]) == ("switch", "lamp", "off")
    assert lamp.chosen == ["off"]
