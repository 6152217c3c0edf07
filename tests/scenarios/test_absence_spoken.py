"""A home says it in the own words (A2): proposed, confirmed with one tap, and the sentence kept nowhere."""

from __future__ import annotations

from datetime import date

import pytest

from bot.i18n import texts
from tests.scenarios.absence_steps import (
    REPORTED,
    SHALL_I,
    TAKEN_BACK,
    TODAY,
    YES,
    absences,
    days,
    report_by_saying,
    report_by_tapping,
)
from tests.scenarios.notices_steps import holding, readers, tap, write
from tests.scenarios.world import World

ASKED = "Shall I send this to the contact teacher? Nothing has been sent yet."


@pytest.mark.parametrize(
    ("name", "child", "sentence"),
    [
        ("Amina Haddad", "Ali Haddad", "علي مريض اليوم"),
        ("Piotr Kowalski", "Zofia Kowalska", "Zosia jest dziś chora"),
        ("Ingrid Berg", "Noah Berg", "noah er sjuk idag"),
        ("James Miller", "Sara Miller", "Sara is sick today"),
    ],
)
async def test_a_sentence_and_one_tap_report_an_absence(world: World, name: str, child: str, sentence: str) -> None:
    guardian, kari = world.actor(name), world.actor("Kari Nordmann")
    await write(guardian, sentence)
    proposed = await guardian.sees(guardian.say(SHALL_I))
    assert child in proposed.text
    assert await absences(world) == [], "nothing is stored before the tap"
    kari.sees_not(child)
    await tap(guardian, guardian.say(YES))
    await guardian.sees(guardian.say(REPORTED))
    assert await absences(world) == [(child, "2026-11-23", "absent", "ill", "active", "home")]
    await kari.sees(child)
    assert await words_kept(world, sentence) == []


async def words_kept(world: World, sentence: str) -> list[str]:
    """Return the tables in which a sentence stands, whatever their columns."""
    tables = await world.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    found: list[str] = []
    for (name,) in tables:
        rows = await world.rows(f'SELECT * FROM "{name}"')
        found += [str(name) for row in rows if any(sentence in str(value) for value in row)]
    return found


async def test_today_and_tomorrow_in_one_sentence(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await report_by_saying(ingrid, "Noah er syk i dag og i morgen")
    assert [row[1] for row in await absences(world)] == ["2026-11-23", "2026-11-24"]
    await ingrid.sees(days(ingrid, TODAY, date(2026, 11, 24)))


async def test_late_because_of_the_dentist(world: World) -> None:
    james = world.actor("James Miller")
    await report_by_saying(james, "Sara is late, dentist at 9")
    assert await absences(world) == [("Sara Miller", "2026-11-23", "late", "appointment", "active", "home")]


async def test_when_no_child_is_named_the_own_ones_are_offered(world: World) -> None:
    piotr = world.actor("Piotr Kowalski")
    await write(piotr, "dziecko jest chore, nie przyjdzie dziś do szkoły")
    await piotr.sees(piotr.say("Which child is it about?"))
    await tap(piotr, "Jan Kowalski")
    await piotr.sees(piotr.say(REPORTED))
    assert [row[0] for row in await absences(world)] == ["Jan Kowalski"]


async def test_without_a_reason_the_tap_on_one_reports(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "Noah kommer ikke i dag")
    await ingrid.sees(ingrid.say("Why? Your tap reports it."))
    assert await absences(world) == []
    await tap(ingrid, ingrid.say("illness").capitalize())
    assert [row[3] for row in await absences(world)] == ["ill"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Ingrid Berg", "Er Noah syk?"),
        ("Ingrid Berg", "Noah var syk i går"),
        ("Ingrid Berg", "Emma i 5B er syk i dag"),
        ("James Miller", "Is Sara ill today?"),
        ("Amina Haddad", "هل علي مريض؟"),
        ("Piotr Kowalski", "Zosia była wczoraj chora"),
    ],
)
async def test_what_is_no_report_becomes_a_message_to_the_teacher(world: World, name: str, sentence: str) -> None:
    guardian = world.actor(name)
    await write(guardian, sentence)
    if name == "Piotr Kowalski":  # two children: it is asked whom it is about
        await guardian.sees(guardian.say(ASKED))
    else:
        await guardian.sees_button(guardian.say("Take it back"))
    guardian.sees_not(guardian.say(SHALL_I))
    assert await absences(world) == []


async def test_a_wrong_proposal_costs_one_tap_and_the_words_reach_the_teacher(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    sentence = "Noah er syk i dag"
    await write(ingrid, sentence)
    proposal = await ingrid.sees(ingrid.say(SHALL_I))
    await tap(ingrid, ingrid.say("No, send it to the teacher"))
    await kari.sees(sentence)
    assert await absences(world) == []
    await ingrid.phone.tap_data(
        f"aw|{(await world.rows('SELECT id FROM pupil WHERE name = :n', n='Noah Berg'))[0][0]}", proposal.id
    )
    await world.idle()
    assert len(holding(kari, sentence)) == 1, "the second tap sends nothing"


async def test_well_again_takes_back_what_was_reported(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await report_by_saying(ingrid, "Noah er syk i dag og i morgen")
    await write(lars, "Noah er frisk igjen")
    await lars.sees(lars.say("Shall I take this back?"))
    assert {row[4] for row in await absences(world)} == {"active"}
    await tap(lars, lars.say("Yes, take it back"))
    await lars.sees(lars.say(TAKEN_BACK, names="Noah Berg", days=days(lars, TODAY, date(2026, 11, 24))))
    assert {row[4] for row in await absences(world)} == {"withdrawn"}


async def test_still_ill_the_next_morning_prolongs_it(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await report_by_saying(ingrid, "Noah er syk i dag")
    await world.at(2026, 11, 24, 7, 15)
    await report_by_saying(ingrid, "Noah er fortsatt syk")
    assert [row[1] for row in await absences(world)] == ["2026-11-23", "2026-11-24"]


async def test_a_diagnosis_is_answered_kindly_and_only_the_code_is_kept(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "Noah har vannkopper og blir hjemme i dag")
    await ingrid.sees(
        ingrid.say("🔒 What the illness is stays with you: the school only gets “{word}”.", word=ingrid.say("illness"))
    )
    await tap(ingrid, ingrid.say(YES))
    assert [row[3] for row in await absences(world)] == ["ill"]
    assert await words_kept(world, "vannkopper") == []
    assert readers(world, "vannkopper") == set()


async def test_a_saturday_says_that_there_is_no_school_and_offers_monday(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await world.at(2026, 11, 28, 9, 0)
    await write(ingrid, "Noah er syk i dag")
    await ingrid.sees(ingrid.say("{day} is in the weekend: no school.", day=date(2026, 11, 28)))
    await tap(ingrid, ingrid.say("Report it for {day}", day=texts("nb").short_day(date(2026, 11, 30))))
    await tap(ingrid, ingrid.say(YES))
    assert [row[1] for row in await absences(world)] == ["2026-11-30"]


async def test_call_me_and_thanks_are_understood_as_what_they_are(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await write(amina, "شكرا جزيلا")
    await amina.sees(amina.say("💛 You are welcome."))
    await write(amina, "ممكن تتصلوا بي من فضلكم")
    await amina.sees(amina.say("Would you like the contact teacher to call you?"))
    await tap(amina, amina.say("Please call me, about {child}", child="Ali Haddad"))
    await kari.sees("Amina Haddad")


async def test_an_open_question_takes_the_sentence_as_its_answer(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/write")
    await write(ingrid, "Noah er syk i dag")
    await kari.sees("Noah er syk i dag")
    assert await absences(world) == []
    await report_by_tapping(ingrid, ingrid.say("Ill: {day}", day=ingrid.tr.pgettext("button", "today")))
    assert len(await absences(world)) == 1
