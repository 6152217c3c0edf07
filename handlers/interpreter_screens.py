"""The screens of interpreters: what they promise, what waits for them, what they follow, what is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.interpreters.follow import FollowedPage, FollowedView
from bot.actions.interpreters.memory import ON_PAGE, MemoryPage, Remembered
from bot.actions.interpreters.questions import Asking
from bot.actions.interpreters.tasks import TaskView
from bot.actions.interpreters.words import first_name, follow_text
from bot.actions.translation.words import quote, side_by_side
from bot.domain.interpreter_taps import (
    AcceptPromise,
    AskAbout,
    AskSide,
    OpenFollowed,
    OpenMemory,
    OpenQueue,
    ShowFollowed,
    TakeNext,
    TaskAct,
    TaskStep,
    Withdraw,
)
from bot.domain.interpreters import Side, last_day
from bot.domain.marking import N_
from bot.domain.messages import Button, Screen, rows
from bot.domain.school import School
from bot.domain.taps import Page
from bot.domain.translation import Checked, Finding, FindingKind, MadeBy, RenderingState
from bot.i18n import Html, Texts, texts
from bot.i18n.words import language_name
from handlers.keyboards import menu_button, to_page

ROOM = 3200
"""Characters that original and proposal have together on a screen."""

FINDINGS: dict[FindingKind, str] = {
    # Translators: what differs between an original and its translation, as lines of a list
    FindingKind.NAME: N_("the name {what}"),
    FindingKind.NUMBER: N_("the number {what}"),
    FindingKind.DATE: N_("the day {what}"),
    FindingKind.TIME: N_("the time {what}"),
    FindingKind.LINK: N_("the link {what}"),
    FindingKind.CLASS: N_("the class {what}"),
    FindingKind.NEGATION: N_("a “no” or “not”: {what}"),
    FindingKind.LENGTH: N_("one is much longer than the other"),
    FindingKind.EMPTY: N_("something is not translated at all"),
    FindingKind.UNTRANSLATED: N_("words that stayed as they were: {what}"),
}

MAKERS: dict[tuple[MadeBy | None, Checked], str] = {
    (MadeBy.INTERPRETER, Checked.CORRECTED): N_("corrected by {name}"),
    (MadeBy.INTERPRETER, Checked.TRANSLATED): N_("translated by {name}"),
}


def promise_screen(tr: Texts, *, new: bool = False) -> Screen:
    """Say what an interpreter promises, and ask for it (forvaltningsloven § 13)."""
    lines = [
        tr.gettext("🤝 <b>Before you begin: you promise confidentiality</b>"),
        # Translators: a legal promise in everyday words; forvaltningsloven is the Norwegian Public Administration Act
        tr.gettext(
            "You read what homes and school write to each other. By law (forvaltningsloven § 13) you keep it to "
            "yourself, also when you no longer work for the school."
        ),
        tr.gettext(
            "• You see a home's conversation only when the home allows it, and only for as long.\n"
            "• You keep nothing: no copies, no pictures of the screen, no notes.\n"
            "• You pass nothing on, to nobody, and use it for nothing else.\n"
            "• What you approve or correct, its readers see at once."
        ),
    ]
    accept = Button("🤝 " + tr.plain.gettext("I accept"), AcceptPromise().pack())
    language = to_page("🌐 " + tr.plain.gettext("Language"), Page.LANGUAGE)
    return Screen(Html("\n\n".join(lines)), rows([accept], [language]), new=new)


def queue_screen(waiting: int, tr: Texts, *, last: int = 0, toast: str = "", new: bool = False) -> Screen:
    """Show how much there is to translate; `last` was just given back."""
    plain = tr.plain
    lines = [tr.gettext("🌐 <b>Translations</b>")]
    if waiting:
        lines.append(tr.ngettext("{n} text waits for you.", "{n} texts wait for you.", waiting))
    else:
        lines.append(tr.gettext("Nothing waits for you. When something does, you are told."))
    take = [Button("▶️ " + plain.gettext("Take the next one"), TakeNext(last).pack())] if waiting else []
    return Screen(
        Html("\n".join(lines)),
        rows(take, [followed_button(tr)], [memory_button(tr)], [menu_button(tr)]),
        toast=toast,
        new=new,
    )


def queue_button(tr: Texts) -> Button:
    """Return the way to what is to be translated."""
    return Button("🌐 " + tr.plain.gettext("Translations"), OpenQueue().pack())


def followed_button(tr: Texts) -> Button:
    """Return the way to the conversations that an interpreter may follow."""
    return Button("👂 " + tr.plain.gettext("Conversations I follow"), OpenFollowed().pack())


def memory_button(tr: Texts) -> Button:
    """Return the way to the sentences that are remembered."""
    return Button("📚 " + tr.plain.gettext("Remembered sentences"), OpenMemory().pack())


def task_screen(view: TaskView, tr: Texts, *, toast: str = "", new: bool = False) -> Screen:
    """Show original and translation side by side, and what can be done."""
    if view.done:
        return done_screen(view, tr, new=new)
    if view.written:
        return differs_screen(view, tr)
    row, plain = view.row, tr.plain
    step = _steps(view)
    ready = row.state is RenderingState.READY
    approve = [Button("✅ " + plain.gettext("Approve"), step[TaskStep.APPROVE])] if row.text else []
    if approve and view.findings:
        approve = [Button("✅ " + plain.gettext("It is right as it is"), step[TaskStep.APPROVE_ANYWAY])]
    label = "✏️ " + plain.gettext("Correct") if ready or row.text else "✏️ " + plain.gettext("Translate")
    buttons = rows(
        [*approve, Button(label, step[TaskStep.WRITE])],
        _more(view, tr),
        [Button("↩️ " + plain.gettext("Leave it to others"), step[TaskStep.LEAVE])],
    )
    return Screen(_task_text(view, tr), buttons, toast=toast, alert=bool(toast), new=new)


def _steps(view: TaskView) -> dict[TaskStep, str]:
    return {step: TaskAct(view.row.id, view.row.version, step).pack() for step in TaskStep}


def _more(view: TaskView, tr: Texts) -> list[Button]:
    """Return the buttons to ask, and to see how it read before."""
    buttons = []
    if view.message is not None and view.message.has_words:
        buttons.append(Button("❓ " + tr.plain.gettext("Ask what was meant"), AskAbout(view.message.id).pack()))
    if view.earlier:
        buttons.append(Button("🕘 " + tr.plain.gettext("Earlier versions"), _steps(view)[TaskStep.HISTORY]))
    return buttons


def _task_text(view: TaskView, tr: Texts) -> Html:
    row = view.row
    parts: list[str] = [_whose(view, tr), _side(view, tr)]
    if row.state is not RenderingState.READY and row.text:
        parts.append(tr.gettext("🤖 <b>What the machine proposes.</b> Nobody else has seen it."))
        parts.append(quote(tr, _cut(row.text, ROOM - len(view.original.text))))
        parts += _differs(view.findings, tr)
    return Html("\n".join(parts))


def _side(view: TaskView, tr: Texts) -> str:
    """Return original and translation; of a long translation what fits beside the whole original."""
    row = replace(view.row, text=_cut(view.row.text, ROOM - len(view.original.text)))
    return side_by_side(tr, view.original, row, texts(row.language))


def _whose(view: TaskView, tr: Texts) -> Html:
    if view.home is not None:
        return tr.gettext(
            "👂 {guardian} and the school about {child} ({school_class})",
            guardian=first_name(view.home.guardian),
            child=first_name(view.home.pupil),
            school_class=view.home.class_name,
        )
    if view.row.pupil_id is not None:
        return tr.gettext("👂 About one pupil, for the home and the school")
    return tr.gettext("📣 For many homes")


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(0, room - 1)] + "…"


def _differs(findings: Sequence[Finding], tr: Texts) -> list[str]:
    """Return what the guard found, each once, as the lines of a list."""
    if not findings:
        return []
    lines = dict.fromkeys(
        tr.gettext(FINDINGS[one.kind], what=_cut(one.what, 60)) if "{what}" in FINDINGS[one.kind] else
        tr.gettext(FINDINGS[one.kind])
        for one in findings[:8]
    )  # fmt: skip
    return [tr.gettext("⚠️ Compared with the original, this differs:"), *(f"• {line}" for line in lines)]


def differs_screen(view: TaskView, tr: Texts) -> Screen:
    """Show what the interpreter wrote and what differs in it; nothing has been sent."""
    plain, step = tr.plain, _steps(view)
    parts = [
        quote(tr, view.written),
        *_differs(view.findings, tr),
        tr.gettext("Nothing has been sent yet. Send it like this, or write it anew?"),
    ]
    return Screen(
        Html("\n".join(parts)),
        rows(
            [Button("📨 " + plain.gettext("Send it like this"), step[TaskStep.SEND_ANYWAY])],
            [Button("✏️ " + plain.gettext("Write it anew"), step[TaskStep.WRITE])],
            [Button("↩️ " + plain.gettext("Leave it to others"), step[TaskStep.LEAVE])],
        ),
    )


def writing_screen(view: TaskView, tr: Texts, *, new: bool) -> Screen:
    """Ask for the right words."""
    parts = [
        tr.gettext(
            "✏️ Write the whole text in {language} now, as it is to be read.",
            language=language_name(view.row.language, tr),
        ),
        _task_text(view, tr),
    ]
    leave = Button("↩️ " + tr.plain.gettext("Leave it to others"), _steps(view)[TaskStep.LEAVE])
    return Screen(Html("\n\n".join(parts)), rows([leave]), new=new)


def done_screen(view: TaskView, tr: Texts, *, new: bool = False) -> Screen:
    """Say that readers see it now, and lead on."""
    plain, step = tr.plain, _steps(view)
    parts = [
        tr.gettext("✅ <b>Thank you.</b> Its readers see it like this now:"),
        _side(view, tr),
    ]
    change = [Button("✏️ " + plain.gettext("Change it again"), step[TaskStep.WRITE])]
    if view.earlier:
        change.append(Button("🕘 " + plain.gettext("Earlier versions"), step[TaskStep.HISTORY]))
    following = Button("▶️ " + plain.gettext("Take the next one"), TakeNext().pack())
    return Screen(Html("\n".join(parts)), rows([following], change, [menu_button(tr)]), new=new)


def history_screen(view: TaskView, tr: Texts, school: School) -> Screen:
    """Show how a translation read before, the newest first."""
    parts: list[str] = [tr.gettext("🕘 <b>Earlier versions</b>")]
    for one in view.earlier:
        sentence = MAKERS.get((one.made_by, one.checked), N_("by {name}") if one.checker else N_("by the machine"))
        who = tr.gettext(sentence, name=one.checker or "")
        moment = tr.value(school.local(one.replaced_at).replace(tzinfo=None))
        parts.append(tr.gettext("Until {moment}, {who}:", moment=moment, who=who))
        parts.append(quote(tr, _cut(one.text, 1000)))
    back = Button("◀️ " + tr.plain.gettext("Back"), _steps(view)[TaskStep.SHOW])
    return Screen(Html("\n".join(parts)), rows([back]))


def followed_screen(view: FollowedPage, tr: Texts, school: School) -> Screen:
    """List the conversations that an interpreter may follow."""
    if not view.found:
        text = tr.gettext("No home shares a conversation with you now. When one does, you are told.")
        return Screen(text, rows([queue_button(tr)], [menu_button(tr)]))
    lines = [tr.gettext("👂 <b>Conversations you follow</b>")]
    buttons = []
    for one in view.found:
        who = f"{first_name(one.guardian)} · {first_name(one.pupil)}, {one.class_name}"
        lines.append(tr.gettext("• {who}, until {day}", who=who, day=last_day(one.until, school)))
        buttons.append([Button(who, ShowFollowed(one.id).pack())])
    turn = _turn(OpenFollowed, view.page, more=view.more)
    return Screen(Html("\n".join(lines)), rows(*buttons, [*turn, menu_button(tr)]))


def _turn(kind: type[OpenFollowed] | type[OpenMemory], page: int, *, more: bool) -> list[Button]:
    back = [Button("◀️", kind(page - 1).pack())] if page else []
    return [*back, Button("▶️", kind(page + 1).pack())] if more else back


def conversation_screen(view: FollowedView, tr: Texts) -> Screen:
    """Show the last messages of a followed conversation, side by side."""
    thread = view.thread
    parts: list[str] = [
        follow_text(tr, message, thread.pupil, thread.class_name, language) for message, language in view.messages
    ]
    if not parts:
        parts = [tr.gettext("Nothing has been written in this conversation yet.")]
    ask = (
        [Button("❓ " + tr.plain.gettext("Ask what was meant"), AskAbout(view.messages[-1][0].id).pack())]
        if view.messages
        else []
    )
    return Screen(Html("\n\n".join(parts)), rows(ask, [followed_button(tr)], [menu_button(tr)]))


def sides_screen(message_id: int, tr: Texts) -> Screen:
    """Ask whom the interpreter wants to ask."""
    plain = tr.plain
    return Screen(
        tr.gettext("Whom do you want to ask? The other side does not see it."),
        rows(
            [Button("🏠 " + plain.gettext("The home"), AskSide(message_id, Side.HOME).pack())],
            [Button("🏫 " + plain.gettext("The school"), AskSide(message_id, Side.SCHOOL).pack())],
            [menu_button(tr)],
        ),
        new=True,
    )


def asking_screen(asking: Asking, tr: Texts) -> Screen:
    """Ask for the question."""
    text = tr.gettext(
        "✍️ Write your question to {name} now, if you can in {language}. Nobody else sees it.",
        name=first_name(asking.name) if asking.side is Side.HOME else asking.name,
        language=language_name(asking.language, tr),
    )
    return Screen(text, rows([menu_button(tr)]))


def asked_screen(asking: Asking, tr: Texts) -> Screen:
    """Say that the question is on its way."""
    name = first_name(asking.name) if asking.side is Side.HOME else asking.name
    text = tr.gettext("✅ {name} gets your question. The answer comes to you alone.", name=name)
    return Screen(text, rows([queue_button(tr)], [menu_button(tr)]))


def memory_screen(view: MemoryPage, tr: Texts) -> Screen:
    """List what is remembered; what is written next is looked for."""
    lines: list[str] = [tr.gettext("📚 <b>Remembered sentences</b>")]
    if view.words:
        lines.append(tr.gettext("With “{words}” in them:", words=view.words))
    numbered = list(enumerate(view.found, start=view.page * ON_PAGE + 1))
    for number, pair in numbered:
        lines.append(f"\n<b>{number}.</b> {tr.value(pair.source)}\n→ {tr.value(pair.text)}")
    if not view.found:
        lines.append(
            tr.gettext("No sentence with these words.")
            if view.words
            else tr.gettext("Nothing yet. What interpreters approve comes here, without names, numbers and dates.")
        )
    lines.append("\n" + tr.gettext("They are used again word for word. To find one, write a word of it now."))
    out = [Button(f"🗑 {number}", Withdraw(pair.id, out=True).pack()) for number, pair in numbered]
    return Screen(Html("\n".join(lines)), rows(out, [*_turn(OpenMemory, view.page, more=view.more), menu_button(tr)]))


def withdrawn_screen(pair: Remembered, tr: Texts) -> Screen:
    """Say that a sentence is taken out, or is back."""
    out = pair.withdrawn_at is not None
    said = (
        tr.gettext("🗑 Taken out. It is not used again. What was sent stays as it was.")
        if out
        else tr.gettext("✅ It is remembered again.")
    )
    text = f"{said}\n\n{tr.value(pair.source)}\n→ {tr.value(pair.text)}"
    label = "↩️ " + tr.plain.gettext("Put it back") if out else "🗑 " + tr.plain.gettext("Take it out")
    undo = Button(label, Withdraw(pair.id, out=not out).pack())
    return Screen(Html(text), rows([undo], [memory_button(tr)], [menu_button(tr)]))


def answering_screen(name: str, tr: Texts) -> Screen:
    """Ask one side for its answer to an interpreter."""
    text = tr.gettext("✍️ Write your answer to {name} (interpreter) now. Only the interpreter reads it.", name=name)
    return Screen(text, rows([menu_button(tr)]), new=True)


def answered_screen(name: str, tr: Texts) -> Screen:
    """Say that the answer is on its way."""
    return Screen(
        tr.gettext("✅ Sent to {name} (interpreter), and to nobody else.", name=name), rows([menu_button(tr)])
    )
