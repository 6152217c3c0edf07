"""A translation engine to practise with: it knows the sentences of one file, and it can be made to fail.

It is a server of its own that speaks LibreTranslate's API, so that the bot does everything it would do with a real one.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from bot.cli.demo.school import example_folder, read_example
from bot.simulator import EngineSimulator, Option, Switch
from bot.translation.chain import Engines, Translated
from bot.translation.config import LIBRETRANSLATE, TranslationConfig
from bot.translation.make import make_engines
from bot.translation.pipeline import memory_key, remembered

SENTENCES = "practice_sentences.csv"
SECONDS = 3.0
"""How long a message waits for its translation in the demo."""
SWITCH = "engine"


class Mode(StrEnum):
    """How the engine is today."""

    WORKS = "works"
    FAILS = "fails"
    HANGS = "hangs"
    NONE = "none"
    """The school has none."""


OPTIONS = (
    Option(Mode.WORKS, "works"),
    Option(Mode.FAILS, "fails"),
    Option(Mode.HANGS, "never answers"),
    Option(Mode.NONE, "none"),
)


class Practised(NamedTuple):
    """A line of the file."""

    source: str
    target: str
    text: str
    translation: str


def read_practised(path: Path) -> list[Practised]:
    """Read the sentences.

    Raises:
        KeyError: the file has not the columns source, target, text, translation.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Practised(row["source"], row["target"], row["text"], row["translation"]) for row in csv.DictReader(file)
        ]


def everybody(today: date) -> frozenset[str]:
    """Return the names of all who belong to the example school: sentences about one of them fit the others."""
    people, staff = read_example(today)
    return frozenset(one.name for group in (people.pupils, people.guardians, staff.people) for one in group)


class PhraseTable:
    """Sentences as an engine gets them, names and numbers masked, with what it makes of them.

    They can be translated back as well, as far as the file does not say that otherwise.
    """

    def __init__(self, practised: Sequence[Practised], names: Collection[str]) -> None:
        back = [Practised(one.target, one.source, one.translation, one.text) for one in practised]
        self._known: dict[tuple[str, str, str], str] = {}
        for one in (*practised, *back):
            for key, _, translation in remembered(one.text, one.translation, names):
                self._known.setdefault((one.source, one.target, key), translation)

    def translate(self, source: str, target: str, masked: str) -> str | None:
        """Return the translation of a masked sentence, None when it is not among those known."""
        return self._known.get((source, target, memory_key(masked)))


class ChangingEngines(Engines):
    """The school's engines, which a visitor can take away and give back; what was learnt about them is forgotten then.

    Args:
        config: what the school decided.
    """

    def __init__(self, config: TranslationConfig) -> None:
        super().__init__([], order={}, timeout=config.seconds, outside_allowed=False)
        self._config = config
        self._made = [make_engines(config)]

    def change(self, *, there: bool) -> None:
        """Begin anew with the school's engines, or with none; those asked before still end what they do."""
        self._made.append(make_engines(self._config if there else TranslationConfig()))

    async def can(self, source: str, target: str) -> bool:
        """Tell whether an engine knows the pair now."""
        return await self._made[-1].can(source, target)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Translated:
        """Translate as those do that are there now.

        Raises:
            NoEngine, EngineFailed: as they do.
        """
        return await self._made[-1].translate(texts, source, target)

    async def close(self) -> None:
        """Let go of the connections of all."""
        for engines in self._made:
            await engines.close()


class Practice:
    """The practice engine and its switch."""

    def __init__(self, today: date) -> None:
        table = PhraseTable(read_practised(example_folder() / SENTENCES), everybody(today))
        self.server = EngineSimulator(otherwise=table.translate)
        self.switch = Switch(SWITCH, "Translation engine", OPTIONS, self._choose)
        self._engines: ChangingEngines | None = None

    def settings(self) -> dict[str, Any]:
        """Return the settings of a school that has this engine; the server runs."""
        return {
            "translation_engines": LIBRETRANSLATE,
            "libretranslate_url": self.server.url,
            "translation_seconds": SECONDS,
        }

    def engines(self, config: TranslationConfig) -> ChangingEngines:
        """Return the engines for the bot, which follow the switch."""
        self._engines = ChangingEngines(config)
        return self._engines

    def _choose(self, value: str) -> None:
        mode = Mode(value)
        if mode is Mode.FAILS:
            self.server.fail()
        elif mode is Mode.HANGS:
            self.server.hang()
        else:
            self.server.come_back()
        if self._engines is not None:
            self._engines.change(there=mode is not Mode.NONE)
