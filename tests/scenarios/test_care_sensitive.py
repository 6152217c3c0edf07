"""What is too private for a chat is noticed before it goes out, kindly, and nothing is lost (P5)."""

from __future__ import annotations

import pytest

from bot.actions.care.gate import HoldsNumber
from bot.domain.care_taps import CareAct, CareStep
from bot.domain.sensitive import MASK, SensitiveKind
from handlers.care_screens import KINDS
from tests.scenarios.notices_steps import NOT_HERE, begin, forge, labels, readers, tap, write
from tests.scenarios.threads_steps import UNDO, words
from tests.scenarios.world import Actor, World

NOTICED = "🔒 It looks as if this holds something very private: {kinds}."
DANGER = (
    "If somebody is in danger now, call 112 or 113. The alarm line for children and young people, 116 111, "
    "is open day and night."
)
NUMBER = "15108695088"
"""The example of the Tax Administration's rule; nobody's."""


def noticed(actor: Actor, *kinds: SensitiveKind) -> str:
    """Return the sentence that says what was noticed."""
    return actor.say(NOTICED, kinds=actor.tr.list([actor.say(KINDS[kind]) for kind in kinds]))


async def kept(world: World) -> int:
    """Return how many texts wait for their author's decision."""
    [(found,)] = await world.rows("SELECT count(*) FROM dialogue WHERE expects = 'care.text'")
    return int(found)


SAID = {
    "Ingrid Berg": ("Noah har fått en ADHD-diagnose", SensitiveKind.HEALTH),
    "James Miller": ("There was violence at home yesterday", SensitiveKind.VIOLENCE),
    "Iwona Zielińska": ("Jesteśmy po rozwodzie", SensitiveKind.FAMILY),
    "Amina Haddad": ("زوجي يضربني", SensitiveKind.VIOLENCE),
}


@pytest.mark.parametrize("name", SAID)
async def test_a_home_is_asked_before_something_very_private_goes_out(world: World, name: str) -> None:
    home, kari = world.actor(name), world.actor("Kari Nordmann")
    text, kind = SAID[name]
    await write(home, "/write")
    await write(home, text)
    shown = await home.sees(noticed(home, kind))
    assert text not in shown.text
    assert (home.say(DANGER) in shown.text) == (kind is SensitiveKind.VIOLENCE)
    assert await words(world) == []
    assert len(labels(shown)) <= 6
    assert home.say("Please call me instead") in labels(shown)[0]
    await tap(home, home.say("Send anyway"), shown)
    assert await words(world) == [text]
    assert "Kari Nordmann" in readers(world, text)
    assert await kept(world) == 0
    result = await home.taps(home.say("Send anyway"), shown) if home.has_button(home.say("Send anyway")) else None
    assert result is None or result.text == home.say(NOT_HERE)
    assert await words(world) == [text], "a second tap sends nothing"
    assert kari is not None


async def test_a_call_instead_sends_no_word_of_it(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await write(amina, "/write")
    await write(amina, "ابني مصاب بالصرع")
    await tap(amina, amina.say("Please call me instead"))
    await kari.sees("Amina Haddad")
    assert readers(world, "بالصرع") == set()
    assert await world.rows("SELECT kind, text FROM thread_message") == [("call_me", "")]
    assert await kept(world) == 0, "the words are gone"


async def test_it_can_be_written_differently_and_is_shown_so_that_nothing_is_lost(world: World) -> None:
    piotr, kari = world.actor("Piotr Kowalski"), world.actor("Kari Nordmann")
    await write(piotr, "/write")
    await tap(piotr, "Zofia")
    await write(piotr, "Zofia bierze leki na padaczkę, proszę o rozmowę")
    await tap(piotr, piotr.say("Write it differently"))
    assert "Zofia bierze leki na padaczkę, proszę o rozmowę" in piotr.phone.last.text
    await write(piotr, "Zofia ma depresję")
    await piotr.sees(noticed(piotr, SensitiveKind.HEALTH))
    assert await words(world) == []
    await write(piotr, "Proszę o rozmowę o Zofii")
    await kari.sees("Proszę o rozmowę o Zofii")
    assert await words(world) == ["Proszę o rozmowę o Zofii"]
    assert readers(world, "padaczkę") == {"Piotr Kowalski"}, "only the writer's own screen holds it"


@pytest.mark.parametrize("written", [NUMBER, "151086 95088", "15.10.86-95088"])
async def test_an_identity_number_goes_out_only_without_the_number(world: World, written: str) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    await write(ingrid, f"Fødselsnummeret er {written}.")
    shown = await ingrid.sees(noticed(ingrid, SensitiveKind.IDENTITY_NUMBER))
    assert not any(ingrid.say("Send anyway") in label for label in labels(shown))
    result = await forge(ingrid, CareAct(CareStep.ANYWAY).pack())
    assert result.text == ingrid.say(NOT_HERE), "not by a made-up button either"
    await tap(ingrid, ingrid.say("Send without the number"), shown)
    await kari.sees(f"Fødselsnummeret er {MASK}.")
    assert readers(world, written) == set()
    assert await words(world) == [f"Fødselsnummeret er {MASK}."]


async def test_what_was_written_unasked_is_looked_at_too(world: World) -> None:
    james, kari = world.actor("James Miller"), world.actor("Kari Nordmann")
    await write(james, "Please help us, she talks about suicide")
    shown = await james.sees(noticed(james, SensitiveKind.SUICIDE))
    assert james.say(DANGER) in shown.text
    await world.forward(seconds=UNDO)
    assert await words(world) == []
    await tap(james, james.say("Send anyway"), shown)
    await world.forward(seconds=UNDO)
    await kari.sees("she talks about suicide")


async def test_ordinary_illness_is_reported_without_a_question(world: World) -> None:
    ingrid, amina = world.actor("Ingrid Berg"), world.actor("Amina Haddad")
    await write(ingrid, "Noah har feber i dag")
    await write(amina, "علي مريض اليوم")
    assert await kept(world) == 0
    for home in (ingrid, amina):
        await home.sees_button(home.say("Yes, report it"))


async def test_cancelling_throws_it_away_and_the_button_is_stale(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/write")
    await write(ingrid, "Barnevernet var her")
    shown = await ingrid.sees(noticed(ingrid, SensitiveKind.CHILD_PROTECTION))
    await tap(ingrid, ingrid.say("Cancel"), shown)
    assert await kept(world) == 0
    for step in CareStep:
        result = await forge(ingrid, CareAct(step).pack())
        assert result.text == ingrid.say(NOT_HERE)
    assert await words(world) == []


async def test_the_teacher_phones_the_home_instead(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    await write(ingrid, "Kan vi snakke om Noah?")
    received = await kari.sees("Kan vi snakke om Noah?")
    await tap(kari, kari.say("Answer"), received)
    await write(kari, "Vi tror Noah kan ha ADHD")
    shown = await kari.sees(noticed(kari, SensitiveKind.HEALTH))
    assert kari.say("I call the home") in labels(shown)[0]
    await tap(kari, kari.say("I call the home"), shown)
    assert "+47 900 00 105".replace(" ", "") in kari.phone.last.text.replace(" ", "")
    assert await words(world) == ["Kan vi snakke om Noah?"]
    assert readers(world, "ADHD") == set()
    assert await kept(world) == 0


async def test_a_notice_to_a_class_is_looked_at_while_it_is_written(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await write(kari, f"Noah Berg ({NUMBER}) er med på turen.")
    shown = await kari.sees(noticed(kari, SensitiveKind.IDENTITY_NUMBER))
    assert await world.rows("SELECT text FROM notice") == [("",)]
    await tap(kari, kari.say("Send without the number"), shown)
    await kari.sees_button(kari.say("Send now"))
    assert await world.rows("SELECT text FROM notice") == [(f"Noah Berg ({MASK}) er med på turen.",)]


async def test_a_caption_is_looked_at_like_a_text(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await kari.phone.send_photo(b"picture", caption="Elevene i 5A har det bra. Vold er tema i dag.")
    await world.idle()
    shown = await kari.sees(noticed(kari, SensitiveKind.VIOLENCE))
    assert await world.rows("SELECT count(*) FROM notice_file") == [(0,)]
    await tap(kari, kari.say("Send anyway"), shown)
    assert await world.rows("SELECT count(*) FROM notice_file") == [(1,)]
    assert await world.rows("SELECT text FROM notice") == [("Elevene i 5A har det bra. Vold er tema i dag.",)]


async def test_nothing_of_it_is_audited_but_its_kind(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/write")
    await write(ingrid, "Det er vold hjemme")
    await tap(ingrid, ingrid.say("Send anyway"))
    found = await world.rows("SELECT act, detail FROM audit_entry WHERE act LIKE 'care.%' ORDER BY id")
    assert [row[0] for row in found] == ["care.noticed", "care.anyway"]
    assert not any("hjemme" in str(row[1]) for row in found)


async def test_the_message_can_be_changed_in_its_place_instead(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    written = await ingrid.phone.send("Noah har ADHD og trenger ro")
    await ingrid.sees(noticed(ingrid, SensitiveKind.HEALTH))
    await ingrid.phone.edit(written, "Noah trenger ro i timene")
    await kari.sees("Noah trenger ro i timene")
    assert await words(world) == ["Noah trenger ro i timene"]
    assert await kept(world) == 0


async def test_an_edit_brings_no_identity_number_to_its_readers(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    written = await ingrid.phone.send("Her er det du ba om")
    await kari.sees("Her er det du ba om")
    await ingrid.phone.edit(written, f"Her er det du ba om: {NUMBER}")
    await ingrid.sees(ingrid.say(HoldsNumber.sentence))
    await world.idle()
    assert NUMBER not in kari.screen(200)
    assert await words(world) == ["Her er det du ba om"]
