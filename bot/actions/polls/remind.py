"""The one reminder of a question or a survey, to those who have not answered (N13, M9)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import UnitOfWork
from bot.actions.polls.answer import is_open
from bot.actions.polls.ask import Drawn, question_message
from bot.actions.polls.words import content_of
from bot.domain.reminders import DropReason
from bot.outbox.enqueue import Message
from storage.queries.polls import list_some_ballots, load_polls, person_names
from storage.queries.reminders import ReminderRow


async def remind_polls(uow: UnitOfWork, rows: Sequence[ReminderRow]) -> dict[int, Message | DropReason]:
    """Put due reminders into words; see `bot.actions.reminders.renderers`."""
    polls = await load_polls(uow, sorted({row.occasion_id for row in rows}))
    authors = await person_names(uow, sorted({poll.author_id for poll in polls.values()}))
    people = sorted({row.recipient_id for row in rows})
    ballots = {(one.poll_id, one.person_id): one for one in await list_some_ballots(uow, sorted(polls), people)}
    found: dict[int, Message | DropReason] = {}
    drawn = Drawn()
    for row in rows:
        poll, ballot = polls.get(row.occasion_id), ballots.get((row.occasion_id, row.recipient_id))
        if poll is None or ballot is None or not is_open(uow, poll):
            found[row.id] = DropReason.CANCELLED
        elif ballot.answered or not ballot.enrolled:
            found[row.id] = DropReason.NOT_NEEDED
        else:
            content = content_of(poll, authors.get(poll.author_id, ""))
            key = f"reminder:{row.id}"
            found[row.id] = question_message(uow, content, ballot, key, drawn, expires_at=row.expires_at, reminder=True)
    return found
