"""What is asked about a missing pupil, and how it ends for everybody once somebody knows (A5)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.absence.inquiries_texts import (
    arrived_text,
    ended_text,
    over_text,
    settled_text,
    thanks_text,
)
from bot.actions.absence.words import absence_text
from bot.actions.readers import reader_texts
from bot.domain.messages import Rows
from bot.domain.morning import OPEN_INQUIRIES, InquiryState
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Child
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Inquiry
from storage.queries.absence import list_absences
from storage.queries.audit import audit
from storage.queries.inquiries import (
    ASKED,
    InquiryMessage,
    drop_unsent,
    find_pupil,
    hold_inquiries,
    list_inquiry_messages,
)
from storage.queries.people import find_contact

NEWS = "inquiry_news"
"""What is told about an inquiry besides its questions."""
_TOLD_AGAIN = OPEN_INQUIRIES | {InquiryState.EXPLAINED}
"""States after which an arrival is still news to the home."""


async def settle_inquiries(
    uow: UnitOfWork, pupils: Collection[int], day: date, *, by: int | None, arrived: bool = False
) -> None:
    """End the open inquiries of pupils on a day: somebody said why, or the pupil came. The caller commits.

    What waits is dropped; guardians who were asked and teachers who were to phone see that it is settled. Call it
    before `touch_lists`, and after the absence is stored.

    Args:
        by: who said it or noticed it; None when nobody did.
        arrived: the pupil is at school; then guardians who had been asked are told so.
    """
    if not pupils:
        return
    states = _TOLD_AGAIN if arrived else OPEN_INQUIRIES
    for inquiry in await hold_inquiries(uow, pupils, day, states):
        await end(uow, inquiry, InquiryState.ARRIVED if arrived else InquiryState.EXPLAINED, by=by)


async def end(uow: UnitOfWork, inquiry: Inquiry, state: InquiryState, *, by: int | None) -> None:
    """End an inquiry that is held: for the home, for the teachers, and for the clock."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    inquiry.state, inquiry.due_at, inquiry.waits_until, inquiry.ended_at = state, None, None, uow.now
    if state is InquiryState.EXPLAINED:
        inquiry.answered_by = by
    await uow.flush()
    await drop_unsent(uow, inquiry.id)
    child = await find_pupil(uow, inquiry.pupil_id)
    sent = await list_inquiry_messages(uow, inquiry.id, inquiry.round)
    for message in sent:
        await enqueue(uow, await _ending(uow, inquiry, child, message))
    if state is InquiryState.ARRIVED:
        asked = {message.recipient_id: message.outgoing_id for message in sent if message.about == ASKED}
        await enqueue(uow, *[await _good_news(uow, inquiry, child, *one) for one in asked.items()])
    await audit(uow, by, f"inquiry.{state}", "inquiry", inquiry.id, pupil=inquiry.pupil_id)


async def _ending(uow: UnitOfWork, inquiry: Inquiry, child: Child, message: InquiryMessage) -> Message:
    """Return the change of one message of an inquiry that has ended."""
    tr = await _reader(uow, message.recipient_id)
    if message.about != ASKED:
        text = ended_text(tr, child, inquiry.state)
    elif inquiry.state is InquiryState.UNRESOLVED:
        text = over_text(tr, child.name)
    elif message.recipient_id == inquiry.answered_by:
        text = thanks_text(tr, child.name, await _stands(uow, inquiry, tr))
    else:
        text = settled_text(tr, child.name)
    return change_of(inquiry, message, text, key=f"{inquiry.state}")


async def _stands(uow: UnitOfWork, inquiry: Inquiry, tr: Texts) -> Html | None:
    held = await list_absences(uow, [inquiry.pupil_id], inquiry.day, inquiry.day)
    return absence_text(tr, held[0].kind, held[0].reason, held[0].starts, held[0].ends) if held else None


def change_of(inquiry: Inquiry, message: InquiryMessage, text: Html, *, key: str, buttons: Rows = ()) -> Message:
    """Return a change in place of a question or a request."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    return Message(
        message.recipient_id,
        OutgoingKind.MESSAGE if message.about == ASKED else OutgoingKind.REPORT,
        text,
        f"inquiry:{inquiry.id}:{inquiry.round}:{key}:{message.outgoing_id}",
        buttons=buttons,
        lane=Lane.URGENT,
        edits_id=message.outgoing_id,
        about=NEWS,
        about_id=inquiry.id,
        pupil_id=inquiry.pupil_id,
    )


async def _good_news(uow: UnitOfWork, inquiry: Inquiry, child: Child, person_id: int, outgoing_id: int) -> Message:
    assert inquiry.id is not None  # noqa: S101  (stored)
    return Message(
        person_id,
        OutgoingKind.MESSAGE,
        arrived_text(await _reader(uow, person_id), child.name),
        f"inquiry:{inquiry.id}:{inquiry.round}:here:{person_id}",
        lane=Lane.URGENT,
        replies_to_id=outgoing_id,
        about=NEWS,
        about_id=inquiry.id,
        pupil_id=inquiry.pupil_id,
    )


async def _reader(uow: UnitOfWork, person_id: int) -> Texts:
    contact = await find_contact(uow, person_id)
    return reader_texts(uow, (contact.language or contact.home_language) if contact else None)
