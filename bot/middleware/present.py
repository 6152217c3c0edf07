"""Shows screens to the person who just wrote or tapped, after the commit."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from bot.domain.messages import FileKind, Rows, Screen
from bot.domain.outgoing import Lane
from bot.outbox.pace import Pace
from bot.outbox.send_errors import judge, wording

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
TRIES = 4
PATIENCE = 120.0
"""Seconds after which an answer helps nobody any more; the person has long tapped again."""
LINE_LIMIT = 20
"""Answers that wait for one chat; who writes faster than Telegram lets us answer gets no more than these."""
TOAST_LIMIT = 200
"""Characters of a tap's answer (Telegram)."""


class Presenter:
    """Turns screens into Telegram's messages, in the lane that goes first."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self._lines: dict[int, tuple[asyncio.Task[None], int]] = {}

    @property
    def under_way(self) -> int:
        """How many answers are still to be shown."""
        return sum(length for _, length in self._lines.values())

    def begin(
        self,
        screens: Sequence[Screen],
        *,
        chat: int,
        tap: CallbackQuery | None = None,
        written: int | None = None,
        deferred: list[AnswerCallbackQuery] | None = None,
    ) -> None:
        """Show `screens` after all that was begun for this chat before, without making the next update wait."""
        before, length = self._lines.get(chat, (None, 0))
        if length >= LINE_LIMIT:
            log.warning("answer.too_many")
            return

        async def in_line() -> None:
            if before is not None:
                await asyncio.wait([before])
            await self.show(screens, chat=chat, tap=tap, written=written, deferred=deferred)

        task = asyncio.create_task(in_line(), name="answer")
        self._lines[chat] = (task, length + 1)
        task.add_done_callback(lambda done: self._shown(chat, done))

    def _shown(self, chat: int, task: asyncio.Task[None]) -> None:
        newest, length = self._lines[chat]
        if length == 1:
            del self._lines[chat]
        else:
            self._lines[chat] = (newest, length - 1)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("answer.broken", extra={"kind": type(error).__name__})

    async def shown(self, chat: int) -> None:
        """Wait until everything that was begun for a chat is shown."""
        if chat in self._lines:
            await asyncio.wait([self._lines[chat][0]])

    async def drain(self, seconds: float) -> None:
        """Let the answers under way be shown, for at most `seconds`; then leave the rest."""
        newest = [task for task, _ in self._lines.values()]
        if newest:
            _, late = await asyncio.wait(newest, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def show(
        self,
        screens: Sequence[Screen],
        *,
        chat: int,
        tap: CallbackQuery | None = None,
        written: int | None = None,
        deferred: list[AnswerCallbackQuery] | None = None,
    ) -> None:
        """Show `screens` in order; the first one changes the tapped message unless it asks to be new.

        `written` is the message that the screens answer, for those that are replies.

        Never raises: what was done is committed, and the person can ask for the screen again. With `deferred`
        (a webhook), the tap's own answer is left there, to travel in the webhook's response.
        """
        if tap is not None:
            answer = _tap_answer(tap, screens)
            if deferred is None or self._pace.closed_for:
                await self._try(chat, lambda: self._bot(answer), paced=False)
            else:
                deferred.append(answer)
        editable = tap.message if tap is not None and isinstance(tap.message, Message) else None
        for screen in screens:
            if screen.commands is not None:
                await self._set_commands(chat, screen.commands)
            if screen.keep_text and editable is not None:
                await self._edit_buttons(editable, screen)
            if not screen.text and screen.file is None and screen.attachment is None:
                continue
            anew = screen.new or screen.words is not None or screen.attachment is not None
            target = None if anew else editable
            editable = None
            if target is None or not await self._edit(target, screen):
                await self._send(chat, screen, written if screen.replies else None)

    async def _send(self, chat: int, screen: Screen, written: int | None) -> None:
        common: dict[str, Any] = {
            "chat_id": chat,
            "parse_mode": ParseMode.HTML,
            "reply_markup": _words(screen.words) if screen.words is not None else keyboard(screen.buttons),
        }
        if written is not None:
            common["reply_parameters"] = ReplyParameters(message_id=written, allow_sending_without_reply=True)
        if screen.attachment is not None:
            made = BufferedInputFile(screen.attachment.content, screen.attachment.name)
            await self._try(chat, lambda: self._bot.send_document(document=made, caption=screen.text or None, **common))
        elif screen.file is None:
            call = self._bot.send_message
            await self._try(chat, lambda: call(text=screen.text, link_preview_options=NO_PREVIEW, **common))
        elif screen.file.kind is FileKind.PHOTO:
            photo = screen.file.file_id
            await self._try(chat, lambda: self._bot.send_photo(photo=photo, caption=screen.text or None, **common))
        else:
            document = screen.file.file_id
            await self._try(
                chat, lambda: self._bot.send_document(document=document, caption=screen.text or None, **common)
            )

    async def _edit(self, message: Message, screen: Screen) -> bool:
        """Change the tapped message; False when Telegram no longer lets us, so that it is sent anew."""
        common: dict[str, Any] = {
            "chat_id": message.chat.id,
            "message_id": message.message_id,
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(screen.buttons),
        }
        if message.photo or message.document:
            caption = self._bot.edit_message_caption
            return await self._try(message.chat.id, lambda: caption(caption=screen.text, **common))
        edit = self._bot.edit_message_text
        return await self._try(
            message.chat.id, lambda: edit(text=screen.text, link_preview_options=NO_PREVIEW, **common)
        )

    async def _edit_buttons(self, message: Message, screen: Screen) -> None:
        await self._try(
            message.chat.id,
            lambda: self._bot.edit_message_reply_markup(
                chat_id=message.chat.id, message_id=message.message_id, reply_markup=keyboard(screen.buttons)
            ),
        )

    async def _set_commands(self, chat: int, commands: tuple[tuple[str, str], ...]) -> None:
        menu = [BotCommand(command=name, description=description) for name, description in commands]
        scope = BotCommandScopeChat(chat_id=chat)
        await self._try(chat, lambda: self._bot.set_my_commands(menu, scope=scope), paced=False)

    async def _try(self, chat: int, call: Callable[[], Awaitable[object]], *, paced: bool = True) -> bool:
        """Call Telegram, patiently; False when it refused what was asked."""
        deadline, attempt = time.monotonic() + PATIENCE, 1
        while True:
            try:
                if not paced:
                    await self._pace.reopened()
                    await call()
                else:
                    async with self._pace.slot(chat, Lane.ANSWER):
                        await call()
            except (AiogramError, OSError, TimeoutError) as error:
                verdict = judge(error, attempt)
                if verdict.settled:
                    return True
                if verdict.back_off:
                    self._pace.back_off(verdict.back_off)
                attempt += verdict.counted
                wait = verdict.retry_in
                if wait is None or attempt > TRIES or time.monotonic() + wait > deadline:
                    log.info("answer.failed", extra={"reason": verdict.reason.value, "refused": _refused(error)})
                    return not isinstance(error, TelegramBadRequest)
                await asyncio.sleep(wait)
            else:
                return True


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return buttons as Telegram's inline keyboard, None when there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=b.label, callback_data=b.tap or None, url=b.url or None) for b in row]
            for row in rows
        ]
    )


def _words(rows: tuple[tuple[str, ...], ...]) -> ReplyKeyboardMarkup:
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=word) for word in row] for row in rows],
        resize_keyboard=True,
        is_persistent=True,
    )


def _tap_answer(tap: CallbackQuery, screens: Sequence[Screen]) -> AnswerCallbackQuery:
    spoken = next((screen for screen in screens if screen.toast), None)
    if spoken is None:
        return AnswerCallbackQuery(callback_query_id=tap.id)
    return AnswerCallbackQuery(
        callback_query_id=tap.id, text=spoken.toast[:TOAST_LIMIT], show_alert=spoken.alert or None
    )


def _refused(error: BaseException) -> str:
    return wording(error) if isinstance(error, TelegramBadRequest) else type(error).__name__
