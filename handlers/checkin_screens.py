"""The screens of check-in arrangements, for the school and for the home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from bot.actions.checkins.answer import Here, Morning, here_text
from bot.actions.checkins.drafting import DraftView, Until
from bot.actions.checkins.pause import Paused
from bot.actions.checkins.plan import PlanView
from bot.actions.checkins.words import (
    answer_buttons,
    question_text,
    thanks_text,
    times_text,
    weekday_name,
)
from bot.domain.checkin import Schedule
from bot.domain.checkin_taps import EditCheckin, EditStep, OpenCheckin, PauseCheckin, PlanStep
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.people import Child, ClassInfo
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.words import RELATION_NAMES, ROLE_NAMES
from handlers.keyboards import cancel_button, menu_button, to_page

PUPILS_PER_PAGE = 16
TIMES = (time(6, 30), time(6, 45), time(7, 0), time(7, 15), time(7, 30), time(7, 45))


def list_screen(labels: Sequence[tuple[int, str]], tr: Texts, *, toast: str = "") -> Screen:
    """Show the arrangements that somebody is part of, as (id, label), and the way to a new one."""
    plain = tr.plain
    lines = [
        tr.gettext(
            "🌅 <b>Morning check-in</b> helps when going to school is hard: the home is asked in the morning how it "
            "looks, and you hear at once. Arrange it with the home first."
        ),
        tr.gettext("<i>Only the people of an arrangement see it.</i>"),
    ]
    shown = [[Button(f"🌅 {label}", OpenCheckin(plan_id, PlanStep.SHOW).pack())] for plan_id, label in labels]
    new = Button("➕ " + plain.gettext("New arrangement"), EditCheckin(EditStep.CLASS).pack())
    return Screen(Html("\n\n".join(lines)), rows(*shown, [new], [menu_button(tr)]), toast=toast, alert=bool(toast))


def classes_screen(classes: Sequence[ClassInfo], tr: Texts) -> Screen:
    """Ask for the class."""
    buttons = [Button(one.name, EditCheckin(EditStep.PAGE, one.id).pack()) for one in classes]
    return Screen(tr.gettext("🌅 Which class?"), rows(*grid(buttons, 3), [cancel_button(tr, Page.CHECKINS)]))


def pupils_screen(pupils: Sequence[Child], class_id: int, page: int, tr: Texts) -> Screen:
    """Ask for the pupil, some at a time."""
    last = max(0, (len(pupils) - 1) // PUPILS_PER_PAGE)
    page = min(max(page, 0), last)
    some = pupils[page * PUPILS_PER_PAGE : (page + 1) * PUPILS_PER_PAGE]
    buttons = [Button(one.name, EditCheckin(EditStep.PUPIL, one.id).pack()) for one in some]
    turn = [
        Button(sign, EditCheckin(EditStep.PAGE, class_id, page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= page + step <= last
    ]
    return Screen(tr.gettext("🌅 Which pupil?"), rows(*grid(buttons, 2), turn, [cancel_button(tr, Page.CHECKINS)]))


def draft_screen(view: DraftView, tr: Texts) -> Screen:
    """Show the question that comes now."""
    match view.step:
        case EditStep.ASK_WEEKDAYS:
            return _weekdays(view, tr)
        case EditStep.ASK_TIME:
            return _time(view, tr)
        case EditStep.ASK_UNTIL:
            return _until(view, tr)
        case EditStep.ASK_STAFF:
            return _staff(view, tr)
        case EditStep.ASK_GUARDIANS:
            return _guardians(view, tr)
        case _:
            return _review(view, tr)


def _heading(view: DraftView, tr: Texts) -> Html:
    return tr.gettext(
        "🌅 Check-in for {child} ({school_class})", child=view.child.name, school_class=view.child.class_name
    )


def _question(view: DraftView, tr: Texts, question: Html, *buttons: Sequence[Button]) -> Screen:
    text = Html(f"{_heading(view, tr)}\n\n{question}")
    return Screen(text, rows(*buttons, [cancel_button(tr, Page.CHECKINS)]))


def _toggle(label: str, step: EditStep, value: int, chosen: bool) -> list[Button]:
    return [Button(f"{'✅' if chosen else '▫️'} {label}", EditCheckin(step, value).pack())]


def _go_on(view: DraftView, tr: Texts, step: EditStep) -> list[Button]:
    then = EditStep.REVIEW if view.draft.reviewed else step
    return [Button("▶️ " + tr.plain.gettext("Go on"), EditCheckin(then).pack())]


def _weekdays(view: DraftView, tr: Texts) -> Screen:
    toggles = [_toggle(weekday_name(tr, day), EditStep.WEEKDAY, day, day in view.draft.weekdays)[0] for day in range(5)]
    question = tr.gettext("<b>On which days?</b> Only school days count.")
    return _question(view, tr, question, *grid(toggles, 2), _go_on(view, tr, EditStep.ASK_TIME))


def _time(view: DraftView, tr: Texts) -> Screen:
    buttons = [Button(tr.clock(one), EditCheckin(EditStep.TIME, one.hour * 100 + one.minute).pack()) for one in TIMES]
    question = tr.gettext("<b>When is the home asked?</b> Choose, or write a time like 07:20.")
    return _question(view, tr, question, *grid(buttons, 3))


def _until(view: DraftView, tr: Texts) -> Screen:
    buttons = [
        [Button(_until_label(one, tr), EditCheckin(EditStep.UNTIL, one.day.toordinal()).pack())] for one in view.untils
    ]
    return _question(view, tr, tr.gettext("<b>Until when?</b> You can end it earlier at any time."), *buttons)


def _until_label(until: Until, tr: Texts) -> str:
    day, plain = tr.short_day(until.day), tr.plain
    if until.weeks is None:
        # Translators: on a button; {day} is a short date in June
        return str(plain.gettext("The school year: {day}", day=day))
    return str(plain.ngettext("{n} week: {day}", "{n} weeks: {day}", until.weeks, day=day))


def _staff(view: DraftView, tr: Texts) -> Screen:
    toggles = [
        _toggle(
            f"{one.name} ({tr.plain.gettext(ROLE_NAMES[one.role])})",
            EditStep.STAFF,
            one.person_id,
            one.person_id in view.draft.staff_ids,
        )
        for one in view.staff
        if one.person_id != view.me
    ]
    question = tr.gettext("<b>Who hears the answers, besides you?</b> As few as are needed.")
    return _question(view, tr, question, *toggles, _go_on(view, tr, EditStep.ASK_GUARDIANS))


def _guardians(view: DraftView, tr: Texts) -> Screen:
    if not view.guardians:
        return _question(view, tr, tr.gettext("Nobody at this home uses the bot yet. Print their letters first."))
    toggles = [
        _toggle(
            f"{one.name} ({tr.plain.gettext(RELATION_NAMES[one.relation])})",
            EditStep.GUARDIAN,
            one.person_id,
            one.person_id in view.draft.guardian_ids,
        )
        for one in view.guardians
    ]
    question = tr.gettext("<b>Who at home is asked?</b>")
    return _question(view, tr, question, *toggles, _go_on(view, tr, EditStep.REVIEW))


def _review(view: DraftView, tr: Texts) -> Screen:
    draft = view.draft
    assert draft.ask_at is not None and draft.last is not None  # noqa: S101, PT018  (the action has looked)
    staff = [one.name for one in view.staff if one.person_id in {*draft.staff_ids, view.me}]
    guardians = [one.name for one in view.guardians if one.person_id in draft.guardian_ids]
    lines = [
        _heading(view, tr),
        "",
        times_text(tr, Schedule(draft.weekdays, draft.ask_at, draft.last, draft.last)),
        tr.gettext("👪 Asked: {names}", names=tr.list(guardians)),
        tr.gettext("👂 Hear the answers: {names}", names=tr.list(staff)),
        "",
        tr.gettext("The guardians are told what is arranged, and who reads their answers."),
    ]
    plain = tr.plain
    change = [
        Button(label, EditCheckin(step).pack())
        for label, step in (
            ("📅 " + plain.gettext("Days"), EditStep.ASK_WEEKDAYS),
            ("🕗 " + plain.gettext("Time"), EditStep.ASK_TIME),
            ("🏁 " + plain.gettext("Last day"), EditStep.ASK_UNTIL),
            ("👂 " + plain.gettext("Who hears"), EditStep.ASK_STAFF),
            ("👪 " + plain.gettext("Who is asked"), EditStep.ASK_GUARDIANS),
        )
    ]
    word = plain.gettext("Save the change") if draft.plan_id else plain.gettext("Start the check-in")
    start = Button("✅ " + word, EditCheckin(EditStep.START).pack())
    return Screen(Html("\n".join(lines)), rows([start], *grid(change, 2), [cancel_button(tr, Page.CHECKINS)]))


def plan_screen(view: PlanView, tr: Texts, *, toast: str = "") -> Screen:
    """Show a running arrangement to one of its people."""
    plan = view.plan
    lines = [
        tr.gettext(
            "🌅 <b>Check-in for {child} ({school_class})</b>", child=plan.pupil_name, school_class=plan.class_name
        ),
        "",
        times_text(tr, plan.schedule),
        tr.gettext("👪 Asked: {names}", names=tr.list(view.guardians) if view.guardians else tr.gettext("nobody yet")),
        tr.gettext("👂 Hear the answers: {names}", names=tr.list(view.staff)),
    ]
    if view.paused:
        lines.append(tr.gettext("📞 Would rather talk first: {names}", names=tr.list(view.paused)))
    plain = tr.plain
    buttons = rows(
        [Button("✏️ " + plain.gettext("Change"), OpenCheckin(plan.id, PlanStep.CHANGE).pack())],
        [Button("🏁 " + plain.gettext("End it"), OpenCheckin(plan.id, PlanStep.END).pack())],
        [to_page("◀️ " + plain.gettext("Back"), Page.CHECKINS)],
    )
    return Screen(Html("\n".join(lines)), buttons, toast=toast)


def end_screen(view: PlanView, tr: Texts) -> Screen:
    """Ask once whether ending is meant."""
    plan = view.plan
    text = tr.gettext("End the check-in for {child}? The home is told that it has ended.", child=plan.pupil_name)
    yes = Button("🏁 " + tr.plain.gettext("Yes, end it"), OpenCheckin(plan.id, PlanStep.END_YES).pack())
    no = Button("◀️ " + tr.plain.gettext("No, leave it"), OpenCheckin(plan.id, PlanStep.SHOW).pack())
    return Screen(text, rows([yes], [no]))


def ended_screen(child: str, tr: Texts) -> Screen:
    """Say that an arrangement has ended."""
    text = tr.gettext("🏁 The check-in for {child} has ended. The home is told.", child=child)
    return Screen(text, rows([to_page("◀️ " + tr.plain.gettext("Back"), Page.CHECKINS)]))


def morning_screen(morning: Morning, tr: Texts) -> Screen:
    """Thank a guardian for the answer; it can be changed."""
    day = morning.day
    if morning.arrived:
        text = tr.gettext("🌟 {child} is at school already.", child=morning.child)
        return Screen(text)
    assert day.answer is not None  # noqa: S101  (just answered)
    lines = [
        question_text(tr, morning.child),
        thanks_text(tr, morning.child, day.answer, morning.staff),
        tr.gettext("<i>You can change it until school ends.</i>"),
    ]
    return Screen(Html("\n".join(lines)), answer_buttons(tr, day.id, day.answer))


def here_screen(here: Here, tr: Texts) -> Screen:
    """Show the staff that the pupil is here, and that the home knows."""
    told = tr.plain.gettext("The home knows already.") if here.again else tr.plain.gettext("The home gets a good line.")
    return Screen(here_text(tr, here), toast=str(told))


def paused_screen(paused: Paused, tr: Texts) -> Screen:
    """Tell a guardian who calls, and that nobody asks until then."""
    names = tr.list(paused.receipt.readers) if paused.receipt else Html("")
    lines = [tr.gettext("✅ Sent. {names} will call you.", names=names)]
    buttons: Rows = ()
    if paused.ended:
        lines.append(tr.gettext("The morning check-in for {child} has ended.", child=paused.child))
    else:
        lines.append(tr.gettext("Until then you are not asked in the morning about {child}.", child=paused.child))
        again = Button("☀️ " + tr.plain.gettext("Ask me again"), PauseCheckin(paused.plan_id, again=True).pack())
        buttons = rows([again])
    return Screen(Html("\n".join(lines)), buttons)


def resumed_screen(paused: Paused, tr: Texts) -> Screen:
    """Tell a guardian that the asking goes on."""
    return Screen(tr.gettext("☀️ Thank you. You are asked again in the morning about {child}.", child=paused.child))
