"""A home extends, shortens and takes back what it has reported (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.lines import withdrawn_lines
from bot.actions.absence.record import withdraw
from bot.actions.absence.report import Receipt, draft_calendar, list_readers, store_report
from bot.actions.absence.roll import miss_again
from bot.actions.calendar import school_calendar
from bot.domain.absence import (
    AbsenceDraft,
    AbsenceSource,
    DayIsOver,
    NothingReported,
    ReportTooLong,
    check_reportable,
)
from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Child
from bot.outbox.enqueue import enqueue
from storage.queries.absence import AbsenceRow, hold_absences, list_absences
from storage.queries.audit import audit
from storage.queries.circle import access_circle
from storage.queries.people import access_child


async def extend_absence(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> Receipt:
    """Report the next school day too, as the last one was reported ("also tomorrow").

    The draft says which day was the last one, so a second tap reports the same day again, which changes nothing.

    Raises:
        NotPermitted: a child is not the actor's. NothingReported: the last day was taken back.
        InvalidInput: the day does not fit; see `check_reportable`.
    """
    children, rows = await _held(uow, actor, draft)
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (`_held` has looked)
    last_rows = [row for row in rows if row.day == draft.last and row.is_active and row.source is AbsenceSource.HOME]
    if not last_rows:
        raise NothingReported
    calendar = await draft_calendar(uow, draft)
    day = calendar.next_school_day(draft.last)
    if day is None or len(calendar.school_days(draft.first, day)) > uow.school.report_days:
        raise ReportTooLong(n=uow.school.report_days)
    model = last_rows[0]
    longer = replace(draft, kind=model.kind, reason=model.reason, starts=model.starts, ends=model.ends)
    circle = (await access_circle(uow, actor, [child.id for child in children])).only(
        {row.pupil_id for row in last_rows}
    )
    days = check_reportable(longer.with_days(day), uow.school.local(uow.now), uow.school, calendar)
    receipt = await store_report(uow, actor, longer.with_days(day), circle, days, calendar)
    whole = longer.with_days(draft.first, day)
    shown = calendar.school_days(draft.first, day)
    return replace(receipt, draft=replace(whole, children=tuple(c.id for c in circle.children)), days=tuple(shown))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken back; `left` are the days that stay reported, `draft` what would be reported again."""

    draft: AbsenceDraft
    children: tuple[Child, ...]
    days: tuple[date, ...]
    left: tuple[date, ...]
    again: bool


async def withdraw_absence(
    uow: UnitOfWork, actor: Actor, draft: AbsenceDraft, *, after: date | None = None
) -> Withdrawn:
    """Take back the draft's days from today on; with `after` only those later than that day (shortening).

    What is over stays, and what the school itself noticed or granted as leave is not the report's to take back, nor
    is that a pupil came late. Who was noticed as missing before the report is missing again: nobody has seen the pupil.
    A second tap finds nothing to take back and says so without changing anything.

    Raises:
        NotPermitted: a child is not the actor's. DayIsOver: every day of it is over.
    """
    children, rows = await _held(uow, actor, draft)
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (`_held` has looked)
    first = max(uow.today, after + timedelta(days=1) if after else draft.first)
    if draft.last < uow.today:
        raise DayIsOver(day=draft.last)
    own = [row for row in rows if row.is_active and row.source is AbsenceSource.HOME and row.arrived_at is None]
    chosen = sorted({row.day for row in own if row.day >= first})
    taken = await withdraw(uow, [row.pupil_id for row in own if row.day in chosen], chosen) if chosen else []
    left = tuple(sorted({row.day for row in own} - set(chosen)))
    if taken:
        await _tell_withdrawn(uow, actor, children, taken)
        await uow.commit()
    days = tuple(chosen) or tuple(sorted({row.day for row in rows if row.day >= first and not row.is_active}))
    return Withdrawn(draft, tuple(children), days, left, again=not taken)


async def _tell_withdrawn(
    uow: UnitOfWork, actor: Actor, children: Sequence[Child], taken: Sequence[AbsenceRow]
) -> None:
    today = {row.pupil_id for row in taken if row.day == uow.today}
    if today:
        await miss_again(uow, today)
        await touch_lists(uow, today, [uow.today])
    await enqueue(uow, *await withdrawn_lines(uow, actor, children, taken))
    for pupil_id in sorted({row.pupil_id for row in taken}):
        days = [f"{row.day}" for row in taken if row.pupil_id == pupil_id]
        await audit(uow, actor.person_id, "absence.withdraw", "pupil", pupil_id, days=days)


async def _held(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> tuple[list[Child], list[AbsenceRow]]:
    """Return the draft's children and what is stored for its days, held until the end of the transaction."""
    if draft.first is None or draft.last is None or not draft.children or draft.last < draft.first:
        raise NotPermitted
    children = [await access_child(uow, actor, pupil_id) for pupil_id in draft.children]
    length = min((draft.last - draft.first).days, 2 * uow.school.report_days + 60)
    days = [draft.first + timedelta(days=n) for n in range(length + 1)]
    return children, await hold_absences(uow, draft.children, days)


async def view_report(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> Receipt:
    """Return what is reported now for the draft's children, from its first day on.

    Raises:
        NotPermitted: a child is not the actor's. NothingReported: it was taken back.
    """
    if draft.first is None:
        raise NotPermitted
    found = await find_reported(uow, actor, draft.children, draft.first)
    if found is None or found.first is None or found.last is None:
        raise NothingReported
    children = [await access_child(uow, actor, pupil_id) for pupil_id in found.children]
    calendar = await school_calendar(uow, found.first, found.last)
    return Receipt(
        found,
        tuple(children),
        tuple(calendar.school_days(found.first, found.last)),
        await list_readers(uow, children),
        (),
        again=True,
        next_day=calendar.next_school_day(found.last),
    )


async def shorten_absence(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> Receipt:
    """Make the draft's last day the last one: what is reported after it without a gap is taken back.

    Raises:
        NotPermitted: a child is not the actor's. NothingReported: it was taken back.
    """
    stands = await view_report(uow, actor, draft)
    if draft.last is not None and stands.draft.last is not None and stands.draft.last > draft.last:
        await withdraw_absence(uow, actor, stands.draft, after=draft.last)
    return await view_report(uow, actor, draft)


async def find_reported(uow: UnitOfWork, actor: Actor, pupil_ids: Sequence[int], first: date) -> AbsenceDraft | None:
    """Return what a home has reported for own children from `first` on without a gap, to be taken back or extended.

    Raises:
        NotPermitted: a child is not the actor's.
    """
    for pupil_id in pupil_ids:
        await access_child(uow, actor, pupil_id)
    found = await list_absences(uow, pupil_ids, first, first + timedelta(days=uow.school.report_ahead_days * 2))
    own = [row for row in found if row.source is AbsenceSource.HOME]
    if not own:
        return None
    calendar = await school_calendar(uow, own[0].day, own[-1].day)
    last = own[0].day
    reported = {row.day for row in own}
    while (following := calendar.next_school_day(last)) is not None and following in reported:
        last = following
    children = tuple(dict.fromkeys(row.pupil_id for row in own if row.day <= last))
    model = own[0]
    return AbsenceDraft(children, own[0].day, last, model.kind, model.reason, model.starts, model.ends)


async def find_recent(uow: UnitOfWork, actor: Actor, pupil_ids: Sequence[int]) -> AbsenceDraft | None:
    """Return what is reported around today, or was until the last school day: what "also tomorrow" prolongs.

    Raises:
        NotPermitted: a child is not the actor's.
    """
    calendar = await school_calendar(uow, uow.today, uow.today)
    before = calendar.previous_school_day(uow.today)
    current = await find_reported(uow, actor, pupil_ids, uow.today)
    if current is not None and current.first is not None and current.first <= uow.today + timedelta(days=4):
        return current
    return await find_reported(uow, actor, pupil_ids, before) if before is not None else None


async def following_day(uow: UnitOfWork, last: date) -> date | None:
    """Return the school day after `last`, today at the earliest."""
    calendar = await school_calendar(uow, last, last)
    day = calendar.next_school_day(last)
    while day is not None and day < uow.today:
        day = calendar.next_school_day(day)
    return day
