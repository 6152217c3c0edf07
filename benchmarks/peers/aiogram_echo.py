"""aiogram's echo bot behind its own webhook handler; with a database, one SQLModel insert and commit an update.

Run as `python -m benchmarks.peers.aiogram_echo API TOKEN [DATABASE]`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


class Heard(SQLModel, table=True):
    """What somebody wrote."""

    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(sa_type=sa.BigInteger)
    text: str
    at: datetime


def make_engine(url: str) -> AsyncEngine:
    """Return the engine as SQLAlchemy's documentation has it, with SQLite's usual pragmas."""
    engine = create_async_engine(url)
    if url.startswith("sqlite"):
        sa.event.listen(engine.sync_engine, "connect", _usual_pragmas)
    return engine


def _usual_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def main(api: str, token: str, database: str | None) -> None:
    """Serve until SIGTERM."""
    session = AiohttpSession(limit=200, api=TelegramAPIServer.from_base(api))
    bot, dispatcher = Bot(token, session=session), Dispatcher()
    engine = make_engine(database) if database else None
    if engine is not None:
        async with engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.tables["heard"].create)

    @dispatcher.message()
    async def echo(message: Message) -> None:
        if engine is not None and message.from_user is not None:
            async with AsyncSession(engine) as db:
                db.add(Heard(person=message.from_user.id, text=message.text or "", at=datetime.now(UTC)))  # noqa: TID251
                await db.commit()
        await message.answer(message.text or "")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(app, path="/hook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()
    await session.close()
    if engine is not None:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))
