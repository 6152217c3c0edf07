"""How people in the stories choose ready sentences."""

from __future__ import annotations

from collections.abc import Mapping

from bot.translation.phrasebook import phrasebook
from handlers.phrase_screens import CATEGORY_NAMES
from tests.scenarios.notices_steps import tap
from tests.scenarios.world import Actor, _bare

READY = "Ready sentences"


async def open_category(person: Actor, category: str) -> None:
    """Go from where a text is asked for, or from the categories, to the sentences of one."""
    label = person.say(CATEGORY_NAMES[category])
    if not person.has_button(label, last=1):
        await tap(person, person.say(READY))
    await tap(person, label)


async def pick(person: Actor, phrase: str, child: str = "") -> None:
    """Tap the number that stands before a sentence, on whichever page it is."""
    known: Mapping[str, str] = {"child": child} if child else {}
    sentence = _bare(phrasebook().outline(phrase, person.language, known))
    for _ in range(10):
        lines = _bare(person.phone.last.text or "").splitlines()
        number = next((line.split(".")[0] for line in lines if line.partition(". ")[2] == sentence), None)
        if number is not None:
            await tap(person, number, person.phone.last)
            return
        await tap(person, "▶️")
    raise AssertionError(f"no {sentence!r} on the screen:\n{person.screen()}")


def exactly(reader: Actor, phrase: str, **slots: str) -> str:
    """Return a ready sentence as this person reads it."""
    return phrasebook().render(phrase, reader.language, slots)
