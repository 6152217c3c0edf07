"""Apertium APY: rules instead of guesses, between Norwegian, Danish and Swedish, on a machine of the school's own.

https://wiki.apertium.org/wiki/Apertium-apy
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from bot.translation.config import APERTIUM
from bot.translation.engine import EngineFailed, Failure
from bot.translation.web import Codes, WebEngine

_OURS = {
    "nob": "nb", "nno": "nn", "dan": "da", "swe": "sv", "sme": "se", "isl": "is", "fin": "fi", "eng": "en",
    "pol": "pl", "ukr": "uk", "rus": "ru", "ara": "ar", "tur": "tr", "urd": "ur", "spa": "es", "fra": "fr",
}  # fmt: skip
"""Its codes that we have a language for; others ("nno_e") are left aside."""
_BETWEEN = "\n\n"
"""An empty line ends a sentence for Apertium: no word moves from one line into the next."""
_MARK = re.compile(r"(?<!\w)[@#]\\?(?=\w)")
"""Before a word that it knows but cannot put into the other language, or not into this form."""


class Apertium(WebEngine):
    """Apertium APY at an address."""

    name: ClassVar[str] = APERTIUM
    max_lines: ClassVar[int] = 100
    max_characters: ClassVar[int] = 5_000

    async def _ask_codes(self) -> Codes:
        answer = await self._get("/listPairs")
        try:
            found = [(pair["sourceLanguage"], pair["targetLanguage"]) for pair in answer["responseData"]]  # type: ignore[index]
        except (KeyError, TypeError) as error:
            raise EngineFailed(Failure.ODD) from error
        return {
            (_OURS[source], _OURS[target]): (source, target)
            for source, target in found
            if source in _OURS and target in _OURS
        }

    async def _translate_lines(self, lines: Sequence[str], source: str, target: str) -> list[str]:
        form = {"langpair": f"{source}|{target}", "markUnknown": "no", "format": "txt", "q": _BETWEEN.join(lines)}
        answer = await self._request("POST", "/translate", data=form)
        try:
            text = answer["responseData"]["translatedText"]  # type: ignore[index]
        except (KeyError, TypeError) as error:
            raise EngineFailed(Failure.ODD) from error
        translated = str(text).split(_BETWEEN)
        return [_unmarked(*both) for both in zip(lines, translated, strict=False)] + translated[len(lines) :]


def _unmarked(line: str, translated: str) -> str:
    """Return the translation without Apertium's own marks; what the writer wrote stays."""
    return translated if "@" in line or "#" in line else _MARK.sub("", translated)
