"""A guardian would rather talk first, and is not asked until then (A9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.checkins.plan import end_plan
from bot.actions.checkins.tell import tell_staff
from bot.actions.threads import Receipt, call_me
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from storage.queries.audit import audit
from storage.queries.checkins import (
    PlanRow,
    access_own_plan,
    change_plan,
)


@dataclass(frozen=True, slots=True)
class Paused:
    """A guardian would rather talk first; `ended` when nobody is left to be asked. `receipt` says who calls."""

    plan_id: int
    child: str
    ended: bool
    receipt: Receipt | None


async def pause(uow: UnitOfWork, actor: Actor, plan_id: int) -> Paused:
    """Ask a guardian no more until the school has called; with nobody left to ask, the arrangement ends.

    Raises:
        NotPermitted: the actor is not one of its guardians. NobodyReads: nobody at the school can be reached.
    """
    plan = await access_own_plan(uow, actor, plan_id)
    ended = not [one for one in plan.asked_ids if one != actor.person_id]
    if actor.person_id not in plan.paused_ids:
        changed = await change_plan(uow, plan.id, paused_ids=[*plan.paused_ids, actor.person_id])
        await _tell_paused(uow, actor, changed, ended=ended)
        await audit(uow, actor.person_id, "checkin.pause", "checkin", plan.id, pupil=plan.pupil_id)
        if ended:
            await end_plan(uow, changed, by=actor.person_id, tell=False)
    receipt = await call_me(uow, actor, plan.pupil_id)  # commits all of it
    return Paused(plan.id, plan.pupil_name, ended, receipt)


async def resume(uow: UnitOfWork, actor: Actor, plan_id: int) -> Paused:
    """Ask a guardian again.

    Raises:
        NotPermitted: the actor is not one of its guardians, or it has ended.
    """
    plan = await access_own_plan(uow, actor, plan_id)
    if actor.person_id in plan.paused_ids:
        left: Sequence[int] = [one for one in plan.paused_ids if one != actor.person_id]
        changed = await change_plan(uow, plan.id, paused_ids=list(left))
        await tell_staff(
            uow,
            changed,
            f"resumed:{changed.version}",
            lambda tr: tr.gettext(
                "🌅 {guardian} answers the morning check-in for {child} again.",
                guardian=actor.name,
                child=plan.pupil_name,
            ),
        )
        await audit(uow, actor.person_id, "checkin.resume", "checkin", plan.id, pupil=plan.pupil_id)
        await uow.commit()
    return Paused(plan.id, plan.pupil_name, ended=False, receipt=None)


async def _tell_paused(uow: UnitOfWork, actor: Actor, plan: PlanRow, *, ended: bool) -> None:
    def text(tr: Texts) -> Html:
        fields = {"guardian": actor.name, "child": plan.pupil_name}
        if ended:
            return tr.gettext(
                "📞 {guardian} would like to talk about the morning check-in for {child} first. It has ended; "
                "you can arrange a new one after the talk.",
                **fields,
            )
        return tr.gettext(
            "📞 {guardian} would like to talk about the morning check-in for {child} first. "
            "Until then {guardian} is not asked.",
            **fields,
        )

    await tell_staff(uow, plan, f"paused:{plan.version}", text, at_once=False)
