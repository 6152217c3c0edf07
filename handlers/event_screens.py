"""The screens of composing an event: one question each, the likely answer first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.actions.events.compose import EventDraft
from bot.actions.events.fields import REMIND_DAYS_CHOICES, REMIND_HOURS_CHOICES
from bot.actions.events.render import event_title, render_event
from bot.actions.notices.board import audience_text
from bot.domain.event_draft import EventField, asked_fields, kinds_for, may_skip
from bot.domain.event_taps import (
    AskEventField,
    BrowseEvent,
    EventDraftAct,
    EventDraftStep,
    EventWeek,
    PickEventAudience,
    PickEventKind,
    PreviewEvent,
    SetEventField,
)
from bot.domain.events import EventKind
from bot.domain.leave import Week
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, Child, ClassInfo
from bot.i18n import Html, Texts, languages, texts
from bot.i18n.event_words import EVENT_NAMES, EVENT_SIGNS
from handlers.compose_screens import readability_hint
from handlers.keyboards import menu_button
from handlers.pickers import time_buttons, week_buttons

KINDS_PER_PAGE = 5
PUPILS_PER_PAGE = 10
LIKELY_STARTS = (time(8, 30), time(14, 0), time(17, 0), time(17, 30), time(18, 0), time(18, 30), time(19, 0))
LIKELY_LENGTHS = (timedelta(minutes=45), timedelta(hours=1), timedelta(minutes=90), timedelta(hours=2))

FIELD_NAMES: dict[EventField, str] = {
    # Translators: what an event's organiser is asked for, as a short heading and on buttons
    EventField.TITLE: N_("Name"),
    EventField.DAY: N_("Day"),
    EventField.STARTS: N_("Begins"),
    EventField.ENDS: N_("Ends"),
    EventField.PLACE: N_("Place"),
    EventField.AGENDA: N_("Agenda"),
    EventField.ANSWER_BY: N_("Answers until"),
    EventField.CHILDCARE: N_("Childcare"),
    EventField.REMIND_DAYS: N_("Days before"),
    EventField.REMIND_HOURS: N_("Hours before"),
}
QUESTIONS: dict[EventField, str] = {
    EventField.TITLE: N_("<b>What is it called?</b> Write a short name. Every language shows it as you write it."),
    EventField.DAY: N_("<b>Which day?</b> Tap it, or write it like 14.12."),
    EventField.STARTS: N_("<b>When does it begin?</b> Tap a time, or write it like 18:00."),
    EventField.ENDS: N_("<b>When does it end?</b> Tap a time, or write it like 19:30."),
    EventField.PLACE: N_("<b>Where?</b> Write the place. Every language shows it as you write it."),
    EventField.AGENDA: N_("<b>What is it about?</b> Write the agenda. Short sentences are read by more people."),
    EventField.ANSWER_BY: N_("<b>Until when do you need the answers?</b> Tap a day, or write it like 14.12."),
    EventField.CHILDCARE: N_("<b>Does somebody look after children meanwhile?</b> Then parents can ask for it."),
}


def discard_button(view: EventDraft, tr: Texts) -> Button:
    """Return the button that throws the draft away."""
    return Button("🗑 " + tr.plain.gettext("Discard"), _act(view, EventDraftStep.DISCARD))


def _act(view: EventDraft, step: EventDraftStep) -> str:
    return EventDraftAct(view.id, view.version, step).pack()


def heading(view: EventDraft, tr: Texts) -> Html:
    """Return what is known so far, in one line."""
    content = view.content
    parts = [f"<b>{event_title(tr, content.kind, content.title)}</b>"]
    if view.audience is not None and (view.reach.label or view.audience is AudienceKind.SCHOOL):
        parts.append(audience_text(view.audience, view.reach.label, tr))
    return Html(" · ".join(parts))


def kind_question(view: EventDraft, actor: Actor, tr: Texts, page: int = 0) -> Screen:
    """Ask what kind of event it is, of those that the actor may call."""
    kinds = kinds_for(actor)
    pages = max(1, -(-len(kinds) // KINDS_PER_PAGE))
    shown = kinds[(page % pages) * KINDS_PER_PAGE :][:KINDS_PER_PAGE]
    buttons = [[Button(_kind_label(kind, tr), PickEventKind(view.id, view.version, kind).pack())] for kind in shown]
    turn = BrowseEvent(view.id, view.version, "k", 0, (page + 1) % pages).pack()
    more = [Button("➕ " + tr.plain.gettext("More"), turn)] if pages > 1 else []
    text = tr.gettext("<b>What would you like to call?</b> Nobody is invited before you say so.")
    return Screen(text, rows(*buttons, [*more, discard_button(view, tr)]))


def _kind_label(kind: EventKind, tr: Texts) -> str:
    return f"{EVENT_SIGNS[kind]} {tr.plain.gettext(EVENT_NAMES[kind])}"


def audience_question(view: EventDraft, classes: Sequence[ClassInfo], actor: Actor, tr: Texts) -> Screen:
    """Ask whom the event is for, among what the kind allows and the actor reaches."""
    if not classes:
        text = tr.gettext("You have no class at this school yet. Ask the office to add you to one.")
        return Screen(text, rows([_browse(view, tr.plain.gettext("Kind"), "k")], [menu_button(tr)]))
    plain, pick, wide = tr.plain, [], []
    if AudienceKind.CLASSES in view.audiences:
        pick = [_pick(view, one.name, AudienceKind.CLASSES, one.id) for one in classes]
    if AudienceKind.SCHOOL in view.audiences and actor.leads:
        wide.append(_pick(view, "🏫 " + plain.gettext("The whole school"), AudienceKind.SCHOOL, 0))
    if AudienceKind.GRADE in view.audiences and actor.leads:
        wide.append(_browse(view, "🔢 " + plain.gettext("A year"), "g"))
    one = []
    if AudienceKind.PUPIL in view.audiences:
        one = [_browse(view, "👤 " + plain.gettext("One pupil's home"), "c")]
    question = tr.gettext("Who is it for?")
    text = Html(f"{heading(view, tr)}\n\n{question}")
    return Screen(text, rows(*grid(pick, 3), wide, one, [discard_button(view, tr)]))


def _pick(view: EventDraft, label: str, kind: AudienceKind, ref: int) -> Button:
    return Button(label, PickEventAudience(view.id, view.version, kind, ref).pack())


def _browse(view: EventDraft, label: str, what: str, ref: int = 0, page: int = 0) -> Button:
    return Button(label, BrowseEvent(view.id, view.version, what, ref, page).pack())


def grade_question(view: EventDraft, classes: Sequence[ClassInfo], tr: Texts) -> Screen:
    """Ask for a school year."""
    grades = sorted({one.grade for one in classes})
    buttons = [
        _pick(view, str(tr.plain.gettext("Year {grade}", grade=grade)), AudienceKind.GRADE, grade) for grade in grades
    ]
    return Screen(tr.gettext("Which year?"), rows(*grid(buttons, 3), [discard_button(view, tr)]))


def class_question(view: EventDraft, classes: Sequence[ClassInfo], tr: Texts) -> Screen:
    """Ask in which class the pupil is."""
    buttons = [_browse(view, one.name, "p", one.id) for one in classes]
    return Screen(tr.gettext("In which class?"), rows(*grid(buttons, 3), [discard_button(view, tr)]))


def pupil_question(view: EventDraft, class_id: int, pupils: Sequence[Child], page: int, tr: Texts) -> Screen:
    """Ask for a pupil, ten at a time."""
    last = max(0, (len(pupils) - 1) // PUPILS_PER_PAGE)
    page = min(max(page, 0), last)
    shown = pupils[page * PUPILS_PER_PAGE : (page + 1) * PUPILS_PER_PAGE]
    buttons = [_pick(view, child.name, AudienceKind.PUPIL, child.id) for child in shown]
    turn = [
        _browse(view, sign, "p", class_id, page + step)
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    return Screen(tr.gettext("Whose home?"), rows(*grid(buttons, 2), turn, [discard_button(view, tr)]))


def field_question(view: EventDraft, field: EventField, week: Week, today: date, tr: Texts) -> Screen:
    """Ask for one field: likely answers as buttons, anything else typed."""
    options = _options(view, field, week, today, tr)
    skip = []
    if may_skip(view.kind, field) and field is not EventField.CHILDCARE:
        skip = [Button("⏭ " + tr.plain.gettext(_SKIPS.get(field, "Skip")), _set(view, field, ""))]
    text = Html(f"{heading(view, tr)}\n\n{tr.gettext(QUESTIONS[field])}")
    return Screen(text, rows(*options, [*skip, discard_button(view, tr)]))


_SKIPS = {
    EventField.STARTS: N_("The whole day"),
    EventField.ENDS: N_("Leave it open"),
    EventField.ANSWER_BY: N_("Until it begins"),
}


def _set(view: EventDraft, field: EventField, value: str) -> str:
    return SetEventField(view.id, view.version, field, value).pack()


def _options(view: EventDraft, field: EventField, week: Week, today: date, tr: Texts) -> Rows:
    match field:
        case EventField.DAY:
            return week_buttons(
                week,
                tr,
                lambda day: SetEventField(view.id, view.version, field, day.isoformat()),
                lambda number: EventWeek(view.id, view.version, number),
            )
        case EventField.STARTS:
            return time_buttons(LIKELY_STARTS, tr, lambda at: _set_time(view, field, at))
        case EventField.ENDS if view.content.starts is not None:
            return time_buttons(likely_ends(view.content.starts), tr, lambda at: _set_time(view, field, at))
        case EventField.ANSWER_BY:
            return grid(
                [Button(tr.short_day(day), _set(view, field, day.isoformat())) for day in _deadlines(view, today)], 2
            )
        case EventField.CHILDCARE:
            plain = tr.plain
            return (
                (
                    Button("✅ " + plain.gettext("Yes"), _set(view, field, "1")),
                    Button("❌ " + plain.gettext("No"), _set(view, field, "0")),
                ),
            )
        case _:
            return ()


def _set_time(view: EventDraft, field: EventField, at: time) -> SetEventField:
    return SetEventField(view.id, view.version, field, f"{at:%H:%M}")


def likely_ends(starts: time) -> list[time]:
    """Return the likely ends of something that begins at `starts`, on the same day."""
    begin = datetime.combine(date(2000, 1, 1), starts)
    return [(begin + length).time() for length in LIKELY_LENGTHS if (begin + length).date() == begin.date()]


def _deadlines(view: EventDraft, today: date) -> list[date]:
    """Return likely last days for answers: a week, three, two days, a day before."""
    if view.content.day is None:
        return []
    days = (view.content.day - timedelta(days=n) for n in (7, 3, 2, 1))
    return [day for day in days if day > today]


def overview(view: EventDraft, tr: Texts, *, toast: str = "") -> Screen:
    """Show the whole draft as its readers see it, whom it reaches, and what can be done."""
    parts = [render_event(view.content, tr), "———", _reach(view, tr)]
    hint = readability_hint(view.content.text, tr)
    if hint:
        parts.append(hint)
    return Screen(Html("\n\n".join(parts)), _overview_buttons(view, tr), toast=toast)


def _reach(view: EventDraft, tr: Texts) -> Html:
    lines: list[str] = [
        tr.ngettext("👥 {n} person will be invited.", "👥 {n} people will be invited.", view.reach.invited)
    ]
    if view.reach.unreached:
        lines.append(
            tr.ngettext(
                "{n} of them has not opened the bot yet and will not get it.",
                "{n} of them have not opened the bot yet and will not get it.",
                view.reach.unreached,
            )
        )
    if view.childcare:
        lines.append("🧒 " + tr.gettext("Childcare is offered."))
    lines.append("🔔 " + reminders_text(view, tr))
    return Html("\n".join(lines))


def reminders_text(view: EventDraft, tr: Texts) -> Html:
    """Return when people will be reminded."""
    days = tr.ngettext("{n} day before", "{n} days before", view.remind_days) if view.remind_days else None
    hours = tr.ngettext("{n} hour before", "{n} hours before", view.remind_hours) if view.remind_hours else None
    when = [one for one in (days, hours) if one is not None]
    if not when:
        return tr.gettext("Nobody is reminded.")
    # Translators: {when} is a list such as "2 days before and 2 hours before"
    return tr.gettext("Reminders: {when}", when=tr.list(when))


def _overview_buttons(view: EventDraft, tr: Texts) -> Rows:
    plain = tr.plain
    label = plain.ngettext("Invite {n} person", "Invite {n} people", view.reach.invited)
    previews = [
        Button("👁 " + languages()[code].name, PreviewEvent(view.id, view.version, code).pack())
        for code in view.reach.languages
        if code != tr.code
    ]
    return rows(
        [Button(f"📨 {label}", _act(view, EventDraftStep.INVITE))],
        *grid(previews, 3),
        [
            Button("✏️ " + plain.gettext("Change"), _act(view, EventDraftStep.CHANGE)),
            Button("🔔 " + plain.gettext("Reminders"), _act(view, EventDraftStep.REMINDERS)),
        ],
        [discard_button(view, tr)],
    )


def preview_screen(view: EventDraft, tr: Texts, language: str) -> Screen:
    """Show the invitation as a reader of another language will see it."""
    head = tr.gettext("👁 <b>This is how it reads in {language}</b>", language=languages()[language].name)
    back = Button("◀️ " + tr.plain.gettext("Back"), _act(view, EventDraftStep.OVERVIEW))
    return Screen(Html(f"{head}\n\n{render_event(view.content, texts(language))}"), rows([back]))


def change_screen(view: EventDraft, tr: Texts) -> Screen:
    """Ask what of the draft is to be changed."""
    plain = tr.plain
    whole_day = view.content.starts is None
    fields = [
        Button(plain.gettext(FIELD_NAMES[field]), AskEventField(view.id, view.version, field).pack())
        for field in asked_fields(view.kind, whole_day=whole_day)
    ]
    fields.append(_browse(view, plain.gettext("Who it is for"), "a"))
    fields.append(_browse(view, plain.gettext("Kind"), "k"))
    back = Button("◀️ " + plain.gettext("Back"), _act(view, EventDraftStep.OVERVIEW))
    question = tr.gettext("What do you want to change?")
    text = Html(f"{heading(view, tr)}\n\n{question}")
    return Screen(text, rows(*grid(fields, 3), [back]))


def reminders_screen(view: EventDraft, tr: Texts) -> Screen:
    """Choose how long before people are reminded; 0 is not at all."""

    def choices(sign: str, field: EventField, offered: Sequence[int], chosen: int) -> list[Button]:
        return [Button(f"{'✅' if n == chosen else sign} {n}", _set(view, field, str(n))) for n in offered]

    days = choices("📆", EventField.REMIND_DAYS, REMIND_DAYS_CHOICES, view.remind_days)
    hours = choices("🕑", EventField.REMIND_HOURS, REMIND_HOURS_CHOICES, view.remind_hours)
    back = Button("◀️ " + tr.plain.gettext("Back"), _act(view, EventDraftStep.OVERVIEW))
    lines = [
        heading(view, tr),
        "",
        "🔔 " + reminders_text(view, tr),
        tr.gettext("📆 days before · 🕑 hours before · 0 means no reminder"),
    ]
    return Screen(Html("\n".join(lines)), rows(days, hours, [back]))


def discarded_screen(tr: Texts) -> Screen:
    """Say that the draft is gone."""
    return Screen(tr.gettext("🗑 Discarded. Nobody was invited."), rows([menu_button(tr)]))
