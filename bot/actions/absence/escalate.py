"""The asking about missing pupils goes on: the first guardian, the others, the telephone, the leadership (A5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import school_end, touch_lists
from bot.actions.absence.inquiries import NEWS, end
from bot.actions.absence.inquiries_texts import (
    answer_buttons,
    call_text,
    leaders_text,
    outcome_buttons,
    question_text,
)
from bot.actions.readers import reader_texts
from bot.domain.morning import (
    AFTER_SCHOOL,
    FIRST_LOOK,
    MOST_CALLS,
    InquiryFacts,
    InquiryState,
    NextStep,
    PhoneOutcome,
    Section,
    next_step,
    section_of,
)
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Child
from bot.outbox.enqueue import Message, enqueue
from storage.models import Inquiry
from storage.queries.absence import list_absences
from storage.queries.audit import audit
from storage.queries.inquiries import (
    ASKED,
    CALL,
    claim_due_inquiries,
    count_answerable,
    find_pupil,
    has_left,
    last_reporter,
)
from storage.queries.people import (
    GuardianOf,
    find_actor_by_person,
    find_contact,
    list_contact_teachers,
    list_guardians_of,
    list_leadership,
)
from storage.queries.threads import may_read_class


async def ask_on(uow: UnitOfWork) -> int:
    """Take every due inquiry one step further; rights, arrival and lateness are looked at again. Return how many.

    Raises:
        Exception: what kept one of them back; it stays due, and the others have gone on all the same.
    """
    due = await claim_due_inquiries(uow)
    broken: list[Exception] = []
    moved = []
    for inquiry in due:
        try:
            async with uow.session.begin_nested():
                await step(uow, inquiry)
                moved.append(inquiry.pupil_id)
        except Exception as error:  # noqa: BLE001  (raised below, when the others have gone on)
            broken.append(error)
    if moved:
        await touch_lists(uow, moved, [uow.today])
        await uow.commit()
    if broken:
        raise broken[0]
    return len(due)


async def step(uow: UnitOfWork, inquiry: Inquiry) -> None:
    """Do what comes next for an inquiry that is held, and say when it is to be looked at again."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    if await has_left(uow, inquiry.pupil_id):
        await end(uow, inquiry, InquiryState.CANCELLED, by=None)
        return
    if not await _still_missing(uow, inquiry):
        await end(uow, inquiry, InquiryState.EXPLAINED, by=None)
        return
    child = await find_pupil(uow, inquiry.pupil_id)
    guardians = await list_guardians_of(uow, [child.id])
    to_ask = [g for g in await in_order(uow, child.id, guardians) if g.person_id not in inquiry.asked]
    facts = InquiryFacts(
        inquiry.state,
        over=uow.now >= _closing(uow, inquiry),
        asked=len(inquiry.asked),
        answerable=await count_answerable(uow, inquiry.id, inquiry.round),
        to_ask=len(to_ask),
        waited=inquiry.waits_until is not None and uow.now >= inquiry.waits_until,
        calls=inquiry.calls,
        searching=inquiry.outcome is PhoneOutcome.SEARCHING,
    )
    match next_step(facts):
        case NextStep.ASK_FIRST:
            await ask(uow, inquiry, child, to_ask[:1])
        case NextStep.ASK_OTHERS:
            await ask(uow, inquiry, child, to_ask)
        case NextStep.CALL:
            await request_call(uow, inquiry, child, guardians)
        case NextStep.TELL_LEADERS:
            inquiry.calls = MOST_CALLS + 1
            await tell_leaders(uow, inquiry, child)
        case NextStep.CLOSE:
            await end(uow, inquiry, InquiryState.UNRESOLVED, by=None)
            await tell_leaders(uow, inquiry, child)
        case NextStep.WAIT:
            pass
    if inquiry.state is not InquiryState.UNRESOLVED:
        plan(uow, inquiry)
    await uow.flush()


async def _still_missing(uow: UnitOfWork, inquiry: Inquiry) -> bool:
    """Tell whether the pupil still stands as noticed, unexplained and not arrived."""
    held = await list_absences(uow, [inquiry.pupil_id], inquiry.day, inquiry.day)
    return any(section_of(row.kind, row.reason) is Section.MISSING and row.arrived_at is None for row in held)


async def in_order(uow: UnitOfWork, pupil_id: int, guardians: Sequence[GuardianOf]) -> list[GuardianOf]:
    """Return the guardians whom the bot can reach, the one who reported last before the others."""
    last = await last_reporter(uow, pupil_id)
    return sorted((g for g in guardians if g.reachable), key=lambda g: (g.person_id != last, g.name, g.person_id))


def _closing(uow: UnitOfWork, inquiry: Inquiry) -> datetime:
    return school_end(uow, inquiry.day) + AFTER_SCHOOL


def plan(uow: UnitOfWork, inquiry: Inquiry) -> None:
    """Set when an open inquiry is looked at next: soon while a question may still fail, at the latest after school."""
    closing = _closing(uow, inquiry)
    wanted = inquiry.waits_until or closing
    if inquiry.state is InquiryState.ASKING:
        wanted = min(wanted, uow.now + FIRST_LOOK)
    if inquiry.calls > MOST_CALLS or inquiry.outcome is PhoneOutcome.SEARCHING:
        wanted = closing
    inquiry.due_at = min(max(wanted, uow.now + timedelta(seconds=1)), max(closing, uow.now + timedelta(seconds=1)))


async def ask(uow: UnitOfWork, inquiry: Inquiry, child: Child, guardians: Sequence[GuardianOf]) -> None:
    """Ask guardians, loudly, in their own languages; the inquiry waits for them from now on."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    closing = _closing(uow, inquiry)
    for guardian in guardians:
        tr = reader_texts(uow, guardian.language)
        await enqueue(
            uow,
            Message(
                guardian.person_id,
                OutgoingKind.MESSAGE,
                question_text(tr, child.name, guardian.relation),
                f"inquiry:{inquiry.id}:{inquiry.round}:ask:{guardian.person_id}",
                buttons=answer_buttons(tr, inquiry.id, guardian.relation),
                lane=Lane.URGENT,
                expires_at=closing,
                about=ASKED,
                about_id=inquiry.id,
                pupil_id=child.id,
            ),
        )
    inquiry.asked = [*inquiry.asked, *(guardian.person_id for guardian in guardians)]
    inquiry.asked_at = inquiry.asked_at or uow.now
    inquiry.waits_until = uow.now + uow.school.inquiry_wait
    await audit(uow, None, "inquiry.ask", "inquiry", inquiry.id, guardians=[g.person_id for g in guardians])


async def request_call(uow: UnitOfWork, inquiry: Inquiry, child: Child, guardians: Sequence[GuardianOf]) -> None:
    """Ask the teachers to phone, or remind them; the inquiry waits for what a call brings."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    inquiry.state, inquiry.calls = InquiryState.CALL, inquiry.calls + 1
    inquiry.waits_until = uow.now + uow.school.inquiry_wait
    for person_id in await call_readers(uow, inquiry, child):
        contact = await find_contact(uow, person_id)
        tr = reader_texts(uow, contact.language if contact else None)
        await enqueue(
            uow,
            Message(
                person_id,
                OutgoingKind.REPORT,
                call_text(uow, tr, inquiry, child, guardians),
                f"inquiry:{inquiry.id}:{inquiry.round}:call:{inquiry.calls}:{person_id}",
                buttons=outcome_buttons(tr, inquiry.id),
                lane=Lane.URGENT,
                about=CALL,
                about_id=inquiry.id,
                pupil_id=child.id,
            ),
        )
    await audit(uow, None, "inquiry.call", "inquiry", inquiry.id, calls=inquiry.calls)


async def call_readers(uow: UnitOfWork, inquiry: Inquiry, child: Child) -> list[int]:
    """Return who is to phone: who marked the pupil and the contact teachers, if they still have the class.

    When none of them has, the leadership is.
    """
    wanted = [inquiry.marked_by, *(c.person_id for c in await list_contact_teachers(uow, child.class_id))]
    found = []
    for person_id in dict.fromkeys(wanted):
        actor = await find_actor_by_person(uow, person_id)
        if actor is not None and await may_read_class(uow, actor, child.class_id):
            found.append(person_id)
    return found or list(dict.fromkeys(contact.person_id for contact, _ in await list_leadership(uow)))


async def tell_leaders(uow: UnitOfWork, inquiry: Inquiry, child: Child) -> None:
    """Tell the leadership about a pupil of whom nobody knows; once while school is on, once when it is over."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    since = uow.school.local(inquiry.marked_at).time().replace(second=0, microsecond=0, tzinfo=None)
    over = inquiry.state is InquiryState.UNRESOLVED
    for person_id in dict.fromkeys(contact.person_id for contact, _ in await list_leadership(uow)):
        contact = await find_contact(uow, person_id)
        tr = reader_texts(uow, contact.language if contact else None)
        await enqueue(
            uow,
            Message(
                person_id,
                OutgoingKind.REPORT,
                leaders_text(tr, child, inquiry.state, since),
                f"inquiry:{inquiry.id}:{inquiry.round}:{'end' if over else 'leaders'}:{person_id}",
                lane=Lane.URGENT,
                due_at=uow.school.considerate(uow.now) if over else None,
                about=NEWS,
                about_id=inquiry.id,
                pupil_id=child.id,
            ),
        )
    await audit(uow, None, "inquiry.leaders", "inquiry", inquiry.id, over=over)
