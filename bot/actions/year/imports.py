"""The year wheel: looked at, and brought up to date from a file (M6)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.events.plan import replan_event_reminders
from bot.actions.year.fan import Fanned, fan_moment, fan_out, is_soon
from bot.actions.year.ics_read import IcsDates, read_ics
from bot.actions.year.tell import tell_cancelled, tell_changed, tell_lost
from bot.domain.errors import DomainError
from bot.domain.events import EventState
from bot.domain.followup import year_start
from bot.domain.marking import N_
from bot.domain.notices import AudienceKind
from bot.domain.reminders import Occasion
from bot.domain.roster_cells import CellError
from bot.domain.roster_problems import RosterInvalid, problem
from bot.domain.year_file import Audience, Classes, YearDate, read_for, read_year
from bot.domain.year_plan import ChangedDate, Facts, NewDate, StoredDate, YearPlan, archived_key, plan_year
from storage.models import Event
from storage.queries.audit import audit
from storage.queries.events import drop_unsent_about_event, list_invitations
from storage.queries.reminders import drop_reminders, forget_dropped
from storage.queries.roster import lock_roster
from storage.queries.year_wheel import find_classes, list_coming, list_imported

NEXT_YEAR_FROM = 5
"""From May on a file may hold the coming school year."""


class YearChanged(DomainError):
    code = "year_changed"
    sentence = N_("The dates were changed meanwhile. Nothing was changed now: look at them and import again.")


class NoClasses(DomainError):
    code = "no_classes"
    sentence = N_("There is no class at the school yet. Import pupils and staff first: {command}")


async def read_dates(uow: UnitOfWork, data: bytes, *, ics: bool, audience: str = "") -> IcsDates:
    """Return the dates of a file; `audience` is whom entries of an .ics file are for that do not say it.

    Raises:
        RosterInvalid: something is wrong; its problems name the lines or entries and say what to do.
        NoClasses: the roster has not been imported.
    """
    classes = await find_classes(uow)
    if not classes.ids:
        raise NoClasses(command="skolebud roster import")
    if not ics:
        return IcsDates(tuple(read_year(data, classes, uow.today)), 0)
    meant = _read_option(audience, classes) if audience else None
    first, last = school_year(uow.today)
    return read_ics(data, classes, uow.school.zone, first=first, last=last, audience=meant)


def _read_option(audience: str, classes: Classes) -> Audience:
    try:
        return read_for(audience, classes)
    except CellError as error:
        sentence = N_("{value} is no year and no class of the school. The classes are: {allowed}.")
        raise RosterInvalid([problem(0, sentence, value=audience, allowed=classes.names)]) from error


def school_year(today: date) -> tuple[date, date]:
    """Return the first and last day of what a calendar file is read for: this school year, from May on the next too."""
    first = year_start(today)
    years = 2 if NEXT_YEAR_FROM <= today.month < first.month else 1
    return first, first.replace(year=first.year + years) - timedelta(days=1)


async def plan_dates(uow: UnitOfWork, source: str, wanted: tuple[YearDate, ...], *, hold: bool = False) -> YearPlan:
    """Return what importing dates of a source would change; nothing is changed."""
    stored = [_stored(uow, event) for event in await list_imported(uow, source, hold=hold)]
    return plan_year(source, wanted, stored, uow.school, uow.now)


def _stored(uow: UnitOfWork, event: Event) -> StoredDate:
    facts = stored_facts(event)
    over = facts.over(uow.school, uow.now)
    return StoredDate(event.id or 0, event.source_key or "", facts, event.state is EventState.CANCELLED, over)


def stored_facts(event: Event) -> Facts:
    """Return what a stored date says."""
    audience = Audience(event.audience or AudienceKind.SCHOOL, tuple(event.audience_ids))
    day = event.day or date.min
    return Facts(day, event.starts, event.ends_at, event.title, audience, event.place, event.kind)


async def apply_dates(
    uow: UnitOfWork, actor_id: int | None, source: str, wanted: tuple[YearDate, ...], plan: YearPlan
) -> None:
    """Change the dates as it was shown, and nothing else. Who knows of a changed date already is told at once.

    Raises:
        YearChanged: the file would change something else by now.
    """
    await lock_roster(uow)  # classes and dates are the office's; one import at a time
    if await plan_dates(uow, source, wanted, hold=True) != plan:
        raise YearChanged
    events = {event.id: event for event in await list_imported(uow, source)}
    for past in plan.archived:
        events[past.id].source_key = archived_key(past)
    await uow.flush()
    for one in plan.new:
        uow.session.add(_new(uow, one))
    for gone in plan.gone:
        await _cancel(uow, events[gone.id])
    for change in plan.changed:
        await _change(uow, events[change.id], change)
    await uow.flush()
    counts = {"new": len(plan.new), "changed": len(plan.changed), "gone": len(plan.gone)}
    await audit(uow, actor_id, "year.import", "event", **counts)
    await uow.commit()


def _new(uow: UnitOfWork, one: NewDate) -> Event:
    event = Event(
        kind=one.facts.kind,
        state=EventState.OPEN,
        text_language=uow.school.language,
        zone=str(uow.school.zone),
        created_at=uow.now,
        opened_at=uow.now,
        uid=f"{uuid.uuid4().hex}@skolebud",
        source_key=one.source_key,
    )
    _write(uow, event, one.facts)
    event.fan_at = fan_moment(uow, event)
    return event


def _write(uow: UnitOfWork, event: Event, facts: Facts) -> None:
    event.kind, event.title, event.place = facts.kind, facts.title, facts.place
    event.audience, event.audience_ids = facts.audience.kind, list(facts.audience.ids)
    event.day, event.starts, event.ends = facts.day, facts.starts, facts.end_time(uow.school)
    event.zone = str(uow.school.zone)
    event.starts_at, event.ends_at = facts.begins_at(uow.school), facts.ends_at
    event.answers_until = event.starts_at


async def _cancel(uow: UnitOfWork, event: Event) -> None:
    facts = stored_facts(event)
    event.state, event.cancelled_at, event.fan_at = EventState.CANCELLED, uow.now, None
    event.revision += 1
    await drop_reminders(uow, Occasion.EVENT, [event.id or 0])
    await drop_unsent_about_event(uow, event.id or 0)
    await tell_cancelled(uow, event, facts, await list_invitations(uow, event.id or 0))


async def _change(uow: UnitOfWork, event: Event, change: ChangedDate) -> None:
    """Change one date. Whoever was looked up for it already is told, once; so is everybody when it is soon."""
    _write(uow, event, change.new)
    event.state, event.cancelled_at, event.changed_at = EventState.OPEN, None, uow.now
    event.revision += 1
    event.fan_at = fan_moment(uow, event)
    event_id = event.id or 0
    known = await list_invitations(uow, event_id)
    await uow.flush()
    if is_soon(uow, event):
        await drop_reminders(uow, Occasion.EVENT, [event_id])
        await forget_dropped(uow, Occasion.EVENT, [event_id])
        event.fan_at = None
        await _tell(uow, event, change, await fan_out(uow, event, since=uow.now))
    elif known:  # it has moved further away: who is concerned then is looked up again
        fanned = await fan_out(uow, event, since=uow.now)
        await replan_event_reminders(uow, event, [])
        await _tell(uow, event, change, fanned)


async def _tell(uow: UnitOfWork, event: Event, change: ChangedDate, fanned: Fanned) -> None:
    facts = change.old
    await tell_lost(uow, event, facts, fanned.lost)
    if not change.reopened or fanned.earlier:
        await tell_changed(uow, event, change, fanned.people)


@dataclass(frozen=True, slots=True)
class YearView:
    """The imported dates that are not over, and the classes' names by id."""

    dates: tuple[Facts, ...]
    classes: dict[int, str]


async def show_dates(uow: UnitOfWork) -> YearView:
    """Return the year wheel from now on."""
    classes = await find_classes(uow)
    names = {number: name for name, number in classes.ids.items()}
    return YearView(tuple(stored_facts(event) for event in await list_coming(uow)), names)
