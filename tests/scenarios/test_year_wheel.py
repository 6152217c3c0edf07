"""A date of the year wheel: reminded in each language, changed, cancelled; everybody hears of it once (M6, M9)."""

from __future__ import annotations

import pytest

from tests.scenarios.leave_steps import said
from tests.scenarios.steps import PEOPLE, block, import_files
from tests.scenarios.world import Actor, World, _bare
from tests.scenarios.year_steps import entries, import_year, last_file, messages_of


def sports(*, day: str = "2026-12-03", start: str = "09:00", whom: str = "5A", place: str = "Banen") -> str:
    """Return the line of the sports day."""
    return f"idrett,{day},,{start},13:00,Idrettsdag,{whom},{place},"


def heard(actor: Actor) -> list[str]:
    """Return what a person was told about the sports day."""
    return [_bare(text) for text in messages_of(actor) if "Idrettsdag" in text]


async def invited(world: World) -> int:
    ((count,),) = await world.rows("SELECT count(*) FROM invitation")
    return int(count)


@pytest.mark.parametrize(
    ("name", "language"),
    [("Ingrid Berg", "nb"), ("James Miller", "en"), ("Piotr Kowalski", "pl"), ("Amina Haddad", "ar")],
)
async def test_a_date_is_reminded_changed_and_cancelled(world: World, name: str, language: str) -> None:
    home, other = world.actor(name), world.actor("Monica Fjellheim")
    assert home.language == language
    await import_year(world, sports())
    assert await invited(world) == 0, "whom it concerns is looked up when it is soon"
    await world.at(2026, 12, 1, 9, 1)
    (reminder,) = heard(home)
    assert "Banen" in reminder
    await import_year(world, sports(start="10:00", place="Gymsalen"))
    _, changed = heard(home)
    assert said(home, "🔄 This has changed.") in changed
    assert said(home, "Before: {what}", what="Banen") in changed
    assert "09:00" in changed
    assert "10:00" in changed
    assert "Gymsalen" in changed
    await home.taps(home.say("Calendar file"))
    await world.idle()
    (entry,) = entries(last_file(home)[1]).values()
    assert (int(entry["sequence"]), str(entry["location"])) == (1, "Gymsalen")
    await import_year(world, ",2026-12-20,,,,Noe annet,8C,,")
    assert said(home, "❌ <b>Cancelled.</b>") in heard(home)[-1]
    await world.at(2026, 12, 3, 12, 0)
    assert len(heard(home)) == 3, "no reminder of what is cancelled"
    assert heard(other) == []


async def test_the_same_file_tells_nobody_anything(world: World) -> None:
    home = world.actor("Ingrid Berg")
    await import_year(world, sports())
    await world.at(2026, 12, 1, 9, 1)
    plan = await import_year(world, sports())
    assert plan.is_empty
    assert len(heard(home)) == 1


async def test_a_change_before_anybody_knows_tells_nobody_and_one_when_it_is_soon_tells_all(world: World) -> None:
    home = world.actor("Ingrid Berg")
    await import_year(world, sports(day="2027-03-04"))
    await import_year(world, sports(day="2027-03-11"))
    assert heard(home) == []
    await import_year(world, sports(day="2026-11-24"))
    (changed,) = heard(home)
    assert said(home, "🔄 This has changed.") in changed
    await world.at(2026, 11, 24, 7, 1)
    assert len(heard(home)) == 2, "and it is reminded two hours before"


async def test_a_date_that_moves_away_is_told_and_reminded_again_to_who_is_there_then(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await import_year(world, sports())
    await world.at(2026, 12, 1, 9, 1)
    await import_year(world, sports(day="2027-02-04"))
    assert len(heard(ingrid)) == 2
    await world.at(2026, 12, 3, 9, 30)
    assert len(heard(ingrid)) == 2, "nothing on the old day"
    await block(world, "Lars Berg", "Noah Berg")
    await world.at(2027, 2, 2, 9, 1)
    assert len(heard(ingrid)) == 3
    assert len(heard(lars)) == 2, "his access has ended"


async def test_another_audience_tells_those_who_are_in_it_no_more(world: World) -> None:
    home, others = world.actor("Ingrid Berg"), world.actor("Monica Fjellheim")
    await import_year(world, sports())
    await world.at(2026, 12, 1, 9, 1)
    await import_year(world, sports(whom="8C"))
    assert said(home, "This is for other classes now. You need not think of it any more.") in heard(home)[-1]
    assert said(others, "🔄 This has changed.") in heard(others)[-1]
    await world.at(2026, 12, 3, 7, 1)
    assert (len(heard(home)), len(heard(others))) == (2, 2)


async def test_what_is_changed_at_night_is_told_in_the_morning(world: World) -> None:
    home = world.actor("Ingrid Berg")
    await import_year(world, sports())
    await world.at(2026, 12, 1, 22, 0)
    await import_year(world, sports(place="Gymsalen"))
    assert len(heard(home)) == 1
    await world.at(2026, 12, 2, 7, 1)
    assert "Gymsalen" in heard(home)[-1]


async def test_a_reminder_that_was_missed_comes_late_and_once(world: World) -> None:
    home = world.actor("Ingrid Berg")
    await import_year(world, sports())
    await world.at(2026, 12, 2, 10, 0)
    assert len(heard(home)) == 1
    await world.at(2026, 12, 3, 7, 1)
    assert len(heard(home)) == 2


async def test_a_pupil_who_comes_later_is_not_forgotten(world: World) -> None:
    await import_year(world, sports())
    moved = PEOPLE.replace("8C,Sander Fjellheim", "5A,Sander Fjellheim")
    assert moved != PEOPLE
    await import_files(world, people=moved)
    await world.at(2026, 12, 1, 9, 1)
    assert len(heard(world.actor("Monica Fjellheim"))) == 1


async def test_a_meeting_of_the_council_is_for_its_members(world: World) -> None:
    home = world.actor("Ingrid Berg")
    await import_year(world, ",2026-12-03,,17:00,19:00,Idrettsdag,,Rom 1,fau")
    await world.at(2026, 12, 1, 17, 1)
    assert heard(home) == []
    assert await invited(world) == 0, "nobody is a representative here"
