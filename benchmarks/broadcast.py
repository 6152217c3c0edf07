"""One notice to every home, against Telegram's limits in the simulator's strict model and 40 ms of latency."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from benchmarks.children import ChildFailed, child
from benchmarks.homes import simulated_homes, until
from benchmarks.report import Report, Target
from benchmarks.school import ADDRESS, TEACHER, Size, make_school, schedule_notice
from benchmarks.wire import TOKEN
from bot.domain.outgoing import OutgoingKind
from bot.domain.school import School
from bot.simulator import Call, Limits, Simulator
from storage.models import Outgoing
from storage.session import Database
from storage.sql import table

CEILING = 30.0
"""Messages a second that Telegram takes from one bot."""
ONE_WAY = 0.02
NEEDED = 95.0
"""Percent of the ceiling."""
TEXT = "📣 General information · 1A\nFrom Kari Nordmann\n\nTomorrow we go out. Bring warm clothes."
PATIENCE = 300.0
"""Seconds after which a broadcast is given up."""
QUIET = 3.0
"""Seconds without a new message after which a bot that still runs is taken to be done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the simulator saw of one bot's broadcast. `begun` is when the bot could have sent the first message."""

    name: str
    homes: int
    accepted: list[tuple[float, int]]
    refused: int
    begun: float

    @property
    def reached(self) -> int:
        """How many homes got it."""
        return len({chat for _, chat in self.accepted})

    @property
    def twice(self) -> int:
        """How many homes got it more than once."""
        return sum(1 for n in Counter(chat for _, chat in self.accepted).values() if n > 1)

    @property
    def seconds(self) -> float:
        """From the first to the last acceptance."""
        return self.accepted[-1][0] - self.accepted[0][0]

    @property
    def of_ceiling(self) -> float:
        """The rate between the first and the last acceptance, as a share of the ceiling."""
        return (self.reached - 1) / self.seconds / CEILING

    @property
    def of_ceiling_from_begun(self) -> float:
        """The same from the moment at which the work began, everything before the first message included."""
        return self.reached / (self.accepted[-1][0] - self.begun) / CEILING


async def measure(*, quick: bool) -> Report:
    """Send with each bot in turn."""
    homes = 120 if quick else 600
    chats = (ADDRESS + TEACHER + 1, homes, TEXT)
    ptb = "benchmarks.peers.ptb_broadcast"
    outcomes = [
        await _ours(homes),
        await _peer("aiogram, the documented loop", homes, "benchmarks.peers.aiogram_broadcast", *chats),
        await _peer("python-telegram-bot, AIORateLimiter", homes, ptb, *chats, 0),
        await _peer("the same with 5 retries", homes, ptb, *chats, 5),
    ]
    return _report(outcomes)


async def _ours(homes: int) -> Outcome:
    with TemporaryDirectory(prefix="skolebud-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'school.db'}"
        await make_school(url, Size(homes))
        settings = {
            "SKOLEBUD_TOKEN": TOKEN,
            "SKOLEBUD_DATABASE": url,
            "SKOLEBUD_LISTEN_PORT": "0",
            "SKOLEBUD_LOG_LEVEL": "WARNING",
        }
        async with simulated_homes(homes, Limits(), latency=ONE_WAY) as sim:
            async with child("Skolebud", "bot", "run", env={**settings, "SKOLEBUD_API": sim.base_url}) as process:
                await until(lambda: sim.counters["setMyShortDescription", 200] > 0, process, patience=PATIENCE)
                sim.clear_log()
                await schedule_notice(url)
                await until(lambda: len(_accepted(sim, homes)) >= homes, process, patience=PATIENCE)
                await _until_quiet(sim, homes)
            begun = await _fan_out(url)
            return _outcome("Skolebud", homes, sim, begun)


async def _peer(name: str, homes: int, module: str, *arguments: object) -> Outcome:
    async with simulated_homes(homes, Limits(), latency=ONE_WAY) as sim:
        async with child(name, module, sim.base_url, TOKEN, *map(str, arguments), env={}) as process:
            deadline = time.monotonic() + PATIENCE
            while process.process.poll() is None and time.monotonic() < deadline:
                await asyncio.sleep(0.1)
        first = next((call.at for call in sim.log if call.method == "sendMessage"), None)
        if first is None:
            raise ChildFailed(f"{name} sent nothing:\n{process.last_lines()}")
        return _outcome(name, homes, sim, first - ONE_WAY)


def _outcome(name: str, homes: int, sim: Simulator, begun: float) -> Outcome:
    refused = sum(n for (_, status), n in sim.counters.items() if status == 429)
    return Outcome(name, homes, _accepted(sim, homes), refused, begun)


def _accepted(sim: Simulator, homes: int) -> list[tuple[float, int]]:
    last = ADDRESS + TEACHER + homes
    return [(call.at, call.chat_id) for call in sim.log if _is_home(call, last) and call.chat_id is not None]


def _is_home(call: Call, last: int) -> bool:
    home = call.chat_id is not None and ADDRESS + TEACHER < call.chat_id <= last
    return home and call.method == "sendMessage" and call.status == 200


async def _until_quiet(sim: Simulator, homes: int) -> None:
    """Wait for what should not come: a second copy for somebody."""
    while time.monotonic() - _accepted(sim, homes)[-1][0] < QUIET:
        await asyncio.sleep(0.2)


async def _fan_out(url: str) -> float:
    """Return when the transaction began that made the outgoing rows, in this process's monotonic seconds."""
    out = table(Outgoing)
    database = Database(url, now=lambda: datetime.fromtimestamp(time.time(), UTC), school=School(name="."))
    try:
        async with database.unit_of_work() as uow:
            found = await uow.execute(sa.select(sa.func.min(out.c.created_at)).where(out.c.kind == OutgoingKind.NOTICE))
            moment: datetime = found.scalar_one()
    finally:
        await database.close()
    return moment.timestamp() - time.time() + time.monotonic()


def _report(outcomes: list[Outcome]) -> Report:
    homes = outcomes[0].homes
    report = Report(
        f"One notice to {homes} homes: at most {CEILING:g} messages a second, {ONE_WAY * 2000:g} ms latency",
        ("sender", "reached", "twice", "429", "seconds", "of ceiling", "from begin"),
    )
    for one in outcomes:
        report.rows.append(
            (
                one.name,
                one.reached,
                one.twice,
                one.refused,
                one.seconds,
                f"{one.of_ceiling:.1%}",
                f"{one.of_ceiling_from_begun:.1%}",
            )
        )
        report.figures[one.name] = {
            "reached": one.reached,
            "twice": one.twice,
            "refused_429": one.refused,
            "seconds": one.seconds,
            "of_ceiling": one.of_ceiling,
            "of_ceiling_from_begin": one.of_ceiling_from_begun,
        }
    if any(one.reached < homes for one in outcomes):
        report.notes.append("a share of the ceiling says little where not every home was reached")
    ours = outcomes[0]
    report.targets = [
        Target("share of the ceiling, first to last acceptance", ours.of_ceiling * 100, NEEDED, "%"),
        Target("share of the ceiling, from the fan-out", ours.of_ceiling_from_begun * 100, NEEDED, "%"),
        Target("homes reached", ours.reached, homes, "homes"),
        Target("homes that got it twice", ours.twice, 0, "homes", at_least=False),
        Target("429 answers", ours.refused, 0, "answers", at_least=False),
    ]
    return report
