"""How a notice reads in one language: structured fields exactly, free text translated when it leaves (N3, L1, L3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from bot.actions.translation.words import free
from bot.domain.messages import Button, FileRef, Rows, rows, visible_length
from bot.domain.notices import CAPTION_LIMIT, KINDS, Answer, FieldType, Item, NoticeKind
from bot.domain.taps import AnswerNotice, ReplyTo, ShowNotice
from bot.domain.translation import Subject
from bot.i18n import Html, Texts, texts
from bot.i18n.words import FIELD_NAMES, FIELD_SIGNS, ITEM_NAMES, KIND_NAMES, KIND_SIGNS, language_name

CAPTION_ROOM = CAPTION_LIMIT - 60
"""Visible characters up to which text and its one file travel as one message; some are kept for marks."""
LONGER = 1.3
"""How much longer than the original a translation may become: Polish and English school letters stay below that."""
MARK_ROOM = 110
"""Visible characters of the mark below a translation, in the language that needs most."""
ISOLATES = 2
"""Characters around words that run the other way."""


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """What a notice says, whoever reads it; `id` is the notice's, under which its text is translated."""

    id: int
    kind: NoticeKind
    values: Mapping[str, Any]
    text: str
    text_language: str
    author: str
    revision: int = 1
    files: tuple[FileRef, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is rendered: the reader's own children among the audience, with their classes."""

    pupils: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def title(kind: NoticeKind, tr: Texts) -> Html:
    """Return the sign and the name of a kind."""
    return Html(f"{KIND_SIGNS[kind]} {tr.gettext(KIND_NAMES[kind])}")


def render_notice(content: NoticeContent, tr: Texts, reader: Reader, *, original: bool = False) -> Html:
    """Return the notice as HTML in the language of `tr`; `original` is as its author wrote it."""
    parts = [_head(content, tr, reader), _fields(content, tr), _free_text(content, tr)]
    if content.revision > 1:
        parts.append(tr.gettext("✏️ <i>Corrected by the sender.</i>"))
    if original:
        language = language_name(content.text_language, tr)
        parts.append(tr.gettext("📄 <i>This is the message as it was written ({language}).</i>", language=language))
    return Html("\n\n".join(part for part in parts if part))


def _head(content: NoticeContent, tr: Texts, reader: Reader) -> str:
    classes = ", ".join(reader.classes)
    top = f"<b>{title(content.kind, tr)}</b>"
    if classes:
        top += f" · {tr.value(classes)}"
    if reader.pupils:
        # Translators: the sender of a message to a home and the children that it is about
        who = tr.gettext("From {author}, about {children}", author=content.author, children=tr.list(reader.pupils))
    else:
        who = tr.gettext("From {author}", author=content.author)
    return f"{top}\n{who}"


def _fields(content: NoticeContent, tr: Texts) -> str:
    lines = [
        f"{FIELD_SIGNS[rule.name]} {tr.gettext(FIELD_NAMES[rule.name])}: <b>{value}</b>"
        for rule in KINDS[content.kind].fields
        if (value := render_value(rule.type, content.values.get(rule.name), tr))
    ]
    if content.kind is NoticeKind.CLOSED and not content.values.get("opens"):
        lines.append(tr.gettext("The school is <b>closed</b> that day."))
    return "\n".join(lines)


def render_value(kind: FieldType, value: Any, tr: Texts) -> str:
    """Return a field's value in the reader's language; "" when it was skipped or is not there yet."""
    if not value:
        return ""
    if kind is FieldType.DATE:
        return tr.value(date.fromisoformat(value))
    if kind is FieldType.TIME:
        return tr.value(time.fromisoformat(value))
    if kind is FieldType.ITEMS:
        return tr.list(tr.gettext(ITEM_NAMES[Item(item)]) for item in value)
    if kind is FieldType.WEEK:
        year, week = value.split("-W")
        first = date.fromisocalendar(int(year), int(week), 1)
        # Translators: a week of the school year, by its number and the Monday it begins with
        return tr.gettext("{number}, from {monday}", number=int(week), monday=first)
    return tr.value(value)


def _free_text(content: NoticeContent, tr: Texts) -> str:
    if not content.text:
        return (
            tr.gettext("{author} wants you to know that it goes well.", author=content.author)
            if (content.kind is NoticeKind.PRAISE)
            else ""
        )
    return free(tr, Subject.NOTICE, content.id)


def travels_as_caption(content: NoticeContent, languages: Iterable[str]) -> bool:
    """Tell whether the one file and the text fit into one message in every language of its readers.

    The longest family has four names; a correction may add its mark.
    """
    return len(content.files) == 1 and len(content.text) <= text_room(content, languages, CAPTION_ROOM)


def text_room(content: NoticeContent, languages: Iterable[str], limit: int) -> int:
    """Return how long the free text may be, so that the notice fits into `limit` in every language of its readers.

    A translation may become longer than what was written, and has a mark below it.
    """
    reader = Reader(("M" * 80,), ("M" * 20,))
    found = []
    for code in {*languages, content.text_language}:
        # the free text itself stands in it as an element, which nobody sees
        left = limit - visible_length(render_notice(content, texts(code), reader, original=True)) - ISOLATES
        found.append(left if code == content.text_language else int((left - MARK_ROOM) / LONGER))
    return max(0, min(found))


def answer_buttons(
    tr: Texts,
    delivery: int,
    revision: int,
    *,
    answer: Answer | None,
    in_original: bool = False,
    has_original: bool = True,
) -> Rows:
    """Return a home's buttons under a notice; the given answer is marked and can be changed (N9)."""
    plain = tr.plain
    labels = {
        Answer.UNDERSTOOD: plain.gettext("Understood"),
        Answer.QUESTION: plain.gettext("I have a question"),
        Answer.CALL_ME: plain.gettext("Please call me"),
    }
    signs = {Answer.UNDERSTOOD: "👍", Answer.QUESTION: "❓", Answer.CALL_ME: "📞"}
    choices = [
        Button(f"{'✅' if kind is answer else signs[kind]} {label}", AnswerNotice(delivery, kind, revision).pack())
        for kind, label in labels.items()
    ]
    if not has_original:
        return rows(choices[:1], choices[1:])
    other = plain.gettext("Back to my language") if in_original else plain.gettext("Show as it was written")
    return rows(choices[:1], choices[1:], [Button(f"📄 {other}", ShowNotice(delivery, not in_original).pack())])


def reply_button(tr: Texts, thread: int) -> Button:
    """Return the button that answers in a thread."""
    return Button("✍️ " + tr.plain.gettext("Answer"), ReplyTo(thread).pack())
