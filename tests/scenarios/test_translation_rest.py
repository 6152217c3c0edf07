"""Agendas, summaries, what was agreed, leave and questions: each read in its reader's language (L2, L3)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.conferences import PointOwner
from bot.domain.event_taps import EventView
from bot.domain.rendering_taps import DisputeRendering, ShowOriginal
from tests.scenarios.conftest import Template
from tests.scenarios.events_steps import call_meeting, look
from tests.scenarios.leave_steps import ask_leave, grant
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, stored, tap, write
from tests.scenarios.polls_steps import ask
from tests.scenarios.talks_steps import after_talk, agree, book, send_it
from tests.scenarios.translation_steps import (
    MACHINE,
    ON_ITS_WAY,
    SENTENCES,
    TEXT,
    holds,
    mark,
    reads,
    translated_school,
    words,
)

FIRE, CLOTHES = 0, 1
ORIGINAL, WRONG = "As it was written", "The translation is wrong"
LUNCH = {
    "nb": "Vi skal spise lunsj ute.",
    "en": "We are going to have lunch outside.",
    "pl": "Zjemy lunch na dworze.",
    "ar": "سنتناول الغداء في الخارج.",
}
TRANSLATED = "🌐 The text above, translated:"


async def test_an_agenda_is_translated_turned_over_doubted_and_translated_anew_when_it_changes(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template, LUNCH) as (world, _):
        kari, piotr, tom = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Tom Eide"))
        event = await call_meeting(kari, agenda=TEXT)
        message = await piotr.sees(words("pl"))
        assert holds(message, mark(piotr, MACHINE))
        [(rendering, version)] = await stored(
            world, f"id, version FROM rendering WHERE subject = 'event' AND subject_id = {event} AND language = 'pl'"
        )
        await tap(piotr, piotr.say(ORIGINAL), message)
        shown = await piotr.sees(TEXT)
        assert any(piotr.say(WRONG) in label for label in labels(shown))
        result = await forge(tom, ShowOriginal(int(str(rendering))).pack())
        assert result.text == tom.say(NOT_HERE), "he is neither invited nor has he called it"
        await tap(piotr, piotr.say(WRONG), shown)
        nobody = "Nobody at the school can correct it now. If you want to be sure, write to the school."
        assert holding(piotr, piotr.say(nobody))
        assert holding(piotr, piotr.say(TRANSLATED)) == [], "nobody is sent the same words once more"
        await forge(piotr, DisputeRendering(int(str(rendering)), int(str(version))).pack())
        assert piotr.phone.last in holding(piotr, piotr.say("That is noted already."))

        await look(kari, event, EventView.CHANGE)
        await tap(kari, kari.say("Agenda"))
        await write(kari, LUNCH["nb"])
        await tap(kari, "📨")
        told = await piotr.sees(LUNCH["pl"])
        assert holds(told, mark(piotr, MACHINE))
        assert await stored(world, f"disputed_at FROM rendering WHERE id = {rendering}") == [(None,)]
        assert holding(piotr, piotr.say(TRANSLATED)) == [], "the invitation itself says it"


async def test_an_agenda_whose_translation_comes_late_is_answered_with_it(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template) as (world, engine):
        kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
        known = dict(engine.answers)
        for one in [key for key in known if key[1] == "pl"]:
            del engine.answers[one]
        await call_meeting(kari, agenda=TEXT)
        message = await piotr.sees(TEXT)
        assert holds(message, mark(piotr, ON_ITS_WAY))
        assert not any(piotr.say(ORIGINAL) in label for label in labels(message))
        engine.answers |= known
        await world.forward(minutes=2)
        late = await piotr.sees(words("pl"))
        assert holds(late, piotr.say(TRANSLATED), mark(piotr, MACHINE))
        assert late.reply_to_id == message.id
        assert len(holding(piotr, piotr.say(TRANSLATED))) == 1


async def test_what_was_agreed_and_the_summary_are_read_in_the_homes_language(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template, LUNCH) as (world, _):
        amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
        talk = await book(world, "Ali Haddad", "Amina Haddad")
        await world.at(2026, 11, 28, 16, 0)
        await tap(amina, amina.say("Prepare the talk"))
        await write(amina, LUNCH["ar"])
        await amina.sees(LUNCH["ar"])
        amina.sees_not(LUNCH["nb"])

        await after_talk(world)
        await tap(kari, "📝 Ali Haddad")
        prepared = await kari.sees(LUNCH["nb"])
        await reads(kari, prepared, mark(kari, MACHINE, "ar"))
        await tap(kari, kari.say("Write the summary"))
        await write(kari, SENTENCES["nb"][FIRE])
        await agree(kari, PointOwner.HOME, SENTENCES["nb"][CLOTHES], 1)
        await send_it(kari)
        told = await amina.sees(SENTENCES["ar"][FIRE])
        assert holds(told, f"1. {SENTENCES['ar'][CLOTHES]} 🤖", mark(amina, MACHINE))
        assert not holds(told, SENTENCES["nb"][CLOTHES])
        await tap(amina, amina.say(ORIGINAL), told)
        assert holds(amina.phone.last, *SENTENCES["nb"]), "the summary, and what stands beside it"
        assert {row[0] for row in await stored(world, "subject FROM rendering")} >= {"talk", "point", "preparation"}
        omar = world.actor("Omar Haddad")
        [(rendering,)] = await stored(world, "id FROM rendering WHERE subject = 'preparation'")
        result = await forge(omar, ShowOriginal(int(str(rendering))).pack())
        assert result.text == omar.say(NOT_HERE), "what one guardian writes is not the other's to read (P9)"
        assert talk


async def test_why_a_home_asks_for_leave_and_the_schools_sentence_are_translated_both_ways(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template, LUNCH) as (world, _):
        amina, omar, kari = (world.actor(name) for name in ("Amina Haddad", "Omar Haddad", "Kari Nordmann"))
        await ask_leave(amina, "14.12", "16.12", LUNCH["ar"])
        asked = await kari.sees(LUNCH["nb"])
        assert holds(asked, mark(kari, MACHINE, "ar"))
        await tap(kari, kari.say(ORIGINAL), asked)
        assert holding(kari, LUNCH["ar"])
        [(rendering,)] = await stored(world, "id FROM rendering WHERE subject = 'leave'")
        result = await forge(omar, ShowOriginal(int(str(rendering))).pack())
        assert result.text == omar.say(NOT_HERE), "the reason is the asker's own (P9)"
        await tap(kari, kari.say("Grant with a word"), asked)
        await write(kari, SENTENCES["nb"][CLOTHES])
        for guardian in (amina, omar):
            told = await guardian.sees(SENTENCES["ar"][CLOTHES])
            assert holds(told, mark(guardian, MACHINE))
        assert grant(kari)


async def test_a_question_is_read_in_each_language_and_what_is_only_written_asks_nobody(
    tmp_path: Path, template: Template
) -> None:
    question = {
        "nb": "Skal vi ha juleverksted?",
        "en": "Shall we have a Christmas workshop?",
        "pl": "Czy zrobimy świąteczne warsztaty?",
        "ar": "هل نقيم ورشة عمل لعيد الميلاد؟",
    }
    async with translated_school(tmp_path, template, question) as (world, engine):
        kari, piotr, amina = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Amina Haddad"))
        await ask(kari, question["nb"])
        for home in (piotr, amina):
            message = await home.sees(question[home.language])
            assert holds(message, mark(home, MACHINE))
            assert any(home.say(ORIGINAL) in label for label in labels(message))
        assert engine.requests == 3
