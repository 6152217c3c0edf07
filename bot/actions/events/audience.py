"""Whom an event may be for, and whom it reaches: by the kind's circle and the organiser's own reach (M8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.notices.audience import check_audience
from bot.domain.errors import NotPermitted
from bot.domain.events import EVENT_RULES, Circle, EventKind
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, ClassInfo, Role
from bot.i18n import find_language, languages
from storage.models import Event
from storage.queries.invitees import Invitee, list_invitees
from storage.queries.people import access_pupil, list_children, list_classes, list_own_classes

BY_ROLE = frozenset({Circle.REPRESENTATIVES, Circle.COMMITTEE})
"""Circles that nobody's class decides on."""


@dataclass(frozen=True, slots=True)
class Reach:
    """An audience in figures: a label without words, how many are invited, who of them has never opened the bot."""

    label: str = ""
    invited: int = 0
    unreached: int = 0
    languages: tuple[str, ...] = ()


def _as_staff(actor: Actor, kind: EventKind) -> bool:
    """Tell whether the actor calls such events as staff, with staff's reach."""
    return actor.may_write_notices and bool(EVENT_RULES[kind].organisers.intersection(actor.roles - {_PARENT}))


_PARENT = Role.REPRESENTATIVE


async def check_event_audience(
    uow: UnitOfWork, actor: Actor, kind: EventKind, audience: AudienceKind | None, ids: Sequence[int]
) -> None:
    """Hold a choice against kind, role and reach, as they are now.

    Staff reaches own classes and their pupils, the leadership all. A parent representative reaches the circles by
    role, and the classes of the own children.

    Raises:
        NotPermitted: it is beyond one of them, empty, or gone.
    """
    rule = EVENT_RULES[kind]
    if audience is None or audience not in rule.audiences or not rule.organisers.intersection(actor.roles):
        raise NotPermitted
    if rule.circle in BY_ROLE:
        return
    if _as_staff(actor, kind):
        try:
            await check_audience(uow, actor, audience, ids)
        except NotPermitted:
            if _PARENT not in actor.roles:
                raise
        else:
            return
    if _PARENT not in rule.organisers & actor.roles or audience is not AudienceKind.CLASSES:
        raise NotPermitted
    if not ids or not set(ids) <= {child.class_id for child in await list_children(uow, actor)}:
        raise NotPermitted


async def list_event_reach(uow: UnitOfWork, actor: Actor, kind: EventKind) -> list[ClassInfo]:
    """Return the classes whose homes the actor may invite to such an event, in the school's order."""
    found = await list_own_classes(uow, actor) if _as_staff(actor, kind) else []
    if _PARENT in EVENT_RULES[kind].organisers & actor.roles:
        there = {one.id for one in found}
        own = {child.class_id for child in await list_children(uow, actor)} - there
        found += await list_classes(uow, sorted(own))
    return found


async def invited_to(uow: UnitOfWork, event: Event) -> list[Invitee]:
    """Return everybody whom an event concerns now, without the one who calls it."""
    if event.audience is None:
        return []
    found = await list_invitees(uow, EVENT_RULES[event.kind].circle, event.audience, event.audience_ids)
    return [one for one in found if one.person_id != event.organiser_id]


def language_of(one: Invitee, uow: UnitOfWork) -> str:
    """Return the language in which somebody is invited."""
    return find_language(one.language) or uow.school.language


async def audience_label(uow: UnitOfWork, event: Event, actor: Actor | None = None) -> str:
    """Return an audience as names: "5A", "2B, 5A", "5"; a pupil's name and class for the `actor` who may know it."""
    match event.audience:
        case AudienceKind.CLASSES:
            return ", ".join(one.name for one in await list_classes(uow, list(event.audience_ids)))
        case AudienceKind.GRADE:
            return ", ".join(str(grade) for grade in event.audience_ids)
        case AudienceKind.PUPIL if actor is not None:
            try:
                child = await access_pupil(uow, actor, event.audience_ids[0])
            except NotPermitted:
                return ""
            return f"{child.name}, {child.class_name}"
        case _:
            return ""


async def reach_of(uow: UnitOfWork, event: Event, actor: Actor) -> Reach:
    """Return a draft's audience in figures, as it is now.

    Which languages homes read is not a representative's to know: those that there are stand in their place. Of what is
    beyond the actor's reach by now nothing is told.
    """
    try:
        await check_event_audience(uow, actor, event.kind, event.audience, event.audience_ids)
    except NotPermitted:
        return Reach()
    found = await invited_to(uow, event)
    read = tuple(dict.fromkeys(language_of(one, uow) for one in found))
    return Reach(
        await audience_label(uow, event, actor),
        len(found),
        sum(not one.enrolled for one in found),
        read if actor.may_write_notices else tuple(languages()),
    )
