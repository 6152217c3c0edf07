"""The board of a round keeps within a message, however long the names are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.actions.conferences.board import MOST_LINES, RoundBoard, board_text
from bot.domain.conference_slots import SlotView
from bot.domain.conferences import TalkPlace
from bot.domain.events import EventState, InterpreterWish
from bot.domain.messages import TEXT_LIMIT, visible_length
from bot.i18n import texts
from storage.queries.conferences import RoundRow, TalkLine

BEGIN = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ROW = RoundRow(
    1, EventState.OPEN, 1, "Kari Nordmann", 1, "5A", 20, 40, 5, (TalkPlace.SCHOOL.value,), "", 1, None, None, 0, BEGIN
)


def board(names: list[str]) -> RoundBoard:
    """Return a round in which each of these has a talk with an interpreter."""
    slots = tuple(
        SlotView(
            n, date(2026, 12, 1), time(12), BEGIN + timedelta(minutes=n), BEGIN + timedelta(minutes=n + 1), talk_id=n
        )
        for n in range(len(names))
    )
    talks = {
        n: TalkLine(n, n, name, TalkPlace.SCHOOL.value, True, InterpreterWish.WANTED, "ar")
        for n, name in enumerate(names)
    }
    return RoundBoard(ROW, slots, talks, (), ())


@pytest.mark.parametrize("language", ["nb", "ar"])
def test_ordinary_names_stand_on_it_and_very_long_ones_on_the_days_own_screens(language: str) -> None:
    tr = texts(language)
    ordinary = board_text(board([f"Ali Haddad {n}" for n in range(MOST_LINES)]), tr)
    assert f"Ali Haddad {MOST_LINES - 1}" in ordinary
    assert visible_length(ordinary) <= TEXT_LIMIT
    long = board_text(board(["Ali " * 45 + str(n) for n in range(MOST_LINES)]), tr)
    assert "Ali" not in long
    assert visible_length(long) <= TEXT_LIMIT
