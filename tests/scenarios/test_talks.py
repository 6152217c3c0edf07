"""A talk between home and school: prepared, written up, confirmed (M5)."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.domain.conferences import MOST_POINTS, PREPARATION_LIMIT, SUMMARY_LIMIT, PointOwner, TalkPlace
from bot.domain.leave import LineTooLong
from bot.domain.talk_summary import EnoughPoints, TalkIsCancelled, TalkIsOver, TalkNotYet
from bot.domain.talk_taps import (
    AnswerSummary,
    HomeStep,
    OpenTalk,
    PickDay,
    PickOwner,
    PrepareTalk,
    SummaryAct,
    SummaryStep,
)
from tests.scenarios.leave_steps import last_text, said
from tests.scenarios.notices_steps import NOT_HERE, STALE, forge, holding, labels, readers, shut_out, speak, tap, write
from tests.scenarios.steps import STAFF, block, import_files
from tests.scenarios.talks_steps import (
    INTERPRETED,
    after_talk,
    agree,
    begin_summary,
    book,
    send_it,
    summarised,
)
from tests.scenarios.world import World, _bare

PREPARE = "What do you want to ask?"
PROMPT = "📝 <b>What did you agree in these talks?</b>"
AGREE, DIFFER = "Yes, that is what we agreed", "I see it differently"


@pytest.mark.parametrize("language", ["nb", "en", "pl", "ar"])
async def test_a_talk_from_the_question_before_to_the_home_s_confirmation(world: World, language: str) -> None:
    amina, omar, kari = (world.actor(name) for name in ("Amina Haddad", "Omar Haddad", "Kari Nordmann"))
    if language != amina.language:
        amina = await speak(amina, language)
    await book(world, "Ali Haddad", "Amina Haddad", **INTERPRETED)
    await world.at(2026, 11, 28, 16, 0)
    asked = await amina.sees(said(amina, "What do you want to ask?"))
    assert said(amina, "🧒 {child} takes part", child="Ali Haddad") in _bare(asked.text)
    assert "Kari Nordmann" in asked.text
    assert len(holding(omar, said(omar, "What do you want to ask?"))) == 1
    await tap(amina, amina.say("Prepare the talk"))
    await write(amina, "علي سعيد لكنه متعب")
    await amina.sees(said(amina, "✅ Kept for the talk. {teacher} reads it before.", teacher="Kari Nordmann"))
    omar.sees_not("متعب")
    kari.sees_not("متعب")

    await world.at(2026, 12, 1, 16, 0)
    await after_talk(world)
    await tap(kari, "📝 Ali Haddad")
    page = await kari.sees("متعب")
    assert "Amina Haddad" in page.text
    await tap(kari, kari.say("Write the summary"))
    await write(kari, "Ali trives, men sover lite.")
    await agree(kari, PointOwner.HOME, "Tidlig i seng på hverdager", 1)
    await agree(kari, PointOwner.TOGETHER, "Snakkes igjen før jul")
    assert holding(amina, "sover lite") == []
    await send_it(kari)
    for guardian in (amina, omar):
        told = await guardian.sees("Ali trives, men sover lite.")
        assert "Tidlig i seng på hverdager" in told.text
        assert "Snakkes igjen før jul" in told.text
    await tap(amina, amina.say(AGREE))
    await amina.sees(said(amina, "✅ The home has confirmed it."))
    await kari.sees(
        said(kari, "✅ {name} confirms what you agreed about {child}.", name="Amina Haddad", child="Ali Haddad")
    )
    assert readers(world, "sover lite") == {"Amina Haddad", "Omar Haddad"}
    assert await world.rows("SELECT act FROM audit_entry WHERE act LIKE 'talk%' ORDER BY id") == [
        ("talk.prepare",),
        ("talk.summary",),
        ("talk.confirm",),
    ]


async def test_homes_are_reminded_of_time_and_place_and_only_the_booker_of_the_interpreter(world: World) -> None:
    amina, omar, ingrid = (world.actor(name) for name in ("Amina Haddad", "Omar Haddad", "Ingrid Berg"))
    await book(world, "Ali Haddad", "Amina Haddad", place=TalkPlace.HOME, with_pupil=False, **INTERPRETED)
    await world.at(2026, 11, 29, 17, 0)
    soon = "🔔 <b>Soon it is time for the talk about {child}.</b>"
    for guardian in (amina, omar):
        [told] = holding(guardian, said(guardian, soon, child="Ali Haddad"))
        assert "17:00" in told.text
        assert guardian.say("at your home") in told.text
        assert said(guardian, "👤 without {child}", child="Ali Haddad") in _bare(told.text)
    interpreter = said(amina, "🗣 Interpreter: {details}", details="العربية")
    assert holding(amina, interpreter) != []
    assert holding(omar, interpreter) == [], "the wish is the booker's own (P9)"
    [told] = holding(omar, said(omar, soon, child="Ali Haddad"))
    await omar.taps(omar.say("Calendar file"), told)
    await world.idle()
    assert omar.phone.last.document is not None
    await tap(omar, omar.say("Change or cancel"), told)
    await omar.sees_button(omar.say("Cancel the talk"))
    await world.at(2026, 12, 1, 15, 0)
    today = "🔔 <b>Today is the talk about {child}.</b>"
    assert len(holding(omar, said(omar, today, child="Ali Haddad"))) == 1
    assert readers(world, said(ingrid, today, child="Ali Haddad")) <= {"Amina Haddad", "Omar Haddad"}


async def test_from_twelve_years_on_the_home_is_asked_to_talk_with_the_pupil_first(world: World) -> None:
    kristin, ingrid = world.actor("Kristin Aasland"), world.actor("Ingrid Berg")
    await book(world, "Live Aasland", "Kristin Aasland", teacher="Hilde Strand")
    await book(world, "Noah Berg", "Ingrid Berg")
    await world.at(2026, 11, 28, 16, 0)
    part = (
        "{child} has the right to take part and to be heard. Talk together before: what is good, what should "
        "be different?"
    )
    assert holding(kristin, said(kristin, part, child="Live Aasland")) != []
    assert holding(ingrid, said(ingrid, PREPARE)) != []
    assert holding(ingrid, said(ingrid, part, child="Noah Berg")) == []


async def test_a_teacher_is_asked_once_for_all_talks_of_the_day_that_have_no_summary(world: World) -> None:
    kari, nina = world.actor("Kari Nordmann"), world.actor("Nina Sørli")
    for pupil, guardian, hour in (("Ali Haddad", "Amina Haddad", 16), ("Noah Berg", "Ingrid Berg", 17)):
        await book(world, pupil, guardian, starts=time(hour))
    await world.at(2026, 12, 1, 18, 0)
    kari.sees_not(said(kari, PROMPT))
    await after_talk(world)
    [prompt] = holding(kari, said(kari, PROMPT))
    assert labels(prompt) == ["📝 Ali Haddad · tir. 1. des.", "📝 Noah Berg · tir. 1. des."]
    nina.sees_not(said(nina, PROMPT))
    await world.at(2026, 12, 4, 9, 0)
    assert len(holding(kari, said(kari, PROMPT))) == 1
    assert await world.rows("SELECT DISTINCT state FROM reminder WHERE kind = 'summary'") == [("done",)]


async def test_what_was_written_up_on_the_same_evening_is_not_asked_for(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    talk = await book(world, "Noah Berg", "Ingrid Berg")
    await world.at(2026, 12, 1, 17, 30)
    await forge(kari, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())
    await write(kari, "Noah har det fint.")
    await send_it(kari)
    await after_talk(world)
    kari.sees_not(said(kari, PROMPT))


async def test_a_correction_is_told_again_and_opens_what_was_confirmed(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await book(world, "Noah Berg", "Ingrid Berg")
    await summarised(world, kari, "Noah Berg", "Noah leser godt.", (PointOwner.SCHOOL, "Mer mattehjelp", 0))
    first = await ingrid.sees("Noah leser godt.")
    await tap(lars, lars.say(AGREE))
    assert await world.rows("SELECT p.name FROM talk t JOIN person p ON p.id = t.confirmed_by") == [("Lars Berg",)]
    await tap(kari, kari.say("Show the talk"))
    await tap(kari, kari.say("Correct the summary"))
    await tap(kari, kari.say("Other words"))
    await write(kari, "Noah leser svært godt.")
    await tap(kari, kari.say("Take the last point away"))
    await agree(kari, PointOwner.SCHOOL, "Lesegruppe", 0)
    await send_it(kari)
    for guardian in (ingrid, lars):
        told = await guardian.sees("Noah leser svært godt.")
        assert "Lesegruppe" in told.text
        assert "Mer mattehjelp" not in told.text
    assert await world.rows("SELECT confirmed_by, summary_version FROM talk") == [(None, 2)]
    result = await ingrid.phone.tap(ingrid.say(AGREE), message=first)
    await world.idle()
    assert result.text == ingrid.say(STALE)
    assert await world.rows("SELECT confirmed_by FROM talk") == [(None,)], "an old button confirms no new words"
    await tap(ingrid, ingrid.say(AGREE))
    assert await world.rows("SELECT p.name FROM talk t JOIN person p ON p.id = t.confirmed_by") == [("Ingrid Berg",)]
    planned = await world.rows(
        "SELECT a.text, r.state, count(*) FROM reminder r JOIN agreed_point a ON a.id = r.occasion_id"
        " WHERE r.occasion = 'point' GROUP BY a.text, r.state ORDER BY a.text"
    )
    assert planned == [("Lesegruppe", "planned", 6), ("Mer mattehjelp", "dropped", 6)]


async def test_who_sees_it_differently_writes_to_the_teacher_and_nobody_else_reads_it(world: World) -> None:
    amina, omar, kari = (world.actor(name) for name in ("Amina Haddad", "Omar Haddad", "Kari Nordmann"))
    await book(world, "Ali Haddad", "Amina Haddad")
    await summarised(world, kari, "Ali Haddad", "Ali snakker lite i timene.")
    await tap(amina, amina.say(AGREE))
    await tap(amina, amina.say(DIFFER))
    await write(amina, "هو يتكلم كثيرا في البيت")
    got = await kari.sees("هو يتكلم كثيرا")
    assert "Amina Haddad" in got.text
    assert (
        said(kari, "💬 About the talk on {day}: sees it differently.", day=kari.tr.day(date(2026, 12, 1))) in got.text
    )
    omar.sees_not("هو يتكلم كثيرا")
    assert await world.rows("SELECT confirmed_by FROM talk") == [(None,)], "the own word is taken back"
    await kari.sees_button(kari.say("Answer"))
    assert await world.rows("SELECT count(*) FROM thread_message") == [(1,)]


async def test_nobody_but_the_home_and_the_round_s_teacher_sees_or_changes_a_talk(world: World) -> None:
    talk = await book(world, "Noah Berg", "Ingrid Berg")
    kari, ingrid, marit = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Marit Lund"))
    strangers = [world.actor(name) for name in ("James Miller", "Tom Eide", "Nina Sørli")]
    shut = await shut_out(world)
    await world.at(2026, 12, 1, 17, 10)
    taps = [
        OpenTalk(talk),
        PrepareTalk(talk),
        AnswerSummary(talk, 1, HomeStep.CONFIRM),
        PickOwner(talk, 1, PointOwner.HOME),
        PickDay(talk, 1, 1),
        *(SummaryAct(talk, 1, step) for step in SummaryStep),
    ]
    for stranger in strangers:
        for one in taps:
            assert (await forge(stranger, one.pack())).text == stranger.say(NOT_HERE), (stranger.known.name, one)
    for one in (OpenTalk(10**6), PrepareTalk(-1), SummaryAct(2**31 - 1, 0, SummaryStep.SEND)):
        assert (await forge(kari, one.pack())).text == kari.say(NOT_HERE)
    assert (await forge(ingrid, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())).text == ingrid.say(NOT_HERE)
    assert (await forge(kari, PrepareTalk(talk).pack())).text == kari.say(NOT_HERE)
    await forge(shut, OpenTalk(talk).pack())
    shut.sees_not("Noah Berg")
    await forge(marit, OpenTalk(talk).pack())
    assert "Noah Berg" in last_text(marit)
    assert await world.rows("SELECT draft, summary FROM talk") == [(None, "")]
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]


async def test_who_loses_access_or_the_class_can_do_nothing_more(world: World) -> None:
    kari, lars, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Lars Berg", "Ingrid Berg"))
    talk = await book(world, "Noah Berg", "Ingrid Berg")
    await summarised(world, kari, "Noah Berg", "Noah leser godt.", (PointOwner.HOME, "Les hver kveld", 1))
    await block(world, "Lars Berg", "Noah Berg")
    assert (await lars.taps(lars.say(AGREE))).text
    await world.idle()
    assert await world.rows("SELECT confirmed_by FROM talk") == [(None,)]
    staff = STAFF.replace("Kari Nordmann,contact_teacher,5A", "Kari Nordmann,contact_teacher,2B")
    await import_files(world, staff=staff)
    assert (await forge(kari, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())).text == kari.say(NOT_HERE)
    await world.at(2026, 12, 17, 18, 0)
    for gone in (lars, kari):
        gone.sees_not(said(gone, "📌 <b>What was agreed about {child}</b>", child="Noah Berg"))
    assert holding(ingrid, said(ingrid, "📌 <b>What was agreed about {child}</b>", child="Noah Berg")) != []


async def test_wrong_words_and_old_buttons_lose_nothing(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    talk = await book(world, "Noah Berg", "Ingrid Berg")
    await forge(kari, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())
    assert await world.rows("SELECT draft FROM talk") == [(None,)]
    await tap_prepare_too_long(world)
    await after_talk(world)
    await forge(ingrid, PrepareTalk(talk).pack())
    assert last_text(ingrid).startswith("🗣")
    await begin_summary(kari, "Noah Berg")
    await write(kari, "x" * (SUMMARY_LIMIT + 1))
    assert last_text(kari) == said(kari, LineTooLong.sentence, length=SUMMARY_LIMIT + 1, limit=SUMMARY_LIMIT)
    await write(kari, "Noah har det fint.")
    overview = kari.phone.last
    send = str(next(b.data for row in overview.buttons for b in row if kari.say("Send to the home") in b.text))
    for n in range(MOST_POINTS):
        await agree(kari, PointOwner.SCHOOL, f"Nummer {n}", 0)
    assert not kari.has_button(kari.say("Add something you agreed"), last=1)
    assert (await forge(kari, send)).text == kari.say(STALE)
    assert "Noah har det fint." in last_text(kari)
    version = int(str(kari.phone.last.buttons[0][0].data).split("|")[2])
    refused = await forge(kari, PickOwner(talk, version, PointOwner.HOME).pack())
    assert refused.text == kari.say(EnoughPoints.sentence, n=MOST_POINTS)
    await tap(kari, kari.say("Throw away"))
    await forge(kari, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())
    await write(kari, "Noah har det bra.")
    assert (await forge(kari, send)).text == kari.say(STALE), "a button of a draft that was thrown away fits no other"
    await send_it(kari)
    assert await world.rows("SELECT summary, summary_version FROM talk") == [("Noah har det bra.", 1)]
    assert len(holding(ingrid, "Noah har det bra.")) == 1


async def tap_prepare_too_long(world: World) -> None:
    """Write more than fits before a talk, then less."""
    ingrid = world.actor("Ingrid Berg")
    await world.at(2026, 11, 28, 16, 0)
    await tap(ingrid, ingrid.say("Prepare the talk"))
    await write(ingrid, "y" * (PREPARATION_LIMIT + 1))
    assert await world.rows("SELECT count(*) FROM talk_preparation") == [(0,)]
    await write(ingrid, "Først dette")
    await tap(ingrid, ingrid.say("Prepare the talk"))
    assert "Først dette" in last_text(ingrid)
    await write(ingrid, "Så det andre")
    assert await world.rows("SELECT text, language FROM talk_preparation") == [("Så det andre", "nb")]


async def test_before_a_talk_nothing_is_written_up_and_after_it_nothing_prepared(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    talk = await book(world, "Noah Berg", "Ingrid Berg")
    early = await forge(kari, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())
    assert early.text == kari.say(TalkNotYet.sentence)
    await world.at(2026, 12, 1, 17, 20)
    late = await forge(ingrid, PrepareTalk(talk).pack())
    assert late.text == ingrid.say(TalkIsOver.sentence)
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]


async def test_a_talk_that_the_home_calls_off_is_over_for_everybody(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    talk = await book(world, "Noah Berg", "Ingrid Berg")
    await world.at(2026, 11, 28, 16, 0)
    await tap(ingrid, ingrid.say("Change or cancel"))
    await tap(ingrid, ingrid.say("Cancel the talk"))
    await tap(ingrid, ingrid.say("Yes, cancel it"))
    prepare = await forge(lars, PrepareTalk(talk).pack())
    assert prepare.text == lars.say(TalkIsCancelled.sentence)
    await after_talk(world)
    for guardian in (ingrid, lars):
        soon = "🔔 <b>Soon it is time for the talk about {child}.</b>"
        guardian.sees_not(said(guardian, soon, child="Noah Berg"))
    kari.sees_not(said(kari, PROMPT))
    begun = await forge(kari, SummaryAct(talk, 0, SummaryStep.BEGIN).pack())
    assert begun.text == kari.say(TalkIsCancelled.sentence)
