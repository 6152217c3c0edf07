"""Amina writes, Kari reads and answers, Yusuf the interpreter corrects, Amina sees it (B1, L3–L6).

The same story with an engine, without one, and with one that fails in the middle.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.interpreters import AccessEnded
from bot.simulator import SimMessage
from bot.simulator.engine import EngineSimulator
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import Actor, World, open_world

ASKS = "هل يمكنني التحدث معك عن الواجبات؟"
ASKS_NB = "Kan jeg snakke med deg om leksene?"
ANSWER = "Ja, gjerne! Ring meg på torsdag kl. 14:30."
CLUMSY = "نعم، بكل سرور! رن لي يوم الخميس الساعة 14:30."
BETTER = "نعم، بكل سرور! اتصلي بي يوم الخميس الساعة 14:30."
BOOK = "الكتاب عند أخته."
BOOK_NB = "Boken er hos søsteren hans."
MACHINE = "🤖 <i>Machine translation from {language}. It may contain mistakes.</i>"
CORRECTED = "✏️ <i>Corrected by an interpreter. Written in {language}.</i>"
TRANSLATED = "✅ <i>Translated by an interpreter. Written in {language}.</i>"
ON_ITS_WAY = "🌐 <i>Written in {language}. A translation is on its way.</i>"
WAITING = "🌐 <i>Written in {language}, not translated yet.</i>"
ENDED = "✅ Ended. {name} gets nothing more of it and can open nothing of it."


def translate(source: str, target: str, text: str) -> str | None:
    """Answer as the engine of this story, a sentence at a time: masked values come and go as they are."""
    if (source, target) == ("ar", "nb"):
        return {ASKS: ASKS_NB, BOOK: BOOK_NB}.get(text)
    if text.startswith("Ring meg på torsdag kl."):
        return "رن لي يوم الخميس الساعة" + text.removeprefix("Ring meg på torsdag kl.")
    return {"Ja, gjerne!": "نعم، بكل سرور!", "Vi sees!": "إلى اللقاء!"}.get(text)


def bare(sentence: str) -> str:
    """Return a sentence without its tags, as a phone shows it."""
    return re.sub(r"</?[bi]>", "", sentence)


def mark(reader: Actor, sentence: str, code: str) -> str:
    """Return a mark as its reader sees it."""
    name = reader.tr.locale.languages["no" if code == "nb" and reader.language != "nb" else code]
    return bare(reader.say(sentence, language=name))


@asynccontextmanager
async def school(folder: Path, template: Template, engine: EngineSimulator | None) -> AsyncIterator[World]:
    """Open the school, with an engine or without one."""
    settings: dict[str, Any] = {"undo_seconds": 0, "translation_seconds": 2}
    if engine is not None:
        settings |= {"translation_engines": "libretranslate", "libretranslate_url": engine.url}
    async with open_world(folder, *template, **settings) as world:
        yield world


@pytest.fixture
async def engine() -> AsyncIterator[EngineSimulator]:
    """An engine that knows this story's sentences."""
    async with EngineSimulator(otherwise=translate) as running:
        yield running


async def promises(yusuf: Actor) -> None:
    """Yusuf promises confidentiality."""
    await write(yusuf, "/menu")
    await tap(yusuf, yusuf.say("I accept"))


async def allows(amina: Actor, message: SimMessage | None = None) -> None:
    """Amina lets Yusuf follow this conversation for a month, from the offer or from the conversation's page."""
    if message is None:
        await write(amina, "/conversations")
        await tap(amina, "Ali")
        await tap(amina, amina.say("Interpreter"))
        await tap(amina, "Yusuf Rahman")
    else:
        await tap(amina, amina.say("Yes, {name}", name="Yusuf Rahman"))
    await tap(amina, amina.say("Only this conversation"))
    await tap(amina, str(amina.tr.ngettext("{n} day", "{n} days", 30)))
    await amina.sees(amina.say("✅ Thank you. {name} gets what is written from now on.", name="Yusuf Rahman"))


async def reads(reader: Actor, message: SimMessage, *words: str) -> None:
    """Wait until a message that a person has holds these words, by its edits."""

    def there() -> bool:
        now = next(one for one in reader.phone.messages if one.id == message.id)
        plain = _plain(now.text)
        return all(_plain(word) in plain for word in words)

    await reader.until(there, f"to read {words}")


def _plain(text: str) -> str:
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


def cast(world: World) -> tuple[Actor, Actor, Actor]:
    """Return Amina, Kari and Yusuf."""
    return world.actor("Amina Haddad"), world.actor("Kari Nordmann"), world.actor("Yusuf Rahman")


async def answers(kari: Actor, received: SimMessage, text: str) -> None:
    """Kari answers under what she has read."""
    await kari.taps(kari.say("Answer"), received)
    await kari.sees(
        kari.say("✍️ Write your answer to {name} about {child} now.", name="Amina Haddad", child="Ali Haddad")
    )
    await write(kari, text)


async def corrects(yusuf: Actor, shown: SimMessage, text: str) -> None:
    """Yusuf writes the right words for what he follows."""
    await yusuf.taps(yusuf.say("Correct"), shown)
    await write(yusuf, text)
    await yusuf.sees(
        bare(yusuf.say("✅ <b>Thank you.</b> Its readers see it like this now:").replace("<b>", "").replace("</b>", ""))
    )


async def test_with_an_engine(tmp_path: Path, template: Template, engine: EngineSimulator) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, yusuf = cast(world)
        await promises(yusuf)
        await write(amina, ASKS)
        received = await kari.sees(ASKS_NB)
        assert mark(kari, MACHINE, "ar") in received.text
        assert ASKS not in received.text
        await kari.taps(kari.say("As it was written"), received)
        await kari.sees(ASKS)

        await answers(kari, received, ANSWER)
        answer = await amina.sees("الخميس")
        assert _plain(CLUMSY) in _plain(answer.text)
        assert _plain(mark(amina, MACHINE, "nb")) in _plain(answer.text)
        yusuf.sees_not(ANSWER)

        await allows(amina)
        shown = await yusuf.sees(ANSWER)
        assert _plain(CLUMSY) in _plain(shown.text), "original and translation side by side"
        await corrects(yusuf, shown, BETTER)
        await reads(amina, answer, BETTER, mark(amina, CORRECTED, "nb"))
        assert await world.rows(
            "SELECT checked, made_by FROM rendering WHERE language = 'ar' AND subject = 'message'"
        ) == [("corrected", "interpreter")]
        assert [row[0] for row in await world.rows("SELECT text FROM rendering_version")] == [CLUMSY]
        assert "Amina" not in engine.texts
        assert "Kari" not in engine.texts


async def test_without_an_engine(tmp_path: Path, template: Template) -> None:
    async with school(tmp_path, template, None) as world:
        amina, kari, yusuf = cast(world)
        await promises(yusuf)
        await write(amina, ASKS)
        received = await kari.sees(ASKS)
        assert mark(kari, WAITING, "ar") in received.text

        await tap(amina, amina.say("Yes, {name}", name="Yusuf Rahman"))
        await tap(amina, amina.say("Only this conversation"))
        await tap(amina, str(amina.tr.ngettext("{n} day", "{n} days", 30)))

        shown = await yusuf.sees(ASKS)
        await yusuf.taps(yusuf.say("Correct"), shown)
        await write(yusuf, ASKS_NB)
        await reads(kari, received, ASKS_NB, mark(kari, TRANSLATED, "ar"))

        await answers(kari, received, ANSWER)
        answer = await amina.sees(ANSWER)
        assert _plain(mark(amina, ON_ITS_WAY, "nb")) in _plain(answer.text)
        await corrects(yusuf, await yusuf.sees(ANSWER), BETTER)
        await reads(amina, answer, BETTER, mark(amina, TRANSLATED, "nb"))


async def test_with_an_engine_that_fails_in_the_middle(
    tmp_path: Path, template: Template, engine: EngineSimulator
) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, yusuf = cast(world)
        await promises(yusuf)
        await write(amina, ASKS)
        received = await kari.sees(ASKS_NB)
        engine.fail()
        await answers(kari, received, ANSWER)
        answer = await amina.sees(ANSWER)
        assert _plain(mark(amina, ON_ITS_WAY, "nb")) in _plain(answer.text), "the engine is tried again"
        await allows(amina, answer)
        await corrects(yusuf, await yusuf.sees(ANSWER), BETTER)
        await reads(amina, answer, BETTER, mark(amina, TRANSLATED, "nb"))

        engine.come_back()
        await write(amina, BOOK)
        await kari.sees(BOOK_NB)
        await world.forward(minutes=40)
        await reads(amina, answer, BETTER)
        assert await world.rows("SELECT count(*) FROM rendering WHERE checked = 'translated'") == [(1,)]


async def test_an_engine_that_comes_back_changes_what_went_out_as_it_was(
    tmp_path: Path, template: Template, engine: EngineSimulator
) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, _ = cast(world)
        engine.fail()
        await write(amina, ASKS)
        received = await kari.sees(ASKS)
        assert mark(kari, ON_ITS_WAY, "ar") in received.text
        engine.come_back()
        await world.forward(minutes=11)
        await reads(kari, received, ASKS_NB, mark(kari, MACHINE, "ar"))


async def test_an_engine_that_hangs_delays_nobody_beyond_its_time(
    tmp_path: Path, template: Template, engine: EngineSimulator
) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, _ = cast(world)
        await write(amina, BOOK)
        await kari.sees(BOOK_NB)
        engine.hang()
        await amina.send(ASKS)
        await engine.until_asked(2)
        kari.sees_not(ASKS)
        world.clock.forward(world.app.settings.to_school().translation_hold)
        received = await kari.sees(ASKS)
        assert mark(kari, ON_ITS_WAY, "ar") in received.text
        engine.come_back()


async def test_access_ends_in_the_middle_and_nothing_more_leaks(
    tmp_path: Path, template: Template, engine: EngineSimulator
) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, yusuf = cast(world)
        await promises(yusuf)
        await write(amina, ASKS)
        received = await kari.sees(ASKS_NB)
        await allows(amina)
        followed = await yusuf.sees(ASKS)
        await answers(kari, received, ANSWER)
        shown = await yusuf.sees(ANSWER)

        await write(amina, "/conversations")
        await tap(amina, "Ali")
        await tap(amina, amina.say("Interpreter"))
        await tap(amina, amina.say("End it for {name}", name="Yusuf Rahman"))
        await amina.sees(amina.say(ENDED, name="Yusuf Rahman"))

        await write(amina, BOOK)
        await kari.sees(BOOK_NB)
        await answers(kari, received, "Vi sees!")
        await amina.sees("إلى اللقاء!")
        await world.idle()
        yusuf.sees_not(BOOK)
        yusuf.sees_not(BOOK_NB)
        yusuf.sees_not("Vi sees!")
        yusuf.sees_not("إلى اللقاء!")
        before = _texts(yusuf)
        await _refused(yusuf, shown, yusuf.say("Correct"))
        await _refused(yusuf, followed, yusuf.say("Approve"))
        await write(yusuf, BETTER)
        await world.idle()
        assert not any(word in text for text in _texts(yusuf)[len(before) :] for word in (ANSWER, ASKS, ASKS_NB, BOOK))
        assert await world.rows("SELECT count(*) FROM rendering WHERE checked <> 'not'") == [(0,)]


def _texts(actor: Actor) -> list[str]:
    return [message.text for message in actor.phone.messages if message.from_bot]


async def _refused(actor: Actor, message: SimMessage, label: str) -> None:
    """Tap a button whose right is gone; the answer says so in a box."""
    result = await actor.phone.tap(label, message=message)
    assert result.text == actor.say(AccessEnded.sentence)


async def test_who_writes_in_other_letters_than_those_of_the_chosen_language_is_understood(
    tmp_path: Path, template: Template, engine: EngineSimulator
) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, _ = cast(world)
        await write(amina, "Kan jeg ringe deg?")
        received = await kari.sees("Kan jeg ringe deg?")
        assert mark(kari, MACHINE, "ar") not in received.text
        assert await world.rows("SELECT language FROM thread_message") == [("nb",)]
        assert engine.requests == 0


async def test_what_an_interpreter_corrected_is_used_again_word_for_word_without_the_engine(
    tmp_path: Path, template: Template, engine: EngineSimulator
) -> None:
    async with school(tmp_path, template, engine) as world:
        amina, kari, yusuf = cast(world)
        await promises(yusuf)
        await write(amina, ASKS)
        received = await kari.sees(ASKS_NB)
        await allows(amina)
        await answers(kari, received, ANSWER)
        await corrects(yusuf, await yusuf.sees(ANSWER), BETTER)
        asked = engine.requests
        await answers(kari, received, ANSWER.replace("14:30", "15:15"))
        await amina.sees(BETTER.replace("14:30", "15:15"))
        assert engine.requests == asked
        assert await world.rows("SELECT made_by FROM rendering ORDER BY id DESC LIMIT 1") == [("memory",)]
        kept = "\n".join(
            text for row in await world.rows("SELECT source, text FROM translation_memory") for text in row
        )
        assert "§1§" in kept
        assert "14:30" not in kept
