"""Who puts a reminder into words, by what it is about.

A renderer gets due reminders of one occasion, many at once, and returns for each id a message in its reader's language
or the reason why it is dropped; an id that it leaves out is dropped as cancelled. It looks at what is stored now:
cancelled, moved, answered, no longer the person's to know. The message's `dedupe_key` is `reminder:<id>`, its kind
`OutgoingKind.REMINDER`, its `expires_at` the reminder's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.actions import UnitOfWork
from bot.actions.events.remind import render_answer_reminders, render_event_reminders
from bot.actions.polls.remind import remind_polls
from bot.actions.talks.remind import remind_of_points, remind_of_talks
from bot.domain.reminders import DropReason, Occasion
from bot.outbox.enqueue import Message
from storage.queries.reminders import ReminderRow

Renderer = Callable[[UnitOfWork, Sequence[ReminderRow]], Awaitable[dict[int, Message | DropReason]]]

RENDERERS: dict[Occasion, Renderer] = {
    Occasion.EVENT: render_event_reminders,
    Occasion.ANSWER: render_answer_reminders,
    Occasion.TALK: remind_of_talks,
    Occasion.POINT: remind_of_points,
    Occasion.POLL: remind_polls,
}
