"""The composition root: settings in, a running bot out. It alone may import everything."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramAPIError, TelegramUnauthorizedError
from aiogram.methods import Response
from aiogram.types import BotCommand, Message, Update, User
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.actions.late import LATE_SCREENS
from bot.actions.translation.fill import fill_payloads, fill_screens
from bot.clock import Clock
from bot.i18n import commands, languages, texts
from bot.intake.polling import ALLOWED, Poller
from bot.intake.process import Intake
from bot.intake.webhook import MAX_BODY, Webhook
from bot.jobs.ticks import Ticks
from bot.jobs.translating import Translating
from bot.metrics import REGISTRY
from bot.middleware.present import Presenter
from bot.middleware.unit import UpdateUnit
from bot.outbox.pace import Pace
from bot.outbox.sender import Sender
from bot.settings import Settings
from bot.translation.chain import Engines
from bot.translation.guard import warm as warm_guard
from bot.translation.make import make_engines
from bot.translation.phrasebook import phrasebook
from bot.translation.phrasebook import warm as warm_phrasebook
from bot.translation.pipeline import Translator
from bot.web.calendar import CalendarFeed
from handlers import routers
from handlers.languages import warm
from storage.session import Database

log = logging.getLogger(__name__)

WEBHOOK_PATH = "/telegram"
STRANGERS_COMMANDS = ("start", "help")
PATIENCE_MORE = 5.0
"""Seconds beyond the engines' own time that a text may take: translating back, and a database that is slow."""
GRACE_SECONDS = 10.0
"""How long requests and answers under way may take when the bot stops."""


_ANSWERS = (Response[Message], Response[Message | bool], Response[bool], Response[list[Update]], Response[User])
"""Held: aiogram makes these models when an answer comes, and forgotten ones are made anew, in milliseconds each."""


class StartFailed(Exception):
    """The bot cannot start; the message says what to put right."""


class App:
    """Everything that runs, and how it starts and stops.

    Args:
        engines: who translates, instead of those that the settings name; they are closed with everything else.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None, engines: Engines | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.database = Database(settings.database, now=self.clock.now, school=settings.to_school())
        self.bot = _make_bot(settings)
        self.pace = Pace(settings.messages_per_second, settings.messages_per_chat_second)
        self.presenter = Presenter(self.bot, self.pace)
        self.dispatcher = Dispatcher(disable_fsm=True)
        self.dispatcher.update.outer_middleware(UpdateUnit(self.database, self.presenter, fill_screens))
        self.dispatcher.include_routers(*routers())
        self.intake = Intake(self.dispatcher, self.bot, self.database, self.presenter)
        self.sender = Sender(
            self.database,
            self.bot,
            self.pace,
            lease=timedelta(seconds=settings.lease_seconds),
            late=LATE_SCREENS,
            fill=fill_payloads,
        )
        self.engines = engines or make_engines(settings.to_translation())
        self.translating = Translating(
            self.database,
            Translator(self.engines, phrasebook()),
            patience=settings.translation_seconds + PATIENCE_MORE,
        )
        self.ticks = Ticks(self.database)
        self.poller = Poller(self.bot, self.intake)
        self.port: int | None = None
        self._web: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.username = ""

    async def start(self) -> None:
        """Start everything; when this returns, updates are being taken.

        Raises:
            StartFailed: Telegram or the database refuses; the message says what to do.
        """
        warming = asyncio.create_task(asyncio.to_thread(_warm), name="warm")
        try:
            await self._check_database()
            await self._meet_telegram()
        finally:
            await asyncio.gather(warming, return_exceptions=True)
        warming.result()  # phrases that cannot be used stop the bot here, not in the middle of somebody's message
        self.database.on_enqueued = self._something_new
        self.database.on_asked = self.translating.wake
        self.clock.on_move(self._another_time)
        self.ticks.start()
        await self._start_web()
        self._tasks.append(asyncio.create_task(self.sender.run(), name="sender"))
        self._tasks.append(asyncio.create_task(self.translating.run(), name="translating"))
        if not self.settings.webhook:
            self._tasks.append(asyncio.create_task(self.poller.run(), name="poller"))
        log.info("started", extra={"mode": "webhook" if self.settings.webhook else "polling"})

    async def stop(self) -> None:
        """Take no more updates, finish those under way and the messages in flight, close everything."""
        self.poller.stop()
        for task in self._tasks:
            if task.get_name() == "poller":
                await asyncio.gather(task, return_exceptions=True)
        if self._web is not None:
            await self._web.cleanup()  # waits for webhook requests under way
        await self.presenter.drain(GRACE_SECONDS)
        await self.ticks.stop()
        self.translating.stop()
        self.sender.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.engines.close()
        await self.bot.session.close()
        await self.database.close()
        log.info("stopped")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        """Start, and stop whatever happens."""
        try:
            await self.start()
            yield self
        finally:
            await self.stop()

    async def wait(self) -> None:
        """Wait until one of the running parts ends, which only a failure makes it do.

        Raises:
            Exception: what made it end.
        """
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    def _something_new(self) -> None:
        self.sender.wake()
        self.ticks.wake("notices")

    def _another_time(self) -> None:
        self.translating.wake()
        self.sender.wake()
        self.ticks.wake()

    async def _check_database(self) -> None:
        from storage import migrate

        try:
            async with self.database.engine.connect() as connection:
                found = await connection.run_sync(migrate.current)
        except (SQLAlchemyError, OSError) as error:
            raise StartFailed(
                f"SKOLEBUD_DATABASE: the database does not answer ({type(error).__name__}). "
                "Is it running, and are address, name and password right?"
            ) from error
        if found != migrate.head():
            raise StartFailed("The database is not up to date. Run `skolebud migrate`, then start again.")

    async def _meet_telegram(self) -> None:
        """Ask who we are, and set the command menu for people who have not come in."""
        try:
            me = await self.bot.me()
        except TelegramUnauthorizedError as error:
            raise StartFailed("SKOLEBUD_TOKEN: Telegram does not know it. Copy it from @BotFather again.") from error
        except (TelegramAPIError, OSError) as error:
            raise StartFailed("Telegram does not answer. Is this machine allowed out to api.telegram.org?") from error
        self.username = me.username or ""
        try:
            await self._introduce()
        except (TelegramAPIError, OSError) as error:  # what stands there from the last start does until the next
            log.warning("introduction.failed", extra={"kind": type(error).__name__})

    async def _introduce(self) -> None:
        for code in languages():
            known = commands(code)
            menu = [BotCommand(command=name, description=known[name].description) for name in STRANGERS_COMMANDS]
            await self.bot.set_my_commands(menu, language_code=code)
        school = commands(self.settings.language)
        menu = [BotCommand(command=name, description=school[name].description) for name in STRANGERS_COMMANDS]
        await self.bot.set_my_commands(menu)
        tr = texts(self.settings.language).plain
        await self.bot.set_my_short_description(tr.gettext("Messages between home and school, in your own language."))

    async def _start_web(self) -> None:
        """Serve /healthz, /metrics and, if set, the webhook and people's calendars."""
        server = web.Application(client_max_size=MAX_BODY)
        server.router.add_get("/healthz", self._health)
        server.router.add_get("/metrics", _metrics)
        if self.settings.webhook:
            hook = Webhook(self.bot, self.intake, self.settings.webhook_secret.get_secret_value())
            server.router.add_post(WEBHOOK_PATH, hook.handle)
        if self.settings.calendar:
            CalendarFeed(self.database).mount(server)
        self._web = web.AppRunner(server, access_log=None, shutdown_timeout=GRACE_SECONDS)
        await self._web.setup()
        site = web.TCPSite(self._web, self.settings.listen_host, self.settings.listen_port)
        try:
            await site.start()
        except OSError as error:
            raise StartFailed(self._cannot_listen(error)) from error
        self.port = int(self._web.addresses[0][1])
        if self.settings.webhook:
            await self._set_webhook()

    def _cannot_listen(self, error: OSError) -> str:
        host, port = self.settings.listen_host, self.settings.listen_port
        if error.errno == errno.EADDRINUSE:
            return f"SKOLEBUD_LISTEN_PORT: {port} is taken by another program; choose another."
        if error.errno == errno.EACCES:
            return f"SKOLEBUD_LISTEN_PORT: {port} is not allowed to this user; choose one from 1024 up."
        return f"SKOLEBUD_LISTEN_HOST: {host} is not an address of this machine."

    async def _set_webhook(self) -> None:
        address = self.settings.webhook
        if address.endswith(":0"):  # a test's free port
            address = f"{address[:-2]}:{self.port}"
        try:
            await self.bot.set_webhook(
                f"{address.rstrip('/')}{WEBHOOK_PATH}",
                secret_token=self.settings.webhook_secret.get_secret_value(),
                allowed_updates=ALLOWED,
                max_connections=40,
            )
        except TelegramAPIError as error:
            raise StartFailed(f"SKOLEBUD_WEBHOOK: Telegram refuses it: {error.message}") from error

    async def _health(self, _: web.Request) -> web.Response:
        """200 while the database answers and every part runs; 503 otherwise."""
        parts = {task.get_name(): not task.done() for task in self._tasks}
        try:
            async with asyncio.timeout(5):
                await self.database.ping()
            parts["database"] = True
        except (SQLAlchemyError, OSError, TimeoutError):
            parts["database"] = False
        good = all(parts.values())
        return web.json_response({"ok": good, **parts}, status=200 if good else 503)


def _warm() -> None:
    """Read the files of languages before anybody waits for them."""
    warm()
    warm_phrasebook()
    warm_guard()


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _PlainSession(AiohttpSession):
    """A session with a server of one's own over http: aiogram's waits a quarter of a second for TLS when it closes."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()


def _make_bot(settings: Settings) -> Bot:
    session = (_PlainSession if settings.api.startswith("http://") else AiohttpSession)(limit=200)
    if settings.api:
        session.api = TelegramAPIServer.from_base(settings.api)
    return Bot(settings.token.get_secret_value(), session=session)


async def ask_username(settings: Settings) -> str | None:
    """Return the bot's own name as Telegram knows it; None without a token or an answer."""
    if not settings.token.get_secret_value():
        return None
    async with _make_bot(settings) as bot:
        try:
            return (await bot.get_me(request_timeout=10)).username
        except AiogramError:
            return None
