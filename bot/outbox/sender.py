"""Takes due rows from the queue and sends them. It alone messages anyone but the person who just tapped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.types import Message as TelegramMessage
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.outgoing import REPEATED_WHEN_UNKNOWN, OutgoingKind, OutgoingState, Reason
from bot.metrics import OUTGOING, OUTGOING_DELAY
from bot.outbox import telegram_calls
from bot.outbox.pace import Pace
from bot.outbox.send_errors import judge, wording
from storage.queries import outgoing as queue
from storage.queries.outgoing import Claimed
from storage.session import Database, UnitOfWork

log = logging.getLogger(__name__)

LateRenderer = Callable[[UnitOfWork, Claimed], Awaitable[dict[str, Any] | None]]
"""Draws a live screen's payload when it is sent; None when there is nothing to show any more."""

Filler = Callable[[UnitOfWork, Sequence[tuple[dict[str, Any], str | None]]], Awaitable[list[dict[str, Any]]]]
"""Puts people's own words into payloads, with each reader's language, as they stand when the messages leave."""

SETTLE_PAUSES = (0.2, 1.0, 3.0, 10.0)
"""Seconds between the tries to write down how a message went, while the database is away."""
RECOVER_EVERY = timedelta(seconds=2)
"""How often rows of a dead sender are looked for, at most."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is written down about a claimed row."""

    state: OutgoingState
    reason: Reason | None = None
    message_id: int | None = None
    due_at: datetime | None = None
    uncounted: bool = False
    unreachable: bool = False


NOT_STARTED = _Outcome(OutgoingState.QUEUED, uncounted=True)
"""The request never left: the row goes back as it was."""


class Sender:
    """Drains the queue until it is stopped.

    Args:
        lease: how long a claimed row is ours; a dead sender's rows come back after that.
        in_flight: rows in hand at most; enough to fill the pace at usual latencies, and never more than the
            pace can send well within the lease.
        late: renderers of the kinds that are drawn when they are sent.
        fill: puts free texts into what leaves; without it they must not stand in any message.
    """

    def __init__(
        self,
        database: Database,
        bot: Bot,
        pace: Pace,
        *,
        lease: timedelta = timedelta(seconds=30),
        in_flight: int = 40,
        poll_seconds: float = 1.0,
        late: Mapping[OutgoingKind, LateRenderer] | None = None,
        fill: Filler | None = None,
    ) -> None:
        self._database = database
        self._bot = bot
        self._pace = pace
        self._lease = lease
        within_lease = int(pace.per_second * lease.total_seconds() / 3) if pace.per_second else in_flight
        self._in_flight = max(1, min(in_flight, within_lease))
        self._poll = poll_seconds
        self._late = dict(late or {})
        self._fill = fill
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._not_started: set[asyncio.Task[None]] = set()
        self._recover_at: datetime | None = None
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the queue now: something was enqueued, or the clock was moved."""
        self._wake.set()

    async def run(self) -> None:
        """Send until `stop()`; then finish what is under way."""
        while not self._stopping:
            self._wake.clear()
            try:
                found = await self._claim()
            except (SQLAlchemyError, OSError) as error:
                log.warning("outbox.claim_failed", extra={"kind": type(error).__name__})
                found = 0
                await asyncio.sleep(self._poll)
            if not found:
                await self._rest()
        await self.drain()

    async def drain(self) -> None:
        """Wait for the requests under way; rows that still wait for the pace go back to the queue."""
        for task in self._not_started:
            task.cancel()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop(self) -> None:
        """Ask `run` to end; rows that were not started stay in the queue."""
        self._stopping = True
        self._wake.set()

    async def _rest(self) -> None:
        """Wait for a wake, for room, or for the poll: another replica's rows come without a wake."""
        wake = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait(
                {wake, *self._tasks}, timeout=await self._seconds_to_next(), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            wake.cancel()

    async def _seconds_to_next(self) -> float:
        if closed := self._pace.closed_for:
            return min(self._poll, closed)
        if self._tasks:
            return self._poll
        try:
            async with self._database.unit_of_work() as uow:
                due = await queue.next_due(uow)
        except (SQLAlchemyError, OSError):
            return self._poll
        if due is None:
            return self._poll
        return min(self._poll, max(0.01, (due - self._database.now()).total_seconds()))

    async def _claim(self) -> int:
        room = self._in_flight - len(self._tasks)
        # Small sips while the pace is full: what is claimed too early only waits with a lease running.
        if self._stopping or room < min(8, self._in_flight) or self._pace.closed_for:
            return 0
        mine = set(self._tasks.values())
        async with self._database.unit_of_work() as uow:
            if self._recover_at is None or uow.now >= self._recover_at:
                await queue.recover_expired(uow, mine)
                self._recover_at = uow.now + min(RECOVER_EVERY, self._lease / 2)
            claimed = await queue.claim_due(uow, limit=room, lease=self._lease, leave_out=mine)
            claimed = await self._filled(uow, claimed)
            await uow.commit()
        for row in claimed:
            task = asyncio.create_task(self._deliver(row), name=f"send-{row.id}")
            self._tasks[task] = row.id
            task.add_done_callback(self._done)
        return len(claimed)

    async def _filled(self, uow: UnitOfWork, claimed: list[Claimed]) -> list[Claimed]:
        """Put free texts into what was claimed, in the transaction that claims it: no trip more for each message."""
        if self._fill is None or not claimed:
            return claimed
        try:
            payloads = await self._fill(uow, [(_look(row), row.language) for row in claimed])
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  (one message that cannot be filled must not stop the others)
            log.error("outbox.fill_failed", extra={"kind": type(error).__name__})
            return [await self._filled_alone(uow, row) for row in claimed]
        return [replace(row, payload=payload) for row, payload in zip(claimed, payloads, strict=True)]

    async def _filled_alone(self, uow: UnitOfWork, row: Claimed) -> Claimed:
        """Fill one message; what cannot be filled is refused by Telegram as it is, and fails by itself."""
        assert self._fill is not None  # noqa: S101  (asked by `_filled`)
        try:
            (payload,) = await self._fill(uow, [(_look(row), row.language)])
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  (as above)
            log.error("outbox.fill_failed", extra={"outgoing": row.id, "kind": type(error).__name__})
            return row
        return replace(row, payload=payload)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The row stays leased, and comes back when the lease ends.
            log.error("outbox.task_failed", extra={"kind": type(error).__name__})

    async def _deliver(self, row: Claimed) -> None:
        try:
            outcome = await self._attempt(row)
        except Exception as error:  # noqa: BLE001  (whatever it is, the row must not be left to its lease)
            outcome = self._failed(row, error)
        await self._settle(row, outcome)

    async def _attempt(self, row: Claimed) -> _Outcome:
        refused = self._not_to_be_sent(row)
        if refused is not None:
            return refused
        assert row.address is not None  # noqa: S101  (looked at just above)
        payload = await self._payload(row)
        if payload is None:
            return _Outcome(OutgoingState.DROPPED, Reason.NOTHING_TO_EDIT)
        me = asyncio.current_task()
        assert me is not None  # noqa: S101
        self._not_started.add(me)
        try:
            async with self._pace.slot(row.address, row.lane):
                self._not_started.discard(me)
                if self._too_late_to_start(row):
                    return NOT_STARTED
                sent = await telegram_calls.send(self._bot, row, payload)
        except asyncio.CancelledError:
            if me not in self._not_started:
                raise
            return NOT_STARTED  # `drain` has called it back
        finally:
            self._not_started.discard(me)
        OUTGOING_DELAY.observe(max(0.0, (self._database.now() - row.due_at).total_seconds()))
        return _Outcome(OutgoingState.SENT, message_id=sent.message_id if isinstance(sent, TelegramMessage) else None)

    def _not_to_be_sent(self, row: Claimed) -> _Outcome | None:
        if row.address is None:
            return _Outcome(OutgoingState.FAILED, Reason.NO_ACCOUNT)
        if not row.permitted:
            return _Outcome(OutgoingState.FAILED, Reason.NO_RIGHT)
        if row.disturbs:
            return _Outcome(OutgoingState.DROPPED, Reason.CALM)
        if row.expires_at is not None and row.expires_at < self._database.now():
            return _Outcome(OutgoingState.DROPPED, Reason.TOO_LATE)
        if row.edits_id is not None and row.edit_target is None and row.kind is not OutgoingKind.CORRECTION:
            # a corrected notice goes to a new telephone as a message of its own: the wrong one must not be the last
            return _Outcome(OutgoingState.DROPPED, Reason.NOTHING_TO_EDIT)
        return None

    def _too_late_to_start(self, row: Claimed) -> bool:
        """A long pause (429) may have outlived the lease: then the row belongs to whoever claims it next."""
        return self._stopping or self._database.now() >= row.lease_until

    async def _payload(self, row: Claimed) -> dict[str, Any] | None:
        late = self._late.get(row.kind)
        if late is None:
            return row.payload
        async with self._database.unit_of_work() as uow:
            payload = await late(uow, row)
            if payload is not None and self._fill is not None:
                (payload,) = await self._fill(uow, [(payload, row.language)])
            await uow.commit()
        return payload

    def _failed(self, row: Claimed, error: Exception) -> _Outcome:
        verdict = judge(error, row.attempts)
        if verdict.back_off:
            self._pace.back_off(verdict.back_off)
        if verdict.settled:
            return _Outcome(OutgoingState.SENT)
        if verdict.reason is Reason.REFUSED:
            # Loud, but without the text: Telegram's own words about the request hold no personal data.
            log.error(
                "outbox.refused",
                extra={"outgoing": row.id, "kind": row.kind.value, "answer": wording(error)},
            )
        elif verdict.reason is Reason.BROKEN:
            log.error(
                "outbox.broken", extra={"outgoing": row.id, "kind": row.kind.value, "error": type(error).__name__}
            )
        state, due = OutgoingState.FAILED, None
        if verdict.uncertain and row.kind not in REPEATED_WHEN_UNKNOWN:
            state = OutgoingState.UNKNOWN
        elif verdict.retry_in is not None:
            state, due = OutgoingState.RETRY, self._database.now() + timedelta(seconds=verdict.retry_in)
        return _Outcome(
            state,
            verdict.reason,
            due_at=due,
            uncounted=not verdict.counted,
            unreachable=verdict.unreachable,
        )

    async def _settle(self, row: Claimed, outcome: _Outcome) -> None:
        """Write down how it went, patiently: what Telegram has accepted would be sent again otherwise."""
        for wait in SETTLE_PAUSES:
            try:
                held = await self._write(row, outcome)
                break
            except (SQLAlchemyError, OSError) as error:
                log.warning("outbox.settle_failed", extra={"outgoing": row.id, "kind": type(error).__name__})
                await asyncio.sleep(wait)
        else:
            held = await self._write(row, outcome)
        OUTGOING.labels(kind=row.kind.value, state=outcome.state.value).inc()
        if not held:
            log.warning("outbox.lease_lost", extra={"outgoing": row.id})

    async def _write(self, row: Claimed, outcome: _Outcome) -> bool:
        async with self._database.unit_of_work() as uow:
            held = await queue.settle(
                uow,
                row,
                outcome.state,
                reason=outcome.reason,
                message_id=outcome.message_id,
                due_at=outcome.due_at,
                uncounted=outcome.uncounted,
            )
            if outcome.unreachable and outcome.reason is not None:
                await queue.mark_unreachable(uow, row.recipient_id, outcome.reason)
            await uow.commit()
        return held


def _look(row: Claimed) -> dict[str, Any]:
    """Return a row's payload, told whether it goes under a file that it changes the caption of."""
    if row.edit_target is not None and row.edit_target[1]:
        return {**row.payload, "caption": True}
    return row.payload
