"""What a home and the school do in stories about leave."""

from __future__ import annotations

from bot.simulator import SimMessage
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import Actor, World, _bare

GRANTED = "✅ <b>Granted</b> by {name}."
REFUSED = "❌ <b>Not granted.</b> {name} writes:"
GRANT, GRANT_WORD, REFUSE = "Grant", "Grant with a word", "Refuse"
OLD_BUTTON = "This button is from an older message. Here is how it stands now."
DECIDED = "This request has been answered already. Here is how it stands now."


def said(actor: Actor, sentence: str, **fields: object) -> str:
    """Return a sentence as a person sees it, without its tags."""
    text = actor.say(sentence, **fields)
    for tag in ("<b>", "</b>", "<i>", "</i>"):
        text = text.replace(tag, "")
    return _bare(text)


def grant(actor: Actor) -> str:
    """Return the button that grants at once."""
    return "✅ " + actor.say(GRANT)


def last_text(actor: Actor) -> str:
    """Return the newest message of the bot at a person, without direction marks."""
    return _bare([m for m in actor.phone.messages if m.from_bot][-1].text or "")


async def begin_leave(home: Actor, *children: str) -> None:
    """Begin a request, and choose the children when there are several."""
    await write(home, "/leave")
    await tap(home, home.say("Ask for leave"))
    for child in children:
        await tap(home, child)
    if children:
        await tap(home, home.say("Go on"))


async def review_leave(home: Actor, first: str, last: str, why: str, *children: str) -> SimMessage:
    """Ask for leave up to the overview, with typed days such as "14.12"; return the overview."""
    await begin_leave(home, *children)
    await write(home, first)
    await write(home, last)
    await write(home, why)
    await home.sees_button(home.say("Send to the school"))
    return home.phone.last


async def ask_leave(home: Actor, first: str, last: str, why: str, *children: str) -> None:
    """Ask for leave and send it."""
    await review_leave(home, first, last, why, *children)
    await tap(home, home.say("Send to the school"))


async def stored_leave(world: World) -> list[tuple[object, ...]]:
    """Return (pupil, state, days, by leadership) of all requests in order."""
    rows = await world.rows(
        "SELECT p.name, l.state, l.days, l.by_leadership FROM leave_request l"
        " JOIN pupil p ON p.id = l.pupil_id ORDER BY l.id"
    )
    return [tuple(row) for row in rows]


async def leave_days(world: World, name: str) -> list[str]:
    """Return the days on which a pupil is stored as away on leave."""
    rows = await world.rows(
        "SELECT a.day FROM absence a JOIN pupil p ON p.id = a.pupil_id WHERE p.name = :name"
        " AND a.state = 'active' AND a.reason = 'leave' AND a.source = 'leave' AND a.kind = 'absent'"
        " AND a.leave_id IS NOT NULL ORDER BY a.day",
        name=name,
    )
    return [str(row[0]) for row in rows]
