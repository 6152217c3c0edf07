"""The page of conversations: who sees which, what stands there, closing and opening again (B1, P7, P9, B10)."""

from __future__ import annotations

import sqlalchemy as sa

from bot.actions.threads import Said, deliver
from bot.domain.errors import NotPermitted
from bot.domain.threads import ThreadKind
from storage.queries.people import find_actor_by_person
from storage.queries.threads import open_thread
from tests.scenarios.notices_steps import forge, holding, labels, send, tap, write
from tests.scenarios.steps import STAFF, import_files
from tests.scenarios.threads_steps import SENT, act, answer, offers, open_page, say, thread, words
from tests.scenarios.world import Actor, World

EMPTY_HOME = "There is no conversation yet. Just write here, in your own language, and the teacher reads it."
EMPTY_SCHOOL = "There is no conversation yet. What homes write comes to you here."


async def listed(actor: Actor) -> list[str]:
    """Return the buttons of the list of conversations."""
    await write(actor, "/conversations")
    return [label for label in labels(actor.phone.last) if any(sign in label for sign in "⏳💬✔🤝🛡")]


async def test_without_a_conversation_the_page_says_how_to_begin(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/samtaler")
    assert ingrid.phone.last.text == ingrid.say(EMPTY_HOME)
    await tap(ingrid, ingrid.say("Write to the teacher"))
    await write(ingrid, "Nå har vi en")
    await kari.sees("Nå har vi en")
    tom = world.actor("Tom Eide")
    await write(tom, "/conversations")
    assert tom.phone.last.text == tom.say(EMPTY_SCHOOL)


async def test_home_and_teacher_find_it_in_the_menu_and_read_what_was_said(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Hvor er vottene?")
    await answer(kari, await kari.sees("Hvor er vottene?"), "I garderoben.")
    await write(ingrid, "/menu")
    await tap(ingrid, ingrid.say("Conversations"))
    await tap(ingrid, "Noah Berg")
    page = ingrid.phone.last.text
    assert page.index("Hvor er vottene?") < page.index("I garderoben.")
    assert ingrid.say("At the school it is read by {names}.", names="Kari Nordmann") in page
    await write(kari, "/menu")
    await tap(kari, kari.say("Follow up"))
    await tap(kari, kari.say("Conversations"))
    await tap(kari, "Ingrid Berg")
    assert "I garderoben." in kari.phone.last.text
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'thread.read'") == [(1,)]


async def test_the_list_shows_what_waits_first_and_only_ones_own(world: World) -> None:
    ingrid, james, amina, kari, tom = (
        world.actor(name) for name in ("Ingrid Berg", "James Miller", "Amina Haddad", "Kari Nordmann", "Tom Eide")
    )
    await say(ingrid, "Først")
    await answer(kari, await kari.sees("Først"), "Svar")
    await world.forward(minutes=5)
    await say(james, "Second one")
    await world.forward(minutes=5)
    await say(amina, "الثالثة للمعلمة")
    shown = await listed(kari)
    assert [label.split()[0] for label in shown] == ["⏳", "⏳", "💬"]
    assert ["Sara" in shown[0], "Ali" in shown[1], "Noah" in shown[2]] == [True, True, True]
    assert await listed(tom) == []
    assert await listed(world.actor("Lars Berg")) == [], "the other guardian has none"
    assert len(await listed(ingrid)) == 1


async def test_older_messages_are_a_tap_away_in_order(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    for number in range(7):
        await write(ingrid, "/skriv")
        await write(ingrid, f"melding nummer {number}")
    page = await open_page(kari, "Noah Berg")
    assert "nummer 6" in page.text
    assert "nummer 1" not in page.text
    older = await act(kari, "Older", page)
    assert "nummer 1" in older.text
    assert "nummer 2" not in older.text
    assert not offers(older, kari.say("Older"))


async def test_long_messages_share_their_pages_and_every_one_can_be_read(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    for number in range(4):
        await write(ingrid, "/skriv")
        await write(ingrid, f"del {number} " + "ord " * 340)
    page = await open_page(kari, "Noah Berg")
    seen = page.text
    while offers(page, kari.say("Older")):
        page = await act(kari, "Older", page)
        seen += page.text
    for number in range(4):
        assert f"del {number} " in seen


async def test_school_closes_home_is_told_quietly_and_the_next_message_opens_it(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Tusen spørsmål")
    page = await open_page(kari, "Noah Berg")
    page = await act(kari, "Close", page)
    assert kari.say("✔️ Closed. The next message opens it again.") in page.text
    line = await ingrid.sees(
        ingrid.say(
            "💬 {teacher} has closed the conversation about {child}. You can write again at any time.",
            teacher="Kari Nordmann",
            child="Noah Berg",
        )
    )
    assert line.silent
    assert await thread(world, "t.waits_since IS NULL AND t.closed_at IS NOT NULL") == 1
    await say(ingrid, "Ett til")
    received = await kari.sees("Ett til")
    opened = kari.say("<i>The conversation was closed. This message opens it again.</i>")
    assert opened.replace("<i>", "").replace("</i>", "") in received.text
    assert await thread(world, "t.waits_since IS NOT NULL AND t.closed_at IS NULL") == 1
    assert await world.rows("SELECT count(*) FROM thread") == [(1,)]


async def test_closing_by_the_home_says_nothing_to_the_school_and_can_be_undone(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Glem det")
    before = len(kari.phone.messages)
    page = await open_page(ingrid, "Noah Berg")
    page = await act(ingrid, "Close", page)
    page = await act(ingrid, "Open again", page)
    assert offers(page, ingrid.say("Close"))
    assert await thread(world, "t.waits_since IS NOT NULL AND t.closed_at IS NULL") == 1
    assert len(kari.phone.messages) == before


async def test_nobody_without_a_part_opens_closes_or_answers(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await say(ingrid, "Bare for Kari")
    opened = await thread(world, "t.id")
    for name in ("Lars Berg", "Tom Eide", "Amina Haddad"):
        stranger = world.actor(name)
        for data in (f"to|{opened}|0|0", f"ts|{opened}|close", f"ts|{opened}|reopen", f"tr|{opened}", "to|99|0|0"):
            assert (await forge(stranger, data)).text == stranger.say(NotPermitted.sentence), (name, data)
        stranger.sees_not("Bare for Kari")
    assert await thread(world, "t.closed_at IS NULL") == 1


async def test_a_teacher_who_leaves_the_class_reads_no_more_of_it(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Til læreren")
    received = await kari.sees("Til læreren")
    await world.at(2026, 11, 23, 22, 0)
    await write(ingrid, "Om natten")
    await import_files(
        world, staff=STAFF.replace("Kari Nordmann,contact_teacher,5A", "Kari Nordmann,contact_teacher,2B")
    )
    await world.at(2026, 11, 24, 7, 1)
    kari.sees_not("Om natten")
    assert (await kari.taps(kari.say("Answer"), received)).text == kari.say(NotPermitted.sentence)
    assert await listed(kari) == []


async def report(world: World, home: Actor, text: str) -> None:
    """Report something in confidence, as the feature for it does."""
    async with world.unit_of_work() as uow:
        guardian = await find_actor_by_person(uow, home.known.person_id)
        assert guardian is not None
        opened = await open_thread(uow, guardian.person_id, min(guardian.children), ThreadKind.SAFETY)
        await deliver(uow, guardian, opened, Said(text))
        await uow.commit()
    world.app.sender.wake()
    await world.idle()


async def test_a_report_of_bullying_is_on_no_page_of_the_class(world: World) -> None:
    ingrid, kari, nina, marit = (
        world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Nina Sørli", "Marit Lund")
    )
    await report(world, ingrid, "Noen slår ham i friminuttet")
    received = await marit.sees("Noen slår ham")
    await answer(marit, received, "Takk, vi følger med fra i dag.")
    await ingrid.sees("vi følger med")
    opened = await thread(world, "t.id")
    for teacher in (kari, nina):
        assert await listed(teacher) == []
        for data in (f"to|{opened}|0|0", f"tr|{opened}", f"ts|{opened}|ask", f"td|{opened}|0"):
            assert (await forge(teacher, data)).text == teacher.say(NotPermitted.sentence)
        teacher.sees_not("slår ham")
    assert any("🛡" in label for label in await listed(marit))
    page = await open_page(ingrid, "Noah Berg")
    assert ingrid.say("🛡 In confidence: the class's teachers do not see it.") in page.text
    await answer(ingrid, page, "Det hjelper")
    assert holding(kari, "Det hjelper") == []
    await marit.sees("Det hjelper")
    await world.at(2026, 11, 30, 9, 0)
    assert holding(kari, "⏳") == []
    assert holding(marit, "⏳")


async def test_the_leadership_lists_what_needs_it_and_not_every_conversation(world: World) -> None:
    ingrid, marit = world.actor("Ingrid Berg"), world.actor("Marit Lund")
    await say(ingrid, "Til Kari")
    assert await listed(marit) == []
    await world.at(2026, 11, 26, 8, 1)
    assert len(await listed(marit)) == 1, "it has waited too long"


async def test_an_answer_to_a_home_that_cannot_be_reached_says_so(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Er det noe nytt?")
    await ingrid.phone.block()
    await world.idle()
    await answer(kari, await kari.sees("Er det noe nytt?"), "Jeg prøver")
    await kari.sees(
        kari.say("{names} cannot be reached here right now. If it matters, please phone.", names="Ingrid Berg")
    )


async def test_a_teacher_who_is_a_mother_here_writes_as_a_mother_and_does_not_read_for_the_school(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await send(kari, "Velkommen til tur.")
    async with world.unit_of_work() as uow:
        noah = (await uow.execute(sa.text("SELECT id FROM pupil WHERE name = 'Noah Berg'"))).scalar_one()
        await uow.execute(
            sa.text(
                "INSERT INTO guardianship (person_id, pupil_id, relation, blocked) VALUES (:p, :c, 'mother', false)"
            ),
            {"p": kari.known.person_id, "c": noah},
        )
        await uow.commit()
    ingrid, marit = world.actor("Ingrid Berg"), world.actor("Marit Lund")
    await say(ingrid, "Om hun som er mor her")
    kari.sees_not("Om hun")
    await marit.sees("Om hun")
    opened = await thread(world, "t.id")
    assert (await forge(kari, f"to|{opened}|0|0")).text == kari.say(NotPermitted.sentence)
    await say(kari, "Fra meg som mor")
    await marit.sees("Fra meg som mor")
    assert await words(world) == ["Om hun som er mor her", "Fra meg som mor"]
    await write(kari, "/skriv")
    await write(kari, "Enda en")
    await kari.sees(kari.say(SENT, names=kari.tr.list(["Marit Lund", "Geir Moen"])))
