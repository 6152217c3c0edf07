"""Being somebody else: another phone, the school's letter, the way in."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.i18n import commands
from tests.browser.conftest import Opener
from tests.browser.visit import CAST

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BORN = "the date of birth is "


async def test_new_guardian_comes_in_by_the_letter_on_the_page(open_page: Opener) -> None:
    async with open_page() as visitor:
        james = await visitor.switch("Ingrid Berg", "James Miller")
        letter = james.node.locator(".letter-card .paper")
        await expect(letter).to_contain_text("James Miller")
        birthday = (await letter.inner_text()).partition(BORN)[2].strip(" )")

        await james.node.get_by_role("button", name="Open the link in the letter").click()
        await james.sees("31.05.2016")  # how to write the child's date of birth
        await james.write(birthday)
        await james.tap("English")
        await james.sees("Home and school: what we expect of each other")
        await expect(james.node.locator(".reply-keyboard")).to_contain_text(commands("en")["write"].word)
        await expect(letter).to_have_count(0)

        # the choice of phones is in the address, so that a reload shows the same four
        await visitor.page.reload()
        await james.sees("Home and school: what we expect of each other")
        shown = visitor.page.locator(".phone")
        await expect(shown).to_have_count(len(CAST))


async def test_letter_is_printed_in_the_homes_language_and_direction(open_page: Opener) -> None:
    async with open_page() as visitor:
        samir = await visitor.switch("Amina Haddad", "Samir Khoury")
        paper = samir.node.locator(".paper")
        await expect(paper).to_have_attribute("dir", "auto")
        assert await paper.evaluate("node => getComputedStyle(node).direction") == "rtl"
        assert any("\u0600" <= letter <= "\u06ff" for letter in await paper.inner_text())


async def test_two_phones_swap_when_one_takes_the_others_person(open_page: Opener) -> None:
    async with open_page() as visitor:
        await visitor.switch("Kari Nordmann", "Ingrid Berg")
        order = await visitor.page.locator(".phone").evaluate_all("nodes => nodes.map(each => +each.dataset.person)")
        names = ("Ingrid Berg", "Piotr Kowalski", "Amina Haddad", "Kari Nordmann")
        assert order == [visitor.person(name).id for name in names]


async def test_command_menu_speaks_the_persons_language_and_works(open_page: Opener) -> None:
    async with open_page() as visitor:
        for name, language in CAST.items():
            phone = visitor.person(name)
            await phone.node.locator(".command-button").click()
            menu = phone.node.locator(".command")
            await expect(menu.filter(has_text="/menu")).to_contain_text(commands(language)["menu"].description)
            await visitor.page.keyboard.press("Escape")
            await expect(menu.first).to_be_hidden()
        kari = visitor.person("Kari Nordmann")
        await kari.node.locator(".command-button").click()
        await kari.node.locator(".command").filter(has_text="/sent").click()
        await kari.sees(kari.say("You have not sent anything yet."))
