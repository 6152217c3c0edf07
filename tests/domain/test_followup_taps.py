"""The buttons of following up: each fits into 64 bytes and comes back as it was."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import absence_taps, followup_taps, taps
from bot.domain.followup import RemarkKind
from bot.domain.followup_taps import (
    CommentReport,
    OverviewOf,
    PatternsOf,
    RemarkClass,
    RemarkStep,
    RemarkTap,
    SignedReports,
    SignedView,
    SignReport,
    WriteHome,
)
from bot.domain.taps import LIMIT, BadTap, Tap

IDS = st.integers(0, 2**31 - 1)
ORDINALS = st.integers(0, date(2999, 12, 31).toordinal())
TAPS: st.SearchStrategy[Tap] = st.one_of(
    st.builds(OverviewOf, IDS),
    st.builds(RemarkClass, IDS, ORDINALS),
    st.builds(
        RemarkTap, st.sampled_from(RemarkStep), IDS, ORDINALS, st.sampled_from(RemarkKind), IDS, st.integers(0, 99)
    ),
    st.builds(PatternsOf, IDS, st.integers(0, 99)),
    st.builds(WriteHome, IDS),
    st.builds(SignReport, IDS),
    st.builds(CommentReport, IDS),
    st.builds(SignedReports, IDS, st.sampled_from(SignedView), st.integers(0, 99)),
)


def kinds(module: object) -> list[type[Tap]]:
    return [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Tap) and c is not Tap]


@given(TAPS)
def test_every_tap_fits_and_comes_back(tap: Tap) -> None:
    data = tap.pack()
    assert len(data.encode()) <= LIMIT
    assert type(tap).unpack(data) == tap


@pytest.mark.parametrize("kind", kinds(followup_taps), ids=lambda kind: kind.__name__)
@given(rest=st.text(max_size=60))
def test_made_up_data_is_only_ever_a_bad_tap(kind: type[Tap], rest: str) -> None:
    try:
        found = kind.unpack(f"{kind.PREFIX}|{rest}")
    except BadTap:
        return
    assert isinstance(found, kind)


def test_prefixes_are_unlike_all_others() -> None:
    own = {kind.PREFIX for kind in kinds(followup_taps)}
    others = {kind.PREFIX for module in (taps, absence_taps) for kind in kinds(module)}
    assert len(own) == len(kinds(followup_taps))
    assert not own & others
