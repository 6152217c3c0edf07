"""Whether a home waits for the school's answer, and when that surfaces (B2)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.domain.threads import ThreadRef, plan_answer
from storage.queries.threads import change_thread, read_waiting


@dataclass(frozen=True, slots=True)
class Turn:
    """What a change made of the waiting: it began, or it ended."""

    began: bool = False
    ended: bool = False


async def settle_waiting(uow: UnitOfWork, thread: ThreadRef, *, closed: bool = False) -> Turn:
    """Store whether the home waits after what just happened; what surfaces is planned or called off with it.

    Args:
        thread: as it stood before, its row held by this transaction.
        closed: the conversation is closed now: nobody waits.
    """
    waiting = None if closed else await read_waiting(uow, thread)
    if waiting is None:
        await change_thread(uow, thread.id, waits_since=None, teacher_due=None, leader_due=None)
        return Turn(ended=thread.waits_since is not None)
    if thread.waits_since is not None:
        await change_thread(uow, thread.id, waits_since=waiting[0])
        return Turn()
    due = plan_answer(uow.now, uow.school, await school_calendar(uow, uow.today, uow.today))
    await change_thread(uow, thread.id, waits_since=waiting[0], teacher_due=due.teachers, leader_due=due.leadership)
    return Turn(began=True)
