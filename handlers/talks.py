"""Talks of a home and the school: before them and after them (M5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.talks import answer, page, summary
from bot.domain.errors import DomainError, InvalidInput, NotPermitted, Stale
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.talk_summary import TalkIsCancelled, TalkIsOver
from bot.domain.talk_taps import (
    AnswerSummary,
    HomeStep,
    OpenTalk,
    OpenTalks,
    PickDay,
    PickOwner,
    PrepareTalk,
    SummaryAct,
    SummaryStep,
)
from bot.i18n import Texts
from handlers import talk_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText
from handlers.screens import receipt_screen

router = Router(name="talks")
Handler = Callable[..., Awaitable[Screen]]


def shows_talk(handler: Handler) -> Handler:
    """Answer a tap that fits no more with the talk, or with what is being written about it, as it stands now.

    Raises:
        NotPermitted: the talk is not the person's any more.
    """

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except (Stale, InvalidInput, TalkIsOver, TalkIsCancelled) as refused:
            return await _now(uow, actor, tr, tap.talk, refused)

    return wrapped


async def _now(uow: UnitOfWork, actor: Actor, tr: Texts, talk_id: int, refused: DomainError) -> Screen:
    toast = str(tr.plain.gettext(refused.sentence, **refused.fields))
    found: summary.Writing | page.TalkView
    try:
        found = await summary.show_writing(uow, actor, talk_id)
    except NotPermitted:
        found = await page.show_talk(uow, actor, talk_id)
    if isinstance(found, summary.Writing):
        return screens.writing_screen(found, tr, uow.today, toast=toast)
    return _talk(found, uow, actor, tr, toast=toast)


def _talk(
    view: page.TalkView, uow: UnitOfWork, actor: Actor, tr: Texts, *, toast: str = "", new: bool = False
) -> Screen:
    over = view.talk.ends_at <= uow.now
    return screens.talk_screen(view, tr, actor.person_id, over=over, toast=toast, new=new)


@router.callback_query(Tapped(OpenTalks))
async def talks_opened(_: CallbackQuery, tap: OpenTalks, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List a person's talks and what is still open."""
    return screens.talks_screen(await page.list_own_talks(uow, actor, tap.page), tr)


@router.callback_query(Tapped(OpenTalk))
async def talk_opened(_: CallbackQuery, tap: OpenTalk, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a talk to its home or to the school."""
    return _talk(await page.show_talk(uow, actor, tap.talk), uow, actor, tr, new=tap.new)


@router.callback_query(Tapped(PrepareTalk))
@shows_talk
async def preparing(_: CallbackQuery, tap: PrepareTalk, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for what the teacher should know before."""
    return screens.preparing_screen(await page.start_preparation(uow, actor, tap.talk), tr)


@router.message(HasText(), Expects(page.EXPECT_PREPARE))
async def prepared(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Keep it for the teacher."""
    return await with_care(uow, actor, tr, "talk.prepare", Words(message.text or "", question=question))


@sends("talk.prepare")
async def _keep_preparation(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.prepared_screen(await page.keep_preparation(uow, actor, words.question, words.text), tr)


@router.callback_query(Tapped(SummaryAct))
@shows_talk
async def summary_tapped(_: CallbackQuery, tap: SummaryAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a step of the summary."""
    match tap.step:
        case SummaryStep.BEGIN:
            writing = await summary.begin_summary(uow, actor, tap.talk)
        case SummaryStep.SHOW:
            found = await summary.show_writing(uow, actor, tap.talk)
            if isinstance(found, page.TalkView):
                return _talk(found, uow, actor, tr)
            writing = found
        case SummaryStep.TEXT:
            return screens.words_screen(await summary.ask_words(uow, actor, tap.talk, tap.version), tr)
        case SummaryStep.POINT:
            return screens.owner_screen(await summary.ask_owner(uow, actor, tap.talk, tap.version), tr)
        case SummaryStep.UNDO_POINT:
            writing = await summary.undo_point(uow, actor, tap.talk, tap.version)
        case SummaryStep.SEND:
            return screens.sent_screen(*await summary.send_summary(uow, actor, tap.talk, tap.version), tr)
        case SummaryStep.DISCARD:
            return _talk(await summary.discard_draft(uow, actor, tap.talk, tap.version), uow, actor, tr)
    return screens.writing_screen(writing, tr, uow.today)


@router.message(HasText(), Expects(page.EXPECT_SUMMARY))
async def words_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the summary's words."""
    words = Words(message.text or "", question=question)
    return await with_care(uow, actor, tr, "talk.summary", words, to_school=False)


@sends("talk.summary")
async def _keep_words(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.writing_screen(await summary.keep_words(uow, actor, words.question, words.text), tr, uow.today)


@router.callback_query(Tapped(PickOwner))
@shows_talk
async def owner_picked(_: CallbackQuery, tap: PickOwner, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take who does it, then ask what."""
    writing = await summary.ask_point(uow, actor, tap.talk, tap.version, tap.owner)
    return screens.point_screen(writing, tap.owner, tr)


@router.message(HasText(), Expects(page.EXPECT_POINT))
async def point_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the words of what was agreed, then ask by when."""
    words = Words(message.text or "", question=question)
    return await with_care(uow, actor, tr, "talk.point", words, to_school=False)


@sends("talk.point")
async def _keep_point(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.writing_screen(await summary.keep_point(uow, actor, words.question, words.text), tr, uow.today)


@router.callback_query(Tapped(PickDay))
@shows_talk
async def day_picked(_: CallbackQuery, tap: PickDay, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the day, and show everything."""
    writing = await summary.keep_day(uow, actor, tap.talk, tap.version, tap.weeks)
    return screens.writing_screen(writing, tr, uow.today)


@router.callback_query(Tapped(AnswerSummary))
@shows_talk
async def answered(_: CallbackQuery, tap: AnswerSummary, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the home's answer to a summary."""
    if tap.step is HomeStep.DIFFER:
        return screens.differ_screen(await answer.ask_difference(uow, actor, tap.talk, tap.version), tr)
    view = await answer.confirm_summary(uow, actor, tap.talk, tap.version)
    return _talk(view, uow, actor, tr)


@router.message(HasText(), Expects(page.EXPECT_DIFFER))
async def difference_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the home's own view to the teacher."""
    return await with_care(uow, actor, tr, "talk.differ", Words(message.text or "", question=question))


@sends("talk.differ")
async def _send_difference(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    receipt = await answer.send_difference(uow, actor, words.question, words.text)
    return receipt_screen(receipt, tr, uow.school.answer_days)
