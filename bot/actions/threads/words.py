"""How a message between home and school reads to the other side."""

from __future__ import annotations

from bot.actions.notices.render import reply_button
from bot.actions.translation.words import free
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.domain.school import SchoolHours
from bot.domain.thread_taps import HaveCalled, OpenThread
from bot.domain.threads import CallWish, MessageKind, ThreadKind, ThreadRef, wish_edge
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.i18n.words import language_name

WISH_NAMES: dict[CallWish, str] = {
    CallWish.ANY: N_("Any time"),
    CallWish.MORNING: N_("Before {time}"),
    CallWish.MIDDAY: N_("Around midday"),
    CallWish.AFTERNOON: N_("After {time}"),
}
"""When somebody would like to be called; `{time}` is one of the school's own day."""


def wish_name(tr: Texts, wish: CallWish, hours: SchoolHours) -> Html:
    """Return when a call suits, as a button and as a reader see it."""
    at = wish_edge(wish, hours)
    return tr.gettext(WISH_NAMES[wish]) if at is None else tr.gettext(WISH_NAMES[wish], time=at)


def quoted(tr: Texts, text: str, language: str) -> Html:
    """Return free text as it was written, marked with its language when the reader's is another."""
    body = f"<blockquote>{tr.value(text)}</blockquote>"
    if language != tr.code:
        mark = tr.gettext("🌐 <i>Written in {language}, not translated yet.</i>", language=language_name(language, tr))
        body += f"\n{mark}"
    return Html(body)


def school_head(tr: Texts, thread: ThreadRef, kind: MessageKind) -> Html:
    """Return who of which child's home writes what, for a reader at the school."""
    who = {"guardian": thread.guardian_name, "child": thread.pupil_name, "school_class": thread.class_name}
    if thread.kind is ThreadKind.SAFETY:
        return tr.gettext("🛡 <b>{guardian}</b> ({child}, {school_class}) writes to you in confidence:", **who)
    if kind is MessageKind.QUESTION:
        return tr.gettext("❓ <b>{guardian}</b> ({child}, {school_class}) has a question:", **who)
    return tr.gettext("✉️ <b>{guardian}</b> ({child}, {school_class}) writes:", **who)


def call_text(tr: Texts, thread: ThreadRef, phone: str | None, wish: CallWish | None, hours: SchoolHours) -> Html:
    """Return the request to call a guardian, with the number and when it suits (B5)."""
    number = tr.value(phone) if phone else tr.gettext("no number is known; the office may have one")
    lines = [
        tr.gettext(
            "📞 <b>{guardian}</b> ({child}, {school_class}) asks you to call.\nTelephone: {number}",
            guardian=thread.guardian_name,
            child=thread.pupil_name,
            school_class=thread.class_name,
            number=number,
        )
    ]
    if thread.kind is ThreadKind.SAFETY:
        lines.append(tr.gettext("🛡 In confidence: the class's teachers do not see it."))
    if wish is not None:
        # Translators: when a guardian would like to be called, such as "Before 10:30" or "Any time"
        lines.append(tr.gettext("Suits: <b>{when}</b>", when=wish_name(tr, wish, hours)))
    return Html("\n".join(lines))


def home_head(tr: Texts, thread: ThreadRef, author: str) -> Html:
    """Return who of the school writes about which child, for the home."""
    return tr.gettext("✉️ <b>{teacher}</b> writes about {child}:", teacher=author, child=thread.pupil_name)


def reopened_line(tr: Texts) -> Html:
    """Say that a conversation that was closed goes on."""
    return tr.gettext("<i>The conversation was closed. This message opens it again.</i>")


def edited_mark(tr: Texts) -> Html:
    """Say that the author has changed the words after they went out."""
    return tr.gettext("✏️ <i>Changed by the sender.</i>")


def words_of(tr: Texts, message_id: int) -> Html:
    """Return what stands for a message's words until it leaves, then in the reader's language."""
    return free(tr, Subject.MESSAGE, message_id)


def school_buttons(tr: Texts, thread_id: int, kind: MessageKind) -> Rows:
    """Return what a reader at the school can do with a message."""
    answer, whole = reply_button(tr, thread_id), open_button(tr, thread_id)
    if kind is MessageKind.CALL_ME:
        called = Button("☎️ " + tr.plain.gettext("I have called"), HaveCalled(thread_id).pack())
        return rows([called], [answer, whole])
    return rows([answer, whole])


def home_buttons(tr: Texts, thread_id: int) -> Rows:
    """Return what the home can do with a message: one thing."""
    return rows([reply_button(tr, thread_id)])


def open_button(tr: Texts, thread_id: int) -> Button:
    """Return the way from a message to its whole conversation."""
    return Button("💬 " + tr.plain.gettext("Whole conversation"), OpenThread(thread_id, new=True).pack())
