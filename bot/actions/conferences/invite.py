"""Inviting the homes of a class to choose a time, and reminding those who have not (M4, M1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.actions import UnitOfWork
from bot.actions.care.calm import is_calm
from bot.actions.conferences.board import RoundBoard, board_buttons, board_text, load_board
from bot.actions.conferences.layout import LayoutView, check_free, open_draft, spans_of, view_draft
from bot.actions.conferences.words import choose_button, invitation_buttons, invitation_text, takes_part
from bot.actions.notices.board import RemindedRecently
from bot.actions.readers import reader_texts
from bot.domain.conference_slots import NoTimes, Planned, SlotView, SpanOver, lay_out
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.events import Circle, EventState
from bot.domain.marking import N_
from bot.domain.messages import Rows, rows
from bot.domain.notices import AudienceKind
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event, Invitation
from storage.queries.audit import audit
from storage.queries.conference_times import add_slots, list_slots
from storage.queries.conferences import PupilRow, RoundRow, access_round, change_round, find_round, list_round_pupils
from storage.queries.dialogue import close_question
from storage.queries.invitees import Invitee, list_invitees
from storage.queries.outgoing import find_by_key
from storage.sql import insert_new


class EverybodyHasATime(DomainError):
    code = "everybody_has_a_time"
    sentence = N_("Nobody is left to remind: every home that was reached has a time, or waits for one.")


Day = tuple[date, time, time]


def days_of(times: Sequence[Planned] | Sequence[SlotView], uow: UnitOfWork) -> list[Day]:
    """Return the days of times with the first beginning and the last end."""
    found: dict[date, list[Planned | SlotView]] = {}
    for one in times:
        found.setdefault(one.day, []).append(one)
    return [
        (day, min(one.starts for one in those), uow.school.local(max(one.ends_at for one in those)).time())
        for day, those in sorted(found.items())
    ]


@dataclass(frozen=True, slots=True)
class Preview:
    """The invitation as one home would read it, in the teacher's language, and the draft that it belongs to."""

    view: LayoutView
    text: Html
    buttons: Rows


async def preview(uow: UnitOfWork, actor: Actor, event_id: int, version: int, tr: Texts) -> Preview:
    """Return what a home would read.

    Raises:
        NotPermitted, Stale: see `open_draft`. NoTimes: no day is chosen.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    view = await view_draft(uow, event, laid)
    if not view.times:
        raise NoTimes
    pupils = (await list_round_pupils(uow, laid.class_id))[:1]
    text = _text(tr, actor.name, pupils, days_of(view.times, uow))
    return Preview(view, text, ())


def _text(tr: Texts, teacher: str, pupils: Sequence[PupilRow], days: Sequence[Day]) -> Html:
    on = days[0][0]
    return invitation_text(
        tr,
        teacher=teacher,
        children=[one.name for one in pupils],
        days=days,
        rights=[one.name for one in pupils if takes_part(one.birth_date, on)],
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation came to; `counted` is false for a second tap."""

    board: RoundBoard
    homes: int
    unreached: int
    counted: bool = True


async def invite(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> Invited:
    """Open a round: its times are stored, its homes invited, the teacher gets the board. A second tap does nothing.

    Raises:
        NotPermitted, Stale: see `open_draft`. NoTimes, SpanOver, SpansOverlap: the times do not fit any more.
    """
    try:
        event, laid = await open_draft(uow, actor, event_id, version)
    except NotPermitted:
        row = await access_round(uow, actor, event_id)
        return Invited(await load_board(uow, row), 0, 0, counted=False)
    times = lay_out(spans_of(laid), laid.minutes, laid.pause, uow.school)
    if not times:
        raise NoTimes
    if times[0].starts_at <= uow.now:
        raise SpanOver
    await check_free(uow, laid, times)
    event.state, event.opened_at = EventState.OPEN, uow.now
    event.day, event.starts_at, event.ends_at = times[0].day, times[0].starts_at, times[-1].ends_at
    event.version += 1
    await uow.flush()
    await add_slots(uow, event_id, times)
    homes = await list_invitees(uow, Circle.GUARDIANS, AudienceKind.CLASSES, [laid.class_id])
    row = await find_round(uow, event_id)
    await _invite_homes(uow, row, homes, times)
    board = await _send_board(uow, event, row)
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "round.invite", "event", event_id, guardians=len(homes), times=len(times))
    await uow.commit()
    return Invited(board, len(homes), sum(not one.enrolled for one in homes))


async def _invite_homes(uow: UnitOfWork, row: RoundRow, homes: Sequence[Invitee], times: Sequence[Planned]) -> None:
    days = days_of(times, uow)
    pupils = {one.id: one for one in await list_round_pupils(uow, row.class_id)}
    invitations = []
    messages = []
    for home in homes:
        tr = reader_texts(uow, home.language)
        mine = [pupils[one] for one in home.pupil_ids]
        invitations.append(
            {"event_id": row.id, "person_id": home.person_id, "pupil_ids": list(home.pupil_ids), "language": tr.code,
             "answered_revision": 0, "people": 0, "childcare": 0, "interpreter_language": "", "dialect": "",
             "version": 1}
        )  # fmt: skip
        messages.append(
            Message(
                home.person_id,
                OutgoingKind.NOTICE,
                _text(tr, row.teacher, mine, days),
                f"round:{row.id}:{home.person_id}",
                buttons=invitation_buttons(tr, row.id, [(one.id, one.name) for one in mine], [one[0] for one in days]),
                due_at=uow.school.considerate(uow.now),
                about="event",
                about_id=row.id,
            )
        )
    await insert_new(uow, Invitation, invitations, "event_id", "person_id")
    await enqueue(uow, *messages)


async def _send_board(uow: UnitOfWork, event: Event, row: RoundRow) -> RoundBoard:
    """Send the teacher the board, and remember which message it is."""
    board = await load_board(uow, row)
    tr = reader_texts(uow, event.text_language)
    message = Message(
        row.teacher_id,
        OutgoingKind.REPORT,
        board_text(board, tr),
        f"round-board:{row.id}",
        buttons=board_buttons(board, tr),
        silent=True,
        about="round",
        about_id=row.id,
    )
    await enqueue(uow, message)
    event.board_id = await find_by_key(uow, message.dedupe_key)
    return board


async def remind_unbooked(uow: UnitOfWork, actor: Actor, event_id: int) -> tuple[RoundBoard, int]:
    """Remind the homes without a time that do not wait for one, each privately; return how many people (M1).

    Raises:
        NotPermitted: the actor does not look after the round. RemindedRecently, EverybodyHasATime.
    """
    row = await access_round(uow, actor, event_id)
    if row.state is not EventState.OPEN:
        raise NotPermitted
    if row.reminded_at is not None and uow.now < row.reminded_at + uow.school.reminder_pause:
        again = uow.school.local(row.reminded_at + uow.school.reminder_pause)
        raise RemindedRecently(time=again.time().replace(second=0, microsecond=0))
    board = await load_board(uow, row)
    calm = await is_calm(uow, {one.id for one in board.unbooked})
    missing = {one.id: one for one in board.unbooked if one.id not in board.waiting and one.id not in calm}
    homes = await list_invitees(uow, Circle.GUARDIANS, AudienceKind.PUPIL, sorted(missing))
    found = [one for one in homes if one.enrolled]
    if not found or not any(slot.starts_at > uow.now for slot in board.slots):
        raise EverybodyHasATime
    await change_round(uow, event_id, reminded_at=uow.now, reminders=row.reminders + 1)
    days = days_of([slot for slot in await list_slots(uow, event_id) if slot.starts_at > uow.now], uow)
    await enqueue(uow, *(_reminder(uow, row, home, missing, days) for home in found))
    await audit(uow, actor.person_id, "round.remind", "event", event_id, guardians=len(found))
    await uow.commit()
    return board, len(found)


def _reminder(
    uow: UnitOfWork, row: RoundRow, home: Invitee, missing: dict[int, PupilRow], days: Sequence[Day]
) -> Message:
    tr = reader_texts(uow, home.language)
    mine = [missing[one] for one in home.pupil_ids]
    text = tr.gettext(
        "🔔 {teacher} would like to talk with you about {children}. There are still times to choose from.",
        teacher=row.teacher,
        children=tr.list([one.name for one in mine]),
    )
    due = uow.school.considerate(uow.now)
    buttons = (
        invitation_buttons(tr, row.id, [(one.id, one.name) for one in mine], [one[0] for one in days])
        if len(days) > 0
        else rows([choose_button(tr, row.id, mine[0].id)])
    )
    return Message(
        home.person_id,
        OutgoingKind.REMINDER,
        text,
        f"round-remind:{row.id}:{home.person_id}:{row.reminders + 1}",
        buttons=buttons,
        due_at=due,
        expires_at=due + timedelta(hours=12),
        about="event",
        about_id=row.id,
        pupil_id=mine[0].id,  # who came later has no invitation to tell whom it is about
    )
