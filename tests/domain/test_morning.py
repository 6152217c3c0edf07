"""The morning's rules: where a pupil stands, and what the asking about a missing one does next (A5)."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.absence import AbsenceKind, AbsenceReason
from bot.domain.morning import (
    MOST_CALLS,
    OPEN_INQUIRIES,
    InquiryFacts,
    InquiryState,
    NextStep,
    Section,
    is_here,
    next_step,
    section_of,
)

FACTS = st.builds(
    InquiryFacts,
    st.sampled_from(InquiryState),
    over=st.booleans(),
    asked=st.integers(0, 4),
    answerable=st.integers(0, 4),
    to_ask=st.integers(0, 4),
    waited=st.booleans(),
    calls=st.integers(0, MOST_CALLS + 1),
    searching=st.booleans(),
)


@pytest.mark.parametrize(
    ("kind", "reason", "section"),
    [
        (None, None, Section.HERE),
        (AbsenceKind.ABSENT, AbsenceReason.ILL, Section.ABSENT),
        (AbsenceKind.ABSENT, AbsenceReason.LEAVE, Section.ABSENT),
        (AbsenceKind.ABSENT, AbsenceReason.UNKNOWN, Section.MISSING),
        (AbsenceKind.LATE, AbsenceReason.UNKNOWN, Section.LATE),
        (AbsenceKind.PART, AbsenceReason.APPOINTMENT, Section.PART),
    ],
)
def test_every_absence_has_one_place_in_the_list(
    kind: AbsenceKind | None, reason: AbsenceReason | None, section: Section
) -> None:
    assert section_of(kind, reason) is section


@pytest.mark.parametrize(
    ("section", "now", "arrived", "starts", "ends", "here"),
    [
        (Section.HERE, time(9), False, None, None, True),
        (Section.ABSENT, time(9), False, None, None, False),
        (Section.MISSING, time(9), False, None, None, False),
        (Section.LATE, time(9), False, None, time(8, 45), False),
        (Section.LATE, time(9), True, None, None, True),
        (Section.PART, time(9), False, time(11), None, True),
        (Section.PART, time(11), False, time(11), None, False),
        (Section.PART, time(9), False, None, time(10), False),
        (Section.PART, time(10), False, None, time(10), True),
        (Section.PART, time(11), False, time(10), time(12), False),
        (Section.PART, time(12), False, time(10), time(12), True),
        (Section.PART, time(9), False, None, None, False),
    ],
)
def test_who_is_here_now(
    section: Section, now: time, arrived: bool, starts: time | None, ends: time | None, here: bool
) -> None:
    assert is_here(section, now, arrived=arrived, starts=starts, ends=ends) is here


@given(FACTS)
def test_what_has_ended_or_is_over_is_closed_and_nothing_else(facts: InquiryFacts) -> None:
    closed = facts.state not in OPEN_INQUIRIES or facts.over
    assert (next_step(facts) is NextStep.CLOSE) is closed


@given(FACTS)
def test_nobody_is_asked_who_cannot_be_and_the_first_goes_alone(facts: InquiryFacts) -> None:
    step = next_step(facts)
    if step in {NextStep.ASK_FIRST, NextStep.ASK_OTHERS}:
        assert facts.to_ask
        assert facts.state is InquiryState.ASKING
        assert (step is NextStep.ASK_FIRST) is (facts.asked == 0)


@given(FACTS)
def test_waiting_ends_when_nobody_can_answer_any_more(facts: InquiryFacts) -> None:
    if facts.state is InquiryState.ASKING and not facts.over and not facts.answerable:
        assert next_step(facts) is not NextStep.WAIT


@given(st.integers(0, 3), st.lists(st.booleans(), max_size=12))
def test_a_silent_day_goes_through_all_steps_once_and_then_rests(guardians: int, reached: list[bool]) -> None:
    """However many guardians there are and whether questions reach them, everybody who can be asked is, then phoned."""
    state, asked, answerable, calls, steps = InquiryState.ASKING, 0, 0, 0, []
    for n in range(12):
        facts = InquiryFacts(
            state, asked=asked, answerable=answerable, to_ask=guardians - asked, waited=True, calls=calls
        )
        step = next_step(facts)
        steps.append(step)
        if step in {NextStep.ASK_FIRST, NextStep.ASK_OTHERS}:
            new = 1 if step is NextStep.ASK_FIRST else guardians - asked
            asked += new
            answerable += new if n < len(reached) and reached[n] else 0
        elif step is NextStep.CALL:
            state, calls = InquiryState.CALL, calls + 1
        elif step is NextStep.TELL_LEADERS:
            calls = MOST_CALLS + 1
    assert asked == guardians
    assert steps.count(NextStep.CALL) == MOST_CALLS
    assert steps.count(NextStep.TELL_LEADERS) == 1
    assert steps[-1] is NextStep.WAIT


@given(FACTS)
def test_the_leadership_is_told_only_after_every_reminder(facts: InquiryFacts) -> None:
    if next_step(facts) is NextStep.TELL_LEADERS:
        assert facts.calls == MOST_CALLS
        assert not facts.searching
