"""Conferences on the page: a teacher offers times, two homes book, one with an interpreter."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cli.demo.stage import school_day_from
from bot.cli.demo.story_talks import ALI, FIRST, LAST, LATER, ZOFIA
from bot.domain.events import EventKind
from bot.i18n.event_words import EVENT_NAMES
from tests.browser.conftest import Opener
from tests.browser.visit import OnScreen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _offer(kari: OnScreen, day: date) -> None:
    await kari.write("/meetings")
    await kari.tap(kari.say("Offer conferences"))
    await kari.tap(kari.say("Choose a day"))
    await expect(kari.button("▶️")).to_be_visible()
    while not await kari.button(kari.tr.short_day(day)).count():
        await kari.tap("▶️")
    await kari.tap(kari.tr.short_day(day))
    await kari.tap(FIRST)
    until = str(kari.tr.gettext("<b>Until when?</b> From {time}.", time=time.fromisoformat(FIRST)))
    await kari.sees(until.replace("<b>", "").replace("</b>", ""))
    for label in (LAST, "📨", kari.say("Send the invitation")):
        await kari.tap(label)


async def _book(home: OnScreen, day: date, clock: str, label: str, *, without: bool) -> None:
    await home.sees(home.say(EVENT_NAMES[EventKind.CONFERENCE]))
    await home.tap(home.tr.short_day(day))
    if without:
        await home.tap(home.say("Without an interpreter"))
    await home.tap(clock)
    await home.tap(label.strip())
    await expect(home.button(home.say("Calendar file"))).to_be_visible()


async def test_two_homes_book_talks_and_the_teachers_board_follows(open_page: Opener, tmp_path: Path) -> None:
    async with open_page() as visitor:
        kari, amina, piotr = (visitor.person(name) for name in ("Kari Nordmann", "Amina Haddad", "Piotr Kowalski"))
        day = school_day_from(visitor.stage.local_now().date() + timedelta(days=7))
        await _offer(kari, day)
        await _book(amina, day, FIRST, amina.say("Book, with interpreter: {language}", language=""), without=False)
        await _book(piotr, day, LATER, piotr.say("Book, without interpreter"), without=True)
        board = kari.theirs.filter(has_text=ALI).filter(has_text=ZOFIA).last
        await expect(board).to_contain_text(f"{LATER} {ZOFIA}")
        await expect(board).to_contain_text(f"{FIRST} {ALI}")
        await expect(board.locator(".text")).to_be_in_viewport()
        await visitor.take_picture(tmp_path / "conferences.png")
        assert visitor.complaints == []
