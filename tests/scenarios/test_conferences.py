"""A teacher lays out conferences in a few taps, invites, and looks after the round (M4)."""

from __future__ import annotations

from datetime import date

from bot.domain.conference_slots import NoRoom, SpansOverlap
from bot.domain.conferences import TAKES_PART_FROM
from bot.domain.errors import NotPermitted, Stale
from bot.domain.events import EventKind
from bot.i18n.event_words import EVENT_WHYS
from tests.scenarios.conference_steps import (
    add_day,
    begin_round,
    board_of,
    booked,
    day_label,
    invite,
    lay_out,
    take,
    times,
)
from tests.scenarios.leave_steps import last_text, said
from tests.scenarios.notices_steps import forge, holding, labels, readers, tap, write
from tests.scenarios.steps import block
from tests.scenarios.world import World

CALLED_OFF = (
    "❌ The conferences with {teacher} ({school_class}) are called off. Nothing is to be done; the school invites you "
    "again with new times."
)


async def test_a_round_takes_six_taps_and_says_before_anything_is_sent_what_a_home_reads(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await begin_round(kari)
    await add_day(kari, "1. des.")
    assert kari.tr.ngettext("{n} time in all", "{n} times in all", 5) in last_text(kari)
    await tap(kari, "📨 ")
    assert said(kari, EVENT_WHYS[EventKind.CONFERENCE]) in last_text(kari)
    assert await world.rows("SELECT count(*) FROM invitation") == [(0,)]
    ingrid.sees_not("1. desember")
    preview = kari.phone.last
    await tap(kari, kari.say("Send the invitation"))
    invited = await ingrid.sees(said(ingrid, EVENT_WHYS[EventKind.CONFERENCE]))
    assert "Noah Berg" in invited.text
    assert "Kari Nordmann" in invited.text
    assert day_label(ingrid) in labels(invited)[0]
    [(event,)] = await world.rows("SELECT id FROM event WHERE state = 'open'")
    assert await world.rows("SELECT count(DISTINCT person_id) FROM invitation") == [(43,)]
    await forge(kari, f"cr|{event}|2|i")  # the second tap
    assert len(holding(ingrid, said(ingrid, EVENT_WHYS[EventKind.CONFERENCE]))) == 1
    assert len(await times(world)) == 5
    assert preview.text


async def test_lengths_places_and_days_are_chosen_and_nothing_is_lost_on_the_way(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_round(kari)
    await tap(kari, kari.say("Length"))
    await tap(kari, str(kari.tr.plain.ngettext("{n} minute", "{n} minutes", 15)))
    await tap(kari, kari.say("Break"))
    await tap(kari, str(kari.tr.plain.ngettext("{n} minute", "{n} minutes", 10)))
    await tap(kari, kari.say("With an interpreter"))
    await tap(kari, str(kari.tr.plain.ngettext("{n} minute", "{n} minutes", 30)))
    await tap(kari, kari.say("Back"))
    await tap(kari, kari.say("Places"))
    await tap(kari, kari.say("by video"))
    await tap(kari, kari.say("at school"))
    await tap(kari, kari.say("Address for video"))
    await write(kari, "http://video.example/5a")
    await write(kari, "https://video.example/5a")
    await tap(kari, kari.say("Back"))
    await tap(kari, kari.say("Choose a day"))
    await tap(kari, "1. des.")
    await write(kari, "13:00-13:10")
    assert last_text(kari) == kari.say(NoRoom.sentence, minutes=15, start="13:00", end="13:10")
    await write(kari, "kl 13")
    await write(kari, "13-14")
    assert await world.rows("SELECT minutes, long_minutes, pause FROM talk_round") == [(15, 30, 10)]
    await tap(kari, kari.say("Another day"))
    await tap(kari, "1. des.")
    await write(kari, "13:30-15:00")
    assert last_text(kari) == kari.say(SpansOverlap.sentence)
    await write(kari, "/meetings")  # to and fro: the draft waits
    await tap(kari, kari.say("Offer conferences"))
    await invite(kari)
    assert [one[0] for one in await times(world)] == ["13:00", "13:25"]
    assert await world.rows("SELECT places, video_url FROM talk_round") == [('["video"]', "https://video.example/5a")]


async def test_pupils_from_twelve_years_on_have_the_right_to_take_part_and_the_invitation_says_so(world: World) -> None:
    hilde, kari = world.actor("Hilde Strand"), world.actor("Kari Nordmann")
    kristin, ingrid = world.actor("Kristin Aasland"), world.actor("Ingrid Berg")
    await lay_out(hilde)
    right = "From {n} years on pupils have the right to take part: {children}."
    invited = await kristin.sees(said(kristin, right, n=TAKES_PART_FROM, children="Live Aasland"))
    await take(kristin, "13:00", invited)
    assert await world.rows("SELECT with_pupil FROM talk") == [(1,)], "the pupil takes part unless the home says no"
    await lay_out(kari)
    ingrid.sees_not(said(ingrid, right, n=TAKES_PART_FROM, children="Noah Berg"))
    await take(ingrid, "13:00")
    assert await world.rows("SELECT with_pupil FROM talk ORDER BY id") == [(1,), (0,)]


async def test_the_board_names_who_has_what_time_for_the_teacher_and_the_leadership_alone(world: World) -> None:
    kari, marit, nina, ingrid = (
        world.actor(name) for name in ("Kari Nordmann", "Marit Lund", "Nina Sørli", "Ingrid Berg")
    )
    await lay_out(kari)
    await take(ingrid, "13:25")
    await world.forward(seconds=3)
    assert "13:25 Noah Berg" in board_of(kari)
    assert f"13:00 ▫️ {kari.say('free')}" in board_of(kari)
    assert readers(world, "13:25 Noah Berg") == {"Kari Nordmann"}
    [(event,)] = await world.rows("SELECT id FROM event")
    shown = await forge(marit, f"co|{event}|d|0")
    assert shown.answered
    assert "13:25 Noah Berg" in last_text(marit)
    for other in (nina, ingrid):
        await forge(other, f"co|{event}|s|0")
        other.sees_not("13:25 Noah")


async def test_a_time_is_closed_opened_and_added_and_a_talk_called_off_tells_the_home_what_to_do(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await lay_out(kari)
    board = kari.phone.last
    await tap(kari, day_label(kari), board)
    await tap(kari, "14:40")
    await tap(kari, kari.say("Close this time"))
    assert (await times(world))[-1] == ("14:40", None, True, False)
    await tap(kari, kari.say("Open this time again"))
    assert (await times(world))[-1] == ("14:40", None, False, False)
    await take(ingrid, "13:00")
    [(event,)] = await world.rows("SELECT id FROM event")
    await forge(kari, f"co|{event}|d|0")
    await tap(kari, "13:00 Noah Berg")
    await tap(kari, kari.say("Call it off"))
    assert len(await booked(world)) == 1, "it asks first"
    await tap(kari, kari.say("Yes, call it off"))
    assert await booked(world) == []
    assert (await times(world))[0] == ("13:00", None, True, False), "nobody can take what the teacher cannot hold"
    for guardian in (ingrid, lars):
        await guardian.sees(said(guardian, "Please choose another time. We are sorry for the trouble."))
    await tap(lars, lars.say("Choose a time"))
    await take(lars, "14:40")
    assert await booked(world) == [("Noah Berg", "14:40", "")]
    await forge(kari, f"co|{event}|a|0")
    await write(kari, "1.12 14:50")
    assert last_text(kari) == kari.say(SpansOverlap.sentence)
    await write(kari, "2.12 08:00")
    assert [one[0] for one in await times(world)][-1] == "08:00"


async def test_calling_the_round_off_tells_everybody_once_and_no_reminder_comes(world: World) -> None:
    kari, ingrid, amina = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Amina Haddad"))
    await lay_out(kari)
    await take(ingrid, "13:00")
    [(event,)] = await world.rows("SELECT id FROM event")
    for view in ("c", "y", "y"):
        await forge(kari, f"co|{event}|{view}|0")
    for home in (ingrid, amina):
        off = said(home, CALLED_OFF, teacher="Kari Nordmann", school_class="5A")
        assert len(holding(home, off)) == 1
    assert await booked(world) == []
    assert await world.rows("SELECT count(*) FROM reminder WHERE state = 'planned'") == [(0,)]
    old = await forge(amina, f"cy|{event}|{(await world.rows('SELECT min(id) FROM pupil'))[0][0]}|2026-12-01||0")
    assert old.text
    assert await booked(world) == []


async def test_only_homes_without_a_time_are_reminded_and_not_twice_in_a_row(world: World) -> None:
    kari, ingrid, amina, james = (
        world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Amina Haddad", "James Miller")
    )
    await lay_out(kari)
    await take(ingrid, "13:00")
    await tap(james, james.say("None of these times suits me"))
    [(event,)] = await world.rows("SELECT id FROM event")
    await forge(kari, f"co|{event}|r|0")
    await forge(kari, f"co|{event}|r|0")
    sentence = "🔔 {teacher} would like to talk with you about {children}. There are still times to choose from."

    def reminded(name: str, child: str) -> int:
        home = world.actor(name)
        return len(holding(home, said(home, sentence, teacher="Kari Nordmann", children=child)))

    assert reminded("Amina Haddad", "Ali Haddad") == 1
    assert reminded("Ingrid Berg", "Noah Berg") == 0
    assert reminded("James Miller", "Sara Miller") == 0, "who waits is not asked to choose"
    await take(amina, "13:25")
    assert [one[0] for one in await booked(world)] == ["Noah Berg", "Ali Haddad"]


async def test_the_teacher_books_for_a_home_that_phones_and_its_guardians_are_told(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await lay_out(kari)
    [(event,)] = await world.rows("SELECT id FROM event")
    await forge(kari, f"co|{event}|w|0")
    while not kari.has_button("Noah Berg", last=1):
        await tap(kari, "▶️")
    await tap(kari, "Noah Berg")
    await take(kari, "13:50")
    assert await booked(world) == [("Noah Berg", "13:50", "")]
    for guardian in (ingrid, lars):
        told = await guardian.sees(said(guardian, "Booked or changed by {name}.", name="Kari Nordmann"))
        assert "13:50" in told.text


async def test_a_guardian_who_was_shut_out_hears_nothing_and_can_do_nothing(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await lay_out(kari)
    await block(world, "Lars Berg", "Noah Berg")
    await take(ingrid, "13:00")
    lars.sees_not(said(lars, "Booked or changed by {name}.", name="Ingrid Berg"))
    [(talk, event, pupil)] = await world.rows("SELECT id, event_id, pupil_id FROM talk")
    for data in (f"cx|{talk}|0|y", f"cb|{event}|{pupil}", f"cq|{event}|{pupil}|j"):
        await forge(lars, data)
    assert await booked(world) == [("Noah Berg", "13:00", "")]
    assert holding(lars, "13:00") == holding(lars, said(lars, EVENT_WHYS[EventKind.CONFERENCE])), "the invitation alone"


async def test_an_old_button_of_the_draft_shows_how_it_stands_and_a_discarded_one_is_gone(world: World) -> None:
    kari, tom = world.actor("Kari Nordmann"), world.actor("Tom Eide")
    await begin_round(kari)
    old = kari.phone.last
    await add_day(kari, "1. des.")
    [(event, version)] = await world.rows("SELECT id, version FROM event")
    stale = await forge(kari, f"cr|{event}|1|c")
    assert stale.text == kari.say(Stale.sentence)
    assert kari.tr.ngettext("{n} time in all", "{n} times in all", 5) in last_text(kari)
    assert old.id == kari.phone.last.id, "the draft stays one message"
    for data in (f"cr|{event}|{version}|i", f"cd|{event}|{version}|2026-12-02|1300|1500", f"co|{event}|s|0"):
        assert (await forge(tom, data)).text == tom.say(NotPermitted.sentence)
    await tap(kari, kari.say("Discard"))
    await forge(kari, f"cr|{event}|{version}|i")
    assert await world.rows("SELECT state FROM event") == [("discarded",)]
    assert await world.rows("SELECT count(*) FROM invitation") == [(0,)]


async def test_every_day_of_a_long_round_can_be_opened(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin_round(kari)
    days = ["1. des.", "2. des.", "3. des.", "4. des.", "7. des.", "8. des.", "9. des."]
    for place, day in enumerate(days):
        await add_day(kari, day, another=place > 0)
    await invite(kari)
    [board] = [m for m in kari.phone.messages if m.from_bot and m.silent and days[-1] in " ".join(labels(m))]
    assert all(any(day in label for label in labels(board)) for day in days)
    await tap(kari, days[-1], board)
    assert kari.tr.day(date(2026, 12, 9)) in last_text(kari)
