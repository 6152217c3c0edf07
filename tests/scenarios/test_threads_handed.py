"""A conversation goes to the leadership for a while, and comes back (B4)."""

from __future__ import annotations

from bot.domain.errors import NotPermitted
from bot.domain.threads import HandedOver
from tests.scenarios.notices_steps import forge, holding, labels, readers, tap, write
from tests.scenarios.steps import STAFF, import_files
from tests.scenarios.threads_steps import act, answer, offers, open_page, say, thread, words
from tests.scenarios.world import Actor, World

HAVE_IT = (
    "🤝 Your conversation about {child} is with the school's leadership for a while: {names}. "
    "They read what you write here, and answer you."
)


async def hand_over(world: World) -> Actor:
    """Let a home write and its teacher hand the conversation over; return the teacher."""
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Jeg er ikke enig med deg")
    page = await open_page(kari, "Noah Berg")
    asked = await act(kari, "Hand to the leadership", page)
    assert await thread(world, "t.handed_at IS NULL") == 1, "it is asked once"
    await act(kari, "Yes, hand it over", asked)
    return kari


async def test_the_leadership_gets_what_was_said_and_the_home_is_told_who_has_it(world: World) -> None:
    kari = await hand_over(world)
    ingrid, marit, geir = (world.actor(name) for name in ("Ingrid Berg", "Marit Lund", "Geir Moen"))
    names = ingrid.tr.list(["Geir Moen", "Marit Lund"])
    told = holding(ingrid, "🤝")[-1].text
    assert told in {
        ingrid.say(HAVE_IT, names=names, child="Noah Berg"),
        ingrid.say(HAVE_IT, names=ingrid.tr.list(["Marit Lund", "Geir Moen"]), child="Noah Berg"),
    }
    for leader in (marit, geir):
        given = await leader.sees("Jeg er ikke enig med deg")
        assert "Kari Nordmann" in given.text
    await say(ingrid, "Hva sier rektor?")
    assert readers(world, "Hva sier rektor?") == {"Marit Lund", "Geir Moen"}
    await answer(marit, await marit.sees("Hva sier rektor?"), "Vi tar et møte.")
    await ingrid.sees("Vi tar et møte.")
    await geir.sees(
        geir.say(
            "✔️ {teacher} has answered {guardian} about {child}. Nothing is left for you to do.",
            teacher="Marit Lund",
            guardian="Ingrid Berg",
            child="Noah Berg",
        )
    )
    assert [row[0] for row in await world.rows("SELECT kind FROM thread_message ORDER BY id")] == [
        "text", "handed_over", "text", "text",
    ]  # fmt: skip
    page = await open_page(kari, "Noah Berg")
    assert "Jeg er ikke enig med deg" in page.text
    for later in ("Hva sier rektor?", "Vi tar et møte."):
        kari.sees_not(later)
    assert kari.say("🤝 The leadership has it now. You see what was said until then.") in page.text
    assert not offers(page, kari.say("Answer"))


async def test_the_teacher_cannot_go_on_meanwhile_and_is_told_why(world: World) -> None:
    kari = await hand_over(world)
    ingrid = world.actor("Ingrid Berg")
    received = holding(kari, "Jeg er ikke enig med deg")[0]
    result = await kari.taps(kari.say("Answer"), received)
    assert result.text == kari.say(HandedOver.sentence)
    await kari.send("Likevel", reply_to=received)
    await kari.sees(kari.say(HandedOver.sentence))
    opened = await thread(world, "t.id")
    for step in ("close", "hand"):
        assert (await forge(kari, f"ts|{opened}|{step}")).text == kari.say(HandedOver.sentence)
    ingrid.sees_not("Likevel")
    assert await thread(world, "t.closed_at IS NULL") == 1


async def test_an_answer_that_was_begun_before_is_not_sent_and_its_question_is_over(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Hei")
    received = await kari.sees("Hei")
    opened = await thread(world, "t.id")
    await tap(kari, kari.say("Answer"), received)
    await forge(kari, f"ts|{opened}|hand")
    await write(kari, "For sent")
    await kari.sees(kari.say(HandedOver.sentence))
    assert await words(world) == ["Hei", ""]
    await write(kari, "Noe annet")
    ingrid.sees_not("For sent")
    ingrid.sees_not("Noe annet")


async def test_handed_back_the_teacher_reads_all_of_it_and_both_sides_know(world: World) -> None:
    kari = await hand_over(world)
    ingrid, marit = world.actor("Ingrid Berg"), world.actor("Marit Lund")
    await say(ingrid, "Nå føler jeg meg hørt")
    page = await open_page(marit, "Noah Berg")
    assert offers(page, marit.say("Hand back"))
    await act(marit, "Hand back", page)
    back = ingrid.say(
        "🤝 Your conversation about {child} is back with {names}, who can read all of it.",
        names="Kari Nordmann",
        child="Noah Berg",
    )
    await ingrid.sees(back)
    await kari.sees(
        kari.say(
            "🤝 {leader} gives you back the conversation with {guardian} about {child}. You can read all of it.",
            leader="Marit Lund",
            guardian="Ingrid Berg",
            child="Noah Berg",
        )
    )
    page = await open_page(kari, "Noah Berg")
    assert "Nå føler jeg meg hørt" in page.text
    assert offers(page, kari.say("Answer"))
    await say(ingrid, "Fint")
    assert readers(world, "Fint") == {"Kari Nordmann"}
    opened = await thread(world, "t.id")
    for _ in range(2):
        await forge(marit, f"ts|{opened}|back")
    assert len(holding(ingrid, back)) == 1, "a second tap changes nothing"


async def test_what_waits_for_the_teacher_in_the_night_does_not_reach_her_any_more(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await say(ingrid, "Først dette")
    await world.at(2026, 11, 23, 22, 0)
    await write(ingrid, "Skrevet om natten")
    opened = await thread(world, "t.id")
    await forge(kari, f"ts|{opened}|hand")
    await world.at(2026, 11, 24, 7, 1)
    assert len(holding(kari, "Skrevet om natten")) == 0
    await marit.sees("Skrevet om natten")


async def test_only_a_contact_teacher_who_has_it_hands_over_and_only_the_leadership_gives_back(world: World) -> None:
    await import_files(world, staff=STAFF)
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Hei")
    opened = await thread(world, "t.id")
    for name in ("Ingrid Berg", "Nina Sørli", "Tom Eide", "Marit Lund", "Lars Berg"):
        somebody = world.actor(name)
        for step in ("ask", "hand"):
            assert (await forge(somebody, f"ts|{opened}|{step}")).text == somebody.say(NotPermitted.sentence), name
    for name in ("Ingrid Berg", "Kari Nordmann", "Tom Eide"):
        somebody = world.actor(name)
        assert (await forge(somebody, f"ts|{opened}|back")).text == somebody.say(NotPermitted.sentence), name
    assert await thread(world, "t.handed_at IS NULL") == 1
    assert not offers(await open_page(world.actor("Nina Sørli"), "Noah Berg"), kari.say("Hand to the leadership"))


async def test_the_other_contact_teacher_is_told_quietly(world: World) -> None:
    await import_files(world, staff=STAFF.replace("Nina Sørli,subject_teacher", "Nina Sørli,contact_teacher"))
    nina = world.actor("Nina Sørli")
    await hand_over(world)
    line = nina.say(
        "🤝 {teacher} has handed the conversation with {guardian} about {child} to the leadership.",
        teacher="Kari Nordmann",
        guardian="Ingrid Berg",
        child="Noah Berg",
    )
    told = await nina.sees(line)
    assert told.silent
    await tap(nina, nina.say("Whole conversation"), told)
    assert not any(nina.say("Answer") in label for label in labels(nina.phone.last))
