"""Homes that are left in peace: in grief or a crisis nothing reminds them by itself (B8).

Why is neither asked nor stored, and the home is not told: the bot is quieter, that is all. What somebody at the school
writes by hand, urgent notices and the question where a missing pupil is come all the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.domain.errors import InvalidInput, NotPermitted
from bot.domain.inputs import read_day
from bot.domain.marking import N_
from bot.domain.people import Actor, Child, ClassInfo
from storage.queries.audit import audit
from storage.queries.calm import (
    access_calm_pupil,
    add_calm,
    change_calm,
    hold_calm,
    list_calm_of,
    list_calm_pupils,
    list_contact_classes,
)
from storage.queries.dialogue import OpenQuestion, ask, close_question
from storage.queries.leave import list_family
from storage.queries.people import list_own_classes, list_pupils

EXPECT_DAY = "calm.day"

WEEKS = (1, 2, 4)
"""What the buttons offer."""
MOST_DAYS = 183
"""Half a year; then somebody looks again whether the home still wants peace."""


class TooLongInPeace(InvalidInput):
    code = "too_long_in_peace"
    sentence = N_("That is more than half a year away. Choose a day until {day}; it can be made longer then.")


@dataclass(frozen=True, slots=True)
class CalmHomeView:
    """A pupil whose homes are left in peace; `until` is None for those who only need to know that it holds."""

    pupil_id: int
    name: str
    class_name: str
    until: date | None


@dataclass(frozen=True, slots=True)
class CalmPupil:
    """One pupil whose homes can be left in peace, and until when they are."""

    child: Child
    until: date | None


async def is_calm(uow: UnitOfWork, pupil_ids: Collection[int]) -> set[int]:
    """Return those of these pupils whose homes are left in peace today."""
    return set(await list_calm_pupils(uow, pupil_ids))


def leaves_alone(pupils: Collection[int], calm: Collection[int]) -> bool:
    """Tell whether a reminder about these pupils disturbs a home in peace: it is about nobody else."""
    return bool(pupils) and set(pupils) <= set(calm)


async def list_homes(uow: UnitOfWork, actor: Actor) -> list[CalmHomeView]:
    """Return the homes in peace in the actor's classes; until when only to those who may change it.

    Raises:
        NotPermitted: the actor neither teaches nor leads.
    """
    classes = await _classes(uow, actor)
    contact = await list_contact_classes(uow, actor)
    views = []
    for row in await list_calm_of(uow, [one.id for one in classes]):
        if actor.person_id in await list_family(uow, row.pupil_id):
            continue  # a home is not told, also when somebody of it works here
        until = row.until if actor.leads or row.class_id in contact else None
        views.append(CalmHomeView(row.pupil_id, row.pupil_name, row.class_name, until))
    return views


async def _classes(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    if not actor.may_write_notices:
        raise NotPermitted
    return await list_own_classes(uow, actor)


async def list_choosable(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    """Return the classes in which the actor may leave homes in peace.

    Raises:
        NotPermitted: the actor neither teaches nor leads.
    """
    classes = await _classes(uow, actor)
    contact = await list_contact_classes(uow, actor)
    return [one for one in classes if actor.leads or one.id in contact]


async def list_choosable_pupils(uow: UnitOfWork, actor: Actor, class_id: int) -> list[Child]:
    """Return the pupils of such a class by name.

    Raises:
        NotPermitted: it is none of those classes.
    """
    if class_id not in {one.id for one in await list_choosable(uow, actor)}:
        raise NotPermitted
    return await list_pupils(uow, class_id)


async def open_pupil(uow: UnitOfWork, actor: Actor, pupil_id: int) -> CalmPupil:
    """Return how it stands with one pupil's homes.

    Raises:
        NotPermitted: the actor may not decide about them.
    """
    child = await access_calm_pupil(uow, actor, pupil_id)
    return CalmPupil(child, (await list_calm_pupils(uow, [pupil_id])).get(pupil_id))


async def leave_in_peace(uow: UnitOfWork, actor: Actor, pupil_id: int, until: date) -> CalmPupil:
    """Let nothing remind a pupil's homes by itself until a day; it ends by itself after that day.

    A period that holds gets the new last day.

    Raises:
        NotPermitted: the actor may not decide about them, or the day is over. TooLongInPeace.
    """
    child = await access_calm_pupil(uow, actor, pupil_id)
    if until < uow.today:
        raise NotPermitted
    last = uow.today + timedelta(days=MOST_DAYS)
    if until > last:
        raise TooLongInPeace(day=last)
    held = await hold_calm(uow, pupil_id)
    if held is None:
        await add_calm(uow, pupil_id, until, actor.person_id)
    else:
        await change_calm(uow, held, until=until)
    await audit(uow, actor.person_id, "calm.set", "pupil", pupil_id, until=until.isoformat())
    await close_question(uow, actor.person_id)
    await uow.commit()
    return CalmPupil(child, until)


async def leave_for_weeks(uow: UnitOfWork, actor: Actor, pupil_id: int, weeks: int) -> CalmPupil:
    """Leave a pupil's homes in peace for one of `WEEKS` from today.

    Raises:
        NotPermitted: it is none of them, or see `leave_in_peace`.
    """
    if weeks not in WEEKS:
        raise NotPermitted
    return await leave_in_peace(uow, actor, pupil_id, uow.today + timedelta(weeks=weeks))


async def ask_day(uow: UnitOfWork, actor: Actor, pupil_id: int) -> None:
    """Expect another last day as the next text.

    Raises:
        NotPermitted: the actor may not decide about them.
    """
    await access_calm_pupil(uow, actor, pupil_id)
    await ask(uow, actor.person_id, EXPECT_DAY, pupil_id)
    await uow.commit()


async def take_day(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> CalmPupil:
    """Leave the homes in peace until the day that was typed.

    Raises:
        NotADate, PastDate, TooFarDate, TooLongInPeace, NotPermitted.
    """
    return await leave_in_peace(uow, actor, question.ref_id, read_day(text, uow.today))


async def end_peace(uow: UnitOfWork, actor: Actor, pupil_id: int) -> CalmPupil:
    """End it now. A second tap finds it ended.

    Raises:
        NotPermitted: the actor may not decide about them.
    """
    child = await access_calm_pupil(uow, actor, pupil_id)
    held = await hold_calm(uow, pupil_id)
    if held is not None:
        await change_calm(uow, held, ended_at=uow.now, ended_by=actor.person_id)
        await audit(uow, actor.person_id, "calm.end", "pupil", pupil_id)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return CalmPupil(child, None)
