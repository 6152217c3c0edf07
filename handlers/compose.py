"""Composing and sending a notice, in the sender's chat."""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.notices import compose, correct, send
from bot.actions.notices.audience import list_class_pupils, list_reach
from bot.actions.notices.board import board_buttons, board_text
from bot.actions.notices.compose import DraftView
from bot.domain.errors import Stale
from bot.domain.messages import FileKind, FileRef, Screen, rows
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from bot.domain.taps import (
    BrowseAudience,
    BrowsePupils,
    ChangeField,
    DraftAct,
    DraftStep,
    ItemsPage,
    MoreKinds,
    Page,
    PickAudience,
    PickKind,
    PreviewNotice,
    ScheduleNotice,
    SetField,
    ToggleItem,
    UndoSend,
)
from bot.i18n import Html, Texts
from handlers import compose_screens as screens
from handlers.callbacks import Tapped, TappedPage
from handlers.care import Words, sends, with_care
from handlers.filters import Expects, HasFile, HasText, Said
from handlers.keyboards import menu_button
from handlers.stale import shows_current

router = Router(name="compose")


async def _screen(uow: UnitOfWork, actor: Actor, tr: Texts, view: DraftView, *, toast: str = "") -> Screen:
    """Return the draft's next screen."""
    if view.audience is None:
        return screens.audience_question(view, await list_reach(uow, actor), actor, tr)
    return screens.draft_screen(view, actor, tr, uow.today, toast=toast)


@router.message(Said("new"))
async def new_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Begin a notice, or go on with the one that was begun."""
    return await _screen(uow, actor, tr, await compose.start_notice(uow, actor))


@router.callback_query(TappedPage(Page.COMPOSE))
async def new_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same, as a new message below the menu."""
    screen = await _screen(uow, actor, tr, await compose.start_notice(uow, actor))
    return Screen(screen.text, screen.buttons, new=True)


@router.callback_query(Tapped(PickAudience))
@shows_current
async def audience_picked(_: CallbackQuery, tap: PickAudience, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take whom it is for."""
    ids = [tap.ref] if tap.ref else []
    if tap.kind is AudienceKind.CLASSES and not ids:
        ids = [c.id for c in await list_reach(uow, actor)]
    view = await compose.pick_audience(uow, actor, tap.notice, tap.version, tap.kind, ids)
    return await _screen(uow, actor, tr, view)


@router.callback_query(Tapped(BrowseAudience))
@shows_current
async def audience_browsed(_: CallbackQuery, tap: BrowseAudience, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show years, or the classes whose pupils can be chosen."""
    view = await _current(uow, actor, tap.notice, tap.version)
    classes = await list_reach(uow, actor)
    if tap.what == "grades" and actor.leads:
        return screens.grade_question(view, classes, tr)
    if len(classes) == 1:
        return await _pupils(uow, actor, tr, view, classes[0].id, 0)
    return screens.class_question(view, classes, tr)


@router.callback_query(Tapped(BrowsePupils))
@shows_current
async def pupils_browsed(_: CallbackQuery, tap: BrowsePupils, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show a class's pupils."""
    view = await _current(uow, actor, tap.notice, tap.version)
    return await _pupils(uow, actor, tr, view, tap.class_id, tap.page)


async def _pupils(uow: UnitOfWork, actor: Actor, tr: Texts, view: DraftView, class_id: int, page: int) -> Screen:
    pupils = [(child.id, child.name) for child in await list_class_pupils(uow, actor, class_id)]
    return screens.pupil_question(view, class_id, pupils, page, tr)


async def _current(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> DraftView:
    return await compose.view_draft(uow, await compose.open_draft(uow, actor, notice_id, version))


@router.callback_query(Tapped(PickKind))
@shows_current
async def kind_picked(_: CallbackQuery, tap: PickKind, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take what kind of message it is."""
    return await _screen(uow, actor, tr, await compose.pick_kind(uow, actor, tap.notice, tap.version, tap.kind))


@router.callback_query(Tapped(MoreKinds))
@shows_current
async def more_kinds(_: CallbackQuery, tap: MoreKinds, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show further kinds."""
    view = await _current(uow, actor, tap.notice, tap.version)
    text, buttons = screens.kind_question(view, tr, tap.page)
    return Screen(Html(f"{screens.heading(view, tr)}\n\n{text}"), buttons)


@router.callback_query(Tapped(SetField))
@shows_current
async def field_tapped(_: CallbackQuery, tap: SetField, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a field's value from a button."""
    if tap.field == "bring":
        view = await compose.close_items(uow, actor, tap.notice, tap.version)
    else:
        view = await compose.set_field(uow, actor, tap.notice, tap.version, tap.field, tap.value)
    return await _screen(uow, actor, tr, view)


@router.callback_query(Tapped(ToggleItem))
@shows_current
async def item_tapped(_: CallbackQuery, tap: ToggleItem, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Tick or untick a thing to bring."""
    view = await compose.toggle_item(uow, actor, tap.notice, tap.version, tap.item)
    return _items(view, tr, tap.page)


@router.callback_query(Tapped(ItemsPage))
@shows_current
async def items_turned(_: CallbackQuery, tap: ItemsPage, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show further things to bring."""
    return _items(await _current(uow, actor, tap.notice, tap.version), tr, tap.page)


def _items(view: DraftView, tr: Texts, page: int) -> Screen:
    text, buttons = screens.items_question(view, tr, page)
    return Screen(Html(f"{screens.heading(view, tr)}\n\n{text}"), buttons)


@router.message(HasText(), Expects(compose.EXPECT_FIELD))
async def field_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take a field's value as it was typed."""
    words = Words(message.text or "", question.ref_id, extra={"field": str(question.data["field"])})
    return await with_care(uow, actor, tr, "notice.field", words, to_school=False)


@sends("notice.field")
async def _take_field(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    view = await compose.set_field(uow, actor, words.ref, None, str(words.extra["field"]), words.text)
    return await _screen(uow, actor, tr, view)


@router.message(HasText(), Expects(compose.EXPECT_TEXT, compose.EXPECT_ANYTHING))
async def text_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Take the free text; while the overview is open, a new text replaces the old one."""
    words = Words(message.text or "", question.ref_id)
    return await with_care(uow, actor, tr, "notice.text", words, to_school=False)


@sends("notice.text")
async def _take_text(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    return await _screen(uow, actor, tr, await compose.set_text(uow, actor, words.ref, words.text))


@router.message(HasFile(), Expects(compose.EXPECT_FIELD, compose.EXPECT_TEXT, compose.EXPECT_ANYTHING))
async def file_sent(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Attach a photo or document to the draft (N10)."""
    file = _file(message)
    words = Words(
        message.caption or "", question.ref_id, extra={"of": file.kind, "id": file.file_id, "name": file.name}
    )
    return await with_care(uow, actor, tr, "notice.file", words, to_school=False)


@sends("notice.file")
async def _take_file(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    file = FileRef(FileKind(words.extra["of"]), str(words.extra["id"]), str(words.extra["name"]))
    return await _screen(uow, actor, tr, await compose.add_file(uow, actor, words.ref, file, words.text or None))


def _file(message: Message) -> FileRef:
    if message.photo:
        return FileRef(FileKind.PHOTO, message.photo[-1].file_id)
    assert message.document is not None  # noqa: S101  (the filter has looked)
    return FileRef(FileKind.DOCUMENT, message.document.file_id, message.document.file_name or "")


@router.callback_query(Tapped(ChangeField))
@shows_current
async def change_tapped(_: CallbackQuery, tap: ChangeField, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Open one part of the draft again."""
    if tap.field in {"audience", "kind"}:
        view = await _current(uow, actor, tap.notice, tap.version)
        if tap.field == "audience":
            return screens.audience_question(view, await list_reach(uow, actor), actor, tr)
        text, buttons = screens.kind_question(view, tr, 0)
        return Screen(text, buttons)
    view = await compose.ask_again(uow, actor, tap.notice, tap.version, tap.field)
    return await _screen(uow, actor, tr, view)


@router.callback_query(Tapped(PreviewNotice))
@shows_current
async def preview_tapped(_: CallbackQuery, tap: PreviewNotice, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show how a home of another language will read it."""
    view = await _current(uow, actor, tap.notice, tap.version)
    if view.kind is None or tap.language not in view.reader_languages:
        raise Stale
    return screens.preview_screen(view, actor, tr, tap.language)


@router.callback_query(Tapped(DraftAct))
@shows_current
async def draft_act(_: CallbackQuery, tap: DraftAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Do what the overview offers."""
    notice, version = tap.notice, tap.version
    match tap.step:
        case DraftStep.SEND:
            done = await send.send_now(uow, actor, notice, version)
            return screens.scheduled_screen(done, tr)
        case DraftStep.LATER:
            view = await send.ask_when(uow, actor, notice, version)
            now = uow.school.local(uow.now).replace(tzinfo=None)
            return screens.later_screen(view, tr, now, uow.school)
        case DraftStep.APPLY_LOUD | DraftStep.APPLY_QUIET:
            tell = tap.step is DraftStep.APPLY_LOUD
            board = await correct.apply_correction(uow, actor, notice, version, tell=tell)
            toast = str(tr.plain.gettext("The message is being corrected at every home."))
            return Screen(board_text(board, tr), board_buttons(board, tr), toast=toast)
        case DraftStep.DISCARD:
            await compose.discard_draft(uow, actor, notice)
            return Screen(tr.gettext("🗑 Discarded. Nothing was sent."), rows([menu_button(tr)]))
        case _:
            return await _draft_step(uow, actor, tr, tap)


async def _draft_step(uow: UnitOfWork, actor: Actor, tr: Texts, tap: DraftAct) -> Screen:
    notice, version = tap.notice, tap.version
    match tap.step:
        case DraftStep.SKIP_TEXT:
            view = await compose.skip_text(uow, actor, notice, version)
        case DraftStep.CLEAR_FILES:
            view = await compose.clear_files(uow, actor, notice, version)
        case DraftStep.EDIT_TEXT:
            view = await compose.ask_again(uow, actor, notice, version, "text")
        case DraftStep.CHANGE:
            view = await _current(uow, actor, notice, version)
            if view.kind is not None:
                return screens.change_screen(view, tr)
        case _:
            view = await compose.show_draft(uow, actor, notice)
    return await _screen(uow, actor, tr, view)


@router.callback_query(Tapped(ScheduleNotice))
@shows_current
async def schedule_tapped(_: CallbackQuery, tap: ScheduleNotice, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send at the time on the button."""
    done = await send.send_later(uow, actor, tap.notice, tap.version, tap.local)
    return screens.scheduled_screen(done, tr)


@router.message(HasText(), Expects(compose.EXPECT_MOMENT))
async def moment_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts, question: Any) -> Screen:
    """Send at the time that was typed."""
    done = await send.send_later(uow, actor, question.ref_id, None, message.text or "")
    return screens.scheduled_screen(done, tr)


@router.callback_query(Tapped(UndoSend))
async def undo_tapped(_: CallbackQuery, tap: UndoSend, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the notice back; it is a draft again."""
    view = await send.undo_send(uow, actor, tap.notice)
    toast = str(tr.plain.gettext("Taken back. Nothing was sent."))
    return await _screen(uow, actor, tr, view, toast=toast)
