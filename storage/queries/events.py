"""Events as their organisers work on them: drafts, who is invited, what was answered, what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.event_draft import NOT_COMPOSED, kinds_for
from bot.domain.events import (
    EVENT_RULES,
    AfterWish,
    EventAnswer,
    EventState,
    GenderWish,
    InterpreterWish,
    around_pupil,
)
from bot.domain.outgoing import ACTIVE, OutgoingKind, OutgoingState, Reason
from bot.domain.people import Actor
from storage.models import Account, Event, Guardianship, Invitation, Outgoing, Person, Pupil, StaffRole
from storage.queries.invitees import Invitee
from storage.queries.people import open_access
from storage.session import UnitOfWork
from storage.sql import insert_new, table

_OUT = table(Outgoing)
ABOUT = "event"
CALLED = (EventState.OPEN, EventState.CANCELLED)


async def access_event_draft(uow: UnitOfWork, actor: Actor, event_id: int) -> Event:
    """Return the actor's own draft of an event, held until this transaction ends.

    Raises:
        NotPermitted: it is somebody else's, or no draft any more, or of a kind that is made elsewhere, or the actor
            calls no events now.
    """
    event = await uow.session.get(Event, event_id, with_for_update=None if uow.sqlite else True)
    if event is None or event.organiser_id != actor.person_id or event.state is not EventState.DRAFT:
        raise NotPermitted
    if event.kind in NOT_COMPOSED or not kinds_for(actor):
        raise NotPermitted
    return event


async def access_called_event(uow: UnitOfWork, actor: Actor, event_id: int, *, lock: bool = False) -> Event:
    """Return an event that the actor has called; the leadership may look after every one (M1).

    With `lock` nobody else changes it until this transaction ends.

    Raises:
        NotPermitted: it is somebody else's, not called yet, of a kind that is looked after elsewhere, or the actor has
            lost the role that may call such events.
    """
    locked = True if lock and not uow.sqlite else None
    event = await uow.session.get(Event, event_id, with_for_update=locked)
    if event is None or event.state not in CALLED or event.kind in NOT_COMPOSED:
        raise NotPermitted
    if event.organiser_id == actor.person_id and actor.roles & EVENT_RULES[event.kind].organisers:
        return event
    if not actor.leads:
        raise NotPermitted
    return event


async def find_event_draft(uow: UnitOfWork, actor: Actor) -> Event | None:
    """Return the actor's newest draft of an event, to be continued; rounds of talks have drafts of their own."""
    found = await uow.load(
        sa.select(Event)
        .where(
            col(Event.organiser_id) == actor.person_id,
            col(Event.state) == EventState.DRAFT,
            col(Event.kind).not_in(NOT_COMPOSED),
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    return found[0] if found else None


async def list_own_events(uow: UnitOfWork, actor: Actor, limit: int = 4) -> list[Event]:
    """Return the events that the actor has called, those to come first, then what was last.

    The leadership, which looks after all, finds what others have called and what is to come.
    """
    called = sa.select(Event).where(col(Event.state).in_(CALLED), col(Event.kind).not_in(NOT_COMPOSED))
    own = called.where(col(Event.organiser_id) == actor.person_id)
    coming = await uow.load(
        (called if actor.leads else own)
        .where(col(Event.starts_at) >= uow.now)
        .order_by(col(Event.starts_at), col(Event.id))
        .limit(limit)
    )
    past = await uow.load(
        own.where(col(Event.starts_at) < uow.now)
        .order_by(col(Event.starts_at).desc(), col(Event.id))
        .limit(limit - len(coming))
    )
    return coming + past


async def list_silent(uow: UnitOfWork, event_id: int) -> frozenset[int]:
    """Return the invited people who have not answered."""
    found = await uow.execute(
        sa.select(col(Invitation.person_id)).where(
            col(Invitation.event_id) == event_id, col(Invitation.answer).is_(None)
        )
    )
    return frozenset(found.scalars())


async def add_invitations(uow: UnitOfWork, event_id: int, invited: Sequence[tuple[Invitee, str]]) -> int:
    """Invite people, each with the language that they read; who is invited already stays so."""
    rows = [
        {
            "event_id": event_id,
            "person_id": one.person_id,
            "pupil_ids": list(one.pupil_ids),
            "language": language,
            "answered_revision": 0,
            "people": 0,
            "interpreter_language": "",
            "dialect": "",
            "childcare": 0,
            "version": 1,
        }
        for one, language in invited
    ]
    return await insert_new(uow, Invitation, rows, "event_id", "person_id")


async def list_invitations(uow: UnitOfWork, event_id: int) -> list[Invitation]:
    """Return an event's invitations."""
    of_it = sa.select(Invitation).where(col(Invitation.event_id) == event_id).order_by(col(Invitation.id))
    return await uow.load(of_it.execution_options(populate_existing=True))


async def link_invitations(uow: UnitOfWork, event_id: int, revision: int) -> None:
    """Give each invitation the outgoing row that shows a revision of the event, found by its dedupe key."""
    key = sa.literal(f"event:{event_id}:{revision}:") + sa.cast(col(Invitation.person_id), sa.String)
    row = sa.select(_OUT.c.id).where(_OUT.c.dedupe_key == key).scalar_subquery()
    await uow.change(
        sa.update(table(Invitation)).where(table(Invitation).c.event_id == event_id).values(outgoing_id=row)
    )


async def open_pupils(
    uow: UnitOfWork, event_ids: Sequence[int], people: Sequence[int] | None = None
) -> dict[int, dict[int, str]]:
    """Return, for everybody invited to one of these, the pupils to whom the access is open now, with their names.

    Of `people` alone, if they are given.
    """
    invited = sa.select(col(Invitation.person_id)).where(col(Invitation.event_id).in_(event_ids))
    if people is not None:
        invited = invited.where(col(Invitation.person_id).in_(people))
    ties = await uow.execute(
        sa.select(col(Guardianship.person_id), col(Guardianship.pupil_id), col(Pupil.name))
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .where(col(Guardianship.person_id).in_(invited), open_access(uow.today))
        .order_by(col(Pupil.name))
    )
    children: dict[int, dict[int, str]] = {}
    for person_id, pupil_id, name in ties:
        children.setdefault(person_id, {})[pupil_id] = name
    return children


async def open_invited(uow: UnitOfWork, event_id: int) -> dict[int, frozenset[int]]:
    """Return who still has a right to an event, with the children of theirs whom it concerns; none by role."""
    invited = sa.select(col(Invitation.person_id)).where(col(Invitation.event_id) == event_id)
    children = await open_pupils(uow, [event_id])
    staff = set(
        (await uow.execute(sa.select(col(StaffRole.person_id)).where(col(StaffRole.person_id).in_(invited)))).scalars()
    )
    found: dict[int, frozenset[int]] = {}
    for invitation in await list_invitations(uow, event_id):
        mine = frozenset(children.get(invitation.person_id, ())).intersection(invitation.pupil_ids)
        if mine or (not invitation.pupil_ids and invitation.person_id in staff):
            found[invitation.person_id] = mine
    return found


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """How an event stands at one person; the name is for the organiser alone (P9).

    `reached` is None while the invitation is on its way. `own_language` is the home's, also when the bot does not
    speak it.
    """

    invitation_id: int
    person_id: int
    name: str
    pupil_ids: tuple[int, ...]
    language: str
    own_language: str
    answer: EventAnswer | None
    answered_revision: int
    people: int
    interpreter: InterpreterWish | None
    interpreter_language: str
    dialect: str
    gender: GenderWish | None
    childcare: int
    after: AfterWish | None
    reached: bool | None
    outgoing_id: int | None


async def list_invited(uow: UnitOfWork, event_id: int) -> list[InvitedRow]:
    """Return how an event stands at everybody invited, by name."""
    found = await uow.execute(
        sa.select(
            col(Invitation.id),
            col(Invitation.person_id),
            col(Person.name),
            col(Invitation.pupil_ids),
            col(Invitation.language),
            sa.func.coalesce(col(Person.home_language), col(Person.language), col(Invitation.language)),
            col(Invitation.answer),
            col(Invitation.answered_revision),
            col(Invitation.people),
            col(Invitation.interpreter),
            col(Invitation.interpreter_language),
            col(Invitation.dialect),
            col(Invitation.gender),
            col(Invitation.childcare),
            col(Invitation.after),
            col(Outgoing.state),
            col(Account.reachable),
            col(Invitation.outgoing_id),
        )
        .join(Person, col(Person.id) == col(Invitation.person_id))
        .outerjoin(Outgoing, col(Outgoing.id) == col(Invitation.outgoing_id))
        .outerjoin(Account, col(Account.person_id) == col(Invitation.person_id))
        .where(col(Invitation.event_id) == event_id)
        .order_by(col(Person.name), col(Person.id))
    )
    return [_invited_row(row) for row in found]


def _invited_row(row: Sequence[Any]) -> InvitedRow:
    return InvitedRow(
        invitation_id=row[0],
        person_id=row[1],
        name=row[2],
        pupil_ids=tuple(row[3]),
        language=row[4],
        own_language=row[5],
        answer=row[6],
        answered_revision=row[7],
        people=row[8],
        interpreter=row[9],
        interpreter_language=row[10],
        dialect=row[11],
        gender=row[12],
        childcare=row[13],
        after=row[14],
        reached=_reached(row[15], row[16]),
        outgoing_id=row[17],
    )


def _reached(state: str | None, reachable: bool | None) -> bool | None:
    if state is not None and OutgoingState(state) in ACTIVE:
        return None
    return state == OutgoingState.SENT and bool(reachable)


async def next_invitation_due(uow: UnitOfWork, event_id: int) -> datetime | None:
    """Return when the next invitation that is still on its way is due; None when all are settled."""
    found: datetime | None = (
        await uow.execute(
            sa.select(sa.func.min(_OUT.c.due_at))
            .select_from(Invitation)
            .join(Outgoing, col(Outgoing.id) == col(Invitation.outgoing_id))
            .where(col(Invitation.event_id) == event_id, _OUT.c.state.in_(ACTIVE))
        )
    ).scalar_one()
    return found


async def drop_unsent_about_event(uow: UnitOfWork, event_id: int, *kinds: OutgoingKind) -> set[int]:
    """Drop what waits for the invited about an event, of some kinds or of all; return those outgoing rows."""
    waiting = [
        _OUT.c.about == ABOUT,
        _OUT.c.about_id == event_id,
        _OUT.c.state.in_([OutgoingState.QUEUED, OutgoingState.RETRY]),
        *([_OUT.c.kind.in_(kinds)] if kinds else []),
    ]
    dropped = sa.update(_OUT).where(*waiting).returning(_OUT.c.id)
    settled = {"state": OutgoingState.DROPPED, "reason": Reason.CANCELLED, "settled_at": uow.now}
    return set((await uow.execute(dropped.values(**settled))).scalars())


async def list_told(uow: UnitOfWork, event_id: int) -> set[int]:
    """Return the people at whom a message about an event stands, or may stand."""
    found = await uow.execute(
        sa.select(_OUT.c.recipient_id).where(
            _OUT.c.about == ABOUT,
            _OUT.c.about_id == event_id,
            _OUT.c.state.in_([OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN]),
        )
    )
    return set(found.scalars())


async def list_standing(uow: UnitOfWork, event_id: int) -> dict[int, int]:
    """Return the newest invitation, or change of it, that stands at each person: outgoing rows by person."""
    found = await uow.execute(
        sa.select(_OUT.c.recipient_id, sa.func.max(_OUT.c.id))
        .where(
            _OUT.c.about == ABOUT,
            _OUT.c.about_id == event_id,
            _OUT.c.edits_id.is_(None),
            _OUT.c.kind.in_([OutgoingKind.NOTICE, OutgoingKind.CORRECTION]),
            _OUT.c.state.in_([OutgoingState.SENDING, OutgoingState.SENT]),
        )
        .group_by(_OUT.c.recipient_id)
    )
    return {row[0]: row[1] for row in found}


async def confirm_answers(uow: UnitOfWork, event_id: int, given: int, now: int) -> None:
    """Take answers to one revision of an event as answers to another, which changes nobody's plans."""
    await uow.change(
        sa.update(table(Invitation))
        .where(table(Invitation).c.event_id == event_id, table(Invitation).c.answered_revision == given)
        .values(answered_revision=now)
    )


@dataclass(frozen=True, slots=True)
class RemindedEvent:
    """What a reminder needs to know of an event at one person, by one query for many; `work` as of `work_names`."""

    event_id: int
    person_id: int
    invitation: Invitation
    event: Event
    organiser: str
    work: Sequence[str]


async def list_reminded(uow: UnitOfWork, event_ids: Sequence[int], people: Sequence[int]) -> list[RemindedEvent]:
    """Return events with the invitations of these people."""
    statement = (
        sa.select(Event, Invitation, Person.name)  # type: ignore[call-overload]
        .join(Invitation, col(Invitation.event_id) == col(Event.id))
        .outerjoin(Person, col(Person.id) == col(Event.organiser_id))
        .where(col(Event.id).in_(event_ids), col(Invitation.person_id).in_(people))
    )
    found = (await uow.session.execute(statement)).all()
    work = {event.id: await work_names(uow, event) for event in {row[0].id: row[0] for row in found}.values()}
    return [RemindedEvent(row[0].id, row[1].person_id, row[1], row[0], row[2] or "", work[row[0].id]) for row in found]


async def work_names(uow: UnitOfWork, event: Event) -> list[str]:
    """Return the names of the pupils for work with whom people are invited to an event; none to most events."""
    return list((await pupil_names(uow, event.audience_ids)).values()) if around_pupil(event.kind) else []


async def pupil_names(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, str]:
    """Return pupils' names by id."""
    found = await uow.execute(sa.select(col(Pupil.id), col(Pupil.name)).where(col(Pupil.id).in_(ids)))
    return {row[0]: row[1] for row in found}
