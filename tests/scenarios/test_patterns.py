"""A teacher sees what repeats itself, and writes to that home (A7); homes never see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.followup_taps import PatternsOf, WriteHome
from bot.domain.taps import OpenPage, Page
from tests.scenarios.followup_steps import away, class_id, counted, pupil_id, weekdays_back
from tests.scenarios.notices_steps import NOT_HERE, forge, labels, stored, tap, write
from tests.scenarios.world import World, _bare

TODAY = date(2026, 11, 23)
NOTHING = "Nothing repeats itself here at the moment."


async def test_mondays_are_told_without_blame_and_lead_to_a_message_to_that_home(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    mondays = weekdays_back(TODAY, 0, 6)
    assert mondays[0] == date(2026, 11, 16)
    await away(world, "Noah Berg", *(mondays[n] for n in (0, 2, 4, 5)))
    await write(kari, "/patterns")
    told = counted(
        kari,
        "{child} has been away on {times} of the last {n} Monday.",
        "{child} has been away on {times} of the last {n} Mondays.",
        7,  # today is one, and Noah is here
        child="Noah Berg",
        times=4,
    )
    shown = _bare(kari.phone.last.text)
    assert _bare(told) in shown
    assert _bare(kari.say("Maybe a talk helps. Only the teachers of the class and the leadership see this.")) in shown
    assert not {"🔴", "🟡", "🟢"} & set(shown)
    [(actor, detail)] = await stored(world, "actor_id, detail FROM audit_entry WHERE act = 'patterns.look'")
    assert actor == kari.known.person_id
    assert str(await pupil_id(world, "Noah Berg")) in str(detail)
    await tap(kari, kari.say("Write to the home of {child}", child="Noah Berg"))
    [(audience, ids)] = await stored(world, "audience, audience_ids FROM notice WHERE state = 'draft'")
    assert audience == "pupil"
    assert str(ids) == f"[{await pupil_id(world, 'Noah Berg')}]"
    assert _bare(told) in _bare(kari.screen()), "the list stays above the message"
    ingrid.sees_not("Noah Berg has been away")


async def test_lateness_the_share_and_what_nobody_explained(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    recent = [TODAY - timedelta(days=n) for n in (3, 5, 10)]
    await away(world, "Ali Haddad", *recent, kind=AbsenceKind.LATE, reason=AbsenceReason.OTHER)
    week = [date(2026, 10, 5) + timedelta(days=n) for n in range(5)]
    await away(world, "Sara Miller", *week, date(2026, 10, 13), date(2026, 10, 21))
    for day in (date(2026, 11, 12), date(2026, 11, 17)):
        await away(world, "Noah Berg", day, reason=AbsenceReason.UNKNOWN, source=AbsenceSource.SCHOOL)
    await write(kari, "/patterns")
    shown = _bare(kari.phone.last.text)
    for one, many, n, fields in (
        ("{child} has come late {n} time in the last {days} school days.",
         "{child} has come late {n} times in the last {days} school days.", 3, {"child": "Ali Haddad", "days": 20}),
        ("{child} has been away on {n} of the last {days} school days.",
         "{child} has been away on {n} of the last {days} school days.", 7, {"child": "Sara Miller", "days": 60}),
        ("On {n} day nobody has said yet why {child} was away.",
         "On {n} days nobody has said yet why {child} was away.", 2, {"child": "Noah Berg"}),
    ):  # fmt: skip
        assert _bare(counted(kari, one, many, n, **fields)) in shown
    names = [shown.index(name) for name in ("Ali Haddad", "Noah Berg", "Sara Miller")]
    assert names == sorted(names), "by name, not by how often"


async def test_a_class_without_any_says_so(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/patterns")
    assert _bare(kari.say(NOTHING)) in _bare(kari.phone.last.text)


async def test_granted_leave_and_todays_open_question_are_no_pattern(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    leave = [date(2026, 11, 2) + timedelta(days=n) for n in range(10) if n % 7 < 5]
    await away(world, "Noah Berg", *leave, reason=AbsenceReason.LEAVE, source=AbsenceSource.LEAVE)
    for day in (date(2026, 11, 20), TODAY):
        await away(world, "Ali Haddad", day, reason=AbsenceReason.UNKNOWN, source=AbsenceSource.SCHOOL)
    await write(kari, "/patterns")
    assert _bare(kari.say(NOTHING)) in _bare(kari.phone.last.text)


async def test_the_principal_chooses_a_class_from_the_hub(world: World) -> None:
    marit = world.actor("Marit Lund")
    await away(world, "Jan Kowalski", *weekdays_back(TODAY, 4, 4))
    await write(marit, "/menu")
    await forge(marit, OpenPage(Page.FOLLOWUP).pack())
    await tap(marit, marit.say("Patterns"))
    await tap(marit, "2B")
    assert "Jan Kowalski" in marit.phone.last.text
    await tap(marit, marit.say("Back"))
    await tap(marit, "8C")
    assert _bare(marit.say(NOTHING)) in _bare(marit.phone.last.text)


async def test_many_patterns_are_paged(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    for pupil in ("Ali Haddad", "Amalie Rød", "Ayaan Warsame", "Noah Berg", "Sara Miller"):
        await away(world, pupil, *weekdays_back(TODAY, 0, 3))
    await write(kari, "/patterns")
    assert "Sara Miller" not in kari.phone.last.text
    assert len(labels(kari.phone.last)) <= 6
    await tap(kari, "▶️")
    assert "Sara Miller" in kari.phone.last.text
    assert "Ali Haddad" not in kari.phone.last.text


@pytest.mark.parametrize("name", ["Tom Eide", "Ingrid Berg"])
async def test_others_learn_nothing(world: World, name: str) -> None:
    other = world.actor(name)
    await away(world, "Sara Miller", *weekdays_back(TODAY, 0, 4))
    await write(other, "/menu")
    for data in (
        PatternsOf(await class_id(world, "5A")).pack(),
        WriteHome(await pupil_id(world, "Sara Miller")).pack(),
    ):
        result = await forge(other, data)
        assert _bare(other.say(NOT_HERE)) in _bare(f"{result.text or ''}{other.screen()}")
    other.sees_not("Sara Miller")
    assert await stored(world, "count(*) FROM notice") == [(0,)]
    assert await stored(world, "count(*) FROM audit_entry WHERE act = 'patterns.look'") == [(0,)]
