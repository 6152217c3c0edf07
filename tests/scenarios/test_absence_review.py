"""Who may see and do what in the absence work, where two rules meet (P3, P4, P7, A3, A5, A9)."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.absence import AbsenceDraft, AbsenceKind, AbsenceReason
from bot.domain.absence_taps import AbsenceReceipt, ListStep, ReceiptStep
from bot.domain.checkin import CheckinOver
from bot.domain.leave_taps import DecideLeave, DecideStep
from tests.scenarios.absence_steps import TODAY, absences, forge_report, pupil_id
from tests.scenarios.conftest import Template
from tests.scenarios.followup_steps import world_change
from tests.scenarios.leave_steps import ask_leave, grant, stored_leave
from tests.scenarios.morning_steps import (
    absence,
    ask_home,
    calls,
    day_list,
    forge_list,
    inquiry,
    morning,
    questions,
    report_ill,
)
from tests.scenarios.notices_steps import forge, holding, labels, tap, write
from tests.scenarios.steps import PEOPLE, STAFF, import_files, without
from tests.scenarios.test_checkins import HERE_LINE, NOT_TODAY, arrange, question_of
from tests.scenarios.world import World


async def make_guardian(world: World, person: str, pupil: str, *, blocked: bool = False) -> None:
    """Make somebody a guardian of a pupil beside those of the files."""
    await world_change(
        world,
        "INSERT INTO guardianship (person_id, pupil_id, relation, blocked)"
        " VALUES (:person, :pupil, 'father', :blocked)",
        person=world.known[person].person_id, pupil=await pupil_id(world, pupil), blocked=blocked,
    )  # fmt: skip


@pytest.mark.parametrize("reason", [AbsenceReason.LEAVE, AbsenceReason.UNKNOWN])
async def test_a_home_grants_itself_no_leave_by_a_made_up_button(world: World, reason: AbsenceReason) -> None:
    ingrid = world.actor("Ingrid Berg")
    noah = await pupil_id(world, "Noah Berg")
    draft = AbsenceDraft((noah,), TODAY + timedelta(days=1), TODAY + timedelta(days=1), AbsenceKind.ABSENT, reason)
    await forge_report(ingrid, draft)
    assert await absences(world) == []


async def test_also_tomorrow_prolongs_no_leave(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await ask_leave(ingrid, "14.12", "14.12", "Vi skal til byen")
    await tap(kari, grant(kari), await kari.sees("Vi skal til byen"))
    noah, day = await pupil_id(world, "Noah Berg"), TODAY + timedelta(days=21)
    await world.at(2026, 12, 13, 12, 0)
    granted = AbsenceDraft((noah,), day, day, AbsenceKind.ABSENT, AbsenceReason.ILL)
    await forge(ingrid, AbsenceReceipt(ReceiptStep.EXTEND, granted).pack())
    assert [row[1] for row in await absences(world)] == ["2026-12-14"], "only the school grants leave"


async def test_a_list_of_a_class_without_contact_teacher_follows_too(world: World) -> None:
    ingrid, nina = world.actor("Ingrid Berg"), world.actor("Nina Sørli")
    await world_change(world, "UPDATE class_staff SET is_contact = 0")
    await write(nina, "/today")
    await tap(nina, "5A")
    assert "Noah Berg" not in day_list(nina).text
    await report_ill(ingrid)
    assert "Noah Berg" in day_list(nina).text


async def test_who_has_come_late_stays_so_whatever_the_home_reports_then(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 45) as world:
        ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
        await forge_list(kari, ListStep.CAME_LATE, "5A", "Noah Berg")
        assert await absence(world, "Noah Berg") == ("late", "unknown", "school", "active", 1)
        noah = await pupil_id(world, "Noah Berg")
        late = AbsenceDraft((noah,), TODAY, TODAY, AbsenceKind.LATE, AbsenceReason.APPOINTMENT, None, time(9))
        await forge_report(ingrid, late)
        assert await absence(world, "Noah Berg") == ("late", "appointment", "home", "active", 1)
        assert kari.say("came at {time}", time=time(8, 45)) in day_list(kari).text
        await forge(ingrid, AbsenceReceipt(ReceiptStep.WITHDRAW, late).pack())
        assert await absence(world, "Noah Berg") == ("late", "appointment", "home", "active", 1), "it was noticed here"


async def test_who_was_missing_is_missing_again_when_the_home_takes_its_answer_back(
    tmp_path: Path, template: Template
) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
        await ask_home(kari, "Noah Berg")
        (question,) = questions(ingrid, "Noah Berg")
        await tap(ingrid, ingrid.say("Ill"), question)
        noah = await pupil_id(world, "Noah Berg")
        ill = AbsenceDraft((noah,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
        await forge(lars, AbsenceReceipt(ReceiptStep.WITHDRAW, ill).pack())
        assert await absence(world, "Noah Berg") == ("absent", "unknown", "school", "active", 0)
        await world.forward(seconds=21)
        assert questions(ingrid, "Noah Berg") or questions(lars, "Noah Berg"), "nobody has seen the pupil"
        assert kari.say("the home was asked at {time}", time=time(8, 40)) in day_list(kari).text
        await forge(lars, AbsenceReceipt(ReceiptStep.WITHDRAW, ill).pack())
        assert (await inquiry(world, "Noah Berg"))["round"] == 2, "a second tap asks nobody again"


async def test_nobody_is_to_phone_about_a_pupil_who_has_left(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari = world.actor("Kari Nordmann")
        await ask_home(kari, "Noah Berg")
        await import_files(world, people=without(PEOPLE, "Noah Berg"))
        await world.forward(minutes=20)
        assert not calls(kari, "Noah Berg")
        assert (await inquiry(world, "Noah Berg"))["due_at"] is None


async def test_a_request_that_waits_overnight_does_not_reach_who_has_lost_the_class(world: World) -> None:
    ingrid, kari, tom = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Tom Eide"))
    await world.at(2026, 11, 23, 22, 30)
    await ask_leave(ingrid, "14.12", "14.12", "Vi skal til byen")
    changed = STAFF.replace("contact_teacher,2B,", "contact_teacher,2B 5A,").replace(
        "contact_teacher,5A,", "contact_teacher,8C,"
    )
    await import_files(world, staff=changed)
    await world.at(2026, 11, 24, 9, 0)
    kari.sees_not("Vi skal til byen")
    tom.sees_not("Vi skal til byen")  # finds it on the page, and is reminded when its time has come
    await write(tom, "/leave")
    assert any("Noah Berg" in label for label in labels(tom.phone.last))


@pytest.mark.parametrize("blocked", [True, False])
async def test_a_guardian_at_the_school_decides_on_no_own_child_whatever_has_ended_the_access(
    world: World, blocked: bool
) -> None:
    ingrid, marit, geir = (world.actor(name) for name in ("Ingrid Berg", "Marit Lund", "Geir Moen"))
    await make_guardian(world, "Marit Lund", "Noah Berg", blocked=blocked)
    if not blocked:  # a pupil of age, who asks alone
        await world_change(world, "UPDATE pupil SET birth_date = '2008-01-10' WHERE name = 'Noah Berg'")
        await world_change(
            world, "UPDATE guardianship SET relation = 'self' WHERE person_id = :me",
            me=world.known["Ingrid Berg"].person_id,
        )  # fmt: skip
    await ask_leave(ingrid, "14.12", "18.12", "Vi skal til byen")
    marit.sees_not("Vi skal til byen")
    assert holding(geir, "Vi skal til byen")
    [(request,)] = await world.rows("SELECT id FROM leave_request")
    for step in (DecideStep.SHOW, DecideStep.GRANT):
        await forge(marit, DecideLeave(request, 1, step).pack())
    marit.sees_not("Vi skal til byen")
    assert [row[1] for row in await stored_leave(world)] == ["asked"]
    await write(marit, "/leave")
    assert not any("Noah Berg" in label for label in labels(marit.phone.last))


async def test_nobody_is_told_in_the_evening_that_a_pupil_is_here(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await arrange(kari, "Noah Berg")
    await world.at(2026, 11, 24, 7, 0)
    await tap(ingrid, ingrid.say(NOT_TODAY), await question_of(ingrid, "Noah Berg"))
    heard = await kari.sees("Noah Berg")
    await world.at(2026, 11, 24, 22, 30)
    result = await kari.taps(kari.say("{child} is here", child="Noah Berg"), heard)
    assert result.text == kari.say(CheckinOver.sentence)
    await world.idle()
    assert not holding(ingrid, ingrid.say(HERE_LINE, child="Noah Berg", name="Kari Nordmann"))
