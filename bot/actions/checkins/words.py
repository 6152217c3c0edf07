"""Check-in arrangements in words and buttons, the same in a message and on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.checkin import CheckinAnswer, Schedule
from bot.domain.checkin_taps import AnswerCheckin, CheckinHere, PauseCheckin
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.i18n import Html, Texts
from storage.queries.checkins import PlanRow

ANSWER_LABELS: dict[CheckinAnswer, str] = {
    # Translators: a guardian's one-tap answer to "How does it look for {child} today?" in the morning
    CheckinAnswer.AS_PLANNED: N_("As planned"),
    CheckinAnswer.LATER: N_("Later today"),
    CheckinAnswer.NOT_TODAY: N_("Not today"),
    CheckinAnswer.CALL_ME: N_("Please call me"),
}

ANSWER_SIGNS: dict[CheckinAnswer, str] = {
    CheckinAnswer.AS_PLANNED: "👍",
    CheckinAnswer.LATER: "🕘",
    CheckinAnswer.NOT_TODAY: "🏠",
    CheckinAnswer.CALL_ME: "📞",
}


def weekdays_text(tr: Texts, weekdays: Iterable[int]) -> Html:
    """Return weekdays in words; "every school day" when it is all five."""
    chosen = sorted(weekdays)
    if chosen == list(range(5)):
        return tr.gettext("every school day")
    return tr.list([weekday_name(tr, one) for one in chosen])


def weekday_name(tr: Texts, weekday: int) -> str:
    """Return the name of a weekday, 0 is Monday."""
    return str(tr.locale.days["stand-alone"]["wide"][weekday])


def times_text(tr: Texts, schedule: Schedule) -> Html:
    """Return when a home is asked: "📅 every school day, 07:00, until Monday 21 December"."""
    # Translators: {weekdays} is "every school day" or "Tuesday and Thursday"; {time} is a time of day
    return tr.gettext(
        "📅 {weekdays}, {time}, until {day}",
        weekdays=weekdays_text(tr, schedule.weekdays),
        time=schedule.ask_at,
        day=schedule.last,
    )


def arranged_text(tr: Texts, plan: PlanRow, staff: Sequence[str], *, changed: bool) -> Html:
    """Tell a guardian what is arranged, warmly, and who reads the answers."""
    head = (
        tr.gettext("🌅 <b>The morning check-in for {child} has changed.</b>", child=plan.pupil_name)
        if changed
        else tr.gettext("🌅 <b>A morning check-in for {child}</b>", child=plan.pupil_name)
    )
    lines = [
        head,
        tr.gettext(
            "Some mornings are hard, and you are not alone with them. We ask you here how it looks. One tap is "
            "enough, and every answer is all right."
        ),
        times_text(tr, plan.schedule),
        tr.gettext("Your answers are read by {names}, and by nobody else.", names=tr.list(staff)),
        tr.gettext("Would you rather talk about it first? One tap, and we call you."),
    ]
    return Html("\n\n".join(lines))


def arranged_buttons(tr: Texts, plan_id: int) -> Rows:
    """Return the way out of an arrangement for a guardian."""
    label = "📞 " + tr.plain.gettext("Please call me about this")
    return rows([Button(label, PauseCheckin(plan_id).pack())])


def question_text(tr: Texts, child: str) -> Html:
    """Return the morning's question."""
    return tr.gettext("☀️ Good morning. How does it look for {child} today?", child=child)


def answer_buttons(tr: Texts, day_id: int, chosen: CheckinAnswer | None = None) -> Rows:
    """Return the answers; the one that stands is marked, the others change it."""
    return tuple(
        (
            Button(
                f"{'✅' if answer is chosen else ANSWER_SIGNS[answer]} {tr.plain.gettext(label)}",
                AnswerCheckin(day_id, answer).pack(),
            ),
        )
        for answer, label in ANSWER_LABELS.items()
    )


def thanks_text(tr: Texts, child: str, answer: CheckinAnswer, staff: Sequence[str]) -> Html:
    """Thank a guardian for an answer, and say who has read it; `staff` are those who can be reached."""
    thanks = _thanks(tr, child, answer)
    if not staff:
        return Html(thanks + "\n" + tr.gettext("Nobody can read it here right now, so please call the school."))
    # Translators: {names} are the adults at the school who have just read a guardian's answer
    return Html(thanks + "\n" + tr.gettext("Told: {names}.", names=tr.list(staff)))


def _thanks(tr: Texts, child: str, answer: CheckinAnswer) -> Html:
    match answer:
        case CheckinAnswer.AS_PLANNED:
            return tr.gettext("👍 Thank you. We look forward to seeing {child}.", child=child)
        case CheckinAnswer.LATER:
            return tr.gettext("🕘 Thank you. {child} is welcome later. You need not report it.", child=child)
        case CheckinAnswer.NOT_TODAY:
            return tr.gettext("🏠 Thank you for telling. You need not report the absence of {child}.", child=child)
        case CheckinAnswer.CALL_ME:
            return tr.gettext("📞 Thank you. You will be called.")


def told_text(tr: Texts, child: str, answer: CheckinAnswer, guardian: str, phone: str | None) -> Html:
    """Tell the staff what a guardian has answered."""
    fields = {"child": child, "guardian": guardian}
    match answer:
        case CheckinAnswer.AS_PLANNED:
            return tr.gettext("🌅 <b>{child}</b>: the morning goes as planned, says {guardian}.", **fields)
        case CheckinAnswer.LATER:
            return tr.gettext("🕘 <b>{child}</b> comes later today, says {guardian}.", **fields)
        case CheckinAnswer.NOT_TODAY:
            return tr.gettext("🏠 <b>{child}</b> stays at home today, says {guardian}.", **fields)
        case CheckinAnswer.CALL_ME:
            number = tr.value(phone) if phone else tr.gettext("no number is known; the office may have one")
            return tr.gettext(
                "📞 <b>{guardian}</b> asks you to call about this morning with {child}.\nTelephone: {number}",
                number=number,
                **fields,
            )


def here_button(tr: Texts, day_id: int, child: str) -> Button:
    """Return the tap that gives the home one good line."""
    return Button("🌟 " + tr.plain.gettext("{child} is here", child=child), CheckinHere(day_id).pack())
