"""Understanding in several languages: the chosen one first, then others, never at the cost of a false absence."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot.i18n.registry import languages, locales_folder
from bot.understanding import phrases as data
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import ChildName, DefaultRules, LanguageRules, Understood
from bot.understanding.reader import Reader

MIN_KNOWN = 0.6
"""Share of words that a language which was not chosen must know before a message counts as written in it."""


def phrases_path(code: str) -> Path:
    """Return where a language's phrases stand."""
    return locales_folder() / code / "phrases.yaml"


def check_phrases(code: str) -> list[str]:
    """Return what is wrong with a language's phrases, each as "file: key: what"; empty when all is well."""
    return data.problems(phrases_path(code))


def script_of(text: str) -> str:
    """Return the script that most of a text's letters are of, as Unicode names it ("LATIN"), or ""."""
    counts: dict[str, int] = {}
    for character in text[:200]:
        if character.isalpha():
            script = unicodedata.name(character, "").partition(" ")[0]
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script]) if counts else ""


class Understanding:
    """The live languages' readers, each made when it is first needed and kept.

    Args:
        rules: what languages need beyond their data, by code; the others get `DefaultRules`.
    """

    def __init__(self, rules: Mapping[str, LanguageRules] | None = None) -> None:
        self._rules = dict(rules or {})
        self._reader: Callable[[str], Reader] = lru_cache(maxsize=None)(self._made)
        self._spoken: tuple[str, ...] | None = None
        self._phrases: Callable[[str], data.Phrases] = lru_cache(maxsize=None)(self._loaded)

    @staticmethod
    def _loaded(code: str) -> data.Phrases:
        return data.load(phrases_path(code), code)

    def spoken(self) -> tuple[str, ...]:
        """Return the live languages that have phrases."""
        if self._spoken is None:
            self._spoken = tuple(code for code in languages() if phrases_path(code).exists())
        return self._spoken

    def _made(self, code: str) -> Reader:
        others = [item for other in self.spoken() if other != code for item in self._phrases(other).short_names.items()]
        rules = self._rules.get(code) or DefaultRules()
        return Reader(Lexicon(self._phrases(code), rules, languages()[code].locale, others))

    def warm(self) -> None:
        """Make all readers now, so that the first message does not wait (some 50 ms a language).

        Raises:
            BadPhrases: a language's file cannot be used.
        """
        for code in self.spoken():
            self._reader(code)

    def understand(
        self,
        text: str,
        language: str,
        children: Sequence[ChildName],
        now: datetime,
        fallback: Sequence[str] = (),
    ) -> Understood | None:
        """Return the draft that a message is, or None: it is a message, or not understood (A2).

        Nothing is stored, nothing is done, and no part of the text is kept.

        Args:
            text: as the guardian wrote it; the first 500 characters count.
            language: the guardian's chosen language.
            children: the guardian's own, and nobody else's.
            now: the school's wall-clock time.
            fallback: languages to try next, the school's first. Other live languages of the text's script follow.

        Raises:
            BadPhrases: a language's file cannot be used.
        """
        spoken = self.spoken()
        for code in self._order(text, language, fallback):
            if code not in spoken:
                continue
            reader = self._reader(code)
            chosen = code == language
            if not chosen and reader.share_known(text, children) < MIN_KNOWN:
                continue
            found, signalled = reader.recognised(text, children, now)
            if found is not None or signalled:
                return found
        return None

    def _order(self, text: str, language: str, fallback: Sequence[str]) -> list[str]:
        script = script_of(text)
        alike = [code for code in languages() if script_of(languages()[code].name) == script]
        return list(dict.fromkeys((language, *fallback, *alike)))
