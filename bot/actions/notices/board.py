"""The sender's live status of a notice (N11): counts, names for the sender alone, kind reminders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.care.calm import is_calm, leaves_alone
from bot.actions.notices.audience import check_reach, describe
from bot.actions.notices.render import answer_buttons
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.domain.notices import OUTSTANDING, AudienceKind, HomeStatus, NoticeKind, NoticeState
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.taps import BoardView, OpenBoard
from bot.i18n import Html, Texts, find_language, texts
from bot.i18n.words import KIND_NAMES, KIND_SIGNS, STATUS_SIGNS
from bot.outbox.enqueue import Message, enqueue, payload_of, refresh_board
from storage.models import Notice
from storage.queries.audit import audit
from storage.queries.notices import (
    HomeRow,
    access_own_notice,
    list_home_rows,
    list_own_notices,
    next_arrival,
    open_children,
    person_name,
    pupil_labels,
)
from storage.queries.outgoing import Claimed
from storage.queries.people import find_contact

NAMES_PER_PAGE = 20
WHILE_SENDING = timedelta(seconds=5)
"""How often the sender's screen follows while messages are still on their way."""


class RemindedRecently(DomainError):
    code = "reminded_recently"
    sentence = N_("They were reminded a short while ago. You can remind them again after {time}.")


class NobodyToRemind(DomainError):
    code = "nobody_to_remind"
    sentence = N_("Nobody is left to remind: everyone who was reached has answered.")


@dataclass(frozen=True, slots=True)
class Board:
    """A sent notice in figures."""

    notice_id: int
    kind: NoticeKind
    audience: AudienceKind
    audience_label: str
    sent_at_local: datetime
    counts: dict[HomeStatus, int]
    corrected: bool
    in_peace: int = 0
    """Those who have not answered and whom nothing reminds for a while (B8); `counts` leaves them out."""

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + self.in_peace

    @property
    def outstanding(self) -> int:
        return sum(self.counts.get(status, 0) for status in OUTSTANDING)


async def _board(uow: UnitOfWork, notice: Notice) -> Board:
    assert notice.id is not None and notice.kind is not None and notice.audience is not None  # noqa: S101, PT018
    rows_ = await list_home_rows(uow, notice.id, notice.revision)
    peaceful = await _in_peace(uow, rows_)
    audience = await describe(uow, notice.audience, notice.audience_ids)
    return Board(
        notice.id,
        notice.kind,
        notice.audience,
        audience.label,
        uow.school.local(notice.sent_at or uow.now),
        dict(Counter(row.status for row in rows_ if row.person_id not in peaceful)),
        notice.revision > 1,
        len(peaceful),
    )


async def _in_peace(uow: UnitOfWork, rows_: Sequence[HomeRow]) -> set[int]:
    """Return who would be reminded if their homes were not left in peace."""
    waiting = [row for row in rows_ if row.status in OUTSTANDING]
    calm = await is_calm(uow, {pupil for row in waiting for pupil in row.pupils})
    return {row.person_id for row in waiting if leaves_alone(row.pupils, calm)}


def audience_text(kind: AudienceKind, label: str, tr: Texts) -> Html:
    """Return an audience in words: "whole school", "year 5", "5A"."""
    if kind is AudienceKind.SCHOOL:
        return tr.gettext("the whole school")
    if kind is AudienceKind.GRADE:
        return tr.gettext("year {grade}", grade=label)
    return tr.value(label)


def board_text(board: Board, tr: Texts) -> Html:
    """Return the status in words; counts only, so that the screen can lie open on a desk (P9)."""
    name = tr.gettext(KIND_NAMES[board.kind])
    where = audience_text(board.audience, board.audience_label, tr)
    lines = [
        f"<b>{KIND_SIGNS[board.kind]} {name}</b> · {where}",
        tr.gettext("Sent {moment}.", moment=board.sent_at_local.replace(tzinfo=None)),
    ]
    if board.corrected:
        lines.append(tr.gettext("✏️ Corrected."))
    lines.append("")
    lines += [f"{STATUS_SIGNS[status]} {text}" for status, text in _count_lines(board, tr)]
    if board.in_peace:
        # Translators: guardians who are not reminded for a while, because of grief or a crisis
        peace = tr.ngettext("{n} is left in peace for a while", "{n} are left in peace for a while", board.in_peace)
        lines.append(f"🕊 {peace}")
    return Html("\n".join(lines))


def _count_lines(board: Board, tr: Texts) -> list[tuple[HomeStatus, Html]]:
    order = reversed(HomeStatus)
    return [(status, _count_line(status, n, tr)) for status in order if (n := board.counts.get(status, 0))]


def _count_line(status: HomeStatus, n: int, tr: Texts) -> Html:
    match status:
        case HomeStatus.UNDERSTOOD:
            return tr.ngettext("{n} understood", "{n} understood", n)
        case HomeStatus.UNDERSTOOD_BEFORE:
            return tr.ngettext("{n} understood it before the correction", "{n} understood it before the correction", n)
        case HomeStatus.QUESTION:
            return tr.ngettext("{n} has a question", "{n} have a question", n)
        case HomeStatus.CALL_ME:
            return tr.ngettext("{n} wants to be called", "{n} want to be called", n)
        case HomeStatus.WAITING:
            return tr.ngettext("{n} has not answered yet", "{n} have not answered yet", n)
        case HomeStatus.QUEUED:
            return tr.ngettext("{n} is on its way", "{n} are on their way", n)
        case HomeStatus.UNREACHABLE:
            return tr.ngettext("{n} could not be reached", "{n} could not be reached", n)


def board_buttons(board: Board, tr: Texts, *, names: bool = False) -> Rows:
    """Return what the sender can do with a sent notice."""
    plain = tr.plain
    remind = [
        Button(
            "🔔 " + plain.ngettext("Remind {n} person", "Remind {n} people", board.outstanding),
            OpenBoard(board.notice_id, BoardView.REMIND).pack(),
        )
    ]
    other = (
        Button("📊 " + plain.gettext("Summary"), OpenBoard(board.notice_id, BoardView.SUMMARY).pack())
        if names
        else Button("👥 " + plain.gettext("Who has answered"), OpenBoard(board.notice_id, BoardView.NAMES).pack())
    )
    return rows(
        [other],
        remind if board.outstanding else [],
        [
            Button("✏️ " + plain.gettext("Correct"), OpenBoard(board.notice_id, BoardView.CORRECT).pack()),
            Button("📄 " + plain.gettext("Read it"), OpenBoard(board.notice_id, BoardView.TEXT).pack()),
        ],
    )


async def _author_texts(uow: UnitOfWork, notice: Notice) -> Texts:
    author = await find_contact(uow, notice.author_id)
    return texts(find_language(author.language if author else None) or uow.school.language)


async def board_message(uow: UnitOfWork, notice: Notice) -> Message:
    """Return the status screen that the author gets when a notice has gone out."""
    tr = await _author_texts(uow, notice)
    board = await _board(uow, notice)
    return Message(
        notice.author_id,
        OutgoingKind.REPORT,
        board_text(board, tr),
        f"board-of:{notice.id}",
        buttons=board_buttons(board, tr),
        lane=Lane.ORDINARY,
        silent=True,
        about="notice",
        about_id=notice.id or 0,
    )


async def draw_board(uow: UnitOfWork, row: Claimed) -> dict[str, Any] | None:
    """Draw the live status when its message is being edited; None when the notice is gone.

    While messages are still on their way, the next drawing is asked for; the caller commits.
    """
    notice = await uow.session.get(Notice, row.about_id)
    if notice is None or notice.state is not NoticeState.SENT:
        return None
    tr = await _author_texts(uow, notice)
    board = await _board(uow, notice)
    if row.edits_id is not None and (rest := await next_arrival(uow, row.about_id)) is not None:
        await refresh_board(
            uow,
            recipient_id=row.recipient_id,
            edits_id=row.edits_id,
            notice_id=row.about_id,
            due_at=max(uow.now, rest) + WHILE_SENDING,
        )
    return payload_of(Message(row.recipient_id, row.kind, board_text(board, tr), "", buttons=board_buttons(board, tr)))


async def open_board(uow: UnitOfWork, actor: Actor, notice_id: int) -> Board:
    """Return the status of a sent notice.

    Raises:
        NotPermitted: the actor neither sent it nor leads the school, or it was not sent.
    """
    notice = await access_own_notice(uow, actor, notice_id)
    if notice.state is not NoticeState.SENT:
        raise NotPermitted
    return await _board(uow, notice)


@dataclass(frozen=True, slots=True)
class NamedHome:
    """One guardian on the sender's list."""

    name: str
    children: tuple[str, ...]
    status: HomeStatus
    phone: str | None


async def list_homes(uow: UnitOfWork, actor: Actor, notice_id: int) -> tuple[Board, list[NamedHome]]:
    """Return each guardian's status, those who need something first; for sender and leadership only.

    Raises:
        NotPermitted: the actor is neither, or teaches none of them any more.
    """
    board = await open_board(uow, actor, notice_id)
    notice = await access_own_notice(uow, actor, notice_id)
    await check_reach(uow, actor, notice)
    found = await list_home_rows(uow, notice_id, notice.revision)
    labels = await pupil_labels(uow, sorted({p for row in found for p in row.pupils}))
    order = list(HomeStatus)
    found.sort(key=lambda row: (order.index(row.status), row.name))
    return board, [
        NamedHome(
            row.name,
            tuple(labels[p][0] for p in row.pupils if p in labels),
            row.status,
            row.phone if row.status in {HomeStatus.CALL_ME, HomeStatus.UNREACHABLE} else None,
        )
        for row in found
    ]


async def remind_outstanding(uow: UnitOfWork, actor: Actor, notice_id: int) -> tuple[Board, int]:
    """Remind those who got the notice and have not answered, each privately; return how many (N11).

    Raises:
        RemindedRecently, NobodyToRemind, NotPermitted.
    """
    notice = await access_own_notice(uow, actor, notice_id)
    if notice.state is not NoticeState.SENT or notice.kind is None:
        raise NotPermitted
    await check_reach(uow, actor, notice)
    if notice.reminded_at is not None and uow.now < notice.reminded_at + uow.school.reminder_pause:
        again = uow.school.local(notice.reminded_at + uow.school.reminder_pause)
        raise RemindedRecently(time=again.time().replace(second=0, microsecond=0))
    open_to = await open_children(uow, notice_id)
    there = await list_home_rows(uow, notice_id, notice.revision)
    peaceful = await _in_peace(uow, there)
    found = [
        row
        for row in there
        if row.status in OUTSTANDING
        and row.person_id not in peaceful
        and open_to.get(row.person_id, frozenset()).intersection(row.pupils)
    ]
    if not found:
        raise NobodyToRemind
    notice.reminded_at, notice.reminders = uow.now, notice.reminders + 1
    sender = await person_name(uow, notice.author_id)
    await enqueue(uow, *(_reminder(uow, notice, row, sender) for row in found))
    await audit(uow, actor.person_id, "notice.remind", "notice", notice_id, guardians=len(found))
    board = await _board(uow, notice)
    await uow.commit()
    return board, len(found)


def _reminder(uow: UnitOfWork, notice: Notice, row: HomeRow, sender: str) -> Message:
    tr = texts(row.language)
    assert notice.kind is not None  # noqa: S101
    text = tr.gettext(
        "🔔 {sender} would like to know whether you have seen “{kind}”. One tap is enough.",
        sender=sender,
        kind=tr.gettext(KIND_NAMES[notice.kind]),
    )
    due = uow.school.considerate(uow.now)
    return Message(
        row.person_id,
        OutgoingKind.REMINDER,
        text,
        f"remind:{row.delivery_id}:{notice.reminders}",
        buttons=answer_buttons(tr, row.delivery_id, notice.revision, answer=None, has_original=False),
        due_at=due,
        expires_at=due + timedelta(hours=12),
        replies_to_id=row.outgoing_id,
        about="reminder",
        about_id=row.delivery_id,
    )


@dataclass(frozen=True, slots=True)
class SentItem:
    """A line in the author's list of notices; one that is `waiting` has not gone out."""

    notice_id: int
    kind: NoticeKind
    audience: AudienceKind
    audience_label: str
    moment: datetime
    waiting: bool


async def list_sent(uow: UnitOfWork, actor: Actor) -> list[SentItem]:
    """Return the author's newest notices, sent or waiting for their time.

    Raises:
        NotPermitted: the actor sends no notices.
    """
    if not actor.may_write_notices:
        raise NotPermitted
    items = []
    for notice in await list_own_notices(uow, actor):
        if notice.kind is None or notice.audience is None or notice.id is None:
            continue
        audience = await describe(uow, notice.audience, notice.audience_ids)
        waiting = notice.state is NoticeState.SCHEDULED
        moment = (notice.send_at if waiting else notice.sent_at) or notice.created_at
        items.append(
            SentItem(notice.id, notice.kind, notice.audience, audience.label, uow.school.local(moment), waiting)
        )
    return items
