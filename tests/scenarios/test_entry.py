"""Coming in: a letter's code, a second factor, a language, the expectations, the menu (P1, L1, N7)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.actions.entry import CodeRefused, OthersTelephone, SecondRefused
from bot.i18n import commands, languages, texts
from bot.simulator import Phone
from storage.models import Guardianship
from tests.scenarios.notices_steps import send
from tests.scenarios.steps import correct, new_letter
from tests.scenarios.world import ID_BASE, Actor, World

ASK_BIRTH = (
    "To be sure that it is you: write your child's date of birth, with day, month and year, for example {example}."
)
ASK_SECOND = "Now write the second code, the one you were given separately."
THANKS = "✅ Thank you, that is right."
WELCOME = "Welcome, {name}. You are connected to {school}."
NEUTRAL = "Hello. To use this bot you need a letter from your school. Open the link in it, or write its code here."
NO_ACCESS = "You have no access here. Ask the school office for a letter."
EXPECTATIONS = "<b>Home and school: what we expect of each other</b>"
ALARM = "🔐"


def link_of(world: World, name: str) -> str:
    """Return the payload of the link in somebody's letter."""
    return world.known[name].code.replace("-", "")


async def said(world: World, phone: Phone, text: str) -> str:
    """Write something and return the answer."""
    await phone.send(text)
    return await answered(world, phone)


async def answered(world: World, phone: Phone) -> str:
    """Return the newest answer, once everything is done."""
    await world.idle()
    newest = [message for message in phone.messages if message.from_bot][-1]
    return newest.text


async def come_in(actor: Actor, second: str) -> None:
    """Open the letter's link and prove the second factor; the language is asked for next."""
    await actor.phone.start(link_of(actor.world, actor.known.name))
    await actor.sees(actor.say(ASK_SECOND) if actor.known.second else actor.say(ASK_BIRTH, example="31.05.2016"))
    await actor.send(second)
    await actor.sees(actor.say(THANKS))


async def test_father_opens_his_letter_and_gets_everything_in_polish(new_world: World, tmp_path: Path) -> None:
    piotr = new_world.actor("Piotr Kowalski")
    await come_in(piotr, "14.03.2016")
    await piotr.taps("Polski")
    await piotr.sees(piotr.say(WELCOME, name="Piotr Kowalski", school="Solbakken skole"))
    card = await piotr.sees(piotr.say(EXPECTATIONS).replace("<b>", "").replace("</b>", ""))
    assert card.html.startswith("<b>")
    words = commands("pl")
    assert piotr.phone.keyboard == [words["absence"].word, words["write"].word, words["menu"].word]
    menu = dict(piotr.phone.commands)
    assert list(menu) == [
        "menu", "absence", "write", "conversations", "notices", "meetings", "weekplan", "leave", "overview",
        "children", "contacts", "safety", "expectations", "calendar", "language", "help", "cancel",
    ]  # fmt: skip
    assert menu["write"] == words["write"].description
    await piotr.taps(piotr.say("Menu"), card)
    await piotr.sees(piotr.say("What would you like to do?"))
    stored = await new_world.rows(
        "SELECT account.address, person.language, person.welcomed_at IS NOT NULL FROM account"
        " JOIN person ON person.id = account.person_id"
    )
    assert stored == [(piotr.phone.person.id, "pl", 1)]
    assert await new_world.rows("SELECT count(*) FROM entry_code WHERE used_at IS NOT NULL") == [(1,)]
    assert await new_world.rows("SELECT count(*) FROM newcomer") == [(0,)]
    assert await new_world.rows("SELECT count(*) FROM audit_entry WHERE act = 'entry.enrolled'") == [(1,)]
    in_files = b"".join(path.read_bytes() for path in tmp_path.glob("school.db*"))
    assert link_of(new_world, "Piotr Kowalski").encode() not in in_files
    assert piotr.known.code.encode() not in in_files


async def test_staff_come_in_with_the_second_code_and_get_the_senders_menu(new_world: World) -> None:
    kari = new_world.actor("Kari Nordmann")
    second = kari.known.second
    assert second is not None
    await come_in(kari, f"{second[:4]} {second[4:]}")
    await kari.taps("Norsk bokmål")
    await kari.sees(kari.say(WELCOME, name="Kari Nordmann", school="Solbakken skole"))
    await kari.sees_button(kari.say("New message to homes"))
    kari.sees_not(kari.say(EXPECTATIONS).replace("<b>", "").replace("</b>", ""))
    assert [name for name, _ in kari.phone.commands] == [
        "menu", "today", "new", "sent", "conversations", "meetings", "remarks", "patterns", "checkins", "calendar",
        "language", "help", "cancel",
    ]  # fmt: skip
    hashes = await new_world.rows("SELECT second_hash FROM entry_code WHERE used_at IS NOT NULL")
    assert len(hashes[0][0]) == 64
    assert second not in hashes[0][0]


async def test_a_childs_date_of_birth_opens_no_letter_of_staff(new_world: World) -> None:
    nobody = new_world.stranger()
    await nobody.start(link_of(new_world, "Kari Nordmann"))
    assert await said(new_world, nobody, "31.05.2016") == str(texts("en").gettext(SecondRefused.sentence))


def arabic(text: str) -> str:
    """Return `text` with Arabic digits."""
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


WAYS: dict[str, Callable[[date], str]] = {
    "Amina Haddad": lambda day: arabic(f"{day:%d/%m/%Y}"),
    "Omar Haddad": lambda day: "\u200f" + arabic(f"{day.day}.{day.month}.{day.year}") + "\u200f",
    "Ingrid Berg": lambda day: f"{day:%d.%m.%Y}.",
    "Lars Berg": lambda day: f"{day:%d%m%Y}",
    "Rasa Petrauskienė": lambda day: f"{day:%Y-%m-%d}",
    "Tomas Petrauskas": lambda day: f"{day:%Y/%m/%d}",
    "James Miller": lambda day: f"{day.day}/{day.month}-{day.year}",
    "Guro Kvamme": lambda day: f" {day.day} {day.month} {day.year} ",
}


async def test_a_date_of_birth_is_read_however_a_home_writes_it_and_of_either_child(new_world: World) -> None:
    for name, written in WAYS.items():
        actor = new_world.actor(name)
        await come_in(actor, written(actor.known.births[-1]))
    stored = await new_world.rows("SELECT person.name FROM account JOIN person ON person.id = account.person_id")
    assert {row[0] for row in stored} == set(WAYS)
    assert new_world.known["Rasa Petrauskienė"].births[-1] != new_world.known["Rasa Petrauskienė"].births[0]


async def test_what_is_no_date_is_explained_and_costs_no_guess(new_world: World) -> None:
    ingrid = new_world.actor("Ingrid Berg")
    await ingrid.phone.start(link_of(new_world, "Ingrid Berg"))
    for text in ("i fjor", "8.11.16", "32.01.2016", "11", "hei hei", "😀"):
        await ingrid.send(text)
    sentence = "I could not read that as a date. Write it in numbers, for example {example}."
    await ingrid.sees(ingrid.say(sentence, example="31.05.2016"))
    await ingrid.send("8.11.2016")
    await ingrid.sees(ingrid.say(THANKS))
    assert await new_world.rows("SELECT count(*) FROM audit_entry WHERE act = 'entry.wrong_guess'") == [(0,)]


@pytest.mark.parametrize(
    "write",
    [
        str,
        str.lower,
        lambda code: code.replace("-", " – "),
        lambda code: f"https://t.me/x?start={code.replace('-', '')}",
    ],
    ids=["as printed", "small letters", "with dashes and spaces", "the whole link"],
)
async def test_a_code_may_be_typed_by_hand(new_world: World, write: Callable[[str], str]) -> None:
    ingrid = new_world.actor("Ingrid Berg")
    await ingrid.phone.start()
    await ingrid.sees(ingrid.say(NEUTRAL))
    await ingrid.send(write(ingrid.known.code))
    await ingrid.sees(ingrid.say(ASK_BIRTH, example="31.05.2016"))


async def test_a_home_that_took_the_wrong_letter_first_can_type_its_own(new_world: World) -> None:
    ingrid = new_world.actor("Ingrid Berg")
    await ingrid.phone.start(link_of(new_world, "Kari Nordmann"))
    await ingrid.sees(ingrid.say(ASK_SECOND))
    await ingrid.send(ingrid.known.code)
    await ingrid.sees(ingrid.say(ASK_BIRTH, example="31.05.2016"))
    await ingrid.send("/start")
    await ingrid.send("08.11.2016")
    await ingrid.sees(ingrid.say(THANKS))


async def test_wrong_used_ended_and_expired_codes_read_the_same(new_world: World) -> None:
    refused = str(texts("en").gettext(CodeRefused.sentence))
    ingrid = new_world.actor("Ingrid Berg")
    await come_in(ingrid, "08.11.2016")
    await new_letter(new_world, "Lars Berg")  # ends the first one
    codes = ["ABCD-EFGH-JKMN-PQRS", ingrid.known.code, new_world.known["Lars Berg"].code]
    answers = [await said(new_world, new_world.stranger(100 + i), code) for i, code in enumerate(codes)]
    opened = new_world.stranger(120)
    await said(new_world, opened, new_world.known["James Miller"].code)
    await new_world.forward(days=61)
    answers.append(await said(new_world, new_world.stranger(110), new_world.known["Omar Haddad"].code))
    answers.append(await said(new_world, new_world.stranger(111), "ABCD-EFGH-JKMN-PQRT"))
    assert answers == [refused] * 5
    # a code that expired while its second factor was waited for opens nothing either
    assert await said(new_world, opened, "22.01.2016") == refused
    assert await new_world.rows("SELECT count(*) FROM account") == [(1,)]


async def test_guessing_is_slowed_ends_the_code_and_is_told_to_the_office(world: World) -> None:
    marit, geir, kari = (world.actor(name) for name in ("Marit Lund", "Geir Moen", "Kari Nordmann"))
    guesser = world.stranger()
    en = texts("en")
    wrong, ended = str(en.gettext(SecondRefused.sentence)), str(en.gettext(CodeRefused.sentence))
    wait = str(en.gettext("That was many times in a row. You can try again at {time}.", time="#")).partition("#")[0]
    await guesser.start(link_of(world, "Amina Haddad"))
    await world.idle()
    for guess in ("01.01.2016", "02.01.2016", "03.01.2016"):
        assert await said(world, guesser, guess) == wrong
    assert (await said(world, guesser, "31.05.2016")).startswith(wait), "even the right date waits now"
    await world.forward(minutes=2)
    assert await said(world, guesser, "04.01.2016") == wrong
    await world.forward(minutes=2)
    assert (await said(world, guesser, "31.05.2016")).startswith(wait), "the second wait is longer"
    await world.forward(minutes=5)
    assert await said(world, guesser, "05.01.2016") == ended
    await world.forward(hours=3)
    assert await said(world, guesser, "31.05.2016") == str(en.gettext(NEUTRAL))
    assert await said(world, guesser, world.known["Amina Haddad"].code) == ended
    for leader in (marit, geir):
        alarms = [message.text for message in leader.phone.messages if ALARM in message.text]
        assert len(alarms) == 2, "once when it begins, once when the code ends, not at every guess"
        assert all("Amina Haddad" in alarm for alarm in alarms)
        end = leader.say("The code in that letter has been ended. Print a new letter if the home asks.")
        assert [end in alarm for alarm in alarms] == [False, True]
    kari.sees_not(ALARM)
    assert await world.rows("SELECT count(*) FROM account WHERE address = 99") == [(0,)]


async def test_trying_codes_is_slowed_and_told_once(world: World) -> None:
    marit, guesser = world.actor("Marit Lund"), world.stranger()
    for place in range(8):
        await said(world, guesser, f"ABCD-EFGH-JKMN-PQR{place}")
    alarms = [message.text for message in marit.phone.messages if ALARM in message.text]
    assert alarms == [marit.say("🔐 Somebody without access has tried several codes or dates. They have to wait now.")]
    assert await world.rows("SELECT wrong_guesses FROM newcomer") == [(3,)]


async def test_the_office_is_not_woken_by_a_guesser(world: World) -> None:
    marit, guesser = world.actor("Marit Lund"), world.stranger()
    await world.at(2026, 11, 24, 2, 30)
    for place in range(3):
        await said(world, guesser, f"ABCD-EFGH-JKMN-PQR{place}")
    marit.sees_not(ALARM)
    await world.at(2026, 11, 24, 7, 0)
    await marit.sees(ALARM)


async def test_a_wrong_guess_is_forgiven_after_a_day(new_world: World) -> None:
    ingrid = new_world.actor("Ingrid Berg")
    await ingrid.phone.start(link_of(new_world, "Ingrid Berg"))
    for guess in ("09.11.2016", "10.11.2016"):
        await said(new_world, ingrid.phone, guess)
    await new_world.forward(days=2)
    await ingrid.send("11.11.2016")
    await ingrid.send("08.11.2016")
    await ingrid.sees(ingrid.say(THANKS))


async def test_enrolled_people_cannot_use_a_letter_and_it_stays_good(new_world: World) -> None:
    ingrid, amina = new_world.actor("Ingrid Berg"), new_world.actor("Amina Haddad")
    await come_in(ingrid, "08.11.2016")
    await ingrid.taps("Norsk bokmål")
    await ingrid.phone.start(link_of(new_world, "Amina Haddad"))
    await ingrid.sees(ingrid.say(OthersTelephone.sentence))
    ingrid.sees_not("Amina")
    await ingrid.phone.start(link_of(new_world, "Ingrid Berg"))
    await ingrid.sees(ingrid.say("You are in already. Open the menu to go on."))
    await come_in(amina, "31.05.2016")


async def test_a_new_phone_takes_over_and_the_old_one_learns_nothing_more(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "Vi møtes ved porten.")
    await ingrid.sees("Vi møtes ved porten.")
    await ingrid.send("/skriv")  # an open question, which must not follow to the new phone
    await ingrid.sees_button(ingrid.say("Please call me"))
    letter = await new_letter(world, "Ingrid Berg")
    phone = world.stranger(777, "nb", "Ingrid")
    await phone.start(letter.code.replace("-", ""))
    await said(world, phone, "08.11.2016")
    await said(world, phone, "Hei, dette er min nye telefon")
    unasked = "SELECT state FROM outgoing WHERE dedupe_key LIKE 'thread:%'"
    assert await world.rows(unasked) == [("queued",)], "no answer to the old question: it waits and can be taken back"
    await phone.tap("Norsk bokmål")
    await world.idle()
    before = ingrid.screen()
    await send(kari, "Husk gymtøy.")
    await correct(kari, "Husk gymtøy og sko.")
    await correct(kari, "Vi møtes ved døra.", item=1)
    await phone.wait_for("Husk gymtøy og sko.")
    await phone.wait_for("Vi møtes ved døra.")
    await world.idle()
    assert ingrid.screen() == before
    assert await said(world, ingrid.phone, "Hei?") == ingrid.say(NEUTRAL)
    result = await ingrid.phone.tap(ingrid.say("Understood"))
    assert result.text == ingrid.say(NO_ACCESS)
    assert dict(await world.rows("SELECT person_id, address FROM account"))[ingrid.known.person_id] == 777
    assert await world.rows("SELECT count(*) FROM outgoing WHERE reason = 'refused'") == [(0,)]


async def test_somebody_who_became_another_person_in_the_files_comes_in_again(world: World) -> None:
    """A new telephone number in the school's file makes a new person; the same Telegram must open the new letter."""
    ingrid, lars = world.actor("Ingrid Berg"), world.actor("Lars Berg")
    child = (await world.rows("SELECT id FROM pupil WHERE name = 'Noah Berg'"))[0][0]
    async with world.unit_of_work() as uow:
        tie = await uow.session.get(Guardianship, (child, ingrid.known.person_id))
        assert tie is not None
        tie.ended_at = uow.now
        await uow.commit()
    letter = await new_letter(world, "Lars Berg")
    await ingrid.phone.start(letter.code.replace("-", ""))
    await ingrid.send("08.11.2016")
    await ingrid.sees(ingrid.say(THANKS))
    accounts = dict(await world.rows("SELECT person_id, address FROM account"))
    assert accounts[lars.known.person_id] == ID_BASE + ingrid.known.person_id
    assert ingrid.known.person_id not in accounts


async def test_two_phones_race_with_one_letter_and_one_comes_in(new_world: World) -> None:
    first, second = new_world.stranger(201), new_world.stranger(202)
    for phone in (first, second):
        await phone.start(link_of(new_world, "Amina Haddad"))
    await new_world.idle()
    await asyncio.gather(first.send("31.05.2016"), second.send("31.05.2016"))
    await new_world.idle()
    answers = {await answered(new_world, phone) for phone in (first, second)}
    refused = str(texts("en").gettext(CodeRefused.sentence))
    assert refused in answers
    assert len(answers) == 2
    assert len(await new_world.rows("SELECT address FROM account")) == 1


async def test_every_language_has_its_button_after_the_second_factor(new_world: World) -> None:
    amina = new_world.actor("Amina Haddad")
    await come_in(amina, "31.05.2016")
    asked = await amina.sees(amina.say("Which language do you want to read?"))
    labels = [button.text for row in asked.buttons for button in row]
    assert len(labels) == len(languages())
    assert labels[0].startswith("العربية"), "the home's own language comes first"
