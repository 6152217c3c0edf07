"""The main story, whole."""

from __future__ import annotations

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
