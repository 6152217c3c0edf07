"""The own calendar: dates on a page, as a file, and at a private address that can be stopped (M6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.actions.calendar_import import apply_calendar, plan_calendar
from bot.domain.calendar_file import Stretch
from bot.domain.calendar_taps import EventFile, LinkStep, LinkTap
from bot.domain.events import EventAnswer
from tests.scenarios.conftest import Template
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import NOT_HERE, STALE, forge, tap, write
from tests.scenarios.slip_steps import answer, invite
from tests.scenarios.steps import block
from tests.scenarios.world import World, open_world
from tests.scenarios.year_steps import (
    ADDRESS,
    entries,
    fetch,
    import_year,
    last_file,
    make_address,
    messages_of,
    shown_address,
    start_of,
    statuses,
)

SPORTS = "idrett,2027-04-22,,09:00,13:00,Ryddedag,5A,Parken,"
OTHERS = ",2027-04-23,,,,Tur for de store,8C,,"
WHOLE = ",2027-06-07,2027-06-09,,,Temadager,whole school,,"


@pytest.fixture
async def followed(tmp_path: Path, template: Template) -> AsyncIterator[World]:
    """A school whose calendars can be followed."""
    async with open_world(tmp_path, *template, calendar=ADDRESS) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "language"),
    [("Ingrid Berg", "nb"), ("James Miller", "en"), ("Piotr Kowalski", "pl"), ("Amina Haddad", "ar")],
)
async def test_a_home_finds_its_dates_follows_them_and_stops(followed: World, name: str, language: str) -> None:
    home = followed.actor(name)
    assert home.language == language
    await import_year(followed, SPORTS, OTHERS, WHOLE)
    await write(home, "/calendar")
    while home.has_button("▶️", last=1) and "Ryddedag" not in messages_of(home)[-1]:
        await tap(home, "▶️")
    page = messages_of(home)[-1]
    assert "Ryddedag" in page
    assert said(home, "📅 <b>Your dates</b>") in page.splitlines()[0]
    assert "Tur for de store" not in page
    address = await make_address(home)
    status, body, headers = await fetch(followed, address)
    assert status == 200
    assert headers["Content-Type"].startswith("text/calendar")
    assert headers["Cache-Control"] == "private, no-cache"
    found = entries(body)
    if name == "Piotr Kowalski":  # who has a child in another class too
        found["Ryddedag"] = found["Ryddedag (5A)"]
        assert "Ryddedag (5A)" in page
    assert start_of(found["Ryddedag"]) == datetime(2027, 4, 22, 7, 0, tzinfo=UTC)
    assert start_of(found["Temadager"]) == date(2027, 6, 7)
    assert found["Temadager"]["dtend"].dt == date(2027, 6, 10), "the day after the last one"
    assert "Tur for de store" not in found, "another class's"
    holiday = found[home.say("Good Friday")]
    assert start_of(holiday) in {date(2027, 3, 26), date(2028, 4, 14)}
    assert str(holiday["transp"]) == "TRANSPARENT"
    assert str(holiday["summary"].params["LANGUAGE"]) == language
    await tap(home, home.say("Stop the address"))
    await tap(home, home.say("Yes, stop it"))
    assert (await fetch(followed, address))[0] == 404
    assert await followed.rows("SELECT 1 FROM calendar_link") == []


async def test_a_new_address_ends_the_old_one_and_only_a_hash_is_stored(followed: World) -> None:
    home = followed.actor("Ingrid Berg")
    old = await make_address(home)
    await tap(home, home.say("Calendar"))
    await tap(home, home.say("Follow on my phone"))
    await tap(home, home.say("Make a new address"))
    await followed.forward(seconds=5)
    await tap(home, home.say("Yes, a new address"))
    new = shown_address(home)
    assert new != old
    assert (await fetch(followed, old))[0] == 404
    assert (await fetch(followed, new))[0] == 200
    token = new.removeprefix(f"{ADDRESS}/calendar/").removesuffix(".ics")
    assert len(token) == 43
    ((stored,),) = await followed.rows("SELECT token_hash FROM calendar_link")
    assert len(stored) == 64
    assert token not in stored
    kept = await followed.rows("SELECT detail FROM audit_entry UNION ALL SELECT payload FROM outgoing")
    assert not any(token in str(row) for row in kept)


async def test_a_second_tap_makes_no_second_address(followed: World) -> None:
    home = followed.actor("Ingrid Berg")
    address = await make_address(home)
    await followed.forward(seconds=5)
    result = await forge(home, LinkTap(LinkStep.MAKE, 0).pack())
    assert result.text == home.say(STALE)
    assert (await fetch(followed, address))[0] == 200


async def test_a_blocked_guardian_finds_nothing_at_once_and_the_other_child_stays(followed: World) -> None:
    await import_year(followed, SPORTS, ",2027-04-28,,,,Uteskole,2B,,")
    ingrid, piotr = followed.actor("Ingrid Berg"), followed.actor("Piotr Kowalski")
    hers, his = await make_address(ingrid), await make_address(piotr)
    await block(followed, "Ingrid Berg", "Noah Berg")
    await block(followed, "Piotr Kowalski", "Zofia Kowalska")
    assert (await fetch(followed, hers))[0] == 404
    status, body, _ = await fetch(followed, his)
    assert status == 200
    assert "Uteskole" in entries(body), "Jan is still his"
    assert not any("Ryddedag" in title for title in entries(body))


async def test_an_unchanged_calendar_is_not_sent_again_and_strangers_get_nothing(followed: World) -> None:
    home = followed.actor("Ingrid Berg")
    address = await make_address(home)
    _, _, headers = await fetch(followed, address)
    status, body, again = await fetch(followed, address, **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")
    assert again["ETag"] == headers["ETag"]
    await import_year(followed, SPORTS)
    assert (await fetch(followed, address, **{"If-None-Match": headers["ETag"]}))[0] == 200
    for made_up in ("A" * 43, "x", "A" * 43 + "B", "..%2f..%2fetc"):
        status, body, _ = await fetch(followed, f"{ADDRESS}/calendar/{made_up}.ics")
        assert (status, body) == (404, b"")
    ((read,),) = await followed.rows("SELECT read_at FROM calendar_link")
    assert read is not None


async def test_who_asks_without_end_or_guesses_has_to_wait_and_others_do_not(followed: World) -> None:
    address = await make_address(followed.actor("Ingrid Berg"))
    other = await make_address(followed.actor("Piotr Kowalski"))
    seen = await statuses(followed, [address] * 32)
    assert seen == [200] * 30 + [429] * 2
    assert await statuses(followed, [other]) == [200]
    guesses = await statuses(followed, [f"{ADDRESS}/calendar/{n:043}.ics" for n in range(302)])
    assert guesses == [404] * 300 + [429] * 2
    assert await statuses(followed, [other]) == [200], "whose calendar is known is read as before"


async def test_no_log_holds_an_address(followed: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    address = await make_address(followed.actor("Ingrid Berg"))
    await fetch(followed, address)
    token = address.rsplit("/", 1)[-1].removesuffix(".ics")
    ours = [record for record in caplog.records if not record.name.startswith(("aiosqlite", "asyncio"))]
    assert not any(token in str(vars(record)) for record in ours if record.name.startswith(("bot", "aiohttp")))


async def test_invitations_stand_there_until_somebody_says_no(followed: World) -> None:
    event = await invite(followed)
    home, other = followed.actor("Ingrid Berg"), followed.actor("James Miller")
    address = await make_address(home)
    title = home.say("Parents' meeting")
    assert title in entries((await fetch(followed, address))[1])
    assert "Room" not in str(event)
    await answer(home, EventAnswer.NOT_COMING)
    assert title not in entries((await fetch(followed, address))[1])
    theirs = entries((await fetch(followed, await make_address(other)))[1])
    assert other.say("Parents' meeting") in theirs


async def test_a_cancelled_date_is_taken_out_of_calendars(followed: World) -> None:
    home = followed.actor("Ingrid Berg")
    await import_year(followed, SPORTS, WHOLE)
    address = await make_address(home)
    before = entries((await fetch(followed, address))[1])["Ryddedag"]
    await import_year(followed, WHOLE)
    after = entries((await fetch(followed, address))[1])["Ryddedag"]
    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")
    assert after["uid"] == before["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (0, 1)
    await write(home, "/calendar")
    assert "Ryddedag" not in messages_of(home)[-1]


async def test_without_an_address_of_the_school_there_are_files(world: World) -> None:
    home = world.actor("Amina Haddad")
    async with world.unit_of_work() as uow:
        wanted = [Stretch(date(2027, 2, 22), date(2027, 2, 26), "Vinterferie")]
        await apply_calendar(uow, None, wanted, await plan_calendar(uow, wanted))
    await import_year(world, SPORTS)
    await write(home, "/calendar")
    assert not home.has_button(home.say("Follow on my phone"), last=1)
    await home.sees(said(home, "<i>The file holds all of this for your phone, as it is today.</i>"))
    await tap(home, home.say("All dates as a file"))
    name, data = last_file(home)
    assert name == "skole.ics"
    assert {"Ryddedag", "Vinterferie"} <= set(entries(data))
    assert "Haddad" not in data.decode()
    result = await forge(home, LinkTap(LinkStep.MAKE, 0).pack())
    assert result.text == home.say(NOT_HERE)
    assert (await fetch(world, f"{ADDRESS}/calendar/{'A' * 43}.ics"))[0] == 404


async def test_an_empty_calendar_says_so(world: World) -> None:
    home = world.actor("Piotr Kowalski")
    await write(home, "/calendar")
    await home.sees(home.say("Nothing is planned yet. What the school plans will stand here."))


async def test_a_file_is_for_those_whom_the_date_concerns(world: World) -> None:
    await import_year(world, SPORTS, OTHERS)
    ((mine,), (foreign,)) = await world.rows("SELECT id FROM event ORDER BY id")
    home, teacher = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(home, "/menu")
    await forge(home, EventFile(mine).pack())
    name, data = last_file(home)
    assert name == "skole-2027-04-22.ics"
    ((_, entry),) = entries(data).items()
    assert str(entry["location"]) == "Parken"
    for made_up in (foreign, 9999):
        result = await forge(home, EventFile(made_up).pack())
        assert result.text == home.say(NOT_HERE)
    await write(teacher, "/menu")
    await forge(teacher, EventFile(mine).pack())
    assert last_file(teacher)[0] == "skole-2027-04-22.ics"
    result = await forge(teacher, EventFile(foreign).pack())
    assert result.text == teacher.say(NOT_HERE), "8C is not hers"
