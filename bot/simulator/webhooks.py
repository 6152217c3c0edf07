"""Delivery of updates to the bot's webhook."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.simulator.errors import ApiError, bad_request
from bot.simulator.params import Params, from_form, from_json, from_multipart
from bot.simulator.updates import Update, UpdateQueue

_PORTS = frozenset({80, 88, 443, 8443})
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ANSWER_BYTES = 50 * 1024 * 1024

Executor = Callable[[str, Params], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates go: the URL, the secret in its header, how many requests at once."""

    url: str
    secret: str = ""
    connections: int = 40


def checked_webhook(url: str, secret: str) -> str:
    """Return the URL. Raises ApiError 400 for what Telegram refuses; plain http is fine on this machine only."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("bad webhook: invalid URL specified") from None
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("bad webhook: invalid URL specified")
    if _is_loopback(parts.hostname):
        return url
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Webhooks:
    """Posts updates to the webhook: one person's in their order, different persons' side by side.

    An update leaves the queue when the bot answers 2xx. Anything else, and no answer within `timeout` seconds, is
    tried again after `first_delay` seconds, then twice as long each time up to `longest_delay`; the person's
    later updates wait behind it. A method in the body of a 2xx answer is executed, its result is not told.
    """

    first_delay: float = 0.1
    longest_delay: float = 5.0
    timeout: float = 60.0

    def __init__(self, queue: UpdateQueue, now: Callable[[], datetime]) -> None:
        self.hook: Webhook | None = None
        self.execute: Executor | None = None
        self._queue = queue
        self._now = now
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._gate = asyncio.Semaphore(1)
        self._last_error: dict[str, Any] = {}

    def restore(self, hook: Webhook) -> None:
        """Remember the webhook of an earlier run; `resume` starts the deliveries."""
        self.hook = hook
        self._queue.webhook_active = True

    def resume(self) -> None:
        """Go on delivering after `pause` or `restore`, when there is a webhook."""
        if self.hook:
            self.start(self.hook)

    def start(self, hook: Webhook) -> None:
        """Deliver to `hook` from now on, beginning with what has waited."""
        self.hook = hook
        self._last_error = {}
        self._gate = asyncio.Semaphore(hook.connections)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.timeout),
            connector=aiohttp.TCPConnector(limit=0),  # the gate counts, so that waiting is no timeout
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._queue.webhook_active = True
        self._queue.on_release = self._enqueue
        for update in self._queue.released():
            self._enqueue(update)
        self._queue.changed.notify()

    async def stop(self) -> None:
        """Take the webhook down: stop delivering and forget where to."""
        self.hook = None
        self._queue.webhook_active = False
        await self.pause()

    async def pause(self) -> None:
        """Stop delivering and wait until the last request has ended; what was not answered stays queued."""
        self._queue.on_release = None
        # A webhook's own answer may have asked for this: that delivery ends by itself.
        tasks = [task for task in self._tasks.values() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()
        if self._session:
            await self._session.close()
            self._session = None

    def info(self) -> dict[str, Any]:
        """Return what getWebhookInfo adds."""
        if not self.hook:
            return {}
        return {"url": self.hook.url, "max_connections": self.hook.connections, **self._last_error}

    def _enqueue(self, update: Update) -> None:
        self._lanes.setdefault(update.person, deque()).append(update)
        if update.person not in self._tasks:
            task = asyncio.create_task(self._deliver_lane(update.person), name=f"webhook-{update.person}")
            self._tasks[update.person] = task

    async def _deliver_lane(self, person: int) -> None:
        lane, hook = self._lanes[person], self.hook
        delay = self.first_delay
        while lane and self.hook is hook:
            update = lane[0]
            if self._queue.is_gone(update):
                lane.popleft()
                continue
            if await self._post(update):
                self._queue.delivered(update)
                delay = self.first_delay
            else:
                await asyncio.sleep(delay)
                delay = min(delay * 2, self.longest_delay)
        if self._tasks.get(person) is asyncio.current_task():
            del self._lanes[person], self._tasks[person]

    async def _post(self, update: Update) -> bool:
        hook, session = self.hook, self._session
        if hook is None or session is None:
            return False
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        body = json.dumps(update.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        async with self._gate:
            try:
                async with session.post(hook.url, data=body, headers=headers, allow_redirects=False) as answer:
                    if not 200 <= answer.status < 300:
                        self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                        return False
                    call = await _read_call(answer)
            except TimeoutError:
                self._note("Read timeout expired")
                return False
            except (aiohttp.ClientError, OSError) as error:
                self._note("Connection refused" if isinstance(error, OSError) else "Connection failed")
                return False
        if call and self.execute:
            await self.execute(*call)
        return True

    def _note(self, message: str) -> None:
        self._last_error = {"last_error_date": int(self._now().timestamp()), "last_error_message": message}


async def _read_call(answer: aiohttp.ClientResponse) -> tuple[str, Params] | None:
    """Read the method a webhook answered with, None when there is none."""
    kind = answer.content_type
    try:
        if kind.startswith("multipart/"):
            reader = aiohttp.MultipartReader.from_response(answer)
            params = await from_multipart(reader.stream, _ANSWER_BYTES)
        elif kind == "application/json":
            params = from_json(await answer.read())
        elif kind == "application/x-www-form-urlencoded":
            params = from_form(await answer.read())
        else:
            return None
    except (ApiError, ValueError):
        return None
    name = params.raw.get("method")
    if not isinstance(name, str):
        return None
    return name, Params({k: v for k, v in params.raw.items() if k != "method"}, params.files)
