"""An invitation and its answer slip in words and buttons, the same in a message and on a screen (M1 to M3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.events.render import content_of, event_title, render_event, when_text
from bot.domain.calendar_taps import EventFile
from bot.domain.conference_taps import OpenBooking
from bot.domain.events import EVENT_RULES, AfterWish, Ask, EventAnswer, EventKind, InterpreterWish
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.domain.slip import UNKNOWN_LANGUAGE, Question, SlipState, slip_state
from bot.domain.slip_taps import AnswerSlip, AskSlip, ShowSlip, WriteTopic
from bot.domain.taps import OpenPage, Page
from bot.i18n import Html, Texts
from bot.i18n.event_words import EVENT_ANSWER_SIGNS, EVENT_ANSWERS, GENDER_NAMES
from bot.i18n.words import language_name
from storage.models import Event, Invitation

AFTER_NAMES: dict[AfterWish, str] = {
    # Translators: what somebody who cannot come would like; a button, first person
    AfterWish.SUMMARY: N_("Send me the summary"),
    AfterWish.OTHER_DATE: N_("I would like another date"),
    AfterWish.NOTHING: N_("Nothing, thank you"),
}
AFTER_SIGNS = {AfterWish.SUMMARY: "📝", AfterWish.OTHER_DATE: "📅", AfterWish.NOTHING: "👌"}


def asks_of(event: Event) -> frozenset[Ask]:
    """Return what the slip of an event asks; childcare only where it is offered."""
    asks = EVENT_RULES[event.kind].asks
    return asks if event.childcare else asks - {Ask.CHILDCARE}


def answerable(event: Event) -> bool:
    """Tell whether an event has a slip: a date of the year has none, a round of conferences is booked instead."""
    return event.kind not in {EventKind.DATE, EventKind.CONFERENCE}


def state_of(event: Event, now: datetime) -> SlipState:
    """Return whether an event can still be answered."""
    assert event.starts_at is not None  # noqa: S101  (nobody is invited before it has its time)
    cancelled = event.cancelled_at is not None
    return slip_state(now, event.starts_at, event.ends_at, event.answers_until, cancelled=cancelled)


def current_answer(event: Event, invitation: Invitation) -> EventAnswer | None:
    """Return the answer to the event as it is now; one from before a change is to be given again."""
    return invitation.answer if invitation.answered_revision == event.revision else None


def event_head(tr: Texts, event: Event) -> Html:
    """Return what and when, to stand above a question about it."""
    head = f"<b>{event_title(tr, event.kind, event.title)}</b>"
    if event.day is not None:
        head += f"\n📅 {when_text(tr, event.day, event.starts, event.ends)}"
    return Html(head)


def slip_text(
    tr: Texts, event: Event, invitation: Invitation, organiser: str, children: Sequence[str], now: datetime
) -> Html:
    """Return an invitation with the reader's own answer and what comes next."""
    state = state_of(event, now)
    content = content_of(event, organiser)
    if state is not SlipState.OPEN or current_answer(event, invitation) is not None:
        content = replace(content, answer_by=None)  # nobody is asked for what they have answered
    parts = [render_event(content, tr, children=children)]
    if answerable(event):
        if state is SlipState.OPEN and current_answer(event, invitation) is None:
            parts.append(_offers(tr, event))
        parts += [answer_text(tr, event, invitation), _state_text(tr, event, invitation, state)]
    return Html("\n\n".join(part for part in parts if part))


def _offers(tr: Texts, event: Event) -> Html:
    """What the school helps with, so that it keeps nobody away."""
    asks = asks_of(event)
    lines = []
    if Ask.INTERPRETER in asks:
        lines.append(tr.gettext("🗣 You can have an interpreter. It is free."))
    if Ask.CHILDCARE in asks:
        lines.append(tr.gettext("🧒 Somebody looks after your children meanwhile, if you like."))
    return Html("\n".join(lines))


def _state_text(tr: Texts, event: Event, invitation: Invitation, state: SlipState) -> Html:
    if state is SlipState.OVER:
        return tr.gettext("This is over.")
    if state is SlipState.CLOSED:
        return tr.gettext("The time for answers is over. If something has changed, write to the teacher.")
    if state is SlipState.OPEN and current_answer(event, invitation) is not None:
        if event.answer_by is not None:
            return tr.gettext("<i>You can change your answer until {day}.</i>", day=event.answer_by)
        return tr.gettext("<i>You can change your answer until it begins.</i>")
    return Html("")


def answer_text(tr: Texts, event: Event, invitation: Invitation) -> Html:
    """Return the own answer with everything that belongs to it; "" when there is none."""
    if invitation.answer is None:
        return Html("")
    answer = tr.gettext(EVENT_ANSWERS[invitation.answer])
    if current_answer(event, invitation) is None:
        # Translators: {answer} is what the guardian chose, such as "I am coming"
        return tr.gettext("Before the change you answered: <b>{answer}</b>. Does that still hold?", answer=answer)
    # Translators: {answer} is what the guardian chose, such as "I am coming"
    lines = [f"{EVENT_ANSWER_SIGNS[invitation.answer]} " + tr.gettext("Your answer: <b>{answer}</b>", answer=answer)]
    if invitation.answer is EventAnswer.OTHER_COMES:
        lines.append(
            tr.gettext("Each guardian answers for themselves: nothing has been answered for anybody else at home.")
        )
    if invitation.people:
        lines.append("👥 " + tr.ngettext("{n} person", "{n} people", invitation.people))
    if invitation.interpreter is not None:
        lines.append("🗣 " + interpreter_text(tr, invitation))
    if invitation.childcare:
        lines.append("🧒 " + tr.ngettext("Childcare for {n} child", "Childcare for {n} children", invitation.childcare))
    if invitation.after is not None and invitation.after is not AfterWish.NOTHING:
        lines.append(f"{AFTER_SIGNS[invitation.after]} {tr.gettext(AFTER_NAMES[invitation.after])}")
    return Html("\n".join(lines))


def interpreter_text(tr: Texts, invitation: Invitation) -> Html:
    """Return the wish for an interpreter: "Interpreter: Arabic, Moroccan, a woman"."""
    if invitation.interpreter is InterpreterWish.NO_THANKS:
        return tr.gettext("No interpreter, thank you")
    language, parts = invitation.interpreter_language, []
    if language != UNKNOWN_LANGUAGE:
        parts.append(tr.value(language_name(language, tr)))
    if invitation.dialect:
        parts.append(tr.value(invitation.dialect))
    if invitation.gender is not None:
        parts.append(tr.gettext(GENDER_NAMES[invitation.gender]))
    # Translators: {wishes} is a list such as "Arabic, Moroccan, a woman"
    return tr.gettext("Interpreter: {wishes}", wishes=Html((" · ").join(parts)))


def slip_buttons(tr: Texts, event: Event, invitation: Invitation, now: datetime, *, change: bool = False) -> Rows:
    """Return what the reader can do with an invitation now; with `change` the answers to choose from again."""
    state, answer = state_of(event, now), current_answer(event, invitation)
    if state in {SlipState.CANCELLED, SlipState.OVER}:
        return ()
    calendar = [Button("📅 " + tr.plain.gettext("Calendar file"), EventFile(invitation.event_id).pack())]
    if event.kind is EventKind.CONFERENCE:
        book = Button("📅 " + tr.plain.gettext("Choose a time"), OpenBooking(invitation.event_id).pack())
        return rows([book])
    if not answerable(event):
        return rows(calendar)
    if state is SlipState.CLOSED:
        write = Button("✍️ " + tr.plain.gettext("Write to the teacher"), OpenPage(Page.WRITE, new=True).pack())
        return rows(calendar, [write] if invitation.pupil_ids else [])
    topic = [Button("💬 " + tr.plain.gettext("A topic for the agenda"), WriteTopic(invitation.event_id).pack())]
    topics = topic if Ask.TOPICS in asks_of(event) else []
    if change and answer is not None:
        back = Button("◀️ " + tr.plain.gettext("Back"), ShowSlip(invitation.event_id).pack())
        return rows(*answer_rows(tr, event, invitation), [back])
    if answer is None:
        return rows(*answer_rows(tr, event, invitation), topics, calendar)
    return rows(*_answered_rows(tr, event, invitation, answer), topics, calendar)


def answer_rows(tr: Texts, event: Event, invitation: Invitation) -> Rows:
    """Return the answers to choose from, the given one marked; "somebody else" where a home is invited."""
    given = current_answer(event, invitation)
    offered = [one for one in EventAnswer if one is not EventAnswer.OTHER_COMES or invitation.pupil_ids]
    return tuple(
        (
            Button(
                f"{'☑️' if one is given else EVENT_ANSWER_SIGNS[one]} {tr.plain.gettext(EVENT_ANSWERS[one])}",
                AnswerSlip(invitation.event_id, event.revision, one).pack(),
            ),
        )
        for one in offered
    )


def _answered_rows(tr: Texts, event: Event, invitation: Invitation, answer: EventAnswer) -> Rows:
    plain, asks = tr.plain, asks_of(event)

    def ask(label: str, question: Question) -> list[Button]:
        return [Button(label, AskSlip(invitation.event_id, event.revision, question, on=False).pack())]

    more: list[list[Button]] = []
    if answer is EventAnswer.COMING:
        people = ask("👥 " + plain.gettext("How many"), Question.PEOPLE) if Ask.COUNT in asks else []
        child = ask("🧒 " + plain.gettext("Childcare"), Question.CHILDCARE) if Ask.CHILDCARE in asks else []
        interpreter = ask("🗣 " + plain.gettext("Interpreter"), Question.INTERPRETER)
        more = [[*people, *child], interpreter if Ask.INTERPRETER in asks else []]
    elif answer is EventAnswer.NOT_COMING and Ask.SUMMARY in asks:
        more = [ask("📝 " + plain.gettext("Summary or another date"), Question.AFTER)]
    change = Button("✏️ " + plain.gettext("Change my answer"), ShowSlip(invitation.event_id, change=True).pack())
    return rows(*more, [change])
