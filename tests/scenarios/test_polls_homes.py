"""Surveys, reminders, what parent representatives may ask, and the page of questions (N13, M9)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.domain.polls import PollKind
from tests.scenarios.events_steps import make_representative
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, tap, write
from tests.scenarios.polls_steps import (
    ASK,
    answer,
    ask,
    ballots,
    begin,
    draft,
    figures,
    last_text,
    polls_page,
    said,
    survey,
    tally,
)
from tests.scenarios.world import World

WHY = "Skal vi ha vårfest?"
LINK = "https://www.nettskjema.no/a/12345"
REMINDED = "🔔 This closes soon, and your answer is not there yet."


@pytest.mark.parametrize("name", ["James Miller", "Piotr Kowalski", "Amina Haddad"])
async def test_a_survey_is_a_link_with_one_reminder_for_those_who_need_it(world: World, name: str) -> None:
    kari, home, ingrid = world.actor("Kari Nordmann"), world.actor(name), world.actor("Ingrid Berg")
    await survey(kari, "Foreldreundersøkelsen er åpen", LINK)
    asked = await ingrid.sees("Foreldreundersøkelsen")
    assert "www.nettskjema.no" in asked.content, "a home reads where the link leads before it taps"
    assert [button.url for row in asked.buttons for button in row if button.url] == [LINK]
    await tap(ingrid, ingrid.say("I have answered"), asked)
    await tap(ingrid, ingrid.say("I have answered"))
    shown = await figures(kari, "Foreldreundersøkelsen")
    count = kari.tr.ngettext(
        "{answered} of {n} has answered.", "{answered} of {n} have answered.", len(await ballots(world)), answered=1
    )
    assert str(count) in shown.content
    await world.at(2026, 11, 26, 15, 59)
    home.sees_not(said(home, REMINDED))
    await world.at(2026, 11, 26, 16, 0)
    reminder = await home.sees(home.say(REMINDED))
    ingrid.sees_not(ingrid.say(REMINDED))
    await tap(home, home.say("I have answered"), reminder)
    assert (await ballots(world))[name] == (True, None)
    await world.at(2026, 11, 27, 19, 0)
    assert len(holding(home, home.say(REMINDED))) == 0, "the reminder is closed in place"
    assert not any(button.url for m in holding(home, "Foreldreundersøkelsen") for row in m.buttons for button in row)
    done = await world.rows("SELECT state, reason, count(*) FROM reminder GROUP BY 1, 2 ORDER BY 1, 2")
    assert {row[0] for row in done} == {"done", "dropped"}


async def test_a_link_that_homes_should_not_be_led_to_is_refused(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, None, PollKind.SURVEY)
    await write(kari, "Svar gjerne")
    for wrong in ("http://nettskjema.no/a", "nettskjema", "https://ola@evil.example/a", "javascript:alert(1)"):
        await write(kari, wrong)
        refused = "I could not read that as a link. It begins with https:// and names a site, like {example}."
        assert said(kari, refused, example=LINK) in last_text(kari)
        assert await world.rows("SELECT url, question FROM poll") == [("", "Svar gjerne")]
    await write(kari, LINK)
    assert await world.rows("SELECT url FROM poll") == [(LINK,)]


async def test_the_reminder_carries_the_answers_and_loses_them_when_it_closes(world: World) -> None:
    kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
    await ask(kari, WHY)
    await world.at(2026, 11, 26, 16, 0)
    reminder = await james.sees(REMINDED)
    await tap(james, "Yes", reminder)
    await tap(james, "Yes, count it")
    assert await tally(world) == [1, 0, 0]
    await world.at(2026, 11, 27, 19, 0)
    assert all(not labels(message) for message in holding(james, WHY)[:2])
    assert len(holding(james, WHY)) == 3, "the question, its reminder, the result"


async def test_a_parent_representative_asks_the_own_class_and_sees_nobodys_name(world: World) -> None:
    ingrid = await make_representative(world, "Ingrid Berg")
    james, rania = world.actor("James Miller"), world.actor("Rania Khoury")
    await draft(ingrid, WHY, "Lørdag", "Søndag")
    await tap(ingrid, ingrid.say("With names"))
    rows = await world.rows("SELECT id, version FROM poll")
    [(other,)] = await world.rows("SELECT id FROM school_class WHERE name = '2B'")
    for kind, ref in (("classes", other), ("school", 0), ("grade", 5), ("pupil", 1)):
        refused = await forge(ingrid, f"pt|{rows[0][0]}|{rows[0][1]}|{kind}|{ref}")
        assert refused.text == ingrid.say(NOT_HERE)
    await tap(ingrid, ingrid.say(ASK))
    question = await james.sees(WHY)
    assert "Ingrid Berg sees only the figures" in question.content
    assert not holding(rania, WHY)
    assert "Ingrid Berg" in await ballots(world), "a representative has a voice as well"
    await tap(james, "Lørdag", question)
    shown = await figures(ingrid, WHY)
    assert "Lørdag:" not in shown.content, "one answer would be James's"
    for name in ("Lars Berg", "Omar Haddad", "Piotr Kowalski", "Anna Kowalska"):
        actor = world.actor(name)
        await tap(actor, "Søndag", await actor.sees(WHY))
    shown = await figures(ingrid, WHY)
    assert "Søndag: 4" in shown.content
    assert (await forge(ingrid, f"po|{rows[0][0]}|n|0")).text == ingrid.say(NOT_HERE)


async def test_a_teacher_who_is_a_parent_only_by_now_sees_what_parents_see(world: World) -> None:
    ingrid, james = world.actor("Ingrid Berg"), world.actor("James Miller")
    person = {"p": ingrid.known.person_id}
    async with world.unit_of_work() as uow:
        await uow.change(sa.text("INSERT INTO staff_role (person_id, role) VALUES (:p, 'contact_teacher')"), person)
        teaches = "INSERT INTO class_staff (class_id, person_id, is_contact)"
        await uow.change(sa.text(f"{teaches} SELECT id, :p, 1 FROM school_class WHERE name = '5A'"), person)
        await uow.commit()
    await ask(ingrid, WHY, "Lørdag", "Søndag", named=True)
    await tap(james, "Lørdag", await james.sees(WHY))
    assert "Lørdag: 1" in (await figures(ingrid, WHY)).content
    async with world.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE staff_role SET role = 'representative' WHERE person_id = :p"), person)
        await uow.change(sa.text("DELETE FROM class_staff WHERE person_id = :p"), person)
        await uow.commit()
    [(poll,)] = await world.rows("SELECT id FROM poll")
    await forge(ingrid, f"po|{poll}|f|0")
    assert "Lørdag: 1" not in last_text(ingrid), "one answer would be James's"
    assert (await forge(ingrid, f"po|{poll}|n|0")).text == ingrid.say(NOT_HERE)


async def test_a_question_to_few_is_not_asked_anonymously(world: World) -> None:
    marit = world.actor("Marit Lund")
    [(small,)] = await world.rows("SELECT id FROM school_class WHERE name = '8C'")
    async with world.unit_of_work() as uow:
        keep = "SELECT min(id) FROM pupil WHERE class_id = :c"
        away = f"UPDATE pupil SET left_at = '2026-11-01' WHERE class_id = :c AND id <> ({keep})"
        await uow.change(sa.text(away), {"c": small})
        await uow.commit()
    await draft(marit, WHY, to="8C")
    refused = await tap(marit, marit.say(ASK))
    assert "5" in (refused.text or "")
    assert await ballots(world) == {}
    await tap(marit, marit.say("With names"))
    await tap(marit, marit.say(ASK))
    assert 0 < len(await ballots(world)) < 5


async def test_the_leadership_asks_the_whole_school_and_everybody_has_one_voice(world: World) -> None:
    marit, piotr = world.actor("Marit Lund"), world.actor("Piotr Kowalski")
    await ask(marit, WHY, to=marit.say("The whole school"))
    asked = await ballots(world)
    assert len(holding(piotr, WHY)) == 1, "one question, also with two children"
    assert {"Ingrid Berg", "Rania Khoury"} <= set(asked)
    assert "Roar Fjellheim" not in asked, "whom the school has shut out is not asked"


async def test_the_page_shows_a_home_what_waits_and_an_author_what_was_asked(world: World) -> None:
    kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
    await polls_page(james)
    assert "Nothing waits for your answer now." in last_text(james)
    assert "Ask a question" not in " ".join(labels(james.phone.last))
    await ask(kari, WHY)
    await write(james, "/meetings")
    await tap(james, "Questions to homes")
    await tap(james, "❔ " + WHY)
    assert "👍 Yes" in labels(james.phone.last)
    await answer(james, WHY, "No")
    await polls_page(james)
    assert "✅ " + WHY in labels(james.phone.last)
    await polls_page(kari)
    await tap(kari, "⏳ " + WHY)
    await tap(kari, kari.say("Read it"))
    assert "🔒" in last_text(kari)
    await world.at(2026, 11, 27, 19, 0)
    await polls_page(kari)
    assert "🔚 " + WHY in labels(kari.phone.last)
    await polls_page(james)
    assert "Nothing waits for your answer now." in last_text(james)


async def test_who_asks_nothing_cannot_begin_and_a_stranger_poll_is_not_there(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await draft(kari, WHY)
    [(poll, version)] = await world.rows("SELECT id, version FROM poll")
    for data in ("pn|poll", "pn|survey", f"pd|{poll}|{version}|y", f"pd|{poll}|{version}|x", f"po|{poll}|f|0"):
        await write(lars, "/menu")
        assert (await forge(lars, data)).text == lars.say(NOT_HERE)
    for data in ("pd|2147483647|1|y", "ps|2147483647|0", "pv|0|0|1", "po|-1|f|0", "pw|0|1|2026-11-27"):
        assert (await forge(kari, data)).text == kari.say(NOT_HERE)
    for data in (f"pw|{poll}|{version}|2026-11-23", f"pw|{poll}|{version}|nonsense", f"pp|{poll}|{version}|xx"):
        assert (await forge(kari, data)).answered
    assert await world.rows("SELECT state, closes_day FROM poll") == [("draft", "2026-11-27")]
