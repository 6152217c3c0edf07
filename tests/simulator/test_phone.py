"""The phone: what it finds, what it shows, and what it will not do."""

from __future__ import annotations

import asyncio

import pytest

from bot.simulator import GestureError, Person, PhoneError, Simulator
from bot.simulator import gestures as page_gestures
from tests.simulator.conftest import Api, inline


async def test_buttons_are_found_by_label_part_number_and_message(sim: Simulator, api: Api) -> None:
    phone = sim.phone(1001)
    old = await api.ok("sendMessage", chat_id=1001, text="a", reply_markup=inline("Ja", "Nei takk"))
    await api.ok(
        "sendMessage", chat_id=1001, text="b", reply_markup=inline("\u2068Ali\u2069 er syk", "Ali er syk i dag")
    )
    pressed: list[tuple[int, str]] = []

    async def tap(button: str | int, message: int | None = None) -> tuple[int, str]:
        await phone.tap(button, message, timeout=0.01)
        query = sim.world.updates.all()[-1].body["callback_query"]
        pressed.append((query["message"]["message_id"], query["data"]))
        return pressed[-1]

    newest = phone.last.id
    assert await tap("Ali er syk") == (newest, "\u2068Ali\u2069 er syk")
    assert await tap("i dag") == (newest, "Ali er syk i dag")
    assert await tap("takk") == (old["message_id"], "Nei takk")
    assert await tap(1) == (newest, "Ali er syk i dag")
    assert await tap(-1, old["message_id"]) == (old["message_id"], "Nei takk")
    with pytest.raises(PhoneError, match=r"no button “Kanskje”[\s\S]*<- a"):
        await phone.tap("Kanskje")
    with pytest.raises(PhoneError, match="2 buttons"):
        await phone.tap("Ali")
    with pytest.raises(PhoneError, match="no button “Ja”"):
        await phone.tap("Ja", newest)


async def test_a_link_button_gives_its_address(sim: Simulator, api: Api) -> None:
    link = {"inline_keyboard": [[{"text": "Åpne", "url": "https://skole.example"}]]}
    await api.ok("sendMessage", chat_id=1001, text="a", reply_markup=link)
    result = await sim.phone(1001).tap("Åpne")
    assert (result.url, result.answered) == ("https://skole.example/", False)
    assert sim.pending_updates == 0


async def test_waiting_sees_old_new_and_edited_messages(sim: Simulator, api: Api) -> None:
    phone = sim.phone(1001)
    sent = await api.ok("sendMessage", chat_id=1001, text="Hei")
    assert (await phone.wait_for("Hei")).id == sent["message_id"]
    later = asyncio.create_task(phone.wait_for(lambda m: m.edited and "ferdig" in m.text))
    await asyncio.sleep(0.01)
    await api.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="ferdig")
    assert (await later).id == sent["message_id"]
    await phone.send("mitt eget")
    with pytest.raises(PhoneError, match=r"no message with “mitt eget” within 0.05 s\n-> /start"):
        await phone.wait_for("mitt eget", timeout=0.05)


async def test_quiet_waits_for_the_last_change(sim: Simulator, api: Api) -> None:
    async def chatter() -> None:
        for i in range(4):
            await asyncio.sleep(0.05)
            await api.ok("sendMessage", chat_id=1001, text=str(i))

    talking = asyncio.create_task(chatter())
    await sim.phone(1001).wait_quiet(1000)
    assert talking.done()
    assert sim.phone(1001).last.text == "3"


async def test_the_screen_reads_like_the_chat(sim: Simulator, api: Api) -> None:
    phone = sim.phone(1001)
    await api.ok("sendMessage", chat_id=1001, text="Linje 1\n<b>Linje 2</b>", parse_mode="HTML")
    await api.ok("sendMessage", chat_id=1001, text="Velg", reply_markup=inline("Ja", "Nei"))
    await phone.send("Hei")
    await phone.send_document(b"x", "liste.pdf", "application/pdf", caption="Se")
    await api.ok("sendMessage", chat_id=1001, text="!", reply_markup={"keyboard": [["A", "B"]]})
    assert phone.screen().split("\n") == [
        "-> /start",
        "<- Linje 1",
        "   Linje 2",
        "<- Velg",
        "   [Ja] [Nei]",
        "-> Hei",
        "-> [liste.pdf] Se",
        "<- !",
        "(A) (B)",
    ]
    assert phone.screen(2) == "<- !\n(A) (B)"
    assert phone.messages[1].html == "Linje 1\n<b>Linje 2</b>"


async def test_unread_counts_until_the_chat_is_read(sim: Simulator, api: Api) -> None:
    await api.ok("sendMessage", chat_id=1001, text="a")
    await api.ok("sendMessage", chat_id=1001, text="b")
    assert sim.phone(1001).unread == 2
    await sim.phone(1001).read()
    assert sim.phone(1001).unread == 0


async def test_what_the_app_would_not_allow(sim: Simulator, api: Api) -> None:
    phone = sim.phone(1001)
    sent = await api.ok("sendMessage", chat_id=1001, text="a")
    sticker = await phone.send_sticker()
    with pytest.raises(PhoneError, match="nothing to send"):
        await phone.send("  ")
    with pytest.raises(PhoneError, match="at most 4096"):
        await phone.send("x" * 4097)
    for message in (sent["message_id"], sticker.id):
        with pytest.raises(PhoneError, match="Only your own text"):
            await phone.edit(message, "b")
    with pytest.raises(PhoneError, match="0 buttons of the keyboard"):
        await phone.press("A")
    with pytest.raises(GestureError, match="no key"):
        page_gestures.press_key(sim.world, sim.world.chats[1001], "A")
    await phone.block()
    with pytest.raises(PhoneError, match="blocked"):
        await phone.send("a")
    with pytest.raises(PhoneError, match="blocked"):
        await phone.tap_data("x", 1)


async def test_a_key_may_ask_for_the_contact(sim: Simulator, api: Api) -> None:
    keys = {"keyboard": [[{"text": "Del nummer", "request_contact": True}]]}
    await api.ok("sendMessage", chat_id=1001, text="a", reply_markup=keys)
    await sim.phone(1001).press("nummer")
    contact = (await api.ok("getUpdates"))[-1]["message"]["contact"]
    assert contact["user_id"] == 1001


async def test_a_forged_tap_on_a_message_that_is_gone(sim: Simulator, api: Api) -> None:
    await sim.phone(1001).tap_data("absence:1:yes", 999, timeout=0.01)
    query = (await api.ok("getUpdates"))[-1]["callback_query"]
    assert query["data"] == "absence:1:yes"
    assert query["message"] == {"chat": query["message"]["chat"], "message_id": 999, "date": 0}


async def test_a_person_can_change_and_keeps_the_chat(sim: Simulator, api: Api) -> None:
    await api.ok("sendMessage", chat_id=1001, text="a")
    phone = sim.add_person(Person(1001, "Piotr", language_code="en"))
    assert phone is sim.phone(1001)
    assert phone.last.text == "a"
    assert phone.person.language_code == "en"
    with pytest.raises(KeyError):
        sim.phone(5)
