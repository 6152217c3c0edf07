"""LibreTranslate: open models on a machine of the school's own, or rented.

https://docs.libretranslate.com/api/
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from bot.translation.config import LIBRETRANSLATE
from bot.translation.engine import EngineFailed, Failure
from bot.translation.web import Codes, WebEngine

_CODE = re.compile(r"[a-z]{2,3}")


class LibreTranslate(WebEngine):
    """LibreTranslate at an address, with a key if it asks for one."""

    name: ClassVar[str] = LIBRETRANSLATE
    max_lines: ClassVar[int] = 25
    max_characters: ClassVar[int] = 2_000

    def __init__(
        self, url: str, *, outside: bool, key: str = "", monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(url, outside=outside, monotonic=monotonic)
        self._key = key

    async def _ask_codes(self) -> Codes:
        answer = await self._get("/languages")
        try:
            found = {str(language["code"]): list(map(str, language["targets"])) for language in answer}  # type: ignore[attr-defined]
        except (AttributeError, KeyError, TypeError) as error:
            raise EngineFailed(Failure.ODD) from error
        theirs = {_ours(code, found): code for code in found if _CODE.fullmatch(code)}
        return {
            (ours, other): (code, target)
            for ours, code in theirs.items()
            for other, target in theirs.items()
            if ours != other and target in found[code]
        }

    async def _translate_lines(self, lines: Sequence[str], source: str, target: str) -> list[str]:
        body = {"q": list(lines), "source": source, "target": target, "format": "text"}
        if self._key:
            body["api_key"] = self._key
        answer = await self._post_json("/translate", body)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, list) or not all(isinstance(text, str) for text in translated):
            raise EngineFailed(Failure.ODD)
        return [_unescaped(*both) for both in zip(lines, translated, strict=False)] + translated[len(lines) :]


def _ours(code: str, known: object) -> str:
    """Return our code for theirs: models of before 2024 call Bokmål "no"."""
    return "nb" if code == "no" and "nb" not in known else code  # type: ignore[operator]


def _unescaped(line: str, translated: str) -> str:
    """Return plain text: some versions answer with entities, which the writer's text did not have."""
    return translated if html.unescape(line) != line else html.unescape(translated)
