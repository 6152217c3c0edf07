"""Remarks, and what a school year holds about a pupil."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.followup import RemarkKind
from bot.domain.leave import LeaveState
from storage.models import LeaveRequest, Pupil, Remark
from storage.session import UnitOfWork
from storage.sql import upsert


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark as stored."""

    pupil_id: int
    day: date
    kind: RemarkKind


async def list_remarks(uow: UnitOfWork, pupils: Collection[int], first: date, last: date) -> list[RemarkRow]:
    """Return the remarks about pupils from `first` to `last`, by day."""
    found = await uow.execute(
        sa.select(col(Remark.pupil_id), col(Remark.day), col(Remark.kind))
        .where(col(Remark.pupil_id).in_(pupils), col(Remark.day).between(first, last))
        .order_by(col(Remark.day), col(Remark.pupil_id), col(Remark.kind))
    )
    return [RemarkRow(*row) for row in found]


async def list_class_remarks(uow: UnitOfWork, class_id: int, day: date) -> list[RemarkRow]:
    """Return what was noted about the pupils of a class on a day."""
    found = await uow.execute(
        sa.select(col(Remark.pupil_id), col(Remark.day), col(Remark.kind))
        .join(Pupil, col(Pupil.id) == col(Remark.pupil_id))
        .where(col(Pupil.class_id) == class_id, col(Pupil.left_at).is_(None), col(Remark.day) == day)
    )
    return [RemarkRow(*row) for row in found]


async def add_remark(uow: UnitOfWork, pupil_id: int, day: date, kind: RemarkKind, noted_by: int) -> bool:
    """Note a remark; False when it stands there already, whoever noted it."""
    statement = (
        upsert(uow, Remark)
        .values(pupil_id=pupil_id, day=day, kind=kind, noted_by=noted_by, noted_at=uow.now)
        .on_conflict_do_nothing(index_elements=["pupil_id", "day", "kind"])
    )
    return await uow.change(statement) == 1


async def remove_remark(uow: UnitOfWork, pupil_id: int, day: date, kind: RemarkKind) -> bool:
    """Take a remark away; False when there was none."""
    return (
        await uow.change(
            sa.delete(Remark).where(col(Remark.pupil_id) == pupil_id, col(Remark.day) == day, col(Remark.kind) == kind)
        )
        == 1
    )


async def list_leave_ahead(uow: UnitOfWork, pupil_id: int, today: date) -> list[tuple[date, date]]:
    """Return the granted leave of a pupil that is not over, first and last day."""
    found = await uow.execute(
        sa.select(col(LeaveRequest.first), col(LeaveRequest.last))
        .where(
            col(LeaveRequest.pupil_id) == pupil_id,
            col(LeaveRequest.state) == LeaveState.GRANTED,
            col(LeaveRequest.last) >= today,
        )
        .order_by(col(LeaveRequest.first), col(LeaveRequest.id))
    )
    return [(row[0], row[1]) for row in found]
