"""Cancelling a called event: whoever heard of it is told, and nothing more is sent about it (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.events.board import EventBoard, board_of, check_parent, event_over, refresh_event_board, sees_names
from bot.actions.events.change_words import older_message
from bot.actions.events.plan import due_of_news
from bot.actions.events.render import event_title, when_text
from bot.domain.events import EventOver, EventState
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.reminders import Occasion
from bot.i18n import Html, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event, Invitation
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.events import (
    access_called_event,
    drop_unsent_about_event,
    list_invitations,
    list_standing,
    list_told,
    open_pupils,
    work_names,
)
from storage.queries.notices import person_name
from storage.queries.reminders import drop_reminders


async def cancel_event(uow: UnitOfWork, actor: Actor, event_id: int) -> tuple[EventBoard, int]:
    """Cancel an event and tell everybody whom its invitation has reached; return the board and how many are told.

    The reminders are taken back, and so is what has not left. A second tap shows the board and tells nobody again.

    Raises:
        EventOver: it is over. NotPermitted: the actor neither called it nor leads the school.
    """
    event = await access_called_event(uow, actor, event_id, lock=True)
    await check_parent(uow, actor, event)
    told = 0
    if event.state is EventState.OPEN:
        if event_over(event, uow.now):
            raise EventOver
        told = await _cancel(uow, actor, event)
    board = await board_of(uow, event, named=sees_names(event, actor))
    await close_question(uow, actor.person_id)
    await uow.commit()
    return board, told


async def _cancel(uow: UnitOfWork, actor: Actor, event: Event) -> int:
    assert event.id is not None  # noqa: S101  (it is stored)
    event.state, event.cancelled_at = EventState.CANCELLED, uow.now
    event.revision, event.version = event.revision + 1, event.version + 1
    await uow.flush()
    for occasion in (Occasion.EVENT, Occasion.ANSWER):
        await drop_reminders(uow, occasion, [event.id])
    await drop_unsent_about_event(uow, event.id)
    heard, standing = await list_told(uow, event.id), await list_standing(uow, event.id)
    organiser = await person_name(uow, event.organiser_id) if event.organiser_id is not None else ""
    children = await open_pupils(uow, [event.id])
    work = await work_names(uow, event)
    due_at = due_of_news(uow, event.starts_at)
    messages, older = [], []
    for one in await list_invitations(uow, event.id):
        names = [name for pupil, name in children.get(one.person_id, {}).items() if pupil in one.pupil_ids]
        if not one.pupil_ids:
            names = work
        if one.person_id in heard and (names or not one.pupil_ids):
            messages.append(_message(event, one, organiser, names, due_at, standing.get(one.person_id)))
            if one.person_id in standing:
                older.append(older_message(uow, event, one, organiser, names, standing[one.person_id]))
    await enqueue(uow, *messages, *older)
    await refresh_event_board(uow, event, after=timedelta())
    await audit(uow, actor.person_id, "event.cancel", "event", event.id, people=len(messages))
    return len(messages)


def _message(
    event: Event, one: Invitation, organiser: str, children: Sequence[str], due_at: datetime, standing: int | None
) -> Message:
    tr = texts(one.language)
    assert event.day is not None  # noqa: S101  (nobody is invited to what has no day)
    lines = [
        # Translators: {event} is its sign and name, "👥 Parents' meeting"
        tr.gettext("❌ <b>Cancelled: {event}</b>", event=event_title(tr, event.kind, event.title)),
        Html(f"📅 {when_text(tr, event.day, event.starts, event.ends)}"),
    ]
    if children:
        lines.append(
            tr.gettext("From {author}, about {children}", author=organiser, children=tr.list(children))
            if organiser
            else Html(tr.list(children))
        )
    lines.append(tr.gettext("You need not do anything. You get no more reminders of it."))
    return Message(
        one.person_id, OutgoingKind.CORRECTION, "\n".join(lines), f"event-cancel:{one.id}:{event.revision}",
        lane=Lane.URGENT, due_at=due_at, replies_to_id=standing, about="event", about_id=one.event_id,
    )  # fmt: skip
