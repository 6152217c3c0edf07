"""Who draws the screens that are rendered when they are sent, from what is stored then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.absence.daylist import draw_day_list
from bot.actions.conferences.board import draw_round_board
from bot.actions.events.board import draw_event_board
from bot.actions.notices.board import draw_board
from bot.actions.notices.previews import draw_previews
from bot.actions.polls.board import draw_poll_board
from bot.domain.outgoing import OutgoingKind
from storage.queries.outgoing import Claimed

LateScreen = Callable[[UnitOfWork, Claimed], Awaitable[dict[str, Any] | None]]
"""Returns the payload, or None when there is nothing to show any more; the caller commits."""

LATE_SCREENS: dict[OutgoingKind, LateScreen] = {
    OutgoingKind.BOARD: draw_board,
    OutgoingKind.DAY_LIST: draw_day_list,
    OutgoingKind.POLL_BOARD: draw_poll_board,
    OutgoingKind.EVENT_BOARD: draw_event_board,
    OutgoingKind.ROUND_BOARD: draw_round_board,
    OutgoingKind.TRANSLATIONS: draw_previews,
}
