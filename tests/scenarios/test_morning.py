"""A pupil is missing in the morning: asked on until somebody knows (A5)."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.app import App
from bot.domain.absence_taps import ListStep
from bot.domain.errors import NotPermitted
from bot.domain.morning import HomeHasTold, InquiryAnswer
from tests.scenarios.conftest import Template
from tests.scenarios.morning_steps import (
    ARRIVED,
    HERE_NOW,
    MISSING,
    QUESTION,
    SETTLED,
    THANKS,
    absence,
    ask_home,
    asked,
    calls,
    day_list,
    forge_answer,
    forge_call,
    forge_list,
    inquiry,
    mark,
    morning,
    next_list,
    questions,
    report_ill,
    tap_name,
)
from tests.scenarios.notices_steps import holding, labels, shut_out, stored, tap
from tests.scenarios.steps import block
from tests.scenarios.world import World

NO_ANSWER, SEARCHING = "Nobody answered", "The home does not know either"
BELIEVED = "I thought my child was at school"


async def test_missing_pupil_from_the_first_tap_to_the_leadership(tmp_path: Path, template: Template) -> None:
    """The whole way on a moved clock: Anna is asked in Polish, then Piotr, then Kari is to phone, then Marit hears."""
    async with morning(tmp_path, template, 8, 40) as world:
        kari, marit, geir = (world.actor(n) for n in ("Kari Nordmann", "Marit Lund", "Geir Moen"))
        anna, piotr = world.actor("Anna Kowalska"), world.actor("Piotr Kowalski")
        await mark(kari, "Zofia Kowalska")
        assert "Zofia Kowalska" in day_list(kari).text
        assert kari.say("the home is asked in a moment") in day_list(kari).text
        assert not asked(world, "Zofia Kowalska"), "nothing goes out before the time of grace is over"
        await world.forward(seconds=21)
        assert asked(world, "Zofia Kowalska") == {"Anna Kowalska"}
        (question,) = questions(anna, "Zofia Kowalska")
        assert not question.silent
        assert kari.say("the home was asked at {time}", time=time(8, 40)) in day_list(kari).text
        await world.forward(minutes=14)
        assert asked(world, "Zofia Kowalska") == {"Anna Kowalska"}
        await world.forward(minutes=1)
        assert asked(world, "Zofia Kowalska") == {"Anna Kowalska", "Piotr Kowalski"}
        assert not calls(kari, "Zofia Kowalska")
        await world.forward(minutes=15)
        (call,) = calls(kari, "Zofia Kowalska")
        for line in ("+4790000101", "+4790000102", "Piotr Kowalski", "Anna Kowalska", "5A"):
            assert line in call.text, line
        assert kari.say("☎️ please phone the home") in day_list(kari).text
        await tap(kari, kari.say(NO_ANSWER), call)
        assert kari.say("Called {time}: nobody answered. I remind you again.", time=time(9, 10)) in call.text
        for n in (2, 3, 4):
            await world.forward(minutes=15)
            assert len(calls(kari, "Zofia Kowalska")) == n
        assert not holding(marit, "Zofia Kowalska")
        await world.forward(minutes=15)
        for leader in (marit, geir):
            assert len(holding(leader, "Zofia Kowalska")) == 1
        await world.forward(hours=1)
        assert len(calls(kari, "Zofia Kowalska")) == 4, "at most three reminders"
        assert len(holding(marit, "Zofia Kowalska")) == 1, "the leadership is told once"
        await tap(piotr, piotr.say("Appointment"))
        assert await absence(world, "Zofia Kowalska") == ("absent", "appointment", "home", "active", 0)
        assert not calls(kari, "Zofia Kowalska")
        assert not asked(world, "Zofia Kowalska")
        piotr_reads = piotr.say(THANKS, child="Zofia Kowalska", what=piotr.say("appointment"))
        assert holding(piotr, piotr_reads)
        assert holding(anna, anna.say(SETTLED, child="Zofia Kowalska"))
        assert (await inquiry(world, "Zofia Kowalska"))["state"] == "explained"
        acts = [row[0] for row in await stored(world, "act FROM audit_entry WHERE act LIKE 'inquiry.%' ORDER BY id")]
        assert acts == [
            "inquiry.ask", "inquiry.ask", "inquiry.call", "inquiry.phone", *["inquiry.call"] * 3,
            "inquiry.leaders", "inquiry.explained", "inquiry.answer",
        ]  # fmt: skip


async def test_nobody_knows_until_school_is_over(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 13, 50) as world:
        kari, marit, amina, omar = (
            world.actor(n) for n in ("Kari Nordmann", "Marit Lund", "Amina Haddad", "Omar Haddad")
        )
        await ask_home(kari, "Ali Haddad")
        (question,) = questions(amina, "Ali Haddad")
        await world.at(2026, 11, 23, 14, 29)
        assert not holding(marit, "Ali Haddad")
        await world.at(2026, 11, 23, 14, 30)
        assert len(holding(marit, "Ali Haddad")) == 1
        assert "5A" in holding(marit, "Ali Haddad")[0].text
        assert (await inquiry(world, "Ali Haddad"))["state"] == "unresolved"
        assert not question.buttons
        assert not asked(world, "Ali Haddad")
        await world.at(2026, 11, 23, 16, 0)
        result = await forge_answer(amina, "Ali Haddad")
        assert result.answered
        over = "🕓 School is over for today. If there is something about {child}, write to the teacher."
        assert holding(amina, amina.say(over, child="Ali Haddad"))
        assert (await absence(world, "Ali Haddad") or ())[1] == "unknown"
        assert len(holding(marit, "Ali Haddad")) == 1
        assert not questions(omar, "Ali Haddad")


async def test_guardian_answers_ill_and_everybody_sees_it(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, amina, omar = (world.actor(n) for n in ("Kari Nordmann", "Amina Haddad", "Omar Haddad"))
        await ask_home(kari, "Ali Haddad")
        await tap(amina, amina.say("Ill"))
        assert await absence(world, "Ali Haddad") == ("absent", "ill", "home", "active", 0)
        assert kari.say("{what}, told by the home", what=kari.say("illness")) in day_list(kari).text
        assert not omar.phone.messages or omar.phone.last.silent, "the other guardian gets a quiet line"
        assert "Ali Haddad" in omar.phone.last.text
        await world.forward(hours=2)
        assert not calls(kari, "Ali Haddad")
        assert not questions(omar, "Ali Haddad")


async def test_on_the_way_becomes_late_and_the_arrival_is_told(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, james, silje = (world.actor(n) for n in ("Kari Nordmann", "James Miller", "Silje Moe Miller"))
        await ask_home(kari, "Sara Miller")
        await tap(james, james.say("On the way"))
        assert await absence(world, "Sara Miller") == ("late", "other", "home", "active", 0)
        await world.forward(minutes=20)
        await tap(kari, kari.say(ARRIVED, name="Sara Miller"), day_list(kari))
        assert await absence(world, "Sara Miller") == ("late", "other", "home", "active", 1)
        assert len(holding(james, james.say(HERE_NOW, child="Sara Miller"))) == 1
        assert not holding(silje, silje.say(HERE_NOW, child="Sara Miller")), "she was never asked"


async def test_pupil_turns_up_and_it_ends_everywhere(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, anna, piotr = (world.actor(n) for n in ("Kari Nordmann", "Anna Kowalska", "Piotr Kowalski"))
        await ask_home(kari, "Zofia Kowalska")
        await world.forward(minutes=15)
        await world.forward(minutes=15)
        (call,) = calls(kari, "Zofia Kowalska")
        await tap(kari, kari.say(ARRIVED, name="Zofia Kowalska"), day_list(kari))
        for home in (anna, piotr):
            assert len(holding(home, home.say(HERE_NOW, child="Zofia Kowalska"))) == 1
        assert not asked(world, "Zofia Kowalska")
        assert not call.buttons
        assert kari.say("✅ {child}, {school_class}, has arrived. No call is needed.", child="Zofia Kowalska",
                        school_class="5A") == call.text  # fmt: skip
        assert await absence(world, "Zofia Kowalska") == ("late", "unknown", "school", "active", 1)
        await world.forward(hours=3)
        assert not calls(kari, "Zofia Kowalska")
        result = await forge_answer(anna, "Zofia Kowalska")
        assert result.answered
        assert (await absence(world, "Zofia Kowalska") or ())[0] == "late", "an answer after the end changes nothing"


async def test_mark_is_taken_back_before_anybody_is_asked(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari = world.actor("Kari Nordmann")
        await tap(kari, kari.say(MISSING), day_list(kari))
        await tap_name(kari, "Noah Berg")
        assert (await inquiry(world, "Noah Berg"))["state"] == "asking"
        await world.forward(seconds=10)
        await tap_name(kari, "Noah Berg")
        await world.forward(minutes=40)
        assert not asked(world, "Noah Berg")
        assert (await inquiry(world, "Noah Berg"))["state"] == "cancelled"
        assert (await absence(world, "Noah Berg") or ())[3] == "withdrawn"
        await tap_name(kari, "Noah Berg")
        await world.forward(seconds=21)
        assert asked(world, "Noah Berg") == {"Ingrid Berg"}
        assert (await inquiry(world, "Noah Berg"))["round"] == 2


async def test_mark_taken_back_late_tells_the_home_that_all_is_well(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
        await ask_home(kari, "Noah Berg")
        await tap(kari, kari.say(MISSING), day_list(kari))
        await tap_name(kari, "Noah Berg")
        assert len(holding(ingrid, ingrid.say(HERE_NOW, child="Noah Berg"))) == 1
        assert (await absence(world, "Noah Berg") or ())[3] == "withdrawn"
        await tap_name(kari, "Noah Berg")
        await world.forward(seconds=21)
        assert len(questions(ingrid, "Noah Berg")) == 1, "missing once more, asked once more"


async def test_homes_that_gave_notice_are_not_there_to_be_marked(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 20) as world:
        kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
        await report_ill(james)
        await tap(kari, kari.say(MISSING), day_list(kari))
        seen = labels(day_list(kari))
        assert not any("Sara Miller" in label for label in seen)
        assert any("Noah Berg" in label for label in seen)
        assert len(seen) == 22 + 1, "all others, and the way back"
        result = await forge_list(kari, ListStep.MARK, "5A", "Sara Miller")
        assert result.text == kari.say(HomeHasTold.sentence, child="Sara Miller")
        await world.forward(minutes=1)
        assert not asked(world, "Sara Miller")
        assert await absence(world, "Sara Miller") == ("absent", "ill", "home", "active", 0)


async def test_unreachable_guardians_are_skipped_at_once(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, ingrid, lars = (world.actor(n) for n in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
        await ingrid.phone.block()
        await world.idle()
        await ask_home(kari, "Noah Berg")
        assert asked(world, "Noah Berg") == {"Lars Berg"}
        await lars.phone.block()
        await world.idle()
        await ask_home(kari, "Theo Eriksen")
        julie = world.actor("Julie Eriksen")
        assert questions(julie, "Theo Eriksen")
        await julie.phone.block()
        await world.idle()
        await world.forward(minutes=15)
        (call,) = calls(kari, "Theo Eriksen")
        assert "+4790000140" in call.text


async def test_question_that_telegram_refuses_is_not_waited_for(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
        await mark(kari, "Noah Berg")
        await ingrid.phone.block()
        await _forget_block(world, "Ingrid Berg")
        await world.forward(seconds=21)
        await world.forward(seconds=31)
        assert asked(world, "Noah Berg") == {"Lars Berg"}


async def _forget_block(world: World, name: str) -> None:
    """Let the school believe that somebody can be reached."""
    await world.idle()
    async with world.unit_of_work() as uow:
        await uow.change(
            sa.text("UPDATE account SET reachable = 1 WHERE person_id = (SELECT id FROM person WHERE name = :name)"),
            {"name": name},
        )
        await uow.commit()


async def test_nobody_at_home_can_be_reached_so_the_teacher_phones_at_once(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari = world.actor("Kari Nordmann")
        for name in ("Ingrid Berg", "Lars Berg"):
            await world.actor(name).phone.block()
        await world.idle()
        await ask_home(kari, "Noah Berg")
        (call,) = calls(kari, "Noah Berg")
        assert kari.say("No guardian can be reached here.") in call.text
        await tap(kari, kari.say("Ill"), call)
        assert await absence(world, "Noah Berg") == ("absent", "ill", "school", "active", 0)
        assert kari.say("{what}, told by telephone", what=kari.say("illness")) in day_list(kari).text
        stored_ = await inquiry(world, "Noah Berg")
        assert (stored_["state"], stored_["outcome"]) == ("explained", "ill")


async def test_guardian_believed_the_child_at_school(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, marit, anna, piotr = (
            world.actor(n) for n in ("Kari Nordmann", "Marit Lund", "Anna Kowalska", "Piotr Kowalski")
        )
        await ask_home(kari, "Zofia Kowalska")
        await tap(anna, anna.say(BELIEVED))
        (call,) = calls(kari, "Zofia Kowalska")
        assert kari.say("A guardian believed that the pupil was at school.") in call.text
        assert questions(piotr, "Zofia Kowalska"), "the other guardian is asked at once too"
        await tap(kari, kari.say(SEARCHING), call)
        assert len(holding(marit, "Zofia Kowalska")) == 1
        at = kari.say("the home does not know either (called {time})", time=time(8, 40))
        assert at in day_list(kari).text
        await world.forward(hours=2)
        assert len(calls(kari, "Zofia Kowalska")) == 1, "the school's own routine has begun"
        await tap(anna, anna.say("Ill"))
        assert await absence(world, "Zofia Kowalska") == ("absent", "ill", "home", "active", 0)
        assert not calls(kari, "Zofia Kowalska")
        assert holding(piotr, piotr.say(SETTLED, child="Zofia Kowalska"))


async def test_two_guardians_answer_and_the_first_counts(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, anna, piotr = (world.actor(n) for n in ("Kari Nordmann", "Anna Kowalska", "Piotr Kowalski"))
        await ask_home(kari, "Zofia Kowalska")
        await world.forward(minutes=15)
        (theirs,) = questions(piotr, "Zofia Kowalska")
        await tap(anna, anna.say("Ill"))
        await forge_answer(piotr, "Zofia Kowalska", InquiryAnswer.ON_THE_WAY)
        assert await absence(world, "Zofia Kowalska") == ("absent", "ill", "home", "active", 0)
        stands = piotr.say(
            "✅ Thank you. The school knows already: {child}, {what}.",
            child="Zofia Kowalska",
            what=piotr.say("illness"),
        )
        assert holding(piotr, stands)
        assert not theirs.buttons


async def test_who_reported_last_is_asked_first(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 20) as world:
        kari, piotr = world.actor("Kari Nordmann"), world.actor("Omar Haddad")
        await report_ill(piotr)
        await next_list(kari, 2026, 11, 24, 8, 40)
        await ask_home(kari, "Ali Haddad")
        assert asked(world, "Ali Haddad") == {"Omar Haddad"}


async def test_home_writes_a_report_while_it_is_being_asked(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, james = world.actor("Kari Nordmann"), world.actor("James Miller")
        await ask_home(kari, "Sara Miller")
        await report_ill(james)
        assert await absence(world, "Sara Miller") == ("absent", "ill", "home", "active", 0)
        assert not asked(world, "Sara Miller")
        assert (await inquiry(world, "Sara Miller"))["state"] == "explained"
        await world.forward(hours=1)
        assert not calls(kari, "Sara Miller")


async def test_nobody_answers_for_another_home_and_no_other_teacher_logs_calls(
    tmp_path: Path, template: Template
) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, ingrid, piotr, tom = (
            world.actor(n) for n in ("Kari Nordmann", "Ingrid Berg", "Piotr Kowalski", "Tom Eide")
        )
        await ask_home(kari, "Zofia Kowalska")
        for stranger in (ingrid, tom, piotr):  # Piotr is the other guardian, and has not been asked yet
            result = await forge_answer(stranger, "Zofia Kowalska")
            assert result.text == stranger.say(NotPermitted.sentence)
        await world.forward(minutes=15)
        await world.forward(minutes=15)
        for stranger in (ingrid, tom, piotr):
            result = await forge_call(stranger, "Zofia Kowalska")
            assert result.text == stranger.say(NotPermitted.sentence)
        assert (await inquiry(world, "Zofia Kowalska"))["state"] == "call"


async def test_blocked_guardian_is_neither_asked_nor_named(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        roar, monica, hilde = await shut_out(world), world.actor("Monica Fjellheim"), world.actor("Hilde Strand")
        await ask_home(hilde, "Sander Fjellheim")
        assert questions(monica, "Sander Fjellheim")
        await world.forward(minutes=15)
        (call,) = calls(hilde, "Sander Fjellheim")
        assert "Roar" not in call.text
        roar.sees_not("Sander")
        await block(world, "Monica Fjellheim", "Sander Fjellheim")
        await forge_answer(monica, "Sander Fjellheim")
        assert (await inquiry(world, "Sander Fjellheim"))["state"] == "call", "rights are looked at at the tap"


async def test_two_children_of_one_guardian_are_two_questions(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, tom, anna = (world.actor(n) for n in ("Kari Nordmann", "Tom Eide", "Anna Kowalska"))
        await ask_home(kari, "Zofia Kowalska")
        await ask_home(tom, "Jan Kowalski")
        for child in ("Zofia Kowalska", "Jan Kowalski"):
            assert len(questions(anna, child)) == 1
        await tap(anna, anna.say("Ill"), questions(anna, "Jan Kowalski")[0])
        assert (await inquiry(world, "Jan Kowalski"))["state"] == "explained"
        assert (await inquiry(world, "Zofia Kowalska"))["state"] == "asking"
        assert questions(anna, "Zofia Kowalska")


async def test_asking_goes_on_where_it_was_after_a_restart(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 40) as world:
        kari, anna, piotr = (world.actor(n) for n in ("Kari Nordmann", "Anna Kowalska", "Piotr Kowalski"))
        await ask_home(kari, "Zofia Kowalska")
        (question,) = questions(anna, "Zofia Kowalska")
        await world.app.stop()
        world.clock.forward(timedelta(minutes=20))
        world.app = App(world.app.settings, world.clock)
        async with world.app.running():
            await piotr.sees(piotr.say(QUESTION, child="Zofia Kowalska"))
            await tap(anna, anna.say("Ill"), question)
            assert (await inquiry(world, "Zofia Kowalska"))["state"] == "explained"
            assert not asked(world, "Zofia Kowalska")
            assert kari.say("{what}, told by the home", what=kari.say("illness")) in day_list(kari).text
            assert len([m for m in kari.phone.messages if m.from_bot and m.text.startswith("📋")]) == 1
