"""Praise in one tap, and a private word about whose home has heard nothing positive yet (B6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.actions.praise import PraisedAlready
from bot.domain.errors import NotPermitted, Stale
from bot.domain.notices import NoticeKind
from bot.domain.phrase_taps import PraiseClass, PraisePupil, SendPraise
from bot.domain.taps import Page
from bot.simulator import SimMessage
from tests.scenarios.followup_steps import class_id, pupil_id
from tests.scenarios.notices_steps import begin, forge, labels, readers, send_now, stored, tap, write
from tests.scenarios.phrases_steps import exactly, pick
from tests.scenarios.world import Actor, World, _bare

HINT = "🌱 No positive message yet this school year: {names}."
ONLY_YOU = "Only you see this line."
MACHINE = "🤖"


async def open_pupils(teacher: Actor) -> SimMessage:
    """Go to the pupils of the teacher's class, from the page of what is followed up."""
    await forge(teacher, f"go|{Page.FOLLOWUP}|1")
    await tap(teacher, teacher.say("Praise"))
    return teacher.phone.last


async def choose(teacher: Actor, pupil: str) -> None:
    """Open a pupil's sentences."""
    await open_pupils(teacher)
    while not teacher.has_button(pupil, last=1):
        await tap(teacher, "▶️")
    await tap(teacher, pupil)


async def praises(world: World) -> list[tuple[object, ...]]:
    """Return (text, state) of all praise."""
    return await stored(world, "text, state FROM notice WHERE kind = 'praise' ORDER BY id")


def hinted(teacher: Actor, message: SimMessage) -> str:
    """Return the names after the hint, "" when there is none."""
    before = teacher.say(HINT, names="{names}").split("{names}")[0]
    return next((line.removeprefix(before) for line in _bare(message.text or "").splitlines() if before in line), "")


async def test_one_tap_on_a_sentence_reaches_all_homes_of_the_pupil_in_their_language(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    homes = [world.actor(name) for name in ("Amina Haddad", "Omar Haddad")]
    await choose(kari, "Ali Haddad")
    await pick(kari, "praise_helped", "Ali")
    assert await praises(world) == [("Det var fint å se at Ali hjalp andre i dag.", "scheduled")]
    await kari.sees_button(kari.say("Take it back"))
    homes[0].sees_not("مساعدة")
    await world.forward(seconds=21)
    for home in homes:
        received = await home.sees(exactly(home, "praise_helped", child="Ali"))
        assert MACHINE not in received.text
        assert home.say("Something good") in received.text
    assert readers(world, exactly(homes[0], "praise_helped", child="Ali")) == {"Amina Haddad", "Omar Haddad"}
    assert [state for _, state in await praises(world)] == ["sent"]


async def test_a_second_tap_sends_once_and_another_sentence_goes_too(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    sara = await pupil_id(world, "Sara Miller")
    button = SendPraise(sara, "praise_worked").pack()
    await choose(kari, "Sara Miller")
    await forge(kari, button)
    again = await forge(kari, button)
    assert kari.say(PraisedAlready.sentence) in (again.text or "")
    await world.forward(seconds=21)
    again = await forge(kari, button)
    assert kari.say(PraisedAlready.sentence) in (again.text or ""), "nor when it is there"
    assert len(await praises(world)) == 1
    await forge(kari, SendPraise(sara, "praise_shared").pack())
    await world.forward(days=1)
    await forge(kari, button)
    await world.forward(seconds=21)
    assert [state for _, state in await praises(world)] == ["sent"] * 3, "another day is another praise"


async def test_what_was_taken_back_goes_out_by_the_same_tap(world: World) -> None:
    kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
    button = SendPraise(await pupil_id(world, "Sara Miller"), "praise_tried").pack()
    await choose(kari, "Sara Miller")
    await forge(kari, button)
    await tap(kari, kari.say("Take it back"))
    await world.forward(minutes=1)
    said = exactly(james, "praise_tried", child="Sara")
    james.sees_not(said)
    await forge(kari, button)
    await world.forward(seconds=21)
    await james.sees(said)
    assert len(await praises(world)) == 1


async def test_the_contact_teacher_alone_reads_whose_home_has_heard_nothing_yet(world: World) -> None:
    kari, nina, marit = (world.actor(name) for name in ("Kari Nordmann", "Nina Sørli", "Marit Lund"))
    fiver = await class_id(world, "5A")
    first = hinted(kari, await open_pupils(kari))
    assert "Ali Haddad" in first
    assert kari.say(ONLY_YOU) in (kari.phone.last.text or "")
    await forge(kari, SendPraise(await pupil_id(world, "Ali Haddad"), "praise_progress").pack())
    await world.forward(seconds=21)
    after = hinted(kari, await open_pupils(kari))
    assert "Ali Haddad" not in after
    assert "Noah Berg" in after
    for other in (nina, marit):
        await write(other, "/menu")
        await forge(other, PraiseClass(fiver).pack())
        assert "Ali Haddad" in labels(other.phone.last)
        assert hinted(other, other.phone.last) == ""


async def test_praise_in_own_words_counts_and_a_new_school_year_begins_anew(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await choose(kari, "Ali Haddad")
    await tap(kari, kari.say("In my own words"))
    await write(kari, "Ali sang så fint!")
    await send_now(kari)
    assert await praises(world) == [("Ali sang så fint!", "sent")]
    assert "Ali Haddad" not in hinted(kari, await open_pupils(kari))
    await world.forward(days=(date(2027, 8, 16) - date(2026, 11, 23)) / timedelta(days=1))
    assert "Ali Haddad" in hinted(kari, await open_pupils(kari))


async def test_a_message_of_another_kind_is_no_praise(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A, Ali Haddad", NoticeKind.GENERAL)
    await write(kari, "Husk gymtøy.")
    await send_now(kari)
    assert "Ali Haddad" in hinted(kari, await open_pupils(kari))


@pytest.mark.parametrize("who", ["Tom Eide", "Hilde Strand", "Amina Haddad"])
async def test_others_than_the_pupils_teachers_praise_nobody(world: World, who: str) -> None:
    other = world.actor(who)
    pupil = await pupil_id(world, "Ali Haddad")
    await write(other, "/menu")
    for data in (
        PraiseClass(await class_id(world, "5A")).pack(),
        PraisePupil(pupil).pack(),
        SendPraise(pupil, "praise_helped").pack(),
        SendPraise(pupil, "").pack(),
    ):
        answer = await forge(other, data)
        assert other.say(NotPermitted.sentence) in (answer.text or "")
    assert await stored(world, "count(*) FROM notice") == [(0,)]


async def test_only_praise_goes_out_by_one_tap(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await choose(kari, "Ali Haddad")
    for phrase in ("fever", "nothing"):
        answer = await forge(kari, SendPraise(await pupil_id(world, "Ali Haddad"), phrase).pack())
        assert kari.say(Stale.sentence) in (answer.text or "")
    assert await stored(world, "count(*) FROM notice") == [(0,)]


async def test_the_leadership_chooses_the_class_first(world: World) -> None:
    marit = world.actor("Marit Lund")
    await forge(marit, f"go|{Page.FOLLOWUP}|1")
    await tap(marit, marit.say("Praise"))
    await tap(marit, "2B")
    await tap(marit, "Jan Kowalski")
    assert "Jan" in (marit.phone.last.text or "")
