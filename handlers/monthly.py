"""The month's report: homes sign and comment, the contact teacher sees how many have read it (A6)."""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.monthly import report_buttons
from bot.actions.monthly_answers import EXPECT_COMMENT, send_comment, sign, start_comment
from bot.actions.monthly_signed import SignedBoard, list_names, open_signed, remind_unsigned
from bot.actions.remarks import remark_classes
from bot.domain.followup_taps import CommentReport, SignedReports, SignedView, SignReport
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from bot.i18n.followup_words import month_name
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasText
from handlers.followup import followup_button
from handlers.keyboards import cancel_button, menu_button
from handlers.screens import receipt_screen

router = Router(name="monthly")

NAMES_PER_PAGE = 25


@router.callback_query(Tapped(SignReport))
async def report_signed(_: CallbackQuery, tap: SignReport, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the signature; what was read stays on the screen as it was."""
    await sign(uow, actor, tap.report)
    thanks = str(tr.plain.gettext("Thank you. The school sees that you have read it."))
    return Screen(buttons=report_buttons(tap.report, tr, signed=True), toast=thanks, keep_text=True)


@router.callback_query(Tapped(CommentReport))
async def comment_tapped(_: CallbackQuery, tap: CommentReport, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for the comment, below the report."""
    child = await start_comment(uow, actor, tap.report)
    text = tr.gettext(
        "✍️ Write your comment about {child} now, in your own language. The contact teacher of {school_class} reads it.",
        child=child.name,
        school_class=child.class_name,
    )
    return Screen(text, rows([cancel_button(tr)]), new=True)


@router.message(HasText(), Expects(EXPECT_COMMENT))
async def comment_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send the comment to the school."""
    return await with_care(uow, actor, tr, "monthly.comment", Words(message.text or "", question.ref_id))


@sends("monthly.comment")
async def _send_comment(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    receipt = await send_comment(uow, actor, words.ref, words.text)
    return receipt_screen(receipt, tr, uow.school.answer_days)


@router.callback_query(Tapped(SignedReports))
async def signed_tapped(_: CallbackQuery, tap: SignedReports, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show how many homes have read the report, or the names, or remind."""
    classes = await remark_classes(uow, actor)
    if not classes:
        return Screen(tr.gettext("No class is connected to you here."), rows([menu_button(tr)]))
    if tap.class_id == 0 and len(classes) > 1:
        buttons = grid([Button(one.name, SignedReports(one.id).pack()) for one in classes], 3)
        return Screen(tr.gettext("In which class?"), rows(*buttons, [followup_button(tr)]))
    class_id = tap.class_id or classes[0].id
    several = len(classes) > 1
    match tap.view:
        case SignedView.NAMES:
            return _names(await list_names(uow, actor, class_id), tap.page, tr)
        case SignedView.REMIND:
            board, count = await remind_unsigned(uow, actor, class_id)
            toast = tr.plain.ngettext("{n} person is being reminded.", "{n} people are being reminded.", count)
            screen = _counts(board, tr, several=several)
            return Screen(screen.text, screen.buttons, toast=str(toast), alert=True)
        case SignedView.COUNTS:
            return _counts(await open_signed(uow, actor, class_id), tr, several=several)


def _head(board: SignedBoard, tr: Texts) -> Html:
    assert board.month is not None  # noqa: S101  (asked before)
    name = board.school_class.name
    return tr.gettext("📅 <b>{school_class}: {month}</b>", school_class=name, month=month_name(tr, board.month))


def _counts(board: SignedBoard, tr: Texts, *, several: bool) -> Screen:
    back = Button("◀️ " + tr.plain.gettext("Back"), SignedReports().pack()) if several else followup_button(tr)
    if board.month is None or not board.homes:
        lines = [tr.gettext("No monthly report has gone out here yet.")]
        if board.next_day is not None:
            lines.append(tr.gettext("The next one goes out on {day}.", day=board.next_day))
        return Screen(Html(" ".join(lines)), rows([back]))
    count = tr.ngettext(
        "{signed} of {n} home has read the report.",
        "{signed} of {n} homes have read the report.",
        len(board.homes),
        signed=board.signed,
    )
    names = [Button("👥 " + tr.plain.gettext("Which homes"), _view(board, SignedView.NAMES))] if board.names else []
    label = tr.plain.ngettext("Remind {n} person", "Remind {n} people", board.to_remind)
    remind = [Button(f"🔔 {label}", _view(board, SignedView.REMIND))] if board.to_remind else []
    return Screen(Html(f"{_head(board, tr)}\n\n{count}"), rows(names, remind, [back]))


def _view(board: SignedBoard, view: SignedView, page: int = 0) -> str:
    return SignedReports(board.school_class.id, view, page).pack()


def _names(board: SignedBoard, page: int, tr: Texts) -> Screen:
    back = [Button("◀️ " + tr.plain.gettext("Back"), _view(board, SignedView.COUNTS))]
    if board.month is None:
        return Screen(tr.gettext("No monthly report has gone out here yet."), rows(back))
    last = max(0, (len(board.homes) - 1) // NAMES_PER_PAGE)
    page = min(max(page, 0), last)
    lines = []
    for home in board.homes[page * NAMES_PER_PAGE : (page + 1) * NAMES_PER_PAGE]:
        by = f" ({tr.list(home.signed_by)})" if home.signed_by else ""
        lines.append(f"{'✅' if home.signed_by else '⏳'} {tr.value(home.pupil)}{by}")
    turn = [
        Button(sign_, _view(board, SignedView.NAMES, page + step))
        for sign_, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    note = tr.gettext("<i>Only the contact teachers of the class see this list.</i>")
    return Screen(Html("\n".join([_head(board, tr), "", *lines, "", note])), rows(turn, back))
