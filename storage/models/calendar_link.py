"""A person's private address of the own calendar: only its hash is kept, a new one ends the old one (M6)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel


class CalendarLink(SQLModel, table=True):
    """`token_hash` is the SHA-256 of the secret part of the address, in hexadecimal."""

    __tablename__: ClassVar[str] = "calendar_link"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime
    read_at: datetime | None = None
