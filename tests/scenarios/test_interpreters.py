"""Interpreters: the promise before everything, the queue, what they ask, what is remembered (L4–L6, P7)."""

from __future__ import annotations

import pytest

from bot.domain.errors import NotPermitted
from bot.domain.interpreter_taps import (
    AcceptPromise,
    AnswerInterpreter,
    AskAbout,
    AskSide,
    ChooseInterpreter,
    ChooseScope,
    DeclineOffer,
    EndConsent,
    GiveConsent,
    OpenConsents,
    OpenConsentsAbout,
    OpenFollowed,
    OpenMemory,
    OpenQueue,
    ShowFollowed,
    TakeNext,
    TaskAct,
    TaskStep,
    Withdraw,
)
from bot.domain.interpreters import AccessEnded, Side, Span
from bot.domain.taps import Tap
from bot.domain.translation import Subject
from storage.queries.memory import remember_pair
from tests.scenarios.interpreter_steps import (
    AMINA,
    HALINA,
    KARI,
    YUSUF,
    allowed,
    person_of,
    promised,
    rendered,
    said,
    thread_of,
    waiting_message,
)
from tests.scenarios.notices_steps import NOT_HERE, forge, holding, labels, stored, tap, write
from tests.scenarios.world import Actor, World, _bare

STATEMENT = "🤝 <b>Before you begin: you promise confidentiality</b>"
THANKS = "🤝 Thank you. You have promised confidentiality."
EMPTY = "Nothing waits for you. When something does, you are told."
SICK = "علي مريض اليوم"
SICK_NB = "Ali er syk i dag"


def heads(actor: Actor, sentence: str) -> str:
    """Return a sentence as a phone shows it, without its tags."""
    return actor.say(sentence).replace("<b>", "").replace("</b>", "")


def people(world: World, *names: str) -> list[Actor]:
    """Return people of the story."""
    return [world.actor(name) for name in names]


async def accept(interpreter: Actor) -> None:
    """Promise confidentiality in the menu."""
    await write(interpreter, "/menu")
    await tap(interpreter, interpreter.say("I accept"))


async def test_before_the_promise_an_interpreter_opens_nothing(world: World) -> None:
    [yusuf] = people(world, YUSUF)
    thread = await thread_of(world)
    await allowed(world, thread)
    _, rendering = await waiting_message(world, thread)
    await write(yusuf, "/menu")
    await yusuf.sees(heads(yusuf, STATEMENT))
    for data in ("go|menu|0", "go|meetings|1", *(one.pack() for one in own_taps(thread, rendering, 1))):
        await forge(yusuf, data)
        assert heads(yusuf, STATEMENT) in yusuf.phone.last.text, data
    for text in ("hei", "/meetings", "/cancel"):
        await write(yusuf, text)
        assert heads(yusuf, STATEMENT) in yusuf.phone.last.text, text
    assert not holding(yusuf, SICK)
    await tap(yusuf, yusuf.say("Language"))
    await yusuf.sees(yusuf.say("Which language do you want to read?"))
    await write(yusuf, "/language")
    await tap(yusuf, "English")
    yusuf = world.actor(YUSUF, "en")
    await yusuf.sees(heads(yusuf, STATEMENT))
    await accept(yusuf)
    await yusuf.sees(yusuf.say(THANKS))
    assert {yusuf.say("Translations"), yusuf.say("Conversations I follow")} <= {
        label[2:].strip() for label in labels(yusuf.phone.last)
    }
    await write(yusuf, "/menu")
    assert heads(yusuf, STATEMENT) not in yusuf.phone.last.text
    assert await stored(world, "count(*) FROM interpreter_promise") == [(1,)]


async def test_who_teaches_as_well_does_the_rest_without_the_promise(world: World) -> None:
    """Several roles: the promise stands before what an interpreter does, not before a teacher's work."""
    [kari] = people(world, KARI)
    async with world.unit_of_work() as uow:
        import sqlalchemy as sa

        await uow.execute(
            sa.text("INSERT INTO staff_role (person_id, role) VALUES (:p, 'interpreter')"),
            {"p": await person_of(uow, KARI)},
        )
        await uow.commit()
    await write(kari, "/menu")
    assert kari.has_button(kari.say("New message to homes"), last=1)
    await tap(kari, kari.say("Translations"))
    assert heads(kari, STATEMENT) in kari.phone.last.text
    await write(kari, "/sent")
    assert heads(kari, STATEMENT) not in kari.phone.last.text
    await write(kari, "/menu")
    await tap(kari, kari.say("Translations"))
    await tap(kari, kari.say("I accept"))
    assert kari.say(EMPTY) in kari.phone.last.text


def own_taps(thread: int, rendering: int, message: int) -> list[Tap]:
    """Return every tap of an interpreter."""
    return [
        OpenQueue(),
        OpenQueue(new=True),
        TakeNext(),
        *(TaskAct(rendering, version, step) for step in TaskStep for version in (0, 1)),
        OpenFollowed(),
        ShowFollowed(thread),
        AskAbout(message),
        *(AskSide(message, side) for side in Side),
        OpenMemory(),
        Withdraw(1, out=True),
    ]


def home_taps(thread: int, interpreter: int, pupil: int) -> list[Tap]:
    """Return every tap with which a guardian decides who reads along."""
    return [
        OpenConsents(thread),
        OpenConsentsAbout(pupil),
        ChooseInterpreter(thread, interpreter),
        ChooseScope(thread, interpreter, everything=True),
        GiveConsent(thread, interpreter, everything=True, span=Span.SUMMER),
        GiveConsent(thread, interpreter, everything=False, span=Span.WEEK),
        DeclineOffer(thread),
        EndConsent(1),
    ]


@pytest.mark.parametrize("name", ["Omar Haddad", "James Miller", "Tom Eide", HALINA])
async def test_nobody_else_learns_anything_by_a_made_up_tap(world: World, name: str) -> None:
    """Whatever is tapped by whom it is not for: not a word of the conversation, and nothing changes."""
    [other] = people(world, name)
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, thread)
    message, rendering = await waiting_message(world, thread)
    asked = await said(world, thread, YUSUF, "ماذا؟", "ar")
    async with world.unit_of_work() as uow:
        yusuf_id = await person_of(uow, YUSUF)
    [(pupil,)] = await stored(world, "id FROM pupil WHERE name = 'Ali Haddad'")
    before = await state(world)
    every = [*own_taps(thread, rendering, message), AnswerInterpreter(asked), AnswerInterpreter(message)]
    assert isinstance(pupil, int)
    every += home_taps(thread, yusuf_id, pupil)
    if name == "Omar Haddad":  # Ali's father: the same tap opens his own conversation, see the stories of consents
        every = [one for one in every if not isinstance(one, OpenConsentsAbout)]
    for one in every:
        await forge(other, one.pack())
    assert await state(world) == before
    for words in (SICK, YUSUF, "Amina", "ماذا؟"):
        assert not holding(other, words), (name, words, other.screen())
    await forge(other, AcceptPromise().pack())
    assert (await stored(world, "count(*) FROM interpreter_promise")) == [(2,)]


async def state(world: World) -> list[tuple[object, ...]]:
    """Return what taps could have changed."""
    return [
        *await stored(world, "id, ended_at, until FROM interpreter_consent ORDER BY id"),
        *await stored(world, "state, text, checked, version, claimed_by FROM rendering ORDER BY id"),
        *await stored(world, "thread_id, declined_at FROM interpreter_offer"),
        *await stored(world, "text FROM thread_message ORDER BY id"),
    ]


async def test_the_queue_from_an_empty_one_to_a_reader_who_sees_it(world: World) -> None:
    yusuf, kari, halina = people(world, YUSUF, KARI, HALINA)
    await accept(yusuf)
    await tap(yusuf, yusuf.say("Translations"))
    assert yusuf.say(EMPTY) in yusuf.phone.last.text
    assert not yusuf.has_button(yusuf.say("Take the next one"), last=1)
    thread = await thread_of(world)
    await allowed(world, thread)
    await waiting_message(world, thread)
    await tap(yusuf, yusuf.say("Menu"))
    await tap(yusuf, yusuf.say("Translations"))
    assert str(yusuf.tr.ngettext("{n} text waits for you.", "{n} texts wait for you.", 1)) in yusuf.phone.last.text
    await tap(yusuf, yusuf.say("Take the next one"))
    shown = yusuf.phone.last
    assert SICK in shown.text
    assert "Haddad" not in shown.text, "first names are enough"
    assert not yusuf.has_button(yusuf.say("Approve"), last=1), "there is nothing to approve"
    await tap(yusuf, yusuf.say("Translate"))
    await write(yusuf, SICK_NB)
    await yusuf.sees(heads(yusuf, "✅ <b>Thank you.</b> Its readers see it like this now:"))
    assert await stored(world, "text, checked, made_by FROM rendering") == [(SICK_NB, "translated", "interpreter")]
    await tap(yusuf, yusuf.say("Take the next one"))
    assert yusuf.say(EMPTY) in yusuf.phone.last.text
    assert not holding(kari, SICK_NB), "only who was sent the message has it"
    assert not holding(halina, SICK_NB)


async def test_a_text_is_given_back_and_an_old_button_changes_nothing(world: World) -> None:
    [yusuf] = people(world, YUSUF)
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, thread)
    message = await said(world, thread, KARI, "Vi møtes klokken 08:30.", "nb")
    rendering = await rendered(world, Subject.MESSAGE, message, "ar", "نلتقي الساعة 08:30.", disputed_at=None)
    await forge(yusuf, TaskAct(rendering, 0, TaskStep.WRITE).pack())
    await tap(yusuf, yusuf.say("Leave it to others"))
    await write(yusuf, "لا شيء")
    assert await stored(world, "checked, version, claimed_by FROM rendering") == [("not", 1, None)]
    await forge(yusuf, TaskAct(rendering, 7, TaskStep.APPROVE).pack())
    refused = yusuf.phone.alerts[-1].text
    assert refused == yusuf.say("The text has changed meanwhile. Here is how it stands now.")
    assert "نلتقي الساعة 08:30." in yusuf.phone.last.text
    await tap(yusuf, yusuf.say("Approve"))
    assert await stored(world, "checked, version FROM rendering") == [("approved", 2)]
    await forge(yusuf, TaskAct(rendering, 1, TaskStep.APPROVE).pack())  # a second tap
    assert await stored(world, "checked, version FROM rendering") == [("approved", 2)]
    await tap(yusuf, yusuf.say("Earlier versions"))
    assert _bare("نلتقي الساعة 08:30.") in _bare(yusuf.phone.last.text)


async def test_what_is_left_out_of_a_correction_is_asked_about_before_anybody_sees_it(world: World) -> None:
    [yusuf] = people(world, YUSUF)
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, thread)
    message = await said(world, thread, KARI, "Vi møtes klokken 08:30.", "nb")
    rendering = await rendered(world, Subject.MESSAGE, message, "ar", "نلتقي الساعة 08:30.")
    await forge(yusuf, TaskAct(rendering, 1, TaskStep.WRITE).pack())
    await write(yusuf, "نلتقي غدا.")
    await yusuf.sees(yusuf.say("⚠️ Compared with the original, this differs:"))
    assert "08:30" in yusuf.phone.last.text
    assert await stored(world, "checked FROM rendering") == [("not",)]
    await tap(yusuf, yusuf.say("Write it anew"))
    await write(yusuf, "سنلتقي الساعة 08:30.")
    assert await stored(world, "text, checked FROM rendering") == [("سنلتقي الساعة 08:30.", "corrected")]


async def test_a_question_to_the_home_and_to_the_school_stays_between_the_two(world: World) -> None:
    yusuf, amina, kari = people(world, YUSUF, AMINA, KARI)
    await promised(world)
    thread = await thread_of(world)
    await allowed(world, thread)
    message = await said(world, thread, AMINA, SICK, "ar", follows=True)
    await world.forward(seconds=10)
    copy = await yusuf.sees(SICK)
    await tap(yusuf, yusuf.say("Ask what was meant"), copy)
    await tap(yusuf, yusuf.say("The home"))
    await write(yusuf, "ماذا تقصدين بكلمة مريض؟")
    question = await amina.sees("ماذا تقصدين بكلمة مريض؟")
    assert amina.say("Only the interpreter reads your answer.") in question.text
    kari.sees_not("ماذا تقصدين")
    await amina.send("عنده حمى", reply_to=question)
    await world.idle()
    await yusuf.sees("عنده حمى")
    kari.sees_not("عنده حمى")
    await amina.sees(amina.say("✅ Sent to {name} (interpreter), and to nobody else.", name=YUSUF))

    await forge(yusuf, AskSide(message, Side.SCHOOL).pack())
    await write(yusuf, "Har han levert beskjed?")
    asked = await kari.sees("Har han levert beskjed?")
    amina.sees_not("Har han levert beskjed?")
    await tap(kari, kari.say("Answer the interpreter"), asked)
    await write(kari, "Ja, i går.")
    await yusuf.sees("Ja, i går.")
    amina.sees_not("Ja, i går.")
    kinds = await stored(world, "kind FROM thread_message ORDER BY id")
    assert kinds == [("text",), ("asks",), ("answers",), ("asks",), ("answers",)]


async def test_what_was_queued_is_not_sent_once_access_has_ended(world: World) -> None:
    """In the evening a message waits for the morning; before it the home ends what it allowed."""
    yusuf, amina = people(world, YUSUF, AMINA)
    await promised(world)
    thread = await thread_of(world)
    consent = await allowed(world, thread)
    await world.at(2026, 11, 23, 21, 0)
    message = await said(world, thread, AMINA, SICK, "ar", follows=True)
    rendering = await rendered(world, Subject.MESSAGE, message, "nb", SICK_NB)
    assert not holding(yusuf, SICK)
    await forge(amina, EndConsent(consent).pack())
    await world.at(2026, 11, 24, 8, 0)
    assert not holding(yusuf, SICK)
    assert await stored(world, "state, reason FROM outgoing WHERE about = 'follow'") == [("failed", "no_right")]
    for one in (ShowFollowed(thread), AskAbout(message), TaskAct(rendering, 0, TaskStep.APPROVE)):
        result = await forge(yusuf, one.pack())
        assert result.text == yusuf.say(AccessEnded.sentence), one
    for sentence in (SICK, SICK_NB):
        assert not holding(yusuf, sentence)
    await forge(yusuf, OpenFollowed().pack())
    assert (
        yusuf.say("No home shares a conversation with you now. When one does, you are told.") in yusuf.phone.last.text
    )


async def test_remembered_sentences_are_found_and_taken_out(world: World) -> None:
    yusuf, marit, kari = people(world, YUSUF, "Marit Lund", KARI)
    await promised(world)
    async with world.unit_of_work() as uow:
        person = await person_of(uow, YUSUF)
        for number, words in enumerate(("God tur, §1§.", "Husk lue.", "Takk for hjelpen.", "Vi sees snart.")):
            await remember_pair(uow, person, ("nb", "ar"), f"k{number}", words, f"نص {words[:3]}")
        await uow.commit()
    await forge(yusuf, OpenMemory().pack())
    assert len([label for label in labels(yusuf.phone.last) if label.startswith("🗑")]) == 3
    await tap(yusuf, "▶️")
    assert "God tur, ___." in _bare(yusuf.phone.last.text)
    await write(yusuf, "lue")
    assert "Husk lue." in _bare(yusuf.phone.last.text)
    assert "Takk" not in yusuf.phone.last.text
    await tap(yusuf, "🗑 1")
    await yusuf.sees(yusuf.say("🗑 Taken out. It is not used again. What was sent stays as it was."))
    await tap(yusuf, yusuf.say("Put it back"))
    await yusuf.sees(yusuf.say("✅ It is remembered again."))
    await forge(marit, OpenMemory().pack())
    assert "Vi sees snart." in _bare(marit.phone.last.text)
    result = await forge(kari, OpenMemory().pack())
    assert result.text == kari.say(NOT_HERE)
    assert NotPermitted.sentence == NOT_HERE
