"""What the methods do, and the words in which they refuse."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.simulator import Person, Simulator
from tests.simulator.conftest import TOKEN, Api, Clock, inline


async def test_a_message_comes_back_as_telegram_gives_it(sim: Simulator, api: Api, clock: Clock) -> None:
    first = await api.ok("sendMessage", chat_id=1001, text="<b>Hei</b> 👋", parse_mode="HTML")
    reply = await api.ok(
        "sendMessage",
        chat_id=1001,
        text="svar",
        reply_parameters={"message_id": first["message_id"]},
        reply_markup=inline("Ja"),
        disable_notification=True,
    )
    assert first == {
        "message_id": first["message_id"],
        "from": {"id": 123456, "is_bot": True, "first_name": "Skolebud", "username": "skolebud_demo_bot"},
        "chat": {"id": 1001, "first_name": "Piotr", "last_name": "Kowalski", "type": "private"},
        "date": int(clock.now.timestamp()),
        "text": "Hei 👋",
        "entities": [{"type": "bold", "offset": 0, "length": 3}],
    }
    assert reply["reply_to_message"] == first
    assert reply["reply_markup"] == inline("Ja")
    assert sim.phone(1001).last.silent
    assert sim.phone(1001).unread == 2


async def test_forms_query_strings_and_any_case_of_the_name_work_too(api: Api) -> None:
    status, _ = await api.form("sendMessage", chat_id="1001", text="a", reply_markup=inline("Ja"))
    assert status == 200
    async with api.session.get(f"{api.base}/bot{TOKEN}/SENDMESSAGE?chat_id=1001&text=b") as answer:
        assert (await answer.json())["result"]["text"] == "b"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot999:other/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        (f"/bot{TOKEN}/getNothing", 404, "Not Found: method not found"),
        (f"/file/bot{TOKEN}/documents/none.pdf", 404, "Not Found"),
    ],
)
async def test_wrong_addresses(api: Api, path: str, status: int, description: str) -> None:
    async with api.session.get(api.base + path) as answer:
        assert answer.status == status
        assert await answer.json() == {"ok": False, "error_code": status, "description": description}


TEXT = {"chat_id": 1001, "text": "x"}


def buttons(**button: Any) -> dict[str, Any]:
    return TEXT | {"reply_markup": {"inline_keyboard": [[button]]}}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 5, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": 1001}, "Bad Request: message text is empty"),
        ({"chat_id": 1001, "text": " \n"}, "Bad Request: text must be non-empty"),
        ({"chat_id": 1001, "text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
        ({"chat_id": 1001, "text": "x" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": 1001, "text": "\ud83d"}, "Bad Request: strings must be encoded in UTF-8"),
        (
            TEXT | {"reply_parameters": {"message_id": 999}},
            "Bad Request: message to be replied not found",
        ),
        (buttons(text="a", callback_data="ø" * 33), "Bad Request: BUTTON_DATA_INVALID"),
        (buttons(text="a", callback_data=""), "Bad Request: BUTTON_DATA_INVALID"),
        (buttons(text="a"), "Bad Request: text buttons are unallowed in the inline keyboard"),
        (
            buttons(text="a", url="nowhere"),
            "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (buttons(text=" ", callback_data="a"), "Bad Request: inline keyboard button text must be non-empty"),
        (
            buttons(callback_data="a"),
            'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (
            buttons(text="a", callback_data="a", url="https://a.no/"),
            "Bad Request: text buttons are unallowed in the inline keyboard",
        ),
        (TEXT | {"reply_markup": inline(*["x"] * 101)}, "Bad Request: REPLY_MARKUP_TOO_LONG"),
        (TEXT | {"reply_markup": {"keyboard": [[""]]}}, "Bad Request: keyboard button text must be non-empty"),
        (TEXT | {"reply_markup": {"keyboard": "A"}}, "Bad Request: can't parse reply keyboard markup JSON object"),
        (TEXT | {"reply_parameters": [1]}, "Bad Request: object expected as reply parameters"),
        (TEXT | {"reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        (TEXT | {"reply_markup": {"nothing": 1}}, "Bad Request: object expected as reply markup"),
        (
            TEXT | {"text": "<b>", "parse_mode": "HTML"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ],
)
async def test_send_message_refuses(sim: Simulator, api: Api, params: dict[str, Any], description: str) -> None:
    assert await api.refused("sendMessage", **params) == description
    assert not [m for m in sim.phone(1001).messages if m.from_bot]


async def test_the_length_counts_after_the_tags_are_gone(api: Api) -> None:
    await api.ok("sendMessage", chat_id=1001, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    await api.ok("sendMessage", chat_id=1001, text="👋" * 4096)


async def test_callback_data_may_have_64_bytes(api: Api) -> None:
    await api.ok("sendMessage", **buttons(text="a", callback_data="ø" * 32))


async def test_a_missing_reply_may_be_allowed_to_miss(api: Api) -> None:
    reply = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await api.ok("sendMessage", **TEXT, reply_parameters=reply)


async def test_blocked_and_never_started(sim: Simulator, api: Api) -> None:
    sim.add_person(Person(3, "Ny"))
    assert await api.refused("sendMessage", chat_id=3, text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    sent = await api.ok("sendMessage", chat_id=1001, text="x")
    await sim.phone(1001).block()
    status, answer = await api.call("sendMessage", chat_id=1001, text="x")
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert await api.refused("editMessageText", chat_id=1001, message_id=sent["message_id"], text="y") == (
        "Forbidden: bot was blocked by the user"
    )
    await sim.phone(1001).unblock()
    await api.ok("sendMessage", chat_id=1001, text="x")


async def test_an_edit_changes_text_and_takes_buttons_away(sim: Simulator, api: Api, clock: Clock) -> None:
    sent = await api.ok("sendMessage", **TEXT, reply_markup=inline("Ja"))
    clock.forward(hours=100)
    edited = await api.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="y")
    assert edited["text"] == "y"
    assert edited["edit_date"] == int(clock.now.timestamp())
    assert "reply_markup" not in edited
    assert (sim.phone(1001).last.edited, sim.phone(1001).last.buttons) == (True, [])


async def test_new_buttons_do_not_make_a_message_edited(sim: Simulator, api: Api) -> None:
    sent = await api.ok("sendMessage", **TEXT, reply_markup=inline("Ja"))
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    edited = await api.ok("editMessageReplyMarkup", **where, reply_markup=inline("Nei"))
    assert edited["reply_markup"] == inline("Nei")
    assert not sim.phone(1001).last.edited


async def test_edits_that_are_refused(sim: Simulator, api: Api) -> None:
    sent = await api.ok("sendMessage", chat_id=1001, text="<b>x</b>", parse_mode="HTML", reply_markup=inline("Ja"))
    keyboard = await api.ok("sendMessage", **TEXT, reply_markup={"keyboard": [["A"]]})
    mine = sim.phone(1001).messages[0]
    same = {"text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": inline("Ja")}

    async def edit(message_id: int, **params: Any) -> str:
        return await api.refused("editMessageText", chat_id=1001, message_id=message_id, **params)

    assert (await edit(sent["message_id"], **same)).startswith("Bad Request: message is not modified: specified new")
    assert await edit(999, text="x") == "Bad Request: message to edit not found"
    assert await edit(0, text="x") == "Bad Request: message identifier is not specified"
    assert await edit(mine.id, text="x") == "Bad Request: message can't be edited"
    assert await edit(keyboard["message_id"], text="y") == "Bad Request: message can't be edited"
    assert await edit(sent["message_id"], text="y", reply_markup={"keyboard": [["A"]]}) == (
        "Bad Request: inline keyboard expected"
    )
    # Only the bold has gone: that is a change.
    await api.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="x", reply_markup=inline("Ja"))


async def test_deleting_within_48_hours(sim: Simulator, api: Api, clock: Clock) -> None:
    first = await api.ok("sendMessage", **TEXT)
    second = await api.ok("sendMessage", **TEXT)
    third = await api.ok("sendMessage", **TEXT)
    clock.forward(hours=47, minutes=59)
    await api.ok("deleteMessage", chat_id=1001, message_id=first["message_id"])
    ids = [first["message_id"], second["message_id"]]
    await api.ok("deleteMessages", chat_id=1001, message_ids=ids)
    assert await api.refused("deleteMessage", chat_id=1001, message_id=ids[0]) == (
        "Bad Request: message to delete not found"
    )
    clock.forward(minutes=2)
    assert await api.refused("deleteMessage", chat_id=1001, message_id=third["message_id"]) == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert [m.id for m in sim.phone(1001).messages if m.from_bot] == [third["message_id"]]


async def test_reply_keyboards_come_go_and_vanish_with_their_message(sim: Simulator, api: Api) -> None:
    async def keyboard_after(**params: Any) -> list[str] | None:
        await api.ok("sendMessage", **TEXT, **params)
        return sim.phone(1001).keyboard

    keys = {"keyboard": [["A", {"text": "B"}], ["C"]], "resize_keyboard": True}
    assert await keyboard_after(reply_markup=keys) == ["A", "B", "C"]
    assert sim.phone(1001).keyboard_rows == [["A", "B"], ["C"]]
    assert await keyboard_after() == ["A", "B", "C"], "a message without a keyboard leaves it"
    assert await keyboard_after(reply_markup={"remove_keyboard": True}) is None
    await keyboard_after(reply_markup=keys | {"one_time_keyboard": True})
    await sim.phone(1001).press("A")
    assert sim.phone(1001).keyboard is None
    await keyboard_after(reply_markup=keys)
    await api.ok("deleteMessage", chat_id=1001, message_id=sim.phone(1001).last.id)
    assert await keyboard_after() is None


async def test_force_reply_makes_the_next_message_a_reply(sim: Simulator, api: Api) -> None:
    asked = await api.ok("sendMessage", **TEXT, reply_markup={"force_reply": True})
    assert (await sim.phone(1001).send("svar")).reply_to_id == asked["message_id"]
    assert (await sim.phone(1001).send("mer")).reply_to_id is None


async def test_copies_and_forwards(sim: Simulator, api: Api) -> None:
    mine = await sim.phone(1001).send("Hei /du")
    where = {"chat_id": 1002, "from_chat_id": 1001, "message_id": mine.id}
    forwarded = await api.ok("forwardMessage", **where)
    assert forwarded["forward_origin"]["sender_user"]["id"] == 1001
    assert forwarded["text"] == "Hei /du"
    copied = await api.ok("copyMessage", **where)
    assert list(copied) == ["message_id"]
    assert sim.phone(1002).last.text == "Hei /du"
    assert sim.phone(1002).last.entities == mine.entities
    assert await api.refused("copyMessage", **where | {"message_id": 99}) == "Bad Request: message to copy not found"


async def test_pins_and_the_chat(api: Api) -> None:
    sent = await api.ok("sendMessage", **TEXT)
    await api.ok("pinChatMessage", chat_id=1001, message_id=sent["message_id"])
    chat = await api.ok("getChat", chat_id=1001)
    assert (chat["type"], chat["pinned_message"]["message_id"]) == ("private", sent["message_id"])
    await api.ok("unpinChatMessage", chat_id=1001)
    assert "pinned_message" not in await api.ok("getChat", chat_id=1001)
    assert await api.refused("getChat", chat_id=5) == "Bad Request: chat not found"


async def test_what_the_bot_says_about_itself(api: Api) -> None:
    await api.ok("setMyName", name="Skulebod", language_code="nn")
    assert await api.ok("getMyName", language_code="nn") == {"name": "Skulebod"}
    assert await api.ok("getMyName") == {"name": "Skolebud"}
    await api.ok("setMyDescription", description="Hei")
    assert await api.ok("getMyDescription", language_code="pl") == {"description": "Hei"}
    await api.ok("setMyShortDescription", short_description="Kort")
    assert await api.ok("getMyShortDescription") == {"short_description": "Kort"}
    assert await api.ok("getChatMenuButton") == {"type": "commands"}
    button = {"type": "web_app", "text": "Åpne", "web_app": {"url": "https://skole.example/"}}
    await api.ok("setChatMenuButton", chat_id=1001, menu_button=button)
    assert await api.ok("getChatMenuButton", chat_id=1001) == button
    assert await api.ok("getChatMenuButton", chat_id=1002) == {"type": "default"}
    assert await api.ok("logOut") is True
    assert await api.ok("close") is True


async def test_the_log_and_the_counters_tell_every_call(sim: Simulator, api: Api) -> None:
    await api.ok("sendMessage", **TEXT)
    await api.refused("sendMessage", chat_id=5, text="x")
    good, bad = sim.log
    assert (good.method, good.status, good.chat_id, good.params["text"]) == ("sendMessage", 200, 1001, "x")
    assert good.result["text"] == "x"
    assert (bad.status, bad.error, bad.chat_id) == (400, "Bad Request: chat not found", 5)
    assert bad.at >= good.at
    assert sim.counters == {("sendMessage", 200): 1, ("sendMessage", 400): 1}
    sim.clear_log()
    assert (sim.log, sim.counters) == ([], {})


@pytest.mark.parametrize("header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_web_pages_cannot_be_bots(api: Api, header: dict[str, str]) -> None:
    async with api.session.post(f"{api.base}/bot{TOKEN}/getMe", headers=header) as answer:
        assert answer.status == 403


async def test_entities_may_be_given_instead_of_html(api: Api) -> None:
    given = [
        {"type": "bold", "offset": 2, "length": 100},
        {"type": "url", "offset": 0, "length": 2},
        {"type": "italic", "offset": 0, "length": 0},
    ]
    sent = await api.ok("sendMessage", chat_id=1001, text=" 👋 hei /hjelp", entities=given)
    assert sent["entities"] == [
        {"type": "bold", "offset": 1, "length": 12},
        {"type": "bot_command", "offset": 7, "length": 6},
    ]
    wrong: Any
    for wrong in ([1], [{"type": "bold"}], [{"type": "bold", "offset": "0", "length": 1}], {}):
        assert "can't parse MessageEntity" in await api.refused("sendMessage", **TEXT, entities=wrong)


async def test_two_bots_cannot_be_confused(sim: Simulator, session: aiohttp.ClientSession) -> None:
    with pytest.raises(ValueError, match="token"):
        Simulator(token="no token")
    assert sim.base_url.startswith("http://127.0.0.1:")
