"""Interpreters: the promise, the queue, what they follow, what they ask, what is remembered (L4, L5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.actions import UnitOfWork
from bot.actions.interpreters import follow, memory, questions, tasks
from bot.actions.interpreters.promise import accept_promise, needs_promise
from bot.domain.errors import NotPermitted
from bot.domain.interpreter_taps import (
    AcceptPromise,
    AnswerInterpreter,
    AskAbout,
    AskSide,
    OpenFollowed,
    OpenMemory,
    OpenQueue,
    ShowFollowed,
    TakeNext,
    TaskAct,
    TaskStep,
    Withdraw,
)
from bot.domain.interpreters import NothingMeant, TextMeanwhile, only_interprets
from bot.domain.messages import Screen
from bot.domain.people import Actor, Role
from bot.domain.taps import ChooseLanguage, OpenPage, Page
from bot.i18n import Texts
from handlers import interpreter_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasFile, HasText, IsReply
from handlers.screens import menu_screen

gate = Router(name="interpreters.gate")
"""Stands before everything else: whoever has not promised confidentiality opens nothing as an interpreter."""
router = Router(name="interpreters")

_ALLOWED = (f"{AcceptPromise.PREFIX}|", f"{ChooseLanguage.PREFIX}|", f"{OpenPage.PREFIX}|{Page.LANGUAGE}|")
_OWN = tuple(
    f"{tap.PREFIX}|"
    for tap in (OpenQueue, TakeNext, TaskAct, OpenFollowed, ShowFollowed, AskAbout, AskSide, OpenMemory, Withdraw)
)
"""What somebody does as an interpreter; who is a guardian or teaches as well does everything else without a promise."""


_NO_CHILD = -1
"""Between an interpreter and one side no call about a child is offered instead."""


class _Unpromised(Filter):
    """Matches what an interpreter may not do before the promise."""

    async def __call__(
        self,
        event: TelegramObject,
        uow: UnitOfWork,
        actor: Actor | None = None,
        command: str | None = None,
    ) -> bool:
        if actor is None or Role.INTERPRETER not in actor.roles:
            return False
        data = event.data or "" if isinstance(event, CallbackQuery) else None
        if data is None and command == "language":
            return False
        if data is not None and data.startswith(_ALLOWED):
            return False
        if not only_interprets(actor) and not (data or "").startswith(_OWN):
            return False
        return await needs_promise(uow, actor)


@gate.message(_Unpromised())
async def unpromised_writes(_: Message, tr: Texts) -> Screen:
    """Whatever is written: first the promise."""
    return screens.promise_screen(tr)


@gate.callback_query(_Unpromised())
async def unpromised_taps(_: CallbackQuery, tr: Texts) -> Screen:
    """Whatever is tapped: first the promise."""
    return screens.promise_screen(tr)


@router.callback_query(Tapped(AcceptPromise))
async def accepted(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """Store the promise, and show what there is."""
    await accept_promise(uow, actor)
    thanks = Screen(tr.gettext("🤝 Thank you. You have promised confidentiality."))
    if only_interprets(actor):
        return [thanks, menu_screen(actor, tr, new=True)]
    return [thanks, screens.queue_screen(await tasks.open_queue(uow, actor), tr, new=True)]


Handler = Callable[..., Awaitable[Screen]]


def shows_task(handler: Handler) -> Handler:
    """Answer a tap on a translation that reads otherwise by now with how it stands."""

    @wraps(handler)
    async def wrapped(query: CallbackQuery, tap: Any, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
        try:
            return await handler(query, tap, uow, actor, tr)
        except TextMeanwhile as refused:
            view = await tasks.show_task(uow, actor, tap.rendering)
            return screens.task_screen(view, tr, toast=str(tr.plain.gettext(refused.sentence)), new=not tap.version)

    return wrapped


# --- the queue ----------------------------------------------------------------------------------


@router.callback_query(Tapped(OpenQueue))
async def queue_tapped(_: CallbackQuery, tap: OpenQueue, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show how much there is to translate."""
    return screens.queue_screen(await tasks.open_queue(uow, actor), tr, new=tap.new)


@router.callback_query(Tapped(TakeNext))
async def next_tapped(_: CallbackQuery, tap: TakeNext, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the next translation into hand."""
    view = await tasks.take_next(uow, actor, tap.last)
    return screens.task_screen(view, tr) if view is not None else screens.queue_screen(0, tr)


@router.callback_query(Tapped(TaskAct))
@shows_task
async def task_tapped(_: CallbackQuery, tap: TaskAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Approve, write, send, look back, or give back; from a followed message the screens come below it."""
    below = not tap.version
    if tap.step is TaskStep.LEAVE:
        await tasks.leave_task(uow, actor, tap.rendering)
        return screens.queue_screen(await tasks.open_queue(uow, actor), tr, last=tap.rendering)
    if tap.step is TaskStep.WRITE:
        return screens.writing_screen(await tasks.start_writing(uow, actor, tap.rendering), tr, new=below)
    if tap.step is TaskStep.SEND_ANYWAY:
        return screens.task_screen(await tasks.send_anyway(uow, actor, tap.rendering), tr)
    if tap.step in {TaskStep.SHOW, TaskStep.HISTORY}:
        view = await tasks.show_task(uow, actor, tap.rendering)
        history = tap.step is TaskStep.HISTORY
        return screens.history_screen(view, tr, uow.school) if history else screens.task_screen(view, tr)
    anyway = tap.step is TaskStep.APPROVE_ANYWAY
    view = await tasks.approve(uow, actor, tap.rendering, tap.version, anyway=anyway)
    if view.done and below:
        return Screen(toast=str(tr.plain.gettext("Thank you. Its readers see that it was checked.")))
    return screens.task_screen(view, tr, new=below)


@router.message(HasText(), Expects(tasks.EXPECT_TEXT))
async def translation_written(
    message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any
) -> list[Screen]:
    """Take the right words of a translation."""
    try:
        return [screens.task_screen(await tasks.take_text(uow, actor, question, message.text or ""), tr)]
    except TextMeanwhile as refused:
        view = await tasks.show_task(uow, actor, question.ref_id)
        return [Screen(tr.gettext(refused.sentence)), screens.task_screen(view, tr)]


# --- what they follow ---------------------------------------------------------------------------


@router.callback_query(Tapped(OpenFollowed))
async def followed_tapped(_: CallbackQuery, tap: OpenFollowed, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the conversations that an interpreter may follow."""
    return screens.followed_screen(await follow.list_own_followed(uow, actor, tap.page), tr, uow.school)


@router.callback_query(Tapped(ShowFollowed))
async def conversation_tapped(_: CallbackQuery, tap: ShowFollowed, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the last messages of one of them."""
    return screens.conversation_screen(await follow.show_followed(uow, actor, tap.thread), tr)


# --- questions between an interpreter and one side ----------------------------------------------


@router.callback_query(Tapped(AskAbout))
async def ask_tapped(_: CallbackQuery, tap: AskAbout, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask which side the interpreter wants to ask."""
    await questions.show_sides(uow, actor, tap.message)
    return screens.sides_screen(tap.message, tr)


@router.callback_query(Tapped(AskSide))
async def side_tapped(_: CallbackQuery, tap: AskSide, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for the question."""
    return screens.asking_screen(await questions.start_asking(uow, actor, tap.message, tap.side), tr)


@router.message(HasText(), Expects(questions.EXPECT_ASK))
async def question_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the interpreter's question to one side."""
    words = Words(message.text or "", pupil=_NO_CHILD, question=question)
    return await with_care(uow, actor, tr, "interpreter.ask", words, only_numbers=True)


@sends("interpreter.ask")
async def _send_question(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    if words.question is None or words.question.expects != questions.EXPECT_ASK:
        raise NotPermitted
    return screens.asked_screen(await questions.send_question(uow, actor, words.question, words.text), tr)


@router.callback_query(Tapped(AnswerInterpreter))
async def answer_tapped(_: CallbackQuery, tap: AnswerInterpreter, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for the answer to an interpreter."""
    return screens.answering_screen(await questions.start_answer(uow, actor, tap.message), tr)


@router.message(HasText(), IsReply())
async def replied(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take Telegram's own reply to an interpreter's question as its answer."""
    assert message.reply_to_message is not None  # noqa: S101  (the filter has looked)
    asked = await questions.find_question_of(uow, actor, message.reply_to_message.message_id)
    if asked is None or (message.text or "").startswith("/"):
        raise SkipHandler
    return await _answered(message, uow, actor, tr, asked)


@router.message(HasFile(), IsReply())
async def replied_with_file(message: Message, uow: UnitOfWork, actor: Actor) -> Screen:
    """Only the interpreter reads the answer: a file must not go to the other side instead."""
    assert message.reply_to_message is not None  # noqa: S101  (the filter has looked)
    if await questions.find_question_of(uow, actor, message.reply_to_message.message_id) is None:
        raise SkipHandler
    raise NothingMeant


@router.message(HasText(), Expects(questions.EXPECT_ANSWER))
async def answer_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the answer to the interpreter."""
    return await _answered(message, uow, actor, tr, question.ref_id)


async def _answered(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, asked: int) -> Screen:
    words = Words(message.text or "", ref=asked, pupil=_NO_CHILD)
    return await with_care(uow, actor, tr, "interpreter.answer", words, only_numbers=True)


@sends("interpreter.answer")
async def _send_answer(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.answered_screen(await questions.send_reply(uow, actor, words.ref, words.text), tr)


# --- what is remembered -------------------------------------------------------------------------


@router.callback_query(Tapped(OpenMemory))
async def memory_tapped(_: CallbackQuery, tap: OpenMemory, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the sentences that are remembered."""
    return screens.memory_screen(await memory.show_memory(uow, actor, tap.page), tr)


@router.message(HasText(), Expects(memory.EXPECT_SEARCH))
async def memory_searched(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Look for a word in them."""
    return screens.memory_screen(await memory.search_memory(uow, actor, message.text or ""), tr)


@router.callback_query(Tapped(Withdraw))
async def withdraw_tapped(_: CallbackQuery, tap: Withdraw, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a sentence out, or put it back."""
    return screens.withdrawn_screen(await memory.withdraw(uow, actor, tap.memory, out=tap.out), tr)
