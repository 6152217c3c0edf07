"""Before a notice goes out: what the machine made of it, translated back, and waiting for an interpreter (L7)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.notices import NoticeKind
from bot.domain.outgoing import OutgoingKind
from bot.i18n.words import KIND_NAMES
from bot.simulator import SimMessage
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import STALE, begin, draft, holding, labels, stored, tap, write
from tests.scenarios.translation_steps import (
    MACHINE,
    TEXT,
    holds,
    mark,
    now,
    promise,
    reads,
    translated_school,
    words,
)
from tests.scenarios.world import Actor

PLACE = "Kom til porten klokken 08:30."
WITHOUT_TIME = {"nb": "Kom til porten i morgen.", "pl": "Przyjdźcie jutro do bramy."}
OTHER = {
    "nb": "Vi skal spise lunsj ute.",
    "en": "We are going to have lunch outside.",
    "pl": "Zjemy lunch na dworze.",
    "ar": "سنتناول الغداء في الخارج.",
}
MADE, EXACT = "A machine's translation. Homes see that it is one.", "Sentences that were translated with care: exact."
TRANSLATIONS, WAIT, AT_ONCE = "Translations", "Wait for an interpreter", "Send without waiting"
WILL_WAIT = "👤 <b>It will wait for an interpreter</b>, at most a day, and you are told when it goes out."
READ = "✅ An interpreter has read the translations. “{kind}” has gone out."
UNREAD = (
    "🕗 “{kind}” has gone out without waiting longer. No interpreter has read every translation yet; homes see that, "
    "and get the corrections in the same place."
)


async def look(teacher: Actor) -> SimMessage:
    """Open the translations of the draft; return the screen once nothing on it is being made any more."""
    await tap(teacher, teacher.say(TRANSLATIONS))
    await teacher.world.idle()
    return screen(teacher)


def screen(teacher: Actor) -> SimMessage:
    """Return the newest screen of translations."""
    found = holding(teacher, bare(teacher.say("🌐 <b>How homes will read your text</b>")))
    assert found, teacher.screen()
    return found[-1]


def bare(text: str) -> str:
    for tag in ("b", "i"):
        text = text.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return text


def kind(reader: Actor) -> str:
    return reader.say(KIND_NAMES[NoticeKind.GENERAL])


async def approves(interpreter: Actor) -> None:
    """Take the next translation and approve it."""
    await write(interpreter, "/menu")
    await tap(interpreter, interpreter.say(TRANSLATIONS))
    await tap(interpreter, interpreter.say("Take the next one"))
    await tap(interpreter, interpreter.say("Approve"))


async def test_the_author_reads_each_translation_back_and_the_screen_follows_the_text(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template, OTHER) as (world, engine):
        kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
        engine.hang()
        await draft(kari, TEXT)
        await kari.taps(kari.say(TRANSLATIONS))
        shown = await kari.sees(kari.say("It is being translated …"))
        engine.come_back()
        done = await reads(kari, shown, kari.say(MADE))
        await world.idle()
        done = now(kari, shown)
        assert done.content.count(TEXT) == 3, "back from Arabic, English and Polish"
        assert done.content.count(kari.say(MADE)) == 3
        piotr.sees_not(words("pl"))

        await write(kari, OTHER["nb"])
        await world.idle()
        assert now(kari, shown).content.count(OTHER["nb"]) == 3
        assert TEXT not in now(kari, shown).content
        assert await stored(world, f"count(*) FROM outgoing WHERE kind = '{OutgoingKind.TRANSLATIONS}'") != [(0,)]
        result = await tap(kari, kari.say("Send now"), now(kari, shown))
        assert result.text is None or result.text == kari.say(STALE)
        await world.forward(seconds=21)
        [message] = holding(piotr, OTHER["pl"])
        assert holds(message, mark(piotr, MACHINE))
        assert labels(now(kari, shown)) == [], "nothing can be done there any more"


async def test_a_lost_time_is_named_and_ready_sentences_are_called_exact(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template) as (world, engine):
        engine.otherwise = lambda _, target, text: WITHOUT_TIME[target] if target == "pl" else text
        kari = world.actor("Kari Nordmann")
        await draft(kari, PLACE, "5A, Zofia Kowalska")
        shown = await look(kari)
        assert holds(shown, kari.say("The time {what} got lost or was changed.", what="08:30"))
        assert holds(shown, kari.say("So homes get your own words. Nobody at the school interprets this language."))
        await write(kari, "Den nye ukeplanen er klar.")
        await world.idle()
        assert holds(now(kari, shown), kari.say(EXACT))


async def test_a_draft_whose_text_was_not_translated_asks_nobody(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template, translation_engines="") as (world, _):
        kari, halina = world.actor("Kari Nordmann"), world.actor("Halina Nowak")
        await promise(halina)
        before = len(halina.phone.messages)
        await draft(kari, TEXT)
        shown = await look(kari)
        assert holds(shown, kari.say("No machine of the school translates into this language."))
        assert len(halina.phone.messages) == before
        await tap(kari, kari.say("Send now"), shown)
        await world.idle()
        assert len(halina.phone.messages) == before + 1, "she is asked when it is on its way"


async def test_it_waits_for_the_interpreter_goes_out_when_she_has_read_it_and_its_author_is_told(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari, piotr, halina = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Halina Nowak"))
        await promise(halina)
        await draft(kari, TEXT)
        shown = await look(kari)
        await tap(kari, kari.say(WAIT), shown)
        assert holds(now(kari, shown), bare(kari.say(WILL_WAIT)))
        await tap(kari, kari.say("Send now"), now(kari, shown))
        assert any(kari.say(AT_ONCE) in label for label in labels(kari.phone.last))
        await world.forward(minutes=30)
        assert await stored(world, "count(*) FROM delivery") == [(0,)]
        piotr.sees_not(words("pl"))
        await approves(halina)
        await world.idle()
        [message] = holding(piotr, words("pl"))
        checked = "✅ <i>Translation checked by an interpreter. Written in {language}.</i>"
        assert holds(message, mark(piotr, checked))
        assert holding(kari, kari.say(READ, kind=kind(kari)))
        assert len(holding(kari, kari.say(READ, kind=kind(kari)))) == 1


async def test_nobody_reads_it_and_after_a_day_it_goes_out_all_the_same(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari, piotr, halina = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Halina Nowak"))
        await promise(halina)
        await draft(kari, TEXT)
        await tap(kari, kari.say(WAIT), await look(kari))
        await tap(kari, kari.say("Send now"), screen(kari))
        await world.forward(hours=23)
        assert holding(piotr, words("pl")) == []
        await world.forward(hours=1, minutes=1)
        [message] = holding(piotr, words("pl"))
        assert holds(message, mark(piotr, MACHINE))
        assert len(holding(kari, kari.say(UNREAD, kind=kind(kari)))) == 1
        await approves(halina)
        await reads(piotr, message, words("pl"))
        assert len(holding(kari, kari.say(READ, kind=kind(kari)))) == 0


async def test_the_author_waits_no_longer_and_can_take_it_back_before(tmp_path: Path, template: Template) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari, piotr, halina = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Halina Nowak"))
        await promise(halina)
        await draft(kari, TEXT)
        await tap(kari, kari.say(WAIT), await look(kari))
        await tap(kari, kari.say("Send now"), screen(kari))
        await tap(kari, kari.say("Take it back"))
        await world.forward(hours=25)
        assert holding(piotr, words("pl")) == []
        await tap(kari, kari.say("Send now"), kari.phone.last)
        waiting = kari.phone.last
        await tap(kari, kari.say(AT_ONCE), waiting)
        await world.forward(seconds=21)
        [_] = holding(piotr, words("pl"))
        assert holding(kari, kari.say(UNREAD, kind=kind(kari))) == [], "she has decided it herself"
        assert await stored(world, "waits_for_interpreter FROM notice WHERE state = 'sent'") == [(0,)]


async def test_waiting_is_not_offered_where_nobody_interprets_or_there_is_no_time(
    tmp_path: Path, template: Template
) -> None:
    async with translated_school(tmp_path, template) as (world, _):
        kari, halina = world.actor("Kari Nordmann"), world.actor("Halina Nowak")

        async def offered() -> bool:
            shown = await look(kari)
            return any(kari.say(WAIT) in label for label in labels(shown))

        await draft(kari, TEXT)
        assert not await offered(), "no interpreter has promised confidentiality"
        await promise(halina)
        assert not any(kari.say(WAIT) in label for label in labels(screen(kari)))
        await tap(kari, kari.say("Back"), screen(kari))
        assert await offered()
        await tap(kari, kari.say("Back"), screen(kari))
        await tap(kari, kari.say("Discard"))
        await draft(kari, TEXT, "5A", NoticeKind.URGENT)
        assert not await offered(), "an urgent one does not wait"
        await tap(kari, kari.say("Back"), screen(kari))
        await tap(kari, kari.say("Discard"))
        await begin(kari, "5A", NoticeKind.MEETING)
        await write(kari, "24.11")
        await write(kari, "18:00")
        await tap(kari, kari.say("Skip"))
        await write(kari, TEXT)
        assert not await offered(), "it is about tomorrow"
        await tap(kari, kari.say("Back"), screen(kari))
        await tap(kari, kari.say("Discard"))
        await draft(kari, TEXT, "5A, Zofia Kowalska")
        assert not await offered(), "of one home's message the home decides who reads it"
