"""Correcting a sent notice: changed in place at every home, told loudly or quietly, answers kept apart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bot.domain.notices import NoticeKind
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import (
    CALL_ME,
    UNDERSTOOD,
    begin,
    board,
    counted,
    draft,
    holding,
    labels,
    readers,
    send,
    send_now,
    stored,
    tap,
    tap_number,
    write,
)
from tests.scenarios.world import OSLO, Actor, World, open_world

LOUD, QUIETLY = "Correct and tell everyone", "Correct quietly"
MARK = "✏️ <i>Corrected by the sender.</i>"
TOLD = "✏️ {author} has corrected “{kind}”. The message above shows how it is now."
BEFORE = ("{n} understood it before the correction", "{n} understood it before the correction")
DONE = ("{n} understood", "{n} understood")
READ_AGAIN = "The message was corrected. Please read it again, then answer."


def told(home: Actor) -> str:
    return home.say(TOLD, author="Kari Nordmann", kind=home.say("Message"))


def mark(home: Actor) -> str:
    return home.say(MARK).replace("<i>", "").replace("</i>", "")


async def correct(teacher: Actor, text: str, how: str) -> None:
    await tap(teacher, teacher.say("Correct"), await board(teacher))
    await write(teacher, text)
    await tap(teacher, teacher.say(how))


async def test_told_to_everyone_it_changes_in_place_and_a_line_says_so_in_each_language(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    homes = [world.actor(name) for name in ("Ingrid Berg", "James Miller", "Piotr Kowalski", "Amina Haddad")]
    await send(kari, "Møt klokka åtte.")
    reached = readers(world, "Møt klokka åtte.")
    messages = {home.known.name: await home.sees("Møt klokka åtte.") for home in homes}
    await correct(kari, "Møt klokka ni.", LOUD)
    assert readers(world, "Møt klokka ni.") >= reached - {"Kari Nordmann"}
    for home in homes:
        message = messages[home.known.name]
        assert message.edited
        assert message in holding(home, "Møt klokka ni.")
        assert message in holding(home, mark(home))
        line = await home.sees(told(home))
        assert line.reply_to_id == message.id
        home.sees_not("Møt klokka åtte.")
    assert await stored(world, "revision, text FROM notice_revision") == [(1, "Møt klokka åtte.")]
    assert await stored(world, "id, revision, text FROM notice WHERE state = 'sent'") == [(1, 2, "Møt klokka ni.")]
    assert kari.say("✏️ Corrected.") in (await board(kari)).text


async def test_quietly_it_changes_in_place_and_nothing_new_arrives(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "Møt klokka åtte.")
    await ingrid.phone.read()
    await correct(kari, "Møt klokka ni.", QUIETLY)
    [message] = [m for m in ingrid.phone.messages if m.from_bot]
    assert message in holding(ingrid, "Møt klokka ni.")
    assert ingrid.phone.unread == 0


async def test_fields_are_corrected_one_by_one_and_read_in_each_language(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await begin(kari, "5A", NoticeKind.MEETING)
    for answer in ("24.11", "18:00", "Gymsalen"):
        await write(kari, answer)
    await tap(kari, kari.say("Without text"))
    await send_now(kari)
    status = await board(kari)
    await tap(kari, kari.say("Correct"), status)
    await tap(kari, kari.say("Change"))
    assert not any(kari.say(label) in "".join(labels(kari.phone.last)) for label in ("Who it is for", "Kind"))
    await tap(kari, kari.say("Time"))
    await write(kari, "19:00")
    await tap(kari, kari.say(QUIETLY))
    await amina.sees(f"🕗 {amina.say('Time')}: 19:00")
    await amina.sees(f"📍 {amina.say('Place')}: Gymsalen")


async def test_an_answer_from_before_is_shown_as_such_and_the_home_can_answer_again(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "Møt klokka åtte.", "5A, Noah Berg")
    message = await ingrid.sees("Møt klokka åtte.")
    await tap(ingrid, ingrid.say(UNDERSTOOD), message)
    await correct(kari, "Møt klokka ni.", QUIETLY)
    assert f"👍 {ingrid.say(UNDERSTOOD)}" in labels(message), "not answered yet, as it reads now"
    status = await board(kari)
    assert counted(kari, *BEFORE, 1) in status.text
    result = await tap(kari, "🔔", status)
    assert result.text == counted(kari, "{n} person is being reminded.", "{n} people are being reminded.", 2)
    await tap(ingrid, ingrid.say(UNDERSTOOD), message)
    status = await board(kari)
    assert counted(kari, *DONE, 1) in status.text
    assert counted(kari, *BEFORE, 1) not in status.text
    assert await stored(world, "answer, answered_revision FROM delivery WHERE answer IS NOT NULL") == [
        ("understood", 2)
    ]


async def test_understood_tapped_on_the_old_screen_is_not_counted_and_shows_what_it_says_now(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await send(kari, "Møt klokka åtte.")
    message = await piotr.sees("Møt klokka åtte.")
    [old] = [b.data for row in message.buttons for b in row if piotr.say(UNDERSTOOD) in b.text]
    assert old
    await correct(kari, "Møt klokka ni.", QUIETLY)
    result = await piotr.phone.tap_data(old, message)
    await world.idle()
    assert result.text == piotr.say(READ_AGAIN)
    assert result.show_alert
    assert message in holding(piotr, "Møt klokka ni.")
    assert await stored(world, "count(*) FROM delivery WHERE answer IS NOT NULL") == [(0,)]


async def test_an_old_copy_opened_from_the_list_is_brought_up_to_date_by_a_tap(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await send(kari, "Møt klokka åtte.")
    await write(piotr, "/notices")
    await tap_number(piotr, 0)
    copy = piotr.phone.last
    await correct(kari, "Møt klokka ni.", QUIETLY)
    assert copy in holding(piotr, "Møt klokka åtte."), "only what the school sent is changed by itself"
    result = await tap(piotr, piotr.say(CALL_ME), copy)
    assert result.text == piotr.say(READ_AGAIN)
    assert copy in holding(piotr, "Møt klokka ni.")
    assert await stored(world, "count(*) FROM thread_message") == [(0,)]


async def test_correct_tapped_twice_goes_on_with_the_same_correction_and_applies_it_once(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "Møt klokka åtte.")
    status = await board(kari)
    await tap(kari, kari.say("Correct"), status)
    await write(kari, "Møt klokka ni.")
    await tap(kari, kari.say("Correct"), status)
    assert "Møt klokka ni." in kari.phone.last.text
    assert await stored(world, "count(*) FROM notice WHERE corrects_id IS NOT NULL") == [(1,)]
    screen = kari.phone.last
    [data] = [b.data for row in screen.buttons for b in row if kari.say(LOUD) in b.text]
    assert data
    await tap(kari, kari.say(LOUD), screen)
    again = await kari.phone.tap_data(data, screen)
    await world.idle()
    assert again.show_alert
    assert await stored(world, "revision FROM notice WHERE state = 'sent'") == [(2,)]
    assert len(holding(ingrid, told(ingrid))) == 1


async def test_a_correction_that_was_left_does_not_stand_in_the_way_of_a_new_message(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await send(kari, "Møt klokka åtte.")
    await tap(kari, kari.say("Correct"), await board(kari))
    await write(kari, "/new")
    await kari.sees(kari.say("Who is the message for?"))
    assert kari.phone.last in holding(kari, kari.say("Who is the message for?"))


async def test_a_second_correction_keeps_both_earlier_texts(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "Møt klokka åtte.")
    await correct(kari, "Møt klokka ni.", QUIETLY)
    await correct(kari, "Møt klokka ti.", LOUD)
    await ingrid.sees("Møt klokka ti.")
    revisions = await stored(world, "revision, text FROM notice_revision ORDER BY revision")
    assert revisions == [(1, "Møt klokka åtte."), (2, "Møt klokka ni.")]


async def test_in_quiet_hours_the_message_changes_at_once_and_the_line_about_it_waits(
    tmp_path: Path, template: Template
) -> None:
    async with open_world(tmp_path, *template, start=datetime(2026, 11, 23, 19, 0, tzinfo=OSLO)) as world:
        kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
        await send(kari, "Møt klokka åtte.")
        await world.at(2026, 11, 23, 21, 0)
        await correct(kari, "Møt klokka ni.", LOUD)
        await ingrid.sees("Møt klokka ni.")
        ingrid.sees_not(told(ingrid))
        await world.at(2026, 11, 24, 7, 0)
        await ingrid.sees(told(ingrid))


async def test_a_correction_does_not_overtake_a_notice_that_still_waits_for_the_morning(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await draft(kari, "Møt klokka åtte.")
    await tap(kari, kari.say("Send later"))
    await write(kari, "24.11 19:00")
    await world.at(2026, 11, 24, 21, 0)  # nothing ran in between: homes get it in the morning
    await correct(kari, "Møt klokka ni.", LOUD)
    assert ingrid.phone.messages == []
    await world.at(2026, 11, 25, 7, 0)
    first, second = (m for m in ingrid.phone.messages if m.from_bot)
    assert first in holding(ingrid, "Møt klokka ni.")
    assert second in holding(ingrid, told(ingrid))
    lost = "kind, reason FROM outgoing WHERE state = 'dropped' AND reason <> 'nothing_to_edit'"
    assert await stored(world, lost) == []


async def test_a_guardian_shut_out_since_is_told_of_no_correction(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await send(kari, "Møt klokka åtte.")
    async with world.unit_of_work() as uow:
        await uow.execute(
            sa.text("UPDATE guardianship SET blocked = true WHERE person_id = :id"), {"id": lars.known.person_id}
        )
        await uow.commit()
    await correct(kari, "Møt klokka ni.", LOUD)
    lars.sees_not("Møt klokka ni.")
    lars.sees_not(told(lars))
    await world.actor("Ingrid Berg").sees("Møt klokka ni.")


async def test_a_home_that_was_not_reached_then_gets_the_corrected_message_as_one_of_its_own(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await lars.phone.block()
    await world.idle()
    await send(kari, "Møt klokka åtte.")
    await lars.phone.unblock()
    await world.idle()
    await correct(kari, "Møt klokka ni.", LOUD)
    message = await lars.sees("Møt klokka ni.")
    lars.sees_not("Møt klokka åtte.")
    await tap(lars, lars.say(UNDERSTOOD), message)
    assert await stored(world, "answer, answered_revision FROM delivery WHERE answer IS NOT NULL") == [
        ("understood", 2)
    ]
