"""What of a booked conference is whose: the wish for an interpreter, and what made-up buttons bring (P7, P9)."""

from __future__ import annotations

from tests.scenarios.conference_steps import book_label, booked, day_label, lay_out, take, times
from tests.scenarios.leave_steps import last_text, said
from tests.scenarios.notices_steps import forge, holding, tap, write
from tests.scenarios.world import World


async def test_the_other_guardian_moves_an_interpreted_talk_without_reading_whose_wish_that_is(world: World) -> None:
    kari, amina, omar = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "Omar Haddad"))
    await lay_out(kari)
    await take(amina, "13:25", interpreter=True)
    await tap(amina, amina.say("Interpreter"))
    woman = amina.phone.messages[-1].buttons[0][1].text
    await tap(amina, woman)
    [(talk,)] = await world.rows("SELECT id FROM talk")
    line = await omar.sees(said(omar, "Booked or changed by {name}.", name="Amina Haddad"))
    assert len(holding(omar, said(omar, "Booked or changed by {name}.", name="Amina Haddad"))) == 1, "not of details"
    await tap(omar, omar.say("Look at the talk"), line)
    assert not omar.has_button(omar.say("Interpreter"), last=1)
    [(version,)] = await world.rows("SELECT version FROM talk")
    for data in (f"cx|{talk}|{version}|i", f"ci|{talk}|{version}|ar|man", f"ci|{talk}|{version}|ar|dialect"):
        await forge(omar, data)
    await forge(omar, f"cx|{talk}|{version}|m")
    await tap(omar, day_label(omar))
    assert not omar.has_button(omar.say("Without an interpreter"), last=1)
    await tap(omar, "13:50")
    await tap(omar, "✅ " + omar.say("Book this time"))
    assert await booked(world) == [("Ali Haddad", "13:50", "ar")], "her interpreter comes along"
    assert [one[0] for one in await times(world) if one[1]] == ["13:50", "14:15"]
    assert await world.rows("SELECT gender, p.name FROM talk JOIN person p ON p.id = talk.booked_by") == [
        ("woman", "Amina Haddad")
    ]
    wish = said(amina, "🗣 Interpreter: {details}", details="").strip()
    assert not holding(omar, wish), "the wish is hers and the school's (P9)"
    moved = await amina.sees(said(amina, "Booked or changed by {name}.", name="Omar Haddad"))
    assert wish in moved.text


async def test_who_books_again_what_the_other_guardian_cancelled_gets_no_old_wish(world: World) -> None:
    kari, amina, omar = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "Omar Haddad"))
    await lay_out(kari)
    await take(amina, "13:25", interpreter=True)
    await tap(amina, amina.say("Interpreter"))
    await tap(amina, amina.phone.messages[-1].buttons[0][1].text)
    [(talk, version)] = await world.rows("SELECT id, version FROM talk")
    await forge(amina, f"cx|{talk}|{version}|y")
    cancelled = await omar.sees(said(omar, "❌ Cancelled by {name}.", name="Amina Haddad"))
    await tap(omar, omar.say("Look at the talk"), cancelled)
    await tap(omar, omar.say("Choose a time"))
    await tap(omar, day_label(omar))
    await tap(omar, "13:50")
    await tap(omar, book_label(omar, interpreter=True))
    assert await world.rows("SELECT gender, dialect FROM talk") == [("any", "")]


async def test_a_question_about_talks_that_were_called_off_swallows_nothing_more(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await lay_out(kari)
    await take(amina, "13:25", interpreter=True)
    await tap(amina, amina.say("Interpreter"))
    await tap(amina, amina.say("Dialect"))
    assert await world.rows("SELECT expects FROM dialogue WHERE expects != ''") == [("round.dialect",)]
    [(event,)] = await world.rows("SELECT event_id FROM talk_round")
    await forge(kari, f"co|{event}|y|0")
    await write(amina, "حلب")
    assert await world.rows("SELECT expects FROM dialogue WHERE expects = 'round.dialect'") == []


async def test_a_week_that_no_button_offers_is_the_last_one(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await lay_out(kari)
    await forge(kari, "cs|-1")
    [(event, version)] = await world.rows("SELECT id, version FROM event WHERE state = 'draft'")
    await forge(kari, f"cw|{event}|{version}|2147483646")
    assert said(kari, "<b>On which day?</b>") in last_text(kari)
    assert await world.rows("SELECT count(*) FROM set_aside_update") == [(0,)]
