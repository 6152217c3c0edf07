"""Looks up whom a date of the year wheel concerns, shortly before they are reminded and not months ahead (M6, M9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import Progress, UnitOfWork
from bot.actions.events.audience import invited_to, language_of
from bot.domain.events import EventState, Moment
from bot.domain.reminders import DropReason, Due, Occasion, plan_before
from storage.models import Event, Invitation
from storage.queries.events import add_invitations, list_invitations
from storage.queries.invitees import Invitee
from storage.queries.reminders import drop_reminders, plan_reminders
from storage.queries.year_wheel import change_invited, claim_fan_due, forget_invited

AHEAD = timedelta(minutes=10)
"""How long before the first reminder people are looked up."""
LONG_AGO = timedelta(days=60)
"""Before any reminder."""
AT_ONCE = 20
"""Dates of one transaction."""


@dataclass(frozen=True, slots=True)
class Fanned:
    """Whom a date concerns now, who was told of it before, and whom it concerns no more."""

    people: Sequence[Invitee]
    earlier: frozenset[int]
    lost: Sequence[Invitation]


def fan_moment(uow: UnitOfWork, event: Event) -> datetime | None:
    """Return when to look up whom a date concerns: before its first reminder, at once when that is past.

    None when it is over or the school reminds of nothing.
    """
    if event.starts_at is None or (event.ends_at or event.starts_at) <= uow.now:
        return None
    dues = _dues(uow, event, uow.now)
    if dues:
        return max(min(due.due_at for due in dues) - AHEAD, uow.now)
    days, hours = _before(uow, event)
    return uow.now if days or (hours and event.starts is not None) else None


def is_soon(uow: UnitOfWork, event: Event) -> bool:
    """Tell whether people would have been reminded of a date by now, had they known of it in time."""
    if event.starts_at is None or (event.ends_at or event.starts_at) <= uow.now:
        return False
    return any(due.due_at <= uow.now + AHEAD for due in _planned(uow, event, event.starts_at - LONG_AGO))


def _before(uow: UnitOfWork, event: Event) -> tuple[int, int]:
    """Return how many days and hours before it people are reminded: the date's own, or the school's."""
    days = uow.school.remind_days if event.remind_days is None else event.remind_days
    return days, uow.school.remind_hours if event.remind_hours is None else event.remind_hours


def _dues(uow: UnitOfWork, event: Event, since: datetime) -> list[Due]:
    """Return the reminders due after `since`; of those that are late by now only the last, which still helps."""
    found = _planned(uow, event, since)
    late = sorted((due for due in found if due.due_at <= uow.now), key=lambda due: due.due_at)
    return late[-1:] + [due for due in found if due.due_at > uow.now]


def _planned(uow: UnitOfWork, event: Event, since: datetime) -> list[Due]:
    if event.day is None:
        return []
    days, hours = _before(uow, event)
    return plan_before(Moment(event.day, event.starts, event.ends), uow.school, since, days=days, hours=hours)


async def fan_due(uow: UnitOfWork) -> Progress:
    """Look up whom the dates concern whose time has come, and plan their reminders; return how many dates.

    Each date is claimed and done in one transaction, so that this happens once however many replicas tick.
    """
    events = await claim_fan_due(uow, AT_ONCE)
    for event in events:
        if event.state is EventState.OPEN:
            await fan_out(uow, event, since=event.fan_at or uow.now)
        event.fan_at = None
    if events:
        await uow.commit()
    return Progress(len(events), more=len(events) == AT_ONCE)


async def fan_out(uow: UnitOfWork, event: Event, *, since: datetime) -> Fanned:
    """Give a date to everybody whom it concerns now, with reminders, and take it from those whom it no longer does.

    `since` is when this was to be done: after a time without us a reminder that is late comes at once. Doing it twice
    is the same as once.
    """
    event_id = event.id or 0
    people = await invited_to(uow, event)
    there = {one.person_id: one for one in await list_invitations(uow, event_id)}
    concerned = {one.person_id for one in people}
    lost = [one for person_id, one in there.items() if person_id not in concerned]
    for one in lost:
        await drop_reminders(uow, Occasion.EVENT, [event_id], recipient_id=one.person_id, reason=DropReason.NOT_NEEDED)
    await forget_invited(uow, event_id, [one.person_id for one in lost])
    for person in people:
        before = there.get(person.person_id)
        if before is not None and before.pupil_ids != list(person.pupil_ids):
            await change_invited(uow, event_id, person.person_id, person.pupil_ids)
    await add_invitations(uow, event_id, [(person, language_of(person, uow)) for person in people])
    dues = _dues(uow, event, since)
    await plan_reminders(uow, Occasion.EVENT, event_id, [(one.person_id, due) for one in people for due in dues])
    return Fanned(people, frozenset(there) & concerned, lost)
