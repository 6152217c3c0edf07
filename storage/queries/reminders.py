"""Reminders: planned with what they are about, claimed when due, each exactly once (M9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.reminders import DropReason, Due, Occasion, ReminderKind, ReminderState
from storage.models import Reminder
from storage.session import UnitOfWork
from storage.sql import insert_new, table

_REMINDER = table(Reminder)
_UNIQUE = ("occasion", "occasion_id", "recipient_id", "occurrence")


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A reminder that is due and held by this transaction."""

    id: int
    occasion: Occasion
    occasion_id: int
    recipient_id: int
    occurrence: str
    kind: ReminderKind
    due_at: datetime
    expires_at: datetime


async def plan_reminders(
    uow: UnitOfWork, occasion: Occasion, occasion_id: int, planned: Iterable[tuple[int, Due]]
) -> int:
    """Plan (recipient, reminder) pairs; what was planned before, sent or not, stays. Return how many are new."""
    rows = [
        {
            "occasion": occasion,
            "occasion_id": occasion_id,
            "recipient_id": recipient,
            "occurrence": due.occurrence,
            "kind": due.kind,
            "day": due.day,
            "at": due.at,
            "zone": str(uow.school.zone),
            "due_at": due.due_at,
            "expires_at": due.expires_at,
            "state": ReminderState.PLANNED,
        }
        for recipient, due in planned
    ]
    return await insert_new(uow, Reminder, rows, *_UNIQUE)


async def drop_reminders(
    uow: UnitOfWork,
    occasion: Occasion,
    occasion_ids: Collection[int],
    *,
    recipient_id: int | None = None,
    reason: DropReason = DropReason.CANCELLED,
) -> int:
    """Take back what is planned about these, for one person or for everybody; return how many were."""
    statement = sa.update(_REMINDER).where(
        _REMINDER.c.occasion == occasion,
        _REMINDER.c.occasion_id.in_(list(occasion_ids)),
        _REMINDER.c.state == ReminderState.PLANNED,
    )
    if recipient_id is not None:
        statement = statement.where(_REMINDER.c.recipient_id == recipient_id)
    return await uow.change(statement.values(state=ReminderState.DROPPED, reason=reason.value, settled_at=uow.now))


async def forget_dropped(
    uow: UnitOfWork, occasion: Occasion, occasion_ids: Collection[int], *, recipient_id: int | None = None
) -> None:
    """Forget what was taken back, for one person or for everybody.

    The same occurrence can then be planned again: the event moved back, somebody comes after all.
    """
    statement = sa.delete(_REMINDER).where(
        _REMINDER.c.occasion == occasion,
        _REMINDER.c.occasion_id.in_(list(occasion_ids)),
        _REMINDER.c.state == ReminderState.DROPPED,
        _REMINDER.c.reason != DropReason.TOO_LATE.value,
    )
    if recipient_id is not None:
        statement = statement.where(_REMINDER.c.recipient_id == recipient_id)
    await uow.change(statement)


def _claiming(*, skip_locked: bool) -> Any:
    """Build the claim once; it runs every second, and building it costs more than running it."""
    statement = (
        sa.select(
            col(Reminder.id),
            col(Reminder.occasion),
            col(Reminder.occasion_id),
            col(Reminder.recipient_id),
            col(Reminder.occurrence),
            col(Reminder.kind),
            col(Reminder.due_at),
            col(Reminder.expires_at),
        )
        .where(
            # in the very words of the partial index: SQLite uses it for nothing else
            sa.text(f"reminder.state = '{ReminderState.PLANNED.value}'"),
            col(Reminder.due_at) <= sa.bindparam("now", type_=_REMINDER.c.due_at.type),
        )
        .order_by(col(Reminder.due_at), col(Reminder.id))
        .limit(sa.bindparam("most"))
    )
    return statement.with_for_update(skip_locked=True) if skip_locked else statement


_CLAIM = {True: _claiming(skip_locked=False), False: _claiming(skip_locked=True)}
"""By whether it is SQLite, where one writer at a time needs no locks."""


async def claim_due_reminders(uow: UnitOfWork, limit: int) -> list[ReminderRow]:
    """Take due reminders until this transaction ends; on PostgreSQL other replicas pass by them."""
    found = await uow.execute(_CLAIM[uow.sqlite], {"now": uow.now, "most": limit})
    return [ReminderRow(*row) for row in found]


async def settle_reminders(
    uow: UnitOfWork, ids: Collection[int], state: ReminderState, reason: DropReason | None = None
) -> None:
    """Write down what became of claimed reminders."""
    if ids:
        await uow.change(
            sa.update(_REMINDER)
            .where(_REMINDER.c.id.in_(list(ids)))
            .values(state=state, reason=reason.value if reason else None, settled_at=uow.now)
        )


async def forget_settled(uow: UnitOfWork, before: datetime) -> int:
    """Remove reminders that were sent or dropped before an aware moment; return how many."""
    return await uow.change(
        sa.delete(_REMINDER).where(_REMINDER.c.settled_at < before, _REMINDER.c.state != ReminderState.PLANNED)
    )
