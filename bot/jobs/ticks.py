"""What is looked at and how often. A tick with nothing due costs one indexed query."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.actions import Progress
from bot.actions.absence.daylist import send_lists
from bot.actions.absence.escalate import ask_on
from bot.actions.checkins.ask import ask_due
from bot.actions.conferences.waiting import pass_on_due
from bot.actions.leave.decide import remind_undecided
from bot.actions.monthly import send_monthly
from bot.actions.notices.send import deliver_due
from bot.actions.polls.close import close_due
from bot.actions.reminders.fire import fire_due
from bot.actions.threads.overdue import surface_due
from bot.actions.upkeep import forget_old
from bot.actions.year.fan import fan_due
from bot.domain.outgoing import ACTIVE
from bot.metrics import JOB_SECONDS, OUTGOING_WAITING
from storage.queries.outgoing import count_by_state
from storage.session import Database, UnitOfWork

log = logging.getLogger(__name__)

NOTICES_EVERY = 1.0
LISTS_EVERY = 1.0
INQUIRIES_EVERY = 1.0
SOON = 1.0
"""Jobs that look this often look at once when the clock was moved."""
MONTHLY_EVERY = 1.0
LEAVE_EVERY = 1.0
THREADS_EVERY = 1.0
CHECKINS_EVERY = 1.0
REMINDERS_EVERY = 1.0
SLOTS_EVERY = 1.0
POLLS_EVERY = 1.0
YEAR_EVERY = 1.0
UPKEEP_EVERY = 3600.0
GAUGES_EVERY = 15.0

Job = Callable[[UnitOfWork], Awaitable[object]]


class Ticks:
    """Runs the jobs, each one at a time; a failing one is logged and tried at its next tick."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running: dict[str, asyncio.Lock] = {}
        self._woken: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._jobs: dict[str, tuple[Job, float]] = {
            "notices": (deliver_due, NOTICES_EVERY),
            "lists": (send_lists, LISTS_EVERY),
            "inquiries": (ask_on, INQUIRIES_EVERY),
            "monthly": (send_monthly, MONTHLY_EVERY),
            "checkins": (ask_due, CHECKINS_EVERY),
            "reminders": (fire_due, REMINDERS_EVERY),
            "polls": (close_due, POLLS_EVERY),
            "year": (fan_due, YEAR_EVERY),
            "slots": (pass_on_due, SLOTS_EVERY),
            "leave": (remind_undecided, LEAVE_EVERY),
            "threads": (surface_due, THREADS_EVERY),
            "upkeep": (forget_old, UPKEEP_EVERY),
            "gauges": (_gauges, GAUGES_EVERY),
        }

    def start(self) -> None:
        """Begin to tick."""
        for name, (_, seconds) in self._jobs.items():
            self._running[name] = asyncio.Lock()
            self._scheduler.add_job(
                self.run,
                "interval",
                args=[name],
                seconds=seconds,
                max_instances=2,  # the second finds the lock held and leaves; with one, APScheduler logs a warning
                coalesce=True,
                misfire_grace_time=None,
                id=name,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more, and wait for what is running."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.pause()
            await asyncio.sleep(0)  # a tick that was just due finds that we have stopped
        for lock in self._running.values():
            async with lock:
                pass
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)  # last: it cancels what it finds running
        await asyncio.gather(*self._woken, return_exceptions=True)

    def wake(self, *names: str) -> None:
        """Look for what is due now, of the jobs named or of all quick ones: a notice was scheduled, the clock moved."""
        if self._stopped:
            return
        for name in names or [name for name, (_, seconds) in self._jobs.items() if seconds <= SOON]:
            task = asyncio.ensure_future(self.run(name))
            self._woken.add(task)
            task.add_done_callback(self._woken.discard)

    async def run(self, name: str) -> None:
        """Run one job in a transaction of its own, and again while it says that there is more."""
        lock = self._running.get(name)
        if lock is None or lock.locked() or self._stopped:
            return
        async with lock:
            more = True
            while more and not self._stopped:
                more = await self._once(name)

    async def _once(self, name: str) -> bool:
        started, more = time.monotonic(), False
        try:
            async with self._database.unit_of_work() as uow:
                done = await self._jobs[name][0](uow)
            more = isinstance(done, Progress) and done.more
        except Exception:
            log.exception("job.failed", extra={"job": name})
        JOB_SECONDS.labels(job=name).observe(time.monotonic() - started)
        return more


async def _gauges(uow: UnitOfWork) -> None:
    counts = await count_by_state(uow)
    for state in ACTIVE:
        OUTGOING_WAITING.labels(state=state.value).set(counts.get(state, 0))
