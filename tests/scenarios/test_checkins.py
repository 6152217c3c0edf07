"""School refusal: a morning check-in between one home and the adults around the pupil (A9)."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import sqlalchemy as sa

from bot.actions.absence.record import Facts, record
from bot.app import App
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.checkin import CheckinOver, NotAMorning, NotForThisPupil, SomebodyNeeded
from bot.domain.errors import NotPermitted
from bot.simulator import SimMessage
from tests.scenarios.conftest import Template
from tests.scenarios.leave_steps import OLD_BUTTON, last_text, said
from tests.scenarios.notices_steps import forge, holding, labels, readers, tap, write
from tests.scenarios.steps import PEOPLE, STAFF, block, import_files
from tests.scenarios.world import Actor, World, open_world

QUESTION = "☀️ Good morning. How does it look for {child} today?"
AS_PLANNED, LATER, NOT_TODAY, CALL_ME = "As planned", "Later today", "Not today", "Please call me"
PLANNED_TOLD = "🌅 <b>{child}</b>: the morning goes as planned, says {guardian}."
LATER_TOLD = "🕘 <b>{child}</b> comes later today, says {guardian}."
AWAY_TOLD = "🏠 <b>{child}</b> stays at home today, says {guardian}."
NOT_ANSWERED = "🌅 Nobody at the home of {child} has answered this morning yet."
HERE_NOTED = "🌟 <b>{child} is here</b>, since {time}, noted by {name}."
HERE_LINE = "🌟 {child} is here. A good day to you from {name}."


async def arrange(teacher: Actor, pupil: str, *, time: str = "07:00", only: tuple[str, ...] = ()) -> None:
    """Arrange a check-in for a pupil of the only class, for four weeks; `only` are people to take off the lists."""
    await write(teacher, "/checkins")
    await tap(teacher, teacher.say("New arrangement"))
    if teacher.has_button("5A", last=1):
        await tap(teacher, "5A")
    while not teacher.has_button(pupil, last=1):
        await tap(teacher, "▶️")
    await tap(teacher, pupil)
    await tap(teacher, teacher.say("Go on"))
    await tap(teacher, time)
    await tap(teacher, str(teacher.tr.ngettext("{n} week: {day}", "{n} weeks: {day}", 4, day="")))
    for _ in range(2):
        for name in only:
            if teacher.has_button("✅ " + name, last=1):
                await tap(teacher, "✅ " + name)
        await tap(teacher, teacher.say("Go on"))
    await tap(teacher, teacher.say("Start the check-in"))


async def question_of(guardian: Actor, child: str) -> SimMessage:
    """Return the newest question of the morning at a guardian."""
    return await guardian.sees(guardian.say(QUESTION, child=child))


async def absences(world: World, name: str) -> list[tuple[object, ...]]:
    """Return (day, kind, reason, source) of a pupil's active absences."""
    rows = await world.rows(
        "SELECT a.day, a.kind, a.reason, a.source FROM absence a JOIN pupil p ON p.id = a.pupil_id"
        " WHERE p.name = :name AND a.state = 'active' ORDER BY a.day",
        name=name,
    )
    return [tuple(row) for row in rows]


async def test_a_week_of_mornings_with_a_home_that_reads_arabic(world: World) -> None:
    amina, omar, kari = (world.actor(name) for name in ("Amina Haddad", "Omar Haddad", "Kari Nordmann"))
    await arrange(kari, "Ali Haddad")
    for guardian in (amina, omar):
        told = guardian.phone.last
        assert "Kari Nordmann" in told.text
        assert labels(told) == ["📞 " + guardian.say("Please call me about this")]
        assert not holding(guardian, guardian.say(QUESTION, child="Ali Haddad")), "it is past the morning"
    # Tuesday: as planned, and the pupil comes
    await world.at(2026, 11, 24, 7, 0)
    asked = await question_of(amina, "Ali Haddad")
    assert [label[2:] for label in labels(asked)] == [amina.say(one) for one in (AS_PLANNED, LATER, NOT_TODAY, CALL_ME)]
    await tap(amina, amina.say(AS_PLANNED), asked)
    heard = await kari.sees(said(kari, PLANNED_TOLD, child="Ali Haddad", guardian="Amina Haddad"))
    assert await absences(world, "Ali Haddad") == []
    await tap(kari, kari.say("{child} is here", child="Ali Haddad"), heard)
    for guardian in (amina, omar):
        await guardian.sees(guardian.say(HERE_LINE, child="Ali Haddad", name="Kari Nordmann"))
    # Wednesday: later, then not today after all, then as planned
    await world.at(2026, 11, 25, 7, 0)
    asked = await question_of(amina, "Ali Haddad")
    await tap(amina, amina.say(LATER), asked)
    await kari.sees(said(kari, LATER_TOLD, child="Ali Haddad", guardian="Amina Haddad"))
    assert await absences(world, "Ali Haddad") == [("2026-11-25", "late", "other", "home")]
    await tap(amina, amina.say(NOT_TODAY), asked)
    await kari.sees(said(kari, AWAY_TOLD, child="Ali Haddad", guardian="Amina Haddad"))
    assert await absences(world, "Ali Haddad") == [("2026-11-25", "absent", "other", "home")]
    await tap(amina, amina.say(AS_PLANNED), asked)
    assert await absences(world, "Ali Haddad") == []
    # Thursday: nobody answers, the adults are told once, quietly, when school begins
    await world.at(2026, 11, 26, 7, 0)
    await world.at(2026, 11, 26, 8, 29)
    assert not holding(kari, kari.say(NOT_ANSWERED, child="Ali Haddad"))
    await world.at(2026, 11, 26, 8, 30)
    (quiet,) = holding(kari, kari.say(NOT_ANSWERED, child="Ali Haddad"))
    assert quiet.silent
    await world.at(2026, 11, 26, 12, 0)
    assert len(holding(kari, kari.say(NOT_ANSWERED, child="Ali Haddad"))) == 1
    # Friday: please call me
    await world.at(2026, 11, 27, 7, 0)
    await tap(amina, amina.say(CALL_ME), await question_of(amina, "Ali Haddad"))
    [(number,)] = await world.rows("SELECT phone FROM person WHERE name = 'Amina Haddad'")
    assert number in last_text(kari)
    # the weekend is free
    before = len(holding(amina, amina.say(QUESTION, child="Ali Haddad")))
    await world.at(2026, 11, 29, 12, 0)
    assert len(holding(amina, amina.say(QUESTION, child="Ali Haddad"))) == before
    await world.at(2026, 11, 30, 7, 0)
    assert len(holding(amina, amina.say(QUESTION, child="Ali Haddad"))) == before + 1
    assert await world.rows("SELECT count(*) FROM checkin_day") == [(5,)]
    assert readers(world, "Ali Haddad") & {"Nina Sørli", "Ingrid Berg", "Marit Lund"} == set()


async def test_the_other_guardian_sees_that_it_is_answered_and_not_what(world: World) -> None:
    james, silje, kari = (world.actor(name) for name in ("James Miller", "Silje Moe Miller", "Kari Nordmann"))
    await arrange(kari, "Sara Miller")
    await world.at(2026, 11, 24, 7, 0)
    await tap(james, james.say(NOT_TODAY), await question_of(james, "Sara Miller"))
    seen = await question_of(silje, "Sara Miller")
    answered = "✅ {guardian} has answered for today. If something changes, one tap is enough."
    assert silje.say(answered, guardian="James Miller") in seen.text
    assert not any(label.startswith("✅") for label in labels(seen))
    await tap(silje, silje.say(LATER), seen)
    await kari.sees(said(kari, LATER_TOLD, child="Sara Miller", guardian="Silje Moe Miller"))
    assert await absences(world, "Sara Miller") == [("2026-11-24", "late", "other", "home")]


async def test_nobody_outside_an_arrangement_sees_it(world: World) -> None:
    ingrid, lars, kari, nina, tom, marit, james = (
        world.actor(name)
        for name in (
            "Ingrid Berg", "Lars Berg", "Kari Nordmann", "Nina Sørli", "Tom Eide", "Marit Lund", "James Miller"
        )
    )  # fmt: skip
    await arrange(kari, "Noah Berg", only=("Lars Berg",))
    await ingrid.sees("Kari Nordmann")
    await world.at(2026, 11, 24, 7, 0)
    await tap(ingrid, ingrid.say(NOT_TODAY), await question_of(ingrid, "Noah Berg"))
    [(plan, day)] = await world.rows("SELECT p.id, d.id FROM checkin_plan p JOIN checkin_day d ON d.plan_id = p.id")
    for who, data in (
        (nina, f"kp|{plan}|s"),
        (nina, f"kp|{plan}|c"),
        (nina, f"kp|{plan}|y"),
        (nina, f"kh|{day}"),
        (marit, f"kp|{plan}|s"),
        (tom, f"kp|{plan}|y"),
        (ingrid, f"kp|{plan}|s"),
        (ingrid, f"kh|{day}"),
        (lars, f"kc|{day}|as_planned"),
        (james, f"kc|{day}|as_planned"),
        (lars, f"ks|{plan}|0"),
        (kari, f"kc|{day}|as_planned"),
    ):
        result = await forge(who, data)
        assert result.text == who.say(NotPermitted.sentence), data
    for who in (nina, marit):
        await write(who, "/checkins")
        assert "Noah" not in last_text(who)
        assert not who.has_button("Noah", last=1)
    for who in (lars, nina, marit, tom, james):
        assert not holding(who, who.say(QUESTION, child="Noah Berg"))
        assert not holding(who, said(who, AWAY_TOLD, child="Noah Berg", guardian="Ingrid Berg"))
    assert await world.rows("SELECT ended_at IS NULL, version FROM checkin_plan") == [(1, 1)]


async def test_who_teaches_the_pupil_too_does_not_learn_that_something_is_arranged(world: World) -> None:
    kari, nina = world.actor("Kari Nordmann"), world.actor("Nina Sørli")
    await arrange(kari, "Noah Berg")
    [(noah,)] = await world.rows("SELECT id FROM pupil WHERE name = 'Noah Berg'")
    result = await forge(nina, f"kd|p|{noah}|0")
    assert result.text == nina.say(NotForThisPupil.sentence, child="Noah Berg")
    assert await world.rows("SELECT count(*) FROM checkin_plan") == [(1,)]
    await write(kari, "/checkins")
    await forge(kari, f"kd|p|{noah}|0")
    assert said(kari, "🌅 <b>Check-in for {child} ({school_class})</b>", child="Noah Berg", school_class="5A") in (
        last_text(kari)
    ), "its own people are led to it"


async def test_only_the_chosen_weekdays_and_a_typed_time(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(kari, "/checkins")
    await tap(kari, kari.say("New arrangement"))
    while not kari.has_button("Noah Berg", last=1):
        await tap(kari, "▶️")
    await tap(kari, "Noah Berg")
    for weekday in ("mandag", "onsdag", "torsdag", "fredag"):
        await tap(kari, weekday)
    await tap(kari, "tirsdag")
    refused = await kari.taps(kari.say("Go on"))
    assert refused.text == kari.say(SomebodyNeeded.sentence)
    await tap(kari, "tirsdag")
    await tap(kari, kari.say("Go on"))
    await write(kari, "13:00")
    assert kari.say(NotAMorning.sentence, earliest="05:00", latest="12:00") == last_text(kari)
    await write(kari, "6.40")
    await tap(kari, kari.say("The school year: {day}", day=""))
    for _ in range(2):
        await tap(kari, kari.say("Go on"))
    await tap(kari, kari.say("Start the check-in"))
    assert await world.rows("SELECT weekdays, ask_at, last FROM checkin_plan") == [
        ("[1]", "06:40:00.000000", "2027-06-30")
    ]
    await world.at(2026, 11, 24, 6, 40)  # arranged, so the quiet hours do not hold it back
    await question_of(ingrid, "Noah Berg")
    await world.at(2026, 11, 27, 12, 0)
    assert len(holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))) == 1
    await world.at(2026, 12, 1, 6, 40)
    assert len(holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))) == 2


async def test_an_arrangement_is_changed_and_ended_by_its_people(world: World) -> None:
    ingrid, lars, kari, marit = (
        world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann", "Marit Lund")
    )
    await arrange(kari, "Noah Berg")
    await write(kari, "/checkins")
    await tap(kari, "Noah Berg")
    await tap(kari, kari.say("Change"))
    await tap(kari, kari.say("Time"))
    await tap(kari, "07:30")
    await tap(kari, kari.say("Who hears"))
    await tap(kari, "Marit Lund")
    await tap(kari, kari.say("Go on"))
    await tap(kari, kari.say("Who is asked"))
    await tap(kari, "Lars Berg")
    await tap(kari, kari.say("Go on"))
    assert await world.rows("SELECT ask_at FROM checkin_plan") == [("07:00:00.000000",)], "nothing before the tap"
    await tap(kari, kari.say("Save the change"))
    await ingrid.sees(said(ingrid, "🌅 <b>The morning check-in for {child} has changed.</b>", child="Noah Berg"))
    ended = "🌅 The morning check-in for {child} has ended."
    await lars.sees(lars.say(ended + " Thank you for every answer. If mornings get hard again, write here or ask to "
                             "be called.", child="Noah Berg"))  # fmt: skip
    await marit.sees("Noah Berg")
    await world.at(2026, 11, 24, 7, 29)
    assert not holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))
    await world.at(2026, 11, 24, 7, 30)
    await tap(ingrid, ingrid.say(AS_PLANNED), await question_of(ingrid, "Noah Berg"))
    heard = await marit.sees(said(marit, PLANNED_TOLD, child="Noah Berg", guardian="Ingrid Berg"))
    assert not holding(lars, lars.say(QUESTION, child="Noah Berg"))
    await write(kari, "/checkins")
    await tap(kari, "Noah Berg")
    await tap(kari, kari.say("End it"))
    await tap(kari, kari.say("Yes, end it"))
    await world.at(2026, 11, 25, 9, 0)
    assert len(holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))) == 1, "only that of the day before"
    result = await marit.taps(marit.say("{child} is here", child="Noah Berg"), heard)
    assert result.text == marit.say(NotPermitted.sentence)


async def test_it_ends_by_its_last_day_and_everybody_is_thanked(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await arrange(kari, "Noah Berg")
    await world.at(2026, 12, 21, 13, 0)
    assert await world.rows("SELECT ended_at IS NULL FROM checkin_plan") == [(1,)]
    await world.at(2026, 12, 21, 14, 0)
    assert await world.rows("SELECT ended_at IS NULL, next_at IS NULL FROM checkin_plan") == [(0, 1)]
    assert "Noah Berg" in last_text(ingrid)
    assert "Noah Berg" in last_text(kari)


async def test_a_home_that_would_rather_talk_first_is_not_asked_until_then(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await arrange(kari, "Noah Berg")
    await tap(ingrid, ingrid.say("Please call me about this"))
    [(number,)] = await world.rows("SELECT phone FROM person WHERE name = 'Ingrid Berg'")
    await kari.sees(number)
    await world.at(2026, 11, 24, 7, 0)
    await question_of(lars, "Noah Berg")
    assert not holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))
    await tap(ingrid, ingrid.say("Ask me again"))
    await world.at(2026, 11, 25, 7, 0)
    await question_of(ingrid, "Noah Berg")


async def test_when_nobody_is_left_to_be_asked_it_ends_and_the_teacher_knows(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await arrange(kari, "Noah Berg")
    for guardian in (ingrid, lars):
        await tap(guardian, guardian.say("Please call me about this"))
    assert await world.rows("SELECT ended_at IS NULL FROM checkin_plan") == [(0,)]
    ended = (
        "📞 {guardian} would like to talk about the morning check-in for {child} first. It has ended; "
        "you can arrange a new one after the talk."
    )
    await kari.sees(kari.say(ended, guardian="Lars Berg", child="Noah Berg"))
    await world.at(2026, 11, 24, 9, 0)
    assert not holding(lars, lars.say(QUESTION, child="Noah Berg"))


async def test_here_is_said_once_and_the_absence_follows(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await arrange(kari, "Noah Berg")
    await world.at(2026, 11, 24, 7, 0)
    await tap(ingrid, ingrid.say(NOT_TODAY), await question_of(ingrid, "Noah Berg"))
    heard = await kari.sees(said(kari, AWAY_TOLD, child="Noah Berg", guardian="Ingrid Berg"))
    press = next(b.data for row in heard.buttons for b in row)
    await world.at(2026, 11, 24, 10, 15)
    assert press is not None
    for _ in range(2):
        await kari.phone.tap_data(press, heard)
        await world.idle()
    for guardian in (ingrid, lars):
        assert len(holding(guardian, guardian.say(HERE_LINE, child="Noah Berg", name="Kari Nordmann"))) == 1
    await kari.sees(said(kari, HERE_NOTED, child="Noah Berg", time=time(10, 15), name="Kari Nordmann"))
    assert await world.rows(
        "SELECT kind, arrived_at IS NOT NULL FROM absence a JOIN pupil p ON p.id = a.pupil_id"
        " WHERE p.name = 'Noah Berg'"
    ) == [("late", 1)]


async def test_yesterdays_buttons_change_nothing_today(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await arrange(kari, "Noah Berg")
    await world.at(2026, 11, 24, 7, 0)
    asked = await question_of(ingrid, "Noah Berg")
    await world.at(2026, 11, 24, 14, 0)
    result = await ingrid.taps(ingrid.say(NOT_TODAY), asked)
    assert result.text == ingrid.say(CheckinOver.sentence), "school is over"
    await world.at(2026, 11, 25, 6, 0)
    result = await ingrid.taps(ingrid.say(NOT_TODAY), asked)
    assert result.text == ingrid.say(CheckinOver.sentence)
    assert await absences(world, "Noah Berg") == []


async def test_who_was_reported_ill_is_not_asked_and_the_adults_know_why(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await arrange(kari, "Noah Berg")
    async with world.unit_of_work() as uow:
        noah = (await uow.execute(sa.text("SELECT id FROM pupil WHERE name = 'Noah Berg'"))).scalar_one()
        facts = Facts(AbsenceKind.ABSENT, AbsenceReason.ILL)
        days = [date(2026, 11, 24)]
        await record(uow, [noah], days, facts, source=AbsenceSource.HOME, reported_by=ingrid.known.person_id)
        await uow.commit()
    await world.at(2026, 11, 24, 7, 0)
    assert not holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))
    known = "🌅 {child} is absent today ({what}). It is known already, so the home is not asked."
    await kari.sees(kari.say(known, child="Noah Berg", what=kari.say("illness")))


async def test_a_shut_out_guardian_is_not_asked_and_answers_nothing(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await arrange(kari, "Noah Berg")
    await world.at(2026, 11, 24, 7, 0)
    asked = await question_of(lars, "Noah Berg")
    await block(world, "Lars Berg", "Noah Berg")
    await lars.phone.tap(lars.say(NOT_TODAY), message=asked)
    await world.idle()
    assert await absences(world, "Noah Berg") == []
    await world.at(2026, 11, 25, 7, 0)
    await question_of(ingrid, "Noah Berg")
    assert len(holding(lars, lars.say(QUESTION, child="Noah Berg"))) == 1


async def test_when_its_adults_have_lost_the_class_it_ends_and_the_home_is_told(world: World) -> None:
    ingrid, kari, tom = world.actor("Ingrid Berg"), world.actor("Kari Nordmann"), world.actor("Tom Eide")
    await arrange(kari, "Noah Berg")
    swapped = STAFF.replace("Kari Nordmann,contact_teacher,5A", "Kari Nordmann,contact_teacher,2B").replace(
        "Tom Eide,contact_teacher,2B", "Tom Eide,contact_teacher,5A"
    )
    await import_files(world, people=PEOPLE, staff=swapped)
    await world.at(2026, 11, 24, 7, 0)
    assert not holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))
    assert await world.rows("SELECT ended_at IS NULL FROM checkin_plan") == [(0,)]
    assert "Noah Berg" in last_text(ingrid)
    tom.sees_not("Noah Berg")


async def test_an_asking_missed_by_more_than_an_hour_is_dropped(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await arrange(kari, "Noah Berg")
    await world.at(2026, 11, 24, 6, 59)
    await world.at(2026, 11, 24, 8, 1)
    assert not holding(ingrid, ingrid.say(QUESTION, child="Noah Berg"))
    missed = "🌅 The question to the home of {child} did not go out this morning. Perhaps you call?"
    await kari.sees(kari.say(missed, child="Noah Berg"))
    await world.at(2026, 11, 25, 7, 59)
    await question_of(ingrid, "Noah Berg")


async def test_after_a_restart_the_arranging_and_the_morning_go_on(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template) as world:
        kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
        await write(kari, "/checkins")
        await tap(kari, kari.say("New arrangement"))
        while not kari.has_button("Noah Berg", last=1):
            await tap(kari, "▶️")
        await tap(kari, "Noah Berg")
        await tap(kari, kari.say("Go on"))
        await world.app.stop()
        app = App(world.app.settings, world.clock)
        async with app.running():
            world.app = app
            await write(kari, "7.10")
            await tap(kari, str(kari.tr.ngettext("{n} week: {day}", "{n} weeks: {day}", 8, day="")))
            for _ in range(2):
                await tap(kari, kari.say("Go on"))
            await tap(kari, kari.say("Start the check-in"))
            await world.at(2026, 11, 24, 7, 10)
            await question_of(ingrid, "Noah Berg")


async def test_leaving_by_the_menu_leaves_nothing_arranged(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/checkins")
    await tap(kari, kari.say("New arrangement"))
    await tap(kari, "Ali Haddad")
    shown = kari.phone.last
    await write(kari, "/menu")
    result = await kari.taps(kari.say("Go on"), shown)
    assert result.text == kari.say(OLD_BUTTON)
    assert await world.rows("SELECT count(*) FROM checkin_plan") == [(0,)]


async def test_guardians_have_no_page_of_arrangements(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/checkins")
    assert last_text(ingrid) == ingrid.say(NotPermitted.sentence)


async def test_a_polish_home_and_a_teacher_of_two_classes(world: World) -> None:
    piotr, anna, nina, kari = (
        world.actor(name) for name in ("Piotr Kowalski", "Anna Kowalska", "Nina Sørli", "Kari Nordmann")
    )
    await arrange(nina, "Zofia Kowalska", time="06:45", only=("Anna Kowalska", "Kari Nordmann"))
    assert "Nina Sørli" in piotr.phone.last.text
    kari.sees_not("Zofia Kowalska")
    anna.sees_not("Zofia Kowalska")
    await world.at(2026, 11, 24, 6, 45)
    await tap(piotr, piotr.say(LATER), await question_of(piotr, "Zofia Kowalska"))
    heard = await nina.sees(said(nina, LATER_TOLD, child="Zofia Kowalska", guardian="Piotr Kowalski"))
    assert not heard.silent
    await world.at(2026, 11, 24, 9, 30)
    await tap(nina, nina.say("{child} is here", child="Zofia Kowalska"), heard)
    await piotr.sees(piotr.say(HERE_LINE, child="Zofia Kowalska", name="Nina Sørli"))
    anna.sees_not(anna.say(HERE_LINE, child="Zofia Kowalska", name="Nina Sørli"))
    assert await world.rows("SELECT guardian_ids = staff_ids FROM checkin_plan") == [(0,)]


async def test_a_home_that_nobody_can_hear_is_told_to_call(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await arrange(kari, "Noah Berg")
    await world.at(2026, 11, 24, 7, 0)
    asked = await question_of(ingrid, "Noah Berg")
    await kari.phone.block()
    await world.idle()
    await tap(ingrid, ingrid.say(NOT_TODAY), asked)
    assert ingrid.say("Nobody can read it here right now, so please call the school.") in last_text(ingrid)
    assert await absences(world, "Noah Berg") == [("2026-11-24", "absent", "other", "home")]
