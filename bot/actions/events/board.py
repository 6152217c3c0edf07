"""The organiser's live screen of an event: who comes, what is needed, in figures that tell of no home (M1, M7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.events.audience import audience_label, check_event_audience
from bot.actions.events.board_words import board_buttons, board_text
from bot.actions.events.render import EventContent, content_of
from bot.domain.errors import NotPermitted
from bot.domain.event_board import LanguageGroups, count_homes, group_languages
from bot.domain.events import EVENT_RULES, AfterWish, Ask, EventAnswer, GenderWish, InterpreterWish
from bot.domain.notices import AudienceKind
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.i18n import Texts, find_language, texts
from bot.outbox.enqueue import Message, enqueue, payload_of, refresh_live
from storage.models import Event
from storage.queries.event_topics import list_event_topics
from storage.queries.events import (
    InvitedRow,
    access_called_event,
    list_invited,
    next_invitation_due,
    pupil_names,
)
from storage.queries.notices import person_name
from storage.queries.outgoing import Claimed, find_by_key
from storage.queries.people import find_actor_by_person, find_contact

FIRST_LOOK = timedelta(seconds=3)
"""How soon the board is drawn again after the invitations went out: a class is reached by then."""
WHILE_SENDING = timedelta(seconds=5)
SOON = timedelta(seconds=2)
"""After an answer: many answers are one drawing."""
NAMES_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class EventBoard:
    """A called event in figures.

    `before` counts those whose answer is from before the last change, `outstanding` those whom a reminder would reach.
    `named` tells that the reader may see names.
    """

    event_id: int
    revision: int
    content: EventContent
    audience: AudienceKind | None
    label: str
    over: bool
    counts: dict[EventAnswer, int]
    people: int
    before: int
    waiting: int
    queued: int
    unreached: int
    outstanding: int
    interpreters: int
    childcare: int
    summaries: int
    other_date: int
    topics: int
    groups: LanguageGroups
    asks: frozenset[Ask]
    summarised: bool
    named: bool


async def board_of(uow: UnitOfWork, event: Event, *, named: bool) -> EventBoard:
    """Return an event in figures, from what is stored now."""
    assert event.id is not None  # noqa: S101  (it is stored)
    rows = await list_invited(uow, event.id)
    answered = [row for row in rows if row.answer is not None]
    coming = [row for row in answered if row.answer is EventAnswer.COMING]
    silent = [row for row in rows if row.answer is None]
    at_home = [row for row in answered if row.answer is not EventAnswer.NOT_COMING]
    return EventBoard(
        event_id=event.id,
        revision=event.revision,
        content=content_of(event, ""),
        audience=event.audience,
        label=await audience_label(uow, event),
        over=event_over(event, uow.now),
        counts={answer: n for answer in EventAnswer if (n := sum(row.answer is answer for row in answered))},
        people=sum(max(1, row.people) for row in coming),
        before=sum(is_before(row, event) for row in answered),
        waiting=sum(row.reached is True for row in silent),
        queued=sum(row.reached is None for row in silent),
        unreached=sum(row.reached is False for row in silent),
        outstanding=sum(is_outstanding(row, event, uow.school.considerate(uow.now)) for row in rows),
        interpreters=sum(row.interpreter is InterpreterWish.WANTED for row in coming),
        childcare=sum(row.childcare for row in coming),
        summaries=sum(row.after is AfterWish.SUMMARY for row in answered),
        other_date=sum(row.after is AfterWish.OTHER_DATE for row in answered),
        topics=len(await list_event_topics(uow, event.id)),
        groups=group_languages(count_homes((row.own_language, row.person_id, row.pupil_ids) for row in at_home)),
        asks=EVENT_RULES[event.kind].asks,
        summarised=event.summarised_at is not None,
        named=named,
    )


def is_before(row: InvitedRow, event: Event) -> bool:
    """Tell whether somebody answered before the last change and has not said since that it still holds."""
    return row.answer is not None and row.answered_revision < event.revision


def is_outstanding(row: InvitedRow, event: Event, due: datetime) -> bool:
    """Tell whether a reminder that leaves at `due` is for somebody: reached, and not heard from since the last change.

    Once the time for answers is over only an earlier answer can still be confirmed, until it begins.
    """
    if row.reached is not True or event.starts_at is None or due >= event.starts_at:
        return False
    if row.answer is None:
        return due < (event.answers_until or event.starts_at)
    return is_before(row, event)


def event_over(event: Event, now: datetime) -> bool:
    """Tell whether an event has ended, or begun when its end is open."""
    end = event.ends_at or event.starts_at
    return end is not None and end <= now


def sees_names(event: Event, actor: Actor) -> bool:
    """Tell whether somebody is the organiser and of the staff: a representative is another guardian (P9)."""
    return event.organiser_id == actor.person_id and actor.may_write_notices


async def open_board(uow: UnitOfWork, actor: Actor, event_id: int) -> EventBoard:
    """Return the figures of a called event.

    Raises:
        NotPermitted: the actor neither called it nor leads the school.
    """
    event = await access_called_event(uow, actor, event_id)
    await check_parent(uow, actor, event)
    return await board_of(uow, event, named=sees_names(event, actor))


async def check_parent(uow: UnitOfWork, actor: Actor, event: Event) -> None:
    """Hold a representative who has called an event for a class against the own children of today.

    So is a teacher who has called one about a single pupil: its figures are those of one home.

    Raises:
        NotPermitted: the access to the children of that class has ended, or the work with that pupil; staff keeps the
            figures of what it called for a class.
    """
    if not actor.may_write_notices or (event.audience is AudienceKind.PUPIL and not actor.leads):
        await check_event_audience(uow, actor, event.kind, event.audience, event.audience_ids)


async def access_names(uow: UnitOfWork, actor: Actor, event_id: int) -> Event:
    """Return an event whose names the actor sees: the organiser of the staff, within today's reach (P9).

    Raises:
        NotPermitted: somebody else, a representative, or the audience is out of reach now.
    """
    event = await access_called_event(uow, actor, event_id)
    if not sees_names(event, actor):
        raise NotPermitted
    await check_event_audience(uow, actor, event.kind, event.audience, event.audience_ids)
    return event


@dataclass(frozen=True, slots=True)
class NamedGuest:
    """One of the invited on the organiser's list."""

    name: str
    children: tuple[str, ...]
    answer: EventAnswer | None
    before: bool
    reached: bool | None
    people: int


@dataclass(frozen=True, slots=True)
class NamedNeed:
    """An interpreter that somebody who comes has asked for."""

    name: str
    language: str
    dialect: str
    gender: GenderWish


async def list_guests(uow: UnitOfWork, actor: Actor, event_id: int) -> tuple[EventBoard, list[NamedGuest]]:
    """Return everybody invited with the answer, those who come first; for the organiser of the staff alone.

    Raises:
        NotPermitted: see `access_names`.
    """
    event = await access_names(uow, actor, event_id)
    rows = await list_invited(uow, event_id)
    names = await pupil_names(uow, sorted({pupil for row in rows for pupil in row.pupil_ids}))
    order: list[EventAnswer | None] = [*EventAnswer, None]
    rows.sort(key=lambda row: order.index(row.answer))
    guests = [
        NamedGuest(
            row.name,
            tuple(names[pupil] for pupil in row.pupil_ids if pupil in names),
            row.answer,
            is_before(row, event),
            row.reached,
            row.people,
        )
        for row in rows
    ]
    return await board_of(uow, event, named=True), guests


async def list_needs(uow: UnitOfWork, actor: Actor, event_id: int) -> tuple[EventBoard, list[NamedNeed]]:
    """Return the interpreters that are wanted, by language; for the organiser of the staff alone (M2).

    Raises:
        NotPermitted: see `access_names`.
    """
    event = await access_names(uow, actor, event_id)
    wanted = [
        NamedNeed(row.name, row.interpreter_language or row.own_language, row.dialect, row.gender or GenderWish.ANY)
        for row in await list_invited(uow, event_id)
        if row.answer is EventAnswer.COMING and row.interpreter is InterpreterWish.WANTED
    ]
    wanted.sort(key=lambda need: (need.language, need.dialect, need.name))
    return await board_of(uow, event, named=True), wanted


async def organiser_texts(uow: UnitOfWork, event: Event) -> Texts:
    """Return the language of whoever called an event."""
    found = await find_contact(uow, event.organiser_id) if event.organiser_id is not None else None
    return texts(find_language(found.language or found.home_language if found else None) or uow.school.language)


async def enqueue_board(uow: UnitOfWork, event: Event) -> None:
    """Send the organiser the live board, and remember which message it is."""
    assert event.id is not None and event.organiser_id is not None  # noqa: S101, PT018  (somebody has called it)
    tr = await organiser_texts(uow, event)
    board = await board_of(uow, event, named=await _organiser_named(uow, event))
    message = Message(
        event.organiser_id, OutgoingKind.REPORT, board_text(board, tr), f"event-board:{event.id}",
        buttons=board_buttons(board, tr), lane=Lane.ORDINARY, silent=True,
    )  # fmt: skip
    await enqueue(uow, message)
    event.board_id = await find_by_key(uow, message.dedupe_key)
    await refresh_event_board(uow, event, after=FIRST_LOOK)


async def _organiser_named(uow: UnitOfWork, event: Event) -> bool:
    organiser = await find_actor_by_person(uow, event.organiser_id) if event.organiser_id is not None else None
    return organiser is not None and sees_names(event, organiser)


async def refresh_event_board(uow: UnitOfWork, event: Event, *, after: timedelta = SOON) -> None:
    """Ask for the organiser's board to be drawn again a moment later; many asks before that are one."""
    if event.board_id is None or event.organiser_id is None or event.id is None:
        return
    await refresh_live(
        uow,
        OutgoingKind.EVENT_BOARD,
        recipient_id=event.organiser_id,
        edits_id=event.board_id,
        about_id=event.id,
        due_at=uow.now + after,
    )


async def draw_event_board(uow: UnitOfWork, row: Claimed) -> dict[str, Any] | None:
    """Draw the board when its message is being edited; None when its organiser may not look any more.

    The caller commits.
    """
    organiser = await find_actor_by_person(uow, row.recipient_id)
    if organiser is None:
        return None
    try:
        event = await access_called_event(uow, organiser, row.about_id)
        await check_parent(uow, organiser, event)
    except NotPermitted:
        return None
    tr = await organiser_texts(uow, event)
    board = await board_of(uow, event, named=sees_names(event, organiser))
    rest = await next_invitation_due(uow, row.about_id)
    if row.edits_id is not None and rest is not None:
        await refresh_event_board(uow, event, after=max(rest - uow.now, timedelta()) + WHILE_SENDING)
    return payload_of(Message(row.recipient_id, row.kind, board_text(board, tr), "", buttons=board_buttons(board, tr)))


async def read_event(uow: UnitOfWork, actor: Actor, event_id: int) -> EventContent:
    """Return what an event says, for its organiser.

    Raises:
        NotPermitted: see `open_board`.
    """
    event = await access_called_event(uow, actor, event_id)
    await check_parent(uow, actor, event)
    organiser = await person_name(uow, event.organiser_id) if event.organiser_id is not None else ""
    return content_of(event, organiser)
