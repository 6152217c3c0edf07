"""A guardian looks at a child's school year, in the guardian's own language (A8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.followup import RemarkKind
from bot.domain.followup_taps import OverviewOf
from bot.i18n import commands
from bot.i18n.absence_words import REASON_NAMES
from bot.i18n.followup_words import REMARK_NAMES
from tests.scenarios.followup_steps import MENU_OF_CHILDREN, away, counted, noted, pupil_id, world_change
from tests.scenarios.notices_steps import NOT_HERE, forge, labels, shut_out, tap, write
from tests.scenarios.steps import block
from tests.scenarios.world import Actor, World, _bare

NOTHING = "Nothing so far: {child} has been there every day."
SINCE = "This school year, since {day}:"
MONDAY = date(2026, 11, 23)


def has(actor: Actor, *parts: str) -> None:
    """Hold that the newest message holds all of this."""
    shown = _bare(actor.phone.last.text or "")
    for part in parts:
        assert _bare(part) in shown, f"{part!r} is not in\n{shown}"


@pytest.mark.parametrize(
    ("name", "child"),
    [
        ("Ingrid Berg", "Noah Berg"),
        ("Amina Haddad", "Ali Haddad"),
        ("Anna Kowalska", "Zofia Kowalska"),
        ("James Miller", "Sara Miller"),
    ],
)
async def test_the_school_year_reads_in_four_languages(world: World, name: str, child: str) -> None:
    guardian = world.actor(name)
    await away(world, child, date(2026, 11, 16), date(2026, 11, 17))
    await away(world, child, date(2026, 11, 18), reason=AbsenceReason.APPOINTMENT)
    await away(world, child, date(2026, 11, 19), kind=AbsenceKind.LATE, reason=AbsenceReason.OTHER)
    await away(world, child, date(2026, 11, 20), kind=AbsenceKind.PART, reason=AbsenceReason.APPOINTMENT)
    await noted(world, child, date(2026, 11, 12), RemarkKind.GYM_KIT)
    await write(guardian, commands(guardian.language)["overview"].word)
    if len(guardian.known.births) > 1:
        await tap(guardian, child)
    ill, appointment = (guardian.say(REASON_NAMES[reason]) for reason in (AbsenceReason.ILL, AbsenceReason.APPOINTMENT))
    what = "{what}: {n} time", "{what}: {n} times"
    has(
        guardian,
        child,
        guardian.say(SINCE, day=date(2026, 8, 1)),
        counted(guardian, "Absent: {n} day", "Absent: {n} days", 3),
        counted(guardian, *what, 2, what=ill),
        counted(guardian, *what, 1, what=appointment),
        counted(guardian, "Late: {n} time", "Late: {n} times", 1),
        counted(guardian, "Away for a part of the day: {n} time", "Away for a part of the day: {n} times", 1),
        counted(guardian, *what, 1, what=guardian.say(REMARK_NAMES[RemarkKind.GYM_KIT])),
        guardian.tr.day(date(2026, 11, 16)),
    )
    person = guardian.known.person_id
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'pupil.overview' AND actor_id = :p", p=person)


async def test_nothing_so_far_is_said_kindly(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/overview")
    has(ingrid, ingrid.say(NOTHING, child="Noah Berg"))
    ingrid.sees_not(ingrid.say("<b>The newest days</b>").replace("<b>", "").replace("</b>", ""))


async def test_last_school_year_is_over(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await away(world, "Noah Berg", date(2026, 6, 3))
    await write(ingrid, "/overview")
    has(ingrid, ingrid.say(NOTHING, child="Noah Berg"))


async def test_a_guardian_of_two_chooses_and_comes_back(world: World) -> None:
    piotr = world.actor("Piotr Kowalski")
    await away(world, "Jan Kowalski", MONDAY)
    await write(piotr, "/overview")
    await piotr.sees(piotr.say(MENU_OF_CHILDREN))
    await tap(piotr, "Zofia Kowalska")
    has(piotr, piotr.say(NOTHING, child="Zofia Kowalska"))
    await tap(piotr, piotr.say("Back"))
    await tap(piotr, "Jan Kowalski")
    has(piotr, counted(piotr, "Absent: {n} day", "Absent: {n} days", 1))


async def test_the_other_guardian_does_not_learn_who_reported(world: World) -> None:
    james, silje = world.actor("James Miller"), world.actor("Silje Moe Miller")
    await away(world, "Sara Miller", MONDAY, by="James Miller")
    await away(world, "Sara Miller", date(2026, 11, 20), source=AbsenceSource.SCHOOL, reason=AbsenceReason.UNKNOWN)
    for guardian in (silje, james):
        await write(guardian, "/overview")
        has(guardian, guardian.tr.day(MONDAY), guardian.say("noticed at school"))
        assert "James" not in (guardian.phone.last.text or "")


async def test_only_the_ten_newest_days_are_listed_and_the_sums_count_them_all(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    days = [date(2026, 10, 5) + timedelta(weeks=week, days=day) for week in range(3) for day in range(5)]
    await away(world, "Noah Berg", *days)
    await write(ingrid, "/overview")
    has(ingrid, counted(ingrid, "Absent: {n} day", "Absent: {n} days", 15), ingrid.tr.day(days[5]))
    assert ingrid.tr.day(days[4]) not in (ingrid.phone.last.text or "")


async def test_what_was_taken_back_is_not_told(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await away(world, "Noah Berg", date(2026, 11, 20))
    await world_change(world, "UPDATE absence SET state = 'withdrawn'")
    await write(ingrid, "/overview")
    has(ingrid, ingrid.say(NOTHING, child="Noah Berg"))


async def test_granted_leave_and_reported_days_are_shown_as_to_come(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await away(world, "Noah Berg", date(2026, 11, 26), reason=AbsenceReason.APPOINTMENT)
    await away(world, "Noah Berg", date(2026, 12, 14), reason=AbsenceReason.LEAVE, source=AbsenceSource.LEAVE)
    for state, first in (("granted", "2026-12-14"), ("asked", "2026-12-09"), ("refused", "2026-12-07")):
        await world_change(
            world,
            "INSERT INTO leave_request (pupil_id, asked_by, asked_at, first, last, days, why, why_language, state,"
            " version, by_leadership, decision_text, decision_language)"
            " VALUES (:pupil, :by, '2026-11-20 09:00:00', :first, :first, 1, 'familiefest', 'nb', :state, 1, 0,"
            " '', '')",
            pupil=await pupil_id(world, "Noah Berg"),
            by=ingrid.known.person_id,
            first=first,
            state=state,
        )
    await write(ingrid, "/overview")
    leave = ingrid.say("Granted leave: {days}", days=ingrid.tr.day(date(2026, 12, 14)))
    has(ingrid, leave, ingrid.tr.day(date(2026, 11, 26)))
    shown = _bare(ingrid.phone.last.text or "")
    assert shown.count(ingrid.tr.day(date(2026, 12, 14))) == 1, "leave is one line, not one more for each of its days"
    for other in (date(2026, 12, 9), date(2026, 12, 7)):
        assert ingrid.tr.day(other) not in shown
    assert "familiefest" not in shown, "the reason is between its writer and the school"
    assert _bare(counted(ingrid, "Absent: {n} day", "Absent: {n} days", 1)) not in shown, "days to come are not past"


async def test_another_home_a_blocked_guardian_and_a_teacher_see_nothing(world: World) -> None:
    noah, sander = await pupil_id(world, "Noah Berg"), await pupil_id(world, "Sander Fjellheim")
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await away(world, "Noah Berg", MONDAY)
    for actor in (amina, kari):
        await write(actor, "/menu")
        result = await forge(actor, OverviewOf(noah).pack())
        assert _bare(actor.say(NOT_HERE)) in _bare(f"{result.text or ''}{actor.phone.last.text or ''}")
        actor.sees_not(actor.tr.day(MONDAY))
    roar = await shut_out(world)
    await forge(roar, OverviewOf(sander).pack())
    roar.sees_not("Sander")
    await write(kari, "/overview")
    await kari.sees(kari.say("No child is connected to you here."))


async def test_access_that_ended_between_screen_and_tap_is_seen_at_the_tap(world: World) -> None:
    piotr = world.actor("Piotr Kowalski")
    await away(world, "Jan Kowalski", MONDAY)
    await write(piotr, "/overview")
    assert any("Jan Kowalski" in label for label in labels(piotr.phone.last))
    await block(world, "Piotr Kowalski", "Jan Kowalski")
    await tap(piotr, "Jan Kowalski")
    piotr.sees_not(piotr.tr.day(MONDAY))
