"""Command names and words per language, from `locales/<lang>/commands.yaml`.

Every feature has one canonical English command in all languages; a language adds aliases in Latin letters and
the word itself, which works as text and as a reply button.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.i18n.registry import languages, locales_folder

_EMOJI_STYLE = "\ufe0f"
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True)
class CommandText:
    """One command in one language; `word` is also the reply button's label."""

    name: str
    description: str
    word: str
    aliases: tuple[str, ...]
    other_words: tuple[str, ...]


@cache
def commands(code: str) -> dict[str, CommandText]:
    """Return a language's commands by canonical name."""
    path = locales_folder() / code / "commands.yaml"
    raw: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        name: CommandText(
            name=name,
            description=str(entry["description"]),
            word=str(entry["word"]),
            aliases=tuple(entry.get("aliases", ())),
            other_words=tuple(entry.get("words", ())),
        )
        for name, entry in raw.items()
    }


@cache
def _by_alias() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in languages():
        for name, command in commands(code).items():
            found[name] = name
            for alias in command.aliases:
                found.setdefault(alias, name)
    return found


@cache
def _by_word() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in languages():
        for name, command in commands(code).items():
            for word in (command.word, *command.other_words):
                found.setdefault(fold(word), name)
    return found


def fold(word: str) -> str:
    """Return a word as it is compared: no case, no signpost emoji, no isolates or outer punctuation.

    An emoji's variation selector goes with it; other marks are letters' own, as in Arabic.
    """
    plain = unicodedata.normalize("NFKC", word).replace(_EMOJI_STYLE, "")
    kept = "".join(c for c in plain if unicodedata.category(c)[0] not in "SC")
    return kept.casefold().strip(" .!?،؟")


def find_command(text: str) -> str | None:
    """Return the canonical command that a message is: `/alias`, `/alias@bot`, or a language's word."""
    stripped = text.strip()
    if stripped.startswith("/"):
        head = stripped[1:].split(maxsplit=1)[0] if len(stripped) > 1 else ""
        return _by_alias().get(head.split("@")[0].lower())
    return _by_word().get(fold(stripped)) if len(stripped) <= 40 else None
