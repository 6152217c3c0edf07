"""What teachers and homes do in the stories about notices, a gesture at a time."""

from __future__ import annotations

from bot.domain.notices import NoticeKind
from bot.i18n import languages
from bot.i18n.words import KIND_NAMES, KIND_SIGNS
from bot.simulator import SimMessage, TapResult
from tests.scenarios.world import Actor, Known, World, _bare, _enrol, _give_phone

NOT_HERE = "This is not here any more, or not for you. Open the menu to go on."
STALE = "This button is from an older message. Here is how it stands now."
UNDERSTOOD, QUESTION, CALL_ME = "Understood", "I have a question", "Please call me"


async def tap(actor: Actor, label: str, message: SimMessage | None = None) -> TapResult:
    """Tap a button and wait until all that follows from it has happened."""
    result = await actor.taps(label, message)
    await actor.world.idle()
    return result


async def tap_number(actor: Actor, number: int) -> SimMessage:
    """Tap a button of the newest message by its number from 0; return what is the newest message then."""
    await actor.phone.tap(number, message=actor.phone.last)
    await actor.world.idle()
    return actor.phone.last


async def write(actor: Actor, text: str) -> None:
    """Write a text and wait until all that follows from it has happened."""
    await actor.send(text)
    await actor.world.idle()


async def forge(actor: Actor, data: str) -> TapResult:
    """Tap with made-up data on the newest message of the bot, or on none at all."""
    shown = [message.id for message in actor.phone.messages if message.from_bot]
    result = await actor.phone.tap_data(data, shown[-1] if shown else 1)
    await actor.world.idle()
    return result


async def speak(actor: Actor, language: str) -> Actor:
    """Choose another language in the menu; return the person as they read from then on."""
    await write(actor, "/language")
    await tap(actor, languages()[language].name)
    return actor.world.actor(actor.known.name, language)


async def begin(teacher: Actor, to: str = "5A", kind: NoticeKind = NoticeKind.GENERAL) -> None:
    """Begin a notice to a class, or to "Class, Pupil", and choose its kind."""
    await write(teacher, "/new")
    school_class, _, pupil = to.partition(", ")
    if pupil:
        await tap(teacher, teacher.say("One pupil's home"))
        if teacher.has_button(school_class, last=1):
            await tap(teacher, school_class)
        while not teacher.has_button(pupil, last=1):
            await tap(teacher, "▶️")
        await tap(teacher, pupil)
    else:
        await tap(teacher, school_class)
    await pick_kind(teacher, kind)


async def pick_kind(teacher: Actor, kind: NoticeKind) -> None:
    """Choose the kind, however far down the list it stands."""
    label = f"{KIND_SIGNS[kind]} {teacher.say(KIND_NAMES[kind])}"
    while not teacher.has_button(label, last=1):
        await tap(teacher, teacher.say("More"))
    await tap(teacher, label)


async def draft(teacher: Actor, text: str, to: str = "5A", kind: NoticeKind = NoticeKind.GENERAL) -> SimMessage:
    """Write a notice without fields up to its overview; return the overview."""
    await begin(teacher, to, kind)
    await write(teacher, text)
    await teacher.sees_button(teacher.say("Send now"))
    return teacher.phone.last


async def send(teacher: Actor, text: str, to: str = "5A", kind: NoticeKind = NoticeKind.GENERAL) -> None:
    """Send a notice without fields; when this returns, it stands at the homes."""
    await draft(teacher, text, to, kind)
    await send_now(teacher)


async def send_now(teacher: Actor) -> None:
    """Send the finished draft and let the time of grace pass."""
    await tap(teacher, teacher.say("Send now"))
    await teacher.world.forward(seconds=21)


def holding(actor: Actor, text: str) -> list[SimMessage]:
    """Return the bot's messages at a person that hold `text` now."""
    wanted = _bare(text)
    return [m for m in actor.phone.messages if m.from_bot and wanted in _bare(m.content)]


def readers(world: World, text: str) -> set[str]:
    """Return the names of all people at whom a message of the bot holds `text`."""
    return {name for name in world.known if holding(world.actor(name), text)}


def labels(message: SimMessage) -> list[str]:
    """Return the buttons under a message."""
    return [_bare(button.text) for row in message.buttons for button in row]


async def board(teacher: Actor) -> SimMessage:
    """Return the sender's live status screen, once it shows what has happened so far."""
    await teacher.world.forward(seconds=5)
    await teacher.sees_button(teacher.say("Who has answered"))
    # the one that came by itself; copies opened from a list or left by a correction do not follow
    live = [m for m in teacher.phone.messages if m.silent and any("👥" in label for label in labels(m))]
    return live[-1]


def counted(teacher: Actor, one: str, many: str, n: int) -> str:
    """Return a line of the status screen."""
    return str(teacher.tr.ngettext(one, many, n))


async def shut_out(world: World, name: str = "Roar Fjellheim") -> Actor:
    """Return a guardian whom the school has shut out and who once came in: the account is there, the access is not."""
    [(person_id,)] = await world.rows("SELECT id FROM person WHERE name = :name", name=name)
    known = Known(person_id, name, "nb", (), "", None)
    _give_phone(world.sim, known, started=True)
    await _enrol(world.app.database, [known])
    return Actor(world, known, "nb")


async def stored(world: World, what: str) -> list[tuple[object, ...]]:
    """Return rows of the database, read from outside the app; `what` is what follows SELECT."""
    return [tuple(row) for row in await world.rows(f"SELECT {what}")]
