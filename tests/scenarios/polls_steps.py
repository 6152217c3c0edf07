"""What those who ask and those who are asked do in stories about questions and surveys."""

from __future__ import annotations

from typing import Any

from bot.domain.polls import PollKind
from bot.simulator import SimMessage
from tests.scenarios.notices_steps import forge, labels, tap, write
from tests.scenarios.world import Actor, World, _bare

ASK, DISCARD, DONE = "Ask now", "Discard", "Done"
QUESTION = "📊 A question to you"
RESULT = "📊 The result of a question to you"
THANKS = "✅ Thank you, your answer is counted. When it closes, the result comes to you here."
FINAL = "Your answer is counted already. It is anonymous, so it cannot be changed."
CLOSED = "This question is closed. Here is how it stands now."


def said(actor: Actor, sentence: str, **fields: object) -> str:
    """Return a sentence as a person sees it, without its tags and direction marks."""
    text = actor.say(sentence, **fields)
    for mark in ("<b>", "</b>", "<i>", "</i>"):
        text = text.replace(mark, "")
    return _bare(text)


def last_text(actor: Actor) -> str:
    """Return the newest message of the bot at a person."""
    return _bare([m for m in actor.phone.messages if m.from_bot][-1].text or "")


async def polls_page(actor: Actor) -> SimMessage:
    """Open the page of questions; return it."""
    await write(actor, "/menu")
    await forge(actor, "go|polls|0")
    return [m for m in actor.phone.messages if m.from_bot][-1]


async def begin(author: Actor, to: str | None = None, kind: PollKind = PollKind.POLL) -> None:
    """Begin a question or a survey; `to` is None where there is only one class to ask."""
    await polls_page(author)
    await tap(author, author.say("Ask a question" if kind is PollKind.POLL else "Share a survey"))
    if to is not None:
        await tap(author, to)


async def draft(author: Actor, question: str, *options: str, to: str | None = None, day: str = "27.11") -> SimMessage:
    """Make a question up to its overview; without options the ready-made ones. Return the overview."""
    await begin(author, to)
    await write(author, question)
    for option in options:
        await write(author, option)
    if options and len(options) < 6:
        await tap(author, author.say(DONE))
    elif not options:
        await tap(author, author.say("Yes"))
    await write(author, day)
    await author.sees_button(author.say(ASK))
    return author.phone.last


async def ask(author: Actor, question: str, *options: str, named: bool = False, **where: Any) -> None:
    """Ask a question; when this returns it stands at the homes."""
    await draft(author, question, *options, **where)
    if named:
        await tap(author, author.say("With names"))
    await tap(author, author.say(ASK))


async def survey(author: Actor, text: str, url: str, *, to: str | None = None, day: str = "27.11") -> None:
    """Share a link to a survey."""
    await begin(author, to, PollKind.SURVEY)
    await write(author, text)
    await write(author, url)
    await write(author, day)
    await tap(author, author.say(ASK))


async def answer(home: Actor, question: str, option: str, *, sure: bool = True) -> None:
    """Answer an anonymous question, and say that it is meant."""
    await tap(home, option, await home.sees(question))
    if sure:
        await tap(home, home.say("Yes, count it"))


async def figures(author: Actor, question: str) -> SimMessage:
    """Return the live screen of a question, once it shows what has happened so far."""
    await author.world.forward(seconds=3)
    live = [m for m in author.phone.messages if m.silent and question in _bare(m.content)]
    assert live, author.screen()
    return live[-1]


async def ballots(world: World) -> dict[str, tuple[bool, int | None]]:
    """Return (answered, choice) by name of everybody who was asked."""
    found = await world.rows(
        "SELECT p.name, b.answered, b.choice FROM ballot b JOIN person p ON p.id = b.person_id ORDER BY p.name"
    )
    return {row[0]: (bool(row[1]), row[2]) for row in found}


async def tally(world: World) -> list[int]:
    """Return the votes of the only poll with a tally."""
    return [int(row[0]) for row in await world.rows("SELECT votes FROM poll_tally ORDER BY choice")]


def buttons(message: SimMessage) -> list[str]:
    """Return the buttons under a message as it stands now."""
    return labels(message)
