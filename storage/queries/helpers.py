"""Whether somebody or something still works on a translation, so that one may be promised (L6)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.translation import RenderingState
from storage.queries.interpreter_tasks import list_able
from storage.queries.renderings import RenderingRow
from storage.session import UnitOfWork


async def list_helped(uow: UnitOfWork, rows: Sequence[RenderingRow]) -> frozenset[int]:
    """Return those of the rows that an engine will try, or that an interpreter is asked for: by the same rule."""
    helped = {row.id for row in rows if row.due_at is not None or row.state is RenderingState.WAITING}
    for row in rows:
        if row.id not in helped and await list_able(uow, row):
            helped.add(row.id)
    return frozenset(helped)
