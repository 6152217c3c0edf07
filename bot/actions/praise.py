"""Praise in one tap: a ready sentence to all homes of a pupil, exact in the language of each (B6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from bot.actions import UnitOfWork
from bot.actions.notices.compose import DraftView, pick_audience, pick_kind, start_notice
from bot.actions.notices.content import first_name
from bot.actions.notices.send import Scheduled, send_now
from bot.actions.remarks import access_class
from bot.domain.errors import DomainError, Stale
from bot.domain.followup import year_start
from bot.domain.marking import N_
from bot.domain.notices import AudienceKind, NoticeKind, NoticeState
from bot.domain.people import Actor, Child, ClassInfo
from bot.i18n import find_language
from bot.translation.phrasebook import phrasebook
from storage.models import Notice
from storage.queries.people import access_pupil, list_contact_teachers, list_pupils
from storage.queries.praise import find_praise, list_praised

CATEGORY = "praise"
PER_PAGE = 6


class PraisedAlready(DomainError):
    """The same words about the same pupil on the same day: a second tap, or forgotten."""

    code = "praised_already"
    sentence = N_("This praise is on its way or there already. Choose another sentence if you want to say more.")


@dataclass(frozen=True, slots=True)
class PraiseSheet:
    """The pupils of a class.

    Attributes:
        waiting: those who have had no positive message this school year; told to the class's contact teacher only.
    """

    school_class: ClassInfo
    pupils: tuple[Child, ...]
    waiting: frozenset[int]


@dataclass(frozen=True, slots=True)
class PraiseChoice:
    """Sentences that praise a pupil, (id, as it will read) each."""

    pupil: Child
    phrases: tuple[tuple[str, str], ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PraiseSent:
    """A praise that waits for its time."""

    pupil: Child
    sentence: str
    scheduled: Scheduled


async def open_praise(uow: UnitOfWork, actor: Actor, class_id: int) -> PraiseSheet:
    """Return the pupils of a class, to praise one.

    Raises:
        NotPermitted: it is not the actor's class.
    """
    school_class = await access_class(uow, actor, class_id)
    pupils = tuple(await list_pupils(uow, class_id))
    waiting: frozenset[int] = frozenset()
    if actor.person_id in {one.person_id for one in await list_contact_teachers(uow, class_id)}:
        since = uow.school.at(datetime.combine(year_start(uow.today), time()))
        waiting = frozenset(pupil.id for pupil in pupils) - await list_praised(uow, since)
    return PraiseSheet(school_class, pupils, waiting)


async def list_praise(uow: UnitOfWork, actor: Actor, pupil_id: int, page: int = 0) -> PraiseChoice:
    """Return a page of the sentences that praise a pupil; none where the actor's language has none.

    Raises:
        NotPermitted: the actor does not teach the pupil.
    """
    pupil = await access_pupil(uow, actor, pupil_id)
    language = _language(uow, actor)
    found = phrasebook().phrases(language, category=CATEGORY)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    named = tuple((one.id, _sentence(one.id, language, pupil)) for one in shown)
    return PraiseChoice(pupil, named, page, pages)


async def send_praise(uow: UnitOfWork, actor: Actor, pupil_id: int, phrase_id: str) -> PraiseSent:
    """Send a sentence to all homes of a pupil, after the time of grace that every notice has.

    One that was taken back today goes out as it is.

    Raises:
        PraisedAlready: the same words went out today. Stale: there is no such sentence. NobodyThere, NotPermitted.
    """
    pupil = await access_pupil(uow, actor, pupil_id)
    language = _language(uow, actor)
    phrase = phrasebook().find(phrase_id, language)
    if phrase is None or phrase.category != CATEGORY:
        raise Stale
    text = _sentence(phrase_id, language, pupil)
    today = uow.school.at(datetime.combine(uow.today, time()))
    notice = await find_praise(uow, actor.person_id, pupil_id, text, today)
    if notice is None:
        notice = await _written(uow, actor, pupil_id, text, language)
    elif notice.state is not NoticeState.DRAFT:
        raise PraisedAlready
    assert notice.id is not None  # noqa: S101  (it was flushed when it was made)
    return PraiseSent(pupil, text, await send_now(uow, actor, notice.id, notice.version))


async def write_praise(uow: UnitOfWork, actor: Actor, pupil_id: int) -> DraftView:
    """Begin a praise in the actor's own words; a draft that is open stays as it is.

    Raises:
        NotPermitted: the actor does not teach the pupil.
    """
    await access_pupil(uow, actor, pupil_id)
    view = await start_notice(uow, actor, fresh=True)
    view = await pick_audience(uow, actor, view.id, view.version, AudienceKind.PUPIL, [pupil_id])
    return await pick_kind(uow, actor, view.id, view.version, NoticeKind.PRAISE)


async def _written(uow: UnitOfWork, actor: Actor, pupil_id: int, text: str, language: str) -> Notice:
    notice = Notice(
        author_id=actor.person_id,
        kind=NoticeKind.PRAISE,
        text=text,
        text_language=language,
        audience=AudienceKind.PUPIL,
        audience_ids=[pupil_id],
        state=NoticeState.DRAFT,
        created_at=uow.now,
    )
    uow.session.add(notice)
    await uow.flush()
    return notice


def _sentence(phrase_id: str, language: str, pupil: Child) -> str:
    return phrasebook().render(phrase_id, language, {"child": first_name(pupil.name)})


def _language(uow: UnitOfWork, actor: Actor) -> str:
    return find_language(actor.language) or uow.school.language
