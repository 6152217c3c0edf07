"""What interpreters, and homes that may let one help, are written."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.free_text import FreeText, Look
from bot.domain.interpreter_taps import AnswerInterpreter, AskAbout, ChooseInterpreter, DeclineOffer, TaskAct, TaskStep
from bot.domain.interpreters import Consent, Interpreter, last_day
from bot.domain.messages import Button, Rows, rows
from bot.domain.school import School
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.i18n.words import language_name
from storage.queries.interpreter_messages import Spoken
from storage.queries.interpreters import Followed, HomeOf


def first_name(name: str) -> str:
    """Return the first of somebody's names: more an interpreter does not need."""
    return name.split(maxsplit=1)[0] if name.split() else name


def follow_text(tr: Texts, message: Spoken, child: str, school_class: str, language: str) -> Html:
    """Return a message as an interpreter follows it: who writes about whom, and both languages side by side."""
    who = {"author": first_name(message.author), "child": first_name(child), "school_class": school_class}
    head = (
        tr.gettext("👂 <b>{author}</b> writes to the school about {child} ({school_class}):", **who)
        if message.by_home
        else tr.gettext("👂 <b>{author}</b> writes to the home of {child} ({school_class}):", **who)
    )
    return Html(f"{head}\n{FreeText(Subject.MESSAGE, message.id, language, Look.SIDE).element()}")


def follow_buttons(tr: Texts, message_id: int, rendering_id: int | None) -> Rows:
    """Return what an interpreter can do with a message; nothing to approve where nothing is translated."""
    plain = tr.plain
    ask = Button("❓ " + plain.gettext("Ask what was meant"), AskAbout(message_id).pack())
    if rendering_id is None:
        return rows([ask])
    approve = Button("✅ " + plain.gettext("Approve"), TaskAct(rendering_id, 0, TaskStep.APPROVE).pack())
    correct = Button("✏️ " + plain.gettext("Correct"), TaskAct(rendering_id, 0, TaskStep.WRITE).pack())
    return rows([approve, correct], [ask])


def offer_text(tr: Texts, home: HomeOf, interpreters: Collection[Interpreter]) -> Html:
    """Ask a guardian whether an interpreter may help with a conversation."""
    lines = [
        tr.gettext(
            "🌐 <b>May an interpreter help?</b>\nIn your conversation with the school about {child} a translation is "
            "missing, or somebody is not sure of it.",
            child=first_name(home.pupil),
        ),
        *(f"• {interpreter_line(tr, one)}" for one in interpreters),
        tr.gettext(
            "An interpreter has promised confidentiality and may pass nothing on. You choose what may be read and for "
            "how long, and you can end it at any time."
        ),
    ]
    return Html("\n\n".join([lines[0], "\n".join(lines[1:-1]), lines[-1]]))


def offer_buttons(tr: Texts, thread_id: int, interpreters: Collection[Interpreter]) -> Rows:
    """Return a button for each interpreter, and a no."""
    return rows(
        *(
            [
                Button(
                    "✅ " + tr.plain.gettext("Yes, {name}", name=one.name),
                    ChooseInterpreter(thread_id, one.person_id).pack(),
                )
            ]
            for one in interpreters
        ),
        [Button(tr.plain.gettext("No, thank you"), DeclineOffer(thread_id).pack())],
    )


def interpreter_line(tr: Texts, one: Interpreter) -> Html:
    """Return an interpreter's name and languages."""
    names = tr.list([language_name(code, tr) for code in sorted(one.languages)])
    return Html(f"{tr.value(one.name)} ({names})")


def follower_line(tr: Texts, one: Consent, school: School) -> Html:
    """Return who follows a conversation, and until when; the same words for the home and for the school."""
    return tr.gettext(
        "👂 {name} (interpreter) follows this conversation until {day}.",
        name=one.interpreter,
        day=last_day(one.until, school),
    )


def begins_text(tr: Texts, thread: Followed, school: School) -> Html:
    """Tell an interpreter that a home lets them follow a conversation."""
    return tr.gettext(
        "👂 <b>{guardian}</b> lets you follow the conversation with the school about {child} ({school_class}), until "
        "{day}. It stays between them and you.",
        guardian=first_name(thread.guardian),
        child=first_name(thread.pupil),
        school_class=thread.class_name,
        day=last_day(thread.until, school),
    )


def asked_text(tr: Texts, interpreter: str, child: str, quoted: Html) -> Html:
    """Ask one side what was meant."""
    head = tr.gettext("❓ <b>{name}</b> (interpreter) asks you about the conversation about {child}:",
                      name=interpreter, child=child)  # fmt: skip
    note = tr.gettext("Only the interpreter reads your answer.")
    return Html(f"{head}\n{quoted}\n{note}")


def answer_button(tr: Texts, message_id: int) -> Button:
    """Return the way to answer an interpreter."""
    return Button("✍️ " + tr.plain.gettext("Answer the interpreter"), AnswerInterpreter(message_id).pack())


def answered_text(tr: Texts, name: str, quoted: Html) -> Html:
    """Tell an interpreter what one side answers."""
    head = tr.gettext("💬 <b>{name}</b> answers you:", name=name)
    return Html(f"{head}\n{quoted}")
