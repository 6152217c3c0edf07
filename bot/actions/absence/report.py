"""A home reports, extends, shortens and takes back absence (A1, A4); nothing is stored before the tap (A2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.inquiries import settle_inquiries
from bot.actions.absence.lines import reported_lines, withdrawn_lines
from bot.actions.absence.record import DayRecord, Facts, Recorded, record, withdraw
from bot.actions.calendar import school_calendar
from bot.domain.absence import (
    AbsenceDraft,
    AbsenceSource,
    DayIsOver,
    NothingReported,
    ReportTooLong,
    check_reportable,
)
from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Child
from bot.outbox.enqueue import enqueue
from storage.queries.absence import AbsenceRow, hold_absences, list_absences
from storage.queries.audit import audit
from storage.queries.people import access_child, list_children, list_contact_teachers, list_of_age


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a home sees after reporting.

    Attributes:
        draft: children and school days as stored; its buttons extend, shorten and withdraw.
        days: the school days, in order.
        readers: names of the contact teachers who see it.
        others: names of the other guardians who get a quiet line.
        again: it was reported just so already.
        next_day: the school day after the last one, None when there is none for months.
    """

    draft: AbsenceDraft
    children: tuple[Child, ...]
    days: tuple[date, ...]
    readers: tuple[str, ...]
    others: tuple[str, ...]
    again: bool
    next_day: date | None


async def check_draft(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> tuple[AbsenceDraft, list[Child]]:
    """Return the draft with its school days only, and its children, as it would be stored; nothing is.

    Raises:
        NotPermitted: a child is not the actor's. InvalidInput: the days do not fit; see `check_reportable`.
    """
    children = [await access_child(uow, actor, pupil_id) for pupil_id in draft.children]
    if draft.first is None or draft.last is None:
        return draft, children
    calendar = await _calendar(uow, draft)
    days = check_reportable(draft, uow.school.local(uow.now), uow.school, calendar)
    return draft.with_days(days[0], days[-1]), children


async def report_absence(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> Receipt:
    """Store a whole draft; tell the teachers' lists and the other guardians. The same report twice is one.

    Raises:
        NotPermitted: a child is not the actor's, or the draft is not whole.
        InvalidInput: the days do not fit; see `check_reportable`.
    """
    if not draft.is_whole:
        raise NotPermitted
    children = [await access_child(uow, actor, pupil_id) for pupil_id in draft.children]
    calendar = await _calendar(uow, draft)
    days = check_reportable(draft, uow.school.local(uow.now), uow.school, calendar)
    return await _store(uow, actor, draft, children, days, calendar)


async def _calendar(uow: UnitOfWork, draft: AbsenceDraft) -> SchoolCalendar:
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (the callers have looked)
    furthest = uow.today + timedelta(days=400)  # an absurd draft is refused, but not read day by day first
    first = min(max(draft.first, uow.today), furthest)
    return await school_calendar(uow, first, min(max(draft.last, first), furthest))


async def _store(
    uow: UnitOfWork,
    actor: Actor,
    draft: AbsenceDraft,
    children: Sequence[Child],
    days: list[date],
    calendar: SchoolCalendar,
) -> Receipt:
    assert draft.kind is not None and draft.reason is not None  # noqa: S101, PT018  (whole)
    facts = Facts(draft.kind, draft.reason, draft.starts, draft.ends)
    pupils = [child.id for child in children]
    records = await record(uow, pupils, days, facts, source=AbsenceSource.HOME, reported_by=actor.person_id)
    news = [one for one in records if one.outcome is not Recorded.SAME]
    messages, others = await reported_lines(uow, actor, children, records, facts)
    if news:
        await _tell(uow, actor, news)
        await enqueue(uow, *messages)
    readers = await _readers(uow, children)
    await uow.commit()
    return Receipt(
        draft.with_days(days[0], days[-1]),
        tuple(children),
        tuple(days),
        readers,
        others,
        again=not news,
        next_day=calendar.next_school_day(days[-1]),
    )


async def _tell(uow: UnitOfWork, actor: Actor, news: Sequence[DayRecord]) -> None:
    """Let the lists and the morning's questions follow, and leave a trace."""
    pupils = sorted({one.pupil_id for one in news})
    today = [one.pupil_id for one in news if one.day == uow.today]
    if today:
        await settle_inquiries(uow, today, uow.today, by=actor.person_id)
        await touch_lists(uow, today, [uow.today])
    for pupil_id in pupils:
        mine = [one for one in news if one.pupil_id == pupil_id]
        await audit(uow, actor.person_id, "absence.report", "pupil", pupil_id, days=[f"{one.day}" for one in mine])


async def _readers(uow: UnitOfWork, children: Sequence[Child]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for class_id in dict.fromkeys(child.class_id for child in children):
        names |= dict.fromkeys(contact.name for contact in await list_contact_teachers(uow, class_id))
    return tuple(names)


async def extend_absence(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> Receipt:
    """Report the next school day too, as the last one was reported ("also tomorrow").

    The draft says which day was the last one, so a second tap reports the same day again, which changes nothing.

    Raises:
        NotPermitted: a child is not the actor's. NothingReported: the last day was taken back.
        InvalidInput: the day does not fit; see `check_reportable`.
    """
    children, rows = await _held(uow, actor, draft)
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (`_held` has looked)
    last_rows = [row for row in rows if row.day == draft.last and row.is_active]
    if not last_rows:
        raise NothingReported
    calendar = await _calendar(uow, draft)
    day = calendar.next_school_day(draft.last)
    if day is None or len(calendar.school_days(draft.first, day)) > uow.school.report_days:
        raise ReportTooLong(n=uow.school.report_days)
    model = last_rows[0]
    longer = replace(draft, kind=model.kind, reason=model.reason, starts=model.starts, ends=model.ends)
    still = [child for child in children if child.id in {row.pupil_id for row in last_rows}]
    days = check_reportable(longer.with_days(day), uow.school.local(uow.now), uow.school, calendar)
    receipt = await _store(uow, actor, longer.with_days(day), still, days, calendar)
    whole = longer.with_days(draft.first, day)
    shown = calendar.school_days(draft.first, day)
    return replace(receipt, draft=replace(whole, children=tuple(c.id for c in still)), days=tuple(shown))


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

    What is over stays, and what the school itself noticed or granted as leave is not the report's to take back.
    A second tap finds nothing to take back and says so without changing anything.

    Raises:
        NotPermitted: a child is not the actor's. DayIsOver: every day of it is over.
    """
    children, rows = await _held(uow, actor, draft)
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (`_held` has looked)
    first = max(uow.today, after + timedelta(days=1) if after else draft.first)
    if draft.last < uow.today:
        raise DayIsOver(day=draft.last)
    own = [row for row in rows if row.is_active and row.source is AbsenceSource.HOME]
    chosen = sorted({row.day for row in own if row.day >= first})
    taken = await withdraw(uow, [row.pupil_id for row in own if row.day in chosen], chosen) if chosen else []
    left = tuple(sorted({row.day for row in own} - set(chosen)))
    if taken:
        await _tell_withdrawn(uow, actor, children, taken)
        await uow.commit()
    days = tuple(chosen) or tuple(sorted({row.day for row in rows if row.day >= first}))
    return Withdrawn(draft, tuple(children), days, left, again=not taken)


async def _tell_withdrawn(
    uow: UnitOfWork, actor: Actor, children: Sequence[Child], taken: Sequence[AbsenceRow]
) -> None:
    today = {row.pupil_id for row in taken if row.day == uow.today}
    if today:
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


@dataclass(frozen=True, slots=True)
class ReportStart:
    """What a report begins with: the own children, those who report alone, and the coming school days."""

    children: tuple[Child, ...]
    of_age: tuple[str, ...]
    next_days: tuple[date, ...]
    today_open: bool


async def start_report(uow: UnitOfWork, actor: Actor) -> ReportStart:
    """Return what the first screen of a report needs; `next_days` are the next two days that can be reported."""
    calendar = await school_calendar(uow, uow.today, uow.today)
    local = uow.school.local(uow.now)
    over = local.time().replace(tzinfo=None) >= uow.school.hours.end
    today_open = calendar.is_school_day(uow.today) and not over
    days = [uow.today] if today_open else []
    after = uow.today
    while len(days) < 2 and (following := calendar.next_school_day(after)) is not None:
        days.append(following)
        after = following
    return ReportStart(
        tuple(await list_children(uow, actor)),
        tuple(await list_of_age(uow, actor.person_id)),
        tuple(days),
        today_open,
    )


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


async def calendar_for(uow: UnitOfWork, first: date, last: date) -> SchoolCalendar:
    """Return the school's calendar, for a screen on which days are chosen."""
    return await school_calendar(uow, first, last)
