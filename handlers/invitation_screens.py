"""The screens of an invitation: as it stands, its questions one at a time, topics for the agenda (M1, M2)."""

from __future__ import annotations

from datetime import datetime

from bot.actions.events.slip import NO_INTERPRETER, Slip
from bot.actions.events.slip_words import AFTER_NAMES, AFTER_SIGNS, event_head, slip_buttons, slip_text
from bot.actions.events.topics import Topics
from bot.domain.events import MOST_CHILDREN, MOST_COMING, GenderWish
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.notices import AudienceKind
from bot.domain.slip import Question
from bot.domain.slip_taps import AskSlip, DropTopic, SendTopic, SetSlip, ShowSlip, WriteTopic
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.event_words import GENDER_NAMES
from bot.i18n.spoken import OFTEN
from bot.i18n.words import language_name
from handlers.keyboards import to_page


def meetings_button(tr: Texts) -> Button:
    """Return the way to the list of meetings."""
    return to_page("◀️ " + tr.plain.gettext("Meetings and dates"), Page.MEETINGS)


def slip_screen(slip: Slip, tr: Texts, now: datetime, *, change: bool = False, toast: str = "") -> Screen:
    """Show an invitation with the own answer; `change` offers the answers again."""
    event, invitation = slip.invited.event, slip.invited.invitation
    text = slip_text(tr, event, invitation, slip.invited.organiser, slip.invited.children, now)
    buttons = slip_buttons(tr, event, invitation, now, change=change)
    return Screen(text, (*buttons, (meetings_button(tr),)), toast=toast)


def after_step(slip: Slip, tr: Texts, now: datetime) -> Screen:
    """Show the next question of a slip, or the whole of it when there is none; a word about what was stored."""
    if slip.question is not None:
        return question_screen(slip, tr)
    toast = tr.plain.gettext("That is noted already.") if slip.again else tr.plain.gettext("Thank you. It is noted.")
    return slip_screen(slip, tr, now, toast=str(toast))


def question_screen(slip: Slip, tr: Texts) -> Screen:
    """Ask one question of the slip."""
    assert slip.question is not None  # noqa: S101  (the callers have looked)
    text, buttons = _QUESTIONS[slip.question](slip, tr)
    back = Button("◀️ " + tr.plain.gettext("Back"), ShowSlip(slip.invited.event_id).pack())
    return Screen(Html(f"{event_head(tr, slip.invited.event)}\n\n{text}"), (*buttons, (back,)))


def _set(slip: Slip, label: str, value: str, question: Question | None = None) -> Button:
    asked = question or slip.question
    assert asked is not None  # noqa: S101
    event = slip.invited.event
    return Button(label, SetSlip(slip.invited.event_id, event.revision, asked, slip.on, value).pack())


def _people(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    choices = [_set(slip, str(n), str(n)) for n in range(1, MOST_COMING + 1)]
    return tr.gettext("How many of you are coming?"), grid(choices, 3)


def _interpreter(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    text = tr.gettext("🗣 Would you like an interpreter? It is free, and no other home is told.")
    plain = tr.plain
    own = [
        # Translators: a button; {language} is the name of a language: "Yes, Arabic"
        [_set(slip, "🗣 " + plain.gettext("Yes, {language}", language=language_name(code, tr)), code)]
        for code in slip.languages
    ]
    label = plain.gettext("Yes, another language") if own else plain.gettext("Yes, choose a language")
    event = slip.invited
    other = AskSlip(event.event_id, event.event.revision, Question.LANGUAGE, slip.on)
    no = _set(slip, "👌 " + plain.gettext("No, thank you"), NO_INTERPRETER)
    return text, rows(*own, [Button("🌐 " + label, other.pack())], [no])


def _language(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    text = tr.gettext("Which language? Choose it, or write its name.")
    offered = [code for code in OFTEN if code not in slip.languages]
    return text, grid([_set(slip, language_name(code, tr), code, Question.INTERPRETER) for code in offered], 2)


def _dialect(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    language = slip.invited.invitation.interpreter_language
    text = tr.gettext(
        "An interpreter for {language}: which dialect, or from which country? Write it, or skip this.",
        language=language_name(language, tr),
    )
    return text, rows([_set(slip, "⏭ " + tr.plain.gettext("Skip"), "")])


def _gender(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    text = tr.gettext("Who should interpret?")
    return text, tuple((_set(slip, str(tr.plain.gettext(GENDER_NAMES[one])), one.value),) for one in GenderWish)


def _childcare(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    text = tr.gettext("🧒 Somebody looks after children meanwhile. How many would you bring?")
    none = _set(slip, str(tr.plain.gettext("None, thank you")), "0")
    return text, (*grid([_set(slip, str(n), str(n)) for n in range(1, MOST_CHILDREN + 1)], 3), (none,))


def _after(slip: Slip, tr: Texts) -> tuple[Html, Rows]:
    text = tr.gettext("Thank you for telling us. What would help you?")
    return text, tuple(
        (_set(slip, f"{AFTER_SIGNS[one]} {tr.plain.gettext(name)}", one.value),) for one, name in AFTER_NAMES.items()
    )


_QUESTIONS = {
    Question.PEOPLE: _people,
    Question.INTERPRETER: _interpreter,
    Question.LANGUAGE: _language,
    Question.DIALECT: _dialect,
    Question.GENDER: _gender,
    Question.CHILDCARE: _childcare,
    Question.AFTER: _after,
}


def topics_screen(topics: Topics, tr: Texts, *, toast: str = "") -> Screen:
    """Show the own topics, each with the way to take it back, and ask for one."""
    parts = [event_head(tr, topics.invited.event)]
    if topics.own:
        lines = "\n".join(f"• {tr.value(topic.text)}" for topic in topics.own)
        parts.append(Html(tr.gettext("You would like to talk about:") + f"\n{lines}"))
    if topics.asking:
        parts.append(_who_reads(topics, tr))
    drops = [
        [Button("↩️ " + tr.plain.gettext("Take back: {topic}", topic=_short(topic.text)), DropTopic(topic.id).pack())]
        for topic in topics.own
    ]
    more = [Button("💬 " + tr.plain.gettext("Another topic"), WriteTopic(topics.invited.event_id).pack())]
    back = Button("◀️ " + tr.plain.gettext("Back"), ShowSlip(topics.invited.event_id).pack())
    return Screen(
        Html("\n\n".join(parts)), rows(*drops, more if topics.room and not topics.asking else [], [back]), toast=toast
    )


def _who_reads(topics: Topics, tr: Texts) -> Html:
    """Ask for a topic, and say beforehand who reads it: all whom `access_topics` lets, and nobody else."""
    if topics.invited.event.audience is AudienceKind.PUPIL:
        return tr.gettext(
            "💬 What would you like to talk about? Write it in your own language. The one who invites and the "
            "school's leadership read it."
        )
    return tr.gettext(
        "💬 What would you like to talk about? Write it in your own language. The one who invites, the parent "
        "representative and the school's leadership read it."
    )


def _short(text: str, limit: int = 30) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def written_screen(topics: Topics, tr: Texts, *, toast: str = "") -> Screen:
    """Show a topic before it is sent, and ask whether the name may stand beside it."""
    event_id = topics.invited.event_id
    quote = Html(f"<blockquote>{tr.value(topics.written)}</blockquote>")
    ask = tr.gettext("May your name stand beside it? Without your word it is read without a name.")
    plain = tr.plain
    return Screen(
        Html(f"{event_head(tr, topics.invited.event)}\n{quote}\n{ask}"),
        rows(
            [
                Button(
                    "💬 " + plain.gettext("Send without my name"), SendTopic(event_id, topics.draft, named=False).pack()
                )
            ],
            [Button("🙂 " + plain.gettext("Send with my name"), SendTopic(event_id, topics.draft, named=True).pack())],
            [Button("✖️ " + plain.gettext("Cancel"), ShowSlip(event_id).pack())],
        ),
        toast=toast,
    )
