"""A home answers an invitation: coming, how many, interpreter, childcare, until the deadline (M1, M2)."""

from __future__ import annotations

import pytest

from bot.domain.events import EventAnswer, EventKind, GenderWish
from bot.domain.leave import LineTooLong
from bot.i18n.event_words import EVENT_ANSWERS, EVENT_NAMES, GENDER_NAMES
from bot.i18n.event_words import EVENT_WHYS as WHYS
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import forge, labels, tap, write
from tests.scenarios.slip_steps import (
    AGENDA,
    answer,
    answer_label,
    answers,
    give_board,
    invitation_of,
    invite,
    reminders_of,
    shows,
    slip_of,
)
from tests.scenarios.world import World

HOW_MANY = "How many of you are coming?"
INTERPRETER = "🗣 Would you like an interpreter? It is free, and no other home is told."
CHILDREN = "🧒 Somebody looks after children meanwhile. How many would you bring?"
COMING, NOT_COMING, OTHER = EventAnswer.COMING, EventAnswer.NOT_COMING, EventAnswer.OTHER_COMES


@pytest.mark.parametrize(
    ("name", "language"),
    [("Ingrid Berg", "nb"), ("James Miller", "en"), ("Piotr Kowalski", "pl"), ("Amina Haddad", "ar")],
)
async def test_a_home_reads_why_answers_and_says_what_it_needs(world: World, name: str, language: str) -> None:
    await invite(world)
    home = world.actor(name)
    assert home.language == language
    shown = await home.sees("Rom 12")
    for sentence in (EVENT_NAMES[EventKind.CLASS_MEETING], WHYS[EventKind.CLASS_MEETING]):
        assert home.say(sentence) in shown.text
    assert AGENDA.splitlines()[1] in shown.text
    await answer(home, COMING)
    assert shows(home, home.say(HOW_MANY))
    await tap(home, "2")
    if language != "nb":
        assert shows(home, home.say(INTERPRETER))
        first = labels(home.phone.last)[0]
        assert first.startswith("🗣"), "the own language comes first"
        await tap(home, first)
        await write(home, "Dialekt X")
        await tap(home, home.say(GENDER_NAMES[next(iter(GENDER_NAMES))]))
    assert shows(home, home.say(CHILDREN))
    await tap(home, "1")
    stored = await slip_of(
        world, name, "answer", "people", "childcare", "interpreter", "interpreter_language", "dialect"
    )
    assert stored[:3] == ("coming", 2, 1)
    assert stored[3:] == ((None, "", "") if language == "nb" else ("wanted", language, "Dialekt X"))
    assert shows(home, said(home, "Your answer: <b>{answer}</b>", answer=home.say(EVENT_ANSWERS[COMING])))
    assert shows(home, "Rom 12"), "the whole invitation stands there again"


async def test_nobody_with_the_schools_language_is_asked_for_an_interpreter_and_everybody_finds_one(
    world: World,
) -> None:
    await invite(world, childcare=False)
    ingrid = world.actor("Ingrid Berg")
    await answer(ingrid, COMING)
    await tap(ingrid, "1")
    assert not shows(ingrid, ingrid.say(CHILDREN)), "the school offers no childcare this time"
    assert not ingrid.has_button(ingrid.say("Childcare"), last=1)
    await tap(ingrid, ingrid.say("Interpreter"))
    await tap(ingrid, ingrid.say("Yes, choose a language"))
    await write(ingrid, "Tegnspråk")
    assert shows(ingrid, ingrid.say("Who should interpret?")), "a language without a code is kept as it was written"
    await tap(ingrid, ingrid.say(GENDER_NAMES[GenderWish.WOMAN]))
    wish = await slip_of(world, "Ingrid Berg", "interpreter", "interpreter_language", "dialect", "gender")
    assert wish == ("wanted", "und", "Tegnspråk", "woman")
    assert shows(ingrid, "Tegnspråk · " + ingrid.say(GENDER_NAMES[GenderWish.WOMAN]))


async def test_another_language_is_chosen_or_written_and_a_no_thank_you_counts(world: World) -> None:
    await invite(world)
    piotr = world.actor("Piotr Kowalski")
    await answer(piotr, COMING)
    await tap(piotr, "1")
    await tap(piotr, piotr.say("Yes, another language"))
    assert "polski" not in labels(piotr.phone.last), "the own language stood on the screen before"
    await write(piotr, "x" * 61)
    assert shows(piotr, piotr.say(LineTooLong.sentence, length=61, limit=60))
    await write(piotr, "Somalijski")
    await tap(piotr, piotr.say("Skip"))
    await tap(piotr, piotr.say(GENDER_NAMES[GenderWish.ANY]))
    await tap(piotr, piotr.say("None, thank you"))
    wish = ("interpreter", "interpreter_language", "dialect", "gender")
    assert await slip_of(world, "Piotr Kowalski", *wish) == ("wanted", "so", "", "any")
    await tap(piotr, piotr.say("Interpreter"))
    await tap(piotr, "👌")
    assert await slip_of(world, "Piotr Kowalski", *wish) == ("no_thanks", "", "", None)
    assert shows(piotr, piotr.say("No interpreter, thank you"))
    assert not shows(piotr, piotr.say(CHILDREN)), "one wish was changed, the others were not asked again"


async def test_the_button_under_a_question_answered_in_words_takes_nothing_away(world: World) -> None:
    event = await invite(world)
    amina = world.actor("Amina Haddad")
    await answer(amina, COMING)
    await tap(amina, "1")
    await tap(amina, labels(amina.phone.last)[0])
    asked = amina.phone.last
    await write(amina, "سوري")
    await tap(amina, amina.say("Skip"), asked)
    assert await slip_of(world, "Amina Haddad", "dialect") == ("سوري",)
    await forge(amina, f"ss|{event}|1|i|0|so")
    assert await slip_of(world, "Amina Haddad", "interpreter_language", "dialect") == ("so", ""), "it was of the other"


@pytest.mark.parametrize(
    ("name", "wish", "stored"),
    [
        ("Ingrid Berg", "Send me the summary", "summary"),
        ("James Miller", "I would like another date", "other_date"),
        ("Anna Kowalska", "Nothing, thank you", "nothing"),
        ("Omar Haddad", "Send me the summary", "summary"),
    ],
)
async def test_who_cannot_come_is_thanked_and_says_what_would_help(
    world: World, name: str, wish: str, stored: str
) -> None:
    await invite(world)
    home = world.actor(name)
    await answer(home, NOT_COMING)
    assert shows(home, home.say("Thank you for telling us. What would help you?"))
    await tap(home, home.say(wish))
    assert await slip_of(world, name, "answer", "after", "people") == ("not_coming", stored, 0)
    assert shows(home, home.say(EVENT_ANSWERS[NOT_COMING]))


async def test_a_changed_mind_takes_with_it_what_belonged_to_the_first_answer(world: World) -> None:
    await invite(world)
    piotr = world.actor("Piotr Kowalski")
    await answer(piotr, COMING)
    for label in ("3", "🗣", piotr.say("Skip"), piotr.say(GENDER_NAMES[GenderWish.WOMAN]), "2"):
        await tap(piotr, label)
    await tap(piotr, piotr.say("Change my answer"))
    assert labels(piotr.phone.last)[0].startswith("☑️"), "the answer that was given is marked"
    await answer(piotr, NOT_COMING)
    columns = ("answer", "people", "interpreter", "interpreter_language", "gender", "childcare", "after")
    assert await slip_of(world, "Piotr Kowalski", *columns) == ("not_coming", 0, None, "", None, 0, None)
    await tap(piotr, piotr.say("I would like another date"))
    await tap(piotr, piotr.say("Change my answer"))
    await answer(piotr, COMING)
    assert await slip_of(world, "Piotr Kowalski", "answer", "after") == ("coming", None)


async def test_the_other_guardian_is_answered_for_by_nobody_and_learns_nothing(world: World) -> None:
    await invite(world)
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    before = len(lars.phone.messages)
    await answer(ingrid, OTHER)
    told = "Each guardian answers for themselves: nothing has been answered for anybody else at home."
    assert shows(ingrid, ingrid.say(told))
    assert await answers(world) == {"Ingrid Berg": "other_comes"}
    await tap(lars, answer_label(lars, COMING), invitation_of(lars))
    assert await answers(world) == {"Ingrid Berg": "other_comes", "Lars Berg": "coming"}
    assert len(lars.phone.messages) == before, "nothing came to him, his own screen changed in its place"
    for shown in lars.phone.messages:
        assert "Ingrid" not in shown.content
    assert await reminders_of(world, "Lars Berg", "dropped") == ["answer"]


async def test_a_second_tap_changes_nothing_and_does_not_skip_the_question(world: World) -> None:
    event = await invite(world)
    ingrid = world.actor("Ingrid Berg")
    shown = invitation_of(ingrid)
    data = next(b.data for row in shown.buttons for b in row if b.data and b.data.startswith("sa|"))
    for _ in range(2):
        await ingrid.phone.tap_data(data, shown)
    await world.idle()
    assert shows(ingrid, ingrid.say(HOW_MANY))
    await tap(ingrid, "2")
    await tap(ingrid, "1")
    result = await ingrid.phone.tap_data(data, shown)
    assert result.text == ingrid.say("That is noted already.")
    await world.idle()
    assert await slip_of(world, "Ingrid Berg", "people", "childcare", "version") == (2, 1, 4)
    count = "SELECT count(*) FROM audit_entry WHERE act = 'event.answer' AND about_id = :event"
    assert await world.rows(count, event=event) == [(1,)]


async def test_an_answer_stops_what_asked_for_it_and_a_changed_one_reminds_again(world: World) -> None:
    await invite(world)
    ingrid = world.actor("Ingrid Berg")
    assert await reminders_of(world, "Ingrid Berg") == ["answer", "event", "event"]
    await answer(ingrid, COMING)
    assert await reminders_of(world, "Ingrid Berg") == ["event", "event"]
    await tap(ingrid, ingrid.say("Back"))
    await tap(ingrid, ingrid.say("Change my answer"))
    await answer(ingrid, NOT_COMING)
    assert await reminders_of(world, "Ingrid Berg") == []
    await tap(ingrid, "👌")
    await tap(ingrid, ingrid.say("Change my answer"))
    await answer(ingrid, COMING)
    assert await reminders_of(world, "Ingrid Berg") == ["event", "event"]
    assert await reminders_of(world, "Lars Berg") == ["answer", "event", "event"], "the other guardian's are his own"


async def test_answers_redraw_the_organisers_screen_once(world: World) -> None:
    event = await invite(world)
    await give_board(world, event, "Kari Nordmann")
    for name in ("Ingrid Berg", "Lars Berg"):
        await answer(world.actor(name), NOT_COMING)
    asked = await world.rows("SELECT recipient_id, about_id, state FROM outgoing WHERE kind = 'event_board'")
    assert asked == [(world.known["Kari Nordmann"].person_id, event, "queued")]


async def test_an_ill_child_is_no_dialect(world: World) -> None:
    await invite(world)
    amina = world.actor("Amina Haddad")
    await answer(amina, COMING)
    await tap(amina, "1")
    await tap(amina, "🗣")
    await world.at(2026, 11, 24, 7, 30)
    await write(amina, "علي مريض اليوم")
    assert await slip_of(world, "Amina Haddad", "dialect") == ("",)
    assert any(data.startswith("ad|") for row in amina.phone.last.buttons for b in row if (data := b.data or ""))
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]
