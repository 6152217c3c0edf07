"""Invited by role or by work, and that has ended; too late, at night, over several days (P7, P9, M9)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.domain.event_taps import EventsStep, EventsTap, EventView
from bot.domain.events import EventKind, EventOver
from bot.domain.notices import AudienceKind
from tests.scenarios.events_steps import (
    begin_event,
    call_meeting,
    compose_meeting,
    end_role,
    look,
    make_representative,
    newest,
)
from tests.scenarios.notices_steps import NOT_HERE, STALE, forge, holding, labels, readers, tap, write
from tests.scenarios.slip_steps import change as store
from tests.scenarios.slip_steps import invite
from tests.scenarios.test_events_change import change
from tests.scenarios.world import World

ABOUT_A_PUPIL = (
    "💬 What would you like to talk about? Write it in your own language. The one who invites and the school's "
    "leadership read it."
)
CANCELLED = "You need not do anything. You get no more reminders of it."


async def call_group(world: World, organiser: str = "Marit Lund") -> int:
    """Call the people around Noah together: his guardians, and Kari, who teaches him."""
    [(noah,)] = await world.rows("SELECT id FROM pupil WHERE name = 'Noah Berg'")
    return await invite(
        world, organiser, kind=EventKind.RESPONSIBILITY_GROUP, audience=AudienceKind.PUPIL, ids=[noah], answer_by=None
    )


async def leave_class(world: World, name: str) -> None:
    """Take a teacher's classes away; the role at the school goes on."""
    async with world.unit_of_work() as uow:
        found = {"p": world.known[name].person_id}
        await uow.execute(sa.text("DELETE FROM class_staff WHERE person_id = :p"), found)
        await uow.commit()


@pytest.mark.parametrize("left", [False, True])
async def test_who_works_with_the_pupil_no_more_hears_no_more_of_the_group(world: World, left: bool) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await call_group(world)
    heard = len(holding(kari, "Rom 12"))
    assert heard == 1
    if left:
        await leave_class(world, "Kari Nordmann")
    await world.at(2026, 12, 2, 16, 30)
    assert len([m for m in ingrid.phone.messages if "🔔" in m.content]) == 2
    assert len([m for m in kari.phone.messages if "🔔" in m.content]) == (0 if left else 2)
    await write(world.actor("Marit Lund"), "/menu")
    [(event,)] = await world.rows("SELECT id FROM event")
    await look(world.actor("Marit Lund"), event, EventView.CANCEL_YES)
    await ingrid.sees(ingrid.say(CANCELLED))
    assert len(holding(kari, kari.say(CANCELLED))) == (0 if left else 1)


async def test_the_summary_about_a_pupil_does_not_reach_who_has_left_the_class(world: World) -> None:
    marit = world.actor("Marit Lund")
    event = await call_group(world)
    await leave_class(world, "Kari Nordmann")
    await world.at(2026, 12, 3, 9, 0)
    await write(marit, "/menu")
    await look(marit, event, EventView.SUMMARY)
    await write(marit, "Fast kontaktperson fra januar.")
    await forge(marit, f"eu|{event}|1")
    await world.idle()
    assert readers(world, "Fast kontaktperson fra januar.") - {"Marit Lund"} == {"Ingrid Berg", "Lars Berg"}


async def test_a_teacher_who_represents_parents_no_more_hears_no_more_of_the_council(world: World) -> None:
    marit, ingrid = world.actor("Marit Lund"), await make_representative(world, "Ingrid Berg")
    tom = await make_representative(world, "Tom Eide")
    event = await call_meeting(marit, kind=EventKind.FAU, childcare=None)
    assert holding(tom, "Auditoriet")
    async with world.unit_of_work() as uow:
        await uow.execute(
            sa.text("DELETE FROM staff_role WHERE person_id = :p AND role = 'representative'"),
            {"p": tom.known.person_id},
        )
        await uow.commit()
    await change(marit, event, ("Place", "Biblioteket"))
    await ingrid.sees("Biblioteket")
    tom.sees_not("Biblioteket")


async def test_about_one_pupil_no_representative_reads_what_the_other_guardian_proposes(world: World) -> None:
    ingrid, lars = await make_representative(world, "Ingrid Berg"), world.actor("Lars Berg")
    marit = world.actor("Marit Lund")
    event = await call_group(world)
    await tap(lars, lars.say("A topic for the agenda"))
    assert lars.tr.plain.gettext(ABOUT_A_PUPIL) in newest(lars)
    await write(lars, "Hvem Noah skal bo hos")
    await tap(lars, lars.say("Send without my name"))
    assert (await look(ingrid, event, EventView.TOPICS)).text == ingrid.say(NOT_HERE)
    await write(ingrid, "/menu")
    await forge(ingrid, EventsTap(EventsStep.LIST).pack())
    assert not any("💬" in label for label in labels(ingrid.phone.last))
    ingrid.sees_not("bo hos")
    await write(marit, "/menu")
    await look(marit, event, EventView.TOPICS)
    assert "Hvem Noah skal bo hos" in newest(marit)


async def test_a_question_whose_right_has_ended_swallows_one_message_and_no_more(world: World) -> None:
    ingrid = await make_representative(world, "Ingrid Berg")
    await begin_event(ingrid, EventKind.SOCIAL)
    await end_role(world, "Ingrid Berg")
    await write(ingrid, "Grøtkveld")
    assert newest(ingrid) == ingrid.say(NOT_HERE)
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]
    await write(ingrid, "Noah er syk i dag")
    assert newest(ingrid) != ingrid.say(NOT_HERE), "an ill child is heard of"


async def test_a_round_of_talks_is_no_draft_of_a_meeting(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_event(kari, EventKind.CLASS_MEETING)
    async with world.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE event SET kind = 'conference'"))
        await uow.commit()
    [(event, version)] = await world.rows("SELECT id, version FROM event")
    for data in (f"ek|{event}|{version}|trip", f"ef|{event}|{version}|p|Kantina", f"ed|{event}|{version}|d"):
        assert (await forge(kari, data)).text == kari.say(NOT_HERE), data
    assert await world.rows("SELECT kind, state, version FROM event") == [("conference", "draft", version)]


async def test_a_meeting_early_tomorrow_is_told_tonight_and_asks_for_no_answers_too_late(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await world.at(2026, 11, 23, 21, 0)
    early = await call_meeting(kari, day="24.11", starts="8:00", ends="9:00")
    await ingrid.sees("Auditoriet")
    result = await look(kari, early, EventView.REMIND)
    assert result.answered, "in the morning, an hour before"
    late = await call_meeting(kari, day="24.11", starts="6:30", ends="7:30", place="Kantina")
    await ingrid.sees("Kantina")
    result = await look(kari, late, EventView.REMIND)
    assert result.text == kari.say("The time for answers is over, so nobody is asked any more.")
    await world.at(2026, 11, 24, 7, 5)
    asked = ingrid.say("🔔 {sender} would like to know whether you are coming. One tap is enough.",
                       sender="Kari Nordmann")  # fmt: skip
    assert len(holding(ingrid, asked)) == 1


async def test_after_the_deadline_nobody_who_has_not_answered_is_asked(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    event = await call_meeting(kari, answer_by="25.11")
    await world.at(2026, 11, 26, 10, 0)
    await look(kari, event)
    assert not any("🔔" in label for label in labels(kari.phone.last))
    result = await look(kari, event, EventView.REMIND)
    assert result.text == kari.say("The time for answers is over, so nobody is asked any more.")
    assert await world.rows("SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'event-remind%'") == [(0,)]


async def test_what_is_changed_and_then_cancelled_at_night_is_told_once_in_the_morning(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    event = await call_meeting(kari)
    invited = await ingrid.sees("Auditoriet")
    await world.at(2026, 11, 23, 21, 0)
    await change(kari, event, ("Place", "Biblioteket"))
    before = len([m for m in ingrid.phone.messages if m.from_bot])
    await look(kari, event, EventView.CANCEL_YES)
    await world.forward(seconds=30)
    assert len([m for m in ingrid.phone.messages if m.from_bot]) == before, "nothing rings at night"
    assert labels(invited) == [], "what stands there says so at once"
    assert ingrid.tr.plain.gettext("❌ <b>Cancelled.</b>").replace("<b>", "").replace("</b>", "") in invited.content
    await world.at(2026, 11, 24, 8, 0)
    assert len([m for m in ingrid.phone.messages if m.from_bot]) == before + 1
    await ingrid.sees(ingrid.say(CANCELLED))


async def test_a_date_of_several_days_shows_its_last_day_too(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    event = await invite(
        world, "Marit Lund", "5A", kind=EventKind.DATE, title="Leirskole", answer_by=None, starts=None, ends=None,
        place="",
    )  # fmt: skip
    await store(world, event, ends_at=datetime(2026, 12, 4, 23, 0, tzinfo=UTC))
    await forge(ingrid, f"so|{event}|0")
    assert "4. desember" in newest(ingrid)
    await world.at(2026, 11, 30, 16, 30)
    reminder = next(m for m in ingrid.phone.messages if "🔔" in m.content)
    assert "2. desember" in reminder.content
    assert "4. desember" in reminder.content


async def test_a_change_that_is_written_too_late_is_told_so_and_asked_for_no_more(world: World) -> None:
    kari, marit = world.actor("Kari Nordmann"), world.actor("Marit Lund")
    event = await call_meeting(kari)
    await look(kari, event, EventView.CHANGE)
    await tap(kari, kari.say("Place"))
    await change(marit, event, ("Place", "Kantina"))
    await write(kari, "Gymsalen")
    assert holding(kari, kari.say(STALE))
    assert kari.has_button(kari.say("Place"), last=1), "how it stands now, and a way to go on"
    await tap(kari, kari.say("Place"))
    await world.at(2026, 12, 3, 20, 0)
    await write(kari, "Gymsalen")
    assert holding(kari, kari.say(EventOver.sentence))
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]
    assert await world.rows("SELECT place, revision FROM event") == [("Kantina", 2)]


async def test_a_teacher_who_is_invited_reads_which_pupil_it_is_about(world: World) -> None:
    kari, marit, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Marit Lund", "Ingrid Berg"))
    await write(marit, "/menu")
    event = await call_meeting(marit, "5A", "Noah", kind=EventKind.RESPONSIBILITY_GROUP, childcare=None)
    about = kari.say("From {author}, about {children}", author="Marit Lund", children="Noah Berg")
    await forge(kari, f"so|{event}|0")
    assert about in newest(kari)
    assert about in (await kari.sees("Auditoriet")).content
    await change(marit, event, ("Place", "Biblioteket"))
    assert about in (await kari.sees("Biblioteket")).content
    await ingrid.sees("Biblioteket")
    await world.at(2026, 12, 3, 16, 30)
    assert [m for m in kari.phone.messages if "🔔" in m.content]
    assert all("Noah Berg" in m.content for m in kari.phone.messages if "🔔" in m.content)


async def test_who_has_left_the_class_looks_after_nothing_about_its_pupil(world: World) -> None:
    kari, ingrid, marit = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Marit Lund"))
    event = await call_meeting(kari, "Noah", kind=EventKind.RESPONSIBILITY_GROUP, childcare=None)
    await leave_class(world, "Kari Nordmann")
    board = [m for m in kari.phone.messages if m.silent][-1].content
    await tap(ingrid, ingrid.say("I am coming"))
    await world.forward(seconds=8)
    assert [m for m in kari.phone.messages if m.silent][-1].content == board, "the figures follow no more"
    for view in EventView:
        assert (await look(kari, event, view)).text == kari.say(NOT_HERE), view
    await write(marit, "/menu")
    await look(marit, event, EventView.CANCEL_YES)
    assert await world.rows("SELECT state FROM event") == [("cancelled",)], "the leadership can end it"


async def test_a_draft_about_a_pupil_tells_nothing_of_the_home_once_the_class_is_left(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    view = await compose_meeting(kari, "Ali", kind=EventKind.RESPONSIBILITY_GROUP, childcare=None)
    assert any("العربية" in label for label in labels(view))
    await leave_class(world, "Kari Nordmann")
    [(event,)] = await world.rows("SELECT id FROM event")
    await forge(kari, f"ed|{event}|0|o")
    assert not any("العربية" in label for label in labels(kari.phone.last))
    assert "Ali" not in newest(kari)


async def test_a_board_follows_no_more_once_its_organiser_may_not_call_such_meetings(world: World) -> None:
    marit, tonje = world.actor("Marit Lund"), await make_representative(world, "Tonje Brekke")
    event = await call_meeting(marit, kind=EventKind.SU, childcare=None)
    await world.forward(seconds=8)
    board = [m for m in marit.phone.messages if m.silent][-1].content
    async with world.unit_of_work() as uow:
        role = sa.text("UPDATE staff_role SET role = 'subject_teacher' WHERE person_id = :p AND role = 'principal'")
        await uow.execute(role, {"p": marit.known.person_id})
        await uow.commit()
    await tap(tonje, tonje.say("I am coming"))
    await world.forward(seconds=8)
    assert [m for m in marit.phone.messages if m.silent][-1].content == board
    assert (await look(marit, event)).text == marit.say(NOT_HERE)
