"""Sentences that interpreters approved, masked, reused exactly (L5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Role
from storage.models import InterpreterPromise, Person, TranslationMemory
from storage.session import UnitOfWork
from storage.sql import upsert

_FOR = sa.select(col(TranslationMemory.source_key), col(TranslationMemory.text)).where(
    col(TranslationMemory.source_language) == sa.bindparam("source"),
    col(TranslationMemory.language) == sa.bindparam("target"),
    col(TranslationMemory.source_key).in_(sa.bindparam("keys", expanding=True)),
    col(TranslationMemory.withdrawn_at).is_(None),
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A pair of masked sentences and who approved it; `withdrawn_at` once it was taken out."""

    id: int
    source_language: str
    language: str
    source: str
    text: str
    approved_by: str
    approved_at: datetime
    withdrawn_at: datetime | None


async def memory_for(uow: UnitOfWork, source: str, target: str, keys: Collection[str]) -> Mapping[str, str]:
    """Return the masked translations that are remembered, by the keys of their masked source sentences."""
    if not keys:
        return {}
    found = await uow.execute(_FOR, {"source": source, "target": target, "keys": sorted(set(keys))})
    return {row[0]: row[1] for row in found}


async def remember_pair(
    uow: UnitOfWork, person_id: int, languages: tuple[str, str], key: str, source: str, text: str
) -> bool:
    """Store a pair of masked sentences, (source language, language) first; return whether anything changed.

    The newest approval is the one that holds. What was taken out stays out until it is approved with other words.
    """
    values = {"source": source, "text": text, "approved_by": person_id, "approved_at": uow.now}
    back = {"withdrawn_at": None, "withdrawn_by": None}
    insert = upsert(uow, TranslationMemory).values(
        source_language=languages[0], language=languages[1], source_key=key, **values, **back
    )
    changed = await uow.change(
        insert.on_conflict_do_update(
            index_elements=["source_language", "language", "source_key"],
            set_={**values, **back},
            where=col(TranslationMemory.text) != insert.excluded.text,
        )
    )
    return changed > 0


async def access_memory(uow: UnitOfWork, actor: Actor) -> None:
    """Let the leadership pass, and interpreters who have promised confidentiality.

    Raises:
        NotPermitted: the actor is neither.
    """
    if actor.leads:
        return
    promised = sa.select(sa.literal(1)).where(col(InterpreterPromise.person_id) == actor.person_id)
    if Role.INTERPRETER not in actor.roles or (await uow.execute(promised)).first() is None:
        raise NotPermitted


_REMEMBERED = (
    sa.select(
        col(TranslationMemory.id),
        col(TranslationMemory.source_language),
        col(TranslationMemory.language),
        col(TranslationMemory.source),
        col(TranslationMemory.text),
        col(Person.name),
        col(TranslationMemory.approved_at),
        col(TranslationMemory.withdrawn_at),
    )
    .join(Person, col(Person.id) == col(TranslationMemory.approved_by))
    .order_by(col(TranslationMemory.approved_at).desc(), col(TranslationMemory.id).desc())
)


async def list_remembered(
    uow: UnitOfWork, languages: Collection[str] | None, words: str, *, offset: int, limit: int
) -> list[Remembered]:
    """Return what is remembered and in use, the newest first.

    Args:
        languages: both languages of a pair are among these; None is any.
        words: stands in either sentence; empty is any.
    """
    statement = _REMEMBERED.where(col(TranslationMemory.withdrawn_at).is_(None)).offset(offset).limit(limit)
    if languages is not None:
        statement = statement.where(
            col(TranslationMemory.source_language).in_(languages), col(TranslationMemory.language).in_(languages)
        )
    if words:
        statement = statement.where(
            sa.or_(
                col(TranslationMemory.source).icontains(words, autoescape=True),
                col(TranslationMemory.text).icontains(words, autoescape=True),
            )
        )
    return [Remembered(*row) for row in await uow.execute(statement)]


async def find_remembered(uow: UnitOfWork, memory_id: int) -> Remembered:
    """Return one pair of sentences.

    Raises:
        NotPermitted: there is none.
    """
    row = (await uow.execute(_REMEMBERED.where(col(TranslationMemory.id) == memory_id))).one_or_none()
    if row is None:
        raise NotPermitted
    return Remembered(*row)


async def set_withdrawn(uow: UnitOfWork, memory_id: int, person_id: int, *, withdrawn: bool) -> bool:
    """Take a pair out, or put it back; return whether that changed anything."""
    state = col(TranslationMemory.withdrawn_at)
    changed = await uow.change(
        sa.update(TranslationMemory)
        .where(col(TranslationMemory.id) == memory_id, state.is_(None) if withdrawn else state.is_not(None))
        .values(withdrawn_at=uow.now if withdrawn else None, withdrawn_by=person_id if withdrawn else None)
    )
    return changed > 0
