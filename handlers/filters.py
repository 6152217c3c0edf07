"""What a message is: a command or its word, an answer to the open question; and who wrote it."""

from __future__ import annotations

from typing import Any

from aiogram.filters import Filter
from aiogram.types import Message, TelegramObject

from bot.domain.people import Actor


class Said(Filter):
    """Matches `/command`, an alias, or the word itself in any live language."""

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)

    async def __call__(self, _: Message, command: str | None = None) -> bool:
        return command in self.names


class Expects(Filter):
    """Matches an answer to the open question (the middleware has read the dialogue's row).

    What begins with a slash is no answer: a mistyped command must not reach a teacher or a home.
    """

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)

    async def __call__(self, message: Message, question: Any = None) -> bool:
        if question is None or (message.text or "").startswith("/"):
            return False
        return question.expects in self.names


class Known(Filter):
    """Matches enrolled people; with `known=False` strangers."""

    def __init__(self, *, known: bool = True) -> None:
        self._known = known

    async def __call__(self, _: TelegramObject, actor: Actor | None = None) -> bool:
        return (actor is not None) is self._known


class HasText(Filter):
    """Matches messages with words in them."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.text)


class HasFile(Filter):
    """Matches photos and documents."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.photo or message.document)


class IsReply(Filter):
    """Matches Telegram's own replies to a message of the bot."""

    async def __call__(self, message: Message) -> bool:
        answered = message.reply_to_message
        return answered is not None and answered.from_user is not None and answered.from_user.is_bot
