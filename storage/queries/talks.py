"""Talks of a home and the school: what is said before, what was agreed, and who may see it (M5)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from storage.models import Event, TalkRound
from storage.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class RoundRow:
    """What a talk takes over from its round; None where the school's own number of days or hours counts."""

    teacher_id: int
    class_id: int
    remind_days: int | None
    remind_hours: int | None


async def find_round(uow: UnitOfWork, event_id: int) -> RoundRow | None:
    """Return the round of conferences that is this event."""
    row = (
        await uow.execute(
            sa.select(
                col(TalkRound.teacher_id), col(TalkRound.class_id), col(Event.remind_days), col(Event.remind_hours)
            )
            .join(Event, col(Event.id) == col(TalkRound.event_id))
            .where(col(TalkRound.event_id) == event_id)
        )
    ).one_or_none()
    return RoundRow(*row) if row else None
