"""One update, one transaction: seen, identified, handled, committed, and only then answered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import CallbackQuery, TelegramObject, Update, User

from bot.domain.errors import DomainError
from bot.domain.messages import Screen
from bot.i18n import Texts, find_command, find_language, texts
from bot.middleware.present import Presenter
from storage.queries.dialogue import close_question, find_question
from storage.queries.intake import begin_update, mark_seen
from storage.queries.people import find_actor
from storage.session import Database, UnitOfWork

log = logging.getLogger(__name__)
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
ScreenFiller = Callable[[UnitOfWork, Sequence[Screen], Texts], Awaitable[tuple[list[Screen], bool]]]
"""Puts people's own words into screens, in the reader's language; True when that asked for translations."""


class UpdateUnit(BaseMiddleware):
    """Gives every handler `uow`, `actor` (None for a stranger), `tr`, `question` and `command`.

    A handler returns the screen or screens that its person is to see. A `DomainError` undoes what the handler
    did and becomes a screen; anything else is raised to the intake, which tries again.
    """

    def __init__(self, database: Database, presenter: Presenter, fill: ScreenFiller) -> None:
        self._database = database
        self._presenter = presenter
        self._fill = fill

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)  # noqa: S101  (registered on the dispatcher's updates only)
        person, private = _sender(event)
        if person is None or not private:
            return None  # the bot speaks with one person at a time; in groups it is silent
        refused: DomainError | None = None
        screens: Sequence[Screen] = ()
        async with self._database.unit_of_work() as uow:
            if not await self._begin(uow, event, person, data):
                return None
            try:
                result = await handler(event, data)
            except DomainError as error:
                refused = error
            else:
                screens, asked = await self._fill(uow, _screens(result), data["tr"])
                if asked or not uow.committed:
                    await uow.commit()
        if refused is not None:
            screens = (await self._refuse(event, refused, data),)
        if screens or event.callback_query is not None:
            self._presenter.begin(
                screens,
                chat=person.id,
                tap=event.callback_query,
                written=event.message.message_id if event.message is not None else None,
                deferred=data.get("deferred"),
            )
        return None

    async def _begin(self, uow: UnitOfWork, event: Update, person: User, data: dict[str, Any]) -> bool:
        bot_id = int(data["bot"].id)
        uow.update = (bot_id, event.update_id)
        if not await begin_update(uow, bot_id, event.update_id, person.id):
            return False
        actor = await find_actor(uow, person.id)
        if actor is not None:
            tr = texts(find_language(actor.language) or uow.school.language)
            uow.actor_id = actor.person_id
        else:
            tr = texts(find_language(person.language_code) or uow.school.language)
        text = event.message.text if event.message is not None else None
        data.update(uow=uow, actor=actor, tr=tr, question=None, command=find_command(text) if text else None)
        if event.message is not None and actor is not None:
            data["question"] = await find_question(uow, actor.person_id)
        return True

    async def _refuse(self, event: Update, refused: DomainError, data: dict[str, Any]) -> Screen:
        """Keep only that the update was seen, and tell its person what to do.

        A question whose answer the person may not give any more is asked no longer: else it would go on swallowing
        what they write, a report of an ill child too.
        """
        log.info("refused", extra={"code": refused.code})
        tr: Texts = data["tr"]
        async with self._database.unit_of_work() as uow:
            await mark_seen(uow, int(data["bot"].id), event.update_id)
            if refused.ends_question and data["question"] is not None and data["command"] is None:
                await close_question(uow, data["actor"].person_id)
            await uow.commit()
        if event.callback_query is not None:
            return Screen(toast=tr.plain.gettext(refused.sentence, **refused.fields), alert=True)
        return Screen(text=tr.gettext(refused.sentence, **refused.fields))


def _sender(event: Update) -> tuple[User | None, bool]:
    """Return who caused the update and whether it happened in their private chat with the bot."""
    source = event.message or event.edited_message
    if source is not None:
        return source.from_user, source.chat.type == "private"
    tap = event.callback_query
    if isinstance(tap, CallbackQuery):
        chat = tap.message.chat if tap.message is not None else None
        return tap.from_user, chat is not None and chat.type == "private"
    if event.my_chat_member is not None:
        return event.my_chat_member.from_user, event.my_chat_member.chat.type == "private"
    return None, False


def _screens(result: Any) -> Sequence[Screen]:
    if isinstance(result, Screen):
        return (result,)
    if result is None or result is UNHANDLED:
        return ()
    return tuple(result)
