"""Conferences on the page: a teacher offers times, two homes book, one with an interpreter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cli.demo.stage import school_day_from
from bot.cli.demo.story_talks import ALI, FIRST, LATER, ZOFIA
from tests.browser.conftest import Opener
from tests.browser.story import book_talk, offer_conferences

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_two_homes_book_talks_and_the_teachers_board_follows(open_page: Opener, tmp_path: Path) -> None:
    async with open_page() as visitor:
        kari, amina, piotr = (visitor.person(name) for name in ("Kari Nordmann", "Amina Haddad", "Piotr Kowalski"))
        day = school_day_from(visitor.stage.local_now().date() + timedelta(days=7))
        await offer_conferences(kari, day)
        await book_talk(amina, day, FIRST, interpreter=True)
        await book_talk(piotr, day, LATER, interpreter=False)
        board = kari.theirs.filter(has_text=ALI).filter(has_text=ZOFIA).last
        await expect(board).to_contain_text(f"{LATER} {ZOFIA}")
        await expect(board).to_contain_text(f"{FIRST} {ALI}")
        await expect(board.locator(".text")).to_be_in_viewport()
        await visitor.take_picture(tmp_path / "conferences.png")
        assert visitor.complaints == []
