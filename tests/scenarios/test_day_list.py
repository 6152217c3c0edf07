"""The list of the day: it comes by itself, stays one message, and follows everything (A4)."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

from bot.domain.absence_taps import ListStep
from bot.domain.errors import NotPermitted
from bot.domain.morning import NotYetOrOver, OldList
from storage.models import DayOff
from tests.scenarios.conftest import Template
from tests.scenarios.morning_steps import (
    DONE,
    LATE,
    MISSING,
    absence,
    day_list,
    forge_list,
    morning,
    next_list,
    report_ill,
    tap_name,
)
from tests.scenarios.notices_steps import labels, stored, tap, write
from tests.scenarios.world import Actor

EMPTY = "☀️ Nobody is reported absent. A good morning to all of you!"
HERE = ("{here} of {n} pupil is here.", "{here} of {n} are here.")
IN_5A = 23


def lists(teacher: Actor) -> list[str]:
    """Return all lists that a teacher ever got, as they stand now."""
    return [m.text for m in teacher.phone.messages if m.from_bot and m.text.startswith("📋")]


def here(teacher: Actor, n: int, of: int = IN_5A) -> str:
    return str(teacher.tr.ngettext(*HERE, of, here=n))


async def test_list_comes_by_itself_before_school_silently_and_once(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 7, 30) as world:
        kari, tom, nina, marit = (world.actor(n) for n in ("Kari Nordmann", "Tom Eide", "Nina Sørli", "Marit Lund"))
        await world.at(2026, 11, 23, 7, 59)
        assert not lists(kari)
        await world.at(2026, 11, 23, 8, 0)
        await kari.sees(kari.say(EMPTY))
        assert day_list(kari).silent
        assert here(kari, IN_5A) in day_list(kari).text
        assert "5A" in day_list(kari).text
        assert "2B" in day_list(tom).text
        assert not lists(nina), "only contact teachers get it unasked"
        assert not lists(marit)
        await world.at(2026, 11, 23, 9, 0)
        assert len(lists(kari)) == 1
        await next_list(kari, 2026, 11, 24, 8, 1)
        assert len(lists(kari)) == 2, "the next day has its own"


async def test_list_comes_late_after_a_restart_and_never_after_school_or_in_the_weekend(
    tmp_path: Path, template: Template
) -> None:
    async with morning(tmp_path, template, 13, 59) as world:
        assert len(lists(world.actor("Kari Nordmann"))) == 1
        await world.at(2026, 11, 28, 9, 0)  # a Saturday
        assert len(lists(world.actor("Kari Nordmann"))) == 1
    (tmp_path / "late").mkdir()
    async with morning(tmp_path / "late", template, 14, 1) as world:
        assert not lists(world.actor("Kari Nordmann"))


async def test_home_reports_early_and_the_list_comes_with_it_when_quiet_hours_end(
    tmp_path: Path, template: Template
) -> None:
    async with morning(tmp_path, template, 6, 20) as world:
        kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
        await report_ill(amina)
        assert not lists(kari)
        await world.at(2026, 11, 23, 7, 1)
        shown = day_list(kari).text
        assert "Ali Haddad" in shown
        assert kari.say("{what}, told by the home", what=kari.say("illness")) in shown
        assert here(kari, IN_5A - 1) in shown
        await world.at(2026, 11, 23, 8, 5)
        assert len(lists(kari)) == 1


async def test_list_changes_in_place_when_homes_report(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template) as world:
        kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
        before = day_list(kari)
        await report_ill(james)
        assert day_list(kari).id == before.id
        assert "Sara Miller" in day_list(kari).text
        assert kari.say("<b>Absent ({n})</b>", n=1).replace("<b>", "").replace("</b>", "") in day_list(kari).text


async def test_teacher_opens_the_list_anew_and_the_old_message_says_so(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template) as world:
        kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
        old = day_list(kari)
        taps = [button.data for row in old.buttons for button in row]
        await write(kari, "/today")
        new = day_list(kari)
        assert new.id > old.id
        assert not old.buttons
        assert old.text == kari.say(
            "📋 {school_class}, {day}: the list stands further down now.", school_class="5A", day=date(2026, 11, 23)
        )
        await report_ill(james)
        assert "Sara Miller" in day_list(kari).text
        assert "Sara Miller" not in old.text
        assert taps[0] is not None
        await kari.phone.tap_data(taps[0], old)
        await world.idle()
        assert "Sara Miller" not in old.text, "an old message never shows an old list"


async def test_who_leads_or_teaches_several_classes_chooses(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template) as world:
        nina, marit, james = (world.actor(n) for n in ("Nina Sørli", "Marit Lund", "James Miller"))
        await report_ill(james)
        await write(nina, "/today")
        choice = labels(nina.phone.last)
        assert [label for label in choice if label.startswith(("5A", "8C", "2B"))] == [
            nina.say("{school_class} · {n} absent", school_class="5A", n=1),
            nina.say("{school_class} · {n} absent", school_class="8C", n=0),
        ]
        await tap(nina, "5A")
        assert "Sara Miller" in day_list(nina).text
        await write(marit, "/today")
        assert sum(label.startswith(("5A", "8C", "2B")) for label in labels(marit.phone.last)) == 3
        await tap(marit, "5A")
        assert "Sara Miller" in day_list(marit).text
        amina = world.actor("Amina Haddad")
        await report_ill(amina)
        for reader in (nina, marit, world.actor("Kari Nordmann")):
            assert "Ali Haddad" in day_list(reader).text


async def test_weekend_says_why_and_shows_what_is_known_of_monday(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template) as world:
        kari, marit = world.actor("Kari Nordmann"), world.actor("Marit Lund")
        await world.at(2026, 11, 28, 11, 0)
        await report_ill(world.actor("James Miller"))  # the first that he is offered is Monday
        await write(kari, "/today")
        await kari.sees(kari.say("{day} is in the weekend: no school.", day=date(2026, 11, 28)))
        assert kari.say("The next school day is {day}. Known so far:", day=date(2026, 11, 30)) in kari.phone.last.text
        assert kari.say("• {name}: {what}", name="Sara Miller", what=kari.say("illness")) in kari.phone.last.text
        await write(world.actor("Tom Eide"), "/today")
        assert kari.say("nobody is reported absent.") in world.actor("Tom Eide").phone.last.text
        await write(marit, "/today")
        await marit.sees(marit.say("The next school day is {day}. Known so far:", day=date(2026, 11, 30)))


async def test_late_pupil_is_marked_by_a_tap_and_taken_back_by_another(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari = world.actor("Kari Nordmann")
        await tap(kari, kari.say(LATE), day_list(kari))
        await tap_name(kari, "Noah Berg")
        assert await absence(world, "Noah Berg") == ("late", "unknown", "school", "active", 1)
        await tap_name(kari, "Noah Berg")
        assert (await absence(world, "Noah Berg") or ())[3] == "withdrawn"
        await tap_name(kari, "Noah Berg")
        await tap(kari, kari.say(DONE), day_list(kari))
        assert kari.say("came at {time}", time=time(8, 40)) in day_list(kari).text
        assert here(kari, IN_5A) in day_list(kari).text


async def test_marking_goes_on_while_the_list_is_drawn_anew(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template) as world:
        kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
        await tap(kari, kari.say(MISSING), day_list(kari))
        await report_ill(james)
        assert kari.say(DONE) in "".join(labels(day_list(kari))), "the teacher is still marking"


async def test_marking_is_refused_before_the_morning_on_old_lists_and_after_school(
    tmp_path: Path, template: Template
) -> None:
    async with morning(tmp_path, template, 7, 0) as world:
        kari = world.actor("Kari Nordmann")
        await write(kari, "/today")
        result = await forge_list(kari, ListStep.MARK, "5A", "Noah Berg")
        assert result.text == kari.say(NotYetOrOver.sentence, start=time(8), end=time(14))
        monday = world.clock.now().date()
        await world.at(2026, 11, 23, 14, 0)
        result = await forge_list(kari, ListStep.MARK, "5A", "Noah Berg")
        assert result.text == kari.say(NotYetOrOver.sentence, start=time(8), end=time(14))
        old = day_list(kari)
        await next_list(kari, 2026, 11, 24, 9, 0)
        result = await kari.phone.tap(kari.say(MISSING), message=old)
        assert result.text == kari.say(OldList.sentence, day=monday)
        assert await stored(world, "count(*) FROM absence") == [(0,)]


async def test_teacher_of_another_class_cannot_mark_or_open(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template) as world:
        tom, ingrid, kari = (world.actor(n) for n in ("Tom Eide", "Ingrid Berg", "Kari Nordmann"))
        for step in ListStep:
            for stranger in (tom, ingrid):
                result = await forge_list(stranger, step, "5A", "Noah Berg")
                assert result.text == stranger.say(NotPermitted.sentence), step
        result = await forge_list(kari, ListStep.MARK, "5A", "Jan Kowalski")
        assert result.text == kari.say(NotPermitted.sentence), "the pupil is not of that class"
        await write(ingrid, "/today")
        assert ingrid.say(NotPermitted.sentence) in ingrid.phone.last.text
        assert await stored(world, "count(*) FROM absence") == [(0,)]


async def test_no_list_on_a_day_that_the_school_is_closed(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 13, 50) as world:
        kari = world.actor("Kari Nordmann")
        tuesday = date(2026, 11, 24)
        async with world.unit_of_work() as uow:
            uow.session.add(DayOff(first=tuesday, last=tuesday, name="Planleggingsdag"))
            await uow.commit()
        await world.at(2026, 11, 24, 9, 0)
        await world.app.ticks.run("lists")
        await write(kari, "/today")
        assert kari.say("The school is closed on {day} ({name}).", day=tuesday, name="Planleggingsdag") in (
            kari.phone.last.text
        )
        assert len(lists(kari)) == 1, "Monday's alone"
        result = await forge_list(kari, ListStep.OPEN, "5A", "Noah Berg")
        assert result.text == kari.say(NotPermitted.sentence)


async def test_teacher_who_comes_back_late_gets_the_list_then(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 7, 30) as world:
        kari = world.actor("Kari Nordmann")
        await kari.phone.block()
        await world.idle()
        await world.at(2026, 11, 23, 9, 0)
        await world.app.ticks.run("lists")
        await world.idle()
        assert not lists(kari)
        await kari.phone.unblock()
        await world.idle()
        await kari.sees(kari.say(EMPTY))
        assert len(lists(kari)) == 1
