"""The screens of questions and surveys: making one, answering one, how it stands (N13)."""

from __future__ import annotations

from bot.actions.notices.board import audience_text
from bot.actions.polls.answer import BallotView, PollsPage
from bot.actions.polls.ask import Asked
from bot.actions.polls.board import NAMES_PER_PAGE, NamedAnswer
from bot.actions.polls.compose import PollDraft
from bot.actions.polls.words import (
    Figures,
    PollContent,
    answered_text,
    figures_buttons,
    figures_text,
    option_name,
    question_text,
    sure_buttons,
    sure_text,
    vote_buttons,
)
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from bot.domain.poll_taps import (
    NewPoll,
    OpenPoll,
    PickPollAudience,
    PickPollDay,
    PollAct,
    PollStep,
    PollView,
    PreviewPoll,
    ShowBallot,
)
from bot.domain.polls import FEWEST_OPTIONS, READY_OPTIONS, PollAsk, PollKind, likely_days
from bot.domain.taps import Page
from bot.i18n import Html, Texts, languages, texts
from handlers.keyboards import menu_button, to_page

MOST_PREVIEWS = 3
LABEL = 32
"""Characters of a question that stand on a button."""


def page_screen(page: PollsPage, tr: Texts, *, may_ask: bool, toast: str = "") -> Screen:
    """Show the open questions to somebody, what somebody has asked, and the way to ask."""
    plain = tr.plain
    lines, buttons = [], []
    if page.waiting:
        lines.append(tr.gettext("<b>You are asked:</b> tap to answer."))
        buttons += [[Button(_waiting_label(one), ShowBallot(one.id, new=True).pack())] for one in page.waiting]
    elif not may_ask:
        lines.append(tr.gettext("Nothing waits for your answer now."))
    if may_ask:
        lines.append(
            tr.gettext("<b>What you have asked.</b> ⏳ is open, 🔚 is closed.")
            if page.own
            else tr.gettext("You have not asked homes anything yet.")
        )
        buttons += [
            [Button(f"{'⏳' if one.open else '🔚'} {_short(one.question)}", OpenPoll(one.id, PollView.FIGURES).pack())]
            for one in page.own
        ]
        buttons.append(
            [
                Button("📊 " + plain.gettext("Ask a question"), NewPoll(PollKind.POLL).pack()),
                Button("📝 " + plain.gettext("Share a survey"), NewPoll(PollKind.SURVEY).pack()),
            ]
        )
    return Screen(Html("\n\n".join(lines)), rows(*buttons, [menu_button(tr)]), toast=toast, alert=bool(toast))


def _waiting_label(view: BallotView) -> str:
    return f"{'✅' if view.answered else '❔'} {_short(view.content.question)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL else line[: LABEL - 1].rstrip() + "…"


# --- making one ---------------------------------------------------------------------------------


def draft_screen(view: PollDraft, actor: Actor, tr: Texts) -> Screen:
    """Show what a draft asks next, or all of it."""
    match view.asks:
        case PollAsk.AUDIENCE:
            return _audience(view, actor, tr)
        case PollAsk.QUESTION:
            return _written(view, _question_ask(view, tr), tr)
        case PollAsk.OPTIONS:
            return _options(view, tr)
        case PollAsk.LINK:
            return _written(view, tr.gettext("<b>Paste the link to the survey.</b> It begins with https://"), tr)
        case PollAsk.DAY:
            return _day(view, tr)
        case PollAsk.OVERVIEW:
            return _overview(view, tr)


def _question_ask(view: PollDraft, tr: Texts) -> Html:
    if view.content.kind is PollKind.SURVEY:
        return tr.gettext("<b>What is the survey about?</b> Write a sentence or two for the homes.")
    return tr.gettext("<b>What do you want to ask?</b> Write one question. Short ones are answered by more people.")


def _act(view: PollDraft, step: PollStep) -> str:
    return PollAct(view.id, view.version, step).pack()


def _discard(view: PollDraft, tr: Texts) -> Button:
    return Button("🗑 " + tr.plain.gettext("Discard"), _act(view, PollStep.DISCARD))


def _out(view: PollDraft, tr: Texts) -> list[Button]:
    """Return the ways out of a question: back to the overview when nothing is missing, and throwing it all away."""
    back = Button("◀️ " + tr.plain.gettext("Back"), _act(view, PollStep.SHOW))
    return [back, _discard(view, tr)] if view.complete else [_discard(view, tr)]


def _heading(view: PollDraft, tr: Texts) -> str:
    name = tr.gettext("New question to homes") if view.content.kind is PollKind.POLL else tr.gettext("New survey")
    sign = "📊" if view.content.kind is PollKind.POLL else "📝"
    where = f" · {audience_text(view.audience, view.audience_label, tr)}" if view.audience else ""
    return f"<b>{sign} {name}</b>{where}"


def _written(view: PollDraft, text: str, tr: Texts) -> Screen:
    return Screen(Html(f"{_heading(view, tr)}\n\n{text}"), rows(_out(view, tr)))


def _audience(view: PollDraft, actor: Actor, tr: Texts) -> Screen:
    plain = tr.plain

    def pick(label: str, kind: AudienceKind, ref: int) -> Button:
        return Button(label, PickPollAudience(view.id, view.version, kind, ref).pack())

    classes = [pick(one.name, AudienceKind.CLASSES, one.id) for one in view.classes]
    whole = []
    if actor.leads:
        whole = [
            pick("🏫 " + plain.gettext("The whole school"), AudienceKind.SCHOOL, 0),
            Button("🔢 " + plain.gettext("A year"), _act(view, PollStep.GRADES)),
        ]
    elif len(classes) > 1:
        whole = [pick(plain.gettext("All my classes"), AudienceKind.CLASSES, 0)]
    text = tr.gettext("Whom do you want to ask?")
    return Screen(Html(f"{_heading(view, tr)}\n\n{text}"), rows(*grid(classes, 3), whole, _out(view, tr)))


def grade_screen(view: PollDraft, tr: Texts) -> Screen:
    """Ask for a school year."""
    buttons = [
        Button(
            str(tr.plain.gettext("Year {grade}", grade=grade)),
            PickPollAudience(view.id, view.version, AudienceKind.GRADE, grade).pack(),
        )
        for grade in sorted({one.grade for one in view.classes})
    ]
    return Screen(tr.gettext("Which year?"), rows(*grid(buttons, 3), _out(view, tr)))


def _options(view: PollDraft, tr: Texts) -> Screen:
    plain, typed = tr.plain, view.content.options
    if not typed:
        text = tr.gettext("<b>Which answers can they choose?</b> Take the ready ones, or write the first answer.")
        names = " · ".join(option_name(plain, one) for one in READY_OPTIONS)
        ready = [Button(names, _act(view, PollStep.READY))]
        return Screen(Html(f"{_heading(view, tr)}\n\n{text}"), rows(ready, _out(view, tr)))
    lines = "\n".join(f"• {option_name(tr, one)}" for one in typed)
    done = [Button("✔️ " + plain.gettext("Done"), _act(view, PollStep.DONE))] if len(typed) >= FEWEST_OPTIONS else []
    again = Button("✏️ " + plain.gettext("Begin anew"), _act(view, PollStep.CLEAR_OPTIONS))
    text = tr.gettext("Write the next answer, or tap “Done”.") if done else tr.gettext("Write the next answer.")
    return Screen(Html(f"{_heading(view, tr)}\n\n{lines}\n\n{text}"), rows(done, [again, _discard(view, tr)]))


def _day(view: PollDraft, tr: Texts) -> Screen:
    buttons = [
        Button(tr.short_day(day), PickPollDay(view.id, view.version, day.isoformat()).pack())
        for day in likely_days(view.today)
    ]
    text = tr.gettext("<b>Until when can they answer?</b> Tap the last day, or write it like 14.12.")
    return Screen(Html(f"{_heading(view, tr)}\n\n{text}"), rows(*grid(buttons, 2), _out(view, tr)))


def _overview(view: PollDraft, tr: Texts) -> Screen:
    plain, content = tr.plain, view.content
    guardians = tr.ngettext("{n} guardian", "{n} guardians", view.guardians)
    assert view.audience is not None  # noqa: S101  (an overview has an audience)
    where = audience_text(view.audience, view.audience_label, tr)
    reach = tr.gettext("To {audience}: {guardians}.", audience=where, guardians=guardians)
    if view.unreached:
        left = tr.ngettext(
            "{n} of them has not opened the bot yet and will not get it.",
            "{n} of them have not opened the bot yet and will not get it.",
            view.unreached,
        )
        reach = Html(f"{reach} {left}")
    names = []
    if content.kind is PollKind.POLL:
        label = "👤 " + plain.gettext("With names") if content.anonymous else "🔒 " + plain.gettext("Anonymous")
        names = [Button(label, _act(view, PollStep.NAMES))]
    previews = [
        Button("👁 " + languages()[code].name, PreviewPoll(view.id, view.version, code).pack())
        for code in view.languages
        if code != tr.code
    ][:MOST_PREVIEWS]
    return Screen(
        Html(f"{preview_text(content, tr)}\n\n———\n\n{reach}"),
        rows(
            [Button("📨 " + plain.gettext("Ask now"), _act(view, PollStep.ASK))],
            names,
            previews,
            [Button("✏️ " + plain.gettext("Change"), _act(view, PollStep.CHANGE)), _discard(view, tr)],
        ),
    )


def preview_text(content: PollContent, tr: Texts) -> Html:
    """Return a question as a home will see it, its buttons as lines."""
    text = question_text(content, tr)
    if content.kind is PollKind.SURVEY:
        return Html(f"{text}\n\n{tr.value(content.url)}")
    return Html(text + "\n\n" + "\n".join(f"🔘 {option_name(tr, one)}" for one in content.options))


def preview_screen(view: PollDraft, tr: Texts, language: str) -> Screen:
    """Show a draft as a home of another language will read it."""
    head = tr.gettext("👁 <b>This is how it reads in {language}</b>", language=languages()[language].name)
    back = Button("◀️ " + tr.plain.gettext("Back"), _act(view, PollStep.SHOW))
    return Screen(Html(f"{head}\n\n{preview_text(view.content, texts(language))}"), rows([back]))


def change_screen(view: PollDraft, tr: Texts) -> Screen:
    """Ask what is to be changed."""
    plain = tr.plain
    poll = view.content.kind is PollKind.POLL
    parts = [
        # Translators: parts of a question to homes that its author can change
        (plain.gettext("Question") if poll else plain.gettext("Text"), PollStep.EDIT_QUESTION),
        (plain.gettext("Answers"), PollStep.EDIT_OPTIONS) if poll else (plain.gettext("Link"), PollStep.EDIT_LINK),
        (plain.gettext("Last day"), PollStep.EDIT_DAY),
        (plain.gettext("Who it is for"), PollStep.EDIT_AUDIENCE),
    ]
    buttons = [Button(str(label), _act(view, step)) for label, step in parts]
    back = Button("◀️ " + plain.gettext("Back"), _act(view, PollStep.SHOW))
    text = tr.gettext("What do you want to change?")
    return Screen(Html(f"{_heading(view, tr)}\n\n{text}"), rows(*grid(buttons, 2), [back]))


# --- how it stands ------------------------------------------------------------------------------


def asked_screen(asked: Asked, tr: Texts) -> Screen:
    """Tell an author that the question is on its way; how it stands comes as a message of its own."""
    guardians = tr.ngettext("{n} guardian", "{n} guardians", asked.figures.asked)
    if asked.arrives is not None:
        sent = tr.gettext(
            "🌙 It is quiet time for homes. It goes out {moment} to {guardians}.",
            moment=asked.arrives,
            guardians=guardians,
        )
    else:
        sent = tr.gettext("📨 Asked: {guardians}.", guardians=guardians)
    live = tr.gettext("How many have answered stands in the message below, and changes by itself.")
    return Screen(Html(f"{sent}\n{live}"), _back_to_polls((), tr))


def figures_screen(figures: Figures, tr: Texts) -> Screen:
    """Show an author how a question stands."""
    return Screen(figures_text(figures, tr), _back_to_polls(figures_buttons(figures, tr), tr))


def _back_to_polls(buttons: Rows, tr: Texts) -> Rows:
    return (*buttons, (to_page("◀️ " + tr.plain.gettext("Back"), Page.POLLS),))


def close_screen(figures: Figures, tr: Texts) -> Screen:
    """Ask whether closing early is meant."""
    if figures.content.closed:
        return figures_screen(figures, tr)
    text = tr.gettext("Close it now? Nobody can answer any more, and everybody asked gets the result.")
    if figures.content.kind is PollKind.SURVEY:
        text = tr.gettext("Close it now? Its buttons go, and nobody is reminded any more.")
    yes = Button("🔚 " + tr.plain.gettext("Yes, close it"), OpenPoll(figures.poll_id, PollView.CLOSE_YES).pack())
    back = Button("◀️ " + tr.plain.gettext("Back"), OpenPoll(figures.poll_id, PollView.FIGURES).pack())
    return Screen(Html(f"{figures_text(figures, tr)}\n\n{text}"), rows([yes], [back]))


def names_screen(figures: Figures, answers: list[NamedAnswer], page: int, tr: Texts) -> Screen:
    """Show staff who chose what."""
    last = max(0, (len(answers) - 1) // NAMES_PER_PAGE)
    page = min(max(page, 0), last)
    lines = [
        f"✅ {tr.value(one.name)}: {one.answer}" if one.answer is not None else f"▫️ {tr.value(one.name)}"
        for one in answers[page * NAMES_PER_PAGE : (page + 1) * NAMES_PER_PAGE]
    ]
    turn = [
        Button(sign, OpenPoll(figures.poll_id, PollView.NAMES, page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    note = tr.gettext("<i>Only you see this list.</i>")
    text = Html("\n".join([f"<b>{tr.value(figures.content.question)}</b>", "", *lines, "", note]))
    return Screen(text, _back_to_polls(rows(turn, *figures_buttons(figures, tr, names=True)), tr))


def asked_text_screen(poll_id: int, content: PollContent, tr: Texts) -> Screen:
    """Show an author what homes read."""
    back = Button("◀️ " + tr.plain.gettext("Back"), OpenPoll(poll_id, PollView.FIGURES).pack())
    return Screen(preview_text(content, tr), rows([back]))


# --- answering ----------------------------------------------------------------------------------


def ballot_screen(view: BallotView, tr: Texts, *, toast: str = "", new: bool = False) -> Screen:
    """Show a question as it stands for the person who was asked."""
    closed = not view.open
    parts = [question_text(view.content, tr, closed=closed)]
    if view.answered and not closed:
        parts.append(answered_text(view.content, tr))
    final = view.answered and view.content.kind is PollKind.POLL and view.content.anonymous
    buttons = () if closed or final else vote_buttons(view.content, view.id, tr, choice=view.choice)
    return Screen(Html("\n\n".join(parts)), (*buttons, (menu_button(tr),)), toast=toast, alert=bool(toast), new=new)


def sure_screen(view: BallotView, choice: int, tr: Texts) -> Screen:
    """Ask whether an anonymous answer is meant, before it is counted for good."""
    return Screen(sure_text(view.content, choice, tr), sure_buttons(view.id, choice, tr))
