"""What the next free text of a person means. Kept in rows, so a restart or another replica goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Dialogue(SQLModel, table=True):
    """The one open question to a person: `expects` names it, `ref_id` is what it is about."""

    __tablename__: ClassVar[str] = "dialogue"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    expects: str = Field(max_length=64)
    ref_id: int = 0
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    asked_at: datetime
