"""Writing and reading the audit trail (P6)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.models import AuditEntry
from storage.session import UnitOfWork
from storage.sql import table

_INSERT = sa.insert(table(AuditEntry))


async def audit(
    uow: UnitOfWork, actor_id: int | None, act: str, about: str = "", about_id: int = 0, **detail: Any
) -> None:
    """Record an act in this transaction. `detail` holds ids and codes, never names or texts."""
    await uow.execute(
        _INSERT,
        {
            "at": uow.now,
            "actor_id": actor_id,
            "act": act,
            "about": about,
            "about_id": about_id,
            "detail": detail,
        },
    )
