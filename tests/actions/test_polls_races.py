"""Answers at the very same time are counted once each, and nothing stored tells whose an anonymous one was (N13).

On both databases.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.polls import answer, ask, board, close, compose
from bot.actions.reminders.fire import fire_due
from bot.clock import Clock
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from bot.domain.polls import AlreadyCounted, PollClosed, PollKind
from storage.models import metadata
from storage.queries.dialogue import OpenQuestion
from storage.queries.polls import count_ballots, count_votes
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.conftest import import_example

PARENTS = ["Ingrid Berg", "Lars Berg", "James Miller", "Piotr Kowalski", "Anna Kowalska", "Amina Haddad"]


async def ask_class(database: Database, author: Actor, *, named: bool = False) -> int:
    """Ask 5A whether they agree; return the poll's id."""
    async with database.unit_of_work() as uow:
        view = await compose.start_poll(uow, author, PollKind.POLL)
    for name, text in (("question", "Skal vi?"), ("options", "Ja takk"), ("options", "Nei takk")):
        async with database.unit_of_work() as uow:
            view = await compose.take_text(uow, author, OpenQuestion(f"poll.{name}", view.id, {}), text)
    async with database.unit_of_work() as uow:
        view = await compose.pick_day(uow, author, view.id, view.version, date(2026, 11, 27).isoformat())
    if named:
        async with database.unit_of_work() as uow:
            view = await compose.toggle_names(uow, author, view.id, view.version)
    async with database.unit_of_work() as uow:
        await ask.ask_homes(uow, author, view.id, view.version)
    return view.id


async def ballot_of(database: Database, actor: Actor) -> int:
    [(found,)] = await rows(database, "SELECT id FROM ballot WHERE person_id = :p", p=actor.person_id)
    return int(found)


async def vote(database: Database, actor: Actor, choice: int) -> bool:
    """Tap "Yes, count it"; return whether it was counted."""
    ballot = await ballot_of(database, actor)
    async with database.unit_of_work() as uow:
        try:
            return (await answer.vote(uow, actor, ballot, choice, sure=True))[1]
        except (AlreadyCounted, PollClosed):
            return False


async def tally(database: Database) -> list[int]:
    return [row[0] for row in await rows(database, "SELECT votes FROM poll_tally ORDER BY choice")]


async def test_two_taps_at_once_are_one_voice(example_school: Database) -> None:
    kari, ingrid = [await come_in(example_school, name) for name in ("Kari Nordmann", "Ingrid Berg")]
    await ask_class(example_school, kari)
    counted = await asyncio.gather(*(vote(example_school, ingrid, n % 2) for n in range(4)))
    assert sum(counted) == 1
    assert sum(await tally(example_school)) == 1


async def test_many_guardians_at_once_are_all_counted(example_school: Database) -> None:
    kari, *homes = [await come_in(example_school, name) for name in ("Kari Nordmann", *PARENTS)]
    await ask_class(example_school, kari)
    counted = await asyncio.gather(*(vote(example_school, home, n % 2) for n, home in enumerate(homes)))
    assert all(counted)
    assert await tally(example_school) == [3, 3]
    assert await rows(example_school, "SELECT count(*) FROM ballot WHERE answered AND choice IS NULL") == [(6,)]


async def test_closing_and_answering_at_once_agree_with_the_result(example_school: Database, clock: Clock) -> None:
    kari, *homes = [await come_in(example_school, name) for name in ("Kari Nordmann", *PARENTS)]
    poll = await ask_class(example_school, kari)

    async def close_now() -> None:
        async with example_school.unit_of_work() as uow:
            await close.close_early(uow, kari, poll)

    *counted, _, _ = await asyncio.gather(*(vote(example_school, home, 0) for home in homes), close_now(), close_now())
    assert (await tally(example_school))[0] == sum(map(bool, counted))
    payload = "payload::text" if not example_school.is_sqlite else "payload"
    told = await rows(example_school, f"SELECT DISTINCT {payload} FROM outgoing WHERE dedupe_key LIKE 'poll-result:%'")
    if sum(map(bool, counted)) >= 5:
        assert all(f"<b>{sum(map(bool, counted))}</b>" in text for (text,) in told)
    results = await rows(example_school, "SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'poll-result:%'")
    assert results == [(len(homes),)], "everybody asked who is here, once"


async def test_replicas_close_a_question_once(example_school: Database, clock: Clock) -> None:
    kari, ingrid = [await come_in(example_school, name) for name in ("Kari Nordmann", "Ingrid Berg")]
    await ask_class(example_school, kari)
    clock.forward(timedelta(days=4, hours=9))  # Friday, 19:00

    async def tick() -> int:
        async with example_school.unit_of_work() as uow:
            return (await close.close_due(uow)).done

    assert not await vote(example_school, ingrid, 0), "its time is over before the clock has looked"
    assert sum(await asyncio.gather(tick(), tick(), tick())) == 1
    assert await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'poll.close'") == [(1,)]
    assert await tally(example_school) == [0, 0]


async def test_asking_twice_at_once_asks_once(example_school: Database) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    async with example_school.unit_of_work() as uow:
        view = await compose.start_poll(uow, kari, PollKind.POLL)
    for name, text in (("question", "Skal vi?"), ("options", "A"), ("options", "B"), ("day", "27.11")):
        async with example_school.unit_of_work() as uow:
            view = await compose.take_text(uow, kari, OpenQuestion(f"poll.{name}", view.id, {}), text)

    async def tap() -> None:
        async with example_school.unit_of_work() as uow:
            await ask.ask_homes(uow, kari, view.id, view.version)

    results = await asyncio.gather(tap(), tap(), tap(), return_exceptions=True)
    assert sum(one is None for one in results) == 1
    assert all(one is None or isinstance(one, DomainError) for one in results)
    people = await rows(example_school, "SELECT person_id FROM ballot")
    assert max(Counter(people).values()) == 1


async def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that is stored, in the order of the rows' numbers."""
    async with database.unit_of_work() as uow:
        return {
            table.name: [
                tuple(map(repr, row))
                for row in await uow.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


async def test_nothing_stored_depends_on_who_chose_what_or_on_their_order(
    example_school: Database,
) -> None:
    kari, *homes = [await come_in(example_school, name) for name in ("Kari Nordmann", *PARENTS)]
    await ask_class(example_school, kari)
    begun = await everything(example_school)
    start = example_school.now()

    async def story(order: Sequence[int], choices: Sequence[int]) -> dict[str, list[tuple[Any, ...]]]:
        for minute, (n, choice) in enumerate(zip(order, choices, strict=True)):
            moment = start + timedelta(minutes=minute)
            example_school.now = lambda: moment  # noqa: B023  (asked before the next one)
            assert await vote(example_school, homes[n], choice)
        found = await everything(example_school)
        async with example_school.unit_of_work() as uow:  # back to before anybody answered
            await uow.change(sa.text("UPDATE ballot SET answered = false"))
            await uow.change(sa.text("UPDATE poll_tally SET votes = 0"))
            await uow.change(sa.text("DELETE FROM outgoing WHERE kind = 'poll_board'"))
            await uow.commit()
        return found

    def known(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
        """Leave out the number of the author's redrawing, which the database draws anew in each story."""
        cut = {**found}
        cut["outgoing"] = [row[1:] for row in found["outgoing"]]
        return cut

    first = known(await story([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 1, 1]))
    assert known(await story([5, 4, 3, 2, 1, 0], [1, 0, 1, 0, 0, 0])) == first
    assert known(await story([2, 0, 5, 1, 3, 4], [0, 1, 0, 0, 1, 0])) == first
    changed = {name for name, stored in first.items() if stored != known(begun)[name]}
    assert changed == {"ballot", "poll_tally", "outgoing"}
    assert first["audit_entry"] == begun["audit_entry"]
    assert first["reminder"] == begun["reminder"], "taking it back would have a time"


@pytest.mark.postgres
async def test_hidden_columns_of_postgresql_join_no_voter_with_a_choice(
    fresh_postgres_url: str, clock: Clock, school: Any
) -> None:
    database = Database(fresh_postgres_url, now=clock.now, school=school, pool_size=2)
    try:
        await import_example(database)
        kari, *homes = [await come_in(database, name) for name in ("Kari Nordmann", *PARENTS)]
        await ask_class(database, kari)
        for n, home in enumerate(homes):
            await vote(database, home, n % 2)
            written = await rows(database, "SELECT DISTINCT xmin::text FROM poll_tally")
            assert len(written) == 1, "every vote writes the whole tally, so the last one is not told apart"
    finally:
        await database.close()


VOTES = st.lists(st.tuples(st.integers(0, len(PARENTS) - 1), st.integers(-1, 3)), max_size=14)


@pytest.mark.parametrize("named", [False, True])
async def test_the_count_is_what_was_chosen(sqlite_database: Database, named: bool) -> None:

    await import_example(sqlite_database)
    kari, *homes = [await come_in(sqlite_database, name) for name in ("Kari Nordmann", *PARENTS)]
    poll = await ask_class(sqlite_database, kari, named=named)
    loop = asyncio.get_running_loop()

    async def story(votes: list[tuple[int, int]]) -> None:
        kept: dict[int, int] = {}
        for home, choice in votes:
            try:
                counted = await vote(sqlite_database, homes[home], choice)
            except DomainError:
                assert not 0 <= choice < 2
                continue
            assert counted is (named or home not in kept)
            kept[home] = choice if counted else kept[home]
        async with sqlite_database.unit_of_work() as uow:
            stored = await board.held_own_poll(uow, kari, poll)
            counts = await count_votes(uow, stored)
            asked, answered = await count_ballots(uow, poll)
            assert counts == [list(kept.values()).count(n) for n in range(2)]
            assert answered == len(kept) <= asked
            await uow.change(sa.text("UPDATE ballot SET answered = false, choice = NULL"))
            await uow.change(sa.text("UPDATE poll_tally SET votes = 0"))
            await uow.commit()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(VOTES)
    def check(votes: list[tuple[int, int]]) -> None:
        asyncio.run_coroutine_threadsafe(story(votes), loop).result(60)

    await asyncio.to_thread(check)


async def test_the_reminder_goes_to_those_who_have_not_answered(example_school: Database, clock: Clock) -> None:
    kari, *homes = [await come_in(example_school, name) for name in ("Kari Nordmann", *PARENTS)]
    await ask_class(example_school, kari)
    await vote(example_school, homes[0], 0)
    clock.forward(timedelta(days=3, hours=6))  # Thursday, 16:00

    async def tick() -> int:
        async with example_school.unit_of_work() as uow:
            return (await fire_due(uow)).done

    asked = await rows(example_school, "SELECT count(*) FROM ballot")
    assert sum(await asyncio.gather(tick(), tick())) == asked[0][0]
    reminded = await rows(example_school, "SELECT recipient_id FROM outgoing WHERE kind = 'reminder'")
    assert {row[0] for row in reminded} == {home.person_id for home in homes[1:]}, "and nobody without the bot"
    settled = await rows(example_school, "SELECT DISTINCT settled_at FROM reminder WHERE state = 'dropped'")
    assert len(settled) == 1, "that one had answered has the same time for everybody"


async def test_what_is_not_theirs_is_not_there(example_school: Database) -> None:
    kari, tom, ingrid, lars = [
        await come_in(example_school, name) for name in ("Kari Nordmann", "Tom Eide", "Ingrid Berg", "Lars Berg")
    ]
    poll = await ask_class(example_school, kari, named=True)
    mine = await ballot_of(example_school, ingrid)
    async with example_school.unit_of_work() as uow:
        for attempt in (
            answer.vote(uow, lars, mine, 0, sure=True),
            answer.show_ballot(uow, lars, mine),
            answer.survey_done(uow, lars, mine),
            board.open_poll(uow, tom, poll),
            close.close_early(uow, tom, poll),
            close.close_early(uow, ingrid, poll),
            compose.start_poll(uow, lars, PollKind.POLL),
            compose.show_draft(uow, kari, poll),
            compose.check_ask_reach(uow, kari, AudienceKind.SCHOOL, []),
            compose.check_ask_reach(uow, kari, AudienceKind.PUPIL, [1]),
            compose.check_ask_reach(uow, kari, AudienceKind.CLASSES, []),
            compose.check_ask_reach(uow, kari, None, []),
        ):
            with pytest.raises(NotPermitted):
                await attempt
