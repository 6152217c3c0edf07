"""A server that knows an API's requests and answers by heart, from a file, and refuses every other request.

The files in contracts/ are written after each API's documentation, which they name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiohttp import web

UNEXPECTED = 599


class Contract:
    """Serves the exchanges of a file on 127.0.0.1."""

    def __init__(self, path: Path) -> None:
        self.exchanges: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["exchanges"]
        self.unexpected: list[str] = []
        self.answered: list[str] = []
        """Names of the exchanges that took place, in order."""
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Contract:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await _body(request)
        for exchange in self.exchanges:
            if _matches(exchange["request"], request, body):
                self.answered.append(exchange["name"])
                return _response(exchange["response"])
        self.unexpected.append(f"{request.method} {request.path_qs} {dict(request.headers)} {body}")
        return web.Response(status=UNEXPECTED)


async def _body(request: web.Request) -> object:
    if request.content_type == "application/json":
        return {"json": await request.json()}
    if request.content_type == "application/x-www-form-urlencoded":
        return {"form": dict(await request.post())}
    return {}


def _matches(wanted: dict[str, Any], request: web.Request, body: object) -> bool:
    return (
        request.method == wanted["method"]
        and request.path_qs == wanted["path"]
        and all(request.headers.get(name) == value for name, value in wanted.get("headers", {}).items())
        and body == {kind: wanted[kind] for kind in ("json", "form") if kind in wanted}
    )


def _response(wanted: dict[str, Any]) -> web.Response:
    text = wanted["text"] if "text" in wanted else json.dumps(wanted["json"], ensure_ascii=False)
    kind = "text/html" if "text" in wanted else "application/json"
    return web.Response(status=wanted["status"], text=text, content_type=kind, headers=wanted.get("headers"))
