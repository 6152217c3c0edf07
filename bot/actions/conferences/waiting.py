"""The waiting list of a round: a time that becomes free is kept for the first in line, then for the next (M4)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import Progress, UnitOfWork
from bot.actions.conferences.book import pass_kept
from bot.actions.conferences.desk import Access, Desk, access_booking, free_days, hold_home, open_desk
from bot.actions.conferences.tell import OFFERED, touch_board
from bot.actions.conferences.words import takes_part, talk_head, time_text
from bot.actions.readers import reader_texts
from bot.domain.conference_slots import Held, pass_on, slots_needed
from bot.domain.conference_taps import BookSlot, BookStep, WaitStep, WaitTap, Wish
from bot.domain.conferences import TalkPlace
from bot.domain.events import EventOver, EventState
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.conference_times import (
    change_slots,
    count_offers,
    hold_round,
    hold_slots,
    join_line,
    leave_line,
    list_line,
    list_passing_on,
)
from storage.queries.conferences import PupilRow, RoundRow, find_round, list_round_pupils
from storage.queries.people import GuardianOf, list_guardians_of


@dataclass(frozen=True, slots=True)
class WaitView:
    """How a home stands in line; `free` times can be had at once by anybody."""

    desk: Desk
    free: int
    place: int


async def join(uow: UnitOfWork, actor: Actor, event_id: int, pupil_id: int) -> WaitView:
    """Let a home wait for a time to become free; who has a talk or stands in line already stays as they are.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`. EventOver: no time lies ahead.
    """
    access = await access_booking(uow, actor, pupil_id, event_id=event_id)
    await hold_home(uow, access)
    await hold_round(uow, event_id)  # who frees a time at this moment sees this home in line, or this home the time
    access = await access_booking(uow, actor, pupil_id, event_id=event_id)
    desk = await open_desk(uow, actor, access)
    if all(slot.starts_at <= uow.now for slot in desk.slots):
        raise EventOver
    if desk.talk is None and await join_line(uow, event_id, pupil_id, actor.person_id):
        await audit(uow, actor.person_id, "talk.wait", "event", event_id, pupil=pupil_id)
        await touch_board(uow, access.row)
    view = await _view(uow, actor, access)
    await uow.commit()
    return view


async def leave(uow: UnitOfWork, actor: Actor, event_id: int, pupil_id: int) -> WaitView:
    """Take a home out of the line; a time that is kept for it goes to the next.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`.
    """
    return await _let_go(uow, actor, event_id, pupil_id, stay=False)


async def let_pass(uow: UnitOfWork, actor: Actor, event_id: int, pupil_id: int) -> WaitView:
    """Let the time that is kept for a home go to the next in line; the home goes on waiting for another.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`.
    """
    return await _let_go(uow, actor, event_id, pupil_id, stay=True)


async def _let_go(uow: UnitOfWork, actor: Actor, event_id: int, pupil_id: int, *, stay: bool) -> WaitView:
    access = await access_booking(uow, actor, pupil_id, event_id=event_id)
    await hold_home(uow, access)
    await hold_round(uow, event_id)
    kept = [
        one.id
        for one in (await hold_slots(uow, event_id)).values()
        if one.held_until is not None and one.held_pupil_id == pupil_id
    ]
    await pass_kept(uow, access.row, pupil_id, kept, stays=stay)
    if not stay:
        await leave_line(uow, event_id, pupil_id)
        await audit(uow, actor.person_id, "talk.wait_no_more", "event", event_id, pupil=pupil_id)
    await touch_board(uow, access.row)
    view = await _view(uow, actor, access)
    await uow.commit()
    return view


async def _view(uow: UnitOfWork, actor: Actor, access: Access) -> WaitView:
    desk = await open_desk(uow, actor, access)
    line = [one.pupil_id for one in await list_line(uow, desk.row, 1)]
    place = line.index(access.child.id) + 1 if access.child.id in line else 0
    return WaitView(desk, sum(n for _, n in free_days(uow, desk)), place)


async def pass_on_due(uow: UnitOfWork) -> Progress:
    """Give times whose turn is over to the next in line, or to everybody; a round at a time."""
    due = await list_passing_on(uow, 2)
    if not due:
        return Progress(0, more=False)
    await _pass_on(uow, due[0])
    await uow.commit()
    return Progress(1, more=len(due) > 1)


async def _pass_on(uow: UnitOfWork, event_id: int) -> None:
    await hold_round(uow, event_id)
    row = await find_round(uow, event_id)
    slots = list((await hold_slots(uow, event_id)).values())
    if row.state is not EventState.OPEN:
        await change_slots(uow, [one.id for one in slots if one.held_until], held_until=None, held_pupil_id=None)
        return
    line = await list_line(uow, row, slots_needed(row.minutes, row.long_minutes, interpreted=True))
    pupils = {one.id: one for one in await list_round_pupils(uow, row.class_id, [one.pupil_id for one in line])}
    told = {one.pupil_id for one in await list_guardians_of(uow, pupils) if one.enrolled}
    out = {one.pupil_id for one in line} - told  # of another class by now, or nobody may be told (any more)
    holds, free = pass_on(slots, line, pause=row.pause, now=uow.now, school=uow.school, out=out)
    await change_slots(uow, free, held_until=None, held_pupil_id=None)
    for held in holds:
        await change_slots(uow, held.offer.ids, held_pupil_id=held.pupil_id, held_until=held.until)
        await _offer(uow, row, held, pupils[held.pupil_id])
    if holds:
        await count_offers(uow, event_id, [held.pupil_id for held in holds])
    await touch_board(uow, row)


async def _offer(uow: UnitOfWork, row: RoundRow, held: Held, child: PupilRow) -> None:
    """Tell the pupil's guardians of the time that is kept for them, and until when."""
    guardians = [one for one in await list_guardians_of(uow, [held.pupil_id]) if one.enrolled]
    await enqueue(uow, *(_offer_message(uow, row, held, child, one) for one in guardians))
    await audit(uow, None, "talk.offer", "slot", held.offer.first.id, event=row.id, pupil=held.pupil_id)


def _offer_message(uow: UnitOfWork, row: RoundRow, held: Held, child: PupilRow, guardian: GuardianOf) -> Message:
    tr = reader_texts(uow, guardian.language)
    until = uow.school.local(held.until).replace(tzinfo=None, second=0, microsecond=0)
    first = held.offer.first
    lines = [
        talk_head(tr, child.name),
        tr.gettext("A time has become free:"),
        Html(f"📅 <b>{time_text(tr, uow.school, first.starts_at, held.offer.ends_at)}</b>"),
        tr.gettext("It is kept for you until {moment}.", moment=until),
    ]
    return Message(
        guardian.person_id,
        OutgoingKind.MESSAGE,
        Html("\n".join(lines)),
        f"{OFFERED}:{first.id}:{guardian.person_id}:{held.until:%Y%m%d%H%M%S}",
        buttons=_offer_buttons(tr, row, held, child),
        due_at=held.told_at,
        expires_at=held.until,
        about=OFFERED,
        about_id=first.id,
        pupil_id=child.id,
    )


def _offer_buttons(tr: Texts, row: RoundRow, held: Held, child: PupilRow) -> Rows:
    plain = tr.plain
    right = takes_part(child.birth_date, held.offer.first.day)
    take = BookSlot(child.id, held.offer.first.id, BookStep.SHOW, TalkPlace(row.places[0]), right, Wish())
    return rows(
        [Button("✅ " + plain.gettext("Take this time"), take.pack())],
        [Button("▶️ " + plain.gettext("Let it go to the next"), WaitTap(row.id, child.id, WaitStep.NEXT).pack())],
        [Button("✖️ " + plain.gettext("Stop waiting"), WaitTap(row.id, child.id, WaitStep.LEAVE).pack())],
    )
