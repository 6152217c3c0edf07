"""Server-Sent Events: what happens in the chats, told to every open page."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import web

from bot.simulator.state import Chat, SimMessage
from bot.simulator.views import chat_commands, keyboard_view, message_view, person_view
from bot.simulator.world import World

_QUEUE_LENGTH = 2000
_KEEP_ALIVE_SECONDS = 15.0


class EventHub:
    """Fans events out. A page that falls too far behind is cut off: it reconnects and reads the state anew."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages: set[asyncio.Queue[str | None]] = set()
        world.listeners.append(self._on_change)

    def publish(self, event: dict[str, Any]) -> None:
        """Send one event to every page."""
        if not self._pages:
            return
        line = _line(event)
        for page in list(self._pages):
            try:
                page.put_nowait(line)
            except asyncio.QueueFull:
                self._cut_off(page)

    def close(self) -> None:
        """End every stream."""
        for page in list(self._pages):
            self._cut_off(page)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /sim/events` until the page goes away or the hub closes."""
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        page: asyncio.Queue[str | None] = asyncio.Queue(_QUEUE_LENGTH)
        self._pages.add(page)
        try:
            line: str | None = _line({"type": "hello"})
            while line is not None:
                await response.write(line.encode())
                try:
                    async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
                        line = await page.get()
                except TimeoutError:
                    line = ": still here\n\n"
        except ConnectionError:
            pass
        finally:
            self._pages.discard(page)
        with contextlib.suppress(ConnectionError):
            await response.write_eof()
        return response

    def _cut_off(self, page: asyncio.Queue[str | None]) -> None:
        self._pages.discard(page)
        while not page.empty():
            page.get_nowait()
        page.put_nowait(None)

    def _on_change(self, kind: str, chat: Chat, what: Any) -> None:
        if self._pages:
            self.publish({"type": kind, "person": chat.id, **self._details(kind, chat, what)})

    def _details(self, kind: str, chat: Chat, what: Any) -> dict[str, Any]:
        if isinstance(what, SimMessage):
            return {"message": message_view(chat, what)}
        if kind == "delete":
            return {"message_id": what}
        if kind == "keyboard":
            return {"keyboard": keyboard_view(chat)}
        if kind == "commands":
            return {"commands": chat_commands(self._world, chat)}
        if kind == "alert":
            return {"text": what.text, "show_alert": what.show_alert}
        if kind == "unread":
            return {"unread": chat.unread}
        return {"person": person_view(chat)} if kind == "person" else {}


def _line(event: dict[str, Any]) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
