"""A question to homes: asked by taps, answered in four languages, closed with a result for everybody (N13)."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from bot.domain.polls import PollKind
from bot.i18n.words import language_name
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, tap, write
from tests.scenarios.polls_steps import (
    ASK,
    CLOSED,
    DONE,
    FINAL,
    QUESTION,
    RESULT,
    THANKS,
    answer,
    ask,
    ballots,
    begin,
    draft,
    figures,
    last_text,
    polls_page,
    said,
    tally,
)
from tests.scenarios.world import World

WHY = "Skal vi ha vårfest?"
MARK = "🌐 <i>Written in {language}, not translated yet.</i>"
ANONYMOUS = (
    "🔒 <b>Anonymous.</b> It is not stored who chose what, and nobody at the school can see it. "
    "That is why an answer cannot be changed afterwards."
)


@pytest.mark.parametrize("name", ["Ingrid Berg", "James Miller", "Piotr Kowalski", "Amina Haddad"])
async def test_homes_answer_in_their_language_and_get_the_result(world: World, name: str) -> None:
    kari, home = world.actor("Kari Nordmann"), world.actor(name)
    await ask(kari, WHY)
    question = await home.sees(home.say(QUESTION))
    assert WHY in question.content
    ready = [("👍", "Yes"), ("👎", "No"), ("🤷", "I don't know")]
    assert labels(question) == [f"{sign} {home.say(word)}" for sign, word in ready]
    assert said(home, ANONYMOUS) in said(home, question.content)
    mark = said(home, MARK, language=language_name("nb", home.tr))
    assert (mark in said(home, question.content)) is (home.language != "nb")
    await answer(home, home.say(QUESTION), f"👎 {home.say('No')}")
    assert said(home, THANKS) in last_text(home)
    others = [one for one in world.known if one != name and (await ballots(world)).get(one)][:5]
    for other in others:
        actor = world.actor(other)
        await answer(actor, actor.say(QUESTION), actor.say("Yes"))
    assert await tally(world) == [5, 1, 0]
    await world.at(2026, 11, 27, 19, 0)
    result = await home.sees(home.say(RESULT))
    assert f"{home.say('Yes')}: 5" in result.content
    assert f"{home.say('No')}: 1" in result.content
    assert not any(labels(m) for m in holding(home, WHY) if m.id != home.phone.last.id), "the buttons are gone"


async def test_an_anonymous_answer_is_asked_for_twice_and_then_final(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await ask(kari, WHY)
    await answer(ingrid, WHY, ingrid.say("Yes"), sure=False)
    assert "🔒" in last_text(ingrid), "that it is final is said before it is counted"
    assert ingrid.say("Yes") in last_text(ingrid)
    assert await tally(world) == [0, 0, 0]
    await tap(ingrid, ingrid.say("Back"))
    await tap(ingrid, f"👎 {ingrid.say('No')}")
    await tap(ingrid, ingrid.say("Yes, count it"))
    assert await tally(world) == [0, 1, 0]
    shown = ingrid.phone.last
    assert not any("Nei" in label or "Ja" in label for label in labels(shown)), "nothing is left to change"
    [(mine,)] = await world.rows(
        "SELECT b.id FROM ballot b JOIN person p ON p.id = b.person_id WHERE p.name = 'Ingrid Berg'"
    )
    for sure in "01":
        assert said(ingrid, FINAL) == said(ingrid, (await forge(ingrid, f"pv|{mine}|0|{sure}")).text or "")
    await answer(lars, WHY, f"👎 {lars.say('No')}")
    assert await tally(world) == [0, 2, 0], "every guardian has a voice"
    stored = await world.rows("SELECT count(*) FROM audit_entry WHERE act LIKE 'poll.%' AND act <> 'poll.ask'")
    assert stored == [(0,)], "no act of an anonymous answer is written down"
    for (table,) in await world.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        kept = str(await world.rows(f"SELECT * FROM {table}"))
        assert f"pv|{mine}|1|1" not in kept, f"the tap that counts stands in {table}"


async def test_the_author_of_an_anonymous_question_sees_how_many_and_no_more(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await ask(kari, WHY)
    for home in (ingrid, lars):
        await answer(home, WHY, home.say("Yes"))
    shown = await figures(kari, WHY)
    asked = len(await ballots(world))
    line = kari.tr.ngettext("{answered} of {n} has answered.", "{answered} of {n} have answered.", asked, answered=2)
    assert str(line) in shown.content
    assert f"{kari.say('Yes')}: " not in shown.content
    assert kari.say("Who has answered") not in " ".join(labels(shown))
    [(poll,)] = await world.rows("SELECT id FROM poll")
    assert (await forge(kari, f"po|{poll}|n|0")).text == kari.say(NOT_HERE)
    await tap(kari, kari.say("Close it now"), shown)
    await tap(kari, kari.say("Yes, close it"))
    assert f"{kari.say('Yes')}: " not in last_text(kari), "two answers could be told apart"
    result = await ingrid.sees(ingrid.say(RESULT))
    assert ": 2" not in result.content
    assert ingrid.tr.ngettext(*HIDDEN, 5) in result.content


HIDDEN = (
    "Fewer than {n} person answered. So that nobody's answer can be guessed, the figures are not shown.",
    "Fewer than {n} people answered. So that nobody's answer can be guessed, the figures are not shown.",
)


async def test_with_names_an_answer_can_be_changed_and_staff_see_whose_it_is(world: World) -> None:
    kari, james, ingrid = (world.actor(name) for name in ("Kari Nordmann", "James Miller", "Ingrid Berg"))
    await ask(kari, WHY, named=True)
    assert "With names" in (await james.sees(WHY)).content
    await tap(james, "Yes", await james.sees(WHY))
    assert "✅ Yes" in labels(james.phone.last)
    await tap(james, "No")
    assert "✅ No" in labels(james.phone.last)
    await tap(ingrid, f"👎 {ingrid.say('No')}", await ingrid.sees(WHY))
    assert (await ballots(world))["James Miller"] == (True, 1)
    shown = await figures(kari, WHY)
    assert f"{kari.say('No')}: 2" in shown.content, "staff see one answer as well"
    await tap(kari, kari.say("Who has answered"), shown)
    assert f"James Miller: {kari.say('No')}" in last_text(kari)
    [(poll,)] = await world.rows("SELECT id FROM poll")
    for view in "fntcy":
        assert (await forge(james, f"po|{poll}|{view}|0")).text == james.say(NOT_HERE)
    await tap(kari, kari.say("Close it now"), shown)
    await tap(kari, kari.say("Yes, close it"))
    result = await james.sees(RESULT)
    assert "No: 2" not in result.content, "another home could read its neighbour's answer out of two"


async def test_a_teacher_writes_the_answers_and_nothing_is_lost_by_a_wrong_one(world: World) -> None:
    nina = world.actor("Nina Sørli")
    await polls_page(nina)
    await tap(nina, nina.say("Ask a question"))
    assert {"5A", "8C", nina.say("All my classes")} <= set(labels(nina.phone.last))
    await tap(nina, "8C")
    await write(nina, "x" * 301)
    assert "301" in last_text(nina)
    await write(nina, "Hva skal vi samle inn til?")
    for option in ("Skolegård", "skolegård", "y" * 61):
        await write(nina, option)
    assert (await world.rows("SELECT options FROM poll"))[0][0] == '["Skoleg\\u00e5rd"]'
    assert nina.say(DONE) not in " ".join(labels(nina.phone.last))
    for option in ("Tur til fjellet med hele klassen", "Bøker & <spill>"):
        await write(nina, option)
    await tap(nina, nina.say(DONE))
    for wrong in ("i morgen", "23.11", "1.1.2030"):
        await write(nina, wrong)
    await write(nina, "30.11")
    overview = last_text(nina)
    assert "Bøker & <spill>" in overview
    assert "Tur til fjellet med hele klassen" in overview
    for part in ("Question", "Answers"):
        await tap(nina, nina.say("Change"))
        await tap(nina, nina.say(part))
        await tap(nina, nina.say("Back" if part == "Question" else DONE))
        assert last_text(nina) == overview, "looking at a part changes nothing"
    await tap(nina, nina.say("Change"))
    await tap(nina, nina.say("Last day"))
    await tap(nina, nina.tr.short_day(date(2026, 12, 7)))
    await tap(nina, nina.say(ASK))
    assert (await world.rows("SELECT state, closes_day FROM poll")) == [("open", "2026-12-07")]


async def test_a_draft_waits_is_previewed_and_can_be_thrown_away(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, WHY)
    await tap(kari, "👁 Polski")
    assert world.actor("Anna Kowalska").say("Yes") in last_text(kari)
    await tap(kari, kari.say("Back"))
    [(poll, version)] = await world.rows("SELECT id, version FROM poll")
    await tap(kari, kari.say("With names"))
    old = await forge(kari, f"pd|{poll}|{version}|y")
    assert old.text == kari.say("This button is from an older message. Here is how it stands now.")
    assert await ballots(world) == {}, "a stale button asks nobody"
    await begin(kari, None, PollKind.SURVEY)
    await begin(kari, None)
    assert WHY in last_text(kari), "what was begun goes on, beside a survey"
    await tap(kari, kari.say("Discard"))
    assert kari.say("You have not asked homes anything yet.") in last_text(kari)
    assert (await forge(kari, f"pd|{poll}|{version + 1}|y")).text == kari.say(NOT_HERE)


async def test_asking_twice_at_night_asks_once_in_the_morning(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await world.at(2026, 11, 24, 21, 30)
    await draft(kari, WHY)
    [(poll, version)] = await world.rows("SELECT id, version FROM poll")
    await tap(kari, kari.say(ASK))
    await forge(kari, f"pd|{poll}|{version}|y")
    ingrid.sees_not(WHY)
    await world.at(2026, 11, 25, 7, 0)
    assert len(holding(ingrid, WHY)) == 1
    await world.at(2026, 11, 25, 21, 0)
    await forge(kari, f"po|{poll}|y|0")
    assert not labels(holding(ingrid, WHY)[0]), "the buttons go at once"
    ingrid.sees_not(ingrid.say(RESULT))
    await forge(kari, f"po|{poll}|y|0")
    await world.at(2026, 11, 26, 7, 0)
    assert len(holding(ingrid, ingrid.say(RESULT))) == 1


async def test_a_tap_after_closing_is_not_counted(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await ask(kari, WHY)
    await answer(ingrid, WHY, ingrid.say("Yes"), sure=False)
    mine = {
        row[0]: row[1]
        for row in await world.rows("SELECT p.name, b.id FROM ballot b JOIN person p ON p.id = b.person_id")
    }
    await world.at(2026, 11, 27, 19, 0)
    for home in (ingrid, lars):
        late = await forge(home, f"pv|{mine[home.known.name]}|0|1")
        assert late.text == home.say(CLOSED)
    assert await tally(world) == [0, 0, 0]
    assert not any(answered for answered, _ in (await ballots(world)).values())
    assert await world.rows("SELECT state FROM poll") == [("closed",)]
    assert said(kari, "🔚 <b>Closed.</b>") in last_text(kari), "the author hears that it is over"


async def test_only_who_is_asked_answers_and_only_while_the_child_is_theirs(world: World) -> None:
    kari, tom, ingrid, lars, rania = (
        world.actor(name) for name in ("Kari Nordmann", "Tom Eide", "Ingrid Berg", "Lars Berg", "Rania Khoury")
    )
    await ask(kari, WHY)
    rows = await world.rows("SELECT p.name, b.id, b.poll_id FROM ballot b JOIN person p ON p.id = b.person_id")
    mine = {row[0]: row[1] for row in rows}
    poll = rows[0][2]
    assert rania.known.name not in mine
    for stranger in (rania, lars, tom, kari):
        for data in (f"pv|{mine['Ingrid Berg']}|0|1", f"ps|{mine['Ingrid Berg']}|0", f"px|{mine['Ingrid Berg']}"):
            assert (await forge(stranger, data)).text == stranger.say(NOT_HERE)
    for other in (tom, rania):
        assert (await forge(other, f"po|{poll}|f|0")).text == other.say(NOT_HERE)
    await forge(ingrid, f"pv|{mine['Ingrid Berg']}|3|1")
    await forge(ingrid, f"pv|{mine['Ingrid Berg']}|-1|1")
    assert await tally(world) == [0, 0, 0]
    async with world.unit_of_work() as uow:
        await uow.change(
            sa.text("UPDATE guardianship SET blocked = true WHERE person_id = :p"), {"p": ingrid.known.person_id}
        )
        await uow.change(sa.text("DELETE FROM class_staff WHERE person_id = :p"), {"p": kari.known.person_id})
        await uow.commit()
    await forge(ingrid, f"pv|{mine['Ingrid Berg']}|0|1")
    assert await tally(world) == [0, 0, 0]
    for view in "fctyn":
        assert (await forge(kari, f"po|{poll}|{view}|0")).text == kari.say(NOT_HERE)
    await world.at(2026, 11, 27, 19, 0)
    await lars.sees(lars.say(RESULT))
    assert not holding(ingrid, ingrid.say(RESULT)), "whose access has ended hears nothing more"
