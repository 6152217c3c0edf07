"""Due reminders, claimed and enqueued by three processes on PostgreSQL at once: each once, and how quickly (M9).

The baseline beside it fires as many rows whose message is fixed, so that the ratio is what looking at the event, at the
invitation and at each reader's language costs.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.children import Child, child
from benchmarks.fire import READY
from benchmarks.report import Report, Target, middle_and_range
from benchmarks.school import LANGUAGES, TEACHER, Size, make_school
from benchmarks.updates import own_postgres
from bot.clock import Clock
from bot.domain.events import EventKind, EventState
from bot.domain.notices import AudienceKind
from bot.domain.reminders import Occasion, ReminderKind, ReminderState
from bot.domain.school import School
from storage.models import Event, Invitation, Reminder
from storage.session import Database, UnitOfWork
from storage.sql import insert_many

PROCESSES = 3
NEEDED = 2000.0
AT_MOST = 180.0


async def measure(*, quick: bool = False) -> Report:
    """Fire once with real texts and once plain, in turn."""
    homes, rounds = (500, 1) if quick else (5000, 3)
    report = Report(
        f"{2 * homes:,} due reminders, {PROCESSES} processes on PostgreSQL",
        ("Messages", "Reminders/s", "Each process", "Twice", "Lost"),
    )
    async with AsyncExitStack() as stack:
        url = await own_postgres(stack)
        if url is None:
            report.notes.append("PostgreSQL does not answer: nothing was measured")
            return report
        await make_school(url, Size(homes))
        found: dict[str, list[dict[str, Any]]] = {"real": [], "plain": []}
        for number in range(rounds):
            for mode, runs in found.items():
                runs.append(await _round(url, homes, number, mode))
    _tell(report, found, homes, quick=quick)
    return report


def _tell(report: Report, found: dict[str, list[dict[str, Any]]], homes: int, *, quick: bool) -> None:
    for mode, label in (("real", "an event, in four languages"), ("plain", "a fixed text (baseline)")):
        runs = found[mode]
        each = ", ".join(str(n) for n in runs[-1]["each"])
        twice, lost = sum(run["twice"] for run in runs), sum(run["lost"] for run in runs)
        report.rows.append((label, middle_and_range([run["rate"] for run in runs]), each, twice, lost))
    rates = [run["rate"] for run in found["real"]]
    ratios = [real["rate"] / plain["rate"] for real, plain in zip(found["real"], found["plain"], strict=True)]
    wrong = sum(run["twice"] + run["lost"] for run in found["real"])
    report.targets = [
        Target("reminders a second", sorted(rates)[len(rates) // 2], NEEDED, "/s"),
        Target("twice or lost", float(wrong), 0.0, "reminders", at_least=False),
    ]
    report.notes.append(f"of the baseline: {middle_and_range(ratios)}")
    if quick:
        report.notes.append(f"{2 * homes} instead of 10,000: most of the time goes into beginning")
    report.figures = {"runs": found}


async def _round(url: str, homes: int, number: int, mode: str) -> dict[str, Any]:
    """Let reminders become due while three replicas look; return how quick they were, and what is stored."""
    database = Database(url, now=Clock().now, school=School())
    try:
        arguments = ("benchmarks.fire", url, *(["plain"] if mode == "plain" else []))
        async with AsyncExitStack() as stack:
            replicas = [
                await stack.enter_async_context(child(f"replica {n}", *arguments, env={})) for n in range(PROCESSES)
            ]
            for replica in replicas:
                await _until(lambda one=replica: READY in one.last_lines(), replica)  # type: ignore[misc]
            async with database.unit_of_work() as uow:
                event = await _plan(uow, homes, number, mode)
                await uow.commit()
            told = [await _outcome(replica) for replica in replicas]
        async with database.unit_of_work() as uow:
            stored = (await uow.execute(_STORED, {"event": event})).one()
    finally:
        await database.close()
    seconds = max(one["last"] for one in told) - min(one["first"] for one in told if one["first"])
    return {
        "rate": 2 * homes / seconds,
        "each": [one["claimed"] for one in told],
        "twice": sum(one["claimed"] for one in told) - 2 * homes + stored[0] - stored[1],
        "lost": 2 * homes - stored[1],
    }


_STORED = sa.text(
    "SELECT count(*), count(DISTINCT o.dedupe_key) FROM outgoing o JOIN reminder r"
    " ON o.dedupe_key = 'reminder:' || r.id WHERE r.occasion_id = :event AND r.state = 'done'"
)


async def _outcome(replica: Child) -> dict[str, Any]:
    """Wait until a replica has ended by itself, and return what it printed.

    Raises:
        RuntimeError: it failed, or did not end.
    """
    await _until(lambda: replica.process.poll() is not None, replica)
    if replica.process.poll() != 0:
        raise RuntimeError(f"{replica.name} ended with {replica.process.poll()}:\n{replica.last_lines()}")
    outcome: dict[str, Any] = json.loads(replica.last_lines().splitlines()[-1])
    return outcome


async def _until(done: Callable[[], bool], replica: Child) -> None:
    deadline = time.monotonic() + AT_MOST
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{replica.name} took too long:\n{replica.last_lines()}")
        await asyncio.sleep(0.05)


async def _plan(uow: UnitOfWork, homes: int, number: int, mode: str) -> int:
    """Store an open event, everybody's invitation, and two reminders for each that are due."""
    due = uow.now
    starts = due + timedelta(days=2)
    local = uow.school.local(starts).replace(tzinfo=None, microsecond=0)
    event_id = 1 + 2 * number + (mode == "plain")
    await insert_many(
        uow,
        Event,
        [
            {
                "id": event_id,
                "kind": EventKind.CLASS_MEETING,
                "state": EventState.OPEN,
                "organiser_id": TEACHER,
                "title": "",
                "text": "",
                "text_language": "nb",
                "audience": AudienceKind.SCHOOL,
                "audience_ids": [],
                "place": "Gymsalen",
                "day": local.date(),
                "starts": local.time(),
                "zone": str(uow.school.zone),
                "starts_at": starts,
                "childcare": False,
                "asked": [],
                "version": 1,
                "revision": 1,
                "reminders": 0,
                "created_at": uow.now,
                "opened_at": uow.now,
                "uid": f"bench-{event_id}",
                "summary": "",
                "summary_language": "",
            }
        ],
    )
    people = range(TEACHER + 1, TEACHER + 1 + homes)
    invitation = {"event_id": event_id, "answered_revision": 0, "people": 0, "childcare": 0, "version": 1}
    blank = {"interpreter_language": "", "dialect": ""}
    await insert_many(
        uow,
        Invitation,
        [
            {**invitation, **blank, "person_id": p, "pupil_ids": [p], "language": LANGUAGES[p % len(LANGUAGES)]}
            for p in people
        ],
    )
    reminder = {
        "occasion": Occasion.EVENT,
        "occasion_id": event_id,
        "day": local.date(),
        "at": local.time(),
        "zone": str(uow.school.zone),
        "due_at": due,
        "expires_at": starts,
        "state": ReminderState.PLANNED,
    }
    kinds = ((ReminderKind.DAYS, "d2"), (ReminderKind.HOURS, "h2"))
    await insert_many(
        uow,
        Reminder,
        [
            {**reminder, "recipient_id": person, "kind": kind, "occurrence": f"{mark}:{local:%Y-%m-%dT%H:%M}"}
            for person in people
            for kind, mark in kinds
        ],
    )
    return event_id
