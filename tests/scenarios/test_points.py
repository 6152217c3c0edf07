"""What was agreed in a talk, until it is done: reminded to both sides, ticked off by either (M5, M9)."""

from __future__ import annotations

from datetime import date

from bot.domain.conferences import PointOwner
from bot.domain.talk_taps import OpenTalks, TickPoint
from bot.simulator import SimMessage
from tests.scenarios.leave_steps import last_text, said
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, tap
from tests.scenarios.talks_steps import book, summarised
from tests.scenarios.world import Actor, World

HEAD = "📌 <b>What was agreed about {child}</b>"
BED = "Tidlig i seng"


def shown(actor: Actor, child: str) -> str:
    """Return the heading of what was agreed, as a person reads it."""
    return said(actor, HEAD, child=child)


def now(actor: Actor, message: SimMessage) -> SimMessage:
    """Return a message as it stands by now."""
    return next(one for one in actor.phone.messages if one.id == message.id)


async def agreed(world: World, *points: tuple[PointOwner, str, int | None]) -> tuple[Actor, Actor, Actor]:
    """Let Kari and Ali's home agree on something; return mother, father and teacher."""
    kari = world.actor("Kari Nordmann")
    await book(world, "Ali Haddad", "Amina Haddad")
    await summarised(world, kari, "Ali Haddad", "Ali trives.", *points)
    return world.actor("Amina Haddad"), world.actor("Omar Haddad"), kari


async def test_both_sides_are_reminded_before_the_day_and_once_when_it_has_passed(world: World) -> None:
    both = await agreed(world, (PointOwner.HOME, BED, 1), (PointOwner.SCHOOL, "Plass foran", 1))  # by 16 December
    await world.at(2026, 12, 13, 15, 59)
    for person in both:
        person.sees_not(shown(person, "Ali Haddad"))
    await world.at(2026, 12, 13, 16, 0)
    for person in both:
        [told] = holding(person, shown(person, "Ali Haddad"))
        assert BED in told.text
        assert "Plass foran" in told.text, "what is due together comes together"
        assert len(labels(told)) == 2
    await world.at(2026, 12, 17, 16, 0)
    await world.at(2026, 12, 30, 12, 0)
    for person in both:
        assert len(holding(person, shown(person, "Ali Haddad"))) == 2
        passed = "A day has passed. Is it done? If it takes longer, that is fine: write to each other."
        assert len(holding(person, said(person, passed))) == 1


async def test_done_by_the_home_ends_it_for_both_and_can_be_taken_back(world: World) -> None:
    amina, omar, kari = await agreed(world, (PointOwner.HOME, BED, 1), (PointOwner.SCHOOL, "Plass foran", 1))
    await world.at(2026, 12, 13, 16, 0)
    reminded = holding(kari, shown(kari, "Ali Haddad"))[0]
    await tap(amina, amina.say("Done: {what}", what=1))
    assert [label for label in labels(now(kari, reminded)) if BED in label] == []
    assert f"✅ {BED}" in now(kari, reminded).text
    assert holding(omar, f"✅ {BED}") != []
    assert holding(omar, "Amina Haddad sier") == [] == holding(omar, "Amina Haddad says"), (
        "who it was is no matter (P9)"
    )
    second = await forge(kari, TickPoint(1, done=True).pack())
    assert second.answered
    assert await world.rows("SELECT p.name FROM agreed_point a JOIN person p ON p.id = a.done_by") == [
        ("Amina Haddad",)
    ]
    await tap(amina, amina.say("Not done after all"))
    assert f"▫️ {BED}" in now(kari, reminded).text
    assert await world.rows("SELECT done_at FROM agreed_point WHERE id = 1") == [(None,)]
    await world.at(2026, 12, 17, 16, 0)
    assert len([m for m in holding(kari, shown(kari, "Ali Haddad")) if BED in m.text]) == 2, "it is open again"
    await tap(kari, kari.say("Done: {what}", what=BED))
    await tap(kari, kari.say("Done: {what}", what="Plass foran"))
    assert said(kari, "Everything is done. Well done!") in last_text(kari)
    assert await world.rows("SELECT act FROM audit_entry WHERE act LIKE 'point%' ORDER BY id") == [
        ("point.done",), ("point.undone",), ("point.done",), ("point.done",),
    ]  # fmt: skip


async def test_before_any_reminder_the_other_side_gets_a_quiet_line_and_no_reminder_follows(world: World) -> None:
    amina, omar, kari = await agreed(world, (PointOwner.SCHOOL, "Plass foran", 0))
    await forge(kari, TickPoint(1, done=True).pack())
    for guardian in (amina, omar):
        line = said(
            guardian, "✅ {name} says that this is done, about {child}:", name="Kari Nordmann", child="Ali Haddad"
        )
        [told] = holding(guardian, line)
        assert told.silent
    await forge(kari, TickPoint(1, done=False).pack())
    for guardian in (amina, omar):
        again = said(guardian, "↩️ This is open again, about {child}:", child="Ali Haddad")
        assert len(holding(guardian, again)) == 1
        assert len(holding(guardian, "Plass foran")) == 2, "the line has changed, there is no second one"
    await forge(amina, TickPoint(1, done=True).pack())
    assert holding(omar, said(omar, "✅ This is done, about {child}:", child="Ali Haddad")) != []
    await world.at(2026, 12, 17, 16, 0)
    for person in (amina, omar, kari):
        reminded = said(person, "A day has passed. Is it done? If it takes longer, that is fine: write to each other.")
        person.sees_not(reminded)
    planned = await world.rows("SELECT DISTINCT state, reason FROM reminder WHERE occasion = 'point'")
    assert planned == [("dropped", "not_needed")]


async def test_what_has_no_day_is_brought_up_before_the_next_talk(world: World) -> None:
    amina, _, kari = await agreed(world, (PointOwner.TOGETHER, "Møtes om leksene", None), (PointOwner.HOME, BED, None))
    await forge(kari, TickPoint(2, done=True).pack())
    await book(world, "Ali Haddad", "Amina Haddad", day=date(2027, 3, 16))
    await book(world, "Noah Berg", "Ingrid Berg", day=date(2027, 3, 16))
    await world.at(2027, 3, 13, 16, 0)
    asked = holding(amina, said(amina, "What do you want to ask?"))[-1]
    assert said(amina, "<b>Agreed before and still open:</b>") in asked.text
    assert "Møtes om leksene" in asked.text
    assert BED not in asked.text
    ingrid = world.actor("Ingrid Berg")
    assert holding(ingrid, "Møtes om leksene") == []


async def test_open_points_stand_in_a_list_for_the_home_and_for_the_teacher(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await forge(ingrid, OpenTalks().pack())
    assert ingrid.say("No talk is coming up, and nothing agreed is open.") in last_text(ingrid)
    amina, omar, kari = await agreed(world, (PointOwner.HOME, BED, 1))
    await book(world, "Noah Berg", "Ingrid Berg", day=date(2026, 12, 8))
    for guardian in (amina, omar):
        await forge(guardian, OpenTalks().pack())
        assert BED in last_text(guardian)
    await forge(kari, OpenTalks().pack())
    assert any("Ali Haddad" in label and "1" in label for label in labels(kari.phone.last))
    await forge(ingrid, OpenTalks().pack())
    assert any("Noah Berg" in label for label in labels(ingrid.phone.last))
    assert BED not in last_text(ingrid)
    await tap(kari, "📌 Ali Haddad")
    assert BED in last_text(kari)
    await tap(kari, kari.say("Done: {what}", what=BED))
    await forge(kari, OpenTalks().pack())
    assert not any("Ali Haddad" in label for label in labels(kari.phone.last))


async def test_nobody_else_ticks_a_point_and_one_taken_back_is_gone(world: World) -> None:
    _, _, kari = await agreed(world, (PointOwner.HOME, BED, 1))
    for name in ("Ingrid Berg", "Nina Sørli", "Tom Eide"):
        stranger = world.actor(name)
        for number in (1, 77, -1):
            assert (await forge(stranger, TickPoint(number, done=True).pack())).text == stranger.say(NOT_HERE)
    await tap(kari, kari.say("Show the talk"))
    await tap(kari, kari.say("Correct the summary"))
    await tap(kari, kari.say("Take the last point away"))
    await tap(kari, kari.say("Send to the home"))
    amina = world.actor("Amina Haddad")
    assert (await forge(amina, TickPoint(1, done=True).pack())).text == amina.say(NOT_HERE)
    assert await world.rows("SELECT done_at FROM agreed_point") == [(None,)]
