"""When a notice goes out: after the time of grace, later, not in quiet hours; and when it does not go at all."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.notices import NoticeKind
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import (
    NOT_HERE,
    begin,
    draft,
    holding,
    labels,
    readers,
    send_now,
    stored,
    tap,
    write,
)
from tests.scenarios.world import OSLO, Actor, World, open_world

GOES_OUT = "🕗 It goes out {moment} to {guardians}."
QUIET = "🌙 It is quiet time for homes. It goes out {moment} to {guardians}."
DAY_IS_OVER = "This is about {day}, and that is over when it would arrive. Change the day or the time."


def says(teacher: Actor, sentence: str, moment: datetime) -> str:
    """The beginning of a sentence about when it goes out, without whom it reaches."""
    return teacher.say(sentence, moment=moment, guardians="§").partition("§")[0]


async def change_roster(world: World, statement: str) -> None:
    """What the office or an import did meanwhile."""
    async with world.unit_of_work() as uow:
        await uow.execute(sa.text(statement))
        await uow.commit()


async def test_within_the_time_of_grace_it_is_taken_back_and_is_the_draft_it_was(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Send now"))
    await world.forward(seconds=15)
    result = await tap(kari, kari.say("Take it back"))
    assert result.text == kari.say("Taken back. Nothing was sent.")
    await world.forward(minutes=10)
    assert ingrid.phone.messages == []
    await write(kari, "Husk mat og drikke.")
    await send_now(kari)
    assert [m.content for m in ingrid.phone.messages if m.from_bot and "Husk mat" in m.content] == [
        ingrid.phone.last.content
    ]
    await ingrid.sees("Husk mat og drikke.")


async def test_after_the_time_of_grace_it_is_too_late_and_the_way_to_correct_it_is_named(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Husk mat.")
    waiting = kari.phone.last
    await send_now(kari)
    result = await tap(kari, kari.say("Take it back"), waiting)
    assert result.text == kari.say(
        "It has gone out already. You can correct it: open the sent message and tap “Correct”."
    )
    assert await stored(world, "state FROM notice") == [("sent",)]


@pytest.mark.parametrize("typed", [False, True], ids=["button", "typed"])
async def test_a_later_time_is_tapped_or_typed_and_then_is_when_it_comes(world: World, typed: bool) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Send later"))
    if typed:
        await write(kari, "24.11 kl. 7")
    else:
        await tap(kari, f"{kari.tr.short_day(date(2026, 11, 24))} 07:00")
    await kari.sees(says(kari, GOES_OUT, datetime(2026, 11, 24, 7, 0)))  # noqa: DTZ001
    assert await stored(world, "state, send_local FROM notice") == [("scheduled", "2026-11-24T07:00:00")]
    await world.at(2026, 11, 24, 6, 59)
    assert piotr.phone.messages == []
    await world.at(2026, 11, 24, 7, 0)
    await piotr.sees("Husk mat.")
    assert await stored(world, "state FROM notice") == [("sent",)]


async def test_a_time_that_cannot_be_meant_is_asked_for_again(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Send later"))
    for typed, sentence, fields in (
        (",", "I could not read that as a time. Write it like 08:30.", {}),
        ("20.12", "I could not read that as a time. Write it like 08:30.", {}),
        ("23.11 09:00", "{moment} has passed. Choose a time to come.", {"moment": datetime(2026, 11, 23, 9, 0)}),  # noqa: DTZ001
        ("20.11 09:00", "{day} is over. Choose a day from today on.", {"day": date(2026, 11, 20)}),
    ):
        await write(kari, typed)
        assert kari.phone.last in holding(kari, kari.say(sentence, **fields)), kari.screen()
    assert await stored(world, "state, text FROM notice") == [("draft", "Husk mat.")]
    await write(kari, "15:00")
    assert await stored(world, "send_local FROM notice") == [("2026-11-23T15:00:00",)]


async def test_quiet_hours_move_what_is_sent_or_scheduled_into_them_to_the_morning(
    tmp_path: Path, template: Template
) -> None:
    async with open_world(tmp_path, *template, start=datetime(2026, 11, 23, 21, 0, tzinfo=OSLO)) as world:
        kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
        await draft(kari, "Husk mat.")
        await tap(kari, kari.say("Send now"))
        await kari.sees(says(kari, QUIET, datetime(2026, 11, 24, 7, 0)))  # noqa: DTZ001
        await draft(kari, "Husk drikke.")
        await tap(kari, kari.say("Send later"))
        assert not any("21:" in label or "22:" in label for label in labels(kari.phone.last))
        await write(kari, "24.11 22:30")
        await kari.sees(says(kari, QUIET, datetime(2026, 11, 25, 7, 0)))  # noqa: DTZ001
        await world.at(2026, 11, 24, 6, 59)
        assert ingrid.phone.messages == []
        await world.at(2026, 11, 24, 7, 0)
        await ingrid.sees("Husk mat.")
        await world.at(2026, 11, 25, 7, 0)
        await ingrid.sees("Husk drikke.")


async def test_urgent_comes_in_quiet_hours_too(tmp_path: Path, template: Template) -> None:
    async with open_world(tmp_path, *template, start=datetime(2026, 11, 23, 22, 0, tzinfo=OSLO)) as world:
        kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
        await draft(kari, "Skolen er uten vann.", kind=NoticeKind.URGENT)
        await send_now(kari)
        await piotr.sees("Skolen er uten vann.")


async def test_a_day_that_is_over_when_it_would_arrive_is_refused_and_the_draft_stays_open(
    tmp_path: Path, template: Template
) -> None:
    async with open_world(tmp_path, *template, start=datetime(2026, 11, 23, 21, 0, tzinfo=OSLO)) as world:
        kari = world.actor("Kari Nordmann")
        await begin(kari, "5A", NoticeKind.CLOSED)
        await write(kari, "23.11")
        await tap(kari, "10:00")
        await tap(kari, kari.say("Without text"))
        result = await tap(kari, kari.say("Send now"))
        assert result.text == kari.say(DAY_IS_OVER, day=date(2026, 11, 23))
        assert result.show_alert
        await kari.sees_button(kari.say("Send now"))
        assert await stored(world, "state FROM notice") == [("draft",)]


async def test_a_notice_that_fires_late_and_would_arrive_after_its_day_is_given_back(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await begin(kari, "5A", NoticeKind.CLOSED)
    await write(kari, "24.11")
    await tap(kari, "10:00")
    await tap(kari, kari.say("Without text"))
    await tap(kari, kari.say("Send later"))
    await write(kari, "24.11 07:00")
    await world.at(2026, 11, 24, 21, 0)  # nothing ran in between, and now it is quiet time
    kind = kari.say("School closed or late start")
    why = kari.say(DAY_IS_OVER, day=date(2026, 11, 24))
    await kari.sees(kari.say("⚠️ “{kind}” was not sent. {why}", kind=kind, why=why))
    await world.at(2026, 11, 25, 7, 0)
    assert ingrid.phone.messages == []
    assert await stored(world, "state FROM notice") == [("draft",)]


async def test_a_notice_whose_author_lost_the_class_meanwhile_does_not_go_and_the_author_is_told(world: World) -> None:
    nina = world.actor("Nina Sørli")
    await draft(nina, "Svømming i morgen.", "8C")
    await tap(nina, nina.say("Send later"))
    await write(nina, "15:00")
    await change_roster(
        world,
        "DELETE FROM class_staff WHERE class_id = (SELECT id FROM school_class WHERE name = '8C') AND NOT is_contact",
    )
    await world.at(2026, 11, 23, 15, 0)
    assert not readers(world, "Svømming i morgen.") - {"Nina Sørli"}
    await nina.sees(nina.say("⚠️ “{kind}” was not sent. {why}", kind=nina.say("Message"), why=nina.say(NOT_HERE)))
    assert await stored(world, "state, send_at FROM notice") == [("draft", None)]
    assert await stored(world, "count(*) FROM delivery") == [(0,)]


async def test_a_notice_whose_author_left_the_school_does_not_go_and_nobody_is_told(world: World) -> None:
    nina = world.actor("Nina Sørli")
    await draft(nina, "Svømming i morgen.", "8C")
    await tap(nina, nina.say("Send later"))
    await write(nina, "15:00")
    before = len(nina.phone.messages)
    await change_roster(world, "DELETE FROM class_staff WHERE NOT is_contact")
    await change_roster(world, "DELETE FROM staff_role WHERE role = 'subject_teacher'")
    await world.at(2026, 11, 23, 15, 0)
    assert not readers(world, "Svømming i morgen.") - {"Nina Sørli"}
    assert len(nina.phone.messages) == before
    assert await stored(world, "state, reason FROM outgoing") == [("failed", "no_right")]


async def test_what_waits_is_looked_at_in_the_list_without_taking_it_back(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Send later"))
    await write(kari, "15:00")
    await write(kari, "/sent")
    await tap(kari, "🕗")
    await kari.sees(says(kari, GOES_OUT, datetime(2026, 11, 23, 15, 0)))  # noqa: DTZ001
    assert await stored(world, "state FROM notice") == [("scheduled",)]
    shown = kari.phone.last
    await world.at(2026, 11, 23, 15, 0)
    await ingrid.sees("Husk mat.")
    await tap(kari, kari.say("Take it back"), shown)
    assert await stored(world, "state FROM notice") == [("sent",)]


async def test_an_old_list_opens_what_has_gone_out_meanwhile(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Send later"))
    await write(kari, "15:00")
    await write(kari, "/sent")
    listed = kari.phone.last
    await world.at(2026, 11, 23, 15, 0)
    await tap(kari, "🕗", listed)
    assert any(kari.say("Who has answered") in label for label in labels(listed))


async def test_a_pupil_who_changes_class_before_it_goes_out_is_where_the_roster_says_then(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Send later"))
    await write(kari, "15:00")
    await change_roster(
        world, "UPDATE pupil SET class_id = (SELECT id FROM school_class WHERE name = '2B') WHERE name = 'Noah Berg'"
    )
    await world.at(2026, 11, 23, 15, 0)
    assert ingrid.phone.messages == []
    await world.actor("Piotr Kowalski").sees("Husk mat.")
