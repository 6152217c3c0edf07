"""Screens about homes that are left in peace (B8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.actions.care.calm import WEEKS, CalmHomeView, CalmPupil
from bot.domain.care_taps import CalmAct, CalmClass, CalmHomes, CalmStep, CalmUntil
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Child, ClassInfo
from bot.i18n import Html, Texts
from handlers.followup import followup_button
from handlers.keyboards import cancel_button

HOMES_PER_PAGE = 4
PUPILS_PER_PAGE = 12


def _arrows(page: int, last: int, turn: type[CalmHomes]) -> list[Button]:
    return [
        Button(sign, turn(page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]


def homes_screen(homes: Sequence[CalmHomeView], tr: Texts, page: int, *, may_set: bool) -> Screen:
    """List what holds; who may change it opens one by its button."""
    last = max(0, (len(homes) - 1) // HOMES_PER_PAGE)
    page = min(max(page, 0), last)
    shown = homes[page * HOMES_PER_PAGE : (page + 1) * HOMES_PER_PAGE]
    lines = [
        # Translators: the page of families in grief or a crisis whom the bot reminds of nothing for a while
        tr.gettext("🕊 <b>Homes left in peace</b>"),
        tr.gettext(
            "For a while nothing reminds these homes by itself. What you write yourself and urgent messages still come."
        ),
        "\n".join(_line(home, tr) for home in shown) or tr.gettext("No home in your classes is left in peace now."),
    ]
    change = [
        [Button(f"{home.name}, {home.class_name}", CalmAct(CalmStep.SHOW, home.pupil_id).pack())]
        for home in shown
        if home.until is not None
    ]
    add = [Button("🕊 " + tr.plain.gettext("Leave a home in peace"), CalmClass().pack())] if may_set else []
    arrows = _arrows(page, last, CalmHomes)
    return Screen(Html("\n\n".join(lines)), rows(*change, add, [*arrows, followup_button(tr)]))


def _line(home: CalmHomeView, tr: Texts) -> Html:
    if home.until is None:
        return tr.gettext("• {child}, {school_class}", child=home.name, school_class=home.class_name)
    return tr.gettext(
        "• {child}, {school_class}: until {day}", child=home.name, school_class=home.class_name, day=home.until
    )


def _back(tr: Texts) -> Button:
    return Button("◀️ " + tr.plain.gettext("Back"), CalmHomes().pack())


def class_screen(classes: Sequence[ClassInfo], tr: Texts) -> Screen:
    """Ask in which class."""
    buttons = grid([Button(one.name, CalmClass(one.id).pack()) for one in classes], 3)
    return Screen(tr.gettext("In which class?"), rows(*buttons, [_back(tr)]))


def pupil_screen(pupils: Sequence[Child], class_id: int, page: int, tr: Texts) -> Screen:
    """Ask whose homes."""
    last = max(0, (len(pupils) - 1) // PUPILS_PER_PAGE)
    page = min(max(page, 0), last)
    shown = pupils[page * PUPILS_PER_PAGE : (page + 1) * PUPILS_PER_PAGE]
    names = grid([Button(one.name, CalmAct(CalmStep.SHOW, one.id).pack()) for one in shown], 2)
    arrows = [
        Button(sign, CalmClass(class_id, page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    return Screen(tr.gettext("Which pupil's homes shall be left in peace?"), rows(*names, [*arrows, _back(tr)]))


def one_screen(view: CalmPupil, tr: Texts, *, toast: str = "") -> Screen:
    """Show how it stands with one pupil's homes, and offer to set, extend or end it."""
    plain, pupil = tr.plain, view.child.id
    if view.until is None:
        lines = [
            tr.gettext("🕊 Leave the homes of {child} in peace?", child=view.child.name),
            tr.gettext(
                "Nobody there is reminded of anything by itself until then. The home is not told, and nobody is asked "
                "why. It ends by itself."
            ),
        ]
    else:
        lines = [
            tr.gettext("🕊 The homes of {child} are left in peace until {day}.", child=view.child.name, day=view.until),
            tr.gettext("Afterwards everything comes as usual again. If something has to be said, a call is kinder."),
        ]
    weeks = [Button(plain.ngettext("{n} week", "{n} weeks", n), CalmUntil(pupil, n).pack()) for n in WEEKS]
    other = Button("📅 " + plain.gettext("Until another day"), CalmAct(CalmStep.ASK_DAY, pupil).pack())
    end = [Button("✖️ " + plain.gettext("End it now"), CalmAct(CalmStep.END, pupil).pack())] if view.until else []
    return Screen(Html("\n\n".join(lines)), rows(weeks, [other], end, [_back(tr)]), toast=toast)


def day_screen(tr: Texts, today: date) -> Screen:
    """Ask for the last day."""
    text = tr.gettext(
        "🕊 Until which day, that day included? Write it in numbers, for example {example}.",
        example=f"{today + timedelta(days=21):%d.%m}",
    )
    return Screen(text, rows([cancel_button(tr)]), new=True)
