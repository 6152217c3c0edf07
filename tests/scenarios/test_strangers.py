"""Whoever is not enrolled learns nothing: strangers, groups, channels, and what may be said in a log."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from aiogram.types import Update

from bot.i18n import languages, texts
from bot.intake.process import APOLOGY
from bot.logs import set_up_logging
from tests.scenarios.world import World

NEUTRAL = "Hello. To use this bot you need a letter from your school. Open the link in it, or write its code here."
NO_ACCESS = "You have no access here. Ask the school office for a letter."
THANKS = "The child is called Łukasz & <Ola>"


def secrets_of(world: World) -> list[str]:
    """Return what nobody outside may read: everybody's name."""
    return sorted(world.known)


async def personal_data(world: World) -> list[str]:
    """Return every name, number and address that the school stores."""
    people = await world.rows("SELECT name, phone, email FROM person")
    pupils = await world.rows("SELECT name FROM pupil")
    return [value for row in [*people, *pupils] for value in row if value]


async def test_stranger_gets_one_neutral_answer_whatever_it_sends(world: World) -> None:
    nobody = world.stranger()
    await nobody.start()
    for text in (
        "Hei",
        "/menu",
        "/new",
        "Menu",
        "قائمة",
        "Kari Nordmann",
        "5A",
        "/start@skolebud_demo_bot",
        "31.05.2016",
    ):
        await nobody.send(text)
    await nobody.send_photo(b"picture")
    await nobody.send_sticker()
    await nobody.send_voice()
    await nobody.send_location()
    await world.idle()
    answers = {message.text for message in nobody.messages if message.from_bot}
    assert answers == {str(texts("en").gettext(NEUTRAL))}
    assert nobody.keyboard is None
    assert not any(message.buttons for message in nobody.messages)
    assert await world.rows("SELECT count(*) FROM newcomer") == [(0,)]


@pytest.mark.parametrize("code", list(languages()))
async def test_stranger_is_answered_in_the_language_of_the_phone(world: World, code: str) -> None:
    nobody = world.stranger(language_code=code)
    await nobody.start()
    await world.idle()
    assert nobody.last is not None
    assert nobody.last.text == str(texts(code).gettext(NEUTRAL))
    descriptions = dict(nobody.commands)
    assert set(descriptions) == {"start", "help"}


async def test_stranger_who_edits_or_blocks_hears_nothing(world: World) -> None:
    nobody = world.stranger()
    sent = await nobody.send("Hei")
    await world.idle()
    before = len(nobody.messages)
    await nobody.edit(sent, "Hallo")
    await nobody.block()
    await nobody.unblock()
    await world.idle()
    assert len(nobody.messages) == before


async def test_forged_buttons_tell_a_stranger_nothing(world: World) -> None:
    nobody = world.stranger()
    message = await nobody.send("Hei")
    for data in (
        "go|menu|0",
        "go|children|0",
        "ws|1",
        "no|1|0",
        "bo|1|names|0",
        "tr|1",
        "la|nb",
        "xx|menu",
        "",
        "|",
        "💥" * 9,
    ):
        result = await nobody.tap_data(data, message)
        assert result.answered
        assert result.text == str(texts("en").plain.gettext(NO_ACCESS))
    await world.idle()
    shown = nobody.screen()
    assert not [name for name in secrets_of(world) if name in shown]
    assert await world.rows("SELECT count(*) FROM set_aside_update") == [(0,)]


def update_in(chat: dict[str, Any], sender: int, update_id: int, **kinds: Any) -> Update:
    """Return an update from a chat that is not private."""
    user = {"id": sender, "is_bot": False, "first_name": "Somebody", "language_code": "nb"}
    message = {"message_id": 7, "date": 1, "chat": chat, "from": user, "text": "/menu"}
    made: dict[str, Any] = {
        "message": message,
        "edited_message": {**message, "edit_date": 2},
        "channel_post": {"message_id": 7, "date": 1, "chat": chat, "text": "/menu"},
        "callback_query": {"id": "1", "from": user, "chat_instance": "1", "data": "go|menu|0", "message": message},
        "my_chat_member": {
            "chat": chat,
            "from": user,
            "date": 1,
            "old_chat_member": {"status": "left", "user": user},
            "new_chat_member": {"status": "member", "user": user},
        },
    }
    return Update.model_validate({"update_id": update_id, **{kind: made[kind] for kind in kinds}})


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_bot_is_silent_in_groups_and_channels_even_to_its_own_people(world: World, kind: str) -> None:
    kari = world.actor("Kari Nordmann")
    await world.idle()
    world.sim.clear_log()
    chat = {"id": -100200300, "type": kind, "title": "5A foreldre"}
    for number, what in enumerate(("message", "edited_message", "channel_post", "callback_query", "my_chat_member")):
        await world.app.intake.process(update_in(chat, kari.phone.person.id, 10 + number, **{what: True}))
    assert {call.method for call in world.sim.log} <= {"getUpdates"}
    assert await world.rows("SELECT count(*) FROM seen_update WHERE update_id BETWEEN 10 AND 20") == [(0,)]


async def test_inline_use_of_the_bot_elsewhere_is_not_answered(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await world.idle()
    world.sim.clear_log()
    tap = {
        "id": "1",
        "from": {"id": kari.phone.person.id, "is_bot": False, "first_name": "Kari"},
        "chat_instance": "1",
        "inline_message_id": "x",
        "data": "go|menu|0",
    }
    await world.app.intake.process(Update.model_validate({"update_id": 10, "callback_query": tap}))
    assert {call.method for call in world.sim.log} <= {"getUpdates"}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the real logging writes, down to the libraries' own chatter."""
    root = logging.getLogger()
    level = root.level
    noisy = {name: logging.getLogger(name).level for name in ("aiogram", "apscheduler", "aiohttp.access", "sqlalchemy")}
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        set_up_logging("DEBUG")
    (ours,) = root.handlers
    yield stream
    root.removeHandler(ours)
    root.setLevel(level)
    for name, before in noisy.items():
        logging.getLogger(name).setLevel(before)


async def test_a_whole_day_leaves_nothing_personal_in_the_logs(written: io.StringIO, world: World) -> None:
    kari, piotr, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Ingrid Berg"))
    nobody = world.stranger(first_name="Ukjent")
    guessed = "ABCD-EFGH-JKMN-PQRS"
    await nobody.start(world.known["Amina Haddad"].code.replace("-", ""))
    await nobody.send("01.02.2003")
    await nobody.send(guessed)
    await piotr.send(THANKS)
    await piotr.taps("Zofia")
    thread = await kari.sees(THANKS)
    await kari.send("Det går fint, hilsen Kari", reply_to=thread)
    await piotr.sees("Det går fint, hilsen Kari")
    quoted = """Bad Request: can't parse entities: Unsupported start tag "Noah fryser" at byte offset 3"""
    for told_to in (ingrid, kari):  # once as an answer, once out of the queue
        world.sim.faults.fail_next("sendMessage", status=400, description=quoted, chat_id=told_to.phone.person.id)
    await ingrid.send("Noah fryser i gangen")
    await ingrid.quiet()
    await piotr.send("Jeszcze raz")
    await world.idle()
    await world.forward(seconds=21)
    # what nothing foresees: the row of a child that the code cannot read
    async with world.unit_of_work() as uow:
        from storage.models import Dialogue

        broken = {"nothing": "Noah fryser i gangen"}
        uow.session.add(Dialogue(person_id=ingrid.known.person_id, expects="care.text", data=broken, asked_at=uow.now))
        await uow.commit()
    await ingrid.send("Han liker friminuttet")
    await ingrid.sees(ingrid.say(APOLOGY, id="#").partition("#")[0])
    await world.idle()
    lines = written.getvalue()
    entries = [json.loads(line) for line in lines.splitlines()]
    events = {entry["event"] for entry in entries}
    assert {"intake.failed", "refused"} & events
    refusals = [str(entry.get("answer") or entry.get("refused") or "") for entry in entries]
    assert sum("can't parse entities" in words for words in refusals) == 2
    assert any(entry.get("exception") == "KeyError" for entry in entries), "the failure is told by its kind"
    told = [*(await personal_data(world)), THANKS, "Det går fint", "Noah fryser", "friminuttet", "Ukjent", guessed]
    told += [
        word for known in world.known.values() for word in (known.code, known.code.replace("-", ""), known.second or "")
    ]
    told += [str(birth) for known in world.known.values() for birth in known.births] + ["01.02.2003"]
    assert not [word for word in told if word and word in lines]


async def test_other_libraries_fill_nothing_into_a_log_line(written: io.StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task ValueError('Ali er syk')>")
    logging.getLogger("aiosqlite").debug("executing %s", "INSERT ('Ali er syk')")
    try:
        raise ValueError("Ali er syk")
    except ValueError:
        logging.getLogger("bot.jobs.ticks").exception("job.failed")
    lines = written.getvalue()
    assert "Ali" not in lines
    assert [json.loads(line)["event"] for line in lines.splitlines()][-3:] == [
        "Task exception was never retrieved",
        "executing %s",
        "job.failed",
    ]
