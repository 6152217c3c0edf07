"""What the office and a teacher do in stories about access: print a letter, block, import, correct."""

from __future__ import annotations

from bot.actions.letters import Letter, LetterFilter, make_letters
from bot.actions.roster import apply_import, block_guardian, find_person, plan_import
from bot.domain.roster import decode_csv, parse_people, parse_staff
from tests.conftest import EXAMPLE
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import Actor, World

PEOPLE = decode_csv((EXAMPLE / "people.csv").read_bytes())
STAFF = decode_csv((EXAMPLE / "staff.csv").read_bytes())


async def correct(sender: Actor, text: str, *, item: int = 0) -> None:
    """Open one of the messages that were sent, 0 the newest, and change its text at every home."""
    await write(sender, "/sent")
    listed = await sender.sees(sender.say("Your newest messages. 🕗 is waiting for its time."))
    await sender.phone.tap(item, listed)
    await sender.world.idle()
    await tap(sender, sender.say("Correct"), listed)
    await write(sender, text)
    await tap(sender, sender.say("Correct quietly"))
    await sender.world.forward(seconds=10)


async def new_letter(world: World, name: str) -> Letter:
    """Let the office print somebody's letter again."""
    async with world.unit_of_work() as uow:
        (letter,) = await make_letters(uow, LetterFilter(person=name), bot_username="skolebud_bot", days=30)
    return letter


async def block(world: World, guardian: str, pupil: str) -> None:
    """Shut a guardian out of everything about a pupil."""
    async with world.unit_of_work() as uow:
        await block_guardian(uow, None, await find_person(uow, guardian), pupil)


async def import_files(world: World, *, people: str = PEOPLE, staff: str = STAFF) -> None:
    """Import files as the office would; what is left out is over."""
    async with world.unit_of_work() as uow:
        plan = await plan_import(uow, parse_people(people, today=uow.today), parse_staff(staff))
        await apply_import(uow, None, plan)


def without(text: str, *words: str) -> str:
    """Return a file without the lines that hold one of `words`."""
    return "".join(line for line in text.splitlines(keepends=True) if not any(word in line for word in words))
