"""The own calendar: what concerns a person now, as a page, as a file, and for calendars that follow it (M6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import public_holidays
from bot.actions.events.render import days_text, event_title, event_when
from bot.actions.year.ics import Entry, day_uid, entry_of_event, entry_of_talk, write_calendar
from bot.domain.calendar_file import Stretch
from bot.domain.conferences import TalkState
from bot.domain.events import EventAnswer, EventKind
from bot.domain.followup import year_start
from bot.domain.messages import FileData
from bot.domain.people import Actor
from bot.i18n import Html, Texts, texts
from bot.i18n.event_words import PLACE_NAMES
from storage.queries.calendar import list_stretches
from storage.queries.year import OwnEvent, OwnTalk, list_own_events, list_own_talks

PAGE_ROWS = 6
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date of the page; `what` is HTML in the reader's language."""

    first: date
    begins: time
    when: Html
    what: Html


@dataclass(frozen=True, slots=True)
class OwnDates:
    """A page of the dates to come; `last_page` counts from 0."""

    lines: tuple[DateLine, ...]
    page: int
    last_page: int


async def own_dates(uow: UnitOfWork, actor: Actor, page: int) -> OwnDates:
    """Return a page of what lies ahead of a person: meetings, talks, dates, days without school."""
    tr, today = texts(actor.language), uow.today
    lines = [_event_line(one, tr, uow) for one in await list_own_events(uow, actor, today) if _stands(one)]
    talks = await list_own_talks(uow, actor, today)
    lines += [_talk_line(one, tr, uow) for one in talks if one.talk.state is TalkState.BOOKED]
    closed = await list_stretches(uow, today)
    lines += [_off_line(one, tr) for one in closed]
    until = max((line.first for line in lines), default=today)
    for day, name in _holidays(uow, tr):
        known = day.weekday() >= SATURDAY or any(one.first <= day <= one.last for one in closed)
        if today <= day <= until and not known:  # a day that is free anyway takes no line of a small page
            lines.append(_off_line(Stretch(day, day, name), tr))
    lines.sort(key=lambda line: (line.first, line.begins))
    last_page = max(0, (len(lines) - 1) // PAGE_ROWS)
    shown = min(max(page, 0), last_page)
    return OwnDates(tuple(lines[shown * PAGE_ROWS : (shown + 1) * PAGE_ROWS]), shown, last_page)


def _stands(own: OwnEvent) -> bool:
    return own.event.cancelled_at is None and own.answer is not EventAnswer.NOT_COMING


def _event_line(own: OwnEvent, tr: Texts, uow: UnitOfWork) -> DateLine:
    event = own.event
    day = event.day or uow.today
    place = f" · 📍 {tr.value(event.place)}" if event.place else ""
    classes = f" ({tr.list(own.classes)})" if own.classes else ""
    what = Html(f"{event_title(tr, event.kind, event.title)}{classes}{place}")
    return DateLine(day, event.starts or time(), event_when(tr, event), what)


def _talk_line(own: OwnTalk, tr: Texts, uow: UnitOfWork) -> DateLine:
    talk = own.talk
    ends = uow.school.local(talk.ends_at).time()
    title = event_title(tr, EventKind.CONFERENCE, "")
    what = Html(f"{title} ({tr.value(own.class_name)}) · 📍 {tr.gettext(PLACE_NAMES[talk.place])}")
    return DateLine(talk.day, talk.starts, days_text(tr, talk.day, talk.day, talk.starts, ends), what)


def _off_line(one: Stretch, tr: Texts) -> DateLine:
    # Translators: a day off in a list of dates; {name} is what it is called, such as Christmas Day
    what = tr.gettext("🏖 {name}: no school", name=one.name)
    return DateLine(one.first, time(), days_text(tr, one.first, one.last, None, None), what)


def _holidays(uow: UnitOfWork, tr: Texts) -> Iterator[tuple[date, str]]:
    """Yield the public holidays of this school year and the next, named in the reader's language."""
    first = year_start(uow.today)
    for year in range(first.year, first.year + 3):
        for day, names in sorted(public_holidays(uow.school.country, year).items()):
            if first <= day < first.replace(year=first.year + 2):
                yield day, str(tr.plain.list([tr.plain.gettext(name) for name in names.split("; ")]))


async def own_entries(uow: UnitOfWork, actor: Actor) -> list[Entry]:
    """Return everything of a person's calendar from the beginning of the school year on, by time.

    What the person does not come to is left out; what is cancelled stays, so that calendars take it away.
    """
    tr, since = texts(actor.language), year_start(uow.today)
    events = await list_own_events(uow, actor, since)
    entries = [entry_of_event(one, uow.school, tr) for one in events if one.answer is not EventAnswer.NOT_COMING]
    entries += [entry_of_talk(one, tr) for one in await list_own_talks(uow, actor, since)]
    entries += [_off_entry(uow, "off", one) for one in await list_stretches(uow, since)]
    entries += [_off_entry(uow, "holiday", Stretch(day, day, name)) for day, name in _holidays(uow, tr)]
    return sorted(entries, key=lambda one: (_begins(one), one.uid))


def _off_entry(uow: UnitOfWork, kind: str, one: Stretch) -> Entry:
    return Entry(
        uid=day_uid(uow.school, kind, one.first),
        sequence=0,
        title=one.name,
        begins=one.first,
        ends=one.last + timedelta(days=1),
        stamp=uow.school.at(datetime.combine(one.first, time())),
        free=True,
    )


def _begins(entry: Entry) -> str:
    return entry.begins.isoformat()


async def all_dates(uow: UnitOfWork, actor: Actor) -> FileData:
    """Return everything of a person's calendar as one file."""
    tr = texts(actor.language)
    return FileData("skole.ics", write_calendar(await own_entries(uow, actor), uow.school, tr))
