"""What teachers and homes do in the stories about the morning: the list of the day, and pupils who are missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.absence_taps import AnswerInquiry, DayListTap, ListStep, LogCall
from bot.domain.morning import InquiryAnswer, PhoneOutcome
from bot.simulator import SimMessage, TapResult
from tests.scenarios.notices_steps import forge, holding, labels, tap, tap_number, write
from tests.scenarios.world import OSLO, Actor, Known, World, open_world

QUESTION = "❔ {child} has not arrived at school. Do you know why?"
HERE_NOW = "✅ {child} has arrived, all is well."
SETTLED = "✅ {child}: the school knows now. There is nothing that you need to do."
THANKS = "✅ Thank you. The teacher sees it now: {child}, {what}."
CALL = "☎️ <b>Please phone now:</b> {child}, {school_class}, has not arrived."
MISSING, LATE, DONE = "Someone is missing", "Someone comes late", "Done, show the list"
ARRIVED = "{name} has arrived"


@asynccontextmanager
async def morning(
    folder: Path, template: tuple[Path, dict[str, Known]], hour: int = 8, minute: int = 10, **overrides: Any
) -> AsyncIterator[World]:
    """The example school on a Monday morning, the lists of the day just come."""
    start = datetime(2026, 11, 23, hour, minute, tzinfo=OSLO)
    async with open_world(folder, *template, start=start, **{"list_minutes": 30, **overrides}) as world:
        yield world


def day_list(teacher: Actor) -> SimMessage:
    """Return the newest list of the day at a teacher, as it stands now."""
    found = [m for m in teacher.phone.messages if m.from_bot and m.text.startswith("📋") and m.buttons]
    assert found, teacher.screen()
    return found[-1]


async def next_list(teacher: Actor, year: int, month: int, day: int, hour: int, minute: int) -> None:
    """Move to another school day, and wait until its list has come."""
    before = day_list(teacher).id
    await teacher.world.at(year, month, day, hour, minute)
    await teacher.until(lambda: day_list(teacher).id != before, "the list of the day")


async def report_ill(guardian: Actor) -> None:
    """Report the one child ill today, by two taps."""
    await write(guardian, "/absence")
    await tap_number(guardian, 0)


async def mark(teacher: Actor, *pupils: str) -> None:
    """Mark pupils as missing and go back to the list."""
    await tap(teacher, teacher.say(MISSING), day_list(teacher))
    for pupil in pupils:
        await tap_name(teacher, pupil)
    await tap(teacher, teacher.say(DONE), day_list(teacher))


async def tap_name(teacher: Actor, pupil: str) -> TapResult:
    """Tap a pupil's name in the list, on whichever page it stands."""
    while not any(pupil in label for label in labels(day_list(teacher))):
        await tap(teacher, "▶️", day_list(teacher))
    return await tap(teacher, pupil, day_list(teacher))


async def ask_home(teacher: Actor, *pupils: str) -> None:
    """Mark pupils as missing and let the time of grace pass."""
    await mark(teacher, *pupils)
    await teacher.world.forward(seconds=21)


def questions(guardian: Actor, child: str) -> list[SimMessage]:
    """Return the open questions about a child at a guardian."""
    return holding(guardian, guardian.say(QUESTION, child=child))


def asked(world: World, child: str) -> set[str]:
    """Return the names of all who are being asked about a child."""
    return {name for name in world.known if questions(world.actor(name), child)}


def calls(teacher: Actor, child: str) -> list[SimMessage]:
    """Return the open requests to phone about a child at a teacher."""
    wanted = teacher.say(CALL, child=child, school_class="§").partition("§")[0]
    return holding(teacher, wanted.replace("<b>", "").replace("</b>", ""))


async def inquiry(world: World, child: str) -> dict[str, Any]:
    """Return what is stored of the asking about a child."""
    [row] = await world.rows(
        "SELECT i.* FROM inquiry i JOIN pupil p ON p.id = i.pupil_id WHERE p.name = :name", name=child
    )
    return dict(row._mapping)


async def absence(world: World, child: str) -> tuple[Any, ...] | None:
    """Return (kind, reason, source, state, arrived) of a child's absence."""
    found = await world.rows(
        "SELECT a.kind, a.reason, a.source, a.state, a.arrived_at IS NOT NULL FROM absence a"
        " JOIN pupil p ON p.id = a.pupil_id WHERE p.name = :name ORDER BY a.day",
        name=child,
    )
    return tuple(found[-1]) if found else None


async def ids(world: World, school_class: str, pupil: str) -> tuple[int, int]:
    """Return the ids of a class and of a pupil."""
    [row] = await world.rows(
        "SELECT c.id, p.id FROM school_class c, pupil p WHERE c.name = :c AND p.name = :p", c=school_class, p=pupil
    )
    return row[0], row[1]


async def forge_list(actor: Actor, step: ListStep, school_class: str, pupil: str, day: int | None = None) -> TapResult:
    """Tap a made-up button of a list."""
    class_id, pupil_id = await ids(actor.world, school_class, pupil)
    today = actor.world.clock.now().astimezone(OSLO).date().toordinal()
    return await forge(actor, DayListTap(step, class_id, day or today, pupil_id).pack())


async def forge_answer(actor: Actor, child: str, answer: InquiryAnswer = InquiryAnswer.ILL) -> TapResult:
    """Answer a question that somebody else was asked."""
    stored = await inquiry(actor.world, child)
    return await forge(actor, AnswerInquiry(stored["id"], answer).pack())


async def forge_call(actor: Actor, child: str, outcome: PhoneOutcome = PhoneOutcome.ILL) -> TapResult:
    """Log a telephone call that one was not asked to make."""
    stored = await inquiry(actor.world, child)
    return await forge(actor, LogCall(stored["id"], outcome).pack())
