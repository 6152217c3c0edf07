"""Absence on the page: a home says it in its own words, a teacher marks who is missing."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from bot.actions.absence.inquiries_texts import question_text
from bot.domain.people import Relation
from tests.browser.conftest import Opener
from tests.browser.story import ILL_TODAY, answer_all, compose_outdoor_day, day_list, mark_missing, report_ill
from tests.browser.visit import OnScreen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NARROW = (390, 844)
ZOFIA = "Zofia Kowalska"


async def _side(bubble: Locator, phone: OnScreen) -> str:
    """Return the side of the chat to which a message leans."""
    box, chat = await bubble.bounding_box(), await phone.node.locator(".chat").bounding_box()
    assert box is not None
    assert chat is not None
    left, right = box["x"] - chat["x"], chat["x"] + chat["width"] - box["x"] - box["width"]
    return "left" if left < right else "right"


def _told(kari: OnScreen, name: str) -> str:
    """Return the line of the list about a pupil whose home has reported an illness."""
    known = kari.say("{what}, told by the home", what=kari.say("illness"))
    return kari.say("• {name}: {what}", name=name, what=known)


async def test_arabic_sentence_is_understood_and_the_teachers_list_follows(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
        await expect(day_list(kari)).not_to_contain_text("Ali Haddad")
        lists = await kari.theirs.filter(has_text="📋").count()

        await amina.write(ILL_TODAY)
        proposal = amina.bubble(amina.say("Shall I report this?"))
        await expect(proposal).to_contain_text("Ali Haddad")
        await expect(proposal.locator(".reply-quote")).to_contain_text(ILL_TODAY)
        words = amina.node.locator(".message.mine").filter(has_text=ILL_TODAY).last.locator(".text")
        assert await words.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
        assert await _side(words, amina) == "left"
        assert await _side(proposal.locator(".text"), amina) == "right"
        await expect(day_list(kari)).not_to_contain_text("Ali Haddad")

        await amina.tap(f"✅ {amina.say('Yes, report it')}")
        await amina.sees(amina.say("✅ Reported:"))
        await expect(day_list(kari)).to_contain_text(_told(kari, "Ali Haddad"))
        await expect(kari.theirs.filter(has_text="📋")).to_have_count(lists)
        await kari.sees(_told(kari, "Ali Haddad"))


async def test_guide_leads_through_absence(open_page: Opener) -> None:
    async with open_page() as visitor:
        kari, piotr, ingrid = (visitor.person(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Ingrid Berg"))
        guide = visitor.page.locator(".guide")

        async def on_step(title: str) -> None:
            await expect(guide.locator("[aria-current=step] .guide-title")).to_have_text(title)

        await compose_outdoor_day(visitor, kari)
        await kari.tap(kari.say("Send now"))
        await answer_all(visitor)
        await on_step("A child is ill")
        await expect(guide.locator(".guide-key").filter(has_text=ILL_TODAY)).to_be_visible()
        await report_ill(ingrid, "Noah er syk i dag")
        await on_step("Who is missing?")
        await mark_missing(kari, ZOFIA)
        await expect(day_list(kari)).to_be_in_viewport()
        await on_step("Nobody answers")
        question = str(question_text(piotr.tr, ZOFIA, Relation.FATHER))
        await piotr.sees_not(question)
        await visitor.move_clock("+15 minutes")
        await piotr.sees(question)
        await on_step("Conferences")
        await piotr.tap(f"🏃 {piotr.say('On the way')}")
        await expect(day_list(kari)).to_contain_text(ZOFIA)
        await expect(day_list(kari)).to_contain_text(kari.say("{what}, told by the home", what="").strip(" ,"))


async def test_class_with_many_names_can_be_marked_on_a_small_phone(open_page: Opener) -> None:
    async with open_page(size=NARROW, finger=True) as visitor:
        kari = visitor.person("Kari Nordmann")
        await kari.tap(kari.say("Someone is missing"))
        names = day_list(kari).locator(".buttons button")
        await expect(names.filter(has_text=ZOFIA)).to_be_visible()
        cut = await names.evaluate_all(
            "nodes => nodes.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"
        )
        assert cut == []
        small = await names.evaluate_all("nodes => nodes.filter(each => each.offsetHeight < 36).length")
        assert small == 0
