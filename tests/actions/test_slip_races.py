"""Taps on an invitation at the very same moment, on both databases: nothing is lost, done twice or half done (M1)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actions.events.slip import EventCancelled, InvitationChanged, Slip, answer_slip, set_slip
from bot.actions.events.topics import EXPECT_TOPIC, Topics, keep_topic, send_topic
from bot.clock import Clock
from bot.domain.errors import NotPermitted, Stale
from bot.domain.events import DeadlinePassed, EventAnswer
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.domain.reminders import ReminderState
from bot.domain.slip import Question
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event
from storage.queries.dialogue import OpenQuestion
from storage.queries.outgoing import find_by_key
from storage.queries.reminders import settle_reminders
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.scenarios.slip_steps import call_event

COMING, NOT_COMING, OTHER = EventAnswer.COMING, EventAnswer.NOT_COMING, EventAnswer.OTHER_COMES


@pytest.fixture
async def school(example_school: Database) -> Database:
    """A school whose class 5A is invited to a meeting, with a live screen at its teacher."""
    kari = await come_in(example_school, "Kari Nordmann")
    [(class_id,)] = await rows(example_school, "SELECT id FROM school_class WHERE name = '5A'")
    async with example_school.unit_of_work() as uow:
        event, _ = await call_event(uow, kari.person_id, [class_id])
        await enqueue(uow, Message(kari.person_id, OutgoingKind.REPORT, "board", "board-of", about="event"))
        event.board_id = await find_by_key(uow, "board-of")
        await uow.commit()
    return example_school


async def event_of(school: Database) -> int:
    [(event_id,)] = await rows(school, "SELECT id FROM event")
    return int(event_id)


async def tap(school: Database, actor: Actor, answer: EventAnswer, revision: int = 1) -> Slip:
    event_id = await event_of(school)
    async with school.unit_of_work() as uow:
        return await answer_slip(uow, actor, event_id, revision, answer)


async def pick(school: Database, actor: Actor, question: Question, value: str) -> Slip:
    event_id = await event_of(school)
    async with school.unit_of_work() as uow:
        return await set_slip(uow, actor, event_id, 1, question, value, on=True)


async def both(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    return list(await asyncio.gather(*work, return_exceptions=True))


async def slip(school: Database, actor: Actor) -> tuple[Any, ...]:
    found = await rows(
        school,
        "SELECT answer, people, interpreter, childcare, after, answered_revision, version FROM invitation"
        " WHERE person_id = :p",
        p=actor.person_id,
    )
    return found[0]


async def planned(school: Database, actor: Actor) -> int:
    found = await rows(
        school, "SELECT count(*) FROM reminder WHERE recipient_id = :p AND state = 'planned'", p=actor.person_id
    )
    return int(found[0][0])


async def test_two_guardians_of_a_home_at_once_are_two_answers_and_one_drawing(school: Database) -> None:
    ingrid, lars = [await come_in(school, name) for name in ("Ingrid Berg", "Lars Berg")]
    results = await both(tap(school, ingrid, OTHER), tap(school, lars, NOT_COMING))
    assert all(isinstance(one, Slip) for one in results)
    assert (await slip(school, ingrid))[0] == "other_comes"
    assert (await slip(school, lars))[0] == "not_coming"
    assert await rows(school, "SELECT count(*) FROM outgoing WHERE kind = 'event_board'") == [(1,)]


async def test_three_taps_at_once_are_one_answer(school: Database) -> None:
    ingrid = await come_in(school, "Ingrid Berg")
    results = await both(*(tap(school, ingrid, COMING) for _ in range(3)))
    assert sorted(one.again for one in results) == [False, True, True]
    assert {one.question for one in results} == {Question.PEOPLE}
    assert (await slip(school, ingrid))[-1] == 2
    assert await rows(school, "SELECT count(*) FROM audit_entry WHERE act = 'event.answer'") == [(1,)]


@pytest.mark.parametrize("first", [COMING, NOT_COMING])
async def test_two_answers_at_once_leave_one_of_them_whole(school: Database, first: EventAnswer) -> None:
    ingrid = await come_in(school, "Ingrid Berg")
    await tap(school, ingrid, first)
    await both(
        tap(school, ingrid, NOT_COMING),
        tap(school, ingrid, COMING),
        pick(school, ingrid, Question.PEOPLE, "3"),
        pick(school, ingrid, Question.CHILDCARE, "2"),
        pick(school, ingrid, Question.AFTER, "summary"),
    )
    answer, people, _, childcare, after, _, _ = await slip(school, ingrid)
    if answer == "coming":
        assert after is None
        assert await planned(school, ingrid) == 2
    else:
        assert (people, childcare) == (0, 0), "nothing of the other answer is left"
        assert await planned(school, ingrid) == 0


@pytest.mark.parametrize("change", [{"revision": 2}, {"state": "cancelled"}])
async def test_an_answer_against_a_change_is_to_what_was_read_or_none(school: Database, change: dict[str, Any]) -> None:
    ingrid = await come_in(school, "Ingrid Berg")
    event_id = await event_of(school)

    async def organiser() -> None:
        async with school.unit_of_work() as uow:
            event = await uow.session.get(Event, event_id, with_for_update=True)
            assert event is not None
            for name, value in change.items():
                setattr(event, name, value)
            if "state" in change:
                event.cancelled_at = uow.now
            await uow.commit()

    results = await both(tap(school, ingrid, COMING), organiser(), tap(school, ingrid, COMING, revision=2))
    assert results[1] is None
    stored = await slip(school, ingrid)
    for revision, result in ((1, results[0]), (2, results[2])):
        if isinstance(result, Slip):
            assert stored[5] >= revision
        else:
            assert isinstance(result, InvitationChanged | EventCancelled)
    if stored[0] is None:
        assert stored[5:] == (0, 1)


async def test_an_answer_of_the_last_second_counts_and_the_next_one_does_not(school: Database, clock: Clock) -> None:
    ingrid = await come_in(school, "Ingrid Berg")
    event_id = await event_of(school)
    [(until,)] = await rows(school, "SELECT answers_until FROM event")
    async with school.unit_of_work() as uow:
        event = await uow.session.get(Event, event_id)
        assert event is not None
        assert event.answers_until is not None
        until = event.answers_until
    clock.move_to(until - timedelta(seconds=1))
    async with school.unit_of_work() as uow:
        clock.move_to(until)
        await answer_slip(uow, ingrid, event_id, 1, NOT_COMING)
    with pytest.raises(DeadlinePassed):
        await tap(school, ingrid, COMING)
    assert (await slip(school, ingrid))[0] == "not_coming"


async def test_a_topic_that_is_sent_twice_at_once_stands_once(school: Database) -> None:
    ingrid = await come_in(school, "Ingrid Berg")
    event_id = await event_of(school)
    async with school.unit_of_work() as uow:
        written = await keep_topic(uow, ingrid, OpenQuestion(EXPECT_TOPIC, event_id, {}), "Leksehjelp")

    async def send(*, named: bool) -> Topics:
        async with school.unit_of_work() as uow:
            return await send_topic(uow, ingrid, event_id, written.draft, named=named)

    results = await both(send(named=False), send(named=True), send(named=False))
    assert sum(isinstance(one, Topics) for one in results) == 1
    assert all(isinstance(one, Topics | Stale) for one in results)
    assert await rows(school, "SELECT count(*) FROM topic") == [(1,)]


async def test_ids_that_no_table_holds_and_other_peoples_invitations_read_alike(school: Database) -> None:
    tonje = await come_in(school, "Tonje Brekke")  # of 2B: not invited
    kari = await come_in(school, "Kari Nordmann")  # who invites is not invited
    for actor in (tonje, kari):
        for number in (await event_of(school), 2**31 - 1, -1, 0):
            async with school.unit_of_work() as uow:
                with pytest.raises(NotPermitted):
                    await answer_slip(uow, actor, number, 1, COMING)
    answered = sa.text("SELECT count(*) FROM invitation WHERE answer IS NOT NULL")
    async with school.unit_of_work() as uow:
        assert (await uow.execute(answered)).scalar_one() == 0


async def test_who_does_not_come_gets_no_reminder_that_fires_at_that_moment(school: Database) -> None:
    ingrid, event_id = await come_in(school, "Ingrid Berg"), await event_of(school)
    mine = "SELECT id FROM reminder WHERE recipient_id = :p AND occasion = 'event'"
    ids = [row[0] for row in await rows(school, mine, p=ingrid.person_id)]
    async with school.unit_of_work() as uow:
        await settle_reminders(uow, ids, ReminderState.DONE)
        text = Message(
            ingrid.person_id, OutgoingKind.REMINDER, "In two days", "reminder:1", about="event", about_id=event_id
        )
        answering = asyncio.create_task(tap(school, ingrid, NOT_COMING))
        await asyncio.sleep(0.3)  # the answer has come as far as it can before the reminders are settled
        await enqueue(uow, text)
        await uow.commit()
    await answering
    assert ids
    assert await rows(school, "SELECT state FROM outgoing WHERE kind = 'reminder'") == [("dropped",)]
