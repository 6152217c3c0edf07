"""The clock's part of an arrangement: asking in the morning, saying that nobody has answered, ending it (A9)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.absence.words import absence_text
from bot.actions.calendar import school_calendar
from bot.actions.checkins.plan import end_plan
from bot.actions.checkins.tell import home_of, school_end, staff_of, tell_staff
from bot.actions.checkins.words import answer_buttons, here_button, question_text
from bot.actions.readers import reader_texts
from bot.domain.absence import AbsenceKind
from bot.domain.checkin import TOO_LATE
from bot.domain.messages import rows
from bot.domain.outgoing import OutgoingKind
from bot.outbox.enqueue import Message, enqueue
from storage.queries.absence import AbsenceRow, list_absences
from storage.queries.audit import audit
from storage.queries.checkins import (
    ASKED,
    TOLD,
    DayRow,
    PlanRow,
    add_day,
    claim_plans,
    claim_unanswered,
    read_plan,
    set_next,
)

AT_ONCE = 20
"""Arrangements that one tick takes; the next tick takes the rest."""


async def ask_due(uow: UnitOfWork) -> int:
    """Take each arrangement in which something is due one step on; return how many there were."""
    plans = await claim_plans(uow, AT_ONCE)
    for plan in plans:
        await _step(uow, plan)
    unanswered = await claim_unanswered(uow, AT_ONCE)
    for day in unanswered:
        await _tell_unanswered(uow, day)
    await uow.commit()
    return len(plans) + len(unanswered)


async def _step(uow: UnitOfWork, plan: PlanRow) -> None:
    assert plan.next_at is not None  # noqa: S101  (claimed by it)
    if plan.next_at >= plan.schedule.closes_at(uow.school) or not await home_of(uow, plan):
        await _finish(uow, plan)  # its last day, or no guardian has a right to it any more
        return
    if not await staff_of(uow, plan):
        await _finish(uow, plan)  # nobody of its people works with the pupil any more
        return
    calendar = await school_calendar(uow, uow.today, max(plan.last, uow.today))
    day = uow.school.local(plan.next_at).date()
    if day == uow.today and day.weekday() in plan.weekdays and calendar.is_school_day(day):
        await _morning(uow, plan, late=uow.now - plan.next_at > TOO_LATE)
    await set_next(uow, plan.id, plan.schedule.next_step(max(uow.now, plan.next_at), uow.school, calendar))


async def _finish(uow: UnitOfWork, plan: PlanRow) -> None:
    await end_plan(uow, plan, by=None)
    await audit(uow, None, "checkin.end", "checkin", plan.id, pupil=plan.pupil_id)


async def _tell_missed(uow: UnitOfWork, plan: PlanRow) -> None:
    await tell_staff(
        uow,
        plan,
        f"missed:{uow.today}",
        lambda tr: tr.gettext(
            "🌅 The question to the home of {child} did not go out this morning. Perhaps you call?",
            child=plan.pupil_name,
        ),
        expires_at=school_end(uow),
    )


async def _morning(uow: UnitOfWork, plan: PlanRow, *, late: bool) -> None:
    """Ask, unless the school knows already or it is too `late` for an answer to help."""
    told = await list_absences(uow, [plan.pupil_id], uow.today, uow.today)
    away = next((row for row in told if row.kind is AbsenceKind.ABSENT), None)
    if away is not None and not late:
        await _tell_known(uow, plan, away)
    elif away is None and late:
        await _tell_missed(uow, plan)
    elif away is None:
        await _ask(uow, plan)


async def _ask(uow: UnitOfWork, plan: PlanRow) -> None:
    guardians = [one for one in await home_of(uow, plan) if one.person_id in plan.asked_ids and one.reachable]
    if not guardians:
        await _tell_nobody(uow, plan)
        return
    day_id = await add_day(uow, plan.id, uow.today, plan.schedule.unanswered_at(uow.today, uow.school))
    if day_id is None:
        return
    messages = []
    for guardian in guardians:
        tr = reader_texts(uow, guardian.language)
        messages.append(
            Message(
                guardian.person_id,
                OutgoingKind.MESSAGE,
                question_text(tr, plan.pupil_name),
                f"checkin-ask:{day_id}:{guardian.person_id}",
                buttons=answer_buttons(tr, day_id),
                expires_at=uow.now + TOO_LATE,
                about=ASKED,
                about_id=day_id,
                pupil_id=plan.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def _tell_known(uow: UnitOfWork, plan: PlanRow, away: AbsenceRow) -> None:
    await tell_staff(
        uow,
        plan,
        f"known:{uow.today}",
        lambda tr: tr.gettext(
            "🌅 {child} is absent today ({what}). It is known already, so the home is not asked.",
            child=plan.pupil_name,
            what=absence_text(tr, away.kind, away.reason),
        ),
    )


async def _tell_nobody(uow: UnitOfWork, plan: PlanRow) -> None:
    await tell_staff(
        uow,
        plan,
        f"nobody:{uow.today}",
        lambda tr: tr.gettext(
            "🌅 Nobody at the home of {child} can be reached here this morning. Perhaps you call?",
            child=plan.pupil_name,
        ),
    )


async def _tell_unanswered(uow: UnitOfWork, day: DayRow) -> None:
    plan = await read_plan(uow, day.plan_id)
    held = await list_absences(uow, [plan.pupil_id], day.day, day.day)
    if day.day != uow.today or plan.ended_at is not None or held or uow.now >= school_end(uow):
        return
    await tell_staff(
        uow,
        plan,
        f"unanswered:{day.id}",
        lambda tr: tr.gettext("🌅 Nobody at the home of {child} has answered this morning yet.", child=plan.pupil_name),
        buttons=lambda tr: rows([here_button(tr, day.id, plan.pupil_name)]),
        about=(TOLD, day.id),
    )
