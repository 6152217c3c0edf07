"""A home answers an invitation: coming, how many, interpreter, childcare, until the deadline (M1, M2)."""

from __future__ import annotations

import pytest

from bot.domain.events import EventAnswer, EventKind
from bot.i18n.event_words import EVENT_ANSWERS, EVENT_NAMES, GENDER_NAMES
from bot.i18n.event_words import EVENT_WHYS as WHYS
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import labels, tap, write
from tests.scenarios.slip_steps import (
    AGENDA,
    answer,
    invite,
    shows,
    slip_of,
)
from tests.scenarios.world import World

HOW_MANY = "How many of you are coming?"
INTERPRETER = "🗣 Would you like an interpreter? It is free, and only the one who invites you is told."
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
