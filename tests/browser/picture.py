"""Draws the README's picture: the four phones after the main story, light and dark. `make picture`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.cli.demo.stage import Stage
from tests.browser.story import QUESTION, answer_all, compose_outdoor_day
from tests.browser.visit import Visit, chromium, find_chromium, visit

IMAGES = Path(__file__).parents[2] / "docs" / "images"


async def _tell(visitor: Visit) -> None:
    await visitor.open("?guide=off")
    kari = visitor.person("Kari Nordmann")
    await compose_outdoor_day(visitor, kari)
    await kari.tap(kari.say("Send now"))
    await answer_all(visitor)
    await kari.sees(str(kari.tr.ngettext("{n} has a question", "{n} have a question", 1)))
    await kari.sees(QUESTION)


async def draw(images: Path) -> None:
    """Play the story once and take the page's picture in both themes."""
    with tempfile.TemporaryDirectory(prefix="skolebud-picture-") as place:
        stage = Stage(Path(place), undo_seconds=1)
        async with stage.running(port=0), chromium() as browser, visit(browser, stage) as visitor:
            await _tell(visitor)
            for theme, name in (("light", "phones.png"), ("dark", "phones-dark.png")):
                await visitor.open(f"?guide=off&theme={theme}")
                await visitor.person("Kari Nordmann").sees(QUESTION)
                await visitor.take_picture(images / name)


if __name__ == "__main__":
    if find_chromium() is None:
        sys.exit("There is no Chromium: install one, or set SKOLEBUD_TEST_CHROMIUM.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(IMAGES))
