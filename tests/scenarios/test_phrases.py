"""Ready sentences: composed by taps, exact in every language without any engine (N8, L3)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.notices.compose import TextTooLong
from bot.actions.phrases import NotInTheList, NotSuchANumber
from bot.domain.errors import NotPermitted, Stale
from bot.domain.notices import TEXT_LIMIT, NoticeKind
from bot.domain.phrase_taps import FillSlot, PhraseAct, Phrases, PhraseStep, PhraseUse, PickPhrase
from tests.scenarios.followup_steps import pupil_id
from tests.scenarios.notices_steps import begin, forge, holding, labels, readers, send_now, stored, tap, write
from tests.scenarios.phrases_steps import READY, exactly, open_category, pick
from tests.scenarios.world import Actor, World, _bare

WEDNESDAY = date(2026, 11, 25)
MACHINE = "🤖"


async def draft_text(world: World) -> str:
    """Return the text of the newest notice."""
    return str((await stored(world, "text FROM notice ORDER BY id DESC LIMIT 1"))[0][0])


async def bring_jacket(kari: Actor) -> None:
    """Choose "Please bring a jacket on Wednesday" for the draft."""
    await open_category(kari, "bring")
    await pick(kari, "bring_thing")
    while not kari.has_button("jakke", last=1):
        await tap(kari, "▶️")
    await tap(kari, "jakke")
    await tap(kari, kari.tr.short_day(WEDNESDAY))


async def test_a_class_reads_ready_sentences_exactly_though_there_is_no_engine(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    homes = [world.actor(name) for name in ("Amina Haddad", "James Miller", "Piotr Kowalski")]
    await begin(kari)
    await bring_jacket(kari)
    await open_category(kari, "days")
    await pick(kari, "school_starts")
    await write(kari, "10.00")
    await tap(kari, kari.tr.short_day(WEDNESDAY))
    bring = {"thing": "jacket", "day": WEDNESDAY.isoformat()}
    starts = {"time": "10:00", "day": WEDNESDAY.isoformat()}
    assert (
        await draft_text(world) == "Husk jakke onsdag 25. november.\nSkolen begynner klokken 10:00 onsdag 25. november."
    )
    await tap(kari, kari.say("Done"))
    await send_now(kari)
    for home in homes:
        received = await home.sees(exactly(home, "bring_thing", **bring))
        assert _bare(exactly(home, "school_starts", **starts)) in _bare(received.text)
        assert MACHINE not in received.text, "people wrote these words, in every language"
    assert await stored(world, "DISTINCT engine, state, made_by FROM rendering") == [("", "ready", "phrasebook")]


async def test_one_home_reads_about_its_child_in_polish(world: World) -> None:
    tom, piotr, anna = (world.actor(name) for name in ("Tom Eide", "Piotr Kowalski", "Anna Kowalska"))
    await begin(tom, "2B, Jan Kowalski")
    await open_category(tom, "health")
    await pick(tom, "fell_fine", "Jan")
    assert await draft_text(world) == "Jan falt i dag, men alt er bra.", "whose child it is needs no question"
    await tap(tom, tom.say("Done"))
    await send_now(tom)
    for home in (piotr, anna):
        received = await home.sees("Zdarzył się dziś upadek (Jan), ale wszystko jest w porządku.")
        assert MACHINE not in received.text
    assert readers(world, "upadek") == {"Piotr Kowalski", "Anna Kowalska"}


async def test_a_sentence_about_a_child_is_not_offered_to_a_class(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await tap(kari, kari.say(READY))
    assert not kari.has_button(kari.say("Praise"), last=1)
    await write(kari, "feber")
    assert "feber" in (kari.phone.last.text or "")
    await kari.sees(kari.say("No ready sentence has these words. Try another word, or choose what it is about."))
    [(notice,)] = await stored(world, "max(id) FROM notice")
    await forge(kari, PickPhrase(PhraseUse.NOTICE, int(str(notice)), "fever").pack())
    assert await draft_text(world) == ""


async def test_a_word_finds_sentences_and_own_words_can_stand_beside_them(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await tap(kari, kari.say(READY))
    await write(kari, "lus")
    await pick(kari, "lice")
    # one class is meant, so nobody asks which
    assert await draft_text(world) == "Det er hodelus i klasse 5A, så sjekk gjerne håret til barnet i dag."
    await write(kari, "Vi har det fint.")
    await tap(kari, kari.say("Add my words"))
    assert (await draft_text(world)).splitlines()[1:] == ["Vi har det fint."]
    await kari.sees("Vi har det fint.")
    await tap(kari, kari.say("Done"))
    await kari.sees_button(kari.say("Send now"))


async def test_a_whole_message_typed_there_is_not_lost(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await tap(kari, kari.say(READY))
    message = "Vi har hatt en fin uke. " * 80
    await write(kari, message)
    await tap(kari, kari.say("Add my words"))
    assert await draft_text(world) == message.strip()
    await write(kari, message * 2)
    refused = await tap(kari, kari.say("Add my words"))
    length = len(message.strip()) + 1 + len((message * 2).strip())
    assert kari.say(TextTooLong.sentence, length=length, limit=TEXT_LIMIT) in (refused.text or "")
    assert await draft_text(world) == message.strip()


async def test_a_double_tap_adds_a_sentence_once(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    [(notice,)] = await stored(world, "max(id) FROM notice")
    await open_category(kari, "days")
    for _ in range(2):
        await forge(kari, PickPhrase(PhraseUse.NOTICE, int(str(notice)), "plan_ready").pack())
    assert await draft_text(world) == "Den nye ukeplanen er klar."
    await open_category(kari, "bring")
    await pick(kari, "bring_thing")
    await tap(kari, "matpakke")
    day = FillSlot(PhraseUse.NOTICE, int(str(notice)), "bring_thing", "day", WEDNESDAY.isoformat()).pack()
    for _ in range(2):
        last = await forge(kari, day)
    assert kari.say(Stale.sentence) in (last.text or "")
    assert (await draft_text(world)).splitlines() == [
        "Den nye ukeplanen er klar.",
        "Husk matpakke onsdag 25. november.",
    ]
    await kari.sees("Husk matpakke onsdag 25. november.")


async def test_back_leads_to_the_text_again_and_wrong_answers_are_asked_anew(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await tap(kari, kari.say(READY))
    await tap(kari, kari.say("Back"))
    await open_category(kari, "bring")
    await pick(kari, "read_daily")
    await write(kari, "ganske mange")
    await kari.sees(kari.say(NotSuchANumber.sentence))
    await write(kari, "15")
    assert await draft_text(world) == "Les gjerne sammen med barnet i 15 minutter hver dag."
    await open_category(kari, "bring")
    await pick(kari, "bring_thing")
    await write(kari, "gull")
    await kari.sees(kari.say(NotInTheList.sentence))
    await tap(kari, kari.say("Back"))
    await write(kari, "takk")
    assert "takk" in (kari.phone.last.text or ""), "the question for the thing is over: this is looked for"


async def test_a_place_of_its_own_name_stands_there_as_it_is_written(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await begin(kari)
    await open_category(kari, "days")
    await pick(kari, "collect_at")
    await write(kari, "Frognerparken")
    await tap(kari, "14:00")
    assert await draft_text(world) == "Du kan hente barnet ved «Frognerparken» klokken 14:00."
    await tap(kari, kari.say("Done"))
    await send_now(kari)
    received = await amina.sees(exactly(amina, "collect_at", place="=Frognerparken", time="14:00"))
    assert MACHINE not in received.text


async def test_only_the_author_of_a_draft_adds_to_it(world: World) -> None:
    kari, nina, amina = (world.actor(name) for name in ("Kari Nordmann", "Nina Sørli", "Amina Haddad"))
    await begin(kari)
    [(notice,)] = await stored(world, "max(id) FROM notice")
    ref = int(str(notice))
    for other in (nina, amina):
        for data in (
            Phrases(PhraseUse.NOTICE, ref).pack(),
            Phrases(PhraseUse.NOTICE, ref, "days").pack(),
            PickPhrase(PhraseUse.NOTICE, ref, "plan_ready").pack(),
            PhraseAct(PhraseUse.NOTICE, ref, PhraseStep.OWN).pack(),
        ):
            answer = await forge(other, data)
            assert other.say(NotPermitted.sentence) in (answer.text or "")
    assert await draft_text(world) == ""


@pytest.mark.parametrize("data", ["fb|n|1|", "fb|z|1||0", "fe|n|1|nothing|x", "fh|n|1|bring_thing|day", "fj|n|1|fly"])
async def test_a_forged_button_changes_nothing(world: World, data: str) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await forge(kari, data)
    assert await draft_text(world) == ""


async def test_a_mother_writes_by_taps_and_the_teacher_reads_norwegian(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    ali = await pupil_id(world, "Ali Haddad")
    await write(amina, "/write")
    await tap(amina, amina.say(READY))
    await open_category(amina, "coming")
    await pick(amina, "i_collect", "Ali")
    await tap(amina, amina.tr.short_day(WEDNESDAY))
    await write(amina, "13:15")
    kari.sees_not("Ali onsdag")
    await amina.sees(exactly(amina, "i_collect", child="Ali", day=WEDNESDAY.isoformat(), time="13:15"))
    await tap(amina, amina.say("Send it"))
    await world.forward(seconds=60)
    received = await kari.sees("Jeg henter Ali onsdag 25. november klokken 13:15.")
    assert MACHINE not in received.text
    assert await stored(world, "count(*) FROM thread_message") == [(1,)]
    again = await forge(amina, PhraseAct(PhraseUse.HOME, ali, PhraseStep.SEND).pack())
    assert amina.say(Stale.sentence) in (again.text or ""), "a second tap sends nothing"
    assert await stored(world, "count(*) FROM thread_message") == [(1,)]


async def test_a_teacher_answers_by_taps_in_the_conversation(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await write(amina, "/write")
    await write(amina, "مرحبا")
    await world.forward(seconds=60)
    await tap(kari, kari.say("Answer"), await kari.sees("مرحبا"))
    await open_category(kari, "praise")
    await pick(kari, "praise_helped", "Ali")
    await open_category(kari, "contact")
    await pick(kari, "thanks_message")
    await tap(kari, kari.say("Send it"))
    await world.forward(seconds=60)
    answer = await amina.sees(exactly(amina, "praise_helped", child="Ali"))
    assert exactly(amina, "thanks_message") in answer.text
    assert MACHINE not in answer.text


async def test_a_guardian_cannot_use_anothers_child_or_conversation(world: World) -> None:
    amina, james = world.actor("Amina Haddad"), world.actor("James Miller")
    sara = await pupil_id(world, "Sara Miller")
    await write(james, "/write")
    await write(james, "Hello")
    await world.forward(seconds=60)
    [(thread,)] = await stored(world, "id FROM thread")
    for data in (Phrases(PhraseUse.HOME, sara).pack(), Phrases(PhraseUse.ANSWER, int(str(thread))).pack()):
        answer = await forge(amina, data)
        assert amina.say(NotPermitted.sentence) in (answer.text or "")


async def test_going_back_asks_for_the_message_again(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await write(amina, "/write")
    await tap(amina, amina.say(READY))
    await tap(amina, amina.say("Back"))
    await amina.sees(amina.say("✍️ Write your message now."))
    assert amina.say(READY) in " ".join(labels(amina.phone.last))
    await write(amina, "مرحبا")
    await world.forward(seconds=60)
    await kari.sees("مرحبا")
    assert (
        holding(amina, amina.say("No ready sentence has these words. Try another word, or choose what it is about."))
        == []
    )


async def test_a_photo_sent_while_choosing_belongs_to_the_draft(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await open_category(kari, "days")
    await pick(kari, "plan_ready")
    await kari.phone.send_photo(b"picture")
    await world.idle()
    await kari.sees_button(kari.say("Send now"))
    assert await stored(world, "count(*) FROM notice_file") == [(1,)]
    assert await draft_text(world) == "Den nye ukeplanen er klar."


async def test_praise_in_a_draft_begins_with_the_praising_sentences(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A, Ali Haddad", NoticeKind.PRAISE)
    await tap(kari, kari.say(READY))
    await pick(kari, "praise_courage", "Ali")
    assert await draft_text(world) == "Det var fint å se at Ali viste mot i dag."
