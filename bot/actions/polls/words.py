"""How a question reads in one language: to those asked, to its author, and when it is over (N13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.translation.words import free
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.domain.poll_taps import OpenPoll, PollView, ShowBallot, SurveyDone, Vote
from bot.domain.polls import READY_OPTIONS, SMALL_RESULT, PollKind, PollState, ReadyOption, counts_shown, link_host
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from storage.models import Poll

WIDE = 24
"""Characters of an answer from which on its button may be cut off on a phone, so that it stands in the text too."""

READY_NAMES: dict[ReadyOption, str] = {
    # Translators: ready-made answers to a question that the school asks homes
    ReadyOption.YES: N_("Yes"),
    ReadyOption.NO: N_("No"),
    ReadyOption.UNSURE: N_("I don't know"),
}
READY_SIGNS = {ReadyOption.YES: "👍", ReadyOption.NO: "👎", ReadyOption.UNSURE: "🤷"}


@dataclass(frozen=True, slots=True)
class PollContent:
    """What a question says, whoever reads it; `until` is the school's wall clock, None before a day is chosen."""

    id: int
    kind: PollKind
    question: str
    language: str
    options: tuple[str, ...]
    url: str
    anonymous: bool
    shows_names: bool
    author: str
    until: datetime | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """How a question stands; `votes` is None where nobody may see them, or not yet."""

    poll_id: int
    content: PollContent
    where: Html
    asked: int
    answered: int
    votes: tuple[int, ...] | None


def content_of(poll: Poll, author: str) -> PollContent:
    """Return what a stored question says."""
    until = None
    if poll.closes_day is not None and poll.closes_time is not None:
        until = datetime.combine(poll.closes_day, poll.closes_time)
    assert poll.id is not None  # noqa: S101  (it is stored)
    return PollContent(
        poll.id, poll.kind, poll.question, poll.text_language, tuple(poll.options), poll.url, poll.anonymous,
        poll.shows_names, author, until, closed=poll.state is PollState.CLOSED,
    )  # fmt: skip


def option_name(tr: Texts, option: str) -> Html:
    """Return an answer: a ready-made one in the reader's language, a typed one as it was written."""
    return tr.gettext(READY_NAMES[ReadyOption(option)]) if option in READY_OPTIONS else tr.value(option)


def _label(tr: Texts, option: str, *, chosen: bool = False) -> str:
    sign = "✅ " if chosen else f"{READY_SIGNS[ReadyOption(option)]} " if option in READY_OPTIONS else ""
    return f"{sign}{option_name(tr.plain, option)}"


def poll_title(tr: Texts, kind: PollKind) -> Html:
    """Return the sign and name of what homes are asked."""
    return tr.gettext("📊 A question to you") if kind is PollKind.POLL else tr.gettext("📝 A survey for you")


def question_text(content: PollContent, tr: Texts, *, closed: bool = False, reminder: bool = False) -> Html:
    """Return a question as HTML in the language of `tr`; answers that were typed stand as they were written."""
    author = tr.gettext("From {author}", author=content.author)
    parts: list[str] = [f"<b>{poll_title(tr, content.kind)}</b>\n{author}"]
    if reminder:
        parts.insert(0, tr.gettext("🔔 This closes soon, and your answer is not there yet."))
    parts.append(free(tr, Subject.POLL, content.id))
    typed = [one for one in content.options if one not in READY_OPTIONS]
    if any(len(one) > WIDE for one in typed):
        parts.append("\n".join(f"• {option_name(tr, one)}" for one in content.options))
    if closed or content.closed:
        parts.append(tr.gettext("🔚 <b>Closed.</b>"))
    else:
        parts.append("\n".join(_terms(content, tr)))
    return Html("\n\n".join(parts))


def _terms(content: PollContent, tr: Texts) -> list[Html]:
    lines = []
    if content.kind is PollKind.SURVEY:
        lines.append(tr.gettext("🔗 The survey is on another site: {site}.", site=link_host(content.url)))
        lines.append(tr.gettext("Tap “I have answered” afterwards, and you get no reminder."))
    else:
        lines.append(privacy_text(content, tr))
        lines.append(tr.gettext("Everybody who is asked has one voice."))
    if content.until is not None:
        lines.append(tr.gettext("⏳ Open until {moment}.", moment=content.until))
    return lines


def privacy_text(content: PollContent, tr: Texts) -> Html:
    """Say who learns what of an answer, before it is given."""
    if content.anonymous:
        return tr.gettext(
            "🔒 <b>Anonymous.</b> It is not stored who chose what, and nobody at the school can see it. "
            "That is why an answer cannot be changed afterwards."
        )
    if content.shows_names:
        return tr.gettext(
            "👤 <b>With names.</b> {author} sees what you choose, other parents do not. "
            "You can change your answer until it closes.",
            author=content.author,
        )
    return tr.gettext(
        "👤 <b>Not anonymous.</b> Your answer is stored with your name, so that you can change it until it closes. "
        "{author} sees only the figures.",
        author=content.author,
    )


def vote_buttons(content: PollContent, ballot_id: int, tr: Texts, *, choice: int | None = None) -> Rows:
    """Return a home's buttons under an open question; the given answer of one with names is marked."""
    if content.kind is PollKind.SURVEY:
        done = Button("✅ " + tr.plain.gettext("I have answered"), SurveyDone(ballot_id).pack())
        return rows([Button("🔗 " + tr.plain.gettext("Open the survey"), url=content.url)], [done])
    return tuple(
        (Button(_label(tr, option, chosen=n == choice), Vote(ballot_id, n, sure=False).pack()),)
        for n, option in enumerate(content.options)
    )


def sure_buttons(ballot_id: int, choice: int, tr: Texts) -> Rows:
    """Return the last step of an anonymous answer."""
    yes = Button("✅ " + tr.plain.gettext("Yes, count it"), Vote(ballot_id, choice, sure=True).pack())
    return rows([yes], [Button("◀️ " + tr.plain.gettext("Back"), ShowBallot(ballot_id).pack())])


def sure_text(content: PollContent, choice: int, tr: Texts) -> Html:
    """Ask whether an anonymous answer is meant: it is final."""
    head = free(tr, Subject.POLL, content.id)
    chosen = tr.gettext("You chose: <b>{answer}</b>", answer=option_name(tr, content.options[choice]))
    final = tr.gettext("🔒 It is counted without your name, so it cannot be changed afterwards. Is it right?")
    return Html(f"{head}\n\n{chosen}\n{final}")


def answered_text(content: PollContent, tr: Texts) -> Html:
    """Thank for an answer, without repeating it."""
    if content.kind is PollKind.SURVEY:
        return tr.gettext("✅ Thank you. No reminder comes.")
    if content.anonymous:
        return tr.gettext("✅ Thank you, your answer is counted. When it closes, the result comes to you here.")
    return tr.gettext("✅ Thank you. When it closes, the result comes to you here.")


def votes_lines(tr: Texts, options: Sequence[str], votes: Sequence[int]) -> list[Html]:
    """Return how often each answer was given, in the order of the question."""
    return [Html(f"• {option_name(tr, one)}: <b>{n}</b>") for one, n in zip(options, votes, strict=True)]


def answered_line(tr: Texts, asked: int, answered: int) -> Html:
    """Say how many have answered."""
    return tr.ngettext("{answered} of {n} has answered.", "{answered} of {n} have answered.", asked, answered=answered)


def result_text(figures: Figures, tr: Texts) -> Html:
    """Return the result as those asked read it."""
    content = figures.content
    heading = tr.gettext("📊 The result of a question to you")
    parts: list[str] = [
        f"<b>{heading}</b>",
        free(tr, Subject.POLL, content.id),
    ]
    if figures.votes is None:
        parts.append(_hidden(tr))
    else:
        parts.append("\n".join(votes_lines(tr, content.options, figures.votes)))
    parts.append(answered_line(tr, figures.asked, figures.answered))
    return Html("\n\n".join(parts))


def _hidden(tr: Texts) -> Html:
    return tr.ngettext(
        "Fewer than {n} person answered. So that nobody's answer can be guessed, the figures are not shown.",
        "Fewer than {n} people answered. So that nobody's answer can be guessed, the figures are not shown.",
        SMALL_RESULT,
    )


def figures_text(figures: Figures, tr: Texts) -> Html:
    """Return how a question stands, as its author reads it."""
    content = figures.content
    sign = "📊" if content.kind is PollKind.POLL else "📝"
    lines: list[str] = [
        f"{sign} <b>{tr.value(content.question)}</b>",
        figures.where,
        answered_line(tr, figures.asked, figures.answered),
    ]
    if content.kind is PollKind.POLL:
        if figures.votes is not None:
            lines += votes_lines(tr, content.options, figures.votes)
        elif content.closed or not content.anonymous:
            lines.append(_hidden(tr))
        else:
            lines.append(tr.gettext("🔒 Anonymous: the figures come when it closes."))
    if content.closed:
        lines.append(tr.gettext("🔚 <b>Closed.</b>"))
    elif content.until is not None:
        lines.append(tr.gettext("⏳ Open until {moment}.", moment=content.until))
    return Html("\n".join(lines))


def figures_buttons(figures: Figures, tr: Texts, *, names: bool = False) -> Rows:
    """Return what the author can do with a question that was asked."""
    plain, poll, content = tr.plain, figures.poll_id, figures.content
    who = []
    if content.shows_names and content.kind is PollKind.POLL:
        view = PollView.FIGURES if names else PollView.NAMES
        label = "📊 " + plain.gettext("Summary") if names else "👥 " + plain.gettext("Who has answered")
        who = [Button(label, OpenPoll(poll, view).pack())]
    close = [Button("🔚 " + plain.gettext("Close it now"), OpenPoll(poll, PollView.CLOSE).pack())]
    return rows(
        who,
        [] if content.closed else close,
        [Button("📄 " + plain.gettext("Read it"), OpenPoll(poll, PollView.TEXT).pack())],
    )


def shown_votes(content: PollContent, votes: Sequence[int], answered: int, *, staff: bool) -> tuple[int, ...] | None:
    """Return the votes where they may be seen now; see `counts_shown`."""
    if content.kind is PollKind.SURVEY:
        return None
    shown = counts_shown(answered, staff=staff, anonymous=content.anonymous, closed=content.closed)
    return tuple(votes) if shown else None
