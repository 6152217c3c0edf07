"""What homes do with a notice: understood, a question, please call me; the original; looking it up again."""

from __future__ import annotations

import pytest

from bot.domain.notices import NoticeKind
from tests.scenarios.notices_steps import (
    CALL_ME,
    QUESTION,
    UNDERSTOOD,
    begin,
    holding,
    labels,
    readers,
    send,
    send_now,
    shut_out,
    speak,
    stored,
    tap,
    tap_number,
    write,
)
from tests.scenarios.world import Actor, World

ANSWERS = (
    "p.name, d.answer, d.answered_revision FROM delivery d JOIN person p ON p.id = d.person_id"
    " WHERE d.answer IS NOT NULL ORDER BY p.name"
)


@pytest.mark.parametrize("name", ["Piotr Kowalski", "Amina Haddad", "James Miller", "Ingrid Berg"])
async def test_each_home_answers_in_its_own_language_and_each_answer_reaches_the_teacher(
    world: World, name: str
) -> None:
    kari, home = world.actor("Kari Nordmann"), world.actor(name)
    await send(kari, "I morgen er det tur.")
    message = await home.sees("I morgen er det tur.")

    result = await tap(home, home.say(UNDERSTOOD))
    assert result.text == home.say("Thank you. The sender sees that you have understood.")
    assert f"✅ {home.say(UNDERSTOOD)}" in labels(message)

    result = await tap(home, home.say(CALL_ME), message)
    assert result.text == home.say("The sender knows that you want to be called.")
    assert f"✅ {home.say(CALL_ME)}" in labels(message)
    assert f"👍 {home.say(UNDERSTOOD)}" in labels(message), "one answer at a time"
    asked = "📞 <b>{guardian}</b> ({child}, {school_class}) asks you to call.\nTelephone: {number}"
    await kari.sees(
        kari.say(asked, guardian=name, child="§", school_class="", number="").replace("<b>", "").split("</b>")[0]
    )

    result = await tap(home, home.say(QUESTION), message)
    assert result.text == home.say("Write your question below.")
    await write(home, "?¿ — Når er dere hjemme?")
    await kari.sees("?¿ — Når er dere hjemme?")
    assert await stored(world, ANSWERS) == [(name, "question", 1)]
    kinds = await stored(world, "kind, notice_id, text FROM thread_message ORDER BY id")
    assert kinds == [("call_me", 1, ""), ("question", 1, "?¿ — Når er dere hjemme?")]


async def test_a_second_tap_on_the_same_answer_is_noted_already_and_calls_nobody_twice(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "I morgen er det tur.")
    message = await ingrid.sees("I morgen er det tur.")
    for label in (UNDERSTOOD, CALL_ME):
        await tap(ingrid, ingrid.say(label), message)
        again = await tap(ingrid, ingrid.say(label), message)
        assert again.text == ingrid.say("That is noted already.")
    assert await stored(world, "count(*) FROM thread_message") == [(1,)]
    assert len(holding(kari, "📞 Ingrid Berg")) == 1
    assert await stored(world, "count(*) FROM audit_entry WHERE act = 'notice.answer'") == [(2,)]


async def test_a_question_tapped_twice_is_still_one_question(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "I morgen er det tur.")
    message = await ingrid.sees("I morgen er det tur.")
    await tap(ingrid, ingrid.say(QUESTION), message)
    await tap(ingrid, ingrid.say(QUESTION), message)
    await write(ingrid, "Når kommer dere tilbake?")
    assert len(holding(kari, "Når kommer dere tilbake?")) == 1


async def test_no_guardian_learns_what_another_answered(world: World) -> None:
    kari, anna, piotr = (world.actor(name) for name in ("Kari Nordmann", "Anna Kowalska", "Piotr Kowalski"))
    await send(kari, "I morgen er det tur.")
    others = {
        name: [(m.id, m.content, labels(m), m.edited) for m in world.actor(name).phone.messages]
        for name in world.known
        if name not in {"Kari Nordmann", "Anna Kowalska"}
    }
    message = await anna.sees("I morgen er det tur.")
    await tap(anna, anna.say(UNDERSTOOD), message)
    await tap(anna, anna.say(CALL_ME), message)
    await world.forward(seconds=10)
    for name, before in others.items():
        now = [(m.id, m.content, labels(m), m.edited) for m in world.actor(name).phone.messages]
        assert now == before, name
    assert readers(world, "Anna Kowalska") == {"Kari Nordmann"}
    await tap(piotr, piotr.say(UNDERSTOOD))
    assert await stored(world, ANSWERS) == [("Anna Kowalska", "call_me", 1), ("Piotr Kowalski", "understood", 1)]


async def test_the_original_is_one_tap_away_and_one_tap_back_and_keeps_the_answer(world: World) -> None:
    kari, amina, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "Ingrid Berg"))
    await begin(kari, "5A", NoticeKind.MEETING)
    await write(kari, "24.11")
    await write(kari, "18")
    await write(kari, "Gymsalen")
    await write(kari, "Velkommen!")
    await send_now(kari)
    message = await amina.sees("Velkommen!")
    in_arabic = message.text
    assert amina.say("Day") in in_arabic
    await tap(amina, amina.say(UNDERSTOOD), message)
    await tap(amina, amina.say("Show as it was written"), message)
    assert ingrid.say("Day") in message.text
    assert ingrid.tr.list(["Ali"]) in message.text
    assert f"✅ {amina.say(UNDERSTOOD)}" in labels(message), "the buttons stay in the reader's language"
    await tap(amina, amina.say("Back to my language"), message)
    assert message.text == in_arabic
    home = await ingrid.sees("Velkommen!")
    assert not any("📄" in label for label in labels(home)), "it is written in her language"


async def test_a_teacher_who_writes_polish_is_read_by_polish_homes_without_a_mark_and_by_others_with_one(
    world: World,
) -> None:
    kari = await speak(world.actor("Kari Nordmann"), "pl")
    piotr, ingrid = world.actor("Piotr Kowalski"), world.actor("Ingrid Berg")
    await send(kari, "Jutro idziemy do lasu.")
    at_piotr, at_ingrid = await piotr.sees("Jutro idziemy do lasu."), await ingrid.sees("Jutro idziemy do lasu.")
    assert "🌐" not in at_piotr.text
    assert not any("📄" in label for label in labels(at_piotr))
    assert "🌐" in at_ingrid.text
    assert any("📄" in label for label in labels(at_ingrid))


async def test_a_word_that_looks_like_markup_is_shown_as_it_was_written(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    text = "<b>Husk</b> 2 < 3 & 4 > 1 &amp; {child} %s"
    await send(kari, text)
    await amina.sees(text)


async def test_lists_say_so_when_there_is_nothing_yet(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await write(piotr, "/notices")
    await piotr.sees(piotr.say("No message from school yet. They come here by themselves."))
    await write(piotr, "/weekplan")
    await piotr.sees(piotr.say("No weekly plan has come yet. It arrives here when the teacher sends it."))
    await write(kari, "/sent")
    await kari.sees(kari.say("You have not sent anything yet."))
    await kari.sees_button(kari.say("New message to homes"))


async def test_a_notice_is_found_again_in_the_list_and_answered_from_there(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await send(kari, "Den første.")
    await send(kari, "Den andre.")
    await write(piotr, "/notices")
    listed = [label for label in labels(piotr.phone.last) if "📣" in label]
    assert len(listed) == 2
    opened = await tap_number(piotr, 1)
    assert "Den første." in opened.text
    await tap(piotr, piotr.say(UNDERSTOOD), opened)
    assert await stored(world, "notice_id FROM delivery WHERE answer = 'understood'") == [(1,)]
    await write(piotr, "/notices")
    assert ["✅" in label for label in labels(piotr.phone.last) if "📣" in label] == [False, True]


async def test_the_newest_weekly_plan_comes_on_request_with_its_file_and_of_every_childs_class(world: World) -> None:
    kari, tom, piotr = (world.actor(name) for name in ("Kari Nordmann", "Tom Eide", "Piotr Kowalski"))
    await send_plan(kari, "5A", "Gammel plan.", "48")
    await send_plan(kari, "5A", "Ny plan.", "49")
    await send_plan(tom, "2B", "Plan for de små.", "49")
    before = len(piotr.phone.messages)
    await write(piotr, "/weekplan")
    shown = [m.content for m in piotr.phone.messages[before:] if m.from_bot]
    assert sum("Ny plan." in text for text in shown) == 1
    assert sum("Plan for de små." in text for text in shown) == 1
    assert not any("Gammel plan." in text for text in shown)
    await tap(piotr, piotr.say(UNDERSTOOD), piotr.phone.last)
    assert await stored(world, "count(*) FROM delivery WHERE answer = 'understood'") == [(1,)]


async def send_plan(teacher: Actor, to: str, text: str, week: str) -> None:
    await begin(teacher, to, NoticeKind.WEEKPLAN)
    await tap(teacher, week)
    await write(teacher, text)
    await send_now(teacher)


async def test_a_guardian_who_was_shut_out_reads_nothing_and_is_a_stranger(world: World) -> None:
    hilde, roar = world.actor("Hilde Strand"), await shut_out(world)
    await send(hilde, "Sander var flink i dag.", "8C, Sander Fjellheim")
    assert readers(world, "Sander var flink i dag.") == {"Monica Fjellheim"}
    for command in ("/notices", "/weekplan", "/menu"):
        await write(roar, command)
    assert not holding(roar, "Sander")
    assert not any("📣" in label for m in roar.phone.messages for label in labels(m))
