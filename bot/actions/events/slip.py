"""What the invited do with an invitation: coming or not, how many, interpreter, childcare (M1, M2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.actions import UnitOfWork
from bot.actions.events.slip_words import slip_buttons, slip_text
from bot.domain.outgoing import Lane, OutgoingKind
from bot.i18n import Html, texts
from bot.outbox.enqueue import Message
from storage.models import Event, Invitation


def invitation_message(
    uow: UnitOfWork,
    event: Event,
    invitation: Invitation,
    organiser_name: str,
    child_names: Sequence[str],
    *,
    lead: Html | None = None,
    due_at: datetime | None = None,
    replies_to_id: int | None = None,
) -> Message:
    """Return an invitation with its answer slip, in the language of the invited.

    `lead` stands above it: what has changed, say. The dedupe key holds the revision, so that each is sent once.
    """
    tr = texts(invitation.language)
    text = slip_text(tr, event, invitation, organiser_name, child_names, uow.now)
    return Message(
        invitation.person_id,
        OutgoingKind.NOTICE if event.revision == 1 else OutgoingKind.CORRECTION,
        f"{lead}\n\n{text}" if lead else text,
        f"event:{event.id}:{event.revision}:{invitation.person_id}",
        buttons=slip_buttons(tr, event, invitation, uow.now),
        lane=Lane.ORDINARY if event.revision == 1 else Lane.URGENT,
        due_at=due_at,
        replies_to_id=replies_to_id,
        about="event",
        about_id=event.id or 0,
    )
