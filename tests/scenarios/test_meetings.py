"""The page of meetings: what a home is invited to, its answers, and the ways from there (M1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.events import EventAnswer, EventKind
from bot.domain.notices import AudienceKind
from bot.domain.people import Role
from bot.i18n import commands
from bot.i18n.event_words import EVENT_NAMES
from storage.models import StaffRole
from tests.scenarios.interpreter_steps import promised
from tests.scenarios.notices_steps import NOT_HERE, forge, labels, tap, write
from tests.scenarios.slip_steps import DAY, answer, change, invite, shows
from tests.scenarios.steps import block
from tests.scenarios.world import Actor, World, _bare

EMPTY = "You are not invited to anything right now. Invitations come here by themselves."


def lines(actor: Actor) -> list[str]:
    """Return the buttons of the meetings on the page."""
    return [label for label in labels(actor.phone.last) if "·" in label]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Ingrid Berg", "Møter"),
        ("James Miller", "Meetings"),
        ("Piotr Kowalski", "Spotkania"),
        ("Amina Haddad", "الاجتماعات"),
    ],
)
async def test_a_home_finds_its_meetings_and_changes_an_answer(world: World, name: str, word: str) -> None:
    home = world.actor(name)
    assert commands(home.language)["meetings"].word == f"📅 {word}"
    await write(home, word)
    assert shows(home, home.say(EMPTY))
    await invite(world)
    await write(home, "/menu")
    await tap(home, home.say("Meetings and dates"))
    [line] = lines(home)
    assert line.startswith("✍️")
    assert _bare(home.tr.short_day(DAY)) in line
    assert home.say(EVENT_NAMES[EventKind.CLASS_MEETING]) in line
    await tap(home, line)
    await answer(home, EventAnswer.NOT_COMING)
    await tap(home, "👌")
    await tap(home, home.say("Meetings and dates"))
    assert lines(home)[0].startswith("❌")
    await tap(home, lines(home)[0])
    await tap(home, home.say("Change my answer"))
    await answer(home, EventAnswer.OTHER_COMES)
    await write(home, "/meetings")
    assert lines(home)[0].startswith("👥")


async def test_the_list_is_in_order_turns_and_forgets_what_is_over(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    for number in (6, 0, 3, 1, 5, 2, 4):
        day = DAY + timedelta(days=number)
        await invite(world, kind=EventKind.SOCIAL, title=f"Kveld {number}", day=day, answer_by=None, send=False)
    await invite(world, "Marit Lund", kind=EventKind.DATE, title="Siste skoledag", answer_by=None, send=False)
    await write(ingrid, "/meetings")
    assert [label.split()[-1] for label in lines(ingrid)] == ["0", "1", "2", "3", "4"]
    await tap(ingrid, "▶️")
    assert [label.split()[-1] for label in lines(ingrid)] == ["5", "6"]
    await forge(ingrid, "sl|99")
    assert [label.split()[-1] for label in lines(ingrid)] == ["5", "6"], "a page that is not there is the last one"
    await world.at(DAY.year, DAY.month, DAY.day, 19, 31)
    await write(ingrid, "/meetings")
    assert [label.split()[-1] for label in lines(ingrid)] == ["1", "2", "3", "4", "5"]
    ingrid.sees_not("Siste skoledag")


async def test_a_cancelled_and_a_changed_meeting_are_marked(world: World) -> None:
    cancelled = await invite(world)
    changed = await invite(world, kind=EventKind.COURSE, title="Kurs", day=date(2026, 12, 3))
    ingrid = world.actor("Ingrid Berg")
    for event in (cancelled, changed):
        await forge(ingrid, f"sa|{event}|1|coming")
    await change(world, cancelled, state="cancelled", cancelled_at=world.clock.now())
    await change(world, changed, revision=2)
    await write(ingrid, "/meetings")
    assert [label[0] for label in lines(ingrid)] == ["🚫", "✍"]


async def test_the_weekly_plan_stands_among_the_messages_from_school(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/notices")
    await tap(ingrid, ingrid.say("Weekly plan"))
    assert shows(ingrid, ingrid.say("No weekly plan has come yet. It arrives here when the teacher sends it."))


async def test_the_school_calls_meetings_from_its_page_and_a_home_does_not(world: World) -> None:
    kari, ingrid, yusuf = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Yusuf Rahman"))
    await promised(world)
    await write(kari, "/menu")
    await tap(kari, kari.say("Meetings and dates"))
    assert shows(kari, kari.say(EMPTY))
    calling = ("Call a meeting", "Meetings I have called", "Offer conferences")
    for label in calling:
        assert kari.has_button(kari.say(label), last=1)
    await write(ingrid, "/meetings")
    for label in calling:
        assert not ingrid.has_button(ingrid.say(label), last=1)
    for label in ("Calendar", "Questions to homes", "Talks and agreements"):
        assert ingrid.has_button(ingrid.say(label), last=1)
    await write(yusuf, "/menu")
    assert not yusuf.has_button(yusuf.say("Meetings and dates"), last=1), "an interpreter is invited to nothing"


async def test_a_representative_answers_by_role_and_only_as_long_as_it_lasts(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    role = StaffRole(person_id=ingrid.known.person_id, role=Role.REPRESENTATIVE)
    async with world.unit_of_work() as uow:
        uow.session.add(role)
        await uow.commit()
    event = await invite(world, "Marit Lund", kind=EventKind.FAU, audience=AudienceKind.SCHOOL, ids=[])
    assert not any("👥" in label for label in labels(ingrid.phone.last)), "nobody else of the home is invited"
    await answer(ingrid, EventAnswer.COMING)
    assert shows(ingrid, ingrid.say("I am coming"))
    assert not ingrid.has_button(ingrid.say("How many"), last=1)
    assert (await forge(ingrid, f"sa|{event}|1|other_comes")).text == ingrid.say(NOT_HERE)
    await write(ingrid, "/meetings")
    assert len(lines(ingrid)) == 1
    async with world.unit_of_work() as uow:
        stored = await uow.session.get(StaffRole, (ingrid.known.person_id, Role.REPRESENTATIVE))
        await uow.session.delete(stored)
        await uow.commit()
    assert (await forge(ingrid, f"so|{event}|0")).text == ingrid.say(NOT_HERE)
    await write(ingrid, "/meetings")
    assert lines(ingrid) == []


async def test_a_teacher_of_the_group_around_a_pupil_reads_it_while_teaching_the_pupil(world: World) -> None:
    [(noah,)] = await world.rows("SELECT id FROM pupil WHERE name = 'Noah Berg'")
    event = await invite(
        world, "Marit Lund", kind=EventKind.RESPONSIBILITY_GROUP, audience=AudienceKind.PUPIL, ids=[noah]
    )
    kari = world.actor("Kari Nordmann")
    sent = "SELECT DISTINCT pupil_id FROM outgoing WHERE about = 'event' AND recipient_id = :p"
    assert await world.rows(sent, p=kari.known.person_id) == [(noah,)], "held against her work when it leaves"
    await answer(kari, EventAnswer.COMING)
    async with world.unit_of_work() as uow:
        await uow.execute(sa.text("DELETE FROM class_staff WHERE person_id = :p"), {"p": kari.known.person_id})
        await uow.commit()
    assert (await forge(kari, f"so|{event}|0")).text == kari.say(NOT_HERE)
    await write(kari, "/meetings")
    assert lines(kari) == []


async def test_meetings_of_a_child_whom_somebody_may_not_see_any_more_are_gone(world: World) -> None:
    event = await invite(world)
    lars = world.actor("Lars Berg")
    ids = [row[0] for row in await world.rows("SELECT id FROM school_class WHERE name = '2B'")]
    await invite(world, "Tom Eide", ids=ids)
    piotr = world.actor("Piotr Kowalski")
    await write(piotr, "/meetings")
    assert sorted(label.rpartition("· ")[2] for label in lines(piotr)) == ["Jan Kowalski", "Zofia Kowalska"]
    await block(world, "Piotr Kowalski", "Zofia Kowalska")
    await write(piotr, "/meetings")
    assert [label.rpartition(piotr.say(EVENT_NAMES[EventKind.CLASS_MEETING]))[2] for label in lines(piotr)] == [""]
    assert (await forge(piotr, f"so|{event}|0")).text == piotr.say(NOT_HERE)
    await write(lars, "/meetings")
    assert len(lines(lars)) == 1


async def test_every_way_from_the_page_leads_somewhere_and_back(world: World) -> None:
    await invite(world)
    for name in ("Piotr Kowalski", "Kari Nordmann"):
        actor = world.actor(name)
        await write(actor, "/meetings")
        page = actor.phone.last.text
        ways = [button.data for row in actor.phone.last.buttons for button in row if button.data]
        assert len(ways) >= 5
        for data in ways:
            result = await forge(actor, data)
            assert not result.text, f"{name}: {data}"
            shown = actor.phone.last
            assert shown.text != page, f"{name}: {data}"
            assert labels(shown), f"{name}: {data}"
            await write(actor, "/meetings")
            assert actor.phone.last.text == page
