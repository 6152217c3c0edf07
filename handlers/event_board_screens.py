"""What the organiser of an event sees beside the board: names, needs, topics, changes, the end, the summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.actions.events.board import NAMES_PER_PAGE, EventBoard, NamedGuest, NamedNeed
from bot.actions.events.board_words import board_buttons, board_head
from bot.actions.events.change import ChangeView
from bot.actions.events.change_words import changes_text
from bot.actions.events.listing import TopicsView
from bot.actions.events.render import EventContent, event_title, render_event, when_text
from bot.actions.events.summary import SUMMARY_LIMIT, SummaryDraft, summary_text
from bot.actions.threads import quoted
from bot.domain.event_draft import CHANGEABLE, EventField, may_skip
from bot.domain.event_taps import (
    ApplyChange,
    ChangeEvent,
    ChangeWeek,
    EventsStep,
    EventsTap,
    EventView,
    OpenEvent,
    SendSummary,
    SetChange,
)
from bot.domain.leave import Week
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.i18n import Html, Texts
from bot.i18n.event_words import EVENT_ANSWER_SIGNS, GENDER_NAMES
from bot.i18n.words import language_name
from handlers.event_screens import FIELD_NAMES, LIKELY_STARTS, QUESTIONS, likely_ends
from handlers.pickers import time_buttons, week_buttons

T = TypeVar("T")
TOPICS_PER_PAGE = 8
"""Each may have 300 characters."""


def _to(event_id: int, label: str, view: EventView, page: int = 0) -> Button:
    return Button(label, OpenEvent(event_id, view, page).pack())


def _back(event_id: int, tr: Texts, view: EventView = EventView.BOARD) -> Button:
    return _to(event_id, "◀️ " + tr.plain.gettext("Back"), view)


def _paged(
    event_id: int, items: Sequence[T], page: int, at_once: int, view: EventView
) -> tuple[Sequence[T], list[Button]]:
    """Return one page of a list, the last one instead of one that is not there, and its arrows."""
    last = max(0, (len(items) - 1) // at_once)
    page = min(max(page, 0), last)
    turn = [
        _to(event_id, sign, view, page + step)
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    return items[page * at_once : (page + 1) * at_once], turn


def names_screen(board: EventBoard, guests: Sequence[NamedGuest], page: int, tr: Texts) -> Screen:
    """Show who has answered what, some at a time; for the organiser alone."""
    shown, turn = _paged(board.event_id, guests, page, NAMES_PER_PAGE, EventView.NAMES)
    lines = [_guest_line(one, tr) for one in shown]
    note = tr.gettext("<i>Only you see this list.</i>")
    text = Html("\n".join([board_head(board, tr), "", *lines, "", note]))
    return Screen(text, rows(turn, *board_buttons(board, tr, EventView.NAMES)))


def _guest_line(one: NamedGuest, tr: Texts) -> str:
    waits = "📤" if one.reached is None else "⏳" if one.reached else "📵"
    sign = EVENT_ANSWER_SIGNS[one.answer] if one.answer is not None else waits
    children = f" ({tr.list(one.children)})" if one.children else ""
    people = f" · {one.people}" if one.people > 1 else ""
    return f"{'✏️' if one.before else ''}{sign} {tr.value(one.name)}{children}{people}"


def needs_screen(board: EventBoard, needs: Sequence[NamedNeed], page: int, tr: Texts) -> Screen:
    """Show which interpreters are wanted, so that they can be ordered; for the organiser alone (M2)."""
    shown, turn = _paged(board.event_id, needs, page, NAMES_PER_PAGE, EventView.NEEDS)
    lines = [_need_line(one, tr) for one in shown] or [str(tr.gettext("Nobody has asked for an interpreter."))]
    note = tr.gettext("<i>Only you see this list.</i>")
    text = Html("\n".join([board_head(board, tr), "", *lines, "", note]))
    return Screen(text, rows(turn, *board_buttons(board, tr, EventView.NEEDS)))


def _need_line(one: NamedNeed, tr: Texts) -> str:
    parts = [tr.value(language_name(one.language, tr)), *([tr.value(one.dialect)] if one.dialect else [])]
    parts.append(tr.gettext(GENDER_NAMES[one.gender]))
    return f"🗣 {' · '.join(parts)}: {tr.value(one.name)}"


def topics_screen(view: TopicsView, page: int, tr: Texts) -> Screen:
    """Show what the invited would like to talk about; a name only where it was given."""
    head = Html(f"<b>{event_title(tr, view.content.kind, view.content.title)}</b>")
    shown, turn = _paged(view.event_id, view.topics, page, TOPICS_PER_PAGE, EventView.TOPICS)
    lines = [f"• {tr.value(one.text)}{_who(one.name, tr)}{_language(one.language, tr)}" for one in shown]
    if not lines:
        lines = [str(tr.gettext("No topics have come yet."))]
    text = Html("\n".join([board_head(view.board, tr) if view.board else head, "", *lines]))
    if view.board is not None:
        return Screen(text, rows(turn, *board_buttons(view.board, tr, EventView.TOPICS)))
    back = Button("◀️ " + tr.plain.gettext("Back"), EventsTap(EventsStep.LIST).pack())
    return Screen(text, rows(turn, [back]))


def _who(name: str, tr: Texts) -> str:
    return f" ({tr.value(name)})" if name else ""


def _language(code: str, tr: Texts) -> str:
    return "" if code == tr.code else f" <i>{tr.value(language_name(code, tr))}</i>"


def text_screen(event_id: int, content: EventContent, tr: Texts) -> Screen:
    """Show an event as its readers see it."""
    return Screen(render_event(content, tr), rows([_back(event_id, tr)]))


def more_screen(board: EventBoard, tr: Texts) -> Screen:
    """Offer to change or to cancel."""
    plain = tr.plain
    question = tr.gettext("What would you like to do?")
    return Screen(
        Html(f"{board_head(board, tr)}\n\n{question}"),
        rows(
            [_to(board.event_id, "✏️ " + plain.gettext("Change it"), EventView.CHANGE)],
            [_to(board.event_id, "❌ " + plain.gettext("Cancel the meeting"), EventView.CANCEL)],
            [_back(board.event_id, tr)],
        ),
    )


def cancel_screen(board: EventBoard, tr: Texts) -> Screen:
    """Ask whether cancelling is meant."""
    ask = tr.gettext("Cancel it? Everybody whom the invitation has reached is told. This cannot be undone.")
    yes = _to(board.event_id, "❌ " + tr.plain.gettext("Yes, cancel it"), EventView.CANCEL_YES)
    return Screen(Html(f"{board_head(board, tr)}\n\n{ask}"), rows([yes], [_back(board.event_id, tr)]))


def change_screen(view: ChangeView, tr: Texts) -> Screen:
    """Show what is to be changed; nobody is told before the tap that says so."""
    lines = [f"<b>{event_title(tr, view.kind, view.title)}</b>"]
    if view.old.day is not None:
        lines.append(f"📅 {when_text(tr, view.old.day, view.old.starts, view.old.ends)}")
    tell = []
    if view.changed:
        lines += ["", f"✏️ {changes_text(tr, view.old, view.new)}", ""]
        lines.append(tr.gettext("Nobody has been told yet."))
        label = "📨 " + tr.plain.gettext("Change it and tell everyone")
        tell = [Button(label, ApplyChange(view.event_id, view.revision).pack())]
    else:
        lines += ["", tr.gettext("What do you want to change?")]
    fields = [
        Button(tr.plain.gettext(FIELD_NAMES[field]), ChangeEvent(view.event_id, view.revision, field).pack())
        for field in CHANGEABLE
    ]
    return Screen(Html("\n".join(lines)), rows(tell, *grid(fields, 3), [_back(view.event_id, tr)]))


def new_value_screen(view: ChangeView, field: EventField, week: Week, tr: Texts) -> Screen:
    """Ask for a field's new value."""
    skip = []
    if may_skip(view.kind, field):
        skip = [Button("⏭ " + tr.plain.gettext("Leave it open"), _set(view, field, "").pack())]
    text = Html(f"<b>{event_title(tr, view.kind, view.title)}</b>\n\n{tr.gettext(QUESTIONS[field])}")
    back = _back(view.event_id, tr, EventView.CHOOSE)
    return Screen(text, rows(*_values(view, field, week, tr), [*skip, back]))


def _set(view: ChangeView, field: EventField, value: str) -> SetChange:
    return SetChange(view.event_id, view.revision, field, value)


def _values(view: ChangeView, field: EventField, week: Week, tr: Texts) -> Rows:
    match field:
        case EventField.DAY:
            return week_buttons(
                week,
                tr,
                lambda day: _set(view, field, day.isoformat()),
                lambda number: ChangeWeek(view.event_id, view.revision, number),
            )
        case EventField.STARTS:
            return time_buttons(LIKELY_STARTS, tr, lambda at: _set(view, field, f"{at:%H:%M}"))
        case EventField.ENDS if view.new.starts is not None:
            return time_buttons(likely_ends(view.new.starts), tr, lambda at: _set(view, field, f"{at:%H:%M}"))
        case _:
            return ()


def summary_screen(draft: SummaryDraft, tr: Texts) -> Screen:
    """Ask for the summary's words, or show them before they are sent."""
    back = _back(draft.event_id, tr)
    if not draft.text:
        lines = [
            f"<b>{event_title(tr, draft.content.kind, draft.content.title)}</b>",
            "",
            tr.gettext("📝 <b>What was said and agreed?</b> Write it now, without names of children."),
            # Translators: {n} is a number of characters
            tr.gettext("<i>At most {n} characters. Nothing is sent yet.</i>", n=SUMMARY_LIMIT),
        ]
        return Screen(Html("\n".join(lines)), rows([back]))
    plain = tr.plain
    asked = "📨 " + plain.ngettext("Send to {n} who asked for it", "Send to {n} who asked for it", draft.asked)
    every = "📨 " + plain.ngettext("Send to {n} invited", "Send to all {n} invited", draft.invited)
    hint = tr.gettext("Write it again to change it.")
    return Screen(
        Html(f"{summary_text(tr, draft.content, quoted(tr, draft.text, draft.language))}\n\n{hint}"),
        rows(
            [Button(asked, SendSummary(draft.event_id, everybody=False).pack())] if draft.asked else [],
            [Button(every, SendSummary(draft.event_id, everybody=True).pack())],
            [back],
        ),
    )
