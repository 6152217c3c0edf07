"""The loop of aiogram's documentation: one message after the other, a twentieth of a second apart, 429 obeyed.

Run as `python -m benchmarks.peers.aiogram_broadcast API TOKEN FIRST_CHAT CHATS TEXT`.
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter


async def main(api: str, token: str, first: int, chats: int, text: str) -> None:
    """Send to every chat and end."""
    async with Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api))) as bot:
        for chat in range(first, first + chats):
            await _send(bot, chat, text)
            await asyncio.sleep(0.05)  # 20 messages per second (Limit: 30 messages per second)


async def _send(bot: Bot, chat: int, text: str) -> None:
    try:
        await bot.send_message(chat, text)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await _send(bot, chat, text)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]))
