"""python-telegram-bot's echo bot behind its own webhook server.

Run as `python -m benchmarks.peers.ptb_echo API TOKEN PORT`.
"""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main(api: str, token: str, port: int) -> None:
    """Serve until SIGTERM."""
    application = Application.builder().token(token).base_url(f"{api}/bot").concurrent_updates(40).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_webhook(listen="127.0.0.1", port=port, url_path="hook", webhook_url=f"http://127.0.0.1:{port}/hook")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
