"""Arranging a check-in, question by question; the draft stays in the dialogue's row until it is started (A9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.actions import UnitOfWork
from bot.domain.checkin import (
    CheckinDraft,
    SomebodyNeeded,
    check_time,
    year_end,
)
from bot.domain.checkin_taps import EditStep
from bot.domain.errors import NotPermitted, Stale
from bot.domain.inputs import read_time
from bot.domain.people import Actor, Child
from storage.queries.checkins import (
    StaffMember,
    list_staff_of,
)
from storage.queries.dialogue import OpenQuestion, ask, find_question
from storage.queries.people import GuardianOf, access_pupil, list_guardians_of

EXPECT_DRAFT = "checkin.draft"
EXPECT_TIME = "checkin.time"
"""The same draft, while a typed time is understood too."""


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


async def keep_draft(uow: UnitOfWork, actor: Actor, draft: CheckinDraft, step: EditStep) -> DraftView:
    """Keep a draft with the question that comes now.

    Raises:
        NotPermitted: the pupil is not of an own class any more.
    """
    view = await view_draft(uow, actor, draft, step)
    expects = EXPECT_TIME if step is EditStep.ASK_TIME else EXPECT_DRAFT
    await ask(uow, actor.person_id, expects, 0, draft=draft.to_json())
    await uow.commit()
    return view


async def view_draft(uow: UnitOfWork, actor: Actor, draft: CheckinDraft, step: EditStep) -> DraftView:
    """Return a draft with what can be chosen.

    Raises:
        NotPermitted: the pupil is not of an own class any more.
    """
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


async def find_draft(uow: UnitOfWork, actor: Actor) -> CheckinDraft:
    """Return what somebody is arranging.

    Raises:
        Stale: nothing any more.
    """
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
    draft = await find_draft(uow, actor)
    view = await view_draft(uow, actor, draft, step)
    changed = _CHANGES[step](view, value) if step in _CHANGES else draft
    following = _following(step, changed)
    check_complete(following, changed)
    if following is EditStep.REVIEW:
        changed = replace(changed, reviewed=True)
    return await keep_draft(uow, actor, changed, following)


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


def check_complete(step: EditStep, draft: CheckinDraft) -> None:
    """Hold back a question while the one before it has no answer.

    Raises:
        SomebodyNeeded: no day or no guardian is chosen. Stale: the time or the last day is missing.
    """
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
    return await keep_draft(uow, actor, draft, following)
