"""The one open question to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from storage.models import Dialogue
from storage.session import UnitOfWork
from storage.sql import upsert


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What the next free text means: `expects` such as "notice.text", and what it is about."""

    expects: str
    ref_id: int
    data: dict[str, Any]


_QUESTION = sa.select(col(Dialogue.expects), col(Dialogue.ref_id), col(Dialogue.data)).where(
    col(Dialogue.person_id) == sa.bindparam("person")
)


async def find_question(uow: UnitOfWork, person_id: int) -> OpenQuestion | None:
    """Return the open question to a person."""
    row = (await uow.execute(_QUESTION, {"person": person_id})).one_or_none()
    return OpenQuestion(row[0], row[1], dict(row[2])) if row else None


async def ask(uow: UnitOfWork, person_id: int, expects: str, ref_id: int = 0, **data: Any) -> None:
    """Make this the one open question, in place of an earlier one."""
    values = {"expects": expects, "ref_id": ref_id, "data": data, "asked_at": uow.now}
    await uow.execute(
        upsert(uow, Dialogue)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )


async def close_question(uow: UnitOfWork, person_id: int) -> bool:
    """Expect nothing any more. Return whether something was expected."""
    return await uow.change(sa.delete(Dialogue).where(col(Dialogue.person_id) == person_id)) > 0
