"""python-telegram-bot with its AIORateLimiter, all messages handed to it at once.

Run as `python -m benchmarks.peers.ptb_broadcast API TOKEN FIRST_CHAT CHATS TEXT RETRIES`.
"""

from __future__ import annotations

import asyncio
import sys

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest


async def main(api: str, token: str, first: int, chats: int, text: str, retries: int) -> None:
    """Send to every chat and end; what the limiter gives up is lost."""
    request = HTTPXRequest(connection_pool_size=256, pool_timeout=120, read_timeout=60, connect_timeout=60)
    bot: ExtBot[int] = ExtBot(
        token, base_url=f"{api}/bot", request=request, rate_limiter=AIORateLimiter(max_retries=retries)
    )
    async with bot:
        calls = (bot.send_message(chat, text) for chat in range(first, first + chats))
        await asyncio.gather(*calls, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], int(sys.argv[6])))
