"""The queue of outgoing messages: what is claimed, in which order, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import Clock
from bot.domain.outgoing import Lane, OutgoingKind, OutgoingState, Reason
from bot.domain.school import School
from bot.outbox.enqueue import Message, enqueue, refresh_board
from storage.models import Outgoing
from storage.queries.outgoing import (
    Claimed,
    claim_due,
    drop_waiting,
    find_by_key,
    next_due,
    recover_expired,
    settle,
)
from storage.session import Database
from storage.sql import insert_many
from tests.load.school import generate

LEASE = timedelta(seconds=30)
ANNA, BERIT, CECILIE = 2, 3, 4


@pytest.fixture
async def queue(database: Database) -> Database:
    """A database with a teacher and a few guardians, and nothing in the queue."""
    await generate(database, 20)
    return database


def notice(to: int, key: str, **fields: Any) -> Message:
    """Return a message with what a test does not care about filled in."""
    return Message(to, fields.pop("kind", OutgoingKind.NOTICE), "Hei", key, **fields)


async def put(database: Database, *messages: Message) -> int:
    """Enqueue and commit."""
    async with database.unit_of_work() as uow:
        new = await enqueue(uow, *messages)
        await uow.commit()
    return new


async def take(database: Database, limit: int = 40, lease: timedelta = LEASE) -> list[Claimed]:
    """Claim and commit."""
    async with database.unit_of_work() as uow:
        rows = await claim_due(uow, limit=limit, lease=lease)
        await uow.commit()
    return rows


async def finish(database: Database, row: Claimed, state: OutgoingState = OutgoingState.SENT, **how: Any) -> bool:
    """Settle and commit."""
    async with database.unit_of_work() as uow:
        held = await settle(uow, row, state, **how)
        await uow.commit()
    return held


async def recover(database: Database) -> int:
    """Take back what dead senders held."""
    async with database.unit_of_work() as uow:
        found = await recover_expired(uow)
        await uow.commit()
    return found


async def stored(database: Database, key: str) -> Outgoing:
    """Return a row as it stands."""
    async with database.unit_of_work() as uow:
        row = await uow.session.get(Outgoing, await find_by_key(uow, key))
        assert row is not None
        return row


async def keys(database: Database, rows: list[Claimed]) -> list[str]:
    """Return the keys of claimed rows in their order."""
    async with database.unit_of_work() as uow:
        found = await uow.execute(sa.text("SELECT id, dedupe_key FROM outgoing"))
        names = {row[0]: row[1] for row in found}
    return [names[row.id] for row in rows]


async def test_enqueued_twice_is_once_even_in_one_transaction(queue: Database) -> None:
    assert await put(queue, notice(ANNA, "a"), notice(ANNA, "a")) == 1
    assert await put(queue, notice(ANNA, "a"), notice(BERIT, "b")) == 1
    assert len(await take(queue)) == 2


async def test_a_transaction_that_is_not_committed_enqueues_nothing_and_wakes_nobody(queue: Database) -> None:
    woken: list[bool] = []
    queue.on_enqueued = lambda: woken.append(True)
    async with queue.unit_of_work() as uow:
        await enqueue(uow, notice(ANNA, "a"))
    assert await take(queue) == []
    assert woken == []
    await put(queue, notice(ANNA, "a"))
    assert woken == [True]


async def test_urgent_goes_before_ordinary_before_bulk_and_older_before_newer(queue: Database, clock: Clock) -> None:
    now = clock.now()
    await put(
        queue,
        notice(2, "bulk", lane=Lane.BULK, due_at=now - timedelta(hours=1)),
        notice(3, "later", due_at=now - timedelta(seconds=1)),
        notice(4, "earlier", due_at=now - timedelta(seconds=2)),
        notice(5, "urgent", lane=Lane.URGENT),
        notice(6, "tomorrow", lane=Lane.URGENT, due_at=now + timedelta(days=1)),
    )
    assert await keys(queue, await take(queue)) == ["urgent", "earlier", "later", "bulk"]


async def test_one_chat_gets_its_messages_one_after_the_other(queue: Database) -> None:
    await put(queue, notice(ANNA, "first"), notice(ANNA, "second"), notice(BERIT, "hers"))
    rows = await take(queue)
    assert await keys(queue, rows) == ["first", "hers"]
    assert await take(queue) == []
    await finish(queue, rows[0])
    assert await keys(queue, await take(queue)) == ["second"]


async def test_a_message_that_waits_for_its_next_try_holds_back_the_later_ones_of_its_chat_only(
    queue: Database, clock: Clock
) -> None:
    await put(queue, notice(ANNA, "first"), notice(ANNA, "second"))
    (first,) = await take(queue)
    await finish(queue, first, OutgoingState.RETRY, reason=Reason.SERVER, due_at=clock.now() + timedelta(minutes=5))
    await put(queue, notice(BERIT, "hers"), notice(ANNA, "fire", lane=Lane.URGENT))
    assert await keys(queue, await take(queue)) == ["fire", "hers"]
    clock.forward(timedelta(minutes=6))
    again = await take(queue)
    assert await keys(queue, again) == ["first"]
    assert again[0].attempts == 2


@pytest.mark.parametrize("tie", ["edits_id", "replies_to_id"])
async def test_a_correction_or_a_reply_never_overtakes_the_message_it_belongs_to(queue: Database, tie: str) -> None:
    await put(queue, notice(ANNA, "notice", lane=Lane.BULK))
    original = await stored(queue, "notice")
    await put(queue, notice(ANNA, "after", lane=Lane.URGENT, **{tie: original.id}))
    rows = await take(queue)
    assert await keys(queue, rows) == ["notice"]
    assert await take(queue) == []
    await finish(queue, rows[0], message_id=77)
    (after,) = await take(queue)
    assert (after.edit_target, after.reply_target) == (((77, False), None) if tie == "edits_id" else (None, 77))


async def test_rows_of_a_sender_that_died_come_back_and_a_reminder_does_not(queue: Database, clock: Clock) -> None:
    await put(queue, notice(ANNA, "notice"), notice(BERIT, "reminder", kind=OutgoingKind.REMINDER))
    await take(queue)
    assert await recover(queue) == 0
    clock.forward(LEASE + timedelta(seconds=1))
    assert await recover(queue) == 2
    lost = await stored(queue, "reminder")
    assert (lost.state, lost.reason) == (OutgoingState.UNKNOWN, Reason.LEASE_LOST)
    assert lost.settled_at is not None
    assert await keys(queue, await take(queue)) == ["notice"]


async def test_a_sender_that_lost_its_lease_cannot_settle_what_another_one_holds(queue: Database, clock: Clock) -> None:
    await put(queue, notice(ANNA, "notice"))
    (slow,) = await take(queue)
    clock.forward(LEASE + timedelta(seconds=1))
    await recover(queue)
    assert not await finish(queue, slow, OutgoingState.FAILED, reason=Reason.REFUSED)
    (fast,) = await take(queue)
    assert not await finish(queue, slow, OutgoingState.FAILED, reason=Reason.REFUSED)
    assert await finish(queue, fast, message_id=5)
    assert not await finish(queue, slow, message_id=6)
    row = await stored(queue, "notice")
    assert (row.state, row.message_id, row.attempts) == (OutgoingState.SENT, 5, 2)


async def test_a_try_that_was_nobodys_failure_is_not_counted(queue: Database, clock: Clock) -> None:
    await put(queue, notice(ANNA, "notice"))
    for _ in range(12):
        (row,) = await take(queue)
        assert row.attempts == 1
        await finish(queue, row, OutgoingState.RETRY, reason=Reason.FLOOD, due_at=clock.now() + LEASE, uncounted=True)
        clock.forward(LEASE)


async def test_what_waits_can_be_dropped_and_what_has_left_cannot(queue: Database) -> None:
    await put(queue, notice(ANNA, "leaving", about="notice", about_id=1))
    (row,) = await take(queue)
    await put(
        queue,
        notice(ANNA, "hers", about="notice", about_id=1),
        notice(BERIT, "same", about="notice", about_id=1),
        notice(ANNA, "other", about="notice", about_id=2),
    )
    async with queue.unit_of_work() as uow:
        assert await drop_waiting(uow, Reason.CANCELLED, about="notice", about_id=1, person_id=ANNA) == 1
        assert await drop_waiting(uow, Reason.CANCELLED, about="notice", about_id=1) == 1
        await uow.commit()
    assert await finish(queue, row)
    assert (await stored(queue, "leaving")).state is OutgoingState.SENT
    assert await keys(queue, await take(queue)) == ["other"]


async def test_the_next_due_moment_looks_past_rows_that_wait_for_another_one(queue: Database, clock: Clock) -> None:
    """Otherwise a sender would ask again and again for what cannot go yet."""
    later = clock.now() + timedelta(minutes=5)
    await put(queue, notice(ANNA, "first"), notice(ANNA, "second"))
    (first,) = await take(queue)
    await finish(queue, first, OutgoingState.RETRY, reason=Reason.SERVER, due_at=later)
    async with queue.unit_of_work() as uow:
        assert await next_due(uow) == later


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        seen.append((statement, parameters))

    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_claiming_reads_the_rows_under_way_and_not_the_school_years_history(sqlite_database: Database) -> None:
    await generate(sqlite_database, 20)
    with _statements(sqlite_database) as seen:
        await take(sqlite_database)
        await recover(sqlite_database)
        async with sqlite_database.unit_of_work() as uow:
            await next_due(uow)
    about_queue = [(sql, values) for sql, values in seen if "outgoing" in sql]
    assert len(about_queue) == 4
    async with sqlite_database.engine.connect() as connection:
        for sql, values in about_queue:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            steps = [str(row[-1]) for row in plan]
            scans = [step for step in steps if step.startswith("SCAN outgoing")]
            assert all("USING INDEX" in step for step in scans), steps
            assert any("ix_outgoing" in step for step in steps), steps


async def _fill(database: Database, homes: int, each: int) -> None:
    async with database.unit_of_work() as uow:
        rows = [
            {
                "recipient_id": home, "lane": int(Lane.BULK), "kind": OutgoingKind.NOTICE, "payload": {"text": "x"},
                "dedupe_key": f"{home}:{number}", "about": "", "about_id": 0, "edits_id": None, "replies_to_id": None,
                "state": OutgoingState.QUEUED, "attempts": 0, "created_at": uow.now, "due_at": uow.now,
            }
            for number in range(each) for home in range(2, homes + 2)
        ]  # fmt: skip
        await insert_many(uow, Outgoing, rows)
        await uow.commit()


@pytest.fixture
async def two_senders(
    fresh_postgres_url: str, clock: Clock, school: School
) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' views of one PostgreSQL database."""
    pair = tuple(Database(fresh_postgres_url, now=clock.now, school=school, pool_size=3) for _ in range(2))
    await generate(pair[0], 50)
    yield pair[0], pair[1]
    for database in pair:
        await database.close()


@pytest.mark.postgres
async def test_two_senders_never_hold_the_same_row_nor_two_rows_of_one_chat(
    two_senders: tuple[Database, Database],
) -> None:
    await _fill(two_senders[0], homes=50, each=4)
    held: dict[int, int] = {}
    order: dict[int, list[int]] = {}
    shares = [0, 0]

    async def sender(number: int) -> None:
        database = two_senders[number]
        while rows := await take(database, limit=7):
            for row in rows:
                assert row.id not in held.values(), "claimed twice"
                assert row.recipient_id not in held, "two of one chat at once"
                held[row.recipient_id] = row.id
                order.setdefault(row.recipient_id, []).append(row.id)
                shares[number] += 1
            await asyncio.sleep(0)
            for row in rows:
                del held[row.recipient_id]
                assert await finish(database, row)

    while sum(shares) < 200:
        await asyncio.gather(sender(0), sender(1))
    assert all(ids == sorted(ids) for ids in order.values())
    assert sum(shares) == 200
    assert min(shares) > 0


async def _ask(database: Database, board: int, due: datetime) -> None:
    async with database.unit_of_work() as uow:
        await refresh_board(uow, recipient_id=1, edits_id=board, notice_id=1, due_at=due)
        await uow.commit()


async def _open_board(database: Database) -> int:
    await put(database, notice(1, "board", kind=OutgoingKind.REPORT))
    (row,) = await take(database)
    await finish(database, row, message_id=9)
    return row.id


async def _board_rows(database: Database) -> list[str]:
    async with database.unit_of_work() as uow:
        return list(
            (await uow.execute(sa.text("SELECT state FROM outgoing WHERE kind = 'board' ORDER BY id"))).scalars()
        )


async def test_many_answers_ask_for_one_drawing_and_one_after_it_began_asks_for_another(
    queue: Database, clock: Clock
) -> None:
    board = await _open_board(queue)
    for _ in range(50):
        await _ask(queue, board, clock.now())
    assert await _board_rows(queue) == ["queued"]
    (drawing,) = await take(queue)
    for _ in range(50):
        await _ask(queue, board, clock.now())
    assert await _board_rows(queue) == ["sending", "queued"]
    assert await take(queue) == []
    await finish(queue, drawing)
    assert len(await take(queue)) == 1


@pytest.mark.postgres
async def test_a_drawing_never_begins_without_an_answer_whose_ask_it_takes_for_its_own(
    two_senders: tuple[Database, Database], clock: Clock
) -> None:
    """The ask holds its row until the answer is committed: a claim in between must pass by it."""
    answering, sending = two_senders
    board = await _open_board(sending)
    await _ask(sending, board, clock.now())
    async with answering.unit_of_work() as uow:
        await refresh_board(uow, recipient_id=1, edits_id=board, notice_id=1, due_at=clock.now())
        assert await take(sending) == []
        await uow.commit()
    async with sending.unit_of_work() as uow:
        assert len(await claim_due(uow, limit=5, lease=LEASE)) == 1
        asking = asyncio.ensure_future(_ask(answering, board, clock.now()))
        await uow.commit()
    await asking
    assert await _board_rows(sending) == ["sending", "queued"]
