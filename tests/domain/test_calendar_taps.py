"""The buttons of calendars fit and come back; no two kinds of button in the house share their first letters."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.domain
from bot.domain.calendar_taps import CalendarPage, EventFile, LinkStep, LinkTap, TalkFile
from bot.domain.taps import LIMIT, BadTap, Tap

NUMBERS = st.integers(0, 2**31 - 1)
OURS = st.one_of(
    st.builds(EventFile, NUMBERS),
    st.builds(TalkFile, NUMBERS),
    st.builds(CalendarPage, NUMBERS),
    st.builds(LinkTap, st.sampled_from(LinkStep), NUMBERS),
)


@given(OURS)
def test_they_fit_and_come_back(tap: Tap) -> None:
    assert len(tap.pack().encode()) <= LIMIT
    assert type(tap).unpack(tap.pack()) == tap


@pytest.mark.parametrize("data", ["yl|x|1", "yl|m", "yf|-", "yf|99999999999", "yf|1|2"])
def test_made_up_ones_are_refused(data: str) -> None:
    for kind in (EventFile, LinkTap):
        with pytest.raises(BadTap):
            kind.unpack(data)


def test_every_kind_of_button_has_letters_of_its_own() -> None:
    kinds: set[type[Tap]] = set()
    for module in pkgutil.iter_modules(bot.domain.__path__, "bot.domain."):
        if module.name.endswith("taps"):
            found = vars(importlib.import_module(module.name)).values()
            kinds |= {one for one in found if isinstance(one, type) and issubclass(one, Tap) and one is not Tap}
    assert [prefix for prefix, times in Counter(kind.PREFIX for kind in kinds).items() if times > 1] == []
