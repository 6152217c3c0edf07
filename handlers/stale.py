"""What a stale button shows: a word about it, and the draft as it stands now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram.types import CallbackQuery

from bot.actions import UnitOfWork
from bot.actions.notices.audience import list_reach
from bot.actions.notices.compose import show_draft
from bot.domain.errors import InvalidInput, Stale
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers.compose_screens import audience_question, draft_screen

Handler = Callable[..., Awaitable[Screen]]


def shows_current(handler: Handler) -> Handler:
    """Answer a stale tap, or one whose value does not fit any more, with the draft's current screen.

    Raises:
        NotPermitted: there is no such draft of this person any more.
    """

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except (Stale, InvalidInput) as refused:
            view = await show_draft(uow, actor, tap.notice)
            if view.audience is None:
                screen = audience_question(view, await list_reach(uow, actor), actor, tr)
            else:
                screen = draft_screen(view, actor, tr, uow.today)
            toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
            return Screen(screen.text, screen.buttons, toast=toast, alert=True)

    return wrapped
