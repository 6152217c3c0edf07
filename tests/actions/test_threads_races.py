"""Two people at the very same time leave a conversation whole (B1–B5), on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.actions.threads import GoneOut, NobodyReads, Said, call_me, deliver, have_called, reply, speak, wish_time
from bot.actions.threads.close import close_thread
from bot.actions.threads.edit import edit_message
from bot.actions.threads.hand import hand_back, hand_over
from bot.actions.threads.overdue import surface_due
from bot.actions.threads.take_back import take_back
from bot.clock import Clock
from bot.domain.errors import DomainError
from bot.domain.outgoing import OutgoingState
from bot.domain.people import Actor
from bot.domain.threads import CallWish, ThreadKind
from storage.queries.outgoing import claim_due, settle
from storage.queries.threads import open_thread
from storage.session import Database, UnitOfWork
from tests.actions.steps import come_in, rows
from tests.scenarios.world import OSLO

Act = Callable[[UnitOfWork], Awaitable[object]]


async def do(database: Database, act: Act) -> object:
    """Do one thing in a transaction of its own; return what came of it, or the refusal."""
    async with database.unit_of_work() as uow:
        try:
            return await act(uow)
        except DomainError as refused:
            return refused


async def at_once(database: Database, *acts: Act) -> list[object]:
    """Do several things at the same moment."""
    return list(await asyncio.gather(*(do(database, act) for act in acts)))


async def send(database: Database) -> int:
    """Let what is due leave, as a sender does; return how many rows were permitted."""
    async with database.unit_of_work() as uow:
        claimed = await claim_due(uow, limit=50, lease=timedelta(seconds=30))
        for row in claimed:
            await settle(uow, row, OutgoingState.SENT, message_id=row.id)
        await uow.commit()
    return len(claimed)


async def said(database: Database, home: Actor, text: str = "Hei", chat: int = 7) -> tuple[int, int]:
    """Let a home just write; return the conversation and the message."""
    async with database.unit_of_work() as uow:
        spoken = await speak(uow, home, text, chat_message_id=chat)
    assert spoken.receipt is not None
    return spoken.receipt.thread_id, spoken.receipt.message_id


async def people(database: Database) -> tuple[Actor, Actor, Actor]:
    home, kari, marit = [await come_in(database, name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund")]
    return home, kari, marit


async def copies(database: Database, message: int) -> list[str]:
    """Return the states of the rows that bring a message to its readers."""
    found = await rows(
        database, "SELECT state FROM outgoing WHERE dedupe_key LIKE :k ORDER BY id", k=f"thread:{message}:%"
    )
    return [row[0] for row in found]


async def test_two_first_messages_at_once_are_one_conversation(example_school: Database) -> None:
    home, *_ = await people(example_school)
    done = await at_once(
        example_school,
        *[lambda uow, n=n: speak(uow, home, f"melding {n}") for n in range(4)],
    )
    assert not [one for one in done if isinstance(one, DomainError)]
    assert await rows(example_school, "SELECT count(*) FROM thread") == [(1,)]
    assert await rows(example_school, "SELECT count(*) FROM thread_message") == [(4,)]
    assert await rows(example_school, "SELECT waits_since IS NOT NULL FROM thread") == [(1,)]


async def test_two_kinds_of_conversation_about_a_child_are_two(example_school: Database) -> None:
    home, *_ = await people(example_school)
    async with example_school.unit_of_work() as uow:
        child = min(home.children)
        opened = {await open_thread(uow, home.person_id, child, kind) for kind in (*ThreadKind, *ThreadKind)}
        await uow.commit()
    assert len(opened) == 2


async def test_two_answers_at_once_both_arrive_and_nobody_waits(example_school: Database) -> None:
    home, kari, marit = await people(example_school)
    thread, _ = await said(example_school, home)
    done = await at_once(
        example_school,
        lambda uow: reply(uow, kari, thread, "Svar fra Kari"),
        lambda uow: reply(uow, marit, thread, "Svar fra Marit"),
    )
    assert not [one for one in done if isinstance(one, DomainError)]
    assert await rows(example_school, "SELECT waits_since, teacher_due, leader_due FROM thread") == [(None,) * 3]
    told = await rows(
        example_school,
        "SELECT recipient_id FROM outgoing WHERE dedupe_key LIKE 'thread-answered:%'",
    )
    assert len(told) <= 1, "whoever was first is told of to the other, once"


async def test_taken_back_or_sent_but_never_both(example_school: Database, clock: Clock) -> None:
    home, *_ = await people(example_school)
    for _ in range(6):
        _, message = await said(example_school, home)
        clock.forward(timedelta(seconds=25))
        taken, _ = await asyncio.gather(
            do(example_school, lambda uow, m=message: take_back(uow, home, m)),  # type: ignore[misc]
            send(example_school),
        )
        [(gone,)] = await rows(
            example_school, "SELECT taken_back_at IS NOT NULL FROM thread_message WHERE id = :m", m=message
        )
        states = await copies(example_school, message)
        if isinstance(taken, GoneOut):
            assert not gone
            assert states == ["sent"]
        else:
            assert gone
            states = [row[0] for row in await rows(
                example_school, "SELECT state FROM outgoing WHERE about = 'thread' AND state = 'sent'"
                " AND dedupe_key LIKE :k", k=f"thread:{message}:%",
            )]  # fmt: skip
            assert states == []


async def test_an_answer_and_an_end_at_once_leave_it_open_or_closed_and_nobody_waiting(
    example_school: Database,
) -> None:
    home, kari, _ = await people(example_school)
    thread, _ = await said(example_school, home)
    await at_once(
        example_school,
        lambda uow: reply(uow, kari, thread, "Svar"),
        lambda uow: close_thread(uow, home, thread),
    )
    [(waits,)] = await rows(example_school, "SELECT waits_since FROM thread")
    assert waits is None
    assert len(await rows(example_school, "SELECT id FROM thread_message")) == 2


async def test_handed_over_twice_at_once_it_is_handed_over_once(example_school: Database) -> None:
    home, kari, marit = await people(example_school)
    thread, _ = await said(example_school, home)
    done = await at_once(example_school, *[lambda uow: hand_over(uow, kari, thread)] * 3)
    assert sum(one is None for one in done) == 1
    assert await rows(example_school, "SELECT count(*) FROM thread_message WHERE kind = 'handed_over'") == [(1,)]
    await at_once(example_school, *[lambda uow: hand_back(uow, marit, thread)] * 3)
    assert await rows(example_school, "SELECT count(*) FROM thread_message WHERE kind = 'handed_back'") == [(1,)]


async def test_an_answer_and_a_hand_over_at_once_never_let_the_teacher_write_behind_it(
    example_school: Database,
) -> None:
    home, kari, marit = await people(example_school)
    nina = await come_in(example_school, "Nina Sørli")
    thread, _ = await said(example_school, home)
    await at_once(
        example_school,
        lambda uow: hand_over(uow, kari, thread),
        lambda uow: reply(uow, nina, thread, "Samtidig"),
        lambda uow: reply(uow, marit, thread, "Fra ledelsen"),
    )
    kinds = await rows(example_school, "SELECT author_id, kind FROM thread_message ORDER BY id")
    handed = kinds.index((kari.person_id, "handed_over"))
    assert (nina.person_id, "text") not in kinds[handed:]


async def test_what_waits_in_the_night_goes_to_whoever_has_it_in_the_morning(
    example_school: Database, clock: Clock
) -> None:
    home, kari, marit = await people(example_school)
    clock.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=OSLO))
    thread, message = await said(example_school, home)

    async def waits_for() -> set[int]:
        found = await rows(
            example_school,
            "SELECT recipient_id FROM outgoing WHERE state = 'queued' AND dedupe_key LIKE :k",
            k=f"thread:{message}:%",
        )
        return {row[0] for row in found}

    assert await waits_for() == {kari.person_id}
    await do(example_school, lambda uow: hand_over(uow, kari, thread))
    assert await waits_for() == {marit.person_id}
    await do(example_school, lambda uow: hand_back(uow, marit, thread))
    assert await waits_for() == {kari.person_id}


async def test_two_ticks_at_once_tell_everybody_once(example_school: Database, clock: Clock) -> None:
    home, kari, marit = await people(example_school)
    await said(example_school, home)
    clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=OSLO))
    await at_once(example_school, surface_due, surface_due, surface_due)
    digests = "SELECT recipient_id FROM outgoing WHERE about = 'threads'"
    assert await rows(example_school, digests) == [(kari.person_id,)]
    clock.move_to(datetime(2026, 11, 26, 8, 0, tzinfo=OSLO))
    await at_once(example_school, surface_due, surface_due)
    assert sorted(await rows(example_school, digests)) == sorted([(kari.person_id,), (marit.person_id,)])


async def test_an_answer_at_the_moment_of_the_tick_is_not_told_as_missing_later(
    example_school: Database, clock: Clock
) -> None:
    home, kari, _ = await people(example_school)
    thread, _ = await said(example_school, home)
    clock.move_to(datetime(2026, 11, 24, 8, 0, tzinfo=OSLO))
    await at_once(example_school, surface_due, lambda uow: reply(uow, kari, thread, "Svar"))
    assert await rows(example_school, "SELECT teacher_due, leader_due, waits_since FROM thread") == [(None,) * 3]


async def test_two_wishes_and_a_call_at_once_leave_one_request(example_school: Database) -> None:
    home, kari, _ = await people(example_school)
    async with example_school.unit_of_work() as uow:
        receipt = await call_me(uow, home, min(home.children))
    await at_once(
        example_school,
        lambda uow: wish_time(uow, home, receipt.message_id, CallWish.MORNING),
        lambda uow: wish_time(uow, home, receipt.message_id, CallWish.MIDDAY),
        lambda uow: have_called(uow, kari, receipt.thread_id),
        lambda uow: have_called(uow, kari, receipt.thread_id),
    )
    assert await rows(example_school, "SELECT count(*) FROM thread_message WHERE kind = 'called'") == [(1,)]
    assert await rows(example_school, "SELECT waits_since FROM thread") == [(None,)]


async def test_an_edit_and_the_sender_at_once_leave_the_new_words(example_school: Database, clock: Clock) -> None:
    home, *_ = await people(example_school)
    for number in range(5):
        _, message = await said(example_school, home, f"gammelt {number}", chat=100 + number)
        clock.forward(timedelta(seconds=25))
        await asyncio.gather(
            do(example_school, lambda uow, n=number: edit_message(uow, home, 100 + n, f"nytt {n}")),  # type: ignore[misc]
            send(example_school),
        )
        assert await rows(example_school, "SELECT text, version FROM thread_message WHERE id = :m", m=message) == [
            (f"nytt {number}", 2)
        ]
        edits = await rows(
            example_school, "SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'thread-edit:%'"
            " AND edits_id IN (SELECT id FROM outgoing WHERE dedupe_key LIKE :k)", k=f"thread:{message}:%",
        )  # fmt: skip
        assert edits[0][0] <= 1
        await send(example_school)


async def test_without_anybody_who_reads_nothing_is_stored(example_school: Database) -> None:
    home = await come_in(example_school, "Ingrid Berg")
    async with example_school.unit_of_work() as uow:
        opened = await open_thread(uow, home.person_id, min(home.children))
        with pytest.raises(NobodyReads):
            await deliver(uow, home, opened, Said("Hallo?"))
    assert await rows(example_school, "SELECT count(*) FROM thread_message") == [(0,)]
