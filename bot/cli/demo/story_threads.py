"""The story goes on: home and school write to each other in two languages, and an interpreter follows."""

from __future__ import annotations

import typer

from bot.cli.demo.conversation import (
    ALI,
    CALM_DOWN,
    CLUMSY,
    CORRECTED,
    DAYS,
    FORGOTTEN,
    FORGOTTEN_NB,
    GLAD,
    GLAD_NB,
    MACHINE,
    MORE_HELP,
    ON_ITS_WAY,
    RIGHT,
    TRANSLATED,
    mark,
    shorn,
)
from bot.cli.demo.practice import SECONDS, Mode
from bot.cli.demo.role import Role
from bot.cli.demo.stage import Stage
from bot.i18n.words import language_name
from bot.simulator import SimMessage


async def play_threads(stage: Stage, amina: Role, kari: Role, yusuf: Role) -> None:
    """Play and print how a home and a teacher understand each other, with an engine and without one.

    Raises:
        StoryBroken: somebody does not see what they should.
    """
    received, answer = await _two_languages(amina, kari)
    await _interpreter(amina, yusuf, answer)
    await _fails(stage, amina, kari, yusuf)
    await _hangs(stage, amina, kari, received)
    await _ends(amina, yusuf)


async def _two_languages(amina: Role, kari: Role) -> tuple[SimMessage, SimMessage]:
    _chapter("Amina writes in Arabic, and Kari reads Norwegian")
    await write_to_school(amina, kari, FORGOTTEN)
    received = await kari.sees(FORGOTTEN_NB[0])
    await kari.reads(received, *FORGOTTEN_NB, mark(kari.texts, MACHINE, "ar"))
    kari.show_message(received)

    _chapter("Kari answers in Norwegian, and Amina reads Arabic. One sentence sounds odd")
    await reply(kari, amina, received, CALM_DOWN)
    answer = await amina.sees(CLUMSY)
    await amina.reads(answer, mark(amina.texts, MACHINE, "nb"))
    amina.show_message(answer)
    return received, answer


async def _interpreter(amina: Role, yusuf: Role, answer: SimMessage) -> None:
    _chapter("Yusuf Rahman interprets. He promises confidentiality, and Amina lets him follow for a month")
    await yusuf.tap(yusuf.say("I accept"))
    amina.show_message(await let_follow(amina, yusuf))

    _chapter("Yusuf sees both languages side by side, and corrects what sounds odd")
    shown = await yusuf.sees(CLUMSY)
    yusuf.show_message(shown)
    await write_anew(yusuf, shown, "Correct", "ar", RIGHT)

    _chapter("Amina's message changes where it stands")
    await amina.reads(answer, RIGHT, mark(amina.texts, CORRECTED, "nb"))
    amina.show_message(answer)


async def _fails(stage: Stage, amina: Role, kari: Role, yusuf: Role) -> None:
    _chapter("The engine fails. Amina's message arrives all the same, as she wrote it")
    await stage.turn_engine(Mode.FAILS)
    await write_to_school(amina, kari, GLAD)
    received = await kari.sees(GLAD)
    await kari.reads(received, mark(kari.texts, ON_ITS_WAY, "ar"))
    kari.show_message(received)

    _chapter("Yusuf is asked, translates it himself, and Kari's message changes")
    told = await yusuf.sees(yusuf.say("🌐 There is something to translate. You are one of those who can help."))
    await yusuf.tap(yusuf.say("Translations"), told)
    task = await yusuf.sees(str(yusuf.texts.plain.ngettext("{n} text waits for you.", "{n} texts wait for you.", 1)))
    await yusuf.tap(yusuf.say("Take the next one"), task)
    await yusuf.reads(task, GLAD)
    yusuf.show_message(task)
    await write_anew(yusuf, task, "Translate", "nb", GLAD_NB)
    await kari.reads(received, GLAD_NB, mark(kari.texts, TRANSLATED, "ar"))
    kari.show_message(received)


async def _hangs(stage: Stage, amina: Role, kari: Role, received: SimMessage) -> None:
    _chapter(f"The engine does not answer at all. Kari's message waits {SECONDS:.0f} seconds for it and no longer")
    await stage.turn_engine(Mode.HANGS)
    await reply(kari, amina, received, MORE_HELP)
    answer = await amina.sees(MORE_HELP)
    await amina.reads(answer, mark(amina.texts, ON_ITS_WAY, "nb"))
    amina.show_message(answer)
    await stage.turn_engine(Mode.WORKS)


async def _ends(amina: Role, yusuf: Role) -> None:
    _chapter("Amina ends Yusuf's access: nothing of it waits for him any more")
    amina.show_message(await end_following(amina, yusuf))
    await yusuf.phone.send("/menu")
    await yusuf.tap(yusuf.say("Translations"))
    queue = await yusuf.sees(yusuf.say("Nothing waits for you. When something does, you are told."))
    yusuf.show_message(queue)


async def write_to_school(home: Role, teacher: Role, text: str) -> None:
    """Write to the contact teacher without being asked: what is no report about the only child goes there."""
    await home.phone.send(text)
    await home.sees(home.say("✉️ On its way to {names}, about {child}.", names=teacher.name, child=ALI))


async def reply(teacher: Role, home: Role, received: SimMessage, text: str) -> None:
    """Answer a message by the button under it."""
    await teacher.tap(teacher.say("Answer"), received)
    await teacher.sees(teacher.say("✍️ Write your answer to {name} about {child} now.", name=home.name, child=ALI))
    await teacher.phone.send(text)


async def let_follow(home: Role, interpreter: Role) -> SimMessage:
    """Let an interpreter follow the conversation about Ali for a month."""
    page = await _interpreters_of(home)
    for label in (
        interpreter.name,
        home.say("Only this conversation"),
        str(home.texts.plain.ngettext("{n} day", "{n} days", DAYS)),
    ):
        await home.tap(label, page)
    await home.reads(page, home.say("✅ Thank you. {name} gets what is written from now on.", name=interpreter.name))
    return page


async def end_following(home: Role, interpreter: Role) -> SimMessage:
    """End it again."""
    page = await _interpreters_of(home)
    await home.tap(home.say("End it for {name}", name=interpreter.name), page)
    await home.reads(
        page, home.say("✅ Ended. {name} gets nothing more of it and can open nothing of it.", name=interpreter.name)
    )
    return page


async def _interpreters_of(home: Role) -> SimMessage:
    """Open the conversation about Ali and who interprets there; return the message."""
    said = await home.phone.send("/conversations")
    await home.until(lambda: home.phone.last.id > said.id, "was not shown the conversations")
    page = home.phone.last
    for label in (ALI, home.say("Interpreter")):
        await home.tap(label, page)
    return page


async def write_anew(interpreter: Role, shown: SimMessage, label: str, language: str, text: str) -> None:
    """Write the right words for a translation, by a button of the message that shows it."""
    await interpreter.tap(interpreter.say(label), shown)
    name = language_name(language, interpreter.texts.plain)
    await interpreter.sees(
        interpreter.say("✏️ Write the whole text in {language} now, as it is to be read.", language=name)
    )
    await interpreter.phone.send(text)
    await interpreter.sees(shorn(interpreter.say("✅ <b>Thank you.</b> Its readers see it like this now:")))


def _chapter(title: str) -> None:
    typer.echo(f"\n━━ {title} ━━")
