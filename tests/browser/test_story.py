"""The main story in a real browser: four phones side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cli.demo.conversation import MACHINE, mark
from bot.domain.notices import Item, NoticeKind
from bot.i18n import texts
from bot.i18n.words import ITEM_NAMES, KIND_NAMES
from tests.browser.conftest import Opener
from tests.browser.story import QUESTION, WORDS, answer_all, compose_outdoor_day
from tests.browser.visit import OnScreen, Visit

TRANSLATED = {
    "nb": WORDS,
    "pl": "Idziemy na wycieczkę do Tryvann. Ubierzcie się ciepło!",
    "ar": "نذهب في نزهة إلى تريفان. ارتدوا ملابس دافئة!",
}
"""What the practice engine makes of the teacher's own words."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _reads(visitor: Visit, name: str, language: str) -> OnScreen:
    """Hold that a home reads the outdoor day in its language, to the last field."""
    home, tr = visitor.person(name), texts(language)
    await home.sees(home.say(KIND_NAMES[NoticeKind.OUTDOOR]))
    notice = home.bubble(home.say(KIND_NAMES[NoticeKind.OUTDOOR]))
    for text in (
        tr.day(visitor.stage.next_school_day()),
        "08:30",
        "14:00",
        home.say(ITEM_NAMES[Item.LUNCH]),
        TRANSLATED[language],
    ):
        await expect(notice).to_contain_text(text)
    return home


async def test_teacher_writes_once_and_three_homes_read_in_three_languages_and_answer(
    open_page: Opener, tmp_path: Path
) -> None:
    async with open_page() as visitor:
        kari = visitor.person("Kari Nordmann")
        await compose_outdoor_day(visitor, kari)
        await kari.tap(kari.say("Send now"))

        piotr = await _reads(visitor, "Piotr Kowalski", "pl")
        amina = await _reads(visitor, "Amina Haddad", "ar")
        ingrid = await _reads(visitor, "Ingrid Berg", "nb")
        # the free text is Norwegian: whoever reads another language is told so, and can see the original
        for home, language in ((piotr, "pl"), (amina, "ar")):
            await home.sees(mark(texts(language), MACHINE, "nb"))
            await expect(home.button(home.say("Show as it was written"))).to_be_visible()
        await expect(ingrid.button(ingrid.say("Show as it was written"))).to_have_count(0)

        await answer_all(visitor)
        await expect(piotr.button(f"✅ {piotr.say('Understood')}")).to_be_visible()
        await expect(piotr.node.locator(".toast")).to_have_text(
            piotr.say("Thank you. The sender sees that you have understood.")
        )
        for count in (
            kari.tr.ngettext("{n} understood", "{n} understood", 1),
            kari.tr.ngettext("{n} wants to be called", "{n} want to be called", 1),
            kari.tr.ngettext("{n} has a question", "{n} have a question", 1),
        ):
            await kari.sees(str(count))
        await kari.sees(QUESTION)
        await kari.sees("Amina Haddad")
        await visitor.take_picture(tmp_path / "story.png")


async def test_arabic_phone_is_mirrored_and_its_messages_run_from_right_to_left(open_page: Opener) -> None:
    async with open_page() as visitor:
        directions = {}
        for name in ("Amina Haddad", "Piotr Kowalski"):
            phone = visitor.person(name)
            text = phone.theirs.last.locator(".text")
            directions[name] = (
                await phone.node.evaluate("node => getComputedStyle(node).direction"),
                await text.evaluate("node => getComputedStyle(node).direction"),
                await phone.node.locator(".reply-keyboard").evaluate("node => getComputedStyle(node).direction"),
            )
            bubble, chat = await text.bounding_box(), await phone.node.locator(".chat").bounding_box()
            assert bubble is not None
            assert chat is not None
            left, right = bubble["x"] - chat["x"], chat["x"] + chat["width"] - bubble["x"] - bubble["width"]
            assert (right < left) == (name == "Amina Haddad"), "the bot's bubbles lean to where the reading begins"
        assert directions == {"Amina Haddad": ("rtl",) * 3, "Piotr Kowalski": ("ltr",) * 3}


async def test_guide_ticks_off_what_the_visitor_has_done_and_stays_closed_when_closed(open_page: Opener) -> None:
    async with open_page() as visitor:
        guide = visitor.page.locator(".guide")
        await expect(guide.locator("[aria-current=step]")).to_have_attribute("data-step", "0")
        kari = visitor.person("Kari Nordmann")
        await expect(visitor.page.locator(".phone.guided")).to_have_attribute("data-person", str(kari.id))

        await compose_outdoor_day(visitor, kari)
        await expect(guide.locator(".done")).to_have_count(0)
        await kari.tap(kari.say("Send now"))
        await expect(guide.locator(".done")).to_have_count(2)
        await expect(guide.locator("[aria-current=step]")).to_have_attribute("data-step", "2")
        await answer_all(visitor)
        await expect(guide.locator("[aria-current=step]")).to_have_attribute("data-step", "3")

        await guide.get_by_role("button", name="Close the guide").click()
        await visitor.open()
        await expect(guide).to_be_hidden()
        await visitor.page.get_by_role("button", name="What to try here").click()
        await expect(guide.locator(".done")).to_have_count(3)
