"""Screens about a text in which something sensitive was noticed (P5)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.care.gate import Held, HomeToCall
from bot.domain.care_taps import CallAboutUnsafe, CareAct, CareStep
from bot.domain.marking import N_
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Child
from bot.domain.sensitive import IN_DANGER, SensitiveKind
from bot.domain.taps import WriteAbout
from bot.i18n import Html, Texts
from handlers.keyboards import cancel_button, menu_button

KINDS: dict[SensitiveKind, str] = {
    # Translators: what was noticed in a text; parts of a list after "this holds something very private:"
    SensitiveKind.IDENTITY_NUMBER: N_("a national identity number"),
    SensitiveKind.HEALTH: N_("health or medicine"),
    # Translators: the Norwegian child protection service; keep the Norwegian word in brackets where readers know it
    SensitiveKind.CHILD_PROTECTION: N_("child protection (barnevernet)"),
    SensitiveKind.VIOLENCE: N_("violence or abuse"),
    SensitiveKind.SUICIDE: N_("suicide or self-harm"),
    SensitiveKind.FAMILY: N_("divorce, custody or other private family matters"),
}


def danger_line(tr: Texts) -> Html:
    """Return whom to call when somebody is in danger."""
    return tr.gettext(
        "If somebody is in danger now, call 112 or 113. The alarm line for children and young people, 116 111, "
        "is open day and night."
    )


MOST_CALLS = 3
"""Children of whom a call is offered by name: six buttons in all."""


def sensitive_screen(held: Held, tr: Texts, children: Sequence[Child] = ()) -> Screen:
    """Say kindly what was noticed, never the words themselves, and let the author decide.

    Args:
        children: a guardian's own, about whom a call can be asked for instead.
    """
    lines = [
        tr.gettext(
            "🔒 It looks as if this holds something very private: {kinds}.",
            kinds=tr.list([tr.plain.gettext(KINDS[kind]) for kind in held.kinds]),
        ),
        tr.gettext(
            "A chat is not a safe place for that. A talk on the telephone is better. Nothing has been sent yet."
        ),
    ]
    if IN_DANGER.intersection(held.kinds):
        lines.append(danger_line(tr))
    lines.append(tr.gettext("Choose what to do, or just write it again here in other words."))
    return Screen(
        Html("\n\n".join(lines)), rows(*([button] for button in _choices(held, tr, children)), [cancel_button(tr)])
    )


def _choices(held: Held, tr: Texts, children: Sequence[Child]) -> list[Button]:
    plain = tr.plain
    buttons = []
    for child in children[:MOST_CALLS]:
        label = plain.gettext("Please call me instead")
        name = "" if len(children) == 1 else f" ({child.name})"
        call = CallAboutUnsafe(child.id) if held.only_numbers else WriteAbout(child.id, call=True)  # to whom it goes
        buttons.append(Button(f"📞 {label}{name}", call.pack()))
    if not held.to_school:
        buttons.append(Button("📞 " + plain.gettext("I call the home"), CareAct(CareStep.CALL_HOME).pack()))
    buttons.append(Button("✏️ " + plain.gettext("Write it differently"), CareAct(CareStep.REWRITE).pack()))
    if held.has_number:
        buttons.append(Button("➡️ " + plain.gettext("Send without the number"), CareAct(CareStep.MASKED).pack()))
    else:
        buttons.append(Button("➡️ " + plain.gettext("Send anyway"), CareAct(CareStep.ANYWAY).pack()))
    return buttons


def rewrite_screen(held: Held, tr: Texts) -> Screen:
    """Show what was written, so that it can be copied and changed."""
    text = tr.gettext("✏️ Write it now in other words. This is what you wrote; it has not been sent:")
    return Screen(Html(f"{text}\n<blockquote>{tr.value(held.text)}</blockquote>"), rows([cancel_button(tr)]), new=True)


def call_home_screen(home: HomeToCall, tr: Texts) -> Screen:
    """Confirm that nothing was sent, and say whom to phone."""
    lines = [tr.gettext("📞 Good. Nothing was sent.")]
    if home.name:
        number = tr.value(home.phone) if home.phone else tr.gettext("no number is known; the office may have one")
        lines.append(tr.gettext("{name}: {number}", name=home.name, number=number))
    return Screen(Html("\n".join(lines)), rows([menu_button(tr)]))
