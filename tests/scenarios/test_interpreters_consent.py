"""A home lets an interpreter read along: asked once, chosen by itself, seen by both sides, ended at once (L4, P2)."""

from __future__ import annotations

from bot.domain.interpreter_taps import ChooseInterpreter, EndConsent, GiveConsent, OpenConsents
from bot.domain.interpreters import Span
from bot.domain.taps import WhoSees
from tests.scenarios.interpreter_steps import AMINA, HALINA, KARI, YUSUF, allowed, person_of, promised, said, thread_of
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, stored, tap, write
from tests.scenarios.threads_steps import say
from tests.scenarios.world import Actor, World, _bare

SICK = "أريد أن أتكلم معك عن القراءة"
OFFER = (
    "🌐 <b>May an interpreter help?</b>\nIn your conversation with the school about {child} a translation is missing, "
    "or somebody is not sure of it."
)
FOLLOWS = "👂 {name} (interpreter) follows this conversation until {day}."
NOBODY = "No interpreter follows this conversation."


def bare(actor: Actor, sentence: str, **fields: object) -> str:
    """Return the beginning of a sentence as a phone shows it, without its tags."""
    said_so = actor.say(sentence, **fields).partition("\n")[0]
    return _bare(said_so.replace("<b>", "").replace("</b>", ""))


def people(world: World, *names: str) -> list[Actor]:
    """Return people of the story."""
    return [world.actor(name) for name in names]


async def offered(world: World) -> tuple[Actor, Actor, Actor]:
    """Let Amina have written what nobody could translate, and be asked whether an interpreter may help."""
    amina, kari, yusuf = people(world, AMINA, KARI, YUSUF)
    await promised(world)
    await say(amina, SICK)
    await world.forward(seconds=10)
    await amina.sees(bare(amina, OFFER, child="Ali"))
    return amina, kari, yusuf


async def test_asked_by_itself_a_mother_lets_an_interpreter_read_for_a_week(world: World) -> None:
    amina, kari, yusuf = await offered(world)
    asked = amina.phone.last
    assert YUSUF in _bare(asked.text)
    assert HALINA not in asked.text, "who does not speak Arabic is not offered"
    assert not holding(yusuf, SICK), "nothing before the yes"
    await tap(amina, amina.say("Yes, {name}", name=YUSUF), asked)
    await tap(amina, amina.say("Only this conversation"))
    assert await stored(world, "count(*) FROM interpreter_consent") == [(0,)], "two questions, then it holds"
    await tap(amina, str(amina.tr.ngettext("{n} day", "{n} days", 7)))
    await amina.sees(amina.say("✅ Thank you. {name} gets what is written from now on.", name=YUSUF))
    assert await stored(world, "thread_id IS NULL, ended_at IS NULL FROM interpreter_consent") == [(0, 1)]
    begins = await yusuf.sees("5A")
    copy = await yusuf.sees(SICK)
    for message in (begins, copy):
        assert "Haddad" not in message.text
    assert "Amina" in begins.text
    [(thread,)] = await stored(world, "id FROM thread")
    assert isinstance(thread, int)
    day = world.clock.now().date().replace(day=30)
    for reader in (amina, kari):
        await forge(reader, OpenConsents(thread, new=True).pack())
        assert bare(reader, FOLLOWS, name=YUSUF, day=day) in _bare(reader.phone.last.text)
    assert not kari.has_button(kari.say("End it for {name}", name=YUSUF), last=1), "seen by both, ended by one"
    await said(world, thread, KARI, "Så fint at du skriver!", "nb", follows=True)
    await world.forward(seconds=10)
    await yusuf.sees("Så fint at du skriver!")
    await world.forward(days=8)
    await said(world, thread, KARI, "Husk boka.", "nb", follows=True)
    await world.forward(seconds=10)
    assert not holding(yusuf, "Husk boka."), "the week is over"


async def test_a_no_is_a_no(world: World) -> None:
    amina, kari, yusuf = await offered(world)
    await tap(amina, amina.say("No, thank you"))
    await amina.sees(amina.say("All right, nobody else reads it. You can change your mind here at any time."))
    await world.forward(days=40)
    await say(amina, "رسالة أخرى")
    await world.forward(seconds=10)
    assert len(holding(amina, bare(amina, OFFER, child="Ali"))) <= 1
    assert not holding(yusuf, SICK)
    assert not holding(kari, YUSUF)


async def test_nobody_is_offered_where_nobody_could_help(world: World) -> None:
    amina, kari = people(world, AMINA, KARI)
    await promised(world, HALINA)
    await say(amina, SICK)
    await world.forward(seconds=10)
    assert not holding(amina, bare(amina, OFFER, child="Ali"))
    await kari.sees(SICK)
    [(pupil,)] = await stored(world, "id FROM pupil WHERE name = 'Ali Haddad'")
    assert isinstance(pupil, int)
    await forge(amina, WhoSees(pupil).pack())
    await tap(amina, amina.say("Let an interpreter help"))
    shown = _bare(amina.phone.last.text)
    assert bare(amina, NOBODY) in shown
    assert len(labels(amina.phone.last)) == 1, "only the way back"


async def test_who_can_read_about_my_child_lists_interpreters_and_ends_them(world: World) -> None:
    amina, omar, yusuf = people(world, AMINA, "Omar Haddad", YUSUF)
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, None)
    line = "• {name}: interpreter, everything about your children, until {day}"
    await write(amina, "/children")
    assert bare(amina, line, name=YUSUF, day=world.clock.now().date().replace(day=30)) in _bare(amina.phone.last.text)
    await write(omar, "/children")
    assert YUSUF not in omar.phone.last.text, "what one guardian allows is not the other's to see (P9)"
    await tap(omar, omar.say("Let an interpreter help"))
    assert bare(omar, NOBODY) in _bare(omar.phone.last.text)
    await tap(amina, amina.say("End it for {name}", name=YUSUF))
    await amina.sees(amina.say("✅ Ended. {name} gets nothing more of it and can open nothing of it.", name=YUSUF))
    await said(world, thread, AMINA, SICK, "ar", follows=True)
    await world.forward(seconds=10)
    assert not holding(yusuf, SICK)
    [(ended,)] = await stored(world, "ended_by FROM interpreter_consent")
    async with world.unit_of_work() as uow:
        assert ended == await person_of(uow, AMINA)
    await forge(amina, EndConsent(1).pack())  # a second tap
    assert await stored(world, "count(*) FROM audit_entry WHERE act = 'interpreter.end'") == [(1,)]


async def test_who_left_the_staff_can_no_longer_be_chosen_from_an_old_message(world: World) -> None:
    amina, _, yusuf = await offered(world)
    [(thread,)] = await stored(world, "id FROM thread")
    assert isinstance(thread, int)
    async with world.unit_of_work() as uow:
        import sqlalchemy as sa

        person = await person_of(uow, YUSUF)
        await uow.execute(sa.text("DELETE FROM staff_role WHERE person_id = :p"), {"p": person})
        await uow.commit()
    for one in (
        ChooseInterpreter(thread, person),
        GiveConsent(thread, person, everything=True, span=Span.SUMMER),
    ):
        result = await forge(amina, one.pack())
        assert result.text == amina.say(NOT_HERE)
    assert await stored(world, "count(*) FROM interpreter_consent") == [(0,)]
    assert not holding(yusuf, SICK)
