"""A home's side of notices: answer, original, the list, the weekly plan."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.notices.answers import (
    Answered,
    DeliveredNotice,
    answer_notice,
    latest_notices,
    latest_weekplans,
    show_notice,
)
from bot.actions.notices.render import answer_buttons, render_notice, title
from bot.actions.notices.send import files_and_text
from bot.domain.messages import Button, Rows, Screen, rows
from bot.domain.notices import Answer
from bot.domain.people import Actor
from bot.domain.taps import AnswerNotice, OpenNotice, Page, ShowNotice
from bot.i18n import Texts, texts
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said
from handlers.keyboards import cancel_button, menu_button, to_page
from handlers.screens import receipt_screen
from handlers.translation_screens import wrong_button

router = Router(name="notices")


@router.callback_query(Tapped(AnswerNotice))
async def notice_answered(
    _: CallbackQuery, tap: AnswerNotice, uow: UnitOfWork, actor: Actor, tr: Texts
) -> list[Screen]:
    """Store the home's answer; the notice keeps its text and marks the button."""
    done = await answer_notice(uow, actor, tap.delivery, tap.answer, tap.revision)
    if done.stale:
        return [_corrected_meanwhile(await show_notice(uow, actor, tap.delivery), tr)]
    screens = [_marked(done, tr)]
    if done.answer is Answer.QUESTION:
        screens.append(
            Screen(
                tr.gettext("✍️ Write your question now, in your own language. The sender of the message reads it."),
                rows([cancel_button(tr)]),
                new=True,
            )
        )
    if done.receipt is not None:
        screens.append(receipt_screen(done.receipt, tr, uow.school.answer_days, call=True, new=True))
    return screens


def _marked(done: Answered, tr: Texts) -> Screen:
    plain = tr.plain
    toast = {
        Answer.UNDERSTOOD: plain.gettext("Thank you. The sender sees that you have understood."),
        Answer.QUESTION: plain.gettext("Write your question below."),
        Answer.CALL_ME: plain.gettext("The sender knows that you want to be called."),
    }[done.answer]
    if done.again and done.answer is not Answer.QUESTION:
        toast = plain.gettext("That is noted already.")
    buttons = answer_buttons(
        tr,
        done.delivery.id,
        done.delivery.revision,
        answer=done.answer,
        has_original=done.delivery.language != done.delivery.text_language,
    )
    return Screen(buttons=() if done.again else buttons, keep_text=not done.again, toast=str(toast))


def _corrected_meanwhile(shown: DeliveredNotice, tr: Texts) -> Screen:
    screen = _notice_screen(shown, tr)
    toast = tr.plain.gettext("The message was corrected. Please read it again, then answer.")
    return Screen(screen.text, screen.buttons, toast=str(toast), alert=True)


def _notice_screen(shown: DeliveredNotice, tr: Texts, *, original: bool = False, wrong: Rows = ()) -> Screen:
    delivery, content = shown.delivery, shown.content
    language = texts(content.text_language) if original else tr
    answer = delivery.answer if delivery.answered_revision == delivery.revision else None
    buttons = answer_buttons(
        tr,
        delivery.id,
        delivery.revision,
        answer=answer,
        in_original=original,
        has_original=tr.code != content.text_language,
    )
    return Screen(render_notice(content, language, shown.reader, original=original), (*buttons, *wrong))


def _sent_again(shown: DeliveredNotice, tr: Texts) -> list[Screen]:
    """Return the notice as new messages, its files with it."""
    screen = _notice_screen(shown, tr)
    caption_of, before = files_and_text(shown.content, tr.code)
    return [
        *(Screen(file=file, new=True) for file in before),
        Screen(screen.text, screen.buttons, file=caption_of, new=True),
    ]


@router.callback_query(Tapped(ShowNotice))
async def notice_shown(_: CallbackQuery, tap: ShowNotice, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Turn a notice over: as it was written, and back (L1)."""
    shown = await show_notice(uow, actor, tap.delivery)
    source = shown.source
    wrong: Rows = ()
    if tap.original and source is not None and source.may_dispute(actor):
        wrong = rows([wrong_button(source.row.id, source.row.version, tr)])
    return _notice_screen(shown, tr, original=tap.original, wrong=wrong)


@router.callback_query(Tapped(OpenNotice))
async def notice_opened(_: CallbackQuery, tap: OpenNotice, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """Send a notice from the list once more."""
    return _sent_again(await show_notice(uow, actor, tap.delivery), tr)


@router.message(Said("notices"))
async def notices_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List the newest notices."""
    return await _list(uow, actor, tr)


@router.callback_query(TappedPage(Page.NOTICES))
async def notices_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return await _list(uow, actor, tr)


async def _list(uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    found = await latest_notices(uow, actor)
    if not found:
        text = tr.gettext("No message from school yet. They come here by themselves.")
        return Screen(text, rows([_plan_button(tr)], [menu_button(tr)]))
    buttons = [
        [
            Button(
                f"{title(item.kind, tr.plain)} · {tr.short_day(uow.school.local(item.sent_at).date())}"
                + (" ✅" if item.answer is Answer.UNDERSTOOD else ""),
                OpenNotice(item.delivery_id).pack(),
            )
        ]
        for item in found
    ]
    return Screen(tr.gettext("The newest messages from school:"), rows(*buttons, [_plan_button(tr)], [menu_button(tr)]))


def _plan_button(tr: Texts) -> Button:
    return to_page("🗓 " + tr.plain.gettext("Weekly plan"), Page.WEEKPLAN, new=True)


@router.message(Said("weekplan"))
async def weekplan_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """Show the newest weekly plan (N5)."""
    return await _weekplan(uow, actor, tr)


@router.callback_query(TappedPage(Page.WEEKPLAN))
async def weekplan_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """The same."""
    return await _weekplan(uow, actor, tr)


async def _weekplan(uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    plans = await latest_weekplans(uow, actor)
    if not plans:
        text = tr.gettext("No weekly plan has come yet. It arrives here when the teacher sends it.")
        return [Screen(text, rows([menu_button(tr)]), new=True)]
    return [screen for plan in plans for screen in _sent_again(plan, tr)]
