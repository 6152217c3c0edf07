"""The month's report: made once, read in each home's language, signed, commented (A6)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.actions.monthly_signed import NobodyWaits
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.followup import RemarkKind
from bot.domain.followup_taps import CommentReport, SignedReports, SignedView, SignReport
from bot.domain.taps import OpenPage, Page
from bot.i18n.absence_words import REASON_NAMES
from bot.i18n.followup_words import REMARK_NAMES, month_name
from bot.simulator import SimMessage
from tests.scenarios.conftest import Template
from tests.scenarios.followup_steps import (
    COMMENT,
    READ,
    THANKS,
    away,
    class_id,
    counted,
    noted,
    nothing_out,
    reports_out,
    world_change,
)
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, shut_out, tap, write
from tests.scenarios.steps import block
from tests.scenarios.world import Actor, World, _bare, open_world

NOVEMBER = date(2026, 11, 1)
WARM = "{child} was there every school day, and everything was as it should be."


def head(reader: Actor, child: str, month: date = NOVEMBER) -> str:
    """Return the first line of a report as a person reads it."""
    line = reader.say(
        "📅 <b>{month}: {child}, {school_class}</b>",
        month=month_name(reader.tr, month),
        child=child,
        school_class="2B" if child == "Jan Kowalski" else "5A",
    )
    return line.replace("<b>", "").replace("</b>", "")


def report_of(reader: Actor, child: str, month: date = NOVEMBER) -> SimMessage:
    """Return the one report about a child at a person."""
    [found] = holding(reader, head(reader, child, month))
    return found


@pytest.fixture
async def world(world: World) -> World:
    """A school that kept absences already: a day in October of a pupil of another class."""
    await away(world, "Live Aasland", date(2026, 10, 14))
    return world


async def first_of_december(world: World) -> None:
    """Move the clock to when November's reports go out, a Tuesday, and wait for them."""
    await world.at(2026, 12, 1, 15, 0)
    await reports_out(world, "2026-11-01")


async def hub(teacher: Actor, *then: str) -> None:
    """Open what can be followed up, then tap these buttons."""
    await write(teacher, "/menu")
    await forge(teacher, OpenPage(Page.FOLLOWUP).pack())
    for label in ("More", "Monthly reports", *then):
        await tap(teacher, teacher.say(label))


async def signatures(world: World) -> list[tuple[str, str]]:
    """Return (pupil, guardian) of what is signed."""
    found = await world.rows(
        "SELECT p.name, g.name FROM monthly_report r JOIN pupil p ON p.id = r.pupil_id"
        " JOIN person g ON g.id = r.person_id WHERE r.signed_at IS NOT NULL ORDER BY r.signed_at, r.id"
    )
    return [(row[0], row[1]) for row in found]


@pytest.mark.parametrize(
    ("name", "child"),
    [
        ("Ingrid Berg", "Noah Berg"),
        ("Amina Haddad", "Ali Haddad"),
        ("Anna Kowalska", "Zofia Kowalska"),
        ("James Miller", "Sara Miller"),
    ],
)
async def test_a_month_reads_in_four_languages_with_what_was_good_first(world: World, name: str, child: str) -> None:
    guardian = world.actor(name)
    await away(world, child, date(2026, 11, 3), date(2026, 11, 4))
    await away(world, child, date(2026, 11, 9), kind=AbsenceKind.LATE, reason=AbsenceReason.OTHER)
    await away(world, child, date(2026, 10, 30), date(2026, 12, 1))
    await noted(world, child, date(2026, 11, 5), RemarkKind.HOMEWORK)
    await noted(world, child, date(2026, 11, 6), RemarkKind.GOOD_WORK)
    await first_of_december(world)
    text = _bare(report_of(guardian, child).text)
    what = "{what}: {n} time", "{what}: {n} times"
    parts = [
        counted(guardian, *what, 1, what=guardian.say(REMARK_NAMES[RemarkKind.GOOD_WORK])),
        counted(guardian, "Absent: {n} day", "Absent: {n} days", 2),
        counted(guardian, *what, 2, what=guardian.say(REASON_NAMES[AbsenceReason.ILL])),
        guardian.tr.short_day(date(2026, 11, 3)),
        counted(guardian, "Late: {n} time", "Late: {n} times", 1),
        counted(guardian, *what, 1, what=guardian.say(REMARK_NAMES[RemarkKind.HOMEWORK])),
    ]
    places = [text.find(_bare(part)) for part in parts]
    assert -1 not in places, text
    assert places == sorted(places)
    assert [_bare(label) for label in labels(report_of(guardian, child))] == [
        f"👍 {guardian.say(READ)}",
        f"✍️ {guardian.say(COMMENT)}",
    ]


async def test_a_child_with_nothing_gets_one_warm_line_and_each_child_a_report(world: World) -> None:
    piotr, anna = world.actor("Piotr Kowalski"), world.actor("Anna Kowalska")
    await away(world, "Jan Kowalski", date(2026, 11, 3))
    await first_of_december(world)
    for guardian in (piotr, anna):
        warm = guardian.say(WARM, child="Zofia Kowalska")
        assert _bare(warm) in _bare(report_of(guardian, "Zofia Kowalska").text)
        assert _bare(guardian.say(WARM, child="Jan Kowalski")) not in _bare(report_of(guardian, "Jan Kowalski").text)
        assert len(_bare(report_of(guardian, "Zofia Kowalska").text).strip().splitlines()) == 3


async def test_reports_are_made_once_for_those_who_may_read_them(world: World) -> None:
    roar = await shut_out(world)
    await world_change(world, "UPDATE account SET linked_at = '2026-12-01 08:00:00' WHERE person_id ="
                       " (SELECT id FROM person WHERE name = 'James Miller')")  # fmt: skip
    await first_of_december(world)
    [(reports, rows_)] = await world.rows("SELECT reports, (SELECT count(*) FROM monthly_report) FROM monthly_run")
    assert reports == rows_ > 90
    assert not holding(roar, "Sander Fjellheim")
    assert not holding(world.actor("James Miller"), "Sara Miller"), (
        "who joined after the month was over gets none of it"
    )
    for _ in range(3):
        await world.app.ticks.run("monthly")
    await world.forward(hours=20)
    ingrid = world.actor("Ingrid Berg")
    assert len(holding(ingrid, head(ingrid, "Noah Berg"))) == 1
    assert await world.rows("SELECT count(*) FROM monthly_run") == [(1,)]
    [(acts,)] = await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'monthly.make' AND actor_id IS NULL")
    assert acts == 1


async def test_nothing_goes_out_before_its_hour(world: World) -> None:
    await world.at(2026, 12, 1, 14, 59)
    await nothing_out(world)
    await first_of_december(world)
    assert report_of(world.actor("Ingrid Berg"), "Noah Berg").text


async def test_when_the_bot_was_down_it_catches_up_until_the_tenth(world: World) -> None:
    await world.at(2026, 12, 9, 9, 0)
    await reports_out(world, "2026-11-01")
    assert report_of(world.actor("Ingrid Berg"), "Noah Berg").text


async def test_after_the_tenth_it_is_too_late(world: World) -> None:
    await world.at(2026, 12, 11, 16, 0)
    await nothing_out(world)


async def test_a_report_caught_up_at_night_waits_for_the_morning(world: World) -> None:
    await world.at(2026, 12, 2, 23, 0)
    await reports_out(world, "2026-11-01")
    ingrid = world.actor("Ingrid Berg")
    assert not holding(ingrid, head(ingrid, "Noah Berg"))
    await world.at(2026, 12, 3, 7, 0)
    assert report_of(ingrid, "Noah Berg").text


async def test_a_school_that_wants_none_sends_none(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template, monthly_reports=False) as world:
        await world.at(2026, 12, 1, 15, 0)
        await nothing_out(world)


async def test_a_month_before_the_school_kept_anything_is_not_told(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template) as world:
        await world.at(2026, 12, 1, 15, 0)
        await reports_out(world, "2026-11-01")
        await away(world, "Noah Berg", date(2026, 12, 2))
        await world.at(2026, 12, 2, 15, 0)
        assert await world.rows("SELECT month, reports FROM monthly_run") == [("2026-11-01", 0)]
        assert await world.rows("SELECT count(*) FROM monthly_report") == [(0,)]


async def test_access_that_ends_before_the_report_arrives_ends_the_report(world: World) -> None:
    await world.at(2026, 12, 2, 23, 0)
    await reports_out(world, "2026-11-01")
    await block(world, "Ingrid Berg", "Noah Berg")
    await world.at(2026, 12, 3, 7, 0)
    ingrid = world.actor("Ingrid Berg")
    assert not holding(ingrid, head(ingrid, "Noah Berg"))


async def test_when_the_pupil_has_come_of_age_guardians_get_no_report(world: World) -> None:
    await world_change(world, "UPDATE pupil SET birth_date = '2008-11-30' WHERE name = 'Noah Berg'")
    await first_of_december(world)
    ingrid = world.actor("Ingrid Berg")
    assert not holding(ingrid, head(ingrid, "Noah Berg"))
    assert report_of(world.actor("Amina Haddad"), "Ali Haddad").text


async def test_signing_twice_is_signing_once_and_the_text_stays(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await first_of_december(world)
    before = report_of(ingrid, "Noah Berg").text
    result = await tap(ingrid, ingrid.say(READ), report_of(ingrid, "Noah Berg"))
    assert result.text == ingrid.say(THANKS)
    assert report_of(ingrid, "Noah Berg").text == before
    assert f"✅ {ingrid.say('You have read it')}" in labels(report_of(ingrid, "Noah Berg"))
    [(first,)] = await world.rows("SELECT signed_at FROM monthly_report WHERE signed_at IS NOT NULL")
    await world.forward(minutes=5)
    await tap(ingrid, ingrid.say("You have read it"), report_of(ingrid, "Noah Berg"))
    assert await world.rows("SELECT signed_at FROM monthly_report WHERE signed_at IS NOT NULL") == [(first,)]
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'monthly.sign'") == [(1,)]


async def test_a_comment_reaches_the_contact_teacher_with_its_month_and_is_answered(world: World) -> None:
    anna, piotr, kari = (world.actor(name) for name in ("Anna Kowalska", "Piotr Kowalski", "Kari Nordmann"))
    await away(world, "Zofia Kowalska", date(2026, 11, 3), source=AbsenceSource.SCHOOL)
    await first_of_december(world)
    await tap(anna, anna.say(COMMENT), report_of(anna, "Zofia Kowalska"))
    await write(anna, "Trzeciego była w szkole.")
    await anna.sees(anna.say("✅ Sent to {names}.", names="Kari Nordmann"))
    received = await kari.sees("Trzeciego była w szkole.")
    about = kari.say("📅 About the monthly report: {month}", month=month_name(kari.tr, NOVEMBER))
    assert about in received.text
    assert "Anna Kowalska" in received.text
    assert await signatures(world) == [("Zofia Kowalska", "Anna Kowalska")], "whoever comments has read it"
    assert await world.rows("SELECT count(*) FROM monthly_report WHERE commented_at IS NOT NULL") == [(1,)]
    await tap(kari, kari.say("Answer"), received)
    await write(kari, "Takk, det retter jeg.")
    await anna.sees("Takk, det retter jeg.")
    for text in ("Trzeciego", "Takk, det"):
        piotr.sees_not(text)


async def test_a_comment_can_be_left_unwritten(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await first_of_december(world)
    await tap(ingrid, ingrid.say(COMMENT), report_of(ingrid, "Noah Berg"))
    await tap(ingrid, ingrid.say("Cancel"))
    await write(ingrid, "Hei")
    kari.sees_not("📅 About")
    assert await signatures(world) == []


async def test_nobody_signs_or_comments_for_another_home(world: World) -> None:
    await first_of_december(world)
    [(report,)] = await world.rows(
        "SELECT r.id FROM monthly_report r JOIN person g ON g.id = r.person_id WHERE g.name = 'Ingrid Berg'"
    )
    for name in ("Amina Haddad", "Kari Nordmann"):
        other = world.actor(name)
        await write(other, "/menu")
        for data in (SignReport(report).pack(), CommentReport(report).pack(), SignReport(999_999).pack()):
            result = await forge(other, data)
            assert _bare(other.say(NOT_HERE)) in _bare(f"{result.text or ''}{other.screen()}")
    assert await signatures(world) == []
    ingrid = world.actor("Ingrid Berg")
    await block(world, "Ingrid Berg", "Noah Berg")
    await forge(ingrid, SignReport(report).pack())
    assert await signatures(world) == []


async def test_the_contact_teacher_sees_how_many_which_and_reminds_once(world: World) -> None:
    kari, ingrid, amina = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Amina Haddad"))
    await hub(kari)
    await kari.sees(kari.say("The next one goes out on {day}.", day=date(2026, 12, 1)))
    await first_of_december(world)
    await tap(ingrid, ingrid.say(READ), report_of(ingrid, "Noah Berg"))
    await hub(kari)
    [(homes, guardians)] = await world.rows(
        "SELECT count(DISTINCT r.pupil_id), count(*) FROM monthly_report r JOIN pupil p ON p.id = r.pupil_id"
        " JOIN school_class c ON c.id = p.class_id WHERE c.name = '5A'"
    )
    read = "{signed} of {n} home has read the report.", "{signed} of {n} homes have read the report."
    await kari.sees(counted(kari, *read, homes, signed=1))
    await tap(kari, kari.say("Which homes"))
    shown = kari.phone.last.text
    assert "✅ Noah Berg (Ingrid Berg)" in shown
    assert "⏳ Ali Haddad" in shown
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'monthly.names'") == [(1,)]
    await tap(kari, kari.say("Back"))
    [(noahs,)] = await world.rows(
        "SELECT count(*) FROM monthly_report r JOIN pupil p ON p.id = r.pupil_id WHERE p.name = 'Noah Berg'"
    )
    remind = str(kari.tr.ngettext("Remind {n} person", "Remind {n} people", guardians - noahs))
    await tap(kari, remind)
    asked = _bare(amina.say("I have read it"))
    reminder = await amina.sees("🔔")
    assert asked in _bare("".join(labels(reminder)))
    assert "Kari Nordmann" in reminder.text
    ingrid.sees_not("🔔")
    assert not kari.has_button("🔔", last=1), "once"
    await tap(amina, amina.say(READ), reminder)
    await hub(kari)
    await kari.sees(counted(kari, *read, homes, signed=2))
    result = await forge(kari, SignedReports(await class_id(world, "5A"), SignedView.REMIND).pack())
    assert _bare(kari.say(NobodyWaits.sentence)) in _bare(f"{result.text or ''}{kari.screen()}")
    assert len(holding(amina, "🔔")) == 1


async def test_a_subject_teacher_and_the_principal_see_numbers_only(world: World) -> None:
    nina, marit, tom = (world.actor(name) for name in ("Nina Sørli", "Marit Lund", "Tom Eide"))
    class_5a = await class_id(world, "5A")
    await first_of_december(world)
    for actor in (nina, marit):
        await hub(actor, "5A")
        assert "0" in actor.phone.last.text
        assert not actor.has_button("👥", last=1)
        assert not actor.has_button("🔔", last=1)
        for view in (SignedView.NAMES, SignedView.REMIND):
            result = await forge(actor, SignedReports(class_5a, view).pack())
            assert _bare(actor.say(NOT_HERE)) in _bare(f"{result.text or ''}{actor.screen()}")
        actor.sees_not("Noah Berg")
    await write(tom, "/menu")
    result = await forge(tom, SignedReports(class_5a).pack())
    assert _bare(tom.say(NOT_HERE)) in _bare(f"{result.text or ''}{tom.screen()}")
    assert await world.rows("SELECT count(*) FROM outgoing WHERE kind = 'reminder'") == [(0,)]


async def test_a_guardian_has_no_way_to_what_teachers_follow(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await first_of_december(world)
    await write(ingrid, "/menu")
    for data in (OpenPage(Page.FOLLOWUP).pack(), SignedReports(await class_id(world, "5A")).pack()):
        result = await forge(ingrid, data)
        assert _bare(ingrid.say(NOT_HERE)) in _bare(f"{result.text or ''}{ingrid.screen()}")
