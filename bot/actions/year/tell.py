"""Tells those who know of a date that it has changed or does not take place, once and in their language (M9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.events.audience import language_of
from bot.actions.year.words import cancelled_text, changed_text, lost_text
from bot.domain.calendar_taps import EventFile
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.year_plan import ChangedDate, Facts
from bot.i18n import Texts, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event, Invitation
from storage.queries.invitees import Invitee

HELPS_FOR = timedelta(hours=12)
"""How long after its beginning it still helps to hear what became of a date without an end."""


async def tell_changed(uow: UnitOfWork, event: Event, change: ChangedDate, people: Iterable[Invitee]) -> None:
    """Tell people what is different: the old beside the new."""

    def render(tr: Texts) -> str:
        return changed_text(tr, change.old, change.new, uow.school, reopened=change.reopened)

    due_at, expires_at = _when(uow, change.old, change.new)
    by_language: dict[str, tuple[str, Rows]] = {}
    for one in people:
        language = language_of(one, uow)
        if language not in by_language:
            tr = texts(language)
            by_language[language] = (render(tr), rows([file_button(tr, event.id or 0)]))
        text, buttons = by_language[language]
        await enqueue(uow, _message(event, one.person_id, text, due_at, expires_at, buttons=buttons))


async def tell_cancelled(uow: UnitOfWork, event: Event, facts: Facts, known: Iterable[Invitation]) -> None:
    """Tell those who knew of a date that it does not take place."""
    due_at, expires_at = _when(uow, facts)
    await enqueue(
        uow,
        *(
            _message(event, one.person_id, cancelled_text(texts(one.language), facts, uow.school), due_at, expires_at)
            for one in known
        ),
    )


async def tell_lost(uow: UnitOfWork, event: Event, facts: Facts, lost: Iterable[Invitation]) -> None:
    """Tell those who knew of a date that it is for others now; the right to read it hangs on their child."""
    due_at, expires_at = _when(uow, facts)
    await enqueue(
        uow,
        *(
            _message(
                event, one.person_id, lost_text(texts(one.language), facts, uow.school), due_at, expires_at,
                pupil_id=one.pupil_ids[0],
            )
            for one in lost
            if one.pupil_ids
        ),
    )  # fmt: skip


def file_button(tr: Texts, event_id: int) -> Button:
    """Return the button that sends a date as a calendar file."""
    return Button("📅 " + tr.plain.gettext("Calendar file"), EventFile(event_id).pack())


def _when(uow: UnitOfWork, *facts: Facts) -> tuple[datetime, datetime]:
    """Return from when to when it is to be told: not in quiet hours, unless that would be too late."""
    begins = min(one.begins_at(uow.school) for one in facts)
    waits = uow.school.considerate(uow.now)
    ends = max(one.ends_at or one.begins_at(uow.school) + HELPS_FOR for one in facts)
    return (waits if waits < begins else uow.now), ends


def _message(
    event: Event,
    person_id: int,
    text: str,
    due_at: datetime,
    expires_at: datetime,
    *,
    buttons: Rows = (),
    pupil_id: int | None = None,
) -> Message:
    return Message(
        person_id,
        OutgoingKind.CORRECTION,
        text,
        f"year:{event.id}:{event.revision}:{person_id}",
        buttons=buttons,
        due_at=due_at,
        expires_at=max(expires_at, due_at),
        about="event",
        about_id=event.id or 0,
        pupil_id=pupil_id,
    )
