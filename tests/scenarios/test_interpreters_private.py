"""What an interpreter and one side say to each other stays there, and no identity number comes into it (L4, P5)."""

from __future__ import annotations

from bot.domain.interpreter_taps import AskSide
from bot.domain.interpreters import NothingMeant, Side
from tests.scenarios.interpreter_steps import AMINA, KARI, YUSUF, allowed, promised, said, thread_of
from tests.scenarios.notices_steps import forge, stored, tap, write
from tests.scenarios.threads_steps import answer, say
from tests.scenarios.world import World

NUMBER = "15108695088"


async def test_a_photo_for_the_interpreter_does_not_go_to_the_other_side(world: World) -> None:
    yusuf, amina, kari = (world.actor(name) for name in (YUSUF, AMINA, KARI))
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, thread)
    message = await said(world, thread, AMINA, "علي مريض اليوم", "ar", follows=True)
    await forge(yusuf, AskSide(message, Side.HOME).pack())
    await write(yusuf, "ماذا تقصدين؟")
    question = await amina.sees("ماذا تقصدين؟")
    await amina.phone.send_photo(b"photo", caption="هذه ورقة الطبيب", reply_to=question)
    await world.idle()
    await amina.sees(amina.say(NothingMeant.sentence))
    await world.forward(minutes=1)
    kari.sees_not("هذه ورقة الطبيب")
    assert await stored(world, "count(*) FROM thread_message WHERE file_kind IS NOT NULL") == [(0,)]


async def test_an_identity_number_reaches_no_interpreter_and_comes_from_none(world: World) -> None:
    yusuf, amina = world.actor(YUSUF), world.actor(AMINA)
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, thread)
    message = await said(world, thread, AMINA, "علي مريض اليوم", "ar", follows=True)
    await forge(yusuf, AskSide(message, Side.HOME).pack())
    await write(yusuf, f"هل الرقم {NUMBER} صحيح؟")
    amina.sees_not(NUMBER)
    await tap(yusuf, yusuf.say("Send without the number"))
    question = await amina.sees("صحيح؟")
    assert NUMBER not in question.text
    await amina.send(f"لا، الرقم {NUMBER}", reply_to=question)
    await world.idle()
    yusuf.sees_not(f"لا، الرقم {NUMBER}")
    await write(amina, "سأتصل بالمدرسة")
    await yusuf.sees("سأتصل بالمدرسة")
    assert [kind for (kind,) in await stored(world, "kind FROM thread_message ORDER BY id")] == [
        "text", "asks", "answers",
    ]  # fmt: skip
    assert not [text for (text,) in await stored(world, "text FROM thread_message") if NUMBER in str(text)]


async def test_a_number_beside_a_later_file_of_an_album_is_looked_at_too(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Hei")
    await answer(kari, await kari.sees("Hei"), "Har du et bilde?")
    await ingrid.phone.send_photo(b"one", caption="Her", album="a")
    await world.idle()
    await ingrid.phone.send_photo(b"two", caption=f"Nummeret er {NUMBER}", album="a")
    await world.idle()
    await ingrid.sees(ingrid.say("Choose what to do, or just write it again here in other words."))
    await world.forward(minutes=1)
    kari.sees_not(NUMBER)
    assert await stored(world, f"count(*) FROM thread_message WHERE text LIKE '%{NUMBER}%'") == [(0,)]
