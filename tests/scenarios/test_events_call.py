"""Meetings are called: composed a question at a time, homes are invited in their languages (M1, M3, M8)."""

from __future__ import annotations

import pytest

from bot.actions.events.fields import AnswersAfterEvent, NothingWritten, TapInstead
from bot.actions.notices.compose import TextTooLong
from bot.domain.event_draft import EventField
from bot.domain.event_taps import EventDraftAct, EventDraftStep, EventsStep, EventsTap, PickEventAudience
from bot.domain.events import PLACE_LIMIT, EventKind, WrongEnd
from bot.domain.inputs import PastDate
from bot.domain.notices import AudienceKind
from bot.i18n.event_words import EVENT_NAMES, EVENT_WHYS
from bot.simulator import SimMessage
from handlers.event_screens import QUESTIONS
from tests.scenarios.events_steps import (
    begin_event,
    call_meeting,
    compose_meeting,
    event_rows,
    live_board,
    make_representative,
    newest,
)
from tests.scenarios.leave_steps import said
from tests.scenarios.notices_steps import NOT_HERE, STALE, forge, labels, readers, speak, tap, write
from tests.scenarios.world import Actor, World

HOMES = {"nb": "Ingrid Berg", "en": "James Miller", "pl": "Anna Kowalska", "ar": "Amina Haddad"}
MEETING = EVENT_NAMES[EventKind.CLASS_MEETING]


@pytest.mark.parametrize("language", HOMES)
async def test_a_meeting_from_the_call_to_its_end_whatever_the_language(world: World, language: str) -> None:
    kari = await speak(world.actor("Kari Nordmann"), language)
    home, other = world.actor(HOMES[language]), world.actor("Marte Hovland")
    shown = await compose_meeting(kari, answer_by="1.12")
    assert kari.say(MEETING) in shown.content
    assert kari.say(EVENT_WHYS[EventKind.CLASS_MEETING]) in shown.content
    assert not (await world.rows("SELECT id FROM invitation")), "nobody is invited before the tap"
    await tap(kari, "📨")
    invited = await home.sees(home.say(MEETING))
    assert home.say(EVENT_WHYS[EventKind.CLASS_MEETING]) in invited.content
    await tap(home, home.say("I am coming"), invited)
    await tap(other, other.say("I cannot come"))
    board = (await live_board(kari)).content
    assert kari.tr.ngettext("{n} is coming", "{n} are coming", 1) in board
    assert kari.tr.ngettext("{n} cannot come", "{n} cannot come", 1) in board
    assert home.known.name not in board, "figures only, so that it can lie open on a desk"
    [(event,)] = await world.rows("SELECT id FROM event")
    await forge(kari, f"eo|{event}|y|0")
    told = await home.sees(home.tr.gettext("You need not do anything. You get no more reminders of it."))
    assert home.say(MEETING) in told.content
    assert (await event_rows(world, "state", event)) == [("cancelled",)]


async def test_a_second_tap_on_invite_invites_nobody_and_shows_the_board(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    shown = await compose_meeting(kari)
    pressed = _data(shown, "📨")
    await tap(kari, "📨")
    before = await world.rows("SELECT count(*) FROM outgoing WHERE about = 'event'")
    result = await kari.phone.tap_data(pressed, shown)
    await world.idle()
    assert result.answered
    assert not result.text, "it is no mistake"
    assert await world.rows("SELECT count(*) FROM outgoing WHERE about = 'event'") == before
    assert await world.rows("SELECT count(DISTINCT person_id) = count(*) FROM invitation") == [(1,)]


def _data(message: SimMessage, label: str) -> str:
    found = next(b.data for row in message.buttons for b in row if label in b.text)
    assert found is not None
    return found


async def test_a_stale_button_of_the_draft_shows_it_as_it_stands(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_event(kari, EventKind.CLASS_MEETING)
    asked = kari.phone.last
    old = _data(asked, "▶️")
    await write(kari, "3.12")
    result = await kari.phone.tap_data(old, asked)
    assert result.text == kari.say(STALE)
    await kari.sees(said(kari, QUESTIONS[EventField.STARTS]))
    assert await world.rows("SELECT day FROM event") == [("2026-12-03",)]


async def test_what_does_not_fit_is_told_and_nothing_is_lost(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_event(kari, EventKind.CLASS_MEETING)
    await write(kari, "20.11")
    assert newest(kari).startswith(kari.say(PastDate.sentence).split("{")[0] or "20.")
    await write(kari, "3.12")
    await write(kari, "18")
    await write(kari, "17:30")
    assert newest(kari) == kari.say(WrongEnd.sentence)
    await write(kari, "19:30")
    await write(kari, "x" * (PLACE_LIMIT + 1))
    assert newest(kari) == kari.say(TextTooLong.sentence, length=PLACE_LIMIT + 1, limit=PLACE_LIMIT)
    await write(kari, "Aulaen")
    await write(kari, "Om skoleåret")
    await write(kari, "4.12")
    assert newest(kari).startswith(kari.say(AnswersAfterEvent.sentence).split("{")[0])
    await write(kari, "30.11")
    await write(kari, "ja")
    assert newest(kari) == kari.say(TapInstead.sentence)
    await tap(kari, kari.say("No"))
    await kari.sees_button("📨")
    assert await world.rows("SELECT place, answer_by, childcare FROM event") == [("Aulaen", "2026-11-30", 0)]


async def test_changing_the_beginning_asks_again_for_an_end_that_no_longer_fits(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await compose_meeting(kari)
    await tap(kari, kari.say("Change"))
    await tap(kari, kari.say("Begins"))
    await write(kari, "20:00")
    await kari.sees(said(kari, QUESTIONS[EventField.ENDS]))
    await write(kari, "21:00")
    await kari.sees_button("📨")
    assert await world.rows("SELECT starts, ends FROM event") == [("20:00:00.000000", "21:00:00.000000")]


async def test_a_draft_is_gone_on_with_later_and_can_be_thrown_away(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_event(kari, EventKind.SOCIAL)
    await write(kari, "Grøtkveld")
    await write(kari, "/menu")
    await forge(kari, EventsTap(EventsStep.LIST).pack())
    await tap(kari, kari.say("Go on with the draft"))
    assert "Grøtkveld" in kari.phone.last.content or any("Grøtkveld" in m.content for m in kari.phone.messages)
    await write(kari, "11.12")
    await tap(kari, kari.say("Discard"))
    assert await world.rows("SELECT state FROM event") == [("discarded",)]
    assert await world.rows("SELECT count(*) FROM invitation") == [(0,)]


async def test_an_own_name_is_needed_where_the_kind_has_one(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_event(kari, EventKind.TRIP)
    [(event, version)] = await world.rows("SELECT id, version FROM event")
    result = await forge(kari, f"ef|{event}|{version}|t|")
    assert result.text == kari.say(NothingWritten.sentence)
    await write(kari, "Tur til Bygdøy")
    await write(kari, "11.12")
    await tap(kari, kari.say("The whole day"))
    await kari.sees(said(kari, QUESTIONS[EventField.PLACE]))
    assert await world.rows("SELECT title, starts FROM event") == [("Tur til Bygdøy", None)], "and no end is asked"


async def test_each_kind_invites_its_own_circle(world: World) -> None:
    kari, marit = world.actor("Kari Nordmann"), world.actor("Marit Lund")
    ingrid, lars = await make_representative(world, "Ingrid Berg"), world.actor("Lars Berg")
    await call_meeting(kari, kind=EventKind.MOTHERS_GROUP, place="Kantina")
    assert not readers(world, "Kantina") & {"Lars Berg", "James Miller", "Tom Eide"}
    assert {"Ingrid Berg", "Amina Haddad"} <= readers(world, "Kantina")
    await call_meeting(marit, kind=EventKind.FAU, place="Rom 12", childcare=None)
    assert readers(world, "Rom 12") == {"Ingrid Berg"}
    await call_meeting(marit, kind=EventKind.SU, place="Rom 14", childcare=None)
    assert readers(world, "Rom 14") == {"Ingrid Berg", "Geir Moen"}
    await call_meeting(
        marit, "5A", "Noah Berg", kind=EventKind.RESPONSIBILITY_GROUP,
        place="Rom 16", childcare=None,
    )  # fmt: skip
    assert readers(world, "Rom 16") == {"Ingrid Berg", "Lars Berg", "Kari Nordmann"}
    assert "Noah" in newest(lars)
    assert ingrid.say(EVENT_NAMES[EventKind.RESPONSIBILITY_GROUP]) in newest(ingrid)


async def test_a_representative_calls_what_the_rule_lists_for_the_own_childs_class(world: World) -> None:
    ingrid = await make_representative(world, "Ingrid Berg")
    await write(ingrid, "/menu")
    await forge(ingrid, EventsTap(EventsStep.CALL_NEW).pack())
    offered = labels(ingrid.phone.last)
    assert not any(ingrid.say(EVENT_NAMES[kind]) in label for kind in (EventKind.CLASS_MEETING, EventKind.TRIP)
                   for label in offered)  # fmt: skip
    await call_meeting(ingrid, kind=EventKind.SOCIAL, title="Grøtkveld", childcare=None)
    reached = readers(world, "Grøtkveld")
    assert {"Lars Berg", "Amina Haddad", "James Miller"} <= reached
    assert "Tonje Brekke" not in reached, "the homes of 2B"
    board = (await live_board(ingrid)).content
    assert "Amina" not in board


async def test_made_up_audiences_kinds_and_drafts_are_refused(world: World) -> None:
    kari, tom = world.actor("Kari Nordmann"), world.actor("Tom Eide")
    ingrid, james = await make_representative(world, "Ingrid Berg"), world.actor("James Miller")
    classes = dict(await world.rows("SELECT name, id FROM school_class"))
    await begin_event(ingrid, EventKind.SOCIAL)
    [(event, version)] = await world.rows("SELECT id, version FROM event")
    for data in (
        PickEventAudience(event, version, AudienceKind.CLASSES, classes["2B"]).pack(),
        PickEventAudience(event, version, AudienceKind.SCHOOL, 0).pack(),
        PickEventAudience(event, version, AudienceKind.GRADE, 5).pack(),
        f"ek|{event}|{version}|class_meeting",
        f"ek|{event}|{version}|conference",
    ):
        assert (await forge(ingrid, data)).text == ingrid.say(NOT_HERE), data
    for who in (kari, tom, james):
        for data in (
            PickEventAudience(event, version, AudienceKind.CLASSES, classes["5A"]).pack(),
            EventDraftAct(event, version, EventDraftStep.INVITE).pack(),
            EventDraftAct(event, version, EventDraftStep.DISCARD).pack(),
        ):
            assert (await forge(who, data)).text == who.say(NOT_HERE), data
    assert (await forge(james, EventsTap(EventsStep.CALL).pack())).text == james.say(NOT_HERE)
    assert await event_rows(world, "state, audience_ids", event) == [("draft", f"[{classes['5A']}]")]


async def test_who_calls_sees_how_it_reads_in_the_readers_languages_and_sets_the_reminders(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await compose_meeting(kari)
    await tap(kari, "العربية")
    await kari.sees(Actor(world, kari.known, "ar").say(EVENT_WHYS[EventKind.CLASS_MEETING]))
    await tap(kari, kari.say("Back"))
    await tap(kari, kari.say("Reminders"))
    await tap(kari, "📆 7")
    await tap(kari, "📆 0")
    await tap(kari, kari.say("Back"))
    await tap(kari, "📨")
    assert await world.rows("SELECT DISTINCT remind_days FROM event") == [(0,)]
    assert await world.rows("SELECT DISTINCT kind FROM reminder") == [("hours",)]
