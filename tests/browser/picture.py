"""Draws the README's pictures: the stories' four phones, light and dark, conferences, a conversation. `make picture`.

Another folder for the pictures, to look at them first: `python -m tests.browser.picture FOLDER`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from playwright.async_api import expect

from bot.cli.demo.conversation import CALM_DOWN, CLUMSY, FORGOTTEN, FORGOTTEN_NB, RIGHT
from bot.cli.demo.stage import ZONE, Stage, school_day_from
from bot.cli.demo.story_talks import ALI, FIRST, LATER, ZOFIA
from bot.i18n import commands
from tests.browser.story import (
    ILL_TODAY,
    answer_all,
    book_talk,
    compose_outdoor_day,
    day_list,
    let_yusuf_follow,
    offer_conferences,
    reply_home,
    report_ill,
    write_anew,
    write_to_school,
)
from tests.browser.visit import Visit, chromium, find_chromium, visit

IMAGES = Path(__file__).parents[2] / "docs" / "images"
FOUNDED = datetime(2026, 11, 23, 8, 15, tzinfo=ZONE)
"""A school Monday: the picture changes with the bot, not with the day on which it is drawn."""
SIZE = (1600, 1000)
THREE = (1180, 1060)
"""Room for three phones."""


async def _tell(visitor: Visit) -> None:
    """Kari's message is answered, two children are reported ill, and her list of the day stands below."""
    await visitor.open("?guide=off")
    kari, amina, ingrid = (visitor.person(name) for name in ("Kari Nordmann", "Amina Haddad", "Ingrid Berg"))
    await compose_outdoor_day(visitor, kari)
    await kari.tap(kari.say("Send now"))
    await answer_all(visitor)
    await kari.sees(str(kari.tr.ngettext("{n} has a question", "{n} have a question", 1)))
    await report_ill(amina, ILL_TODAY)
    await report_ill(ingrid, "Noah er syk i dag")
    lists = kari.theirs.filter(has_text="📋")
    shown = await lists.count()
    await kari.key(commands("nb")["today"].word)
    await expect(lists).to_have_count(shown + 1)
    for child in ("Ali Haddad", "Noah Berg"):
        await expect(day_list(kari)).to_contain_text(child)


async def _book(visitor: Visit) -> None:
    """Kari offers conferences; Amina books with an interpreter, Piotr without, Ingrid has not chosen yet."""
    await visitor.open("?guide=off")
    kari, amina, piotr = (visitor.person(name) for name in ("Kari Nordmann", "Amina Haddad", "Piotr Kowalski"))
    day = school_day_from(visitor.stage.local_now().date() + timedelta(days=7))
    await offer_conferences(kari, day)
    await book_talk(amina, day, FIRST, interpreter=True)
    await book_talk(piotr, day, LATER, interpreter=False)
    await expect(kari.theirs.filter(has_text=ALI).filter(has_text=ZOFIA).last).to_contain_text(f"{LATER} {ZOFIA}")


async def _write(visitor: Visit) -> None:
    """Amina and Kari write to each other, and Yusuf, who follows, has corrected a sentence."""
    await visitor.open("?guide=off")
    kari, amina = visitor.person("Kari Nordmann"), visitor.person("Amina Haddad")
    await write_to_school(amina, FORGOTTEN)
    await kari.sees(FORGOTTEN_NB[1])
    yusuf = await let_yusuf_follow(visitor, amina)
    await reply_home(kari, FORGOTTEN_NB[1], CALM_DOWN)
    await amina.sees(CLUMSY)
    await write_anew(yusuf, CALM_DOWN, RIGHT)
    await amina.sees(RIGHT)
    await visitor.page.set_viewport_size({"width": THREE[0], "height": THREE[1]})
    people = ",".join(str(phone.id) for phone in (amina, kari, yusuf))
    await visitor.open(f"?guide=off&theme=light&people={people}")
    for phone, words in ((amina, RIGHT), (kari, FORGOTTEN_NB[1]), (yusuf, RIGHT)):
        await phone.sees(words)


async def draw(images: Path) -> None:
    """Play the stories once and take the page's picture in both themes, then of conferences and a conversation."""
    with tempfile.TemporaryDirectory(prefix="skolebud-picture-") as place:
        stage = Stage(Path(place), undo_seconds=1, founded=FOUNDED)
        async with stage.running(port=0), chromium() as browser, visit(browser, stage, size=SIZE) as visitor:
            await _tell(visitor)
            for theme, name in (("light", "phones.png"), ("dark", "phones-dark.png")):
                await visitor.open(f"?guide=off&theme={theme}")
                await expect(day_list(visitor.person("Kari Nordmann"))).to_be_in_viewport(ratio=1)
                await visitor.take_picture(images / name)
            await _book(visitor)
            await visitor.open("?guide=off&theme=light")
            await visitor.take_picture(images / "conferences.png")
            await _write(visitor)
            await visitor.take_picture(images / "threads.png")


if __name__ == "__main__":
    if find_chromium() is None:
        sys.exit("There is no Chromium: install one, or set SKOLEBUD_TEST_CHROMIUM.")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(folder))
