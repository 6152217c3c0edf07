"""What a draft's translations lack is nobody's business before it goes out; then people are asked (L6)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.interpreters.asking import ask_a_human
from bot.domain.translation import RenderingState, Subject
from storage.queries.renderings import list_renderings_of


async def ask_for_missing(uow: UnitOfWork, subject: Subject, subject_id: int) -> None:
    """Ask people for the translations of a text that machines could not make while it was written; no commit."""
    for row in await list_renderings_of(uow, subject, subject_id):
        if row.state is RenderingState.HUMAN:
            await ask_a_human(uow, row)
