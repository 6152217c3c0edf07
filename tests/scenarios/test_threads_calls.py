""" "Please call me": when it suits, who has called (B5)."""

from __future__ import annotations

from bot.domain.errors import NotPermitted
from tests.scenarios.notices_steps import forge, holding, labels, readers, tap, write
from tests.scenarios.threads_steps import act, offers, open_page, thread
from tests.scenarios.world import Actor, World

WILL_CALL = "✅ Sent. {names} will call you."


async def ask(home: Actor) -> None:
    """Ask to be called."""
    await write(home, "/write")
    await tap(home, home.say("Please call me"))


async def test_home_says_when_it_suits_and_the_teacher_sees_it_in_the_same_message(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await ask(amina)
    receipt = amina.phone.last
    assert amina.say("When does a call suit you?") in receipt.text
    assert [label for label in labels(receipt) if "🕗" in label] == [
        "🕗 " + _bare(amina.say(name, time=_clock(amina, at)))
        for name, at in (("Any time", ""), ("Before {time}", "10:30"), ("Around midday", ""), ("After {time}", "14:00"))
    ]
    received = await kari.sees("Amina Haddad")
    await tap(amina, "10:30", receipt)
    morning = _bare(kari.say("Before {time}", time=_clock(kari, "10:30")))
    assert f"{_bare(kari.say('Suits: <b>{when}</b>', when='').replace('<b></b>', ''))}{morning}" in received.text
    assert await world.rows("SELECT kind, call_wish FROM thread_message") == [("call_me", "morning")]
    await tap(amina, amina.say("Around midday"), receipt)
    assert morning not in received.text
    assert kari.say("Around midday") in received.text
    assert len(holding(kari, "Amina Haddad")) == 1, "one message, changed in its place"
    assert await world.rows("SELECT call_wish FROM thread_message") == [("midday",)]


def _bare(text: str) -> str:
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


def _clock(_: Actor, at: str) -> str:
    return at


async def test_a_wish_that_comes_before_the_request_leaves_is_in_it_from_the_start(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await world.at(2026, 11, 23, 21, 0)
    await ask(amina)
    await tap(amina, amina.say("Around midday"))
    kari.sees_not("Amina Haddad")
    await world.at(2026, 11, 24, 7, 0)
    received = await kari.sees("Amina Haddad")
    assert kari.say("Around midday") in received.text
    assert len(holding(kari, "Amina Haddad")) == 1


async def test_after_the_call_nobody_waits_any_more_and_the_home_is_sent_nothing(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await ask(amina)
    received = await kari.sees("📞")
    before = len(amina.phone.messages)
    await tap(kari, kari.say("I have called"), received)
    noted = kari.say(
        "☎️ Noted: you have called {guardian} about {child}. Nobody else has to.",
        guardian="Amina Haddad",
        child="Ali Haddad",
    )
    await kari.sees(noted)
    assert kari.say("☎️ <i>{name} has called.</i>", name="Kari Nordmann").replace("<i>", "").replace("</i>", "") in (
        received.text
    )
    assert not offers(received, kari.say("I have called"))
    await world.forward(days=5)
    assert len(amina.phone.messages) == before
    assert await thread(world, "t.waits_since IS NULL", "Amina Haddad") == 1
    assert not holding(world.actor("Marit Lund"), "⏳")
    page = await open_page(amina, "Ali Haddad")
    assert amina.say("☎️ Has called.") in page.text


async def test_a_call_that_was_noted_by_mistake_is_still_to_come(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await ask(amina)
    received = await kari.sees("📞")
    await tap(kari, kari.say("I have called"), received)
    await tap(kari, kari.say("No, not yet"))
    assert offers(received, kari.say("I have called"))
    assert await thread(world, "t.waits_since IS NOT NULL", "Amina Haddad") == 1
    page = await open_page(kari, "Ali Haddad")
    assert offers(page, kari.say("I have called"))
    await act(kari, "I have called", page)
    assert await thread(world, "t.waits_since IS NULL", "Amina Haddad") == 1


async def test_a_wish_after_the_call_says_that_it_is_over(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await ask(amina)
    receipt = amina.phone.last
    await tap(kari, kari.say("I have called"), await kari.sees("📞"))
    await tap(amina, amina.say("Around midday"), receipt)
    await amina.sees(amina.say("☎️ The school has noted that it has called you. You can ask again at any time."))
    assert await world.rows("SELECT call_wish FROM thread_message WHERE kind = 'call_me'") == [(None,)]


async def test_nobody_else_says_when_it_suits_or_that_they_have_called(world: World) -> None:
    amina, tom, ingrid = (world.actor(name) for name in ("Amina Haddad", "Tom Eide", "Ingrid Berg"))
    await ask(amina)
    ((message, opened),) = await world.rows("SELECT id, thread_id FROM thread_message")
    for stranger in (tom, ingrid):
        for data in (f"tc|{message}|midday", f"td|{opened}|0", f"ts|{opened}|call"):
            assert (await forge(stranger, data)).text == stranger.say(NotPermitted.sentence)
    assert (await forge(amina, f"td|{opened}|0")).text == amina.say(NotPermitted.sentence), (
        "a home has not called itself"
    )
    assert readers(world, "📞") >= {"Kari Nordmann"}
    assert await world.rows("SELECT call_wish FROM thread_message") == [(None,)]


async def test_from_the_page_the_request_goes_to_those_who_read_that_conversation(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/skriv")
    await write(ingrid, "Noah gruer seg")
    page = await open_page(ingrid, "Noah Berg")
    await act(ingrid, "Please call me", page)
    await ingrid.sees(ingrid.say(WILL_CALL, names="Kari Nordmann"))
    await kari.sees("📞")
