"""What a home and the school do in stories about talks; rounds and talks are stored as booking leaves them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from bot.actions.talks.plan import plan_talk_reminders
from bot.domain.conferences import PointOwner, TalkPlace, TalkState
from bot.domain.events import EventKind, EventState, InterpreterWish
from bot.i18n.event_words import OWNER_NAMES
from storage.models import Event, Talk, TalkRound
from storage.session import Database, UnitOfWork
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import OSLO, Actor, World

TALK_DAY, TALK_TIME = date(2026, 12, 1), time(17, 0)
"""A Tuesday, eight days after the stories begin."""


async def person_id(uow: UnitOfWork, name: str) -> int:
    """Return somebody's id."""
    found: int = (await uow.execute(sa.text("SELECT id FROM person WHERE name = :name"), {"name": name})).scalar_one()
    return found


async def pupil_of(uow: UnitOfWork, name: str) -> tuple[int, int]:
    """Return a pupil's id and class."""
    row = (await uow.execute(sa.text("SELECT id, class_id FROM pupil WHERE name = :name"), {"name": name})).one()
    return row[0], row[1]


async def store_round(uow: UnitOfWork, teacher: str, class_id: int) -> int:
    """Store an open round of conferences of a class and return its event."""
    teacher_id = await person_id(uow, teacher)
    event = Event(
        kind=EventKind.CONFERENCE,
        state=EventState.OPEN,
        organiser_id=teacher_id,
        text_language="nb",
        zone="Europe/Oslo",
        created_at=uow.now,
        opened_at=uow.now,
        uid=f"round-{teacher_id}-{class_id}-{uow.now.timestamp()}",
    )
    uow.session.add(event)
    await uow.flush()
    assert event.id is not None
    uow.session.add(
        TalkRound(
            event_id=event.id,
            teacher_id=teacher_id,
            class_id=class_id,
            minutes=20,
            long_minutes=40,
            places=[TalkPlace.SCHOOL.value],
        )
    )
    await uow.flush()
    return event.id


async def store_talk(
    uow: UnitOfWork,
    pupil: str,
    booked_by: str,
    *,
    teacher: str = "Kari Nordmann",
    day: date = TALK_DAY,
    starts: time = TALK_TIME,
    event_id: int | None = None,
    plan: bool = True,
    **values: Any,
) -> int:
    """Store a booked talk with its reminders and return its id."""
    pupil_id, class_id = await pupil_of(uow, pupil)
    begins = datetime.combine(day, starts, OSLO)
    talk = Talk(
        event_id=event_id or await store_round(uow, teacher, class_id),
        pupil_id=pupil_id,
        state=TalkState.BOOKED,
        booked_by=await person_id(uow, booked_by),
        booked_at=uow.now,
        day=day,
        starts=starts,
        zone="Europe/Oslo",
        starts_at=begins,
        ends_at=begins + timedelta(minutes=20),
        **{"place": TalkPlace.SCHOOL, "with_pupil": True, **values},
    )
    uow.session.add(talk)
    await uow.flush()
    assert talk.id is not None
    if plan:
        await plan_talk_reminders(uow, talk)
    return talk.id


async def book(world: World | Database, pupil: str, booked_by: str, **values: Any) -> int:
    """Store a booked talk from outside the app."""
    async with world.unit_of_work() as uow:
        talk_id = await store_talk(uow, pupil, booked_by, **values)
        await uow.commit()
    return talk_id


INTERPRETED = {"interpreter": InterpreterWish.WANTED, "interpreter_language": "ar"}


async def begin_summary(teacher: Actor, child: str) -> None:
    """Come from the morning's prompt to the question for the summary's words."""
    await tap(teacher, f"📝 {child}")
    await tap(teacher, teacher.say("Write the summary"))


async def agree(teacher: Actor, owner: PointOwner, text: str, weeks: int | None = None) -> None:
    """Add something agreed to the draft; `weeks` is the number of the button from 0, None for no day."""
    await tap(teacher, teacher.say("Add something you agreed"))
    await tap(teacher, teacher.say(OWNER_NAMES[owner]))
    await write(teacher, text)
    if weeks is None:
        await tap(teacher, teacher.say("No day"))
    else:
        await teacher.phone.tap(weeks, message=teacher.phone.last)
        await teacher.world.idle()


async def send_it(teacher: Actor) -> None:
    """Send the draft to the home."""
    await tap(teacher, teacher.say("Send to the home"))


async def after_talk(world: World) -> None:
    """Go to the school morning after the talk, when the teacher is asked."""
    await world.at(2026, 12, 2, 8, 0)


async def summarised(
    world: World, teacher: Actor, child: str, text: str, *points: tuple[PointOwner, str, int | None]
) -> None:
    """Let a teacher write and send a talk's summary on the morning after."""
    await after_talk(world)
    await begin_summary(teacher, child)
    await write(teacher, text)
    for owner, what, weeks in points:
        await agree(teacher, owner, what, weeks)
    await send_it(teacher)
