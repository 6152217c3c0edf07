"""A notice at homes of four languages: translated, marked, turned over, corrected, doubted (L1, L3–L6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.rendering_taps import DisputeRendering, ShowOriginal
from bot.simulator import SimMessage
from bot.translation.phrasebook import phrasebook
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import (
    NOT_HERE,
    UNDERSTOOD,
    forge,
    holding,
    labels,
    send,
    send_now,
    shut_out,
    stored,
    tap,
    write,
)
from tests.scenarios.translation_steps import (
    CLOTHES,
    DOUBTED,
    MACHINE,
    NOT_YET,
    ON_ITS_WAY,
    SENTENCES,
    TEXT,
    WOODS,
    holds,
    mark,
    now,
    promise,
    reads,
    renderings,
    translated_school,
    words,
)
from tests.scenarios.world import Actor, World

PLACE = {
    "nb": "Kom til porten klokken 08:30.",
    "en": "Come to the gate at 08:30.",
    "pl": "Przyjdźcie do bramy o 08:30.",
    "ar": "تعالوا إلى البوابة في الساعة 08:30.",
}
WRONG, ORIGINAL = "The translation is wrong", "Show as it was written"
CHANGED = {"nb": "Vi skal spise lunsj ute.", "pl": "Zjemy lunch na dworze.", "ar": "سنتناول الغداء في الخارج."}
CHANGED["en"] = "We are going to have lunch outside."
BETTER = "Rozpalimy ognisko w lesie. Dzieciom przydadzą się ciepłe ubrania i dobre buty."


def people(world: World, *names: str) -> tuple[Actor, ...]:
    return tuple(world.actor(name) for name in names)


def the_one(reader: Actor, text: str) -> SimMessage:
    [message] = holding(reader, text)
    return message


async def test_every_home_reads_it_in_its_language_with_a_mark_and_the_original_is_one_tap_away(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, engine):
        kari, piotr, amina, ingrid = people(world, "Kari Nordmann", "Piotr Kowalski", "Amina Haddad", "Ingrid Berg")
        await send(kari, TEXT)
        for reader in (piotr, amina):
            message = the_one(reader, words(reader.language))
            assert holds(message, mark(reader, MACHINE))
            reader.sees_not(WOODS)
            await tap(reader, reader.say(ORIGINAL), message)
            turned = now(reader, message)
            assert holds(turned, TEXT)
            assert any(reader.say(WRONG) in label for label in labels(turned))
            await tap(reader, reader.say("Back to my language"), turned)
            assert holds(now(reader, message), words(reader.language), mark(reader, MACHINE))
        own = the_one(ingrid, TEXT)
        assert "🤖" not in own.content
        assert not any(ingrid.say(ORIGINAL) in label for label in labels(own))
        assert await renderings(world, "language, state, made_by, text") == [
            (code, "ready", "engine", words(code)) for code in ("ar", "en", "pl")
        ]
        assert engine.requests == 3, "one for each language, whatever the number of homes and sentences"
        assert len(engine.asked) == 6


async def test_the_time_of_grace_is_used_and_nothing_of_what_is_taken_back_is_read(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, engine):
        kari, piotr = people(world, "Kari Nordmann", "Piotr Kowalski")
        await write(kari, "/new")
        await tap(kari, "5A")
        await tap(kari, kari.say("Message"))
        await write(kari, TEXT)
        await tap(kari, kari.say("Send now"))
        assert engine.requests == 3, "asked for while it can still be taken back"
        assert await stored(world, "count(*) FROM delivery") == [(0,)]
        await tap(kari, kari.say("Take it back"))
        await world.forward(seconds=30)
        piotr.sees_not(words("pl"))
        await send_now(kari)
        assert holds(the_one(piotr, words("pl")), mark(piotr, MACHINE))
        assert engine.requests == 3, "and what was made is used"


async def test_ready_sentences_are_exact_and_need_neither_an_engine_nor_a_mark(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, engine):
        kari, piotr, amina = people(world, "Kari Nordmann", "Piotr Kowalski", "Amina Haddad")
        await send(kari, "Den nye ukeplanen er klar. Skriv gjerne barnets navn i klær og sko.")
        for reader in (piotr, amina):
            exact = " ".join(phrasebook().render(key, reader.language, {}) for key in ("plan_ready", "name_tags"))
            message = the_one(reader, exact)
            assert "🤖" not in message.content
            assert "🌐" not in message.content
        assert engine.requests == 0
        assert {row[0] for row in await renderings(world, "made_by")} == {"phrasebook"}


async def test_without_an_engine_the_original_goes_out_at_once_and_changes_in_place_when_it_is_back(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, engine):
        kari, piotr = people(world, "Kari Nordmann", "Piotr Kowalski")
        engine.fail()
        await send(kari, TEXT, "5A, Zofia Kowalska")
        message = the_one(piotr, TEXT)
        assert holds(message, mark(piotr, ON_ITS_WAY))
        await tap(piotr, piotr.say(UNDERSTOOD), message)
        before = len(piotr.phone.messages)
        engine.come_back()
        await world.forward(minutes=11)
        changed = await reads(piotr, message, words("pl"), mark(piotr, MACHINE))
        assert f"✅ {piotr.say(UNDERSTOOD)}" in labels(changed), "what the home has answered stays"
        assert len(piotr.phone.messages) == before, "an edit, and nothing else"
        assert await stored(world, "DISTINCT revision FROM notice") == [(1,)]


async def test_a_translation_that_loses_the_time_is_not_shown_and_a_person_is_asked(
    tmp_path: Path, template: Template
) -> None:
    wrong = {**PLACE, "ar": "تعالوا إلى البوابة غدا."}
    async with translated_school(tmp_path, template, wrong) as (world, engine):
        engine.otherwise = lambda _, target, text: (
            wrong["ar"]
            if target == "ar"
            else text.replace(
                "Kom til porten klokken", {"pl": "Przyjdźcie do bramy o", "en": "Come to the gate at"}[target]
            )
        )
        kari, piotr, amina, yusuf = people(world, "Kari Nordmann", "Piotr Kowalski", "Amina Haddad", "Yusuf Rahman")
        await promise(yusuf)
        before = len(yusuf.phone.messages)
        await send(kari, PLACE["nb"])
        assert holds(the_one(piotr, PLACE["pl"]), mark(piotr, MACHINE))
        message = the_one(amina, PLACE["nb"])
        assert holds(message, mark(amina, ON_ITS_WAY))
        amina.sees_not(wrong["ar"])
        assert await stored(world, "state, trouble FROM rendering WHERE language = 'ar'") == [("human", "guard")]
        assert len(yusuf.phone.messages) == before + 1, "he is told that there is something to do"


async def test_nothing_is_promised_where_nobody_can_help(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template, translation_engines="") as (world, _):
        kari, piotr = people(world, "Kari Nordmann", "Piotr Kowalski")
        await send(kari, TEXT)
        assert holds(the_one(piotr, TEXT), mark(piotr, NOT_YET))


async def test_a_corrected_notice_is_translated_anew_and_the_old_words_are_gone(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template, CHANGED) as (world, _):
        kari, piotr = people(world, "Kari Nordmann", "Piotr Kowalski")
        await send(kari, TEXT)
        message = the_one(piotr, words("pl"))
        await tap(kari, kari.say("Correct"))
        await write(kari, CHANGED["nb"])
        await tap(kari, kari.say("Correct and tell everyone"))
        changed = await reads(piotr, message, CHANGED["pl"], mark(piotr, MACHINE))
        assert not holds(changed, SENTENCES["pl"][0])
        assert await stored(world, "text FROM rendering_version WHERE version = 2 ORDER BY text LIMIT 1") != []
        assert await stored(world, f"count(*) FROM rendering WHERE text = '{CHANGED['pl']}'") == [(1,)]
        assert await stored(world, "count(*) FROM outgoing WHERE dedupe_key LIKE 'render:%'") == [(0,)], "one edit each"


async def _corrects(interpreter: Actor, text: str) -> None:
    await write(interpreter, "/menu")
    await tap(interpreter, interpreter.say("Translations"))
    await tap(interpreter, interpreter.say("Take the next one"))
    await tap(interpreter, interpreter.say("Correct"))
    await write(interpreter, text)


async def test_a_home_that_doubts_it_is_thanked_all_readers_see_it_and_the_interpreters_words_reach_them(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari, piotr, anna, halina = people(world, "Kari Nordmann", "Piotr Kowalski", "Anna Kowalska", "Halina Nowak")
        await promise(halina)
        await send(kari, TEXT)
        message, other = the_one(piotr, words("pl")), the_one(anna, words("pl"))
        await tap(piotr, piotr.say(UNDERSTOOD), message)
        await tap(piotr, piotr.say(ORIGINAL), message)
        await tap(piotr, piotr.say(WRONG), now(piotr, message))
        assert holding(piotr, piotr.say("An interpreter looks at it. You see the correction in the same place."))
        for reader, shown in ((piotr, message), (anna, other)):
            await reads(reader, shown, words("pl"), mark(reader, DOUBTED))
        [(rendering,)] = await stored(world, "id FROM rendering WHERE language = 'pl'")
        await forge(anna, DisputeRendering(int(str(rendering)), 2).pack())
        assert anna.phone.last in holding(anna, anna.say("That is noted already."))
        assert await stored(world, "count(*) FROM audit_entry WHERE act = 'translation.dispute'") == [(1,)]

        await _corrects(halina, BETTER)
        told = piotr.say("✏️ An interpreter has corrected the translation above. Please read it again.")
        for reader, shown in ((piotr, message), (anna, other)):
            await reads(reader, shown, BETTER)
            assert len(holding(reader, told)) == 1
        assert f"✅ {piotr.say(UNDERSTOOD)}" in labels(now(piotr, message))
        assert await stored(world, "revision, corrected_at FROM notice WHERE state = 'sent'") == [(1, None)]


@pytest.mark.parametrize("tap_of", [ShowOriginal, lambda ref: DisputeRendering(ref, 2)])
async def test_who_did_not_get_it_sees_neither_its_words_nor_changes_anything(
    tmp_path: Path, template: Template, tap_of: object
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari = world.actor("Kari Nordmann")
        await send(kari, TEXT)
        [(rendering,)] = await stored(world, "id FROM rendering WHERE language = 'pl'")
        assert callable(tap_of)
        data = str(tap_of(int(str(rendering))).pack())
        fiona, tom, roar = world.actor("Fiona O'Connell"), world.actor("Tom Eide"), await shut_out(world)
        for outsider in (fiona, tom, roar):
            result = await forge(outsider, data)
            assert result.text == outsider.say(NOT_HERE) or outsider is roar
            outsider.sees_not(CLOTHES)
        result = await forge(world.actor("Piotr Kowalski"), ShowOriginal(2**31 - 1).pack())
        assert result.text == world.actor("Piotr Kowalski").say(NOT_HERE)
        assert await stored(world, "count(*) FROM rendering WHERE disputed_at IS NOT NULL") == [(0,)]


async def test_where_nobody_interprets_the_sender_is_told_of_a_doubt_but_not_by_whom(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari, piotr = people(world, "Kari Nordmann", "Piotr Kowalski")
        await send(kari, TEXT)
        message = the_one(piotr, words("pl"))
        await tap(piotr, piotr.say(ORIGINAL), message)
        await tap(piotr, piotr.say(WRONG), now(piotr, message))
        called = "The sender is told. If you want to be sure, tap “Please call me” under the message."
        assert holding(piotr, piotr.say(called))
        told = kari.say(
            "⚠️ A home says that the translation of “{kind}” is wrong ({language}). No interpreter of the school can "
            "look at it. You can correct the message in simpler words, or call the homes that it matters to.",
            kind=kari.say("Message"),
            language="polsk",
        )
        [report] = holding(kari, told)
        assert "Piotr" not in report.content
