"""What Telegram tells about a person's chat."""

from __future__ import annotations

from bot.actions import UnitOfWork
from storage.queries.outgoing import set_reachable


async def reachability_changed(uow: UnitOfWork, address: int, reachable: bool) -> None:
    """Remember that a person blocked the bot, or let it in again; senders see it."""
    await set_reachable(uow, address, reachable)
    await uow.commit()
