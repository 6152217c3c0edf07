"""What is said while a pupil is missing: to guardians, to teachers, to the leadership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from bot.actions import UnitOfWork
from bot.domain.absence_taps import AnswerInquiry, LogCall
from bot.domain.messages import Button, Rows, rows
from bot.domain.morning import InquiryAnswer, InquiryState, PhoneOutcome
from bot.domain.people import Child, Relation
from bot.i18n import Html, Texts
from storage.models import Inquiry
from storage.queries.people import GuardianOf


def question_text(tr: Texts, child: str, relation: Relation) -> Html:
    """Return what a guardian is asked; a pupil of age is asked directly (P4)."""
    if relation is Relation.SELF:
        return tr.gettext("❔ You have not arrived at school. Is everything all right?")
    return tr.gettext("❔ {child} has not arrived at school. Do you know why?", child=child)


def answer_buttons(tr: Texts, inquiry_id: int, relation: Relation, *, unknown: bool = True) -> Rows:
    """Return the one-tap answers; `unknown` offers "I thought … was at school"."""
    plain = tr.plain

    def button(sign: str, label: str, answer: InquiryAnswer) -> list[Button]:
        return [Button(f"{sign} {label}", AnswerInquiry(inquiry_id, answer).pack())]

    return rows(
        # Translators: button: why the pupil is not at school, about a boy or a girl
        button("🤒", plain.gettext("Ill"), InquiryAnswer.ILL),
        button("🏃", plain.gettext("On the way"), InquiryAnswer.ON_THE_WAY),
        button("🩺", plain.gettext("Appointment"), InquiryAnswer.APPOINTMENT),
        button("💬", plain.gettext("Another reason"), InquiryAnswer.OTHER),
        []
        if relation is Relation.SELF or not unknown
        else button("❗️", plain.gettext("I thought my child was at school"), InquiryAnswer.UNKNOWN),
    )


def settled_text(tr: Texts, child: str) -> Html:
    """Return what becomes of a question that needs no answer any more."""
    return tr.gettext("✅ {child}: the school knows now. There is nothing that you need to do.", child=child)


def thanks_text(tr: Texts, child: str, what: Html | None) -> Html:
    """Return what becomes of a question for the one who answered it."""
    if what is None:
        return tr.gettext("✅ Thank you. The school knows about {child} now.", child=child)
    # Translators: {what} is for example "illness" or "late (another reason)"
    return tr.gettext("✅ Thank you. The teacher sees it now: {child}, {what}.", child=child, what=what)


def over_text(tr: Texts, child: str) -> Html:
    """Return what becomes of a question that nobody answered while school was on."""
    return tr.gettext(
        "🕓 School is over for today. If there is something about {child}, write to the teacher.", child=child
    )


def believed_text(tr: Texts, child: str) -> Html:
    """Tell a guardian who believed the pupil to be at school what happens now."""
    return tr.gettext(
        "Thank you. The school looks into it at once and calls you. If you find out where {child} is, tap below.",
        child=child,
    )


def stands_text(tr: Texts, child: str, what: Html) -> Html:
    """Tell a guardian who answers after somebody else how it stands."""
    return tr.gettext("✅ Thank you. The school knows already: {child}, {what}.", child=child, what=what)


def arrived_text(tr: Texts, child: str) -> Html:
    """Return the good news."""
    return tr.gettext("✅ {child} has arrived, all is well.", child=child)


def call_text(uow: UnitOfWork, tr: Texts, inquiry: Inquiry, child: Child, numbers: Sequence[GuardianOf]) -> Html:
    """Return the request to phone, with every number that is known (A5)."""
    head = tr.gettext(
        "☎️ <b>Please phone now:</b> {child}, {school_class}, has not arrived.",
        child=child.name,
        school_class=child.class_name,
    )
    lines = [head, _why(tr, inquiry)]
    known = [guardian for guardian in numbers if guardian.phone]
    lines += [Html(f"• {tr.value(g.name)}: {tr.value(g.phone)}") for g in known]
    if not known:
        lines.append(tr.gettext("No telephone number is known here. The office may have one."))
    if inquiry.outcome is PhoneOutcome.NO_ANSWER and inquiry.outcome_at is not None:
        at = uow.school.local(inquiry.outcome_at).time().replace(second=0, microsecond=0, tzinfo=None)
        lines.append(tr.gettext("Called {time}: nobody answered. I remind you again.", time=at))
    if inquiry.outcome is PhoneOutcome.SEARCHING:
        lines.append(tr.gettext("The home does not know either. The leadership has been told."))
    return Html("\n".join(lines))


def _why(tr: Texts, inquiry: Inquiry) -> Html:
    if inquiry.unknown_at_home:
        return tr.gettext("A guardian believed that the pupil was at school.")
    if not inquiry.asked:
        return tr.gettext("No guardian can be reached here.")
    return tr.gettext("The home was asked here and has not answered.")


def outcome_buttons(tr: Texts, inquiry_id: int) -> Rows:
    """Return what a call can bring."""
    plain = tr.plain

    def button(label: str, outcome: PhoneOutcome) -> Button:
        return Button(label, LogCall(inquiry_id, outcome).pack())

    return rows(
        [button("🤒 " + plain.gettext("Ill"), PhoneOutcome.ILL)],
        [button("🏃 " + plain.gettext("On the way"), PhoneOutcome.ON_THE_WAY)],
        [button("💬 " + plain.gettext("Another reason"), PhoneOutcome.OTHER)],
        [button("📵 " + plain.gettext("Nobody answered"), PhoneOutcome.NO_ANSWER)],
        [button("❗️ " + plain.gettext("The home does not know either"), PhoneOutcome.SEARCHING)],
    )


def ended_text(tr: Texts, child: Child, state: InquiryState) -> Html:
    """Return what becomes of a request to phone that is settled."""
    where = {"child": child.name, "school_class": child.class_name}
    match state:
        case InquiryState.ARRIVED:
            return tr.gettext("✅ {child}, {school_class}, has arrived. No call is needed.", **where)
        case InquiryState.UNRESOLVED:
            return tr.gettext("🕓 {child}, {school_class}: school is over. The leadership has been told.", **where)
        case _:
            return tr.gettext("✅ {child}, {school_class}: it is known why now. No call is needed.", **where)


def leaders_text(tr: Texts, child: Child, state: InquiryState, since: time) -> Html:
    """Tell the leadership that nobody knows where a pupil is."""
    where = {"child": child.name, "school_class": child.class_name}
    if state is InquiryState.UNRESOLVED:
        return tr.gettext(
            "⚠️ {child}, {school_class}, was missing from {time}. School is over, and nobody has said why.",
            time=since,
            **where,
        )
    return tr.gettext(
        "⚠️ {child}, {school_class}, is missing since {time}. The home does not know or cannot be reached.",
        time=since,
        **where,
    )
