"""The main story as text: a notice, absences, conferences, and a conversation between two languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

import typer

from bot.actions.absence.inquiries_texts import question_text
from bot.actions.absence.words import absence_text, days_text
from bot.cli.demo.role import LINES_OF_TEACHER, Role
from bot.cli.demo.stage import Stage
from bot.cli.demo.story_talks import play_conferences
from bot.cli.demo.story_threads import play_threads
from bot.domain.absence import AbsenceKind, AbsenceReason
from bot.domain.notices import Item, NoticeKind
from bot.domain.people import Relation
from bot.i18n import commands
from bot.i18n.words import ITEM_NAMES, KIND_NAMES

PATIENCE = 20.0
"""Seconds until the story gives up waiting for what should be on somebody's screen."""
QUESTION = "Kan Noah gå i joggesko?"
ILL_TODAY = "علي مريض اليوم"
"""Amina's words: Ali is ill today."""
ROLL_CALL = time(8, 35)
GRACE = timedelta(minutes=1)
"""Longer than a mark in the list can be taken back before the home is asked."""
ALI, NOAH, ZOFIA = "Ali Haddad", "Noah Berg", "Zofia Kowalska"


@dataclass(frozen=True, slots=True)
class _Cast:
    kari: Role
    piotr: Role
    amina: Role
    ingrid: Role
    anna: Role
    omar: Role
    yusuf: Role


async def play_story(stage: Stage, patience: float = PATIENCE) -> None:
    """Play and print the story.

    Raises:
        StoryBroken: somebody does not see what they should.
    """

    def role(name: str, language: str) -> Role:
        return Role(stage, name, language, patience)

    cast = _Cast(
        kari=role("Kari Nordmann", "nb"),
        piotr=role("Piotr Kowalski", "pl"),
        amina=role("Amina Haddad", "ar"),
        ingrid=role("Ingrid Berg", "nb"),
        anna=role("Anna Kowalska", "pl"),
        omar=role("Omar Haddad", "ar"),
        yusuf=role("Yusuf Rahman", "nb"),
    )
    await _notice(stage, cast)
    await _answers(cast)
    await _ill(stage, cast)
    await _missing(stage, cast)
    await play_conferences(stage, cast.kari, cast.amina, cast.piotr)
    await play_threads(stage, cast.amina, cast.kari, cast.yusuf)
    typer.echo(
        "\nThe story is told: every home was reached in its own language, every answer came back, "
        "the school knows where everybody is, two talks are booked, and a home and a teacher understood each other "
        "with a translation engine and without one."
    )


async def _notice(stage: Stage, cast: _Cast) -> None:
    kari = cast.kari
    _chapter("Kari Nordmann, contact teacher of 5A, writes about an outdoor day")
    await _compose(stage, kari)
    kari.show(LINES_OF_TEACHER)
    await kari.tap(kari.say("Send now"))
    await kari.has_button(kari.say("Take it back"))

    _chapter("Each home reads it in its own language")
    for home in (cast.piotr, cast.amina, cast.ingrid):
        await home.sees(home.say(KIND_NAMES[NoticeKind.OUTDOOR]))
        await home.has_button(home.say("Understood"))
        home.show()


async def _compose(stage: Stage, kari: Role) -> None:
    await kari.phone.send("/new")
    await kari.tap("5A")
    await kari.tap(kari.say(KIND_NAMES[NoticeKind.OUTDOOR]))
    await kari.tap(kari.texts.short_day(stage.next_school_day()))
    for label in ("08:30", "14:00", kari.say("Skip")):
        await kari.tap(label)
    for item in (Item.LUNCH, Item.RAIN_CLOTHES):
        name = kari.say(ITEM_NAMES[item])
        await kari.tap(f"▫️ {name}")
        await kari.has_button(f"✅ {name}")
    await kari.tap(kari.say("Done"))
    await kari.has_button(kari.say("Without text"))
    await kari.phone.send("Vi går til Tryvann. Kle dere godt!")
    await kari.has_button(kari.say("Send now"))


async def _answers(cast: _Cast) -> None:
    kari, piotr, amina, ingrid = cast.kari, cast.piotr, cast.amina, cast.ingrid
    _chapter("They answer with one tap: Piotr understands, Amina wants a call, Ingrid asks")
    await piotr.tap(piotr.say("Understood"))
    await amina.tap(amina.say("Please call me"))
    await ingrid.tap(ingrid.say("I have a question"))
    await ingrid.has_button(ingrid.say("Cancel"))
    await ingrid.phone.send(QUESTION)
    await ingrid.sees(ingrid.say("✅ Sent to {names}.", names=kari.name))

    _chapter("Kari sees who has understood, who asks, whom to call")
    await kari.sees(QUESTION)
    await kari.sees(amina.name)
    board = await kari.sees(str(kari.texts.plain.ngettext("{n} understood", "{n} understood", 1)))
    await kari.reads(board, str(kari.texts.plain.ngettext("{n} has a question", "{n} have a question", 1)))
    kari.show(LINES_OF_TEACHER)


async def _ill(stage: Stage, cast: _Cast) -> None:
    kari, amina, ingrid, omar = cast.kari, cast.amina, cast.ingrid, cast.omar
    today = stage.local_now().date()
    listed = await kari.day_list(today)

    _chapter("Amina writes that Ali is ill, in her own words; one tap reports it")
    await amina.phone.send(ILL_TODAY)
    proposal = await amina.sees(amina.say("Shall I report this?"))
    amina.show_message(proposal, said=ILL_TODAY)
    await amina.tap(f"✅ {amina.say('Yes, report it')}", proposal)
    amina.show_message(await amina.sees(amina.say("✅ Reported:")))

    _chapter("Omar, Ali's father in another home, gets a quiet line")
    tr = omar.texts.plain
    line = omar.say(
        "ℹ️ {child} is reported absent {days}: {what}.",
        child=ALI,
        days=days_text(tr, today, today, today),
        what=absence_text(tr, AbsenceKind.ABSENT, AbsenceReason.ILL),
    )
    omar.show_message(await omar.sees(line))

    _chapter("Ingrid reports with two taps, and Kari's list of the day follows in its place")
    await ingrid.phone.press(commands("nb")["absence"].word)
    day_named = ingrid.texts.plain.pgettext("button", "today")
    await ingrid.tap(f"🤒 {ingrid.say('Ill: {day}', day=day_named)}")
    await ingrid.sees(ingrid.say("✅ Reported:"))
    await kari.reads(listed, ALI, NOAH)
    kari.show_message(listed)


async def _missing(stage: Stage, cast: _Cast) -> None:
    kari, piotr, anna = cast.kari, cast.piotr, cast.anna
    day = stage.next_school_day()
    _chapter(f"Somebody is missing: it is {day:%A} {day.day} {day:%B}, {ROLL_CALL:%H:%M}, and Zofia has not come")
    stage.move_to(day, ROLL_CALL)
    listed = await kari.day_list(day)
    await kari.tap(f"❔ {kari.say('Someone is missing')}", listed)
    await kari.tap(ZOFIA, listed)
    await kari.has_button(f"❔ {ZOFIA}", listed)
    await kari.tap(f"📋 {kari.say('Done, show the list')}", listed)
    await kari.has_button(kari.say("{name} has arrived", name=ZOFIA), listed)
    kari.show_message(listed)

    _chapter("Her mother Anna is asked; a quarter of an hour later her father Piotr too")
    stage.forward(GRACE)
    asked = await anna.sees(str(question_text(anna.texts.plain, ZOFIA, Relation.MOTHER)))
    anna.show_message(asked)
    stage.forward(stage.inquiry_wait)
    question = await piotr.sees(str(question_text(piotr.texts.plain, ZOFIA, Relation.FATHER)))

    _chapter("Piotr answers with one tap, and everybody sees it")
    await piotr.tap(f"🤒 {piotr.say('Ill')}", question)
    ill = absence_text(piotr.texts.plain, AbsenceKind.ABSENT, AbsenceReason.ILL)
    await piotr.reads(
        question, piotr.say("✅ Thank you. The teacher sees it now: {child}, {what}.", child=ZOFIA, what=ill)
    )
    await anna.reads(
        asked,
        anna.say("✅ {child}: the school knows now. There is nothing that you need to do.", child=ZOFIA),
    )
    known = kari.say("{what}, told by the home", what=kari.say("illness"))
    await kari.reads(listed, kari.say("• {name}: {what}", name=ZOFIA, what=known))
    for role, message in ((piotr, question), (anna, asked), (kari, listed)):
        role.show_message(message)


def _chapter(title: str) -> None:
    typer.echo(f"\n━━ {title} ━━")
