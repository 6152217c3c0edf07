"""The bot as a process of its own, to be killed.

The processes are forked from one that has imported the bot already: they are as real, and are there at once, where
each import takes a processor for three seconds.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import Clock
from bot.domain.school import School
from storage.session import Database

ROOT = Path(__file__).parents[2]
TOKEN = "123456:" + "B" * 35


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """Return an environment with these SKOLEBUD_ settings and none of the machine's own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SKOLEBUD_")}
    given = {f"SKOLEBUD_{key.upper()}": str(value) for key, value in settings.items()}
    return {**kept, "PYTHONPATH": str(ROOT), "HOME": str(folder), **given}


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.app", "bot.cli.main", "tests.load.process"])


def _run(folder: Path, environment: dict[str, str]) -> None:
    """Be `skolebud run` in `folder`; what it logs goes to a file beside the database."""
    from bot.cli.main import app

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with (folder / "bot.log").open("ab") as log:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), stream.fileno())
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the server of forks has it ignored
    app(["run"])


class BotProcess:
    """`skolebud run`, started, killed without a warning, started again."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self._folder = folder
        self._settings = {
            "token": TOKEN,
            "listen_port": 0,
            "quiet_hours": "00:00-00:00",
            "lease_seconds": 2,
            **settings,
        }
        self._process: ForkServerProcess | None = None

    async def start(self) -> None:
        """Start the process; what it logs goes to a file beside the database."""
        self._process = _FORKS.Process(target=_run, args=(self._folder, environment(self._folder, **self._settings)))
        await asyncio.to_thread(self._process.start)

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """Ask it to stop, as a service manager does; return its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, sign: signal.Signals) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        if not self.ended:
            os.kill(self._process.pid, sign)
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode is not None
        return self._process.exitcode

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process is not None and self._process.exitcode is not None

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self._folder / "bot.log").read_text(encoding="utf-8")


@asynccontextmanager
async def bot_process(folder: Path, **settings: object) -> AsyncIterator[BotProcess]:
    """A bot process that does not outlive its test."""
    bot = BotProcess(folder, **settings)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.kill()


@asynccontextmanager
async def looking_into(url: str) -> AsyncIterator[Database]:
    """The process's database, seen from outside."""
    database = Database(url, now=Clock().now, school=School())
    try:
        yield database
    finally:
        await database.close()


async def rows(database: Database, statement: str) -> list[Any]:
    """Read plain SQL."""
    async with database.unit_of_work() as uow:
        return list((await uow.execute(sa.text(statement))).all())


async def until(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str, bot: BotProcess, seconds: float = 30
) -> None:
    """Wait for a condition; a bot that ended meanwhile, or time without end, fails with its log."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        met = condition()
        if met is True or (not isinstance(met, bool) and await met):
            return
        if bot.ended or asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"waited for {what}; the bot's log:\n{bot.log[-4000:]}")
        await asyncio.sleep(0.005)
