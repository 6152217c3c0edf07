"""A teacher or the leadership arranges a check-in with one home, changes it and ends it (A9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.actions.checkins.tell import home_of, staff_of, tell_arranged, tell_home, tell_staff
from bot.actions.checkins.words import weekdays_text
from bot.domain.checkin import (
    CheckinDraft,
    NoMorningThen,
    NotForThisPupil,
    Schedule,
    SomebodyNeeded,
    check_time,
    year_end,
)
from bot.domain.checkin_taps import EditStep
from bot.domain.errors import NotPermitted, Stale
from bot.domain.inputs import HORIZON_DAYS, read_time
from bot.domain.people import Actor, Child, ClassInfo
from storage.queries.audit import audit
from storage.queries.checkins import (
    PlanRow,
    StaffMember,
    access_plan,
    add_plan,
    change_plan,
    find_running,
    list_plans,
    list_staff_of,
)
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.people import GuardianOf, access_pupil, list_guardians_of, list_own_classes, list_pupils

EXPECT_DRAFT = "checkin.draft"
EXPECT_TIME = "checkin.time"
"""The same draft, while a typed time is understood too."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """An arrangement with the names of its people; `paused` would rather talk first."""

    plan: PlanRow
    staff: tuple[str, ...]
    guardians: tuple[str, ...]
    paused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Until:
    """A last day to choose; `weeks` is how many weeks away it is, None for the end of the school year."""

    day: date
    weeks: int | None


@dataclass(frozen=True, slots=True)
class DraftView:
    """An arrangement that is being made, what can be chosen, and which question comes now."""

    draft: CheckinDraft
    child: Child
    staff: tuple[StaffMember, ...]
    guardians: tuple[GuardianOf, ...]
    step: EditStep
    untils: tuple[Until, ...]
    me: int


async def list_arrangements(uow: UnitOfWork, actor: Actor) -> list[PlanRow]:
    """Return the running arrangements that somebody at the school is part of.

    Raises:
        NotPermitted: the actor neither teaches nor leads.
    """
    _check_staff(actor)
    return await list_plans(uow, actor)


def _check_staff(actor: Actor) -> None:
    if not (actor.teaches or actor.leads):
        raise NotPermitted


async def list_my_classes(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    """Return the classes in which somebody may arrange a check-in.

    Raises:
        NotPermitted: the actor neither teaches nor leads.
    """
    _check_staff(actor)
    return await list_own_classes(uow, actor)


async def list_class(uow: UnitOfWork, actor: Actor, class_id: int) -> list[Child]:
    """Return the pupils of an own class.

    Raises:
        NotPermitted: it is not an own class.
    """
    if class_id not in {one.id for one in await list_my_classes(uow, actor)}:
        raise NotPermitted
    return await list_pupils(uow, class_id)


async def begin(uow: UnitOfWork, actor: Actor, pupil_id: int) -> DraftView | PlanView:
    """Begin an arrangement for a pupil; one that runs already is shown to its own people.

    Raises:
        NotPermitted: the pupil is not of an own class. NotForThisPupil: it cannot be arranged from here.
    """
    _check_staff(actor)
    child = await access_pupil(uow, actor, pupil_id)
    running = await find_running(uow, pupil_id)
    if running is not None:
        if actor.person_id in running.staff_ids:
            return await view_plan(uow, running)
        raise NotForThisPupil(child=child.name)
    guardians = tuple(one.person_id for one in await list_guardians_of(uow, [pupil_id]) if one.enrolled)
    contacts = tuple(one.person_id for one in await list_staff_of(uow, child.class_id) if one.role == "contact_teacher")
    draft = CheckinDraft(pupil_id, staff_ids=tuple(dict.fromkeys((actor.person_id, *contacts))), guardian_ids=guardians)
    return await _keep(uow, actor, draft, EditStep.ASK_WEEKDAYS)


async def view_plan(uow: UnitOfWork, plan: PlanRow) -> PlanView:
    """Return an arrangement with the names of its people of now."""
    guardians = await home_of(uow, plan)
    return PlanView(
        plan,
        tuple(one.name for one in await staff_of(uow, plan)),
        tuple(one.name for one in guardians if one.person_id not in plan.paused_ids),
        tuple(one.name for one in guardians if one.person_id in plan.paused_ids),
    )


async def _keep(uow: UnitOfWork, actor: Actor, draft: CheckinDraft, step: EditStep) -> DraftView:
    view = await _view(uow, actor, draft, step)
    expects = EXPECT_TIME if step is EditStep.ASK_TIME else EXPECT_DRAFT
    await ask(uow, actor.person_id, expects, 0, draft=draft.to_json())
    await uow.commit()
    return view


async def _view(uow: UnitOfWork, actor: Actor, draft: CheckinDraft, step: EditStep) -> DraftView:
    child = await access_pupil(uow, actor, draft.pupil_id)
    return DraftView(
        draft,
        child,
        tuple(await list_staff_of(uow, child.class_id)),
        tuple(one for one in await list_guardians_of(uow, [child.id]) if one.enrolled),
        step,
        _untils(uow.today),
        actor.person_id,
    )


def _untils(today: date) -> tuple[Until, ...]:
    """No arrangement goes on over the summer: teachers and classes are others then."""
    end = year_end(today)
    some = [Until(today + timedelta(weeks=weeks), weeks) for weeks in (4, 8)]
    return (*(one for one in some if one.day < end), Until(end, None))


async def _draft(uow: UnitOfWork, actor: Actor) -> CheckinDraft:
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects not in {EXPECT_DRAFT, EXPECT_TIME}:
        raise Stale
    return CheckinDraft.from_json(question.data["draft"])


async def edit(uow: UnitOfWork, actor: Actor, step: EditStep, value: int) -> DraftView:
    """Take one step of arranging; the draft in the dialogue's row is what counts, not the button.

    Raises:
        Stale: nothing is being arranged any more. NotPermitted: the pupil or a person is not to be chosen.
        SomebodyNeeded, NotAMorning: the choice does not fit.
    """
    draft = await _draft(uow, actor)
    view = await _view(uow, actor, draft, step)
    changed = _CHANGES[step](view, value) if step in _CHANGES else draft
    following = _following(step, changed)
    _check_before(following, changed)
    if following is EditStep.REVIEW:
        changed = replace(changed, reviewed=True)
    return await _keep(uow, actor, changed, following)


def _weekday(view: DraftView, value: int) -> CheckinDraft:
    return view.draft.toggled_weekday(value)


def _time(view: DraftView, value: int) -> CheckinDraft:
    hour, minute = divmod(value, 100)
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise NotPermitted
    return replace(view.draft, ask_at=check_time(time(hour, minute)))


def _until(view: DraftView, value: int) -> CheckinDraft:
    found = next((one.day for one in view.untils if one.day.toordinal() == value), None)
    if found is None:
        raise NotPermitted
    return replace(view.draft, last=found)


def _staff(view: DraftView, value: int) -> CheckinDraft:
    if value == view.me or value not in {one.person_id for one in view.staff}:
        raise NotPermitted  # whoever arranges it hears of it
    return view.draft.toggled_staff(value)


def _guardian(view: DraftView, value: int) -> CheckinDraft:
    if value not in {one.person_id for one in view.guardians}:
        raise NotPermitted
    return view.draft.toggled_guardian(value)


_CHANGES: dict[EditStep, Callable[[DraftView, int], CheckinDraft]] = {
    EditStep.WEEKDAY: _weekday,
    EditStep.TIME: _time,
    EditStep.UNTIL: _until,
    EditStep.STAFF: _staff,
    EditStep.GUARDIAN: _guardian,
}
_TOGGLES = {
    EditStep.WEEKDAY: EditStep.ASK_WEEKDAYS,
    EditStep.STAFF: EditStep.ASK_STAFF,
    EditStep.GUARDIAN: EditStep.ASK_GUARDIANS,
}
_NEXT = {EditStep.TIME: EditStep.ASK_UNTIL, EditStep.UNTIL: EditStep.ASK_STAFF}


def _following(step: EditStep, draft: CheckinDraft) -> EditStep:
    """Return the question that comes after a step: a toggle stays, a choice goes on or back to the overview."""
    if step in _TOGGLES:
        return _TOGGLES[step]
    if step in _NEXT:
        return EditStep.REVIEW if draft.reviewed else _NEXT[step]
    return step


def _check_before(step: EditStep, draft: CheckinDraft) -> None:
    """Hold back a question while the one before it has no answer."""
    if step in {EditStep.ASK_TIME, EditStep.REVIEW} and not draft.weekdays:
        raise SomebodyNeeded
    if step is EditStep.REVIEW:
        if not draft.guardian_ids:
            raise SomebodyNeeded
        if draft.ask_at is None or draft.last is None:
            raise Stale


async def typed_time(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> DraftView:
    """Take a time that was typed.

    Raises:
        NotATime, NotAMorning: it does not fit. NotPermitted: the pupil is not of an own class any more.
    """
    moment = check_time(read_time(text))
    draft = replace(CheckinDraft.from_json(question.data["draft"]), ask_at=moment)
    following = EditStep.REVIEW if draft.reviewed else EditStep.ASK_UNTIL
    return await _keep(uow, actor, draft, following)


async def start(uow: UnitOfWork, actor: Actor) -> PlanView:
    """Start what was reviewed, or change what runs; guardians and the other adults are told.

    Raises:
        Stale: nothing is being arranged, or the arrangement was changed meanwhile.
        NotPermitted, NotForThisPupil, NoMorningThen, SomebodyNeeded: it cannot be so.
    """
    draft = await _draft(uow, actor)
    _check_before(EditStep.REVIEW, draft)
    assert draft.ask_at is not None and draft.last is not None  # noqa: S101, PT018  (checked just above)
    view = await _view(uow, actor, draft, EditStep.START)
    running = await find_running(uow, draft.pupil_id)
    if running is not None and actor.person_id not in running.staff_ids:
        raise NotForThisPupil(child=view.child.name)
    if (running.id, running.version) != (draft.plan_id, draft.version) if running else draft.plan_id != 0:
        raise Stale
    values = await _values(uow, view, running)
    if running is None:
        plan = await add_plan(uow, pupil_id=draft.pupil_id, made_by=actor.person_id, **values)
    else:
        plan = await change_plan(uow, running.id, **values)
    await _tell_started(uow, actor, plan, running)
    act = "checkin.change" if running else "checkin.start"
    await audit(uow, actor.person_id, act, "checkin", plan.id, pupil=plan.pupil_id)
    await close_question(uow, actor.person_id)
    shown = await view_plan(uow, plan)
    await uow.commit()
    return shown


async def _values(uow: UnitOfWork, view: DraftView, running: PlanRow | None) -> dict[str, object]:
    """Return what is stored of a draft: only people who may be part of it now."""
    draft = view.draft
    assert draft.ask_at is not None and draft.last is not None  # noqa: S101, PT018  (the caller has looked)
    first = running.first if running else uow.today
    schedule = Schedule(draft.weekdays, draft.ask_at, first, draft.last)
    calendar = await school_calendar(uow, uow.today, min(draft.last, uow.today + timedelta(days=HORIZON_DAYS)))
    next_at = schedule.next_after(uow.now, uow.school, calendar)
    guardians = [one.person_id for one in view.guardians if one.person_id in draft.guardian_ids]
    if next_at is None:
        raise NoMorningThen
    if not guardians:
        raise SomebodyNeeded
    return {
        "weekdays": sorted(draft.weekdays),
        "ask_at": draft.ask_at,
        "first": first,
        "last": draft.last,
        "staff_ids": [one.person_id for one in view.staff if one.person_id in {*draft.staff_ids, view.me}],
        "guardian_ids": guardians,
        "next_at": next_at,
        **({"paused_ids": [one for one in running.paused_ids if one in guardians]} if running else {}),
    }


async def _tell_started(uow: UnitOfWork, actor: Actor, plan: PlanRow, before: PlanRow | None) -> None:
    await tell_arranged(uow, plan, changed=before is not None)
    await tell_staff(
        uow,
        plan,
        f"staff:{plan.version}",
        lambda tr: tr.gettext(
            "🌅 {name} has arranged a check-in for {child} ({school_class}): {weekdays} at {time}, until {day}. "
            "You hear the home's answers.",
            name=actor.name,
            child=plan.pupil_name,
            school_class=plan.class_name,
            weekdays=weekdays_text(tr, plan.weekdays),
            time=plan.ask_at,
            day=plan.last,
        ),
        but=actor.person_id,
    )
    if before is not None:
        gone = [one for one in before.guardian_ids if one not in plan.guardian_ids]
        await _tell_ended(uow, plan, f"out:{plan.version}", gone)


async def _tell_ended(uow: UnitOfWork, plan: PlanRow, key: str, guardians: list[int]) -> None:
    await tell_home(
        uow,
        plan,
        key,
        lambda tr: tr.gettext(
            "🌅 The morning check-in for {child} has ended. Thank you for every answer. "
            "If mornings get hard again, write here or ask to be called.",
            child=plan.pupil_name,
        ),
        only=guardians,
    )


async def show(uow: UnitOfWork, actor: Actor, plan_id: int) -> PlanView:
    """Return an arrangement for one of its people at the school.

    Raises:
        NotPermitted: there is none, or the actor is not one of them.
    """
    return await view_plan(uow, await access_plan(uow, actor, plan_id))


async def change(uow: UnitOfWork, actor: Actor, plan_id: int) -> DraftView:
    """Begin to change an arrangement; nothing changes before the confirming tap.

    Raises:
        NotPermitted: as `show`.
    """
    plan = await access_plan(uow, actor, plan_id)
    draft = CheckinDraft(
        plan.pupil_id,
        frozenset(plan.weekdays),
        plan.ask_at,
        plan.last,
        tuple(plan.staff_ids),
        tuple(plan.guardian_ids),
        plan.id,
        plan.version,
        reviewed=True,
    )
    return await _keep(uow, actor, draft, EditStep.REVIEW)


async def end(uow: UnitOfWork, actor: Actor, plan_id: int) -> str:
    """End an arrangement; its people are told. Return the pupil's name.

    Raises:
        NotPermitted: as `show`; a second tap finds none.
    """
    plan = await access_plan(uow, actor, plan_id)
    await end_plan(uow, plan, by=actor.person_id)
    await audit(uow, actor.person_id, "checkin.end", "checkin", plan.id, pupil=plan.pupil_id)
    await uow.commit()
    return plan.pupil_name


async def end_plan(uow: UnitOfWork, plan: PlanRow, *, by: int | None, tell: bool = True) -> None:
    """End an arrangement, whoever did; `tell` its guardians and the other adults. The caller commits."""
    ended = await change_plan(uow, plan.id, ended_at=uow.now, ended_by=by, next_at=None)
    if not tell:
        return
    await _tell_ended(uow, ended, f"ended:{ended.version}", plan.guardian_ids)
    await tell_staff(
        uow,
        ended,
        f"staff-ended:{ended.version}",
        lambda tr: tr.gettext(
            "🌅 The check-in for {child} ({school_class}) has ended. You can arrange a new one at any time.",
            child=plan.pupil_name,
            school_class=plan.class_name,
        ),
        but=by,
    )
