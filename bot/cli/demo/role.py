"""Somebody of the story with their phone: what they tap, and what they wait to see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date

import typer

from bot.cli.demo.stage import Stage
from bot.i18n import texts
from bot.simulator import Phone, SimMessage

LINES_OF_TEACHER, LINES_OF_HOME = 26, 18


class StoryBroken(Exception):
    """A person did not see what the story says; the message tells who and what."""


class Role:
    """Somebody of the story.

    Args:
        language: the one they have chosen in the bot.
        patience: seconds until they give up waiting; every wait then raises StoryBroken.
    """

    def __init__(self, stage: Stage, name: str, language: str, patience: float) -> None:
        self.name = name
        self.phone: Phone = stage.phone(name)
        self.texts = texts(language)
        self._patience = patience

    def say(self, sentence: str, **fields: object) -> str:
        """Return a sentence as this person reads it."""
        return str(self.texts.plain.gettext(sentence, **fields))

    async def sees(self, text: str) -> SimMessage:
        """Wait until a message of the bot holds `text`, and return the newest such message."""

        def newest() -> SimMessage | None:
            return next((m for m in reversed(self.phone.messages) if m.from_bot and text in m.text), None)

        await self.until(lambda: newest() is not None, f"did not see {text!r}")
        found = newest()
        assert found is not None  # noqa: S101  (nobody deletes messages in the story)
        return found

    async def has_button(self, label: str, message: SimMessage | None = None) -> None:
        """Wait until a button has `label` in its text: on `message`, else on one of the last messages."""

        def there() -> bool:
            shown = [message] if message is not None else self.phone.messages[-3:]
            return any(label in button.text for one in shown for row in one.buttons for button in row)

        await self.until(there, f"found no button {label!r}")

    async def tap(self, label: str, message: SimMessage | None = None) -> None:
        """Wait for a button and tap it."""
        await self.has_button(label, message)
        await self.phone.tap(label, message, timeout=self._patience)

    async def day_list(self, day: date) -> SimMessage:
        """Wait for the list of `day` that can be tapped, and return it; it stays the same message all day."""
        named = str(self.texts.plain.day(day))

        def newest() -> SimMessage | None:
            shown = (m for m in reversed(self.phone.messages) if m.from_bot and m.buttons)
            return next((m for m in shown if m.text.startswith("📋") and named in m.text), None)

        await self.until(lambda: newest() is not None, f"has no list of {named}")
        found = newest()
        assert found is not None  # noqa: S101  (just seen; a later list of the same day is found as well)
        return found

    async def reads(self, message: SimMessage, *words: str) -> None:
        """Wait until one certain message has all of `words`, perhaps by a change in place."""
        await self.until(lambda: all(word in message.text for word in words), f"did not see {words!r} in its place")

    def show(self, lines: int = LINES_OF_HOME) -> None:
        """Print the end of the chat."""
        typer.echo(f"\n[{self.name}]")
        typer.echo(self.phone.screen(lines))

    def show_message(self, message: SimMessage, said: str = "") -> None:
        """Print one message as it stands now, after what this person `said` before it."""
        rows = self.phone.screen().split("\n")
        head = f"<- {message.text.partition(chr(10))[0]}"
        first = max(n for n, row in enumerate(rows) if row.startswith(head))
        after = (n for n, row in enumerate(rows) if n > first and row and not row.startswith("   "))
        typer.echo(f"\n[{self.name}]")
        if said:
            typer.echo(f"-> {said}")
        typer.echo("\n".join(rows[first : next(after, len(rows))]))

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition.

        Raises:
            StoryBroken: it did not come; `what` says what this person missed.
        """
        deadline = time.monotonic() + self._patience
        while not condition():
            if time.monotonic() >= deadline:
                raise StoryBroken(f"{self.name} {what}. On the screen:\n{self.phone.screen(LINES_OF_TEACHER)}")
            await asyncio.sleep(0.02)
