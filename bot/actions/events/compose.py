"""Composing an event: a draft in the database, a question at a time (M3, M8)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.actions.events.audience import (
    BY_ROLE,
    Reach,
    check_event_audience,
    list_event_reach,
    reach_of,
)
from bot.actions.events.fields import NothingWritten, settle_times, store_field
from bot.actions.events.render import EventContent, content_of
from bot.domain.errors import NotPermitted, Stale
from bot.domain.event_draft import EventField, asked_fields, kinds_for, may_skip, next_question
from bot.domain.events import EVENT_RULES, EventKind, EventState
from bot.domain.leave import Week, calendar_week, week_of
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from storage.models import Event
from storage.queries.dialogue import ask, close_question
from storage.queries.events import access_event_draft, find_event_draft

EXPECT_FIELD = "event.field"


@dataclass(frozen=True, slots=True)
class EventDraft:
    """A draft as its organiser sees it.

    Without `audience` whom it is for is asked first, out of `audiences`; then `asks`; neither: the overview. Without
    `kinded` even the kind is open.
    """

    id: int
    version: int
    kinded: bool
    content: EventContent
    audience: AudienceKind | None
    audiences: tuple[AudienceKind, ...]
    reach: Reach
    childcare: bool
    remind_days: int
    remind_hours: int
    asks: EventField | None

    @property
    def kind(self) -> EventKind:
        return self.content.kind

    @property
    def ready(self) -> bool:
        return self.kinded and self.audience is not None and self.asks is None


_KINDED = "k"
"""In `Event.asked`: the kind has been chosen; the column itself is never empty."""


async def start_event(uow: UnitOfWork, actor: Actor) -> EventDraft:
    """Go on with the actor's draft of an event, or begin one.

    Raises:
        NotPermitted: the actor calls no events.
    """
    kinds = kinds_for(actor)
    if not kinds:
        raise NotPermitted
    event = await find_event_draft(uow, actor)
    if event is None:
        event = Event(
            kind=kinds[0],
            state=EventState.DRAFT,
            organiser_id=actor.person_id,
            text_language=actor.language,
            zone=str(uow.school.zone),
            created_at=uow.now,
            uid=uuid.uuid4().hex,
        )
        uow.session.add(event)
        await uow.flush()
    return await finish_step(uow, actor, event)


async def open_draft(uow: UnitOfWork, actor: Actor, event_id: int, version: int | None = None) -> Event:
    """Return the draft that a button changes, held.

    Raises:
        NotPermitted: it is not the actor's draft. Stale: it has changed since the button was shown.
    """
    event = await access_event_draft(uow, actor, event_id)
    if version is not None and event.version != version:
        raise Stale
    return event


async def view_draft(uow: UnitOfWork, actor: Actor, event: Event) -> EventDraft:
    """Return a draft as it stands."""
    assert event.id is not None  # noqa: S101  (it was flushed when it was made)
    kinded = _KINDED in event.asked
    whole_day = EventField.STARTS.value in event.asked and event.starts is None
    return EventDraft(
        id=event.id,
        version=event.version,
        kinded=kinded,
        content=content_of(event, actor.name),
        audience=event.audience,
        audiences=EVENT_RULES[event.kind].audiences,
        reach=await reach_of(uow, event, actor),
        childcare=event.childcare,
        remind_days=uow.school.remind_days if event.remind_days is None else event.remind_days,
        remind_hours=uow.school.remind_hours if event.remind_hours is None else event.remind_hours,
        asks=next_question(event.kind, event.asked, whole_day=whole_day) if kinded and event.audience else None,
    )


async def finish_step(uow: UnitOfWork, actor: Actor, event: Event) -> EventDraft:
    """Store what comes next as the open question, commit, and return the draft's screen."""
    view = await view_draft(uow, actor, event)
    if view.asks is not None:
        await ask(uow, actor.person_id, EXPECT_FIELD, view.id, field=view.asks.value)
    else:
        await close_question(uow, actor.person_id)
    await uow.commit()
    return view


async def show_draft(uow: UnitOfWork, actor: Actor, event_id: int) -> EventDraft:
    """Return a draft's current screen, for a stale button.

    Raises:
        NotPermitted: it is not the actor's draft.
    """
    return await finish_step(uow, actor, await access_event_draft(uow, actor, event_id))


async def pick_kind(uow: UnitOfWork, actor: Actor, event_id: int, version: int, kind: EventKind) -> EventDraft:
    """Choose what the draft is; an audience that the kind does not know is asked anew, the only one is taken.

    Raises:
        NotPermitted: the actor may not call such events. Stale.
    """
    event = await open_draft(uow, actor, event_id, version)
    if kind not in kinds_for(actor):
        raise NotPermitted
    event.kind = kind
    rule = EVENT_RULES[kind]
    if rule.circle in BY_ROLE:
        event.audience, event.audience_ids = rule.audiences[0], []
    else:
        try:
            await check_event_audience(uow, actor, kind, event.audience, event.audience_ids)
        except NotPermitted:
            event.audience, event.audience_ids = await _only_class(uow, actor, kind)
    wanted = {field.value for field in asked_fields(kind)}
    event.asked = [_KINDED, *(one for one in event.asked if one in wanted)]
    if EventField.TITLE.value not in wanted:
        event.title = ""
    if EventField.CHILDCARE.value not in wanted:
        event.childcare = False
    if event.starts is None and EventField.STARTS.value in event.asked and not may_skip(kind, EventField.STARTS):
        event.asked = [one for one in event.asked if one != EventField.STARTS.value]
    event.version += 1
    return await finish_step(uow, actor, event)


async def _only_class(uow: UnitOfWork, actor: Actor, kind: EventKind) -> tuple[AudienceKind | None, list[int]]:
    """Return the one class that somebody can choose; the leadership and a choice between kinds are asked."""
    if actor.leads or AudienceKind.CLASSES not in EVENT_RULES[kind].audiences:
        return None, []
    if AudienceKind.PUPIL in EVENT_RULES[kind].audiences:
        return None, []
    classes = await list_event_reach(uow, actor, kind)
    return (AudienceKind.CLASSES, [classes[0].id]) if len(classes) == 1 else (None, [])


async def pick_audience(
    uow: UnitOfWork, actor: Actor, event_id: int, version: int, kind: AudienceKind, ids: Sequence[int]
) -> EventDraft:
    """Choose whom the draft is for.

    Raises:
        NotPermitted: beyond the actor's reach. Stale.
    """
    event = await open_draft(uow, actor, event_id, version)
    await check_event_audience(uow, actor, event.kind, kind, ids)
    event.audience, event.audience_ids = kind, list(ids)
    event.version += 1
    return await finish_step(uow, actor, event)


async def set_field(
    uow: UnitOfWork, actor: Actor, event_id: int, version: int | None, field: EventField, value: str
) -> EventDraft:
    """Give a field the value of a button or of a typed answer; "" leaves it open.

    Raises:
        InvalidInput: it does not fit; the sentence says how it should look. Stale, NotPermitted.
    """
    event = await open_draft(uow, actor, event_id, version)
    text = value.strip()
    if _KINDED not in event.asked or (field not in asked_fields(event.kind) and field not in _REMIND):
        raise Stale
    if not text and not may_skip(event.kind, field):
        raise NothingWritten
    store_field(uow, event, field, text, actor.language)
    if field not in _REMIND:
        event.asked = [*(one for one in event.asked if one != field.value), field.value]
        _ask_what_no_longer_fits(event)
    settle_times(uow, event)
    event.version += 1
    return await finish_step(uow, actor, event)


_REMIND = frozenset({EventField.REMIND_DAYS, EventField.REMIND_HOURS})


def _ask_what_no_longer_fits(event: Event) -> None:
    """Ask again what an earlier answer has become wrong for."""
    gone = set()
    if event.answer_by is not None and event.day is not None and event.answer_by > event.day:
        event.answer_by = None
        gone.add(EventField.ANSWER_BY.value)
    if event.ends is not None and (event.starts is None or event.ends <= event.starts):
        event.ends = None
        gone.add(EventField.ENDS.value)
    event.asked = [one for one in event.asked if one not in gone]


async def ask_again(uow: UnitOfWork, actor: Actor, event_id: int, version: int, field: EventField) -> EventDraft:
    """Open a field for a new answer; what it held stays until then.

    Raises:
        Stale, NotPermitted.
    """
    event = await open_draft(uow, actor, event_id, version)
    event.asked = [one for one in event.asked if one != field.value]
    event.version += 1
    return await finish_step(uow, actor, event)


async def discard_event(uow: UnitOfWork, actor: Actor, event_id: int) -> None:
    """Throw the draft away; nobody was invited.

    Raises:
        NotPermitted: it is not the actor's draft.
    """
    event = await access_event_draft(uow, actor, event_id)
    event.state = EventState.DISCARDED
    await close_question(uow, actor.person_id)
    await uow.commit()


async def week_to_choose(uow: UnitOfWork, number: int | None = None, near: date | None = None) -> Week:
    """Return a week of the small calendar for an event's day; without a number that of `near`, else the next one."""
    if number is None:
        number = week_of(near, uow.today) if near is not None and near >= uow.today else 1
    calendar = await school_calendar(uow, uow.today, uow.today + timedelta(weeks=max(number, 0) + 1))
    return calendar_week(number, uow.today, uow.today, calendar)
