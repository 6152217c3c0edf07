"""The sender's status of a notice: live, counts for all to see, names for few; kind reminders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import (
    CALL_ME,
    QUESTION,
    UNDERSTOOD,
    board,
    counted,
    draft,
    holding,
    labels,
    readers,
    send,
    stored,
    tap,
    tap_number,
    write,
)
from tests.scenarios.world import OSLO, Actor, World, open_world

WAITING = ("{n} has not answered yet", "{n} have not answered yet")
UNREACHED = ("{n} could not be reached", "{n} could not be reached")
DONE = ("{n} understood", "{n} understood")
ASKING = ("{n} has a question", "{n} have a question")
CALLING = ("{n} wants to be called", "{n} want to be called")
ON_ITS_WAY = ("{n} is on its way", "{n} are on their way")
REMINDER = "🔔 {sender} would like to know whether you have seen “{kind}”. One tap is enough."


def reminder(home: Actor) -> str:
    return home.say(REMINDER, sender="Kari Nordmann", kind=home.say("Message"))


async def test_the_status_screen_follows_each_answer_in_place(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
    await world.forward(seconds=5)
    status = await board(kari)
    assert status.silent, "it disturbs nobody"
    assert counted(kari, *WAITING, 2) in status.text
    count = len(kari.phone.messages)
    for label, line in ((UNDERSTOOD, DONE), (QUESTION, ASKING), (CALL_ME, CALLING)):
        await tap(ingrid, ingrid.say(label), holding(ingrid, "Noah har glemt sekken.")[0])
        await world.forward(seconds=3)
        assert counted(kari, *line, 1) in status.text, kari.screen()
        assert counted(kari, *WAITING, 1) in status.text
    await tap(lars, lars.say(UNDERSTOOD))
    await world.forward(seconds=3)
    assert counted(kari, *DONE, 1) in status.text
    assert "⏳" not in status.text
    assert not any("🔔" in label for label in labels(status)), "nobody is left to remind"
    assert len(kari.phone.messages) == count + 1, "only the wish to be called is a message of its own"
    assert "Ingrid" not in status.text, "the screen may lie open on a desk"


async def test_names_are_a_tap_away_for_the_sender_those_in_need_first_with_their_number(world: World) -> None:
    kari, piotr, amina = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Amina Haddad"))
    await send(kari, "I morgen er det tur.")
    await tap(piotr, piotr.say(CALL_ME))
    await tap(amina, amina.say(UNDERSTOOD))
    status = await board(kari)
    await tap(kari, kari.say("Who has answered"), status)
    await kari.sees(
        kari.say("<i>Only you and the leadership see this list.</i>").replace("<i>", "").replace("</i>", "")
    )
    first, second, *_ = [line for line in status.text.splitlines() if "(" in line]
    assert first.startswith("⚠️ Anne Larsen"), "not in the bot yet: phone her"
    assert second == "📞 Piotr Kowalski (Zofia Kowalska) · +4790000101"
    assert "Amina Haddad" not in status.text, "who has understood comes last"
    while any(label == "▶️" for label in labels(status)):
        await tap(kari, "▶️", status)
    assert "✅ Amina Haddad (Ali Haddad)" in status.text
    assert "+4740000103" not in status.text, "no number without a reason"
    await tap(kari, kari.say("Summary"), status)
    assert "Amina" not in status.text


async def test_only_those_who_were_reached_and_have_not_answered_are_reminded_each_alone(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await send(kari, "I morgen er det tur.")
    answered = {"Piotr Kowalski": UNDERSTOOD, "Amina Haddad": QUESTION, "Ingrid Berg": CALL_ME}
    reached = readers(world, "I morgen er det tur.")
    for name, label in answered.items():
        home = world.actor(name)
        await tap(home, home.say(label))
    left = len(reached - set(answered))
    status = await board(kari)
    result = await tap(kari, "🔔", status)
    assert result.text == counted(kari, "{n} person is being reminded.", "{n} people are being reminded.", left)
    reminded = {name for name in world.known if holding(world.actor(name), reminder(world.actor(name)))}
    assert reminded == reached - set(answered)
    lars = world.actor("Lars Berg")
    message = await lars.sees(reminder(lars))
    assert message.reply_to_id == holding(lars, "I morgen er det tur.")[0].id
    assert not any(name in message.text for name in reached - {"Lars Berg"})
    await tap(lars, lars.say(UNDERSTOOD), message)
    assert await stored(world, "count(*) FROM delivery WHERE answer = 'understood'") == [(2,)]


async def test_they_are_not_reminded_again_within_the_pause(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
    status = await board(kari)
    await tap(kari, "🔔", status)
    again = await tap(kari, "🔔", status)
    assert "14:0" in str(again.text), "four hours later"
    assert len(holding(lars, reminder(lars))) == 1
    await world.forward(hours=4)
    await tap(kari, "🔔", status)
    assert len(holding(lars, reminder(lars))) == 2
    for name in ("Ingrid Berg", "Lars Berg"):
        home = world.actor(name)
        await tap(home, home.say(UNDERSTOOD), holding(home, "Noah har glemt sekken.")[0])
    stale = [b.data for row in status.buttons for b in row if "🔔" in b.text]
    await world.forward(hours=4)
    if stale and stale[0]:
        last = await kari.phone.tap_data(stale[0], status)
        assert last.text == kari.say("Nobody is left to remind: everyone who was reached has answered.")
    assert len(holding(lars, reminder(lars))) == 2


async def test_a_reminder_waits_for_the_morning_and_is_dropped_when_the_person_answers_first(
    tmp_path: Path, template: Template
) -> None:
    async with open_world(tmp_path, *template, start=datetime(2026, 11, 23, 19, 0, tzinfo=OSLO)) as world:
        kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
        await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
        await world.at(2026, 11, 23, 21, 0)
        await tap(kari, "🔔", await board(kari))
        await tap(ingrid, ingrid.say(UNDERSTOOD))
        await world.at(2026, 11, 24, 7, 0)
        await lars.sees(reminder(lars))
        assert not holding(ingrid, reminder(ingrid))
        states = await stored(world, "state, reason FROM outgoing WHERE kind = 'reminder' ORDER BY state")
        assert states == [("dropped", "cancelled"), ("sent", None)]


async def test_who_has_blocked_the_bot_is_shown_as_not_reached_and_is_not_reminded(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await lars.phone.block()
    await world.idle()
    await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
    await world.forward(seconds=5)
    status = await board(kari)
    assert counted(kari, *UNREACHED, 1) in status.text
    result = await tap(kari, "🔔", status)
    assert result.text == counted(kari, "{n} person is being reminded.", "{n} people are being reminded.", 1)
    await tap(kari, kari.say("Who has answered"), status)
    assert "⚠️ Lars Berg (Noah Berg) · +4740000106" in status.text
    await lars.phone.unblock()
    await world.idle()
    await send(kari, "Sekken er funnet.", "5A, Noah Berg")
    await lars.sees("Sekken er funnet.")
    await write(lars, "/notices")
    assert len([label for label in labels(lars.phone.last) if "📣" in label]) == 2, "what he missed can be opened"
    opened = await tap_number(lars, 1)
    assert "Noah har glemt sekken." in opened.text


async def test_who_blocks_the_bot_after_reading_is_no_longer_called_reached(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
    await lars.phone.block()
    await world.idle()
    status = await board(kari)
    await tap(kari, kari.say("Who has answered"), status)
    await tap(kari, kari.say("Summary"), status)
    assert counted(kari, *UNREACHED, 1) in status.text


async def test_the_status_follows_by_itself_until_the_last_message_is_on_its_way(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Husk mat.", "5A, Noah Berg")
    await tap(kari, kari.say("Send later"))
    await write(kari, "24.11 19:00")
    await world.at(2026, 11, 24, 21, 0)  # nothing ran in between: homes get it in the morning
    status = await board(kari)
    assert counted(kari, *ON_ITS_WAY, 2) in status.text
    await world.at(2026, 11, 25, 7, 0)
    await world.forward(seconds=10)
    assert counted(kari, *WAITING, 2) in status.text, kari.screen()
    assert "📤" not in status.text
    assert await stored(world, "count(*) FROM outgoing WHERE state IN ('queued', 'retry', 'sending')") == [(0,)]


async def test_the_sender_finds_the_newest_five_again(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    for number in range(6):
        await draft(kari, f"Nummer {number}.", "5A, Noah Berg")
        await tap(kari, kari.say("Send now"))
    await world.forward(seconds=21)
    await write(kari, "/sent")
    listed = [label for label in labels(kari.phone.last) if "📣" in label]
    assert len(listed) == 5
    assert all("Noah Berg, 5A" in label for label in listed)
    opened = await tap_number(kari, 0)
    await tap(kari, kari.say("Read it"), opened)
    assert "Nummer 5." in opened.text
