"""How long the bot takes to its first answer, and what it holds in memory after many updates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.children import Child, child
from benchmarks.report import Report, Target, middle_and_range
from benchmarks.school import Size, make_school, messages, taps
from benchmarks.updates import our_settings
from benchmarks.wire import TOKEN, LeanTelegram, post_all

SECONDS_NEEDED = 6.0
MEGABYTES_NEEDED = 300.0
HOMES = 500


async def measure(*, quick: bool) -> Report:
    """Start both bots several times in turn, then let each take its updates."""
    starts, updates = (2, 1000) if quick else (5, 10_000)
    report = Report(
        f"Start, and memory after {updates:,} updates", ("bot", "seconds to the first answer", "MB at first", "MB then")
    )
    with TemporaryDirectory(prefix="skolebud-bench-") as folder:
        size = Size(HOMES, starts + updates // HOMES)
        url = f"sqlite:///{Path(folder) / 'school.db'}"
        await make_school(url, size)
        ours = _Subject("Skolebud on SQLite", "editMessageReplyMarkup", ("bot", "run"), url)
        bare = _Subject("aiogram, echo", "sendMessage", ("benchmarks.peers.aiogram_echo",), None)
        for number in range(1, starts + 1):
            for subject in (ours, bare):
                await subject.start_once(_updates(subject, size, number)[0])
        for subject in (ours, bare):
            await subject.take_many([_updates(subject, size, n) for n in range(starts + 1, size.notices + 1)])
    for subject in (ours, bare):
        report.rows.append((subject.name, middle_and_range(subject.seconds), subject.fresh_mb, subject.used_mb))
        report.figures[subject.name] = {
            "seconds_to_first_answer": subject.seconds,
            "megabytes_at_first": subject.fresh_mb,
            "megabytes_after": subject.used_mb,
        }
    report.targets = [
        Target("from start to the first answered update", median(ours.seconds), SECONDS_NEEDED, "s", at_least=False),
        Target("resident memory after the updates", ours.used_mb, MEGABYTES_NEEDED, "MB", at_least=False),
    ]
    return report


class _Subject:
    """A bot that is started and measured."""

    def __init__(self, name: str, answer: str, module: tuple[str, ...], database: str | None) -> None:
        self.name, self._answer, self._module, self._database = name, answer, module, database
        self.seconds: list[float] = []
        self.fresh_mb = self.used_mb = 0.0

    @property
    def is_ours(self) -> bool:
        return self._database is not None

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[tuple[LeanTelegram, Child]]:
        telegram = LeanTelegram()
        api = await telegram.start()
        env = our_settings(api, self._database) if self._database else {}
        arguments = self._module if self.is_ours else (*self._module, api, TOKEN)
        async with child(self.name, *arguments, env=env) as process:
            await telegram.until(lambda: bool(telegram.webhook), check=process.check)
            yield telegram, process
        await telegram.stop()

    async def _take(self, telegram: LeanTelegram, process: Child, bodies: list[bytes]) -> None:
        wanted = telegram.calls[self._answer] + len(bodies)
        await post_all(telegram.webhook, telegram.secret, bodies)
        await telegram.until(lambda: telegram.calls[self._answer] >= wanted, check=process.check)

    async def start_once(self, body: bytes) -> None:
        """From the start of the process to the answer of the first update."""
        async with self._running() as (telegram, process):
            await self._take(telegram, process, [body])
            self.seconds.append(telegram.last_call[self._answer] - process.started)
            self.fresh_mb = process.resident_mb

    async def take_many(self, rounds: list[list[bytes]]) -> None:
        """Answer every update of every round, then look at the memory."""
        async with self._running() as (telegram, process):
            for bodies in rounds:
                await self._take(telegram, process, bodies)
            await asyncio.sleep(1)
            self.used_mb = process.resident_mb


def _updates(subject: _Subject, size: Size, notice: int) -> list[bytes]:
    first = notice * 100_000
    return list(taps(size, notice, first) if subject.is_ours else messages(size.homes, first))
