"""The stories as their people play them on the page: for the tests and for the README's picture."""

from __future__ import annotations

from datetime import date, time

from playwright.async_api import Locator, expect

from bot.cli.demo.conversation import ALI, DAYS, shorn
from bot.cli.demo.story_talks import FIRST, LAST
from bot.domain.events import EventKind
from bot.domain.notices import Item, NoticeKind
from bot.i18n import commands, texts
from bot.i18n.event_words import EVENT_NAMES
from bot.i18n.words import ITEM_NAMES, KIND_NAMES
from tests.browser.visit import OnScreen, Visit

WORDS = "Vi går til Tryvann. Kle dere godt!"
QUESTION = "Kan Noah gå i joggesko?"
ILL_TODAY = "علي مريض اليوم"
"""Amina's words: Ali is ill today."""


async def compose_outdoor_day(visitor: Visit, teacher: OnScreen) -> None:
    """Compose an outdoor day for 5A by taps and one line of text, up to its overview."""
    await teacher.key(commands("nb")["new"].word)
    await teacher.tap("5A")
    await teacher.tap(teacher.say(KIND_NAMES[NoticeKind.OUTDOOR]))
    await teacher.tap(texts("nb").short_day(visitor.stage.next_school_day()))
    await teacher.tap("08:30")
    await teacher.tap("14:00")
    await teacher.tap(teacher.say("Skip"))
    for item in (Item.LUNCH, Item.RAIN_CLOTHES):
        await teacher.tap(f"▫️ {teacher.say(ITEM_NAMES[item])}")
    await teacher.tap(teacher.say("Done"))
    await teacher.sees(teacher.say(KIND_NAMES[NoticeKind.OUTDOOR]))
    await teacher.write(WORDS)
    await teacher.button(teacher.say("Send now")).wait_for()


async def answer_all(visitor: Visit) -> None:
    """Piotr understands, Amina wants to be called, Ingrid asks."""
    piotr, amina, ingrid = (visitor.person(name) for name in ("Piotr Kowalski", "Amina Haddad", "Ingrid Berg"))
    await piotr.tap(piotr.say("Understood"))
    await amina.tap(amina.say("Please call me"))
    await ingrid.tap(ingrid.say("I have a question"))
    await ingrid.write(QUESTION)


async def compose_message(teacher: OnScreen, text: str) -> None:
    """Compose a plain message for 5A, up to its overview."""
    await teacher.key(commands("nb")["new"].word)
    await teacher.tap("5A")
    await teacher.tap(f"📣 {teacher.say(KIND_NAMES[NoticeKind.GENERAL])}")
    await teacher.write(text)
    await teacher.button(teacher.say("Send now")).wait_for()


async def send_message(teacher: OnScreen, text: str) -> None:
    """Send a plain message to 5A."""
    await compose_message(teacher, text)
    await teacher.tap(teacher.say("Send now"))


def day_list(teacher: OnScreen) -> Locator:
    """Return the teacher's newest list of the day that can be tapped."""
    return teacher.theirs.filter(has_text="📋").filter(has=teacher.page.locator(".buttons")).last


async def report_ill(guardian: OnScreen, sentence: str) -> None:
    """Write that a child is ill, and report it with one tap on what the bot proposes."""
    await guardian.write(sentence)
    await guardian.sees(guardian.say("Shall I report this?"))
    await guardian.tap(f"✅ {guardian.say('Yes, report it')}")
    await guardian.sees(guardian.say("✅ Reported:"))


async def mark_missing(teacher: OnScreen, pupil: str) -> None:
    """Mark a pupil as missing in the list of the day, and go back to the list."""
    await teacher.tap(teacher.say("Someone is missing"))
    await teacher.tap(pupil)
    await teacher.button(f"❔ {pupil}").wait_for()
    await teacher.tap(teacher.say("Done, show the list"))
    await teacher.button(teacher.say("{name} has arrived", name=pupil)).wait_for()


async def offer_conferences(kari: OnScreen, day: date) -> None:
    """Offer a round of conferences on one day, and invite."""
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


async def book_talk(home: OnScreen, day: date, clock: str, *, interpreter: bool) -> None:
    """Book a time, with an interpreter or without."""
    await home.sees(home.say(EVENT_NAMES[EventKind.CONFERENCE]))
    await home.tap(home.tr.short_day(day))
    if not interpreter:
        await home.tap(home.say("Without an interpreter"))
    await home.tap(clock)
    with_one = home.say("Book, with interpreter: {language}", language="").strip()
    await home.tap(with_one if interpreter else home.say("Book, without interpreter"))
    await expect(home.button(home.say("Calendar file"))).to_be_visible()


async def write_to_school(home: OnScreen, text: str) -> None:
    """Write to the contact teacher of the only child, without being asked."""
    await home.write(text)
    await home.sees(home.say("✉️ On its way to {names}, about {child}.", names="Kari Nordmann", child=ALI))


async def reply_home(teacher: OnScreen, read: str, text: str) -> None:
    """Answer the message that reads so, by the button under it."""
    await teacher.bubble(read).locator(".buttons button").filter(has_text=teacher.say("Answer")).click()
    await teacher.sees(teacher.say("✍️ Write your answer to {name} about {child} now.", name="Amina Haddad", child=ALI))
    await teacher.write(text)
    await teacher.sees(teacher.say("✅ Sent to {names}, about {child}.", names="Amina Haddad", child=ALI))


async def let_yusuf_follow(visitor: Visit, home: OnScreen) -> OnScreen:
    """Yusuf, on what was Ingrid's phone, accepts the promise, and a home lets him follow; return his phone."""
    yusuf = await visitor.switch("Ingrid Berg", "Yusuf Rahman")
    await yusuf.tap(yusuf.say("I accept"))
    await home.write("/conversations")
    days = str(home.tr.ngettext("{n} day", "{n} days", DAYS))
    for label in (ALI, home.say("Interpreter"), "➕ Yusuf Rahman", home.say("Only this conversation"), days):
        await home.tap(label)
    await home.sees(home.say("✅ Thank you. {name} gets what is written from now on.", name="Yusuf Rahman"))
    return yusuf


async def write_anew(interpreter: OnScreen, original: str, text: str) -> None:
    """Write the right words under a followed message."""
    shown = interpreter.theirs.filter(has_text=original).filter(has=interpreter.page.locator(".buttons")).last
    await shown.locator(".buttons button").filter(has_text=interpreter.say("Correct")).click()
    await expect(interpreter.theirs.filter(has_text=original).last.locator(".buttons button")).to_have_count(1)
    await interpreter.write(text)
    await interpreter.sees(shorn(interpreter.say("✅ <b>Thank you.</b> Its readers see it like this now:")))
