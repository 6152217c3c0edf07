"""The page of meetings: what one is invited to, and the ways to calendar, talks, polls, and to calling one (M1)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.events.own import Meetings, list_meetings
from bot.domain.conference_taps import OpenBooking, StartRound
from bot.domain.event_taps import EventsStep, EventsTap
from bot.domain.events import WITH_PARENTS, EventKind
from bot.domain.messages import Button, Rows, Screen, rows
from bot.domain.people import Actor
from bot.domain.school import School
from bot.domain.slip_taps import MeetingsPage, ShowSlip
from bot.domain.talk_taps import OpenTalks
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.event_words import EVENT_ANSWER_SIGNS, EVENT_NAMES, EVENT_SIGNS
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said
from handlers.keyboards import menu_button, to_page

router = Router(name="meetings")
CANCELLED, WAITING, DONE = "🚫", "✍️", "✅"


@router.message(Said("meetings"))
async def meetings_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List what the person is invited to."""
    return meetings_screen(await list_meetings(uow, actor), actor, uow.school, tr)


@router.callback_query(TappedPage(Page.MEETINGS))
async def meetings_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return meetings_screen(await list_meetings(uow, actor), actor, uow.school, tr)


@router.callback_query(Tapped(MeetingsPage))
async def page_turned(_: CallbackQuery, tap: MeetingsPage, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn the list."""
    return meetings_screen(await list_meetings(uow, actor, tap.page), actor, uow.school, tr)


def meetings_screen(meetings: Meetings, actor: Actor, school: School, tr: Texts) -> Screen:
    """Show the meetings to come, a button each, and the ways to what belongs beside them."""
    lines = [tr.gettext("<b>Meetings and dates</b>")]
    if meetings.lines:
        lines.append(tr.gettext("You are invited to these. Tap one to read it, to answer or to change your answer."))
        if meetings.waiting:
            # Translators: {sign} stands before the meetings that have not been answered
            lines.append(tr.gettext("{sign} These wait for your answer.", sign=WAITING))
    else:
        lines.append(tr.gettext("You are not invited to anything right now. Invitations come here by themselves."))
    return Screen(
        Html("\n\n".join(lines)),
        rows(*_list(meetings, school, tr), _arrows(meetings), *_beside(actor, tr), [menu_button(tr)]),
    )


def _list(meetings: Meetings, school: School, tr: Texts) -> Rows:
    buttons = []
    for line in meetings.lines:
        conference = line.kind is EventKind.CONFERENCE
        name = line.title or tr.plain.gettext(EVENT_NAMES[line.kind])
        day = tr.short_day(school.local(line.booked or line.starts_at).date())
        if line.cancelled:
            sign = CANCELLED
        elif not line.done:
            sign = WAITING
        else:
            sign = EVENT_ANSWER_SIGNS[line.answer] if line.answer is not None else DONE
        tap = OpenBooking(line.event_id) if conference else ShowSlip(line.event_id)
        about = f" · {tr.plain.list(line.children)}" if line.children else ""
        buttons.append((Button(f"{sign} {day} · {EVENT_SIGNS[line.kind]} {name}{about}", tap.pack()),))
    return tuple(buttons)


def _arrows(meetings: Meetings) -> list[Button]:
    return [
        Button(sign, MeetingsPage(meetings.page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= meetings.page + step < meetings.pages
    ]


def _beside(actor: Actor, tr: Texts) -> Rows:
    plain = tr.plain
    calendar = to_page("📅 " + plain.gettext("Calendar"), Page.CALENDAR)
    polls = to_page("📊 " + plain.gettext("Questions to homes"), Page.POLLS)
    talks = Button("🗣 " + plain.gettext("Talks and agreements"), OpenTalks().pack())
    call = Button("➕ " + plain.gettext("Call a meeting"), EventsTap(EventsStep.CALL).pack())
    called = Button("📋 " + plain.gettext("Meetings I have called"), EventsTap(EventsStep.LIST).pack())
    conferences = Button("🗓 " + plain.gettext("Offer conferences"), StartRound().pack())
    calls = bool(actor.roles & WITH_PARENTS)
    meets = actor.is_guardian or actor.may_write_notices
    return rows(
        [call, called] if calls else [],
        [*([conferences] if actor.may_write_notices else []), *([talks] if meets else [])],
        [calendar, polls],
    )
