"""What no other handler took: kinds of messages that cannot be read, old buttons, blocks and unblocks."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.actions import UnitOfWork
from bot.actions.account import reachability_changed
from bot.domain.messages import Screen, rows
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers.keyboards import menu_button
from handlers.screens import nothing_open_screen

router = Router(name="fallback")


@router.my_chat_member()
async def blocked_or_back(event: ChatMemberUpdated, uow: UnitOfWork) -> None:
    """Follow whether the person can be reached; Telegram tells it in private chats on block and unblock."""
    await reachability_changed(uow, event.from_user.id, event.new_chat_member.status == "member")


@router.edited_message()
async def edited(_: Message, actor: Actor | None, tr: Texts) -> Screen | None:
    """An edit of anything but a message of a conversation does not travel: say so, or the person believes it did."""
    if actor is None:
        return None
    text = tr.gettext("What was sent stays as it was. Write a new message if something has to be put right.")
    return Screen(text)


@router.message()
async def something_else(_: Message, tr: Texts) -> Screen:
    """A voice message, a sticker, a place: kindly."""
    text = tr.gettext(
        "Thank you. I can pass on written text, photos and documents here. "
        "Please write it in your own language, or ask to be called."
    )
    return Screen(text, rows([menu_button(tr)]))


@router.callback_query()
async def unknown_button(_: CallbackQuery, tr: Texts) -> Screen:
    """A button from another time."""
    screen = nothing_open_screen(tr)
    toast = tr.plain.gettext("This button is from an older message. Here is how it stands now.")
    return Screen(screen.text, screen.buttons, toast=str(toast), new=True)
