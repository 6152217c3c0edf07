"""Who the people of an arrangement are now, and what they are sent; nobody else hears of it (A9)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from bot.actions import UnitOfWork
from bot.actions.checkins.words import arranged_buttons, arranged_text
from bot.actions.readers import reader_texts
from bot.domain.messages import Rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.checkins import PlanRow, StaffMember, list_staff_of
from storage.queries.people import GuardianOf, list_guardians_of

ABOUT = "checkin"


def school_end(uow: UnitOfWork) -> datetime:
    """Return when school ends today (UTC)."""
    return uow.school.at(datetime.combine(uow.today, uow.school.hours.end))


async def staff_of(uow: UnitOfWork, plan: PlanRow) -> list[StaffMember]:
    """Return the arrangement's people at the school who work with the pupil's class now."""
    return [one for one in await list_staff_of(uow, plan.class_id) if one.person_id in plan.staff_ids]


async def home_of(uow: UnitOfWork, plan: PlanRow) -> list[GuardianOf]:
    """Return the arrangement's guardians whose access to the pupil is open now; a paused one too."""
    found = await list_guardians_of(uow, [plan.pupil_id])
    return [one for one in found if one.person_id in plan.guardian_ids]


async def tell_staff(
    uow: UnitOfWork,
    plan: PlanRow,
    key: str,
    text: Callable[[Texts], Html],
    *,
    buttons: Callable[[Texts], Rows] | None = None,
    but: int | None = None,
    at_once: bool = False,
    about: tuple[str, int] | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Send a line to the arrangement's people at the school; a quiet one that waits for the day, unless `at_once`.

    Args:
        key: says which happening it is; with the person it makes the dedupe key.
        but: somebody who did it, and sees it on the own screen.
        about: (what, its id) that later changes find the message by.
    """
    what, its_id = about or (ABOUT, plan.id)
    messages = []
    for member in await staff_of(uow, plan):
        if member.person_id == but or not member.reachable:
            continue
        tr = reader_texts(uow, member.language)
        messages.append(
            Message(
                member.person_id,
                OutgoingKind.MESSAGE,
                text(tr),
                f"checkin:{plan.id}:{key}:{member.person_id}",
                buttons=buttons(tr) if buttons else (),
                lane=Lane.ORDINARY,
                silent=not at_once,
                due_at=None if at_once else uow.school.considerate(uow.now),
                expires_at=expires_at,
                about=what,
                about_id=its_id,
                pupil_id=plan.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def tell_home(
    uow: UnitOfWork,
    plan: PlanRow,
    key: str,
    text: Callable[[Texts], Html],
    *,
    buttons: Callable[[Texts], Rows] | None = None,
    only: Collection[int] | None = None,
    at_once: bool = False,
) -> None:
    """Send a line to the arrangement's guardians; it waits for the end of the quiet hours, unless `at_once`."""
    messages = []
    for guardian in await list_guardians_of(uow, [plan.pupil_id]):
        if guardian.person_id not in (plan.guardian_ids if only is None else only) or not guardian.enrolled:
            continue
        tr = reader_texts(uow, guardian.language)
        messages.append(
            Message(
                guardian.person_id,
                OutgoingKind.MESSAGE,
                text(tr),
                f"checkin:{plan.id}:{key}:{guardian.person_id}",
                buttons=buttons(tr) if buttons else (),
                due_at=None if at_once else uow.school.considerate(uow.now),
                about=ABOUT,
                about_id=plan.id,
                pupil_id=plan.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def tell_arranged(uow: UnitOfWork, plan: PlanRow, *, changed: bool) -> None:
    """Tell the guardians what is arranged, each in the own language."""
    names: Sequence[str] = [member.name for member in await staff_of(uow, plan)]
    await tell_home(
        uow,
        plan,
        f"arranged:{plan.version}",
        lambda tr: arranged_text(tr, plan, names, changed=changed),
        buttons=lambda tr: arranged_buttons(tr, plan.id),
        only=plan.asked_ids,
    )
