"""What an invitation says when it is too late, cancelled, over, changed, or not one's own any more (M1, P3, P7)."""

from __future__ import annotations

import pytest

from bot.actions.events.slip import EventCancelled, InvitationChanged
from bot.domain.events import DeadlinePassed, EventAnswer, EventKind, EventOver
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, shut_out, tap, write
from tests.scenarios.slip_steps import (
    DAY,
    answer,
    answer_label,
    answers,
    change,
    invitation_of,
    invite,
    shows,
    slip_of,
)
from tests.scenarios.steps import block
from tests.scenarios.world import World

COMING, NOT_COMING = EventAnswer.COMING, EventAnswer.NOT_COMING


@pytest.mark.parametrize("name", ["Ingrid Berg", "James Miller", "Piotr Kowalski", "Amina Haddad"])
async def test_after_the_deadline_an_answer_is_refused_and_the_way_to_the_teacher_shown(
    world: World, name: str
) -> None:
    event = await invite(world)
    home = world.actor(name)
    await answer(home, NOT_COMING)
    await world.at(2026, 12, 1, 7, 30)
    result = await forge(home, f"sa|{event}|1|coming")
    assert result.text == home.say(DeadlinePassed.sentence)
    assert await answers(world) == {name: "not_coming"}
    assert shows(home, home.say("The time for answers is over. If something has changed, write to the teacher."))
    assert any(home.say("Write to the teacher") in label for label in labels(home.phone.last))
    assert not any("✅" in label or "❌" in label for label in labels(home.phone.last))


async def test_until_the_last_minute_of_the_deadlines_day_an_answer_counts(world: World) -> None:
    await invite(world)
    ingrid = world.actor("Ingrid Berg")
    await world.at(2026, 11, 30, 23, 59)
    await answer(ingrid, NOT_COMING, invitation_of(ingrid))
    assert await answers(world) == {"Ingrid Berg": "not_coming"}


async def test_without_a_deadline_answers_count_until_it_begins(world: World) -> None:
    event = await invite(world, answer_by=None)
    ingrid = world.actor("Ingrid Berg")
    await world.at(DAY.year, DAY.month, DAY.day, 17, 59)
    await answer(ingrid, NOT_COMING, invitation_of(ingrid))
    assert shows(ingrid, said(ingrid, "<i>You can change your answer until it begins.</i>")) or ingrid.has_button("👌")
    await world.at(DAY.year, DAY.month, DAY.day, 18, 0)
    refused = await forge(ingrid, f"sa|{event}|1|coming")
    assert refused.text == ingrid.say(DeadlinePassed.sentence)
    await world.at(DAY.year, DAY.month, DAY.day, 19, 30)
    refused = await forge(ingrid, f"sa|{event}|1|coming")
    assert refused.text == ingrid.say(EventOver.sentence)
    assert shows(ingrid, ingrid.say("This is over."))
    assert await answers(world) == {"Ingrid Berg": "not_coming"}


async def test_what_was_cancelled_takes_no_answer(world: World) -> None:
    event = await invite(world)
    ingrid = world.actor("Ingrid Berg")
    await change(world, event, state="cancelled", cancelled_at=world.clock.now())
    result = await ingrid.phone.tap(answer_label(ingrid, COMING), message=invitation_of(ingrid))
    assert result.text == ingrid.say(EventCancelled.sentence)
    await world.idle()
    assert shows(ingrid, said(ingrid, "❌ <b>Cancelled.</b>"))
    assert await answers(world) == {}


async def test_nobody_agrees_to_a_time_that_they_have_not_read(world: World) -> None:
    event = await invite(world)
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await answer(lars, COMING)
    await change(world, event, place="Aulaen", revision=2)
    result = await ingrid.phone.tap(answer_label(ingrid, COMING), message=invitation_of(ingrid))
    assert result.text == ingrid.say(InvitationChanged.sentence)
    await world.idle()
    assert shows(ingrid, "Aulaen"), "the screen shows how it is now"
    assert "Ingrid Berg" not in await answers(world)
    await answer(ingrid, COMING)
    assert await slip_of(world, "Ingrid Berg", "answer", "answered_revision") == ("coming", 2)
    await tap(lars, "2")
    assert shows(lars, said(lars, "Before the change you answered: <b>{answer}</b>. Does that still hold?",
                            answer=lars.say("I am coming")))  # fmt: skip
    assert await slip_of(world, "Lars Berg", "people", "answered_revision") == (0, 1)
    await answer(lars, COMING)
    assert await slip_of(world, "Lars Berg", "answer", "answered_revision") == ("coming", 2)


async def test_a_dialect_that_comes_too_late_is_refused_and_asked_for_no_more(world: World) -> None:
    await invite(world)
    piotr = world.actor("Piotr Kowalski")
    await answer(piotr, COMING)
    await tap(piotr, "1")
    await tap(piotr, labels(piotr.phone.last)[0])
    await world.at(2026, 12, 1, 7, 30)
    await write(piotr, "śląski")
    assert holding(piotr, piotr.say(DeadlinePassed.sentence))
    assert await slip_of(world, "Piotr Kowalski", "dialect") == ("",)
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]


async def test_a_guardian_whose_access_has_ended_can_do_nothing(world: World) -> None:
    event = await invite(world)
    lars = world.actor("Lars Berg")
    roar = await shut_out(world)
    assert not holding(roar, "Rom 12")
    await answer(lars, COMING)
    asked = lars.phone.last
    await block(world, "Lars Berg", "Noah Berg")
    for data in (f"so|{event}|0", f"sa|{event}|1|not_coming", f"ss|{event}|1|p|1|2", f"st|{event}", f"sn|{event}|1|0"):
        for person, shown in ((lars, asked), (roar, None)):
            result = await (person.phone.tap_data(data, shown) if shown else forge(person, data))
            assert result.text is None or "Rom 12" not in result.text
    await world.idle()
    assert await slip_of(world, "Lars Berg", "answer", "people") == ("coming", 0)
    assert await world.rows("SELECT count(*) FROM topic") == [(0,)]


async def test_a_guardian_of_two_keeps_the_invitation_of_the_one_who_is_left(world: World) -> None:
    ids = [row[0] for row in await world.rows("SELECT id FROM school_class WHERE name IN ('5A', '2B') ORDER BY name")]
    event = await invite(world, ids=ids)
    piotr = world.actor("Piotr Kowalski")
    for child in ("Jan Kowalski", "Zofia Kowalska"):
        assert child in invitation_of(piotr).text
    await block(world, "Piotr Kowalski", "Zofia Kowalska")
    await forge(piotr, f"so|{event}|0")
    assert "Jan Kowalski" in piotr.phone.last.text
    assert "Zofia Kowalska" not in piotr.phone.last.text
    await answer(piotr, COMING)
    assert await answers(world) == {"Piotr Kowalski": "coming"}


MADE_UP = (
    "sa|{event}|1|maybe", "sa|{event}|1|coming|x", "ss|{event}|1|p|1|7", "ss|{event}|1|p|1|0", "ss|{event}|1|p|1|٣",
    "ss|{event}|1|c|0|-1", "ss|{event}|1|i|0|klingon", "ss|{event}|1|g|0|dog", "ss|{event}|1|d|0|hidden",
    "ss|{event}|1|l|0|pl", "ss|{event}|1|a|0|summary", "so|99999|0", "sx|99999", "sa|99999|1|coming",
)  # fmt: skip


async def test_made_up_buttons_change_nothing(world: World) -> None:
    event = await invite(world)
    ingrid = world.actor("Ingrid Berg")
    await answer(ingrid, COMING)
    before = await world.rows("SELECT * FROM invitation ORDER BY id")
    for data in MADE_UP:
        await forge(ingrid, data.format(event=event))
        assert await world.rows("SELECT * FROM invitation ORDER BY id") == before, data


async def test_another_classs_invitation_is_not_there(world: World) -> None:
    event = await invite(world, "Hilde Strand", "8C")
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    for person in (ingrid, kari):
        refused = await forge(person, f"sa|{event}|1|coming")
        assert refused.text == person.say(NOT_HERE)
    assert await answers(world) == {}


async def test_a_date_of_the_year_has_no_slip(world: World) -> None:
    event = await invite(world, "Marit Lund", "5A", kind=EventKind.DATE, title="Siste skoledag", answer_by=None)
    ingrid = world.actor("Ingrid Berg")
    refused = await forge(ingrid, f"sa|{event}|1|coming")
    assert refused.text == ingrid.say(NOT_HERE)
    await forge(ingrid, f"so|{event}|0")
    assert "Siste skoledag" in ingrid.phone.last.text
    assert not any("✅" in label for label in labels(ingrid.phone.last))
