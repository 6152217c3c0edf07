"""The life of an outgoing message."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Lane(IntEnum):
    """Who goes first when the pace is short. Answers to taps use `ANSWER` and are never queued as rows."""

    ANSWER = 0
    URGENT = 1
    ORDINARY = 2
    BULK = 3


class OutgoingState(StrEnum):
    QUEUED = "queued"
    """Waits until `due_at`."""
    SENDING = "sending"
    """Leased by one sender until `lease_until`; after that anybody may take it again."""
    RETRY = "retry"
    """Telegram or the way there failed for now; tried again at `due_at`. Later rows of the chat wait."""
    SENT = "sent"
    """Telegram accepted it and gave `message_id`."""
    FAILED = "failed"
    """Will not be sent: `reason` says why (blocked, refused, too many tries)."""
    UNKNOWN = "unknown"
    """The request left and no answer came, and its kind is not repeated."""
    DROPPED = "dropped"
    """No longer wanted: cancelled, too late to help, or what it would edit was never sent."""


ACTIVE = frozenset({OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.RETRY})


class OutgoingKind(StrEnum):
    """What a message is for; decides what happens when nobody knows whether it arrived."""

    NOTICE = "notice"
    CORRECTION = "correction"
    REMINDER = "reminder"
    MESSAGE = "message"
    BOARD = "board"
    """A live status screen: rendered when it is sent, from what is stored then."""
    REPORT = "report"
    DAY_LIST = "day_list"
    """A teacher's list of the day: rendered when it is sent, the first time and each time after."""
    EVENT_BOARD = "event_board"
    """An organiser's live screen of who comes and what is needed; like `BOARD`."""
    ROUND_BOARD = "round_board"
    """A teacher's live screen of a round of conferences; like `BOARD`."""
    POLL_BOARD = "poll_board"
    """The live count of a poll; like `BOARD`."""
    TRANSLATIONS = "translations"
    """What machines make of a notice that is being written, for its author; like `BOARD`."""


LIVE = frozenset(
    {
        OutgoingKind.BOARD,
        OutgoingKind.DAY_LIST,
        OutgoingKind.EVENT_BOARD,
        OutgoingKind.ROUND_BOARD,
        OutgoingKind.POLL_BOARD,
        OutgoingKind.TRANSLATIONS,
    }
)
"""Screens that are rendered when they are sent, from what is stored then."""


REPEATED_WHEN_UNKNOWN = frozenset(
    {
        OutgoingKind.NOTICE,
        OutgoingKind.CORRECTION,
        OutgoingKind.MESSAGE,
        OutgoingKind.REPORT,
        *LIVE,
    }
)
"""Better twice than never. A reminder is better never than twice."""


class Reason(StrEnum):
    """Why a row is where it is; stable codes for logs, metrics and the sender's screen."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NO_ACCOUNT = "no_account"
    REFUSED = "refused"
    FLOOD = "flood"
    NETWORK = "network"
    SERVER = "server"
    BROKEN = "broken"
    GAVE_UP = "gave_up"
    LEASE_LOST = "lease_lost"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    NOTHING_TO_EDIT = "nothing_to_edit"
    NO_RIGHT = "no_right"
    CALM = "calm"
    """A reminder to a home that is left in peace (B8)."""


UNREACHABLE = frozenset({Reason.BLOCKED, Reason.DEACTIVATED, Reason.NO_ACCOUNT, Reason.NO_RIGHT})
