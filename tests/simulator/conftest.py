"""A simulator on a local port, and a bare client that speaks the Bot API without any library's help."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.simulator import Limits, Person, Simulator

TOKEN = "123456:demo"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000300000002080200000012164f4d"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


class Clock:
    """A time that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class Api:
    """Calls Bot API methods and returns (HTTP status, answer)."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self.session = session

    async def call(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(f"{self.base}/bot{TOKEN}/{method}", json=params) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **params: Any) -> Any:
        status, answer = await self.call(method, **params)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        status, answer = await self.call(method, **params)
        assert answer["ok"] is False
        assert status == answer["error_code"]
        return str(answer["description"])

    async def form(self, method: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()}
        async with self.session.post(f"{self.base}/bot{TOKEN}/{method}", data=data) as answer:
            return answer.status, await answer.json()

    async def upload(
        self, method: str, field: str, data: bytes, filename: str, **fields: str
    ) -> tuple[int, dict[str, Any]]:
        form = aiohttp.FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value)
        form.add_field(field, data, filename=filename)
        async with self.session.post(f"{self.base}/bot{TOKEN}/{method}", data=form) as answer:
            return answer.status, await answer.json()


StartSimulator = Callable[..., Awaitable[Simulator]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start_simulator(clock: Clock) -> AsyncIterator[StartSimulator]:
    """Start simulators with Piotr (1001, Polish) and Kari (1002, Norwegian), both started."""
    running: list[Simulator] = []

    async def begin(people: bool = True, **options: Any) -> Simulator:
        simulator = Simulator(**{"token": TOKEN, "now": clock, "limits": Limits.off(), **options})
        running.append(simulator)
        await simulator.start()
        if people:
            simulator.add_person(Person(1001, "Piotr", "Kowalski", language_code="pl"))
            simulator.add_person(Person(1002, "Kari", username="kari", language_code="nb"))
            for person in (1001, 1002):
                await simulator.phone(person).start()
            simulator.world.updates.clear()
        return simulator

    yield begin
    for simulator in running:
        await simulator.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def sim(start_simulator: StartSimulator) -> Simulator:
    return await start_simulator()


@pytest.fixture
def api(sim: Simulator, session: aiohttp.ClientSession) -> Api:
    return Api(sim.base_url, session)


def inline(*labels: str) -> dict[str, Any]:
    """An inline keyboard of one row; a button's data is its label."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}
