"""Turns a queued message into the one Telegram method that sends or changes it."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)

from bot.domain.messages import FileKind
from storage.queries.outgoing import Claimed

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def markup(rows: list[list[dict[str, str]]] | None) -> InlineKeyboardMarkup | None:
    """Return stored buttons as Telegram's inline keyboard."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=b["label"], callback_data=b.get("tap"), url=b.get("url")) for b in row]
            for row in rows
        ]
    )


async def send(bot: Bot, row: Claimed, payload: dict[str, Any]) -> Message | bool:
    """Send a new message, or change the one that the row edits.

    Raises:
        aiogram.exceptions.TelegramAPIError: as Telegram answered; see `send_errors`.
    """
    assert row.address is not None  # noqa: S101  (the sender has looked)
    keyboard = markup(payload.get("buttons"))
    if row.edit_target is not None and row.edits_id is not None:
        return await _edit(bot, row.address, row.edit_target, payload["text"], keyboard)
    reply = (
        ReplyParameters(message_id=row.reply_target, allow_sending_without_reply=True)
        if row.reply_target is not None
        else None
    )
    common: dict[str, Any] = {
        "chat_id": row.address,
        "reply_markup": keyboard,
        "reply_parameters": reply,
        "disable_notification": True if payload.get("silent") else None,
        "parse_mode": ParseMode.HTML,
    }
    file = payload.get("file")
    if file is None:
        return await bot.send_message(text=payload["text"], link_preview_options=NO_PREVIEW, **common)
    caption = payload["text"] or None
    if file["kind"] == FileKind.PHOTO:
        return await bot.send_photo(photo=file["id"], caption=caption, **common)
    return await bot.send_document(document=file["id"], caption=caption, **common)


async def _edit(
    bot: Bot, chat: int, target: tuple[int, bool], text: str, keyboard: InlineKeyboardMarkup | None
) -> Message | bool:
    message_id, has_file = target
    if has_file:
        return await bot.edit_message_caption(
            chat_id=chat,
            message_id=message_id,
            caption=text,
            reply_markup=keyboard,
            parse_mode=ParseMode.HTML,
        )
    return await bot.edit_message_text(
        chat_id=chat,
        message_id=message_id,
        text=text,
        reply_markup=keyboard,
        parse_mode=ParseMode.HTML,
        link_preview_options=NO_PREVIEW,
    )
