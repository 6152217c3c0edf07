"""What every way to an absence shares: one row per pupil and day, whoever tells it and however often (A1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.actions import UnitOfWork
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource, AbsenceState
from storage.queries.absence import AbsenceRow, add_absence, change_absence, hold_absences


class Recorded(StrEnum):
    """What became of one pupil's day."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    """It stood there already, exactly so."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told about each of the days."""

    kind: AbsenceKind
    reason: AbsenceReason
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One pupil's day after recording; `before` is the row that stood there, if any."""

    pupil_id: int
    day: date
    absence_id: int
    version: int
    outcome: Recorded
    before: AbsenceRow | None


async def record(
    uow: UnitOfWork,
    pupils: Sequence[int],
    days: Sequence[date],
    facts: Facts,
    *,
    source: AbsenceSource,
    reported_by: int | None,
    leave_id: int | None = None,
) -> list[DayRecord]:
    """Store an absence for each pupil and day; the newest report wins, and the same one twice is one.

    The caller has checked the rights and the days, tells whoever is to know, and commits. Rows are taken in the
    order of pupil and day, so that two reports at once wait for each other and never lock each other out.
    """
    records = []
    for pupil_id in sorted(pupils):
        for day in sorted(days):
            values = {
                "kind": facts.kind,
                "reason": facts.reason,
                "starts": facts.starts,
                "ends": facts.ends,
                "source": source,
                "reported_by": reported_by,
                "leave_id": leave_id,
            }
            moments = {"reported_at": uow.now, "changed_at": uow.now}
            added = await add_absence(uow, {"pupil_id": pupil_id, "day": day, **values, **moments})
            if added is not None:
                records.append(DayRecord(pupil_id, day, added, 1, Recorded.NEW, None))
                continue
            (before,) = await hold_absences(uow, [pupil_id], [day])
            if before.is_active and (_says(before) == facts or _is_settled(before, source)):
                records.append(DayRecord(pupil_id, day, before.id, before.version, Recorded.SAME, before))
                continue
            changed = {**values, "reported_at": uow.now, "arrived_at": _came(before, facts)}
            await change_absence(uow, before.id, **changed, state=AbsenceState.ACTIVE)
            outcome = Recorded.CHANGED if before.is_active else Recorded.NEW
            records.append(DayRecord(pupil_id, day, before.id, before.version + 1, outcome, before))
    return records


def _is_settled(before: AbsenceRow, source: AbsenceSource) -> bool:
    """A day of granted leave stays one, whatever a home reports for it."""
    return before.source is AbsenceSource.LEAVE and source is AbsenceSource.HOME


def _came(before: AbsenceRow, facts: Facts) -> datetime | None:
    """Return when a late pupil came: a lateness that is told afterwards does not make the pupil leave again."""
    stays = before.is_active and before.kind is AbsenceKind.LATE and facts.kind is AbsenceKind.LATE
    return before.arrived_at if stays else None


def _says(row: AbsenceRow) -> Facts:
    return Facts(row.kind, row.reason, row.starts, row.ends)


async def withdraw(uow: UnitOfWork, pupils: Collection[int], days: Collection[date]) -> list[AbsenceRow]:
    """Take back what is active for these pupils on these days; return the rows as they stood."""
    taken = [row for row in await hold_absences(uow, pupils, days) if row.is_active]
    for row in taken:
        await change_absence(uow, row.id, state=AbsenceState.WITHDRAWN)
    return taken
