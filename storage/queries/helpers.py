"""Whether somebody or something still works on a translation, so that one may be promised (L6)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.people import Role
from bot.domain.translation import RenderingState
from storage.models import InterpreterPromise, Person, StaffRole
from storage.queries.interpreters import list_following
from storage.queries.renderings import RenderingRow
from storage.session import UnitOfWork


async def list_helped(uow: UnitOfWork, rows: Sequence[RenderingRow]) -> frozenset[int]:
    """Return those of the rows that an engine will try, or an interpreter who may read them is there for.

    An interpreter is there for a text of many homes when one of its languages is theirs and they have promised
    confidentiality; for a home's own text when that home has let one in.
    """
    tried = {row.id for row in rows if row.due_at is not None or row.state is RenderingState.WAITING}
    rest = [row for row in rows if row.id not in tried]
    if not rest:
        return frozenset(tried)
    spoken = await _spoken(uow)
    allowed = await _allowed(uow, rest)
    for row in rest:
        needed = {row.language, row.source_language} - {uow.school.language}
        able = {person for person, languages in spoken.items() if needed <= languages}
        if row.is_home_bound:
            able &= allowed.get(row.thread_id or 0, frozenset())
        if able:
            tried.add(row.id)
    return frozenset(tried)


async def _spoken(uow: UnitOfWork) -> dict[int, frozenset[str]]:
    """Return the languages of each interpreter who has promised confidentiality."""
    found = await uow.execute(
        sa.select(col(Person.id), col(Person.spoken_languages))
        .join(StaffRole, col(StaffRole.person_id) == col(Person.id))
        .join(InterpreterPromise, col(InterpreterPromise.person_id) == col(Person.id))
        .where(col(StaffRole.role) == Role.INTERPRETER)
    )
    return {row[0]: frozenset(row[1].replace(",", " ").split()) for row in found}


async def _allowed(uow: UnitOfWork, rows: Sequence[RenderingRow]) -> dict[int, frozenset[int]]:
    """Return who may follow each thread now."""
    threads = {row.thread_id for row in rows if row.thread_id is not None}
    if not threads:
        return {}
    allowed: dict[int, frozenset[int]] = {}
    for person_id, thread_id in await list_following(uow, threads):
        allowed[thread_id] = allowed.get(thread_id, frozenset()) | {person_id}
    return allowed
