"""The list of the day at each contact teacher: one live message, drawn anew in place (A4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.absence.daylist_view import draw
from bot.actions.calendar import school_calendar
from bot.domain.calendar import DayOff
from bot.domain.errors import NotPermitted
from bot.domain.morning import ListView
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor, ClassInfo
from bot.i18n import Texts, find_language, texts
from bot.outbox.enqueue import Message, enqueue, payload_of
from storage.queries.audit import audit
from storage.queries.daylists import (
    ABOUT,
    DayListRow,
    RollEntry,
    add_day_list,
    ask_drawing,
    change_day_list,
    count_absent,
    find_day_list,
    find_own_list,
    list_classes_of,
    list_day_lists,
    list_roll,
    list_without_list,
)
from storage.queries.inquiries import hold_inquiries
from storage.queries.outgoing import Claimed
from storage.queries.people import find_actor_by_person, list_classes, list_own_classes
from storage.queries.threads import may_read_class

GATHERING = timedelta(seconds=1)
"""How long what homes say gathers before a list is drawn again: in the minutes before school many say something."""
MOST_NAMED = 3
"""Classes up to which the coming school day is shown by name; for more, how many are absent."""


async def touch_lists(
    uow: UnitOfWork,
    pupils: Collection[int],
    days: Collection[date],
    *,
    hurry: int | None = None,
    teachers: Mapping[int, Sequence[tuple[int, str]]] | None = None,
) -> None:
    """Let the lists of the day follow what was stored about pupils; the caller commits.

    Lists that have not come yet come now, unless school is over or closed. Days other than today cost nothing.

    Args:
        hurry: the person who has tapped in a list and looks at it.
        teachers: the pupils' classes with their contact teachers, (id, name), by one who has them and has called
            `settle_inquiries` for these pupils: then only the lists are asked for.
    """
    if not pupils or uow.today not in days:
        return
    if teachers is None and not uow.sqlite:
        # whoever changes inquiries and lists takes the inquiries first, so that nobody locks another out
        await hold_inquiries(uow, pupils, uow.today)
    classes = await list_classes_of(uow, pupils) if teachers is None else sorted(teachers)
    there = await list_day_lists(uow, classes, uow.today)
    new: set[int] = set()
    if teachers is None or not _have_lists(teachers, there):
        new = await _send_first(uow, classes)
    for one in there:
        if one.id not in new:
            looks = one.person_id == hurry
            await redraw(uow, one, Lane.URGENT if looks else Lane.ORDINARY, after=timedelta() if looks else GATHERING)


def _have_lists(teachers: Mapping[int, Sequence[tuple[int, str]]], there: Sequence[DayListRow]) -> bool:
    """Tell whether every contact teacher has the list of the own class."""
    return {(c, person) for c, them in teachers.items() for person, _ in them} <= {
        (o.class_id, o.person_id) for o in there
    }


async def redraw(
    uow: UnitOfWork, one: DayListRow, lane: Lane = Lane.ORDINARY, *, after: timedelta = timedelta()
) -> None:
    """Ask for a list to be drawn again where it stands; asks that come within `after` are one drawing."""
    if one.outgoing_id is not None:
        await ask_drawing(uow, one, edits_id=one.outgoing_id, due_at=uow.now + after, lane=lane)


def school_end(uow: UnitOfWork, day: date) -> datetime:
    """Return when school ends on a day (UTC)."""
    return uow.school.at(datetime.combine(day, uow.school.hours.end))


def list_from(uow: UnitOfWork, day: date) -> datetime:
    """Return when the list of a day comes by itself (UTC)."""
    return uow.school.at(datetime.combine(day, uow.school.hours.start)) - uow.school.list_before


async def send_lists(uow: UnitOfWork) -> int:
    """Send today's lists when their time has come, also late in the morning after a restart; return how many.

    A school without a time for them (`list_before` of nothing) gets them when a home reports, or when asked for.
    """
    if not uow.school.list_before or uow.today.weekday() >= 5:
        return 0
    if not list_from(uow, uow.today) <= uow.now < school_end(uow, uow.today):
        return 0
    sent = await _send_first(uow, None)
    if sent:
        await uow.commit()
    return len(sent)


async def _send_first(uow: UnitOfWork, classes: Collection[int] | None) -> set[int]:
    """Send today's list to the contact teachers who have none; return the lists."""
    end = school_end(uow, uow.today)
    if uow.now >= end or not (waiting := await list_without_list(uow, uow.today, classes)):
        return set()
    if not (await school_calendar(uow, uow.today, uow.today)).is_school_day(uow.today):
        return set()
    sent = set()
    for class_id, person_id in waiting:
        list_id = await add_day_list(uow, class_id, uow.today, person_id)
        if list_id is not None:
            await _send_live(uow, list_id, due_at=uow.school.considerate(uow.now), expires_at=end)
            sent.add(list_id)
    return sent


async def _send_live(
    uow: UnitOfWork, list_id: int, *, due_at: datetime, expires_at: datetime | None, lane: Lane = Lane.ORDINARY
) -> None:
    one = await find_day_list(uow, list_id)
    assert one is not None  # noqa: S101  (made in this transaction, or held by the caller)
    outgoing_id = await ask_drawing(uow, one, edits_id=None, due_at=due_at, expires_at=expires_at, lane=lane)
    await change_day_list(uow, list_id, outgoing_id=outgoing_id, view=ListView.LIST, page=0)
    if one.outgoing_id not in (None, outgoing_id):
        await _leave_old(uow, one)


async def _leave_old(uow: UnitOfWork, one: DayListRow) -> None:
    """Empty the message that was live until now: what it shows would grow old."""
    actor = await find_actor_by_person(uow, one.person_id)
    tr = _texts(uow, actor)
    await enqueue(
        uow,
        Message(
            one.person_id, OutgoingKind.REPORT, moved_text(tr, one.class_name, one.day),
            f"{ABOUT}-moved:{one.outgoing_id}", edits_id=one.outgoing_id, about=f"{ABOUT}_moved", about_id=one.id,
        ),
    )  # fmt: skip


def moved_text(tr: Texts, class_name: str, day: date) -> str:
    """Return what stands where a list stood."""
    return tr.gettext("📋 {school_class}, {day}: the list stands further down now.", school_class=class_name, day=day)


def _texts(uow: UnitOfWork, actor: Actor | None) -> Texts:
    return texts(find_language(actor.language if actor else None) or uow.school.language)


async def draw_day_list(uow: UnitOfWork, row: Claimed) -> dict[str, Any] | None:
    """Draw a list when its message leaves or is changed; None when it is not live any more, or not for the reader."""
    one = await find_day_list(uow, row.about_id)
    if one is None or one.outgoing_id != (row.edits_id or row.id):
        return None
    actor = await find_actor_by_person(uow, one.person_id)
    if actor is None or not await may_read_class(uow, actor, one.class_id):
        return None
    drawn = await draw(uow, _texts(uow, actor), one, actor)
    return payload_of(Message(one.person_id, row.kind, drawn.text, "", buttons=drawn.buttons, silent=True))


@dataclass(frozen=True, slots=True)
class Coming:
    """What is known of a class on a day: its pupils who are not to be expected as usual."""

    school_class: ClassInfo
    entries: tuple[RollEntry, ...]


@dataclass(frozen=True, slots=True)
class TodayView:
    """What /today shows besides the list itself.

    Attributes:
        day: today, or without school today the next school day, None when there is none for months.
        classes: to choose from, each with how many are absent on `day`; empty when the list is on its way.
        day_off: why there is no list today.
        coming: without school today and for few classes, who is known to be absent on `day`.
    """

    day: date | None
    classes: tuple[tuple[ClassInfo, int], ...] = ()
    day_off: DayOff | None = None
    coming: tuple[Coming, ...] = ()


async def open_today(uow: UnitOfWork, actor: Actor) -> TodayView:
    """Send the list of a teacher's one class anew, or return what there is to choose.

    Raises:
        NotPermitted: the actor neither teaches nor leads.
    """
    classes = await list_own_classes(uow, actor) if actor.may_write_notices else []
    if not classes:
        raise NotPermitted
    calendar = await school_calendar(uow, uow.today, uow.today)
    off = calendar.day_off(uow.today)
    if off is None and len(classes) == 1:
        await _open(uow, actor, classes[0].id)
        return TodayView(uow.today)
    day = calendar.next_school_day(uow.today) if off else uow.today
    counts = await count_absent(uow, [c.id for c in classes], day) if day else {}
    counted = tuple((c, counts.get(c.id, 0)) for c in classes)
    coming = await _coming(uow, actor, classes, day) if off and day else ()
    return TodayView(day, counted, off, coming)


async def _coming(uow: UnitOfWork, actor: Actor, classes: list[ClassInfo], day: date) -> tuple[Coming, ...]:
    if len(classes) > MOST_NAMED:
        return ()
    found = []
    for one in classes:
        entries = tuple(entry for entry in await list_roll(uow, one.id, day) if entry.absence is not None)
        await audit(uow, actor.person_id, "daylist.coming", "class", one.id, day=f"{day}")
        found.append(Coming(one, entries))
    await uow.commit()
    return tuple(found)


async def open_list(uow: UnitOfWork, actor: Actor, class_id: int) -> None:
    """Send today's list of a class anew at the bottom of the chat; that message is the live one from then on.

    Raises:
        NotPermitted: the actor neither teaches the class nor leads the school.
    """
    if not await may_read_class(uow, actor, class_id) or not await list_classes(uow, [class_id]):
        raise NotPermitted
    off = (await school_calendar(uow, uow.today, uow.today)).day_off(uow.today)
    if off is not None:
        raise NotPermitted  # the button was made on another day
    await _open(uow, actor, class_id)


async def _open(uow: UnitOfWork, actor: Actor, class_id: int) -> None:
    list_id = await add_day_list(uow, class_id, uow.today, actor.person_id)
    if list_id is None:
        own = await find_own_list(uow, class_id, uow.today, actor.person_id)
        assert own is not None  # noqa: S101  (it was there already)
        list_id = own.id
    await _send_live(uow, list_id, due_at=uow.now, expires_at=None, lane=Lane.URGENT)
    await audit(uow, actor.person_id, "daylist.open", "class", class_id)
    await uow.commit()
