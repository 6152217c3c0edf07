"""Who did what (P6): ids and codes, never texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One act. `actor_id` is None for the clock and for the command line."""

    __tablename__: ClassVar[str] = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_about", "about", "about_id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    act: str = Field(max_length=64)
    about: str = Field(default="", max_length=32)
    about_id: int = 0
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
