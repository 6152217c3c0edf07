"""`skolebud run`, `migrate`, `check`: the bot for a real school."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App, StartFailed
from bot.cli.common import stop
from bot.logs import set_up_logging
from bot.settings import Settings, SettingsError, load_settings
from storage import migrate as migrations

log = logging.getLogger(__name__)


def _settings(*, need_token: bool) -> Settings:
    try:
        return load_settings(need_token=need_token)
    except SettingsError as error:
        stop(*error.lines)


def run() -> None:
    """Run the bot until it is told to stop (Ctrl+C or SIGTERM); what is under way is finished."""
    settings = _settings(need_token=True)
    set_up_logging(settings.log_level)
    try:
        asyncio.run(_run(settings))
    except StartFailed as error:
        stop(str(error))


async def _run(settings: Settings) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in asyncio
            loop.add_signal_handler(sign, told.set)
    app = App(settings)
    async with app.running():
        ended = asyncio.ensure_future(app.wait())
        waiting = asyncio.ensure_future(told.wait())
        done, _ = await asyncio.wait({ended, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if ended in done:
            ended.result()  # a part has failed: end with its error, so that whoever watches starts us again
        ended.cancel()
        await asyncio.gather(ended, waiting, return_exceptions=True)


def migrate(
    revision: Annotated[str, typer.Argument(help="A revision, or head for the newest.")] = "head",
) -> None:
    """Bring the database to the schema of this version. Safe to run at every start."""
    settings = _settings(need_token=False)
    try:
        reached = asyncio.run(migrations.run(settings.database, "upgrade", revision))
    except (SQLAlchemyError, OSError) as error:
        stop(f"SKOLEBUD_DATABASE: the database does not answer ({type(error).__name__}).")
    typer.echo(f"The database is at {reached}.")


def check() -> None:
    """Look at the settings and say what is wrong, without starting anything."""
    settings = _settings(need_token=True)
    typer.echo(f"The settings are well-formed. School: {settings.school}, database: {_without_password(settings)}")


def _without_password(settings: Settings) -> str:
    from sqlalchemy.engine import make_url

    return make_url(settings.database).render_as_string(hide_password=True)
