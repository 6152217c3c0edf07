"""The webhook: answers 200 only when the update's effects are committed."""

from __future__ import annotations

import hmac
import logging

from aiogram import Bot
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from bot.intake.process import Intake, NotNow

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the header's name, not a secret)
MAX_BODY = 1024 * 1024
"""Bytes; Telegram's updates are far smaller, files do not travel in them."""


class Webhook:
    """Telegram's side door. Updates come with the secret that was given to `setWebhook`."""

    def __init__(self, bot: Bot, intake: Intake, secret: str) -> None:
        self._bot = bot
        self._intake = intake
        self._secret = secret.encode()

    async def handle(self, request: web.Request) -> web.Response:
        """Process one update: 200 done, or never to be read; 401 wrong secret; 503 not now."""
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")  # any bytes may come
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        try:
            update = Update.model_validate_json(await request.read(), context={"bot": self._bot})
        except ValidationError:
            # Nothing that we could ever read: confirm it, or it would block its person's queue.
            log.error("webhook.unreadable_update")
            return web.Response(status=200)
        try:
            answer = await self._intake.process(update, by_webhook=True)
        except NotNow:
            return web.Response(status=503)
        if answer is None:
            return web.Response(status=200)
        body = {"method": answer.__api_method__, **answer.model_dump(exclude_none=True, mode="json")}
        return web.json_response({key: value for key, value in body.items() if _plain(value)})


def _plain(value: object) -> bool:
    """Leave out aiogram's marks for values that were not given."""
    return isinstance(value, str | int | bool | float)
