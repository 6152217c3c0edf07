"""Delivery to a webhook: the secret, each person's order, tries again, answers in the body."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import FormData, MultipartWriter, web

from bot.simulator import Person, Simulator
from tests.simulator.conftest import Api, StartSimulator

Reaction = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


class Hook:
    """A bot's webhook: keeps what comes and reacts as a test wants."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.reaction: Reaction | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        update = await request.json()
        self.updates.append(update)
        self.headers.append(request.headers)
        return await self.reaction(update) if self.reaction else web.Response()

    @property
    def texts(self) -> list[str]:
        return [u["message"]["text"] for u in self.updates]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_updates_come_with_the_secret(sim: Simulator, api: Api, hook: Hook) -> None:
    await sim.phone(1001).send("before")
    await api.ok("setWebhook", url=hook.url, secret_token="s-e_c1")
    await sim.phone(1001).send("after")
    await sim.wait_idle()
    assert hook.texts == ["before", "after"]
    assert {h["X-Telegram-Bot-Api-Secret-Token"] for h in hook.headers} == {"s-e_c1"}
    assert {h["Content-Type"] for h in hook.headers} == {"application/json"}


async def test_pending_updates_can_be_dropped(sim: Simulator, api: Api, hook: Hook) -> None:
    await sim.phone(1001).send("before")
    await api.ok("setWebhook", url=hook.url, drop_pending_updates=True)
    await sim.phone(1001).send("after")
    await sim.wait_idle()
    assert hook.texts == ["after"]
    assert "X-Telegram-Bot-Api-Secret-Token" not in hook.headers[0]


async def test_one_person_in_order_different_persons_side_by_side(sim: Simulator, api: Api, hook: Hook) -> None:
    release = asyncio.Event()

    async def react(update: dict[str, Any]) -> web.StreamResponse:
        if update["message"]["text"] == "P1":
            await release.wait()
        return web.Response()

    hook.reaction = react
    await api.ok("setWebhook", url=hook.url)
    await sim.phone(1001).send("P1")
    await sim.phone(1001).send("P2")
    await sim.phone(1002).send("K1")
    await sim.phone(1002).send("K2")
    while len(hook.updates) < 3:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert sorted(hook.texts) == ["K1", "K2", "P1"], "P2 waits for P1, nobody else does"
    release.set()
    await sim.wait_idle()
    assert hook.texts[-1] == "P2"


async def test_no_more_requests_at_once_than_asked_for(sim: Simulator, api: Api, hook: Hook) -> None:
    now = most = 0

    async def react(update: dict[str, Any]) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        return web.Response()

    hook.reaction = react
    await api.ok("setWebhook", url=hook.url, max_connections=2)
    for i in range(8):
        await sim.add_person(Person(2000 + i, "X")).start()
    await sim.wait_idle()
    assert most == 2


async def test_an_update_is_tried_again_with_growing_delay_and_blocks_only_its_person(
    sim: Simulator, api: Api, hook: Hook
) -> None:
    failures = iter([500, 503, 302])
    times: list[float] = []
    loop = asyncio.get_running_loop()

    async def react(update: dict[str, Any]) -> web.StreamResponse:
        if update["message"]["text"] != "bad":
            return web.Response()
        times.append(loop.time())
        return web.Response(status=next(failures, 200))

    hook.reaction = react
    sim.webhooks.first_delay = 0.05
    await api.ok("setWebhook", url=hook.url)
    await sim.phone(1001).send("bad")
    await sim.phone(1001).send("next")
    await sim.phone(1002).send("free")
    await sim.wait_idle()
    assert hook.texts.count("bad") == 4
    assert hook.texts.index("free") < hook.texts.index("next")
    assert hook.texts[-1] == "next"
    waits = [b - a for a, b in pairwise(times)]
    assert waits[0] >= 0.05
    assert waits[1] >= 0.1
    assert waits[2] >= 0.2
    info = await api.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_nobody_listens_at_first(start_simulator: StartSimulator, sim: Simulator, api: Api, hook: Hook) -> None:
    closed = web.AppRunner(web.Application())
    await closed.setup()
    site = web.TCPSite(closed, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{closed.addresses[0][1]}/hook"
    await closed.cleanup()
    await api.ok("setWebhook", url=url, max_connections=3)
    await sim.phone(1001).send("hei")
    while "last_error_message" not in (info := await api.ok("getWebhookInfo")):
        await asyncio.sleep(0.01)
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (url, 3, 1)
    assert info["last_error_message"] == "Connection refused"
    await api.ok("setWebhook", url=hook.url)
    await sim.wait_idle()
    assert hook.texts == ["hei"]


async def answer_json(call: dict[str, Any]) -> web.StreamResponse:
    return web.json_response(call)


async def answer_form(call: dict[str, Any]) -> web.StreamResponse:
    body = FormData({k: str(v) for k, v in call.items()})()
    return web.Response(body=body)


async def answer_multipart(call: dict[str, Any]) -> web.StreamResponse:
    writer = MultipartWriter("form-data")
    for name, value in call.items():
        part = writer.append(str(value))
        part.set_content_disposition("form-data", name=name)
    return web.Response(body=writer)


@pytest.mark.parametrize("answer", [answer_json, answer_form, answer_multipart])
async def test_a_method_in_the_answer_is_executed(
    sim: Simulator, api: Api, hook: Hook, answer: Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]
) -> None:
    async def react(update: dict[str, Any]) -> web.StreamResponse:
        return await answer({"method": "sendMessage", "chat_id": 1001, "text": "svar"})

    hook.reaction = react
    await api.ok("setWebhook", url=hook.url)
    await sim.phone(1001).send("hei")
    assert (await sim.phone(1001).wait_for("svar")).from_bot
    await sim.wait_idle()
    assert len(hook.updates) == 1


async def test_a_refused_or_unreadable_answer_is_told_to_nobody(sim: Simulator, api: Api, hook: Hook) -> None:
    answers: list[web.StreamResponse] = [
        web.json_response({"method": "sendMessage", "chat_id": 5, "text": "x"}),
        web.Response(body=b"{", content_type="application/json"),
        web.json_response({"method": "deleteWebhook"}),
    ]

    async def react(update: dict[str, Any]) -> web.StreamResponse:
        return answers[len(hook.updates) - 1]

    hook.reaction = react
    await api.ok("setWebhook", url=hook.url)
    for text in "abc":
        await sim.phone(1001).send(text)
    await sim.wait_idle()
    assert hook.texts == ["a", "b", "c"]
    assert (await api.ok("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "http://skole.example/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://skole.example:8080/x"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "nothing"}, "bad webhook: invalid URL specified"),
        ({"url": "https://skole.example/", "secret_token": "å"}, "secret token contains unallowed characters"),
    ],
)
async def test_refused_webhooks(api: Api, params: dict[str, str], description: str) -> None:
    assert await api.refused("setWebhook", **params) == f"Bad Request: {description}"


async def test_the_webhook_goes_away(sim: Simulator, api: Api, hook: Hook) -> None:
    await api.ok("setWebhook", url=hook.url, allowed_updates=["message"])
    assert (await api.ok("getWebhookInfo"))["allowed_updates"] == ["message"]
    await api.ok("setWebhook", url="")
    assert (await api.ok("getWebhookInfo"))["url"] == ""
    await sim.phone(1001).send("hei")
    assert [u["message"]["text"] for u in await api.ok("getUpdates")] == ["hei"]
    assert hook.updates == []


async def test_a_tap_too_old_for_telegram_never_arrives(sim: Simulator, api: Api, hook: Hook, clock: Any) -> None:
    await sim.phone(1001).tap_data("x", 1, timeout=0.01)
    clock.forward(seconds=151)
    await sim.phone(1001).send("hei")
    await api.ok("setWebhook", url=hook.url)
    await sim.wait_idle()
    assert hook.texts == ["hei"]
