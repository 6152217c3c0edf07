"""A lean Telegram: answers every Bot API call at once, and posts updates to a webhook as fast as they are taken.

It is no simulator: it checks nothing and remembers nothing but counts, so that both ends of a bot's work cost next
to nothing and what is measured is the bot. Plain asyncio protocols; aiohttp's client alone would cost as much as
a bare bot.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

TOKEN = "123456:" + "A" * 35
CONNECTIONS = 40
"""Requests under way at once: Telegram's default `max_connections`."""

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_ME = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot", "can_join_groups": False}
_CHAT = {"id": 1, "type": "private", "first_name": "A"}


def _answer(method: str, number: int) -> object:
    if method == "getMe":
        return _ME
    if method.startswith(("send", "edit")):
        return {"message_id": number, "date": 1_800_000_000, "chat": _CHAT, "text": "."}
    return [] if method == "getUpdates" else True


class LeanTelegram:
    """The Bot API's side. `webhook` is where the bot wants its updates; `calls` counts methods.

    Calls about whose body `apart` says so (those to teachers) are counted as "method, apart".
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.last_call: dict[str, float] = {}
        self.webhook = ""
        self.secret = ""
        self.apart: Callable[[bytes], bool] = lambda _: False
        self.changed = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Listen on a free port and return the base address."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _ApiConnection(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def called(self, method: str, body: bytes) -> bytes:
        """Count a call and return its answer's JSON."""
        name = f"{method}, apart" if self.apart(body) else method
        self.calls[name] += 1
        self.last_call[name] = time.monotonic()
        if method == "setWebhook":
            fields = parse_qs(body.decode())
            self.webhook, self.secret = fields["url"][0], fields.get("secret_token", [""])[0]
        self.changed.set()
        return json.dumps({"ok": True, "result": _answer(method, self.calls.total())}).encode()

    async def until(self, condition: Callable[[], bool], *, check: Callable[[], None], seconds: float = 30) -> None:
        """Wait for a condition on what was called; `check` may raise meanwhile.

        Raises:
            TimeoutError: it did not come true.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds} s; calls so far: {dict(self.calls)}")
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), 0.2)
            except TimeoutError:
                continue


class _ApiConnection(asyncio.Protocol):
    def __init__(self, telegram: LeanTelegram) -> None:
        self._telegram = telegram
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            found = _LENGTH.search(head)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            method = head.split(b" ", 2)[1].split(b"?")[0].rsplit(b"/", 1)[-1].decode()
            answer = self._telegram.called(method, body)
            assert self._transport is not None
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
                + answer
            )


async def post_all(url: str, secret: str, bodies: list[bytes], *, connections: int = CONNECTIONS) -> Counter[int]:
    """Post every body to a webhook, at most `connections` at once, and return the answers' statuses."""
    host, port, path = _split(url)
    loop = asyncio.get_running_loop()
    statuses: Counter[int] = Counter()
    queue = iter(bodies)
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    if secret:
        head += f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
    posters = [_Poster(head.encode(), queue, statuses, loop.create_future()) for _ in range(connections)]
    for poster in posters:
        await loop.create_connection(lambda poster=poster: poster, host, port)  # type: ignore[misc]
    await asyncio.gather(*(poster.done for poster in posters))
    return statuses


def _split(url: str) -> tuple[str, int, str]:
    address, _, path = url.removeprefix("http://").partition("/")
    host, _, port = address.partition(":")
    return host, int(port), f"/{path}"


class _Poster(asyncio.Protocol):
    """One connection that posts the next body as soon as the last one is answered."""

    def __init__(self, head: bytes, queue: Iterator[bytes], statuses: Counter[int], done: asyncio.Future[None]) -> None:
        self._head, self._queue, self._statuses, self.done = head, queue, statuses, done
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the bot closed the connection"))

    def _next(self) -> None:
        assert self._transport is not None
        body = next(self._queue, None)
        if body is None:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
            return
        self._transport.write(self._head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._buffer[:end])
        whole = end + 4 + (int(found[1]) if found else 0)
        if len(self._buffer) < whole:
            return
        self._statuses[int(self._buffer[9:12])] += 1
        self._buffer = b""
        self._next()
