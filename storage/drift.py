"""`python -m storage.drift`: fails when the migrations and the models say different things."""

from __future__ import annotations

import sys

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import migrate
from storage.models import metadata


def differences(connection: sa.Connection) -> list[object]:
    """Return what the models have and the migrated database has not, or the other way round."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
    return list(compare_metadata(context, metadata))


def main() -> int:
    """Migrate an empty database in memory and compare."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        migrate.upgrade(connection)
        found = differences(connection)
    engine.dispose()
    for difference in found:
        sys.stderr.write(f"migrations and models differ: {difference}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
