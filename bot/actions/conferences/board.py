"""The teacher's live board of a round: who has what time, what is free, who waits; for teacher and leadership (M4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.domain.conference_slots import SlotView
from bot.domain.conference_taps import OpenRound, RoundView
from bot.domain.conferences import TalkPlace
from bot.domain.events import EventState, InterpreterWish
from bot.domain.messages import Button, Rows, grid, rows, visible_length
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from bot.i18n.event_words import PLACE_SIGNS
from bot.i18n.words import language_name
from bot.outbox.enqueue import Message, payload_of
from storage.queries.audit import audit
from storage.queries.conference_times import list_line, list_slots
from storage.queries.conferences import (
    PupilRow,
    RoundRow,
    TalkLine,
    access_round,
    find_round,
    list_round_pupils,
    list_rounds,
    list_talk_lines,
    may_lead,
)
from storage.queries.outgoing import Claimed
from storage.queries.people import find_actor_by_person

MOST_LINES = 50
"""Times that the board names; those of a longer round stand on its days' own screens."""
MOST_CHARACTERS = 3800
"""With very long names the days are left to their own screens too: a message holds 4,096 (Telegram)."""


@dataclass(frozen=True, slots=True)
class RoundBoard:
    """A round as its teacher sees it. `unbooked` are the pupils of the class without a talk, those who wait first."""

    row: RoundRow
    slots: tuple[SlotView, ...]
    talks: dict[int, TalkLine]
    unbooked: tuple[PupilRow, ...]
    waiting: tuple[int, ...]

    @property
    def days(self) -> list[date]:
        return sorted({slot.day for slot in self.slots})

    @property
    def free(self) -> int:
        return sum(slot.talk_id is None and not slot.closed for slot in self.slots)

    def of_day(self, day: date) -> list[SlotView]:
        """Return a day's times; those after the first of a talk that takes several belong to it."""
        return [slot for slot in self.slots if slot.day == day]


async def load_board(uow: UnitOfWork, row: RoundRow) -> RoundBoard:
    """Return a round in figures and names, whoever asks: the caller has looked at the right."""
    talks = await list_talk_lines(uow, row.id)
    line = [one.pupil_id for one in await list_line(uow, row, 1)]
    booked = {one.pupil_id for one in talks.values()}
    pupils = [one for one in await list_round_pupils(uow, row.class_id) if one.id not in booked]
    pupils.sort(key=lambda one: line.index(one.id) if one.id in line else len(line))
    return RoundBoard(row, tuple(await list_slots(uow, row.id)), talks, tuple(pupils), tuple(line))


async def open_board(uow: UnitOfWork, actor: Actor, event_id: int) -> RoundBoard:
    """Return a round's board.

    Raises:
        NotPermitted: the actor neither holds these talks nor leads the school.
    """
    row = await access_round(uow, actor, event_id)
    await audit(uow, actor.person_id, "round.open", "event", event_id)
    board = await load_board(uow, row)
    await uow.commit()
    return board


@dataclass(frozen=True, slots=True)
class OwnRound:
    """A line in the list of open rounds."""

    event_id: int
    class_name: str
    first: date | None


async def own_rounds(uow: UnitOfWork, actor: Actor) -> list[OwnRound]:
    """Return the rounds that an actor looks after and that are not over."""
    found = await list_rounds(uow, actor, uow.now)
    return [
        OwnRound(one.id, one.class_name, uow.school.local(one.starts_at).date() if one.starts_at else None)
        for one in found
    ]


def board_text(board: RoundBoard, tr: Texts) -> Html:
    """Return the board in words."""
    row = board.row
    homes = len(board.talks) + len(board.unbooked)
    lines: list[str] = [
        tr.gettext("🗣 <b>Conferences</b> · {school_class}", school_class=row.class_name),
        # Translators: {n} pupils of {all} have a time for their conference
        tr.ngettext("{n} of {all} has a time", "{n} of {all} have a time", len(board.talks), all=homes),
        tr.ngettext("{n} time is free", "{n} times are free", board.free),
    ]
    if board.waiting:
        names = tr.list([one.name for one in board.unbooked if one.id in board.waiting])
        # Translators: {names} are the pupils whose homes wait until a time for a conference becomes free
        lines.append(tr.gettext("⏳ Wait for a time: {names}", names=names))
    if row.state is EventState.CANCELLED:
        lines.append(tr.gettext("❌ <b>Cancelled.</b>"))
    if len(board.slots) <= MOST_LINES:
        named = [line for day in board.days for line in ("", *day_lines(board, day, tr))]
        whole = Html("\n".join([*lines, *named]))
        if visible_length(whole) <= MOST_CHARACTERS:
            return whole
    return Html("\n".join(lines))


def day_lines(board: RoundBoard, day: date, tr: Texts) -> list[str]:
    """Return a day of the board: a line for each time."""
    return [f"<b>{tr.value(day)}</b>", *(slot_line(board, slot, tr) for slot in board.of_day(day))]


def slot_line(board: RoundBoard, slot: SlotView, tr: Texts) -> str:
    """Return one time with who has it."""
    return f"{tr.clock(slot.starts)} {slot_who(board, slot, tr)}"


def slot_who(board: RoundBoard, slot: SlotView, tr: Texts) -> str:
    """Return who has a time, or why nobody can take it."""
    talk = board.talks.get(slot.talk_id) if slot.talk_id is not None else None
    if talk is not None:
        return " ".join([tr.value(talk.pupil), *talk_signs(talk, tr)])
    if slot.closed:
        return "✖️ " + tr.gettext("closed")
    if slot.held_until is not None:
        return "⏳ " + tr.gettext("kept for a home that waits")
    return "▫️ " + tr.gettext("free")


def talk_signs(talk: TalkLine, tr: Texts) -> list[str]:
    """Return where, with whom, and in which language, in signs and one word."""
    signs = [PLACE_SIGNS[TalkPlace(talk.place)]]
    if talk.with_pupil:
        signs.append("🧒")
    if talk.interpreter is InterpreterWish.WANTED:
        signs.append(f"🗣 {tr.value(language_name(talk.language, tr))}")
    return signs


def board_buttons(board: RoundBoard, tr: Texts) -> Rows:
    """Return what the teacher can do with a round."""
    plain = tr.plain
    event = board.row.id
    if board.row.state is not EventState.OPEN:
        return ()
    days = [
        Button(tr.short_day(day), OpenRound(event, RoundView.DAY, place).pack()) for place, day in enumerate(board.days)
    ]
    n = len(board.unbooked)
    missing = Button(
        "👥 " + plain.ngettext("{n} without a time", "{n} without a time", n),
        OpenRound(event, RoundView.WAITING).pack(),
    )
    return rows(
        *grid(days, 3),
        [missing] if n else [],
        [Button("⚙️ " + plain.gettext("More"), OpenRound(event, RoundView.MORE).pack())],
    )


async def draw_round_board(uow: UnitOfWork, row: Claimed) -> dict[str, Any] | None:
    """Draw a board when its message is changed; None when it is gone, or not for the reader any more."""
    found = await find_round(uow, row.about_id)
    actor = await find_actor_by_person(uow, row.recipient_id)
    if actor is None or not await may_lead(uow, actor, found):
        return None
    board = await load_board(uow, found)
    tr = reader_texts(uow, actor.language)
    return payload_of(Message(row.recipient_id, row.kind, board_text(board, tr), "", buttons=board_buttons(board, tr)))
