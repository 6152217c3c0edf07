"""A teacher or the leadership arranges a check-in with one home, changes it and ends it (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.actions.checkins.drafting import DraftView, check_complete, find_draft, keep_draft, view_draft
from bot.actions.checkins.tell import home_of, staff_of, tell_arranged, tell_home, tell_staff
from bot.actions.checkins.words import times_text
from bot.domain.checkin import (
    CheckinDraft,
    NoMorningThen,
    NotForThisPupil,
    Schedule,
    SomebodyNeeded,
)
from bot.domain.checkin_taps import EditStep
from bot.domain.errors import NotPermitted, Stale
from bot.domain.inputs import HORIZON_DAYS
from bot.domain.people import Actor, Child, ClassInfo
from bot.i18n import Html, Texts
from storage.queries.audit import audit
from storage.queries.checkins import (
    PlanRow,
    access_plan,
    add_plan,
    change_plan,
    find_running,
    list_plans,
    list_staff_of,
)
from storage.queries.dialogue import close_question
from storage.queries.people import access_pupil, list_guardians_of, list_own_classes, list_pupils


@dataclass(frozen=True, slots=True)
class PlanView:
    """An arrangement with the names of its people; `paused` would rather talk first."""

    plan: PlanRow
    staff: tuple[str, ...]
    guardians: tuple[str, ...]
    paused: tuple[str, ...]


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
    return await keep_draft(uow, actor, draft, EditStep.ASK_WEEKDAYS)


async def view_plan(uow: UnitOfWork, plan: PlanRow) -> PlanView:
    """Return an arrangement with the names of its people of now."""
    guardians = await home_of(uow, plan)
    return PlanView(
        plan,
        tuple(one.name for one in await staff_of(uow, plan)),
        tuple(one.name for one in guardians if one.person_id not in plan.paused_ids),
        tuple(one.name for one in guardians if one.person_id in plan.paused_ids),
    )


async def start(uow: UnitOfWork, actor: Actor) -> PlanView:
    """Start what was reviewed, or change what runs; guardians and the other adults are told.

    Raises:
        Stale: nothing is being arranged, or the arrangement was changed meanwhile.
        NotPermitted, NotForThisPupil, NoMorningThen, SomebodyNeeded: it cannot be so.
    """
    draft = await find_draft(uow, actor)
    check_complete(EditStep.REVIEW, draft)
    assert draft.ask_at is not None and draft.last is not None  # noqa: S101, PT018  (checked just above)
    view = await view_draft(uow, actor, draft, EditStep.START)
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
        lambda tr: _staff_text(tr, actor, plan),
        but=actor.person_id,
    )
    if before is not None:
        gone = [one for one in before.guardian_ids if one not in plan.guardian_ids]
        await _tell_ended(uow, plan, f"out:{plan.version}", gone)


def _staff_text(tr: Texts, actor: Actor, plan: PlanRow) -> Html:
    head = tr.gettext(
        "🌅 {name} has arranged a check-in for {child} ({school_class}). You hear the home's answers.",
        name=actor.name,
        child=plan.pupil_name,
        school_class=plan.class_name,
    )
    return Html(f"{head}\n{times_text(tr, plan.schedule)}")


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
    return await keep_draft(uow, actor, draft, EditStep.REVIEW)


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
