"""Events as their organisers work on them: drafts, who is invited, what was answered, what is wanted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from storage.models import Invitation
from storage.session import UnitOfWork


async def list_silent(uow: UnitOfWork, event_id: int) -> frozenset[int]:
    """Return the invited people who have not answered."""
    found = await uow.execute(
        sa.select(col(Invitation.person_id)).where(
            col(Invitation.event_id) == event_id, col(Invitation.answer).is_(None)
        )
    )
    return frozenset(found.scalars())
