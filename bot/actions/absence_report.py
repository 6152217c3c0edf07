"""What the office takes out of the absence book: lists for its own systems, a page for the wall (P6: recorded)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.domain.absence import BackwardsRange
from bot.domain.calendar import DayOff
from bot.domain.errors import InvalidInput
from bot.domain.marking import N_
from bot.domain.people import Child, ClassInfo
from storage.queries.absence import AbsenceRow, list_absences
from storage.queries.audit import audit
from storage.queries.exports import (
    AbsenceLine,
    LeaveLine,
    export_absences,
    export_leave,
    list_all_classes,
    list_pupils_of,
)


class NoSuchClass(InvalidInput):
    code = "no_such_class"
    sentence = N_("There is no class {name}. The classes are: {classes}.")


class NoClasses(InvalidInput):
    code = "no_classes"
    sentence = N_("No classes are stored yet. Import the school's files first: {command}")


async def report_absences(uow: UnitOfWork, first: date, last: date, class_name: str | None = None) -> list[AbsenceLine]:
    """Return the absences of the school or of one class; taking them out is recorded.

    Raises:
        BackwardsRange, NoSuchClass, NoClasses.
    """
    classes = await _classes(uow, first, last, class_name)
    lines = await export_absences(uow, [one.id for one in classes], first, last)
    await _record(uow, "report.absences", first, last, classes, len(lines))
    return lines


async def report_leave(uow: UnitOfWork, first: date, last: date, class_name: str | None = None) -> list[LeaveLine]:
    """Return the requests for leave of the school or of one class; taking them out is recorded.

    Raises:
        BackwardsRange, NoSuchClass, NoClasses.
    """
    classes = await _classes(uow, first, last, class_name)
    lines = await export_leave(uow, [one.id for one in classes], first, last)
    await _record(uow, "report.leave", first, last, classes, len(lines))
    return lines


@dataclass(frozen=True, slots=True)
class ClassDay:
    """A class on a day: its number of pupils, and those who are away, late, or away for a part, by name."""

    school_class: ClassInfo
    pupils: int
    absent: tuple[tuple[Child, AbsenceRow], ...]


@dataclass(frozen=True, slots=True)
class DayReport:
    """The classes of a day; `day_off` says why there is no school then."""

    day: date
    day_off: DayOff | None
    classes: tuple[ClassDay, ...]


async def report_day(uow: UnitOfWork, day: date, class_name: str | None = None) -> DayReport:
    """Return who is away on a day, class by class; taking it out is recorded.

    Raises:
        NoSuchClass, NoClasses.
    """
    classes = await _classes(uow, day, day, class_name)
    pupils = await list_pupils_of(uow, [one.id for one in classes])
    absences = {row.pupil_id: row for row in await list_absences(uow, [pupil.id for pupil in pupils], day, day)}
    calendar = await school_calendar(uow, day, day)
    found = tuple(_class_day(one, [pupil for pupil in pupils if pupil.class_id == one.id], absences) for one in classes)
    await _record(uow, "report.day", day, day, classes, sum(len(one.absent) for one in found))
    return DayReport(day, calendar.day_off(day), found)


def _class_day(school_class: ClassInfo, pupils: Sequence[Child], absences: dict[int, AbsenceRow]) -> ClassDay:
    absent = tuple((pupil, absences[pupil.id]) for pupil in pupils if pupil.id in absences)
    return ClassDay(school_class, len(pupils), absent)


async def _classes(uow: UnitOfWork, first: date, last: date, name: str | None) -> list[ClassInfo]:
    if last < first:
        raise BackwardsRange
    classes = await list_all_classes(uow)
    if not classes:
        raise NoClasses(command="skolebud roster import")
    if name is None:
        return classes
    wanted = name.strip().casefold()
    found = [one for one in classes if one.name.casefold() == wanted]
    if not found:
        raise NoSuchClass(name=name, classes=", ".join(one.name for one in classes))
    return found


async def _record(uow: UnitOfWork, act: str, first: date, last: date, classes: Sequence[ClassInfo], lines: int) -> None:
    await audit(
        uow, None, act, "school", first=first.isoformat(), last=last.isoformat(),
        classes=[one.id for one in classes], lines=lines,
    )  # fmt: skip
    await uow.commit()
