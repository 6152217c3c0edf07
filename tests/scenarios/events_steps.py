"""What somebody who calls an event does in stories."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.event_taps import EventsStep, EventsTap, EventView, OpenEvent
from bot.domain.events import EventKind
from bot.domain.people import Role
from bot.i18n.event_words import EVENT_NAMES
from bot.simulator import SimMessage, TapResult
from storage.models import StaffRole
from storage.queries.people import find_contact
from tests.scenarios.notices_steps import forge, labels, tap, write
from tests.scenarios.world import Actor, World, _bare

LATER = "Leave it open"


async def begin_event(organiser: Actor, kind: EventKind, *audience: str) -> None:
    """Begin an event: its kind, however far down the list, then the buttons that choose whom it is for."""
    await write(organiser, "/menu")
    await forge(organiser, EventsTap(EventsStep.CALL_NEW).pack())
    label = organiser.say(EVENT_NAMES[kind])
    while not organiser.has_button(label, last=1):
        await tap(organiser, organiser.say("More"))
    await tap(organiser, label)
    for choice in audience:
        while organiser.has_button("▶️", last=1) and not organiser.has_button(choice, last=1):
            await tap(organiser, "▶️")
        await tap(organiser, choice)


async def compose_meeting(
    organiser: Actor,
    *audience: str,
    kind: EventKind = EventKind.CLASS_MEETING,
    day: str = "3.12",
    starts: str = "18:00",
    ends: str = "19:30",
    place: str = "Auditoriet",
    agenda: str = "Skoleåret og skolemiljøet",
    answer_by: str = "",
    title: str = "",
    childcare: bool | None = True,
) -> SimMessage:
    """Compose an event up to its overview, every answer typed; return the overview. `childcare` None: not asked."""
    await begin_event(organiser, kind, *audience)
    if title:
        await write(organiser, title)
    for text in (day, starts, ends, place, agenda):
        if text:
            await write(organiser, text)
        else:
            await skip(organiser)
    if answer_by:
        await write(organiser, answer_by)
    else:
        await tap(organiser, organiser.say("Until it begins"))
    if childcare is not None:
        await tap(organiser, organiser.say("Yes" if childcare else "No"))
    return organiser.phone.last


async def skip(organiser: Actor) -> None:
    """Leave the question open."""
    await tap(organiser, "⏭")


async def call_meeting(organiser: Actor, *audience: str, **values: object) -> int:
    """Compose an event and invite; return its id."""
    await compose_meeting(organiser, *audience, **values)  # type: ignore[arg-type]
    await tap(organiser, "📨")
    [(event_id,)] = await organiser.world.rows("SELECT max(id) FROM event WHERE state = 'open'")
    return int(event_id)


async def look(organiser: Actor, event_id: int, view: EventView = EventView.BOARD) -> TapResult:
    """Open a view of an event by its button, wherever that stands; the tapped message shows it."""
    return await forge(organiser, OpenEvent(event_id, view).pack())


async def live_board(organiser: Actor) -> SimMessage:
    """Return the organiser's live board, once it shows what has happened so far."""
    await organiser.world.forward(seconds=8)
    live = [m for m in organiser.phone.messages if m.silent and any("📄" in label for label in labels(m))]
    return live[-1]


def newest(actor: Actor) -> str:
    """Return the newest message of the bot at a person, without direction marks."""
    return _bare([m for m in actor.phone.messages if m.from_bot][-1].content)


async def make_representative(world: World, name: str) -> Actor:
    """Make a guardian a parent representative, as the office would."""
    actor = world.actor(name)
    async with world.unit_of_work() as uow:
        assert await find_contact(uow, actor.known.person_id) is not None
        uow.session.add(StaffRole(person_id=actor.known.person_id, role=Role.REPRESENTATIVE))
        await uow.commit()
    return actor


async def end_role(world: World, name: str) -> None:
    """Take a person's roles away."""
    async with world.unit_of_work() as uow:
        await uow.change(
            sa.text("DELETE FROM staff_role WHERE person_id = :person"), {"person": world.known[name].person_id}
        )
        await uow.commit()


async def event_rows(world: World, columns: str, event_id: int) -> list[tuple[object, ...]]:
    """Return columns of an event as stored."""
    rows = await world.rows(f"SELECT {columns} FROM event WHERE id = :event", event=event_id)
    return [tuple(row) for row in rows]
