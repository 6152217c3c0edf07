"""Reminders of events, and of answers that are still open, in each reader's language (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.events.change_words import still_rows
from bot.actions.events.render import event_title, event_when
from bot.actions.events.slip_words import answer_rows, answerable, current_answer, state_of
from bot.domain.events import EventAnswer, EventState, Moment
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.reminders import DropReason
from bot.domain.slip import SlipState
from bot.domain.slip_taps import ShowSlip
from bot.i18n import Html, Texts, texts
from bot.i18n.event_words import EVENT_ANSWERS
from bot.outbox.enqueue import Message
from storage.models import Event, Invitation
from storage.queries.events import RemindedEvent, list_reminded, open_pupils
from storage.queries.reminders import ReminderRow

Verdict = Message | DropReason
_AWAY = frozenset({EventAnswer.NOT_COMING, EventAnswer.OTHER_COMES})


async def render_event_reminders(uow: UnitOfWork, due: Sequence[ReminderRow]) -> dict[int, Verdict]:
    """Return the reminders of events as they stand now; none for whoever has said that they do not come.

    One query for all; what an event says is put into words once for each language.
    """
    found, open_to = await _load(uow, due)
    bodies: dict[tuple[int, str], Html] = {}
    verdicts: dict[int, Verdict] = {}
    for row in due:
        one = found.get((row.occasion_id, row.recipient_id))
        if one is None or one.event.state is not EventState.OPEN or not _same_time(one.event, row):
            verdicts[row.id] = DropReason.CANCELLED
        elif current_answer(one.event, one.invitation) in _AWAY:
            verdicts[row.id] = DropReason.NOT_NEEDED
        else:
            verdicts[row.id] = _verdict(uow, row, one, open_to.get(row.recipient_id, {}), _body(uow, one, bodies))
    return verdicts


def _same_time(event: Event, row: ReminderRow) -> bool:
    """Tell whether a reminder was planned for the time at which the event is now: it ends with that time."""
    if event.day is None:
        return False
    start = Moment(event.day, event.starts, event.ends).wall_start()
    return row.occurrence.endswith(f":{start:%Y-%m-%dT%H:%M}")


async def render_answer_reminders(uow: UnitOfWork, due: Sequence[ReminderRow]) -> dict[int, Verdict]:
    """Return what asks for an answer before its deadline; nothing for whoever has answered meanwhile (M1)."""
    found, open_to = await _load(uow, due)
    bodies: dict[tuple[int, str], Html] = {}
    verdicts: dict[int, Verdict] = {}
    for row in due:
        one = found.get((row.occasion_id, row.recipient_id))
        if one is None or one.event.state is not EventState.OPEN:
            verdicts[row.id] = DropReason.CANCELLED
        elif one.invitation.answer is not None or state_of(one.event, uow.now) is not SlipState.OPEN:
            verdicts[row.id] = DropReason.NOT_NEEDED
        elif one.event.answer_by is None or row.occurrence != f"a:{one.event.answer_by.isoformat()}":
            verdicts[row.id] = DropReason.CANCELLED
        else:
            verdicts[row.id] = _verdict(uow, row, one, open_to.get(row.recipient_id, {}), _body(uow, one, bodies))
    return verdicts


Found = dict[tuple[int, int], RemindedEvent]


async def _load(uow: UnitOfWork, due: Sequence[ReminderRow]) -> tuple[Found, dict[int, dict[int, str]]]:
    """Return what is due with its invitations, and the pupils to whom each person's access is open."""
    events = sorted({row.occasion_id for row in due})
    people = sorted({row.recipient_id for row in due})
    found = {(one.event_id, one.person_id): one for one in await list_reminded(uow, events, people)}
    return found, await open_pupils(uow, events, people)


def _body(uow: UnitOfWork, one: RemindedEvent, bodies: dict[tuple[int, str], Html]) -> Html:
    """Return when, what and where, made once for each event and language."""
    key = (one.event_id, one.invitation.language)
    if key not in bodies:
        event, tr = one.event, texts(one.invitation.language)
        assert event.day is not None  # noqa: S101  (what is reminded of has a day)
        lines = [
            f"🔔 {_how_soon(tr, event.day, uow.today)}",
            f"<b>{event_title(tr, event.kind, event.title)}</b>",
            f"📅 {event_when(tr, event)}",
        ]
        if event.place:
            lines.append(f"📍 {tr.value(event.place)}")
        bodies[key] = Html("\n".join(lines))
    return bodies[key]


def _how_soon(tr: Texts, day: date, today: date) -> Html:
    days = (day - today).days
    if days <= 0:
        return tr.gettext("<b>Today</b>")
    if days == 1:
        return tr.gettext("<b>Tomorrow</b>")
    return tr.ngettext("<b>In {n} day</b>", "<b>In {n} days</b>", days)


def _verdict(uow: UnitOfWork, row: ReminderRow, one: RemindedEvent, open_to: dict[int, str], body: Html) -> Verdict:
    event, invitation = one.event, one.invitation
    children = [name for pupil, name in open_to.items() if pupil in invitation.pupil_ids]
    if not invitation.pupil_ids:
        children = list(one.work)
    if invitation.pupil_ids and not children:
        return DropReason.NO_RIGHT
    tr = texts(invitation.language)
    parts = [body]
    if children:
        parts.append(Html(f"🎒 {tr.list(children)}"))
    if answerable(event):
        parts.append(_answer_line(tr, uow, event, invitation))
    return Message(
        row.recipient_id,
        OutgoingKind.REMINDER,
        Html("\n".join(part for part in parts if part)),
        f"reminder:{row.id}",
        buttons=_buttons(tr, uow, event, invitation),
        lane=Lane.ORDINARY,
        expires_at=row.expires_at,
        about="event",
        about_id=one.event_id,
    )


def _answer_line(tr: Texts, uow: UnitOfWork, event: Event, invitation: Invitation) -> Html:
    answer = current_answer(event, invitation)
    if answer is not None:
        return tr.gettext("Your answer: <b>{answer}</b>", answer=tr.gettext(EVENT_ANSWERS[answer]))
    if state_of(event, uow.now) is not SlipState.OPEN:
        return Html("")
    if event.answer_by is not None:
        return tr.gettext("Please answer by {day}.", day=event.answer_by)
    return tr.gettext("Are you coming? One tap is enough.")


def _buttons(tr: Texts, uow: UnitOfWork, event: Event, invitation: Invitation) -> Rows:
    if not answerable(event):
        return ()
    shown = Button("📄 " + tr.plain.gettext("Read it"), ShowSlip(invitation.event_id).pack())
    if current_answer(event, invitation) is None and state_of(event, uow.now) is SlipState.OPEN:
        return rows(*still_rows(tr, uow, event, invitation), *answer_rows(tr, event, invitation), [shown])
    return rows([shown])
