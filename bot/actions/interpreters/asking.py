"""A translation is missing or not sure: a person is asked, and the home first where the text is its own (L6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.actions import UnitOfWork

if TYPE_CHECKING:
    from storage.queries.renderings import RenderingRow


async def ask_a_human(uow: UnitOfWork, row: RenderingRow) -> None:
    """Ask whoever may help with a rendering that no machine could make, or that a reader doubts; no commit."""
