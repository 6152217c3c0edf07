"""What a home does with a notice: understood, a question, please call me; the original (N9, L1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import UnitOfWork
from bot.actions.notices.content import content_of, reader_of
from bot.actions.notices.render import NoticeContent, Reader
from bot.actions.threads import Receipt, ask_about, call_about
from bot.actions.translation.dispute import Source, find_source
from bot.domain.notices import Answer, NoticeKind
from bot.domain.outgoing import Reason
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.outbox.enqueue import refresh_board
from storage.models import Delivery, Notice
from storage.queries.audit import audit
from storage.queries.notices import (
    Delivered,
    DeliveryRef,
    access_delivery,
    list_delivered,
    pupil_labels,
    store_answer,
)
from storage.queries.outgoing import drop_waiting

BOARD_DELAY = timedelta(seconds=2)
"""How long answers gather before the sender's screen is drawn again."""
PLANS_LOOKED_AT = 20
"""How far back a child's weekly plan is looked for, in plans of all the children."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A home's answer as stored.

    `again`: it was the answer already. `stale`: the notice was corrected after the screen was drawn, so
    nothing was stored. `receipt` tells who got a request to call.
    """

    delivery: DeliveryRef
    answer: Answer
    again: bool = False
    stale: bool = False
    receipt: Receipt | None = None


async def answer_notice(uow: UnitOfWork, actor: Actor, delivery_id: int, answer: Answer, revision: int) -> Answered:
    """Store a home's answer and let the sender's status screen follow.

    A second tap on the same button changes nothing. A tap on a screen from before a correction stores
    nothing: the person has not seen what it says now.

    Raises:
        NotPermitted: it is not the actor's delivery, or the access has ended.
    """
    delivery = await access_delivery(uow, actor, delivery_id)
    if revision != delivery.revision:
        return Answered(delivery, answer, stale=True)
    if delivery.answer is answer and delivery.answered_revision == revision:
        if answer is Answer.QUESTION:
            await ask_about(uow, actor, delivery.pupil_ids, delivery.notice_id)
        return Answered(delivery, answer, again=True)
    await store_answer(uow, delivery_id, answer, revision)
    await audit(uow, actor.person_id, "notice.answer", "delivery", delivery_id, answer=answer)
    if delivery.board_id is not None:
        await refresh_board(
            uow,
            recipient_id=delivery.author_id,
            edits_id=delivery.board_id,
            notice_id=delivery.notice_id,
            due_at=uow.now + BOARD_DELAY,
        )
    if delivery.reminded:
        await drop_waiting(uow, Reason.CANCELLED, about="reminder", about_id=delivery_id)
    receipt = None
    if answer is Answer.QUESTION:
        await ask_about(uow, actor, delivery.pupil_ids, delivery.notice_id)
    elif answer is Answer.CALL_ME:
        receipt = await call_about(uow, actor, delivery.pupil_ids, delivery.notice_id)
    await uow.commit()
    return Answered(delivery, answer, receipt=receipt)


@dataclass(frozen=True, slots=True)
class DeliveredNotice:
    """A delivered notice, ready to be rendered for its reader; `source` when its text is read in translation."""

    delivery: DeliveryRef
    content: NoticeContent
    reader: Reader
    source: Source | None = None


async def show_notice(uow: UnitOfWork, actor: Actor, delivery_id: int) -> DeliveredNotice:
    """Return a delivered notice as it stands now.

    Raises:
        NotPermitted: it is not the actor's delivery, or the access has ended.
    """
    delivery = await access_delivery(uow, actor, delivery_id)
    notice = await uow.session.get(Notice, delivery.notice_id)
    stored = await uow.session.get(Delivery, delivery_id)
    assert notice is not None and stored is not None  # noqa: S101, PT018  (foreign keys; `access_delivery` found it)
    names = await pupil_labels(uow, sorted(actor.children.intersection(delivery.pupil_ids)))
    source = await find_source(uow, Subject.NOTICE, delivery.notice_id, actor.language)
    return DeliveredNotice(delivery, await content_of(uow, notice), reader_of(stored, names), source)


async def latest_notices(uow: UnitOfWork, actor: Actor) -> list[Delivered]:
    """Return a guardian's newest notices."""
    return await list_delivered(uow, actor)


async def latest_weekplans(uow: UnitOfWork, actor: Actor) -> list[DeliveredNotice]:
    """Return the newest weekly plan that the guardian got for each child; one for several comes once (N5)."""
    wanted, plans = set(actor.children), []
    for delivered in await list_delivered(uow, actor, kind=NoticeKind.WEEKPLAN, limit=PLANS_LOOKED_AT):
        if wanted.intersection(delivered.pupil_ids):
            wanted.difference_update(delivered.pupil_ids)
            plans.append(await show_notice(uow, actor, delivered.delivery_id))
    return plans
