"""The screens of leave, for homes and for those who decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.actions.absence.words import day_off_text
from bot.actions.leave.ask import DayQuestion, Decides, LeavePage, Review
from bot.actions.leave.words import (
    STATE_SIGNS,
    LeaveView,
    home_text,
    refuse_buttons,
    school_buttons,
    school_text,
    span_text,
    withdraw_button,
)
from bot.actions.threads import quoted
from bot.domain.absence import MAX_CHILDREN, AbsenceDraft
from bot.domain.calendar import OffKind
from bot.domain.leave import MAX_WEEKS, STANDING, WHY_LIMIT
from bot.domain.leave_taps import (
    AskLeave,
    DecideLeave,
    DecideStep,
    LeaveCalendar,
    LeaveRequestTap,
    LeaveStep,
    RequestStep,
)
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Actor, Child
from bot.domain.school import School
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from handlers.keyboards import cancel_button, menu_button, to_page


def page_screen(page: LeavePage, actor: Actor, tr: Texts, *, toast: str = "") -> Screen:
    """Show own requests, requests to decide on, and the way to a new one."""
    plain = tr.plain
    lines: list[str] = []
    buttons: list[list[Button]] = []
    if page.children:
        lines.append(_asking_intro(page, tr))
        ask = AskLeave(*_first_step(page.children))
        buttons.append([Button("🧳 " + plain.gettext("Ask for leave"), ask.pack())])
        buttons += [[_own_button(view, tr)] for view in page.own]
    elif page.of_age:
        lines.append(tr.gettext("{names}: of age, and asks for leave alone.", names=tr.list(page.of_age)))
    if page.to_decide:
        lines.append(tr.gettext("<b>These homes wait for your answer:</b>"))
        buttons += [[_decide_button(view, tr)] for view in page.to_decide]
        if page.more:
            lines.append(tr.gettext("There are more. They stand here when these are answered."))
    elif actor.may_write_notices:
        lines.append(tr.gettext("No home waits for an answer about leave."))
    if not lines:
        lines.append(tr.gettext("No child is connected to you here."))
    return Screen(Html("\n\n".join(lines)), rows(*buttons, [menu_button(tr)]), toast=toast, alert=bool(toast))


def _asking_intro(page: LeavePage, tr: Texts) -> Html:
    intro = tr.gettext(
        "🧳 <b>Leave</b> is for days that you plan: a journey, a celebration. You ask, and the school answers here."
    )
    if page.own:
        return Html(intro + "\n" + tr.gettext("What you have asked for stands below."))
    return intro


def _first_step(children: Sequence[Child]) -> tuple[LeaveStep, AbsenceDraft]:
    if len(children) == 1:
        return LeaveStep.FIRST, AbsenceDraft((children[0].id,))
    return LeaveStep.CHILDREN, AbsenceDraft()


def _own_button(view: LeaveView, tr: Texts) -> Button:
    row = view.row
    label = f"{STATE_SIGNS[row.state]} {row.pupil_name} · {tr.short_day(row.first)}"
    return Button(label, LeaveRequestTap(row.id, RequestStep.SHOW).pack())


def _decide_button(view: LeaveView, tr: Texts) -> Button:
    row = view.row
    label = f"🧳 {row.pupil_name}, {row.class_name} · {tr.short_day(row.first)}"
    return Button(label, DecideLeave(row.id, row.version, DecideStep.SHOW).pack())


def children_screen(children: Sequence[Child], draft: AbsenceDraft, tr: Texts) -> Screen:
    """Ask for whom; several may be chosen."""
    buttons = []
    for child in children:
        chosen = child.id in draft.children
        others = tuple(one for one in draft.children if one != child.id)
        if not chosen and len(others) >= MAX_CHILDREN:
            continue
        then = replace(draft, children=others if chosen else (*draft.children, child.id))
        label = f"{'✅' if chosen else '▫️'} {child.name}, {child.class_name}"
        buttons.append([Button(label, AskLeave(LeaveStep.CHILDREN, then).pack())])
    go_on = [_go_on(tr, AskLeave(LeaveStep.FIRST, draft))] if draft.children else []
    text = tr.gettext("For whom? You can choose several.")
    return Screen(text, rows(*buttons, go_on, [cancel_button(tr, Page.LEAVE)]))


def _go_on(tr: Texts, tap: AskLeave) -> Button:
    return Button("▶️ " + tr.plain.gettext("Go on"), tap.pack())


def day_screen(question: DayQuestion, tr: Texts) -> Screen:
    """Show a week of the small calendar; a day can be typed instead."""
    draft, week = question.draft, question.week
    lines = [_for_whom(question.children, tr)]
    if question.end and draft.first is not None:
        lines.append(tr.gettext("First day: {day}", day=draft.first))
        lines.append(tr.gettext("<b>Which is the last day?</b>"))
    else:
        lines.append(tr.gettext("<b>Which is the first day?</b>"))
    lines += [day_off_text(tr, off) for off in week.off if off.kind is not OffKind.WEEKEND]
    lines.append(tr.gettext("Choose, or write the day like 14.12."))
    choices = [
        day for day in week.days if not (question.end and day == draft.first)
    ]  # that one has a button of its own
    days = [Button(tr.short_day(day), _chosen(question, day).pack()) for day in choices]
    only = []
    if question.end and draft.first is not None:
        label = "☝️ " + tr.plain.gettext("Only this one day")
        only = [Button(label, AskLeave(LeaveStep.WHY, draft.with_days(draft.first)).pack())]
    turn = [
        Button(sign, LeaveCalendar(question.end, week.number + step, draft).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= week.number + step <= MAX_WEEKS
    ]
    return Screen(Html("\n".join(lines)), rows(only, *grid(days, 2), turn, [cancel_button(tr, Page.LEAVE)]))


def _for_whom(children: Sequence[Child], tr: Texts) -> Html:
    # Translators: the heading while a home asks for leave; {children} is a list of names
    return tr.gettext("🧳 Leave for {children}", children=tr.list([child.name for child in children]))


def _chosen(question: DayQuestion, day: date) -> AskLeave:
    if question.end:
        return AskLeave(LeaveStep.WHY, replace(question.draft, last=day))
    return AskLeave(LeaveStep.LAST, question.draft.with_days(day))


def why_screen(draft: AbsenceDraft, children: Sequence[Child], days: int, tr: Texts) -> Screen:
    """Ask for the reason, and say what does not belong into it (P5)."""
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (the action has looked)
    lines = [
        _for_whom(children, tr),
        f"📅 {span_text(tr, draft.first, draft.last, days)}",
        "",
        tr.gettext("✍️ <b>Why do you ask?</b> Write it now, in your own language."),
        tr.gettext("One line is enough. Please do not write about illness or other very private things."),
        # Translators: {n} is a number of characters
        tr.gettext("<i>At most {n} characters. Nothing is sent yet.</i>", n=WHY_LIMIT),
    ]
    return Screen(Html("\n".join(lines)), rows([cancel_button(tr, Page.LEAVE)]))


def review_screen(review: Review, actor: Actor, school: School, tr: Texts) -> Screen:
    """Show everything once more, and who answers, before anything is sent."""
    draft = review.draft
    assert draft.first is not None and draft.last is not None  # noqa: S101, PT018  (the action has looked)
    lines = [
        _for_whom(review.children, tr),
        f"📅 {span_text(tr, draft.first, draft.last, review.days)}",
        quoted(tr, review.why, actor.language),
        *_who_answers(review, school, tr),
        "",
        tr.gettext("Nothing has been sent yet. To change the reason, write it again."),
    ]
    again = AskLeave(LeaveStep.FIRST, AbsenceDraft(draft.children))
    buttons = rows(
        [Button("📨 " + tr.plain.gettext("Send to the school"), AskLeave(LeaveStep.SEND, draft).pack())],
        [Button("📅 " + tr.plain.gettext("Other days"), again.pack())],
        [cancel_button(tr, Page.LEAVE)],
    )
    return Screen(Html("\n".join(lines)), buttons)


def _who_answers(review: Review, school: School, tr: Texts) -> list[Html]:
    """One line when the same people answer for every child, else a line a child."""
    first = review.decides[0]
    if all((one.names, one.leadership) == (first.names, first.leadership) for one in review.decides):
        return [_answers(first, review.days, school, tr)]
    return [
        # Translators: {answer} says who decides about this child's leave
        tr.gettext("{child}: {answer}", child=one.child.name, answer=_answers(one, review.days, school, tr))
        for one in review.decides
    ]


def _answers(one: Decides, days: int, school: School, tr: Texts) -> Html:
    names = tr.list(one.names)
    if not one.leadership:
        return tr.gettext("👤 The contact teacher answers: {names}.", names=names)
    if days > school.leave_teacher_days:
        return tr.gettext(
            "👤 It is more than {n} school days, so the leadership answers: {names}.",
            n=school.leave_teacher_days,
            names=names,
        )
    return tr.gettext("👤 The leadership answers: {names}.", names=names)


def sent_screen(review: Review, answer_days: int, tr: Texts) -> Screen:
    """Tell the home who has it now, and that nothing is granted before they answer."""
    names = tr.list(dict.fromkeys(name for one in review.decides for name in one.names))
    lines = [
        tr.gettext("✅ Sent to {names}.", names=names),
        tr.ngettext(
            "You usually get an answer within {n} school day.",
            "You usually get an answer within {n} school days.",
            answer_days,
        ),
        tr.gettext("The answer comes here. Until then the leave is not granted."),
    ]
    own = to_page("🧳 " + tr.plain.gettext("My requests"), Page.LEAVE)
    return Screen(Html("\n".join(lines)), rows([own], [menu_button(tr)]))


def own_screen(view: LeaveView, actor: Actor, tr: Texts, today: date) -> Screen:
    """Show a request to its home."""
    standing = view.row.state in STANDING and view.row.last >= today
    back = [to_page("◀️ " + tr.plain.gettext("Back"), Page.LEAVE)]
    return Screen(home_text(tr, view, actor.person_id), rows([withdraw_button(tr, view.row)] if standing else [], back))


def withdraw_screen(view: LeaveView, actor: Actor, tr: Texts) -> Screen:
    """Ask once whether taking back is meant."""
    question = tr.gettext("Take it back? {child} then comes to school on these days.", child=view.row.pupil_name)
    yes = Button(
        "↩️ " + tr.plain.gettext("Yes, take it back"), LeaveRequestTap(view.row.id, RequestStep.WITHDRAW_YES).pack()
    )
    no = Button("◀️ " + tr.plain.gettext("No, leave it"), LeaveRequestTap(view.row.id, RequestStep.SHOW).pack())
    return Screen(Html(f"{home_text(tr, view, actor.person_id)}\n\n{question}"), rows([yes], [no]))


def request_screen(view: LeaveView, tr: Texts, *, toast: str = "") -> Screen:
    """Show a request to those who decide on it, as it stands now."""
    return Screen(school_text(tr, view), school_buttons(tr, view.row), toast=toast, alert=bool(toast))


def sentence_screen(view: LeaveView, tr: Texts, *, refuse: bool) -> Screen:
    """Ask for the school's sentence; a refusal offers ready-made ones."""
    row = view.row
    if refuse:
        question = tr.gettext(
            "✍️ <b>Why not?</b> Choose a sentence or write one. All guardians of {child} read it.", child=row.pupil_name
        )
    else:
        question = tr.gettext(
            "✍️ <b>Write your word to the home now.</b> With it the leave is granted. All guardians of {child} read it.",
            child=row.pupil_name,
        )
    back = Button("◀️ " + tr.plain.gettext("Back"), DecideLeave(row.id, row.version, DecideStep.SHOW).pack())
    ready = refuse_buttons(tr, row) if refuse else ()
    return Screen(Html(f"{school_text(tr, view)}\n\n{question}"), rows(*ready, [back]))
