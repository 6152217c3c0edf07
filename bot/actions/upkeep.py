"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import timedelta

from bot.actions import UnitOfWork
from storage.queries.entry import forget_newcomers
from storage.queries.intake import forget_seen
from storage.queries.reminders import forget_settled

UPDATES_KEPT = timedelta(days=9)
"""Telegram keeps updates for a day; its ids restart after a week of silence at the earliest."""
STRANGERS_KEPT = timedelta(days=30)
REMINDERS_KEPT = timedelta(days=60)
"""After they were sent or dropped: much longer than a reminder comes before what it is about, so none comes again."""


async def forget_old(uow: UnitOfWork) -> None:
    """Remove seen updates, strangers' wrong guesses and settled reminders that have served their purpose."""
    await forget_seen(uow, uow.now - UPDATES_KEPT)
    await forget_newcomers(uow, uow.now - STRANGERS_KEPT)
    await forget_settled(uow, uow.now - REMINDERS_KEPT)
    await uow.commit()
