"""How a question stands, for its author: live, and of an anonymous one only how many have answered (N13, P9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.notices.audience import describe
from bot.actions.notices.board import audience_text
from bot.actions.polls.compose import check_ask_reach, sees_names
from bot.actions.polls.words import (
    Figures,
    PollContent,
    content_of,
    figures_buttons,
    figures_text,
    option_name,
    shown_votes,
)
from bot.domain.errors import NotPermitted
from bot.domain.notices import AudienceKind
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.polls import PollKind, PollState
from bot.i18n import Html, Texts, find_language, texts
from bot.outbox.enqueue import Message, payload_of, refresh_live
from storage.models import Poll
from storage.queries.audit import audit
from storage.queries.outgoing import Claimed
from storage.queries.people import find_actor_by_person
from storage.queries.polls import access_own_poll, count_ballots, count_votes, list_ballots

GATHERS = timedelta(seconds=2)
"""How long answers gather before the author's screen is drawn again."""
NAMES_PER_PAGE = 20


async def figures_of(uow: UnitOfWork, poll: Poll, author: Actor) -> Figures:
    """Return how a question stands for its author."""
    assert poll.id is not None and poll.audience is not None  # noqa: S101, PT018  (it was asked)
    asked, answered = await count_ballots(uow, poll.id)
    content = content_of(poll, author.name)
    staff = poll.shows_names and await sees_names(
        uow, author, poll
    )  # who is a parent only by now sees what parents see
    votes = shown_votes(content, await count_votes(uow, poll), answered, staff=staff)
    return Figures(poll.id, content, await _where(uow, poll, _texts(uow, author)), asked, answered, votes)


async def _where(uow: UnitOfWork, poll: Poll, tr: Texts) -> Html:
    audience = await describe(uow, poll.audience, poll.audience_ids)
    return audience_text(poll.audience or AudienceKind.CLASSES, audience.label, tr)


def _texts(uow: UnitOfWork, actor: Actor) -> Texts:
    return texts(find_language(actor.language) or uow.school.language)


async def board_message(uow: UnitOfWork, poll: Poll, author: Actor) -> Message:
    """Return the live screen that the author gets when the question goes out."""
    figures, tr = await figures_of(uow, poll, author), _texts(uow, author)
    return Message(
        poll.author_id,
        OutgoingKind.REPORT,
        figures_text(figures, tr),
        f"poll-board:{poll.id}",
        buttons=figures_buttons(figures, tr),
        lane=Lane.ORDINARY,
        silent=True,
        about="poll",
        about_id=figures.poll_id,
    )


async def touch_board(uow: UnitOfWork, poll: Poll, *, at_once: bool = False) -> None:
    """Ask for the author's screen to be drawn again; many answers are one drawing."""
    if poll.board_id is not None and poll.id is not None:
        await refresh_live(
            uow, OutgoingKind.POLL_BOARD, recipient_id=poll.author_id, edits_id=poll.board_id, about_id=poll.id,
            due_at=uow.now if at_once else uow.now + GATHERS,
        )  # fmt: skip


async def draw_poll_board(uow: UnitOfWork, row: Claimed) -> dict[str, Any] | None:
    """Draw the live screen when its message is being edited; None when its author may not look any more."""
    poll = await uow.session.get(Poll, row.about_id)
    author = await find_actor_by_person(uow, row.recipient_id)
    if poll is None or author is None or poll.author_id != author.person_id:
        return None
    if poll.state not in {PollState.OPEN, PollState.CLOSED}:
        return None
    try:
        await check_ask_reach(uow, author, poll.audience, poll.audience_ids)
    except NotPermitted:
        return None
    figures, tr = await figures_of(uow, poll, author), _texts(uow, author)
    buttons = figures_buttons(figures, tr)
    return payload_of(Message(row.recipient_id, row.kind, figures_text(figures, tr), "", buttons=buttons))


async def held_own_poll(uow: UnitOfWork, actor: Actor, poll_id: int) -> Poll:
    """Return a question that the actor has asked and may still look after, held until this transaction ends.

    Raises:
        NotPermitted: it is somebody else's, or whom it asked is beyond the actor's reach now.
    """
    poll = await access_own_poll(uow, actor, poll_id)
    await check_ask_reach(uow, actor, poll.audience, poll.audience_ids)
    return poll


async def open_poll(uow: UnitOfWork, actor: Actor, poll_id: int) -> Figures:
    """Return how an own question stands. Raises: NotPermitted."""
    return await figures_of(uow, await held_own_poll(uow, actor, poll_id), actor)


async def read_poll(uow: UnitOfWork, actor: Actor, poll_id: int) -> PollContent:
    """Return an own question as homes read it. Raises: NotPermitted."""
    return content_of(await held_own_poll(uow, actor, poll_id), actor.name)


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """One guardian on the author's list; `answer` is None before one is given."""

    name: str
    answer: Html | None


async def list_answers(uow: UnitOfWork, actor: Actor, poll_id: int, tr: Texts) -> tuple[Figures, list[NamedAnswer]]:
    """Return who chose what, those without an answer last; only of a question that said so, to staff.

    Raises:
        NotPermitted: it is anonymous, its author is not staff for those asked, or it is somebody else's.
    """
    poll = await held_own_poll(uow, actor, poll_id)
    if poll.anonymous or not poll.shows_names or poll.kind is not PollKind.POLL or not actor.may_write_notices:
        raise NotPermitted
    as_staff = replace(actor, children=frozenset())  # not what the actor reaches as a parent only
    await check_ask_reach(uow, as_staff, poll.audience, poll.audience_ids)
    rows = await list_ballots(uow, poll_id)
    rows.sort(key=lambda row: (row.choice is None, row.choice or 0, row.name))
    figures = await figures_of(uow, poll, actor)
    await audit(uow, actor.person_id, "poll.names", "poll", poll_id)
    await uow.commit()
    options = poll.options
    return figures, [
        NamedAnswer(row.name, option_name(tr, options[row.choice]) if row.choice is not None else None) for row in rows
    ]
