"""Absences by pupil and day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource, AbsenceState
from storage.models import Absence, DayOff
from storage.session import UnitOfWork
from storage.sql import prepared, table

_ABSENCE = table(Absence)


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence as stored."""

    id: int
    pupil_id: int
    day: date
    kind: AbsenceKind
    reason: AbsenceReason
    starts: time | None
    ends: time | None
    source: AbsenceSource
    state: AbsenceState
    version: int
    reported_by: int | None
    arrived_at: datetime | None
    leave_id: int | None

    @property
    def is_active(self) -> bool:
        return self.state is AbsenceState.ACTIVE


_COLUMNS = tuple(
    _ABSENCE.c[name]
    for name in (
        "id", "pupil_id", "day", "kind", "reason", "starts", "ends", "source", "state", "version", "reported_by",
        "arrived_at", "leave_id",
    )
)  # fmt: skip


def _row(found: Any) -> AbsenceRow:
    return AbsenceRow(*found)


_HELD = (
    sa.select(*_COLUMNS)
    .where(
        _ABSENCE.c.pupil_id.in_(sa.bindparam("pupils", expanding=True)),
        _ABSENCE.c.day.in_(sa.bindparam("days", expanding=True)),
    )
    .order_by(_ABSENCE.c.pupil_id, _ABSENCE.c.day)
)
_HELD_LOCKED = _HELD.with_for_update()


async def hold_absences(uow: UnitOfWork, pupils: Collection[int], days: Collection[date]) -> list[AbsenceRow]:
    """Return what is stored for these pupils on these days, held until this transaction ends; withdrawn ones too."""
    statement = _HELD if uow.sqlite else _HELD_LOCKED
    return [_row(found) for found in await uow.execute(statement, {"pupils": list(pupils), "days": list(days)})]


_ADD = prepared(
    Absence, lambda insert: insert.on_conflict_do_nothing(index_elements=["pupil_id", "day"]).returning(_ABSENCE.c.id)
)


async def add_absence(uow: UnitOfWork, values: dict[str, Any]) -> int | None:
    """Store an absence; None when there is a row for that pupil and day already, whoever was first.

    On PostgreSQL it waits for another transaction that is about to store the same one.
    """
    row = {"state": AbsenceState.ACTIVE, "version": 1, "arrived_at": None, "leave_id": None, **values}
    added: int | None = (await uow.execute(_ADD(uow), row)).scalar_one_or_none()
    return added


async def change_absence(uow: UnitOfWork, absence_id: int, **values: Any) -> None:
    """Change a held absence."""
    await uow.change(
        sa.update(_ABSENCE)
        .where(_ABSENCE.c.id == absence_id)
        .values(version=_ABSENCE.c.version + 1, changed_at=uow.now, **values)
    )


async def list_absences(uow: UnitOfWork, pupils: Collection[int], first: date, last: date) -> list[AbsenceRow]:
    """Return the active absences of pupils from `first` to `last`, by day."""
    found = await uow.execute(
        sa.select(*_COLUMNS)
        .where(
            _ABSENCE.c.pupil_id.in_(pupils),
            _ABSENCE.c.day.between(first, last),
            _ABSENCE.c.state == AbsenceState.ACTIVE,
        )
        .order_by(_ABSENCE.c.day, _ABSENCE.c.pupil_id)
    )
    return [_row(one) for one in found]


_DAYS_OFF = sa.select(col(DayOff.first), col(DayOff.last), col(DayOff.name)).order_by(col(DayOff.first))


async def list_days_off(uow: UnitOfWork) -> Sequence[tuple[date, date, str]]:
    """Return the stretches of the school's own calendar, some dozens a year."""
    return [(row[0], row[1], row[2]) for row in await uow.execute(_DAYS_OFF)]
