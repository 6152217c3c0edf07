"""Times of a round of conferences: laid out, offered to a home, passed on to who waits. No database here (M4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.domain.conferences import MOST_SLOTS
from bot.domain.errors import DomainError, InvalidInput
from bot.domain.events import WrongEnd
from bot.domain.marking import N_
from bot.domain.school import School

MINUTES = (15, 20, 30)
"""Lengths of a talk to choose from."""
LONG_MINUTES = (30, 40, 60)
"""Lengths of an interpreted talk to choose from; the plain length is another."""
PAUSES = (0, 5, 10)
DEFAULT_MINUTES, DEFAULT_LONG, DEFAULT_PAUSE = 20, 40, 5
MOST_SPANS = 10
"""Stretches of time (a day each, or a morning and an afternoon) of one round."""
HOLD = timedelta(hours=4)
"""How long a time that became free is kept for the first in line."""
LEAST_NOTICE = timedelta(hours=2)
"""A time that begins sooner than this after somebody could answer is not kept for anybody: it is free for all."""


class NoRoom(InvalidInput):
    code = "no_room_for_a_talk"
    sentence = N_("No talk of {minutes} minutes fits between {start} and {end}. Choose a later end.")


class TooManySlots(InvalidInput):
    code = "too_many_slots"
    sentence = N_("That would be {n} times; {limit} fit into one round. Choose fewer days, or longer talks.")


class SpansOverlap(InvalidInput):
    code = "spans_overlap"
    sentence = N_("Some of that time is chosen already. Choose another day, or other hours.")


class SpanOver(InvalidInput):
    code = "span_over"
    sentence = N_("That time has passed. Choose a time to come.")


class NoTimes(InvalidInput):
    code = "round_without_times"
    sentence = N_("Choose a day first; then the homes can be invited.")


class SlotTaken(DomainError):
    """Somebody else was quicker, or the teacher has closed the time."""

    code = "slot_taken"
    sentence = N_("That time was taken just now. Here are the times that are still free.")


class TalkOver(DomainError):
    code = "talk_over"
    ends_question = True
    sentence = N_("This talk has begun or is over, so nothing can be changed here. Write to the teacher about it.")


class RoundClosed(DomainError):
    code = "round_closed"
    ends_question = True
    sentence = N_("These talks were called off. The school invites you again.")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a day on the wall clock in which talks lie."""

    day: date
    first: time
    last: time

    def as_row(self) -> list[str]:
        """Return it as the draft stores it."""
        return [self.day.isoformat(), f"{self.first:%H:%M}", f"{self.last:%H:%M}"]

    @classmethod
    def from_row(cls, row: Sequence[str]) -> Span:
        """Read it from the draft."""
        return cls(date.fromisoformat(row[0]), time.fromisoformat(row[1]), time.fromisoformat(row[2]))

    def overlaps(self, other: Span) -> bool:
        return self.day == other.day and self.first < other.last and other.first < self.last


@dataclass(frozen=True, slots=True)
class Planned:
    """A time to be stored: wall clock and UTC."""

    day: date
    starts: time
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SlotView:
    """A stored time, as far as choosing goes; aware moments, `day` and `starts` on the wall clock."""

    id: int
    day: date
    starts: time
    starts_at: datetime
    ends_at: datetime
    talk_id: int | None = None
    closed: bool = False
    held_pupil_id: int | None = None
    held_until: datetime | None = None

    def open_to(self, pupil_id: int, talk_id: int | None = None) -> bool:
        """Tell whether a talk of that pupil can have it: free, or the pupil's own already, or kept for the pupil."""
        if self.talk_id is not None:
            return self.talk_id == talk_id
        if self.closed:
            return False
        return self.held_until is None or self.held_pupil_id == pupil_id


def lay_out(spans: Iterable[Span], minutes: int, pause: int, school: School) -> list[Planned]:
    """Return the times of a round, in order, none over another, `pause` minutes between two of a stretch.

    They are laid on the wall clock: on a day on which the clock is changed, a time that does not exist is left out, and
    no time is counted twice.

    Raises:
        TooManySlots: more than `MOST_SLOTS`.
    """
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + pause)
    found: dict[datetime, Planned] = {}
    for span in sorted(spans, key=lambda one: (one.day, one.first)):
        wall, end = datetime.combine(span.day, span.first), datetime.combine(span.day, span.last)
        while wall + length <= end:
            begin, over = school.at(wall), school.at(wall + length)
            if over - begin == length and school.local(begin).replace(tzinfo=None) == wall:
                found.setdefault(begin, Planned(wall.date(), wall.time(), begin, over))
            wall += step
    times = [one for _, one in sorted(found.items())]
    apart = [one for place, one in enumerate(times) if place == 0 or times[place - 1].ends_at <= one.starts_at]
    if len(apart) > MOST_SLOTS:
        raise TooManySlots(n=len(apart), limit=MOST_SLOTS)
    return apart


def check_span(span: Span, others: Iterable[Span], minutes: int, now: datetime, school: School) -> None:
    """Hold a stretch against the others of its round and against the clock.

    Raises:
        WrongEnd, NoRoom, SpansOverlap, SpanOver: it does not fit.
    """
    if span.last <= span.first:
        raise WrongEnd
    if datetime.combine(span.day, span.first) + timedelta(minutes=minutes) > datetime.combine(span.day, span.last):
        raise NoRoom(minutes=minutes, start=span.first, end=span.last)
    if school.at(datetime.combine(span.day, span.first)) <= now:
        raise SpanOver
    if any(span.overlaps(other) for other in others):
        raise SpansOverlap


def slots_needed(minutes: int, long_minutes: int, *, interpreted: bool) -> int:
    """Return how many neighbouring times a talk takes."""
    return max(1, -(-long_minutes // minutes)) if interpreted else 1


@dataclass(frozen=True, slots=True)
class Offer:
    """Neighbouring times that one talk can take."""

    slots: tuple[SlotView, ...]

    @property
    def first(self) -> SlotView:
        return self.slots[0]

    @property
    def ends_at(self) -> datetime:
        return self.slots[-1].ends_at

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(slot.id for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Booked:
    """A talk that lies already: in which language it is interpreted ("" is none), when it begins and ends."""

    starts_at: datetime
    ends_at: datetime
    language: str = ""


def neighbours(slots: Sequence[SlotView], first: int, count: int, pause: int) -> Offer | None:
    """Return `count` times from the one with the id `first` on, each right after the other; None if there are not."""
    order = sorted(slots, key=lambda slot: slot.starts_at)
    place = next((n for n, slot in enumerate(order) if slot.id == first), None)
    return None if place is None else _run(order, place, count, timedelta(minutes=pause))


def _run(order: Sequence[SlotView], place: int, count: int, gap: timedelta) -> Offer | None:
    """The same for times in order, from a place on."""
    chosen = order[place : place + count]
    if len(chosen) < count:
        return None
    if count > 1 and any(later.starts_at - earlier.ends_at > gap for earlier, later in pairwise(chosen)):
        return None
    return Offer(tuple(chosen))


def _touches(offer: Offer, taken: Booked) -> bool:
    return offer.first.starts_at < taken.ends_at and taken.starts_at < offer.ends_at


def list_offers(
    slots: Sequence[SlotView],
    *,
    pupil_id: int,
    count: int,
    pause: int,
    now: datetime,
    talk_id: int | None = None,
    siblings: Sequence[Booked] = (),
) -> list[Offer]:
    """Return what a pupil's talk can take, by time: nothing over, taken, closed, kept for another, or beside itself.

    `siblings` are booked talks of the same home, whichever round they belong to; none of the offers overlaps one.
    """
    order = sorted(slots, key=lambda slot: slot.starts_at)
    gap = timedelta(minutes=pause)
    found = []
    for place, slot in enumerate(order):
        if slot.starts_at <= now or not slot.open_to(pupil_id, talk_id):
            continue
        offer = _run(order, place, count, gap)
        if offer is None or not all(one.open_to(pupil_id, talk_id) for one in offer.slots):
            continue
        if not any(_touches(offer, sibling) for sibling in siblings):
            found.append(offer)
    return found


def likely_first(
    offers: Sequence[Offer],
    *,
    pause: int,
    siblings: Sequence[Booked] = (),
    interpreted: Sequence[Booked] = (),
    language: str = "",
) -> list[Offer]:
    """Return the offers of one day with the likely ones first, the others by time.

    First what lies right beside a talk that is interpreted into the same `language`, so that one interpreter has them
    in a row; then what lies nearest to a sibling's talk of that day.
    """
    gap = timedelta(minutes=pause)

    def in_a_row(offer: Offer) -> bool:
        return bool(language) and any(
            talk.language == language
            and (
                timedelta() <= offer.first.starts_at - talk.ends_at <= gap
                or timedelta() <= talk.starts_at - offer.ends_at <= gap
            )
            for talk in interpreted
        )

    def distance(offer: Offer) -> timedelta:
        waits = [
            max(offer.first.starts_at - talk.ends_at, talk.starts_at - offer.ends_at)
            for talk in siblings
            if abs(offer.first.starts_at - talk.starts_at) < timedelta(hours=12)
        ]
        return min(waits, default=timedelta())

    return sorted(offers, key=lambda offer: (not in_a_row(offer), distance(offer), offer.first.starts_at))


# --- the waiting list ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiter:
    """A home in line, with how many neighbouring times its talk would take."""

    pupil_id: int
    since: datetime
    count: int = 1


def kept_until(now: datetime, starts_at: datetime, school: School) -> tuple[datetime, datetime] | None:
    """Return when a home is told of a time and until when it is kept, or None when that would be too late.

    In quiet hours nobody is woken: the offer comes when they end, and the hold counts from then.
    """
    told = school.considerate(now)
    until = min(told + HOLD, starts_at - LEAST_NOTICE)
    return (told, until) if until > told else None


@dataclass(frozen=True, slots=True)
class Held:
    """Times to be kept for a home: told at one moment, kept until another."""

    pupil_id: int
    offer: Offer
    told_at: datetime
    until: datetime


def pass_on(
    slots: Sequence[SlotView],
    line: Sequence[Waiter],
    *,
    pause: int,
    now: datetime,
    school: School,
    out: Collection[int] = (),
) -> tuple[list[Held], list[int]]:
    """Decide what becomes of times that are to be passed on (`held_until` is over); return (holds, ids now free).

    A time goes down the line once: whoever stood before the home that let it pass is not asked again, and at the end
    of the line it is free for all. A home for which another time is kept is not offered a second one, and those in
    `out` are offered none.
    """
    due = {slot.id for slot in slots if slot.held_until is not None and slot.held_until <= now}
    waiting = sorted(line, key=lambda one: (one.since, one.pupil_id))
    places = {one.pupil_id: place for place, one in enumerate(waiting)}
    busy = {s.held_pupil_id for s in slots if s.held_until is not None and s.id not in due} | set(out)
    holds: list[Held] = []
    used: set[int] = set()
    for slot in sorted(slots, key=lambda one: one.starts_at):
        if slot.id not in due or slot.id in used:
            continue
        since = places.get(slot.held_pupil_id, -1) if slot.held_pupil_id is not None else -1
        for waiter in waiting[since + 1 :]:
            if waiter.pupil_id in busy:
                continue
            held = _hold(slots, slot, waiter, used, due, pause=pause, now=now, school=school)
            if held is not None:
                holds.append(held)
                busy.add(waiter.pupil_id)
                used.update(held.offer.ids)
                break
    return holds, sorted(due - used)


def _hold(
    slots: Sequence[SlotView],
    freed: SlotView,
    waiter: Waiter,
    used: Collection[int],
    due: Collection[int],
    *,
    pause: int,
    now: datetime,
    school: School,
) -> Held | None:
    """Return the first run of times around a freed one that the waiter's talk could take; a short one if need be."""

    def available(slot: SlotView) -> bool:
        if slot.id in used or slot.talk_id is not None or slot.closed:
            return False
        return slot.held_until is None or slot.id in due

    order = sorted(slots, key=lambda one: one.starts_at)
    for count in dict.fromkeys((waiter.count, 1)):
        runs = (_run(order, place, count, timedelta(minutes=pause)) for place in range(len(order)))
        for offer in runs:
            if offer is None or freed.id not in offer.ids or not all(available(one) for one in offer.slots):
                continue
            kept = kept_until(now, offer.first.starts_at, school)
            if kept is not None:
                return Held(waiter.pupil_id, offer, *kept)
    return None
