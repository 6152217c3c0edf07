"""A home reports absence by tapping (A1, A4): at most four taps, changed in one, seen by whom it concerns."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.actions.absence.words import absence_text
from bot.domain.absence import AbsenceDraft, AbsenceKind, AbsenceReason
from bot.domain.absence_taps import AbsenceReceipt, ReceiptStep
from bot.i18n import texts
from tests.scenarios.absence_steps import (
    ALREADY,
    REPORTED,
    TAKE_BACK,
    TAKEN_BACK,
    TODAY,
    absences,
    days,
    forge_report,
    pupil_id,
    report_by_tapping,
)
from tests.scenarios.conftest import Template
from tests.scenarios.interpreter_steps import promised
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, readers, tap, write
from tests.scenarios.world import OSLO, Actor, World, open_world

ILL, LATE, PART = "Ill: {day}", "Comes late", "Part of the day"
LINE = "ℹ️ {child} is reported absent {days}: {what}."


def ill_today(reader: Actor) -> str:
    today = reader.tr.pgettext("button", "today")
    return "🤒 " + reader.say(ILL, day=today)


def line(
    reader: Actor, child: str, first: date, last: date | None = None, reason: AbsenceReason = AbsenceReason.ILL
) -> str:
    what = absence_text(texts(reader.language).plain, AbsenceKind.ABSENT, reason)
    return reader.say(LINE, child=child, days=days(reader, first, last), what=what)


@pytest.mark.parametrize(
    ("name", "child", "other"),
    [
        ("Ingrid Berg", "Noah Berg", "Lars Berg"),
        ("James Miller", "Sara Miller", "Silje Moe Miller"),
        ("Amina Haddad", "Ali Haddad", "Omar Haddad"),
        ("Piotr Kowalski", "Zofia Kowalska", "Anna Kowalska"),
    ],
)
async def test_ill_today_is_three_taps_and_everybody_it_concerns_knows(
    world: World, name: str, child: str, other: str
) -> None:
    guardian, partner = world.actor(name), world.actor(other)
    await write(guardian, "/menu")
    await tap(guardian, guardian.say("Report absence"))
    if name == "Piotr Kowalski":
        await tap(guardian, child)
    await tap(guardian, ill_today(guardian))
    receipt = await guardian.sees(guardian.say(REPORTED))
    assert child in receipt.text
    assert guardian.say("{names} can see it now.", names="Kari Nordmann") in receipt.text
    assert guardian.say("A quiet line goes to: {names}.", names=other) in receipt.text
    told = await partner.sees(line(partner, child, TODAY))
    assert told.silent
    assert readers(world, line(partner, child, TODAY)) == {other}
    assert await absences(world) == [(child, "2026-11-23", "absent", "ill", "active", "home")]
    kari = world.actor("Kari Nordmann")
    await kari.sees(child)


async def test_second_tap_and_second_guardian_make_one_absence(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await report_by_tapping(ingrid, ill_today(ingrid))
    await ingrid.sees(ingrid.say(REPORTED))
    noah = await pupil_id(world, "Noah Berg")
    draft = AbsenceDraft((noah,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
    await forge_report(ingrid, draft)
    await ingrid.sees(ingrid.say(ALREADY))
    await report_by_tapping(lars, ill_today(lars))
    told = await lars.sees(lars.say(ALREADY))
    assert "Ingrid Berg" not in told.text, "no line goes out, so none is promised"
    assert await absences(world) == [("Noah Berg", "2026-11-23", "absent", "ill", "active", "home")]
    assert len(holding(lars, line(lars, "Noah Berg", TODAY))) == 1
    assert holding(ingrid, line(ingrid, "Noah Berg", TODAY)) == []


async def test_two_children_in_two_classes_in_one_report(world: World) -> None:
    piotr, anna = world.actor("Piotr Kowalski"), world.actor("Anna Kowalska")
    await write(piotr, "/absence")
    await tap(piotr, piotr.say("All: {names}", names=texts("pl").plain.list(["Jan", "Zofia"])))
    await tap(piotr, ill_today(piotr))
    receipt = await piotr.sees(piotr.say(REPORTED))
    assert "Jan Kowalski" in receipt.text
    assert "Tom Eide" in receipt.text
    assert "Kari Nordmann" in receipt.text
    await anna.sees(line(anna, "Jan Kowalski", TODAY))
    await anna.sees(line(anna, "Zofia Kowalska", TODAY))
    assert [row[0] for row in await absences(world)] == ["Jan Kowalski", "Zofia Kowalska"]
    kari, tom = world.actor("Kari Nordmann"), world.actor("Tom Eide")
    await tom.sees("Jan Kowalski")
    kari.sees_not("Jan Kowalski")


async def test_also_tomorrow_shorter_and_taken_back_each_in_one_tap(world: World) -> None:
    amina, omar = world.actor("Amina Haddad"), world.actor("Omar Haddad")
    await report_by_tapping(amina, ill_today(amina))
    await tap(amina, amina.say("Also tomorrow"))
    assert [row[1] for row in await absences(world)] == ["2026-11-23", "2026-11-24"]
    await omar.sees(line(omar, "Ali Haddad", date(2026, 11, 24)))
    await tap(amina, amina.say("Also {day}", day=texts("ar").plain.value(texts("ar").short_day(date(2026, 11, 25)))))
    await amina.sees(days(amina, TODAY, date(2026, 11, 25)))
    await tap(amina, amina.say("Shorter"))
    await tap(amina, texts("ar").short_day(date(2026, 11, 24)))
    active = [row[1] for row in await absences(world) if row[4] == "active"]
    assert active == ["2026-11-23", "2026-11-24"]
    await tap(amina, amina.say(TAKE_BACK))
    taken = days(amina, TODAY, date(2026, 11, 24))
    await amina.sees(amina.say(TAKEN_BACK, names="Ali Haddad", days=taken))
    assert {row[4] for row in await absences(world)} == {"withdrawn"}
    gone = omar.say(
        "ℹ️ {child} comes to school after all {days}: the absence was taken back.",
        child="Ali Haddad",
        days=days(omar, TODAY, date(2026, 11, 24)),
    )
    await omar.sees(gone)
    await tap(amina, amina.say("Report it again"))
    await amina.sees(amina.say(REPORTED))
    assert [row[4] for row in await absences(world)] == ["active", "active", "withdrawn"]


async def test_a_second_tap_on_take_back_changes_nothing_and_says_so(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await report_by_tapping(ingrid, ill_today(ingrid))
    noah = await pupil_id(world, "Noah Berg")
    draft = AbsenceDraft((noah,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
    for _ in range(2):
        await forge(ingrid, AbsenceReceipt(ReceiptStep.WITHDRAW, draft).pack())
    said = ingrid.say(TAKEN_BACK, names="Noah Berg", days=days(ingrid, TODAY))
    await ingrid.sees(said)
    taken_back = "ℹ️ {child} comes to school after all {days}: the absence was taken back."
    assert len(holding(lars, lars.say(taken_back, child="Noah Berg", days=days(lars, TODAY)))) == 1


async def test_late_and_part_of_the_day_with_their_times(world: World) -> None:
    james, silje = world.actor("James Miller"), world.actor("Silje Moe Miller")
    await report_by_tapping(james, james.say(LATE))
    await tap(james, "10:30")
    await tap(james, "Appointment")
    await silje.sees("10:30")
    assert await absences(world) == [("Sara Miller", "2026-11-23", "late", "appointment", "active", "home")]
    await report_by_tapping(james, james.say(PART))
    await tap(james, "11:30")
    await tap(james, "12:30")
    await tap(james, "Appointment")
    receipt = await james.sees(james.say(REPORTED))
    assert "11:30" in receipt.text
    assert "12:30" in receipt.text
    [row] = await world.rows("SELECT kind, starts, ends FROM absence")
    assert row[0] == "part"
    assert str(row[1]).startswith("11:30")


async def test_a_range_on_the_small_calendar_skips_the_weekend(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/absence")
    await tap(ingrid, ingrid.say("Other days or reason"))
    nb = texts("nb")
    shown = labels(ingrid.phone.last)
    assert not any(nb.short_day(date(2026, 11, day)) in label for label in shown for day in (28, 29))
    await tap(ingrid, nb.short_day(date(2026, 11, 26)))
    await ingrid.sees(ingrid.say("From {day}. Until when?", day=date(2026, 11, 26)))
    await tap(ingrid, nb.short_day(date(2026, 12, 1)))
    await tap(ingrid, ingrid.say("The whole day"))
    await tap(ingrid, ingrid.say("another reason").capitalize())
    receipt = await ingrid.sees(ingrid.say(REPORTED))
    assert ingrid.say("{names} will see it on the day’s list.", names="Kari Nordmann") in receipt.text
    stored = [row[1] for row in await absences(world)]
    assert stored == ["2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"]


async def test_days_that_do_not_fit_say_why_and_lead_on(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    noah = await pupil_id(world, "Noah Berg")
    ill = AbsenceDraft((noah,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
    cases = {
        (date(2026, 11, 20), date(2026, 11, 20)): ingrid.say(
            "{day} is over and cannot be changed here. Write to the teacher about it.", day=date(2026, 11, 20)
        ),
        (date(2026, 11, 28), date(2026, 11, 29)): ingrid.say(
            "{day} is in the weekend: no school.", day=date(2026, 11, 28)
        ),
        (date(2027, 2, 1), date(2027, 2, 1)): ingrid.say(
            "{day} is still far away. From {first} on you can report it; before that, ask for leave.",
            day=date(2027, 2, 1),
            first=date(2027, 1, 2),
        ),
        (date(2026, 11, 30), date(2026, 12, 18)): ingrid.say(
            "A report covers at most {n} school days. For a longer time ask for leave, or write to the teacher.", n=10
        ),
    }
    for (first, last), said in cases.items():
        await forge_report(ingrid, ill.with_days(first, last))
        await ingrid.sees(said)
    assert await absences(world) == []
    await forge_report(ingrid, ill.with_days(date(2026, 11, 28)))
    await tap(ingrid, ingrid.say("Report it for {day}", day=texts("nb").short_day(date(2026, 11, 30))))
    await tap(ingrid, ingrid.say("Yes, report it"))
    assert [row[1] for row in await absences(world)] == ["2026-11-30"]


async def test_after_school_today_is_over_and_tomorrow_is_offered(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await world.at(2026, 11, 23, 14, 5)
    await write(ingrid, "/absence")
    await ingrid.sees(ingrid.say("There is no more school today."))
    assert not ingrid.has_button(ill_today(ingrid), last=1)
    noah = await pupil_id(world, "Noah Berg")
    await forge_report(ingrid, AbsenceDraft((noah,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL))
    await ingrid.sees(ingrid.say("School is over for today. Choose another day, or write to the teacher about today."))
    assert await absences(world) == []


async def test_nobody_reports_for_anothers_child(world: World) -> None:
    ingrid, yusuf, kari = (world.actor(name) for name in ("Ingrid Berg", "Yusuf Rahman", "Kari Nordmann"))
    await promised(world)
    ali = await pupil_id(world, "Ali Haddad")
    draft = AbsenceDraft((ali,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
    for actor in (ingrid, yusuf, kari):
        result = await forge(actor, f"ad|y|{draft.encode()}")
        assert actor.say(NOT_HERE) in (result.text or "")
        await forge(actor, f"ar|w|{draft.encode()}")
    for made_up in (
        "ad|y|",
        "ad|y|,,,,,,",
        "ad|y|zzzzzzz,fuy0,0,a,i,,",
        "ar|x|1,fuy0,999,a,i,,",
        "ac|1|99999|1,fuy0,0,,,,",
    ):
        await forge(ingrid, made_up)
    assert await absences(world) == []
    assert await world.rows("SELECT count(*) FROM set_aside_update") == [(0,)]


async def test_blocked_guardian_reports_nothing_and_hears_nothing(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    noah = await pupil_id(world, "Noah Berg")
    async with world.unit_of_work() as uow:
        from storage.models import Guardianship

        tie = await uow.session.get(Guardianship, (noah, lars.known.person_id))
        assert tie is not None
        tie.blocked = True
        await uow.commit()
    await report_by_tapping(ingrid, ill_today(ingrid))
    receipt = await ingrid.sees(ingrid.say(REPORTED))
    assert "Lars" not in receipt.text
    lars.sees_not("Noah")


async def test_reporting_in_the_evening_disturbs_nobody_before_the_morning(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await world.at(2026, 11, 23, 22, 0)
    nb = texts("nb")
    await report_by_tapping(ingrid, ingrid.say(ILL, day=nb.short_day(date(2026, 11, 24))))
    await ingrid.sees(ingrid.say(REPORTED))
    lars.sees_not("Noah")
    await world.at(2026, 11, 24, 7, 0)
    await lars.sees("Noah Berg")


async def test_what_was_reported_before_stands_on_the_days_first_list(tmp_path: Path, template: Template) -> None:
    start = datetime(2026, 11, 23, 18, 0, tzinfo=OSLO)
    async with open_world(tmp_path, *template, start=start, list_minutes=30) as world:
        ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
        await report_by_tapping(ingrid, ingrid.say(ILL, day=texts("nb").short_day(date(2026, 11, 24))))
        await ingrid.sees(ingrid.say(REPORTED))
        await world.at(2026, 11, 24, 7, 59)
        kari.sees_not("Noah Berg")
        await world.at(2026, 11, 24, 8, 0)
        listed = await kari.sees("Noah Berg")
        assert listed.silent
