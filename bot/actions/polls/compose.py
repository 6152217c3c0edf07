"""Making a question or a survey by taps and short texts: a draft in the database, a step at a time (N13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.notices.audience import describe
from bot.actions.polls.words import PollContent, content_of
from bot.domain.errors import NotPermitted, Stale
from bot.domain.inputs import read_day
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, ClassInfo
from bot.domain.polls import (
    ASKERS,
    CLOSES_AT,
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    READY_OPTIONS,
    PollAsk,
    PollKind,
    PollState,
    add_option,
    check_closing,
    check_link,
    check_question,
    next_ask,
)
from storage.models import Poll
from storage.queries.dialogue import OpenQuestion, ask, close_question
from storage.queries.polls import access_poll_draft, find_poll_draft, list_ask_classes

_TYPED = (PollAsk.QUESTION, PollAsk.OPTIONS, PollAsk.LINK, PollAsk.DAY)
EXPECTS = tuple(f"poll.{one.value}" for one in _TYPED)
"""What the next free text may be: one for each question that can be answered by writing."""


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A draft as its author sees it; `asks` is what comes next."""

    id: int
    version: int
    content: PollContent
    audience: AudienceKind | None
    audience_label: str
    guardians: int
    unreached: int
    languages: tuple[str, ...]
    classes: tuple[ClassInfo, ...]
    asks: PollAsk
    complete: bool
    """Nothing is missing: what is asked is a change, and there is a way back from it."""
    today: date


async def check_ask_reach(uow: UnitOfWork, actor: Actor, kind: AudienceKind | None, ids: Sequence[int]) -> None:
    """Hold an audience against what its author may ask now: own classes; years and the school for the leadership.

    Raises:
        NotPermitted: it is beyond that, empty, or gone.
    """
    own = await list_ask_classes(uow, actor)
    if kind is AudienceKind.CLASSES and ids and set(ids) <= {one.id for one in own}:
        return
    if actor.leads and kind is AudienceKind.GRADE and ids and set(ids) <= {one.grade for one in own}:
        return
    if not (actor.leads and kind is AudienceKind.SCHOOL):
        raise NotPermitted


async def sees_names(uow: UnitOfWork, actor: Actor, poll: Poll) -> bool:
    """Tell whether the author is staff for everybody who is asked; a representative among other parents is not (P9)."""
    if not actor.may_write_notices:
        return False
    if actor.leads:
        return True
    taught = Actor(
        actor.person_id, actor.account_id, actor.name, actor.language, actor.roles, children=frozenset()
    )  # without what the actor may ask as a parent only
    try:
        await check_ask_reach(uow, taught, poll.audience, poll.audience_ids)
    except NotPermitted:
        return False
    return True


async def start_poll(uow: UnitOfWork, actor: Actor, kind: PollKind) -> PollDraft:
    """Continue the author's draft of that kind, or begin one.

    Raises:
        NotPermitted: the actor asks no questions, or has nobody to ask.
    """
    classes = await list_ask_classes(uow, actor)
    if not classes:
        raise NotPermitted
    poll = await find_poll_draft(uow, actor, kind)
    if poll is None:
        poll = Poll(
            kind=kind, state=PollState.DRAFT, author_id=actor.person_id, text_language=actor.language,
            created_at=uow.now, zone=str(uow.school.zone),
        )  # fmt: skip
        if len(classes) == 1 and not actor.leads:
            poll.audience, poll.audience_ids = AudienceKind.CLASSES, [classes[0].id]
        uow.session.add(poll)
        await uow.flush()
    return await finish_step(uow, actor, poll)


async def open_poll_draft(uow: UnitOfWork, actor: Actor, poll_id: int, version: int | None = None) -> Poll:
    """Return the draft that a button changes.

    Raises:
        NotPermitted: it is not the actor's draft. Stale: it has changed since the button was shown.
    """
    poll = await access_poll_draft(uow, actor, poll_id)
    if version is not None and poll.version != version:
        raise Stale
    return poll


def _next(poll: Poll) -> PollAsk:
    return next_ask(
        poll.kind, audience=poll.audience is not None, question=poll.question, options=len(poll.options),
        url=poll.url, day=poll.closes_day is not None,
    )  # fmt: skip


async def finish_step(uow: UnitOfWork, actor: Actor, poll: Poll, asks: PollAsk | None = None) -> PollDraft:
    """Store what comes next as the open question, commit, and return the draft's screen."""
    view = await view_draft(uow, actor, poll, asks)
    if view.asks in _TYPED:
        await ask(uow, actor.person_id, f"poll.{view.asks.value}", view.id)
    else:
        await close_question(uow, actor.person_id)
    await uow.commit()
    return view


async def view_draft(uow: UnitOfWork, actor: Actor, poll: Poll, asks: PollAsk | None = None) -> PollDraft:
    """Return a draft as it stands, without changing anything."""
    assert poll.id is not None  # noqa: S101  (it was flushed when it was made)
    audience = await describe(uow, poll.audience, poll.audience_ids)
    named = not poll.anonymous and poll.audience is not None and await sees_names(uow, actor, poll)
    return PollDraft(
        poll.id,
        poll.version,
        replace(content_of(poll, actor.name), shows_names=named),
        poll.audience,
        audience.label,
        audience.guardians,
        audience.unreached,
        audience.languages,
        tuple(await list_ask_classes(uow, actor)),
        asks or _next(poll),
        _next(poll) is PollAsk.OVERVIEW,
        uow.today,
    )


async def show_draft(uow: UnitOfWork, actor: Actor, poll_id: int, version: int | None = None) -> PollDraft:
    """Return a draft's screen of now; what it asks is the open question.

    Raises:
        NotPermitted, Stale.
    """
    return await finish_step(uow, actor, await open_poll_draft(uow, actor, poll_id, version))


async def pick_audience(
    uow: UnitOfWork, actor: Actor, poll_id: int, version: int, kind: AudienceKind, ref: int
) -> PollDraft:
    """Choose whom it is for; `ref` 0 is all of the author's classes, or the school.

    Raises:
        NotPermitted: beyond the author's reach. Stale.
    """
    poll = await open_poll_draft(uow, actor, poll_id, version)
    ids = [ref] if ref else []
    if kind is AudienceKind.CLASSES and not ids:
        ids = [one.id for one in await list_ask_classes(uow, actor)]
    await check_ask_reach(uow, actor, kind, ids)
    poll.audience, poll.audience_ids = kind, ids
    poll.version += 1
    return await finish_step(uow, actor, poll)


async def take_ready(uow: UnitOfWork, actor: Actor, poll_id: int, version: int) -> PollDraft:
    """Take yes, no and don't know as the answers. Raises: NotPermitted, Stale."""
    poll = await open_poll_draft(uow, actor, poll_id, version)
    if poll.kind is not PollKind.POLL:
        raise Stale
    poll.options, poll.version = list(READY_OPTIONS), poll.version + 1
    return await finish_step(uow, actor, poll)


async def finish_options(uow: UnitOfWork, actor: Actor, poll_id: int, version: int) -> PollDraft:
    """Go on when the typed answers are complete. Raises: NotPermitted, Stale."""
    poll = await open_poll_draft(uow, actor, poll_id, version)
    if len(poll.options) < FEWEST_OPTIONS:
        raise Stale
    return await finish_step(uow, actor, poll)


async def toggle_names(uow: UnitOfWork, actor: Actor, poll_id: int, version: int) -> PollDraft:
    """Make it anonymous, or not. Raises: NotPermitted, Stale."""
    poll = await open_poll_draft(uow, actor, poll_id, version)
    if poll.kind is not PollKind.POLL:
        raise Stale
    poll.anonymous, poll.version = not poll.anonymous, poll.version + 1
    return await finish_step(uow, actor, poll)


async def pick_day(uow: UnitOfWork, actor: Actor, poll_id: int, version: int | None, day: str) -> PollDraft:
    """Choose the last day, from a button or typed.

    Raises:
        InvalidInput: it is no day to come. NotPermitted, Stale.
    """
    poll = await open_poll_draft(uow, actor, poll_id, version)
    _set_day(poll, check_closing(read_day(day, uow.today), uow.today))
    return await finish_step(uow, actor, poll)


def _set_day(poll: Poll, day: date) -> None:
    poll.closes_day, poll.closes_time = day, CLOSES_AT
    poll.version += 1


async def ask_again(
    uow: UnitOfWork, actor: Actor, poll_id: int, version: int, what: PollAsk, *, clear: bool = False
) -> PollDraft:
    """Open a part for a new answer; it stays until it is replaced. With `clear` the answers are begun anew.

    Raises:
        NotPermitted, Stale.
    """
    poll = await open_poll_draft(uow, actor, poll_id, version)
    if (what is PollAsk.OPTIONS) is not (poll.kind is PollKind.POLL) and what in {PollAsk.OPTIONS, PollAsk.LINK}:
        raise Stale
    if what is PollAsk.OPTIONS and clear:
        poll.options = []
    poll.version += 1
    return await finish_step(uow, actor, poll, what)


async def take_text(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> PollDraft:
    """Take what was written as the answer to what the draft asked.

    Raises:
        InvalidInput: it does not fit; the sentence says how it should look, and nothing is lost. NotPermitted.
    """
    poll = await open_poll_draft(uow, actor, question.ref_id)
    asked = PollAsk(question.expects.removeprefix("poll."))
    then: PollAsk | None = None
    if asked is PollAsk.QUESTION:
        poll.question, poll.text_language = check_question(text), actor.language
    elif asked is PollAsk.OPTIONS:
        poll.options = add_option(poll.options, text)
        then = PollAsk.OPTIONS if len(poll.options) < MOST_OPTIONS else None
    elif asked is PollAsk.LINK:
        poll.url = check_link(text)
    else:
        _set_day(poll, check_closing(read_day(text, uow.today), uow.today))
    poll.version += 1
    return await finish_step(uow, actor, poll, then)


async def discard_poll(uow: UnitOfWork, actor: Actor, poll_id: int) -> None:
    """Throw a draft away. Raises: NotPermitted."""
    poll = await open_poll_draft(uow, actor, poll_id)
    poll.state = PollState.DISCARDED
    await close_question(uow, actor.person_id)
    await uow.commit()


def may_ask(actor: Actor) -> bool:
    """Tell whether somebody asks homes at all."""
    return bool(actor.roles & ASKERS)
