"""Interpreters follow a conversation while its home allows it: original and translation, side by side (L4)."""

from __future__ import annotations

from bot.actions import UnitOfWork


async def follow(uow: UnitOfWork, thread_id: int, message_id: int) -> None:
    """Let those who may follow a conversation have its new message; the caller commits."""
