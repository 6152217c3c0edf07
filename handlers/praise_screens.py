"""The screens of praise in one tap: class, pupil, sentence (B6)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.praise import PraiseChoice, PraiseSent, PraiseSheet
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import ClassInfo
from bot.domain.phrase_taps import PraiseClass, PraisePupil, SendPraise
from bot.i18n import Html, Texts
from handlers.compose_screens import scheduled_screen
from handlers.followup import followup_button
from handlers.keyboards import menu_button

PER_PAGE = 16
"""Pupils of one screen, in two columns."""


def classes_screen(classes: Sequence[ClassInfo], tr: Texts) -> Screen:
    """Ask in which class the pupil is."""
    if not classes:
        return Screen(tr.gettext("No class is connected to you here."), rows([menu_button(tr)]))
    buttons = grid([Button(one.name, PraiseClass(one.id).pack()) for one in classes], 3)
    return Screen(tr.gettext("In which class?"), rows(*buttons, [followup_button(tr)]))


def pupils_screen(sheet: PraiseSheet, page: int, tr: Texts, *, several: bool) -> Screen:
    """Ask for the pupil; the contact teacher also reads whose home has heard nothing positive yet."""
    last = max(0, (len(sheet.pupils) - 1) // PER_PAGE)
    page = min(max(page, 0), last)
    shown = sheet.pupils[page * PER_PAGE : (page + 1) * PER_PAGE]
    parts = [
        tr.gettext(
            "🌟 <b>Praise, {school_class}</b>\nWhom would you like to praise? All homes of the pupil get it, in their "
            "own language.",
            school_class=sheet.school_class.name,
        )
    ]
    waiting = [pupil.name for pupil in shown if pupil.id in sheet.waiting]
    if waiting:
        # Translators: read by the class's contact teacher only; an invitation, no blame
        hint = tr.gettext("🌱 No positive message yet this school year: {names}.", names=tr.list(waiting))
        parts.append(Html("\n".join((hint, tr.gettext("Only you see this line.")))))
    buttons = [Button(pupil.name, PraisePupil(pupil.id).pack()) for pupil in shown]
    turn = [
        Button(sign, PraiseClass(sheet.school_class.id, page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= page + step <= last
    ]
    back = Button("◀️ " + tr.plain.gettext("Back"), PraiseClass().pack()) if several else followup_button(tr)
    return Screen(Html("\n\n".join(parts)), rows(*grid(buttons, 2), turn, [back]))


def sentences_screen(choice: PraiseChoice, tr: Texts) -> Screen:
    """Show the sentences with their numbers; a tap on one sends it."""
    pupil = choice.pupil
    numbered = [f"{number}. {tr.value(sentence)}" for number, (_, sentence) in enumerate(choice.phrases, 1)]
    head = tr.gettext("🌟 <b>{child}, {school_class}</b>", child=pupil.name, school_class=pupil.class_name)
    if numbered:
        numbered.append("\n" + tr.gettext("Tap a number, and it goes out. You can take it back for some seconds."))
    buttons = [
        Button(f"🌟 {number}", SendPraise(pupil.id, phrase).pack())
        for number, (phrase, _) in enumerate(choice.phrases, 1)
    ]
    turn = [
        Button(sign, PraisePupil(pupil.id, choice.page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= choice.page + step < choice.pages
    ]
    own = Button("✍️ " + tr.plain.gettext("In my own words"), SendPraise(pupil.id, "").pack())
    back = Button("◀️ " + tr.plain.gettext("Back"), PraiseClass(pupil.class_id).pack())
    return Screen(Html("\n".join((head, "", *numbered))), rows(*grid(buttons, 3), turn, [own], [back]))


def sent_screen(sent: PraiseSent, tr: Texts) -> Screen:
    """Say when it goes out and how to take it back; praising somebody else is one tap away."""
    shown = scheduled_screen(sent.scheduled, tr)
    more = Button("🌟 " + tr.plain.gettext("Praise somebody else"), PraiseClass(sent.pupil.class_id).pack())
    text = Html(f"{shown.text}\n<blockquote>{tr.value(sent.sentence)}</blockquote>")
    return Screen(text, (*shown.buttons, (more,)))
