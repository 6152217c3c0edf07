"""Whom a notice reaches: own classes, a year, the school, one home; and whom it never does."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.domain.notices import NoticeKind
from tests.scenarios.conftest import Template
from tests.scenarios.notices_steps import (
    UNDERSTOOD,
    board,
    counted,
    draft,
    holding,
    labels,
    pick_kind,
    readers,
    send,
    send_now,
    shut_out,
    stored,
    tap,
    write,
)
from tests.scenarios.world import Actor, World, _enrol, open_world

ONE_HOME = "One pupil's home"
GUARDIANS_OF_8C = (
    "count(DISTINCT g.person_id) FROM guardianship g JOIN pupil p ON p.id = g.pupil_id"
    " JOIN school_class c ON c.id = p.class_id WHERE c.name = '8C' AND NOT g.blocked"
)


async def choices(teacher: Actor) -> list[str]:
    await write(teacher, "/new")
    await teacher.sees(teacher.say("Who is the message for?"))
    return labels(teacher.phone.last)[:-1]  # the last one discards


async def finish(teacher: Actor, text: str) -> None:
    await pick_kind(teacher, NoticeKind.GENERAL)
    await write(teacher, text)
    await send_now(teacher)


async def test_each_member_of_staff_is_offered_exactly_their_own_reach(world: World) -> None:
    kari, nina, marit = (world.actor(name) for name in ("Kari Nordmann", "Nina Sørli", "Marit Lund"))
    one_home = f"👤 {kari.say(ONE_HOME)}"
    assert await choices(kari) == ["5A", one_home]
    assert await choices(nina) == ["5A", "8C", nina.say("All my classes"), one_home]
    school = [f"🏫 {marit.say('The whole school')}", f"🔢 {marit.say('A year')}"]
    assert await choices(marit) == ["2B", "5A", "8C", *school, one_home]


async def test_a_subject_teacher_writes_to_several_classes_and_siblings_are_named_in_one_message(world: World) -> None:
    nina, olena = world.actor("Nina Sørli"), world.actor("Olena Bondarenko", "nb")
    await write(nina, "/new")
    await tap(nina, nina.say("All my classes"))
    await finish(nina, "Svømming i alle klasser.")
    [message] = holding(olena, "Svømming i alle klasser.")
    about = "From {author}, about {children}"
    children = olena.tr.list(["Danylo", "Sofiia"])
    assert message in holding(olena, olena.say(about, author="Nina Sørli", children=children))
    assert message in holding(olena, "5A, 8C")
    reached = readers(world, "Svømming i alle klasser.")
    assert {"Piotr Kowalski", "Monica Fjellheim"} <= reached
    assert not reached & {"Tonje Brekke", "Kari Nordmann", "Marit Lund"}
    assert await stored(world, "count(*), count(DISTINCT person_id) FROM delivery WHERE notice_id = 1") == [
        (len(reached) + 1, len(reached) + 1)  # and one Anne Larsen who has not opened the bot
    ]


async def test_twins_in_one_class_are_one_message(world: World) -> None:
    tom, camilla = world.actor("Tom Eide"), world.actor("Camilla Solbakken")
    await send(tom, "Vi baker i dag.", "2B")
    [message] = holding(camilla, "Vi baker i dag.")
    children = camilla.tr.list(["Ask", "Iben"])
    assert message in holding(
        camilla, camilla.say("From {author}, about {children}", author="Tom Eide", children=children)
    )


async def test_the_principal_reaches_the_whole_school_and_each_home_in_its_language(world: World) -> None:
    marit, piotr, roar = world.actor("Marit Lund"), world.actor("Piotr Kowalski"), await shut_out(world)
    await write(marit, "/new")
    await tap(marit, marit.say("The whole school"))
    await finish(marit, "Velkommen til julekonsert.")
    await piotr.sees(
        piotr.say("From {author}, about {children}", author="Marit Lund", children=piotr.tr.list(["Jan", "Zofia"]))
    )
    for name in ("Piotr Kowalski", "Rania Khoury", "Monica Fjellheim"):
        assert len(holding(world.actor(name), "Velkommen til julekonsert.")) == 1
    assert roar.phone.messages == [], "shut out of everything about Sander"
    await marit.sees(marit.say("the whole school"))


async def test_a_year_reaches_its_classes_only_and_the_overview_counts_whom(world: World) -> None:
    marit, roar = world.actor("Marit Lund"), await shut_out(world)
    await write(marit, "/new")
    await tap(marit, marit.say("A year"))
    await tap(marit, marit.say("Year {grade}", grade=8))
    await pick_kind(marit, NoticeKind.GENERAL)
    await write(marit, "Til åttende trinn.")
    [(guardians,)] = await stored(world, GUARDIANS_OF_8C)
    assert isinstance(guardians, int)
    await marit.sees(str(marit.tr.ngettext("{n} guardian", "{n} guardians", guardians)))
    await send_now(marit)
    reached = readers(world, "Til åttende trinn.") - {"Marit Lund"}
    assert len(reached) == guardians
    assert "Monica Fjellheim" in reached
    assert not reached & {"Piotr Kowalski", "Tonje Brekke"}
    assert roar.phone.messages == []


async def test_one_pupils_home_is_every_guardian_of_that_pupil_and_nobody_else(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
    assert readers(world, "Noah har glemt sekken.") == {"Ingrid Berg", "Lars Berg"}


async def test_two_homes_of_a_child_are_apart_and_see_nothing_of_each_other(world: World) -> None:
    kari, ingrid, lars = (world.actor(name) for name in ("Kari Nordmann", "Ingrid Berg", "Lars Berg"))
    await send(kari, "Noah har glemt sekken.", "5A, Noah Berg")
    before = [(m.id, m.content, labels(m)) for m in lars.phone.messages]
    await tap(ingrid, ingrid.say(UNDERSTOOD))
    await tap(ingrid, ingrid.say("I have a question"))
    await write(ingrid, "Hvor ligger den?")
    await world.forward(seconds=10)
    assert [(m.id, m.content, labels(m)) for m in lars.phone.messages] == before
    assert not readers(world, "Ingrid Berg") & {"Lars Berg"}
    await kari.sees("Hvor ligger den?")


async def test_changing_the_audience_to_a_class_takes_a_kind_for_one_home_away(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Noah hjalp en annen.", "5A, Noah Berg", NoticeKind.PRAISE)
    await tap(kari, kari.say("Change"))
    await tap(kari, kari.say("Who it is for"))
    await tap(kari, "5A")
    await kari.sees(kari.say("What kind of message?"))
    assert await stored(world, "kind, audience FROM notice") == [(None, "classes")]
    await tap(kari, kari.say("More"))
    assert not kari.has_button(kari.say("Something good"), last=1)


async def test_homes_that_have_not_opened_the_bot_are_counted_before_and_shown_as_not_reached_after(
    tmp_path: Path, template: Template
) -> None:
    async with open_world(tmp_path, *template, enrolled=False) as world:
        there = ["Kari Nordmann", "Piotr Kowalski", "Ingrid Berg"]
        await _enrol(world.app.database, [world.known[name] for name in there])
        kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
        for name in there:
            world.actor(name).phone.mark_started()
        await draft(kari, "Husk mat.")
        left = (
            "{n} of them has not opened the bot yet and will not get it.",
            "{n} of them have not opened the bot yet and will not get it.",
        )
        [(guardians,)] = await stored(world, GUARDIANS_OF_8C.replace("8C", "5A"))
        assert isinstance(guardians, int)
        await kari.sees(counted(kari, *left, guardians - 2))
        await send_now(kari)
        await piotr.sees("Husk mat.")
        await world.forward(seconds=5)
        status = await board(kari)
        assert status in holding(
            kari, counted(kari, "{n} could not be reached", "{n} could not be reached", guardians - 2)
        )
        assert status in holding(kari, counted(kari, "{n} has not answered yet", "{n} have not answered yet", 2))
        reasons = await stored(world, "DISTINCT reason FROM outgoing WHERE kind = 'notice' AND state = 'failed'")
        assert reasons == [("no_account",)]


async def test_a_pupil_whose_guardians_are_all_shut_out_has_no_home_to_write_to(world: World) -> None:
    hilde = world.actor("Hilde Strand")
    async with world.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE guardianship SET blocked = true"))
        await uow.commit()
    await draft(hilde, "Hei.", "8C, Sander Fjellheim")
    result = await tap(hilde, hilde.say("Send now"))
    assert result.text == hilde.say(
        "There is no home to send this to yet. The school office can check the list of homes."
    )
    assert await stored(world, "state FROM notice") == [("draft",)]
