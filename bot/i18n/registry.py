"""The live languages, read from `locales/languages.yaml` and the folders beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

LOCALES = Path(__file__).resolve().parents[2] / "locales"
SOURCE_LANGUAGE = "en"
"""The language of the msgids."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the bot speaks.

    Attributes:
        code: ISO 639-1, the folder's name.
        name: in the language itself.
        locale: Babel's identifier, for dates and plural rules.
        draft: no native reader has gone over it yet; marked in the language list.
        aliases: other codes that mean it (`no` for `nb`).
    """

    code: str
    name: str
    locale: str
    draft: bool
    aliases: tuple[str, ...] = ()

    @property
    def rtl(self) -> bool:
        """Written from right to left."""
        return Locale.parse(self.locale).text_direction == "rtl"


def locales_folder() -> Path:
    """Return the folder of the languages; SKOLEBUD_LOCALES points a test at another one."""
    return Path(os.environ.get("SKOLEBUD_LOCALES") or LOCALES)


@cache
def languages() -> dict[str, Language]:
    """Return the live languages by code, in the order of the list."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load((locales_folder() / "languages.yaml").read_text(encoding="utf-8"))
    return {
        code: Language(
            code=code,
            name=str(entry["name"]),
            locale=str(entry["locale"]),
            draft=entry.get("review") != "native",
            aliases=tuple(entry.get("fallback", ())),
        )
        for code, entry in raw.items()
    }


def find_language(code: str | None) -> str | None:
    """Return the live language that `code` (any case, with or without region) means, if there is one."""
    if not code:
        return None
    base = code.replace("_", "-").split("-")[0].lower()
    for language in languages().values():
        if base == language.code or base in language.aliases:
            return language.code
    return None
