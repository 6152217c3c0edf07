"""Closing a question: when its time is over, or early by its author; everybody asked gets the result (N13)."""

from __future__ import annotations

from bot.actions import Progress, UnitOfWork
from bot.actions.polls.board import figures_of, held_own_poll, touch_board
from bot.actions.polls.compose import check_ask_reach
from bot.actions.polls.words import (
    Figures,
    content_of,
    figures_buttons,
    figures_text,
    question_text,
    result_text,
    shown_votes,
)
from bot.domain.errors import NotPermitted
from bot.domain.outgoing import Lane, OutgoingKind, Reason
from bot.domain.people import Actor
from bot.domain.polls import PollKind, PollState
from bot.domain.reminders import Occasion
from bot.i18n import Html, Texts, find_language, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Poll
from storage.queries.audit import audit
from storage.queries.outgoing import drop_waiting
from storage.queries.people import find_actor_by_person
from storage.queries.polls import (
    ABOUT,
    BallotRow,
    claim_closing,
    count_votes,
    list_ballots,
    list_poll_messages,
    person_names,
)
from storage.queries.reminders import drop_reminders

AT_ONCE = 20


async def close_due(uow: UnitOfWork) -> Progress:
    """Close every question whose time is over, each once however many replicas tick.

    Raises:
        Exception: what kept one of them back; it stays due, and the others are closed all the same.
    """
    polls = await claim_closing(uow, AT_ONCE)
    broken: list[Exception] = []
    for poll in polls:
        try:
            async with uow.session.begin_nested():
                await _close(uow, poll, None)
        except Exception as error:  # noqa: BLE001  (raised below, when the others are closed)
            broken.append(error)
    if len(broken) < len(polls):
        await uow.commit()
    if broken:
        raise broken[0]
    return Progress(len(polls), more=len(polls) == AT_ONCE)


async def close_early(uow: UnitOfWork, actor: Actor, poll_id: int) -> Figures:
    """Close an own question now; one that is closed already stays as it is.

    Raises:
        NotPermitted: it is not the actor's, or beyond the actor's reach now.
    """
    poll = await held_own_poll(uow, actor, poll_id)
    if poll.state is PollState.OPEN:
        await _close(uow, poll, actor)
    figures = await figures_of(uow, poll, actor)
    await uow.commit()
    return figures


async def _close(uow: UnitOfWork, poll: Poll, actor: Actor | None) -> None:
    assert poll.id is not None  # noqa: S101  (it is stored)
    poll.state, poll.closed_at = PollState.CLOSED, uow.now
    poll.version += 1
    await uow.flush()
    await drop_reminders(uow, Occasion.POLL, [poll.id])
    rows = await list_ballots(uow, poll.id)
    await _take_buttons(uow, poll, rows)
    if poll.kind is PollKind.POLL:
        await _tell_result(uow, poll, rows)
    await touch_board(uow, poll, at_once=True)
    if actor is None:
        await _tell_author(uow, poll)
    await audit(uow, actor.person_id if actor else None, "poll.close", "poll", poll.id)


def _reader(uow: UnitOfWork, row: BallotRow) -> Texts:
    return texts(find_language(row.language) or uow.school.language)


async def _take_buttons(uow: UnitOfWork, poll: Poll, rows: list[BallotRow]) -> None:
    """Let nothing that waits go out any more, and take the buttons off what was sent: the question, its reminder."""
    assert poll.id is not None  # noqa: S101
    await drop_waiting(uow, Reason.CANCELLED, about=ABOUT, about_id=poll.id)
    sent = await list_poll_messages(uow, poll.id)
    author = (await person_names(uow, [poll.author_id])).get(poll.author_id, "")
    content, readers = content_of(poll, author), {row.person_id: _reader(uow, row) for row in rows}
    drawn: dict[str, Html] = {}
    messages = []
    for outgoing_id, person_id in sent:
        tr = readers[person_id]
        text = drawn.setdefault(tr.code, question_text(content, tr))
        messages.append(
            Message(
                person_id,
                OutgoingKind.MESSAGE,
                text,
                f"poll-closed:{outgoing_id}",
                lane=Lane.BULK,
                edits_id=outgoing_id,
                about=ABOUT,
                about_id=poll.id,
            )
        )
    await enqueue(uow, *messages)


async def _tell_result(uow: UnitOfWork, poll: Poll, rows: list[BallotRow]) -> None:
    """Tell everybody who was asked, when quiet hours allow."""
    assert poll.id is not None  # noqa: S101
    answered = sum(row.answered for row in rows)
    content = content_of(poll, "")
    votes = shown_votes(content, await count_votes(uow, poll), answered, staff=False)
    figures = Figures(poll.id, content, Html(""), len(rows), answered, votes)
    drawn: dict[str, Html] = {}
    messages = []
    for row in rows:
        if row.enrolled:
            tr = _reader(uow, row)
            messages.append(
                Message(
                    row.person_id,
                    OutgoingKind.MESSAGE,
                    drawn.setdefault(tr.code, result_text(figures, tr)),
                    f"poll-result:{poll.id}:{row.person_id}",
                    lane=Lane.BULK,
                    due_at=uow.school.considerate(uow.now),
                    about=ABOUT,
                    about_id=poll.id,
                )
            )
    await enqueue(uow, *messages)


async def _tell_author(uow: UnitOfWork, poll: Poll) -> None:
    """Tell the author that it has closed by itself: the live screen changes without a sound."""
    author = await find_actor_by_person(uow, poll.author_id)
    if author is None:
        return
    try:
        await check_ask_reach(uow, author, poll.audience, poll.audience_ids)
    except NotPermitted:
        return
    figures = await figures_of(uow, poll, author)
    tr = texts(find_language(author.language) or uow.school.language)
    await enqueue(uow, _closed_message(uow, poll, figures, tr))


def _closed_message(uow: UnitOfWork, poll: Poll, figures: Figures, tr: Texts) -> Message:
    return Message(
        poll.author_id,
        OutgoingKind.REPORT,
        figures_text(figures, tr),
        f"poll-over:{poll.id}",
        buttons=figures_buttons(figures, tr),
        due_at=uow.school.considerate(uow.now),
        about=ABOUT,
        about_id=figures.poll_id,
    )
