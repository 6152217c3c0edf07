"""A school with an engine that knows a few sentences, and what people do with translations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.i18n.words import language_name
from bot.simulator import SimMessage
from bot.simulator.engine import EngineSimulator
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import Actor, World, _bare, open_world

MACHINE = "🤖 <i>Machine translation from {language}. It may contain mistakes.</i>"
CORRECTED = "✏️ <i>Corrected by an interpreter. Written in {language}.</i>"
ON_ITS_WAY = "🌐 <i>Written in {language}. A translation is on its way.</i>"
NOT_YET = "🌐 <i>Written in {language}, not translated yet.</i>"
DOUBTED = "⚠️ <i>Somebody says that this translation is wrong.</i>"

WOODS = "Vi skal lage bål i skogen."
CLOTHES = "Barna trenger varme klær og gode sko."
TEXT = f"{WOODS} {CLOTHES}"
SENTENCES = {
    "nb": (WOODS, CLOTHES),
    "en": ("We are going to light a fire in the woods.", "The children need warm clothes and good shoes."),
    "pl": ("Rozpalimy ognisko w lesie.", "Dzieci potrzebują ciepłych ubrań i dobrych butów."),
    "ar": ("سنشعل نارا في الغابة.", "يحتاج الأطفال إلى ملابس دافئة وأحذية جيدة."),
}
"""What the engine of the stories knows, from each language into each other."""


def knows(*more: dict[str, str]) -> dict[tuple[str, str, str], str]:
    """Return the engine's answers: the sentences above and `more`, each a text by language."""
    texts = [{code: two[number] for code, two in SENTENCES.items()} for number in (0, 1)]
    return {
        (source, target, text[source]): text[target]
        for text in (*texts, *more)
        for source in text
        for target in text
        if source != target
    }


@asynccontextmanager
async def translated_school(
    folder: Path, template: Template, *more: dict[str, str], **overrides: Any
) -> AsyncIterator[tuple[World, EngineSimulator]]:
    """Open the example school with an engine that refuses what it does not know."""
    async with EngineSimulator(knows(*more), otherwise=lambda *_: None) as engine:
        settings: dict[str, Any] = {
            "translation_engines": "libretranslate",
            "libretranslate_url": engine.url,
            "translation_seconds": 2,
            **overrides,
        }
        async with open_world(folder, *template, **settings) as world:
            yield world, engine


def words(code: str) -> str:
    """Return the text in a language as the engine makes it."""
    return " ".join(SENTENCES[code])


def mark(reader: Actor, sentence: str, code: str = "nb") -> str:
    """Return a mark as its reader sees it."""
    return _plain(reader.say(sentence, language=language_name(code, reader.tr)))


def _plain(text: str) -> str:
    for tag in ("b", "i"):
        text = text.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return _bare(text)


def now(reader: Actor, message: SimMessage) -> SimMessage:
    """Return a message as it stands at a person now."""
    return next(one for one in reader.phone.messages if one.id == message.id)


def holds(message: SimMessage, *parts: str) -> bool:
    """Tell whether a message holds all of these."""
    return all(_plain(part) in _bare(message.content) for part in parts)


async def reads(reader: Actor, message: SimMessage, *parts: str) -> SimMessage:
    """Wait until a message that a person has holds all of these, by its edits."""
    await reader.until(lambda: holds(now(reader, message), *parts), f"to read {parts}")
    return now(reader, message)


async def promise(interpreter: Actor) -> None:
    """An interpreter promises confidentiality."""
    await write(interpreter, "/menu")
    await tap(interpreter, interpreter.say("I accept"))


async def renderings(world: World, columns: str) -> list[tuple[object, ...]]:
    """Return columns of what is stored of all translations, by language."""
    return [tuple(row) for row in await world.rows(f"SELECT {columns} FROM rendering ORDER BY language, id")]
