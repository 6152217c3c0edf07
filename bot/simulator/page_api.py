"""The HTTP interface of the chat page: JSON in, JSON out, refusing what comes from other sites."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.simulator import gestures
from bot.simulator.errors import ApiError
from bot.simulator.events import EventHub
from bot.simulator.gestures import GestureError
from bot.simulator.params import from_multipart
from bot.simulator.state import Chat
from bot.simulator.views import chat_view, message_view, person_view
from bot.simulator.world import TapResult, World

MoveClock = Callable[[datetime], Awaitable[None] | None]

_PAGE = Path(__file__).parent / "page"
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_JSON_BYTES = 64 * 1024
_TAP_SECONDS = 10.0
_SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_NO_SNIFF = {"X-Content-Type-Options": "nosniff"}
_PAGE_HEADERS = {
    **_NO_SNIFF,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
}
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


class PageError(Exception):
    """A request of the page that cannot be done, with the HTTP status and a sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class PageApi:
    """Serves the page and what it asks for under `/sim/`.

    `/sim/*` answers only requests that name this machine as their host and come from no other origin, so that a
    foreign web page can neither read the chats nor act in them. Errors are `{"error": sentence}`.
    """

    def __init__(self, world: World, hub: EventHub, zone: str, move_clock: MoveClock | None, upload_bytes: int) -> None:
        self._world = world
        self._hub = hub
        self._zone = ZoneInfo(zone)
        self._zone_name = zone
        self._move_clock = move_clock
        self._upload_bytes = upload_bytes
        self._moving = asyncio.Lock()

    def add_routes(self, app: web.Application) -> None:
        """Add the page's routes to the server."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/{file:.+}", self._static)
        self._add(app, "GET", "/sim/state", self._state)
        self._add(app, "GET", "/sim/events", self._hub.stream)
        self._add(app, "GET", "/sim/files/{file_id}", self._file)
        self._add(app, "GET", "/sim/people/{id}/chat", self._chat)
        self._add(app, "POST", "/sim/clock", self._clock)
        self._add(app, "POST", "/sim/switch", self._switch)
        self._add(app, "POST", "/sim/people/{id}/upload", self._upload)
        for name in ("send", "tap", "start", "block", "unblock", "read", "edit"):
            self._add(app, "POST", f"/sim/people/{{id}}/{name}", getattr(self, f"_{name}"))

    def _add(
        self, app: web.Application, verb: str, path: str, handler: Callable[[web.Request], Awaitable[Any]]
    ) -> None:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                _check_origin(request)
                answer = await handler(request)
            except PageError as error:
                return _json({"error": str(error)}, error.status)
            except GestureError as error:
                return _json({"error": str(error)}, 400)
            except ApiError as error:
                return _json({"error": error.description}, error.code)
            return answer if isinstance(answer, web.StreamResponse) else _json(answer)

        app.router.add_route(verb, path, guarded)

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return _page_file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return _page_file(request.match_info["file"])

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.files.get(request.match_info["file_id"])
        if stored is None:
            raise PageError(404, "There is no such file.")
        # Anything but a plain picture is saved, never shown: a document could be a page with scripts.
        picture = stored.mime in _SAFE_IMAGES
        kind = stored.mime if picture else "application/octet-stream"
        disposition = "inline" if picture else "attachment"
        headers = {
            **_NO_SNIFF,
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(stored.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=stored.data, content_type=kind, headers=headers)

    async def _state(self, _: web.Request) -> dict[str, Any]:
        chats = self._world.chats.values()
        return {
            "bot": {"name": self._world.bot_user()["first_name"], "username": self._world.username},
            "clock": self.clock_view(),
            "phones": [chat.id for chat in chats if chat.person.shown],
            "people": [person_view(chat) for chat in chats],
            "guide": [step.view() for step in self._world.guide],
            "switches": [switch.view() for switch in self._world.switches.values()],
        }

    async def _chat(self, request: web.Request) -> dict[str, Any]:
        return chat_view(self._world, self._person(request))

    async def _send(self, request: web.Request) -> dict[str, Any]:
        chat, body = self._person(request), await _body(request)
        text, reply_to = body.get("text"), body.get("reply_to")
        if not isinstance(text, str) or not (reply_to is None or isinstance(reply_to, int)):
            raise PageError(400, "text must be a string, reply_to a message id.")
        keys = [label for row in chat.keyboard.labels for label in row] if chat.keyboard else []
        if text in keys and reply_to is None:
            message = gestures.press_key(self._world, chat, text)
        else:
            message = gestures.send_text(self._world, chat, text, reply_to)
        return {"message": message_view(chat, message)}

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        chat = self._person(request)
        if not request.content_type.startswith("multipart/"):
            raise PageError(415, "Send the file as multipart/form-data.")
        params = await from_multipart(await request.multipart(), self._upload_bytes)
        upload = params.files.get("file")
        if upload is None:
            raise PageError(400, "There is no file.")
        kind = "photo" if params.raw.get("as") == "photo" else "document"
        message = gestures.send_file(self._world, chat, upload, kind, params.text("caption") or None)
        return {"message": message_view(chat, message)}

    async def _tap(self, request: web.Request) -> dict[str, Any]:
        chat, body = self._person(request), await _body(request)
        message_id = body.get("message_id")
        message = chat.messages.get(message_id) if isinstance(message_id, int) else None
        try:
            row, column = int(body["row"]), int(body["col"])
            if message is None or row < 0 or column < 0:
                raise PageError(404, "The button is gone.")
            button = message.buttons[row][column]
        except (KeyError, TypeError, ValueError, IndexError):
            raise PageError(404, "The button is gone.") from None
        if button.url is not None:
            return _tap_view(TapResult(url=button.url))
        if button.data is None:
            raise PageError(400, "The simulator does not know this kind of button.")
        answer = gestures.tap(self._world, chat, message.id, button.data, quiet=True)
        try:
            async with asyncio.timeout(_TAP_SECONDS):
                return _tap_view(await answer)
        except TimeoutError:
            return _tap_view(TapResult())

    async def _start(self, request: web.Request) -> dict[str, Any]:
        chat, body = self._person(request), await _body(request)
        payload = body.get("payload")
        if payload is not None and not isinstance(payload, str):
            raise PageError(400, "payload must be a string.")
        message = gestures.start(self._world, chat, payload or None)
        return {"message": message_view(chat, message)}

    async def _block(self, request: web.Request) -> dict[str, Any]:
        return await self._simple(request, gestures.block)

    async def _unblock(self, request: web.Request) -> dict[str, Any]:
        return await self._simple(request, gestures.unblock)

    async def _read(self, request: web.Request) -> dict[str, Any]:
        return await self._simple(request, gestures.read)

    async def _simple(self, request: web.Request, gesture: Callable[[World, Chat], None]) -> dict[str, Any]:
        chat = self._person(request)
        await _body(request)
        gesture(self._world, chat)
        return {"person": person_view(chat)}

    async def _edit(self, request: web.Request) -> dict[str, Any]:
        chat, body = self._person(request), await _body(request)
        message_id, text = body.get("message_id"), body.get("text")
        if not isinstance(message_id, int) or not isinstance(text, str):
            raise PageError(400, "message_id must be a number, text a string.")
        message = gestures.edit_text(self._world, chat, message_id, text)
        return {"message": message_view(chat, message)}

    def clock_view(self) -> dict[str, Any]:
        """Return the clock as the page shows it."""
        now = self._world.now()
        return {
            "now": now.astimezone(UTC).isoformat(),
            "zone": self._zone_name,
            "local": now.astimezone(self._zone).isoformat(),
            "movable": self._move_clock is not None,
        }

    async def _clock(self, request: web.Request) -> dict[str, Any]:
        body = await _body(request)
        if self._move_clock is None:
            raise PageError(409, "This clock cannot be moved.")
        # One move at a time: the second is measured against the time that the first arrived at.
        async with self._moving:
            target = self._target(body)
            if target < self._world.now():
                raise PageError(409, "The clock only goes forward.")
            moved = self._move_clock(target)
            if isawaitable(moved):
                await moved
        clock = self.clock_view()
        self._hub.publish({"type": "clock", "clock": clock})
        return {"clock": clock}

    def _target(self, body: dict[str, Any]) -> datetime:
        try:
            if "forward_seconds" in body:
                return self._world.now() + timedelta(seconds=float(body["forward_seconds"]))
            return datetime.fromisoformat(body["local"]).replace(tzinfo=self._zone).astimezone(UTC)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise PageError(400, "Give a local time like 2026-11-22T07:00, or forward_seconds.") from None

    async def turn(self, name: str, value: str) -> dict[str, Any]:
        """Bring a switch to another position, and tell every page.

        Raises:
            KeyError: there is no such switch. ValueError: it has no such position.
        """
        switch = self._world.switches[name]
        await switch.turn(value)
        self._hub.publish({"type": "switch", "switch": switch.view()})
        return {"switch": switch.view()}

    async def _switch(self, request: web.Request) -> dict[str, Any]:
        body = await _body(request)
        name, value = body.get("name"), body.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            raise PageError(400, "name and value must be strings.")
        try:
            return await self.turn(name, value)
        except KeyError:
            raise PageError(404, "There is no such switch.") from None
        except ValueError as error:
            raise PageError(400, str(error)) from None

    def _person(self, request: web.Request) -> Chat:
        name = request.match_info["id"]
        chat = self._world.chats.get(int(name)) if name.isdecimal() else None
        if chat is None:
            raise PageError(404, "There is no such person.")
        return chat


def _check_origin(request: web.Request) -> None:
    if _host_name(request.headers.get("Host", "")) not in _LOCAL_HOSTS:
        raise PageError(403, "The simulator answers only on this machine's own name.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise PageError(403, "The simulator takes requests from its own page only.")


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


async def _body(request: web.Request) -> dict[str, Any]:
    # A form of another site can post text, but not this content type without asking first.
    if request.content_type != "application/json":
        raise PageError(415, "Send JSON.")
    data = await request.content.read(_JSON_BYTES + 1)
    while len(data) <= _JSON_BYTES and (more := await request.content.read(_JSON_BYTES)):
        data += more
    if len(data) > _JSON_BYTES:
        raise PageError(413, "That is too much at once.")
    try:
        body = json.loads(data or b"{}")
    except ValueError:
        raise PageError(400, "That is no JSON.") from None
    if not isinstance(body, dict):
        raise PageError(400, "Send a JSON object.")
    return body


def _tap_view(result: TapResult) -> dict[str, Any]:
    view: dict[str, Any] = {"answered": result.answered, "text": result.text, "show_alert": result.show_alert}
    return view | ({"url": result.url} if result.url is not None else {})


def _page_file(name: str) -> web.StreamResponse:
    path = (_PAGE / name).resolve()
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_relative_to(_PAGE) or not path.is_file():
        return _json({"error": "There is no such file."}, 404)
    charset = "utf-8" if kind.startswith("text/") or path.suffix == ".svg" else None
    return web.Response(body=path.read_bytes(), content_type=kind, charset=charset, headers=_PAGE_HEADERS)


def _json(body: Any, status: int = 200) -> web.Response:
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    headers = {**_NO_SNIFF, "Cache-Control": "no-store"}
    return web.Response(body=data, status=status, content_type="application/json", headers=headers)
