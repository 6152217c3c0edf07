"""Answering a question: one voice for everybody asked; anonymous ones are final (N13).

An anonymous answer leaves two marks, both without a time: that this person has answered, and one more in the tally. It
writes no audit entry, takes back no reminder and asks no question whose row would say when it was, and the choice
stands in no message of the queue. What an operator could learn all the same is said in `storage.queries.polls`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.polls.board import touch_board
from bot.actions.polls.words import PollContent, content_of
from bot.domain.errors import NotPermitted, Stale
from bot.domain.people import Actor
from bot.domain.polls import AlreadyCounted, PollClosed, PollKind, PollState
from storage.models import Ballot, Poll
from storage.queries.audit import audit
from storage.queries.polls import (
    access_ballot,
    count_anonymous,
    list_open_ballots,
    list_own_polls,
    mark_answered,
    person_names,
)


@dataclass(frozen=True, slots=True)
class BallotView:
    """A question as it stands for one person; `choice` is known only of one with names."""

    id: int
    content: PollContent
    answered: bool
    choice: int | None
    open: bool


async def _view(uow: UnitOfWork, poll: Poll, ballot: Ballot) -> BallotView:
    assert ballot.id is not None  # noqa: S101  (it is stored)
    author = (await person_names(uow, [poll.author_id])).get(poll.author_id, "")
    return BallotView(ballot.id, content_of(poll, author), ballot.answered, ballot.choice, is_open(uow, poll))


def is_open(uow: UnitOfWork, poll: Poll) -> bool:
    """Tell whether a question takes answers; when its time is over it does not, even before the clock has closed it."""
    return poll.state is PollState.OPEN and poll.closes_at is not None and uow.now < poll.closes_at


async def show_ballot(uow: UnitOfWork, actor: Actor, ballot_id: int) -> BallotView:
    """Return a question to the actor. Raises: NotPermitted."""
    return await _view(uow, *await access_ballot(uow, actor, ballot_id))


async def vote(uow: UnitOfWork, actor: Actor, ballot_id: int, choice: int, *, sure: bool) -> tuple[BallotView, bool]:
    """Answer; return how it stands, and whether the answer was stored. An anonymous one is stored only when `sure`.

    Raises:
        PollClosed: it came too late. AlreadyCounted: it is anonymous, and this person has answered.
        Stale: there is no such answer. NotPermitted.
    """
    poll, ballot = await access_ballot(uow, actor, ballot_id)
    if not is_open(uow, poll):
        raise PollClosed
    if poll.kind is not PollKind.POLL or not 0 <= choice < len(poll.options):
        raise Stale
    assert poll.id is not None  # noqa: S101  (it is stored)
    if poll.anonymous:
        if ballot.answered:
            raise AlreadyCounted
        if not sure:
            return await _view(uow, poll, ballot), False
        await count_anonymous(uow, poll.id, ballot_id, choice)
    elif ballot.choice != choice:
        await mark_answered(uow, ballot_id, choice)
        await audit(uow, actor.person_id, "poll.answer", "poll", poll.id)
    await touch_board(uow, poll)
    view = await _view(uow, poll, ballot)
    await uow.commit()
    given = None if poll.anonymous else choice
    return BallotView(view.id, view.content, answered=True, choice=given, open=True), True


async def survey_done(uow: UnitOfWork, actor: Actor, ballot_id: int) -> BallotView:
    """Take it that somebody has answered the survey elsewhere; again does nothing.

    Raises:
        PollClosed: it is over. Stale: it is no survey. NotPermitted.
    """
    poll, ballot = await access_ballot(uow, actor, ballot_id)
    if poll.kind is not PollKind.SURVEY:
        raise Stale
    if not is_open(uow, poll):
        raise PollClosed
    if not ballot.answered:
        await mark_answered(uow, ballot_id)
        await touch_board(uow, poll)
    view = await _view(uow, poll, ballot)
    await uow.commit()
    return BallotView(view.id, view.content, answered=True, choice=None, open=True)


@dataclass(frozen=True, slots=True)
class OwnPoll:
    """A line in an author's list."""

    id: int
    kind: PollKind
    question: str
    open: bool


@dataclass(frozen=True, slots=True)
class PollsPage:
    """Questions to somebody that are open, and what somebody has asked."""

    waiting: tuple[BallotView, ...]
    own: tuple[OwnPoll, ...]


MOST_LISTED, MOST_OWN = 4, 3


async def polls_page(uow: UnitOfWork, actor: Actor) -> PollsPage:
    """Return the open questions to a guardian, and what an author has asked.

    Raises:
        NotPermitted: the actor neither has a child here nor asks.
    """
    if not actor.is_guardian and not actor.roles:
        raise NotPermitted
    waiting = [await _view(uow, *found) for found in await list_open_ballots(uow, actor, MOST_LISTED)]
    own = [
        OwnPoll(one.id or 0, one.kind, one.question, one.state is PollState.OPEN)
        for one in await list_own_polls(uow, actor, MOST_OWN)
    ]
    return PollsPage(tuple(waiting), tuple(own))
