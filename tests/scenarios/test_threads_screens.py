"""What stands on the screens of conversations, read as a tired parent and a busy teacher read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.messages import TEXT_LIMIT
from bot.domain.threads import THREAD_TEXT_LIMIT
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import forge, labels, tap, write
from tests.scenarios.threads_steps import SENT, act, answer, offers, open_page, say
from tests.scenarios.threads_steps import words as stored_words
from tests.scenarios.translation_steps import CLOTHES, WOODS, now, promise, translated_school, words
from tests.scenarios.world import Actor, World, _bare

ORIGINAL, BACK = "As it was written", "Conversations"
READY, AS_TYPED = "Ready sentences", "Send it like this"
SHALL_I, YES = "Shall I report this?", "Yes, report it"
CONFIDENTIAL = "🛡 In confidence: the class's teachers do not see it."


async def start_answer(home: Actor, teacher: Actor) -> None:
    """Let a home have an answer of the school under its thumb, and begin to answer it."""
    await say(home, "🙂")
    await answer(teacher, await teacher.sees("🙂"), "🙂🙂")
    await tap(home, home.say("Answer"), await home.sees("🙂🙂"))


@pytest.mark.parametrize("text", ["👍", "12.30", "https://skole.example/5a"])
async def test_words_that_are_the_same_in_every_language_have_no_way_to_the_original(
    tmp_path: Path, template: Template, text: str
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        iwona, kari = world.actor("Iwona Zielińska"), world.actor("Kari Nordmann")
        await say(iwona, words("pl"))
        translated = await kari.sees(words("nb"))
        assert offers(translated, kari.say(ORIGINAL))
        await say(iwona, text)
        same = await kari.sees(text)
        assert not offers(now(kari, same), kari.say(ORIGINAL))


async def test_a_page_with_everything_on_it_has_six_buttons_for_home_and_school(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        iwona, kari = world.actor("Iwona Zielińska"), world.actor("Kari Nordmann")
        await say(iwona, words("pl"))
        await answer(kari, await kari.sees(words("nb")), f"{WOODS} {CLOTHES}")
        await iwona.phone.send_photo(b"photo", caption=words("pl"))
        await world.forward(seconds=21)
        for number in range(2):
            await say(iwona, f"{number}")
        for person in (kari, iwona):
            assert len(labels(await open_page(person, "Nora"))) <= 6
        await answer(kari, await kari.sees("1"), f"{WOODS} {CLOTHES}")
        await say(iwona, words("pl"))
        for person in (kari, iwona):
            page = await open_page(person, "Nora")
            assert len(labels(page)) <= 6, labels(page)
            for label in ("Answer", "Older", "Show files", ORIGINAL):
                assert offers(page, person.say(label)), labels(page)
            older = await act(person, "Older", page)
            assert len(labels(older)) <= 6
            assert offers(older, person.say(BACK))


async def test_an_interpreter_opens_a_conversation_that_is_longer_than_a_screen(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        iwona, halina = world.actor("Iwona Zielińska"), world.actor("Halina Nowak")
        await promise(halina)
        for _ in range(4):
            await say(iwona, f"{words('pl')} " * 14)
        page = await open_page(iwona, "Nora")
        await act(iwona, "Interpreter", page)
        await tap(iwona, "Halina Nowak")
        await tap(iwona, iwona.say("Only this conversation"))
        await tap(iwona, str(iwona.tr.ngettext("{n} day", "{n} days", 7)))
        await write(halina, "/menu")
        await tap(halina, halina.say("Conversations I follow"))
        await tap(halina, "Nora")
        page = halina.phone.last
        assert offers(page, halina.say("Ask what was meant")), page.text
        assert len(page.text) <= TEXT_LIMIT
        assert page.text.count("…") > 1, "each is shortened a little, none of them away"
        assert page.text.count(WOODS) > 2


async def test_a_call_asked_for_in_confidence_says_so_to_those_who_are_to_call(world: World) -> None:
    amina, marit = world.actor("Amina Haddad"), world.actor("Marit Lund")
    await write(amina, "/safety")
    await tap(amina, amina.say("Please call me"))
    asked = await marit.sees("Amina Haddad")
    assert _bare(marit.say(CONFIDENTIAL)) in _bare(asked.text)
    await tap(amina, amina.say("Any time"))
    assert _bare(marit.say(CONFIDENTIAL)) in _bare(now(marit, asked).text), "also when it is drawn anew"


async def test_a_call_asked_of_the_teacher_says_nothing_of_confidence(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    await tap(ingrid, ingrid.say("Please call me"))
    asked = await kari.sees("Ingrid Berg")
    assert _bare(kari.say(CONFIDENTIAL)) not in _bare(asked.text)


async def test_what_was_handed_over_does_not_wait_for_the_teacher_any_more(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await say(ingrid, "Jeg er ikke enig med deg")
    await write(kari, "/conversations")
    assert offers(kari.phone.last, "⏳")
    page = await open_page(kari, "Noah Berg")
    await act(kari, "Yes, hand it over", await act(kari, "Hand to the leadership", page))
    await write(kari, "/conversations")
    assert not offers(kari.phone.last, "⏳")
    assert offers(kari.phone.last, "🤝")
    assert "⏳" not in kari.phone.last.text
    for waiting in (marit, ingrid):
        await write(waiting, "/conversations")
        assert offers(waiting.phone.last, "⏳")


async def test_an_answer_that_says_the_child_is_ill_reaches_the_teacher_and_can_be_reported_in_one_tap(
    world: World,
) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await start_answer(ingrid, kari)
    await write(ingrid, "Noah er syk i dag")
    await kari.sees("Noah er syk i dag")
    assert ingrid.say(SHALL_I) in ingrid.phone.last.text
    assert len(labels(ingrid.phone.last)) <= 6
    assert await world.rows("SELECT count(*) FROM absence") == [(0,)], "nothing is reported without the tap"
    await tap(ingrid, ingrid.say(YES))
    assert await world.rows("SELECT day, reason FROM absence") == [("2026-11-23", "ill")]
    assert await world.rows("SELECT count(*) FROM thread_message WHERE text LIKE 'Noah%'") == [(1,)]


async def test_an_answer_without_a_name_is_about_the_child_of_its_conversation(world: World) -> None:
    piotr, tom = world.actor("Piotr Kowalski"), world.actor("Tom Eide")
    await write(piotr, "/write")
    await tap(piotr, "Jan Kowalski")
    await write(piotr, "Jest dziś chory")
    await tom.sees("Jest dziś chory")
    await tap(piotr, piotr.say(YES), piotr.phone.last)
    assert await world.rows("SELECT p.name FROM absence a JOIN pupil p ON p.id = a.pupil_id") == [("Jan Kowalski",)]


@pytest.mark.parametrize("text", ["Noah er glad i dag", "Er Noah syk?", "Takk!"])
async def test_any_other_answer_is_only_an_answer(world: World, text: str) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await start_answer(ingrid, kari)
    await write(ingrid, text)
    await kari.sees(text)
    assert ingrid.say(SHALL_I) not in ingrid.phone.last.text
    assert not offers(ingrid.phone.last, ingrid.say(YES))


@pytest.mark.parametrize("chosen", [False, True])
async def test_a_message_typed_among_ready_sentences_is_one_tap_from_being_sent(world: World, chosen: bool) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await start_answer(ingrid, kari)
    await tap(ingrid, ingrid.say(READY))
    before = ""
    if chosen:
        await tap(ingrid, ingrid.say("Talks and thanks"))
        await tap(ingrid, "1", ingrid.phone.last)
        before = ingrid.phone.last.text.splitlines()[0] + "\n"
    await write(ingrid, "Boken lå under senga.")
    assert await world.rows("SELECT count(*) FROM thread_message WHERE text LIKE 'Boken%'") == [(0,)]
    [data] = [one.data for row in ingrid.phone.last.buttons for one in row if ingrid.say(AS_TYPED) in one.text]
    await tap(ingrid, ingrid.say(AS_TYPED), ingrid.phone.last)
    await kari.sees("Boken lå under senga.")
    assert ingrid.say(SENT, names="Kari Nordmann") in ingrid.phone.last.text
    assert (await stored_words(world))[-1] == f"{before}Boken lå under senga."
    await forge(ingrid, str(data))
    assert (await stored_words(world)).count(f"{before}Boken lå under senga.") == 1, "a second tap sends nothing"


async def test_what_is_typed_there_is_looked_at_before_it_goes_out(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    await tap(ingrid, ingrid.say(READY))
    await write(ingrid, "Noah har fått diagnosen ADHD av legen.")
    await tap(ingrid, ingrid.say(AS_TYPED))
    kari.sees_not("ADHD")
    await tap(ingrid, ingrid.say("Send anyway"))
    await kari.sees("ADHD")


async def test_too_long_a_message_typed_there_is_refused_and_asked_for_again(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await say(ingrid, "🙂")
    await tap(kari, kari.say("Answer"), await kari.sees("🙂"))
    await tap(kari, kari.say(READY))
    await write(kari, "Vi har hatt en fin uke. " * 80)
    refused = await tap(kari, kari.say(AS_TYPED))
    assert str(THREAD_TEXT_LIMIT) in (refused.text or "")
    await write(kari, "Vi har hatt en fin uke.")
    await ingrid.sees("Vi har hatt en fin uke.")


async def test_a_teacher_who_doubts_a_translation_is_not_sent_to_the_school(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        iwona, kari = world.actor("Iwona Zielińska"), world.actor("Kari Nordmann")
        await say(iwona, words("pl"))
        await tap(kari, kari.say(ORIGINAL), await kari.sees(words("nb")))
        await tap(kari, kari.say("The translation is wrong"))
        asked = "No interpreter can look at it now. If it matters, ask the home for other words, or call."
        await kari.sees(kari.say(asked))
