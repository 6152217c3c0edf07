"""Takes one update to its end: handled and committed, or set aside after repeated failure."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.marking import N_
from bot.domain.messages import Screen
from bot.i18n import find_language, texts
from bot.metrics import SET_ASIDE, UPDATE_SECONDS, UPDATES
from bot.middleware.present import Presenter
from storage.queries.intake import mark_seen, record_failure
from storage.queries.people import chosen_language
from storage.session import Database

log = logging.getLogger(__name__)

TRIES = 3
PAUSES = (0.1, 0.5)
"""Seconds between the tries of a failing update."""
APOLOGY = N_("Something went wrong on our side, and this was not done. Try again, or call the school. Error {id}.")


UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout, OSError)
"""What a database that is away raises; an update can cause the same by itself."""


class NotNow(Exception):
    """The database does not answer: the update must come again later. Nothing of it is kept."""


class Intake:
    """Processes updates, those of one person one after the other, those of others beside them."""

    def __init__(self, dispatcher: Dispatcher, bot: Bot, database: Database, presenter: Presenter) -> None:
        self._dispatcher = dispatcher
        self._bot = bot
        self._database = database
        self._presenter = presenter
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}
        self._processing = 0

    @property
    def under_way(self) -> int:
        """How many updates are being processed or answered."""
        return self._processing + self._presenter.under_way

    async def process(self, update: Update, *, by_webhook: bool = False) -> AnswerCallbackQuery | None:
        """Process an update; when this returns, it may be confirmed to Telegram.

        The person's screens are sent beside that, in their order: a chat that Telegram slows down holds up no
        other person's updates. A webhook's request waits for them, because the next update of this person may
        go to another replica and be answered there.

        Returns:
            For a webhook, the answer to a tap, to travel in the response's body.

        Raises:
            NotNow: it must not be confirmed; Telegram will send it again.
        """
        deferred: list[AnswerCallbackQuery] | None = [] if by_webhook else None
        started = time.monotonic()
        person = person_of(update)
        self._processing += 1
        try:
            async with self._turn(person):
                outcome = await self._tries(update, deferred)
            if by_webhook and person is not None:
                await self._presenter.shown(person)
        finally:
            self._processing -= 1
        UPDATES.labels(kind=_kind(update), outcome=outcome).inc()
        UPDATE_SECONDS.observe(time.monotonic() - started)
        return deferred[0] if deferred else None

    async def _tries(self, update: Update, deferred: list[AnswerCallbackQuery] | None) -> str:
        for attempt in range(TRIES):
            if deferred:
                deferred.clear()
            try:
                await self._dispatcher.feed_update(self._bot, update, deferred=deferred)
            except Exception as error:  # whatever a handler raises must not block the queue
                if isinstance(error, UNAVAILABLE) and not await self._database_answers():
                    log.warning("intake.database_unavailable", extra={"kind": type(error).__name__})
                    raise NotNow from error
                if await self._failed(update, error):
                    return "set_aside"
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            else:
                return "done"
        raise NotNow  # other replicas' tries count too, so this is not reached while the counter works

    async def _database_answers(self) -> bool:
        """Tell a database that is away from an update that it will never take: only the former may wait for ever."""
        try:
            await self._database.ping()
        except (SQLAlchemyError, OSError):
            return False
        return True

    async def _failed(self, update: Update, error: Exception) -> bool:
        """Record a failed try; True when the update is set aside and its person told."""
        error_id = secrets.token_hex(4)
        log.error(
            "intake.failed",
            extra={"error_id": error_id, "update": update.update_id, "kind": _kind(update)},
            exc_info=_without_values(error),
        )
        chosen = None
        try:
            async with self._database.unit_of_work() as uow:
                given_up = await record_failure(
                    uow,
                    self._bot.id,
                    update.update_id,
                    kind=_kind(update),
                    error=type(error).__name__,
                    error_id=error_id,
                    allowed=TRIES,
                )
                if given_up:
                    await mark_seen(uow, self._bot.id, update.update_id)
                    chosen = await chosen_language(uow, person_of(update))
                await uow.commit()
        except (DBAPIError, PoolTimeout, OSError) as unavailable:
            raise NotNow from unavailable
        if given_up:
            SET_ASIDE.inc()
            self._apologise(update, error_id, chosen)
        return given_up

    def _apologise(self, update: Update, error_id: str, chosen: str | None) -> None:
        person = _person(update)
        if person is None:
            return
        tr = texts(find_language(chosen) or find_language(person[1]) or self._database.school.language)
        screen = Screen(text=tr.gettext(APOLOGY, id=error_id), new=True)
        self._presenter.begin([screen], chat=person[0], tap=update.callback_query)

    @asynccontextmanager
    async def _turn(self, person: int | None) -> AsyncIterator[None]:
        """Wait for this person's turn; the line is first come, first served."""
        if person is None:
            yield
            return
        lock, users = self._turns.get(person) or (asyncio.Lock(), 0)
        self._turns[person] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._turns[person]
            if users == 1:
                del self._turns[person]
            else:
                self._turns[person] = (lock, users - 1)


def _person(update: Update) -> tuple[int, str | None] | None:
    source = update.message or update.edited_message or update.callback_query or update.my_chat_member
    user = source.from_user if source is not None else None
    return (user.id, user.language_code) if user is not None else None


def person_of(update: Update) -> int | None:
    """Return whose update it is."""
    found = _person(update)
    return found[0] if found else None


def _kind(update: Update) -> str:
    try:
        return update.event_type
    except UpdateTypeLookupError:
        return "unknown"


def _without_values(error: Exception) -> Exception:
    """Database errors carry the statement's values; strip them, so that no text reaches a log (P6)."""
    if isinstance(error, DBAPIError):
        error.hide_parameters = True
        error.params = None
    return error
