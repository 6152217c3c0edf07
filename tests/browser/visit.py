"""A visitor in front of the demo's page, in a real Chromium: what they tap, write and see on each phone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, async_playwright, expect

from bot.cli.demo.stage import Stage
from bot.i18n import texts

PATIENCE = 30_000
"""Milliseconds until a visitor gives up waiting."""
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = (1600, 1000)

CAST = {"Kari Nordmann": "nb", "Piotr Kowalski": "pl", "Amina Haddad": "ar", "Ingrid Berg": "nb"}


def find_chromium() -> str | None:
    """Return the Chromium to test with: the one named in the environment, else one on the path."""
    named = os.environ.get("SKOLEBUD_TEST_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class OnScreen:
    """One phone on the page."""

    def __init__(self, page: Page, person_id: int, language: str) -> None:
        self.page = page
        self.id = person_id
        self.tr = texts(language).plain
        self.node = page.locator(f'.phone[data-person="{person_id}"]')
        self.messages = self.node.locator("[data-message]")
        self.theirs = self.node.locator(".message.theirs")

    def say(self, sentence: str, **fields: object) -> str:
        """Return a sentence as this person reads it."""
        return str(self.tr.gettext(sentence, **fields))

    def bubble(self, text: str) -> Locator:
        """Return the newest message of the bot that holds `text`."""
        return self.theirs.filter(has_text=text).last

    def button(self, label: str) -> Locator:
        """Return the newest inline button with `label` in its text."""
        return self.node.locator(".buttons button").filter(has_text=label).last

    async def ready(self) -> None:
        """Wait until the chat is there."""
        await expect(self.node).to_have_class(re.compile(r"\bready\b"))

    async def tap(self, label: str) -> None:
        """Tap the newest inline button with `label` in its text, and wait until the bot has answered."""
        await self.button(label).click()
        await expect(self.node.locator(".buttons button.pending")).to_have_count(0)

    async def key(self, label: str) -> None:
        """Tap a key of the reply keyboard."""
        await self.node.locator(".reply-keyboard button").filter(has_text=label).click()

    async def write(self, text: str) -> None:
        """Type and send."""
        await self.node.locator("textarea[name=text]").fill(text)
        await self.node.locator(".send-button").click()
        await expect(self.node.locator(".message.mine").filter(has_text=text).last).to_be_visible()

    async def sees(self, text: str) -> None:
        """Wait until the bot's newest message with `text` is in view."""
        await expect(self.bubble(text)).to_be_in_viewport()

    async def sees_not(self, text: str) -> None:
        """Hold that no message of the bot has `text` now."""
        await expect(self.theirs.filter(has_text=text)).to_have_count(0)


class Visit:
    """The page, and everything it did that a page on one's own machine must not do."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage = stage
        self.page = page
        self.complaints: list[str] = []
        self.strayed: list[str] = []

    def person(self, name: str) -> OnScreen:
        """Return somebody's phone, by name."""
        phone = self.stage.phone(name)
        return OnScreen(self.page, phone.person.id, CAST.get(name) or phone.person.language_code or "nb")

    async def open(self, query: str = "") -> None:
        """Open the page and wait for its phones."""
        await self.page.goto(f"{self.stage.address}{query}")
        await expect(self.page.locator(".phone.ready").first).to_be_visible()

    async def switch(self, name: str, to: str) -> OnScreen:
        """Make somebody's phone another person's."""
        shown = self.person(name)
        await shown.node.locator(".owner").click()
        await shown.node.locator(".search").fill(to)
        other = self.person(to)
        await shown.node.locator(f'[data-choose="{other.id}"]').click()
        await other.ready()
        return other

    async def move_clock(self, choice: str) -> None:
        """Move the school's clock by one of the choices."""
        await self.page.locator("button.clock").click()
        await self.page.locator(".clock-panel .choice").filter(has_text=choice).click()
        await expect(self.page.locator(".clock-panel")).to_be_hidden()

    async def turn_engine(self, label: str) -> None:
        """Bring the demo's translation engine to another position by the menu on the page."""
        menu = self.page.get_by_role("combobox", name="Translation engine")
        await menu.select_option(label=label)
        await expect(self.page.locator(".switch.busy")).to_have_count(0)

    async def take_picture(self, path: Path) -> None:
        """Draw the page as it is, when nothing moves any more."""
        await self.page.evaluate("Promise.all(document.getAnimations().map(each => each.finished.catch(() => 0)))")
        await self.page.screenshot(path=path)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a Chromium."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visit(
    browser: Browser, stage: Stage, *, size: tuple[int, int] = WIDE, theme: str = "light", finger: bool = False
) -> AsyncIterator[Visit]:
    """Let one visitor, who has never been there before, come to the running stage."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=finger,
        reduced_motion="reduce",
        locale="en-GB",
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield await _watched(stage, context)
    finally:
        await context.close()


async def _watched(stage: Stage, context: BrowserContext) -> Visit:
    page = await context.new_page()
    visitor = Visit(stage, page)

    async def hold(route: Route) -> None:
        if route.request.url.startswith((stage.address, "blob:", "data:")):
            await route.continue_()
        else:
            visitor.strayed.append(route.request.url)
            await route.abort()

    await context.route("**/*", hold)
    page.on("console", lambda said: visitor.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    return visitor
