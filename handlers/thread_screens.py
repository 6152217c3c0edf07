"""The screens of conversations between home and school."""

from __future__ import annotations

from datetime import datetime

from bot.actions.interpreters.words import follower_line
from bot.actions.notices.render import reply_button
from bot.actions.threads import Kept
from bot.actions.threads.calls import Called, CallView
from bot.actions.threads.edit import Edited
from bot.actions.threads.page import ThreadsView, ThreadView
from bot.actions.threads.words import wish_name, words_of
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.school import School
from bot.domain.taps import Page, SendKept
from bot.domain.thread_taps import (
    HaveCalled,
    OpenThread,
    SendKeptTo,
    ThreadAct,
    ThreadFiles,
    ThreadList,
    ThreadStep,
)
from bot.domain.threads import MessageKind, Part, SaidRow, ThreadKind, ThreadRef
from bot.i18n import Html, Texts
from handlers.consent_screens import interpreter_button
from handlers.keyboards import cancel_button, menu_button, to_page
from handlers.screens import wish_buttons

MOST_BUTTONS = 6
"""On a conversation's page, also with the one that is added when it is filled."""


def kept_screen(kept: Kept, tr: Texts) -> Screen:
    """Ask whom it is about that somebody has just written."""
    plain = tr.plain
    buttons = [
        [Button("✉️ " + plain.gettext("Send it, about {child}", child=child.name), SendKept(child.id).pack())]
        for child in kept.children
    ]
    confidential = [
        [
            Button(
                "🛡 " + plain.gettext("In confidence, about {child}", child=thread.pupil_name),
                SendKeptTo(thread.id).pack(),
            )
        ]
        for thread in kept.confidential
    ]
    asked = tr.gettext("Shall I send this to the contact teacher? Nothing has been sent yet.")
    if kept.confidential:
        asked = tr.gettext("Who is to read this? Nothing has been sent yet.")
    lines: list[str] = [asked]
    if kept.files:
        lines.append(tr.ngettext("📎 {n} file is with it.", "📎 {n} files are with it.", kept.files))
    if kept.joined:
        lines.append(f"<blockquote>{tr.value(kept.text)}</blockquote>")
    return Screen(Html("\n".join(lines)), rows(*confidential, *buttons, [cancel_button(tr)]))


def taken_back_screen(tr: Texts) -> Screen:
    """Say that nobody reads it."""
    text = tr.gettext("↩️ Taken back. Nobody has read it, and nobody will.")
    return Screen(text, rows([menu_button(tr)]))


def edited_screen(edited: Edited, tr: Texts) -> Screen:
    """Say what became of an edit."""
    if edited.waits:
        return Screen(tr.gettext("✏️ Changed. It is still waiting for your tap."))
    if not edited.gone_out:
        return Screen(tr.gettext("✏️ Changed before it went out."))
    names = tr.list(edited.readers)
    return Screen(tr.gettext("✏️ Changed. {names} can now read the new words in place of the old ones.", names=names))


def wish_screen(view: CallView, tr: Texts, school: School) -> Screen:
    """Say when a call suits, and offer to change it."""
    names = tr.list(view.readers)
    if view.met:
        return Screen(
            tr.gettext("☎️ The school has noted that it has called you. You can ask again at any time."),
            rows([menu_button(tr)]),
        )
    lines = [tr.gettext("✅ Sent. {names} will call you.", names=names)]
    if view.wish is not None:
        when = wish_name(tr, view.wish, school.hours)
        lines.append(tr.gettext("They see when it suits you: <b>{when}</b>", when=when))
    lines.append(tr.gettext("If it is urgent, please call the school."))
    buttons = wish_buttons(tr, view.message_id, school.hours, view.wish)
    return Screen(Html("\n".join(lines)), rows(*buttons, [menu_button(tr)]))


def called_screen(called: Called, tr: Texts, *, undo: bool) -> Screen:
    """Say that the call is noted, or that it is still to come."""
    whole = Button("💬 " + tr.plain.gettext("Whole conversation"), OpenThread(called.thread.id).pack())
    fields = {"guardian": called.thread.guardian_name, "child": called.thread.pupil_name}
    if undo:
        text = tr.gettext("All right: {guardian} ({child}) still waits for your call.", **fields)
        again = Button("☎️ " + tr.plain.gettext("I have called"), HaveCalled(called.thread.id).pack())
        return Screen(text, rows([again], [whole], [menu_button(tr)]), new=True)
    if called.again:
        text = tr.gettext("Nobody waits for a call there any more.")
        return Screen(text, rows([whole], [menu_button(tr)]), new=True)
    text = tr.gettext("☎️ Noted: you have called {guardian} about {child}. Nobody else has to.", **fields)
    mistake = Button("↩️ " + tr.plain.gettext("No, not yet"), HaveCalled(called.thread.id, undo=True).pack())
    return Screen(text, rows([mistake], [whole], [menu_button(tr)]), new=True)


def hand_question(thread: ThreadRef, leaders: tuple[str, ...], tr: Texts) -> Screen:
    """Ask once before a conversation goes to the leadership (B4)."""
    text = tr.gettext(
        "🤝 Shall I hand the conversation with {guardian} about {child} to {names}?\n"
        "They read all of it and answer from then on. {guardian} is told. You see what was said until now, and get it "
        "back when they hand it back.",
        guardian=thread.guardian_name,
        child=thread.pupil_name,
        names=tr.list(leaders),
    )
    plain = tr.plain
    yes = Button("🤝 " + plain.gettext("Yes, hand it over"), ThreadAct(thread.id, ThreadStep.HAND).pack())
    no = Button("◀️ " + plain.gettext("No, I keep it"), OpenThread(thread.id).pack())
    return Screen(text, rows([yes], [no]))


# --- the page -----------------------------------------------------------------------------------


def list_screen(view: ThreadsView, actor: Actor, tr: Texts, *, new: bool = False) -> Screen:
    """Show a page of a person's conversations, what waits first."""
    plain = tr.plain
    write = [to_page("✍️ " + plain.gettext("Write to the teacher"), Page.WRITE)] if actor.is_guardian else []
    if not view.threads:
        text = (
            tr.gettext("There is no conversation yet. Just write here, in your own language, and the teacher reads it.")
            if actor.is_guardian
            else tr.gettext("There is no conversation yet. What homes write comes to you here.")
        )
        return Screen(text, rows(write, [menu_button(tr)]), new=new)
    lines = [tr.gettext("<b>💬 Your conversations</b>")]
    if any(_waits(thread, actor) for thread in view.threads):
        lines.append(
            tr.gettext("⏳ waits for the school's answer.")
            if actor.is_guardian and not actor.roles
            else tr.gettext("⏳ waits for an answer.")
        )
    buttons = [[Button(_label(thread, actor), OpenThread(thread.id).pack())] for thread in view.threads]
    turn = [Button("▶️ " + plain.gettext("More"), ThreadList(view.page + 1).pack())] if view.more else []
    if view.page and not view.more:
        turn = [Button("◀️ " + plain.gettext("To the first"), ThreadList(0).pack())]
    last = [*turn, menu_button(tr)] if turn else [menu_button(tr)]
    return Screen(Html("\n".join(lines)), rows(*buttons, *([] if turn else [write]), last), new=new)


def _label(thread: ThreadRef, actor: Actor) -> str:
    """Return a conversation as a button: its state as a sign, the child, at the school also whose home."""
    own = thread.guardian_id == actor.person_id
    who = thread.pupil_name if own else f"{thread.pupil_name}, {thread.class_name} · {thread.guardian_name}"
    return f"{_sign(thread, actor)} {who}"


def _waits(thread: ThreadRef, actor: Actor) -> bool:
    """Tell whether it waits for an answer that this person awaits or can give, which a handed one's teacher cannot."""
    if thread.waits_since is None:
        return False
    return thread.handed_at is None or actor.leads or thread.guardian_id == actor.person_id


def _sign(thread: ThreadRef, actor: Actor) -> str:
    if thread.closed_at is not None:
        return "✔️"
    if _waits(thread, actor):
        return "⏳"
    if thread.kind is ThreadKind.SAFETY:
        return "🛡"
    return "🤝" if thread.handed_at is not None else "💬"


def thread_screen(view: ThreadView, tr: Texts, school: School, *, new: bool = False) -> Screen:
    """Show a conversation: who reads it, how it stands, its last messages, what can be done."""
    parts = [_head(view, tr, school), *[_said(one, tr, school) for one in view.messages]]
    if not view.messages:
        parts.append(tr.gettext("Nothing has been said here yet."))
    return Screen(Html("\n\n".join(parts)), _buttons(view, tr, school), new=new)


def _head(view: ThreadView, tr: Texts, school: School) -> str:
    thread = view.thread
    fields = {"guardian": thread.guardian_name, "child": thread.pupil_name, "school_class": thread.class_name}
    lines = [tr.gettext("<b>💬 About {child}, {school_class}: {guardian} and the school</b>", **fields)]
    if thread.kind is ThreadKind.SAFETY:
        lines.append(tr.gettext("🛡 In confidence: the class's teachers do not see it."))
    if view.readers:
        lines.append(tr.gettext("At the school it is read by {names}.", names=tr.list(view.readers)))
    lines += [follower_line(tr, one, school) for one in view.followers]
    if thread.part is Part.UNTIL_HANDED:
        lines.append(tr.gettext("🤝 The leadership has it now. You see what was said until then."))
    elif thread.handed_at is not None:
        lines.append(tr.gettext("🤝 The leadership has it for a while."))
    if thread.closed_at is not None:
        lines.append(tr.gettext("✔️ Closed. The next message opens it again."))
    elif thread.waits_since is not None and thread.part is not Part.UNTIL_HANDED:
        since = school.local(thread.waits_since).replace(tzinfo=None)
        lines.append(tr.gettext("⏳ Waits for the school's answer since {moment}.", moment=since))
    return "\n".join(lines)


def _said(said: SaidRow, tr: Texts, school: School) -> str:
    """Return one message of the page; its words come when the screen is filled."""
    moment: datetime = school.local(said.sent_at).replace(tzinfo=None)
    top = f"<b>{tr.value(said.author)}</b> · {tr.value(moment)}"
    if said.kind is MessageKind.CALL_ME:
        asked = tr.gettext("📞 Please call me")
        if said.call_wish is not None:
            asked = Html(f"{asked} ({wish_name(tr, said.call_wish, school.hours)})")
        return f"{top}\n{asked}"
    if said.kind is MessageKind.CALLED:
        return "\n".join((top, tr.gettext("☎️ Has called.")))
    if said.kind is MessageKind.HANDED_OVER:
        return "\n".join((top, tr.gettext("🤝 Handed it to the leadership.")))
    if said.kind is MessageKind.HANDED_BACK:
        return "\n".join((top, tr.gettext("🤝 Handed it back to the contact teacher.")))
    lines = [top]
    if said.file is not None:
        name = said.file.name or tr.gettext("Photo")
        lines.append(f"📎 {tr.value(name)}")
    if said.length:
        lines.append(words_of(tr, said.id))
    if said.edited_at is not None:
        lines.append(tr.gettext("✏️ <i>Changed by the sender.</i>"))
    return "\n".join(lines)


def _buttons(view: ThreadView, tr: Texts, school: School) -> tuple[tuple[Button, ...], ...]:
    """Return what this person can do; at most six, the likely one first."""
    plain, thread = tr.plain, view.thread
    older = [Button("🔼 " + plain.gettext("Older"), OpenThread(thread.id, view.older).pack())] if view.older else []
    files = (
        [Button("📎 " + plain.gettext("Show files"), ThreadFiles(thread.id, view.before).pack())]
        if any(one.file for one in view.messages)
        else []
    )
    back = to_page("◀️ " + plain.gettext("Conversations"), Page.CONVERSATIONS)
    look = [[*older, *files]] if older or files else []
    if thread.part is Part.UNTIL_HANDED:
        return rows(*look, [back])
    acts = _home_acts(view, tr, school) if thread.part is Part.HOME else _school_acts(view, tr)
    every = [[reply_button(tr, thread.id)], *acts, *look]
    if sum(map(len, every)) + _shows_original(view, tr) < MOST_BUTTONS:
        every.append([back])  # else the menu leads there: what can be done here comes first
    return rows(*every)


def _shows_original(view: ThreadView, tr: Texts) -> bool:
    """Tell whether the way to what was written can be added when the screen is filled."""
    return any(one.length and one.language != tr.code for one in view.messages)


def _home_acts(view: ThreadView, tr: Texts, school: School) -> list[list[Button]]:
    """An interpreter comes before closing, which a home that reads the school's language has in that place."""
    call = Button("📞 " + tr.plain.gettext("Please call me"), ThreadAct(view.thread.id, ThreadStep.CALL).pack())
    if tr.code == school.language and not view.followers:
        return [[call, _close_button(view.thread, tr)]]
    return [[call, interpreter_button(tr, view.thread.id)]]


def _school_acts(view: ThreadView, tr: Texts) -> list[list[Button]]:
    """An open call comes before closing: one of the two is shown."""
    plain, thread = tr.plain, view.thread
    called = Button("☎️ " + plain.gettext("I have called"), HaveCalled(thread.id).pack())
    first = [called if view.call else _close_button(thread, tr)]
    if view.may_hand:
        hand = ThreadAct(thread.id, ThreadStep.ASK_HAND).pack()
        first.append(Button("🤝 " + plain.gettext("Hand to the leadership"), hand))
    if view.may_give_back:
        first.append(Button("🤝 " + plain.gettext("Hand back"), ThreadAct(thread.id, ThreadStep.HAND_BACK).pack()))
    return [[one] for one in first]


def _close_button(thread: ThreadRef, tr: Texts) -> Button:
    if thread.closed_at is not None:
        return Button("🔓 " + tr.plain.gettext("Open again"), ThreadAct(thread.id, ThreadStep.REOPEN).pack())
    return Button("✔️ " + tr.plain.gettext("Close"), ThreadAct(thread.id, ThreadStep.CLOSE).pack())
