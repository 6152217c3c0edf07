"""Calling the roll: a teacher marks in the list of the day who is missing, who comes late, who has come (A5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import moved_text, redraw, school_end, touch_lists
from bot.actions.absence.inquiries import end, settle_inquiries
from bot.actions.absence.record import Facts, record, withdraw
from bot.actions.calendar import school_calendar
from bot.actions.care.calm import is_calm
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.absence_taps import DayListTap, ListStep
from bot.domain.errors import NotPermitted
from bot.domain.morning import (
    MARK_BEFORE,
    OPEN_INQUIRIES,
    HomeHasTold,
    InquiryState,
    ListView,
    NotYetOrOver,
    OldList,
    Section,
    section_of,
)
from bot.domain.outgoing import Lane
from bot.domain.people import Actor, Child
from bot.i18n import Texts
from storage.models import Inquiry
from storage.queries.absence import AbsenceRow, change_absence, hold_absences
from storage.queries.audit import audit
from storage.queries.daylists import DayListRow, change_day_list, find_own_list, list_arrangements
from storage.queries.inquiries import add_inquiry, hold_inquiries
from storage.queries.people import access_pupil
from storage.queries.threads import may_read_class

_VIEWS = {ListStep.LIST: ListView.LIST, ListStep.MISSING: ListView.MISSING, ListStep.LATE: ListView.LATE}
_NOT_HERE = Facts(AbsenceKind.ABSENT, AbsenceReason.UNKNOWN)
_CAME_LATE = Facts(AbsenceKind.LATE, AbsenceReason.UNKNOWN)


class Marked(StrEnum):
    """What a tap in a list did."""

    VIEW = "view"
    MISSING = "missing"
    """The home is asked when the time of grace is over."""
    NOT_ASKED = "not_asked"
    """Marked, but the school is in touch with the home already."""
    TAKEN_BACK = "taken_back"
    HERE = "here"
    SAME = "same"
    """It stood there just so."""
    MOVED = "moved"
    """The list stands in a newer message."""


@dataclass(frozen=True, slots=True)
class RollTap:
    """The answer to a tap in a list; the list itself is drawn anew by the queue. `moved` is for an older message.

    `in_peace`: the home that is about to be asked is left in peace; somebody's voice is kinder than a question (B8).
    """

    marked: Marked
    child: Child | None = None
    moved: str = ""
    in_peace: bool = False


async def use_list(uow: UnitOfWork, actor: Actor, tr: Texts, tap: DayListTap, message_id: int | None) -> RollTap:
    """Do what a button in a list of the day says.

    Args:
        message_id: of the message that was tapped; an older one than the live list only says where the list is.

    Raises:
        NotPermitted: the class or the pupil is not the actor's, or the actor has no such list.
        OldList: the list is another day's. NotYetOrOver: pupils cannot be marked now.
        HomeHasTold: the home has given notice, so nobody is marked or asked.
    """
    own = await _own_list(uow, actor, tap)
    if None not in (message_id, own.message_id) and own.message_id != message_id:
        return RollTap(Marked.MOVED, moved=moved_text(tr, own.class_name, own.day))
    if own.day != uow.today:
        raise OldList(day=own.day)
    if tap.step in _VIEWS:
        await change_day_list(uow, own.id, view=_VIEWS[tap.step], page=max(tap.page, 0))
        await redraw(uow, own, Lane.URGENT)
        await uow.commit()
        return RollTap(Marked.VIEW)
    await _check_time(uow)
    child = await access_pupil(uow, actor, tap.pupil)
    if child.class_id != tap.class_id:
        raise NotPermitted
    marked = await _MARKING[tap.step](uow, actor, child)
    await audit(uow, actor.person_id, f"daylist.{tap.step.name.lower()}", "pupil", child.id, outcome=marked)
    await touch_lists(uow, [child.id], [uow.today], hurry=actor.person_id)
    in_peace = marked is Marked.MISSING and bool(await is_calm(uow, [child.id]))
    await uow.commit()
    return RollTap(marked, child, in_peace=in_peace)


async def _own_list(uow: UnitOfWork, actor: Actor, tap: DayListTap) -> DayListRow:
    if not await may_read_class(uow, actor, tap.class_id) or not 1 <= tap.day <= date.max.toordinal():
        raise NotPermitted
    own = await find_own_list(uow, tap.class_id, date.fromordinal(tap.day), actor.person_id)
    if own is None:
        raise NotPermitted
    return own


async def _check_time(uow: UnitOfWork) -> None:
    hours = uow.school.hours
    begin = uow.school.at(datetime.combine(uow.today, hours.start)) - MARK_BEFORE
    calendar = await school_calendar(uow, uow.today, uow.today)
    if not calendar.is_school_day(uow.today) or not begin <= uow.now < school_end(uow, uow.today):
        local = uow.school.local(begin)
        raise NotYetOrOver(start=local.time().replace(tzinfo=None), end=hours.end)


async def _stands(uow: UnitOfWork, child: Child) -> tuple[Section, AbsenceRow | None]:
    """Return where a pupil stands today, held until this transaction ends."""
    for row in await hold_absences(uow, [child.id], [uow.today]):
        if row.is_active:
            return section_of(row.kind, row.reason), row
    return Section.HERE, None


async def _mark(uow: UnitOfWork, actor: Actor, child: Child) -> Marked:
    section, _ = await _stands(uow, child)
    if section is Section.MISSING:
        return Marked.SAME
    if section is not Section.HERE:
        raise HomeHasTold(child=child.name)
    await _record_unless_told(uow, actor, child, _NOT_HERE)
    if await list_arrangements(uow, [child.id], uow.today):
        return Marked.NOT_ASKED
    await _start_inquiry(uow, actor, child)
    return Marked.MISSING


async def _record_unless_told(uow: UnitOfWork, actor: Actor, child: Child, facts: Facts) -> int:
    """Store what a teacher noticed; what a home has just told in another transaction stands."""
    (stored,) = await record(
        uow, [child.id], [uow.today], facts, source=AbsenceSource.SCHOOL, reported_by=actor.person_id
    )
    before = stored.before
    if before is not None and before.is_active and section_of(before.kind, before.reason) is not Section.MISSING:
        raise HomeHasTold(child=child.name)
    return stored.absence_id


async def _start_inquiry(uow: UnitOfWork, actor: Actor, child: Child) -> None:
    """Let the home be asked when the time of grace is over: until then nothing goes out."""
    held = await hold_inquiries(uow, [child.id], uow.today, frozenset(InquiryState))
    inquiry = held[0] if held else await add_inquiry(uow, child.id, uow.today, actor.person_id)
    if inquiry is None or (held and inquiry.state in OPEN_INQUIRIES):
        return  # somebody else has just marked the pupil
    if held:
        _begin_again(inquiry)
    inquiry.marked_by, inquiry.marked_at = actor.person_id, uow.now
    inquiry.due_at = uow.now + uow.school.undo
    await uow.flush()


def _begin_again(inquiry: Inquiry) -> None:
    """Make an ended inquiry the next round of the same day's."""
    inquiry.state, inquiry.round = InquiryState.ASKING, inquiry.round + 1
    inquiry.asked, inquiry.asked_at, inquiry.calls, inquiry.unknown_at_home = [], None, 0, False
    inquiry.answered_by = inquiry.outcome = inquiry.outcome_by = inquiry.outcome_at = None
    inquiry.waits_until = inquiry.ended_at = None


async def miss_again(uow: UnitOfWork, pupils: Collection[int]) -> None:
    """Let pupils be missing again for whose absence there is no reason any more, and nobody has seen them.

    They were noticed today, the home gave a reason, and takes it back. While school is on the home is asked anew. The
    caller holds the absences, redraws the lists and commits.
    """
    for inquiry in await hold_inquiries(uow, pupils, uow.today, {InquiryState.EXPLAINED}):
        assert inquiry.id is not None  # noqa: S101  (stored)
        noticed_by = inquiry.marked_by
        pupil, source = inquiry.pupil_id, AbsenceSource.SCHOOL
        await record(uow, [pupil], [uow.today], _NOT_HERE, source=source, reported_by=noticed_by)
        if uow.now < school_end(uow, uow.today):
            _begin_again(inquiry)
            inquiry.due_at = uow.now + uow.school.undo
        await audit(uow, None, "inquiry.again", "inquiry", inquiry.id, pupil=pupil)
    await uow.flush()


async def _unmark(uow: UnitOfWork, actor: Actor, child: Child) -> Marked:
    section, _ = await _stands(uow, child)
    if section is not Section.MISSING:
        return Marked.SAME
    await withdraw(uow, [child.id], [uow.today])
    for inquiry in await hold_inquiries(uow, [child.id], uow.today):
        if not inquiry.asked and inquiry.state is InquiryState.ASKING:
            await end(uow, inquiry, InquiryState.CANCELLED, by=actor.person_id)
    await settle_inquiries(uow, [child.id], uow.today, by=actor.person_id, arrived=True)
    return Marked.TAKEN_BACK


async def _late(uow: UnitOfWork, actor: Actor, child: Child) -> Marked:
    section, _ = await _stands(uow, child)
    if section in {Section.MISSING, Section.LATE}:
        return await _arrived(uow, actor, child)
    if section is not Section.HERE:
        raise HomeHasTold(child=child.name)
    absence_id = await _record_unless_told(uow, actor, child, _CAME_LATE)
    await change_absence(uow, absence_id, arrived_at=uow.now)
    return Marked.HERE


async def _arrived(uow: UnitOfWork, actor: Actor, child: Child) -> Marked:
    section, row = await _stands(uow, child)
    if row is None or section not in {Section.MISSING, Section.LATE} or row.arrived_at is not None:
        return Marked.SAME
    if section is Section.MISSING:
        await _record_unless_told(uow, actor, child, _CAME_LATE)
    await change_absence(uow, row.id, arrived_at=uow.now)
    await settle_inquiries(uow, [child.id], uow.today, by=actor.person_id, arrived=True)
    return Marked.HERE


async def _unlate(uow: UnitOfWork, _: Actor, child: Child) -> Marked:
    section, row = await _stands(uow, child)
    if row is None or section is not Section.LATE or row.arrived_at is None:
        return Marked.SAME
    if row.source is AbsenceSource.SCHOOL:
        await withdraw(uow, [child.id], [uow.today])
    else:
        await change_absence(uow, row.id, arrived_at=None)
    return Marked.TAKEN_BACK


_MARKING: dict[ListStep, Callable[[UnitOfWork, Actor, Child], Awaitable[Marked]]] = {
    ListStep.MARK: _mark,
    ListStep.UNMARK: _unmark,
    ListStep.CAME_LATE: _late,
    ListStep.UNLATE: _unlate,
    ListStep.ARRIVED: _arrived,
}
