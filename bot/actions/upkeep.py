"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import timedelta

from bot.actions import UnitOfWork
from storage.queries.entry import forget_newcomers
from storage.queries.intake import forget_seen

UPDATES_KEPT = timedelta(days=9)
"""Telegram keeps updates for a day; its ids restart after a week of silence at the earliest."""
STRANGERS_KEPT = timedelta(days=30)


async def forget_old(uow: UnitOfWork) -> None:
    """Remove seen updates and strangers' wrong guesses that have served their purpose."""
    await forget_seen(uow, uow.now - UPDATES_KEPT)
    await forget_newcomers(uow, uow.now - STRANGERS_KEPT)
    await uow.commit()
