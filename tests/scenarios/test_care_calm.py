"""A home in grief or a crisis is left in peace: nothing reminds it by itself (B8)."""

from __future__ import annotations

from datetime import date

from bot.domain.care_taps import CalmAct, CalmClass, CalmHomes, CalmStep, CalmUntil, MoreToFollow
from bot.domain.outgoing import Reason
from bot.domain.taps import OpenPage, Page
from tests.scenarios.notices_steps import NOT_HERE, board, counted, forge, holding, labels, send, tap, write
from tests.scenarios.world import Actor, World, _bare

REMINDER = "🔔 {sender} would like to know whether you have seen “{kind}”. One tap is enough."
IN_PEACE = ("{n} is left in peace for a while", "{n} are left in peace for a while")
WAITING = ("{n} has not answered yet", "{n} have not answered yet")
NO_HOME = "No home in your classes is left in peace now."


async def pupil(world: World, name: str) -> int:
    [(found,)] = await world.rows("SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


async def open_homes(teacher: Actor) -> None:
    """Open the page of homes in peace from the menu."""
    await write(teacher, "/menu")
    await forge(teacher, OpenPage(Page.FOLLOWUP).pack())
    await tap(teacher, teacher.say("More"))
    await tap(teacher, teacher.say("Homes left in peace"))


async def leave_in_peace(teacher: Actor, pupil_id: int, weeks: int = 1) -> None:
    """Leave a pupil's homes in peace for some weeks."""
    await write(teacher, "/menu")
    await forge(teacher, CalmUntil(pupil_id, weeks).pack())


async def test_the_contact_teacher_leaves_a_home_in_peace_extends_it_and_ends_it(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    before = len(amina.phone.messages)
    await open_homes(kari)
    assert _bare(kari.say(NO_HOME)) in _bare(kari.phone.last.text)
    await tap(kari, kari.say("Leave a home in peace"))
    await tap(kari, "Ali Haddad")
    assert len(labels(kari.phone.last)) <= 6
    await tap(kari, str(kari.tr.ngettext("{n} week", "{n} weeks", 2)))
    assert "Ali Haddad" in _bare(kari.phone.last.text)
    assert await world.rows("SELECT since, until, ended_at FROM calm_home") == [("2026-11-23", "2026-12-07", None)]
    await tap(kari, kari.say("Until another day"))
    await write(kari, "ikke en dato")
    await write(kari, "18.12")
    assert await world.rows("SELECT until FROM calm_home") == [("2026-12-18",)]
    await open_homes(kari)
    assert "Ali Haddad" in _bare(kari.phone.last.text)
    await tap(kari, "Ali Haddad")
    await tap(kari, kari.say("End it now"))
    assert await world.rows("SELECT ended_at IS NOT NULL FROM calm_home") == [(1,)]
    await open_homes(kari)
    assert _bare(kari.say(NO_HOME)) in _bare(kari.phone.last.text)
    assert len(amina.phone.messages) == before, "the home is told nothing"


async def test_a_kind_reminder_passes_by_homes_in_peace_and_the_board_says_so(world: World) -> None:
    kari, amina, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "Ingrid Berg"))
    await leave_in_peace(kari, await pupil(world, "Ali Haddad"))
    await send(kari, "I morgen er det tur.")
    assert holding(amina, "I morgen er det tur."), "what is written by hand comes"
    status = await board(kari)
    assert counted(kari, *IN_PEACE, 2) in status.text
    assert "Haddad" not in status.text
    [(deliveries,)] = await world.rows("SELECT count(*) FROM delivery")
    [(reached,)] = await world.rows(
        "SELECT count(*) FROM delivery d JOIN account a ON a.person_id = d.person_id WHERE a.reachable"
    )
    assert counted(kari, *WAITING, reached - 2) in status.text
    await tap(kari, "🔔", status)
    text = REMINDER
    assert holding(ingrid, ingrid.say(text, sender="Kari Nordmann", kind=ingrid.say("Message")))
    assert not holding(amina, amina.say(text, sender="Kari Nordmann", kind=amina.say("Message")))
    assert deliveries >= reached


async def test_nothing_already_queued_nags_either(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await send(kari, "I morgen er det tur.", "5A, Ali Haddad")
    status = await board(kari)
    await world.at(2026, 11, 23, 22, 0)
    await tap(kari, "🔔", status)
    assert await world.rows("SELECT count(*) FROM outgoing WHERE kind = 'reminder' AND state = 'queued'") == [(2,)]
    await leave_in_peace(kari, await pupil(world, "Ali Haddad"))
    await world.at(2026, 11, 24, 7, 0)
    found = await world.rows("SELECT state, reason FROM outgoing WHERE kind = 'reminder'")
    assert found == [("dropped", Reason.CALM.value)] * 2
    assert not holding(amina, amina.say(REMINDER, sender="Kari Nordmann", kind=amina.say("Message")))


async def test_a_home_of_two_children_is_reminded_of_the_other_one(world: World) -> None:
    kari, tom, piotr = (world.actor(name) for name in ("Kari Nordmann", "Tom Eide", "Piotr Kowalski"))
    await leave_in_peace(kari, await pupil(world, "Zofia Kowalska"))
    await send(tom, "Svømming på fredag.", "2B, Jan Kowalski")
    await tap(tom, "🔔", await board(tom))
    assert holding(piotr, piotr.say(REMINDER, sender="Tom Eide", kind=piotr.say("Message")))


async def test_when_it_is_over_reminders_come_again(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await leave_in_peace(kari, await pupil(world, "Ali Haddad"))
    await send(kari, "Husk skjemaet.", "5A, Ali Haddad")
    status = await board(kari)
    assert not any("🔔" in label for label in labels(status))
    await world.at(2026, 12, 1, 10, 0)
    await write(kari, "/sent")
    await kari.phone.tap(0, kari.phone.last)
    await world.idle()
    await tap(kari, "🔔")
    assert holding(amina, amina.say(REMINDER, sender="Kari Nordmann", kind=amina.say("Message")))


async def test_a_missing_pupil_is_looked_for_and_the_teacher_is_asked_to_phone(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await leave_in_peace(kari, await pupil(world, "Ali Haddad"))
    await write(kari, "/today")
    await tap(kari, kari.say("Someone is missing"))
    result = await kari.taps("Ali Haddad")
    one = "{name}: this home is in peace, please phone. In {n} second it is asked here; tap again to stop that."
    many = "{name}: this home is in peace, please phone. In {n} seconds it is asked here; tap again to stop that."
    assert result.text == str(kari.tr.ngettext(one, many, 20, name="Ali Haddad"))
    before = len(amina.phone.messages)
    await world.forward(seconds=25)
    assert len(amina.phone.messages) > before, "where a child is comes first"


async def test_only_who_may_sees_and_does_it(world: World) -> None:
    kari, nina = world.actor("Kari Nordmann"), world.actor("Nina Sørli")
    ali = await pupil(world, "Ali Haddad")
    await leave_in_peace(kari, ali)
    await open_homes(nina)
    shown = nina.phone.last
    assert "Ali Haddad" in _bare(shown.text)
    assert not any("Ali Haddad" in label or nina.say("Leave a home in peace") in label for label in labels(shown))
    assert nina.tr.day(date(2026, 11, 30)) not in _bare(shown.text)
    for name in ("Nina Sørli", "Tom Eide", "Amina Haddad", "Ingrid Berg"):
        other = world.actor(name)
        for data in (
            CalmAct(CalmStep.SHOW, ali), CalmAct(CalmStep.ASK_DAY, ali), CalmAct(CalmStep.END, ali),
            CalmUntil(ali, 4),
        ):  # fmt: skip
            assert (await forge(other, data.pack())).text == other.say(NOT_HERE)
    for name in ("Amina Haddad", "Ingrid Berg"):
        home = world.actor(name)
        for page in (CalmHomes(), CalmClass(), MoreToFollow()):
            assert (await forge(home, page.pack())).text == home.say(NOT_HERE)
    assert await world.rows("SELECT until, ended_at FROM calm_home") == [("2026-11-30", None)]


async def test_the_principal_does_it_for_any_class(world: World) -> None:
    marit = world.actor("Marit Lund")
    await open_homes(marit)
    await tap(marit, marit.say("Leave a home in peace"))
    await tap(marit, "8C")
    await tap(marit, "Live Aasland")
    await tap(marit, str(marit.tr.ngettext("{n} week", "{n} weeks", 4)))
    assert await world.rows("SELECT until FROM calm_home") == [("2026-12-21",)]
    [(detail,)] = await world.rows("SELECT detail FROM audit_entry WHERE act = 'calm.set'")
    assert "2026-12-21" in str(detail)
