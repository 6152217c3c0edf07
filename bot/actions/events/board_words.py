"""The organiser's board in words and buttons; counts only, so that the screen can lie open on a desk (P9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.actions.events.render import event_title, when_text
from bot.actions.notices.board import audience_text
from bot.domain.event_taps import EventView, OpenEvent
from bot.domain.events import Ask, EventAnswer
from bot.domain.messages import Button, Rows, rows
from bot.i18n import Html, Texts
from bot.i18n.event_words import EVENT_ANSWER_SIGNS
from bot.i18n.words import language_name

if TYPE_CHECKING:
    from bot.actions.events.board import EventBoard


def board_head(board: EventBoard, tr: Texts) -> Html:
    """Return what and for whom, and when it is."""
    content = board.content
    top = f"<b>{event_title(tr, content.kind, content.title)}</b>"
    if board.audience is not None and board.label:
        top += f" · {audience_text(board.audience, board.label, tr)}"
    lines = [top]
    if content.day is not None:
        lines.append(f"📅 {when_text(tr, content.day, content.starts, content.ends)}")
    if content.cancelled:
        lines.append(tr.gettext("❌ <b>Cancelled.</b>"))
    return Html("\n".join(lines))


def board_text(board: EventBoard, tr: Texts) -> Html:
    """Return the board's words: answers, needs, languages."""
    blocks = ["\n".join(_answers(board, tr)), "\n".join(_needs(board, tr)), _languages(board, tr)]
    return Html("\n\n".join([board_head(board, tr), *(block for block in blocks if block)]))


def _answers(board: EventBoard, tr: Texts) -> list[str]:
    lines = [
        f"{EVENT_ANSWER_SIGNS[answer]} {_answer_line(answer, n, tr)}"
        for answer in EventAnswer
        if (n := board.counts.get(answer, 0))
    ]
    if Ask.COUNT in board.asks and board.people > board.counts.get(EventAnswer.COMING, 0):
        lines.append("👪 " + tr.ngettext("{n} person in all", "{n} people in all", board.people))
    if board.before:
        lines.append(
            "✏️ " + tr.ngettext("{n} answered before the change", "{n} answered before the change", board.before)
        )
    if board.waiting:
        lines.append("⏳ " + tr.ngettext("{n} has not answered yet", "{n} have not answered yet", board.waiting))
    if board.queued:
        lines.append("📤 " + tr.ngettext("{n} is on its way", "{n} are on their way", board.queued))
    if board.unreached:
        lines.append("📵 " + tr.ngettext("{n} could not be reached", "{n} could not be reached", board.unreached))
    return lines


def _answer_line(answer: EventAnswer, n: int, tr: Texts) -> Html:
    match answer:
        case EventAnswer.COMING:
            return tr.ngettext("{n} is coming", "{n} are coming", n)
        case EventAnswer.NOT_COMING:
            return tr.ngettext("{n} cannot come", "{n} cannot come", n)
        case EventAnswer.OTHER_COMES:
            return tr.ngettext("for {n} somebody else comes", "for {n} somebody else comes", n)


def _needs(board: EventBoard, tr: Texts) -> list[str]:
    lines = []
    if board.interpreters:
        lines.append("🗣 " + tr.ngettext("{n} wants an interpreter", "{n} want an interpreter", board.interpreters))
    if board.childcare:
        lines.append("🧒 " + tr.ngettext("Childcare for {n} child", "Childcare for {n} children", board.childcare))
    if board.summaries:
        lines.append("📝 " + tr.ngettext("{n} wants the summary", "{n} want the summary", board.summaries))
    if board.other_date:
        lines.append(
            "📆 " + tr.ngettext("{n} would like another date", "{n} would like another date", board.other_date)
        )
    if board.topics:
        lines.append("💬 " + tr.ngettext("{n} topic for the agenda", "{n} topics for the agenda", board.topics))
    return lines


def _languages(board: EventBoard, tr: Texts) -> str:
    groups = board.groups
    if len(groups.shown) + bool(groups.others) < 2:
        return ""
    counted = [f"{tr.value(language_name(code, tr))} {n}" for code, n in groups.shown]
    if groups.others:
        # Translators: languages that too few homes speak to be named; a number of homes follows
        counted.append(tr.gettext("other languages") + f" {groups.others}")
    # Translators: {languages} is a list such as "Norwegian 8 · other languages 4"; the numbers count homes that come
    return str(tr.gettext("🌐 Homes that come, by language: {languages}", languages=Html(" · ".join(counted))))


def _open(board: EventBoard, view: EventView) -> str:
    return OpenEvent(board.event_id, view).pack()


def board_buttons(board: EventBoard, tr: Texts, view: EventView = EventView.BOARD) -> Rows:
    """Return what the organiser can do with an event now; `view` is where the screen stands."""
    plain = tr.plain
    back = Button("◀️ " + plain.gettext("Back"), _open(board, EventView.BOARD))
    names = Button("👥 " + plain.gettext("Who has answered"), _open(board, EventView.NAMES))
    needs = Button("🗣 " + plain.gettext("Interpreters"), _open(board, EventView.NEEDS))
    topics = Button("💬 " + plain.gettext("Topics"), _open(board, EventView.TOPICS))
    looks = [
        *([back] if view is not EventView.BOARD else []),
        *([names] if board.named and view is not EventView.NAMES else []),
        *([needs] if board.named and board.interpreters and view is not EventView.NEEDS else []),
        *([topics] if board.topics and view is not EventView.TOPICS else []),
    ]
    more = Button("✏️ " + plain.gettext("Change or cancel"), _open(board, EventView.MORE))
    read = Button("📄 " + plain.gettext("Read it"), _open(board, EventView.TEXT))
    ended = board.over or board.content.cancelled
    write = Button("📝 " + plain.gettext("Write the summary"), _open(board, EventView.SUMMARY))
    wants_summary = board.over and not board.content.cancelled and Ask.SUMMARY in board.asks and not board.summarised
    remind = Button(
        "🔔 " + plain.ngettext("Remind {n} person", "Remind {n} people", board.outstanding),
        _open(board, EventView.REMIND),
    )
    return rows(
        [write] if wants_summary else [],
        looks[:2],
        looks[2:],
        [remind] if board.outstanding and not ended else [],
        [read] if ended else [more, read],
    )
