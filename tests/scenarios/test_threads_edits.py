"""An author changes words that were sent: what readers have follows, and what it said is kept."""

from __future__ import annotations

from bot.actions.threads import MessageTooLong
from bot.domain.threads import THREAD_TEXT_LIMIT, HandedOver
from tests.scenarios.notices_steps import forge, holding, tap, write
from tests.scenarios.steps import block
from tests.scenarios.threads_steps import UNDO, answer, say, thread, words
from tests.scenarios.world import Actor, World

STAYS = "What was sent stays as it was. Write a new message if something has to be put right."
MARKED = "✏️ <i>Changed by the sender.</i>"
FOLLOWED = "✏️ Changed. {names} can now read the new words in place of the old ones."
NOT_GONE = "✏️ Changed before it went out."


def mark(reader: Actor) -> str:
    """Return the mark of an edit as its reader sees it."""
    return reader.say(MARKED).replace("<i>", "").replace("</i>", "")


async def test_what_the_teacher_has_read_changes_in_its_place_with_a_mark(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    mine = await ingrid.phone.send("Avtalen er klokka ni")
    await world.idle()
    await world.forward(seconds=UNDO)
    received = await kari.sees("Avtalen er klokka ni")
    assert mark(kari) not in received.text
    await ingrid.phone.edit(mine, "Avtalen er klokka ti")
    await ingrid.sees(ingrid.say(FOLLOWED, names="Kari Nordmann"))
    await world.idle()
    assert "Avtalen er klokka ti" in received.text
    assert "klokka ni" not in received.text
    assert mark(kari) in received.text
    assert len(holding(kari, "Ingrid Berg")) == 1
    assert await world.rows("SELECT text, version, edited_at IS NOT NULL FROM thread_message") == [
        ("Avtalen er klokka ti", 2, 1)
    ]
    assert await world.rows("SELECT version, text FROM thread_message_version") == [(1, "Avtalen er klokka ni")]
    await ingrid.phone.edit(mine, "Avtalen er klokka elleve")
    await world.idle()
    assert received.text.count(mark(kari)) == 1
    assert "elleve" in received.text


async def test_before_it_goes_out_an_edit_simply_changes_it(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    mine = await ingrid.phone.send("Noah komer")
    await world.idle()
    await ingrid.phone.edit(mine, "Noah kommer")
    await ingrid.sees(ingrid.say(NOT_GONE))
    await world.forward(seconds=UNDO)
    received = await kari.sees("Noah kommer")
    kari.sees_not("komer\n")
    assert mark(kari) not in received.text


async def test_a_teachers_edit_reaches_the_home_too(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Når er turen?")
    received = await kari.sees("Når er turen?")
    mine = await kari.phone.send("Torsdag", reply_to=received)
    shown = await ingrid.sees("Torsdag")
    await kari.phone.edit(mine, "Fredag")
    await world.idle()
    assert "Fredag" in shown.text
    assert mark(ingrid) in shown.text


async def test_an_edit_of_something_else_or_of_long_ago_does_not_travel(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    command = await ingrid.phone.send("/menu")
    await world.idle()
    await ingrid.phone.edit(command, "Noe annet")
    await ingrid.sees(ingrid.say(STAYS))
    mine = await ingrid.phone.send("Gammelt")
    await world.idle()
    await world.forward(hours=49)
    await ingrid.phone.edit(mine, "Nytt")
    await world.idle()
    assert len(holding(ingrid, ingrid.say(STAYS))) == 2
    await kari.sees("Gammelt")
    kari.sees_not("Nytt")
    assert await words(world) == ["Gammelt"]


async def test_what_was_taken_back_stays_away_whatever_is_made_of_it(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    mine = await ingrid.phone.send("Sint melding")
    await world.idle()
    await tap(ingrid, ingrid.say("Take it back"))
    await ingrid.phone.edit(mine, "Sint melding igjen")
    await ingrid.sees(ingrid.say(STAYS))
    await world.forward(minutes=1)
    kari.sees_not("Sint")
    assert await words(world) == [""]


async def test_an_edit_that_is_too_long_is_refused_with_its_length(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    mine = await ingrid.phone.send("Kort")
    await world.idle()
    long = "x" * (THREAD_TEXT_LIMIT + 1)
    await ingrid.phone.edit(mine, long)
    await ingrid.sees(ingrid.say(MessageTooLong.sentence, length=len(long), limit=THREAD_TEXT_LIMIT))
    await world.forward(seconds=UNDO)
    await kari.sees("Kort")


async def test_who_may_not_write_any_more_may_not_edit_any_more(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Hei")
    received = await kari.sees("Hei")
    mine = await kari.phone.send("Svar", reply_to=received)
    await ingrid.sees("Svar")
    await forge(kari, f"ts|{await thread(world, 't.id')}|hand")
    await kari.phone.edit(mine, "Et annet svar")
    await kari.sees(kari.say(HandedOver.sentence))
    ingrid.sees_not("Et annet svar")
    theirs = await ingrid.phone.send("Mitt ord")
    await world.idle()
    await block(world, "Ingrid Berg", "Noah Berg")
    await ingrid.phone.edit(theirs, "Mitt siste ord")
    await world.idle()
    assert (await words(world))[-1] == "Mitt ord"


async def test_the_kept_text_of_a_home_with_two_children_follows_its_edit(world: World) -> None:
    piotr, tom = world.actor("Piotr Kowalski"), world.actor("Tom Eide")
    mine = await piotr.phone.send("Basen jest w srode")
    await world.idle()
    await piotr.phone.edit(mine, "Basen jest w środę")
    await piotr.sees(piotr.say("✏️ Changed. It is still waiting for your tap."))
    await tap(piotr, "Jan")
    await tom.sees("Basen jest w środę")


async def test_the_edit_of_an_answered_message_leaves_the_conversation_answered(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/skriv")
    mine = await ingrid.phone.send("Er det tur i morgen?")
    await world.idle()
    await answer(kari, await kari.sees("Er det tur i morgen?"), "Ja.")
    await ingrid.phone.edit(mine, "Er det tur i morgen, torsdag?")
    await world.idle()
    await kari.sees("torsdag?")
    assert await thread(world, "t.waits_since IS NULL") == 1
