"""Tells those who know of a date that it has changed or does not take place, once and in their language (M9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.events.audience import language_of
from bot.actions.year.words import cancelled_text, changed_text, lost_text
from bot.domain.calendar_taps import EventFile
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.school import School
from bot.domain.year_plan import ChangedDate, Facts
from bot.i18n import Html, Texts, find_language, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event, Invitation
from storage.queries.invitees import Invitee
from storage.queries.year_wheel import reading_languages

HELPS_FOR = timedelta(hours=12)
"""How long after its beginning it still helps to hear what became of a date without an end."""


async def tell_changed(uow: UnitOfWork, event: Event, change: ChangedDate, people: Iterable[Invitee]) -> None:
    """Tell people what is different: the old beside the new."""
    due_at, expires_at = _when(uow, change.old, change.new)
    by_language: dict[str, tuple[Html, Rows]] = {}
    made = []
    for one in people:
        language = language_of(one, uow)
        if language not in by_language:
            tr = texts(language)
            text = changed_text(tr, change.old, change.new, uow.school, reopened=change.reopened)
            by_language[language] = (text, rows([file_button(tr, event.id or 0)]))
        text, buttons = by_language[language]
        made.append(_message(event, one.person_id, text, due_at, expires_at, buttons=buttons))
    await enqueue(uow, *made)


async def tell_cancelled(uow: UnitOfWork, event: Event, facts: Facts, known: Sequence[Invitation]) -> None:
    """Tell those who knew of a date that it does not take place."""
    await _tell_each(uow, event, facts, known, cancelled_text, by_pupil=False)


async def tell_lost(uow: UnitOfWork, event: Event, facts: Facts, lost: Sequence[Invitation]) -> None:
    """Tell those who knew of a date that it is for others now; the right to read it hangs on their child."""
    await _tell_each(uow, event, facts, [one for one in lost if one.pupil_ids], lost_text, by_pupil=True)


async def _tell_each(
    uow: UnitOfWork,
    event: Event,
    facts: Facts,
    people: Sequence[Invitation],
    render: Callable[[Texts, Facts, School], Html],
    *,
    by_pupil: bool,
) -> None:
    due_at, expires_at = _when(uow, facts)
    languages = await reading_languages(uow, [one.person_id for one in people])
    bodies: dict[str, Html] = {}
    made = []
    for one in people:
        language = find_language(languages.get(one.person_id)) or uow.school.language
        if language not in bodies:
            bodies[language] = render(texts(language), facts, uow.school)
        pupil_id = one.pupil_ids[0] if by_pupil else None
        made.append(_message(event, one.person_id, bodies[language], due_at, expires_at, pupil_id=pupil_id))
    await enqueue(uow, *made)


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
