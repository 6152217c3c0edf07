"""The school grants or refuses leave; the first answer counts (A3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import touch_lists
from bot.actions.absence.inquiries import settle_inquiries
from bot.actions.absence.record import Facts, record
from bot.actions.calendar import school_calendar
from bot.actions.leave.tell import ask_school, close_asking, list_deciders, tell_home, view_of
from bot.actions.leave.words import LeaveView
from bot.actions.threads import NobodyReads
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.errors import NotPermitted
from bot.domain.leave import LeaveState, ReadyRefusal, check_line
from bot.domain.people import Actor
from storage.queries.absence import hold_absences
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.leave import LeaveRow, access_school_leave, change_leave, claim_reminders

EXPECT_GRANT = "leave.grant"
EXPECT_REFUSE = "leave.refuse"
REMINDERS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Decision:
    """How a request stands after a tap; `counted` is false when somebody had answered it before."""

    view: LeaveView
    counted: bool


async def show_request(uow: UnitOfWork, actor: Actor, request_id: int) -> LeaveView:
    """Return a request for somebody who may decide on it; an open question about it is left.

    Raises:
        NotPermitted: it is not the actor's to decide.
    """
    row = await access_school_leave(uow, actor, request_id)
    await _leave_question(uow, actor, row)
    view = await view_of(uow, row)
    await uow.commit()
    return view


async def _leave_question(uow: UnitOfWork, actor: Actor, row: LeaveRow) -> None:
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects in {EXPECT_GRANT, EXPECT_REFUSE} and question.ref_id == row.id:
        await close_question(uow, actor.person_id)


async def ask_sentence(uow: UnitOfWork, actor: Actor, request_id: int, *, refuse: bool) -> Decision:
    """Expect the school's sentence as the next text, unless the request is answered by now.

    Raises:
        NotPermitted: it is not the actor's to decide.
    """
    row = await access_school_leave(uow, actor, request_id)
    if row.state is LeaveState.ASKED:
        await ask(uow, actor.person_id, EXPECT_REFUSE if refuse else EXPECT_GRANT, row.id)
    decision = Decision(await view_of(uow, row), row.state is LeaveState.ASKED)
    await uow.commit()
    return decision


async def decide_written(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Decision:
    """Grant or refuse with the sentence that the open question asked for.

    Raises:
        NotPermitted: it is not the actor's to decide. InvalidInput: the sentence does not fit; see `check_line`.
    """
    state = LeaveState.REFUSED if question.expects == EXPECT_REFUSE else LeaveState.GRANTED
    return await decide(uow, actor, question.ref_id, state, sentence=check_line(text))


async def decide(
    uow: UnitOfWork,
    actor: Actor,
    request_id: int,
    state: LeaveState,
    *,
    sentence: str = "",
    ready: ReadyRefusal | None = None,
) -> Decision:
    """Answer a request: granted days become absences, and everybody concerned is told in the own language.

    Raises:
        NotPermitted: it is not the actor's to decide, or a refusal says nothing why.
    """
    if state is LeaveState.REFUSED and not sentence and ready is None:
        raise NotPermitted
    row = await access_school_leave(uow, actor, request_id)
    await _leave_question(uow, actor, row)
    if row.state is not LeaveState.ASKED:
        stands = Decision(await view_of(uow, row), counted=False)
        await uow.commit()
        return stands
    changed = await change_leave(
        uow,
        row,
        state=state,
        decided_by=actor.person_id,
        decided_at=uow.now,
        decision_text=sentence,
        decision_language=actor.language if sentence else "",
        decision_ready=ready,
    )
    view = await view_of(uow, changed)
    if state is LeaveState.GRANTED:
        await _record_days(uow, actor, changed)
    await close_asking(uow, view)
    await tell_home(uow, view)
    act = "leave.grant" if state is LeaveState.GRANTED else "leave.refuse"
    await audit(uow, actor.person_id, act, "leave", row.id, pupil=row.pupil_id, days=row.days)
    await uow.commit()
    return Decision(view, counted=True)


async def _record_days(uow: UnitOfWork, actor: Actor, row: LeaveRow) -> None:
    """Store the leave's school days as absences; of days that are over only those on which the pupil was absent."""
    calendar = await school_calendar(uow, row.first, row.last)
    days = calendar.school_days(row.first, row.last)
    earlier = [day for day in days if day <= uow.today]
    held = {one.day: one for one in await hold_absences(uow, [row.pupil_id], earlier)} if earlier else {}

    def counts(day: date) -> bool:
        known = held.get(day)
        if known is None or not known.is_active:
            return day >= uow.today
        return known.kind is AbsenceKind.ABSENT and known.arrived_at is None

    chosen = [day for day in days if counts(day)]
    facts = Facts(AbsenceKind.ABSENT, AbsenceReason.LEAVE)
    await record(
        uow,
        [row.pupil_id],
        chosen,
        facts,
        source=AbsenceSource.LEAVE,
        reported_by=row.asked_by,
        leave_id=row.id,
    )
    if uow.today in chosen:
        await settle_inquiries(uow, [row.pupil_id], uow.today, by=actor.person_id)
    await touch_lists(uow, [row.pupil_id], chosen)


async def remind_undecided(uow: UnitOfWork) -> int:
    """Remind those who decide now of requests that have waited for some school days, once; return of how many."""
    reminded = 0
    for row in await claim_reminders(uow, REMINDERS_AT_ONCE):
        if row.last < uow.today:
            continue  # an answer helps nobody any more
        try:
            deciders, _ = await list_deciders(uow, row.pupil_id, row.class_id, by_leadership=row.by_leadership)
        except NobodyReads:
            await audit(uow, None, "leave.nobody_reads", "leave", row.id)
            continue
        await ask_school(uow, await view_of(uow, row), deciders, reminder=True)
        reminded += 1
    await uow.commit()
    return reminded
