"""The page's HTTP interface: what it reads and does, the events, and whom it refuses."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.simulator import GuideStep, Person, Simulator
from tests.simulator.conftest import PNG, Api, Clock, StartSimulator, inline


class Page:
    """Asks as the chat page does."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self.session = session

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.base + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        async with self.session.post(self.base + path, json=body or {}, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
def page(sim: Simulator, session: aiohttp.ClientSession) -> Page:
    return Page(sim.base_url, session)


async def test_the_state_lists_people_phones_and_the_clock(sim: Simulator, page: Page) -> None:
    letter = Person(
        7, "أمينة", language_code="ar", title="Amina", note="mor", letter="Kjære …", start_payload="X", shown=False
    )
    sim.add_person(letter)
    _, state = await page.get("/sim/state")
    assert state["bot"] == {"name": "Skolebud", "username": "skolebud_demo_bot"}
    assert state["phones"] == [1001, 1002]
    assert state["people"][-1] == {
        "id": 7,
        "name": "Amina",
        "title": "Amina",
        "note": "mor",
        "language_code": "ar",
        "rtl": True,
        "unread": 0,
        "started": False,
        "blocked": False,
        "letter": "Kjære …",
        "start_payload": "X",
    }
    assert state["clock"] == {
        "now": "2026-11-21T08:00:00+00:00",
        "zone": "Europe/Oslo",
        "local": "2026-11-21T09:00:00+01:00",
        "movable": False,
    }


async def test_the_state_proposes_what_the_guide_was_given(sim: Simulator, page: Page) -> None:
    assert (await page.get("/sim/state"))[1]["guide"] == []
    sim.guide = [GuideStep("Write", "Tap `A`.", people=(1001,), watch=1001, done=("sent",)), GuideStep("Look", "…")]
    assert (await page.get("/sim/state"))[1]["guide"] == [
        {"title": "Write", "text": "Tap `A`.", "people": [1001], "watch": 1001, "done": ["sent"]},
        {"title": "Look", "text": "…", "people": [], "watch": None, "done": []},
    ]


async def test_a_chat_with_everything_in_it(sim: Simulator, api: Api, page: Page) -> None:
    await api.ok("setMyCommands", commands=[{"command": "hei", "description": "Hei"}])
    buttons = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}, {"text": "B", "url": "https://b.no/"}]]}
    await api.ok("sendMessage", chat_id=1001, text="<b>x</b>", parse_mode="HTML", reply_markup=buttons)
    keys = {"keyboard": [["K"]], "resize_keyboard": True, "input_field_placeholder": "Skriv"}
    await api.ok("sendMessage", chat_id=1001, text="y", reply_markup=keys, reply_parameters={"message_id": 3})
    _, chat = await page.get("/sim/people/1001/chat")
    start, first, second = chat["messages"]
    assert (start["from"], start["text"]) == ("me", "/start")
    assert first == {
        "id": 3,
        "from": "bot",
        "date": "2026-11-21T08:00:00+00:00",
        "text": "x",
        "entities": [{"type": "bold", "offset": 0, "length": 1}],
        "buttons": [[{"text": "A", "data": "a", "url": None}, {"text": "B", "data": None, "url": "https://b.no/"}]],
        "edited": False,
        "edit_date": None,
        "silent": False,
        "reply_to": None,
        "photo": None,
        "document": None,
        "kind": "text",
    }
    assert second["reply_to"] == {"id": 3, "text": "x"}
    assert chat["keyboard"] == {"rows": [["K"]], "resize": True, "one_time": False, "placeholder": "Skriv"}
    assert chat["commands"] == [{"command": "hei", "description": "Hei"}]
    assert (chat["started"], chat["blocked"], chat["unread"]) == (True, False, 2)


async def test_everything_a_person_can_do(sim: Simulator, api: Api, page: Page) -> None:
    asked = await api.ok(
        "sendMessage", chat_id=1001, text="?", reply_markup={"keyboard": [["Ja"]], "one_time_keyboard": True}
    )
    _, sent = await page.post("/sim/people/1001/send", {"text": "Hei", "reply_to": asked["message_id"]})
    assert sent["message"]["reply_to"]["text"] == "?"
    _, edited = await page.post("/sim/people/1001/edit", {"message_id": sent["message"]["id"], "text": "Hå"})
    assert edited["message"]["edited"]
    await page.post("/sim/people/1001/send", {"text": "Ja"})
    assert sim.phone(1001).keyboard is None, "the words of a key are the key"
    await page.post("/sim/people/1001/read")
    assert sim.phone(1001).unread == 0
    _, blocked = await page.post("/sim/people/1001/block")
    assert blocked["person"]["blocked"]
    status, answer = await page.post("/sim/people/1001/send", {"text": "x"})
    assert (status, answer) == (400, {"error": "The bot is blocked."})
    await page.post("/sim/people/1001/unblock")
    _, started = await page.post("/sim/people/1001/start", {"payload": "ABC"})
    assert started["message"]["text"] == "/start ABC"
    kinds = [next(k for k in u if k != "update_id") for u in await api.ok("getUpdates")]
    assert kinds == ["message", "edited_message", "message", "my_chat_member", "my_chat_member", "message"]


async def test_a_tap_waits_for_the_answer(sim: Simulator, api: Api, page: Page) -> None:
    sent = await api.ok("sendMessage", chat_id=1001, text="?", reply_markup=inline("Ja", "Nei"))
    where = {"message_id": sent["message_id"], "row": 0, "col": 1}
    tap = asyncio.create_task(page.post("/sim/people/1001/tap", where))
    query = (await api.ok("getUpdates", timeout=5))[0]["callback_query"]
    assert query["data"] == "Nei"
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="OK")
    assert await tap == (200, {"answered": True, "text": "OK", "show_alert": False})
    wrong: dict[str, Any]
    for wrong in ({"col": 2}, {"row": -1}, {"message_id": 99}, {"message_id": []}, {"row": None}):
        assert (await page.post("/sim/people/1001/tap", where | wrong))[0] == 404


async def test_files_up_and_down(sim: Simulator, api: Api, page: Page) -> None:
    for name, data, kind in (("a.png", PNG, "photo"), ("b.html", b"<script>", "document")):
        form = aiohttp.FormData()
        form.add_field("as", kind)
        form.add_field("caption", "Se")
        form.add_field("file", data, filename=name)
        async with page.session.post(f"{page.base}/sim/people/1001/upload", data=form) as answer:
            message = (await answer.json())["message"]
        assert (message["kind"], message["caption"]) == (kind, "Se")
        async with page.session.get(page.base + message[kind]["url"]) as answer:
            assert await answer.read() == data
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            shown = answer.headers["Content-Disposition"].split(";")[0]
        assert (shown, answer.content_type) == (
            ("inline", "image/png") if kind == "photo" else ("attachment", "application/octet-stream")
        )
    assert message["document"] == message["document"] | {"name": "b.html", "size": 8, "mime": "text/html"}
    updates = await api.ok("getUpdates")
    assert ["photo" in u["message"] for u in updates] == [True, False]


async def listen(page: Page, wanted: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with page.session.get(f"{page.base}/sim/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        async for line in stream.content:
            if line.startswith(b"data: "):
                events.append(json.loads(line[6:]))
            if len(events) == wanted:
                break
    return events


async def connected(sim: Simulator) -> None:
    """Wait until a page listens to what happens."""
    while not sim._hub._pages:
        await asyncio.sleep(0.01)


async def test_events_tell_what_happens(sim: Simulator, api: Api, page: Page) -> None:
    listening = asyncio.create_task(listen(page, 13))
    await connected(sim)
    await api.ok("sendChatAction", chat_id=1001, action="typing")
    sent = await api.ok("sendMessage", chat_id=1001, text="a", reply_markup=inline("Ja"))
    await api.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="b")
    await api.ok("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    await api.ok("sendMessage", chat_id=1001, text="c", reply_markup={"keyboard": [["A"]]})
    await api.ok(
        "setMyCommands", commands=[{"command": "a", "description": "A"}], scope={"type": "chat", "chat_id": 1001}
    )
    await sim.phone(1001).read()
    await sim.phone(1001).block()
    async with asyncio.timeout(20):
        events = await listening
    assert [e["type"] for e in events] == [
        "hello",
        "typing",
        "message",
        "unread",
        "edit",
        "delete",
        "message",
        "unread",
        "keyboard",
        "commands",
        "commands",
        "unread",
        "person",
    ]
    assert events[2]["person"] == 1001
    assert events[2]["message"]["buttons"] == [[{"text": "Ja", "data": "Ja", "url": None}]]
    assert events[4]["message"]["text"] == "b"
    assert events[5] == {"type": "delete", "person": 1001, "message_id": sent["message_id"]}
    assert events[8]["keyboard"]["rows"] == [["A"]]
    assert events[9]["commands"] == [{"command": "a", "description": "A"}]
    assert events[11]["unread"] == 0
    assert events[12]["person"]["blocked"] is True


async def test_taps_made_elsewhere_show_their_answer(sim: Simulator, api: Api, page: Page) -> None:
    listening = asyncio.create_task(listen(page, 2))
    await connected(sim)
    tap = asyncio.create_task(sim.phone(1001).tap_data("x", 1))
    query = (await api.ok("getUpdates", timeout=5))[0]["callback_query"]
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="OK", show_alert=True)
    await tap
    async with asyncio.timeout(20):
        assert (await listening)[1] == {"type": "alert", "person": 1001, "text": "OK", "show_alert": True}


async def test_a_page_that_does_not_read_is_cut_off(sim: Simulator, api: Api, page: Page) -> None:
    hub = sim._hub
    async with page.session.get(f"{page.base}/sim/events"):
        await connected(sim)
        # Nothing is awaited between these, so the stream has no chance to write them.
        for i in range(2001):
            hub.publish({"type": "typing", "person": i})
        assert not hub._pages


async def test_stopping_ends_open_streams(sim: Simulator, page: Page) -> None:
    listening = asyncio.create_task(listen(page, 99))
    await connected(sim)
    async with asyncio.timeout(20):
        await sim.stop()
        assert (await listening)[0] == {"type": "hello"}


async def test_the_clock_moves_forward_only(
    start_simulator: StartSimulator, session: aiohttp.ClientSession, clock: Clock
) -> None:
    async def move(target: datetime) -> None:
        await asyncio.sleep(0)
        clock.now = target

    sim = await start_simulator(move_clock=move)
    page = Page(sim.base_url, session)
    assert (await page.get("/sim/state"))[1]["clock"]["movable"] is True
    _, moved = await page.post("/sim/clock", {"local": "2026-11-22T07:00"})
    assert (moved["clock"]["local"], moved["clock"]["now"]) == (
        "2026-11-22T07:00:00+01:00",
        "2026-11-22T06:00:00+00:00",
    )
    before = clock.now
    await page.post("/sim/clock", {"forward_seconds": 90})
    assert clock.now - before == timedelta(seconds=90)
    for back in ({"local": "2026-11-22T06:59"}, {"forward_seconds": -1}):
        assert await page.post("/sim/clock", back) == (409, {"error": "The clock only goes forward."})
    for nonsense in ({}, {"local": "i morgen"}, {"forward_seconds": "nan"}, {"forward_seconds": 1e300}):
        assert (await page.post("/sim/clock", nonsense))[0] == 400


async def test_a_fixed_clock_says_so(page: Page) -> None:
    assert await page.post("/sim/clock", {"forward_seconds": 1}) == (409, {"error": "This clock cannot be moved."})


async def test_other_names_and_other_sites_are_refused(page: Page) -> None:
    for headers in ({"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"}, {"Origin": "http://evil.example"}):
        assert (await page.get("/sim/state", **headers))[0] == 403
        assert (await page.post("/sim/people/1001/send", {"text": "x"}, **headers))[0] == 403
    port = page.base.rpartition(":")[2]
    for host in (f"localhost:{port}", f"[::1]:{port}", f"127.0.0.1:{port}"):
        assert (await page.get("/sim/state", Host=host, Origin=f"http://{host}"))[0] == 200
    async with page.session.post(f"{page.base}/sim/people/1001/send", data='{"text":"x"}') as answer:
        assert answer.status == 415
    async with page.session.post(f"{page.base}/sim/people/1001/block", data={"a": "b"}) as answer:
        assert answer.status == 415


async def test_a_tap_nobody_answers_ends(sim: Simulator, api: Api, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.simulator.page_api._TAP_SECONDS", 0.05)
    link = [{"text": "L", "url": "https://a.no/"}, {"text": "K", "copy_text": {"text": "x"}}]
    buttons = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}, *link]]}
    sent = await api.ok("sendMessage", chat_id=1001, text="?", reply_markup=buttons)

    async def tap(column: int) -> tuple[int, Any]:
        where = {"message_id": sent["message_id"], "row": 0, "col": column}
        return await page.post("/sim/people/1001/tap", where)

    nothing = {"answered": False, "text": None, "show_alert": False}
    assert await tap(0) == (200, nothing)
    assert await tap(1) == (200, nothing | {"url": "https://a.no/"})
    assert (await tap(2))[0] == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sim/people/5/send", {"text": "x"}, 404),
        ("/sim/people/x/send", {"text": "x"}, 404),
        ("/sim/people/1001/send", {"text": 5}, 400),
        ("/sim/people/1001/send", {"text": ""}, 400),
        ("/sim/people/1001/send", {"text": "x", "reply_to": 99}, 400),
        ("/sim/people/1001/send", ["x"], 400),
        ("/sim/people/1001/send", {"text": "x" * 70_000}, 413),
        ("/sim/people/1001/edit", {"message_id": 1}, 400),
        ("/sim/people/1001/start", {"payload": 5}, 400),
        ("/sim/people/1001/upload", {}, 415),
    ],
)
async def test_requests_that_make_no_sense(page: Page, path: str, body: Any, status: int) -> None:
    got, answer = await page.post(path, body)
    assert got == status
    assert isinstance(answer["error"], str)


async def test_only_the_page_folder_is_served(page: Page) -> None:
    for path in ("/page/../server.py", "/page/%2e%2e/server.py", "/page/..%2fserver.py", "/page/none.js", "/page/"):
        async with page.session.get(URL(page.base + path, encoded=True)) as answer:
            assert answer.status == 404


async def test_the_page_has_a_strict_content_policy(page: Page) -> None:
    async with page.session.get(page.base + "/") as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
