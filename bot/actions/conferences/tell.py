"""What others are told when a talk changes: each guardian in the own language, the teacher's board (M4, P9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.domain.messages import Rows
from bot.domain.outgoing import OutgoingKind, Reason
from bot.i18n import Html, Texts, find_language, texts
from bot.outbox.enqueue import Message, enqueue, refresh_live
from storage.models import Talk
from storage.queries.conferences import RoundRow
from storage.queries.outgoing import drop_waiting
from storage.queries.people import find_contact, list_guardians_of

CHANGED = "talk_change"
"""What a message is about that tells of a booked, moved or cancelled talk; `about_id` is the talk's id."""
GATHERING = timedelta(seconds=2)
"""How long what homes book gathers before the board is drawn again."""
NEAR = timedelta(hours=24)
"""A talk that begins sooner than this and is changed by a home: the teacher is told."""


def reader(uow: UnitOfWork, language: str | None) -> Texts:
    """Return the sentences for somebody who reads that language."""
    return texts(find_language(language) or uow.school.language)


async def tell_guardians(
    uow: UnitOfWork,
    talk: Talk,
    text: Callable[[Texts], Html],
    *,
    but: int | None,
    silent: bool,
    buttons: Callable[[Texts], Rows],
) -> None:
    """Tell a pupil's guardians how the talk stands now, but the one who did it; older lines are dropped."""
    assert talk.id is not None  # noqa: S101  (stored)
    if talk.version > 1:
        await drop_waiting(uow, Reason.CANCELLED, about=CHANGED, about_id=talk.id)
    messages = []
    for guardian in await list_guardians_of(uow, [talk.pupil_id]):
        if guardian.person_id == but or not guardian.enrolled:
            continue
        tr = reader(uow, guardian.language)
        messages.append(
            Message(
                guardian.person_id,
                OutgoingKind.MESSAGE,
                text(tr),
                f"talk:{talk.id}:{talk.version}:{guardian.person_id}",
                buttons=buttons(tr),
                silent=silent,
                due_at=uow.school.considerate(uow.now),
                about=CHANGED,
                about_id=talk.id,
                pupil_id=talk.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def tell_teacher(
    uow: UnitOfWork, row: RoundRow, talk: Talk, text: Callable[[Texts], Html], *, moments: Sequence[datetime]
) -> None:
    """Tell the teacher of a change by a home when one of `moments` is near: the board changes without a sound."""
    if not any(uow.now < moment < uow.now + NEAR for moment in moments):
        return
    teacher = await find_contact(uow, row.teacher_id)
    tr = reader(uow, teacher.language if teacher else None)
    message = Message(
        row.teacher_id,
        OutgoingKind.MESSAGE,
        text(tr),
        f"talk-near:{talk.id}:{talk.version}",
        due_at=uow.school.considerate(uow.now),
        about=CHANGED,
        about_id=talk.id or 0,
        pupil_id=talk.pupil_id,
    )
    await enqueue(uow, message)


async def touch_board(uow: UnitOfWork, row: RoundRow) -> None:
    """Let the teacher's board follow; many changes are one drawing. The last thing before a commit: it is a lock."""
    if row.board_id is not None:
        await refresh_live(
            uow,
            OutgoingKind.ROUND_BOARD,
            recipient_id=row.teacher_id,
            edits_id=row.board_id,
            about_id=row.id,
            due_at=uow.now + GATHERING,
        )
