"""Choosing ready sentences, for a notice or in a conversation (N8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork, phrases
from bot.actions.phrase_targets import EXPECT_PHRASE, EXPECT_SLOT
from bot.domain.errors import Stale
from bot.domain.messages import Screen, rows
from bot.domain.people import Actor
from bot.domain.phrase_taps import FillSlot, PhraseAct, Phrases, PhraseStep, PhraseUse, PickPhrase, TurnSlot
from bot.i18n import Texts
from handlers import compose
from handlers import phrase_screens as screens
from handlers.callbacks import Tapped
from handlers.filters import Expects, HasFile, HasText
from handlers.keyboards import cancel_button
from handlers.screens import receipt_screen, sent_to_home_screen
from handlers.threads import send_written

router = Router(name="phrases")
Handler = Callable[..., Awaitable[Screen]]


def shows_phrases(handler: Handler) -> Handler:
    """Answer a stale tap with how the choosing stands.

    Raises:
        Stale: nothing is being written there any more.
    """

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except Stale as stale:
            view = await phrases.open_phrases(uow, actor, tap.use, tap.ref)
            return screens.categories_screen(view, tr, toast=str(tr.plain.gettext(stale.sentence)))

    return wrapped


@router.callback_query(Tapped(Phrases))
async def phrases_tapped(_: CallbackQuery, tap: Phrases, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the categories, or the sentences of one."""
    if not tap.category:
        return screens.categories_screen(await phrases.open_phrases(uow, actor, tap.use, tap.ref), tr)
    found = await phrases.list_phrases(uow, actor, tap.use, tap.ref, tap.category, tap.page)
    return screens.choice_screen(found, tr)


@router.message(HasText(), Expects(EXPECT_PHRASE))
async def words_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Look for the typed words."""
    return screens.choice_screen(await phrases.search_phrases(uow, actor, question, message.text or ""), tr)


@router.message(HasFile(), Expects(EXPECT_PHRASE, EXPECT_SLOT))
async def file_sent(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Attach a photo or document to the draft; one for a conversation is left to those who send it."""
    if question.data["use"] != PhraseUse.NOTICE:
        raise SkipHandler
    screen: Screen = await compose.file_sent(message, uow, actor, tr, question)
    return screen


@router.callback_query(Tapped(PickPhrase))
@shows_phrases
async def phrase_picked(_: CallbackQuery, tap: PickPhrase, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a sentence."""
    return screens.next_screen(await phrases.pick_phrase(uow, actor, tap.use, tap.ref, tap.phrase), tr)


@router.callback_query(Tapped(FillSlot))
@shows_phrases
async def slot_tapped(_: CallbackQuery, tap: FillSlot, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a value from a button."""
    result = await phrases.fill_slot(uow, actor, tap.use, tap.ref, tap.phrase, tap.slot, tap.value)
    return screens.next_screen(result, tr)


@router.message(HasText(), Expects(EXPECT_SLOT))
async def slot_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take a typed value."""
    return screens.next_screen(await phrases.write_slot(uow, actor, question, message.text or ""), tr)


@router.callback_query(Tapped(TurnSlot))
@shows_phrases
async def slot_turned(_: CallbackQuery, tap: TurnSlot, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show further values."""
    return screens.slot_screen(await phrases.turn_slot(uow, actor, tap.use, tap.ref, tap.slot, tap.page), tr)


@router.callback_query(Tapped(PhraseAct))
async def phrases_acted(_: CallbackQuery, tap: PhraseAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Add typed words, send what was chosen, or go back to writing by hand."""
    match tap.step:
        case PhraseStep.OWN if tap.use is not PhraseUse.NOTICE:
            text, question = await phrases.own_message(uow, actor, tap.use, tap.ref)
            return await send_written(uow, actor, tr, question, text)
        case PhraseStep.OWN:
            return screens.next_screen(await phrases.add_own_words(uow, actor, tap.use, tap.ref), tr)
        case PhraseStep.SEND:
            receipt = await phrases.send_chosen(uow, actor, tap.use, tap.ref)
            if receipt.to_school:
                return receipt_screen(receipt, tr, uow.school.answer_days)
            return sent_to_home_screen(receipt, tr)
        case PhraseStep.BACK:
            await phrases.leave_phrases(uow, actor, tap.use, tap.ref)
            text = tr.gettext("✍️ Write your message now.")
            return Screen(text, rows(screens.phrases_buttons(tr, tap.use, tap.ref), [cancel_button(tr)]))
