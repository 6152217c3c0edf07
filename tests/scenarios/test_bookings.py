"""Homes book conferences in three taps, move and cancel them, and wait for a time (M4)."""

from __future__ import annotations

import pytest

from bot.domain.conference_slots import TalkOver
from bot.domain.events import EventOver
from tests.scenarios.conference_steps import (
    NONE_SUITS,
    TAKEN,
    board_of,
    book_label,
    booked,
    day_label,
    lay_out,
    take,
    times,
)
from tests.scenarios.leave_steps import last_text, said
from tests.scenarios.notices_steps import forge, holding, labels, readers, tap, write
from tests.scenarios.world import Actor, World

FREED = "A time has become free:"
KEPT = "It is kept for you until {moment}."


@pytest.mark.parametrize(
    ("name", "other", "child"),
    [
        ("Ingrid Berg", "Lars Berg", "Noah Berg"),
        ("James Miller", "Silje Moe Miller", "Sara Miller"),
        ("Piotr Kowalski", "Anna Kowalska", "Zofia Kowalska"),
        ("Amina Haddad", "Omar Haddad", "Ali Haddad"),
    ],
)
async def test_a_home_books_in_three_taps_in_its_language_and_the_other_guardian_reads_it_quietly(
    world: World, name: str, other: str, child: str
) -> None:
    kari, home, partner = (world.actor(one) for one in ("Kari Nordmann", name, other))
    await lay_out(kari)
    await take(home, "13:25", interpreter=home.language != "nb")
    language = home.language if home.language != "nb" else ""
    assert await booked(world) == [(child, "13:25", language)]
    taken = [one[0] for one in await times(world) if one[1] == child]
    assert taken == (["13:25", "13:50"] if language else ["13:25"]), "an interpreted talk takes two times"
    receipt = last_text(home)
    assert said(home, "✅ Booked, with {teacher}.", teacher="Kari Nordmann") in receipt
    assert day_label(home).split()[0].strip(".,") in receipt or "13:25" in receipt
    line = await partner.sees(said(partner, "Booked or changed by {name}.", name=name))
    assert line.silent
    assert "13:25" in line.text
    await tap(partner, partner.say("Look at the talk"), line)
    await tap(partner, partner.say("With or without the pupil"))
    assert await world.rows("SELECT with_pupil, version FROM talk") == [(1, 2)]
    await world.forward(seconds=3)
    assert f"13:25 {child}" in board_of(kari)
    assert readers(world, "13:25") <= {"Kari Nordmann", name, other, "Yusuf Rahman"}


async def test_a_home_moves_its_talk_and_cancels_it_and_a_second_tap_does_nothing(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await lay_out(kari)
    await take(ingrid, "13:00")
    await tap(ingrid, ingrid.say("Another time"))
    assert len(await booked(world)) == 1, "the time stays until another is booked"
    await take(ingrid, "14:15")
    assert await booked(world) == [("Noah Berg", "14:15", "")]
    assert (await times(world))[0] == ("13:00", None, False, False)
    [(talk,)] = await world.rows("SELECT id FROM talk")
    await tap(ingrid, ingrid.say("Cancel the talk"))
    await forge(ingrid, f"cx|{talk}|1|y")  # a button from before the move
    assert len(await booked(world)) == 1
    for _ in range(2):
        await forge(ingrid, f"cx|{talk}|2|y")
    assert await booked(world) == []
    assert await world.rows("SELECT state, version FROM talk") == [("cancelled", 3)]
    assert await world.rows("SELECT count(*) FROM reminder WHERE state = 'planned' AND occasion = 'talk'") == [(0,)]
    assert len(holding(lars, said(lars, "❌ Cancelled by {name}.", name="Ingrid Berg"))) == 1


async def test_who_comes_too_late_sees_what_is_still_free(world: World) -> None:
    kari, ingrid, james = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "James Miller"))
    await lay_out(kari)
    await tap(ingrid, day_label(ingrid))
    await tap(ingrid, "13:00")
    await take(james, "13:00")
    result = await ingrid.taps(book_label(ingrid))
    assert result.text == ingrid.say(TAKEN)
    await world.idle()
    assert not any(label.startswith("13:00") for label in labels(ingrid.phone.last))
    await tap(ingrid, "13:25")
    await tap(ingrid, book_label(ingrid))
    assert await booked(world) == [("Sara Miller", "13:00", ""), ("Noah Berg", "13:25", "")]


async def test_talks_in_the_same_language_are_offered_in_a_row(world: World) -> None:
    kari, piotr, iwona = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Iwona Zielińska"))
    await lay_out(kari, last="17:00")
    await take(piotr, "14:15", interpreter=True)
    await tap(iwona, day_label(iwona))
    shown = [label for label in labels(iwona.phone.last) if ":" in label[:3]]
    assert shown[:2] == ["13:25", "15:05"], "one interpreter has both talks in a row"
    await tap(iwona, "15:05")
    await tap(iwona, book_label(iwona, interpreter=True))
    assert await booked(world) == [("Zofia Kowalska", "14:15", "pl"), ("Nora Zielińska Aune", "15:05", "pl")]
    [(talk,)] = await world.rows("SELECT max(id) FROM talk")
    await tap(iwona, iwona.say("Interpreter"))
    await tap(iwona, iwona.say("a woman"))
    await tap(iwona, iwona.say("Dialect"))
    await write(iwona, "śląski")
    assert await world.rows("SELECT dialect, gender FROM talk WHERE id = :t", t=talk) == [("śląski", "woman")]
    assert readers(world, "śląski") <= {"Iwona Zielińska", "Helge Aune"}, "a wish is the home's and the teacher's"


async def test_no_interpreter_is_a_choice_too_and_the_talk_is_short_then(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await lay_out(kari)
    await take(amina, "13:00")
    assert await booked(world) == [("Ali Haddad", "13:00", "")]
    assert await world.rows("SELECT interpreter FROM talk") == [("no_thanks",)]


async def test_siblings_get_times_near_each_other_and_never_the_same(world: World) -> None:
    kari, tom, piotr = (world.actor(name) for name in ("Kari Nordmann", "Tom Eide", "Piotr Kowalski"))
    await lay_out(kari, last="17:00")
    await lay_out(tom, last="17:00")
    zofia, jan = [await piotr.sees(child) for child in ("Zofia Kowalska", "Jan Kowalski")]
    await take(piotr, "15:05", zofia)
    await tap(piotr, day_label(piotr), jan)
    await tap(piotr, piotr.say("Without an interpreter"))
    shown = [label for label in labels(piotr.phone.last) if ":" in label[:3]]
    assert shown[:2] == ["14:40", "15:30"]
    assert "15:05" not in shown
    [(pupil,)] = await world.rows("SELECT id FROM pupil WHERE name = 'Jan Kowalski'")
    [(slot,)] = await world.rows(
        "SELECT s.id FROM slot s JOIN talk_round r ON r.event_id = s.event_id JOIN school_class c ON c.id = r.class_id"
        " WHERE c.name = '2B' AND s.starts LIKE '15:05%'"
    )
    await forge(piotr, f"ck|{pupil}|{slot}|b|school|0|-")
    assert [one[0] for one in await booked(world)] == ["Zofia Kowalska"]


async def fill(world: World, *names: str) -> list[Actor]:
    """Let homes take every time of Kari's round of one hour."""
    await lay_out(world.actor("Kari Nordmann"), last="14:00")
    homes = [world.actor(name) for name in names]
    for home, clock in zip(homes, ("13:00", "13:25"), strict=True):
        await take(home, clock)
    return homes


async def test_a_freed_time_is_kept_for_the_first_in_line_then_for_the_next_then_free_for_all(world: World) -> None:
    ingrid, _ = await fill(world, "Ingrid Berg", "Helge Aune")
    james, amina = world.actor("James Miller"), world.actor("Amina Haddad")
    for home in (james, amina):
        await tap(home, home.say(NONE_SUITS))
        await world.forward(minutes=1)
    assert said(james, "⏳ {teacher} sees that no time suits you yet.", teacher="Kari Nordmann") in last_text(james)
    await tap(ingrid, ingrid.say("Cancel the talk"))
    await tap(ingrid, ingrid.say("Yes, cancel it"))
    await world.idle()
    offer = await james.sees(said(james, FREED))
    assert "13:00" in offer.text
    amina.sees_not(said(amina, FREED))
    await world.forward(hours=4, minutes=1)
    second = await amina.sees(said(amina, FREED))
    late = await james.taps(james.say("Take this time"), offer)
    assert late.text == james.say(TAKEN)
    await tap(amina, amina.say("Let it go to the next"), second)
    await world.idle()
    assert (await times(world))[0] == ("13:00", None, False, False)
    assert await world.rows("SELECT count(*) FROM talk_wait") == [(2,)], "they go on waiting for another"
    await write(james, "/meetings")
    await tap(james, james.say("Conference about your child"))
    await take(james, "13:00")
    assert (await booked(world))[0] == ("Sara Miller", "13:00", "")
    assert await world.rows("SELECT count(*) FROM talk_wait") == [(1,)]


async def test_in_the_night_nobody_is_woken_and_the_time_is_kept_from_the_morning_on(world: World) -> None:
    ingrid, _ = await fill(world, "Ingrid Berg", "Helge Aune")
    james = world.actor("James Miller")
    await tap(james, james.say(NONE_SUITS))
    await world.at(2026, 11, 23, 22, 30)
    [(talk,)] = await world.rows("SELECT t.id FROM talk t JOIN pupil p ON p.id = t.pupil_id WHERE p.name = 'Noah Berg'")
    await forge(ingrid, f"cx|{talk}|0|y")
    james.sees_not(said(james, FREED))
    await world.at(2026, 11, 24, 7, 0)
    offer = await james.sees(said(james, FREED))
    assert "11:00" in offer.text, "four hours from the end of the quiet hours"
    await tap(james, james.say("Take this time"), offer)
    await tap(james, book_label(james))
    assert ("Sara Miller", "13:00", "") in await booked(world)


async def test_a_home_with_two_children_in_the_class_chooses_for_whom(world: World) -> None:
    tom, camilla = world.actor("Tom Eide"), world.actor("Camilla Solbakken")
    await lay_out(tom)
    invited = await camilla.sees("Ask Solbakken")
    await tap(camilla, "Ask Solbakken", invited)
    await take(camilla, "13:00")
    await write(camilla, "/meetings")
    await tap(camilla, camilla.say("Conference about your child"))
    assert {"🗣 Ask Solbakken", "🗣 Iben Solbakken"} <= set(labels(camilla.phone.last))
    await tap(camilla, "Iben Solbakken")
    await take(camilla, "13:25")
    assert [one[0] for one in await booked(world)] == ["Ask Solbakken", "Iben Solbakken"]


async def test_the_teacher_hears_of_a_change_the_day_before_and_nothing_changes_once_it_is_over(world: World) -> None:
    kari, ingrid, james = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "James Miller"))
    await lay_out(kari)
    await take(ingrid, "13:00")
    await take(james, "13:25")
    assert holding(kari, said(kari, "Booked or changed by {name}.", name="Ingrid Berg")) == [], "the board is enough"
    await world.at(2026, 11, 30, 14, 0)
    talks = dict(await world.rows("SELECT p.name, t.id FROM talk t JOIN pupil p ON p.id = t.pupil_id"))
    await forge(ingrid, f"cx|{talks['Noah Berg']}|0|y")
    near = await kari.sees(said(kari, "❌ Cancelled by {name}.", name="Ingrid Berg"))
    assert "Noah Berg" in near.text
    assert "13:00" in near.text
    await world.at(2026, 12, 2, 9, 0)
    for step in ("y", "k"):
        late = await forge(james, f"cx|{talks['Sara Miller']}|0|{step}")
        assert late.text == james.say(TalkOver.sentence)
    [(event, pupil)] = await world.rows("SELECT t.event_id, t.pupil_id FROM talk t WHERE t.state = 'cancelled'")
    late = await forge(ingrid, f"cq|{event}|{pupil}|j")
    assert late.text == ingrid.say(EventOver.sentence)
    assert [one[0] for one in await booked(world)] == ["Sara Miller"]


async def test_the_board_names_who_waits(world: World) -> None:
    await fill(world, "Ingrid Berg", "Helge Aune")
    kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
    await tap(james, james.say(NONE_SUITS))
    await world.forward(seconds=3)
    assert said(kari, "⏳ Wait for a time: {names}", names="Sara Miller") in board_of(kari)
