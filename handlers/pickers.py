"""Buttons for days and times of day, the same in every question; what a button means is the caller's tap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time

from bot.domain.leave import MAX_WEEKS, Week
from bot.domain.messages import Button, Rows, grid
from bot.domain.taps import Tap
from bot.i18n import Texts


def week_buttons(week: Week, tr: Texts, pick: Callable[[date], Tap], turn: Callable[[int], Tap]) -> Rows:
    """Return a week of a small calendar: its days, and arrows to the weeks beside it."""
    days = [Button(tr.short_day(day), pick(day).pack()) for day in week.days]
    arrows = [
        Button(sign, turn(week.number + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= week.number + step <= MAX_WEEKS
    ]
    return (*grid(days, 2), tuple(arrows))


def time_buttons(
    times: Iterable[time], tr: Texts, pick: Callable[[time], Tap], *, columns: int = 4, chosen: Sequence[time] = ()
) -> Rows:
    """Return times of day as buttons; those that are chosen are marked."""
    return grid([Button(f"{'✅ ' if at in chosen else ''}{tr.clock(at)}", pick(at).pack()) for at in times], columns)
