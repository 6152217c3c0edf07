"""What an organiser sees of an event, and nobody else does: figures, names, needs, topics; reminding the silent."""

from __future__ import annotations

import sqlalchemy as sa

from bot.actions.notices.board import NobodyToRemind, RemindedRecently
from bot.domain.event_taps import EventsStep, EventsTap, EventView
from bot.domain.events import EventKind, EventOver
from tests.scenarios.events_steps import (
    call_meeting,
    end_role,
    event_rows,
    live_board,
    look,
    make_representative,
    newest,
)
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, tap, write
from tests.scenarios.steps import STAFF, block, import_files
from tests.scenarios.world import Actor, World

WANTS_TO_KNOW = "🔔 {sender} would like to know whether you are coming. One tap is enough."


async def answer(world: World, event: int, name: str, **values: object) -> None:
    """Store somebody's answer as the slip would."""
    given = {"answer": "coming", "answered_revision": 1, **values}
    sets = ", ".join(f"{column} = :{column}" for column in given)
    async with world.unit_of_work() as uow:
        changed = await uow.change(
            sa.text(f"UPDATE invitation SET {sets} WHERE event_id = :event AND person_id = :person"),
            {**given, "event": event, "person": world.known[name].person_id},
        )
        assert changed == 1
        await uow.commit()


def count(actor: Actor, one: str, many: str, n: int) -> str:
    return str(actor.tr.ngettext(one, many, n))


async def test_the_board_counts_what_is_needed_and_names_stay_with_the_organiser(world: World) -> None:
    kari, marit, tom = world.actor("Kari Nordmann"), world.actor("Marit Lund"), world.actor("Tom Eide")
    event = await call_meeting(kari)
    await answer(world, event, "Amina Haddad", people=2, interpreter="wanted", interpreter_language="ar",
                 dialect="Marokkansk", gender="woman", childcare=2)  # fmt: skip
    await answer(world, event, "James Miller", people=1, interpreter="no_thanks", childcare=0)
    await answer(world, event, "Marte Hovland", answer="not_coming", after="summary")
    await look(kari, event)
    board = newest(kari)
    for line in (
        count(kari, "{n} is coming", "{n} are coming", 2),
        count(kari, "{n} person in all", "{n} people in all", 3),
        count(kari, "{n} wants an interpreter", "{n} want an interpreter", 1),
        count(kari, "Childcare for {n} child", "Childcare for {n} children", 2),
        count(kari, "{n} wants the summary", "{n} want the summary", 1),
    ):
        assert line in board
    assert "Amina" not in board
    await tap(kari, kari.say("Who has answered"))
    assert "Amina Haddad" in kari.phone.last.content
    assert said(kari, "<i>Only you see this list.</i>") in kari.phone.last.content
    await look(kari, event, EventView.NEEDS)
    needs = newest(kari)
    assert "Amina Haddad" in needs
    assert "Marokkansk" in needs
    assert "arabisk" in needs
    for other in (marit, tom):
        await write(other, "/menu")
    await look(marit, event)
    assert count(marit, "{n} is coming", "{n} are coming", 2) in newest(marit), "the leadership sees figures"
    assert not any(marit.say("Who has answered") in label for label in labels(marit.phone.last))
    for who, view in ((marit, EventView.NAMES), (marit, EventView.NEEDS), *((tom, view) for view in EventView)):
        assert (await look(who, event, view)).text == who.say(NOT_HERE), view
        assert "Amina" not in newest(who)
    assert await event_rows(world, "state", event) == [("open",)]


async def test_a_representative_who_calls_sees_figures_only(world: World) -> None:
    ingrid = await make_representative(world, "Ingrid Berg")
    event = await call_meeting(ingrid, kind=EventKind.MOTHERS_GROUP)
    await answer(world, event, "Amina Haddad", interpreter="wanted", interpreter_language="ar", dialect="Marokkansk")
    board = await live_board(ingrid)
    assert count(ingrid, "{n} wants an interpreter", "{n} want an interpreter", 1) in board.content
    assert not any(ingrid.say("Who has answered") in label for label in labels(board))
    for view in (EventView.NAMES, EventView.NEEDS):
        assert (await look(ingrid, event, view)).text == ingrid.say(NOT_HERE)
    for secret in ("Amina", "Marokkansk", "arabisk"):
        ingrid.sees_not(secret)
    await end_role(world, "Ingrid Berg")
    for view in EventView:
        assert (await look(ingrid, event, view)).text == ingrid.say(NOT_HERE), view


async def test_a_representative_who_is_shut_out_of_the_class_looks_after_nothing_there(world: World) -> None:
    ingrid, james = await make_representative(world, "Ingrid Berg"), world.actor("James Miller")
    event = await call_meeting(ingrid, kind=EventKind.SOCIAL, title="Grøtkveld", childcare=None)
    await block(world, "Ingrid Berg", "Noah Berg")
    for view in EventView:
        assert (await look(ingrid, event, view)).text == ingrid.say(NOT_HERE), view
    for data in (f"ec|{event}|1|d", f"eg|{event}|1|p|Kantina", f"ey|{event}|1", f"eu|{event}|1"):
        assert (await forge(ingrid, data)).text == ingrid.say(NOT_HERE), data
    board = [m for m in ingrid.phone.messages if m.silent][-1].content
    await tap(james, james.say("I am coming"))
    await world.forward(seconds=8)
    assert [m for m in ingrid.phone.messages if m.silent][-1].content == board, "the figures follow no more"
    assert await event_rows(world, "state, revision", event) == [("open", 1)]


async def test_languages_of_few_homes_are_counted_together(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    event = await call_meeting(kari)
    for name in ("Ingrid Berg", "Lars Berg", "Marte Hovland", "Julie Eriksen", "Merete Myhre"):
        await answer(world, event, name)
    await answer(world, event, "Amina Haddad")
    await look(kari, event)
    assert "arabisk" not in newest(kari), "one home could be told"
    assert kari.say("other languages") not in newest(kari), "and by subtraction too"
    for name in ("James Miller", "Anna Kowalska"):
        await answer(world, event, name)
    await look(kari, event)
    assert "norsk bokmål 4" in newest(kari), "Ingrid and Lars are one home"
    assert f"{kari.say('other languages')} 3" in newest(kari)
    assert "polsk" not in newest(kari)


async def test_only_who_has_not_answered_is_reminded_and_not_too_often(world: World) -> None:
    kari, ingrid, amina = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Amina Haddad"))
    marte, lars = world.actor("Marte Hovland"), world.actor("Lars Berg")
    event = await call_meeting(kari)
    await answer(world, event, "Ingrid Berg")
    await answer(world, event, "Marte Hovland", answer="not_coming")
    await block(world, "Lars Berg", "Noah Berg")
    assert (await look(kari, event, EventView.REMIND)).answered
    await world.idle()
    await amina.sees(amina.say(WANTS_TO_KNOW, sender="Kari Nordmann"))
    for spared in (ingrid, marte, lars):
        spared.sees_not(spared.say(WANTS_TO_KNOW, sender="Kari Nordmann"))
    result = await look(kari, event, EventView.REMIND)
    assert result.text is not None
    assert result.text.split(".")[0] == kari.say(RemindedRecently.sentence).split(".")[0]
    assert len(holding(amina, amina.say(WANTS_TO_KNOW, sender="Kari Nordmann"))) == 1
    await tap(amina, amina.say("I am coming"), await amina.sees(amina.say(WANTS_TO_KNOW, sender="Kari Nordmann")))
    assert await world.rows("SELECT count(*) FROM invitation WHERE answer = 'coming'") == [(2,)]
    async with world.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE invitation SET answer = 'coming', answered_revision = 1"))
        await uow.commit()
    await world.forward(hours=5)
    assert (await look(kari, event, EventView.REMIND)).text == kari.say(NobodyToRemind.sentence)


async def test_topics_stand_without_a_name_unless_it_was_given(world: World) -> None:
    kari, amina, james = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "James Miller"))
    ingrid, tonje = await make_representative(world, "Ingrid Berg"), await make_representative(world, "Tonje Brekke")
    event = await call_meeting(kari)
    async with world.unit_of_work() as uow:
        for who, text, language, named in (
            (amina, "الواجبات المنزلية", "ar", False),
            (james, "Screens in class", "en", True),
        ):
            await uow.change(
                sa.text(
                    "INSERT INTO topic (event_id, person_id, text, language, named, made_at)"
                    " VALUES (:event, :person, :text, :language, :named, '2026-11-23 09:00:00')"
                ),
                {"event": event, "person": who.known.person_id, "text": text, "language": language, "named": named},
            )
        await uow.commit()
    for reader in (kari, ingrid):
        await look(reader, event, EventView.TOPICS)
        shown = newest(reader)
        assert "الواجبات المنزلية" in shown
        assert "Screens in class (James Miller)" in shown
        assert "Amina" not in shown
    for other in (tonje, amina, james, world.actor("Tom Eide")):
        assert (await look(other, event, EventView.TOPICS)).text == other.say(NOT_HERE)
    await block(world, "Ingrid Berg", "Noah Berg")
    assert (await look(ingrid, event, EventView.TOPICS)).text == ingrid.say(NOT_HERE), "the access has ended"


async def test_who_has_left_the_class_sees_no_names_and_changes_nothing(world: World) -> None:
    kari, marit = world.actor("Kari Nordmann"), world.actor("Marit Lund")
    event = await call_meeting(kari)
    await import_files(
        world, staff=STAFF.replace("Kari Nordmann,contact_teacher,5A", "Kari Nordmann,contact_teacher,2B")
    )
    for view in (EventView.NAMES, EventView.NEEDS, EventView.TOPICS, EventView.REMIND, EventView.CHANGE):
        assert (await look(kari, event, view)).text == kari.say(NOT_HERE), view
    assert (await forge(kari, f"ec|{event}|1|d")).text == kari.say(NOT_HERE)
    await look(marit, event, EventView.CANCEL_YES)
    assert await event_rows(world, "state", event) == [("cancelled",)], "the leadership can end it"


async def test_nobody_is_reminded_of_what_is_over(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    event = await call_meeting(kari)
    await world.at(2026, 12, 3, 20, 0)
    assert (await look(kari, event, EventView.REMIND)).text == kari.say(EventOver.sentence)


async def test_the_page_lists_what_is_called_and_the_leadership_finds_it_too(world: World) -> None:
    kari, marit, tom = world.actor("Kari Nordmann"), world.actor("Marit Lund"), world.actor("Tom Eide")
    ingrid = await make_representative(world, "Ingrid Berg")
    event = await call_meeting(kari)
    page = EventsTap(EventsStep.LIST).pack()
    for who in (kari, marit):
        await write(who, "/menu")
        await forge(who, page)
        await tap(who, "3. des")
        assert "⏳" in newest(who)
    await write(tom, "/menu")
    await forge(tom, page)
    assert tom.say("You have not called anything yet.") in newest(tom)
    await write(ingrid, "/menu")
    await forge(ingrid, page)
    await tap(ingrid, "💬")
    assert ingrid.say("No topics have come yet.") in newest(ingrid)
    assert (await look(ingrid, event)).text == ingrid.say(NOT_HERE), "topics only"
