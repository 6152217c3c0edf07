"""What somebody is invited to: the page of meetings (M1)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.home import leave_question
from bot.domain.people import Actor
from storage.queries.invitations import Listed, list_invitations

PER_PAGE = 5
"""Meetings on one page: what fits on a telephone beside the other buttons."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """One page of what a person is invited to and what is not over; pages count from 0."""

    lines: tuple[Listed, ...]
    page: int
    pages: int

    @property
    def waiting(self) -> bool:
        """Whether something on this page waits for an answer or a booking."""
        return any(not line.done and not line.cancelled for line in self.lines)


async def list_meetings(uow: UnitOfWork, actor: Actor, page: int = 0) -> Meetings:
    """Return a page of the own meetings, the last one instead of one that is not there; an open question is left."""
    await leave_question(uow, actor)
    found = await list_invitations(uow, actor)
    pages = max(1, -(-len(found) // PER_PAGE))
    shown = min(max(page, 0), pages - 1)
    return Meetings(tuple(found[shown * PER_PAGE : (shown + 1) * PER_PAGE]), shown, pages)
