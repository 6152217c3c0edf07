"""The teacher looks after a round: closes and adds times, calls off a talk or the whole round (M4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.conferences.board import RoundBoard, load_board
from bot.actions.conferences.book import free_talk
from bot.actions.conferences.tell import drop_offers, tell_guardians, touch_board
from bot.actions.conferences.words import choose_button, talk_head, time_text
from bot.actions.readers import reader_texts
from bot.actions.talks.plan import drop_talk_reminders
from bot.domain.conference_slots import (
    Planned,
    SlotTaken,
    SlotView,
    SpanOver,
    SpansOverlap,
    TalkOver,
    TooManySlots,
)
from bot.domain.conferences import MOST_SLOTS, TalkState
from bot.domain.errors import NotPermitted
from bot.domain.events import Circle, EventState
from bot.domain.inputs import read_moment
from bot.domain.messages import rows
from bot.domain.notices import AudienceKind
from bot.domain.outgoing import OutgoingKind, Reason
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.conference_times import (
    add_slots,
    change_slots,
    event_of_slot,
    hold_round,
    hold_slots,
    leave_line,
    list_line,
    list_slots,
)
from storage.queries.conferences import (
    RoundRow,
    access_round,
    change_round,
    find_booked_talk,
    list_home,
    list_talk_lines,
    list_teacher_times,
    pupil_name,
)
from storage.queries.dialogue import OpenQuestion, ask, close_question
from storage.queries.invitees import list_invitees
from storage.queries.leave import hold_pupils
from storage.queries.outgoing import drop_waiting

EXPECT_TIME = "round.time"


@dataclass(frozen=True, slots=True)
class SlotPage:
    """One time on the teacher's board."""

    board: RoundBoard
    slot: SlotView

    @property
    def place(self) -> int:
        """The day's place in the round."""
        return self.board.days.index(self.slot.day)


async def _open_round(uow: UnitOfWork, actor: Actor, event_id: int) -> RoundRow:
    row = await access_round(uow, actor, event_id)
    if row.state is not EventState.OPEN:
        raise NotPermitted
    return row


async def show_slot(uow: UnitOfWork, actor: Actor, slot_id: int) -> SlotPage:
    """Return one time with who has it.

    Raises:
        NotPermitted: there is none, or the actor does not look after its round.
    """
    row = await access_round(uow, actor, await event_of_slot(uow, slot_id))
    return await _page(uow, row, slot_id)


async def _page(uow: UnitOfWork, row: RoundRow, slot_id: int) -> SlotPage:
    board = await load_board(uow, row)
    return SlotPage(board, next(slot for slot in board.slots if slot.id == slot_id))


async def close_slot(uow: UnitOfWork, actor: Actor, slot_id: int, *, closed: bool) -> SlotPage:
    """Close a free time, or open one again: then it goes to who waits, or is free.

    Raises:
        NotPermitted: there is none, or the actor does not look after its round. SlotTaken: a home has it by now.
    """
    row = await _open_round(uow, actor, await event_of_slot(uow, slot_id))
    await hold_round(uow, row.id)
    slot = (await hold_slots(uow, row.id, [slot_id]))[slot_id]
    if slot.talk_id is not None:
        raise SlotTaken
    if slot.closed is not closed:
        waits = bool(await list_line(uow, row, 1)) and not closed
        until = uow.now if waits else None
        await change_slots(uow, [slot_id], closed=closed, held_pupil_id=None, held_until=until)
        await drop_offers(uow, [slot_id])
        act = "round.close_time" if closed else "round.open_time"
        await audit(uow, actor.person_id, act, "slot", slot_id, event=row.id)
        await touch_board(uow, row)
    page = await _page(uow, row, slot_id)
    await uow.commit()
    return page


async def call_off(uow: UnitOfWork, actor: Actor, slot_id: int) -> SlotPage:
    """Call off the talk in a time, close its times, and tell the home how to go on; a second tap changes nothing.

    Raises:
        NotPermitted: there is none, or the actor does not look after its round. TalkOver: it has begun.
    """
    row = await _open_round(uow, actor, await event_of_slot(uow, slot_id))
    slot = next(one for one in await list_slots(uow, row.id) if one.id == slot_id)
    if slot.talk_id is not None:
        talk = await find_booked_talk(uow, slot.talk_id)
        await hold_pupils(uow, await list_home(uow, talk.pupil_id))
        await hold_round(uow, row.id)
        talk = await find_booked_talk(uow, slot.talk_id)
        now = (await hold_slots(uow, row.id, [slot_id]))[slot_id]
        if talk.state is TalkState.BOOKED and now.talk_id == talk.id:
            if talk.starts_at <= uow.now:
                raise TalkOver
            when = (talk.starts_at, talk.ends_at)
            await free_talk(uow, row, talk, close=True)
            child = await pupil_name(uow, talk.pupil_id)
            pupil_id = talk.pupil_id

            def text(tr: Texts, _reader_id: int) -> Html:
                return _called_off(uow, tr, child, row.teacher, when)

            await tell_guardians(
                uow, talk, text, but=None, silent=False,
                buttons=lambda tr: rows([choose_button(tr, row.id, pupil_id)]),
            )  # fmt: skip
            await audit(uow, actor.person_id, "talk.call_off", "talk", talk.id or 0, event=row.id, pupil=pupil_id)
            await touch_board(uow, row)
    page = await _page(uow, row, slot_id)
    await uow.commit()
    return page


def _called_off(uow: UnitOfWork, tr: Texts, child: str, teacher: str, when: tuple[datetime, datetime]) -> Html:
    time = time_text(tr, uow.school, *when)
    lines = [
        talk_head(tr, child),
        tr.gettext("❌ {teacher} cannot hold the talk at this time: {time}.", teacher=teacher, time=time),
        tr.gettext("Please choose another time. We are sorry for the trouble."),
    ]
    return Html("\n".join(lines))


async def ask_time(uow: UnitOfWork, actor: Actor, event_id: int) -> RoundRow:
    """Expect the moment of one more time as the next text.

    Raises:
        NotPermitted: the actor does not look after the round.
    """
    row = await _open_round(uow, actor, event_id)
    await ask(uow, actor.person_id, EXPECT_TIME, event_id)
    await uow.commit()
    return row


async def add_time(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> RoundBoard:
    """Add one time, written like "1.12 14:00"; it goes to who waits, or is free.

    Raises:
        NotPermitted: the actor does not look after the round. NotADate, NotATime, PastDate, PastMoment, TooFarDate,
        SpansOverlap, TooManySlots: it does not fit.
    """
    row = await _open_round(uow, actor, question.ref_id)
    wall = read_moment(text, uow.school.local(uow.now).replace(tzinfo=None))
    begin = uow.school.at(wall)
    wall = uow.school.local(begin).replace(tzinfo=None)
    planned = Planned(wall.date(), wall.time(), begin, begin + timedelta(minutes=row.minutes))
    if begin <= uow.now:
        raise SpanOver
    await hold_round(uow, row.id)
    there = await list_slots(uow, row.id)
    if len(there) >= MOST_SLOTS:
        raise TooManySlots(n=len(there) + 1, limit=MOST_SLOTS)
    taken = [(one.starts_at, one.ends_at) for one in there]
    taken += [(one.starts_at, one.ends_at) for one in await list_teacher_times(uow, row.teacher_id, row.id)]
    if any(planned.starts_at < end and start < planned.ends_at for start, end in taken):
        raise SpansOverlap
    until = uow.now if await list_line(uow, row, 1) else None
    await add_slots(uow, row.id, [planned], held_until=until)
    ends = max([planned.ends_at, *(one.ends_at for one in there)])
    await change_round(uow, row.id, ends_at=ends)
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "round.add_time", "event", row.id)
    board = await load_board(uow, row)
    await touch_board(uow, row)
    await uow.commit()
    return board


async def cancel_round(uow: UnitOfWork, actor: Actor, event_id: int) -> RoundBoard:
    """Call off every talk to come and tell all homes; a second tap changes nothing. Talks that were held stay.

    Raises:
        NotPermitted: the actor does not look after the round.
    """
    await access_round(uow, actor, event_id)
    await hold_round(uow, event_id)
    row = await access_round(uow, actor, event_id)
    if row.state is EventState.OPEN:
        slots = await hold_slots(uow, event_id)
        booked = await _cancel_talks(uow, event_id)
        await change_round(uow, event_id, state=EventState.CANCELLED, cancelled_at=uow.now)
        coming = [one.id for one in slots.values() if one.starts_at > uow.now]
        await change_slots(uow, coming, talk_id=None, closed=True)
        await change_slots(uow, list(slots), held_pupil_id=None, held_until=None)
        await drop_offers(uow, [one.id for one in slots.values() if one.held_until is not None])
        await leave_line(uow, event_id)
        await drop_waiting(uow, Reason.CANCELLED, about="event", about_id=event_id)
        await _tell_all(uow, row, booked)
        await audit(uow, actor.person_id, "round.cancel", "event", event_id)
        await touch_board(uow, row)
    board = await load_board(uow, await access_round(uow, actor, event_id))
    await uow.commit()
    return board


async def _cancel_talks(uow: UnitOfWork, event_id: int) -> set[int]:
    """Cancel the talks to come; return their pupils."""
    pupils = set()
    for talk_id in sorted(await list_talk_lines(uow, event_id)):
        talk = await find_booked_talk(uow, talk_id)
        if talk.starts_at <= uow.now:
            continue
        talk.state = TalkState.CANCELLED
        talk.version += 1
        await uow.flush()
        await drop_talk_reminders(uow, talk)
        await drop_waiting(uow, Reason.CANCELLED, about="talk_change", about_id=talk_id)
        pupils.add(talk.pupil_id)
    return pupils


async def _tell_all(uow: UnitOfWork, row: RoundRow, booked: set[int]) -> None:
    """Tell every home of the class, and those whose child had a talk and is of another by now, what comes next."""
    homes = await list_invitees(uow, Circle.GUARDIANS, AudienceKind.CLASSES, [row.class_id])
    there = {home.person_id for home in homes}
    also = await list_invitees(uow, Circle.GUARDIANS, AudienceKind.PUPIL, sorted(booked))
    homes += [home for home in also if home.person_id not in there]
    messages = []
    for home in homes:
        if not home.enrolled:
            continue
        tr = reader_texts(uow, home.language)
        text = tr.gettext(
            "❌ The conferences with {teacher} ({school_class}) are called off. Nothing is to be done; the school "
            "invites you again with new times.",
            teacher=row.teacher,
            school_class=row.class_name,
        )
        messages.append(
            Message(
                home.person_id,
                OutgoingKind.MESSAGE,
                text,
                f"round-off:{row.id}:{home.person_id}",
                due_at=uow.school.considerate(uow.now),
                about="event",
                about_id=row.id,
                pupil_id=home.pupil_ids[0],  # who came later has no invitation to tell whom it is about
            )
        )
    await enqueue(uow, *messages)
