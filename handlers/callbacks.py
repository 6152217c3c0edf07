"""Typed callback data as aiogram filters. Asynchronous: a synchronous filter costs a thread hop each."""

from __future__ import annotations

from typing import Any

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.domain.taps import BadTap, OpenPage, Tap


class Tapped(Filter):
    """Matches taps of one kind and hands the handler the parsed `tap`."""

    def __init__(self, kind: type[Tap]) -> None:
        self._kind = kind
        self.prefix = kind.PREFIX
        self._begins = f"{kind.PREFIX}|"

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        data = query.data
        if data is None or not data.startswith(self._begins):
            return False
        try:
            return {"tap": self._kind.unpack(data)}
        except BadTap:
            return False


class TappedPage(Filter):
    """Matches taps that lead to one of the menu's pages."""

    def __init__(self, *pages: str) -> None:
        self.prefix = OpenPage.PREFIX
        self._wanted = {f"{self.prefix}|{page}|{new}" for page in pages for new in "01"}

    async def __call__(self, query: CallbackQuery) -> bool:
        return query.data in self._wanted
