"""Polls and surveys: one question with buttons, or a link to a survey elsewhere (N13)."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.errors import DomainError, InvalidInput
from bot.domain.inputs import check_day
from bot.domain.marking import N_
from bot.domain.people import LEADERSHIP, Role

QUESTION_LIMIT = 300
OPTION_LIMIT = 60
URL_LIMIT = 500
FEWEST_OPTIONS = 2
MOST_OPTIONS = 6
SMALL_RESULT = 5
"""An anonymous result of fewer answers is not shown: it could be told who said what."""
CLOSES_AT = time(19, 0)
"""When a poll closes on its last day: homes have had the afternoon, and the result still comes before the night."""
ASKERS = frozenset({*LEADERSHIP, Role.CONTACT_TEACHER, Role.SUBJECT_TEACHER, Role.REPRESENTATIVE})


class PollKind(StrEnum):
    POLL = "poll"
    SURVEY = "survey"
    """A link to a survey somewhere else, with one reminder."""


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DISCARDED = "discarded"


class ReadyOption(StrEnum):
    """Answers that everybody reads in their own language; stored in a poll's options like typed ones."""

    YES = "=yes"
    NO = "=no"
    UNSURE = "=unsure"


READY_OPTIONS: tuple[str, ...] = tuple(one.value for one in ReadyOption)


class PollAsk(StrEnum):
    """What a draft asks its author next."""

    AUDIENCE = "audience"
    QUESTION = "question"
    OPTIONS = "options"
    LINK = "link"
    DAY = "day"
    OVERVIEW = "overview"


class QuestionTooLong(InvalidInput):
    code = "question_too_long"
    sentence = N_("That is {length} characters; {limit} fit. Make it shorter and send it again.")


class OptionTooLong(InvalidInput):
    code = "option_too_long"
    sentence = N_("An answer is a button: at most {limit} characters. Write it a little shorter.")


class SameOption(InvalidInput):
    code = "same_option"
    sentence = N_("That answer is there already. Write another one.")


class EnoughOptions(InvalidInput):
    code = "enough_options"
    sentence = N_("{n} answers is the most that a question can have. Tap “Done”.")


class NotALink(InvalidInput):
    code = "not_a_link"
    sentence = N_("I could not read that as a link. It begins with https:// and names a site, like {example}.")


class PollUnfinished(InvalidInput):
    code = "poll_unfinished"
    sentence = N_("Something is still missing. Answer the question below, then ask.")


class NobodyToAsk(InvalidInput):
    code = "nobody_to_ask"
    sentence = N_("There is no home to ask yet. The school office can check the list of homes.")


class TooFewToHide(InvalidInput):
    """So few people would be asked that an anonymous result could never be shown."""

    code = "too_few_to_hide"
    sentence = N_("Fewer than {n} people would be asked, so an anonymous result could not be shown. Ask with names.")


class ClosesTooSoon(InvalidInput):
    code = "closes_too_soon"
    sentence = N_("It would close before homes have read it. Choose a later day.")


class PollClosed(DomainError):
    code = "poll_closed"
    sentence = N_("This question is closed. Here is how it stands now.")


class AlreadyCounted(DomainError):
    """An anonymous answer is final, because nobody stores whose it is."""

    code = "already_counted"
    sentence = N_("Your answer is counted already. It is anonymous, so it cannot be changed.")


def check_question(text: str) -> str:
    """Return a question without what surrounds it.

    Raises:
        QuestionTooLong: it is longer than `QUESTION_LIMIT`. InvalidInput: it is empty.
    """
    cleaned = text.strip()
    if not cleaned:
        raise PollUnfinished
    if len(cleaned) > QUESTION_LIMIT:
        raise QuestionTooLong(length=len(cleaned), limit=QUESTION_LIMIT)
    return cleaned


def add_option(options: list[str], text: str) -> list[str]:
    """Return the answers with one more, on one line.

    Raises:
        OptionTooLong, SameOption, EnoughOptions: it does not fit. InvalidInput: it is empty.
    """
    cleaned = " ".join(text.split()).removeprefix("=").strip()
    if not cleaned:
        raise PollUnfinished
    if len(cleaned) > OPTION_LIMIT:
        raise OptionTooLong(limit=OPTION_LIMIT)
    if cleaned.casefold() in {one.casefold() for one in options}:
        raise SameOption
    if len(options) >= MOST_OPTIONS:
        raise EnoughOptions(n=MOST_OPTIONS)
    return [*options, cleaned]


def check_link(text: str) -> str:
    """Return a link to a survey: https, a site's name, nobody's name and password in it.

    Raises:
        NotALink: it is none that a home should be led to.
    """
    cleaned = text.strip()
    refused = NotALink(example="https://www.nettskjema.no/a/12345")
    if len(cleaned) > URL_LIMIT or not cleaned.isascii() or any(c.isspace() or ord(c) < 33 for c in cleaned):
        raise refused
    try:
        parts = urlsplit(cleaned)
        port = parts.port
    except ValueError as error:
        raise refused from error
    host = parts.hostname or ""
    named = "." in host.strip(".") and not host.replace(".", "").isdigit() and ":" not in host
    if parts.scheme != "https" or not named or "@" in parts.netloc or "\\" in cleaned or port not in {None, 443}:
        raise refused
    return cleaned


def link_host(url: str) -> str:
    """Return the site that a checked link leads to."""
    return urlsplit(url).hostname or ""


def check_closing(day: date, today: date) -> date:
    """Return a poll's last day.

    Raises:
        ClosesTooSoon: it is today. PastDate, TooFarDate: it lies outside the coming school year.
    """
    check_day(day, today)
    if day == today:
        raise ClosesTooSoon
    return day


def likely_days(today: date) -> list[date]:
    """Return days to choose from: the next school days, and the same weekday in one and two weeks."""
    soon = [day for day in (today + timedelta(days=n) for n in range(2, 7)) if day.weekday() < 5][:3]
    weeks = [today + timedelta(days=7 * n) for n in (1, 2, 3)]
    return sorted({*soon, *weeks})


def next_ask(kind: PollKind, *, audience: bool, question: str, options: int, url: str, day: bool) -> PollAsk:
    """Return what a draft asks next, from what it has."""
    if not audience:
        return PollAsk.AUDIENCE
    if not question:
        return PollAsk.QUESTION
    if kind is PollKind.POLL and options < FEWEST_OPTIONS:
        return PollAsk.OPTIONS
    if kind is PollKind.SURVEY and not url:
        return PollAsk.LINK
    return PollAsk.OVERVIEW if day else PollAsk.DAY


def counts_shown(answered: int, *, staff: bool, anonymous: bool, closed: bool) -> bool:
    """Tell whether it may be seen how often each answer was given.

    Anonymous: when it is closed, and of `SMALL_RESULT` answers or more. With names: staff always; parents, the author
    among them, from the same number on, so that nobody reads a neighbour's answer out of it (P9).
    """
    if anonymous:
        return closed and answered >= SMALL_RESULT
    return staff or answered >= SMALL_RESULT
