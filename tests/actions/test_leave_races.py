"""Two people at the very same time decide once, ask once and leave nothing half done (A3), on both databases."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.actions.leave import ask as asking
from bot.actions.leave.decide import Decision, decide, remind_undecided
from bot.clock import Clock
from bot.domain.absence import AbsenceDraft
from bot.domain.errors import DomainError, NotPermitted, Stale
from bot.domain.leave import LeaveOverlaps, LeaveState, ReadyRefusal
from bot.domain.people import Actor
from storage.queries.dialogue import ask
from storage.queries.people import find_actor_by_person
from storage.session import Database
from tests.actions.steps import come_in, rows

FIRST, LAST = date(2026, 12, 14), date(2026, 12, 18)


def draft_of(actor: Actor, first: date = FIRST, last: date = LAST) -> AbsenceDraft:
    return AbsenceDraft(tuple(sorted(actor.children))).with_days(first, last)


async def write_why(database: Database, actor: Actor, draft: AbsenceDraft) -> None:
    """Bring a request to where one tap sends it."""
    async with database.unit_of_work() as uow:
        await ask(uow, actor.person_id, asking.EXPECT_REVIEW, 0, draft=draft.encode(), why="Reise")
        await uow.commit()


async def send(database: Database, actor: Actor, draft: AbsenceDraft) -> int:
    """Tap "Send"; return the first request's id."""
    async with database.unit_of_work() as uow:
        _, views = await asking.send_leave(uow, actor, draft)
    return views[0].row.id


async def asked(database: Database, home: Actor, first: date = FIRST, last: date = LAST) -> int:
    draft = draft_of(home, first, last)
    await write_why(database, home, draft)
    return await send(database, home, draft)


async def answer(database: Database, actor: Actor, request: int, state: LeaveState) -> Decision:
    ready = ReadyRefusal.TESTS if state is LeaveState.REFUSED else None
    async with database.unit_of_work() as uow:
        return await decide(uow, actor, request, state, ready=ready)


async def test_of_two_who_decide_at_once_the_first_one_counts(example_school: Database) -> None:
    marit, geir, ingrid = [await come_in(example_school, n) for n in ("Marit Lund", "Geir Moen", "Ingrid Berg")]
    request = await asked(example_school, ingrid)
    decisions = await asyncio.gather(
        answer(example_school, marit, request, LeaveState.GRANTED),
        answer(example_school, geir, request, LeaveState.REFUSED),
        answer(example_school, marit, request, LeaveState.GRANTED),
    )
    assert sum(one.counted for one in decisions) == 1
    assert len({(one.view.row.state, one.view.decider) for one in decisions}) == 1, "all see the same"
    [(state, version)] = await rows(example_school, "SELECT state, version FROM leave_request")
    assert version == 2
    [(days,)] = await rows(example_school, "SELECT count(*) FROM absence WHERE state = 'active'")
    assert days == (5 if state == "granted" else 0)
    told = "SELECT count(*) FROM outgoing WHERE about = 'leave' AND recipient_id = :p AND payload LIKE '%Noah%'"
    if not example_school.is_sqlite:
        told = told.replace("payload LIKE", "payload::text LIKE")
    assert await rows(example_school, told, p=ingrid.person_id) == [(1,)], "the home hears one answer"


async def test_two_taps_at_once_send_one_request(example_school: Database) -> None:
    await come_in(example_school, "Marit Lund")
    ingrid = await come_in(example_school, "Ingrid Berg")
    draft = draft_of(ingrid)
    await write_why(example_school, ingrid, draft)
    results = await asyncio.gather(*(send(example_school, ingrid, draft) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in results) == 1
    assert all(isinstance(one, int | Stale | LeaveOverlaps) for one in results)
    assert await rows(example_school, "SELECT count(*) FROM leave_request") == [(1,)]


async def test_two_guardians_at_once_make_one_request_for_the_same_days(example_school: Database) -> None:
    await come_in(example_school, "Marit Lund")
    piotr, anna = [await come_in(example_school, name) for name in ("Piotr Kowalski", "Anna Kowalska")]
    for guardian in (piotr, anna):
        await write_why(example_school, guardian, draft_of(guardian))
    results = await asyncio.gather(
        *(send(example_school, guardian, draft_of(guardian)) for guardian in (piotr, anna)), return_exceptions=True
    )
    assert sum(isinstance(one, LeaveOverlaps) for one in results) == 1
    assert await rows(example_school, "SELECT count(*), count(DISTINCT asked_by) FROM leave_request") == [(2, 1)]


async def test_granting_and_taking_back_at_once_agree_in_the_end(example_school: Database) -> None:
    marit, ingrid = [await come_in(example_school, name) for name in ("Marit Lund", "Ingrid Berg")]
    request = await asked(example_school, ingrid)

    async def take_back() -> None:
        async with example_school.unit_of_work() as uow:
            await asking.withdraw_leave(uow, ingrid, request)

    await asyncio.gather(answer(example_school, marit, request, LeaveState.GRANTED), take_back())
    assert await rows(example_school, "SELECT state FROM leave_request") == [("withdrawn",)]
    assert await rows(example_school, "SELECT count(*) FROM absence WHERE state = 'active'") == [(0,)]


async def test_two_replicas_remind_once(example_school: Database, clock: Clock) -> None:
    marit, ingrid = [await come_in(example_school, name) for name in ("Marit Lund", "Ingrid Berg")]
    await asked(example_school, ingrid)
    clock.forward(timedelta(days=2))

    async def tick() -> int:
        async with example_school.unit_of_work() as uow:
            return await remind_undecided(uow)

    assert sum(await asyncio.gather(tick(), tick(), tick())) == 1
    count = "SELECT count(*) FROM outgoing WHERE about = 'leave_ask' AND recipient_id = :p"
    assert await rows(example_school, count, p=marit.person_id) == [(2,)]


async def test_a_parent_who_works_at_the_school_does_not_decide_on_the_own_child(example_school: Database) -> None:
    marit, geir, ingrid = [await come_in(example_school, n) for n in ("Marit Lund", "Geir Moen", "Ingrid Berg")]
    async with example_school.unit_of_work() as uow:
        await uow.change(
            sa.text(
                "INSERT INTO guardianship (pupil_id, person_id, relation, blocked)"
                f" SELECT id, {marit.person_id}, 'mother', false FROM pupil WHERE name = 'Noah Berg'"
            )
        )
        await uow.commit()
        principal = await find_actor_by_person(uow, marit.person_id)
    assert principal is not None
    request = await asked(example_school, ingrid)
    asks = await rows(example_school, "SELECT recipient_id FROM outgoing WHERE about = 'leave_ask'")
    assert asks == [(geir.person_id,)]
    with pytest.raises(NotPermitted):
        await answer(example_school, principal, request, LeaveState.GRANTED)
    assert (await answer(example_school, geir, request, LeaveState.GRANTED)).counted


async def test_what_was_noted_on_days_that_are_over_becomes_leave_only_where_the_pupil_was_absent(
    example_school: Database, clock: Clock
) -> None:
    marit, ingrid = [await come_in(example_school, name) for name in ("Marit Lund", "Ingrid Berg")]
    [noah] = ingrid.children
    request = await asked(example_school, ingrid, date(2026, 11, 24), date(2026, 11, 27))
    clock.forward(timedelta(days=2))  # Wednesday
    async with example_school.unit_of_work() as uow:
        await uow.change(
            sa.text(
                "INSERT INTO absence (pupil_id, day, kind, reason, source, state, version, reported_at, changed_at)"
                f" VALUES ({noah}, '2026-11-24', 'absent', 'unknown', 'school', 'active', 1,"
                " '2026-11-24 08:00:00', '2026-11-24 08:00:00'),"
                f" ({noah}, '2026-11-25', 'late', 'other', 'home', 'active', 1,"
                " '2026-11-25 08:00:00', '2026-11-25 08:00:00')"
            )
        )
        await uow.commit()
    await answer(example_school, marit, request, LeaveState.GRANTED)
    stored = await rows(example_school, "SELECT day, kind, reason FROM absence ORDER BY day")
    assert [(str(day), kind, reason) for day, kind, reason in stored] == [
        ("2026-11-24", "absent", "leave"),
        ("2026-11-25", "late", "other"),
        ("2026-11-26", "absent", "leave"),
        ("2026-11-27", "absent", "leave"),
    ]


async def test_ids_that_no_table_holds_read_like_anybody_elses(example_school: Database) -> None:
    marit, ingrid = [await come_in(example_school, name) for name in ("Marit Lund", "Ingrid Berg")]
    for number in (2**31 - 1, -1, 0):
        async with example_school.unit_of_work() as uow:
            for attempt in (
                decide(uow, marit, number, LeaveState.GRANTED),
                asking.show_own(uow, ingrid, number),
                asking.withdraw_leave(uow, ingrid, number),
                asking.ask_day(uow, ingrid, AbsenceDraft((number,)), end=False),
                asking.ask_why(uow, ingrid, AbsenceDraft((number,)).with_days(FIRST, LAST)),
            ):
                with pytest.raises(NotPermitted):
                    await attempt


@pytest.mark.parametrize("last", [date(2999, 12, 31), date(2026, 12, 1)])
async def test_made_up_days_are_refused_quickly(example_school: Database, last: date) -> None:
    ingrid = await come_in(example_school, "Ingrid Berg")
    async with example_school.unit_of_work() as uow:
        for end, week in ((True, None), (True, 57), (False, 10_000)):
            await asking.ask_day(uow, ingrid, draft_of(ingrid, date(2026, 12, 2), last), end=end, week=week)
        with pytest.raises(DomainError):
            await asking.ask_why(uow, ingrid, draft_of(ingrid, date(2026, 12, 2), last))
