"""What a teacher and homes do in stories about conferences."""

from __future__ import annotations

from datetime import date

from bot.simulator import SimMessage
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import Actor, World, _bare

INVITE = "📨 "
NONE_SUITS = "None of these times suits me"
TAKEN = "That time was taken just now. Here are the times that are still free."


async def begin_round(teacher: Actor) -> None:
    """Open the meetings and begin a round; a teacher of one class sees the draft at once."""
    await write(teacher, "/meetings")
    await tap(teacher, teacher.say("Offer conferences"))


async def add_day(
    teacher: Actor, day: str, first: str = "13:00", last: str = "15:00", *, another: bool = False
) -> None:
    """Choose a day by its button's text, such as "1. des.", turning the small calendar when needed."""
    await tap(teacher, teacher.say("Another day") if another else teacher.say("Choose a day"))
    while not teacher.has_button(day, last=1):
        await tap(teacher, "▶️")
    await tap(teacher, day)
    await tap(teacher, first)
    await tap(teacher, last)


async def invite(teacher: Actor) -> None:
    """Look at the preview and send it."""
    await tap(teacher, INVITE)
    await tap(teacher, teacher.say("Send the invitation"))


async def lay_out(teacher: Actor, day: str = "1. des.", first: str = "13:00", last: str = "15:00") -> None:
    """Lay out a round of one day in six taps, and invite."""
    await begin_round(teacher)
    await add_day(teacher, day, first, last)
    await invite(teacher)


def day_label(actor: Actor) -> str:
    """Return the button of Tuesday 1 December, the day of most stories."""
    return actor.tr.short_day(date(2026, 12, 1))


async def take(home: Actor, clock: str, message: SimMessage | None = None, *, interpreter: bool = False) -> None:
    """Book in three taps: the day, the time, yes."""
    await tap(home, day_label(home), message)
    await tap(home, clock)
    await tap(home, book_label(home, interpreter=interpreter))


def book_label(home: Actor, *, interpreter: bool = False) -> str:
    """Return the beginning of the button that books."""
    if interpreter:
        return "✅ " + home.say("Book, with interpreter: {language}", language="").rstrip()
    if home.language == "nb":
        return "✅ " + home.say("Book this time")
    return "✅ " + home.say("Book, without interpreter")


async def booked(world: World) -> list[tuple[str, str, str]]:
    """Return (pupil, wall clock, interpreter's language) of the booked talks, by time."""
    rows = await world.rows(
        "SELECT p.name, t.starts, t.interpreter_language FROM talk t JOIN pupil p ON p.id = t.pupil_id"
        " WHERE t.state = 'booked' ORDER BY t.starts_at, t.id"
    )
    return [(row[0], str(row[1])[:5], row[2]) for row in rows]


async def times(world: World) -> list[tuple[str, str | None, bool, bool]]:
    """Return (wall clock, pupil, closed, kept for somebody) of all times in order."""
    rows = await world.rows(
        "SELECT s.starts, p.name, s.closed, s.held_until IS NOT NULL FROM slot s"
        " LEFT JOIN talk t ON t.id = s.talk_id LEFT JOIN pupil p ON p.id = t.pupil_id ORDER BY s.starts_at"
    )
    return [(str(row[0])[:5], row[1], bool(row[2]), bool(row[3])) for row in rows]


def board_of(teacher: Actor) -> str:
    """Return the teacher's live board as it stands: the message that came by itself."""
    live = [m for m in teacher.phone.messages if m.from_bot and m.silent]
    return _bare(live[-1].text or "")
