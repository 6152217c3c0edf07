"""What the commands share: the settings, the database, and how a refusal is told to the operator."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from bot.clock import Clock
from bot.domain.marking import N_
from bot.errors import DomainError
from bot.i18n import Texts, texts
from bot.settings import Settings, SettingsError, load_settings
from storage import migrate
from storage.session import Database

T = TypeVar("T")

WRONG = 2
"""Exit code when something has to be corrected; 1 is for a plain no."""

NOT_MIGRATED = N_("The database is not ready for this version. Run this first: {command}")
YES_WORDS = frozenset({"yes", "y", "ja", "j"})


class Operator:
    """One run of a command: its settings, its database, and the operator's language."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.tr: Texts = texts(settings.language).plain

    def say(self, message: str = "", **fields: object) -> None:
        """Print a translated sentence."""
        typer.echo(self.tr.gettext(message, **fields) if message else "")

    def confirm(self, message: str) -> bool:
        """Ask; anything but a clear yes is no."""
        # Translators: what somebody types to say yes
        word = str(self.tr.gettext("yes"))
        question = self.tr.gettext("{question} Type {word} to go on", question=self.tr.gettext(message), word=word)
        try:
            given = typer.prompt(question, default="", show_default=False)
        except typer.Abort:
            typer.echo()
            return False
        return str(given).strip().casefold() in {word.casefold(), *YES_WORDS}


def run(work: Callable[[Operator], Awaitable[T]]) -> T:
    """Run a command against the operator's own database; refusals go to stderr and end with exit code 2."""
    try:
        settings = load_settings(need_token=False)
    except SettingsError as error:
        stop(*error.lines)
    return asyncio.run(_run(settings, work))


async def _run(settings: Settings, work: Callable[[Operator], Awaitable[T]]) -> T:
    database = Database(settings.database, now=Clock().now, school=settings.to_school(), pool_size=2)
    operator = Operator(settings, database)
    try:
        if not await is_migrated(database):
            stop(operator.tr.gettext(NOT_MIGRATED, command="skolebud migrate"))
        return await work(operator)
    except DomainError as error:
        stop(operator.tr.gettext(error.sentence, **error.fields))
    finally:
        await database.close()


async def is_migrated(database: Database) -> bool:
    """Tell whether the database is at the newest revision; one that does not exist is not made by asking."""
    if database.is_sqlite and not _is_file(database.url.database):
        return False
    async with database.engine.connect() as connection:
        return await connection.run_sync(migrate.current) == migrate.head()


def _is_file(name: str | None) -> bool:
    return name is not None and Path(name).is_file()


def stop(*lines: str) -> NoReturn:
    """Say what is wrong and end."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(WRONG)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, and never over another one.

    Raises:
        FileExistsError: there is a file already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123  (the handle decides who may read)
        file.write(text)
