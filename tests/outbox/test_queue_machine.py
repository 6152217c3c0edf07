"""The queue's state machine against a model of it: whatever is done in whatever order, both agree."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.outgoing import REPEATED_WHEN_UNKNOWN, Lane, OutgoingKind, OutgoingState, Reason
from bot.domain.school import School
from bot.outbox.enqueue import Message, enqueue
from storage.queries.outgoing import Claimed, claim_due, drop_waiting, recover_expired, settle
from storage.session import Database
from tests.load.school import generate

LEASE = timedelta(seconds=30)
WAITING = {OutgoingState.QUEUED, OutgoingState.RETRY}
UNDER_WAY = {*WAITING, OutgoingState.SENDING}


@dataclass
class Row:
    """What the model knows of a row."""

    id: int
    recipient: int
    lane: Lane
    kind: OutgoingKind
    due_at: datetime
    edits: int | None
    state: OutgoingState = OutgoingState.QUEUED
    attempts: int = 0
    lease_until: datetime | None = None


class QueueMachine(RuleBasedStateMachine):
    """Enqueue, claim, settle, let time pass, recover, drop: in any order."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("UTC"))
        self.rows: dict[int, Row] = {}
        self.handles: list[Claimed] = []
        self.keys = 0
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()

    @initialize()
    def open(self) -> None:
        path = Path(self.folder.name) / "queue.db"
        shutil.copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}", now=lambda: self.now, school=School())

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def _eligible(self) -> list[Row]:
        due = [row for row in self.rows.values() if row.state in WAITING and row.due_at <= self.now]
        free = [row for row in due if not self._held_back(row)]
        return sorted(free, key=lambda row: (row.lane, row.due_at, row.id))

    def _held_back(self, row: Row) -> bool:
        if row.edits is not None and self.rows[row.edits].state in UNDER_WAY:
            return True
        return any(
            other.recipient == row.recipient
            and other.id < row.id
            and other.lane <= row.lane
            and (
                other.state in {OutgoingState.SENDING, OutgoingState.RETRY}
                or (other.state is OutgoingState.QUEUED and other.due_at <= self.now)
            )
            for other in self.rows.values()
        )

    @rule(
        recipient=st.integers(2, 4),
        lane=st.sampled_from([Lane.URGENT, Lane.ORDINARY, Lane.BULK]),
        kind=st.sampled_from([OutgoingKind.NOTICE, OutgoingKind.REMINDER]),
        delay=st.sampled_from([0, 0, 20, 90]),
        commit=st.booleans(),
        again=st.booleans(),
        edit=st.booleans(),
    )
    def enqueue(
        self, recipient: int, lane: Lane, kind: OutgoingKind, delay: int, commit: bool, again: bool, edit: bool
    ) -> None:
        repeated = again and self.keys > 0
        number = self.keys if repeated else self.keys + 1
        due = self.now + timedelta(seconds=delay)
        edits = next((row.id for row in self.rows.values() if row.recipient == recipient), None) if edit else None
        message = Message(recipient, kind, "x", f"k{number}", lane=lane, due_at=due, edits_id=edits)

        async def run() -> int:
            async with self.database.unit_of_work() as uow:
                assert await enqueue(uow, message) == (0 if repeated else 1)
                if commit:
                    await uow.commit()
                found = await uow.execute(
                    sa.text("SELECT id FROM outgoing WHERE dedupe_key = :key"), {"key": f"k{number}"}
                )
                return int(found.scalar() or 0)

        row_id = self.runner.run(run())
        if commit and not repeated:
            self.keys = number
            self.rows[row_id] = Row(row_id, recipient, lane, kind, due, edits)

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        expected = self._eligible()[:limit]

        async def run() -> list[Claimed]:
            async with self.database.unit_of_work() as uow:
                rows = await claim_due(uow, limit=limit, lease=LEASE)
                await uow.commit()
                return rows

        claimed = self.runner.run(run())
        assert [handle.id for handle in claimed] == [row.id for row in expected]
        for row in expected:
            row.state, row.lease_until, row.attempts = OutgoingState.SENDING, self.now + LEASE, row.attempts + 1
        self.handles += claimed

    @precondition(lambda self: self.handles)
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "failed", "retry", "flood", "untouched", "unknown"]))
    def settle(self, data: st.DataObject, outcome: str) -> None:
        handle = data.draw(st.sampled_from(self.handles))
        row = self.rows[handle.id]
        holds = row.state is OutgoingState.SENDING and row.attempts == handle.attempts
        later = self.now + timedelta(seconds=40)
        how: dict[str, tuple[OutgoingState, dict[str, Any]]] = {
            "sent": (OutgoingState.SENT, {"message_id": 1}),
            "failed": (OutgoingState.FAILED, {"reason": Reason.REFUSED}),
            "retry": (OutgoingState.RETRY, {"reason": Reason.SERVER, "due_at": later}),
            "flood": (OutgoingState.RETRY, {"reason": Reason.FLOOD, "due_at": later, "uncounted": True}),
            "untouched": (OutgoingState.QUEUED, {"uncounted": True}),
            "unknown": (OutgoingState.UNKNOWN, {"reason": Reason.NETWORK}),
        }
        state, fields = how[outcome]

        async def run() -> bool:
            async with self.database.unit_of_work() as uow:
                held = await settle(uow, handle, state, **fields)
                await uow.commit()
                return held

        assert self.runner.run(run()) is holds
        if holds:
            row.state, row.due_at = state, fields.get("due_at", row.due_at)
            row.attempts -= 1 if fields.get("uncounted") else 0

    @rule(seconds=st.sampled_from([1, 25, 31, 60]))
    def let_time_pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def recover(self) -> None:
        dead = [
            row
            for row in self.rows.values()
            if row.state is OutgoingState.SENDING and row.lease_until is not None and row.lease_until < self.now
        ]

        async def run() -> int:
            async with self.database.unit_of_work() as uow:
                found = await recover_expired(uow)
                await uow.commit()
                return found

        assert self.runner.run(run()) == len(dead)
        for row in dead:
            again = row.kind in REPEATED_WHEN_UNKNOWN
            row.state = OutgoingState.RETRY if again else OutgoingState.UNKNOWN
            row.due_at = self.now if again else row.due_at

    @rule(recipient=st.integers(2, 4))
    def drop(self, recipient: int) -> None:
        waiting = [row for row in self.rows.values() if row.recipient == recipient and row.state in WAITING]

        async def run() -> int:
            async with self.database.unit_of_work() as uow:
                found = await drop_waiting(uow, Reason.NO_RIGHT, person_id=recipient)
                await uow.commit()
                return found

        assert self.runner.run(run()) == len(waiting)
        for row in waiting:
            row.state = OutgoingState.DROPPED

    @invariant()
    def the_database_stands_as_the_model(self) -> None:
        async def run() -> dict[int, tuple[str, int, bool]]:
            async with self.database.unit_of_work() as uow:
                found = await uow.execute(sa.text("SELECT id, state, attempts, settled_at IS NOT NULL FROM outgoing"))
                return {row[0]: (row[1], row[2], bool(row[3])) for row in found}

        assert self.runner.run(run()) == {
            row.id: (row.state.value, row.attempts, row.state not in UNDER_WAY) for row in self.rows.values()
        }


@pytest.fixture
async def template(sqlite_database: Database, sqlite_url: str) -> Path:
    """A database with people and an empty queue, to be copied."""
    await generate(sqlite_database, 5)
    await sqlite_database.close()
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.mark.timeout(180)
def test_the_queue_does_what_its_model_does(template: Path) -> None:
    class Machine(QueueMachine):
        pass

    Machine.template = template
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
