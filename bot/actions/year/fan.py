"""Looks up whom a date of the year wheel concerns, shortly before they are reminded and not months ahead (M6, M9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import Progress, UnitOfWork
from bot.actions.events.audience import invited_to, language_of
from bot.actions.events.plan import event_dues, plan_event_reminders
from bot.domain.events import EventState
from bot.domain.reminders import DropReason, Occasion
from storage.models import Event, Invitation
from storage.queries.events import add_invitations, list_invitations
from storage.queries.invitees import Invitee
from storage.queries.reminders import drop_reminders
from storage.queries.year_wheel import change_invited, claim_fan_due, forget_invited

AHEAD = timedelta(minutes=10)
"""How long before the first reminder people are looked up."""
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
    dues = event_dues(uow, event)
    if dues:
        return max(min(due.due_at for due in dues) - AHEAD, uow.now)
    days = uow.school.remind_days if event.remind_days is None else event.remind_days
    hours = uow.school.remind_hours if event.remind_hours is None else event.remind_hours
    return uow.now if days or (hours and event.starts is not None) else None


async def fan_due(uow: UnitOfWork) -> Progress:
    """Look up whom the dates concern whose time has come, and plan their reminders; return how many dates.

    Each date is claimed and done in one transaction, so that this happens once however many replicas tick.
    """
    events = await claim_fan_due(uow, AT_ONCE)
    for event in events:
        if event.state is EventState.OPEN:
            await fan_out(uow, event)
        event.fan_at = None
    if events:
        await uow.commit()
    return Progress(len(events), more=len(events) == AT_ONCE)


async def fan_out(uow: UnitOfWork, event: Event) -> Fanned:
    """Give a date to everybody whom it concerns now, with reminders, and take it from those whom it no longer does.

    Doing it twice is the same as once.
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
    await plan_event_reminders(uow, event, [person.person_id for person in people])
    return Fanned(people, frozenset(there) & concerned, lost)
