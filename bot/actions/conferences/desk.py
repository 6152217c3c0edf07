"""What somebody sees who books for a pupil: the talk, the free times, the likely ones first (M4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.conferences.words import takes_part
from bot.domain.conference_slots import (
    Booked,
    Offer,
    RoundClosed,
    SlotTaken,
    SlotView,
    likely_first,
    list_offers,
    neighbours,
    slots_needed,
)
from bot.domain.conference_taps import BookSlot, Wish
from bot.domain.conferences import TalkPlace, TalkState
from bot.domain.errors import NotPermitted
from bot.domain.events import EventState, InterpreterWish
from bot.domain.people import Actor, Child
from storage.models import Talk
from storage.queries.conference_times import list_slots
from storage.queries.conferences import (
    PupilRow,
    RoundRow,
    find_booking,
    find_round,
    find_talk,
    list_booked_of,
    list_home,
    list_interpreted,
    may_lead,
)
from storage.queries.leave import hold_pupils, list_family
from storage.queries.people import list_children, list_guardians_of


@dataclass(frozen=True, slots=True)
class Desk:
    """A round as somebody meets it who may book for a pupil.

    Attributes:
        as_school: the school books, for a home that phones.
        talk: the pupil's talk if one is booked.
        siblings: booked talks of the same home; none may overlap.
        language: which an interpreter would speak: the reader's own, "" when it is the school's.
        keeps_wish: the talk is interpreted as another guardian wished: that stays, and is not shown (P9).
        waits: the home stands on the waiting list.
    """

    row: RoundRow
    child: PupilRow
    as_school: bool
    talk: Talk | None
    slots: tuple[SlotView, ...]
    siblings: tuple[Booked, ...]
    language: str
    waits: bool
    keeps_wish: bool = False

    @property
    def count(self) -> int:
        """How many times the talk takes at least."""
        return self.long_count if self.keeps_wish else 1

    @property
    def long_count(self) -> int:
        return slots_needed(self.row.minutes, self.row.long_minutes, interpreted=True)

    @property
    def places(self) -> tuple[TalkPlace, ...]:
        return tuple(TalkPlace(one) for one in self.row.places)

    @property
    def has_right(self) -> bool:
        """The pupil is old enough to take part by right."""
        return takes_part(self.child.birth_date, self.slots[0].day) if self.slots else False


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may book in: looked up before anything is held. `talk_id` is the pupil's, booked or not."""

    row: RoundRow
    child: PupilRow
    as_school: bool
    home: tuple[int, ...]
    talk_id: int | None
    waits: bool
    person_id: int

    def sees_wish(self, talk: Talk) -> bool:
        """Tell whether the wish for an interpreter is shown: to the school and the guardian whose it is (P9)."""
        return self.as_school or talk.booked_by == self.person_id

    def keeps_wish(self, talk: Talk | None) -> bool:
        """Tell whether a booked talk is interpreted by another guardian's wish, which stays and is not shown (P9)."""
        if talk is None or talk.state is not TalkState.BOOKED or self.sees_wish(talk):
            return False
        return talk.interpreter is InterpreterWish.WANTED


class TakenNow(SlotTaken):
    """The same, with what has been looked up already, so that what is free can be shown at once."""

    def __init__(self, access: Access, slots: Sequence[SlotView]) -> None:
        super().__init__()
        self.access = access
        self.slots = slots


async def access_booking(
    uow: UnitOfWork, actor: Actor, pupil_id: int, *, event_id: int | None = None, slot_id: int | None = None
) -> Access:
    """Return a round that a guardian of the pupil, or who looks after the round, may book in now.

    Raises:
        NotPermitted: neither is the actor, or the pupil is not of the round's class. RoundClosed: it was called off.
    """
    row, child, talk_id, waits = await find_booking(uow, pupil_id, event_id=event_id, slot_id=slot_id)
    own = pupil_id in actor.children
    if row.state not in {EventState.OPEN, EventState.CANCELLED} or not (own or await may_lead(uow, actor, row)):
        raise NotPermitted
    if not own and actor.person_id in await list_family(uow, pupil_id):
        raise NotPermitted  # who works here and is shut out as a guardian does not come in as the school (P3)
    if row.state is EventState.CANCELLED:
        raise RoundClosed
    home = sorted(actor.children) if own else await list_home(uow, pupil_id)
    return Access(row, child, not own, tuple(home), talk_id, waits, actor.person_id)


async def open_desk(uow: UnitOfWork, actor: Actor, access: Access, slots: Sequence[SlotView] | None = None) -> Desk:
    """Return what somebody sees who books for a pupil."""
    talk = await find_talk(uow, access.row.id, access.child.id) if access.talk_id is not None else None
    booked = talk if talk is not None and talk.state is TalkState.BOOKED else None
    others = [one for one in access.home if one != access.child.id]
    return Desk(
        access.row,
        access.child,
        access.as_school,
        booked,
        tuple(slots if slots is not None else await list_slots(uow, access.row.id)),
        tuple(one for _, one in await list_booked_of(uow, others, booked.id if booked else None)),
        await _language(uow, actor, access),
        booked is None and access.waits,
        access.keeps_wish(booked),
    )


async def _language(uow: UnitOfWork, actor: Actor, access: Access) -> str:
    if not access.as_school:
        return actor.language if actor.language != uow.school.language else ""
    guardians = await list_guardians_of(uow, [access.child.id])
    found = {one.language for one in guardians if one.language} - {uow.school.language}
    return min(found) if found else ""


async def hold_home(uow: UnitOfWork, access: Access) -> None:
    """Let those who book for the same home go one after the other: two siblings do not get one time."""
    await hold_pupils(uow, access.home)


@dataclass(frozen=True, slots=True)
class DaysPage:
    """The days of a round with how many times are free for this pupil."""

    desk: Desk
    days: tuple[tuple[date, int], ...]


async def days_page(uow: UnitOfWork, actor: Actor, event_id: int, pupil_id: int) -> DaysPage:
    """Return the days on which there is a time for a pupil's talk.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`.
    """
    access = await access_booking(uow, actor, pupil_id, event_id=event_id)
    desk = await open_desk(uow, actor, access)
    return DaysPage(desk, free_days(uow, desk))


async def children_of(uow: UnitOfWork, actor: Actor, event_id: int) -> list[Child]:
    """Return the actor's own children whom a round concerns.

    Raises:
        NotPermitted: none is, or it is a draft. RoundClosed: it was called off.
    """
    row = await find_round(uow, event_id)
    if row.state is not EventState.OPEN:
        raise RoundClosed if row.state is EventState.CANCELLED else NotPermitted
    found = [one for one in await list_children(uow, actor) if one.class_id == row.class_id]
    if not found:
        raise NotPermitted
    return found


async def still_free(
    uow: UnitOfWork, actor: Actor, choice: BookSlot, seen: TakenNow | None = None
) -> TimesPage | DaysPage:
    """Return what is free to a home whose time is taken: other times of that day, else the days.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`.
    """
    if seen is None:
        access = await access_booking(uow, actor, choice.pupil, slot_id=choice.slot)
        desk = await open_desk(uow, actor, access)
    else:
        desk = await open_desk(uow, actor, seen.access, seen.slots)
    day = next(one.day for one in desk.slots if one.id == choice.slot)
    page = await _times(uow, desk, day, choice.wish)
    return page if page.offers else DaysPage(desk, free_days(uow, desk))


def free_days(uow: UnitOfWork, desk: Desk) -> tuple[tuple[date, int], ...]:
    """Return the days with free times, and how many."""
    counts = Counter(offer.first.day for offer in _offers(uow, desk, desk.count))
    return tuple(sorted(counts.items()))


def _offers(uow: UnitOfWork, desk: Desk, count: int) -> list[Offer]:
    return list_offers(
        desk.slots,
        pupil_id=desk.child.id,
        count=count,
        pause=desk.row.pause,
        now=uow.now,
        talk_id=desk.talk.id if desk.talk else None,
        siblings=desk.siblings,
    )


def wish_of(desk: Desk) -> Wish:
    """Return what is known of an interpreter: what stands in the booked talk, else nothing."""
    if desk.talk is None or desk.talk.interpreter is None or desk.keeps_wish:
        return Wish()
    return Wish(desk.talk.interpreter_language if desk.talk.interpreter is InterpreterWish.WANTED else "-")


@dataclass(frozen=True, slots=True)
class TimesPage:
    """The free times of a day, the likely ones first; `long` when they have room for an interpreted talk."""

    desk: Desk
    day: date
    wish: Wish
    long: bool
    offers: tuple[Offer, ...]


async def times_page(uow: UnitOfWork, actor: Actor, event_id: int, pupil_id: int, day: date, wish: Wish) -> TimesPage:
    """Return the free times of a day. Who reads another language sees first those with room for an interpreted talk.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`.
    """
    access = await access_booking(uow, actor, pupil_id, event_id=event_id)
    return await _times(uow, await open_desk(uow, actor, access), day, wish)


async def _times(uow: UnitOfWork, desk: Desk, day: date, wish: Wish) -> TimesPage:
    if desk.keeps_wish:
        found = [offer for offer in _offers(uow, desk, desk.count) if offer.first.day == day]
        order = likely_first(found, pause=desk.row.pause, siblings=desk.siblings)
        return TimesPage(desk, day, Wish(), long=False, offers=tuple(order))
    wish = wish if wish.asked else wish_of(desk)
    language = wish.code if wish.wanted else desk.language if not wish.asked else ""
    for count in (desk.long_count, 1) if language else (1,):
        found = [offer for offer in _offers(uow, desk, count) if offer.first.day == day]
        if found or wish.wanted:
            break
    talk_id = desk.talk.id if desk.talk else None
    interpreted = await list_interpreted(uow, desk.row.id, talk_id) if language and found else []
    order = likely_first(
        found, pause=desk.row.pause, siblings=desk.siblings, interpreted=interpreted, language=language
    )
    return TimesPage(desk, day, wish, count > 1, tuple(order))


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """One time before it is booked; which of the two lengths fit there."""

    desk: Desk
    slot: SlotView
    choice: BookSlot
    short: Offer | None
    long: Offer | None


async def choice_page(uow: UnitOfWork, actor: Actor, choice: BookSlot) -> ChoicePage:
    """Return a time with its choices.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`. SlotTaken: nothing fits there any more.
    """
    access = await access_booking(uow, actor, choice.pupil, slot_id=choice.slot)
    desk = await open_desk(uow, actor, access)
    check_place(desk.row, choice.place)
    if desk.keeps_wish:
        choice = replace(choice, wish=Wish())
    short = _fits(uow, desk, choice.slot, desk.count)
    long = None if desk.keeps_wish else _fits(uow, desk, choice.slot, desk.long_count)
    slot = next((one for one in desk.slots if one.id == choice.slot), None)
    if slot is None or (short is None and long is None):
        raise SlotTaken
    return ChoicePage(desk, slot, choice, short, long)


def _fits(uow: UnitOfWork, desk: Desk, slot_id: int, count: int) -> Offer | None:
    offer = neighbours(desk.slots, slot_id, count, desk.row.pause)
    return offer if offer is not None and offer in _offers(uow, desk, count) else None


def check_place(row: RoundRow, place: TalkPlace) -> None:
    """Hold a chosen place against what the teacher offers.

    Raises:
        NotPermitted: it is not among them.
    """
    if place.value not in row.places:
        raise NotPermitted


def default_place(desk: Desk) -> TalkPlace:
    """Return where the talk is unless somebody chooses: where it was, else the teacher's first place."""
    if desk.talk is not None and TalkPlace(desk.talk.place) in desk.places:
        return TalkPlace(desk.talk.place)
    return desk.places[0]


def default_pupil(desk: Desk) -> bool:
    """Return whether the pupil takes part unless somebody chooses: by right from twelve years on."""
    return desk.talk.with_pupil if desk.talk is not None else desk.has_right
