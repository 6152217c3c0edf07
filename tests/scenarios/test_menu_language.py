"""The menu, and one language in everything a person sees (L1, L2)."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from bot.domain.notices import NoticeKind
from bot.i18n import commands, find_command, languages, texts
from bot.i18n.registry import LOCALES
from bot.i18n.words import language_label
from bot.intake.process import APOLOGY
from bot.simulator import SimMessage
from locales.catalogues import forms_of, read, sentences
from storage.models import Dialogue
from tests.scenarios.interpreter_steps import promised
from tests.scenarios.notices_steps import begin, labels, send, speak, tap, write
from tests.scenarios.steps import correct
from tests.scenarios.world import Actor, World

CODES = sorted(languages())
MENU = "What would you like to do?"
NOT_UNDERSTOOD = "I did not understand that. Here is what I can do."


# --- changing the language ------------------------------------------------------------------------


async def test_changing_the_language_changes_every_word_there_is(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    for code in ("pl", "ar", "en", "nb"):
        ingrid = await speak(ingrid, code)
        words = commands(code)
        await ingrid.sees(ingrid.say("🌐 Your language here: {language}.", language=languages()[code].name))
        assert ingrid.phone.keyboard == [words["absence"].word, words["write"].word, words["menu"].word]
        assert [text for _, text in ingrid.phone.commands] == [
            words[name].description for name, _ in ingrid.phone.commands
        ]
        menu = ingrid.phone.messages[-1]
        assert menu.text == ingrid.say(MENU)
        assert ingrid.say("Report absence") in labels(menu)[0]
        await ingrid.phone.press(words["absence"].word)
        await world.idle()
        await send(kari, f"Beskjed som leses på {code}.", kind=NoticeKind.GENERAL)
        notice = await ingrid.sees(f"Beskjed som leses på {code}.")
        assert ingrid.say("Message") in notice.text
        await ingrid.taps(ingrid.say("Understood"), notice)
        await ingrid.phone.press(words["write"].word)
        await world.idle()
        assert ingrid.has_button(ingrid.say("Please call me"), last=1)
        await write(ingrid, "/cancel")
        assert await world.rows("SELECT language FROM person WHERE name = 'Ingrid Berg'") == [(code,)]
    delivered = await world.rows(
        "SELECT language FROM delivery WHERE person_id = :id ORDER BY id", id=ingrid.known.person_id
    )
    assert [row[0] for row in delivered] == ["pl", "ar", "en", "nb"]


async def test_an_earlier_notice_is_read_in_the_language_chosen_since(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await send(kari, "En beskjed.")
    ingrid = await speak(ingrid, "pl")
    await write(ingrid, "/notices")
    await ingrid.phone.tap(0, ingrid.phone.messages[-1])
    await world.idle()
    shown = ingrid.phone.messages[-1]
    assert ingrid.say("Message") in shown.text
    assert any(ingrid.say("Understood") in label for label in labels(shown))


async def test_every_language_is_offered_by_its_own_name_the_present_one_first(world: World) -> None:
    amina = world.actor("Amina Haddad")
    await write(amina, "/language")
    offered = labels(amina.phone.messages[-1])
    assert sorted(offered) == sorted(bare(language_label(code, amina.tr)) for code in languages())
    assert offered[0] == bare(language_label("ar", amina.tr))


async def test_an_accident_is_told_in_the_chosen_language_not_the_phones(world: World) -> None:
    ingrid = await speak(world.actor("Ingrid Berg"), "pl")
    assert ingrid.phone.person.language_code == "nb"
    async with world.unit_of_work() as uow:
        uow.session.add(
            Dialogue(person_id=ingrid.known.person_id, expects="care.text", data={"broken": 1}, asked_at=uow.now)
        )
        await uow.commit()
    await write(ingrid, "Co teraz?")
    await ingrid.sees(ingrid.say(APOLOGY, id="#").partition("#")[0])
    assert await world.rows("SELECT attempts FROM set_aside_update") == [(3,)]


# --- words and commands ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_word_and_alias_of_a_language_means_its_command(code: str) -> None:
    for name, command in commands(code).items():
        spoken = command.word.split(maxsplit=1)[-1]
        for text in (command.word, spoken, spoken.upper(), f"{spoken}.", *command.other_words):
            assert find_command(text) == name, text
        for alias in (name, *command.aliases):
            assert find_command(f"/{alias}") == name
            assert find_command(f"/{alias}@skolebud_bot") == name


@pytest.mark.parametrize(
    "text", ["Meny", "meny", "☰ Menu", "قائمة", "القائمة", "/meny", "/menu", "/qaima", "/start", "MENU!"]
)
async def test_the_menu_opens_by_its_word_in_any_language(world: World, text: str) -> None:
    amina = world.actor("Amina Haddad")
    await write(amina, text)
    menu = amina.phone.messages[-1]
    assert menu.text == amina.say(MENU)
    assert labels(menu) == [
        bare(label)
        for label in (
            "🤒 " + amina.say("Report absence"),
            "💬 " + amina.say("Conversations"),
            "📬 " + amina.say("Messages from school"),
            "📅 " + amina.say("Meetings and dates"),
            "☎️ " + amina.say("Contacts"),
            "🌐 " + amina.say("Language"),
        )
    ]


async def test_an_unknown_command_offers_the_menu(world: World) -> None:
    await promised(world)
    for name in ("Amina Haddad", "Kari Nordmann", "Yusuf Rahman"):
        actor = world.actor(name)
        for text in ("/finnesikke", "/", "/fravær"):
            await write(actor, text)
            assert actor.phone.messages[-1].text == actor.say(NOT_UNDERSTOOD)
        await tap(actor, actor.say("Menu"))
        assert actor.phone.messages[-1].text == actor.say(MENU)


async def test_commands_of_another_role_open_nothing(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    for text in ("/new", "/sent", "Sendt"):
        await write(ingrid, text)
        shown = ingrid.phone.messages[-1]
        assert shown.text == ingrid.say("This is not here any more, or not for you. Open the menu to go on.")
        assert not shown.buttons
    for text in ("/children", "/write"):
        await write(kari, text)
        assert kari.phone.messages[-1].text == kari.say("No child is connected to you here.")
    assert await world.rows("SELECT count(*) FROM notice") == [(0,)]


async def test_an_old_button_leads_back_to_the_menu(world: World) -> None:
    ingrid = world.actor("Ingrid Berg")
    await write(ingrid, "/menu")
    result = await ingrid.phone.tap_data("gone|1", ingrid.phone.messages[-1])
    assert result.text == ingrid.say("This button is from an older message. Here is how it stands now.")
    await ingrid.sees_button(ingrid.say("Menu"))


# --- no screen mixes languages --------------------------------------------------------------------


def bare(text: str) -> str:
    """Return text without direction marks."""
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


def english_pieces(code: str) -> set[str]:
    """Return what stands in English sentences and not in a language's own: pieces between fields and tags."""
    found: set[str] = set()
    own = " ".join(html.unescape(form) for message in sentences(read(code)).values() for form in forms_of(message))
    for message in sentences(read(code)).values():
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        for msgid in ids:
            pieces = re.split(r"\{\w+\}|<[^>]+>|\n", html.unescape(msgid))
            found |= {piece.strip(" .,:;?!()•“”☰✅") for piece in pieces}
    return {piece for piece in found if len(re.findall(r"[A-Za-z]", piece)) >= 4 and piece not in own}


def shown_to(actor: Actor) -> list[str]:
    """Return everything the bot has shown: texts, buttons, answers to taps, keyboard, commands."""
    messages: list[SimMessage] = [message for message in actor.phone.messages if message.from_bot]
    shown = [message.content for message in messages]
    shown += [button.text for message in messages for row in message.buttons for button in row]
    shown += [alert.text or "" for alert in actor.phone.alerts]
    shown += [*(actor.phone.keyboard or []), *(text for _, text in actor.phone.commands)]
    return [bare(text) for text in shown]


def hold_language(actor: Actor, allowed: tuple[str, ...] = ()) -> None:
    """Hold that no English piece stands in anything the person has seen, as a whole word or sentence."""
    pieces = english_pieces(actor.language)
    assert {"Understood", "Please call me", "Write to the teacher"} <= pieces
    for text in shown_to(actor):
        for word in allowed:
            text = text.replace(word, "")
        inside = [piece for piece in pieces if piece in text]  # a pattern for each of them takes ten seconds to build
        mixed = [piece for piece in inside if re.search(rf"(?<![\w-]){re.escape(piece)}(?![\w-])", text)]
        assert not mixed, f"{mixed} in {text!r}"


@pytest.mark.parametrize(("name", "code"), [("Amina Haddad", "ar"), ("Piotr Kowalski", "pl")])
async def test_a_guardians_whole_day_is_in_one_language(world: World, name: str, code: str) -> None:
    kari, home = world.actor("Kari Nordmann"), world.actor(name)
    home = await speak(home, code)
    for command in commands("en"):
        await write(home, f"/{command}")
    await begin(kari, kind=NoticeKind.OUTDOOR)
    await kari.phone.tap(0, kari.phone.messages[-1])
    await world.idle()
    for label in ("08:30", "14:00", kari.say("Skip")):
        await tap(kari, label)
    await tap(kari, kari.say("packed lunch"))
    await tap(kari, kari.say("Done"))
    await tap(kari, kari.say("Without text"))
    await tap(kari, kari.say("Send now"))
    await world.forward(seconds=30)
    await home.sees(home.say("packed lunch"))
    for label in ("Understood", "I have a question"):
        await tap(home, home.say(label))
    await write(home, "??")
    await tap(home, home.say("Please call me"))
    for label in ("Show as it was written", "Back to my language"):
        if home.has_button(home.say(label)):
            await tap(home, home.say(label))
    await send(kari, "1234")
    await world.forward(hours=5)
    await write(kari, "/sent")
    await kari.phone.tap(0, kari.phone.messages[-1])
    await world.idle()
    await tap(kari, next(label for label in labels(kari.phone.messages[-1]) if label.startswith("🔔")))
    await correct(kari, "12345")
    await write(home, "??")
    await home.phone.tap(0, home.phone.messages[-1])
    await world.idle()
    thread = next(message for message in kari.phone.messages[::-1] if "??" in message.content and message.from_bot)
    await kari.send("!!", reply_to=thread)
    await home.sees("!!")
    await home.phone.send_voice()
    mine = await home.phone.send("???")
    await home.phone.edit(mine, "????")
    await home.phone.tap_data("gone|1", home.phone.messages[-1].id - 1)
    await write(home, "x" * 1600)
    await home.phone.tap_data("na|1|understood|9", home.phone.messages[-1])
    await world.idle()
    assert len(shown_to(home)) > 40
    hold_language(home)


@pytest.mark.parametrize("code", ["pl", "ar"])
async def test_a_teachers_whole_day_is_in_one_language(world: World, code: str) -> None:
    kari, ingrid = await speak(world.actor("Kari Nordmann"), code), world.actor("Ingrid Berg")
    for command in commands("en"):
        await write(kari, f"/{command}")
    for kind in NoticeKind:
        to_one = kind in {NoticeKind.INCIDENT, NoticeKind.PRAISE}
        await begin(kari, to="5A, Noah Berg" if to_one else "5A", kind=kind)
        await tap(kari, kari.say("Discard"))
    await send(kari, "1 2 3")
    await tap(ingrid, ingrid.say("Please call me"))
    await write(kari, "/sent")
    await kari.phone.tap(0, kari.phone.messages[-1])
    await world.idle()
    await tap(kari, kari.say("Who has answered"))
    await tap(kari, kari.say("Summary"))
    await tap(kari, kari.say("Read it"))
    await tap(kari, kari.say("Back"))
    await tap(kari, next(label for label in labels(kari.phone.messages[-1]) if label.startswith("🔔")))
    await tap(kari, next(label for label in labels(kari.phone.messages[-1]) if label.startswith("🔔")))
    await write(kari, "/new")
    await tap(kari, "5A")
    await tap(kari, kari.say("Message"))
    await write(kari, "Vi går på tur i morgen. " * 8)
    for label in ("Change", "Back", "Send later"):
        await tap(kari, kari.say(label))
    await write(kari, "i går")
    await tap(kari, kari.say("Back"))
    assert len(shown_to(kari)) > 100
    hold_language(kari, allowed=tuple(language.name for language in languages().values()))


# --- one more language ----------------------------------------------------------------------------

FAROESE = {
    "What would you like to do?": "Hvat vilt tú gera?",
    "Conversations": "Samrøður",
    "Menu": "Valmynd",
    "Understood": "Skilt",
}


def add_faroese(folder: Path) -> None:
    """Do what a translator does: one registry line, one folder. Everything untranslated reads "fo: …"."""
    with (folder / "languages.yaml").open("a", encoding="utf-8") as registry:
        registry.write('fo: {name: "Føroyskt", locale: fo_FO, review: draft}\n')
    made = folder / "fo" / "LC_MESSAGES"
    made.mkdir(parents=True)
    with (folder / "en" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale="fo")
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            message.string = FAROESE.get(message.id, f"fo: {message.id}")
        elif message.id:
            message.string = tuple(f"fo: {one}" for one in message.id)
    with (made / "messages.po").open("wb") as target:
        write_po(target, catalogue)
    (folder / "fo" / "STYLE.md").write_text("Stutt og vinarliga.\n", encoding="utf-8")
    lines = (folder / "en" / "commands.yaml").read_text(encoding="utf-8").splitlines()
    spoken = [re.sub(r'word: "(\S+ )?[^"]*"', rf'word: "\g<1>fo {number}"', line) for number, line in enumerate(lines)]
    (folder / "fo" / "commands.yaml").write_text("\n".join(spoken) + "\n", encoding="utf-8")


def test_one_folder_and_one_line_add_a_language_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    add_faroese(folder)
    changed = {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file()
               and before.get(path) != path.read_bytes()}  # fmt: skip
    assert changed == {"languages.yaml", "fo"}
    told = subprocess.run(
        [sys.executable, "-m", "tests.scenarios.speak_faroese", str(tmp_path)],
        env={**os.environ, "SKOLEBUD_LOCALES": str(folder)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    for sentence in ("Hvat vilt tú gera?", "💬 Samrøður", "fo: ✉️ On its way to Kari Nordmann", "Føroyskt"):
        assert sentence in told.stdout
    assert texts("fo").code == "en", "this process knows nothing of it"
