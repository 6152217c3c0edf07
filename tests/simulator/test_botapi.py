"""Every method's answer and every update has the shape that the Bot API's own list says."""

from __future__ import annotations

import os

import aiohttp
import pytest

from bot.simulator.files import Upload
from bot.simulator.methods import METHODS
from tests.simulator.botapi import VARIABLE, Validator, make_validator, needs_bot_api
from tests.simulator.conftest import PNG, Api, StartSimulator, inline

pytestmark = [pytest.mark.botapi, needs_bot_api]


@pytest.fixture
def validator() -> Validator:
    return make_validator(os.environ[VARIABLE])


async def test_all_results_and_updates_fit_the_list(
    start_simulator: StartSimulator, session: aiohttp.ClientSession, validator: Validator
) -> None:
    sim = await start_simulator(validator=validator)
    api, phone = Api(sim.base_url, session), sim.phone(1001)
    chat = {"chat_id": 1001}
    html = (
        '<b>a</b> <pre><code class="language-py">b</code></pre> <a href="tg://user?id=1002">c</a> /d @elev http://e.no'
    )
    sent = await api.ok("sendMessage", **chat, text=html, parse_mode="HTML", reply_markup=inline("Ja"))
    where = {**chat, "message_id": sent["message_id"]}
    await api.ok("sendMessage", **chat, text="x", reply_parameters={"message_id": sent["message_id"]})
    await api.ok("sendMessage", **chat, text="x", reply_markup={"keyboard": [[{"text": "A"}]]})
    await api.form("sendMessage", **chat, text="5", reply_markup={"remove_keyboard": True}, disable_notification=True)
    await api.ok("editMessageText", **where, text="y", reply_markup=inline("Nei"))
    await api.ok("editMessageReplyMarkup", **where)
    _, photo = await api.upload(
        "sendPhoto", "photo", PNG, "a.png", chat_id="1001", caption="<i>a</i>", parse_mode="HTML"
    )
    picture = {**chat, "message_id": photo["result"]["message_id"]}
    await api.ok("editMessageCaption", **picture, caption="b")
    _, document = await api.upload("sendDocument", "document", b"x", "a.pdf", chat_id="1001")
    file_id = document["result"]["document"]["file_id"]
    await api.ok("sendMediaGroup", **chat, media=[{"type": "document", "media": file_id}] * 2)
    media = '{"type": "document", "media": "attach://f"}'
    fields = {"chat_id": "1001", "message_id": str(picture["message_id"]), "media": media}
    await api.upload("editMessageMedia", "f", b"y", "b.pdf", **fields)
    await api.ok("getFile", file_id=file_id)
    await api.ok("forwardMessage", chat_id=1002, from_chat_id=1001, message_id=sent["message_id"])
    await api.ok("copyMessage", chat_id=1002, from_chat_id=1001, message_id=sent["message_id"])
    await api.ok("pinChatMessage", **where)
    await api.ok("getChat", **chat)
    await api.ok("unpinChatMessage", **where)
    await api.ok("unpinAllChatMessages", **chat)
    await api.ok("sendChatAction", **chat, action="typing")
    commands = [{"command": "a", "description": "A"}]
    await api.ok("setMyCommands", commands=commands, scope={"type": "chat", "chat_id": 1001}, language_code="pl")
    await api.ok("getMyCommands", scope={"type": "chat", "chat_id": 1001}, language_code="pl")
    await api.ok("deleteMyCommands")
    await api.ok("setMyCommands", commands=commands)
    for name, value in (("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")):
        await api.ok(f"setMy{name}", **{value: "x"})
        await api.ok(f"getMy{name}")
    await api.ok("setChatMenuButton", menu_button={"type": "commands"})
    await api.ok("getChatMenuButton")

    mine = await phone.send("/start hei @elev 👋", reply_to=sent["message_id"])
    await phone.edit(mine, "nei")
    await phone.send_photo(PNG, "a.png", caption="a")
    await phone.send_document(b"x", "a.txt", "text/plain")
    await phone.send_sticker()
    await phone.send_voice()
    await phone.send_location()
    await api.ok("sendMessage", **chat, text="x", reply_markup={"keyboard": [[{"text": "A", "request_contact": True}]]})
    await phone.press("A")
    await phone.tap_data("x", sent["message_id"], timeout=0.01)
    await phone.tap_data("x", 999, timeout=0.01)
    await phone.block()
    await phone.unblock()
    updates = await api.ok("getUpdates", allowed_updates=["message", "callback_query"], timeout=0)
    query = next(u["callback_query"] for u in updates if "callback_query" in u)
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="x", show_alert=False)
    for update in updates:
        validator.update(update)
    await api.ok("setWebhook", url="http://127.0.0.1:9/", secret_token="x", drop_pending_updates=True)
    await api.ok("getWebhookInfo")
    await api.ok("deleteWebhook")
    await api.ok("deleteMessage", **where)
    await api.ok("deleteMessages", **chat, message_ids=[picture["message_id"]])
    for name in ("getMe", "logOut", "close"):
        await api.ok(name)
    validator.check()
    assert {call.method for call in sim.log} == {method.name for method in METHODS.values()}


@pytest.mark.parametrize(
    ("method", "params", "result", "problem"),
    [
        ("sendNothing", {}, None, "sendNothing: no such method"),
        ("sendMessage", {"text": "x"}, None, "sendMessage: chat_id is missing"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": 1}, None, "sendMessage: colour is no field"),
        ("sendMessage", {"chat_id": 1, "text": 5}, None, "sendMessage.text: 5 is no String"),
        ("getUpdates", {"limit": "many"}, None, "getUpdates.limit: 'many' is no Integer"),
        (
            "sendMessage",
            {"chat_id": "1", "text": "x", "reply_markup": '{"inline_keyboard": [[{"callback_data": "x"}]]}'},
            None,
            "InlineKeyboardButton): text is missing",
        ),
        ("getMe", {}, {"id": 1, "is_bot": True}, "getMe → (User): first_name is missing"),
        ("getMe", {}, {"id": 1, "is_bot": 1, "first_name": "x"}, "getMe → (User).is_bot: 1 is no Boolean"),
        ("getMyCommands", {}, {}, "getMyCommands →: {} is no list"),
    ],
)
async def test_what_does_not_fit_is_found(
    validator: Validator, method: str, params: dict[str, object], result: object, problem: str
) -> None:
    validator(method, params, result)
    assert any(problem in found for found in validator.problems), validator.problems
    with pytest.raises(AssertionError):
        validator.check()


async def test_forms_and_files_fit_as_they_come(validator: Validator) -> None:
    upload = Upload(b"x", "a.pdf", "application/pdf")
    validator("sendDocument", {"chat_id": "1", "document": upload, "disable_notification": "True"}, None)
    validator("sendDocument", {"chat_id": "1", "document": "attach://abc", "abc": upload}, None)
    media = '[{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b"}]'
    validator("sendMediaGroup", {"chat_id": 1, "media": media, "a": upload, "b": upload}, None)
    validator("setWebhook", {"url": "https://a.no/", "allowed_updates": '["message"]', "max_connections": "4"}, True)
    validator.check()
