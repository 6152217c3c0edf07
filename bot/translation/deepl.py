"""DeepL: a paid service outside the house, over its documented REST API, version 2.

https://developers.deepl.com/api-reference
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from bot.translation.config import DEEPL
from bot.translation.engine import EngineFailed, Failure
from bot.translation.web import Codes, WebEngine

PRO = "https://api.deepl.com"
FREE = "https://api-free.deepl.com"
_FREE_KEY = ":fx"
"""What a key of a free account ends with."""
_VARIANTS = {"en": "EN-GB", "pt": "PT-PT", "zh": "ZH-HANS"}
"""Which variant of a target language readers here are given."""


class DeepL(WebEngine):
    """DeepL with the school's key; always outside."""

    name: ClassVar[str] = DEEPL
    max_lines: ClassVar[int] = 50
    max_characters: ClassVar[int] = 20_000
    """Within 128 KiB, whatever the script."""

    def __init__(self, key: str, *, url: str = "", monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(url or (FREE if key.endswith(_FREE_KEY) else PRO), outside=True, monotonic=monotonic)
        self._headers = {"Authorization": f"DeepL-Auth-Key {key}"}

    async def _ask_codes(self) -> Codes:
        sources = {code.lower(): code for code in await self._languages("source")}
        targets = _by_language(await self._languages("target"))
        return {
            (source, target): (theirs, variant)
            for source, theirs in sources.items()
            for target, variant in targets.items()
            if source != target
        }

    async def _languages(self, kind: str) -> list[str]:
        answer = await self._get(f"/v2/languages?type={kind}", headers=self._headers)
        try:
            return [str(language["language"]) for language in answer]  # type: ignore[attr-defined]
        except (AttributeError, KeyError, TypeError) as error:
            raise EngineFailed(Failure.ODD) from error

    async def _translate_lines(self, lines: Sequence[str], source: str, target: str) -> list[str]:
        body = {"text": list(lines), "source_lang": source, "target_lang": target, "preserve_formatting": True}
        answer = await self._post_json("/v2/translate", body, headers=self._headers)
        try:
            return [str(translation["text"]) for translation in answer["translations"]]  # type: ignore[index]
        except (KeyError, TypeError) as error:
            raise EngineFailed(Failure.ODD) from error


def _by_language(codes: Iterable[str]) -> dict[str, str]:
    """Return one variant for each language: the one wanted here, else the plain one, else the first."""
    found: dict[str, str] = {}
    for code in sorted(codes, key=lambda code: ("-" in code, code)):
        language = code.partition("-")[0].lower()
        if language not in found or _VARIANTS.get(language) == code.upper():
            found[language] = code
    return found
