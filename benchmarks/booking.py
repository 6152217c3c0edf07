"""A class council's rush: two hundred homes tap the same thirty times at once; nobody waits, no time is taken twice."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from benchmarks.children import Child, child
from benchmarks.report import Report, Target, middle_and_range
from benchmarks.school import ADDRESS, LANGUAGES, TEACHER, Size, make_school
from benchmarks.updates import OURS, OURS_POSTGRES, our_settings, own_postgres
from benchmarks.wire import LeanTelegram, post_all
from bot.actions.conferences.invite import invite
from bot.actions.conferences.layout import LayoutView, add_span, set_value, start_round
from bot.domain.conference_slots import Span
from bot.domain.conference_taps import BookSlot, BookStep, RoundStep, Wish
from bot.domain.conferences import TalkPlace
from bot.domain.outgoing import OutgoingState
from bot.domain.people import Actor
from bot.domain.school import School
from storage.models import Outgoing, Pupil
from storage.queries.people import find_actor_by_person
from storage.session import Database
from storage.sql import table

HOMES = 200
TIMES = 30
SLOWEST = 1.0
"""Seconds after which the last of them has its answer."""
START = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
WARM_UP = 1
_CHAT_ID = re.compile(rb"chat_id=(\d+)")


class Watch(LeanTelegram):
    """A lean Telegram that notes when each home's screen changed."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: dict[int, float] = {}

    def called(self, method: str, body: bytes) -> bytes:
        """Count a call, and note whose screen it was."""
        found = _CHAT_ID.search(body) if method == "editMessageText" else None
        if found is not None and int(found[1]) > ADDRESS + TEACHER:
            self.answered.setdefault(int(found[1]), time.monotonic())
        return super().called(method, body)


@dataclass(slots=True)
class Desk:
    """A bot under load, with its database and the times of each of its rounds."""

    name: str
    telegram: Watch
    process: Child
    database: str
    times: list[list[int]]
    slowest: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


async def measure(*, quick: bool) -> Report:
    """Let every home tap at once, round after round of conferences, on both databases in turn."""
    rounds = WARM_UP + (2 if quick else 6)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="skolebud-bench-")))
        desks = [desk async for desk in _start_all(stack, folder, rounds)]
        for number in range(rounds):
            for desk in desks:
                await _rush(desk, number, counted=number >= WARM_UP)
                await _hold(desk, number)
    return _report(desks, rounds - WARM_UP)


async def _start_all(stack: AsyncExitStack, folder: Path, rounds: int) -> AsyncIterator[Desk]:
    yield await stack.enter_async_context(_desk(OURS, f"sqlite:///{folder}/booking.db", rounds))
    postgres = await own_postgres(stack)
    if postgres:
        yield await stack.enter_async_context(_desk(OURS_POSTGRES, postgres, rounds))


@asynccontextmanager
async def _desk(name: str, url: str, rounds: int) -> AsyncIterator[Desk]:
    await make_school(url, Size(homes=HOMES))
    times = await _lay_out(url, rounds)
    telegram = Watch()
    settings = our_settings(await telegram.start(), url)
    async with child(name, "benchmarks.moved", START.isoformat(), env=settings) as process:
        await telegram.until(lambda: bool(telegram.webhook), check=process.check)
        yield Desk(name, telegram, process, url, times)
    await telegram.stop()


async def _lay_out(url: str, rounds: int) -> list[list[int]]:
    """Put every pupil into one class, lay out a round of thirty times for each rush, and return the times' ids.

    The invitations count as sent: what is measured is booking.
    """
    database = Database(url, now=lambda: START, school=School())
    try:
        async with database.unit_of_work() as uow:
            await uow.change(sa.update(table(Pupil)).values(class_id=1))
            teacher = await find_actor_by_person(uow, TEACHER)
            await uow.commit()
        assert teacher is not None
        found = [await _one_round(database, teacher, number) for number in range(rounds)]
        async with database.unit_of_work() as uow:
            await uow.change(sa.update(table(Outgoing)).values(state=OutgoingState.SENT, message_id=1))
            await uow.commit()
        return found
    finally:
        await database.close()


async def _one_round(database: Database, teacher: Actor, number: int) -> list[int]:
    async with database.unit_of_work() as uow:
        view = await start_round(uow, teacher, 1)
    assert isinstance(view, LayoutView)
    for step, value in ((RoundStep.MINUTES, "15"), (RoundStep.PAUSE, "0")):
        async with database.unit_of_work() as uow:
            view = await set_value(uow, teacher, view.event_id, view.version, step, value)
    span = Span(START.date() + timedelta(days=7 + number), clock(8, 0), clock(15, 30))
    async with database.unit_of_work() as uow:
        view = await add_span(uow, teacher, view.event_id, view.version, span)
    async with database.unit_of_work() as uow:
        await invite(uow, teacher, view.event_id, view.version)
    async with database.unit_of_work() as uow:
        statement = sa.text("SELECT id FROM slot WHERE event_id = :event ORDER BY starts_at")
        found = list((await uow.execute(statement, {"event": view.event_id})).scalars())
    if len(found) != TIMES:
        raise RuntimeError(f"{len(found)} times were laid out")
    return found


async def _rush(desk: Desk, number: int, *, counted: bool) -> None:
    """Let all homes tap "Book" at once, and wait until each has its answer."""
    await asyncio.sleep(2.5)  # what the rush before left behind (the teacher's board) is out of the way
    telegram = desk.telegram
    telegram.answered.clear()
    bodies = list(_taps(desk.times[number], (number + 1) * 100_000))
    cpu, started = desk.process.cpu_seconds, time.monotonic()
    statuses = await post_all(telegram.webhook, telegram.secret, bodies)
    try:
        await telegram.until(lambda: len(telegram.answered) == HOMES, check=desk.process.check)
    except TimeoutError as error:
        said = f"{len(telegram.answered)} of {HOMES} were answered, {dict(statuses)}"
        raise RuntimeError(f"{desk.name}: {said}\n{desk.process.last_lines()}") from error
    used = desk.process.cpu_seconds
    if counted:
        waits = [moment - started for moment in telegram.answered.values()]
        desk.slowest.append(max(waits))
        desk.middle.append(median(waits))
        desk.rates.append(HOMES / max(waits))
        if cpu is not None and used is not None:
            desk.cpu_ms.append((used - cpu) / HOMES * 1000)


async def _hold(desk: Desk, number: int) -> None:
    """Hold that every time of the round is taken once, each by another pupil.

    Raises:
        RuntimeError: it is not so; then the figures mean nothing.
    """
    database = Database(desk.database, now=lambda: START, school=School())
    statement = sa.text(
        "SELECT count(*), count(DISTINCT s.talk_id), count(DISTINCT t.pupil_id) FROM slot s JOIN talk t"
        " ON t.id = s.talk_id AND t.state = 'booked' AND t.starts_at = s.starts_at WHERE s.id BETWEEN :first AND :last"
    )
    try:
        async with database.unit_of_work() as uow:
            times = desk.times[number]
            found = await uow.execute(statement, {"first": min(times), "last": max(times)})
            stored = tuple(found.one())
    finally:
        await database.close()
    if stored != (TIMES, TIMES, TIMES):
        raise RuntimeError(f"{desk.name}: {TIMES} times, (taken, talks, pupils) stored: {stored}")


def _taps(times: list[int], first: int) -> Iterator[bytes]:
    for home in range(HOMES):
        person = TEACHER + 1 + home
        wish = Wish("" if LANGUAGES[person % len(LANGUAGES)] == "nb" else "-")
        slot = times[home % TIMES]
        choice = BookSlot(person, slot, BookStep.BOOK, TalkPlace.SCHOOL, with_pupil=False, wish=wish)
        user = {"id": ADDRESS + person, "is_bot": False, "first_name": f"Guardian {home}", "language_code": "nb"}
        shown = {
            "message_id": first + home,
            "from": {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
            "chat": {"id": ADDRESS + person, "type": "private", "first_name": f"Guardian {home}"},
            "date": int(START.timestamp()),
            "text": "Conference about Ola Nordmann",
        }
        tap = {
            "id": str(10**15 + first + home),
            "from": user,
            "chat_instance": "1",
            "data": choice.pack(),
            "message": shown,
        }
        yield json.dumps({"update_id": first + home, "callback_query": tap}).encode()


def _report(desks: list[Desk], rounds: int) -> Report:
    title = f"Booking: {HOMES} homes tap the same {TIMES} times at once ({rounds} rounds in turn)"
    report = Report(title, ("bot", "slowest answer, s", "half of them within, s", "answers/s", "ms of CPU each"))
    for desk in desks:
        cpu = median(desk.cpu_ms) if desk.cpu_ms else "?"
        report.rows.append(
            (
                desk.name,
                middle_and_range(desk.slowest),
                middle_and_range(desk.middle),
                middle_and_range(desk.rates),
                cpu,
            )
        )
        report.figures[desk.name] = {
            "slowest_seconds": desk.slowest, "median_seconds": desk.middle, "answers_per_second": desk.rates,
            "cpu_ms": desk.cpu_ms,
        }  # fmt: skip
        report.targets.append(
            Target(f"{desk.name}, slowest answer of {HOMES}", median(desk.slowest), SLOWEST, "s", at_least=False)
        )
    report.notes.append("after each round: every time is taken once, by as many pupils")
    if not any(desk.name == OURS_POSTGRES for desk in desks):
        report.notes.append("no PostgreSQL server was reached (SKOLEBUD_TEST_POSTGRES)")
    return report
