"""The sender's side after sending: status, names, reminders, corrections."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.notices import board as boards
from bot.actions.notices.board import NamedHome, SentItem, audience_text, board_buttons, board_text
from bot.actions.notices.correct import start_correction
from bot.actions.notices.own import read_own, view_waiting
from bot.actions.notices.render import Reader, render_notice, title
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.taps import BoardView, OpenBoard, Page
from bot.i18n import Html, Texts
from bot.i18n.words import STATUS_SIGNS
from handlers.callbacks import Tapped, TappedPage
from handlers.compose_screens import draft_screen, scheduled_screen
from handlers.filters import Said
from handlers.keyboards import menu_button, to_page

router = Router(name="boards")


@router.message(Said("sent"))
async def sent_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """List what was sent or waits."""
    return _list(await boards.list_sent(uow, actor), tr)


@router.callback_query(TappedPage(Page.SENT))
async def sent_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, in place."""
    return _list(await boards.list_sent(uow, actor), tr)


def _list(items: list[SentItem], tr: Texts) -> Screen:
    if not items:
        text = tr.gettext("You have not sent anything yet.")
        new = to_page("📣 " + tr.plain.gettext("New message to homes"), Page.COMPOSE, new=True)
        return Screen(text, rows([new], [menu_button(tr)]))
    buttons = [[Button(_label(item, tr), _target(item))] for item in items]
    return Screen(tr.gettext("Your newest messages. 🕗 is waiting for its time."), rows(*buttons, [menu_button(tr)]))


def _label(item: SentItem, tr: Texts) -> str:
    where = audience_text(item.audience, item.audience_label, tr.plain)
    day = tr.short_day(item.moment.date())
    return f"{'🕗 ' if item.waiting else ''}{title(item.kind, tr.plain)} · {where} · {day}"


def _target(item: SentItem) -> str:
    view = BoardView.WAITING if item.waiting else BoardView.SUMMARY
    return OpenBoard(item.notice_id, view).pack()


@router.callback_query(Tapped(OpenBoard))
async def board_tapped(_: CallbackQuery, tap: OpenBoard, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show or do what the button under a sent notice says."""
    match tap.view:
        case BoardView.NAMES:
            board, homes = await boards.list_homes(uow, actor, tap.notice)
            return _names(board, homes, tap.page, tr)
        case BoardView.REMIND:
            board, count = await boards.remind_outstanding(uow, actor, tap.notice)
            toast = tr.plain.ngettext("{n} person is being reminded.", "{n} people are being reminded.", count)
            return Screen(board_text(board, tr), board_buttons(board, tr), toast=str(toast), alert=True)
        case BoardView.CORRECT:
            view = await start_correction(uow, actor, tap.notice)
            screen = draft_screen(view, actor, tr, uow.today)
            return Screen(screen.text, screen.buttons, new=True)
        case BoardView.TEXT:
            content = await read_own(uow, actor, tap.notice)
            back = Button("◀️ " + tr.plain.gettext("Back"), OpenBoard(tap.notice, BoardView.SUMMARY).pack())
            return Screen(render_notice(content, tr, Reader()), rows([back]))
        case BoardView.WAITING if waiting := await view_waiting(uow, actor, tap.notice):
            return scheduled_screen(waiting, tr)
        case _:
            board = await boards.open_board(uow, actor, tap.notice)
            return Screen(board_text(board, tr), board_buttons(board, tr))


def _names(board: boards.Board, homes: list[NamedHome], page: int, tr: Texts) -> Screen:
    per_page = boards.NAMES_PER_PAGE
    last = max(0, (len(homes) - 1) // per_page)
    page = min(max(page, 0), last)
    lines = [_name_line(home, tr) for home in homes[page * per_page : (page + 1) * per_page]]
    turn = [
        Button(sign, OpenBoard(board.notice_id, BoardView.NAMES, page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    note = tr.gettext("<i>Only you and the leadership see this list.</i>")
    text = Html("\n".join([f"<b>{title(board.kind, tr)}</b>", "", *lines, "", note]))
    return Screen(text, rows(turn, *board_buttons(board, tr, names=True)))


def _name_line(home: NamedHome, tr: Texts) -> str:
    phone = f" · {tr.value(home.phone)}" if home.phone else ""
    return f"{STATUS_SIGNS[home.status]} {tr.value(home.name)} ({tr.list(home.children)}){phone}"
