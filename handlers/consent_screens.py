"""The screens on which a guardian lets an interpreter read, and both sides see who does (L4, P2)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.interpreters.consent import Choice, ConsentsView
from bot.actions.interpreters.words import first_name, follower_line, interpreter_line
from bot.domain.interpreter_taps import (
    ChooseInterpreter,
    ChooseScope,
    DeclineOffer,
    EndConsent,
    GiveConsent,
    OpenConsents,
    OpenConsentsAbout,
)
from bot.domain.interpreters import Consent, Span, last_day
from bot.domain.messages import Button, Screen, rows
from bot.domain.school import School
from bot.i18n import Html, Texts
from bot.i18n.words import language_name
from handlers.keyboards import menu_button

MOST_ENDED = 3
"""Buttons to end; who has more ends one and sees the next."""
MOST_CHOSEN = 2


def interpreter_button(tr: Texts, thread_id: int, *, new: bool = False) -> Button:
    """Return the way to who interprets in a conversation, for its page."""
    return Button("👂 " + tr.plain.gettext("Interpreter"), OpenConsents(thread_id, new).pack())


def interpreter_about_button(tr: Texts, pupil_id: int) -> Button:
    """Return the same way for a guardian, by the child."""
    return Button("👂 " + tr.plain.gettext("Let an interpreter help"), OpenConsentsAbout(pupil_id).pack())


def consents_screen(view: ConsentsView, tr: Texts, school: School, *, given: int = 0, new: bool = False) -> Screen:
    """Show who follows a conversation; its guardian can end that, and choose somebody. `given`: just now, to whom."""
    child = first_name(view.home.pupil)
    lines: list[str] = [tr.gettext("👂 <b>Interpreters in the conversation about {child}</b>", child=child)]
    just = next((one for one in view.followers if one.interpreter_id == given), None)
    if just is not None:
        lines.append(tr.gettext("✅ Thank you. {name} gets what is written from now on.", name=just.interpreter))
    lines += [follower_line(tr, one, school) for one in view.followers]
    if not view.followers:
        lines.append(tr.gettext("No interpreter follows this conversation."))
    if view.own:
        lines += _invitation(view, tr)
    return Screen(Html("\n\n".join(lines)), rows(*_buttons(view, tr), [menu_button(tr)]), new=new)


def _invitation(view: ConsentsView, tr: Texts) -> list[str]:
    if view.available:
        names = "\n".join(f"• {interpreter_line(tr, one)}" for one in view.available[:MOST_CHOSEN])
        said = tr.gettext("You can let an interpreter read along. They have promised confidentiality:")
        return [f"{said}\n{names}"]
    if view.followers:
        return []
    return [
        tr.gettext(
            "There is no interpreter for {language} here yet. For a talk with the teacher the school orders one, free "
            "of charge: just ask.",
            language=language_name(view.language, tr),
        )
    ]


def _buttons(view: ConsentsView, tr: Texts) -> list[list[Button]]:
    if not view.own:
        return []
    thread_id = view.home.thread_id
    choices = [
        [Button("➕ " + one.name, ChooseInterpreter(thread_id, one.person_id).pack())]
        for one in view.available[:MOST_CHOSEN]
    ]
    return [*end_buttons(tr, view.followers), *choices]


def scope_screen(choice: Choice, tr: Texts) -> Screen:
    """Ask what an interpreter may read."""
    plain, thread_id, person_id = tr.plain, choice.home.thread_id, choice.interpreter.person_id
    text = tr.gettext(
        "<b>What may {name} read?</b>\n{name} has promised confidentiality, passes nothing on, and helps you and the "
        "school to understand each other.",
        name=choice.interpreter.name,
    )
    more = tr.gettext(
        "“Everything” is also what the school writes about your children outside this conversation, such as what was "
        "agreed in talks. What you tell the school about bullying you share one conversation at a time."
    )
    return Screen(
        Html(f"{text}\n\n{more}"),
        rows(
            [Button(plain.gettext("Only this conversation"), ChooseScope(thread_id, person_id, False).pack())],
            [Button(plain.gettext("Everything about my children"), ChooseScope(thread_id, person_id, True).pack())],
            [Button(plain.gettext("No, thank you"), DeclineOffer(thread_id).pack())],
        ),
    )


def span_screen(choice: Choice, tr: Texts, *, everything: bool) -> Screen:
    """Ask for how long."""
    plain, thread_id, person_id = tr.plain, choice.home.thread_id, choice.interpreter.person_id
    labels = {
        Span.WEEK: plain.ngettext("{n} day", "{n} days", 7),
        Span.MONTH: plain.ngettext("{n} day", "{n} days", 30),
        Span.SUMMER: plain.gettext("Until the summer holidays"),
    }
    buttons = [
        [Button(str(label), GiveConsent(thread_id, person_id, everything, span).pack())]
        for span, label in labels.items()
    ]
    return Screen(
        tr.gettext(
            "<b>For how long may {name} read it?</b>\nYou can end it at any time.", name=choice.interpreter.name
        ),
        rows(*buttons, [Button(plain.gettext("No, thank you"), DeclineOffer(thread_id).pack())]),
    )


def declined_screen(home_thread: int, tr: Texts) -> Screen:
    """Take a no; the way to think again stays open."""
    text = tr.gettext("All right, nobody else reads it. You can change your mind here at any time.")
    return Screen(text, rows([interpreter_button(tr, home_thread)], [menu_button(tr)]))


def ended_screen(consent: Consent, tr: Texts) -> Screen:
    """Say that it is over."""
    text = tr.gettext("✅ Ended. {name} gets nothing more of it and can open nothing of it.", name=consent.interpreter)
    again = [interpreter_button(tr, consent.thread_id)] if consent.thread_id is not None else []
    return Screen(text, rows(again, [menu_button(tr)]))


def consents_lines(tr: Texts, consents: Sequence[Consent], school: School) -> list[Html]:
    """Return the interpreters among those who can read about a child (P2)."""
    return [
        tr.gettext(
            "• {name}: interpreter, everything about your children, until {day}",
            name=one.interpreter,
            day=last_day(one.until, school),
        )
        if one.thread_id is None
        else tr.gettext(
            "• {name}: interpreter, your conversation with the school, until {day}",
            name=one.interpreter,
            day=last_day(one.until, school),
        )
        for one in consents
    ]


def end_buttons(tr: Texts, consents: Sequence[Consent]) -> list[list[Button]]:
    """Return a button to end each."""
    return [
        [Button("✖️ " + tr.plain.gettext("End it for {name}", name=one.interpreter), EndConsent(one.id).pack())]
        for one in consents[:MOST_ENDED]
    ]
