"""Two independent client libraries take the simulator for Telegram."""

from __future__ import annotations

import asyncio

import aiogram
import aiogram.types
import pytest
import telegram
import telegram.error
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter

from bot.simulator import Simulator
from tests.simulator.conftest import TOKEN

BUTTON = "Ja ✅"


async def test_python_telegram_bot(sim: Simulator) -> None:
    phone = sim.phone(1001)
    bot = telegram.Bot(TOKEN, base_url=f"{sim.base_url}/bot", base_file_url=f"{sim.base_url}/file/bot")
    async with bot:
        assert bot.username == "skolebud_demo_bot"
        await bot.set_my_commands(
            [telegram.BotCommand("hjelp", "Få hjelp")],
            scope=telegram.BotCommandScopeChat(1001),
            language_code="pl",
        )
        assert phone.commands == [("hjelp", "Få hjelp")]

        rows = [[telegram.InlineKeyboardButton(BUTTON, callback_data="ja:1")]]
        sent = await bot.send_message(
            1001, "<b>Hei</b> 👋 <i>du</i>", parse_mode="HTML", reply_markup=telegram.InlineKeyboardMarkup(rows)
        )
        assert list(sent.parse_entities().values()) == ["Hei", "du"]
        keys = telegram.ReplyKeyboardMarkup([["A", "B"]], resize_keyboard=True)
        await bot.send_message(1001, "Velg", reply_markup=keys, disable_notification=True)
        assert phone.keyboard == ["A", "B"]

        tap = asyncio.create_task(phone.tap("Ja"))
        updates = await bot.get_updates(timeout=5)
        query = updates[0].callback_query
        assert query is not None
        assert query.data == "ja:1"
        assert await query.answer("Takk", show_alert=True)
        assert (await tap).text == "Takk"
        await query.edit_message_text("Ferdig")
        assert (await phone.wait_for("Ferdig")).edited
        await bot.get_updates(offset=updates[-1].update_id + 1)
        assert sim.pending_updates == 0

        document = await bot.send_document(1001, b"%PDF", filename="brev.pdf", caption="Brev")
        assert document.document is not None
        file = await bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"%PDF"
        await phone.send_document(b"svar", "svar.txt", "text/plain")
        received = (await bot.get_updates(timeout=5))[0].message
        assert received is not None
        assert received.document is not None
        assert await (await received.document.get_file()).download_as_bytearray() == b"svar"

        with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
            await sent.edit_text("Ferdig")
        sim.faults.fail_next(status=429, retry_after=3)
        with pytest.raises(telegram.error.RetryAfter):
            await bot.send_message(1001, "x")
        await phone.block()
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await bot.send_message(1001, "x")


async def test_aiogram(sim: Simulator) -> None:
    phone = sim.phone(1001)
    session = AiohttpSession(api=TelegramAPIServer.from_base(sim.base_url))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        assert (await bot.get_me()).username == "skolebud_demo_bot"
        await bot.set_my_commands(
            [aiogram.types.BotCommand(command="hjelp", description="Få hjelp")],
            scope=aiogram.types.BotCommandScopeAllPrivateChats(),
        )
        assert phone.commands == [("hjelp", "Få hjelp")]

        rows = [[aiogram.types.InlineKeyboardButton(text=BUTTON, callback_data="ja:1")]]
        sent = await bot.send_message(
            1001,
            "<b>Hei</b> 👋",
            parse_mode="HTML",
            reply_markup=aiogram.types.InlineKeyboardMarkup(inline_keyboard=rows),
            link_preview_options=aiogram.types.LinkPreviewOptions(is_disabled=True),
        )
        assert sent.html_text == "<b>Hei</b> 👋"

        tap = asyncio.create_task(phone.tap("Ja"))
        updates = await bot.get_updates(timeout=5)
        query = updates[0].callback_query
        assert query is not None
        assert isinstance(query.message, aiogram.types.Message)
        await query.answer("Takk").as_(bot)
        assert (await tap).answered
        await query.message.edit_text("Ferdig").as_(bot)
        assert phone.last.text == "Ferdig"

        upload = aiogram.types.BufferedInputFile(b"%PDF", "brev.pdf")
        document = await bot.send_document(1001, upload, caption="Brev")
        assert document.document is not None
        down = await bot.download(document.document.file_id)
        assert down is not None
        assert down.read() == b"%PDF"

        await phone.block()
        await phone.unblock()
        updates = await bot.get_updates(offset=updates[-1].update_id + 1)
        statuses = [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member]
        assert statuses == ["kicked", "member"]

        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await bot.edit_message_text("Ferdig", chat_id=1001, message_id=sent.message_id)
        sim.faults.fail_next(status=429, retry_after=3)
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.send_message(1001, "x")
        assert refusal.value.retry_after == 3
        await phone.block()
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(1001, "x")
