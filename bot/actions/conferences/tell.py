"""What others are told when a talk changes: each guardian in the own language, the teacher's board (M4, P9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.domain.messages import Rows
from bot.domain.outgoing import OutgoingKind, Reason
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue, refresh_live
from storage.models import Talk
from storage.queries.conferences import RoundRow
from storage.queries.outgoing import drop_waiting
from storage.queries.people import find_contact, list_guardians_of

CHANGED = "talk_change"
"""What a message is about that tells of a booked, moved or cancelled talk; `about_id` is the talk's id."""
OFFERED = "talk_offer"
"""What a message is about that offers a time which became free; `about_id` is the time's id."""
NEAR_CHANGE = "talk_near"
"""The same to the teacher, shortly before: a later change takes none of it back."""
GATHERING = timedelta(seconds=2)
"""How long what homes book gathers before the board is drawn again."""
NEAR = timedelta(hours=24)
"""A talk that begins sooner than this and is changed by a home: the teacher is told."""


async def tell_guardians(
    uow: UnitOfWork,
    talk: Talk,
    text: Callable[[Texts, int], Html],
    *,
    but: int | None,
    silent: bool,
    buttons: Callable[[Texts], Rows],
    only: int | None = None,
) -> None:
    """Tell a pupil's guardians how the talk stands now, but the one who did it; older lines are dropped.

    `text` gets the reader's id. With `only` nobody but this guardian is told.
    """
    assert talk.id is not None  # noqa: S101  (stored)
    if talk.version > 1:
        await drop_waiting(uow, Reason.CANCELLED, about=CHANGED, about_id=talk.id, person_id=only)
    messages = []
    for guardian in await list_guardians_of(uow, [talk.pupil_id]):
        if guardian.person_id == but or not guardian.enrolled or only not in {None, guardian.person_id}:
            continue
        tr = reader_texts(uow, guardian.language)
        messages.append(
            Message(
                guardian.person_id,
                OutgoingKind.MESSAGE,
                text(tr, guardian.person_id),
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


async def drop_offers(uow: UnitOfWork, slots: Iterable[int]) -> None:
    """Take back what has not left yet of offers of times that are not kept any more."""
    for slot_id in slots:
        await drop_waiting(uow, Reason.CANCELLED, about=OFFERED, about_id=slot_id)


async def tell_teacher(
    uow: UnitOfWork, row: RoundRow, talk: Talk, text: Callable[[Texts], Html], *, moments: Sequence[datetime]
) -> None:
    """Tell the teacher of a change by a home when one of `moments` is near: the board changes without a sound."""
    if not any(uow.now < moment < uow.now + NEAR for moment in moments):
        return
    teacher = await find_contact(uow, row.teacher_id)
    tr = reader_texts(uow, teacher.language if teacher else None)
    message = Message(
        row.teacher_id,
        OutgoingKind.MESSAGE,
        text(tr),
        f"talk-near:{talk.id}:{talk.version}",
        due_at=uow.school.considerate(uow.now),
        about=NEAR_CHANGE,
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
