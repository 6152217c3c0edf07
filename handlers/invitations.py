"""An invitation at home: answering it, what comes with the answer, topics for the agenda (M1, M2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.events import slip, topics
from bot.actions.home import list_children
from bot.domain.errors import DomainError, Stale
from bot.domain.events import DeadlinePassed, EventOver
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.domain.slip_taps import AnswerSlip, AskSlip, DropTopic, SendTopic, SetSlip, ShowSlip, WriteTopic
from bot.i18n import Texts
from bot.understanding import ChildName, Intent
from handlers import invitation_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText
from handlers.languages import understand

router = Router(name="invitations")
Handler = Callable[..., Awaitable[Screen]]
_ABSENCE = {Intent.REPORT_ABSENCE, Intent.REPORT_LATE, Intent.REPORT_PART, Intent.EXTEND, Intent.BACK_TODAY}
_MOVED_ON = (Stale, DeadlinePassed, EventOver, slip.EventCancelled)


def shows_slip(handler: Handler) -> Handler:
    """Answer what came too late, or to an invitation that has changed, with how it stands now.

    Raises:
        NotPermitted: the actor has no such invitation any more.
    """

    @wraps(handler)
    async def wrapped(
        event: CallbackQuery | Message, *args: Any, uow: UnitOfWork, actor: Actor, tr: Texts, **kwargs: Any
    ) -> Screen | list[Screen]:
        try:
            return await handler(event, *args, uow=uow, actor=actor, tr=tr, **kwargs)
        except _MOVED_ON as refused:
            about = kwargs["tap"].event if "tap" in kwargs else kwargs["question"].ref_id
            return await _as_it_stands(event, refused, about, uow, actor, tr)

    return wrapped  # type: ignore[return-value]


async def _as_it_stands(
    event: CallbackQuery | Message, refused: DomainError, about: int, uow: UnitOfWork, actor: Actor, tr: Texts
) -> Screen | list[Screen]:
    shown = await slip.show_slip(uow, actor, about)
    if isinstance(event, CallbackQuery):
        toast = str(tr.plain.gettext(refused.sentence))
        screen = screens.slip_screen(shown, tr, uow.now, toast=toast)
        return Screen(screen.text, screen.buttons, toast=toast, alert=True)
    return [Screen(tr.gettext(refused.sentence)), screens.slip_screen(shown, tr, uow.now)]


@router.callback_query(Tapped(ShowSlip))
async def shown(_: CallbackQuery, tap: ShowSlip, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show an invitation as it stands."""
    return screens.slip_screen(await slip.show_slip(uow, actor, tap.event), tr, uow.now, change=tap.change)


@router.callback_query(Tapped(AnswerSlip))
@shows_slip
async def answered(_: CallbackQuery, tap: AnswerSlip, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Store coming or not, and ask what belongs to it."""
    done = await slip.answer_slip(uow, actor, tap.event, tap.revision, tap.answer)
    return screens.after_step(done, tr, uow.now)


@router.callback_query(Tapped(AskSlip))
@shows_slip
async def asked(_: CallbackQuery, tap: AskSlip, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Open one question of the slip."""
    opened = await slip.ask_slip(uow, actor, tap.event, tap.revision, tap.question, on=tap.on)
    return screens.question_screen(opened, tr)


@router.callback_query(Tapped(SetSlip))
@shows_slip
async def chosen(_: CallbackQuery, tap: SetSlip, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Store the answer to one question."""
    done = await slip.set_slip(uow, actor, tap.event, tap.revision, tap.question, tap.value, on=tap.on)
    return screens.after_step(done, tr, uow.now)


@router.message(HasText(), Expects(slip.EXPECT_LANGUAGE, slip.EXPECT_DIALECT))
@shows_slip
async def written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take a language or a dialect that was written; an ill child is more urgent than an interpreter."""
    if await _means_absence(message.text or "", uow, actor, tr):
        await slip.leave_words(uow, actor)
        raise SkipHandler
    return screens.after_step(await slip.read_words(uow, actor, question, message.text or ""), tr, uow.now)


async def _means_absence(text: str, uow: UnitOfWork, actor: Actor, tr: Texts) -> bool:
    """Tell whether somebody reports a child instead: the question was left open, and the next morning came."""
    names = [ChildName(child.id, child.name) for child in await list_children(uow, actor)]
    meant = understand(text, tr.code, names, uow.school.local(uow.now), fallback=(uow.school.language,))
    return meant is not None and meant.intent in _ABSENCE


@router.callback_query(Tapped(WriteTopic))
@shows_slip
async def topic_asked(_: CallbackQuery, tap: WriteTopic, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for a topic."""
    return screens.topics_screen(await topics.ask_topic(uow, actor, tap.event), tr)


@router.message(HasText(), Expects(topics.EXPECT_TOPIC, topics.EXPECT_NAME))
@shows_slip
async def topic_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Show what was written before it is sent."""
    return await with_care(uow, actor, tr, "event.topic", Words(message.text or "", question=question))


@sends("event.topic")
async def _keep_topic(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return screens.written_screen(await topics.keep_topic(uow, actor, words.question, words.text), tr)


@router.callback_query(Tapped(SendTopic))
@shows_slip
async def topic_sent(_: CallbackQuery, tap: SendTopic, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send the topic, with the name or without."""
    sent = await topics.send_topic(uow, actor, tap.event, tap.draft, named=tap.named)
    if sent.written:
        return screens.written_screen(sent, tr, toast=str(tr.plain.gettext(Stale.sentence)))
    return screens.topics_screen(sent, tr, toast=str(tr.plain.gettext("Thank you. It stands on the list of topics.")))


@router.callback_query(Tapped(DropTopic))
async def topic_dropped(_: CallbackQuery, tap: DropTopic, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a topic back."""
    left = await topics.drop_topic(uow, actor, tap.topic)
    return screens.topics_screen(left, tr, toast=str(tr.plain.gettext("It is taken back.")))
