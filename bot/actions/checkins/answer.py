"""A home answers in the morning, and the adults around the pupil say when the pupil is here (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.inquiries import settle_inquiries
from bot.actions.absence.record import Facts, record, withdraw
from bot.actions.checkins.tell import home_of, school_end, staff_of, tell_home, tell_staff
from bot.actions.checkins.words import answer_buttons, here_button, question_text, told_text
from bot.actions.readers import reader_texts
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.checkin import CheckinAnswer, CheckinOver
from bot.domain.messages import rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.absence import AbsenceRow, change_absence, hold_absences
from storage.queries.audit import audit
from storage.queries.checkins import (
    ASKED,
    TOLD,
    DayRow,
    PlanRow,
    access_home_day,
    access_staff_day,
    change_day,
    list_sent_of_day,
)
from storage.queries.people import find_contact


@dataclass(frozen=True, slots=True)
class Morning:
    """How a morning stands, for the guardian who looks at it; `staff` are those who could be told.

    `arrived` when the pupil is here.
    """

    day: DayRow
    child: str
    staff: tuple[str, ...]
    arrived: bool


async def answer_checkin(uow: UnitOfWork, actor: Actor, day_id: int, answer: CheckinAnswer) -> Morning:
    """Take a guardian's answer; it can be changed until school ends. The adults around the pupil hear at once.

    Raises:
        NotPermitted: the actor is not asked here, or not any more. CheckinOver: it was another day's question.
    """
    plan, day = await access_home_day(uow, actor, day_id)
    if day.day != uow.today or uow.now >= school_end(uow):
        raise CheckinOver
    staff = tuple(one.name for one in await staff_of(uow, plan) if one.reachable)
    if day.answer is answer or day.arrived_at is not None:
        return Morning(day, plan.pupil_name, staff, day.arrived_at is not None)
    changed = await change_day(uow, day.id, answer=answer, answered_by=actor.person_id, answered_at=uow.now)
    await _follow_absence(uow, actor, plan, answer)
    await _tell_answer(uow, actor, plan, changed)
    await _show_others(uow, actor, plan, changed)
    await audit(uow, actor.person_id, "checkin.answer", "checkin", plan.id, answer=answer.value)
    await uow.commit()
    return Morning(changed, plan.pupil_name, staff, arrived=False)


async def _follow_absence(uow: UnitOfWork, actor: Actor, plan: PlanRow, answer: CheckinAnswer) -> None:
    """Let the day's absence follow the answer; what the home reported itself, or the school granted, stays."""
    held = next((one for one in await hold_absences(uow, [plan.pupil_id], [uow.today]) if one.is_active), None)
    if answer is CheckinAnswer.CALL_ME:
        return
    if answer is CheckinAnswer.AS_PLANNED:
        if held is None or not _from_checkin(held, plan):
            return
        await withdraw(uow, [plan.pupil_id], [uow.today])
    elif held is None or _from_checkin(held, plan) or held.reason is AbsenceReason.UNKNOWN:
        kind = AbsenceKind.LATE if answer is CheckinAnswer.LATER else AbsenceKind.ABSENT
        facts = Facts(kind, AbsenceReason.OTHER)
        pupils, days = [plan.pupil_id], [uow.today]
        await record(uow, pupils, days, facts, source=AbsenceSource.HOME, reported_by=actor.person_id)
    await settle_inquiries(uow, [plan.pupil_id], uow.today, by=actor.person_id)
    await touch_lists(uow, [plan.pupil_id], [uow.today])


def _from_checkin(row: AbsenceRow, plan: PlanRow) -> bool:
    """Tell whether an absence is what an earlier answer stored."""
    return (
        row.source is AbsenceSource.HOME
        and row.reason is AbsenceReason.OTHER
        and row.kind in {AbsenceKind.LATE, AbsenceKind.ABSENT}
        and row.ends is None
        and row.reported_by in plan.guardian_ids
    )


async def _tell_answer(uow: UnitOfWork, actor: Actor, plan: PlanRow, day: DayRow) -> None:
    assert day.answer is not None  # noqa: S101  (just stored)
    answer, contact = day.answer, await find_contact(uow, actor.person_id)
    phone = contact.phone if contact else None
    await tell_staff(
        uow,
        plan,
        f"told:{day.id}:{day.version}",
        lambda tr: told_text(tr, plan.pupil_name, answer, actor.name, phone),
        buttons=lambda tr: rows([here_button(tr, day.id, plan.pupil_name)]),
        at_once=True,
        about=(TOLD, day.id),
    )


async def _show_others(uow: UnitOfWork, actor: Actor, plan: PlanRow, day: DayRow) -> None:
    """Show the other guardians who were asked that it is answered, not what (P9); they may still answer too."""
    guardians = {one.person_id: one for one in await home_of(uow, plan) if one.person_id != actor.person_id}
    messages = []
    for outgoing_id, person_id in await list_sent_of_day(uow, ASKED, day.id, list(guardians)):
        tr = reader_texts(uow, guardians[person_id].language)
        answered = tr.gettext(
            "✅ {guardian} has answered for today. If something changes, one tap is enough.", guardian=actor.name
        )
        messages.append(
            Message(
                person_id,
                OutgoingKind.MESSAGE,
                Html(f"{question_text(tr, plan.pupil_name)}\n{answered}"),
                f"checkin-ask-edit:{outgoing_id}:{day.version}",
                buttons=answer_buttons(tr, day.id),
                edits_id=outgoing_id,
                about=ASKED,
                about_id=day.id,
                pupil_id=plan.pupil_id,
            )
        )
    await enqueue(uow, *messages)


@dataclass(frozen=True, slots=True)
class Here:
    """Who noted when that the pupil is here; `again` when somebody had done so before."""

    child: str
    name: str
    at: datetime
    again: bool


async def note_here(uow: UnitOfWork, actor: Actor, day_id: int) -> Here:
    """Note that the pupil is here: the home gets one good line, whoever taps and however often.

    Raises:
        NotPermitted: the actor is not one of the arrangement's people. CheckinOver: it is another day's, or school is
            over.
    """
    plan, day = await access_staff_day(uow, actor, day_id)
    if day.day != uow.today:
        raise CheckinOver
    if day.arrived_at is not None:
        noted = await find_contact(uow, day.arrived_by) if day.arrived_by is not None else None
        return Here(plan.pupil_name, noted.name if noted else "", uow.school.local(day.arrived_at), again=True)
    if uow.now >= school_end(uow):
        raise CheckinOver  # the home is not told so in the evening
    changed = await change_day(uow, day.id, arrived_at=uow.now, arrived_by=actor.person_id)
    await _follow_arrival(uow, actor, plan)
    here = Here(plan.pupil_name, actor.name, uow.school.local(uow.now), again=False)
    await tell_home(
        uow,
        plan,
        f"here:{day.id}",
        lambda tr: tr.gettext(
            "🌟 {child} is here. A good day to you from {name}.", child=plan.pupil_name, name=actor.name
        ),
        at_once=True,
    )
    await _show_staff(uow, plan, changed, here)
    await audit(uow, actor.person_id, "checkin.here", "checkin", plan.id, pupil=plan.pupil_id)
    await uow.commit()
    return here


async def _follow_arrival(uow: UnitOfWork, actor: Actor, plan: PlanRow) -> None:
    held = next((one for one in await hold_absences(uow, [plan.pupil_id], [uow.today]) if one.is_active), None)
    if held is not None and held.kind is not AbsenceKind.PART and held.arrived_at is None:
        await change_absence(uow, held.id, kind=AbsenceKind.LATE, arrived_at=uow.now)
    await settle_inquiries(uow, [plan.pupil_id], uow.today, by=actor.person_id, arrived=True)
    await touch_lists(uow, [plan.pupil_id], [uow.today])


def here_text(tr: Texts, here: Here) -> Html:
    """Return the line that the staff see once the pupil is here."""
    return tr.gettext(
        "🌟 <b>{child} is here</b>, since {time}, noted by {name}.",
        child=here.child,
        time=here.at.time().replace(second=0, microsecond=0, tzinfo=None),
        name=here.name,
    )


async def _show_staff(uow: UnitOfWork, plan: PlanRow, day: DayRow, here: Here) -> None:
    staff = {one.person_id: one for one in await staff_of(uow, plan)}
    messages = [
        Message(
            person_id,
            OutgoingKind.MESSAGE,
            here_text(reader_texts(uow, staff[person_id].language), here),
            f"checkin-told-edit:{outgoing_id}:{day.version}",
            edits_id=outgoing_id,
            about=TOLD,
            about_id=day.id,
            pupil_id=plan.pupil_id,
        )
        for outgoing_id, person_id in await list_sent_of_day(uow, TOLD, day.id, list(staff))
    ]
    await enqueue(uow, *messages)
