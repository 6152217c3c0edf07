"""Translates what waits for it, beside everything else: no transaction is open while an engine is asked."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.actions.translation.work import Work, make, settle, take_due
from bot.domain.translation import Trouble
from bot.translation.pipeline import Outcome, Translator
from storage.session import Database

log = logging.getLogger(__name__)

FAILED = Outcome(text="", made_by=None, engine="", trouble=Trouble.FAILED, findings=())
LEASE = timedelta(seconds=60)
"""Longer than any engine may take; a text whose process died is tried again after that."""


class Translating:
    """Takes due renderings and stores what the machine makes of them, until it is stopped.

    Args:
        at_once: texts under way at most; the others keep their place.
        patience: seconds that one text may take in all, whatever an engine does.
    """

    def __init__(
        self, database: Database, translator: Translator, *, patience: float, at_once: int = 8, poll: float = 1.0
    ) -> None:
        self._database = database
        self._translator = translator
        self._patience = patience
        self._at_once = at_once
        self._poll = poll
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Look now: something was asked for, or the clock was moved."""
        self._wake.set()

    def stop(self) -> None:
        """Ask `run` to end when what is under way is stored."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Translate until `stop()`."""
        while not self._stopping:
            self._wake.clear()
            try:
                found = await self._take()
            except (SQLAlchemyError, OSError) as error:
                log.warning("translating.claim_failed", extra={"kind": type(error).__name__})
                found = 0
                await asyncio.sleep(self._poll)
            if not found:
                await self._rest()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self) -> int:
        room = self._at_once - len(self._tasks)
        if room <= 0 or self._stopping:
            return 0
        async with self._database.unit_of_work() as uow:
            taken = await take_due(uow, limit=room, lease=LEASE)
            await uow.commit()
        for work in taken:
            task = asyncio.create_task(self._translate(work), name=f"translate-{work.row.id}")
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return len(taken)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # the rendering stays leased, and is tried again when the lease ends
            log.error("translating.task_failed", extra={"kind": type(error).__name__})

    async def _translate(self, work: Work) -> None:
        try:
            async with asyncio.timeout(self._patience):
                outcome, back = await make(self._translator, work)
        except TimeoutError:
            outcome, back = FAILED, ""
        except Exception as error:  # noqa: BLE001  (whatever an engine's answer does to us, readers get the original)
            log.error("translating.broken", extra={"rendering": work.row.id, "kind": type(error).__name__})
            outcome, back = FAILED, ""
        async with self._database.unit_of_work() as uow:
            await settle(uow, work, outcome, back)
            await uow.commit()

    async def _rest(self) -> None:
        """Wait for a wake, or for the poll: what another replica asked for comes without a wake."""
        try:
            async with asyncio.timeout(self._poll):
                await self._wake.wait()
        except TimeoutError:
            return
