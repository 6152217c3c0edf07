"""How a talk, its summary and what was agreed read in one language (M5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

from bot.actions.conferences.words import place_text, pupil_text, takes_part, talk_head
from bot.actions.events.render import when_text
from bot.actions.translation.words import free
from bot.domain.calendar_taps import TalkFile
from bot.domain.conference_taps import TalkStep, TalkTap
from bot.domain.conferences import PointOwner, TalkPlace
from bot.domain.events import GenderWish, InterpreterWish
from bot.domain.free_text import Look
from bot.domain.messages import Button, Rows, grid, rows
from bot.domain.people import Relation
from bot.domain.reminders import ReminderKind
from bot.domain.talk_summary import DraftPoint
from bot.domain.talk_taps import AnswerSummary, HomeStep, PrepareTalk, TickPoint
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.i18n.event_words import GENDER_NAMES, OWNER_NAMES
from bot.i18n.words import language_name
from storage.queries.talks import PointRow, Preparation, TalkRow

BUTTON_WORDS = 28
"""Characters of a point on its button."""


def talk_facts(tr: Texts, talk: TalkRow, ends: time, *, reader_id: int | None) -> Html:
    """Return when, where, with whom; the interpreter's details for who booked it and the school (None) (P9)."""
    lines = [
        f"📅 <b>{when_text(tr, talk.day, talk.starts, ends)}</b>",
        place_text(tr, talk.place),
        pupil_text(tr, talk.pupil_name, with_pupil=talk.with_pupil),
        f"🧑‍🏫 {tr.value(talk.teacher_name)}",
    ]
    if talk.place is TalkPlace.VIDEO and talk.video_url:
        lines.append(f"🔗 {tr.value(talk.video_url)}")
    if talk.interpreter is InterpreterWish.WANTED and reader_id in {None, talk.booked_by}:
        lines.append(_interpreter(tr, talk))
    return Html("\n".join(lines))


def _interpreter(tr: Texts, talk: TalkRow) -> Html:
    parts: list[object] = [language_name(talk.interpreter_language, tr)]
    if talk.dialect:
        parts.append(talk.dialect)
    if talk.gender not in {None, GenderWish.ANY}:
        assert talk.gender is not None  # noqa: S101  (just looked at)
        parts.append(tr.gettext(GENDER_NAMES[talk.gender]))
    return tr.gettext("🗣 Interpreter: {details}", details=tr.list(parts))


def talk_title(tr: Texts, talk: TalkRow) -> Html:
    """Return the heading of everything about a talk."""
    return talk_head(tr, talk.pupil_name)


def reminder_text(tr: Texts, talk: TalkRow, ends: time, kind: ReminderKind, today: date, *, reader_id: int) -> Html:
    """Return a home's reminder some days or hours before."""
    soon = (
        tr.gettext("🔔 <b>Today is the talk about {child}.</b>", child=talk.pupil_name)
        if kind is ReminderKind.HOURS and talk.day == today
        else tr.gettext("🔔 <b>Soon it is time for the talk about {child}.</b>", child=talk.pupil_name)
    )
    last = tr.gettext("If you cannot come, change or cancel it here, so that the school knows.")
    return Html("\n".join([soon, talk_facts(tr, talk, ends, reader_id=reader_id), "", last]))


def prepare_text(
    tr: Texts, talk: TalkRow, ends: time, still_open: Sequence[PointRow], *, reader_id: int, relation: Relation
) -> Html:
    """Return the question three days before: when, where, and what one could think about until then."""
    lines = [
        tr.gettext("🗣 <b>The talk about {child} is coming up</b>", child=talk.pupil_name),
        talk_facts(tr, talk, ends, reader_id=reader_id),
        "",
        tr.gettext("Before the talk you could think about this:"),
        # Translators: questions to a parent before the conference; warm, no reproach
        "• " + tr.gettext("What goes well, at home and at school?"),
        "• " + tr.gettext("What worries you?"),
        "• " + tr.gettext("What do you want to ask?"),
    ]
    if relation is not Relation.SELF and takes_part(talk.birth_date, talk.day):
        lines.append(
            "• "
            + tr.gettext(
                "{child} has the right to take part and to be heard. Talk together before: what is good, what should "
                "be different?",
                child=talk.pupil_name,
            )
        )
    if still_open:
        lines += ["", tr.gettext("<b>Agreed before and still open:</b>"), points_lines(tr, still_open)]
    lines += [
        "",
        tr.gettext("If you like, write a few words. {teacher} reads them before the talk.", teacher=talk.teacher_name),
    ]
    return Html("\n".join(lines))


def before_buttons(tr: Texts, talk: TalkRow) -> Rows:
    """Return what a home can do before a talk."""
    return rows([prepare_button(tr, talk.id)], [change_button(tr, talk.id)], [file_button(tr, talk.id)])


def prepare_button(tr: Texts, talk_id: int) -> Button:
    """Return the way to write something for the teacher before the talk."""
    return Button("✍️ " + tr.plain.gettext("Prepare the talk"), PrepareTalk(talk_id).pack())


def file_button(tr: Texts, talk_id: int) -> Button:
    """Return the talk for the reader's own calendar."""
    return Button("📅 " + tr.plain.gettext("Calendar file"), TalkFile(talk_id).pack())


def change_button(tr: Texts, talk_id: int) -> Button:
    """Return the way to another time, another place, or to calling the talk off."""
    return Button("🔁 " + tr.plain.gettext("Change or cancel"), TalkTap(talk_id, 0, TalkStep.SHOW).pack())


# --- the summary ----------------------------------------------------------------------------------


def summary_text(tr: Texts, talk: TalkRow, points: Sequence[PointRow], author: str, *, asks: bool = True) -> Html:
    """Return a summary that was sent; with `asks` also whether the home sees it so."""
    head = (
        tr.gettext("📝 <b>What you talked about: {child}</b>", child=talk.pupil_name)
        if talk.summary_version == 1
        else tr.gettext("✏️ <b>Corrected: what you talked about, {child}</b>", child=talk.pupil_name)
    )
    lines = [
        head,
        tr.gettext("{name} has written this after the talk on {day}.", name=author, day=talk.day),
        free(tr, Subject.TALK, talk.id),
        agreed_text(tr, points, marked=talk.summary_language),
        "",
    ]
    if talk.confirmed_at is not None:
        lines.append(tr.gettext("✅ The home has confirmed it."))
    elif asks:
        lines.append(tr.gettext("Is that how you understood it too?"))
    return Html("\n".join(line for line in lines).strip())


def agreed_text(tr: Texts, points: Sequence[PointRow] | Sequence[DraftPoint], *, marked: str = "") -> Html:
    """Return what was agreed, under its heading; `marked` is a language that is named above it already."""
    if not points:
        return tr.gettext("Nothing special was agreed.")
    return Html(tr.gettext("<b>Agreed:</b>") + "\n" + points_lines(tr, points, marked=marked))


def points_lines(tr: Texts, points: Iterable[PointRow | DraftPoint], *, marked: str = "") -> Html:
    """Return a line for each point: what, who, by when. Below stands, once, that their words are not the reader's.

    What stands as agreed is translated when it leaves; what is only being written is not.
    """
    found = list(points)
    numbers = _numbers(tr, [point for point in found if isinstance(point, PointRow)])
    lines = [_point_line(tr, point, numbers) for point in found]
    foreign = {point.language: point for point in found if point.language not in {tr.code, marked}}
    if any(isinstance(point, PointRow) for point in foreign.values()):
        # Translators: explains two signs that can stand behind lines above
        lines.append(tr.gettext("<i>🤖 translated by a machine · 🌐 not translated yet</i>"))
    for language, point in foreign.items():
        if not isinstance(point, PointRow):
            name = language_name(language, tr)
            lines.append(tr.gettext("🌐 <i>Written in {language}, not translated yet.</i>", language=name))
    return Html("\n".join(lines))


def _numbers(tr: Texts, points: Sequence[PointRow]) -> dict[int, int]:
    """Return numbers for open points, where a button cannot say in the reader's language which one it means."""
    still_open = [point for point in points if point.is_open]
    if all(point.language == tr.code for point in still_open):
        return {}
    return {point.id: number for number, point in enumerate(still_open, 1)}


def _point_line(tr: Texts, point: PointRow | DraftPoint, numbers: Mapping[int, int]) -> str:
    sign = "✅" if isinstance(point, PointRow) and point.done_at is not None else "▫️"
    if isinstance(point, PointRow) and point.id in numbers:
        sign = f"<b>{numbers[point.id]}.</b>"
    what = free(tr, Subject.POINT, point.id, Look.LINE) if isinstance(point, PointRow) else tr.value(point.text)
    owner = owner_name(tr, point.owner)
    if point.by_day is None:
        # Translators: something agreed in a talk, and who does it
        return f"{sign} " + tr.gettext("{what} ({who})", what=what, who=owner)
    # Translators: something agreed in a talk, who does it, and until which day
    return f"{sign} " + tr.gettext("{what} ({who}, by {day})", what=what, who=owner, day=point.by_day)


def owner_name(tr: Texts, owner: PointOwner) -> Html:
    """Return who does it."""
    return tr.gettext(OWNER_NAMES[owner])


def answer_buttons(tr: Texts, talk: TalkRow) -> Rows:
    """Return a guardian's answers to a summary."""
    plain, version = tr.plain, talk.summary_version
    agree = AnswerSummary(talk.id, version, HomeStep.CONFIRM).pack()
    differ = AnswerSummary(talk.id, version, HomeStep.DIFFER).pack()
    yes = [] if talk.confirmed_at else [Button("✅ " + plain.gettext("Yes, that is what we agreed"), agree)]
    return rows(yes, [Button("💬 " + plain.gettext("I see it differently"), differ)])


# --- points between talks -------------------------------------------------------------------------


def points_text(tr: Texts, talk: TalkRow, points: Sequence[PointRow], *, overdue: bool = False) -> Html:
    """Return what was agreed in a talk as it stands; nobody is reproached for a day that has passed."""
    head = tr.gettext("📌 <b>What was agreed about {child}</b>", child=talk.pupil_name)
    lines = [head, tr.gettext("In the talk on {day}.", day=talk.day), "", points_lines(tr, points)]
    if overdue:
        lines += [
            "",
            tr.gettext("A day has passed. Is it done? If it takes longer, that is fine: write to each other."),
        ]
    elif not any(point.is_open for point in points):
        lines += ["", tr.gettext("Everything is done. Well done!")]
    return Html("\n".join(lines))


def tick_buttons(tr: Texts, points: Sequence[PointRow]) -> Rows:
    """Return a button for each open point: it is done. One in another language is named by its number."""
    numbers = _numbers(tr, points)
    found = [
        Button(
            "✅ " + tr.plain.gettext("Done: {what}", what=numbers.get(point.id) or _short(point.text)),
            TickPoint(point.id, done=True).pack(),
        )
        for point in points
        if point.is_open
    ]
    return grid(found, 1)


def _short(text: str) -> str:
    return text if len(text) <= BUTTON_WORDS else text[: BUTTON_WORDS - 1].rstrip() + "…"


def preparations_text(tr: Texts, found: Sequence[Preparation], *, own: bool) -> Html:
    """Return what was written before a talk: the reader's own words, or every guardian's for the school."""
    lines: list[str] = []
    for one in found:
        head = (
            tr.gettext("✍️ You have written:") if own else tr.gettext("✍️ {name} writes before the talk:", name=one.name)
        )
        lines += [head, free(tr, Subject.PREPARATION, one.id, Look.ORIGINAL if own else Look.QUOTE)]
    return Html("\n".join(lines))
