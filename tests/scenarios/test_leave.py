"""Leave: a home asks, the school grants or refuses with a reason, both are told (A3)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.actions.leave.words import READY_SENTENCES
from bot.app import App
from bot.domain.errors import NotPermitted
from bot.domain.inputs import NotADate
from bot.domain.leave import (
    WHY_LIMIT,
    LeaveIsOver,
    LeaveOverlaps,
    LeaveTooLong,
    LineTooLong,
    NoSchoolInLeave,
    ReadyRefusal,
)
from tests.scenarios.conftest import Template
from tests.scenarios.leave_steps import (
    DECIDED,
    GRANT,
    GRANT_WORD,
    GRANTED,
    OLD_BUTTON,
    REFUSE,
    ask_leave,
    begin_leave,
    grant,
    last_text,
    leave_days,
    review_leave,
    said,
    stored_leave,
)
from tests.scenarios.notices_steps import forge, holding, labels, readers, tap, write
from tests.scenarios.steps import PEOPLE, STAFF, block, import_files
from tests.scenarios.world import World, open_world


async def test_mother_asks_in_arabic_teacher_grants_in_norwegian_both_are_told(world: World) -> None:
    amina, omar, kari = (world.actor(name) for name in ("Amina Haddad", "Omar Haddad", "Kari Nordmann"))
    review = await review_leave(amina, "١٤/١٢", "16.12", "سفر إلى عرس في العائلة")
    assert "Kari Nordmann" in review.text
    assert said(amina, "Nothing has been sent yet. To change the reason, write it again.") in last_text(amina)
    assert await stored_leave(world) == []
    kari.sees_not("عرس")
    await tap(amina, amina.say("Send to the school"))
    asked = await kari.sees("عرس")
    assert "Amina Haddad" in asked.text
    assert kari.tr.ngettext("{n} school day", "{n} school days", 3) in asked.text
    assert said(kari, "🌐 <i>Written in {language}, not translated yet.</i>", language="arabisk") in asked.text
    omar.sees_not("عرس")
    assert await leave_days(world, "Ali Haddad") == []
    await tap(kari, grant(kari), asked)
    assert await stored_leave(world) == [("Ali Haddad", "granted", 3, 0)]
    assert await leave_days(world, "Ali Haddad") == ["2026-12-14", "2026-12-15", "2026-12-16"]
    for guardian in (amina, omar):
        await guardian.sees(guardian.say("You need not report the absence. Have a good time."))
    omar.sees_not("عرس")
    assert readers(world, "عرس") == {"Kari Nordmann"}, "the reason is the asker's own (P9)"
    assert said(kari, GRANTED, name="Kari Nordmann") in (await kari.sees("عرس")).text
    assert await world.rows("SELECT act FROM audit_entry WHERE act LIKE 'leave%' ORDER BY id") == [
        ("leave.ask",),
        ("leave.grant",),
    ]


async def test_a_refusal_by_a_ready_made_sentence_is_read_in_each_language(world: World) -> None:
    james, silje, kari = (world.actor(name) for name in ("James Miller", "Silje Moe Miller", "Kari Nordmann"))
    await ask_leave(james, "14.12", "15.12", "Grandmother's birthday in Leeds")
    asked = await kari.sees("Leeds")
    await tap(kari, kari.say(REFUSE), asked)
    sentence = READY_SENTENCES[ReadyRefusal.TESTS]
    await tap(kari, kari.say(sentence))
    assert await stored_leave(world) == [("Sara Miller", "refused", 2, 0)]
    for guardian in (james, silje):
        await guardian.sees(guardian.say(sentence))
    silje.sees_not("Leeds")
    assert await leave_days(world, "Sara Miller") == []
    assert await world.rows("SELECT decision_text, decision_ready FROM leave_request") == [("", "tests")]


async def test_a_refusal_needs_a_sentence_and_the_home_reads_it(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await ask_leave(ingrid, "14.12", "14.12", "Vi skal til byen")
    await tap(kari, kari.say(REFUSE), await kari.sees("Vi skal til byen"))
    assert (await stored_leave(world))[0][1] == "asked", "a refusal without a word is none"
    await write(kari, "x" * (WHY_LIMIT + 1))
    assert last_text(kari) == kari.say(LineTooLong.sentence, length=WHY_LIMIT + 1, limit=WHY_LIMIT)
    await write(kari, "Da har vi\nfellesprøve.")
    assert (await stored_leave(world))[0][1] == "refused"
    read = await ingrid.sees("Da har vi fellesprøve.")
    assert read.text.startswith("❌")
    assert labels(await kari.sees("Vi skal til byen")) == [], "the request has no buttons any more"


async def test_granting_with_a_word_sends_the_word(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await ask_leave(ingrid, "14.12", "14.12", "Besteforeldrene har gullbryllup")
    await tap(kari, kari.say(GRANT_WORD))
    assert (await stored_leave(world))[0][1] == "asked"
    await write(kari, "Gratuler dem fra oss!")
    assert (await stored_leave(world))[0][1] == "granted"
    assert readers(world, "Gratuler dem fra oss!") == {"Ingrid Berg", "Lars Berg", "Kari Nordmann"}
    lars.sees_not("gullbryllup")


async def test_changing_ones_mind_about_the_sentence_leaves_the_question(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await ask_leave(ingrid, "14.12", "14.12", "Vi skal til byen")
    await tap(kari, kari.say(REFUSE))
    await tap(kari, kari.say("Back"))
    await write(kari, "Dette er ikke et svar")
    assert (await stored_leave(world))[0][1] == "asked"
    ingrid.sees_not("Dette er ikke et svar")
    await tap(kari, grant(kari))
    assert (await stored_leave(world))[0][1] == "granted"


async def test_more_days_go_to_the_leadership_and_the_first_answer_counts(world: World) -> None:
    piotr, kari, marit, geir = (
        world.actor(name) for name in ("Piotr Kowalski", "Kari Nordmann", "Marit Lund", "Geir Moen")
    )
    review = await review_leave(piotr, "14.12", "18.12", "Lecimy do babci do Gdańska", "Zofia")
    for leader in ("Marit Lund", "Geir Moen"):
        assert leader in review.text
    assert "Kari Nordmann" not in review.text
    await tap(piotr, piotr.say("Send to the school"))
    kari.sees_not("Gdańska")
    [(request,)] = await world.rows("SELECT id FROM leave_request")
    shown = {leader.known.name: await leader.sees("Gdańska") for leader in (marit, geir)}
    refused = await forge(kari, f"vg|{request}|1|g")
    assert refused.text == kari.say(NotPermitted.sentence), "a contact teacher does not decide on a week"
    pressed = next(b.data for row in shown["Geir Moen"].buttons for b in row if geir.say(GRANT) in b.text)
    await tap(marit, grant(marit), shown["Marit Lund"])
    assert said(geir, GRANTED, name="Marit Lund") in (await geir.sees("Gdańska")).text
    assert pressed is not None
    second = await geir.phone.tap_data(pressed, shown["Geir Moen"])
    assert second.text == geir.say(DECIDED)
    await world.idle()
    assert await world.rows("SELECT count(*) FROM audit_entry WHERE act = 'leave.grant'") == [(1,)]
    assert len(await leave_days(world, "Zofia Kowalska")) == 5
    assert len(holding(piotr, piotr.say("You need not report the absence. Have a good time."))) == 1


async def test_siblings_are_asked_for_at_once_each_at_the_own_teacher(world: World) -> None:
    piotr, anna, kari, tom = (
        world.actor(name) for name in ("Piotr Kowalski", "Anna Kowalska", "Kari Nordmann", "Tom Eide")
    )
    review = await review_leave(piotr, "14.12", "15.12", "Wesele ciotki", "Zofia", "Jan")
    assert "Kari Nordmann" in review.text
    assert "Tom Eide" in review.text
    await tap(piotr, piotr.say("Send to the school"))
    assert sorted(str(row[0]) for row in await stored_leave(world)) == ["Jan Kowalski", "Zofia Kowalska"]
    assert "Zofia" in (await kari.sees("Wesele ciotki")).text
    assert "Jan" in (await tom.sees("Wesele ciotki")).text
    anna.sees_not("Wesele")
    await tap(kari, grant(kari))
    await tap(tom, tom.say(REFUSE))
    await write(tom, "Vi har tur da")
    assert sorted(tuple(row[:2]) for row in await stored_leave(world)) == [
        ("Jan Kowalski", "refused"),
        ("Zofia Kowalska", "granted"),
    ]
    await anna.sees("Vi har tur da")
    kari.sees_not("Vi har tur da")


async def test_days_are_chosen_in_the_small_calendar(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await begin_leave(ingrid)
    assert any("24. nov" in label for label in labels(ingrid.phone.last))
    assert not any("22. nov" in label for label in labels(ingrid.phone.last)), "what is over cannot be chosen"
    for _ in range(3):
        await tap(ingrid, "▶️")
    await tap(ingrid, "14. des")
    assert not any("11. des" in label for label in labels(ingrid.phone.last)), "no last day before the first"
    await tap(ingrid, "16. des")
    await write(ingrid, "Reise")
    await ingrid.sees_button(ingrid.say("Send to the school"))
    await tap(ingrid, ingrid.say("Send to the school"))
    assert await stored_leave(world) == [("Noah Berg", "asked", 3, 0)]


async def test_one_day_takes_one_tap_less(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await begin_leave(ingrid)
    await tap(ingrid, "▶️")
    await tap(ingrid, "2. des")
    await tap(ingrid, ingrid.say("Only this one day"))
    await write(ingrid, "Reise")
    await tap(ingrid, ingrid.say("Send to the school"))
    assert await world.rows("SELECT first, last, days FROM leave_request") == [("2026-12-02", "2026-12-02", 1)]


async def test_what_does_not_fit_is_told_with_what_to_do(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await begin_leave(ingrid)
    await write(ingrid, "snart")
    assert last_text(ingrid) == ingrid.say(NotADate.sentence, example="30.11")
    await write(ingrid, "20.11")
    assert "20. november" in last_text(ingrid), "it is over"
    await write(ingrid, "25.12")
    await write(ingrid, "26.12")
    assert ingrid.say(NoSchoolInLeave.sentence) in last_text(ingrid)
    assert "25. desember" in last_text(ingrid), "and the calendar says why"
    await begin_leave(ingrid)
    await write(ingrid, "30.11")
    await write(ingrid, "14.12")
    assert last_text(ingrid) == ingrid.say(LeaveTooLong.sentence, days=11, n=10)
    await write(ingrid, "11.12")
    await write(ingrid, "x" * (WHY_LIMIT + 1))
    assert last_text(ingrid) == ingrid.say(LineTooLong.sentence, length=WHY_LIMIT + 1, limit=WHY_LIMIT)
    await write(ingrid, "Til Spania")
    await tap(ingrid, ingrid.say("Send to the school"))
    assert await stored_leave(world) == [("Noah Berg", "asked", 10, 1)]


async def test_a_second_request_for_the_same_days_is_refused_whoever_of_the_home_asks(world: World) -> None:
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    await ask_leave(ingrid, "14.12", "15.12", "Reise")
    await begin_leave(lars)
    await write(lars, "15.12")
    await write(lars, "16.12")
    shown = last_text(lars)
    assert shown.startswith(lars.say(LeaveOverlaps.sentence).split("{")[0])
    assert "Noah Berg" in shown
    assert "Reise" not in shown
    assert len(await stored_leave(world)) == 1


async def test_the_sending_tap_twice_is_one_request_and_the_menu_leaves_it_unsent(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    review = await review_leave(ingrid, "14.12", "15.12", "Reise til mormor")
    send = next(b.data for row in review.buttons for b in row if ingrid.say("Send to the school") in b.text)
    assert send is not None
    for _ in range(2):
        result = await ingrid.phone.tap_data(send, review)
        await world.idle()
    assert result.text == ingrid.say(OLD_BUTTON)
    assert len(await stored_leave(world)) == 1
    assert len(holding(kari, "Reise til mormor")) == 1
    review = await review_leave(ingrid, "11.01", "12.01", "En annen reise")
    await write(ingrid, "/menu")
    later = next(b.data for row in review.buttons for b in row if ingrid.say("Send to the school") in b.text)
    assert later is not None
    result = await ingrid.phone.tap_data(later, review)
    assert result.text == ingrid.say(OLD_BUTTON)
    assert len(await stored_leave(world)) == 1
    kari.sees_not("En annen reise")


async def test_the_reason_can_be_written_again_before_sending(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await review_leave(ingrid, "14.12", "15.12", "Reise til momor")
    await write(ingrid, "Reise til mormor i Alta")
    await tap(ingrid, ingrid.say("Send to the school"))
    await kari.sees("mormor i Alta")
    kari.sees_not("momor")


async def test_taken_back_before_the_answer_the_teacher_sees_it_in_place(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await ask_leave(ingrid, "14.12", "15.12", "Reise")
    asked = await kari.sees("Reise")
    pressed = next(b.data for row in asked.buttons for b in row if kari.say(GRANT) in b.text)
    await write(ingrid, "/leave")
    await tap(ingrid, "Noah")
    await tap(ingrid, ingrid.say("Take it back"))
    assert (await stored_leave(world))[0][1] == "asked", "one tap does not take it back by mistake"
    await tap(ingrid, ingrid.say("Yes, take it back"))
    assert (await stored_leave(world))[0][1] == "withdrawn"
    seen = await kari.sees(said(kari, "↩️ <b>The home has taken it back.</b> Nothing more is to be done."))
    assert seen.id == asked.id
    assert labels(seen) == []
    assert pressed is not None
    result = await kari.phone.tap_data(pressed, asked)
    assert result.text == kari.say(DECIDED)
    await world.idle()
    assert await leave_days(world, "Noah Berg") == []
    assert holding(lars, "Noah Berg")[-1].silent


async def test_taken_back_on_the_way_only_the_days_to_come_are_free(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await ask_leave(ingrid, "25.11", "27.11", "Reise")
    await tap(kari, grant(kari))
    await world.at(2026, 11, 26, 7, 30)
    await write(lars, "/leave")
    await tap(lars, "Noah")
    lars.sees_not("Reise")
    await tap(lars, lars.say("Take it back"))
    await tap(lars, lars.say("Yes, take it back"))
    assert await leave_days(world, "Noah Berg") == ["2026-11-25"]
    told = await kari.sees("↩️")
    assert "Noah Berg" in told.text
    [(request,)] = await world.rows("SELECT id FROM leave_request")
    await forge(lars, f"vr|{request}|y")
    assert await leave_days(world, "Noah Berg") == ["2026-11-25"], "a second tap changes nothing"


async def test_what_is_over_cannot_be_taken_back(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await ask_leave(ingrid, "25.11", "25.11", "Reise")
    await tap(kari, grant(kari))
    await world.at(2026, 11, 25, 15, 0)
    [(request,)] = await world.rows("SELECT id FROM leave_request")
    result = await forge(ingrid, f"vr|{request}|y")
    assert result.text == ingrid.say(LeaveIsOver.sentence)
    assert await leave_days(world, "Noah Berg") == ["2026-11-25"]


async def test_an_unanswered_request_is_brought_up_once_after_two_school_days(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await world.at(2026, 11, 26, 10, 0)  # a Thursday
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    await world.at(2026, 11, 29, 12, 0)
    assert len(holding(kari, "Reise til Alta")) == 1
    await world.at(2026, 11, 30, 10, 0)
    asked = holding(kari, "Reise til Alta")
    assert len(asked) == 2
    assert kari.say("🔔 The home still waits for an answer to this.") in asked[1].text
    await world.at(2026, 12, 4, 12, 0)
    assert len(holding(kari, "Reise til Alta")) == 2
    await tap(kari, grant(kari), asked[1])
    for message in holding(kari, "Reise til Alta"):
        assert said(kari, GRANTED, name="Kari Nordmann") in message.text
        assert labels(message) == []


async def test_an_answered_request_is_not_brought_up(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    await tap(kari, grant(kari))
    await world.at(2026, 11, 27, 12, 0)
    assert len(holding(kari, "Reise til Alta")) == 1


async def test_who_has_lost_the_class_does_not_decide_and_who_got_it_does(world: World) -> None:
    ingrid, kari, tom = world.actor("Ingrid Berg"), world.actor("Kari Nordmann"), world.actor("Tom Eide")
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    asked = await kari.sees("Reise til Alta")
    swapped = STAFF.replace("Kari Nordmann,contact_teacher,5A", "Kari Nordmann,contact_teacher,2B").replace(
        "Tom Eide,contact_teacher,2B", "Tom Eide,contact_teacher,5A"
    )
    await import_files(world, people=PEOPLE, staff=swapped)
    result = await kari.taps(grant(kari), asked)
    assert result.text == kari.say(NotPermitted.sentence)
    assert (await stored_leave(world))[0][1] == "asked"
    await world.at(2026, 11, 25, 12, 0)  # the reminder reaches who decides now
    await tap(tom, grant(tom), await tom.sees("Reise til Alta"))
    assert (await stored_leave(world))[0][1] == "granted"


async def test_when_no_contact_teacher_can_be_reached_the_leadership_answers(world: World) -> None:
    ingrid, kari, marit = world.actor("Ingrid Berg"), world.actor("Kari Nordmann"), world.actor("Marit Lund")
    await kari.phone.block()
    await world.idle()
    review = await review_leave(ingrid, "14.12", "14.12", "Reise til Alta")
    assert "Marit Lund" in review.text
    await tap(ingrid, ingrid.say("Send to the school"))
    await tap(marit, grant(marit), await marit.sees("Reise til Alta"))
    assert (await stored_leave(world))[0][1] == "granted"


async def test_forged_taps_on_other_peoples_leave_read_like_nothing(world: World) -> None:
    ingrid, james, tom, nina = (world.actor(name) for name in ("Ingrid Berg", "James Miller", "Tom Eide", "Nina Sørli"))
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    [(request, noah)] = await world.rows("SELECT id, pupil_id FROM leave_request")
    for who, data in (
        (james, f"vr|{request}|s"),
        (james, f"vr|{request}|y"),
        (tom, f"vg|{request}|1|g"),
        (nina, f"vg|{request}|1|g"),
        (ingrid, f"vg|{request}|1|g"),
        (tom, f"vx|{request}|1|tests"),
        (james, f"vd|f|{noah},,,,,,"),
        (ingrid, "vg|99999|1|g"),
    ):
        result = await forge(who, data)
        assert result.text == who.say(NotPermitted.sentence), data
    assert (await stored_leave(world))[0][1] == "asked"
    for who in (james, tom, nina):
        who.sees_not("Alta")


async def test_a_shut_out_guardian_learns_nothing_of_the_answer(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    before = len(holding(lars, "Noah"))
    await block(world, "Lars Berg", "Noah Berg")
    await tap(kari, grant(kari), await kari.sees("Reise til Alta"))
    await ingrid.sees(ingrid.say("You need not report the absence. Have a good time."))
    assert len(holding(lars, "Noah")) == before


async def test_a_request_in_quiet_hours_waits_and_a_withdrawn_one_never_comes(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await world.at(2026, 11, 23, 21, 0)
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    kari.sees_not("Alta")
    await write(ingrid, "/leave")
    await tap(ingrid, "Noah")
    await tap(ingrid, ingrid.say("Take it back"))
    await tap(ingrid, ingrid.say("Yes, take it back"))
    await world.at(2026, 11, 24, 9, 0)
    kari.sees_not("Alta")


async def test_the_teachers_page_lists_what_waits(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(kari, "/leave")
    assert kari.say("No home waits for an answer about leave.") in last_text(kari)
    await ask_leave(ingrid, "14.12", "15.12", "Reise til Alta")
    await write(kari, "/leave")
    await tap(kari, "Noah Berg, 5A")
    assert "Reise til Alta" in last_text(kari)
    await tap(kari, grant(kari))
    assert (await stored_leave(world))[0][1] == "granted"


async def test_after_a_restart_the_question_goes_on(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template) as world:
        james, kari = world.actor("James Miller"), world.actor("Kari Nordmann")
        await begin_leave(james)
        await write(james, "14.12")
        await world.app.stop()
        app = App(world.app.settings, world.clock)
        async with app.running():
            world.app = app
            await write(james, "15.12")
            await write(james, "A wedding in Leeds")
            await tap(james, james.say("Send to the school"))
            await tap(kari, kari.say(REFUSE), await kari.sees("Leeds"))
            await write(kari, "Prøveuke")
            assert await stored_leave(world) == [("Sara Miller", "refused", 2, 0)]


async def test_a_pupil_of_age_asks_alone_and_the_parents_hear_nothing(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await ask_leave(ingrid, "7.12", "8.12", "Reise til Alta")
    before = [len(holding(parent, "Noah")) for parent in (ingrid, lars)]
    async with world.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE pupil SET birth_date = '2008-01-15' WHERE name = 'Noah Berg'"))
        await uow.change(
            sa.text(
                "INSERT INTO guardianship (pupil_id, person_id, relation, blocked) SELECT p.id, g.id, 'self', false"
                " FROM pupil p, person g WHERE p.name = 'Noah Berg' AND g.name = 'James Miller'"
            )
        )
        await uow.commit()
    [(request,)] = await world.rows("SELECT id FROM leave_request")
    await forge(ingrid, f"vr|{request}|y")
    assert await stored_leave(world) == [("Noah Berg", "asked", 2, 0)], "a parent's access has ended"
    noah = world.actor("James Miller")  # the telephone of somebody who is the pupil now, and Sara's father
    await ask_leave(noah, "14.12", "15.12", "Interview at a college", "Noah")
    await tap(kari, grant(kari), await kari.sees("Interview at a college"))
    assert await stored_leave(world) == [("Noah Berg", "asked", 2, 0), ("Noah Berg", "granted", 2, 0)]
    await noah.sees(noah.say("You need not report the absence. Have a good time."))
    assert [len(holding(parent, "Noah")) for parent in (ingrid, lars)] == before


async def test_a_long_list_of_requests_shows_the_oldest_and_says_that_there_are_more(world: World) -> None:
    ingrid, marit = world.actor("Ingrid Berg"), world.actor("Marit Lund")
    for day in (1, 2, 3, 4, 5, 9):
        await ask_leave(ingrid, f"{day}.2", f"{day}.2", f"Reise {day}")
    await write(marit, "/leave")
    assert marit.say("There are more. They stand here when these are answered.") in last_text(marit)
    assert len([label for label in labels(marit.phone.last) if "Noah" in label]) == 5
    await write(ingrid, "/leave")
    assert any("9. feb" in label for label in labels(ingrid.phone.last)), "a home sees the latest days first"
