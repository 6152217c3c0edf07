"""Polls and surveys: who may touch them, whom they ask, and votes that nobody can be told from (N13).

What an anonymous poll stores: that a person has answered (`ballot.answered`), and how often each answer was given
(`poll_tally`); both change in one transaction, and no time, order or audit entry is kept of it. `count_anonymous`
writes every row of the tally each time, so that PostgreSQL's hidden columns (`xmin`) tell nothing about the last one.

What an operator with the database could still learn, and nobody else: that and roughly when somebody answered, from
counters that others leave behind (`seen_update`, the queue, the order of rows on disk), never what. What: from a result
in which everybody chose the same; and by watching on purpose, that is by comparing two copies (backups, snapshots, the
write-ahead log, rows not yet vacuumed) between which exactly one person answered, or by letting the server log its
statements with their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.outgoing import OutgoingKind, OutgoingState
from bot.domain.people import Actor, ClassInfo, Role
from bot.domain.polls import ASKERS, PollKind, PollState
from storage.models import Account, Ballot, Outgoing, Person, Poll, PollTally, Pupil, SchoolClass
from storage.queries.people import list_own_classes
from storage.session import UnitOfWork
from storage.sql import insert_many, insert_new, table

ABOUT = "poll"
"""What messages of a poll are about; `about_id` is its id."""
_BALLOT, _TALLY = table(Ballot), table(PollTally)


async def list_ask_classes(uow: UnitOfWork, actor: Actor) -> list[ClassInfo]:
    """Return the classes whose homes somebody may ask: taught ones, all for the leadership; a representative's own.

    Raises:
        NotPermitted: the actor asks no questions.
    """
    if not actor.roles & ASKERS:
        raise NotPermitted
    found = {one.id: one for one in (await list_own_classes(uow, actor) if actor.may_write_notices else [])}
    if Role.REPRESENTATIVE in actor.roles and not actor.leads:
        rows = await uow.execute(
            sa.select(col(SchoolClass.id), col(SchoolClass.name), col(SchoolClass.grade))
            .distinct()
            .join(Pupil, col(Pupil.class_id) == col(SchoolClass.id))
            .where(col(Pupil.id).in_(actor.children))
        )
        found |= {row[0]: ClassInfo(*row) for row in rows}
    return sorted(found.values(), key=lambda one: (one.grade, one.name))


async def _hold(uow: UnitOfWork, poll_id: int) -> Poll | None:
    """Load a poll; nobody else changes it, votes in it or closes it until this transaction ends."""
    return await uow.session.get(Poll, poll_id, with_for_update={"key_share": True})


async def access_poll_draft(uow: UnitOfWork, actor: Actor, poll_id: int) -> Poll:
    """Return the author's own draft, held until this transaction ends.

    Raises:
        NotPermitted: it is somebody else's, or no draft any more, or the author asks no questions now.
    """
    poll = await _hold(uow, poll_id) if actor.roles & ASKERS else None
    if poll is None or poll.author_id != actor.person_id or poll.state is not PollState.DRAFT:
        raise NotPermitted
    return poll


async def access_own_poll(uow: UnitOfWork, actor: Actor, poll_id: int) -> Poll:
    """Return a poll that the actor has asked, open or closed, held until this transaction ends.

    Raises:
        NotPermitted: it is somebody else's, or was not asked, or the actor asks no questions any more.
    """
    poll = await _hold(uow, poll_id) if actor.roles & ASKERS else None
    if poll is None or poll.author_id != actor.person_id or poll.state not in {PollState.OPEN, PollState.CLOSED}:
        raise NotPermitted
    return poll


async def access_ballot(uow: UnitOfWork, actor: Actor, ballot_id: int) -> tuple[Poll, Ballot]:
    """Return the actor's own ballot with its poll, both held, while access to one of its pupils is open.

    Raises:
        NotPermitted: it is another person's, or the access has ended.
    """
    found = await uow.execute(
        sa.select(_BALLOT.c.poll_id).where(_BALLOT.c.id == ballot_id, _BALLOT.c.person_id == actor.person_id)
    )
    poll_id = found.scalar_one_or_none()
    poll = await _hold(uow, poll_id) if poll_id is not None else None
    ballot = await uow.session.get(Ballot, ballot_id, with_for_update=True) if poll is not None else None
    if poll is None or ballot is None or not actor.children.intersection(ballot.pupil_ids):
        raise NotPermitted
    return poll, ballot


async def find_poll_draft(uow: UnitOfWork, actor: Actor, kind: PollKind) -> Poll | None:
    """Return the author's newest draft of a question or a survey."""
    found = await uow.load(
        sa.select(Poll)
        .where(
            col(Poll.author_id) == actor.person_id,
            col(Poll.state) == PollState.DRAFT,
            col(Poll.kind) == kind,
        )
        .order_by(col(Poll.id).desc())
        .limit(1)
    )
    return found[0] if found else None


async def add_ballots(uow: UnitOfWork, poll_id: int, asked: Sequence[tuple[int, Sequence[int], str]]) -> None:
    """Give everybody asked one voice: (person, pupils, language)."""
    rows = [
        {"poll_id": poll_id, "person_id": person, "pupil_ids": list(pupils), "language": language, "answered": False}
        for person, pupils, language in asked
    ]
    await insert_new(uow, Ballot, rows, "poll_id", "person_id")


async def open_tally(uow: UnitOfWork, poll_id: int, options: int) -> None:
    """Begin to count: a row of nothing for each answer, so that the first vote adds no row."""
    await insert_many(uow, PollTally, [{"poll_id": poll_id, "choice": n, "votes": 0} for n in range(options)])


async def count_anonymous(uow: UnitOfWork, poll_id: int, ballot_id: int, choice: int) -> None:
    """Count an answer, and that its person has answered; nothing holds the two together (see above)."""
    await mark_answered(uow, ballot_id)
    more = sa.case((_TALLY.c.choice == choice, 1), else_=0)
    await uow.change(sa.update(_TALLY).where(_TALLY.c.poll_id == poll_id).values(votes=_TALLY.c.votes + more))


async def mark_answered(uow: UnitOfWork, ballot_id: int, choice: int | None = None) -> None:
    """Write down that somebody has answered, and of a poll with names, what."""
    await uow.change(sa.update(_BALLOT).where(_BALLOT.c.id == ballot_id).values(answered=True, choice=choice))


async def count_ballots(uow: UnitOfWork, poll_id: int) -> tuple[int, int]:
    """Return how many were asked, and how many of them have answered."""
    found = await uow.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((_BALLOT.c.answered, 1), else_=0)), 0)).where(
            _BALLOT.c.poll_id == poll_id
        )
    )
    asked, answered = found.one()
    return int(asked), int(answered)


async def count_votes(uow: UnitOfWork, poll: Poll) -> list[int]:
    """Return how often each answer was given, in the order of the options."""
    if poll.anonymous:
        statement = sa.select(_TALLY.c.choice, _TALLY.c.votes).where(_TALLY.c.poll_id == poll.id)
    else:
        statement = (
            sa.select(_BALLOT.c.choice, sa.func.count())
            .where(_BALLOT.c.poll_id == poll.id, _BALLOT.c.choice.is_not(None))
            .group_by(_BALLOT.c.choice)
        )
    counted = {row[0]: int(row[1]) for row in await uow.execute(statement)}
    return [counted.get(n, 0) for n in range(len(poll.options))]


@dataclass(frozen=True, slots=True)
class BallotRow:
    """Somebody who was asked; `language` is the person's of now, else the home's, else the one at asking."""

    id: int
    poll_id: int
    person_id: int
    name: str
    language: str
    answered: bool
    choice: int | None
    outgoing_id: int | None
    enrolled: bool


_ROWS = (
    sa.select(
        _BALLOT.c.id,
        _BALLOT.c.poll_id,
        _BALLOT.c.person_id,
        col(Person.name),
        sa.func.coalesce(col(Person.language), col(Person.home_language), _BALLOT.c.language),
        _BALLOT.c.answered,
        _BALLOT.c.choice,
        _BALLOT.c.outgoing_id,
        col(Account.id).is_not(None),
    )
    .select_from(Ballot)
    .join(Person, col(Person.id) == _BALLOT.c.person_id)
    .outerjoin(Account, col(Account.person_id) == col(Person.id))
)


async def list_ballots(uow: UnitOfWork, poll_id: int) -> list[BallotRow]:
    """Return everybody who was asked, by name."""
    found = await uow.execute(_ROWS.where(_BALLOT.c.poll_id == poll_id).order_by(col(Person.name), col(Person.id)))
    return [BallotRow(*row) for row in found]


async def list_some_ballots(uow: UnitOfWork, polls: Sequence[int], people: Sequence[int]) -> list[BallotRow]:
    """Return the ballots of some people in some polls."""
    found = await uow.execute(_ROWS.where(_BALLOT.c.poll_id.in_(polls), _BALLOT.c.person_id.in_(people)))
    return [BallotRow(*row) for row in found]


async def link_messages(uow: UnitOfWork, poll_id: int) -> None:
    """Give each ballot the outgoing row that carries the question, found by its dedupe key."""
    number, person = sa.cast(_BALLOT.c.poll_id, sa.String), sa.cast(_BALLOT.c.person_id, sa.String)
    key = sa.literal("poll:") + number + ":" + person
    row = sa.select(col(Outgoing.id)).where(col(Outgoing.dedupe_key) == key).scalar_subquery()
    await uow.change(sa.update(_BALLOT).where(_BALLOT.c.poll_id == poll_id).values(outgoing_id=row))


async def load_polls(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, Poll]:
    """Return polls by id."""
    found = await uow.load(sa.select(Poll).where(col(Poll.id).in_(ids)))
    return {one.id: one for one in found if one.id is not None}


async def person_names(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, str]:
    """Return people's names by id."""
    found = await uow.execute(sa.select(col(Person.id), col(Person.name)).where(col(Person.id).in_(ids)))
    return {row[0]: row[1] for row in found}


async def list_own_polls(uow: UnitOfWork, actor: Actor, limit: int) -> list[Poll]:
    """Return what somebody has asked, the open ones first, then the newest."""
    return await uow.load(
        sa.select(Poll)
        .where(col(Poll.author_id) == actor.person_id, col(Poll.state).in_([PollState.OPEN, PollState.CLOSED]))
        .order_by(sa.case((col(Poll.state) == PollState.OPEN, 0), else_=1), col(Poll.id).desc())
        .limit(limit)
    )


async def list_open_ballots(uow: UnitOfWork, actor: Actor, limit: int) -> list[tuple[Poll, Ballot]]:
    """Return the open questions to a guardian about children to whom the access is open, unanswered ones first."""
    found = await uow.session.execute(
        sa.select(Poll, Ballot)
        .join(Ballot, col(Ballot.poll_id) == col(Poll.id))
        .where(
            col(Ballot.person_id) == actor.person_id,
            col(Poll.state) == PollState.OPEN,
            col(Poll.closes_at) > uow.now,
        )
        .order_by(col(Ballot.answered), col(Poll.closes_at), col(Poll.id))
    )
    mine = [(row[0], row[1]) for row in found if actor.children.intersection(row[1].pupil_ids)]
    return mine[:limit]


async def claim_closing(uow: UnitOfWork, limit: int) -> list[Poll]:
    """Take open polls whose time is over; on PostgreSQL other replicas pass by them."""
    statement: Any = (
        sa.select(Poll)
        .where(col(Poll.state) == PollState.OPEN, col(Poll.closes_at) <= uow.now)
        .order_by(col(Poll.closes_at), col(Poll.id))
        .limit(limit)
    )
    if not uow.sqlite:
        statement = statement.with_for_update(skip_locked=True)
    return await uow.load(statement)


async def list_poll_messages(uow: UnitOfWork, poll_id: int) -> list[tuple[int, int]]:
    """Return (outgoing row, person) of what was sent with a poll's buttons: the question and its reminder."""
    found = await uow.execute(
        sa.select(col(Outgoing.id), col(Outgoing.recipient_id))
        .where(
            col(Outgoing.about) == ABOUT,
            col(Outgoing.about_id) == poll_id,
            col(Outgoing.edits_id).is_(None),
            col(Outgoing.kind).in_([OutgoingKind.MESSAGE, OutgoingKind.REMINDER]),
            col(Outgoing.state).in_([OutgoingState.SENT, OutgoingState.SENDING]),
        )
        .order_by(col(Outgoing.id))
    )
    return [(row[0], row[1]) for row in found]
