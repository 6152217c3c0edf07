"""Calling an event: composing it a question at a time, inviting (M3, M8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.events import compose, invite
from bot.actions.events.audience import list_event_reach
from bot.actions.events.board_words import board_buttons, board_text
from bot.actions.events.compose import EventDraft
from bot.actions.events.listing import EventsPage, ListedEvent, list_events
from bot.actions.events.render import event_title
from bot.actions.notices.audience import list_class_pupils
from bot.domain.errors import InvalidInput, NotPermitted, Stale
from bot.domain.event_draft import EventField
from bot.domain.event_taps import (
    AskEventField,
    BrowseEvent,
    EventDraftAct,
    EventDraftStep,
    EventsStep,
    EventsTap,
    EventView,
    EventWeek,
    OpenEvent,
    PickEventAudience,
    PickEventKind,
    PreviewEvent,
    SetEventField,
)
from bot.domain.messages import Button, Screen, rows
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from handlers import event_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText
from handlers.keyboards import to_page

router = Router(name="events")
Handler = Callable[..., Awaitable[Screen]]


async def _screen(
    uow: UnitOfWork, actor: Actor, tr: Texts, view: EventDraft, *, week: int | None = None, toast: str = ""
) -> Screen:
    """Return the draft's next question, or its overview."""
    if not view.kinded:
        screen = screens.kind_question(view, actor, tr)
    elif view.audience is None and view.audiences == (AudienceKind.PUPIL,):
        screen = await _which_pupil(uow, actor, tr, view)
    elif view.audience is None:
        screen = screens.audience_question(view, await list_event_reach(uow, actor, view.kind), actor, tr)
    elif view.asks is not None:
        shown = await compose.week_to_choose(uow, week, view.content.day)
        screen = screens.field_question(view, view.asks, shown, uow.today, tr)
    else:
        screen = screens.overview(view, tr)
    return Screen(screen.text, screen.buttons, toast=toast, alert=bool(toast))


def shows_draft(handler: Handler) -> Handler:
    """Answer a stale tap, or one whose value does not fit any more, with the draft as it stands now.

    When the invitations are out already, that is the board: a second tap on "Invite" invites nobody.

    Raises:
        NotPermitted: there is no such draft, and no such event, of this person.
    """

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except (Stale, InvalidInput) as refused:
            view = await compose.show_draft(uow, actor, tap.event)
            toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
            return await _screen(uow, actor, tr, view, toast=toast)
        except NotPermitted:
            board = await invite.show_second_tap(uow, actor, tap.event)
            return Screen(board_text(board, tr), board_buttons(board, tr))

    return wrapped


@router.callback_query(Tapped(EventsTap))
async def events_tapped(_: CallbackQuery, tap: EventsTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the own events, or begin one; what was begun goes on."""
    if tap.step is EventsStep.LIST:
        return _list(await list_events(uow, actor), tr)
    screen = await _screen(uow, actor, tr, await compose.start_event(uow, actor))
    return Screen(screen.text, screen.buttons, new=tap.step is EventsStep.CALL_NEW)


def _list(page: EventsPage, tr: Texts) -> Screen:
    plain = tr.plain
    label = plain.gettext("Go on with the draft") if page.draft else plain.gettext("Call a meeting")
    call = Button(f"➕ {label}", EventsTap(EventsStep.CALL).pack())
    back = to_page("◀️ " + plain.gettext("Meetings and dates"), Page.MEETINGS)
    if not page.events:
        return Screen(tr.gettext("You have not called anything yet."), rows([call], [back]))
    buttons = [[Button(_label(one, tr), _target(one))] for one in page.events]
    return Screen(tr.gettext("Tap one to see who comes and what is needed."), rows(*buttons, [call], [back]))


def _label(one: ListedEvent, tr: Texts) -> str:
    day = tr.short_day(one.content.day) if one.content.day is not None else ""
    sign = "💬 " if one.topics_only else "🚫 " if one.content.cancelled else ""
    return f"{sign}{day} · {event_title(tr.plain, one.content.kind, one.content.title)}"


def _target(one: ListedEvent) -> str:
    return OpenEvent(one.event_id, EventView.TOPICS if one.topics_only else EventView.BOARD).pack()


@router.callback_query(Tapped(PickEventKind))
@shows_draft
async def kind_picked(_: CallbackQuery, tap: PickEventKind, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take what kind of event it is."""
    return await _screen(uow, actor, tr, await compose.pick_kind(uow, actor, tap.event, tap.version, tap.kind))


@router.callback_query(Tapped(PickEventAudience))
@shows_draft
async def audience_picked(_: CallbackQuery, tap: PickEventAudience, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take whom it is for."""
    ids = [] if tap.kind is AudienceKind.SCHOOL else [tap.ref]
    return await _screen(uow, actor, tr, await compose.pick_audience(uow, actor, tap.event, tap.version, tap.kind, ids))


@router.callback_query(Tapped(BrowseEvent))
@shows_draft
async def browsed(_: CallbackQuery, tap: BrowseEvent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn a list of the draft: kinds, years, classes, a class's pupils."""
    view = await _current(uow, actor, tap.event, tap.version)
    match tap.what:
        case "k":
            return screens.kind_question(view, actor, tr, tap.page)
        case "g" if actor.leads:
            return screens.grade_question(view, await list_event_reach(uow, actor, view.kind), tr)
        case "a" if view.audiences == (AudienceKind.PUPIL,):
            return await _which_pupil(uow, actor, tr, view)
        case "a":
            return screens.audience_question(view, await list_event_reach(uow, actor, view.kind), actor, tr)
        case "c":
            return await _which_pupil(uow, actor, tr, view)
        case "p":
            return await _pupils(uow, actor, tr, view, tap.ref, tap.page)
        case _:
            raise Stale


async def _which_pupil(uow: UnitOfWork, actor: Actor, tr: Texts, view: EventDraft) -> Screen:
    classes = await list_event_reach(uow, actor, view.kind)
    if len(classes) != 1:
        return screens.class_question(view, classes, tr)
    return await _pupils(uow, actor, tr, view, classes[0].id, 0)


async def _pupils(uow: UnitOfWork, actor: Actor, tr: Texts, view: EventDraft, class_id: int, page: int) -> Screen:
    if AudienceKind.PUPIL not in view.audiences:
        raise Stale
    return screens.pupil_question(view, class_id, await list_class_pupils(uow, actor, class_id), page, tr)


async def _current(uow: UnitOfWork, actor: Actor, event_id: int, version: int) -> EventDraft:
    event = await compose.open_draft(uow, actor, event_id, version)
    return await compose.view_draft(uow, actor, event)


@router.callback_query(Tapped(EventWeek))
@shows_draft
async def week_turned(_: CallbackQuery, tap: EventWeek, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn the small calendar."""
    view = await _current(uow, actor, tap.event, tap.version)
    if view.asks is not EventField.DAY:
        raise Stale
    return await _screen(uow, actor, tr, view, week=tap.week)


@router.callback_query(Tapped(SetEventField))
@shows_draft
async def field_tapped(_: CallbackQuery, tap: SetEventField, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a field's value from a button."""
    view = await compose.set_field(uow, actor, tap.event, tap.version, tap.field, tap.value)
    if tap.field in {EventField.REMIND_DAYS, EventField.REMIND_HOURS}:
        return screens.reminders_screen(view, tr)
    return await _screen(uow, actor, tr, view)


@router.message(HasText(), Expects(compose.EXPECT_FIELD))
async def field_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take a field's value as it was typed."""
    words = Words(message.text or "", question.ref_id, extra={"field": str(question.data["field"])})
    return await with_care(uow, actor, tr, "event.field", words, to_school=False)


@sends("event.field")
async def _take_field(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    field = EventField(words.extra["field"])
    view = await compose.set_field(uow, actor, words.ref, None, field, words.text)
    return await _screen(uow, actor, tr, view)


@router.callback_query(Tapped(AskEventField))
@shows_draft
async def field_opened(_: CallbackQuery, tap: AskEventField, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Open a field of the draft for a new answer."""
    return await _screen(uow, actor, tr, await compose.ask_again(uow, actor, tap.event, tap.version, tap.field))


@router.callback_query(Tapped(PreviewEvent))
@shows_draft
async def previewed(_: CallbackQuery, tap: PreviewEvent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show how a reader of another language will see the invitation."""
    view = await _current(uow, actor, tap.event, tap.version)
    if not view.ready or tap.language not in view.reach.languages:
        raise Stale
    return screens.preview_screen(view, tr, tap.language)


@router.callback_query(Tapped(EventDraftAct))
@shows_draft
async def draft_act(_: CallbackQuery, tap: EventDraftAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Do what the overview offers."""
    match tap.step:
        case EventDraftStep.INVITE:
            board, count = await invite.invite(uow, actor, tap.event, tap.version)
            toast = tr.plain.ngettext("{n} person is being invited.", "{n} people are being invited.", count)
            return _invited(Html(f"📨 {toast}\n\n{board_text(board, tr)}"), tr)
        case EventDraftStep.DISCARD:
            await compose.discard_event(uow, actor, tap.event)
            return screens.discarded_screen(tr)
        case EventDraftStep.CHANGE | EventDraftStep.REMINDERS:
            view = await _current(uow, actor, tap.event, tap.version)
            if not view.ready:
                raise Stale
            shown = screens.change_screen if tap.step is EventDraftStep.CHANGE else screens.reminders_screen
            return shown(view, tr)
        case EventDraftStep.OVERVIEW:
            return await _screen(uow, actor, tr, await compose.show_draft(uow, actor, tap.event))


def _invited(text: Html, tr: Texts) -> Screen:
    back = to_page("◀️ " + tr.plain.gettext("Meetings and dates"), Page.MEETINGS)
    return Screen(text, rows([back]))
