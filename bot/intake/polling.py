"""Long polling that advances its offset only past updates whose effects are committed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramConflictError, TelegramRetryAfter
from aiogram.types import Update
from pydantic import ValidationError

from bot.intake.process import Intake, NotNow, person_of

log = logging.getLogger(__name__)

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
BATCH = 100
"""Updates of one getUpdates (Telegram's limit)."""


class Poller:
    """Asks Telegram for updates until it is stopped."""

    def __init__(self, bot: Bot, intake: Intake, *, wait_seconds: int = 30) -> None:
        self._bot = bot
        self._intake = intake
        self._wait = wait_seconds
        self._offset: int | None = None
        self._webhook_gone = False
        self._stopping = asyncio.Event()
        self._asking: asyncio.Task[list[Update]] | None = None

    def stop(self) -> None:
        """Ask no more; what is being processed is finished."""
        self._stopping.set()
        if self._asking is not None:
            self._asking.cancel()

    async def run(self) -> None:
        """Poll until `stop()`, then confirm what was done."""
        failures = 0
        while not self._stopping.is_set():
            updates = await self._ask() if await self._without_webhook() else None
            if updates is None:
                failures += 1
                await self._pause(min(0.5 * 2**failures, 15))
                continue
            failures = 0
            if not await self._process(updates):
                await self._pause(1)
        await self._confirm()

    async def _without_webhook(self) -> bool:
        """Take a webhook of an earlier run down, once: Telegram refuses polling beside it."""
        if self._webhook_gone:
            return True
        try:
            self._webhook_gone = await self._bot.delete_webhook()
        except (TelegramAPIError, OSError, TimeoutError) as error:
            log.warning("polling.webhook_stays", extra={"kind": type(error).__name__})
        return self._webhook_gone

    async def _ask(self) -> list[Update] | None:
        self._asking = asyncio.create_task(
            self._bot.get_updates(
                offset=self._offset,
                limit=BATCH,
                timeout=self._wait,
                allowed_updates=ALLOWED,
                request_timeout=self._wait + 10,
            ),
            name="get-updates",
        )
        try:
            return await self._asking
        except asyncio.CancelledError:
            if self._stopping.is_set():
                return []
            raise
        except TelegramConflictError:
            log.error("polling.conflict: another process polls with this token, or a webhook is set")
        except ClientDecodeError as error:
            return self._readable(error.data)
        except TelegramRetryAfter as error:
            await self._pause(error.retry_after)
        except (TelegramAPIError, OSError, TimeoutError) as error:
            log.warning("polling.failed", extra={"kind": type(error).__name__})
        return None

    def _readable(self, data: Any) -> list[Update] | None:
        """Read what can be read. What cannot stays empty, so that it is confirmed and blocks nobody."""
        found = data.get("result") if isinstance(data, dict) and data.get("ok") else None
        if not isinstance(found, list):
            log.warning("polling.unreadable")
            return None
        updates = []
        for raw in found:
            try:
                updates.append(Update.model_validate(raw, context={"bot": self._bot}))
            except ValidationError:
                log.error("polling.unreadable_update", extra={"update": raw["update_id"]})
                updates.append(Update(update_id=raw["update_id"]))
        return updates

    async def _process(self, updates: list[Update]) -> bool:
        """Process a batch and move the offset past all that may be confirmed; False when something must wait.

        What comes again after one that waits is harmless: the unique key makes it nothing.
        """
        lines: dict[tuple[str, int], list[Update]] = {}
        for update in updates:
            person = person_of(update)
            key = ("person", person) if person is not None else ("update", update.update_id)
            lines.setdefault(key, []).append(update)
        left = await asyncio.gather(*(self._in_turn(line) for line in lines.values()))
        waiting = [update.update_id for line in left for update in line]
        if waiting:
            self._offset = min(waiting)
        elif updates:
            self._offset = max(update.update_id for update in updates) + 1
        return not waiting

    async def _in_turn(self, line: list[Update]) -> list[Update]:
        """Process one person's updates; return those that must come again, none of which overtakes another."""
        for done, update in enumerate(line):
            try:
                await self._intake.process(update)
            except NotNow:
                return line[done:]
        return []

    async def _confirm(self) -> None:
        if self._offset is not None:
            try:
                await self._bot.get_updates(offset=self._offset, limit=1, timeout=0, request_timeout=5)
            except (TelegramAPIError, OSError, TimeoutError):
                log.info("polling.last_confirmation_failed: the last updates will come again, harmlessly")

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
        except TimeoutError:
            return
