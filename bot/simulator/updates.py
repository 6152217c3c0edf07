"""The queue of updates: kept until the bot confirms them, handed out by long polling or to a webhook."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.simulator.errors import conflict
from bot.simulator.limits import Limits

# What a bot gets that never said which kinds it wants.
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_HOLD_SECONDS = 0.5


@dataclass(slots=True, eq=False)
class Update:
    """One update on its way. `copies` is how often it will be delivered; `born` is when it happened."""

    id: int
    kind: str
    person: int
    body: dict[str, Any]
    born: datetime
    copies: int = 1
    handed_out: bool = False


class Signal:
    """Wakes everybody who waits for a change; a wait ends with the first change after it began."""

    def __init__(self) -> None:
        self.callbacks: list[Callable[[], None]] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Wake the waiting and call the callbacks."""
        for callback in self.callbacks:
            callback()
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait(self, seconds: float) -> bool:
        """Wait for a change for at most `seconds`; tell whether there was one."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await future
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True


class UpdateQueue:
    """All updates the bot has not confirmed, in the order in which they are delivered.

    Ids rise by one from a random start. Unconfirmed updates grow too old as on Telegram (Limits): a button press
    after 150 s, everything else after 24 h.
    """

    def __init__(self, now: Callable[[], datetime], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self.next_id = secrets.randbelow(800_000_000) + 100_000_000
        self.allowed: list[str] = []
        self.changed = Signal()
        self.webhook_active = False
        self.on_release: Callable[[Update], None] | None = None
        self._queue: dict[int, Update] = {}
        self._held: list[Update] = []
        self._duplicate = 0
        self._reverse = 0
        self._release_timer: asyncio.TimerHandle | None = None
        self._poller: asyncio.Future[str] | None = None

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._queue) + len(self._held)

    def all(self) -> list[Update]:
        """List the unconfirmed updates in the order of delivery."""
        return [*self._queue.values(), *self._held]

    def released(self) -> list[Update]:
        """List the unconfirmed updates that are not held back."""
        return list(self._queue.values())

    def is_gone(self, update: Update) -> bool:
        """Whether the update was confirmed or dropped meanwhile; one that grew too old is dropped here."""
        if update.id in self._queue and self.is_stale(update):
            self.discard(update)
        return update.id not in self._queue

    def wanted(self, kind: str) -> bool:
        """Whether the bot wants this kind (`allowed_updates`)."""
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def add(self, kind: str, person: int, payload: dict[str, Any]) -> Update | None:
        """Queue what happened at `person`'s; None when the bot does not want that kind."""
        if not self.wanted(kind):
            return None
        body = {"update_id": self.next_id, kind: payload}
        update = Update(self.next_id, kind, person, body, self._now())
        self.next_id += 1
        if self._duplicate:
            self._duplicate -= 1
            update.copies = 2
        if self._reverse:
            self._hold(update)
        else:
            self._release([update])
        return update

    def restore(self, updates: Iterable[Update], next_id: int) -> None:
        """Take up the queue where an earlier run left it."""
        self._queue = {update.id: update for update in updates}
        self.next_id = next_id

    def duplicate(self, count: int) -> None:
        """Deliver each of the next `count` updates twice."""
        self._duplicate += count

    def reverse(self, count: int) -> None:
        """Hold the next `count` updates back and deliver them last one first.

        Those that have come are delivered after half a second when the rest does not follow.
        """
        self._reverse += count

    def _hold(self, update: Update) -> None:
        self._held.append(update)
        self._reverse -= 1
        if self._release_timer:
            self._release_timer.cancel()
        if self._reverse == 0:
            self._release_held()
        else:
            loop = asyncio.get_running_loop()
            self._release_timer = loop.call_later(_HOLD_SECONDS, self._release_held)

    def _release_held(self) -> None:
        held, self._held = self._held, []
        self._reverse = 0
        self._release(held[::-1])

    def _release(self, updates: list[Update]) -> None:
        for update in updates:
            self._queue[update.id] = update
            if self.on_release:
                self.on_release(update)
        self.changed.notify()

    def delivered(self, update: Update) -> None:
        """Count one confirmed delivery; after the last copy the update is gone."""
        update.copies -= 1
        if update.copies <= 0:
            self.discard(update)

    def discard(self, update: Update) -> None:
        """Forget the update."""
        self._queue.pop(update.id, None)
        self.changed.notify()

    def is_stale(self, update: Update) -> bool:
        """Whether Telegram would have given up delivering it."""
        pressed = update.kind == "callback_query"
        limits = self._limits
        keep = limits.press_delivery_seconds if pressed else limits.update_delivery_seconds
        return (self._now() - update.born).total_seconds() > keep

    def clear(self) -> None:
        """Drop everything (`drop_pending_updates`)."""
        self._queue.clear()
        self._held.clear()
        self.changed.notify()

    def confirm(self, offset: int) -> None:
        """Confirm every update with an id below `offset`; a negative one keeps only the last `-offset` updates."""
        if offset < 0:
            for update in list(self._queue.values())[:offset]:
                self.discard(update)
            return
        for update in [u for u in self._queue.values() if u.id < offset and u.handed_out]:
            self.delivered(update)
        for update in [u for u in self._queue.values() if u.id < offset and not u.handed_out]:
            self.discard(update)

    def stop_polling(self, reason: str) -> None:
        """End a waiting getUpdates with a 409."""
        if self._poller and not self._poller.done():
            self._poller.set_result(reason)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Answer getUpdates: confirm what lies before `offset`, then wait up to `seconds` for the next.

        A poller that is already waiting gets a 409, as with a second instance of the bot. Raises ApiError 409
        when that happens to this one, or while a webhook is set.
        """
        if self.webhook_active:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.stop_polling("terminated by other getUpdates request; make sure that only one bot instance is running")
        if offset:
            self.confirm(offset)
        found = self._take(limit)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        me: asyncio.Future[str] = loop.create_future()
        self._poller = me
        me.add_done_callback(lambda _: self.changed.notify())
        while not found and loop.time() < deadline:
            await self.changed.wait(deadline - loop.time())
            if me.done():
                raise conflict(me.result())
            found = self._take(limit)
        if self._poller is me:
            self._poller = None
        return found

    def _take(self, limit: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        stale: list[Update] = []
        for update in self._queue.values():
            if self.is_stale(update):
                stale.append(update)
                continue
            update.handed_out = True
            found.append(update.body)
            if len(found) == limit:
                break
        for update in stale:
            self.discard(update)
        return found

    def close(self) -> None:
        """Let a waiting getUpdates go and stop the timer."""
        self.stop_polling("terminated by the end of the simulator")
        if self._release_timer:
            self._release_timer.cancel()
