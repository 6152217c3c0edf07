"""A home reports absence (A1, A4); nothing is stored before the tap (A2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.inquiries import settle_inquiries
from bot.actions.absence.lines import reported_lines
from bot.actions.absence.record import DayRecord, Facts, Recorded, record
from bot.actions.calendar import school_calendar
from bot.domain.absence import (
    TOLD_BY_HOMES,
    AbsenceDraft,
    AbsenceSource,
    check_reportable,
)
from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Child
from bot.outbox.enqueue import enqueue
from storage.queries.audit import audit
from storage.queries.circle import Circle, access_circle
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
    calendar = await draft_calendar(uow, draft)
    days = check_reportable(draft, uow.school.local(uow.now), uow.school, calendar)
    return draft.with_days(days[0], days[-1]), children


async def report_absence(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> Receipt:
    """Store a whole draft; tell the teachers' lists and the other guardians. The same report twice is one.

    Raises:
        NotPermitted: a child is not the actor's, the draft is not whole, or its reason is the school's to give.
        InvalidInput: the days do not fit; see `check_reportable`.
    """
    if not draft.is_whole or draft.reason not in TOLD_BY_HOMES:
        raise NotPermitted
    circle = await access_circle(uow, actor, draft.children)
    calendar = await draft_calendar(uow, draft)
    days = check_reportable(draft, uow.school.local(uow.now), uow.school, calendar)
    return await store_report(uow, actor, draft, circle, days, calendar)


async def draft_calendar(uow: UnitOfWork, draft: AbsenceDraft) -> SchoolCalendar:
    """Return the calendar for the days of a draft."""
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (the callers have looked)
    furthest = uow.today + timedelta(days=400)  # an absurd draft is refused, but not read day by day first
    first = min(max(draft.first, uow.today), furthest)
    return await school_calendar(uow, first, min(max(draft.last, first), furthest))


async def store_report(
    uow: UnitOfWork,
    actor: Actor,
    draft: AbsenceDraft,
    circle: Circle,
    days: list[date],
    calendar: SchoolCalendar,
) -> Receipt:
    """Store what was checked, tell whom it concerns, and commit."""
    assert draft.kind is not None and draft.reason is not None  # noqa: S101, PT018  (whole)
    facts = Facts(draft.kind, draft.reason, draft.starts, draft.ends)
    pupils = [child.id for child in circle.children]
    records = await record(uow, pupils, days, facts, source=AbsenceSource.HOME, reported_by=actor.person_id)
    news = [one for one in records if one.outcome is not Recorded.SAME]
    messages, others = reported_lines(uow, actor, circle, records, facts)
    if news:
        await _tell(uow, actor, circle, news)
        if messages:
            await enqueue(uow, *messages)
    await uow.commit()
    return Receipt(
        draft.with_days(days[0], days[-1]),
        circle.children,
        tuple(days),
        tuple(dict.fromkeys(name for them in circle.teachers.values() for _, name in them)),
        others if news else (),
        again=not news,
        next_day=calendar.next_school_day(days[-1]),
    )


async def _tell(uow: UnitOfWork, actor: Actor, circle: Circle, news: Sequence[DayRecord]) -> None:
    """Let the lists and the morning's questions follow, and leave a trace."""
    pupils = sorted({one.pupil_id for one in news})
    today = [one.pupil_id for one in news if one.day == uow.today]
    if today:
        await settle_inquiries(uow, today, uow.today, by=actor.person_id)
        # a class without a contact teacher has lists too: those that others of the school have opened
        classes = {child.class_id: circle.teachers.get(child.class_id, ()) for child in circle.only(today).children}
        await touch_lists(uow, today, [uow.today], teachers=classes)
    for pupil_id in pupils:
        mine = [one for one in news if one.pupil_id == pupil_id]
        await audit(uow, actor.person_id, "absence.report", "pupil", pupil_id, days=[f"{one.day}" for one in mine])


async def list_readers(uow: UnitOfWork, children: Sequence[Child]) -> tuple[str, ...]:
    """Return the names of the contact teachers who see what is reported for these children."""
    names: dict[str, None] = {}
    for class_id in dict.fromkeys(child.class_id for child in children):
        names |= dict.fromkeys(contact.name for contact in await list_contact_teachers(uow, class_id))
    return tuple(names)


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


async def calendar_for(uow: UnitOfWork, first: date, last: date) -> SchoolCalendar:
    """Return the school's calendar, for a screen on which days are chosen."""
    return await school_calendar(uow, first, last)
