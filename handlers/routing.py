"""Asks only the handlers that an update can be for; their order stays.

aiogram asks one handler after the other whether it wants an update, and with some two hundred of them the asking costs
more than most handlers. What a tap, a command or an answer is for can be read at once, so the others need not be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.types import CallbackQuery, Message, TelegramObject

from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Expects, Said

Key = tuple[str | None, ...]
"""What an update is for, as far as it can be read at once."""


class NarrowObserver(TelegramEventObserver):
    """Keeps handlers in groups by what they are for; an update goes to one group, in the order of all."""

    def __init__(
        self,
        router: Router,
        event_name: str,
        handlers: Iterable[HandlerObject],
        key_of: Callable[[TelegramObject, dict[str, Any]], Key],
        may_want: Callable[[HandlerObject, Key], bool],
    ) -> None:
        super().__init__(router, event_name)
        self.handlers.extend(handlers)
        self._key_of = key_of
        self._may_want = may_want
        self._groups: dict[tuple[int, ...], TelegramEventObserver] = {}
        self._known: dict[Key, TelegramEventObserver] = {}

    async def trigger(self, event: TelegramObject, **kwargs: Any) -> Any:
        """Let the handlers have an update that may want it, the first that does takes it."""
        return await self.group(self._key_of(event, kwargs)).trigger(event, **kwargs)

    def group(self, key: Key) -> TelegramEventObserver:
        """Return the handlers that may want updates of a key. Keys that nobody knows share one group."""
        found = self._known.get(key)
        if found is None:
            chosen = tuple(place for place, one in enumerate(self.handlers) if self._may_want(one, key))
            found = self._groups.get(chosen)
            if found is None:
                found = self._groups[chosen] = TelegramEventObserver(self.router, self.event_name)
                found.handlers.extend(self.handlers[place] for place in chosen)
            if len(self._known) < MOST_KEYS:
                self._known[key] = found
        return found


MOST_KEYS = 4096
"""Keys that are remembered; a tap's prefix is made up by whoever likes, and must not fill the memory."""


def narrow(router: Router) -> None:
    """Let a router ask only the handlers that a tap or a message can be for."""
    for name, key_of, may_want in (("callback_query", _tap, _wants_tap), ("message", _words, _wants_words)):
        narrowed = NarrowObserver(router, name, router.observers[name].handlers, key_of, may_want)
        router.observers[name] = narrowed


def _tap(event: TelegramObject, _: dict[str, Any]) -> Key:
    data = event.data if isinstance(event, CallbackQuery) else None
    return ((data or "").split("|", 1)[0],)


def _wants_tap(handler: HandlerObject, key: Key) -> bool:
    for one in handler.filters or ():
        if isinstance(one.callback, Tapped | TappedPage) and one.callback.prefix != key[0]:
            return False
    return True


def _words(event: TelegramObject, known: dict[str, Any]) -> Key:
    question = known.get("question") if isinstance(event, Message) else None
    return known.get("command"), question.expects if question is not None else None


def _wants_words(handler: HandlerObject, key: Key) -> bool:
    command, expected = key
    for one in handler.filters or ():
        if isinstance(one.callback, Said) and command not in one.callback.names:
            return False
        if isinstance(one.callback, Expects) and expected not in one.callback.names:
            return False
    return True
