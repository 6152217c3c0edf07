"""Updates a second: a home taps "Understood", beside echo bots that store nothing or one row."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg

from benchmarks.children import Child, child
from benchmarks.report import Report, Target, middle_and_range
from benchmarks.school import Size, make_school, messages, taps
from benchmarks.wire import TOKEN, LeanTelegram, post_all

POSTGRES = os.environ.get("SKOLEBUD_TEST_POSTGRES") or "postgresql://root@127.0.0.1:5432/postgres"
NEEDED = 25.0
"""Percent of the bare echo's updates a second."""
BARE = "aiogram, echo"
OURS = "Skolebud on SQLite"
OURS_POSTGRES = "Skolebud on PostgreSQL"
WARM_UP = 1
"""Rounds that are not counted: caches fill, connections open."""


@dataclass(slots=True)
class Bot:
    """A bot under load. `answer` is the method by which it answers each update."""

    name: str
    telegram: LeanTelegram
    process: Child
    answer: str
    is_ours: bool
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


async def measure(*, quick: bool) -> Report:
    """Run every bot in turn, round after round, and compare."""
    size = Size(homes=300 if quick else 1000, notices=WARM_UP + (3 if quick else 5))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="skolebud-bench-")))
        bots = [bot async for bot in _start_all(stack, folder, size)]
        for number in range(1, size.notices + 1):
            for bot in bots:
                await _round(bot, size, number, counted=number > WARM_UP)
    return _report(bots, size)


async def _start_all(stack: AsyncExitStack, folder: Path, size: Size) -> AsyncIterator[Bot]:
    peer = "benchmarks.peers.aiogram_echo"
    yield await stack.enter_async_context(echo_peer(BARE, peer))
    yield await stack.enter_async_context(our_bot(OURS, f"sqlite:///{folder}/ours.db", size))
    database = f"sqlite+aiosqlite:///{folder}/theirs.db"
    yield await stack.enter_async_context(echo_peer("aiogram, one SQLModel row on SQLite", peer, database))
    port = _free_port()
    yield await stack.enter_async_context(
        echo_peer("python-telegram-bot, echo", "benchmarks.peers.ptb_echo", port, hook=f"http://127.0.0.1:{port}/hook")
    )
    postgres = await own_postgres(stack)
    if postgres:
        yield await stack.enter_async_context(our_bot(OURS_POSTGRES, postgres, size))


@asynccontextmanager
async def our_bot(name: str, database: str, size: Size) -> AsyncIterator[Bot]:
    """Run `python -m bot run` over a school, its pace off, until the block ends."""
    await make_school(database, size)
    telegram = LeanTelegram()
    api = await telegram.start()
    async with child(name, "bot", "run", env=our_settings(api, database)) as process:
        await telegram.until(lambda: bool(telegram.webhook), check=process.check)
        yield Bot(name, telegram, process, "editMessageReplyMarkup", is_ours=True)
    await telegram.stop()


def our_settings(api: str, database: str) -> dict[str, str]:
    """Return the environment of a bot that takes its updates by webhook from the lean Telegram."""
    return {
        "SKOLEBUD_TOKEN": TOKEN,
        "SKOLEBUD_API": api,
        "SKOLEBUD_DATABASE": database,
        "SKOLEBUD_WEBHOOK": "http://127.0.0.1:0",
        "SKOLEBUD_WEBHOOK_SECRET": "bench",
        "SKOLEBUD_LISTEN_PORT": "0",
        "SKOLEBUD_MESSAGES_PER_SECOND": "0",
        "SKOLEBUD_MESSAGES_PER_CHAT_SECOND": "0",
        "SKOLEBUD_LOG_LEVEL": "WARNING",
    }


@asynccontextmanager
async def echo_peer(name: str, module: str, *arguments: object, hook: str = "") -> AsyncIterator[Bot]:
    """Run a bot of another make until the block ends."""
    telegram = LeanTelegram()
    api = await telegram.start()
    async with child(name, module, api, TOKEN, *map(str, arguments), env={}) as process:
        await telegram.until(lambda: telegram.calls["setWebhook"] > 0, check=process.check)
        telegram.webhook = hook or telegram.webhook
        yield Bot(name, telegram, process, "sendMessage", is_ours=False)
    await telegram.stop()


async def _round(bot: Bot, size: Size, number: int, *, counted: bool) -> None:
    first = number * 100_000
    bodies = list(taps(size, number, first) if bot.is_ours else messages(size.homes, first))
    await asyncio.sleep(0.3)  # what the bot before left behind (its status screen) is out of the way
    telegram, before, cpu = bot.telegram, bot.telegram.calls[bot.answer], bot.process.cpu_seconds
    started = time.monotonic()
    statuses = await post_all(telegram.webhook, telegram.secret, bodies)
    ended = time.monotonic()
    try:
        await telegram.until(lambda: telegram.calls[bot.answer] >= before + size.homes, check=bot.process.check)
    except TimeoutError as error:
        raise RuntimeError(f"{bot.name}: {error}, {dict(statuses)}\n{bot.process.last_lines()}") from error
    seconds = max(ended, telegram.last_call[bot.answer]) - started
    used = bot.process.cpu_seconds
    if counted:
        bot.rates.append(size.homes / seconds)
        if cpu is not None and used is not None:
            bot.cpu_ms.append((used - cpu) / size.homes * 1000)


def _report(bots: list[Bot], size: Size) -> Report:
    title = f"Updates a second by webhook ({size.homes} people, {size.notices - WARM_UP} rounds in turn)"
    return compare(bots, title, {OURS: NEEDED})


def compare(bots: list[Bot], title: str, needed: Mapping[str, float]) -> Report:
    """Return the table of bots beside the first one, the bare echo; `needed` are percents of it, by bot."""
    report = Report(title, ("bot", "updates/s", "of bare echo", "ms of CPU each"))
    bare = bots[0]
    for bot in bots:
        ratios = [mine / theirs for mine, theirs in zip(bot.rates, bare.rates, strict=True)]
        cpu = median(bot.cpu_ms) if bot.cpu_ms else "?"
        report.rows.append((bot.name, middle_and_range(bot.rates), middle_and_range(ratios), cpu))
        report.figures[bot.name] = {"updates_per_second": bot.rates, "of_bare_echo": ratios, "cpu_ms": bot.cpu_ms}
        if bot.name in needed:
            report.targets.append(Target(f"{bot.name}, of bare echo", median(ratios) * 100, needed[bot.name], "%"))
    if not any(bot.name == OURS_POSTGRES for bot in bots):
        report.notes.append("no PostgreSQL server was reached (SKOLEBUD_TEST_POSTGRES)")
    return report


async def own_postgres(stack: AsyncExitStack) -> str | None:
    """Make a database of our own on the test server, dropped at the end; None when there is no server."""
    name = f"skolebud_bench_{uuid.uuid4().hex[:8]}"
    try:
        connection = await asyncpg.connect(POSTGRES, timeout=3)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return None
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    stack.push_async_callback(_drop, name)
    return f"{POSTGRES.rsplit('/', 1)[0]}/{name}"


async def _drop(name: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    try:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
