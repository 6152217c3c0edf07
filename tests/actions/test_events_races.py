"""Two at the very same moment: one change, one invitation, an answer before the end or none (M1, M9)."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.actions.events import change, compose, invite
from bot.actions.events.cancel import cancel_event
from bot.actions.events.slip import answer_slip
from bot.actions.reminders.fire import fire_due
from bot.clock import Clock
from bot.domain.errors import DomainError, NotPermitted, Stale
from bot.domain.event_draft import EventField
from bot.domain.events import EventAnswer, EventKind
from bot.domain.people import Actor
from bot.domain.reminders import ReminderState
from storage.session import Database
from tests.actions.steps import come_in, rows

ANSWERS = (
    (EventField.DAY, "2026-12-03"),
    (EventField.STARTS, "18:00"),
    (EventField.ENDS, "19:30"),
    (EventField.PLACE, "Auditoriet"),
    (EventField.AGENDA, ""),
    (EventField.ANSWER_BY, ""),
    (EventField.CHILDCARE, "0"),
)


async def compose_meeting(database: Database, kari: Actor) -> compose.EventDraft:
    """Compose a class meeting up to its overview."""
    async with database.unit_of_work() as uow:
        view = await compose.start_event(uow, kari)
    async with database.unit_of_work() as uow:
        view = await compose.pick_kind(uow, kari, view.id, view.version, EventKind.CLASS_MEETING)
    for field, value in ANSWERS:
        async with database.unit_of_work() as uow:
            view = await compose.set_field(uow, kari, view.id, view.version, field, value)
    assert view.ready
    return view


async def call(database: Database, kari: Actor) -> int:
    view = await compose_meeting(database, kari)
    async with database.unit_of_work() as uow:
        await invite.invite(uow, kari, view.id, view.version)
    return view.id


async def move(database: Database, actor: Actor, event: int, field: EventField, value: str) -> None:
    """Choose a new value and tell everybody."""
    async with database.unit_of_work() as uow:
        await change.set_change(uow, actor, event, 1, field, value)
    async with database.unit_of_work() as uow:
        await change.apply_change(uow, actor, event, 1)


async def answer(database: Database, home: Actor, event: int, revision: int = 1) -> None:
    async with database.unit_of_work() as uow:
        await answer_slip(uow, home, event, revision, EventAnswer.COMING)


async def cancel(database: Database, actor: Actor, event: int) -> int:
    async with database.unit_of_work() as uow:
        return (await cancel_event(uow, actor, event))[1]


async def gather(*these: Any) -> list[Any]:
    """Do all at once; what one may be refused is returned."""
    found = await asyncio.gather(*these, return_exceptions=True)
    assert all(not isinstance(one, BaseException) or isinstance(one, DomainError) for one in found), found
    return list(found)


async def test_of_two_changes_at_once_one_counts_and_each_home_hears_one(example_school: Database) -> None:
    kari, marit, ingrid = [await come_in(example_school, n) for n in ("Kari Nordmann", "Marit Lund", "Ingrid Berg")]
    event = await call(example_school, kari)
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE outgoing SET state = 'sent'"))
        await uow.commit()
    done = await gather(
        move(example_school, kari, event, EventField.PLACE, "Biblioteket"),
        move(example_school, marit, event, EventField.STARTS, "17:00"),
    )
    assert sum(isinstance(one, Stale) for one in done) == 1
    [(revision, place, starts)] = await rows(example_school, "SELECT revision, place, starts FROM event")
    assert revision == 2
    assert (place == "Biblioteket") != (str(starts)[:5] == "17:00"), "one of them, not half of each"
    heard = "SELECT count(*) FROM outgoing WHERE kind = 'correction' AND edits_id IS NULL AND recipient_id = :p"
    assert await rows(example_school, heard, p=ingrid.person_id) == [(1,)]


async def test_two_taps_at_once_invite_each_home_once(example_school: Database) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    view = await compose_meeting(example_school, kari)

    async def tap() -> int:
        async with example_school.unit_of_work() as uow:
            return (await invite.invite(uow, kari, view.id, view.version))[1]

    done = await gather(tap(), tap(), tap())
    assert sum(isinstance(one, int) for one in done) == 1
    assert sum(isinstance(one, NotPermitted) for one in done) == 2
    [(people, invited, told)] = await rows(
        example_school,
        "SELECT (SELECT count(DISTINCT person_id) FROM invitation), (SELECT count(*) FROM invitation),"
        " (SELECT count(*) FROM outgoing WHERE about = 'event')",
    )
    assert people == invited == told > 30


async def test_an_answer_and_the_end_at_once_agree(example_school: Database) -> None:
    kari, ingrid, lars = [await come_in(example_school, n) for n in ("Kari Nordmann", "Ingrid Berg", "Lars Berg")]
    event = await call(example_school, kari)
    done = await gather(
        answer(example_school, ingrid, event), cancel(example_school, kari, event), answer(example_school, lars, event)
    )
    [(state,)] = await rows(example_school, "SELECT state FROM event")
    assert state == "cancelled"
    stored = {row[0] for row in await rows(example_school, "SELECT person_id FROM invitation WHERE answer = 'coming'")}
    accepted = {who.person_id for who, one in ((ingrid, done[0]), (lars, done[2])) if not isinstance(one, DomainError)}
    assert stored == accepted, "who was told that it is noted is noted, and nobody else"
    assert await rows(example_school, "SELECT count(*) FROM reminder WHERE state = 'planned'") == [(0,)]
    refused = await gather(answer(example_school, ingrid, event, 2))
    assert isinstance(refused[0], DomainError)


async def test_an_answer_and_a_change_at_once_is_an_answer_to_one_of_the_two(example_school: Database) -> None:
    kari, ingrid = [await come_in(example_school, n) for n in ("Kari Nordmann", "Ingrid Berg")]
    event = await call(example_school, kari)
    done = await gather(
        answer(example_school, ingrid, event), move(example_school, kari, event, EventField.STARTS, "17:00")
    )
    assert done[1] is None
    mine = "SELECT answer, answered_revision FROM invitation WHERE person_id = :p"
    given = await rows(example_school, mine, p=ingrid.person_id)
    expected = [(None, 0)] if isinstance(done[0], Stale) else [("coming", 1)]
    assert given == expected, "never an answer to a time that was not read"


async def test_two_cancel_at_once_and_the_homes_hear_it_once(example_school: Database) -> None:
    kari, marit = [await come_in(example_school, n) for n in ("Kari Nordmann", "Marit Lund")]
    event = await call(example_school, kari)
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE outgoing SET state = 'sent'"))
        await uow.commit()
    told = await gather(*(cancel(example_school, who, event) for who in (kari, marit, kari)))
    assert sorted(told)[:2] == [0, 0]
    assert max(told) == (await rows(example_school, "SELECT count(*) FROM invitation"))[0][0]
    assert await rows(example_school, "SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'event-cancel:%'") == [
        (max(told),)
    ]


async def test_a_reminder_that_fires_while_the_event_moves_names_no_time_that_is_over(
    example_school: Database, clock: Clock
) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    event = await call(example_school, kari)
    [(day, at)] = await rows(example_school, "SELECT DISTINCT day, at FROM reminder WHERE kind = 'days'")
    assert (str(day), str(at)[:5]) == ("2026-12-01", "18:00")
    clock.move_to(datetime(2026, 12, 1, 18, 0, tzinfo=example_school.school.zone))

    async def fire() -> None:
        async with example_school.unit_of_work() as uow:
            await fire_due(uow)

    await gather(fire(), move(example_school, kari, event, EventField.DAY, "2026-12-10"), fire())
    await fire()
    [(left,)] = await rows(
        example_school, "SELECT count(*) FROM outgoing WHERE kind = 'reminder' AND state IN ('queued', 'retry')"
    )
    assert left == 0, "what had been put into the queue for the old time is dropped with the change"
    states = {row[0] for row in await rows(example_school, "SELECT DISTINCT state FROM reminder WHERE day > :d", d=day)}
    assert states == {ReminderState.PLANNED}
