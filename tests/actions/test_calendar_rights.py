"""Whose calendar holds what: talks, invitations and dates are for those whom they concern now, and nobody else (P9)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from bot.actions.year.ics import ics_of_event, ics_of_talk
from bot.actions.year.own import own_dates, own_entries
from bot.domain.conferences import TalkPlace, TalkState
from bot.domain.errors import NotPermitted
from bot.domain.events import EventAnswer, EventKind, EventState
from bot.domain.messages import FileData
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from storage.models import Event, Invitation, Talk, TalkRound
from storage.queries.people import find_actor_by_person
from storage.session import Database
from tests.actions.steps import come_in, rows

DAY = date(2026, 12, 3)


async def round_with_talk(database: Database, teacher: Actor, pupil: str) -> tuple[int, int]:
    """Store a round of 5A with one booked talk; return the ids of its event and its talk."""
    [(pupil_id, class_id)] = await rows(database, "SELECT id, class_id FROM pupil WHERE name = :name", name=pupil)
    async with database.unit_of_work() as uow:
        begins = uow.school.at(datetime.combine(DAY, time(15)))
        event = _event(uow.now, kind=EventKind.CONFERENCE, organiser_id=teacher.person_id, starts_at=begins)
        uow.session.add(event)
        await uow.flush()
        assert event.id is not None
        uow.session.add(
            TalkRound(
                event_id=event.id, teacher_id=teacher.person_id, class_id=class_id, minutes=20, long_minutes=40,
                places=["school"],
            )
        )  # fmt: skip
        talk = Talk(
            event_id=event.id, pupil_id=pupil_id, state=TalkState.BOOKED, booked_by=teacher.person_id,
            booked_at=uow.now, place=TalkPlace.SCHOOL, with_pupil=True, day=DAY, starts=time(15), zone="Europe/Oslo",
            starts_at=begins, ends_at=begins + timedelta(minutes=20),
        )  # fmt: skip
        uow.session.add(talk)
        await uow.flush()
        found = event.id, talk.id or 0
        await uow.commit()
    return found


def _event(now: datetime, **values: Any) -> Event:
    made = {
        "kind": EventKind.CLASS_MEETING, "state": EventState.OPEN, "text_language": "nb", "day": DAY,
        "starts": time(15), "zone": "Europe/Oslo", "created_at": now, "uid": f"{values.get('kind', 'x')}@skolebud",
        "audience": AudienceKind.CLASSES,
    }  # fmt: skip
    return Event(**{**made, **values})


async def talk_file(database: Database, actor: Actor, talk: int) -> FileData:
    async with database.unit_of_work() as uow:
        return await ics_of_talk(uow, actor, talk)


async def titles(database: Database, person_id: int) -> list[str]:
    """Return what the calendar of a person holds on the day, with the rights of now."""
    async with database.unit_of_work() as uow:
        actor = await find_actor_by_person(uow, person_id)
        assert actor is not None
        return [one.title for one in await own_entries(uow, actor) if str(one.begins).startswith(str(DAY))]


async def test_a_talk_is_in_the_calendars_of_its_home_and_its_teacher_only(example_school: Database) -> None:
    names = ("Kari Nordmann", "Ingrid Berg", "Lars Berg", "Piotr Kowalski", "Nina Sørli", "Marit Lund")
    kari, ingrid, lars, piotr, nina, marit = [await come_in(example_school, name) for name in names]
    event, talk = await round_with_talk(example_school, kari, "Noah Berg")
    for actor in (kari, ingrid, lars):
        made = await talk_file(example_school, actor, talk)
        (entry,) = Calendar.from_ical(made.content).walk("VEVENT")
        assert "5A" in str(entry["summary"])
        assert "Noah" not in made.content.decode()
        assert len(await titles(example_school, actor.person_id)) == 1, "the talk, and not its round"
    for actor in (piotr, nina, marit):
        with pytest.raises(NotPermitted):
            await talk_file(example_school, actor, talk)
        assert await titles(example_school, actor.person_id) == []
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotPermitted):
            await ics_of_event(uow, piotr, event)
        assert len((await own_dates(uow, ingrid, 0)).lines) == 1
        await uow.execute(sa.text("UPDATE talk SET state = 'cancelled'"))
        assert (await own_dates(uow, ingrid, 0)).lines == ()


async def test_a_teacher_who_has_another_class_now_has_none_of_its_talks(example_school: Database) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    _, talk = await round_with_talk(example_school, kari, "Noah Berg")
    async with example_school.unit_of_work() as uow:
        await uow.execute(sa.text("DELETE FROM class_staff WHERE person_id = :id"), {"id": kari.person_id})
        await uow.commit()
    with pytest.raises(NotPermitted):
        await talk_file(example_school, kari, talk)
    assert await titles(example_school, kari.person_id) == []


async def test_access_that_ends_takes_the_talk_away(example_school: Database) -> None:
    kari, lars = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Lars Berg")
    _, talk = await round_with_talk(example_school, kari, "Noah Berg")
    async with example_school.unit_of_work() as uow:
        await uow.execute(
            sa.text("UPDATE guardianship SET blocked = true WHERE person_id = :id"), {"id": lars.person_id}
        )
        await uow.execute(sa.text("DELETE FROM staff_role WHERE person_id = :id"), {"id": kari.person_id})
        await uow.commit()
        for person in (lars, kari):
            assert await find_actor_by_person(uow, person.person_id) is None
    still = Actor(lars.person_id, lars.account_id, lars.name, "nb", frozenset(), frozenset())
    with pytest.raises(NotPermitted):
        await talk_file(example_school, still, talk)


async def test_an_invitation_counts_while_its_child_is_the_guardians(example_school: Database) -> None:
    ingrid, piotr = await come_in(example_school, "Ingrid Berg"), await come_in(example_school, "Piotr Kowalski")
    async with example_school.unit_of_work() as uow:
        event = _event(uow.now)
        uow.session.add(event)
        await uow.flush()
        event_id = event.id or 0
        for actor, answer in ((ingrid, None), (piotr, EventAnswer.NOT_COMING)):
            uow.session.add(
                Invitation(
                    event_id=event_id, person_id=actor.person_id, pupil_ids=sorted(actor.children), language="nb",
                    answer=answer,
                )
            )  # fmt: skip
        await uow.commit()
    assert len(await titles(example_school, ingrid.person_id)) == 1
    assert await titles(example_school, piotr.person_id) == []
    async with example_school.unit_of_work() as uow:
        assert (await ics_of_event(uow, piotr, event_id)).name == "skole-2026-12-03.ics", "he may change his mind"
        stranger = Actor(ingrid.person_id, ingrid.account_id, "", "nb", frozenset(), frozenset())
        with pytest.raises(NotPermitted):
            await ics_of_event(uow, stranger, event_id)
