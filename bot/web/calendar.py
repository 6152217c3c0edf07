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

from bot.actions.year.link import read_calendar
from storage.session import Database

log = logging.getLogger(__name__)

ROUTE = "/calendar/{token}.ics"
MOST_READS = 30
WINDOW = 60.0
"""Seconds in which an address is read at most `MOST_READS` times; calendars ask a few times a day."""
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

    def mount(self, server: web.Application) -> None:
        """Put the route into a server."""
        server.router.add_get(ROUTE, self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        """Return the calendar of now, 304 for the one that the asker has, 404 for an address that is nobody's."""
        token = request.match_info["token"]
        if self._too_often(token):
            return web.Response(status=429, headers={"Retry-After": str(int(WINDOW))})
        try:
            async with self._database.unit_of_work() as uow:
                made = await read_calendar(uow, token)
        except Exception as error:  # noqa: BLE001  (a trace could quote the address)
            log.error("calendar.failed", extra={"kind": type(error).__name__})
            return web.Response(status=503, headers={"Retry-After": "300"})
        if made is None:
            return web.Response(status=404, headers={"Cache-Control": "no-store"})
        tag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
        headers = {**HEADERS, "ETag": tag}
        if tag in _tags(request):
            return web.Response(status=304, headers=headers)
        return web.Response(body=made, content_type="text/calendar", charset="utf-8", headers=headers)

    def _too_often(self, token: str) -> bool:
        """Count a read of an address, known or not; only its hash is remembered, for a while."""
        key, now = hashlib.sha256(token.encode()).digest(), time.monotonic()
        reads = self._reads.setdefault(key, deque(maxlen=MOST_READS))
        self._reads.move_to_end(key)
        while len(self._reads) > REMEMBERED:
            self._reads.popitem(last=False)
        if len(reads) == MOST_READS and now - reads[0] < WINDOW:
            return True
        reads.append(now)
        return False


def _tags(request: web.Request) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
