"""Calendar files (RFC 5545): one date, or everything that concerns a person (M6).

They go into telephones and to the companies behind them, so they hold no names: an own child is told apart by its
class. Times stand in UTC, which every calendar shows on its own wall clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from bot.actions import UnitOfWork
from bot.domain.conferences import TalkPlace, TalkState
from bot.domain.events import EventAnswer, EventKind
from bot.domain.messages import FileData
from bot.domain.people import Actor
from bot.domain.school import School
from bot.i18n import Texts, texts
from bot.i18n.event_words import EVENT_NAMES, PLACE_NAMES
from bot.i18n.texts import FSI, PDI
from storage.queries.year import OwnEvent, OwnTalk, access_calendar_event, access_calendar_talk

PRODUCT = "-//Skolebud//EN"
REFRESH = timedelta(hours=2)
"""How often a calendar that subscribes may look; most look less often."""
REFRESH_TEXT = "PT2H"
"""The same for those that know a name of their own for it only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar, in its reader's language.

    With `begins` a date it takes whole days, and `ends` is the day after the last one; else both are aware moments.
    """

    uid: str
    sequence: int
    title: str
    begins: date | datetime
    ends: date | datetime | None
    stamp: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    free: bool = False
    """Takes no time of the person's: a holiday, a date of the pupils', or something that somebody else goes to."""


def entry_of_event(own: OwnEvent, school: School, tr: Texts) -> Entry:
    """Return an event as an entry; it has a day.

    Raises:
        ValueError: it has none.
    """
    event = own.event
    if event.day is None:
        raise ValueError(event.id)
    begins: date | datetime = event.day
    ends: date | datetime | None
    if event.starts is not None:
        begins = school.at(datetime.combine(event.day, event.starts))
        ends = event.ends_at
    else:
        last = event.day if event.ends_at is None else school.local(event.ends_at - timedelta(seconds=1)).date()
        ends = max(last, event.day) + timedelta(days=1)
    discreet = event.kind is EventKind.RESPONSIBILITY_GROUP
    # Translators: how a meeting about one pupil stands in a calendar that others may look into; discreet
    name = tr.plain.gettext("Meeting at school") if discreet else tr.plain.gettext(EVENT_NAMES[event.kind])
    title = event.title if event.title and not discreet else str(name)
    return Entry(
        uid=event.uid,
        sequence=event.revision - 1,
        title=f"{title} ({', '.join(own.classes)})" if own.classes and not discreet else title,
        begins=begins,
        ends=ends,
        stamp=event.cancelled_at or event.changed_at or event.opened_at or event.created_at,
        place=event.place,
        text="" if discreet else event.text,
        cancelled=event.cancelled_at is not None,
        free=own.answer is EventAnswer.OTHER_COMES or event.kind is EventKind.DATE,
    )


def entry_of_talk(own: OwnTalk, tr: Texts) -> Entry:
    """Return a talk as an entry."""
    talk = own.talk
    video = talk.place is TalkPlace.VIDEO and own.video_url.startswith(("https://", "http://"))
    name = tr.plain.gettext(EVENT_NAMES[EventKind.CONFERENCE])
    return Entry(
        uid=f"talk-{talk.id}-{own.event_uid}",
        sequence=talk.version - 1,
        title=f"{name} ({own.class_name})",
        begins=talk.starts_at,
        ends=talk.ends_at,
        stamp=talk.booked_at,
        place=str(tr.plain.gettext(PLACE_NAMES[talk.place])),
        url=own.video_url if video else "",
        cancelled=talk.state is TalkState.CANCELLED,
    )


def write_calendar(entries: Iterable[Entry], school: School, tr: Texts, *, followed: bool = False) -> bytes:
    """Return entries as a calendar file; the same entries are always the same bytes.

    `followed` adds what a calendar wants to know that looks again: its name and how often.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if followed:
        calendar.add("name", school.name)
        calendar.add("x-wr-calname", school.name)
        calendar.add("x-wr-timezone", str(school.zone))
        calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", REFRESH_TEXT)
    for entry in entries:
        calendar.add_component(_component(entry, tr))
    return bytes(calendar.to_ical())


def _component(entry: Entry, tr: Texts) -> CalendarEvent:
    made = CalendarEvent()
    made.add("uid", entry.uid)
    made.add("sequence", max(entry.sequence, 0))
    made.add("dtstamp", entry.stamp)
    made.add("last-modified", entry.stamp)
    made.add("dtstart", entry.begins)
    if entry.ends is not None:
        made.add("dtend", entry.ends)
    made.add("summary", _bare(entry.title), {"LANGUAGE": tr.code})
    for name, value in (("location", entry.place), ("description", entry.text)):
        if value:
            made.add(name, _bare(value))
    if entry.url:
        made.add("url", entry.url)
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if entry.free or entry.cancelled else "OPAQUE")
    return made


def _bare(text: str) -> str:
    """Return text without the isolates that a chat needs and a calendar shows as boxes."""
    return text.replace(FSI, "").replace(PDI, "")


def day_uid(school: School, kind: str, day: date) -> str:
    """Return the name in calendars of a day that no table names, the same each time it is written."""
    who = hashlib.sha256(school.name.encode()).hexdigest()[:12]
    return f"{kind}-{day:%Y%m%d}-{who}@skolebud"


async def ics_of_event(uow: UnitOfWork, actor: Actor, event_id: int) -> FileData:
    """Return an event as a calendar file in the person's language.

    Raises:
        NotPermitted: it does not concern the person (any more), or has no day.
    """
    own = await access_calendar_event(uow, actor, event_id)
    tr = texts(actor.language)
    made = write_calendar([entry_of_event(own, uow.school, tr)], uow.school, tr)
    return FileData(f"skole-{own.event.day:%Y-%m-%d}.ics", made)


async def ics_of_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> FileData:
    """Return a booked talk as a calendar file in the person's language.

    Raises:
        NotPermitted: it is about no child of the person, and the person does not hold it.
    """
    own = await access_calendar_talk(uow, actor, talk_id)
    tr = texts(actor.language)
    made = write_calendar([entry_of_talk(own, tr)], uow.school, tr)
    return FileData(f"skole-{own.talk.day:%Y-%m-%d}.ics", made)
