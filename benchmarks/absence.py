"""Reports of absence a second: a sentence, the confirming tap, the row, the teacher's list; beside a bare echo."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from benchmarks.children import child
from benchmarks.report import Report
from benchmarks.school import ADDRESS, LANGUAGES, TEACHER, Size, make_school, messages
from benchmarks.updates import BARE, OURS, OURS_POSTGRES, Bot, compare, echo_peer, our_settings, own_postgres
from benchmarks.wire import LeanTelegram, post_all
from bot.domain.absence import AbsenceDraft, AbsenceKind, AbsenceReason
from bot.domain.absence_taps import ReportAbsence, ReportStep
from bot.domain.people import Role
from bot.domain.school import School
from storage.models import Account, ClassStaff, Person, SchoolClass, StaffRole
from storage.session import Database
from storage.sql import insert_many, table

NEEDED = 20.0
"""Percent of the bare echo's updates a second."""
START = datetime.fromisoformat("2026-11-24T08:15:00+01:00")
"""A Tuesday morning just before school."""
SENTENCES = {
    "nb": "Ola er syk i dag",
    "pl": "Ola jest dziś chory",
    "ar": "Ola مريض اليوم",
    "en": "Ola is sick today",
}
_CHAT_ID = re.compile(rb"chat_id=(\d+)")
PROPOSED, CONFIRMED = "sendMessage", "editMessageText"


async def measure(*, quick: bool) -> Report:
    """Let one home after the other report, round after round, and compare with as many echoes."""
    rounds = 3 if quick else 6
    each = 100 if quick else 250
    size = Size(homes=rounds * each)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="skolebud-bench-")))
        bots = [bot async for bot in _start_all(stack, folder, size)]
        for number in range(rounds):
            for bot in bots:
                await _round(bot, range(number * each, (number + 1) * each), number, counted=number > 0)
        for bot in bots:
            if bot.is_ours:
                await _hold(bot, size.homes)
    homes = f"{each} homes in four languages, {rounds - 1} rounds"
    title = f"Reporting absence: sentence, tap, stored, lists changed ({homes})"
    return compare(bots, title, {OURS: NEEDED, OURS_POSTGRES: NEEDED})


async def _start_all(stack: AsyncExitStack, folder: Path, size: Size) -> AsyncIterator[Bot]:
    yield await stack.enter_async_context(echo_peer(BARE, "benchmarks.peers.aiogram_echo"))
    yield await stack.enter_async_context(_our_bot(OURS, f"sqlite:///{folder}/absence.db", size))
    postgres = await own_postgres(stack)
    if postgres:
        yield await stack.enter_async_context(_our_bot(OURS_POSTGRES, postgres, size))


@asynccontextmanager
async def _our_bot(name: str, database: str, size: Size) -> AsyncIterator[Bot]:
    await make_school(database, size)
    await _a_teacher_for_each_class(database, size)
    telegram = LeanTelegram()
    first_teacher = ADDRESS + TEACHER + 1 + size.homes
    telegram.apart = lambda body: (chat := _CHAT_ID.search(body)) is not None and int(chat[1]) >= first_teacher
    settings = {**our_settings(await telegram.start(), database), "SKOLEBUD_LIST_MINUTES": "30"}
    async with child(name, "benchmarks.moved", START.isoformat(), env=settings) as process:
        await telegram.until(lambda: bool(telegram.webhook), check=process.check)
        yield Bot(name, telegram, process, database, is_ours=True)
    await telegram.stop()


async def _a_teacher_for_each_class(url: str, size: Size) -> None:
    """Give every class a contact teacher of its own, as at a school; the one of all classes only leads."""
    database = Database(url, now=lambda: START, school=School())
    try:
        async with database.unit_of_work() as uow:
            found = await uow.execute(sa.select(table(SchoolClass).c.id).order_by(table(SchoolClass).c.id))
            teachers = {
                class_id: TEACHER + size.homes + place for place, class_id in enumerate(found.scalars(), start=1)
            }
            person = {"language": "nb", "spoken_languages": "", "welcomed_at": uow.now, "created_at": uow.now}
            account = {"reachable": True, "linked_at": uow.now}
            rows = [
                {**person, "id": p, "roster_key": f"teacher:{p}", "name": f"Teacher {p}"} for p in teachers.values()
            ]
            await insert_many(uow, Person, rows)
            addresses = [{**account, "id": p, "person_id": p, "address": ADDRESS + p} for p in teachers.values()]
            await insert_many(uow, Account, addresses)
            roles = [{"person_id": p, "role": Role.CONTACT_TEACHER} for p in teachers.values()]
            await insert_many(uow, StaffRole, roles)
            await uow.execute(sa.update(table(ClassStaff)).values(is_contact=False))
            staff = [{"class_id": c, "person_id": p, "is_contact": True} for c, p in teachers.items()]
            await insert_many(uow, ClassStaff, staff)
            await uow.commit()
    finally:
        await database.close()


async def _round(bot: Bot, homes: range, number: int, *, counted: bool) -> None:
    await asyncio.sleep(0.5)  # what the bot before left behind is out of the way
    first = (number + 1) * 1_000_000
    cpu, started = bot.process.cpu_seconds, time.monotonic()
    if bot.is_ours:
        await _step(bot, list(_sentences(homes, first)), PROPOSED)
        ended = await _step(bot, list(_taps(homes, first + 500_000)), CONFIRMED)
    else:
        ended = await _step(bot, list(messages(2 * len(homes), first)), PROPOSED)
    used = bot.process.cpu_seconds
    if counted:
        bot.rates.append(2 * len(homes) / (ended - started))
        if cpu is not None and used is not None:
            bot.cpu_ms.append((used - cpu) / (2 * len(homes)) * 1000)


async def _step(bot: Bot, bodies: list[bytes], answer: str) -> float:
    """Post updates, wait until each is answered; return when the last one was."""
    telegram, before = bot.telegram, bot.telegram.calls[answer]
    statuses = await post_all(telegram.webhook, telegram.secret, bodies)
    done: Callable[[], bool] = lambda: telegram.calls[answer] >= before + len(bodies)  # noqa: E731
    try:
        await telegram.until(done, check=bot.process.check)
    except TimeoutError as error:
        raise RuntimeError(f"{bot.name}: {error}, {dict(statuses)}\n{bot.process.last_lines()}") from error
    return telegram.last_call[answer]


async def _hold(bot: Bot, homes: int) -> None:
    """Hold that every report is stored once, and that the teacher's lists have followed.

    Raises:
        RuntimeError: they are not; then the figures mean nothing.
    """
    lists = f"{CONFIRMED}, apart"
    if not bot.telegram.calls[lists]:
        raise RuntimeError(f"{bot.name}: the teacher's lists did not change")
    database = Database(bot.answer, now=lambda: START, school=School())
    try:
        async with database.unit_of_work() as uow:
            found = await uow.execute(sa.text("SELECT count(*), count(DISTINCT pupil_id) FROM absence"))
            stored = tuple(found.one())
    finally:
        await database.close()
    if stored != (homes, homes):
        raise RuntimeError(f"{bot.name}: {homes} homes reported, (rows, pupils) stored: {stored}")


def _user(home: int) -> dict[str, object]:
    person = TEACHER + 1 + home
    return {"id": ADDRESS + person, "is_bot": False, "first_name": f"Guardian {home}", "language_code": "nb"}


def _chat(home: int) -> dict[str, object]:
    return {"id": ADDRESS + TEACHER + 1 + home, "type": "private", "first_name": f"Guardian {home}"}


def _sentences(homes: range, first: int) -> Iterator[bytes]:
    for home in homes:
        said = {
            "message_id": first + home,
            "from": _user(home),
            "chat": _chat(home),
            "date": int(START.timestamp()),
            "text": SENTENCES[LANGUAGES[(TEACHER + 1 + home) % len(LANGUAGES)]],
        }
        yield json.dumps({"update_id": first + home, "message": said}, ensure_ascii=False).encode()


def _taps(homes: range, first: int) -> Iterator[bytes]:
    for home in homes:
        pupil = TEACHER + 1 + home
        draft = AbsenceDraft((pupil,), START.date(), START.date(), AbsenceKind.ABSENT, AbsenceReason.ILL)
        shown = {
            "message_id": first + home,
            "from": {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
            "chat": _chat(home),
            "date": int(START.timestamp()),
            "text": "Shall I report this?",
        }
        tap = {
            "id": str(10**15 + first + home),
            "from": _user(home),
            "chat_instance": "1",
            "data": ReportAbsence(ReportStep.CONFIRM, draft).pack(),
            "message": shown,
        }
        yield json.dumps({"update_id": first + home, "callback_query": tap}, ensure_ascii=False).encode()
