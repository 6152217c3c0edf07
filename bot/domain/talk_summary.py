"""The summary of a talk while a teacher writes it: a draft with a version, stored with the talk (M5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.domain.conferences import MOST_POINTS, POINT_LIMIT, PREPARATION_LIMIT, SUMMARY_LIMIT, PointOwner
from bot.domain.errors import DomainError, InvalidInput, Stale
from bot.domain.leave import LineMissing, LineTooLong
from bot.domain.marking import N_

BY_WEEKS = (1, 2, 4, 8)
"""Weeks ahead that the buttons offer for the day of an agreed point."""


class TalkNotYet(InvalidInput):
    code = "talk_not_yet"
    sentence = N_("This talk has not begun yet. Afterwards you can write here what you agreed.")


class TalkIsOver(DomainError):
    code = "talk_is_over"
    ends_question = True
    sentence = N_("This talk is over. Write to the teacher if something is on your mind.")


class TalkIsCancelled(DomainError):
    code = "talk_is_cancelled"
    ends_question = True
    sentence = N_("This talk has been cancelled.")


class EnoughPoints(InvalidInput):
    code = "enough_points"
    sentence = N_("{n} points are agreed already. Fewer are easier to keep: take one away first.")


class NoSummaryText(InvalidInput):
    code = "no_summary_text"
    sentence = N_("Write a few words about the talk first.")


@dataclass(frozen=True, slots=True)
class DraftPoint:
    """Something agreed, before or after it was sent; `id` is None until then."""

    text: str
    language: str
    owner: PointOwner
    by_day: date | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """What a teacher is writing; `pending` has its words and owner, and waits for its day.

    When it is sent or thrown away, an empty one that is `closed` goes on counting: buttons of the old fit no later one.
    """

    version: int = 1
    text: str = ""
    language: str = ""
    points: tuple[DraftPoint, ...] = ()
    pending: DraftPoint | None = None
    closed: bool = False

    @property
    def has_room(self) -> bool:
        return len(self.points) < MOST_POINTS

    def check(self, version: int) -> None:
        """Hold a button's version against the draft's.

        Raises:
            Stale: the button is older.
        """
        if version != self.version:
            raise Stale

    def with_text(self, text: str, language: str) -> SummaryDraft:
        """Return the draft with other words.

        Raises:
            LineMissing, LineTooLong.
        """
        return replace(self, version=self.version + 1, text=check_words(text, SUMMARY_LIMIT), language=language)

    def with_pending(self, text: str, language: str, owner: PointOwner) -> SummaryDraft:
        """Return the draft with a point whose day is still open.

        Raises:
            EnoughPoints, LineMissing, LineTooLong.
        """
        if not self.has_room:
            raise EnoughPoints(n=MOST_POINTS)
        words = " ".join(check_words(text, POINT_LIMIT).split())
        return replace(self, version=self.version + 1, pending=DraftPoint(words, language, owner))

    def with_day(self, by_day: date | None) -> SummaryDraft:
        """Return the draft with the waiting point among the others.

        Raises:
            Stale: none waits.
        """
        if self.pending is None or not self.has_room:
            raise Stale
        point = replace(self.pending, by_day=by_day)
        return replace(self, version=self.version + 1, points=(*self.points, point), pending=None)

    def without_last(self) -> SummaryDraft:
        """Return the draft without its last point, or without the one that waits for its day."""
        kept = self.points if self.pending is not None else self.points[:-1]
        return replace(self, version=self.version + 1, points=kept, pending=None)

    def ended(self) -> SummaryDraft:
        """Return what is kept of a draft that was sent or thrown away."""
        return SummaryDraft(version=self.version + 1, closed=True)

    def encode(self) -> dict[str, Any]:
        """Return the draft as JSON values."""
        return {
            "version": self.version,
            "text": self.text,
            "language": self.language,
            "points": [_encode(point) for point in self.points],
            "pending": _encode(self.pending) if self.pending else None,
            "closed": self.closed,
        }


def decode_draft(stored: Mapping[str, Any]) -> SummaryDraft:
    """Read what `SummaryDraft.encode` wrote."""
    return SummaryDraft(
        stored["version"],
        stored["text"],
        stored["language"],
        tuple(_decode(point) for point in stored["points"]),
        _decode(stored["pending"]) if stored["pending"] else None,
        closed=stored["closed"],
    )


def _encode(point: DraftPoint) -> dict[str, Any]:
    by_day = point.by_day.isoformat() if point.by_day else None
    return {
        "text": point.text, "language": point.language, "owner": point.owner.value, "by": by_day, "id": point.id,
    }  # fmt: skip


def _decode(stored: Mapping[str, Any]) -> DraftPoint:
    by_day = date.fromisoformat(stored["by"]) if stored["by"] else None
    return DraftPoint(stored["text"], stored["language"], PointOwner(stored["owner"]), by_day, stored["id"])


def day_in(weeks: int, today: date) -> date | None:
    """Return the day that a button means.

    Raises:
        Stale: no button offers that.
    """
    if weeks == 0:
        return None
    if weeks not in BY_WEEKS:
        raise Stale
    return today + timedelta(weeks=weeks)


def check_preparation(text: str) -> str:
    """Return what a guardian writes before a talk.

    Raises:
        LineMissing, LineTooLong.
    """
    return check_words(text, PREPARATION_LIMIT)


def check_words(text: str, limit: int) -> str:
    """Return free text without what surrounds it.

    Raises:
        LineMissing: there are none. LineTooLong.
    """
    cleaned = text.strip()
    if not cleaned:
        raise LineMissing
    if len(cleaned) > limit:
        raise LineTooLong(length=len(cleaned), limit=limit)
    return cleaned
