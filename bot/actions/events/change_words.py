"""What the invited read when an event has changed: what was, what is, and a short way to say that nothing else has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.actions import UnitOfWork
from bot.actions.events.render import when_text
from bot.actions.events.slip import invitation_message
from bot.actions.events.slip_words import current_answer, state_of
from bot.domain.event_taps import StillSame
from bot.domain.messages import Button, Rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.slip import SlipState
from bot.i18n import Html, Texts, texts
from bot.outbox.enqueue import Message
from storage.models import Event, Invitation


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be changed of a called event."""

    day: date | None
    starts: time | None
    ends: time | None
    place: str
    text: str

    def changes_plans(self, other: Facts) -> bool:
        """Tell whether somebody's answer may be another one now; a new agenda alone changes nobody's plans."""
        return replace(self, text="") != replace(other, text="")


def changes_text(tr: Texts, old: Facts, new: Facts) -> Html:
    """Return what was and what is, a pair of lines for each fact that changed."""
    pairs = []
    if (old.day, old.starts, old.ends) != (new.day, new.starts, new.ends):
        pairs.append(("📅", _when(tr, old), _when(tr, new)))
    if old.place != new.place:
        nowhere = tr.gettext("not said yet")
        pairs.append(
            ("📍", tr.value(old.place) if old.place else nowhere, tr.value(new.place) if new.place else nowhere)
        )
    lines = []
    for sign, before, now in pairs:
        # Translators: what a time or a place was before a change, and what it is now
        lines.append(f"{sign} " + tr.gettext("Before: {value}", value=before))
        lines.append(f"{sign} " + tr.gettext("Now: <b>{value}</b>", value=now))
    if old.text != new.text:
        lines.append("📋 " + tr.gettext("The agenda is new."))
    return Html("\n".join(lines))


def _when(tr: Texts, facts: Facts) -> Html:
    return when_text(tr, facts.day, facts.starts, facts.ends) if facts.day is not None else Html("")


def _where(tr: Texts, facts: Facts) -> Html:
    # Translators: of a place
    return tr.value(facts.place) if facts.place else tr.gettext("not said yet")


def change_message(
    uow: UnitOfWork, event: Event, one: Invitation, organiser: str, children: Sequence[str], old: Facts, new: Facts,
    *, due_at: datetime,
) -> Message:  # fmt: skip
    """Return what tells one of the invited of a change, with the invitation as it is now below it."""
    tr = texts(one.language)
    changed = tr.gettext("Something has changed.")
    lead = Html(f"✏️ <b>{changed}</b>\n{changes_text(tr, old, new)}")
    made = invitation_message(
        uow, event, one, organiser, children, lead=lead, due_at=due_at, replies_to_id=one.outgoing_id
    )
    return replace(made, buttons=(*still_rows(tr, uow, event, one), *made.buttons))


def still_rows(tr: Texts, uow: UnitOfWork, event: Event, one: Invitation) -> Rows:
    """Return the button that confirms an answer from before the change; nothing when there is none to confirm."""
    if one.answer is None or current_answer(event, one) is not None:
        return ()
    if state_of(event, uow.now) not in {SlipState.OPEN, SlipState.CLOSED}:
        return ()
    # Translators: a button: the answer that I gave before the change still holds
    label = "👍 " + tr.plain.gettext("Still the same")
    return ((Button(label, StillSame(one.event_id, event.revision).pack()),),)


def older_message(
    uow: UnitOfWork, event: Event, one: Invitation, organiser: str, children: Sequence[str], standing: int | None
) -> Message:
    """Return the change, without a sound, of the message that somebody has read before: it names no old time.

    `standing` is the outgoing row of that message; when it has never arrived, there is nothing to change in it.
    """
    made = invitation_message(uow, event, one, organiser, children)
    return replace(
        made,
        kind=OutgoingKind.MESSAGE,
        dedupe_key=f"event-edit:{one.id}:{event.revision}",
        lane=Lane.BULK,
        edits_id=standing,
    )
