"""Booking, moving and cancelling a talk: never two in one time, never two for one pupil, nobody forgotten (M4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.conferences.desk import Access, TakenNow, access_booking, check_place, hold_home
from bot.actions.conferences.tell import drop_offers, tell_guardians, tell_teacher, touch_board
from bot.actions.conferences.words import takes_part, talk_buttons, talk_head, talk_lines, time_text
from bot.actions.talks.plan import drop_talk_reminders, plan_talk_reminders
from bot.domain.conference_slots import Offer, SlotView, TalkOver, neighbours, slots_needed
from bot.domain.conference_taps import BookSlot, Wish
from bot.domain.conferences import TalkState
from bot.domain.errors import InvalidInput, Stale
from bot.domain.events import GenderWish, InterpreterWish
from bot.domain.marking import N_
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from storage.models import Talk
from storage.queries.audit import audit
from storage.queries.conference_times import change_slots, hold_round, hold_slots, leave_line, list_line, list_slots
from storage.queries.conferences import RoundRow, find_booked_talk, find_talk, list_booked_of


class SiblingThen(InvalidInput):
    code = "sibling_then"
    sentence = N_("You have another talk at that time. Choose a time before or after it.")


@dataclass(frozen=True, slots=True)
class TalkView:
    """A talk as a guardian or the school sees it; `counted` is false for a second tap, which changes nothing."""

    talk: Talk
    row: RoundRow
    child: str
    as_school: bool
    counted: bool = True
    has_right: bool = False
    reader_id: int | None = None
    """None for the school."""

    @property
    def sees_wish(self) -> bool:
        """Whether the wish for an interpreter is shown (P9)."""
        return self.reader_id in {None, self.talk.booked_by}


async def book(uow: UnitOfWork, actor: Actor, choice: BookSlot) -> TalkView:
    """Book a talk, or move the one that is booked; its earlier time goes to who waits, or is free.

    The times are held in the order of their ids and looked at again before anything is written.

    Raises:
        NotPermitted, RoundClosed: see `access_booking`. SlotTaken: somebody was quicker, or too little time follows.
        SiblingThen: the home has another talk then. TalkOver: the booked talk has begun.
    """
    access = await access_booking(uow, actor, choice.pupil, slot_id=choice.slot)
    event_id, asked = access.row.id, choice
    known = await find_talk(uow, event_id, choice.pupil) if access.talk_id is not None else None
    choice = _meant(access, known, asked)
    check_place(access.row, choice.place)
    slots = await list_slots(uow, event_id)
    if not all(one.open_to(choice.pupil, access.talk_id) for one in _offer(access, slots, choice).slots):
        raise TakenNow(access, slots)  # most of those who come too late learn it before they hold anything
    await hold_home(uow, access)
    talk = await find_talk(uow, event_id, choice.pupil)
    if talk is not None and not uow.sqlite:
        slots = await list_slots(uow, event_id)
    leaves = _belonging(slots, talk, choice.pupil)
    if leaves:
        await hold_round(uow, event_id)
        talk = await find_talk(uow, event_id, choice.pupil)
        slots = await list_slots(uow, event_id)
        leaves = _belonging(slots, talk, choice.pupil)
    _check_open(uow, talk)
    choice = _meant(access, talk, asked)
    offer = _offer(access, slots, choice)
    if _stands_so(talk, offer, choice):
        assert talk is not None  # noqa: S101
        return view_of(access, talk, counted=False)
    held = await hold_slots(uow, event_id, {*leaves, *offer.ids})
    talk_id = talk.id if talk is not None and talk.state is TalkState.BOOKED else None
    if offer.first.starts_at <= uow.now or not all(held[one].open_to(choice.pupil, talk_id) for one in offer.ids):
        raise TakenNow(access, await list_slots(uow, event_id))
    await _check_siblings(uow, access, offer, talk_id)
    moved_from = talk.starts_at if talk is not None and talk_id is not None else None
    stored = await _store(uow, actor, access, talk, offer, choice)
    freed = [one for one in leaves if one not in offer.ids]
    await release(uow, access.row, [one for one in freed if held[one].talk_id is not None])
    await pass_kept(uow, access.row, choice.pupil, [one for one in freed if held[one].talk_id is None])
    await drop_offers(uow, [one for one in offer.ids if held[one].held_until is not None])
    await change_slots(uow, offer.ids, talk_id=stored.id, held_pupil_id=None, held_until=None)
    await leave_line(uow, event_id, choice.pupil)
    return await told(uow, actor, access, stored, act="talk.move" if moved_from else "talk.book", before=moved_from)


def _meant(access: Access, talk: Talk | None, asked: BookSlot) -> BookSlot:
    """Return what is to be booked: who moves a talk that another guardian wants interpreted leaves that as it is."""
    return replace(asked, wish=Wish(talk.interpreter_language)) if talk and access.keeps_wish(talk) else asked


def _belonging(slots: list[SlotView], talk: Talk | None, pupil_id: int) -> list[int]:
    """Return the times that the pupil's talk takes now, and those that are kept for the pupil."""
    talk_id = talk.id if talk is not None and talk.state is TalkState.BOOKED else None
    return [
        one.id
        for one in slots
        if (talk_id is not None and one.talk_id == talk_id)
        or (one.held_until is not None and one.held_pupil_id == pupil_id)
    ]


def _check_open(uow: UnitOfWork, talk: Talk | None) -> None:
    if talk is not None and talk.state is TalkState.BOOKED and talk.starts_at <= uow.now:
        raise TalkOver
    if talk is not None and talk.summary_version:
        raise TalkOver


def _offer(access: Access, slots: list[SlotView], choice: BookSlot) -> Offer:
    row = access.row
    count = slots_needed(row.minutes, row.long_minutes, interpreted=choice.wish.wanted)
    offer = neighbours(slots, choice.slot, count, row.pause)
    if offer is None:
        raise TakenNow(access, slots)
    return offer


def _stands_so(talk: Talk | None, offer: Offer, choice: BookSlot) -> bool:
    """Tell whether it is booked just so already: the second tap, or the other guardian was as quick."""
    if talk is None or talk.state is not TalkState.BOOKED:
        return False
    return (
        (talk.starts_at, talk.ends_at) == (offer.first.starts_at, offer.ends_at)
        and (talk.place, talk.with_pupil) == (choice.place, choice.with_pupil)
        and (talk.interpreter, talk.interpreter_language) == _interpreter(choice.wish)
    )


def _interpreter(wish: Wish) -> tuple[InterpreterWish | None, str]:
    if wish.wanted:
        return InterpreterWish.WANTED, wish.code
    return (InterpreterWish.NO_THANKS if wish.asked else None), ""


async def _check_siblings(uow: UnitOfWork, access: Access, offer: Offer, talk_id: int | None) -> None:
    others = [one for one in access.home if one != access.child.id]
    for _, talk in await list_booked_of(uow, others, talk_id):
        if offer.first.starts_at < talk.ends_at and talk.starts_at < offer.ends_at:
            raise SiblingThen


async def _store(
    uow: UnitOfWork, actor: Actor, access: Access, talk: Talk | None, offer: Offer, choice: BookSlot
) -> Talk:
    """Write the pupil's one row. Whose wish an interpreter is stays written down while it stands (P9)."""
    wish, language = _interpreter(choice.wish)
    stays = talk is not None and talk.state is TalkState.BOOKED and choice.wish.wanted
    stays = stays and talk is not None and talk.interpreter_language == language
    booked_by = talk.booked_by if stays and talk is not None else actor.person_id
    values: dict[str, Any] = {
        "state": TalkState.BOOKED, "booked_by": booked_by, "booked_at": uow.now, "place": choice.place,
        "with_pupil": choice.with_pupil, "interpreter": wish, "interpreter_language": language,
        "day": offer.first.day, "starts": offer.first.starts, "zone": str(uow.school.zone),
        "starts_at": offer.first.starts_at, "ends_at": offer.ends_at,
    }  # fmt: skip
    if talk is None:
        gender = GenderWish.ANY if language else None
        talk = Talk(event_id=access.row.id, pupil_id=access.child.id, gender=gender, **values)
        uow.session.add(talk)
    else:
        if (talk.interpreter_language, talk.booked_by) != (language, booked_by):
            talk.dialect, talk.gender = "", GenderWish.ANY if language else None
        for name, value in values.items():
            setattr(talk, name, value)
        talk.version += 1
    await uow.flush()
    return talk


async def release(uow: UnitOfWork, row: RoundRow, ids: list[int]) -> None:
    """Free held times: they go to who waits first, or are free for all. The round is held by the caller."""
    if ids:
        waits = bool(await list_line(uow, row, 1))
        await change_slots(uow, ids, talk_id=None, held_pupil_id=None, held_until=uow.now if waits else None)


async def pass_kept(uow: UnitOfWork, row: RoundRow, pupil_id: int, ids: list[int], *, stays: bool = False) -> None:
    """Let times that are kept for a home go on to who stands behind it; who let them pass is not asked again.

    Round and times are held by the caller; the home stands in line still, and with `stays` goes on to.
    """
    if not ids:
        return
    line = [one.pupil_id for one in await list_line(uow, row, 1)]
    place = line.index(pupil_id) if pupil_id in line else 0
    before = pupil_id if stays else line[place - 1] if place else None
    behind = [one for one in line[place:] if one != pupil_id]
    await change_slots(uow, ids, held_pupil_id=before if behind else None, held_until=uow.now if behind else None)
    await drop_offers(uow, ids)


async def told(
    uow: UnitOfWork,
    actor: Actor,
    access: Access,
    talk: Talk,
    *,
    act: str,
    before: datetime | None = None,
    only: int | None = None,
) -> TalkView:
    """Tell everybody else, plan the reminders anew, and commit; `before` is when a talk was that is moved.

    With `only` a detail has changed that no other guardian reads.
    """
    await plan_talk_reminders(uow, talk)
    child, row = access.child.name, access.row

    def text(tr: Texts, reader_id: int | None = None) -> Html:
        lines = talk_lines(tr, uow.school, talk, child, row.video_url, reader_id=reader_id)
        who = tr.gettext("Booked or changed by {name}.", name=actor.name)
        return Html("\n".join([talk_head(tr, child), *lines, who]))

    await tell_guardians(
        uow, talk, text, but=actor.person_id, silent=not access.as_school, only=only,
        buttons=lambda tr: talk_buttons(tr, talk),
    )  # fmt: skip
    if not access.as_school and act != "talk.change":
        await tell_teacher(uow, row, talk, text, moments=[talk.starts_at, *([before] if before else [])])
    await audit(uow, actor.person_id, act, "talk", talk.id or 0, event=row.id, pupil=talk.pupil_id)
    await touch_board(uow, row)
    await uow.commit()
    return view_of(access, talk)


def view_of(access: Access, talk: Talk, *, counted: bool = True) -> TalkView:
    right = takes_part(access.child.birth_date, talk.day)
    reader_id = None if access.as_school else access.person_id
    return TalkView(talk, access.row, access.child.name, access.as_school, counted, right, reader_id)


async def access_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> tuple[Talk, Access]:
    """Return a talk that a guardian of its pupil, or who looks after its round, may see and change.

    Raises:
        NotPermitted: neither is the actor. RoundClosed: the round was called off.
    """
    talk = await find_booked_talk(uow, talk_id)
    return talk, await access_booking(uow, actor, talk.pupil_id, event_id=talk.event_id)


async def show_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> TalkView:
    """Return a talk, booked or cancelled.

    Raises:
        NotPermitted, RoundClosed: see `access_talk`.
    """
    talk, access = await access_talk(uow, actor, talk_id)
    return view_of(access, talk)


async def hold_talk(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> tuple[Talk, Access]:
    """Return a booked talk that may be changed, held; a screen from an older version changes nothing.

    The round is held too: it may be called off at this moment.
    """
    _, access = await access_talk(uow, actor, talk_id)
    await hold_home(uow, access)
    await hold_round(uow, access.row.id)
    talk = await find_booked_talk(uow, talk_id)
    if talk.state is TalkState.BOOKED and version not in {0, talk.version}:
        raise Stale
    _check_open(uow, talk)
    return talk, access


async def cancel_talk(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Cancel a talk: its time goes to who waits, or is free; a second tap changes nothing.

    Raises:
        NotPermitted, RoundClosed: see `access_talk`. Stale: it was moved since. TalkOver: it has begun.
    """
    talk, access = await hold_talk(uow, actor, talk_id, version)
    if talk.state is not TalkState.BOOKED:
        return view_of(access, talk, counted=False)
    await free_talk(uow, access.row, talk)
    child = access.child.name

    starts_at, ends_at = talk.starts_at, talk.ends_at

    def short(tr: Texts) -> Html:
        when = time_text(tr, uow.school, starts_at, ends_at)
        lines = [talk_head(tr, child), f"📅 {when}", tr.gettext("❌ Cancelled by {name}.", name=actor.name)]
        return Html("\n".join(lines))

    def text(tr: Texts, _reader_id: int) -> Html:
        return Html(f"{short(tr)}\n" + tr.gettext("You can choose another time."))

    await tell_guardians(
        uow, talk, text, but=actor.person_id, silent=not access.as_school, buttons=lambda tr: talk_buttons(tr, talk)
    )
    if not access.as_school:
        await tell_teacher(uow, access.row, talk, short, moments=[starts_at])
    await audit(uow, actor.person_id, "talk.cancel", "talk", talk_id, event=access.row.id, pupil=talk.pupil_id)
    await touch_board(uow, access.row)
    await uow.commit()
    return view_of(access, talk)


async def free_talk(uow: UnitOfWork, row: RoundRow, talk: Talk, *, close: bool = False) -> None:
    """Cancel a held talk and free its times, or close them; round and pupil are held by the caller."""
    taken = [one.id for one in await list_slots(uow, row.id) if one.talk_id == talk.id]
    await hold_slots(uow, row.id, taken)
    talk.state = TalkState.CANCELLED
    talk.version += 1
    await uow.flush()
    await drop_talk_reminders(uow, talk)
    if close:
        await change_slots(uow, taken, talk_id=None, closed=True, held_pupil_id=None, held_until=None)
    else:
        await release(uow, row, taken)
