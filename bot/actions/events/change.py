"""Changing a called event: everybody is told at once what was and what is, and answers wait to be confirmed (M9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.events.board import EventBoard, board_of, event_over, refresh_event_board, sees_names
from bot.actions.events.change_words import Facts, change_message, older_message
from bot.actions.events.fields import NothingWritten, settle_times, store_field
from bot.actions.events.invite import check_own_reach
from bot.actions.events.plan import due_of_news, replan_event_reminders
from bot.actions.events.slip import invitation_message
from bot.domain.errors import NotPermitted, Stale
from bot.domain.event_draft import CHANGEABLE, EventField, may_skip
from bot.domain.events import EventKind, EventOver, EventState, Moment, WrongEnd
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.outbox.enqueue import enqueue
from storage.models import Event
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.events import (
    access_called_event,
    confirm_answers,
    drop_unsent_about_event,
    link_invitations,
    list_invitations,
    open_pupils,
    work_names,
)
from storage.queries.invitations import Invited, access_invitation, change_invitation
from storage.queries.notices import person_name
from storage.queries.renderings import source_changed

EXPECT_CHANGE = "event.change"
"""A new value is asked for."""
EXPECT_NOTHING = "event.changed"
"""The new facts wait for the tap that tells everybody; what is written now is not one of them."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """An event with what is to be changed but has not been: the new facts wait in the dialogue's row.

    `asks` is the field whose new value is asked for; None shows old and new before everybody is told.
    """

    event_id: int
    revision: int
    kind: EventKind
    title: str
    old: Facts
    new: Facts
    asks: EventField | None

    @property
    def changed(self) -> bool:
        return self.old != self.new


def facts_of(event: Event) -> Facts:
    """Return what can be changed of an event."""
    return Facts(event.day, event.starts, event.ends, event.place, event.text)


async def _access(uow: UnitOfWork, actor: Actor, event_id: int, revision: int | None) -> Event:
    event = await access_called_event(uow, actor, event_id, lock=True)
    await check_own_reach(uow, actor, event)
    if event.state is not EventState.OPEN or event_over(event, uow.now):
        raise EventOver
    if revision is not None and event.revision != revision:
        raise Stale
    return event


async def start_change(
    uow: UnitOfWork, actor: Actor, event_id: int, revision: int | None = None, field: EventField | None = None
) -> ChangeView:
    """Show what can be changed, or ask for a field's new value; what was chosen before is kept.

    Raises:
        EventOver: it is over or cancelled. Stale: it was changed meanwhile. NotPermitted.
    """
    event = await _access(uow, actor, event_id, revision)
    if field is not None and field not in CHANGEABLE:
        raise NotPermitted
    pending = _pending(await find_question(uow, actor.person_id), event)
    return await _keep(uow, actor, event, pending, field)


def _pending(question: OpenQuestion | None, event: Event) -> dict[str, Any]:
    """Return the new facts that wait; those that were chosen before another change do not hold any more."""
    if question is None or question.expects not in {EXPECT_CHANGE, EXPECT_NOTHING} or question.ref_id != event.id:
        return {}
    if question.data.get("revision") != event.revision:
        return {}
    return dict(question.data.get("new") or {})


async def _keep(
    uow: UnitOfWork, actor: Actor, event: Event, new: dict[str, Any], field: EventField | None
) -> ChangeView:
    assert event.id is not None  # noqa: S101  (it is stored)
    waits = {"revision": event.revision, "field": field.value if field else "", "new": new}
    await ask(uow, actor.person_id, EXPECT_CHANGE if field else EXPECT_NOTHING, event.id, **waits)
    old = facts_of(event)
    view = ChangeView(event.id, event.revision, event.kind, event.title, old, _with(old, new), field)
    await uow.commit()
    return view


def _with(old: Facts, new: dict[str, Any]) -> Facts:
    """Return facts with new values, read from the dialogue's row."""
    return Facts(
        date.fromisoformat(new["day"]) if "day" in new else old.day,
        _clock(new["starts"]) if "starts" in new else old.starts,
        _clock(new["ends"]) if "ends" in new else old.ends,
        str(new["place"]) if "place" in new else old.place,
        str(new["text"]) if "text" in new else old.text,
    )


def _clock(value: str) -> time | None:
    return time.fromisoformat(value) if value else None


async def set_change(
    uow: UnitOfWork, actor: Actor, event_id: int, revision: int | None, field: EventField | None, value: str
) -> ChangeView:
    """Choose a field's new value, typed or from a button; nobody is told yet. A later beginning moves the end along.

    Raises:
        InvalidInput: it does not fit. EventOver, Stale, NotPermitted.
    """
    event = await _access(uow, actor, event_id, revision)
    question = await find_question(uow, actor.person_id)
    new = _pending(question, event)
    field = field or _asked(question, event)
    if field not in CHANGEABLE:
        raise NotPermitted
    text = value.strip()
    if not text and not may_skip(event.kind, field):
        raise NothingWritten
    old = facts_of(event)
    after = _read(uow, event, _with(old, new), field, text, actor.language)
    return await _keep(uow, actor, event, _as_values(old, after), None)


def _asked(question: OpenQuestion | None, event: Event) -> EventField:
    """Return the field whose new value was asked for."""
    if question is None or question.ref_id != event.id or question.data.get("revision") != event.revision:
        raise Stale
    try:
        return EventField(str(question.data.get("field")))
    except ValueError as error:
        raise Stale from error


def _read(uow: UnitOfWork, event: Event, before: Facts, field: EventField, text: str, language: str) -> Facts:
    """Read a value as a draft would, against the facts that were chosen before; the event itself stays as it is."""
    scratch = Event(
        kind=event.kind, state=event.state, zone=event.zone, uid="", created_at=uow.now, text_language=language,
        day=before.day, starts=before.starts, ends=before.ends, place=before.place, text=before.text,
    )  # fmt: skip
    store_field(uow, scratch, field, text, language)
    if scratch.starts is None:
        scratch.ends = None
    elif field is EventField.STARTS and before.starts and before.ends:
        scratch.ends = _moved(scratch.starts, before.starts, before.ends)
    return facts_of(scratch)


def _moved(starts: time, old_starts: time, old_ends: time) -> time | None:
    """Return the end that keeps the length; open when that would be after midnight."""
    someday = date(2000, 1, 1)
    length = datetime.combine(someday, old_ends) - datetime.combine(someday, old_starts)
    end = datetime.combine(someday, starts) + length
    return end.time() if end.date() == someday else None


def _as_values(old: Facts, new: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if new.day != old.day and new.day is not None:
        found["day"] = new.day.isoformat()
    for name in ("starts", "ends"):
        value = getattr(new, name)
        if value != getattr(old, name):
            found[name] = f"{value:%H:%M}" if value is not None else ""
    for name in ("place", "text"):
        if getattr(new, name) != getattr(old, name):
            found[name] = getattr(new, name)
    return found


async def apply_change(uow: UnitOfWork, actor: Actor, event_id: int, revision: int) -> tuple[EventBoard, int]:
    """Change the event and tell everybody invited at once, with old and new; return the board and how many are told.

    Answers stay, marked as given before the change, unless only the agenda is new. Reminders follow the new time.
    Of two changes at the same moment the second meets another revision.

    Raises:
        Stale: it was changed meanwhile, or nothing waits to be changed. EventOver, WrongEnd, NotPermitted.
    """
    event = await _access(uow, actor, event_id, revision)
    old, old_start = facts_of(event), event.starts_at
    new = _with(old, _pending(await find_question(uow, actor.person_id), event))
    if new == old:
        raise Stale
    if new.starts is not None and new.ends is not None and new.ends <= new.starts:
        raise WrongEnd
    if new.day is None or uow.school.at(Moment(new.day, new.starts, new.ends).wall_start()) <= uow.now:
        raise EventOver
    _take(uow, event, new, actor.language)
    event.revision, event.changed_at, event.version = event.revision + 1, uow.now, event.version + 1
    await uow.flush()
    if old.text != new.text:
        await source_changed(uow, Subject.EVENT, event_id)
    # reminders first: one that fires at this moment is waited for, and what it put into the queue is dropped below
    await replan_event_reminders(uow, event, [one.person_id for one in await list_invitations(uow, event_id)])
    told = await _tell(uow, event, old, old_start)
    await close_question(uow, actor.person_id)
    await refresh_event_board(uow, event, after=timedelta())
    await audit(uow, actor.person_id, "event.change", "event", event_id, revision=event.revision, people=told)
    board = await board_of(uow, event, named=sees_names(event, actor))
    await uow.commit()
    return board, told


def _take(uow: UnitOfWork, event: Event, new: Facts, language: str) -> None:
    moved = (event.day, event.starts) != (new.day, new.starts)
    event.day, event.starts, event.ends, event.place = new.day, new.starts, new.ends, new.place
    if event.text != new.text:
        event.text, event.text_language = new.text, language
    closed = event.answers_until is not None and event.answers_until <= uow.now
    too_late = event.answer_by is not None and new.day is not None and event.answer_by > new.day
    if moved and (closed or too_late):
        event.answer_by = None  # the answers are to be given again, so they can be until it begins
    settle_times(uow, event)


async def _tell(uow: UnitOfWork, event: Event, old: Facts, old_start: datetime | None) -> int:
    """Tell everybody who may still know; whose invitation has not left gets it as it is now. Return how many."""
    assert event.id is not None  # noqa: S101  (it is stored)
    new = facts_of(event)
    if not new.changes_plans(old):
        await confirm_answers(uow, event.id, event.revision - 1, event.revision)
    unsent = await drop_unsent_about_event(uow, event.id, OutgoingKind.NOTICE, OutgoingKind.REMINDER)
    organiser = await person_name(uow, event.organiser_id) if event.organiser_id is not None else ""
    children = await open_pupils(uow, [event.id])
    work = await work_names(uow, event)
    due_at = due_of_news(uow, old_start, event.starts_at)
    messages = []
    for one in await list_invitations(uow, event.id):
        mine = {pupil: name for pupil, name in children.get(one.person_id, {}).items() if pupil in one.pupil_ids}
        if one.pupil_ids and not mine:
            continue  # shut out meanwhile; roles are looked at when it leaves
        names = list(mine.values()) or work
        if one.outgoing_id in unsent or one.outgoing_id is None:
            messages.append(invitation_message(uow, event, one, organiser, names, due_at=due_at))
        else:
            messages.append(change_message(uow, event, one, organiser, names, old, new, due_at=due_at))
            messages.append(older_message(uow, event, one, organiser, names, one.outgoing_id))
    await enqueue(uow, *messages)
    await link_invitations(uow, event.id, event.revision)
    return sum(message.edits_id is None for message in messages)


async def confirm_same(uow: UnitOfWork, actor: Actor, event_id: int, revision: int) -> Invited:
    """Let somebody invited say after a change that the own answer still holds; a second tap changes nothing.

    It is taken also when the time for answers is over: it says no more than before.

    Raises:
        Stale: there was another change, or no answer to confirm. EventOver: cancelled or over. NotPermitted.
    """
    found = await access_invitation(uow, actor, event_id, hold=True)
    event, invitation = found.event, found.invitation
    if event.state is not EventState.OPEN or event_over(event, uow.now):
        raise EventOver
    if event.revision != revision or invitation.answer is None:
        raise Stale
    if invitation.answered_revision < revision:
        await change_invitation(uow, invitation, answered_revision=revision, answered_at=uow.now)
        await refresh_event_board(uow, event)
        await audit(uow, actor.person_id, "event.still_same", "event", event_id, revision=revision)
    await uow.commit()
    return found


async def show_own(uow: UnitOfWork, actor: Actor, event_id: int) -> Invited:
    """Return the own invitation as it stands, for a stale button.

    Raises:
        NotPermitted: there is none any more.
    """
    return await access_invitation(uow, actor, event_id)
