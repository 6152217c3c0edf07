"""What a teacher can do with a message on the page, and what the homes then see."""

from __future__ import annotations

import struct
import zlib
from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.i18n import texts
from tests.browser.conftest import Opener
from tests.browser.story import compose_message, send_message

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def _png(width: int, height: int) -> bytes:
    """Return a green picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = (b"\0" + bytes((34, 120, 80)) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


async def test_teacher_takes_a_message_back_and_sends_it_after_all(open_page: Opener) -> None:
    async with open_page(undo_seconds=300) as visitor:
        kari, ingrid = visitor.person("Kari Nordmann"), visitor.person("Ingrid Berg")
        await send_message(kari, "Husk gymtøy!")
        await kari.tap(kari.say("Take it back"))
        await expect(kari.node.locator(".toast").last).to_have_text(kari.say("Taken back. Nothing was sent."))
        await visitor.move_clock("+15 minutes")
        await kari.tap(kari.say("Send now"))
        await kari.button(kari.say("Take it back")).wait_for()
        await ingrid.sees_not("Husk gymtøy!")
        await visitor.move_clock("+15 minutes")
        await ingrid.sees("Husk gymtøy!")
        await expect(ingrid.theirs.filter(has_text="Husk gymtøy!")).to_have_count(1)


async def test_message_for_tomorrow_arrives_when_the_clock_is_moved_there(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, piotr = visitor.person("Kari Nordmann"), visitor.person("Piotr Kowalski")
        await compose_message(kari, "Ta med sekk.")
        await kari.tap(kari.say("Send later"))
        tomorrow = visitor.stage.local_now().date() + timedelta(days=1)
        await kari.tap(f"{texts('nb').short_day(tomorrow)} 07:00")
        await kari.button(kari.say("Take it back")).wait_for()
        await visitor.move_clock("+1 hour")
        await piotr.sees_not("Ta med sekk.")
        await visitor.move_clock("Tomorrow 07:00")
        await piotr.sees("Ta med sekk.")
        await expect(visitor.page.locator(".clock-time")).to_contain_text("07:00")


async def test_photo_goes_with_a_message_and_opens_at_a_home(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, ingrid = visitor.person("Kari Nordmann"), visitor.person("Ingrid Berg")
        await compose_message(kari, "Slik ser kartet ut.")
        await kari.node.locator("input[type=file]").set_input_files(
            {"name": "kart.png", "mimeType": "image/png", "buffer": _png(320, 200)}
        )
        await kari.node.get_by_role("button", name="Send as photo").click()
        await expect(kari.theirs.last).to_contain_text(
            str(kari.tr.ngettext("📎 {n} file goes with it.", "📎 {n} files go with it.", 1))
        )
        await kari.tap(kari.say("Send now"))
        await ingrid.sees("Slik ser kartet ut.")
        await ingrid.node.locator(".theirs .photo").last.click()
        picture = visitor.page.locator("dialog.lightbox img")
        await expect(picture).to_be_visible()
        await expect(picture).to_have_js_property("naturalWidth", 320)
        await visitor.page.keyboard.press("Escape")
        await expect(picture).to_have_count(0)


async def test_home_that_blocked_the_bot_is_shown_as_not_reached_until_it_comes_back(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
        await amina.node.get_by_role("button", name="Phone menu").click()
        await amina.node.get_by_role("menuitem", name="Block bot").click()
        back = amina.node.locator(".big-unblock")
        await back.wait_for()
        await send_message(kari, "I morgen er det tur.")
        await kari.button(kari.say("Who has answered")).wait_for()
        await kari.tap(kari.say("Who has answered"))
        await kari.sees("⚠️ Amina Haddad")
        await amina.sees_not("I morgen er det tur.")

        await back.click()
        await expect(amina.node.locator("textarea[name=text]")).to_be_visible()
        await send_message(kari, "Turen er klokka ti.")
        await amina.sees("Turen er klokka ti.")
