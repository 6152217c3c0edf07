"""What homes and the school do in the stories about conversations, a gesture at a time."""

from __future__ import annotations

from bot.simulator import SimMessage
from tests.scenarios.notices_steps import labels, tap, write
from tests.scenarios.world import Actor, World

UNDO = 21
"""Seconds after which what was written unasked has gone out."""
ON_ITS_WAY = "✉️ On its way to {names}, about {child}."
SENT = "✅ Sent to {names}."
SENT_HOME = "✅ Sent to {names}, about {child}."
TAKE_BACK = "Take it back"
MARK = "🌐 <i>Written in {language}, not translated yet.</i>"
NOT_UNDERSTOOD = "I did not understand that. Here is what I can do."


async def say(home: Actor, text: str) -> None:
    """Write to the school unasked, and let the time pass in which it can be taken back."""
    await write(home, text)
    await home.world.forward(seconds=UNDO)


async def answer(teacher: Actor, received: SimMessage, text: str) -> None:
    """Answer a message by its button."""
    await tap(teacher, teacher.say("Answer"), received)
    await write(teacher, text)


async def open_page(actor: Actor, who: str) -> SimMessage:
    """Open a conversation from the list; return its page."""
    await write(actor, "/conversations")
    await tap(actor, who, actor.phone.last)
    return actor.phone.last


async def act(actor: Actor, label: str, page: SimMessage | None = None) -> SimMessage:
    """Tap something on a conversation's page; return the page as it is then."""
    await tap(actor, actor.say(label), page or actor.phone.last)
    return actor.phone.last


async def thread(world: World, what: str, guardian: str = "Ingrid Berg") -> object:
    """Return a column of a guardian's one conversation."""
    ((found,),) = await world.rows(
        f"SELECT {what} FROM thread t JOIN person p ON p.id = t.guardian_id WHERE p.name = :name",
        name=guardian,
    )
    return found


async def words(world: World) -> list[str]:
    """Return the texts of all messages between homes and school, in order."""
    return [row[0] for row in await world.rows("SELECT text FROM thread_message ORDER BY id")]


def offers(message: SimMessage, label: str) -> bool:
    """Tell whether a message has a button with this in its label."""
    return any(label in one for one in labels(message))
