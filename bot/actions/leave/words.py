"""Leave in words and buttons, the same in a message and on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.actions.translation.words import free
from bot.domain.free_text import Look
from bot.domain.leave import LeaveState, ReadyRefusal
from bot.domain.leave_taps import DecideLeave, DecideStep, LeaveRequestTap, RefuseReady, RequestStep
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from storage.queries.leave import LeaveRow

READY_SENTENCES: dict[ReadyRefusal, str] = {
    # Translators: why the school does not grant leave; a button at the school, a sentence at home: short and kind
    ReadyRefusal.TESTS: N_("There are tests that week."),
    ReadyRefusal.TOO_LONG: N_("The leave is longer than the school may grant."),
    ReadyRefusal.MUCH_ABSENCE: N_("There has been much absence already."),
    ReadyRefusal.TALK_FIRST: N_("We would like to talk about it first. Please call us."),
}

STATE_SIGNS: dict[LeaveState, str] = {
    LeaveState.ASKED: "⏳",
    LeaveState.GRANTED: "✅",
    LeaveState.REFUSED: "❌",
    LeaveState.WITHDRAWN: "↩️",
}


@dataclass(frozen=True, slots=True)
class LeaveView:
    """A request with the names that its screens need; `decider` is who answered it."""

    row: LeaveRow
    asker: str
    decider: str


def span_text(tr: Texts, first: date, last: date, days: int) -> Html:
    """Return days in words: "Monday 14 December to Friday 18 December, 5 school days"."""
    # Translators: a stretch of days, both included; {first} and {last} are dates with weekday
    span = tr.value(first) if first == last else tr.gettext("{first} to {last}", first=first, last=last)
    count = tr.ngettext("{n} school day", "{n} school days", days)
    # Translators: {days} is "Monday 14 December to Friday 18 December", {count} is "5 school days"
    return tr.gettext("{days} ({count})", days=span, count=count)


def row_span(tr: Texts, row: LeaveRow) -> Html:
    """Return a request's days in words."""
    return span_text(tr, row.first, row.last, row.days)


def decision_words(tr: Texts, row: LeaveRow) -> Html:
    """Return the school's sentence in the reader's language: a ready-made one, or one that was translated."""
    if row.decision_ready is not None:
        return tr.gettext(READY_SENTENCES[row.decision_ready])
    return free(tr, Subject.LEAVE_ANSWER, row.id) if row.decision_text else Html("")


def school_text(tr: Texts, view: LeaveView, *, reminder: bool = False) -> Html:
    """Return a request as the one who decides on it reads it, with how it stands."""
    row = view.row
    lines = [
        tr.gettext(
            "🧳 <b>{guardian}</b> asks for leave for {child} ({school_class}):",
            guardian=view.asker,
            child=row.pupil_name,
            school_class=row.class_name,
        ),
        f"📅 {row_span(tr, row)}",
        free(tr, Subject.LEAVE, row.id),
    ]
    if reminder:
        lines.insert(0, tr.gettext("🔔 The home still waits for an answer to this."))
    lines += _outcome_for_school(tr, view)
    return Html("\n".join(line for line in lines if line))


def _outcome_for_school(tr: Texts, view: LeaveView) -> list[Html]:
    match view.row.state:
        case LeaveState.ASKED:
            return []
        case LeaveState.GRANTED:
            return [tr.gettext("✅ <b>Granted</b> by {name}.", name=view.decider), decision_words(tr, view.row)]
        case LeaveState.REFUSED:
            return [tr.gettext("❌ <b>Not granted</b>, by {name}.", name=view.decider), decision_words(tr, view.row)]
        case LeaveState.WITHDRAWN:
            return [tr.gettext("↩️ <b>The home has taken it back.</b> Nothing more is to be done.")]


def school_buttons(tr: Texts, row: LeaveRow) -> Rows:
    """Return what the school can do with a request: nothing once it is answered."""
    if row.state is not LeaveState.ASKED:
        return ()
    plain = tr.plain

    def act(label: str, step: DecideStep) -> list[Button]:
        return [Button(label, DecideLeave(row.id, row.version, step).pack())]

    return rows(
        act("✅ " + plain.gettext("Grant"), DecideStep.GRANT),
        act("💬 " + plain.gettext("Grant with a word"), DecideStep.GRANT_WORD),
        act("❌ " + plain.gettext("Refuse"), DecideStep.REFUSE),
    )


def refuse_buttons(tr: Texts, row: LeaveRow) -> Rows:
    """Return the ready-made sentences of a refusal."""
    return tuple(
        (Button(str(tr.plain.gettext(sentence)), RefuseReady(row.id, row.version, code).pack()),)
        for code, sentence in READY_SENTENCES.items()
    )


def home_text(tr: Texts, view: LeaveView, reader: int) -> Html:
    """Return a request as a guardian reads it; the home's reason only to the one who wrote it (P9)."""
    row = view.row
    lines = [tr.gettext("🧳 <b>Leave for {child}</b>", child=row.pupil_name), f"📅 {row_span(tr, row)}"]
    if row.asked_by == reader:
        lines.append(free(tr, Subject.LEAVE, row.id, Look.ORIGINAL))  # the reader's own words
    lines += _outcome_for_home(tr, view)
    return Html("\n".join(line for line in lines if line))


def _outcome_for_home(tr: Texts, view: LeaveView) -> list[Html]:
    match view.row.state:
        case LeaveState.ASKED:
            return [tr.gettext("⏳ The school has not answered yet.")]
        case LeaveState.GRANTED:
            return [tr.gettext("✅ <b>Granted</b> by {name}.", name=view.decider), decision_words(tr, view.row)]
        case LeaveState.REFUSED:
            return [
                tr.gettext("❌ <b>Not granted.</b> {name} writes:", name=view.decider),
                decision_words(tr, view.row),
            ]
        case LeaveState.WITHDRAWN:
            return [tr.gettext("↩️ Taken back by the home.")]


def withdraw_button(tr: Texts, row: LeaveRow) -> Button:
    """Return the way to take a request back."""
    return Button("↩️ " + tr.plain.gettext("Take it back"), LeaveRequestTap(row.id, RequestStep.WITHDRAW).pack())
