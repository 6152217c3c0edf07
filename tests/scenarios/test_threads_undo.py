"""A home just writes: whom it reaches, how it is taken back, what is asked first (B1, B3)."""

from __future__ import annotations

from bot.actions.threads import GoneOut, Said, deliver
from bot.domain.errors import NotPermitted
from bot.domain.threads import ThreadKind
from storage.queries.people import find_actor_by_person
from storage.queries.threads import open_thread
from tests.scenarios.notices_steps import forge, labels, readers, tap, write
from tests.scenarios.steps import block
from tests.scenarios.threads_steps import ON_ITS_WAY, TAKE_BACK, UNDO, answer, offers, say, thread, words
from tests.scenarios.world import World

ASKED = "Shall I send this to the contact teacher? Nothing has been sent yet."
NOBODY_HAS = "↩️ Taken back. Nobody has read it, and nobody will."


async def test_what_was_taken_back_in_time_nobody_reads_and_its_words_are_gone(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "Dette burde jeg ikke skrevet")
    receipt = ingrid.phone.last
    await tap(ingrid, ingrid.say(TAKE_BACK), receipt)
    assert receipt.text == ingrid.say(NOBODY_HAS)
    await world.forward(minutes=5)
    assert readers(world, "Dette burde jeg") == set()
    assert await world.rows("SELECT text, taken_back_at IS NOT NULL FROM thread_message") == [("", 1)]
    assert await thread(world, "t.waits_since IS NULL AND t.teacher_due IS NULL AND t.leader_due IS NULL") == 1
    assert await world.rows("SELECT count(*) FROM outgoing WHERE payload LIKE '%burde%' AND state != 'dropped'") == [
        (0,)
    ]


async def test_taking_back_twice_is_taking_back_once(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "Glem det")
    ((message,),) = await world.rows("SELECT id FROM thread_message")
    for _ in range(2):
        await forge(ingrid, f"tb|{message}")
        assert ingrid.phone.last.text == ingrid.say(NOBODY_HAS)
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'thread.take_back'") == [(1,)]


async def test_too_late_to_take_back_is_told_clearly_and_the_teacher_keeps_it(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "Noah er trist")
    receipt = ingrid.phone.last
    await world.forward(seconds=UNDO)
    result = await ingrid.taps(ingrid.say(TAKE_BACK), receipt)
    assert result.text == ingrid.say(GoneOut.sentence)
    await kari.sees("Noah er trist")
    assert await words(world) == ["Noah er trist"]


async def test_nobody_takes_back_what_somebody_else_has_written(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await write(ingrid, "Min egen melding")
    ((message,),) = await world.rows("SELECT id FROM thread_message")
    for stranger in (lars, kari):
        result = await forge(stranger, f"tb|{message}")
        assert result.text == stranger.say(NotPermitted.sentence)
    await world.forward(seconds=UNDO)
    await kari.sees("Min egen melding")


async def test_what_waits_for_the_end_of_quiet_hours_can_be_taken_back_all_night(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await world.at(2026, 11, 23, 22, 15)
    await write(ingrid, "Jeg er så sint")
    receipt = ingrid.phone.last
    await world.at(2026, 11, 24, 6, 30)
    await tap(ingrid, ingrid.say(TAKE_BACK), receipt)
    await world.at(2026, 11, 24, 7, 0)
    kari.sees_not("Jeg er så sint")


async def test_a_home_with_two_children_is_asked_once_and_goes_on_without_a_question(world: World) -> None:
    piotr, tom, kari = (world.actor(name) for name in ("Piotr Kowalski", "Tom Eide", "Kari Nordmann"))
    await write(piotr, "Czy jutro jest basen?")
    await piotr.sees(piotr.say(ASKED))
    await tap(piotr, "Jan")
    received = await tom.sees("Czy jutro jest basen?")
    await answer(tom, received, "Ja, klokka ti.")
    await write(piotr, "Spakuję mu ręcznik")
    await piotr.sees(piotr.say(ON_ITS_WAY, names="Tom Eide", child="Jan Kowalski"))
    await world.forward(seconds=UNDO)
    await tom.sees("Spakuję mu ręcznik")
    kari.sees_not("ręcznik")
    await world.forward(days=4)
    await write(piotr, "Inna sprawa")
    await piotr.sees(piotr.say(ASKED))
    kari.sees_not("Inna sprawa")


async def test_with_two_conversations_going_on_the_home_is_asked_again(world: World) -> None:
    piotr = world.actor("Piotr Kowalski")
    for child, text in (("Jan", "Jan jest smutny"), ("Zofia", "Zofia jest wesoła")):
        await write(piotr, "/napisz")
        await tap(piotr, child)
        await write(piotr, text)
    await write(piotr, "A teraz?")
    await piotr.sees(piotr.say(ASKED))
    assert len(await words(world)) == 2


async def test_a_report_of_bullying_is_never_continued_with_the_class_by_mistake(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    async with world.unit_of_work() as uow:
        guardian = await find_actor_by_person(uow, ingrid.known.person_id)
        assert guardian is not None
        opened = await open_thread(uow, guardian.person_id, min(guardian.children), ThreadKind.SAFETY)
        await deliver(uow, guardian, opened, Said("De stenger ham ute i friminuttene"))
        await uow.commit()
    await world.idle()
    await write(ingrid, "I dag skjedde det igjen")
    asked = await ingrid.sees(ingrid.say("Who is to read this? Nothing has been sent yet."))
    assert offers(asked, ingrid.say("In confidence, about {child}", child="Noah Berg"))
    await tap(ingrid, ingrid.say("In confidence, about {child}", child="Noah Berg"), asked)
    for name in ("Marit Lund", "Geir Moen"):
        await world.actor(name).sees("I dag skjedde det igjen")
    await world.forward(days=4)
    kari.sees_not("skjedde")
    kari.sees_not("friminuttene")
    assert await world.rows("SELECT kind, count(*) FROM thread GROUP BY kind") == [("safety", 1)]


async def test_an_ill_child_is_still_proposed_as_an_absence_first(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "Noah er syk i dag")
    assert not offers(ingrid.phone.last, ingrid.say(TAKE_BACK))
    await world.forward(minutes=1)
    kari.sees_not("Noah er syk i dag")
    assert await words(world) == []


async def test_a_home_whose_access_ends_meanwhile_reaches_nobody(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await world.at(2026, 11, 23, 22, 15)
    await write(ingrid, "Dette er mitt")
    await block(world, "Ingrid Berg", "Noah Berg")
    await world.at(2026, 11, 24, 8, 0)
    await write(ingrid, "Hallo?")
    assert await words(world) == ["Dette er mitt"]
    await say(kari, "/conversations")
    assert not any("Noah" in label for label in labels(kari.phone.last))
