"""A meeting is moved, ended, reminded of, summed up: everybody concerned hears it once, in time (M1, M9)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.actions.events.summary import NotOverYet, SummarySent
from bot.domain.event_taps import EventView
from tests.scenarios.events_steps import call_meeting, event_rows, live_board, look
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import NOT_HERE, STALE, forge, holding, labels, readers, tap, write
from tests.scenarios.steps import block
from tests.scenarios.test_events_board import answer, count
from tests.scenarios.world import Actor, World


def in_days(home: Actor, n: int) -> str:
    """Return how soon something is, as a reminder says it."""
    return str(home.tr.ngettext("<b>In {n} day</b>", "<b>In {n} days</b>", n)).replace("<b>", "").replace("</b>", "")


CHANGED, TELL = "Something has changed.", "Change it and tell everyone"


async def change(organiser: Actor, event: int, *values: tuple[str, str]) -> None:
    """Give fields new values, each typed, and tell everybody."""
    await choose(organiser, event, *values)
    await tap(organiser, organiser.say(TELL))


async def choose(organiser: Actor, event: int, *values: tuple[str, str]) -> None:
    """The same up to the tap that tells everybody."""
    await look(organiser, event, EventView.CHANGE)
    for field, value in values:
        await tap(organiser, organiser.say(field))
        await write(organiser, value)


@pytest.mark.parametrize("name", ["Ingrid Berg", "James Miller", "Anna Kowalska", "Amina Haddad"])
async def test_a_change_of_time_is_told_with_old_and_new_and_answers_are_confirmed_by_a_tap(
    world: World, name: str
) -> None:
    kari, home = world.actor("Kari Nordmann"), world.actor(name)
    event = await call_meeting(kari)
    await tap(home, home.say("I am coming"))
    await change(kari, event, ("Begins", "17:00"), ("Place", "Biblioteket"))
    told = await home.sees(home.say(CHANGED))
    for text in ("18", "17", "Auditoriet", "Biblioteket"):
        assert text in told.content
    assert told.content.index("Auditoriet") < told.content.index("Biblioteket")
    assert await event_rows(world, "starts, ends, place, revision", event) == [
        ("17:00:00.000000", "18:30:00.000000", "Biblioteket", 2)
    ], "the end moves along"
    assert (
        count(kari, "{n} answered before the change", "{n} answered before the change", 1)
        in (await live_board(kari)).content
    )
    await tap(home, home.say("Still the same"), told)
    mine = "SELECT answer, answered_revision FROM invitation WHERE person_id = :person"
    assert await world.rows(mine, person=home.known.person_id) == [("coming", 2)]
    board = (await live_board(kari)).content
    assert kari.say("answered before the change") not in board
    assert len(holding(home, home.say(CHANGED))) <= 1, "told once"
    assert "Auditoriet" not in " ".join(m.content for m in home.phone.messages if m.from_bot), "no old place is left"


async def test_reminders_follow_a_new_time_and_end_with_the_event(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    event = await call_meeting(kari, answer_by="1.12")
    planned = "SELECT DISTINCT occasion, kind, day, at FROM reminder WHERE state = 'planned' ORDER BY occasion, day, at"
    assert await world.rows(planned) == [
        ("answer", "answer", "2026-11-30", "16:00:00.000000"),
        ("event", "days", "2026-12-01", "18:00:00.000000"),
        ("event", "hours", "2026-12-03", "16:00:00.000000"),
    ]
    await change(kari, event, ("Day", "10.12"), ("Begins", "17:00"))
    assert await world.rows(planned) == [
        ("answer", "answer", "2026-11-30", "16:00:00.000000"),
        ("event", "days", "2026-12-08", "17:00:00.000000"),
        ("event", "hours", "2026-12-10", "15:00:00.000000"),
    ]
    await look(kari, event, EventView.CANCEL_YES)
    await world.idle()
    assert await world.rows("SELECT DISTINCT state, reason FROM reminder") == [("dropped", "cancelled")]
    before = await world.rows("SELECT count(*) FROM outgoing WHERE kind = 'reminder'")
    await world.at(2026, 12, 10, 20, 0)
    assert await world.rows("SELECT count(*) FROM outgoing WHERE kind = 'reminder'") == before == [(0,)]


async def test_a_new_agenda_is_told_and_changes_nobodys_answer(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    event = await call_meeting(kari)
    await answer(world, event, "Ingrid Berg")
    await change(kari, event, ("Agenda", "Bare om leirskolen"))
    told = await ingrid.sees(ingrid.say("The agenda is new."))
    assert "Bare om leirskolen" in told.content
    assert not any(ingrid.say("Still the same") in label for label in labels(told))
    await lars.sees("Bare om leirskolen")
    assert await world.rows("SELECT count(*) FROM invitation WHERE answered_revision = 2") == [(1,)]


async def test_what_is_not_told_yet_can_be_left_and_of_two_changes_the_second_sees_the_first(world: World) -> None:
    kari, marit, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Marit Lund", "Ingrid Berg"))
    event = await call_meeting(kari)
    await choose(kari, event, ("Place", "Gymsalen"))
    ingrid.sees_not("Gymsalen")
    assert await event_rows(world, "place, revision", event) == [("Auditoriet", 1)]
    await change(marit, event, ("Place", "Kantina"))
    pressed = next(b.data for row in kari.phone.last.buttons for b in row if kari.say(TELL) in b.text)
    assert pressed is not None
    result = await kari.phone.tap_data(pressed, kari.phone.last)
    await world.idle()
    assert result.text == kari.say(STALE)
    assert await event_rows(world, "place, revision", event) == [("Kantina", 2)]
    ingrid.sees_not("Gymsalen")
    assert (await forge(kari, f"ey|{event}|2")).text == kari.say(STALE), "nothing waits any more"


async def test_an_invitation_that_waits_for_the_morning_comes_with_the_new_time_only(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await world.at(2026, 11, 23, 21, 0)
    event = await call_meeting(kari)
    ingrid.sees_not("Auditoriet")
    await change(kari, event, ("Place", "Biblioteket"))
    await world.at(2026, 11, 24, 8, 0)
    await ingrid.sees("Biblioteket")
    ingrid.sees_not("Auditoriet")
    ingrid.sees_not(ingrid.say(CHANGED))
    assert len(holding(ingrid, "Biblioteket")) == 1


async def test_what_was_cancelled_before_it_left_is_never_heard_of(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await world.at(2026, 11, 23, 21, 0)
    event = await call_meeting(kari)
    await look(kari, event, EventView.CANCEL_YES)
    await world.at(2026, 11, 24, 8, 0)
    assert readers(world, "Auditoriet") == set()
    assert await world.rows("SELECT DISTINCT state FROM outgoing WHERE about = 'event'") == [("dropped",)]


async def test_cancelling_is_asked_about_told_once_and_ends_the_answers(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    event = await call_meeting(kari)
    invited = await ingrid.sees("Auditoriet")
    coming = f"sa|{event}|1|coming"
    assert coming in [button.data for row in invited.buttons for button in row]
    await block(world, "Lars Berg", "Noah Berg")
    await look(kari, event, EventView.CANCEL)
    assert await event_rows(world, "state", event) == [("open",)], "one tap does not cancel by mistake"
    for _ in range(2):
        await look(kari, event, EventView.CANCEL_YES)
    done = "You need not do anything. You get no more reminders of it."
    assert len(holding(ingrid, ingrid.say(done))) == 1
    lars.sees_not(lars.say(done))
    assert labels(invited) == [], "the invitation says so too, and offers nothing"
    assert (await forge(ingrid, coming)).answered
    assert await world.rows("SELECT count(*) FROM invitation WHERE answer IS NOT NULL") == [(0,)]
    assert said(kari, "❌ <b>Cancelled.</b>") in (await live_board(kari)).content
    assert (await forge(ingrid, f"es|{event}|2")).answered
    for data in (f"ec|{event}|2|d", f"ey|{event}|2"):
        assert (await forge(kari, data)).answered
    assert await event_rows(world, "state, revision", event) == [("cancelled", 2)]


async def test_a_change_late_in_the_evening_before_is_told_at_once(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    event = await call_meeting(kari, day="25.11", starts="8:00", ends="9:00")
    other = await call_meeting(kari, day="3.12", place="Kantina")
    await world.at(2026, 11, 24, 21, 30)
    await change(kari, event, ("Place", "Biblioteket"))
    await ingrid.sees("Biblioteket")
    await change(kari, other, ("Place", "Gymsalen"))
    said = [m for m in holding(ingrid, "Gymsalen") if ingrid.say(CHANGED) in m.content]
    assert not said, "there is time until the morning"
    await world.at(2026, 11, 25, 7, 30)
    assert ingrid.say(CHANGED) in (await ingrid.sees("Gymsalen")).content


async def test_reminders_come_in_each_language_to_those_who_come_or_have_not_said(world: World) -> None:
    kari, ingrid, anna, amina, marte = (
        world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Anna Kowalska", "Amina Haddad", "Marte Hovland")
    )
    event = await call_meeting(kari, answer_by="1.12")
    await answer(world, event, "Ingrid Berg")
    await answer(world, event, "Marte Hovland", answer="not_coming")
    await world.at(2026, 11, 30, 16, 30)
    asked = await amina.sees(in_days(amina, 3))
    await tap(amina, amina.say("I am coming"), asked)
    assert await world.rows("SELECT count(*) FROM reminder WHERE occasion = 'answer' AND state = 'done'") != [(0,)]
    await world.at(2026, 12, 1, 18, 0)
    for home in (ingrid, anna, amina):
        await home.sees(in_days(home, 2))
    await world.at(2026, 12, 3, 16, 0)
    for home in (ingrid, anna, amina):
        await home.sees(said(home, "<b>Today</b>"))
    assert not any("🔔" in m.content for m in marte.phone.messages), "who does not come is left in peace"
    assert len([m for m in ingrid.phone.messages if "🔔" in m.content]) == 2


async def test_a_shut_out_guardian_hears_of_no_change_and_confirms_nothing(world: World) -> None:
    kari, lars, james = (world.actor(name) for name in ("Kari Nordmann", "Lars Berg", "James Miller"))
    event = await call_meeting(kari)
    await answer(world, event, "Lars Berg")
    await block(world, "Lars Berg", "Noah Berg")
    await change(kari, event, ("Place", "Biblioteket"))
    lars.sees_not("Biblioteket")
    assert (await forge(lars, f"es|{event}|2")).answered
    assert (await forge(world.actor("Tonje Brekke"), f"es|{event}|2")).answered
    assert await world.rows("SELECT count(*) FROM invitation WHERE answered_revision = 2") == [(0,)]
    await world.at(2026, 12, 3, 16, 30)
    lars.sees_not("Biblioteket")
    assert (await forge(james, f"es|{event}|1")).answered, "no answer to confirm"
    assert await world.rows("SELECT count(*) FROM invitation WHERE answered_revision = 2") == [(0,)]


async def test_the_summary_goes_to_those_who_asked_for_it(world: World) -> None:
    kari, amina, marit = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "Marit Lund"))
    event = await call_meeting(kari)
    await answer(world, event, "Amina Haddad", answer="not_coming", after="summary")
    await answer(world, event, "Ingrid Berg")
    assert (await look(kari, event, EventView.SUMMARY)).text == kari.say(NotOverYet.sentence)
    await world.at(2026, 12, 4, 9, 0)
    assert (await look(marit, event, EventView.SUMMARY)).text == marit.say(NOT_HERE), "the organiser's own word"
    await look(kari, event, EventView.SUMMARY)
    await write(kari, "Vi ble enige om leggetider.")
    shown = kari.phone.last
    await tap(kari, kari.tr.ngettext("Send to {n} who asked for it", "Send to {n} who asked for it", 1))
    read = await amina.sees("Vi ble enige om leggetider.")
    assert "Kari Nordmann" in read.content
    assert readers(world, "Vi ble enige om leggetider.") - {"Kari Nordmann"} == {"Amina Haddad"}
    result = await kari.phone.tap_data(f"eu|{event}|1", shown)
    assert result.text == kari.say(SummarySent.sentence)
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'event.summary'") == [(1,)]


async def test_no_words_of_an_event_stand_in_the_audit_trail(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    event = await call_meeting(kari)
    await change(kari, event, ("Agenda", "Leirskolen"))
    await look(kari, event, EventView.CANCEL_YES)
    async with world.unit_of_work() as uow:
        details = [str(row) for row in await uow.execute(sa.text("SELECT act, detail FROM audit_entry"))]
    assert [one for one in details if "event." in one], "what happened stands there"
    assert not [one for one in details if any(word in one for word in ("Leirskolen", "Auditoriet", "Ingrid"))]


async def test_when_the_answers_were_closed_a_new_day_opens_them_again(world: World) -> None:
    kari, james, ingrid = (world.actor(name) for name in ("Kari Nordmann", "James Miller", "Ingrid Berg"))
    event = await call_meeting(kari, answer_by="25.11")
    await answer(world, event, "Ingrid Berg", answer="not_coming")
    await world.at(2026, 11, 27, 10, 0)
    await change(kari, event, ("Day", "10.12"))
    assert await event_rows(world, "answer_by, revision", event) == [(None, 2)]
    await tap(james, james.say("I am coming"), await james.sees(james.say(CHANGED)))
    await tap(ingrid, ingrid.say("I am coming"), await ingrid.sees(ingrid.say(CHANGED)))
    assert await world.rows("SELECT count(*) FROM invitation WHERE answer = 'coming'") == [(2,)], "who could not, can"
