"""The story goes on: a teacher offers conferences, and two homes book, one of them with an interpreter."""

from __future__ import annotations

from datetime import date, time, timedelta

import typer

from bot.cli.demo.role import Role
from bot.cli.demo.stage import Stage, school_day_from
from bot.domain.events import EventKind
from bot.i18n.event_words import EVENT_NAMES
from bot.simulator import SimMessage

FIRST, LAST = "13:00", "15:00"
LATER = "13:50"
"""The first time after a talk with an interpreter, which takes two of 20 minutes with a pause of five."""
ALI, ZOFIA = "Ali Haddad", "Zofia Kowalska"


async def play_conferences(stage: Stage, kari: Role, amina: Role, piotr: Role) -> None:
    """Play and print how a round of conferences is offered and booked.

    Raises:
        StoryBroken: somebody does not see what they should.
    """
    day = school_day_from(stage.local_now().date() + timedelta(days=7))
    await _offer(kari, day)
    typer.echo("\n━━ Amina books with an interpreter: the talk is longer then. Piotr books without ━━")
    await _book(amina, day, FIRST, amina.say("Book, with interpreter: {language}", language=""))
    await _book(piotr, day, LATER, piotr.say("Book, without interpreter"), without=True)

    typer.echo("\n━━ Kari sees who comes when, and for whom an interpreter is needed ━━")
    board = await kari.sees("🗣 ")
    await kari.reads(board, ALI, ZOFIA, FIRST, LATER)
    kari.show_message(board)


async def _offer(kari: Role, day: date) -> None:
    typer.echo("\n━━ Kari offers conferences in a few taps: a day, from and to; the homes are invited ━━")
    await kari.phone.send("/meetings")
    await kari.tap(kari.say("Offer conferences"))
    await kari.tap(kari.say("Choose a day"))
    wanted = kari.texts.plain.short_day(day)
    await kari.has_button("▶️")
    while not _shows(kari.phone.last, wanted):
        await kari.tap("▶️", kari.phone.last)
    await kari.tap(wanted)
    await kari.tap(FIRST)
    until = kari.texts.plain.gettext("<b>Until when?</b> From {time}.", time=time.fromisoformat(FIRST))
    await kari.sees(str(until).replace("<b>", "").replace("</b>", ""))  # its times look like those before
    for label in (LAST, "📨 ", kari.say("Send the invitation")):
        await kari.tap(label)


async def _book(home: Role, day: date, clock: str, label: str, *, without: bool = False) -> None:
    await home.has_button(home.say("None of these times suits me"))
    invited = await home.sees(home.say(EVENT_NAMES[EventKind.CONFERENCE]))
    home.show_message(invited)
    await home.tap(home.texts.plain.short_day(day), invited)
    if without:
        await home.tap(home.say("Without an interpreter"), invited)
    await home.tap(clock, invited)
    book = f"✅ {label.strip()}"
    await home.tap(book, invited)
    await home.until(lambda: not _shows(invited, book), "was not told that the talk is booked")
    home.show_message(invited)


def _shows(message: SimMessage, label: str) -> bool:
    return any(label in button.text for row in message.buttons for button in row)
