"""The Bot API over HTTP: finds the method, keeps the pace, meets the faults, answers as Telegram does."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.simulator.errors import ApiError
from bot.simulator.faults import Fault, Faults
from bot.simulator.files import too_large
from bot.simulator.limits import Pace
from bot.simulator.methods import METHODS, Method
from bot.simulator.params import Params, from_form, from_json, from_multipart
from bot.simulator.world import World

Validator = Callable[[str, Mapping[str, Any], Any], object]

# The log of a long load run is cut back to its newer half at this length.
_LOG_LENGTH = 400_000


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call as it was answered. `at` is monotonic seconds when it was handled.

    `status` is the HTTP status, 0 when the connection was dropped instead of answered. `result` is what the
    method returned; `error` is the description of a refusal.
    """

    at: float
    method: str
    params: Mapping[str, Any]
    status: int
    result: Any
    error: str | None
    chat_id: int | None


class Dropped(Exception):
    """The connection is to be dropped without an answer."""


class BotApi:
    """Executes Bot API methods, over HTTP and out of webhook answers."""

    def __init__(
        self,
        token: str,
        world: World,
        pace: Pace,
        faults: Faults,
        latency: float,
        validator: Validator | None,
    ) -> None:
        self.world = world
        self.pace = pace
        self.faults = faults
        self.latency = latency
        self.validator = validator
        self.log: list[Call] = []
        self.counters: Counter[tuple[str, int]] = Counter()
        self._token = token
        world.webhooks.execute = self.execute_quietly

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer `/bot<token>/<method>`."""
        token, _, name = request.path[len("/bot") :].partition("/")
        if token != self._token:
            error = ApiError(401, "Unauthorized") if ":" in token else ApiError(404, "Not Found")
            return _json(error.code, error.body())
        # A bot is no web page: these headers come from a browser that a foreign site has sent here.
        if "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none":
            return _json(403, ApiError(403, "Forbidden: web pages cannot be bots").body())
        try:
            params = await self._read(request)
            result = await self.execute(name, params)
        except ApiError as error:
            return _json(error.code, error.body())
        except Dropped:
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        return _json(200, {"ok": True, "result": result})

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Answer `/file/bot<token>/<path>` with the bytes of a file."""
        token, _, path = request.path[len("/file/bot") :].partition("/")
        stored = self.world.files.at(path) if token == self._token else None
        if stored is None:
            error = ApiError(404, "Not Found")
            return _json(error.code, error.body())
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def execute_quietly(self, name: str, params: Params) -> object:
        """Execute the method of a webhook answer: its result and its refusal are told to nobody."""
        try:
            return await self.execute(name, params)
        except (ApiError, Dropped):
            return None

    async def execute(self, name: str, params: Params) -> Any:
        """Execute one call. Raises ApiError for a refusal, Dropped when a fault drops the connection."""
        method = METHODS.get(name.lower())
        shown = method.name if method else name
        chat_id = params.chat_id()
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = self.faults.take(shown, chat_id) if self.faults.waiting else None
        status, result, error = 200, None, None
        try:
            result = await self._perform(method, params, chat_id, fault)
        except ApiError as refusal:
            status, error = refusal.code, refusal.description
            raise
        except Dropped:
            status, error = 0, "connection dropped"
            raise
        finally:
            self._record(Call(time.monotonic(), shown, params.raw, status, result, error, chat_id))
            if self.validator:
                self.validator(shown, {**params.raw, **params.files}, result)
            if self.latency:
                await asyncio.sleep(self.latency)
        return result

    async def _perform(self, method: Method | None, params: Params, chat_id: int | None, fault: Fault | None) -> Any:
        if fault and fault.drop == "before":
            raise Dropped
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        if fault and fault.error:
            raise fault.error
        if method.wait:
            result = await method.wait(self.world, params)
        elif method.handle:
            if method.paced:
                self.pace.check(chat_id)
            result = method.handle(self.world, params)
            if method.paced:
                self.pace.take(chat_id, len(result) if isinstance(result, list) else 1)
        if fault and fault.drop == "after":
            raise Dropped
        if fault and fault.seconds:
            await asyncio.sleep(fault.seconds)
        return result

    def _record(self, call: Call) -> None:
        self.counters[call.method, call.status] += 1
        self.log.append(call)
        if len(self.log) > _LOG_LENGTH:
            del self.log[: _LOG_LENGTH // 2]

    async def _read(self, request: web.Request) -> Params:
        query = dict(request.query)
        if not request.can_read_body:
            return Params(query)
        kind = request.content_type
        try:
            if kind.startswith("multipart/"):
                params = await from_multipart(await request.multipart(), self.world.limits.upload_bytes)
            elif kind == "application/json":
                params = from_json(await request.read())
            else:
                params = from_form(await request.read())
        except web.HTTPRequestEntityTooLarge:
            raise too_large() from None
        return Params({**query, **params.raw}, params.files) if query else params


def _json(status: int, body: dict[str, Any]) -> web.Response:
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return web.Response(body=data, status=status, content_type="application/json")
