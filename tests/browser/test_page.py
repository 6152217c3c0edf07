"""The page itself: reloads, a second start, themes, small screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener
from tests.browser.story import send_message

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NARROW = (390, 844)


async def test_reload_shows_everything_as_it_was(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, piotr = visitor.person("Kari Nordmann"), visitor.person("Piotr Kowalski")
        await send_message(kari, "Vi bader på fredag.")
        await piotr.sees("Vi bader på fredag.")
        await piotr.tap(piotr.say("Understood"))
        await kari.sees(str(kari.tr.ngettext("{n} understood", "{n} understood", 1)))
        before = [await phone.messages.all_inner_texts() for phone in (kari, piotr)]
        await visitor.page.reload()
        await kari.ready()
        await piotr.sees("Vi bader på fredag.")
        assert [await phone.messages.all_inner_texts() for phone in (kari, piotr)] == before


async def test_demo_that_was_stopped_goes_on_where_it_was(open_page: Opener, folder: Path) -> None:
    async with open_page() as visitor:
        kari, piotr = visitor.person("Kari Nordmann"), visitor.person("Piotr Kowalski")
        await send_message(kari, "Vi øver til konserten.")
        await piotr.sees("Vi øver til konserten.")
        await piotr.tap(piotr.say("Understood"))
        await kari.sees(str(kari.tr.ngettext("{n} understood", "{n} understood", 1)))
        await visitor.move_clock("+1 hour")
        stopped_at = visitor.stage.clock.now()
    async with open_page() as visitor:
        assert visitor.stage.clock.now() >= stopped_at
        kari, ingrid = visitor.person("Kari Nordmann"), visitor.person("Ingrid Berg")
        await kari.sees(str(kari.tr.ngettext("{n} understood", "{n} understood", 1)))
        await ingrid.sees("Vi øver til konserten.")
        await ingrid.tap(ingrid.say("Understood"))
        await kari.sees(str(kari.tr.ngettext("{n} understood", "{n} understood", 2)))


async def test_dark_theme_follows_the_system_and_the_toggle_is_remembered(open_page: Opener) -> None:
    async with open_page(theme="dark") as visitor:
        root, page = visitor.page.locator("html"), visitor.page
        brightness = (
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
        )
        assert await page.evaluate(brightness) < 200
        await page.get_by_role("button", name="Light theme").click()
        await expect(root).to_have_attribute("data-theme", "light")
        assert await page.evaluate(brightness) > 600
        await page.reload()
        await expect(root).to_have_attribute("data-theme", "light")
        await visitor.open("?theme=dark")
        await expect(root).to_have_attribute("data-theme", "dark")


async def test_on_a_phones_width_one_phone_fills_the_page_and_tabs_lead_to_the_others(open_page: Opener) -> None:
    async with open_page(size=NARROW, finger=True) as visitor:
        kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
        page = visitor.page
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
        await expect(kari.node).to_be_in_viewport(ratio=0.9)
        await send_message(kari, "Husk matpakke.")
        await page.locator(f'.pager [data-page="{amina.id}"]').tap()
        await expect(amina.node).to_be_in_viewport(ratio=0.9)
        await amina.sees("Husk matpakke.")
        # every button's label fits into its button
        cut = await page.locator(".buttons button, .reply-keyboard button").evaluate_all(
            "nodes => nodes.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"
        )
        assert cut == []
