"""Inviting: who is concerned is looked up, and each gets an invitation in the own language; reminding the silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.care.calm import is_calm, leaves_alone
from bot.actions.events.audience import check_event_audience, invited_to, language_of
from bot.actions.events.board import (
    EventBoard,
    board_of,
    check_parent,
    enqueue_board,
    event_over,
    is_outstanding,
    sees_names,
)
from bot.actions.events.change_words import still_rows
from bot.actions.events.compose import open_draft, view_draft
from bot.actions.events.fields import settle_times
from bot.actions.events.plan import due_of_news, plan_event_reminders
from bot.actions.events.slip import invitation_message
from bot.actions.notices.board import NobodyToRemind, RemindedRecently
from bot.actions.notices.send import BULK_FROM, NobodyThere, Unfinished
from bot.actions.translation.missing import ask_for_missing
from bot.domain.errors import InvalidInput, NotPermitted
from bot.domain.events import EventOver, EventState
from bot.domain.marking import N_
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.i18n import Html, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event, Invitation
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.events import (
    access_called_event,
    add_invitations,
    link_invitations,
    list_invitations,
    list_invited,
    open_invited,
    pupil_names,
    work_names,
)
from storage.queries.notices import person_name

REMINDER_HELPS = timedelta(hours=12)


class DeadlineIsOver(InvalidInput):
    code = "deadline_is_over"
    sentence = N_("The day until which you ask for answers is over. Choose another one, then invite.")


class AnswersAreOver(InvalidInput):
    code = "answers_are_over"
    sentence = N_("The time for answers is over, so nobody is asked any more.")


async def invite(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> tuple[EventBoard, int]:
    """Invite everybody whom a finished draft concerns, and return the board and how many they are.

    In quiet hours the invitations wait until these end (N12), unless it begins too soon after. The draft becomes a
    called event, so a second tap finds no draft.

    Raises:
        Unfinished, DeadlineIsOver, EventOver, NobodyThere: it cannot go yet. Stale, NotPermitted.
    """
    event = await open_draft(uow, actor, event_id, version)
    if not (await view_draft(uow, actor, event)).ready:
        raise Unfinished
    await check_event_audience(uow, actor, event.kind, event.audience, event.audience_ids)
    settle_times(uow, event)
    if event.starts_at is None or event.starts_at <= uow.now:
        raise EventOver
    if event.answers_until is not None and event.answers_until <= due_of_news(uow, event.starts_at):
        raise DeadlineIsOver
    invitees = await invited_to(uow, event)
    if not invitees:
        raise NobodyThere
    event.state, event.opened_at = EventState.OPEN, uow.now
    await uow.flush()
    await add_invitations(uow, event_id, [(one, language_of(one, uow)) for one in invitees])
    await ask_for_missing(uow, Subject.EVENT, event_id)
    await send_invitations(uow, event, await list_invitations(uow, event_id), actor.name)
    await plan_event_reminders(uow, event, [one.person_id for one in invitees])
    await close_question(uow, actor.person_id)
    await enqueue_board(uow, event)
    await audit(uow, actor.person_id, "event.invite", "event", event_id, kind=event.kind, people=len(invitees))
    await uow.commit()
    return await board_of(uow, event, named=sees_names(event, actor)), len(invitees)


async def send_invitations(uow: UnitOfWork, event: Event, invitations: Sequence[Invitation], organiser: str) -> None:
    """Put invitations into the queue as the event stands now, and remember which message is whose."""
    assert event.id is not None  # noqa: S101  (it is stored)
    names = await pupil_names(uow, sorted({pupil for one in invitations for pupil in one.pupil_ids}))
    due_at = due_of_news(uow, event.starts_at)
    lane = Lane.BULK if len(invitations) >= BULK_FROM else Lane.ORDINARY
    work = await work_names(uow, event)
    made = (
        invitation_message(uow, event, one, organiser, children_of(one.pupil_ids, names) or work, due_at=due_at)
        for one in invitations
    )
    await enqueue(uow, *(replace(message, lane=lane) for message in made))
    await link_invitations(uow, event.id, event.revision)


def children_of(pupil_ids: Sequence[int], names: dict[int, str]) -> list[str]:
    """Return the names of an invitation's pupils."""
    return [names[pupil] for pupil in pupil_ids if pupil in names]


async def remind_silent(uow: UnitOfWork, actor: Actor, event_id: int) -> tuple[EventBoard, int]:
    """Remind those who were reached and have not answered the event as it is now, each privately; return how many.

    Raises:
        RemindedRecently, NobodyToRemind, AnswersAreOver, EventOver.
        NotPermitted: see `access_called_event`, or out of reach now.
    """
    event = await access_called_event(uow, actor, event_id, lock=True)
    await check_own_reach(uow, actor, event)
    if event.state is not EventState.OPEN or event_over(event, uow.now):
        raise EventOver
    if event.reminded_at is not None and uow.now < event.reminded_at + uow.school.reminder_pause:
        again = uow.school.local(event.reminded_at + uow.school.reminder_pause)
        raise RemindedRecently(time=again.time().replace(second=0, microsecond=0))
    permitted, due = await _not_in_peace(uow, await open_invited(uow, event_id)), uow.school.considerate(uow.now)
    rows = [row for row in await list_invited(uow, event_id) if row.person_id in permitted]
    found = {row.person_id for row in rows if is_outstanding(row, event, due)}
    if not found:
        raise AnswersAreOver if any(row.reached and row.answer is None for row in rows) else NobodyToRemind
    event.reminded_at, event.reminders = uow.now, event.reminders + 1
    await uow.flush()
    organiser = await person_name(uow, event.organiser_id) if event.organiser_id is not None else uow.school.name
    names = await pupil_names(uow, sorted({pupil for pupils in permitted.values() for pupil in pupils}))
    work = await work_names(uow, event)
    await enqueue(
        uow,
        *(
            _reminder(uow, event, one, organiser, children_of(sorted(permitted[one.person_id]), names) or work, due)
            for one in await list_invitations(uow, event_id)
            if one.person_id in found
        ),
    )
    await audit(uow, actor.person_id, "event.remind", "event", event_id, people=len(found))
    board = await board_of(uow, event, named=sees_names(event, actor))
    await uow.commit()
    return board, len(found)


async def _not_in_peace(uow: UnitOfWork, invited: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Leave out those whom it concerns only for pupils whose homes are left in peace (B8)."""
    calm = await is_calm(uow, {pupil for pupils in invited.values() for pupil in pupils})
    return {person: pupils for person, pupils in invited.items() if not leaves_alone(pupils, calm)}


async def check_own_reach(uow: UnitOfWork, actor: Actor, event: Event) -> None:
    """Hold the organiser against today's reach: who has left a class writes to its homes no more.

    Raises:
        NotPermitted: the audience is beyond it; the leadership reaches all.
    """
    if event.organiser_id == actor.person_id or not actor.leads:
        await check_event_audience(uow, actor, event.kind, event.audience, event.audience_ids)


def _reminder(
    uow: UnitOfWork, event: Event, one: Invitation, organiser: str, children: Sequence[str], due: datetime
) -> Message:
    tr = texts(one.language)
    lead = (
        tr.gettext("🔔 {sender} would like to know whether you are coming. One tap is enough.", sender=organiser)
        if one.answer is None
        else tr.gettext("🔔 {sender} would like to know whether your answer still holds.", sender=organiser)
    )
    made = invitation_message(
        uow, event, one, organiser, children, lead=Html(lead), due_at=due, replies_to_id=one.outgoing_id
    )
    return replace(
        made,
        kind=OutgoingKind.REMINDER,
        dedupe_key=f"event-remind:{one.id}:{event.reminders}",
        buttons=(*still_rows(tr, uow, event, one), *made.buttons),
        lane=Lane.ORDINARY,
        expires_at=min(due + REMINDER_HELPS, event.starts_at or due + REMINDER_HELPS),
    )


async def show_second_tap(uow: UnitOfWork, actor: Actor, event_id: int) -> EventBoard:
    """Return the board for a tap on "Invite" when the invitations are out already.

    Raises:
        NotPermitted: there is no such event of the actor.
    """
    event = await access_called_event(uow, actor, event_id)
    await check_parent(uow, actor, event)
    if event.organiser_id != actor.person_id:
        raise NotPermitted
    return await board_of(uow, event, named=sees_names(event, actor))
