"""Languages that people speak, whether the bot speaks them or not: for those who ask for an interpreter (M2)."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale

from bot.i18n.registry import languages
from bot.i18n.texts import Texts

OFTEN = ("ar", "so", "ti", "pl", "uk", "en")
"""Offered as buttons to whoever wants another language than the own one; any other is written."""
_KNOWN = (
    "am", "ar", "bs", "ckb", "de", "en", "es", "et", "fa", "fr", "hi", "hr", "hu", "it", "ku", "lt", "lv", "my", "ne",
    "om", "pl", "ps", "pt", "ro", "ru", "si", "so", "sq", "sr", "sv", "sw", "ta", "th", "ti", "tr", "uk", "ur", "vi",
    "zh",
)  # fmt: skip
"""Languages that are also found by the name that they have for themselves."""
_LIMIT = 8
"""Characters of a code that a column holds."""


def is_spoken(code: str) -> bool:
    """Tell whether a code from a button is a language's."""
    return len(code) <= _LIMIT and code in Locale.parse("en").languages


def read_spoken(text: str, tr: Texts) -> str | None:
    """Return the language that somebody wrote, in the reader's words, its own, or those of a live language."""
    wanted = _folded(text)
    for locale in dict.fromkeys([tr.language.locale, *(one.locale for one in languages().values())]):
        found = _names(locale).get(wanted)
        if found is not None:
            return found
    return _own_names().get(wanted)


@cache
def _names(locale: str) -> dict[str, str]:
    """Return the codes by name as one language says them; of two with the same name the shorter code."""
    known = sorted(Locale.parse(locale).languages.items(), key=lambda one: (len(one[0]), one[0]), reverse=True)
    return {_folded(name): code for code, name in known if len(code) <= _LIMIT}


@cache
def _own_names() -> dict[str, str]:
    """Return the codes by the name that a language has for itself."""
    return {_folded(str(Locale.parse(code).languages[code])): code for code in _KNOWN}


def _folded(text: str) -> str:
    """Return a name as it is compared: small letters, no accents or direction marks, single spaces."""
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.casefold())
        if unicodedata.category(sign) not in {"Mn", "Cf"}
    )
    return " ".join(bare.split()).strip(" .,!")
