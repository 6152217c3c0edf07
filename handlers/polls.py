"""Questions and surveys: made by staff and parent representatives, answered by homes (N13)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.home import leave_question
from bot.actions.polls import answer, ask, board, close, compose
from bot.domain.errors import InvalidInput, Stale
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.poll_taps import (
    NewPoll,
    OpenPoll,
    PickPollAudience,
    PickPollDay,
    PollAct,
    PollStep,
    PollView,
    PreviewPoll,
    ShowBallot,
    SurveyDone,
    Vote,
)
from bot.domain.polls import AlreadyCounted, PollAsk, PollClosed
from bot.domain.taps import Page
from bot.i18n import Texts, languages
from handlers import poll_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Expects, HasText

router = Router(name="polls")
Handler = Callable[..., Awaitable[Screen]]
_PARTS = {
    PollStep.EDIT_AUDIENCE: PollAsk.AUDIENCE,
    PollStep.EDIT_QUESTION: PollAsk.QUESTION,
    PollStep.EDIT_OPTIONS: PollAsk.OPTIONS,
    PollStep.CLEAR_OPTIONS: PollAsk.OPTIONS,
    PollStep.EDIT_LINK: PollAsk.LINK,
    PollStep.EDIT_DAY: PollAsk.DAY,
}


def shows_draft(handler: Handler) -> Handler:
    """Answer a stale tap, or one that does not fit yet, with the draft as it stands now and a word about it."""

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except (Stale, InvalidInput) as refused:
            screen = screens.draft_screen(await compose.show_draft(uow, actor, tap.poll), actor, tr)
            toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
            return Screen(screen.text, screen.buttons, toast=toast, alert=True)

    return wrapped


def shows_ballot(handler: Handler) -> Handler:
    """Answer a tap that comes too late, or a second one, with the question as it stands now."""

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except (Stale, PollClosed, AlreadyCounted) as refused:
            toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
            return screens.ballot_screen(await answer.show_ballot(uow, actor, tap.ballot), tr, toast=toast)

    return wrapped


@router.callback_query(TappedPage(Page.POLLS))
async def page_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show what waits for an answer, and what somebody has asked."""
    await leave_question(uow, actor)
    return screens.page_screen(await answer.polls_page(uow, actor), tr, may_ask=compose.may_ask(actor))


@router.callback_query(Tapped(NewPoll))
async def begun(_: CallbackQuery, tap: NewPoll, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Begin, or go on with what was begun."""
    return screens.draft_screen(await compose.start_poll(uow, actor, tap.kind), actor, tr)


@router.callback_query(Tapped(PickPollAudience))
@shows_draft
async def audience_picked(_: CallbackQuery, tap: PickPollAudience, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take whom it is for."""
    view = await compose.pick_audience(uow, actor, tap.poll, tap.version, tap.kind, tap.ref)
    return screens.draft_screen(view, actor, tr)


@router.callback_query(Tapped(PickPollDay))
@shows_draft
async def day_picked(_: CallbackQuery, tap: PickPollDay, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the last day."""
    return screens.draft_screen(await compose.pick_day(uow, actor, tap.poll, tap.version, tap.day), actor, tr)


@router.callback_query(Tapped(PreviewPoll))
@shows_draft
async def previewed(_: CallbackQuery, tap: PreviewPoll, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show how it reads in another language."""
    view = await compose.show_draft(uow, actor, tap.poll, tap.version)
    if tap.language not in languages() or view.asks is not PollAsk.OVERVIEW:
        raise Stale
    return screens.preview_screen(view, tr, tap.language)


@router.callback_query(Tapped(PollAct))
@shows_draft
async def acted(_: CallbackQuery, tap: PollAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a step of a draft."""
    match tap.step:
        case PollStep.ASK:
            return screens.asked_screen(await ask.ask_homes(uow, actor, tap.poll, tap.version), tr)
        case PollStep.DISCARD:
            await compose.discard_poll(uow, actor, tap.poll)
            page = await answer.polls_page(uow, actor)
            return screens.page_screen(page, tr, may_ask=compose.may_ask(actor))
        case PollStep.READY:
            view = await compose.take_ready(uow, actor, tap.poll, tap.version)
        case PollStep.DONE:
            view = await compose.finish_options(uow, actor, tap.poll, tap.version)
        case PollStep.NAMES:
            view = await compose.toggle_names(uow, actor, tap.poll, tap.version)
        case PollStep.SHOW | PollStep.CHANGE | PollStep.GRADES:
            view = await compose.show_draft(uow, actor, tap.poll, tap.version)
            if tap.step is PollStep.CHANGE:
                return screens.change_screen(view, tr)
            if tap.step is PollStep.GRADES and actor.leads:
                return screens.grade_screen(view, tr)
        case _:
            clear = tap.step is PollStep.CLEAR_OPTIONS
            view = await compose.ask_again(uow, actor, tap.poll, tap.version, _PARTS[tap.step], clear=clear)
    return screens.draft_screen(view, actor, tr)


@router.message(HasText(), Expects(*compose.EXPECTS))
async def written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take what was written as the answer to what the draft asked."""
    return screens.draft_screen(await compose.take_text(uow, actor, question, message.text or ""), actor, tr)


@router.callback_query(Tapped(OpenPoll))
async def opened(_: CallbackQuery, tap: OpenPoll, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show or do what the button under an own question says."""
    match tap.view:
        case PollView.NAMES:
            return screens.names_screen(*await board.list_answers(uow, actor, tap.poll, tr), tap.page, tr)
        case PollView.TEXT:
            return screens.asked_text_screen(tap.poll, await board.read_poll(uow, actor, tap.poll), tr)
        case PollView.CLOSE:
            return screens.close_screen(await board.open_poll(uow, actor, tap.poll), tr)
        case PollView.CLOSE_YES:
            return screens.figures_screen(await close.close_early(uow, actor, tap.poll), tr)
        case PollView.FIGURES:
            return screens.figures_screen(await board.open_poll(uow, actor, tap.poll), tr)


@router.callback_query(Tapped(ShowBallot))
async def ballot_shown(_: CallbackQuery, tap: ShowBallot, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a question as it stands."""
    return screens.ballot_screen(await answer.show_ballot(uow, actor, tap.ballot), tr, new=tap.new)


@router.callback_query(Tapped(Vote))
@shows_ballot
async def voted(_: CallbackQuery, tap: Vote, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take an answer; an anonymous one is asked for once more first."""
    view, counted = await answer.vote(uow, actor, tap.ballot, tap.choice, sure=tap.sure)
    return screens.ballot_screen(view, tr) if counted else screens.sure_screen(view, tap.choice, tr)


@router.callback_query(Tapped(SurveyDone))
@shows_ballot
async def survey_done(_: CallbackQuery, tap: SurveyDone, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take it that the survey elsewhere was answered."""
    return screens.ballot_screen(await answer.survey_done(uow, actor, tap.ballot), tr)
