"""Puts due reminders into the queue. Whether they still make sense is looked at again, in the same transaction (M9)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Progress, UnitOfWork
from bot.actions.reminders.renderers import RENDERERS
from bot.domain.reminders import DropReason, Occasion, ReminderState
from bot.outbox.enqueue import Message, enqueue
from storage.queries.reminders import ReminderRow, claim_due_reminders, settle_reminders

AT_ONCE = 500
"""Reminders of one transaction: a school's evening in one, and no lock held for long."""


async def fire_due(uow: UnitOfWork) -> Progress:
    """Put every due reminder into the queue, or drop it with a reason; return how many were due.

    Each is claimed, rendered and enqueued in one transaction, so that it happens once however many replicas tick.
    """
    due = await claim_due_reminders(uow, AT_ONCE)
    if not due:
        return Progress(0, more=False)
    late = {row.id for row in due if row.expires_at <= uow.now}
    verdicts: dict[int, Message | DropReason] = dict.fromkeys(late, DropReason.TOO_LATE)
    for occasion in Occasion:
        rows = [row for row in due if row.occasion is occasion and row.id not in late]
        if rows:
            verdicts |= await RENDERERS[occasion](uow, rows)
    await _settle(uow, due, verdicts)
    await uow.commit()
    return Progress(len(due), more=len(due) == AT_ONCE)


async def _settle(uow: UnitOfWork, due: Sequence[ReminderRow], verdicts: dict[int, Message | DropReason]) -> None:
    """Enqueue what is a message; what no renderer knows any more is gone, and so is its reminder."""
    messages = {row_id: made for row_id, made in verdicts.items() if isinstance(made, Message)}
    await enqueue(uow, *messages.values())
    await settle_reminders(uow, messages, ReminderState.DONE)
    for reason in DropReason:
        ids = [row.id for row in due if verdicts.get(row.id, DropReason.CANCELLED) is reason]
        await settle_reminders(uow, ids, ReminderState.DROPPED, reason)
