"""Amina writes, Kari reads and answers, Yusuf the interpreter corrects, Amina sees the correction: on the page.

With a translation engine, without one, and with one that fails in the middle.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cli.demo.conversation import (
    CALM_DOWN,
    CLUMSY,
    CORRECTED,
    FORGOTTEN,
    FORGOTTEN_NB,
    GLAD,
    MACHINE,
    MORE_HELP,
    ON_ITS_WAY,
    RIGHT,
    TRANSLATED,
    mark,
)
from bot.i18n import texts
from tests.browser.conftest import Opener
from tests.browser.story import let_yusuf_follow, reply_home, write_anew, write_to_school
from tests.browser.visit import OnScreen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NARROW = (390, 844)
FORGOTTEN_WHOLE = f"Ali {' '.join(FORGOTTEN_NB)}"
MENU = "Translation engine"


async def reads(phone: OnScreen, words: str, sentence: str, written_in: str) -> None:
    """Hold that somebody reads words with their mark in one message."""
    language = "ar" if written_in == "nb" else "nb"
    await expect(phone.bubble(words)).to_contain_text(mark(texts(language), sentence, written_in))


async def test_with_an_engine_and_the_guide_goes_along(open_page: Opener, tmp_path: Path) -> None:
    async with open_page() as visitor:
        kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
        await write_to_school(amina, FORGOTTEN)
        await reads(kari, FORGOTTEN_NB[1], MACHINE, "ar")
        await reply_home(kari, FORGOTTEN_NB[1], CALM_DOWN)
        await reads(amina, CLUMSY, MACHINE, "nb")
        yusuf = await let_yusuf_follow(visitor, amina)
        await expect(yusuf.bubble(CALM_DOWN)).to_contain_text(CLUMSY)
        await write_anew(yusuf, CALM_DOWN, RIGHT)
        await reads(amina, RIGHT, CORRECTED, "nb")
        await amina.sees_not(CLUMSY)
        guide = visitor.page.locator(".guide")
        for title in ("Write to each other", "An interpreter follows"):
            await expect(guide.locator(".done").filter(has_text=title)).to_have_count(1)
        await visitor.take_picture(tmp_path / "threads.png")


async def test_without_an_engine(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
        await visitor.turn_engine("none")
        await write_to_school(amina, FORGOTTEN)
        await kari.sees(FORGOTTEN)
        yusuf = await let_yusuf_follow(visitor, amina)
        await write_anew(yusuf, FORGOTTEN, FORGOTTEN_WHOLE)
        await reads(kari, FORGOTTEN_NB[1], TRANSLATED, "ar")
        await reply_home(kari, FORGOTTEN_NB[1], CALM_DOWN)
        await reads(amina, CALM_DOWN, ON_ITS_WAY, "nb")
        await write_anew(yusuf, CALM_DOWN, RIGHT)
        await reads(amina, RIGHT, TRANSLATED, "nb")


@pytest.mark.parametrize("trouble", ["fails", "never answers"])
async def test_with_one_that_stops_in_the_middle_and_comes_back(open_page: Opener, trouble: str) -> None:
    async with open_page() as visitor:
        kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
        await write_to_school(amina, FORGOTTEN)
        await reads(kari, FORGOTTEN_NB[1], MACHINE, "ar")
        await visitor.turn_engine(trouble)
        await reply_home(kari, FORGOTTEN_NB[1], CALM_DOWN)
        await reads(amina, CALM_DOWN, ON_ITS_WAY, "nb")
        yusuf = await let_yusuf_follow(visitor, amina)
        await write_anew(yusuf, CALM_DOWN, RIGHT)
        await reads(amina, RIGHT, TRANSLATED, "nb")
        await write_to_school(amina, GLAD)
        await reads(kari, GLAD, ON_ITS_WAY, "ar")
        await visitor.turn_engine("works")
        await visitor.move_clock("+15 minutes")
        await reads(kari, "med ham hjemme", MACHINE, "ar")
        await reply_home(kari, "med ham hjemme", MORE_HELP)
        await reads(amina, "أخبرونا", MACHINE, "nb")
        await reads(amina, RIGHT, TRANSLATED, "nb")


async def test_every_page_shows_where_the_engine_stands_and_a_reload_too(open_page: Opener) -> None:
    async with open_page() as visitor:
        page = visitor.page
        menu = page.get_by_role("combobox", name=MENU)
        await expect(menu.locator("option")).to_have_text(["works", "fails", "never answers", "none"])
        await expect(menu).to_have_value("works")
        other = await page.context.new_page()
        await other.goto(visitor.stage.address)
        await expect(other.get_by_role("combobox", name=MENU)).to_have_value("works")
        await visitor.turn_engine("never answers")
        await expect(other.get_by_role("combobox", name=MENU)).to_have_value("hangs")
        await page.reload()
        await expect(page.get_by_role("combobox", name=MENU)).to_have_value("hangs")
        await other.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_menu_fits_a_small_screen_and_can_be_used_there(
    open_page: Opener, tmp_path: Path, theme: str
) -> None:
    async with open_page(size=NARROW, finger=True, theme=theme) as visitor:
        box = await visitor.page.locator(".switch").bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= NARROW[0] - box["width"]
        assert min(box["width"], box["height"]) >= 36
        assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
        await visitor.turn_engine("fails")
        await expect(visitor.page.get_by_role("combobox", name=MENU)).to_have_value("fails")
        await visitor.take_picture(tmp_path / f"narrow-{theme}.png")
