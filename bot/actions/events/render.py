"""How an event reads in one language: what, why, when, where; an agenda translated when it leaves (M3, L3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.translation.words import free
from bot.domain.events import EventKind
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.i18n.event_words import EVENT_NAMES, EVENT_SIGNS, EVENT_WHYS
from storage.models import Event


@dataclass(frozen=True, slots=True)
class EventContent:
    """What an event says, whoever reads it; `last` is its last day when it takes several."""

    id: int
    kind: EventKind
    title: str
    day: date | None
    starts: time | None
    ends: time | None
    place: str
    text: str
    text_language: str
    organiser: str
    answer_by: date | None = None
    cancelled: bool = False
    last: date | None = None


def content_of(event: Event, organiser: str) -> EventContent:
    """Return what a stored event says; `organiser` is the name of who called it, "" for the school."""
    assert event.id is not None  # noqa: S101  (it is stored)
    return EventContent(
        event.id, event.kind, event.title, event.day, event.starts, event.ends, event.place, event.text,
        event.text_language, organiser, event.answer_by, cancelled=event.cancelled_at is not None,
        last=last_day(event),
    )  # fmt: skip


def last_day(event: Event) -> date | None:
    """Return the last day of an event, on its own wall clock; None while it has no day."""
    if event.day is None or event.ends_at is None:
        return event.day
    return max(event.day, (event.ends_at.astimezone(ZoneInfo(event.zone)) - timedelta(seconds=1)).date())


def event_title(tr: Texts, kind: EventKind, own_title: str) -> Html:
    """Return an event's sign and name; an own title stands instead of the kind's."""
    name = tr.value(own_title) if own_title else tr.gettext(EVENT_NAMES[kind])
    return Html(f"{EVENT_SIGNS[kind]} {name}")


def when_text(tr: Texts, day: date, starts: time | None, ends: time | None) -> Html:
    """Return when something is: "Tuesday 24 November, 18:00 to 19:30"; the day alone when it has no time."""
    if starts is None:
        return tr.value(day)
    begin = datetime.combine(day, starts)
    if ends is None:
        return tr.value(begin)
    # Translators: {moment} is a date with its time, {end} the time at which it is over
    return tr.gettext("{moment} to {end}", moment=begin, end=ends)


def days_text(tr: Texts, first: date, last: date, starts: time | None, ends: time | None) -> Html:
    """Return a day with its times, or the first and the last of several days."""
    if last > first:
        return tr.gettext("{first} to {last}", first=first, last=last)
    return when_text(tr, first, starts, ends)


def event_when(tr: Texts, event: Event) -> Html:
    """Return when an event is, with its last day when it takes several.

    Raises:
        ValueError: it has no day.
    """
    if event.day is None:
        raise ValueError(event.id)
    return days_text(tr, event.day, last_day(event) or event.day, event.starts, event.ends)


def render_event(content: EventContent, tr: Texts, *, children: Sequence[str] = (), why: bool = True) -> Html:
    """Return an event as HTML in the language of `tr`; `children` are the reader's own whom it concerns."""
    parts = [_head(content, tr, children)]
    if why and content.kind in EVENT_WHYS:
        parts.append(tr.gettext(EVENT_WHYS[content.kind]))
    parts.append(_facts(content, tr))
    if content.text:
        parts.append(free(tr, Subject.EVENT, content.id))
    if content.cancelled:
        parts.append(tr.gettext("❌ <b>Cancelled.</b>"))
    return Html("\n\n".join(part for part in parts if part))


def _head(content: EventContent, tr: Texts, children: Sequence[str]) -> str:
    top = f"<b>{event_title(tr, content.kind, content.title)}</b>"
    if content.organiser and children:
        who = tr.gettext("From {author}, about {children}", author=content.organiser, children=tr.list(children))
    elif content.organiser:
        who = tr.gettext("From {author}", author=content.organiser)
    else:
        who = tr.list(children)
    return f"{top}\n{who}" if who else top


def _facts(content: EventContent, tr: Texts) -> str:
    lines = []
    if content.day is not None:
        when = days_text(tr, content.day, content.last or content.day, content.starts, content.ends)
        lines.append(f"📅 <b>{when}</b>")
    if content.place:
        lines.append(f"📍 {tr.value(content.place)}")
    if content.answer_by is not None and not content.cancelled:
        lines.append("✍️ " + tr.gettext("Please answer by {day}.", day=content.answer_by))
    return "\n".join(lines)
