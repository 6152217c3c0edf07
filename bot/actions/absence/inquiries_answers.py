"""What guardians answer and what telephone calls bring; the first answer ends it for everybody (A5)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.escalate import ask, in_order, plan, request_call, tell_leaders
from bot.actions.absence.inquiries import change_of, end
from bot.actions.absence.inquiries_texts import call_text, outcome_buttons
from bot.actions.absence.lines import reported_lines
from bot.actions.absence.record import Facts, record
from bot.actions.readers import reader_texts
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.errors import NotPermitted
from bot.domain.morning import MOST_CALLS, OPEN_INQUIRIES, InquiryAnswer, InquiryState, PhoneOutcome
from bot.domain.people import Actor, Child
from bot.outbox.enqueue import enqueue
from storage.models import Inquiry
from storage.queries.absence import AbsenceRow, hold_absences
from storage.queries.audit import audit
from storage.queries.circle import access_circle
from storage.queries.inquiries import CALL, find_inquiry, hold_inquiry, list_inquiry_messages
from storage.queries.people import access_child, access_pupil, find_contact, list_guardians_of
from storage.queries.threads import may_read_class

_ANSWERS: dict[InquiryAnswer, Facts] = {
    InquiryAnswer.ILL: Facts(AbsenceKind.ABSENT, AbsenceReason.ILL),
    InquiryAnswer.ON_THE_WAY: Facts(AbsenceKind.LATE, AbsenceReason.OTHER),
    InquiryAnswer.APPOINTMENT: Facts(AbsenceKind.ABSENT, AbsenceReason.APPOINTMENT),
    InquiryAnswer.OTHER: Facts(AbsenceKind.ABSENT, AbsenceReason.OTHER),
}
_OUTCOMES: dict[PhoneOutcome, Facts] = {
    PhoneOutcome.ILL: Facts(AbsenceKind.ABSENT, AbsenceReason.ILL),
    PhoneOutcome.ON_THE_WAY: Facts(AbsenceKind.LATE, AbsenceReason.OTHER),
    PhoneOutcome.OTHER: Facts(AbsenceKind.ABSENT, AbsenceReason.OTHER),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an inquiry stands after a tap.

    Attributes:
        counted: this tap changed something; else it was settled before.
        believed: the guardian thought that the pupil was at school.
        absence: what is stored for the day now, None when nothing is.
    """

    inquiry_id: int
    child: Child
    state: InquiryState
    counted: bool
    believed: bool = False
    absence: AbsenceRow | None = None


async def answer_inquiry(uow: UnitOfWork, actor: Actor, inquiry_id: int, answer: InquiryAnswer) -> Standing:
    """Take a guardian's answer; the first one counts, whoever comes after is told what stands.

    Raises:
        NotPermitted: the pupil is not the actor's own, or somebody else was asked.
    """
    found = await find_inquiry(uow, inquiry_id)
    if found is None:
        raise NotPermitted
    child = await access_child(uow, actor, found[0])
    held = await hold_absences(uow, [child.id], [found[1]])
    inquiry = await hold_inquiry(uow, inquiry_id)
    if actor.person_id not in inquiry.asked:
        raise NotPermitted
    if inquiry.state not in OPEN_INQUIRIES:
        active = [row for row in held if row.is_active]
        return Standing(inquiry_id, child, inquiry.state, counted=False, absence=active[0] if active else None)
    if answer is InquiryAnswer.UNKNOWN:
        await _believed(uow, inquiry, child)
    else:
        await _explained(uow, actor, inquiry, child, _ANSWERS[answer])
    await audit(uow, actor.person_id, "inquiry.answer", "inquiry", inquiry_id, answer=answer)
    await touch_lists(uow, [child.id], [inquiry.day])
    await uow.commit()
    return Standing(inquiry_id, child, inquiry.state, counted=True, believed=answer is InquiryAnswer.UNKNOWN)


async def _explained(uow: UnitOfWork, actor: Actor, inquiry: Inquiry, child: Child, facts: Facts) -> None:
    records = await record(
        uow, [child.id], [inquiry.day], facts, source=AbsenceSource.HOME, reported_by=actor.person_id
    )
    await end(uow, inquiry, InquiryState.EXPLAINED, by=actor.person_id)
    lines, _ = reported_lines(uow, actor, await access_circle(uow, actor, [child.id]), records, facts)
    await enqueue(uow, *lines)


async def _believed(uow: UnitOfWork, inquiry: Inquiry, child: Child) -> None:
    """Ask the teacher to phone at once, and the guardians who have not been asked too."""
    first = not inquiry.unknown_at_home
    inquiry.unknown_at_home = True
    guardians = await list_guardians_of(uow, [child.id])
    others = [g for g in await in_order(uow, child.id, guardians) if g.person_id not in inquiry.asked]
    if others:
        await ask(uow, inquiry, child, others)
    if inquiry.state is InquiryState.ASKING:
        await request_call(uow, inquiry, child, guardians)
    elif first:
        await _redraw_calls(uow, inquiry, child)
    plan(uow, inquiry)
    await uow.flush()


async def log_call(uow: UnitOfWork, actor: Actor, inquiry_id: int, outcome: PhoneOutcome) -> Standing:
    """Take down what a telephone call brought; "nobody answered" keeps the teachers asked.

    Raises:
        NotPermitted: the pupil's class is not the actor's, or no call was asked for.
    """
    found = await find_inquiry(uow, inquiry_id)
    if found is None:
        raise NotPermitted
    child = await access_pupil(uow, actor, found[0])
    if not await may_read_class(uow, actor, child.class_id):
        raise NotPermitted
    await hold_absences(uow, [child.id], [found[1]])
    inquiry = await hold_inquiry(uow, inquiry_id)
    if inquiry.state is not InquiryState.CALL:
        if inquiry.state in OPEN_INQUIRIES:
            raise NotPermitted
        return Standing(inquiry_id, child, inquiry.state, counted=False)
    inquiry.outcome, inquiry.outcome_by, inquiry.outcome_at = outcome, actor.person_id, uow.now
    if outcome in _OUTCOMES:
        await record(
            uow,
            [child.id],
            [inquiry.day],
            _OUTCOMES[outcome],
            source=AbsenceSource.SCHOOL,
            reported_by=actor.person_id,
        )
        await end(uow, inquiry, InquiryState.EXPLAINED, by=actor.person_id)
    else:
        await _still_open(uow, inquiry, child, outcome)
    await audit(uow, actor.person_id, "inquiry.phone", "inquiry", inquiry_id, outcome=outcome)
    await touch_lists(uow, [child.id], [inquiry.day], hurry=actor.person_id)
    await uow.commit()
    return Standing(inquiry_id, child, inquiry.state, counted=True)


async def _still_open(uow: UnitOfWork, inquiry: Inquiry, child: Child, outcome: PhoneOutcome) -> None:
    if outcome is PhoneOutcome.SEARCHING:
        if inquiry.calls <= MOST_CALLS:
            inquiry.calls = MOST_CALLS + 1
            await tell_leaders(uow, inquiry, child)
    else:
        inquiry.waits_until = uow.now + uow.school.inquiry_wait
    plan(uow, inquiry)
    await uow.flush()
    await _redraw_calls(uow, inquiry, child)


async def _redraw_calls(uow: UnitOfWork, inquiry: Inquiry, child: Child) -> None:
    """Let everybody who is asked to phone see how far it is."""
    assert inquiry.id is not None  # noqa: S101  (stored)
    guardians = await list_guardians_of(uow, [child.id])
    for message in await list_inquiry_messages(uow, inquiry.id, inquiry.round):
        if message.about != CALL:
            continue
        contact = await find_contact(uow, message.recipient_id)
        tr = reader_texts(uow, contact.language if contact else None)
        text = call_text(uow, tr, inquiry, child, guardians)
        key = f"at{int(uow.now.timestamp())}"
        await enqueue(uow, change_of(inquiry, message, text, key=key, buttons=outcome_buttons(tr, inquiry.id)))
