"""Buttons of conferences hold their 64 bytes with the widest values, and read nothing that was never written."""

from __future__ import annotations

import pytest

from bot.domain.conference_taps import (
    NO_INTERPRETER,
    BookDay,
    BookSlot,
    BookStep,
    LayRound,
    OpenBooking,
    OpenRound,
    RoundDay,
    RoundStep,
    RoundView,
    RoundWeek,
    SetRound,
    SlotStep,
    SlotTap,
    StartRound,
    TalkInterpreter,
    TalkStep,
    TalkTap,
    WaitStep,
    WaitTap,
    Wish,
)
from bot.domain.conferences import TalkPlace
from bot.domain.taps import BadTap, Tap

WIDE = 2**31 - 1
TAPS: list[Tap] = [
    StartRound(WIDE),
    RoundWeek(WIDE, WIDE, 57),
    RoundDay(WIDE, WIDE, "2026-12-01", "1300", "1530"),
    *(LayRound(WIDE, WIDE, step) for step in RoundStep),
    SetRound(WIDE, WIDE, RoundStep.PLACES, TalkPlace.SCHOOL.value),
    *(OpenRound(WIDE, view, WIDE) for view in RoundView),
    *(SlotTap(WIDE, step) for step in SlotStep),
    OpenBooking(WIDE, WIDE),
    BookDay(WIDE, WIDE, "2026-12-01", Wish("zh-hant"), WIDE),
    *(BookSlot(WIDE, WIDE, step, TalkPlace.SCHOOL, True, Wish("zh-hant")) for step in BookStep),
    BookSlot(WIDE, WIDE, BookStep.BOOK, TalkPlace.VIDEO, False, NO_INTERPRETER),
    *(TalkTap(WIDE, WIDE, step) for step in TalkStep),
    TalkInterpreter(WIDE, WIDE, Wish("zh-hant"), "dialect"),
    *(WaitTap(WIDE, WIDE, step) for step in WaitStep),
]


@pytest.mark.parametrize("tap", TAPS, ids=lambda tap: tap.pack())
def test_every_button_fits_and_reads_back_as_it_was(tap: Tap) -> None:
    assert type(tap).unpack(tap.pack()) == tap


def test_no_two_kinds_of_button_begin_alike() -> None:
    kinds = {type(tap) for tap in TAPS}
    assert len({kind.PREFIX for kind in kinds}) == len(kinds)
    assert all(kind.PREFIX[0] == "c" for kind in kinds)


@pytest.mark.parametrize("wish", ["--", "a b", "x" * 9, "é", "1", "-a'"])
def test_a_made_up_language_is_no_button(wish: str) -> None:
    with pytest.raises(BadTap):
        Wish.decode(wish)
