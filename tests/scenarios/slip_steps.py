"""What homes do in stories about invitations, and an event as its organiser would have called it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions.events.plan import plan_event_reminders
from bot.actions.events.slip import invitation_message
from bot.domain.events import EVENT_RULES, EventAnswer, EventKind, EventState
from bot.domain.notices import AudienceKind
from bot.domain.outgoing import OutgoingKind
from bot.i18n import find_language
from bot.i18n.event_words import EVENT_ANSWER_SIGNS, EVENT_ANSWERS
from bot.outbox.enqueue import Message, enqueue
from bot.simulator import SimMessage
from storage.models import Event, Invitation
from storage.queries.invitees import list_invitees
from storage.queries.notices import pupil_labels
from storage.queries.outgoing import find_by_key
from storage.session import UnitOfWork
from tests.scenarios.notices_steps import holding, tap
from tests.scenarios.world import Actor, World, _bare

AGENDA = "1. Hvordan klassen har det\n2. Julefesten"
DAY = date(2026, 12, 2)
ANSWER_BY = date(2026, 11, 30)


async def call_event(
    uow: UnitOfWork,
    organiser: int,
    ids: Sequence[int],
    *,
    kind: EventKind = EventKind.CLASS_MEETING,
    day: date = DAY,
    starts: time | None = time(18, 0),
    ends: time | None = time(19, 30),
    answer_by: date | None = ANSWER_BY,
    audience: AudienceKind = AudienceKind.CLASSES,
    **values: Any,
) -> tuple[Event, list[Invitation]]:
    """Store an open event with its invitations and reminders, as its organiser's last tap does."""
    wall = datetime.combine(day, starts or time())
    end = datetime.combine(day, ends) if ends else None if starts else wall + timedelta(days=1)
    closing = answer_by + timedelta(days=1) if answer_by else None
    event = Event(
        kind=kind,
        state=EventState.OPEN,
        organiser_id=organiser,
        text_language="nb",
        audience=audience,
        audience_ids=list(ids),
        day=day,
        starts=starts,
        ends=ends,
        zone=str(uow.school.zone),
        starts_at=uow.school.at(wall),
        ends_at=uow.school.at(end) if end else None,
        answer_by=answer_by,
        answers_until=uow.school.at(datetime.combine(closing, time())) if closing else None,
        created_at=uow.now,
        opened_at=uow.now,
        uid=str(uuid.uuid4()),
        **{"text": AGENDA, "place": "Rom 12", "childcare": True, **values},
    )
    uow.session.add(event)
    await uow.flush()
    assert event.id is not None
    invitees = await list_invitees(uow, EVENT_RULES[kind].circle, audience, ids)
    invitations = [
        Invitation(
            event_id=event.id,
            person_id=one.person_id,
            pupil_ids=list(one.pupil_ids),
            language=find_language(one.language) or uow.school.language,
        )
        for one in invitees
    ]
    uow.session.add_all(invitations)
    await uow.flush()
    await plan_event_reminders(uow, event, [one.person_id for one in invitations])
    return event, invitations


async def class_ids(world: World, *names: str) -> list[int]:
    """Return classes by name."""
    found = dict(tuple(row) for row in await world.rows("SELECT name, id FROM school_class"))
    return [found[name] for name in names]


async def invite(
    world: World, organiser: str = "Kari Nordmann", school_class: str = "5A", *, send: bool = True, **values: Any
) -> int:
    """Call an event and return its id; with `send` its invitations are at the homes by then."""
    ids = await class_ids(world, school_class) if "ids" not in values else values.pop("ids")
    async with world.unit_of_work() as uow:
        event, invitations = await call_event(uow, world.known[organiser].person_id, ids, **values)
        labels = await pupil_labels(uow, sorted({pupil for one in invitations for pupil in one.pupil_ids}))
        await enqueue(
            uow,
            *(
                invitation_message(uow, event, one, organiser, [labels[pupil][0] for pupil in one.pupil_ids])
                for one in invitations
                if send
            ),
        )
        await uow.commit()
    await world.idle()
    assert event.id is not None
    return event.id


async def give_board(world: World, event_id: int, organiser: str) -> None:
    """Give an event a live screen, so that answers ask for it to be drawn again."""
    async with world.unit_of_work() as uow:
        who = world.known[organiser].person_id
        key = f"board-of-event:{event_id}"
        await enqueue(
            uow, Message(who, OutgoingKind.REPORT, "board", key, about="event", about_id=event_id, silent=True)
        )
        event = await uow.session.get(Event, event_id)
        assert event is not None
        event.board_id = await find_by_key(uow, key)
        await uow.commit()
    await world.idle()


async def change(world: World, event_id: int, **values: Any) -> None:
    """Change what is stored of an event, as its organiser would."""
    async with world.unit_of_work() as uow:
        event = await uow.session.get(Event, event_id)
        assert event is not None
        for name, value in values.items():
            setattr(event, name, value)
        await uow.commit()


def answer_label(actor: Actor, answer: EventAnswer) -> str:
    """Return the button of an answer."""
    return f"{EVENT_ANSWER_SIGNS[answer]} {actor.say(EVENT_ANSWERS[answer])}"


async def answer(home: Actor, what: EventAnswer, message: SimMessage | None = None) -> None:
    """Answer the newest invitation."""
    await tap(home, answer_label(home, what), message)


def shows(actor: Actor, text: str) -> bool:
    """Tell whether the newest message of the bot holds `text`."""
    last = [m for m in actor.phone.messages if m.from_bot][-1]
    return _bare(text) in _bare(last.content)


async def answers(world: World) -> dict[str, str | None]:
    """Return who has answered what, by name."""
    rows = await world.rows("SELECT p.name, i.answer FROM invitation i JOIN person p ON p.id = i.person_id")
    return {row[0]: row[1] for row in rows if row[1] is not None}


async def slip_of(world: World, name: str, *columns: str) -> tuple[Any, ...]:
    """Return columns of somebody's only invitation."""
    [row] = await world.rows(
        f"SELECT {', '.join(columns)} FROM invitation i JOIN person p ON p.id = i.person_id WHERE p.name = :name",
        name=name,
    )
    return tuple(row)


async def reminders_of(world: World, name: str, state: str = "planned") -> list[str]:
    """Return the occasions of somebody's reminders in a state."""
    rows = await world.rows(
        "SELECT r.occasion FROM reminder r JOIN person p ON p.id = r.recipient_id"
        " WHERE p.name = :name AND r.state = :state ORDER BY r.occasion, r.due_at",
        name=name,
        state=state,
    )
    return [row[0] for row in rows]


def invitation_of(actor: Actor, text: str = "Rom 12") -> SimMessage:
    """Return the newest message that holds an invitation."""
    return holding(actor, text)[-1]
