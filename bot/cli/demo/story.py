"""The main story as text: a class notice reaches every home in its own language, and the answers come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import typer

from bot.cli.demo.stage import Stage
from bot.domain.notices import Item, NoticeKind
from bot.i18n import texts
from bot.i18n.words import ITEM_NAMES, KIND_NAMES
from bot.simulator import Phone

LINES_OF_TEACHER, LINES_OF_HOME = 26, 18
PATIENCE = 20.0
"""Seconds until the story gives up waiting for what should be on somebody's screen."""
QUESTION = "Kan Noah gå i joggesko?"


class StoryBroken(Exception):
    """A person did not see what the story says; the message tells who and what."""


class _Role:
    """Somebody of the story with their phone."""

    def __init__(self, stage: Stage, name: str, language: str, patience: float) -> None:
        self.name = name
        self.phone: Phone = stage.phone(name)
        self.texts = texts(language)
        self._patience = patience

    def say(self, sentence: str, **fields: object) -> str:
        """Return a sentence as this person reads it."""
        return str(self.texts.plain.gettext(sentence, **fields))

    async def sees(self, text: str) -> None:
        """Wait until a message of the bot holds `text`."""
        phone = self.phone
        await self._until(lambda: any(text in m.text for m in phone.messages if m.from_bot), f"did not see {text!r}")

    async def has_button(self, label: str) -> None:
        """Wait until one of the last messages has a button with `label` in its text."""

        def there() -> bool:
            last = self.phone.messages[-3:]
            return any(label in button.text for message in last for row in message.buttons for button in row)

        await self._until(there, f"found no button {label!r}")

    async def tap(self, label: str) -> None:
        """Wait for a button and tap it."""
        await self.has_button(label)
        await self.phone.tap(label, timeout=PATIENCE)

    def show(self, lines: int = LINES_OF_HOME) -> None:
        """Print the end of the chat."""
        typer.echo(f"\n[{self.name}]")
        typer.echo(self.phone.screen(lines))

    async def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + self._patience
        while not condition():
            if time.monotonic() >= deadline:
                raise StoryBroken(f"{self.name} {what}. On the screen:\n{self.phone.screen(LINES_OF_TEACHER)}")
            await asyncio.sleep(0.02)


async def play_story(stage: Stage, patience: float = PATIENCE) -> None:
    """Play and print the story.

    Raises:
        StoryBroken: somebody does not see what they should.
    """
    kari, ingrid = (_Role(stage, name, "nb", patience) for name in ("Kari Nordmann", "Ingrid Berg"))
    piotr, amina = _Role(stage, "Piotr Kowalski", "pl", patience), _Role(stage, "Amina Haddad", "ar", patience)

    _chapter("Kari Nordmann, contact teacher of 5A, writes about an outdoor day")
    await _compose(stage, kari)
    kari.show(LINES_OF_TEACHER)
    await kari.tap(kari.say("Send now"))
    await kari.has_button(kari.say("Take it back"))

    _chapter("Each home reads it in its own language")
    for home in (piotr, amina, ingrid):
        await home.sees(home.say(KIND_NAMES[NoticeKind.OUTDOOR]))
        await home.has_button(home.say("Understood"))
        home.show()

    _chapter("They answer with one tap: Piotr understands, Amina wants a call, Ingrid asks")
    await piotr.tap(piotr.say("Understood"))
    await amina.tap(amina.say("Please call me"))
    await ingrid.tap(ingrid.say("I have a question"))
    await ingrid.has_button(ingrid.say("Cancel"))
    await ingrid.phone.send(QUESTION)
    await ingrid.sees(ingrid.say("✅ Sent to {names}.", names=kari.name))

    _chapter("Kari sees who has understood, who asks, whom to call")
    await kari.sees(QUESTION)
    await kari.sees(amina.name)
    await kari.sees(str(kari.texts.plain.ngettext("{n} understood", "{n} understood", 1)))
    kari.show(LINES_OF_TEACHER)
    typer.echo("\nThe story is told: every home was reached in its own language, and every answer came back.")


async def _compose(stage: Stage, kari: _Role) -> None:
    await kari.phone.send("/new")
    await kari.tap("5A")
    await kari.tap(kari.say(KIND_NAMES[NoticeKind.OUTDOOR]))
    await kari.tap(kari.texts.short_day(stage.next_school_day()))
    for label in ("08:30", "14:00", kari.say("Skip")):
        await kari.tap(label)
    for item in (Item.LUNCH, Item.RAIN_CLOTHES):
        name = kari.say(ITEM_NAMES[item])
        await kari.tap(f"▫️ {name}")
        await kari.has_button(f"✅ {name}")
    await kari.tap(kari.say("Done"))
    await kari.has_button(kari.say("Without text"))
    await kari.phone.send("Vi går til Tryvann. Kle dere godt!")
    await kari.has_button(kari.say("Send now"))


def _chapter(title: str) -> None:
    typer.echo(f"\n━━ {title} ━━")
