"""Small remarks that a teacher notes by a tap; homes read them in the overview and the monthly report (A6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.domain.errors import NotPermitted
from bot.domain.followup import RemarkDayOver, RemarkKind, remark_days
from bot.domain.people import Actor, Child, ClassInfo
from storage.queries.audit import audit
from storage.queries.followup import add_remark, list_class_remarks, remove_remark
from storage.queries.people import list_own_classes, list_pupils


@dataclass(frozen=True, slots=True)
class RemarkSheet:
    """The pupils of a class on a day, and what is noted about them.

    `days` are the days that can be chosen, the likely one first; `day` is one of them.
    """

    school_class: ClassInfo
    day: date
    days: tuple[date, ...]
    pupils: tuple[Child, ...]
    noted: dict[RemarkKind, frozenset[int]]


async def remark_classes(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    """Return the classes about whose pupils the actor may note and see things.

    Raises:
        NotPermitted: the actor neither teaches nor leads.
    """
    if not actor.may_write_notices:
        raise NotPermitted
    return await list_own_classes(uow, actor)


async def access_class(uow: UnitOfWork, actor: Actor, class_id: int) -> ClassInfo:
    """Return one of the classes that the actor teaches, or any for the leadership.

    Raises:
        NotPermitted: it is not the actor's class.
    """
    found = next((one for one in await remark_classes(uow, actor) if one.id == class_id), None)
    if found is None:
        raise NotPermitted
    return found


async def open_sheet(uow: UnitOfWork, actor: Actor, class_id: int, ordinal: int = 0) -> RemarkSheet:
    """Return a class's remarks on a day.

    Args:
        ordinal: the day as `date.toordinal`; 0 is the likely one, today or the last school day.

    Raises:
        NotPermitted: it is not the actor's class. RemarkDayOver: the day is neither today nor the one before.
    """
    school_class = await access_class(uow, actor, class_id)
    days = tuple(remark_days(uow.today, await school_calendar(uow, uow.today, uow.today)))
    day = days[0] if ordinal == 0 and days else next((one for one in days if one.toordinal() == ordinal), None)
    if day is None:
        raise RemarkDayOver
    noted: dict[RemarkKind, set[int]] = {}
    for remark in await list_class_remarks(uow, class_id, day):
        noted.setdefault(remark.kind, set()).add(remark.pupil_id)
    pupils = tuple(await list_pupils(uow, class_id))
    return RemarkSheet(school_class, day, days, pupils, {kind: frozenset(ids) for kind, ids in noted.items()})


async def note_remark(
    uow: UnitOfWork, actor: Actor, class_id: int, ordinal: int, kind: RemarkKind, pupil_id: int, *, stands: bool
) -> RemarkSheet:
    """Note a remark about a pupil, or with `stands` False take it away; return the sheet as it is then.

    Doing the same twice, or two teachers at once, is doing it once.

    Raises:
        NotPermitted: not the actor's class, or not a pupil of it. RemarkDayOver.
    """
    sheet = await open_sheet(uow, actor, class_id, ordinal)
    if pupil_id not in {pupil.id for pupil in sheet.pupils}:
        raise NotPermitted
    if stands:
        changed = await add_remark(uow, pupil_id, sheet.day, kind, actor.person_id)
    else:
        changed = await remove_remark(uow, pupil_id, sheet.day, kind)
    if changed:
        act = "remark.note" if stands else "remark.take_away"
        await audit(uow, actor.person_id, act, "pupil", pupil_id, kind=kind, day=sheet.day.isoformat())
    after = await open_sheet(uow, actor, class_id, ordinal)
    await uow.commit()
    return after
