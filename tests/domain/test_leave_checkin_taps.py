"""The buttons of leave and check-ins fit into 64 bytes and come back as they were; made-up ones are BadTaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import absence_taps, checkin_taps, leave_taps, taps
from bot.domain.absence import MAX_CHILDREN, AbsenceDraft
from bot.domain.checkin import CheckinAnswer
from bot.domain.checkin_taps import (
    AnswerCheckin,
    CheckinHere,
    EditCheckin,
    EditStep,
    OpenCheckin,
    PauseCheckin,
    PlanStep,
)
from bot.domain.leave import MAX_WEEKS, ReadyRefusal
from bot.domain.leave_taps import (
    AskLeave,
    DecideLeave,
    DecideStep,
    LeaveCalendar,
    LeaveRequestTap,
    LeaveStep,
    RefuseReady,
    RequestStep,
)
from bot.domain.taps import LIMIT, BadTap, Tap

LARGEST = 2**31 - 1
IDS = st.one_of(st.just(LARGEST), st.integers(1, LARGEST))
DRAFTS = st.builds(
    lambda children, first, length: AbsenceDraft(tuple(children)).with_days(first, first + timedelta(days=length)),
    st.lists(IDS, unique=True, min_size=1, max_size=MAX_CHILDREN),
    st.dates(date(2026, 1, 1), date(2900, 1, 1)),
    st.integers(0, 400),
)
OURS = st.one_of(
    st.builds(AskLeave, st.sampled_from(LeaveStep), DRAFTS),
    st.builds(LeaveCalendar, st.booleans(), st.integers(0, MAX_WEEKS), DRAFTS),
    st.builds(LeaveRequestTap, IDS, st.sampled_from(RequestStep)),
    st.builds(DecideLeave, IDS, IDS, st.sampled_from(DecideStep)),
    st.builds(RefuseReady, IDS, IDS, st.sampled_from(ReadyRefusal)),
    st.builds(EditCheckin, st.sampled_from(EditStep), IDS, st.integers(0, 99)),
    st.builds(OpenCheckin, IDS, st.sampled_from(PlanStep)),
    st.builds(AnswerCheckin, IDS, st.sampled_from(CheckinAnswer)),
    st.builds(CheckinHere, IDS),
    st.builds(PauseCheckin, IDS, st.booleans()),
)
KINDS = [
    kind
    for module in (taps, absence_taps, leave_taps, checkin_taps)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Tap) and kind is not Tap and kind.__module__ == module.__name__
]


@given(OURS)
def test_every_tap_fits_and_comes_back_as_it_was(tap: Tap) -> None:
    data = tap.pack()
    assert len(data.encode()) <= LIMIT
    assert type(tap).unpack(data) == tap
    for kind in KINDS:
        if kind is not type(tap):
            with pytest.raises(BadTap):
                kind.unpack(data)


@given(st.sampled_from(KINDS), st.lists(st.text(max_size=8) | st.sampled_from(["s", "y", "1", "", "-1"]), max_size=4))
def test_made_up_data_is_a_bad_tap_or_could_be_meant(kind: type[Tap], parts: list[str]) -> None:
    data = "|".join([kind.PREFIX, *parts])
    try:
        tap = kind.unpack(data)
    except BadTap:
        return
    assert kind.unpack(tap.pack()) == tap


def test_prefixes_are_distinct_over_all_features() -> None:
    prefixes = [kind.PREFIX for kind in KINDS]
    assert len(set(prefixes)) == len(prefixes)


def test_how_a_tap_is_written_does_not_change_while_messages_with_it_lie_in_chats() -> None:
    assert DecideLeave(7, 1, DecideStep.GRANT).pack() == "vg|7|1|g"
    assert RefuseReady(7, 1, ReadyRefusal.TESTS).pack() == "vx|7|1|tests"
    assert LeaveRequestTap(7, RequestStep.WITHDRAW).pack() == "vr|7|w"
    assert AnswerCheckin(3, CheckinAnswer.AS_PLANNED).pack() == "kc|3|as_planned"
    assert CheckinHere(3).pack() == "kh|3"
    assert PauseCheckin(2).pack() == "ks|2|0"
