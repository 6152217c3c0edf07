"""What repeats itself in a class, for its teachers and the leadership; no home ever sees it (A7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.actions.notices.compose import DraftView, pick_audience, start_notice
from bot.actions.remarks import access_class
from bot.domain.absence import AbsenceReason
from bot.domain.notices import AudienceKind
from bot.domain.patterns import SCHOOL_DAYS, AbsentDay, Pattern, find_patterns
from bot.domain.people import Actor, Child, ClassInfo
from storage.queries.absence import list_absences
from storage.queries.audit import audit
from storage.queries.people import access_pupil, list_pupils

LOOK_BACK = timedelta(days=220)
"""Days in which there are always `SCHOOL_DAYS` school days, the summer among them or not."""


@dataclass(frozen=True, slots=True)
class ClassPatterns:
    """What repeats itself in a class; `found` holds only pupils with something to tell, by name."""

    school_class: ClassInfo
    days: int
    found: tuple[tuple[Child, tuple[Pattern, ...]], ...]


async def list_patterns(uow: UnitOfWork, actor: Actor, class_id: int) -> ClassPatterns:
    """Return what repeats itself in a class over the last school days; looking is recorded.

    An absence of today that nobody has explained is left to the morning's own asking.

    Raises:
        NotPermitted: it is not the actor's class.
    """
    school_class = await access_class(uow, actor, class_id)
    days = await _school_days(uow)
    pupils = await list_pupils(uow, class_id)
    absences: dict[int, list[AbsentDay]] = {pupil.id: [] for pupil in pupils}
    for row in await list_absences(uow, list(absences), days[0], uow.today) if days else ():
        if row.day < uow.today or row.reason is not AbsenceReason.UNKNOWN:
            absences[row.pupil_id].append(AbsentDay(row.day, row.kind, row.reason))
    found = tuple(
        (pupil, tuple(patterns))
        for pupil in pupils
        if (patterns := find_patterns(days, absences[pupil.id], share=uow.school.absence_share))
    )
    await audit(uow, actor.person_id, "patterns.look", "class", class_id, pupils=[pupil.id for pupil, _ in found])
    await uow.commit()
    return ClassPatterns(school_class, len(days), found)


async def _school_days(uow: UnitOfWork) -> list[date]:
    first = uow.today - LOOK_BACK
    calendar = await school_calendar(uow, first, uow.today)
    return calendar.school_days(first, uow.today)[-SCHOOL_DAYS:]


async def write_home(uow: UnitOfWork, actor: Actor, pupil_id: int) -> DraftView:
    """Begin a message to one pupil's home; a draft that is open stays as it is.

    Raises:
        NotPermitted: the actor does not teach the pupil.
    """
    await access_pupil(uow, actor, pupil_id)
    view = await start_notice(uow, actor, fresh=True)
    return await pick_audience(uow, actor, view.id, view.version, AudienceKind.PUPIL, [pupil_id])
