"""Laying out a round: class, days, lengths, places; the draft is the rows of the event and its round (M4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.domain.calendar import SchoolCalendar
from bot.domain.conference_slots import (
    DEFAULT_LONG,
    DEFAULT_MINUTES,
    DEFAULT_PAUSE,
    LONG_MINUTES,
    MINUTES,
    MOST_SPANS,
    PAUSES,
    Planned,
    Span,
    SpansOverlap,
    TooManySlots,
    check_span,
    lay_out,
)
from bot.domain.conference_taps import RoundStep
from bot.domain.conferences import TalkPlace
from bot.domain.errors import InvalidInput, NotPermitted, Stale
from bot.domain.events import Circle, EventKind, EventState
from bot.domain.inputs import check_day, read_time, western
from bot.domain.leave import MAX_WEEKS, Week, calendar_week, week_of
from bot.domain.marking import N_
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, ClassInfo
from storage.models import Event, TalkRound
from storage.queries.conferences import access_round_draft, find_round_draft, list_teacher_times
from storage.queries.dialogue import ask, close_question, find_question
from storage.queries.invitees import list_invitees
from storage.queries.people import list_classes, list_own_classes

EXPECT_VIDEO = "round.video"
EXPECT_HOURS = "round.hours"


class NoVideoAddress(InvalidInput):
    code = "no_video_address"
    sentence = N_("That is no address of a video talk. It begins with https:// and has at most {limit} characters.")


class NoHours(InvalidInput):
    code = "no_hours"
    sentence = N_("I could not read that. Write from when until when, like 13:00-16:30.")


VIDEO_LIMIT = 300


@dataclass(frozen=True, slots=True)
class LayoutView:
    """A draft as its teacher sees it; `times` is what it would come to, `homes` who would be invited."""

    event_id: int
    version: int
    class_name: str
    minutes: int
    long_minutes: int
    pause: int
    places: tuple[TalkPlace, ...]
    video_url: str
    spans: tuple[Span, ...]
    times: tuple[Planned, ...]
    homes: int
    unreached: int


ANY_CLASS = -1


async def start_round(uow: UnitOfWork, actor: Actor, class_id: int = ANY_CLASS) -> LayoutView | list[ClassInfo]:
    """Go on with the round that was begun, begin one, or return the classes to choose from.

    Raises:
        NotPermitted: the actor calls no conferences, or not for that class.
    """
    if not actor.may_write_notices:
        raise NotPermitted
    classes = await list_own_classes(uow, actor)
    begun = await find_round_draft(uow, actor, None if class_id == ANY_CLASS else class_id)
    if begun is not None:
        try:
            return await show_draft(uow, actor, begun)
        except NotPermitted:
            pass  # the class is another's by now
    if class_id == ANY_CLASS and len(classes) != 1:
        if not classes:
            raise NotPermitted
        return classes
    chosen = classes[0].id if class_id == ANY_CLASS else class_id
    if chosen not in {one.id for one in classes}:
        raise NotPermitted
    return await _begin(uow, actor, chosen)


async def _begin(uow: UnitOfWork, actor: Actor, class_id: int) -> LayoutView:
    event = Event(
        kind=EventKind.CONFERENCE,
        state=EventState.DRAFT,
        organiser_id=actor.person_id,
        text_language=actor.language,
        audience=AudienceKind.CLASSES,
        audience_ids=[class_id],
        zone=str(uow.school.zone),
        created_at=uow.now,
        uid=uuid.uuid4().hex,
    )
    uow.session.add(event)
    await uow.flush()
    assert event.id is not None  # noqa: S101  (flushed just above)
    laid = TalkRound(
        event_id=event.id,
        teacher_id=actor.person_id,
        class_id=class_id,
        minutes=DEFAULT_MINUTES,
        long_minutes=DEFAULT_LONG,
        pause=DEFAULT_PAUSE,
        places=[TalkPlace.SCHOOL.value],
    )
    uow.session.add(laid)
    await uow.flush()
    view = await view_draft(uow, event, laid)
    await uow.commit()
    return view


async def show_draft(uow: UnitOfWork, actor: Actor, event_id: int) -> LayoutView:
    """Return the actor's draft as it stands; an open question about it is left.

    Raises:
        NotPermitted: it is not the actor's draft.
    """
    event, laid = await access_round_draft(uow, actor, event_id)
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects in {EXPECT_VIDEO, EXPECT_HOURS}:
        await close_question(uow, actor.person_id)
    view = await view_draft(uow, event, laid)
    await uow.commit()
    return view


def spans_of(laid: TalkRound) -> list[Span]:
    """Return the stretches of a draft."""
    return [Span.from_row(row) for row in laid.spans]


async def view_draft(uow: UnitOfWork, event: Event, laid: TalkRound) -> LayoutView:
    """Return a draft as it stands, without changing anything."""
    spans = spans_of(laid)
    [school_class] = await list_classes(uow, [laid.class_id])
    homes = await list_invitees(uow, Circle.GUARDIANS, AudienceKind.CLASSES, [laid.class_id])
    return LayoutView(
        laid.event_id,
        event.version,
        school_class.name,
        laid.minutes,
        laid.long_minutes,
        laid.pause,
        tuple(TalkPlace(one) for one in laid.places),
        laid.video_url,
        tuple(sorted(spans, key=lambda one: (one.day, one.first))),
        tuple(lay_out(spans, laid.minutes, laid.pause, uow.school)),
        len(homes),
        sum(not one.enrolled for one in homes),
    )


async def open_draft(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> tuple[Event, TalkRound]:
    """Return the draft that a button changes, held until this transaction ends.

    Raises:
        NotPermitted: it is not the actor's draft. Stale: it has changed since the button was shown.
    """
    event, laid = await access_round_draft(uow, actor, event_id)
    if event.version != version:
        raise Stale
    return event, laid


@dataclass(frozen=True, slots=True)
class DayChoice:
    """The small calendar while a day of talks is chosen."""

    view: LayoutView
    week: Week


async def choose_day(
    uow: UnitOfWork, actor: Actor, event_id: int, version: int, number: int | None = None
) -> DayChoice:
    """Return a week to choose a day of; without a number the likely one.

    Raises:
        NotPermitted, Stale: see `open_draft`.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    view = await view_draft(uow, event, laid)
    calendar = await school_calendar(
        uow, uow.today, uow.today + timedelta(weeks=min(max(number or 0, 0), MAX_WEEKS) + 2)
    )
    if number is None:
        number = _likely_week(view, uow.today, calendar)
    return DayChoice(view, calendar_week(number, uow.today, uow.today, calendar))


def _likely_week(view: LayoutView, today: date, calendar: SchoolCalendar) -> int:
    """The week after the last chosen day's, else the coming one: homes want a week's notice."""
    if view.spans:
        return week_of(view.spans[-1].day, today)
    day = calendar.next_school_day(today + timedelta(days=6))
    return week_of(day or today, today)


async def begin_hours(uow: UnitOfWork, actor: Actor, event_id: int, version: int, day: date) -> LayoutView:
    """Ask from when until when on a day; "13:00-16:30" can be typed too.

    Raises:
        NotPermitted, Stale: see `open_draft`. PastDate, TooFarDate.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    check_day(day, uow.today)
    view = await view_draft(uow, event, laid)
    await ask(uow, actor.person_id, EXPECT_HOURS, event_id, day=day.isoformat(), version=version)
    await uow.commit()
    return view


async def add_span(uow: UnitOfWork, actor: Actor, event_id: int, version: int, span: Span) -> LayoutView:
    """Add a stretch of a day.

    Raises:
        NotPermitted, Stale: see `open_draft`. WrongEnd, NoRoom, SpansOverlap, SpanOver, TooManySlots, PastDate,
        TooFarDate: it does not fit.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    check_day(span.day, uow.today)
    spans = spans_of(laid)
    check_span(span, spans, laid.minutes, uow.now, uow.school)
    if len(spans) >= MOST_SPANS:
        raise TooManySlots(n=len(spans) + 1, limit=MOST_SPANS)
    await check_free(uow, laid, lay_out([*spans, span], laid.minutes, laid.pause, uow.school))
    laid.spans = [*laid.spans, span.as_row()]
    return await _changed(uow, actor, event, laid)


async def check_free(uow: UnitOfWork, laid: TalkRound, times: list[Planned]) -> None:
    """Hold times against those of the teacher's other rounds.

    Raises:
        SpansOverlap: the teacher would be in two talks at once.
    """
    others = await list_teacher_times(uow, laid.teacher_id, laid.event_id)
    if any(one.starts_at < other.ends_at and other.starts_at < one.ends_at for one in times for other in others):
        raise SpansOverlap


async def _changed(uow: UnitOfWork, actor: Actor, event: Event, laid: TalkRound) -> LayoutView:
    event.version += 1
    await uow.flush()
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects in {EXPECT_VIDEO, EXPECT_HOURS}:
        await close_question(uow, actor.person_id)
    view = await view_draft(uow, event, laid)
    await uow.commit()
    return view


def read_hours(text: str) -> tuple[time, time]:
    """Read "13:00-16:30", "13 16.30".

    Raises:
        NoHours, NotATime: it is none.
    """
    parts = western(text).replace("–", "-").replace("—", "-").replace("-", " ").split()
    if len(parts) != 2:
        raise NoHours
    return read_time(parts[0]), read_time(parts[1])


async def set_value(
    uow: UnitOfWork, actor: Actor, event_id: int, version: int, step: RoundStep, value: str
) -> LayoutView:
    """Set a length or the pause, or add or take out a place; at least one place stays.

    Raises:
        NotPermitted: no such choice, or not the actor's draft. Stale. TooManySlots, SpansOverlap: see `add_span`.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    if step is RoundStep.PLACES:
        _toggle_place(laid, value)
        return await _changed(uow, actor, event, laid)
    choices = {RoundStep.MINUTES: MINUTES, RoundStep.LONG: (*MINUTES, *LONG_MINUTES), RoundStep.PAUSE: PAUSES}
    if step not in choices or value not in {str(one) for one in choices[step]}:
        raise NotPermitted
    number = int(value)
    if step is RoundStep.MINUTES:
        laid.minutes, laid.long_minutes = number, max(laid.long_minutes, number)
    elif step is RoundStep.LONG:
        laid.long_minutes = max(number, laid.minutes)
    else:
        laid.pause = number
    await check_free(uow, laid, lay_out(spans_of(laid), laid.minutes, laid.pause, uow.school))
    return await _changed(uow, actor, event, laid)


def _toggle_place(laid: TalkRound, value: str) -> None:
    order = [place.value for place in TalkPlace]
    if value not in order:
        raise NotPermitted
    chosen = set(laid.places) ^ {value}
    if chosen:
        laid.places = [place for place in order if place in chosen]


async def ask_video(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> LayoutView:
    """Expect the address of the video talk as the next text.

    Raises:
        NotPermitted, Stale: see `open_draft`.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    view = await view_draft(uow, event, laid)
    await ask(uow, actor.person_id, EXPECT_VIDEO, event_id)
    await uow.commit()
    return view


async def take_video(uow: UnitOfWork, actor: Actor, event_id: int, text: str) -> LayoutView:
    """Store the address of the video talk.

    Raises:
        NotPermitted: it is not the actor's draft. NoVideoAddress.
    """
    event, laid = await access_round_draft(uow, actor, event_id)
    address = text.strip()
    if (
        not address.startswith("https://")
        or len(address) > VIDEO_LIMIT
        or not address.isprintable()
        or any(c in address for c in " \"<>'")
    ):
        raise NoVideoAddress(limit=VIDEO_LIMIT)
    laid.video_url = address
    return await _changed(uow, actor, event, laid)


async def clear_days(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> LayoutView:
    """Take all days out of the draft.

    Raises:
        NotPermitted, Stale: see `open_draft`.
    """
    event, laid = await open_draft(uow, actor, event_id, version)
    laid.spans = []
    return await _changed(uow, actor, event, laid)


async def discard(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> None:
    """Throw the draft away.

    Raises:
        NotPermitted, Stale: see `open_draft`.
    """
    event, _ = await open_draft(uow, actor, event_id, version)
    event.state = EventState.DISCARDED
    await close_question(uow, actor.person_id)
    await uow.commit()


def hours_to_choose(first: time | None, minutes: int) -> list[time]:
    """Return the wall-clock times to choose from: beginnings, or ends after `first`, at which a talk fits."""
    if first is None:
        return [time(hour, half) for hour in range(8, 20) for half in (0, 30)]
    begin = datetime.combine(date.min, first)
    ends = (begin + timedelta(minutes=30 * n) for n in range(1, 17))
    return [one.time() for one in ends if one.date() == begin.date() and one - begin >= timedelta(minutes=minutes)]
