"""A home asks for leave and takes it back. The days travel in buttons, the reason waits in the dialogue's row (A3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.record import withdraw
from bot.actions.absence.roll import miss_again
from bot.actions.calendar import school_calendar
from bot.actions.leave.tell import (
    ask_school,
    close_asking,
    deciders_of_days,
    tell_home,
    tell_school_withdrawn,
    view_of,
)
from bot.actions.leave.words import LeaveView
from bot.domain.absence import AbsenceDraft
from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import NotPermitted, Stale
from bot.domain.inputs import HORIZON_DAYS, read_day
from bot.domain.leave import (
    STANDING,
    LeaveIsOver,
    LeaveOverlaps,
    LeaveState,
    Week,
    calendar_week,
    check_leave,
    check_line,
    needs_leadership,
    reminder_moment,
    week_of,
)
from bot.domain.people import Actor, Child, Contact
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.leave import (
    LeaveRow,
    access_home_leave,
    add_leave,
    change_leave,
    hold_pupils,
    list_home_leave,
    list_leave_days,
    list_standing,
    list_undecided,
)
from storage.queries.people import access_child, find_contact, list_children, list_contact_teachers, list_of_age

EXPECT_FIRST = "leave.first"
EXPECT_LAST = "leave.last"
EXPECT_WHY = "leave.why"
EXPECT_REVIEW = "leave.review"
"""Everything is there and waits for one tap; another line replaces the reason."""

SHOWN = 5
"""Requests on one page: what fits on a telephone."""
KEPT_DAYS = 60
"""For how long a home still sees a request after its last day."""


@dataclass(frozen=True, slots=True)
class LeavePage:
    """What somebody sees first: own requests, requests to decide on, and for whom leave can be asked.

    `more` when further ones wait for a decision than are shown.
    """

    own: tuple[LeaveView, ...]
    to_decide: tuple[LeaveView, ...]
    more: bool
    children: tuple[Child, ...]
    of_age: tuple[str, ...]


async def leave_page(uow: UnitOfWork, actor: Actor) -> LeavePage:
    """Return a person's page about leave."""
    own = await list_home_leave(uow, actor, uow.today - timedelta(days=KEPT_DAYS), SHOWN)
    decide = await list_undecided(uow, actor, SHOWN + 1) if actor.leads or actor.teaches else []
    return LeavePage(
        tuple([await view_of(uow, row) for row in own]),
        tuple([await view_of(uow, row) for row in decide[:SHOWN]]),
        len(decide) > SHOWN,
        tuple(await list_children(uow, actor)),
        tuple(await list_of_age(uow, actor.person_id)),
    )


async def choose_children(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> list[Child]:
    """Return all own children, for choosing; the draft's must be among them.

    Raises:
        NotPermitted: one is not the actor's.
    """
    await _children(uow, actor, draft, none_yet=True)
    return await list_children(uow, actor)


async def _children(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft, *, none_yet: bool = False) -> list[Child]:
    if not draft.children and not none_yet:
        raise NotPermitted
    return [await access_child(uow, actor, pupil_id) for pupil_id in draft.children]


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """The small calendar for the first or, with `end`, the last day; `draft` is as far as it is known."""

    draft: AbsenceDraft
    children: tuple[Child, ...]
    week: Week
    end: bool


async def ask_day(
    uow: UnitOfWork, actor: Actor, draft: AbsenceDraft, *, end: bool, week: int | None = None
) -> DayQuestion:
    """Ask for the first or the last day; a typed day is understood too. Without a `week` the likely one is shown.

    Raises:
        NotPermitted: a child is not the actor's.
    """
    children = await _children(uow, actor, draft)
    question = await _day_question(uow, draft, children, end=end, week=week)
    await ask(uow, actor.person_id, EXPECT_LAST if end else EXPECT_FIRST, 0, draft=draft.encode())
    await uow.commit()
    return question


async def _day_question(
    uow: UnitOfWork, draft: AbsenceDraft, children: Sequence[Child], *, end: bool, week: int | None
) -> DayQuestion:
    since = max(draft.first, uow.today) if end and draft.first is not None else uow.today
    since = min(since, uow.today + timedelta(days=HORIZON_DAYS))
    shown = week_of(since, uow.today) if week is None else week
    calendar = await school_calendar(uow, uow.today, since + timedelta(weeks=max(shown, 0) + 1))
    if week is None:
        likely = since if calendar.is_school_day(since) else calendar.next_school_day(since)
        shown = week_of(likely or since, uow.today)
    return DayQuestion(draft, tuple(children), calendar_week(shown, uow.today, since, calendar), end)


async def read_typed(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> tuple[AbsenceDraft, bool]:
    """Return the draft with the day that was typed, and whether it was the last one.

    Raises:
        NotPermitted: a child is not the actor's. NotADate, PastDate, TooFarDate: see `read_day`.
    """
    draft = AbsenceDraft.decode(str(question.data["draft"]))
    await _children(uow, actor, draft)
    day = read_day(text, uow.today)
    if question.expects == EXPECT_LAST:
        return replace(draft, last=day), True
    return draft.with_days(day), False


async def ask_why(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> tuple[AbsenceDraft, list[Child], int]:
    """Ask for the reason; return the draft, its children and how many school days it has.

    Raises:
        NotPermitted: a child is not the actor's. InvalidInput: the days do not fit; see `check_leave`.
    """
    children = await _children(uow, actor, draft)
    days = await _check(uow, draft, children)
    await ask(uow, actor.person_id, EXPECT_WHY, 0, draft=draft.encode())
    await uow.commit()
    return draft, children, len(days)


async def _check(uow: UnitOfWork, draft: AbsenceDraft, children: Sequence[Child]) -> list[date]:
    days = check_leave(draft, uow.school.local(uow.now), uow.school, await _calendar(uow, draft))
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (`check_leave` has looked)
    standing = await list_standing(uow, [child.id for child in children], draft.first, draft.last)
    if standing:
        raise LeaveOverlaps(child=standing[0].pupil_name, first=standing[0].first, last=standing[0].last)
    return days


async def _calendar(uow: UnitOfWork, draft: AbsenceDraft) -> SchoolCalendar:
    furthest = uow.today + timedelta(days=HORIZON_DAYS)  # an absurd draft is refused, but not read day by day first
    first = min(max(draft.first or uow.today, uow.today), furthest)
    return await school_calendar(uow, first, min(max(draft.last or first, first), furthest))


@dataclass(frozen=True, slots=True)
class Decides:
    """Who decides for one child."""

    child: Child
    names: tuple[str, ...]
    leadership: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A request that waits for its confirming tap."""

    draft: AbsenceDraft
    children: tuple[Child, ...]
    days: int
    why: str
    decides: tuple[Decides, ...]


async def keep_why(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Review:
    """Keep the reason beside the days until it is sent; return what would be.

    Raises:
        NotPermitted: a child is not the actor's. NobodyReads. InvalidInput: see `check_leave` and `check_line`.
    """
    draft = AbsenceDraft.decode(str(question.data["draft"]))
    why = check_line(text)
    review, _ = await _review(uow, actor, draft, why)
    await ask(uow, actor.person_id, EXPECT_REVIEW, 0, draft=draft.encode(), why=why)
    await uow.commit()
    return review


async def _review(
    uow: UnitOfWork, actor: Actor, draft: AbsenceDraft, why: str
) -> tuple[Review, dict[int, list[Contact]]]:
    children = await _children(uow, actor, draft)
    days = await _check(uow, draft, children)
    decides, deciders = [], {}
    for child in children:
        contacts, leadership = await deciders_of_days(uow, child.id, child.class_id, len(days))
        decides.append(Decides(child, tuple(contact.name for contact in contacts), leadership))
        deciders[child.id] = contacts
    return Review(draft, tuple(children), len(days), why, tuple(decides)), deciders


async def send_leave(uow: UnitOfWork, actor: Actor, draft: AbsenceDraft) -> tuple[Review, list[LeaveView]]:
    """Send what was reviewed: a request for each child, to those who decide; the other guardians get a quiet line.

    Raises:
        Stale: it was sent already, or something else is being asked by now.
        NotPermitted: a child is not the actor's. NobodyReads. InvalidInput: see `check_leave`.
    """
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_REVIEW or question.data["draft"] != draft.encode():
        raise Stale
    await hold_pupils(uow, draft.children)
    review, deciders = await _review(uow, actor, draft, str(question.data["why"]))
    views = []
    for decides in review.decides:
        row = await _store(uow, actor, review, decides)
        view = await view_of(uow, row)
        await ask_school(uow, view, deciders[decides.child.id])
        await tell_home(uow, view, but=actor.person_id)
        await audit(uow, actor.person_id, "leave.ask", "leave", row.id, pupil=row.pupil_id, days=row.days)
        views.append(view)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return review, views


async def _store(uow: UnitOfWork, actor: Actor, review: Review, decides: Decides) -> LeaveRow:
    assert review.draft.first is not None and review.draft.last is not None  # noqa: S101, PT018  (reviewed)
    calendar = await school_calendar(uow, uow.today, uow.today)
    return await add_leave(
        uow,
        pupil_id=decides.child.id,
        asked_by=actor.person_id,
        first=review.draft.first,
        last=review.draft.last,
        days=review.days,
        why=review.why,
        why_language=actor.language,
        by_leadership=needs_leadership(review.days, uow.school),
        remind_at=reminder_moment(uow.now, uow.school, calendar),
    )


async def show_own(uow: UnitOfWork, actor: Actor, request_id: int) -> LeaveView:
    """Return a request about an own child.

    Raises:
        NotPermitted: it is about somebody else's, or there is none.
    """
    return await view_of(uow, await access_home_leave(uow, actor, request_id))


async def withdraw_leave(uow: UnitOfWork, actor: Actor, request_id: int) -> LeaveView:
    """Take a request back, or the days from today on of one that was granted; a second tap changes nothing.

    Raises:
        NotPermitted: it is about somebody else's child. LeaveIsOver: its days are over.
    """
    row = await access_home_leave(uow, actor, request_id)
    if row.state not in STANDING:
        return await view_of(uow, row)
    local = uow.school.local(uow.now)
    over = local.time().replace(tzinfo=None) >= uow.school.hours.end
    since = uow.today + timedelta(days=1) if over else uow.today
    if row.last < since:
        raise LeaveIsOver
    days = await list_leave_days(uow, row.id, since)
    await withdraw(uow, [row.pupil_id], days)
    if uow.today in days:
        await miss_again(uow, [row.pupil_id])
    changed = await change_leave(uow, row, state=LeaveState.WITHDRAWN)
    view = await view_of(uow, changed)
    await touch_lists(uow, [row.pupil_id], days)
    await close_asking(uow, view)
    if row.state is LeaveState.GRANTED:
        await tell_school_withdrawn(uow, view, await _who_knew(uow, row))
    await tell_home(uow, view, but=actor.person_id)
    await audit(uow, actor.person_id, "leave.withdraw", "leave", row.id, pupil=row.pupil_id)
    await uow.commit()
    return view


async def _who_knew(uow: UnitOfWork, row: LeaveRow) -> list[Contact]:
    """The one who granted it, and the class's contact teachers of now."""
    found = {one.person_id: one for one in await list_contact_teachers(uow, row.class_id)}
    decider = await find_contact(uow, row.decided_by) if row.decided_by is not None else None
    if decider is not None and row.by_leadership:
        found.setdefault(decider.person_id, decider)
    return list(found.values())
