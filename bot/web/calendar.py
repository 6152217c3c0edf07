"""Serves people's calendars at their private addresses (M6).

The address is the key: it stands in no log and no metric, and what nobody has and what nobody may read any more look
alike.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict, deque

from aiohttp import web

from bot.actions.year.link import looks_right, read_calendar
from storage.session import Database

log = logging.getLogger(__name__)

ROUTE = "/calendar/{token}.ics"
MOST_READS = 30
WINDOW = 60.0
"""Seconds in which an address is read at most `MOST_READS` times; calendars ask a few times a day."""
MOST_MISSES = 300
"""Addresses that are nobody's in the same time, from all over: more is guessing, and waits."""
REMEMBERED = 2000

HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class CalendarFeed:
    """Answers the calendars that follow a person's dates."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reads: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._misses: deque[float] = deque(maxlen=MOST_MISSES)

    def mount(self, server: web.Application) -> None:
        """Put the route into a server."""
        server.router.add_get(ROUTE, self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        """Return the calendar of now, 304 for the one that the asker has, 404 for an address that is nobody's."""
        token = request.match_info["token"]
        if not looks_right(token):
            return _nobodys()
        key = hashlib.sha256(token.encode()).digest()
        if self._too_often(key):
            return web.Response(status=429, headers={"Retry-After": str(int(WINDOW))})
        try:
            async with self._database.unit_of_work() as uow:
                made = await read_calendar(uow, token)
        except Exception as error:  # noqa: BLE001  (a trace could quote the address)
            log.error("calendar.failed", extra={"kind": type(error).__name__})
            return web.Response(status=503, headers={"Retry-After": "300"})
        self._count(key, found=made is not None)
        return _nobodys() if made is None else _answer(request, made)

    def _too_often(self, key: bytes) -> bool:
        """Tell whether an address was read too often, or is one of too many that are nobody's."""
        times = self._reads.get(key)
        if times is None:
            times = self._misses
        return len(times) == times.maxlen and time.monotonic() - times[0] < WINDOW

    def _count(self, key: bytes, *, found: bool) -> None:
        """Remember a read: of somebody's address by its hash, of nobody's only that there was one."""
        if not found:
            self._reads.pop(key, None)
            self._misses.append(time.monotonic())
            return
        self._reads.setdefault(key, deque(maxlen=MOST_READS)).append(time.monotonic())
        self._reads.move_to_end(key)
        while len(self._reads) > REMEMBERED:
            self._reads.popitem(last=False)


def _nobodys() -> web.Response:
    return web.Response(status=404, headers={"Cache-Control": "no-store"})


def _answer(request: web.Request, made: bytes) -> web.Response:
    tag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in _tags(request):
        return web.Response(status=304, headers=headers)
    return web.Response(body=made, content_type="text/calendar", charset="utf-8", headers=headers)


def _tags(request: web.Request) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
