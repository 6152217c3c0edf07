"""Questions and surveys: what may be asked and linked to, what comes next, and what may be seen (N13, P9)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import poll_taps
from bot.domain.errors import InvalidInput
from bot.domain.polls import (
    MOST_OPTIONS,
    OPTION_LIMIT,
    READY_OPTIONS,
    SMALL_RESULT,
    ClosesTooSoon,
    EnoughOptions,
    NotALink,
    PollAsk,
    PollKind,
    SameOption,
    add_option,
    check_closing,
    check_link,
    check_question,
    counts_shown,
    likely_days,
    link_host,
    next_ask,
)
from bot.domain.taps import LIMIT, Tap

TODAY = date(2026, 11, 23)
ALL = [c for c in vars(poll_taps).values() if isinstance(c, type) and issubclass(c, Tap) and c is not Tap]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.PREFIX)
@given(data=st.data())
def test_every_tap_fits_and_comes_back(kind: type[Tap], data: st.DataObject) -> None:
    hints = get_type_hints(kind)
    words = {"day": "2026-11-27", "language": "ckb_IQ"}

    def value(name: str) -> Any:
        wanted = hints[name]
        if wanted is bool:
            return data.draw(st.booleans())
        if wanted is int:
            return data.draw(st.one_of(st.just(2**31 - 1), st.integers(0, 2**31 - 1)))
        return data.draw(st.sampled_from(wanted)) if issubclass(wanted, StrEnum) else words[name]

    tap = kind(**{field.name: value(field.name) for field in fields(kind)})
    assert len(tap.pack().encode()) <= LIMIT
    assert kind.unpack(tap.pack()) == tap


@given(st.lists(st.text(max_size=2 * OPTION_LIMIT), max_size=12))
def test_typed_answers_stay_few_short_and_different(texts: list[str]) -> None:
    options: list[str] = []
    for text in texts:
        try:
            options = add_option(options, text)
        except InvalidInput:
            continue
    assert len(options) <= MOST_OPTIONS
    assert all(0 < len(one) <= OPTION_LIMIT and "\n" not in one for one in options)
    assert len({one.casefold() for one in options}) == len(options)
    assert not set(options) & set(READY_OPTIONS), "nobody types a ready-made answer by its code"


def test_a_seventh_answer_and_a_second_one_alike_are_refused() -> None:
    six = [f"Svar {n}" for n in range(MOST_OPTIONS)]
    with pytest.raises(EnoughOptions):
        add_option(six, "Svar 7")
    with pytest.raises(SameOption):
        add_option(six, "  svar   3 ")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 301])
def test_a_question_has_words_and_an_end(text: str) -> None:
    with pytest.raises(InvalidInput):
        check_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://skole.example/a", "https://", "https://intranett/a", "https://a@b.example", "https://a:b@c.example",
        "https://10.0.0.1/x", "https://[::1]/x", "https://skole.example:8443/", "https://skole.example/a b",
        "https://xn--/\u202e", "https://skøle.example", "javascript:alert(1)", "https://a.example\\@b.example",
        "ftp://skole.example", "HTTPS//skole.example", "https://skole.example/" + "a" * 500, "https://a.example:x/",
    ],
)  # fmt: skip
def test_links_that_could_mislead_are_refused(text: str) -> None:
    with pytest.raises(NotALink):
        check_link(text)


@pytest.mark.parametrize(
    "text", ["https://www.nettskjema.no/a/12345", " https://forms.example/x?y=1&z=%C3%B8#top ", "https://a.no:443/"]
)
def test_links_to_surveys_are_kept_as_they_are(text: str) -> None:
    assert check_link(text) == text.strip()
    assert link_host(check_link(text)) in text


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_likely_days_are_days_that_can_be_chosen(today: date) -> None:
    days = likely_days(today)
    assert 3 <= len(days) <= 6
    assert [check_closing(day, today) for day in days] == sorted(set(days))


def test_a_question_is_not_asked_for_today() -> None:
    with pytest.raises(ClosesTooSoon):
        check_closing(TODAY, TODAY)
    with pytest.raises(InvalidInput):
        check_closing(TODAY - timedelta(days=1), TODAY)


@given(st.sampled_from(PollKind), st.booleans(), st.booleans(), st.integers(0, 6), st.booleans(), st.booleans())
def test_one_thing_is_asked_at_a_time_until_all_is_there(
    kind: PollKind, audience: bool, question: bool, options: int, url: bool, day: bool
) -> None:
    asks = next_ask(
        kind, audience=audience, question="Ja?" * question, options=options, url="https://a.no" * url, day=day
    )
    enough = options >= 2 if kind is PollKind.POLL else url
    assert (asks is PollAsk.OVERVIEW) is (audience and question and enough and day)
    assert not (asks is PollAsk.LINK and kind is PollKind.POLL)
    assert not (asks is PollAsk.OPTIONS and kind is PollKind.SURVEY)


@given(st.integers(0, 40), st.booleans(), st.booleans(), st.booleans())
def test_figures_are_seen_only_where_they_give_nobody_away(
    answered: int, staff: bool, anonymous: bool, closed: bool
) -> None:
    shown = counts_shown(answered, staff=staff, anonymous=anonymous, closed=closed)
    if anonymous and (not closed or answered < SMALL_RESULT):
        assert not shown
    if not staff and answered < SMALL_RESULT:
        assert not shown
    if staff and not anonymous:
        assert shown
    if closed and answered >= SMALL_RESULT:
        assert shown
