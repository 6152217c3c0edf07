"""The screens of a report of absence. The draft travels in their buttons; nothing is stored before the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.actions.absence.report import ReportStart
from bot.actions.absence.words import absence_text, day_off_text, days_text, reason_text, sign
from bot.domain.absence import (
    MAX_CHILDREN,
    TOLD_BY_HOMES,
    AbsenceDraft,
    AbsenceKind,
    AbsenceReason,
    NoSchoolThen,
)
from bot.domain.absence_taps import AbsenceCalendar, ReportAbsence, ReportStep
from bot.domain.calendar import SchoolCalendar
from bot.domain.errors import InvalidInput
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Child
from bot.domain.school import School
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.absence_words import KIND_SIGNS, REASON_SIGNS
from handlers.keyboards import cancel_button, menu_button, to_page

WEEKS_SHOWN = 2
LATE_STEP = timedelta(minutes=30)


def step(label: str, at: ReportStep, draft: AbsenceDraft) -> Button:
    """Return a button that leads to a step of the report with this draft."""
    return Button(label, ReportAbsence(at, draft).pack())


def of_age_line(names: Sequence[str], tr: Texts) -> Html:
    """Say that a pupil of 18 reports alone (P4); empty when there is none."""
    if not names:
        return Html("")
    # Translators: {names} are one or several pupils of 18 or older
    return tr.gettext(
        "{names}: of age, and reports absence alone. What is reported is not shown to you.", names=tr.list(names)
    )


def children_screen(start: ReportStart, draft: AbsenceDraft, tr: Texts) -> Screen:
    """Ask for whom; nobody to report for says why."""
    note = of_age_line(start.of_age, tr)
    if not start.children:
        text = tr.gettext("No child is connected to you here.")
        return Screen(Html(f"{text}\n\n{note}" if note else text), rows([menu_button(tr)]))
    buttons = [
        [step(f"{c.name}, {c.class_name}", ReportStep.KIND, replace(draft, children=(c.id,)))] for c in start.children
    ]
    several = tuple(c.id for c in start.children)
    together = []
    if 1 < len(several) <= MAX_CHILDREN:
        label = tr.plain.gettext("All: {names}", names=tr.plain.list(c.name.split()[0] for c in start.children))
        together = [step(str(label), ReportStep.KIND, replace(draft, children=several))]
    if len(several) > 2:
        together.append(step(str(tr.plain.gettext("Several …")), ReportStep.CHILDREN, draft))
    text = tr.gettext("For whom do you report absence?")
    return Screen(Html(f"{text}\n\n{note}" if note else text), rows(*buttons, together, [cancel_button(tr)]))


def toggle_children_screen(start: ReportStart, draft: AbsenceDraft, tr: Texts) -> Screen:
    """Let several children be chosen."""
    buttons = []
    for child in start.children:
        chosen = child.id in draft.children
        ids = tuple(i for i in draft.children if i != child.id) if chosen else (*draft.children, child.id)
        mark = "✅" if chosen else "▫️"
        if len(ids) <= MAX_CHILDREN:
            buttons.append([step(f"{mark} {child.name}", ReportStep.CHILDREN, replace(draft, children=ids))])
    done = [step(str(tr.plain.gettext("Done")), ReportStep.KIND, draft)] if draft.children else []
    return Screen(tr.gettext("Choose the children, then “Done”."), rows(*buttons, done, [cancel_button(tr)]))


def what_screen(start: ReportStart, draft: AbsenceDraft, children: Sequence[Child], tr: Texts) -> Screen:
    """Ask what is the matter: the likely answers in one tap."""
    plain = tr.plain
    ill = replace(draft, kind=AbsenceKind.ABSENT, reason=AbsenceReason.ILL, starts=None, ends=None)
    quick = [
        [
            step(
                "🤒 " + plain.gettext("Ill: {day}", day=_day_label(day, start, tr)),
                ReportStep.CONFIRM,
                ill.with_days(day),
            )
        ]
        for day in start.next_days
    ]
    late = replace(draft, kind=AbsenceKind.LATE, reason=None, starts=None, ends=None)
    part = replace(draft, kind=AbsenceKind.PART, reason=None, starts=None, ends=None)
    first = start.next_days[0] if start.next_days else None
    if first is not None:
        today = [
            step(_signed(AbsenceKind.LATE, plain.gettext("Comes late")), ReportStep.TIME, late.with_days(first)),
            step(
                _signed(AbsenceKind.PART, plain.gettext("Part of the day")),
                ReportStep.TIME,
                part.with_days(first),
            ),
        ]
    else:
        today = []
    other = [
        Button(
            "📅 " + plain.gettext("Other days or reason"),
            AbsenceCalendar(False, 0, replace(draft, kind=None, reason=None)).pack(),
        )
    ]
    more = [
        to_page("🧳 " + plain.gettext("Ask for leave"), Page.LEAVE),
        to_page("📋 " + plain.gettext("Overview"), Page.OVERVIEW),
    ]
    names = tr.list(child.name for child in children)
    lines = [tr.gettext("<b>{names}</b>: what would you like to report?", names=names)]
    if not start.today_open:
        lines.append(tr.gettext("There is no more school today."))
    return Screen(Html("\n".join(lines)), rows(*quick, today, other, more))


def _signed(kind: AbsenceKind, label: str) -> str:
    return f"{KIND_SIGNS[kind]} {label}"


def _day_label(day: date, start: ReportStart, tr: Texts) -> str:
    if start.today_open and day == start.next_days[0]:
        # Translators: on a button, as in "Ill: today"
        return str(tr.plain.pgettext("button", "today"))
    return tr.short_day(day)


def calendar_screen(
    draft: AbsenceDraft, *, end: bool, week: int, today: date, calendar: SchoolCalendar, school: School, tr: Texts
) -> Screen:
    """Let a day be chosen on a small calendar of two school weeks; days off are not there.

    Args:
        week: how many weeks from this one the calendar begins.
    """
    furthest = today + timedelta(days=school.report_ahead_days)
    last_week = (furthest - _monday(today)).days // 7
    week = max(0, min(week, last_week))
    begin = _monday(today) + timedelta(weeks=week)
    earliest = draft.first if end and draft.first else today
    days = [
        day
        for day in calendar.school_days(begin, begin + timedelta(weeks=WEEKS_SHOWN, days=-1))
        if day >= earliest and (end or day <= furthest)
    ]
    buttons = grid([_day_button(draft, day, end=end, tr=tr) for day in days], 3)
    turn = [
        Button(label, AbsenceCalendar(end, week + by, draft).pack())
        for label, by, there in (("◀️", -WEEKS_SHOWN, week > 0), ("▶️", WEEKS_SHOWN, week + WEEKS_SHOWN <= last_week))
        if there
    ]
    if end and draft.first is not None:
        text = tr.gettext("From {day}. Until when?", day=draft.first)
        only = [[step(str(tr.plain.gettext("Only that day")), ReportStep.KIND, draft.with_days(draft.first))]]
    else:
        text, only = tr.gettext("Which day? If it is several, choose the first one."), []
    if not days:
        text = Html(text + "\n" + tr.gettext("There is no school in these two weeks."))
    return Screen(text, rows(*only, *buttons, turn, [cancel_button(tr)]))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day_button(draft: AbsenceDraft, day: date, *, end: bool, tr: Texts) -> Button:
    if end and draft.first is not None:
        return step(tr.short_day(day), ReportStep.KIND, draft.with_days(draft.first, day))
    return Button(tr.short_day(day), AbsenceCalendar(True, 0, draft.with_days(day)).pack())


def kind_screen(draft: AbsenceDraft, children: Sequence[Child], today: date, tr: Texts) -> Screen:
    """Ask whether it is whole days, late, or a part."""
    plain = tr.plain
    buttons = [
        [
            step(
                _signed(AbsenceKind.ABSENT, plain.gettext("The whole day")),
                ReportStep.REASON,
                replace(draft, kind=AbsenceKind.ABSENT),
            )
        ],
        [
            step(
                _signed(AbsenceKind.LATE, plain.gettext("Comes late")),
                ReportStep.TIME,
                replace(draft, kind=AbsenceKind.LATE),
            )
        ],
        [
            step(
                _signed(AbsenceKind.PART, plain.gettext("Part of the day")),
                ReportStep.TIME,
                replace(draft, kind=AbsenceKind.PART),
            )
        ],
    ]
    return Screen(_head(draft, children, today, tr), rows(*buttons, [cancel_button(tr)]))


def reason_screen(
    draft: AbsenceDraft,
    children: Sequence[Child],
    today: date,
    tr: Texts,
    *,
    note: Html | None = None,
    others: Sequence[Button] = (),
    replies: bool = False,
) -> Screen:
    """Ask why, in codes (no diagnosis is ever asked for); the answer reports."""
    buttons = [
        [
            step(
                f"{REASON_SIGNS[reason]} {_capital(str(reason_text(tr.plain, reason)))}",
                ReportStep.CONFIRM,
                replace(draft, reason=reason),
            )
        ]
        for reason in TOLD_BY_HOMES
    ]
    lines = [_head(draft, children, today, tr), tr.gettext("Why? Your tap reports it.")]
    return Screen(
        Html("\n".join([*lines, *([note] if note else [])])),
        rows(*buttons, *([other] for other in others), [cancel_button(tr)]),
        replies=replies,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _head(draft: AbsenceDraft, children: Sequence[Child], today: date, tr: Texts) -> Html:
    names = tr.list(child.name for child in children)
    if draft.first is None or draft.last is None:
        return Html(f"<b>{names}</b>")
    return Html(f"<b>{names}</b>: {days_text(tr, draft.first, draft.last, today)}")


def time_screen(draft: AbsenceDraft, children: Sequence[Child], school: School, today: date, tr: Texts) -> Screen:
    """Ask when the pupil comes, or for a part of the day when it leaves and comes back."""
    plain, next_step = tr.plain, ReportStep.REASON
    if draft.kind is AbsenceKind.LATE:
        ask, unknown = tr.gettext("When about does school see you?"), plain.gettext("Not sure yet")
        buttons = [step(tr.clock(at), next_step, replace(draft, ends=at)) for at in _clock_steps(school, 30, 6)]
        skip = step(str(unknown), next_step, replace(draft, ends=None))
    elif draft.starts is None:
        ask, unknown = tr.gettext("When does the absence begin?"), plain.gettext("From the morning")
        buttons = [step(tr.clock(at), ReportStep.TIME, replace(draft, starts=at)) for at in _clock_steps(school, 60, 6)]
        skip = step(str(unknown), ReportStep.TIME, replace(draft, starts=school.hours.start))
    else:
        ask, unknown = tr.gettext("When about is it over?"), plain.gettext("Not back on that day")
        later = [at for at in _clock_steps(school, 60, 8) if at > draft.starts]
        buttons = [step(tr.clock(at), next_step, replace(draft, ends=at)) for at in later]
        skip = step(str(unknown), next_step, replace(draft, ends=None))
    text = Html(f"{_head(draft, children, today, tr)}\n{ask}")
    return Screen(text, rows(*grid(buttons, 3), [skip], [cancel_button(tr)]))


def _clock_steps(school: School, minutes: int, most: int) -> list[time]:
    day = date(2000, 1, 1)
    start, end = datetime.combine(day, school.hours.start), datetime.combine(day, school.hours.end)
    steps: list[time] = []
    at = start + timedelta(minutes=minutes)
    while at < end and len(steps) < most:
        steps.append(at.time())
        at += timedelta(minutes=minutes)
    return steps


def what_text(draft: AbsenceDraft, today: date, tr: Texts) -> Html:
    """Return what is reported without for whom: "🏠 illness, today (Tuesday 24 November)"."""
    assert draft.kind and draft.first and draft.last  # noqa: S101, PT018  (the caller's draft has days and kind)
    what = absence_text(tr, draft.kind, draft.reason or AbsenceReason.UNKNOWN, draft.starts, draft.ends)
    comma = "،" if tr.rtl else ","
    return Html(f"{what}{comma} {days_text(tr, draft.first, draft.last, today)}")


def report_text(draft: AbsenceDraft, children: Sequence[Child], today: date, tr: Texts) -> Html:
    """Return a whole draft in words: "🏠 Ali Haddad: illness, today (Tuesday 24 November)"."""
    assert draft.kind  # noqa: S101  (the caller's draft is whole)
    names = tr.list(child.name for child in children)
    return Html(f"{sign(draft.kind)} <b>{names}</b>: {what_text(draft, today, tr)}")


def review_screen(
    draft: AbsenceDraft,
    children: Sequence[Child],
    today: date,
    tr: Texts,
    *,
    note: Html | None = None,
    others: Sequence[Button] = (),
    replies: bool = False,
) -> Screen:
    """Show a whole draft before it is reported; nothing has been sent yet."""
    plain = tr.plain
    lines = [tr.gettext("Shall I report this?"), report_text(draft, children, today, tr)]
    if note:
        lines.append(note)
    lines.append(tr.gettext("<i>Nothing has been sent yet.</i>"))
    yes = step("✅ " + plain.gettext("Yes, report it"), ReportStep.CONFIRM, draft)
    blank = replace(draft, first=None, last=None, kind=None, reason=None, starts=None, ends=None)
    change = step("✏️ " + plain.gettext("Change"), ReportStep.KIND, blank)
    return Screen(
        Html("\n".join(lines)),
        rows([yes], [change], *([other] for other in others), [cancel_button(tr)]),
        replies=replies,
    )


def days_refused_screen(refused: InvalidInput, draft: AbsenceDraft, tr: Texts, *, replies: bool = False) -> Screen:
    """Say why the days do not fit, and lead on: the next school day, or the calendar."""
    if isinstance(refused, NoSchoolThen):
        text = Html(day_off_text(tr, refused.day_off) + "\n" + tr.gettext("There is nothing to report then."))
        following = refused.next_day
    else:
        text, following = tr.gettext(refused.sentence, **refused.fields), None
    plain = tr.plain
    next_day = []
    if following is not None:
        moved = draft.with_days(following)
        next_day = [
            step(str(plain.gettext("Report it for {day}", day=tr.short_day(following))), ReportStep.REVIEW, moved)
        ]
    choose = Button(
        "📅 " + plain.gettext("Choose another day"),
        AbsenceCalendar(False, 0, replace(draft, first=None, last=None)).pack(),
    )
    write = to_page("✍️ " + plain.gettext("Write to the teacher"), Page.WRITE)
    return Screen(text, rows(next_day, [choose], [write], [cancel_button(tr)]), replies=replies)
