"""Screens of a report of bullying (B10)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.care.safety import Received, ReportStart
from bot.actions.threads import Receipt
from bot.domain.care_taps import CallAboutUnsafe, ReportUnsafe
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Child
from bot.i18n import Html, Texts
from handlers.care_screens import danger_line
from handlers.keyboards import cancel_button, menu_button


def safety_button(tr: Texts, pupil_id: int = 0) -> Button:
    """Return the way to report that something is not right."""
    return Button("🛡 " + tr.plain.gettext("Something is not right"), ReportUnsafe(pupil_id).pack())


def child_screen(children: Sequence[Child], tr: Texts) -> Screen:
    """Ask about which child; say so when there is none."""
    if not children:
        return Screen(tr.gettext("No child is connected to you here."), rows([menu_button(tr)]))
    buttons = [[Button(f"{child.name}, {child.class_name}", ReportUnsafe(child.id).pack())] for child in children]
    return Screen(tr.gettext("About which child?"), rows(*buttons, [cancel_button(tr)]))


def start_screen(start: ReportStart, tr: Texts) -> Screen:
    """Say who reads it, who does not, and what the school has to do; then ask for the words."""
    lines = [
        # Translators: opens a report of bullying; warm: it is good that the person says it
        tr.gettext("🛡 Thank you for saying that something is not right for {child}.", child=start.child.name),
        tr.gettext(
            "Only {names} will read it. The class and its teachers will not. The school has a duty to look into it and "
            "to make a plan within five working days (Education Act § 12-4).",
            names=tr.list(start.readers),
        ),
        tr.gettext("Write now, in your own language, what has happened. Or ask to be called."),
        danger_line(tr),
    ]
    call = Button("📞 " + tr.plain.gettext("Please call me"), CallAboutUnsafe(start.child.id).pack())
    return Screen(Html("\n\n".join(lines)), rows([call], [cancel_button(tr)]))


def sent_screen(receipt: Receipt, tr: Texts) -> Screen:
    """Tell the home who has the report, and what happens next."""
    lines = [tr.gettext("🛡 Sent to {names}, and to nobody else.", names=tr.list(receipt.readers))]
    if receipt.reads_from is not None:
        moment = receipt.reads_from.replace(tzinfo=None)
        lines.append(tr.gettext("It arrives {moment}: until then it is quiet time at the school.", moment=moment))
    lines.append(
        tr.gettext("You will be told who has received it. You can write more at any time, or answer what they write.")
    )
    lines.append(danger_line(tr))
    return Screen(Html("\n\n".join(lines)), rows([menu_button(tr)]))


def received_screen(done: Received, tr: Texts) -> Screen:
    """Confirm it to who tapped."""
    sentence = (
        tr.plain.gettext("{name} knows already that it was received.", name=done.thread.guardian_name)
        if done.again
        else tr.plain.gettext("{name} is told that you have received it.", name=done.thread.guardian_name)
    )
    return Screen(toast=str(sentence), alert=True)
