"""The rules of an answer slip: until when it is open, what is asked, and that asking ends (M1, M2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import EVENT_RULES, Ask, EventAnswer, EventKind
from bot.domain.slip import Question, SlipState, next_question, questions, slip_state
from bot.domain.slip_taps import AnswerSlip, AskSlip, DropTopic, MeetingsPage, SendTopic, SetSlip, ShowSlip, WriteTopic
from bot.domain.taps import LIMIT, Tap
from bot.i18n import texts
from bot.i18n.spoken import OFTEN, is_spoken, read_spoken

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOURS = st.integers(-100, 100).map(lambda hours: timedelta(hours=hours))
ORDER = [SlipState.OPEN, SlipState.CLOSED, SlipState.OVER]
BIGGEST = 2**31 - 1


@given(HOURS, st.none() | HOURS.map(abs), st.none() | HOURS)
def test_an_invitation_opens_never_again(begins: timedelta, lasts: timedelta | None, until: timedelta | None) -> None:
    starts = NOW + begins
    ends = starts + lasts if lasts else None
    deadline = NOW + until if until is not None else None
    states = [
        slip_state(NOW + timedelta(hours=hour), starts, ends, deadline, cancelled=False) for hour in range(-210, 210)
    ]
    assert all(ORDER.index(a) <= ORDER.index(b) for a, b in pairwise(states))
    assert states[-1] is SlipState.OVER
    for hour, state in zip(range(-210, 210), states, strict=True):
        moment = NOW + timedelta(hours=hour)
        assert (state is SlipState.OPEN) == (moment < starts and (deadline is None or moment < deadline))


@given(
    st.sampled_from(EventAnswer), st.frozensets(st.sampled_from(Ask)), st.booleans(), st.booleans()
)  # fmt: skip
def test_asking_ends_and_asks_each_thing_once_and_nothing_that_was_not_wanted(
    answer: EventAnswer, asks: frozenset[Ask], childcare: bool, foreign: bool
) -> None:
    planned = questions(answer, asks, childcare=childcare, foreign=foreign)
    asked = list(planned[:1])
    while asked and (following := next_question(asked[-1], planned)) is not None:
        asked.append(following)
    assert tuple(asked) == planned
    assert (Question.CHILDCARE in asked) <= (childcare and Ask.CHILDCARE in asks)
    assert (Question.INTERPRETER in asked) <= (foreign and Ask.INTERPRETER in asks)
    if answer is not EventAnswer.COMING:
        assert set(asked) <= {Question.AFTER}
    assert Question.AFTER not in asked or answer is EventAnswer.NOT_COMING


@pytest.mark.parametrize("interlude", [Question.LANGUAGE, Question.DIALECT, Question.GENDER])
def test_after_an_interpreters_own_questions_the_slip_goes_on_where_it_was(interlude: Question) -> None:
    planned = questions(EventAnswer.COMING, EVENT_RULES[EventKind.CLASS_MEETING].asks, childcare=True, foreign=True)
    assert next_question(interlude, planned) is Question.CHILDCARE


@pytest.mark.parametrize(
    "tap",
    [
        ShowSlip(BIGGEST, change=True),
        *(AnswerSlip(BIGGEST, BIGGEST, answer) for answer in EventAnswer),
        AskSlip(BIGGEST, BIGGEST, Question.INTERPRETER, on=True),
        SetSlip(BIGGEST, BIGGEST, Question.AFTER, on=True, value="other_date"),
        SetSlip(BIGGEST, BIGGEST, Question.DIALECT, on=False, value=""),
        WriteTopic(BIGGEST),
        SendTopic(BIGGEST, BIGGEST, named=False),
        DropTopic(BIGGEST),
        MeetingsPage(12),
    ],
    ids=lambda tap: tap.PREFIX,
)
def test_every_button_fits_and_reads_itself_again(tap: Tap) -> None:
    assert len(tap.pack().encode()) <= LIMIT
    assert type(tap).unpack(tap.pack()) == tap


@pytest.mark.parametrize(
    ("written", "reader", "code"),
    [
        ("Somali", "nb", "so"), ("somalijski", "pl", "so"), ("soomaali", "pl", "so"), ("العربية", "ar", "ar"),
        ("POLSK.", "pl", "pl"), ("Dari", "nb", "fa_AF"), ("українська", "nb", "uk"), ("sorani", "nb", "ckb"),
        ("tegnspråk", "nb", None), ("", "nb", None),
    ],
)  # fmt: skip
def test_languages_are_found_by_their_names(written: str, reader: str, code: str | None) -> None:
    assert read_spoken(written, texts(reader)) == code


def test_only_languages_are_languages() -> None:
    assert all(is_spoken(code) for code in OFTEN)
    for made_up in ("klingon", "", "no|", "x" * 40, "../nb"):
        assert not is_spoken(made_up)
