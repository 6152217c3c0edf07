"""Home and contact teacher write to each other (N1, B3, B5, P9)."""

from __future__ import annotations

from bot.actions.threads import MessageTooLong, NobodyReads
from bot.domain.errors import NotPermitted
from bot.domain.threads import THREAD_TEXT_LIMIT
from tests.scenarios.notices_steps import forge, holding, labels, readers, send, tap, write
from tests.scenarios.threads_steps import MARK, NOT_UNDERSTOOD, ON_ITS_WAY, SENT, UNDO, say
from tests.scenarios.world import Actor, World

ASKED = "Shall I send this to the contact teacher? Nothing has been sent yet."
ONLY_TEXT = (
    "Thank you. I can pass on written text, photos and documents here. "
    "Please write it in your own language, or ask to be called."
)
STAYS = "What was sent stays as it was. Write a new message if something has to be put right."
NOTHING_SENT = "All right, nothing was sent."


def mark(reader: Actor, language: str) -> str:
    """Return the language mark as its reader sees it."""
    return reader.say(MARK, language=language).replace("<i>", "").replace("</i>", "")


async def texts_stored(world: World) -> list[str]:
    """Return the texts of all messages between homes and school, in order."""
    return [row[0] for row in await world.rows("SELECT text FROM thread_message ORDER BY id")]


async def test_father_just_writes_and_the_teacher_reads_it_when_it_can_no_longer_be_taken_back(world: World) -> None:
    james, kari, silje = (world.actor(name) for name in ("James Miller", "Kari Nordmann", "Silje Moe Miller"))
    await write(james, "Sara forgot her jacket at school.")
    receipt = await james.sees(james.say(ON_ITS_WAY, names="Kari Nordmann", child="Sara Miller"))
    assert (
        str(
            james.tr.ngettext(
                "You usually get an answer within {n} school day.",
                "You usually get an answer within {n} school days.",
                2,
            )
        )
        in receipt.text
    )
    assert james.say("If it takes a while, that is only because the school day is full.") in receipt.text
    assert await texts_stored(world) == ["Sara forgot her jacket at school."]
    kari.sees_not("jacket")
    await world.forward(seconds=UNDO)
    received = await kari.sees("Sara forgot her jacket at school.")
    assert "James Miller" in received.text
    assert "5A" in received.text
    assert bare(mark(kari, "engelsk")) in bare(received.text)
    assert await world.rows("SELECT language FROM thread_message") == [("en",)]
    silje.sees_not("jacket")


async def test_teacher_answers_by_button_and_the_home_answers_by_telegrams_reply(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await say(amina, "علي نسي كتاب الرياضيات في المدرسة")
    received = await kari.sees("علي نسي كتاب الرياضيات في المدرسة")
    await kari.taps(kari.say("Answer"), received)
    await kari.sees(
        kari.say("✍️ Write your answer to {name} about {child} now.", name="Amina Haddad", child="Ali Haddad")
    )
    assert "علي نسي كتاب الرياضيات في المدرسة" in received.text, "what is answered stays on the screen"
    await write(kari, "God bedring til Ali!")
    await kari.sees(kari.say("✅ Sent to {names}, about {child}.", names="Amina Haddad", child="Ali Haddad"))
    answer = await amina.sees("God bedring til Ali!")
    assert bare(mark(amina, amina.tr.locale.languages["no"])) in bare(answer.text)
    assert await world.rows("SELECT waits_since IS NULL FROM thread") == [(1,)]
    await amina.send("الكتاب عند أخته", reply_to=answer)
    await kari.sees("الكتاب عند أخته")
    await amina.sees(amina.say(SENT, names="Kari Nordmann"))
    assert await world.rows("SELECT waits_since IS NOT NULL FROM thread") == [(1,)]
    assert len(await texts_stored(world)) == 3
    await write(kari, "Dette er ikke et svar")
    await kari.sees(kari.say(NOT_UNDERSTOOD))
    amina.sees_not("Dette er ikke et svar")


def bare(text: str) -> str:
    """Return text without direction marks."""
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


async def test_telegrams_reply_goes_to_its_thread_whatever_was_being_asked(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Noah gruer seg til turen")
    received = await kari.sees("Noah gruer seg til turen")
    await tap(kari, kari.say("Answer"), received)
    await kari.send("Jeg snakker med ham", reply_to=received)
    await ingrid.sees("Jeg snakker med ham")
    await write(kari, "Ny tanke")
    ingrid.sees_not("Ny tanke")
    await write(kari, "/new")
    await tap(kari, "5A")
    await tap(kari, kari.say("Message"))
    await kari.send("Det går fint", reply_to=received)
    await ingrid.sees("Det går fint")
    await write(kari, "I morgen er det tur.")
    await kari.sees_button(kari.say("Send now"))
    assert await world.rows("SELECT text FROM notice") == [("I morgen er det tur.",)]


async def test_guardian_of_two_chooses_the_child_and_that_class_reads_it(world: World) -> None:
    piotr, kari, tom = (world.actor(name) for name in ("Piotr Kowalski", "Kari Nordmann", "Tom Eide"))
    await write(piotr, "Czy jutro jest basen?")
    assert sorted(labels(piotr.phone.messages[-1])[:2]) == [
        "✉️ " + piotr.say("Send it, about {child}", child=name) for name in ("Jan Kowalski", "Zofia Kowalska")
    ]
    await tap(piotr, "Jan")
    await tom.sees("Czy jutro jest basen?")
    kari.sees_not("basen")
    await write(piotr, "/napisz")
    await piotr.sees(piotr.say("About which child?"))
    await tap(piotr, "Zofia")
    await write(piotr, "Zofia nie ma stroju")
    await kari.sees("Zofia nie ma stroju")
    tom.sees_not("stroju")
    assert await world.rows("SELECT count(*) FROM thread") == [(2,)]


async def test_please_call_me_gives_the_teacher_name_child_and_number(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await write(amina, "/write")
    await tap(amina, amina.say("Please call me"))
    await amina.sees(amina.say("✅ Sent. {names} will call you.", names="Kari Nordmann"))
    ((number,),) = await world.rows("SELECT phone FROM person WHERE name = 'Amina Haddad'")
    asked = await kari.sees("📞")
    for word in ("Amina Haddad", "Ali Haddad", "5A", number):
        assert word in asked.text
    assert await world.rows("SELECT kind, text FROM thread_message") == [("call_me", "")]
    await write(amina, "أهلا")  # the question is closed: what comes now is a message of its own
    await amina.sees(amina.say(ON_ITS_WAY, names="Kari Nordmann", child="Ali Haddad"))


async def test_a_second_tap_on_please_call_me_does_not_ring_twice(world: World) -> None:
    amina, kari = world.actor("Amina Haddad"), world.actor("Kari Nordmann")
    await write(amina, "/write")
    asked = amina.phone.messages[-1]
    call = next(button.data for row in asked.buttons for button in row if amina.say("Please call me") in button.text)
    assert call is not None
    for _ in range(3):
        await amina.phone.tap_data(call, asked)
    await world.idle()
    assert len(holding(kari, "Amina Haddad")) == 1
    await world.forward(hours=2)
    await amina.phone.tap_data(call, asked)
    await world.idle()
    assert len(holding(kari, "Amina Haddad")) == 2, "asking again later is meant"


async def test_what_is_written_in_quiet_hours_arrives_when_they_end(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await world.at(2026, 11, 23, 22, 15)
    await write(ingrid, "Noah sover dårlig")
    receipt = (await ingrid.sees(ingrid.say(ON_ITS_WAY, names="Kari Nordmann", child="Noah Berg"))).text
    assert "07:00" in receipt
    kari.sees_not("Noah sover dårlig")
    await world.at(2026, 11, 24, 6, 59)
    kari.sees_not("Noah sover dårlig")
    await world.at(2026, 11, 24, 7, 0)
    received = await kari.sees("Noah sover dårlig")
    await world.at(2026, 11, 24, 20, 30)
    await kari.send("Takk for at du sier fra", reply_to=received)
    await world.idle()
    ingrid.sees_not("Takk for at du sier fra")
    assert "07:00" in kari.phone.messages[-1].text
    await world.at(2026, 11, 25, 7, 0)
    await ingrid.sees("Takk for at du sier fra")


async def test_who_reads_when_the_teacher_cannot_be_reached(world: World) -> None:
    ingrid, kari, marit, geir = (
        world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Marit Lund", "Geir Moen")
    )
    await kari.phone.block()
    await world.idle()
    await say(ingrid, "Er det noen der?")
    for leader in (marit, geir):
        await leader.sees("Er det noen der?")
    await ingrid.sees("Marit Lund")
    for leader in (marit, geir):
        await leader.phone.block()
    await world.idle()
    await write(ingrid, "Hallo?")
    assert ingrid.phone.last.text == ingrid.say(NobodyReads.sentence)
    assert await texts_stored(world) == ["Er det noen der?"]
    await kari.phone.unblock()
    await world.idle()
    await say(ingrid, "Hallo igjen?")
    await kari.sees("Hallo igjen?")


async def test_the_other_guardian_never_sees_what_one_writes(world: World) -> None:
    ingrid, lars, kari = (world.actor(name) for name in ("Ingrid Berg", "Lars Berg", "Kari Nordmann"))
    await send(kari, "Vi skal på museum.")
    await tap(ingrid, ingrid.say("I have a question"))
    await write(ingrid, "Hvem betaler?")
    received = await kari.sees("Hvem betaler?")
    await kari.send("Skolen betaler", reply_to=received)
    await ingrid.sees("Skolen betaler")
    ((thread,),) = await world.rows("SELECT id FROM thread")
    result = await forge(lars, f"tr|{thread}")
    assert result.text == lars.say(NotPermitted.sentence)
    for command in ("/menu", "/children", "/notices"):
        await write(lars, command)
    for text in ("Hvem betaler?", "Skolen betaler"):
        assert readers(world, text) == ({"Kari Nordmann"} if text.startswith("Hvem") else {"Ingrid Berg"})


async def test_several_short_messages_about_one_of_two_children_wait_together_for_one_tap(world: World) -> None:
    piotr, tom = world.actor("Piotr Kowalski"), world.actor("Tom Eide")
    for text in ("Dzień dobry", "Jan nie ma rękawic", "<b>38</b> rozmiar buta"):
        await write(piotr, text)
    shown = holding(piotr, piotr.say(ASKED))
    assert len(shown) == 3
    assert shown[-1].text.endswith("Dzień dobry\nJan nie ma rękawic\n<b>38</b> rozmiar buta")
    await tap(piotr, "Jan", shown[0])
    received = await tom.sees("Jan nie ma rękawic")
    assert "Dzień dobry\nJan nie ma rękawic\n<b>38</b> rozmiar buta" in received.text
    result = await piotr.taps("Jan", shown[-1])
    assert result.text == piotr.say(NotPermitted.sentence)
    assert len(await texts_stored(world)) == 1


async def test_several_short_messages_of_a_home_with_one_child_each_go_their_way(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    for text in ("Hei", "Noah mangler votter", "<b>38</b> i skostørrelse"):
        await write(ingrid, text)
    assert len(holding(ingrid, ingrid.say(ON_ITS_WAY, names="Kari Nordmann", child="Noah Berg"))) == 3
    kari.sees_not("votter")
    await world.forward(seconds=UNDO)
    await kari.sees("<b>38</b> i skostørrelse")
    assert await world.rows("SELECT count(*) FROM thread") == [(1,)]


async def test_cancelling_throws_the_kept_text_away(world: World) -> None:
    piotr, kari = world.actor("Piotr Kowalski"), world.actor("Kari Nordmann")
    await write(piotr, "Zapomnij o tym")
    asked = piotr.phone.messages[-1]
    zofia = next(button.data for row in asked.buttons for button in row if "Zofia" in button.text)
    result = await piotr.taps(piotr.say("Cancel"))
    assert result.text == piotr.say(NOTHING_SENT)
    assert await world.rows("SELECT count(*) FROM dialogue WHERE data LIKE '%Zapomnij%'") == [(0,)]
    assert zofia is not None
    again = await piotr.phone.tap_data(zofia, asked)
    assert again.text == piotr.say(NotPermitted.sentence)
    await write(piotr, "/napisz")
    await write(piotr, "Anuluj")
    await piotr.sees(piotr.say(NOTHING_SENT))
    await write(piotr, "Jeszcze raz")
    await piotr.sees(piotr.say(ASKED))
    kari.sees_not("Zapomnij o tym")
    assert await texts_stored(world) == []


async def test_cancel_pressed_after_the_message_went_out_does_not_say_that_nothing_was_sent(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/write")
    asked = ingrid.phone.messages[-1]
    assert ingrid.has_button(ingrid.say("Cancel"))
    await write(ingrid, "Noah har glemt sekken.")
    await ingrid.sees(ingrid.say(SENT, names="Kari Nordmann"))
    result = await ingrid.taps(ingrid.say("Cancel"), asked)
    assert result.text is None
    ingrid.sees_not(ingrid.say(NOTHING_SENT))
    assert await texts_stored(world) == ["Noah har glemt sekken."]


async def test_leaving_by_the_menu_button_leaves_the_question_too(world: World) -> None:
    piotr, kari = world.actor("Piotr Kowalski"), world.actor("Kari Nordmann")
    await write(piotr, "/contacts")
    contacts = piotr.phone.messages[-1]
    await write(piotr, "/napisz")
    await tap(piotr, "Zofia")
    await tap(piotr, piotr.say("Menu"), contacts)
    await write(piotr, "To nie była odpowiedź")
    await piotr.sees(piotr.say(ASKED))
    kari.sees_not("To nie była odpowiedź")


async def test_too_long_a_message_is_told_with_its_length_and_nothing_is_sent(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    long = "x" * (THREAD_TEXT_LIMIT + 1)
    refused = ingrid.say(MessageTooLong.sentence, length=len(long), limit=THREAD_TEXT_LIMIT)
    await write(ingrid, long)
    assert ingrid.phone.messages[-1].text == refused
    await write(ingrid, "/skriv")
    await write(ingrid, long)
    assert ingrid.phone.messages[-1].text == refused
    await write(ingrid, long[1:])
    received = await kari.sees(long[1:])
    await tap(kari, kari.say("Answer"), received)
    await write(kari, long)
    assert kari.phone.messages[-1].text == refused
    await write(kari, "Kort svar")
    await ingrid.sees("Kort svar")


async def test_what_is_neither_text_nor_file_is_answered_kindly_and_goes_nowhere(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/skriv")
    await ingrid.phone.send_voice()
    await ingrid.phone.send_sticker()
    await ingrid.phone.send_location()
    await world.idle()
    assert len(holding(ingrid, ingrid.say(ONLY_TEXT))) == 3
    assert await texts_stored(world) == []
    await write(ingrid, "Nå med ord")
    await kari.sees("Nå med ord")


async def test_a_mistyped_command_never_reaches_a_teacher_or_a_home(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/skriv")
    await write(ingrid, "/menyy")
    assert ingrid.phone.messages[-1].text == ingrid.say(NOT_UNDERSTOOD)
    await write(ingrid, "Nå kommer det")
    received = await kari.sees("Nå kommer det")
    await kari.send("/nyy", reply_to=received)
    await kari.sees(kari.say(NOT_UNDERSTOOD))
    await tap(kari, kari.say("Answer"), received)
    await write(kari, "/sentt")
    await write(kari, "Det er greit")
    await ingrid.sees("Det er greit")
    assert await texts_stored(world) == ["Nå kommer det", "Det er greit"]


async def test_staff_without_children_who_write_unasked_are_shown_the_menu(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "Hei på deg")
    assert kari.phone.messages[-1].text == kari.say(NOT_UNDERSTOOD)
    assert await world.rows("SELECT count(*) FROM dialogue") == [(0,)]
