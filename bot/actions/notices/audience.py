"""Whom a notice may reach, and whom it does (N2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.domain.errors import NotPermitted
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, Child, ClassInfo
from bot.i18n import find_language
from storage.models import Notice
from storage.queries.notices import Recipient, list_recipients
from storage.queries.people import access_pupil, list_classes, list_own_classes, list_pupils


@dataclass(frozen=True, slots=True)
class AudienceView:
    """An audience in figures: a label without words ("5A", "2B, 5A", a pupil's name) and its guardians."""

    label: str = ""
    guardians: int = 0
    unreached: int = 0
    languages: tuple[str, ...] = ()
    sample: tuple[str, str] | None = None


async def check_audience(uow: UnitOfWork, actor: Actor, kind: AudienceKind, ids: Sequence[int]) -> None:
    """Hold a choice against the sender's reach: own classes and their pupils; all for the leadership.

    Raises:
        NotPermitted: the audience is beyond it, empty, or gone.
    """
    if kind is AudienceKind.PUPIL:
        for pupil_id in ids:
            await access_pupil(uow, actor, pupil_id)
        if not ids:
            raise NotPermitted
        return
    own = await list_own_classes(uow, actor)
    if kind is AudienceKind.CLASSES:
        if not ids or not set(ids) <= {c.id for c in own}:
            raise NotPermitted
        return
    if not actor.leads:
        raise NotPermitted
    if kind is AudienceKind.GRADE and not (ids and set(ids) <= {c.grade for c in own}):
        raise NotPermitted


async def check_reach(uow: UnitOfWork, actor: Actor, notice: Notice) -> None:
    """Hold a sent notice against its sender's reach of today: who has left a class sees its homes no more.

    Raises:
        NotPermitted: the audience is beyond it.
    """
    if notice.audience is None:
        raise NotPermitted
    await check_audience(uow, actor, notice.audience, notice.audience_ids)


def reader_language(recipient: Recipient, school_language: str) -> str:
    """Return the language a guardian reads: chosen, else the home's if it is live, else the school's."""
    return find_language(recipient.language) or find_language(recipient.home_language) or school_language


async def describe(uow: UnitOfWork, kind: AudienceKind | None, ids: Sequence[int]) -> AudienceView:
    """Return an audience in figures, as it is now."""
    if kind is None:
        return AudienceView()
    found = await list_recipients(uow, kind, ids)
    people = {r.person_id: r for r in found}
    languages = dict.fromkeys(reader_language(r, uow.school.language) for r in people.values())
    sample = (found[0].pupil_name, found[0].class_name) if found else None
    label = ""
    if kind is AudienceKind.CLASSES:
        label = ", ".join(c.name for c in await list_classes(uow, list(ids)))
    elif kind is AudienceKind.GRADE:
        label = ", ".join(str(grade) for grade in ids)
    elif kind is AudienceKind.PUPIL and sample is not None:
        label = f"{sample[0]}, {sample[1]}"
    return AudienceView(label, len(people), sum(not r.enrolled for r in people.values()), tuple(languages), sample)


async def list_reach(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    """Return the classes that the sender may address."""
    if not actor.may_write_notices:
        raise NotPermitted
    return await list_own_classes(uow, actor)


async def list_class_pupils(uow: UnitOfWork, actor: Actor, class_id: int) -> list[Child]:
    """Return the pupils of one of the sender's classes.

    Raises:
        NotPermitted: it is not the sender's class.
    """
    await check_audience(uow, actor, AudienceKind.CLASSES, [class_id])
    return await list_pupils(uow, class_id)
