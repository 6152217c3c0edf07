"""The main stories, whole: a notice and its answers, a morning with absence."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.absence_steps import absences, report_by_saying
from tests.scenarios.conftest import Template
from tests.scenarios.morning_steps import ask_home, day_list, morning, questions
from tests.scenarios.notices_steps import tap
from tests.scenarios.world import World


async def test_teacher_writes_home_reads_in_its_own_language_and_answers(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await kari.send("/new")
    await kari.taps("5A")
    await kari.taps(kari.say("Message"))
    await kari.send("I morgen er det aktivitetsdag.")
    await kari.taps(kari.say("Send now"))
    await kari.sees_button(kari.say("Take it back"))
    piotr.sees_not("aktivitetsdag")
    await world.forward(seconds=21)
    await piotr.sees("I morgen er det aktivitetsdag.")
    result = await piotr.taps(piotr.say("Understood"))
    assert result.text == piotr.say("Thank you. The sender sees that you have understood.")
    await world.forward(seconds=5)
    assert await world.rows("SELECT answer FROM delivery WHERE answer IS NOT NULL") == [("understood",)]
    await kari.sees(str(kari.tr.ngettext("{n} understood", "{n} understood", 1)))


async def test_home_writes_that_a_child_is_ill_and_another_child_is_missed(tmp_path: Path, template: Template) -> None:
    async with morning(tmp_path, template, 8, 20) as world:
        kari, amina, omar, anna, piotr = (
            world.actor(name)
            for name in ("Kari Nordmann", "Amina Haddad", "Omar Haddad", "Anna Kowalska", "Piotr Kowalski")
        )
        listed = day_list(kari)
        await report_by_saying(amina, "علي مريض اليوم")
        assert omar.phone.last.silent
        assert "Ali Haddad" in omar.phone.last.text
        ill = kari.say("{what}, told by the home", what=kari.say("illness"))
        assert kari.say("• {name}: {what}", name="Ali Haddad", what=ill) in listed.text

        await ask_home(kari, "Zofia Kowalska")
        assert questions(anna, "Zofia Kowalska")
        assert not questions(piotr, "Zofia Kowalska")
        await world.forward(minutes=15)
        (question,) = questions(piotr, "Zofia Kowalska")
        await tap(piotr, f"🤒 {piotr.say('Ill')}", question)
        assert not questions(anna, "Zofia Kowalska"), "settled for her too"
        assert kari.say("• {name}: {what}", name="Zofia Kowalska", what=ill) in listed.text
        today = ("2026-11-23", "absent", "ill", "active", "home")
        assert await absences(world) == [("Ali Haddad", *today), ("Zofia Kowalska", *today)]
