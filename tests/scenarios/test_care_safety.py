"""Something is not right: a report goes to the named adult and the leadership, never to the class (B10)."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from bot.actions.threads import NobodyReads
from bot.domain.care_taps import CallAboutUnsafe, HaveReceived, ReportUnsafe
from bot.domain.people import Role
from bot.domain.sensitive import MASK
from bot.domain.taps import ReplyTo
from bot.domain.thread_taps import OpenThread
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, readers, tap, write
from tests.scenarios.threads_steps import UNDO, words
from tests.scenarios.world import Actor, World, _bare

THANKS = "🛡 Thank you for saying that something is not right for {child}."
SENT = "🛡 Sent to {names}, and to nobody else."
HAS_IT = (
    "🛡 {name} has received what you wrote about {child}, and follows it up. You will hear more here or by telephone."
)
LEADERS = "Marit Lund", "Geir Moen"
TEACHERS = "Kari Nordmann", "Nina Sørli"


async def name_adult(world: World, name: str) -> None:
    """Let the school name the adult to whom such reports go."""
    async with world.unit_of_work() as uow:
        await uow.execute(
            sa.text("INSERT INTO staff_role (person_id, role) SELECT id, :role FROM person WHERE name = :name"),
            {"role": Role.SAFETY_CONTACT.value, "name": name},
        )
        await uow.commit()


async def report(home: Actor, text: str, how: str = "/safety", child: str = "") -> None:
    """Report something, from the command or the word to the end."""
    await write(home, how)
    if child:
        await tap(home, child)
    await write(home, text)


async def pupil(world: World, name: str) -> int:
    [(found,)] = await world.rows("SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


REPORTS = {
    "Ingrid Berg": ("Noah blir mobbet hver dag i friminuttet", "Mobbing", "Noah Berg"),
    "Iwona Zielińska": ("Nora jest nękana na przerwach", "/nekanie", "Nora Zielińska Aune"),
    "Amina Haddad": ("علي يتعرض للتنمر كل يوم", "تنمر", "Ali Haddad"),
}


@pytest.mark.parametrize("name", REPORTS)
async def test_a_report_reaches_the_named_adult_and_the_leadership_and_nobody_else(world: World, name: str) -> None:
    await name_adult(world, "Tom Eide")
    home, tom = world.actor(name), world.actor("Tom Eide")
    text, how, child = REPORTS[name]
    await write(home, how)
    shown = await home.sees(home.say(THANKS, child=child))
    for reader in ("Tom Eide", *LEADERS):
        assert reader in _bare(shown.text)
    for teacher in TEACHERS:
        assert teacher not in _bare(shown.text)
    assert "12-4" in shown.text
    await write(home, text)
    await home.sees(
        home.say("You will be told who has received it. You can write more at any time, or answer what they write.")
    )
    assert readers(world, text) == {"Tom Eide", *LEADERS}
    assert await world.rows("SELECT kind FROM thread WHERE last_at IS NOT NULL") == [("safety",)]
    await tap(tom, tom.say("I have received it"))
    told = await home.sees(home.say(HAS_IT, name="Tom Eide", child=child))
    assert told is not None
    assert readers(world, text) == {"Tom Eide", *LEADERS}


async def test_the_named_adult_answers_and_the_home_reads_it_there(world: World) -> None:
    await name_adult(world, "Tom Eide")
    amina, tom = world.actor("Amina Haddad"), world.actor("Tom Eide")
    await report(amina, "علي خائف من الذهاب إلى المدرسة")
    received = await tom.sees("علي خائف من الذهاب إلى المدرسة")
    await tap(tom, tom.say("Answer"), received)
    await write(tom, "Takk for at du sier fra. Vi snakker med Ali i dag.")
    await world.forward(seconds=UNDO)
    await amina.sees("Takk for at du sier fra. Vi snakker med Ali i dag.")
    assert not readers(world, "Vi snakker med Ali i dag") & set(TEACHERS)
    assert await world.rows("SELECT waits_since IS NULL FROM thread WHERE kind = 'safety'") == [(1,)]


async def test_no_teacher_of_the_class_gets_there_by_any_button(world: World) -> None:
    await name_adult(world, "Tom Eide")
    ingrid = world.actor("Ingrid Berg")
    await report(ingrid, "Noah blir slått av de andre")
    [(thread,)] = await world.rows("SELECT id FROM thread WHERE kind = 'safety'")
    for name in (*TEACHERS, "Hilde Strand", "Lars Berg"):
        other = world.actor(name)
        for data in (OpenThread(thread).pack(), ReplyTo(thread).pack(), HaveReceived(thread).pack()):
            result = await forge(other, data)
            assert result.text == other.say(NOT_HERE), (name, data)
        await write(other, "/conversations")
        other.sees_not("Noah blir slått av de andre")
    assert readers(world, "Noah blir slått") == {"Tom Eide", *LEADERS}


async def test_a_named_adult_who_teaches_the_class_gets_nothing_of_it(world: World) -> None:
    await name_adult(world, "Nina Sørli")
    ingrid, nina = world.actor("Ingrid Berg"), world.actor("Nina Sørli")
    await write(ingrid, "/safety")
    assert "Nina Sørli" not in ingrid.phone.last.text
    await write(ingrid, "Det gjelder en lærer")
    [(thread,)] = await world.rows("SELECT id FROM thread WHERE kind = 'safety'")
    assert readers(world, "Det gjelder en lærer") == set(LEADERS)
    result = await forge(nina, OpenThread(thread).pack())
    assert result.text == nina.say(NOT_HERE)
    await write(nina, "/conversations")
    nina.sees_not("Noah Berg")


async def test_who_begins_to_teach_the_class_gets_nothing_that_waits_in_the_queue(world: World) -> None:
    await name_adult(world, "Tom Eide")
    ingrid, tom = world.actor("Ingrid Berg"), world.actor("Tom Eide")
    await world.at(2026, 11, 23, 22, 0)
    await report(ingrid, "Noah gråter hver kveld")
    assert "07:00" in ingrid.phone.last.text
    assert readers(world, "Noah gråter") == set(), "quiet hours hold for it too"
    async with world.unit_of_work() as uow:
        await uow.execute(
            sa.text(
                "INSERT INTO class_staff (person_id, class_id, is_contact) SELECT p.id, c.id, 0"
                " FROM person p, school_class c WHERE p.name = 'Tom Eide' AND c.name = '5A'"
            )
        )
        await uow.commit()
    await world.at(2026, 11, 24, 7, 0)
    assert readers(world, "Noah gråter") == set(LEADERS)
    tom.sees_not("Noah gråter")


async def test_without_a_named_adult_the_leadership_has_it_and_without_both_the_school_is_called(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await report(ingrid, "Noah er redd")
    assert readers(world, "Noah er redd") == set(LEADERS)
    for leader in LEADERS:
        await world.actor(leader).phone.block()
    await world.idle()
    await write(ingrid, "/safety")
    await ingrid.sees(ingrid.say(NobodyReads.sentence))
    [(asked,)] = await world.rows(
        "SELECT count(*) FROM dialogue WHERE expects = 'safety.text' AND person_id = :id", id=ingrid.known.person_id
    )
    assert asked == 0


async def test_whoever_taps_first_tells_the_home_once(world: World) -> None:
    ingrid, marit, geir = world.actor("Ingrid Berg"), *(world.actor(name) for name in LEADERS)
    await report(ingrid, "Noah er redd")
    await tap(marit, marit.say("I have received it"))
    again = await geir.taps(geir.say("I have received it"))
    await world.idle()
    assert geir.say("{name} knows already that it was received.", name="Ingrid Berg") == again.text
    assert len(holding(ingrid, "Marit Lund")) >= 1
    assert holding(ingrid, ingrid.say(HAS_IT, name="Geir Moen", child="Noah Berg")) == []
    assert await world.rows("SELECT waits_since IS NOT NULL FROM thread WHERE kind = 'safety'") == [(1,)], (
        "that somebody has it is no answer yet"
    )


async def test_a_report_without_an_answer_comes_up_again_for_its_readers_only(world: World) -> None:
    ingrid, marit = world.actor("Ingrid Berg"), world.actor("Marit Lund")
    await report(ingrid, "Noah er redd")
    before = len(marit.phone.messages)
    await world.at(2026, 11, 24, 8, 15)
    assert len(marit.phone.messages) > before
    assert "Noah Berg" in _bare(marit.phone.last.text)
    for teacher in TEACHERS:
        world.actor(teacher).sees_not("Noah Berg")


async def test_please_call_me_goes_to_the_same_people(world: World) -> None:
    await name_adult(world, "Tom Eide")
    amina = world.actor("Amina Haddad")
    await write(amina, "/safety")
    await tap(amina, amina.say("Please call me"))
    assert readers(world, "Amina Haddad") >= {"Tom Eide", *LEADERS}
    for teacher in TEACHERS:
        world.actor(teacher).sees_not("Amina Haddad")


async def test_a_guardian_of_two_says_about_which_child(world: World) -> None:
    piotr = world.actor("Piotr Kowalski")
    await report(piotr, "Jan boi się szkoły", child="Jan")
    assert readers(world, "Jan boi się szkoły") == set(LEADERS)
    [(child,)] = await world.rows("SELECT p.name FROM thread t JOIN pupil p ON p.id = t.pupil_id")
    assert child == "Jan Kowalski"


async def test_somebody_elses_child_is_not_here(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    ali = await pupil(world, "Ali Haddad")
    for other in (ingrid, kari):
        for data in (ReportUnsafe(ali).pack(), CallAboutUnsafe(ali).pack()):
            assert (await forge(other, data)).text == other.say(NOT_HERE)
    await write(kari, "/safety")
    await kari.sees(kari.say("No child is connected to you here."))
    assert await world.rows("SELECT count(*) FROM thread") == [(0,)]


async def test_hard_words_are_what_it_is_for_but_no_identity_number(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await report(ingrid, "Det er vold, overgrep og selvmordstanker hos 15108695088")
    assert await words(world) == []
    await tap(ingrid, ingrid.say("Send without the number"))
    assert await words(world) == [f"Det er vold, overgrep og selvmordstanker hos {MASK}"]
    assert readers(world, "selvmordstanker hos") == set(LEADERS)


async def test_the_way_to_it_stands_at_the_contacts_and_in_the_help(world: World) -> None:
    amina = world.actor("Amina Haddad")
    await write(amina, "/contacts")
    assert len(labels(amina.phone.last)) <= 6
    await tap(amina, amina.say("Something is not right"))
    await amina.sees(amina.say(THANKS, child="Ali Haddad"))
    await write(amina, "/help")
    await amina.sees("/safety")


async def test_a_pupil_of_age_reports_for_herself(world: World) -> None:
    amina = world.actor("Amina Haddad")
    ali = await pupil(world, "Ali Haddad")
    async with world.unit_of_work() as uow:  # the tie is the pupil's own, and the pupil has come of age
        await uow.execute(
            sa.text("UPDATE guardianship SET relation = 'self' WHERE pupil_id = :pupil AND person_id = :person"),
            {"pupil": ali, "person": amina.known.person_id},
        )
        await uow.execute(
            sa.text("UPDATE pupil SET birth_date = :born WHERE id = :pupil"),
            {"pupil": ali, "born": date(2008, 1, 1).isoformat()},
        )
        await uow.commit()
    await report(amina, "لا أشعر بالأمان في المدرسة")
    assert readers(world, "لا أشعر بالأمان في المدرسة") == set(LEADERS)
