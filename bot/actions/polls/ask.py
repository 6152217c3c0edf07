"""Asking: everybody of the audience gets the question in the own language, and a reminder the day before it closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.polls.board import board_message, figures_of
from bot.actions.polls.compose import check_ask_reach, open_poll_draft, sees_names
from bot.actions.polls.words import Figures, PollContent, content_of, question_text, vote_buttons
from bot.actions.translation.missing import ask_for_missing
from bot.domain.events import Circle, Moment
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.polls import (
    SMALL_RESULT,
    ClosesTooSoon,
    NobodyToAsk,
    PollAsk,
    PollKind,
    PollState,
    PollUnfinished,
    TooFewToHide,
    check_closing,
    next_ask,
)
from bot.domain.reminders import Occasion, plan_before
from bot.domain.translation import Subject
from bot.i18n import Html, find_language, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Poll
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.invitees import Invitee, list_invitees
from storage.queries.outgoing import find_by_key
from storage.queries.polls import ABOUT, BallotRow, add_ballots, link_messages, list_ballots, open_tally
from storage.queries.reminders import plan_reminders

BULK_FROM = 60
"""Homes from which a question lets smaller messages go first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked; `arrives` is the school's wall clock when quiet hours are waited for, else None."""

    figures: Figures
    arrives: datetime | None


async def ask_homes(uow: UnitOfWork, actor: Actor, poll_id: int, version: int) -> Asked:
    """Ask everybody whom it is for, each in the own language; the author's live screen comes by itself.

    Raises:
        PollUnfinished, NobodyToAsk, TooFewToHide, ClosesTooSoon: it cannot be asked so. NotPermitted, Stale.
    """
    poll = await open_poll_draft(uow, actor, poll_id, version)
    closes_at, arrives = _check_complete(uow, poll), uow.school.considerate(uow.now)
    if arrives >= closes_at:
        raise ClosesTooSoon
    await check_ask_reach(uow, actor, poll.audience, poll.audience_ids)
    assert poll.audience is not None  # noqa: S101  (the check has refused None)
    people = await list_invitees(uow, Circle.GUARDIANS, poll.audience, poll.audience_ids)
    if not people:
        raise NobodyToAsk
    if poll.kind is PollKind.POLL and poll.anonymous and len(people) < SMALL_RESULT:
        raise TooFewToHide(n=SMALL_RESULT)
    poll.state, poll.opened_at, poll.closes_at = PollState.OPEN, uow.now, closes_at
    poll.shows_names = not poll.anonymous and await sees_names(uow, actor, poll)
    poll.version += 1
    await uow.flush()
    await _store(uow, poll_id, poll, people)
    await ask_for_missing(uow, Subject.POLL, poll_id)
    await _send(uow, poll_id, poll, actor.name, people, arrives)
    await _remind(uow, poll_id, poll, people)
    await enqueue(uow, board := await board_message(uow, poll, actor))
    poll.board_id = await find_by_key(uow, board.dedupe_key)
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "poll.ask", "poll", poll_id, guardians=len(people), anonymous=poll.anonymous)
    figures = await figures_of(uow, poll, actor)
    await uow.commit()
    return Asked(figures, uow.school.local(arrives).replace(tzinfo=None) if arrives > uow.now else None)


def _check_complete(uow: UnitOfWork, poll: Poll) -> datetime:
    """Return when it closes (UTC)."""
    missing = next_ask(
        poll.kind, audience=poll.audience is not None, question=poll.question, options=len(poll.options),
        url=poll.url, day=poll.closes_day is not None,
    )  # fmt: skip
    if missing is not PollAsk.OVERVIEW or poll.closes_day is None or poll.closes_time is None:
        raise PollUnfinished
    check_closing(poll.closes_day, uow.today)
    return uow.school.at(datetime.combine(poll.closes_day, poll.closes_time))


async def _store(uow: UnitOfWork, poll_id: int, poll: Poll, people: list[Invitee]) -> None:
    await add_ballots(
        uow,
        poll_id,
        [(one.person_id, one.pupil_ids, find_language(one.language) or uow.school.language) for one in people],
    )
    if poll.kind is PollKind.POLL and poll.anonymous:
        await open_tally(uow, poll_id, len(poll.options))


async def _send(
    uow: UnitOfWork, poll_id: int, poll: Poll, author: str, people: list[Invitee], arrives: datetime
) -> None:
    """Put the question into the queue for everybody who has opened the bot; others find it when they do."""
    content, drawn = content_of(poll, author), Drawn()
    there = {one.person_id for one in people if one.enrolled}
    lane = Lane.BULK if len(there) >= BULK_FROM else Lane.ORDINARY
    await enqueue(
        uow,
        *(
            question_message(uow, content, row, f"poll:{poll_id}:{row.person_id}", drawn, lane=lane, due_at=arrives)
            for row in await list_ballots(uow, poll_id)
            if row.person_id in there
        ),
    )
    await link_messages(uow, poll_id)


Drawn = dict[tuple[int, str], Html]
"""The text of a question by (poll, language): the same for everybody who reads it."""


def question_message(
    uow: UnitOfWork,
    content: PollContent,
    row: BallotRow,
    key: str,
    drawn: Drawn,
    *,
    lane: Lane = Lane.ORDINARY,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    reminder: bool = False,
) -> Message:
    """Return the question, or the reminder of it, to one person in the person's language."""
    tr = texts(find_language(row.language) or uow.school.language)
    closes = uow.school.at(content.until) if content.until is not None else None
    text = drawn.get((row.poll_id, tr.code)) or question_text(content, tr, reminder=reminder)
    drawn[row.poll_id, tr.code] = text
    return Message(
        row.person_id,
        OutgoingKind.REMINDER if reminder else OutgoingKind.MESSAGE,
        text,
        key,
        buttons=vote_buttons(content, row.id, tr),
        lane=lane,
        due_at=due_at,
        expires_at=min((one for one in (expires_at, closes) if one is not None), default=None),
        about=ABOUT,
        about_id=row.poll_id,
    )


async def _remind(uow: UnitOfWork, poll_id: int, poll: Poll, people: list[Invitee]) -> None:
    """Plan one reminder of each, the day before it closes; who has answered by then gets none.

    It stays planned when somebody answers: taking it back then would write down when that was.
    """
    assert poll.closes_day is not None  # noqa: S101  (`_check_complete` has looked)
    planned = plan_before(Moment(poll.closes_day), uow.school, uow.now + timedelta(hours=1), days=1, hours=0)
    await plan_reminders(uow, Occasion.POLL, poll_id, [(one.person_id, due) for one in people for due in planned])
