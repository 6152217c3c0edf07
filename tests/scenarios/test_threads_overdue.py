"""A home waits for an answer: its readers are told once before school, later the leadership (B2)."""

from __future__ import annotations

from bot.simulator import SimMessage
from tests.scenarios.notices_steps import holding, labels, send, tap, write
from tests.scenarios.steps import STAFF, block, import_files
from tests.scenarios.threads_steps import act, answer, open_page, say, thread
from tests.scenarios.world import Actor, World


def digests(actor: Actor) -> list[SimMessage]:
    """Return what told somebody that homes wait."""
    return [message for message in holding(actor, "⏳") if message.text.startswith("⏳")]


def waiting(actor: Actor, n: int) -> str:
    """Return the head of a teacher's digest."""
    return _plain(
        actor.tr.ngettext(
            "⏳ <b>{n} conversation waits for your answer</b>", "⏳ <b>{n} conversations wait for your answer</b>", n
        )
    )


def late(actor: Actor, n: int) -> str:
    """Return the head of the leadership's digest."""
    return _plain(
        actor.tr.ngettext(
            "⏳ <b>{n} home has waited longer for an answer than homes are told</b>",
            "⏳ <b>{n} homes have waited longer for an answer than homes are told</b>",
            n,
        )
    )


def _plain(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")


async def test_teacher_is_told_once_in_one_message_and_then_the_leadership(world: World) -> None:
    ingrid, amina, kari, marit, geir = (
        world.actor(name) for name in ("Ingrid Berg", "Amina Haddad", "Kari Nordmann", "Marit Lund", "Geir Moen")
    )
    await say(ingrid, "Monday question, nobody answers")
    await say(amina, "سؤال إلى المعلمة")
    await world.at(2026, 11, 24, 7, 59)
    assert digests(kari) == []
    await world.at(2026, 11, 24, 8, 0)
    (digest,) = digests(kari)
    assert waiting(kari, 2) in digest.text
    assert "Noah Berg" in digest.text
    assert "Ali Haddad" in digest.text
    assert "nobody answers" not in digest.text
    assert len([label for label in labels(digest) if "💬" in label]) == 2
    await tap(kari, "Noah Berg", digest)
    assert "Monday question, nobody answers" in kari.phone.last.text
    await world.at(2026, 11, 25, 8, 0)
    assert len(digests(kari)) == 1, "once, then it goes up"
    assert digests(marit) == []
    await world.at(2026, 11, 26, 8, 0)
    for leader in (marit, geir):
        (digest,) = digests(leader)
        assert late(leader, 2) in digest.text
        assert "Kari Nordmann" in digest.text
        assert "nobody answers" not in digest.text
    await world.at(2026, 12, 3, 8, 0)
    assert (len(digests(kari)), len(digests(marit))) == (1, 1)


async def test_what_was_answered_meanwhile_surfaces_nowhere(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await say(ingrid, "Et spørsmål")
    assert await thread(world, "t.teacher_due IS NOT NULL AND t.leader_due IS NOT NULL") == 1
    await answer(kari, await kari.sees("Et spørsmål"), "Et svar")
    assert await thread(world, "t.teacher_due IS NULL AND t.leader_due IS NULL AND t.waits_since IS NULL") == 1
    await world.at(2026, 11, 30, 9, 0)
    assert (digests(kari), digests(marit)) == ([], [])


async def test_a_second_message_of_the_home_does_not_begin_the_waiting_anew(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await say(ingrid, "Første")
    since = await thread(world, "t.waits_since")
    await world.at(2026, 11, 24, 12, 0)
    await say(ingrid, "Andre")
    assert await thread(world, "t.waits_since") == since
    await world.at(2026, 11, 26, 8, 0)
    assert len(digests(kari)) == 1
    assert len(digests(marit)) == 1


async def test_closed_or_taken_back_nobody_is_told(world: World) -> None:
    ingrid, amina, kari = (world.actor(name) for name in ("Ingrid Berg", "Amina Haddad", "Kari Nordmann"))
    await say(ingrid, "Gjelder ikke lenger")
    await act(ingrid, "Close", await open_page(ingrid, "Noah Berg"))
    await write(amina, "خطأ في الرسالة")
    await tap(amina, amina.say("Take it back"))
    await world.at(2026, 11, 30, 9, 0)
    assert digests(kari) == []


async def test_before_a_weekend_the_school_is_told_on_the_next_school_day(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await world.at(2026, 11, 27, 13, 0)  # a Friday
    await say(ingrid, "Fredagsspørsmål")
    await world.at(2026, 11, 29, 12, 0)
    assert digests(kari) == []
    await world.at(2026, 11, 30, 8, 0)
    assert len(digests(kari)) == 1
    await world.at(2026, 12, 2, 7, 59)
    assert digests(marit) == []
    await world.at(2026, 12, 2, 8, 0)
    assert len(digests(marit)) == 1


async def test_the_sender_of_a_notice_is_told_about_the_question_to_it(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await send(marit, "Skolen er stengt på fredag.", to="5A")
    await tap(ingrid, ingrid.say("I have a question"))
    await write(ingrid, "Hvorfor?")
    await marit.sees("Hvorfor?")
    await world.at(2026, 11, 24, 8, 0)
    assert waiting(marit, 1) in digests(marit)[0].text
    assert digests(kari) == []


async def test_a_home_whose_access_has_ended_is_named_nowhere(world: World) -> None:
    ingrid, kari, marit = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund"))
    await say(ingrid, "Hallo")
    await block(world, "Ingrid Berg", "Noah Berg")
    await world.at(2026, 11, 30, 9, 0)
    assert (digests(kari), digests(marit)) == ([], [])


async def test_more_than_five_are_named_and_the_rest_is_one_tap_away(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    homes = ["Ingrid Berg", "Lars Berg", "Amina Haddad", "James Miller", "Silje Moe Miller", "Iwona Zielińska"]
    for name in homes:
        home = world.actor(name)
        await write(home, "/write")
        await write(home, f"A question of {name}")
    await world.at(2026, 11, 24, 8, 0)
    (digest,) = digests(kari)
    assert waiting(kari, len(homes)) in digest.text
    assert len(labels(digest)) == 6
    await tap(kari, kari.say("All conversations"), digest)
    assert kari.has_button(kari.say("More"), last=1)


async def test_of_two_contact_teachers_the_one_who_need_not_answer_any_more_hears_it(world: World) -> None:
    await import_files(world, staff=STAFF.replace("Nina Sørli,subject_teacher", "Nina Sørli,contact_teacher"))
    ingrid, kari, nina = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Nina Sørli"))
    await say(ingrid, "Til dere begge")
    await nina.sees("Til dere begge")
    await answer(kari, await kari.sees("Til dere begge"), "Jeg tar den.")
    line = await nina.sees(
        nina.say(
            "✔️ {teacher} has answered {guardian} about {child}. Nothing is left for you to do.",
            teacher="Kari Nordmann",
            guardian="Ingrid Berg",
            child="Noah Berg",
        )
    )
    assert line.silent
    await world.at(2026, 11, 30, 9, 0)
    assert digests(nina) == []
