"""A guardian's own overview of a child's school year (A8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.followup import RemarkKind, year_start
from bot.domain.people import Actor, Child
from storage.queries.absence import AbsenceRow, list_absences
from storage.queries.audit import audit
from storage.queries.followup import RemarkRow, list_leave_ahead, list_remarks
from storage.queries.people import access_child

NEWEST = 10
"""Lines of the newest entries."""
AHEAD_DAYS = 400
"""How far ahead something reported is looked for: a school year and a bit."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a stretch of time holds about one pupil."""

    absent: dict[AbsenceReason, tuple[date, ...]]
    late: tuple[AbsenceRow, ...]
    part: tuple[AbsenceRow, ...]
    remarks: dict[RemarkKind, tuple[date, ...]]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing at all."""
        return not (self.absent or self.late or self.part or self.remarks)

    @property
    def days_absent(self) -> int:
        """Whole days, whatever the reason."""
        return sum(len(days) for days in self.absent.values())


def summarise(absences: list[AbsenceRow], remarks: list[RemarkRow]) -> Summary:
    """Sort one pupil's absences and remarks, given by day, into a summary."""
    absent: dict[AbsenceReason, list[date]] = {}
    for row in absences:
        if row.kind is AbsenceKind.ABSENT:
            absent.setdefault(row.reason, []).append(row.day)
    noted: dict[RemarkKind, list[date]] = {}
    for remark in remarks:
        noted.setdefault(remark.kind, []).append(remark.day)
    return Summary(
        {reason: tuple(absent[reason]) for reason in AbsenceReason if reason in absent},
        tuple(row for row in absences if row.kind is AbsenceKind.LATE),
        tuple(row for row in absences if row.kind is AbsenceKind.PART),
        {kind: tuple(days) for kind, days in noted.items()},
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """A child's school year so far, and what is known of the days to come.

    `newest` are the latest entries, newest first; who reported them is not part of it (P9).
    """

    child: Child
    since: date
    until: date
    summary: Summary
    newest: tuple[AbsenceRow | RemarkRow, ...]
    leave: tuple[tuple[date, date], ...]
    ahead: tuple[AbsenceRow, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show, behind or ahead."""
        return self.summary.is_empty and not self.leave and not self.ahead

    @property
    def reasons(self) -> Counter[AbsenceReason]:
        """Whole days by reason."""
        return Counter({reason: len(days) for reason, days in self.summary.absent.items()})


async def show_overview(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Overview:
    """Return the overview of one of a guardian's children; looking is recorded.

    Raises:
        NotPermitted: it is not the actor's child.
    """
    child = await access_child(uow, actor, pupil_id)
    since, today = year_start(uow.today), uow.today
    absences = await list_absences(uow, [pupil_id], since, today)
    remarks = await list_remarks(uow, [pupil_id], since, today)
    ahead = await list_absences(uow, [pupil_id], today + timedelta(days=1), today + timedelta(days=AHEAD_DAYS))
    entries: list[AbsenceRow | RemarkRow] = [*absences, *remarks]
    entries.sort(key=lambda row: row.day, reverse=True)
    overview = Overview(
        child,
        since,
        today,
        summarise(absences, remarks),
        tuple(entries[:NEWEST]),
        tuple(await list_leave_ahead(uow, pupil_id, today)),
        tuple(row for row in ahead if row.source is not AbsenceSource.LEAVE),
    )
    await audit(uow, actor.person_id, "pupil.overview", "pupil", pupil_id)
    await uow.commit()
    return overview
