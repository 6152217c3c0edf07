"""What every table shares: constraint names, enumerations kept as their values."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata = SQLModel.metadata

ENUM_LENGTH = 32


def enum_type(kind: type[StrEnum]) -> sa.Enum:
    """Return a column type that stores an enumeration's value, not its name.

    No CHECK constraint: a new member must not need a migration. `tests/storage` holds every value against
    the column's length, which Alembic does not see.
    """
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
        length=ENUM_LENGTH,
    )
