"""Homes say what they would like to talk about, with their name beside it or without (M2, M3)."""

from __future__ import annotations

import pytest

from bot.domain.errors import Stale
from bot.domain.events import TOPIC_LIMIT, DeadlinePassed, EventKind
from bot.domain.leave import LineTooLong
from bot.domain.slip import MOST_TOPICS
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, readers, tap, write
from tests.scenarios.slip_steps import invitation_of, invite, shows
from tests.scenarios.world import Actor, World

ASK = "A topic for the agenda"
UNNAMED, NAMED = "Send without my name", "Send with my name"


async def propose(home: Actor, text: str, send: str = UNNAMED) -> None:
    """Write a topic and send it."""
    await tap(home, home.say(ASK), invitation_of(home))
    await write(home, text)
    await tap(home, home.say(send))


async def topics(world: World) -> list[tuple[str, str, bool]]:
    """Return (writer, text, named) of all topics that stand."""
    rows = await world.rows(
        "SELECT p.name, t.text, t.named FROM topic t JOIN person p ON p.id = t.person_id"
        " WHERE t.withdrawn_at IS NULL ORDER BY t.id"
    )
    return [(row[0], row[1], bool(row[2])) for row in rows]


@pytest.mark.parametrize(
    ("name", "send"),
    [("Ingrid Berg", UNNAMED), ("James Miller", NAMED), ("Piotr Kowalski", UNNAMED), ("Amina Haddad", NAMED)],
)
async def test_a_topic_is_sent_without_a_name_unless_the_guardian_says_so(world: World, name: str, send: str) -> None:
    await invite(world)
    home = world.actor(name)
    await propose(home, "Mobil  i\nskoletiden & sånt", send)
    assert await topics(world) == [(name, "Mobil i skoletiden & sånt", send == NAMED)]
    assert shows(home, "Mobil i skoletiden & sånt")
    assert readers(world, "Mobil i skoletiden") == {name}, "no other home reads it"
    assert await world.rows("SELECT language FROM topic") == [(home.language,)]
    await tap(home, "↩️")
    assert await topics(world) == []
    assert await world.rows("SELECT text FROM topic") == [("",)], "what was taken back is forgotten"


async def test_a_topic_can_be_rewritten_before_it_is_sent_and_left(world: World) -> None:
    event = await invite(world)
    ingrid = world.actor("Ingrid Berg")
    await tap(ingrid, ingrid.say(ASK))
    await write(ingrid, "x" * (TOPIC_LIMIT + 1))
    assert shows(ingrid, ingrid.say(LineTooLong.sentence, length=TOPIC_LIMIT + 1, limit=TOPIC_LIMIT))
    await write(ingrid, "Leksehjelp")
    first = ingrid.phone.last
    await write(ingrid, "Leksehjelp på ettermiddagen")
    earlier = await tap(ingrid, ingrid.say(UNNAMED), first)
    assert earlier.text == ingrid.say(Stale.sentence), "the button under the first wording does not send the second"
    assert await topics(world) == []
    second = holding(ingrid, "Leksehjelp på ettermiddagen")[-1]
    await tap(ingrid, ingrid.say(UNNAMED), second)
    assert await topics(world) == [("Ingrid Berg", "Leksehjelp på ettermiddagen", False)]
    left = next(m for m in holding(ingrid, "Leksehjelp på ettermiddagen") if m.id != second.id)
    assert (await tap(ingrid, ingrid.say(NAMED), left)).text == ingrid.say(Stale.sentence)
    assert len(await topics(world)) == 1
    await forge(ingrid, f"so|{event}|0")
    await tap(ingrid, ingrid.say(ASK), ingrid.phone.last)
    await write(ingrid, "Angrer meg")
    await tap(ingrid, ingrid.say("Cancel"))
    assert len(await topics(world)) == 1
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]


async def test_there_is_room_for_a_few_topics_of_each(world: World) -> None:
    event = await invite(world)
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    for number in range(MOST_TOPICS):
        if number:
            await tap(ingrid, ingrid.say("Another topic"))
            await write(ingrid, f"Tema {number}")
            await tap(ingrid, ingrid.say(UNNAMED))
        else:
            await propose(ingrid, "Tema 0")
    assert not ingrid.has_button(ingrid.say("Another topic"), last=1)
    assert (await forge(ingrid, f"sn|{event}|1|0")).text == ingrid.say(Stale.sentence)
    assert len(await topics(world)) == MOST_TOPICS
    [(topic,)] = await world.rows("SELECT min(id) FROM topic")
    assert (await forge(lars, f"sx|{topic}")).text == lars.say(NOT_HERE), "the other guardian's topic is not his"
    assert len(await topics(world)) == MOST_TOPICS
    lars.sees_not("Tema")


async def test_topics_end_with_the_time_for_answers_and_not_every_event_has_them(world: World) -> None:
    event = await invite(world)
    ingrid = world.actor("Ingrid Berg")
    await tap(ingrid, ingrid.say(ASK))
    await write(ingrid, "For sent?")
    await world.at(2026, 12, 1, 7, 30)
    result = await ingrid.phone.tap(ingrid.say(UNNAMED))
    assert result.text == ingrid.say(DeadlinePassed.sentence)
    await world.idle()
    trip = await invite(world, kind=EventKind.TRIP, title="Skitur", answer_by=None)
    assert not any(ingrid.say(ASK) in label for label in labels(invitation_of(ingrid)))
    assert (await forge(ingrid, f"st|{trip}")).text == ingrid.say(NOT_HERE)
    assert event != trip
    assert await topics(world) == []
