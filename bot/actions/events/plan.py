"""When people are reminded of an event, and of an answer that is still open (M9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.domain.events import Moment
from bot.domain.reminders import DAY_REMINDER_AT, Due, Occasion, ReminderKind, due, plan_before
from storage.models import Event
from storage.queries.events import list_silent
from storage.queries.reminders import drop_reminders, forget_dropped, plan_reminders

BEFORE_IT_HELPS = timedelta(hours=2)
"""What is told of an event waits for the end of the quiet hours only while that leaves people this much time."""


def due_of_news(uow: UnitOfWork, *moments: datetime | None) -> datetime:
    """Return when something is told of what begins at these: at once, or when the quiet hours end if that is still in
    good time (N12).
    """
    quiet_over = uow.school.considerate(uow.now)
    starts = [moment for moment in moments if moment is not None and moment > uow.now]
    return uow.now if starts and quiet_over > min(starts) - BEFORE_IT_HELPS else quiet_over


async def plan_event_reminders(uow: UnitOfWork, event: Event, recipients: Iterable[int]) -> int:
    """Plan the reminders of an event for these people, and return how many are new.

    Days and hours are the event's own or the school's. Who has not answered yet is asked again a day before the
    deadline. What was planned before stays, so calling it twice is the same as once.
    """
    if event.id is None or event.day is None:
        return 0
    people = list(dict.fromkeys(recipients))
    before = event_dues(uow, event)
    planned = await plan_reminders(uow, Occasion.EVENT, event.id, [(who, one) for who in people for one in before])
    last_call = _before_deadline(uow, event)
    if last_call is not None:
        silent = await list_silent(uow, event.id)
        asked = [(who, last_call) for who in people if who in silent]
        planned += await plan_reminders(uow, Occasion.ANSWER, event.id, asked)
    return planned


async def replan_event_reminders(uow: UnitOfWork, event: Event, recipients: Iterable[int]) -> None:
    """Take back what is planned and plan it anew, after the event or its deadline has moved."""
    if event.id is None:
        return
    for occasion in (Occasion.EVENT, Occasion.ANSWER):
        await drop_reminders(uow, occasion, [event.id])
        await forget_dropped(uow, occasion, [event.id])
    await plan_event_reminders(uow, event, recipients)


def event_dues(uow: UnitOfWork, event: Event) -> list[Due]:
    """Return when people are reminded of an event; nothing without a day."""
    if event.day is None:
        return []
    days = uow.school.remind_days if event.remind_days is None else event.remind_days
    hours = uow.school.remind_hours if event.remind_hours is None else event.remind_hours
    return plan_before(Moment(event.day, event.starts, event.ends), uow.school, uow.now, days=days, hours=hours)


def _before_deadline(uow: UnitOfWork, event: Event) -> Due | None:
    """Return when somebody who has not answered is asked again: the day before the deadline, in the afternoon."""
    if event.answer_by is None or event.answers_until is None:
        return None
    wall = datetime.combine(event.answer_by - timedelta(days=1), DAY_REMINDER_AT)
    due_at = uow.school.considerate(uow.school.at(wall))
    if not uow.now < due_at < event.answers_until:
        return None
    occurrence = f"a:{event.answer_by.isoformat()}"
    return due(ReminderKind.ANSWER, occurrence, due_at, uow.school, expires_at=event.answers_until)
